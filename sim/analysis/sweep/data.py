"""The runs of a sweep, a column at a time: outcomes by design point and replication."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.arrays import Flags, Floats, Ints
from sim.columns import factor_facts, target_in
from sim.compose import GROUPS
from sim.errors import InputError
from sim.outcomes import Quantity, quantity_of
from sim.sweep.store import Sweep
from sim.words import amount, number

AT_ONCE = 8  # columns read in one pass
WITHOUT_UNIT = ("1", "name", "on or off", "word", "text", "states", "as the rule says")
MOST_LEVELS = 8  # that a sampled factor keeps as they are; more are gathered
BINS = 5
TO = "–"  # between the ends of a range
MOST_SETTINGS = 12  # points of a list that are compared one by one
LENGTH = ("scenario", "experiment", "scenario.steps", "scenario.step_days")  # factors that set it


@dataclasses.dataclass(frozen=True, slots=True)
class Factor:
    """A factor as it is analysed."""

    path: str  # config path, or a config group
    # From the schema.
    label: str
    unit: str
    meaning: str
    levels: tuple[str, ...]  # its values, or the ranges that they are gathered in, in order
    codes: Ints  # (n_points,) level of each point; -1 where it is not known
    edges: Floats | None  # (n_levels + 1,) of the ranges, where values are gathered
    values: Floats | None  # (n_levels,) of the levels, where they are numbers
    default: str  # what the configuration says beside the design; '' if it is not known
    # Level that the others are held against: the default's, the nearest to it, or the first.
    reference: int
    place: float  # where the default lies, level k being k; nan if it lies nowhere

    @property
    def titled(self) -> str:
        """Its label with the unit."""
        return f"{self.label}, {self.unit}" if self.unit else self.label

    @property
    def spoken(self) -> str:
        """Its label inside a sentence."""
        return self.label[0].lower() + self.label[1:]


class Runs:
    """The runs of a store for analysis.

    Parameters
    ----------
    store : Sweep
        Finished or not.

    Raises
    ------
    InputError
        The store has no run yet.
    """

    def __init__(self, store: Sweep) -> None:
        self.store, self.manifest = store, store.manifest
        self.folder: Path = store.folder
        self.n_points: int = self.manifest["design"]["points"]
        self.n_draws: int = self.manifest["replications"]
        self.method: str = self.manifest["design"]["method"]
        self.common: bool = self.manifest["common_random_numbers"]
        if not any((self.folder / "runs").glob("part-*.parquet")):
            raise InputError(
                f"{self.folder} has no finished run yet; give the command of the sweep again"
            )
        keys = store.runs(["point", "replication"])
        self._at = (keys["point"] * self.n_draws + keys["replication"]).to_numpy(np.int64)
        if not self._at.size:
            raise InputError(
                f"{self.folder}: all runs failed; see {self.folder / 'failures'}, and once the "
                "reason is gone, --retry-failed"
            )

    @property
    def n_runs(self) -> int:
        """Runs that are stored and did not fail."""
        return int(self._at.size)

    @cached_property
    def stored(self) -> Flags:
        """Which runs are there, (n_points, n_draws)."""
        there = np.zeros(self.n_points * self.n_draws, bool)
        there[self._at] = True
        return there.reshape(self.n_points, self.n_draws)

    @property
    def complete(self) -> bool:
        """Whether no run is missing."""
        return self.n_runs == self.n_points * self.n_draws

    def matrices(self, names: Sequence[str]) -> Iterator[tuple[str, Floats]]:
        """Yield each outcome with its values, (n_points, n_draws), nan where there is none."""
        for start in range(0, len(names), AT_ONCE):
            columns = list(names[start : start + AT_ONCE])
            frame = self.store.runs(columns)
            for name in columns:
                values = np.full(self.n_points * self.n_draws, np.nan)
                values[self._at] = frame[name].to_numpy(np.float64)
                yield name, values.reshape(self.n_points, self.n_draws)

    def matrix(self, name: str) -> Floats:
        """Return the values of one outcome, (n_points, n_draws), nan where there is none."""
        return next(iter(self.matrices([name])))[1]

    @cached_property
    def length(self) -> float:
        """Days of a run; that of the longest where runs differ in it, nan if it is not known."""
        scenario = self.manifest["config"].get("scenario", {})
        if any(path in LENGTH for path in self.store.factors):
            return np.nan
        return float(scenario.get("steps", np.nan)) * float(scenario.get("step_days", np.nan))

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """What varies, without what has one value everywhere."""
        found = [self._factor(str(path), column) for path, column in self.design.items()]
        return tuple(factor for factor in found if len(factor.levels) > 1)

    @cached_property
    def design(self) -> pd.DataFrame:
        """Values of the factors by point; a short list of settings is one factor, `setting`."""
        frame = self.store.design().drop(columns="point")
        if self.method != "list" or len(frame) > MOST_SETTINGS or frame.shape[1] < 2:
            return frame
        rows = frame.astype(object).to_numpy().tolist()
        words = [", ".join(map(plain, row)) for row in rows]
        return pd.DataFrame({"setting": words})

    @property
    def still(self) -> list[str]:
        """Factors with one value at all points."""
        return [str(p) for p in self.design if p not in {f.path for f in self.factors}]

    def entry(self, path: str) -> Any:
        """Return the entry of a factor as it was asked for; None for what came from a table."""
        node: Any = self.manifest["config"]["design"]["factors"]
        rest = path
        while isinstance(node, Mapping) and rest:
            key = next((k for k in node if rest == k or rest.startswith(f"{k}.")), None)
            if key is None:
                return None
            node, rest = node[key], rest[len(key) + 1 :]
        return node

    def _factor(self, path: str, column: pd.Series) -> Factor:
        default = self._default(path)
        label, unit, meaning = words_of(path)
        if column.dtype.kind not in "iuf":
            words = column.map(plain)
            levels = _in_order(words.unique().tolist(), self.entry(path))
            codes = np.array([levels.index(word) for word in words], np.int64)
            shown = "" if default is None and path in GROUPS else plain(default)
            known = shown in levels
            at = levels.index(shown) if known else 0
            return Factor(
                path, label, unit, meaning, levels, codes, None, None, shown, at,
                float(at) if known else np.nan,
            )  # fmt: skip
        return _numeric(path, (label, unit, meaning), column.to_numpy(np.float64), default,
                        self.method == "grid")  # fmt: skip

    def _default(self, path: str) -> Any:
        """Return what the configuration says where the design does not."""
        node: Any = self.manifest["config"]
        for name in path.split("."):
            if not isinstance(node, dict) or name not in node:
                return None
            node = node[name]
        return node.get("name") if isinstance(node, dict) and path in GROUPS else node


def _in_order(levels: list[str], entry: Any) -> tuple[str, ...]:
    """Return levels in the order in which they were asked for, as far as that is known."""
    asked = [plain(value) for value in entry] if isinstance(entry, list) else []
    return tuple(sorted(levels, key=lambda w: asked.index(w) if w in asked else len(asked)))


def _numeric(
    path: str, words: tuple[str, str, str], column: Floats, default: Any, all_levels: bool
) -> Factor:
    values, codes = np.unique(column, return_inverse=True)
    edges = None
    if not all_levels and values.size > MOST_LEVELS:
        edges = np.unique(np.quantile(column, np.linspace(0.0, 1.0, BINS + 1)))
        codes = np.clip(np.searchsorted(edges, column, side="right") - 1, 0, edges.size - 2)
        values = (edges[1:] + edges[:-1]) / 2
        levels = tuple(f"{low}{TO}{high}" for low, high in pairwise(_apart(edges)))
    else:
        levels = tuple(plain(value) for value in values)
    is_number = isinstance(default, int | float) and not isinstance(default, bool)
    at = float(default) if is_number else np.nan
    reference, place = 0, np.nan
    if is_number and edges is not None:
        place = float(np.interp(at, edges, np.arange(edges.size) - 0.5, np.nan, np.nan))
        reference = int(np.clip(np.searchsorted(edges, at, side="right") - 1, 0, edges.size - 2))
    elif is_number:
        place = float(np.interp(at, values, np.arange(values.size), np.nan, np.nan))
        reference = int(np.abs(values - at).argmin())
    shown = plain(default) if is_number else ""
    return Factor(path, *words, levels, codes.astype(np.int64), edges, values, shown, reference,
                  place)  # fmt: skip


def _apart(edges: Floats) -> list[str]:
    """Return edges with two digits of what they span, more where these do not tell them apart."""
    digits = max(0, 1 - int(np.floor(np.log10(np.ptp(edges) or 1.0))))
    words = [amount(float(edge), digits) for edge in edges]
    while len(set(words)) < len(words) and digits < 12:
        digits += 1
        words = [amount(float(edge), digits) for edge in edges]
    return words


def plain(value: object) -> str:
    """Return a value in words: numbers with four digits that count, texts as they are."""
    if value is None:
        return "none"
    if isinstance(value, bool | np.bool_):
        return "on" if value else "off"
    if isinstance(value, int | float | np.number):
        return number(float(value), 4)
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return str(value)


def words_of(path: str) -> tuple[str, str, str]:
    """Return label, unit and meaning of a factor, from the schema."""
    if path == "setting":
        return "Setting", "", "the factors of the list, side by side"
    label, unit, meaning = factor_facts(path) or (path.rpartition(".")[2].capitalize(), "", "")
    return label, "" if unit in WITHOUT_UNIT or unit in label.lower() else unit, meaning


def outcome_of(column: str, names: dict[str, str]) -> Quantity:
    """Return an outcome with its words.

    Parameters
    ----------
    names : dict of str to str
        Names of states by code.
    """
    known = quantity_of(column)
    if known is None:
        return Quantity(column, "", "", label=column.replace("_", " "))
    target = target_in(known, column)
    return known.worded(names.get(target, target))._replace(name=column)
