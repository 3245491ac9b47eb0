"""Settings compared over the same draws.

Run r has the same draws in all, so that what moves an outcome in all of them alike cancels in the
differences to the first. A comparison holds what is stored of it (`sim.analysis.compare.store`),
and all that is said or drawn of it comes from that.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.analysis.comparable import Shared, shared
from sim.analysis.compare.simulated import (
    YEAR,
    Pair,
    Simulated,
    Singles,
    Tick,
    pairs_of,
    simulated,
)
from sim.analysis.paired import BAND, CHANCE, Difference, paired
from sim.arrays import Floats, Ints
from sim.config import Config
from sim.engine.exact import exact_names
from sim.errors import InputError
from sim.outcomes import EXACT, OF_RUN, OF_STEP, TARGET, Quantity
from sim.setting import Setting, prepare
from sim.shown import Shown, Summary, headline_columns, short
from sim.variants import Variant
from sim.words import counted, listed
from sim.world import World, load

if TYPE_CHECKING:
    import pandas as pd

MOST_VARIANTS, MOST_RUNS = 6, 20_000
Act = tuple[str, str]  # measure, target
NAMES = ("name", "out", "run", "record", "member", "figures")  # what moves no run
SHARED_DAY, SHARED_ACTS, SHARED_LOSS = "shared_day", "shared_acts", "shared_loss_bn"


class Described(NamedTuple):
    """What a column holds.

    Attributes
    ----------
    label : for a page or an axis, without the unit
    never : nan means that it was not reached by the end
    target : code of the target that it is of, '' for none
    """

    label: str
    unit: str
    meaning: str
    never: bool = False
    target: str = ""


# What is told of those who are senders in all settings, beside the outcomes of each.
SHARED = {
    SHARED_DAY: Described(
        "Mean day of the measures of those who are senders in all",
        "days",
        "from the start of the run, over as many measures, the earliest, as those who are senders "
        "in all settings announce in the first one within a year; what does not come within it "
        "counts as a year",
    ),
    SHARED_ACTS: Described(
        "Measures of those who are senders in all",
        "number",
        "pairs of sender and act that those who are senders in all settings announce within a "
        "year, of the acts that all have",
    ),
    SHARED_LOSS: Described(
        "Loss of those who are senders in all, first year",
        "USD bn a year",
        "summed losses of those who are senders in all settings, mean over the first year",
    ),
}


class Compared(NamedTuple):
    """A setting that is compared.

    Attributes
    ----------
    label : as it was asked for
    words : overrides that compose to it
    senders : codes
    config : the whole configuration, as plain data
    """

    label: str
    words: tuple[str, ...]
    senders: tuple[str, ...]
    config: dict[str, Any]


@dataclass(frozen=True, slots=True, repr=False)
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

    @property
    def labels(self) -> tuple[str, ...]:
        """What the variants were asked for by, the baseline first."""
        return tuple(variant.label for variant in self.variants)

    @property
    def described(self) -> dict[str, Described]:
        """What the outcomes are, by column."""
        known = SHARED | describe((*OF_RUN, *EXACT), {t: self.name(t) for t in self.targets})
        return {column: known[column] for column in self.outcomes.columns[2:]}

    def name(self, code: str) -> str:
        """Return the name of a state or an institution; its code if it has none."""
        return self.names.get(code, code)

    def values(self, variant: str, outcome: str) -> Floats:
        """Return an outcome of every run of a variant, (n_runs,)."""
        mine = self.outcomes["variant"] == variant
        values: Floats = self.outcomes.loc[mine, outcome].to_numpy(np.float64)
        return values

    def difference(self, variant: str, outcome: str) -> Difference:
        """Return how an outcome of a variant differs from the first."""
        first, other = (self.values(label, outcome) for label in (self.labels[0], variant))
        return paired(first, other, self.described[outcome].never)

    def typical(self, variant: str, outcome: str) -> Difference:
        """Return the same with the median of the differences, judged by their signs alone.

        A few extreme draws move the mean, and its test, but not these.
        """
        first, other = (self.values(label, outcome) for label in (self.labels[0], variant))
        if not self.described[outcome].never:
            defined = np.isfinite(first) & np.isfinite(other)
            first, other = first[defined], other[defined]
        return paired(first, other, never=True)

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
        import pandas as pd

        rows = []
        for variant in self.labels[1:]:
            for outcome, about in self.described.items():
                found = self.difference(variant, outcome)
                typical = self.typical(variant, outcome)
                rows.append(
                    {"variant": variant, "outcome": outcome, "label": about.label}
                    | {"unit": about.unit}
                    | _fields(found)
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
        words += [*self.common, f"runs={self.runs}"]
        return " ".join(["sanctionsim compare", *map(shlex.quote, words)])


def _told(found: Difference, banded: bool) -> str:
    """Return a difference, with its band if there is room, marked where it is more than luck."""
    band = f" ({short(found.low)} to {short(found.high)})" if banded and found.defined else ""
    return f"{short(found.middle)}{band}{' *' if found.verdict in ('higher', 'lower') else '  '}"


def compare(variants: Sequence[Variant], runs: int = 500, tick: Tick | None = None) -> Comparison:
    """Return settings compared over the same draws, each with the first.

    Settings of different length are compared over the days that all have; targets and senders that
    not all have are left out where they would be compared, and `notes` says so.

    Parameters
    ----------
    variants : sequence of Variant
        Two to six, as `sim.variants.variant_of` returns.
    runs : int
        How many of each, from 1 up.
    tick : callable, optional
        Told of every batch how many runs are done.

    Raises
    ------
    InputError
        Too few or too many variants or runs, one named twice, two that are the same, or settings
        that cannot be compared: of another world, seed or first day, or without a common target.
    """
    check(variants, runs)
    whole = [prepare(load(one.config.world.folder), one.config) for one in variants]
    common = shared(whole, [variant.label for variant in variants])
    settings = [
        one if one.n_days == common.n_days else prepare(one.world, common.cut(one.config))
        for one in whole
    ]
    return _Made(tuple(variants), settings, common, runs).comparison(tick)


def check(variants: Sequence[Variant], runs: int) -> None:
    """Raise InputError for what cannot be compared, before anything is simulated."""
    example = "as in sanctionsim compare status_quo without_jpn"
    if len(variants) < 2:
        named = f"only {variants[0].label}" if variants else "nothing"
        raise InputError(f"compare: name at least two settings, {example}; found {named}")
    if len(variants) > MOST_VARIANTS:
        raise InputError(
            f"compare: at most {MOST_VARIANTS} settings stay readable side by side; found "
            f"{len(variants)}: leave some out, or run them as a sweep (sanctionsim sweep --help)"
        )
    if not 1 <= runs <= MOST_RUNS:
        raise InputError(
            f"runs must be a whole number from 1 to {MOST_RUNS}; found {runs}. A sweep takes more, "
            "on several machines too: sanctionsim sweep --help"
        )
    for one, other in combinations(variants, 2):
        if one.label == other.label:
            raise InputError(
                f"compare: {one.label} is named twice; name another setting, {example}"
            )
        _check_pair(one, other)


def _check_pair(one: Variant, other: Variant) -> None:
    a, b = one.config, other.config
    both = f"{one.label} and {other.label}"
    if without_names(a) == without_names(b):
        raise InputError(
            f"compare: nothing differs between {both}: they are the same setting under two names; "
            "turn a lever in one of them"
        )
    if a.seed != b.seed:
        raise InputError(
            f"compare: the draws of {both} are not the same (seed {a.seed}, {b.seed}), so luck "
            "would not cancel; give one seed for all"
        )


def without_names(config: Config) -> dict[str, Any]:
    """Return a configuration without what it is called and what moves no run."""
    return flat(asdict(config))


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


def describe(quantities: Sequence[Quantity], targets: dict[str, str]) -> dict[str, Described]:
    """Return what the columns of quantities hold, by column.

    Parameters
    ----------
    quantities : sequence of Quantity
    targets : dict of str to str
        Names by code.
    """
    found = {}
    for q in quantities:
        for code in targets if q.by_target else [""]:
            name = targets.get(code, "")
            about = Described(q.label.format(name), q.unit, q.meaning, q.never, code)
            found[q.name.replace(TARGET, code)] = about
    return found


class _Made(NamedTuple):
    """A comparison while it is made."""

    variants: tuple[Variant, ...]
    settings: list[Setting]
    common: Shared
    runs: int

    @property
    def world(self) -> World:
        return self.settings[0].world

    def comparison(self, tick: Tick | None) -> Comparison:
        import pandas as pd

        from sim.versions import versions

        setting = self.settings[0]
        frames: dict[str, list[pd.DataFrame]] = {name: [] for name in ("outcomes", *_MAKERS)}
        first = None
        for variant, own in zip(self.variants, self.settings, strict=True):
            runs = simulated(own, self.runs, tick)
            first = first or runs
            outcomes = self._outcomes(own, runs, first)
            made = {"outcomes": outcomes} | {
                name: make(self, own, runs, first) for name, make in _MAKERS.items()
            }
            for name, frame in made.items():
                frame.insert(0, "variant", variant.label)
                frames[name].append(frame)
        names = {i.code: i.name for i in self.world.institutions}
        names |= {c.institution.code: c.institution.name for s in self.settings for c in s.councils}
        return Comparison(
            variants=tuple(map(self._told, self.variants, self.settings)),
            runs=self.runs,
            seed=setting.config.seed,
            start=setting.start.isoformat(),
            n_days=self.common.n_days,
            names=names | dict(zip(self.world.states, self.world.names, strict=True)),
            targets=self.common.targets,
            world=setting.config.world.folder,
            notes=self.common.notes,
            versions=versions(setting),
            **{name: pd.concat(parts, ignore_index=True) for name, parts in frames.items()},
        )

    @property
    def shared_acts(self) -> list[Act]:
        """Measure and target of those acts that all settings have."""
        acts = [[(act.measure.code, act.target) for act in own.acts] for own in self.settings]
        return [act for act in acts[0] if all(act in others for others in acts[1:])]

    def columns(self, quantities: Sequence[Quantity]) -> list[str]:
        """Return the columns that all settings have."""
        return [column for q in quantities for column in q.columns(self.common.targets)]

    def _told(self, variant: Variant, setting: Setting) -> Compared:
        from omegaconf import OmegaConf

        config: Any = OmegaConf.to_container(OmegaConf.structured(variant.config))
        return Compared(variant.label, variant.words, setting.sender_codes, config)

    def _outcomes(self, setting: Setting, runs: Simulated, first: Simulated) -> pd.DataFrame:
        import pandas as pd

        exact = EXACT if all(exact_names(own) for own in self.settings) else ()
        names = self.columns((*OF_RUN, *exact))
        columns = {name: runs.outcomes[name] for name in names}
        return pd.DataFrame(
            {"run": np.arange(self.runs)} | self._shared(setting, runs, first) | columns
        )

    def _shared(self, setting: Setting, runs: Simulated, first: Simulated) -> dict[str, Floats]:
        """Return outcomes of those who are senders in all settings, if there are any."""
        codes = self.common.senders
        if not codes:
            return {}
        seats = [self.world.index(code) for code in codes]
        loss = runs.loss[:, seats] @ self.world.gdp_bn[seats] / 100.0
        end = float(min(setting.n_days, YEAR))
        baseline, days = (
            np.minimum(_days_of(own, of, codes, self.shared_acts), end)
            for own, of in ((self.settings[0], first), (setting, runs))
        )
        return {
            SHARED_DAY: _mean_of_earliest(days, (baseline < end).sum(axis=1)),
            SHARED_ACTS: (days < end).sum(axis=1).astype(np.float64),
            SHARED_LOSS: loss,
        }

    def _paths(self, setting: Setting, runs: Simulated, first: Simulated) -> pd.DataFrame:
        import pandas as pd

        days = range(self.common.step_days - 1, self.common.n_days, self.common.step_days)
        dates = [setting.date_of(day).isoformat() for day in days]
        # Of both, the steps that end on the same days.
        mine, theirs = (
            {name: path[:, own - 1 :: own] for name, path in of.paths.items()}
            for of, own in (
                (runs, self._every(setting)),
                (first, self._every(self.settings[0])),
            )
        )
        parts = []
        for quantity in self.columns(OF_STEP):
            if quantity not in mine:
                continue
            apart = np.full((3, len(dates)), np.nan)
            if runs is not first:
                apart = _quantiles(mine[quantity] - theirs[quantity])
            low, median, high = _quantiles(mine[quantity])
            parts.append(
                pd.DataFrame(
                    {
                        "quantity": quantity,
                        "step": np.arange(len(dates)),
                        "date": dates,
                        "low": low,
                        "median": median,
                        "high": high,
                        "difference_low": apart[0],
                        "difference_median": apart[1],
                        "difference_high": apart[2],
                    }
                )
            )
        return pd.concat(parts, ignore_index=True)

    def _every(self, setting: Setting) -> int:
        """Return how many steps of a setting make one of those that all share."""
        return self.common.step_days // setting.config.scenario.step_days

    def _states(self, setting: Setting, runs: Simulated, first: Simulated) -> pd.DataFrame:
        import pandas as pd

        rows = []
        for n, code in enumerate(self.world.states):
            found = paired(first.loss[:, n], runs.loss[:, n])
            about = {"state": code, "name": self.world.names[n], "role": setting.roles[n]}
            gdp = {"gdp_bn": float(self.world.gdp_bn[n])}
            rows.append(about | gdp | _fields(found))
        return pd.DataFrame(rows)

    def _measures(self, setting: Setting, runs: Simulated, first: Simulated) -> pd.DataFrame:
        import pandas as pd

        baseline = pairs_of(self.settings[0], first.first)
        mine = pairs_of(setting, runs.first)
        labels = {measure.code: measure.label for measure in self.world.measures}
        rows = []
        for pair, days in mine.items():
            sender, measure, target = pair
            rows.append(
                {
                    "sender": sender,
                    "measure": measure,
                    "target": target,
                    "label": labels[measure],
                    "share_of_draws": float(np.isfinite(days).mean()),
                    "median_day": float(np.quantile(days, 0.5, method="inverted_cdf")),
                }
                | _days_apart(pair, baseline, days, len(mine))
            )
        return pd.DataFrame(rows)


_MAKERS = {"paths": _Made._paths, "states": _Made._states, "measures": _Made._measures}


def _quantiles(values: Singles) -> Floats:
    """Return the lower end of the band, the median and its upper end, (3, n_steps)."""
    levels = (BAND[0], 0.5, BAND[1])
    found: Floats = np.quantile(values, levels, axis=0, method="inverted_cdf")
    return found


def _fields(found: Difference) -> dict[str, Any]:
    names = partial(getattr, found)
    return {name: names(name) for name in found.__slots__} | {"verdict": found.verdict}


def _days_apart(
    pair: Pair, baseline: dict[Pair, Singles], days: Singles, n_pairs: int
) -> dict[str, Any]:
    """Return how the first day of an act differs, where the first setting has the act too.

    So many are looked at that the chance allowed for one is divided by their number (Bonferroni).
    """
    if pair not in baseline:
        return {"first_share": np.nan, "first_median": np.nan, "verdict": "undefined"}
    found = paired(baseline[pair].astype(np.float64), days.astype(np.float64), never=True)
    told = found.verdict
    if told in ("higher", "lower") and not found.chance < CHANCE / n_pairs:
        told = "luck"
    return {
        "first_share": float(np.isfinite(baseline[pair]).mean()),
        "first_median": found.first,
        "difference": found.middle,
        "low": found.low,
        "high": found.high,
        "share": found.share,
        "chance": found.chance,
        "verdict": told,
    }


def _days_of(setting: Setting, runs: Simulated, codes: Sequence[str], acts: list[Act]) -> Singles:
    """Return the first days of some acts of some senders, ascending, (n_runs, n_pairs)."""
    seats = [setting.sender_codes.index(code) for code in codes]
    places = [setting.find_act(*act) for act in acts]
    chosen = runs.first[:, seats][:, :, places]
    days: Singles = np.sort(chosen.reshape(len(chosen), -1), axis=1)
    return days


def _mean_of_earliest(days: Singles, numbers: Ints) -> Floats:
    """Return the mean of so many of the earliest days of every run, nan for none of them.

    Parameters
    ----------
    days : (n_runs, n_pairs)
        Ascending.
    numbers : (n_runs,)
    """
    summed = np.cumsum(days, axis=1, dtype=np.float64)[np.arange(len(days)), numbers - 1]
    return np.where(numbers > 0, summed / np.maximum(numbers, 1), np.nan)
