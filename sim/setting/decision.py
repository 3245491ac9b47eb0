"""The decision rule of a run: a shipped one by its name, or a function of the user's own."""

from __future__ import annotations

import importlib
import importlib.util
import keyword
import math
import sys
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numba as nb

from sim.config import Config, Rule
from sim.errors import InputError
from sim.record import Record, address_of
from sim.rules.terms import Terms, Weights

LINEAR = ("hazard", "independent")  # in the terms that change every day
WITHOUT_DAMAGE = ("hazard", "independent", "threshold")


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """From what a sender weighs to a log hazard per week.

    Attributes
    ----------
    log_hazard : callable
        A compiled function of `Terms` and `Weights`, or of anything with their fields.
    is_linear : bool
        In the terms that change every day: shock, recent, meeting, support.
    weighs_damage : bool
        It asks what an act would add to the target's loss, which takes long to work out.
    """

    log_hazard: Callable[[Any, Any], float]
    is_linear: bool
    weighs_damage: bool

    def __call__(self, terms: Any, weights: Any) -> float:
        """Return the log hazard per week."""
        return self.log_hazard(terms, weights)

    def address(self, terms: Record, weights: Record) -> int:
        """Return where compiled code finds it."""
        return address_of(self.log_hazard, terms._numba_type_, weights._numba_type_)


EXAMPLE = "rule.function=my_rule.py:log_hazard"


def decision_rule(rule: Rule) -> DecisionRule:
    """Return the rule that a configuration names, or the user's own.

    Raises
    ------
    InputError
        The user's file or function is missing, cannot be compiled or fails on an ordinary
        decision.
    """
    if rule.function:
        return DecisionRule(_own_rule(rule), is_linear=False, weighs_damage=True)
    module = importlib.import_module(f"sim.rules.decide.{rule.name}")
    is_linear, weighs_damage = rule.name in LINEAR, rule.name not in WITHOUT_DAMAGE
    return DecisionRule(module.log_hazard, is_linear, weighs_damage)


def weights_of(config: Config) -> Any:
    """Return the rule's coefficients with the coordination levers applied to the pull of others.

    Returns
    -------
    Weights
        With the entries of `rule.free` as further fields, if there are any.
    """
    rule, levers = config.rule, config.coordination
    own = {name: getattr(rule, name) for name in Weights._fields if hasattr(rule, name)}
    weights = Weights(
        **own
        | {
            "peer": rule.peer * levers.peer_weight,
            "recent": rule.recent * levers.peer_weight,
            "bloc": rule.bloc * levers.peer_weight,
            "lead": rule.lead * levers.lead_weight,
            "linkage": rule.linkage * levers.issue_linkage,
            "conform_peer": levers.peer_weight,
            "conform_lead": levers.lead_weight,
        }
    )
    if not rule.free:
        return weights
    taken = sorted(set(rule.free) & set(Weights._fields))
    if taken:
        raise InputError(f"rule.free.{taken[0]}: the name is taken; set rule.{taken[0]} instead")
    for name in rule.free:
        if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("_"):
            raise InputError(
                f"rule.free: a coefficient's name must be a word of letters, digits and _ that "
                f"begins with a letter and is none of Python's own; found '{name}'"
            )
    # mypy takes a named tuple for what it sees at the call, which here is nothing.
    make: Any = namedtuple
    extended = make("OwnWeights", [*Weights._fields, *rule.free])
    return extended(*weights, *rule.free.values())


def _own_rule(rule: Rule) -> Any:
    path, _, name = rule.function.rpartition(":")
    if not path or not name:
        raise InputError(f"rule.function must look like FILE.py:FUNCTION; found '{rule.function}'")
    module = _load(Path(path))
    function = getattr(module, name, None)
    if not callable(function):
        known = [n for n, thing in vars(module).items() if callable(thing) and n[0] != "_"]
        raise InputError.unknown(f"{path}: function", name, known)
    plain = getattr(function, "py_func", function)
    _try(plain, rule, "fails on an ordinary decision")
    compiled = function if plain is not function else nb.njit(error_model="numpy")(function)
    _try(compiled, rule, "works in Python but cannot be compiled")
    return compiled


def _load(path: Path) -> ModuleType:
    if not path.is_file():
        raise InputError(f"rule.function: there is no file '{path}'; write for instance {EXAMPLE}")
    spec = importlib.util.spec_from_file_location(f"rule_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(f"{path}: cannot be loaded: {type(error).__name__}: {error}") from error
    return module


def _try(function: Callable[..., float], rule: Rule, complaint: str) -> None:
    """Refuse a rule that fails on an ordinary decision, before a run of thousands of them."""
    config = Config()
    config.rule = rule
    terms = Terms(*[0.5] * len(Terms._fields))
    try:
        eta = float(function(terms, weights_of(config)))
    except InputError:
        raise
    except Exception as error:
        reason = next(line for line in str(error).splitlines() or [""] if line.strip())
        raise InputError(
            f"{rule.function}: {complaint}: {type(error).__name__}: {reason}"
        ) from error
    if math.isnan(eta):
        raise InputError(f"{rule.function}: must return a log hazard per week; found nan")
