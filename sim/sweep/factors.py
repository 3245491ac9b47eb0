"""Factors: what varies in a sweep, named by its config path, with its values or its range."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from omegaconf import OmegaConf, open_dict

from sim.arrays import Floats, Ints
from sim.compose import GROUPS, about_one, friendly_errors, lever_named
from sim.config import Config, unknown_key
from sim.errors import InputError
from sim.sweep.settings import MOST_LEVELS

Column = NDArray[Any]
DISTRIBUTIONS = ("uniform", "loguniform", "triangular", "normal")
FACTS = ("values", "low", "high", "distribution", "levels", "mode", "mean", "sd")
FIXED = (
    "run",
    "name",
    "out",
    "record",
    "figures",
    "design",
    "cluster",
    "workers",
    "slurm",
    "report",
)
EXAMPLE = "write [0, 1, 2] or {low: 0, high: 2}"


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a design."""

    path: str  # config path as of an override, or a config group
    values: tuple[Any, ...] = ()  # the set it takes its values from; empty for a range
    # Inclusive range.
    low: float = 0.0
    high: float = 0.0
    # One of `DISTRIBUTIONS`, over the range; a normal one is cut off at its ends.
    distribution: str = "uniform"
    levels: int = 0  # of a range in a grid; 0 for those of the design
    # `mode`, or `mean` and `sd`, of the distribution.
    shape: Mapping[str, float] = field(default_factory=dict)
    whole: bool = False  # it takes whole numbers only

    @property
    def is_group(self) -> bool:
        """Whether its values are files of a config group."""
        return self.path in GROUPS

    def at(self, quantile: Floats) -> Column:
        """Return its values at quantiles in [0, 1], (n,) of float64, int64 or object."""
        if self.values:
            last = len(self.values) - 1
            return column(self.values, np.minimum((quantile * (last + 1)).astype(int), last))
        if self.whole and self.distribution == "uniform":
            width = self.high - self.low + 1
            return np.minimum(np.floor(self.low + quantile * width), self.high).astype(np.int64)
        value = np.clip(self._quantiles(quantile), self.low, self.high)
        return np.rint(value).astype(np.int64) if self.whole else value

    def _quantiles(self, quantile: Floats) -> Floats:
        from scipy import stats

        low, width = self.low, self.high - self.low
        if self.distribution == "uniform":
            found: Floats = low + quantile * width
        elif self.distribution == "loguniform":
            found = np.exp(np.log(low) + quantile * (np.log(self.high) - np.log(low)))
        elif self.distribution == "triangular":
            mode = (self.shape["mode"] - low) / width
            found = stats.triang.ppf(quantile, mode, low, width)
        else:
            mean, sd = self.shape["mean"], self.shape["sd"]
            ends = (low - mean) / sd, (self.high - mean) / sd
            found = stats.truncnorm.ppf(quantile, *ends, mean, sd)
        return found

    def grid(self, levels: int) -> Column:
        """Return its values in a grid: those listed, or evenly spaced quantiles of its range."""
        if self.values:
            return column(self.values, np.arange(len(self.values)))
        steps = np.linspace(0.0, 1.0, self.levels or levels)
        if self.whole and self.distribution == "uniform":
            return np.unique(np.rint(self.low + steps * (self.high - self.low)).astype(np.int64))
        return np.unique(self.at(steps))


def column(values: Sequence[Any], rows: Ints) -> Column:
    """Return rows of a set of values, as numbers or truth where all of them are, else as objects.

    Objects are told apart by their position in the set: they may be lists.
    """
    kinds = {type(value) for value in values}
    if kinds in ({float}, {int}, {bool}):
        return np.array(values)[rows]
    whole = np.empty(len(values), dtype=object)
    for position, value in enumerate(values):
        whole[position] = value
    return whole[rows]


def shown(value: Any) -> str:
    """Return a value as a table shows it: the words of a list in brackets, the rest plain."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(shown(entry) for entry in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {shown(v)}" for k, v in value.items()) + "}"
    return str(value)


def read_factors(
    entries: Mapping[str, Any], node: Any, options: Any, repeats: bool = False
) -> tuple[Factor, ...]:
    """Return the checked factors of a design.

    Parameters
    ----------
    entries : mapping
        `design.factors`, plain; nested or with dotted keys.
    node : DictConfig
        The composed configuration, by whose schema values are checked.
    options : callable
        From a config group to the names that it offers.
    repeats : bool
        A value may be listed more than once, as in a list of points.

    Raises
    ------
    InputError
        A path, value, range or distribution that does not fit.
    """
    found = list(leaves(entries))
    for path, _ in found:
        if sum(path == other for other, _ in found) > 1:
            raise InputError(
                f"design.factors names {path} twice, dotted and nested; keep one of them"
            )
        for other, _ in found:
            if other.startswith(f"{path}.") and path not in GROUPS:
                raise InputError(
                    f"design.factors names {path} and {other}, which is a part of it; keep one"
                )
    return tuple(_factor(path, entry, node, options, repeats) for path, entry in found)


def leaves(entries: Mapping[str, Any], parent: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the factors that a mapping names, by whole path, nested or dotted as it may be."""
    for name, entry in entries.items():
        path = f"{parent}.{name}" if parent else str(name)
        nested = isinstance(entry, Mapping) and entry and not set(entry) & set(FACTS)
        if isinstance(entry, Mapping) and nested:
            yield from leaves(entry, path)
        else:
            yield path, entry


def _factor(path: str, entry: Any, node: Any, options: Any, repeats: bool) -> Factor:
    _check_path(path)
    key = f"design.factors.{path}"
    if isinstance(entry, list | tuple):
        entry = {"values": entry}
    if not isinstance(entry, Mapping):
        raise InputError(f"{key} must be a list of values or a range; found {entry}; {EXAMPLE}")
    for name in entry:
        if name not in FACTS:
            raise InputError.unknown(f"{key}: entry", str(name), FACTS)
    factor = _set_of(path, key, entry) if "values" in entry else _range_of(path, key, entry)
    if factor.is_group:
        for value in factor.values:
            if value not in options(path) and not (path == "experiment" and about_one(str(value))):
                raise InputError.unknown(f"{key}: {path}", str(value), options(path))
        if not factor.values:
            raise InputError(f"{key} must list names of files; found a range")
    else:
        factor = _typed(factor, key, node)
    if not repeats and len({shown(value) for value in factor.values}) < len(factor.values):
        raise InputError(f"{key} lists a value twice; found {shown(list(entry['values']))}")
    return factor


def _set_of(path: str, key: str, entry: Mapping[str, Any]) -> Factor:
    values = entry["values"]
    if not isinstance(values, list | tuple) or not values:
        raise InputError(f"{key} must list at least one value; found {values}; {EXAMPLE}")
    others = set(entry) - {"values"}
    if others:
        raise InputError(f"{key} gives values and {', '.join(sorted(others))}; give one of them")
    return Factor(path, values=tuple(values))


def _range_of(path: str, key: str, entry: Mapping[str, Any]) -> Factor:
    kind = entry.get("distribution", "uniform")
    if kind not in DISTRIBUTIONS:
        raise InputError.unknown(f"{key}: distribution", str(kind), DISTRIBUTIONS)
    shape = {"triangular": ("mode",), "normal": ("mean", "sd")}.get(kind, ())
    for name in ("low", "high", *shape):
        value = entry.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e300:
            raise InputError(f"{key} needs a number {name}; found {value}; {EXAMPLE}")
    low, high, levels = entry["low"], entry["high"], entry.get("levels", 0)
    if low >= high:
        raise InputError(f"{key}: low must lie below high; found {low:g} and {high:g}")
    if kind == "loguniform" and low <= 0:
        raise InputError(f"{key}: low must be above 0 for loguniform; found {low:g}")
    if kind == "triangular" and not low <= entry["mode"] <= high:
        raise InputError(f"{key}: mode must lie between low and high; found {entry['mode']:g}")
    if kind == "normal" and entry["sd"] <= 0:
        raise InputError(f"{key}: sd must be above 0; found {entry['sd']:g}")
    if levels and (not isinstance(levels, int) or not 2 <= levels <= MOST_LEVELS):
        raise InputError(
            f"{key}: levels must be a whole number from 2 to {MOST_LEVELS:,}; found {levels}"
        )
    return Factor(
        path,
        low=float(low),
        high=float(high),
        distribution=str(kind),
        levels=levels,
        shape={name: float(entry[name]) for name in shape},
    )


def _check_path(path: str) -> None:
    """Refuse a path that names nothing that a run reads, with the nearest that does."""
    first, *rest = path.split(".")
    if first in FIXED:
        raise InputError(f"design.factors: {path} is no factor; it says how, not what, is run")
    if first == "member":
        raise InputError(
            "design.factors: member is no factor; list experiments, as in "
            "design.factors.experiment=[without_usa,without_jpn]"
        )
    owner: Any = Config()
    known = [f.name for f in fields(owner) if f.name not in FIXED]
    if first not in known and path != "experiment":
        if whole := lever_named(path):
            raise InputError(f"design.factors: '{path}' is unknown; did you mean '{whole}'?")
        raise InputError.unknown(f"design.factors: '{path}': group", first, known)
    if path in GROUPS or not rest:
        return
    group = getattr(owner, first)
    names = [f.name for f in fields(group)] if is_dataclass(group) else []
    names = [name for name in names if name != "name" or first == "rule"]
    if rest[0] not in names:
        known = [f"{first}.{name}" for name in names]
        raise unknown_key(f"{first}.{rest[0]}", known, "design.factors: path")
    inside = getattr(group, rest[0])
    if len(rest) > 2 or (len(rest) == 2 and not isinstance(inside, dict)):
        raise InputError(f"design.factors: {first}.{rest[0]} has no entry '{'.'.join(rest[1:])}'")


def _typed(factor: Factor, key: str, node: Any) -> Factor:
    """Return the factor with its values as the schema takes them, each within its range."""
    first = factor.path.split(".")[0]
    trial = OmegaConf.merge(_schema(), {first: node[first]})
    if factor.values:
        known = {shown(v): _as_schema(factor.path, key, v, trial) for v in factor.values}
        return replace(factor, values=tuple(known[shown(v)] for v in factor.values))
    now = OmegaConf.select(trial, factor.path)
    if now is not None and (isinstance(now, bool) or not isinstance(now, int | float)):
        raise InputError(f"{key} takes no range, for it is no number; list its values")
    ends = [_as_schema(factor.path, key, end, trial) for end in _ends(factor)]
    return replace(factor, whole=all(isinstance(end, int) for end in ends))


@cache
def _schema() -> Any:
    """Return the whole schema; whoever merges into it gets a copy."""
    return OmegaConf.structured(Config)


def _ends(factor: Factor) -> tuple[float | int, ...]:
    ends = (factor.low, factor.high)
    return tuple(int(end) if end == int(end) else end for end in ends)


def _as_schema(path: str, key: str, value: Any, trial: Any) -> Any:
    """Return a value as the schema converts it, tried out on a node of the whole schema.

    Raises
    ------
    InputError
        The schema refuses its type or its size.
    """
    first = trial if "." not in path else trial[path.split(".")[0]]
    try:
        with friendly_errors(), open_dict(trial):
            OmegaConf.update(trial, path, value, merge=False)
            OmegaConf.to_object(first)
    except InputError as error:
        raise InputError(f"{key}: {error}") from error
    found = OmegaConf.select(trial, path)
    if OmegaConf.is_config(found):
        return OmegaConf.to_object(found)
    return found + 0.0 if isinstance(found, float) else found  # never -0.0


def configured(base: Config, values: Mapping[str, Any]) -> Config:
    """Return a configuration with some values changed, checked as the schema checks them.

    Parameters
    ----------
    base : Config
        Not changed.
    values : mapping of str to value
        By config path; a path into a mapping sets one entry.

    Raises
    ------
    InputError
        A value outside its range, or a combination that the schema refuses.
    """
    changes: dict[str, dict[str, Any]] = {}
    top: dict[str, Any] = {}
    for path, value in values.items():
        group, *rest = path.split(".")
        if not rest:
            top[group] = value
        elif len(rest) == 1:
            changes.setdefault(group, {})[rest[0]] = value
        else:
            mapping = changes.setdefault(group, {})
            before = mapping.get(rest[0], getattr(getattr(base, group), rest[0]))
            mapping[rest[0]] = {**before, rest[1]: value}
    groups = {group: replace(getattr(base, group), **new) for group, new in changes.items()}
    return replace(base, **groups, **top)
