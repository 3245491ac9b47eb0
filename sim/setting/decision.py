"""The decision rule of a run: a shipped one by its name, or a function of the user's own."""

from __future__ import annotations

import importlib
import importlib.util
import keyword
import math
import sys
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.config import Config, Rule
from sim.errors import InputError
from sim.rules.terms import Terms, Weights

Decide = Callable[[Terms, Any], float]
EXAMPLE = "rule.function=my_rule.py:log_hazard"


def decision_rule(rule: Rule) -> Decide:
    """Return the function from terms and weights to a log hazard per week.

    Raises
    ------
    InputError
        The user's file or function is missing or fails on an ordinary decision.
    """
    if not rule.function:
        module = importlib.import_module(f"sim.rules.decide.{rule.name}")
        decide: Decide = module.log_hazard
        return decide
    return _own_rule(rule)


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


def _own_rule(rule: Rule) -> Decide:
    path, _, name = rule.function.rpartition(":")
    if not path or not name:
        raise InputError(f"rule.function must look like FILE.py:FUNCTION; found '{rule.function}'")
    module = _load(Path(path))
    function = getattr(module, name, None)
    if not callable(function):
        known = [n for n, thing in vars(module).items() if callable(thing) and n[0] != "_"]
        raise InputError.unknown(f"{path}: function", name, known)
    _try(function, rule)
    decide: Decide = function
    return decide


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


def _try(function: Decide, rule: Rule) -> None:
    """Refuse a rule that fails on an ordinary decision, before a run of thousands of them."""
    config = Config()
    config.rule = rule
    terms = Terms(*[0.5] * len(Terms._fields))
    try:
        eta = float(function(terms, weights_of(config)))
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"{rule.function}: fails on an ordinary decision: {type(error).__name__}: {error}"
        ) from error
    if math.isnan(eta):
        raise InputError(f"{rule.function}: must return a log hazard per week; found nan")
