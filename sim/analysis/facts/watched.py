"""Runs followed step by step: what the tables of a run do not hold but some facts are about.

Axis order: `(runs, steps, ...)`, then the axes of the model.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.engine.exact import covered_now
from sim.engine.run import Run
from sim.setting import Setting
from sim.sweep.progress import Progress

RUSSIA = "RUS"
STANDING = (
    "covered", "held", "withheld", "withheld_third", "maturity", "closure", "leak", "payment_bn",
)  # fmt: skip
SERIES = (
    "held", "withheld", "withheld_third", "maturity", "leak", "carried", "hub_bought_bn",
    "payment_bn", "loss", "export_bn", "export_lost", "price_log", "revenue_bn", "imports_lost",
    "fuels_change", "others_change", "in_effect", "answered",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watched:
    """Runs of one setting, their state at the end of every step.

    Axes after runs and steps are those of `sim.engine.state.Effect`, whose numbers these are.
    """

    setting: Setting
    events: list[list[dict[str, Any]]]  # rows of `events.csv`, by run
    # (n_runs, n_steps, n_senders, n_targets, n_channels, n_sectors) At the elasticities of the day.
    covered: Floats
    held: Floats  # (n_runs, n_steps, n_senders, n_targets, 2, n_sectors)
    withheld: Floats  # (n_runs, n_steps, n_targets, 2)
    withheld_third: Floats  # the same of third states
    maturity: Floats  # (n_runs, n_steps, n_targets, n_sectors)
    closure: Floats  # (n_runs, n_steps)
    leak: Floats  # (n_runs, n_steps, n_targets)
    # (n_runs, n_steps, n_targets, n_states) Share of missing trade that arrives through each state,
    # and what each buys of the senders for a target, USD billion a year.
    carried: Floats
    hub_bought_bn: Floats
    payment_bn: Floats  # (n_runs, n_steps, n_states)
    loss: Floats  # (n_runs, n_steps, n_states)
    export_bn: Floats  # (n_runs, n_steps, n_targets, n_sectors)
    export_lost: Floats  # (n_runs, n_steps, n_targets, n_sectors)
    price_log: Floats  # (n_runs, n_steps, n_sectors)
    # (n_runs, n_steps, n_targets)
    revenue_bn: Floats
    imports_lost: Floats
    fuels_change: Floats
    others_change: Floats
    in_effect: Ints  # (n_runs, n_steps, n_senders, n_acts)
    answered: Flags  # (n_runs, n_steps, n_targets, n_answers, n_senders)
    log_rate: Floats  # (n_runs, n_steps) log of rubles per dollar over what it was
    # Imports in the equilibria of runs and steps that have been asked for.
    solved: dict[tuple[int, int], tuple[Floats, Floats]] = field(init=False, default_factory=dict)

    @property
    def dates(self) -> list[date]:
        """The last day of every step."""
        every = self.setting.config.scenario.step_days
        steps = self.log_rate.shape[1]
        return [self.setting.date_of((step + 1) * every - 1) for step in range(steps)]

    @property
    def russia(self) -> int:
        """Russia's position among the targets."""
        return list(self.setting.config.scenario.targets).index(RUSSIA)

    def step_by(self, day: date) -> int:
        """Return the last step that has ended by a date, or the first."""
        return max(sum(end <= day for end in self.dates) - 1, 0)

    def inside(self, first: str, last: str) -> list[int]:
        """Return the steps that end in the months from one to another, as in 2022-04."""
        return [k for k, end in enumerate(self.dates) if first <= f"{end:%Y-%m}" <= last]

    def months(self, series: Floats, first: str, last: str) -> Floats:
        """Return the mean of a series over the steps that end in some months, (n_runs,).

        Parameters
        ----------
        series : (n_runs, n_steps) float64
        first, last : str
            As in 2022-04; nan if the run has none of them.
        """
        return mean_of(series[:, self.inside(first, last)])

    def of_2022(self, series: Floats) -> Floats:
        """Return the mean of a series over 2022, (n_runs,); before the first day it is nothing."""
        of_steps = series[:, self.inside("2022-01", "2022-12")]
        return of_steps.sum(axis=1) * self.setting.config.scenario.step_days / 365.0

    def standing(self, run: int, step: int) -> dict[str, Floats]:
        """Return what stands at the end of a step, for `sim.engine.exact.equilibrium_at_end`."""
        end = {name: getattr(self, name)[run, step] for name in STANDING}
        return {**end, "covered": np.stack([end["covered"]] * 2)}

    def first(self, kinds: tuple[str, ...], actor: str, instrument: str) -> Floats:
        """Return the day of the first such event of each run, (n_runs,), infinite for never."""
        runs = (self.matching(run, kinds, actor, instrument) for run in range(len(self.events)))
        return np.array([min((row["day"] for row in rows), default=np.inf) for rows in runs])

    def matching(
        self, run: int, kinds: tuple[str, ...], actor: str, instrument: str = ""
    ) -> list[dict[str, Any]]:
        """Return the events of a run by kind, actor and, if given, instrument, as they happened."""
        return [
            row
            for row in self.events[run]
            if row["kind"] in kinds
            and row["actor"] == actor
            and instrument in ("", row["instrument"])
        ]


def mean_of(of_steps: Floats) -> Floats:
    """Return the mean over steps, (n_runs,); nan without any."""
    return of_steps.mean(axis=1) if of_steps.shape[1] else np.full(len(of_steps), np.nan)


def watch(setting: Setting, runs: int, progress: Progress) -> Watched:
    """Return the first runs of a setting, followed from start to end."""
    followed = []
    for run in range(runs):
        with progress.part(f"run {run}, step by step"):
            followed.append(_follow(setting, run))
    series = {name: np.array([each[1][name] for each in followed]) for name in followed[0][1]}
    return Watched(setting, [each[0] for each in followed], **series)


def _follow(setting: Setting, number: int) -> tuple[list[dict[str, Any]], dict[str, list[Any]]]:
    """Return the events of a run and its series."""
    run = Run(setting, setting.config.seed, number)
    effect, russia = run.state.effect, list(setting.config.scenario.targets).index(RUSSIA)
    series: dict[str, list[Any]] = {}
    for _ in range(setting.config.scenario.steps):
        run.advance(setting.config.scenario.step_days)
        now = {name: getattr(effect, name).copy() for name in SERIES}
        now["covered"] = covered_now(setting, {"covered": effect.covered, **now})
        now["closure"] = float(effect.closure)
        now["log_rate"] = float(effect.log_rate[russia])
        for name, value in now.items():
            series.setdefault(name, []).append(value)
    rows: Any = run.history().events.to_dict("records")
    return rows, series
