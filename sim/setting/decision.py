"""The decision rule of a run: a shipped one by its name, or a function of the user's own."""

import ast
import importlib
import keyword
import math
import re
import sys
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from textwrap import shorten
from types import FunctionType, ModuleType
from typing import Any

import numba as nb

from sim.compiled import PACKAGE
from sim.config import Config, Rule
from sim.errors import InputError
from sim.record import Record, RecordType, address_of, record_of
from sim.rules.terms import Terms, Weights

LINEAR = ("hazard", "independent")  # in the terms that change every day
WITHOUT_DAMAGE = ("hazard", "independent", "threshold")


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """From what a sender weighs to a log hazard per week."""

    # A compiled function of `Terms` and `Weights`, or of anything with their fields.
    log_hazard: Callable[[Any, Any], float]
    is_linear: bool  # in the terms that change every day: shock, recent, meeting, support
    # It asks what an act would add to the target's loss, which takes long to work out.
    weighs_damage: bool

    def __call__(self, terms: Any, weights: Any) -> float:
        """Return the log hazard per week."""
        return self.log_hazard(terms, weights)

    def address(self, terms: Record, weights: Record) -> int:
        """Return where compiled code finds it.

        Coefficients of a rule of the user's own are for that rule alone: `weights` keeps them, but
        its type tells only the others, so that nothing else is compiled anew for their names.
        """
        found = address_of(self.log_hazard, terms._numba_type_, weights._numba_type_)
        shared = weights._numba_type_.fields[: len(Weights._fields)]
        weights.__dict__["_numba_type_"] = RecordType(Weights.__name__, shared)
        return found


LIBRARIES = ("numpy", "numba", "scipy", "sim")
IMPORTED = (*LIBRARIES, *sys.stdlib_module_names)
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # of a terminal
EXAMPLE = "rule.function=my_rule.py:log_hazard"


def decision_rule(rule: Rule, text: str | None = None) -> DecisionRule:
    """Return the rule that a configuration names, or the user's own.

    A rule of the user's own is asked about every sender and act on every day: a copy of the hazard
    rule in a user's file gives the same days as `rule=hazard`, in some four times the time.

    Parameters
    ----------
    text : str, optional
        Of the file that the user's rule stands in; read from there if not given.

    Raises
    ------
    InputError
        The user's file or function is missing, cannot be compiled or fails on an ordinary
        decision.
    """
    if rule.function:
        text = rule_text(rule.function) if text is None else text
        return DecisionRule(_own_rule(rule, text), is_linear=False, weighs_damage=True)
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
    return extended(*weights, *map(float, rule.free.values()))


def rule_text(function: str) -> str:
    """Return the text of the file that a rule of the user's own stands in.

    Parameters
    ----------
    function : str
        As `rule.function` names it, FILE.py:FUNCTION.

    Raises
    ------
    InputError
        It names no file, or the file cannot be read.
    """
    path, _, name = function.rpartition(":")
    if not path or not name:
        raise InputError(f"rule.function must look like FILE.py:FUNCTION; found '{function}'")
    if not Path(path).is_file():
        raise InputError(f"rule.function: there is no file '{path}'; write for instance {EXAMPLE}")
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"rule.function: '{path}' cannot be read: {error}") from error


def _own_rule(rule: Rule, text: str) -> Any:
    plain, compiled = _loaded(rule.function, text)
    _try(plain, rule, "fails on an ordinary decision", (0.5,))
    _try(compiled, rule, "works in Python but cannot be compiled", (0.5, 0.0, 1.0))
    return compiled


@lru_cache(maxsize=64)
def _loaded(function: str, text: str) -> tuple[Callable[..., float], Any]:
    """Return a function of a file's text, as it is and to be compiled; remembered with its code."""
    path, _, name = function.rpartition(":")
    print(f"sanctionsim: {path} is Python code, and is run to load its rule", file=sys.stderr)
    module = ModuleType(f"rule_{Path(path).stem}")
    sys.modules[module.__name__] = module
    try:
        _check_statements(path, ast.parse(text))
        with _reading_nothing(path):
            exec(compile(text, path, "exec"), vars(module))
            again = {"__name__": module.__name__}
            exec(compile(text, path, "exec"), again)
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        raise InputError(f"{path}: cannot be loaded: {type(error).__name__}: {error}") from error
    for constant, value in vars(module).items():
        if isinstance(value, int | float | tuple) and repr(value) != repr(again[constant]):
            raise InputError(
                f"{path}: {constant} is {value!r} once and {again[constant]!r} when the file is "
                "read again: leave out chance and the clock"
            )
    callables = ((n, f) for n, f in vars(module).items() if callable(f) and n[0] != "_")
    functions = {n: f for n, f in callables if not isinstance(f, type)}
    if name not in functions:
        raise InputError.unknown(f"{path}: function", name, functions)
    plain = getattr(functions[name], "py_func", functions[name])
    for other, helper in functions.items():
        if isinstance(helper, FunctionType) and helper.__module__ == module.__name__:
            setattr(module, other, nb.njit(error_model="numpy", boundscheck=True)(helper))
    asked = nb.njit(error_model="numpy", boundscheck=True)(plain)

    @nb.njit(error_model="numpy")
    def log_hazard(terms, weights):  # type: ignore[no-untyped-def]
        try:
            return float(asked(terms, weights))  # the engine takes nothing else
        except Exception:  # an entry beyond the end of a list
            return math.nan

    return plain, log_hazard


def _check_statements(path: str, tree: ast.Module) -> None:
    """Refuse what a rule must not hold: what stops a run or never ends, and further sources.

    The file is what a store keeps, compares and sends to workers: a constant from elsewhere would
    change without anybody seeing it.
    """
    calls: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            calls[node.name] = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        if isinstance(node, ast.While):
            raise InputError(
                f"{path}, line {node.lineno}: a rule must come to an end: write for and range, "
                "with break, in place of while"
            )
        if isinstance(node, ast.Raise | ast.Assert):
            raise InputError(
                f"{path}, line {node.lineno}: a rule cannot stop a run; let it return a number "
                "instead of raise or assert"
            )
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            names = ["." if node.level else str(node.module)]
        for name in names:
            if name.partition(".")[0] not in IMPORTED:
                raise InputError(
                    f"{path}, line {node.lineno}: a rule must be whole in its own file, which is "
                    f"what a sweep keeps and compares; put what it needs of '{name}' into it "
                    f"(Python's own modules and {', '.join(LIBRARIES)} can be imported)"
                )
    try:
        TopologicalSorter(calls).prepare()
    except CycleError as error:
        raise InputError(f"{path}: {error.args[1][0]} calls itself, and might never end") from None


@contextmanager
def _reading_nothing(path: str) -> Iterator[None]:
    """Refuse a file that is read meanwhile, beside code of Python and its packages."""
    _watch_files()
    _OPENED.clear()
    _OPENED.append("")
    try:
        yield
        found = _OPENED[1:]
    finally:
        _OPENED.clear()
    for name in found:
        raise InputError(
            f"{path}: a rule must be whole in its own file, which is what a sweep keeps and "
            f"compares; it reads '{name}': write its numbers into the rule"
        )


_OPENED: list[str] = []  # empty while nobody watches


@cache
def _watch_files() -> None:
    places = (sys.prefix, sys.base_prefix, PACKAGE, nb.config.CACHE_DIR or sys.prefix)  # type: ignore[attr-defined]
    code = tuple(str(Path(place).resolve()) for place in places)

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and _OPENED and isinstance(arguments[0], str):
            name = str(Path(arguments[0]).resolve())
            if not name.startswith(code):
                _OPENED.append(arguments[0])

    sys.addaudithook(note)


def _try(
    function: Callable[..., float], rule: Rule, complaint: str, levels: tuple[float, ...]
) -> None:
    """Refuse a rule that fails on ordinary decisions, before a run of thousands of them."""
    config = Config()
    config.rule = rule
    weights = record_of(weights_of(config))
    for level in levels:
        terms = Terms(*[level] * len(Terms._fields))._replace(severity=0.5, involvement=0.5)
        try:
            found = function(Record("Terms", terms._asdict()), weights)
            eta = float(found)
            again = float(function(Record("Terms", terms._asdict()), weights))
        except Exception as error:
            if isinstance(error, AttributeError) and str(error).isidentifier():
                raise _unknown(rule, str(error), weights_of(config)._fields) from error
            raise InputError(
                f"{rule.function}: {complaint}: {type(error).__name__}: {_reason(error)}"
            ) from error
        if isinstance(found, str) or math.isnan(eta):
            raise InputError(
                f"{rule.function}: must return a log hazard per week; found "
                f"{found if math.isnan(eta) else repr(found)} where terms are {level:g}"
            )
        if again != eta:
            raise InputError(
                f"{rule.function}: must return the same for the same terms; found {eta:g} and then "
                f"{again:g}: leave out chance, memory and the clock"
            )


def check_defined(undefined: int) -> None:
    """Raise for decisions in which a rule of the user's own gave no number."""
    if undefined:
        raise InputError(
            f"rule.function: gave no number, or asked for an entry beyond the end of a list, in "
            f"{undefined:,} decisions; it must give a log hazard for all terms"
        )


def _unknown(rule: Rule, name: str, weights: Sequence[str]) -> InputError:
    """Return what is told of a term or weight that there is not, or that is asked of the other."""
    if name in {*Terms._fields, *weights}:
        return InputError(
            f"{rule.function}: '{name}' is no field of what it is asked of; the function takes "
            "terms first and weights second"
        )
    told = InputError.unknown(f"{rule.function}: term or weight", name, {*Terms._fields, *weights})
    return InputError(f"{told}; a coefficient of its own is given by +rule.free.{name}=1")


def _reason(error: Exception) -> str:
    """Return what an error says, without the compiler's account of where it was."""
    lines = [line.strip() for line in _COLOURS.sub("", str(error)).splitlines()]
    telling = [line for line in lines if line and not line.startswith(("Failed in", "- Resol"))]
    return shorten(" ".join(telling[:2]), 300)
