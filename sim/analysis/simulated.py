"""Ensembles of a history's setting under any shipped rule."""

from __future__ import annotations

import copy

import numpy as np

from sim.analysis.forecast import Cells, foretold
from sim.analysis.history import History
from sim.arrays import Ints
from sim.config import Config, Rule
from sim.engine import simulate
from sim.sweep.progress import Progress
from sim.world import World


def simulated_days(world: World, history: History, rule: Rule, cells: Cells, runs: int) -> Ints:
    """Return the day of each cell in each run of an ensemble from the start, (n_cells, n_runs).

    Parameters
    ----------
    world : World
    history : History
        Its configuration is simulated, up to the last day of its record.
    rule : Rule
    cells : Cells
    runs : int
    """
    with Progress(1, "ensemble") as progress, progress.part(f"{runs} runs of {rule.name}"):
        ensemble = simulate(world, _configured(history, rule), runs)
    return foretold(ensemble.announced.astype(np.int64), cells)


def _configured(history: History, rule: Rule) -> Config:
    """Return the configuration of a history with a rule, no longer than its record."""
    config = copy.deepcopy(history.setting.config)
    config.rule = rule
    scenario = config.scenario
    if not scenario.events and not scenario.imposed:  # which may be dated later
        days = history.record.last_day + 1
        scenario.steps = min(scenario.steps, -(-days // scenario.step_days))
    return config
