"""Comparisons made: settings simulated over the same draws, and each held against the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.comparable import Shared, shared
from sim.analysis.compare.coefficients import drawn, posteriors
from sim.analysis.compare.comparison import (
    MOST_RUNS,
    SHARED_ACTS,
    SHARED_DAY,
    SHARED_LOSS,
    Compared,
    Comparison,
    fields_of,
    flat,
)
from sim.analysis.compare.simulated import Pair, Simulated, Singles, Tick, pairs_of, simulated
from sim.analysis.paired import CHANCE, band, paired
from sim.arrays import Floats, Ints
from sim.codes import YEAR
from sim.config import Config
from sim.engine.exact import exact_names
from sim.errors import InputError
from sim.outcomes import EXACT, OF_RUN, OF_STEP, Quantity
from sim.setting import Setting, prepare, setting_of
from sim.variants import Variant
from sim.versions import versions
from sim.world import World

if TYPE_CHECKING:
    from sim.analysis.estimate import Estimate

MOST_VARIANTS = 6
ENDS = ("low", "median", "high")  # of a band
Act = tuple[str, str]  # measure, target


def compare(
    variants: Sequence[Variant],
    runs: int = 500,
    tick: Tick | None = None,
    posterior: bool = False,
) -> Comparison:
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
    posterior : bool
        Draw coefficients too: run k of every setting has the k-th draw of their posterior.

    Raises
    ------
    InputError
        Too few or too many variants or runs, one named twice, two that are the same, or settings
        that cannot be compared: of another world, seed or first day, or without a common target.
    """
    check(variants, runs)
    whole = [setting_of(one.config) for one in variants]
    common = shared(whole, [variant.label for variant in variants])
    settings = [
        one if one.n_days == common.n_days else prepare(one.world, common.cut(one.config))
        for one in whole
    ]
    learnt = posteriors(settings, runs) if posterior else [None] * len(settings)
    return _Made(tuple(variants), settings, common, runs, learnt).comparison(tick)


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
    if without_names(a) | {"scenario.steps": b.scenario.steps} == without_names(b):
        raise InputError(
            f"compare: nothing differs between {both}: on the days of both they are the same "
            "setting under two names; turn a lever in one of them"
        )
    if a.seed != b.seed:
        raise InputError(
            f"compare: the draws of {both} are not the same (seed {a.seed}, {b.seed}), so luck "
            "would not cancel; give one seed for all"
        )


def without_names(config: Config) -> dict[str, Any]:
    """Return a configuration without what it is called and what moves no run."""
    return flat(asdict(config))


class _Made(NamedTuple):
    """A comparison while it is made."""

    variants: tuple[Variant, ...]
    settings: list[Setting]
    common: Shared
    runs: int
    learnt: Sequence[Estimate | None]  # of each setting, where coefficients are drawn

    @property
    def world(self) -> World:
        return self.settings[0].world

    def comparison(self, tick: Tick | None) -> Comparison:
        setting = self.settings[0]
        frames: dict[str, list[pd.DataFrame]] = {name: [] for name in ("outcomes", *_MAKERS)}
        first = None
        for variant, own, learnt in zip(self.variants, self.settings, self.learnt, strict=True):
            runs = simulated(own, self.runs, tick, drawn(own, learnt) if learnt else None)
            first = first or runs
            outcomes = self._outcomes(own, runs, first)
            made = {"outcomes": outcomes} | {
                name: make(self, own, runs, first) for name, make in _MAKERS.items()
            }
            for name, frame in made.items():
                frame.insert(0, "variant", variant.label)
                frames[name].append(frame)
        return Comparison(
            variants=tuple(
                Compared(one.label, one.words, own.sender_codes, asdict(one.config))
                for one, own in zip(self.variants, self.settings, strict=True)
            ),
            runs=self.runs,
            seed=setting.config.seed,
            start=setting.start.isoformat(),
            n_days=self.common.n_days,
            names={code: name for own in self.settings for code, name in own.names.items()},
            targets=self.common.targets,
            world=setting.config.world.folder,
            notes=self.common.notes,
            versions=versions(setting),
            posterior=any(self.learnt),
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

    def _outcomes(self, setting: Setting, runs: Simulated, first: Simulated) -> pd.DataFrame:
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
                apart = band(mine[quantity] - theirs[quantity])
            columns: dict[str, Any] = {
                "quantity": quantity,
                "step": np.arange(len(dates)),
                "date": dates,
            }
            for before, ends in (("", band(mine[quantity])), ("difference_", apart)):
                columns |= zip((f"{before}{end}" for end in ENDS), ends, strict=True)
            parts.append(pd.DataFrame(columns))
        return pd.concat(parts, ignore_index=True)

    def _every(self, setting: Setting) -> int:
        """Return how many steps of a setting make one of those that all share."""
        return self.common.step_days // setting.config.scenario.step_days

    def _states(self, setting: Setting, runs: Simulated, first: Simulated) -> pd.DataFrame:
        rows = []
        for n, code in enumerate(self.world.states):
            found = paired(first.loss[:, n], runs.loss[:, n])
            about = {"state": code, "name": self.world.names[n], "role": setting.roles[n]}
            gdp = {"gdp_bn": float(self.world.gdp_bn[n])}
            rows.append(about | gdp | fields_of(found))
        return pd.DataFrame(rows)

    def _measures(self, setting: Setting, runs: Simulated, first: Simulated) -> pd.DataFrame:
        baseline = pairs_of(self.settings[0], first.first)
        mine = pairs_of(setting, runs.first)
        labels = self.world.labels
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
        **{name: getattr(found, name) for name in ("low", "high", "share", "chance")},
        "verdict": told,
    }


def _days_of(setting: Setting, runs: Simulated, codes: Sequence[str], acts: list[Act]) -> Singles:
    """Return the first days of some acts of some senders, ascending, (n_runs, n_pairs)."""
    seats = [setting.sender_codes.index(code) for code in codes]
    places = [setting.find_act(*act) for act in acts]
    chosen = runs.first[:, seats][:, :, places]
    return np.sort(chosen.reshape(len(chosen), -1), axis=1)


def _mean_of_earliest(days: Singles, numbers: Ints) -> Floats:
    """Return the mean of so many of the earliest days of every run, nan for none of them.

    Parameters
    ----------
    days : (n_runs, n_pairs)
        Ascending.
    numbers : (n_runs,)
    """
    summed = np.cumsum(np.insert(days, 0, 0.0, axis=1), axis=1, dtype=np.float64)
    chosen = summed[np.arange(len(days)), numbers]
    return np.where(numbers > 0, chosen / np.maximum(numbers, 1), np.nan)
