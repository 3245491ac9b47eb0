"""Runs followed step by step: what the tables of a run do not hold but some facts are about.

Axis order: `(runs, steps, ...)`, then the axes of the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from sim.arrays import Floats
from sim.engine.exact import covered_now
from sim.engine.run import Run
from sim.setting import Setting
from sim.sweep.progress import Progress

RUSSIA = "RUS"


@dataclass(frozen=True, slots=True)
class Watched:
    """Runs of one setting, their state at the end of every step.

    Attributes
    ----------
    setting : Setting
    events : list of list of dict
        Rows of `events.csv`, by run.
    covered : (n_runs, n_steps, n_senders, n_targets, n_channels, n_sectors) float64
    leak : (n_runs, n_steps, n_targets) float64
    carried : (n_runs, n_steps, n_targets, n_states) float64
        Share of covered trade that arrives through each state.
    hub_bought_bn : (n_runs, n_steps, n_targets, n_states) float64
        What each state buys of the senders for a target, USD billion a year.
    log_rate : (n_runs, n_steps) float64
        Log of rubles per dollar over what it was.
    """

    setting: Setting
    events: list[list[dict[str, Any]]]
    covered: Floats
    leak: Floats
    carried: Floats
    hub_bought_bn: Floats
    log_rate: Floats

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

    def monthly(self, series: Floats, month: tuple[int, int]) -> Floats:
        """Return the mean of a series over the steps that end in a month, (n_runs,).

        Parameters
        ----------
        series : (n_runs, n_steps) float64
        month : (year, month)
        """
        inside = [(end.year, end.month) == month for end in self.dates]
        return series[:, inside].mean(axis=1) if any(inside) else np.full(len(series), np.nan)

    def first(self, kinds: tuple[str, ...], actor: str, instrument: str) -> Floats:
        """Return the day of the first such event of each run, (n_runs,), infinite for never."""
        return np.array(
            [
                min(
                    (row["day"] for row in self.matching(run, kinds, actor, instrument)),
                    default=np.inf,
                )
                for run in range(len(self.events))
            ]
        )

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
        trade = {"covered": effect.covered, "maturity": effect.maturity}
        now = {
            "covered": covered_now(setting, trade),
            "leak": effect.leak.copy(),
            "carried": effect.carried.copy(),
            "hub_bought_bn": effect.hub_bought_bn.copy(),
            "log_rate": float(effect.log_rate[russia]),
        }
        for name, value in now.items():
            series.setdefault(name, []).append(value)
    rows: Any = run.history().events.to_dict("records")
    return rows, series
