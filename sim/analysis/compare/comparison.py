"""Settings compared over the same draws.

Run r has the same draws in all, so that what moves an outcome in all of them alike cancels in the
differences to the first. A comparison holds what is stored of it (`sim.analysis.compare.store`),
and all that is said or drawn of it comes from that.
"""

import shlex
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.paired import Difference, paired
from sim.arrays import Floats
from sim.outcomes import OF_SHARED, OUTCOMES, Quantity, by_column
from sim.shown import Shown, Summary, headline_columns, short
from sim.words import counted, listed

MOST_RUNS = 20_000
NAMES = ("name", "out", "run", "record", "member", "figures")  # what moves no run
SHARED_DAY, SHARED_ACTS, SHARED_LOSS = "shared_day", "shared_acts", "shared_loss_bn"

# What is told of those who are senders in all settings, beside the outcomes of each.
SHARED = {quantity.name: quantity for quantity in OF_SHARED}


class Compared(NamedTuple):
    """A setting that is compared."""

    label: str  # as it was asked for
    words: tuple[str, ...]  # overrides that compose to it
    senders: tuple[str, ...]  # codes
    config: dict[str, Any]  # the whole configuration, as plain data


DRAWN = (
    "Every run has coefficients of its own, drawn from what the dates leave open (their "
    "posterior), so shares and bands are of luck and of these."
)


@dataclass(frozen=True, repr=False, eq=False)
class Comparison(Shown):
    """Settings over the same draws; each is compared with the first.

    Attributes
    ----------
    variants : tuple of Compared
    runs, seed : int
        Runs 0 to `runs` - 1 of the seed, the same in all.
    start : str
        First day, ISO.
    n_days : int
    names : dict of str to str
        Of states and institutions, by code.
    targets : tuple of str
        Codes of those that all have, the main one first.
    world : str
        Name of its folder.
    notes : tuple of str
        What of the settings is not compared, one sentence each.
    versions : dict
        As `sim.versions.versions` returns.
    outcomes : DataFrame
        `variant` (its label), `run`, and the outcomes that all have.
    paths : DataFrame
        One row per variant, step and quantity: `low`, `median`, `high` of its draws, and of the
        paired difference to the first; nan for the first itself.
    states : DataFrame
        One row per variant and state: mean loss of the first year, and how it differs.
    measures : DataFrame
        One row per variant, sender and act: the share of draws with it, the median day, and how it
        differs, for those that it has in common with the first.
    posterior : bool
        Whether each run has coefficients of its own, drawn from their posterior.
    """

    variants: tuple[Compared, ...]
    runs: int
    seed: int
    start: str
    n_days: int
    names: dict[str, str]
    targets: tuple[str, ...]
    world: str
    notes: tuple[str, ...]
    versions: dict[str, Any]
    outcomes: pd.DataFrame
    paths: pd.DataFrame
    states: pd.DataFrame
    measures: pd.DataFrame
    posterior: bool = False

    @property
    def drawn(self) -> str:
        """A sentence where coefficients were drawn too; '' where they were not."""
        return DRAWN if self.posterior else ""

    @cached_property
    def _differences(self) -> dict[tuple[str, ...], Difference]:
        """What has been worked out: figures, tables and words ask for the same again."""
        return {}

    @cached_property
    def _by_variant(self) -> dict[str, pd.DataFrame]:
        return {label: self.outcomes[self.outcomes["variant"] == label] for label in self.labels}

    @property
    def labels(self) -> tuple[str, ...]:
        """What the variants were asked for by, the baseline first."""
        return tuple(variant.label for variant in self.variants)

    @cached_property
    def described(self) -> dict[str, Quantity]:
        """What the outcomes are, by column."""
        known = by_column(OUTCOMES.values(), {t: self.name(t) for t in self.targets})
        named = {c: q.worded(name) for c, (q, name) in known.items()}
        return {column: (SHARED | named)[column] for column in self.outcomes.columns[2:]}

    def name(self, code: str) -> str:
        """Return the name of a state or an institution; its code if it has none."""
        return self.names.get(code, code)

    def values(self, variant: str, outcome: str) -> Floats:
        """Return an outcome of every run of a variant, (n_runs,)."""
        return self._by_variant[variant][outcome].to_numpy(np.float64)

    def difference(self, variant: str, outcome: str) -> Difference:
        """Return how an outcome of a variant differs from the first."""
        return self._compared("mean", variant, outcome)

    def typical(self, variant: str, outcome: str) -> Difference:
        """Return the same with the median of the differences, judged by their signs alone.

        A few extreme draws move the mean, and its test, but not these.
        """
        return self._compared("median", variant, outcome)

    def _compared(self, by: str, variant: str, outcome: str) -> Difference:
        if (by, variant, outcome) not in self._differences:
            first, other = (self.values(label, outcome) for label in (self.labels[0], variant))
            never = self.described[outcome].never
            if by == "median" and not never:
                defined = np.isfinite(first) & np.isfinite(other)
                first, other = first[defined], other[defined]
            found = paired(first, other, never or by == "median")
            self._differences[by, variant, outcome] = found
        return self._differences[by, variant, outcome]

    def turned(self, variant: str) -> list[tuple[str, Any, Any]]:
        """Return key, value in the first and value in a variant of what differs between them."""
        known = {one.label: flat(one.config) for one in self.variants}
        first, other = known[self.labels[0]], known[variant]
        keys = [*first, *(key for key in other if key not in first)]
        return [
            (key, first.get(key), other.get(key))
            for key in keys
            if first.get(key) != other.get(key)
        ]

    def differences(self) -> pd.DataFrame:
        """Return one row per variant but the first and outcome: `Difference`, and the median."""
        rows = []
        for variant in self.labels[1:]:
            for outcome, about in self.described.items():
                found = self.difference(variant, outcome)
                typical = self.typical(variant, outcome)
                rows.append(
                    {"variant": variant, "outcome": outcome, "label": about.label}
                    | {"unit": about.unit}
                    | fields_of(found)
                    | {"median": typical.middle, "median_verdict": typical.verdict}
                )
        return pd.DataFrame(rows)

    def _summary(self) -> Summary:
        first, *others = self.labels
        names = [o for o in headline_columns(self.targets, self.described) if o in self.described]
        heads = [f"{other} less {first}" if len(others) == 1 else other for other in others]
        rows = [
            (
                name,
                short(self.difference(others[0], name).first),
                *(_told(self.difference(other, name), len(others) == 1) for other in others),
                self.described[name].unit,
            )
            for name in names
        ]
        return Summary(
            f"{counted(self.runs, 'draw')} of each of {listed(self.labels)}",
            (
                ("days", f"{self.n_days:,} from {self.start} on"),
                ("draws", f"seed {self.seed}, the same for all"),
                ("compared", f"differences to {first}, * where they are more than luck"),
            ),
            ("outcome", first, *heads, "unit"),
            tuple(rows),
            f"{len(rows)} of {len(self.described)} outcomes; all, with bands: differences()",
        )

    @property
    def common(self) -> tuple[str, ...]:
        """Overrides that all variants share."""
        first = self.variants[0]
        return first.words[: len(first.words) - len(shlex.split(first.label))]

    @property
    def command(self) -> str:
        """The command that repeats the comparison."""
        words = []
        for n, label in enumerate(self.labels):
            # A third KEY=VALUE would hold for all, but for the blank that makes it a list.
            words.append(f"{label} " if n > 1 and " " not in label and "=" in label else label)
        words += [*self.common, f"runs={self.runs}", *(["--posterior"] if self.posterior else [])]
        return " ".join(["sanctionsim compare", *map(shlex.quote, words)])


def _told(found: Difference, banded: bool) -> str:
    """Return a difference, with its band if there is room, marked where it is more than luck."""
    band = f" ({short(found.low)} to {short(found.high)})" if banded and found.defined else ""
    return f"{short(found.middle)}{band}{' *' if found.verdict in ('higher', 'lower') else '  '}"


def flat(group: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Return values by key, 'scenario.steps', but for names and what moves no run."""
    found: dict[str, Any] = {}
    for key, value in group.items():
        if key in NAMES:
            continue
        if isinstance(value, dict):
            found |= flat(value, f"{before}{key}.")
        else:
            found[f"{before}{key}"] = list(value) if isinstance(value, tuple) else value
    return found


def fields_of(found: Difference) -> dict[str, Any]:
    """Return a difference as columns of a table."""
    names = partial(getattr, found)
    return {name: names(name) for name in found.__slots__} | {"verdict": found.verdict}
