"""Ensembles of a history's setting under any shipped rule."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.contenders import VARIANTS, starts
from sim.analysis.forecast import DAYS, Cells, Ints, cells_of, foretold, shares
from sim.analysis.history import History
from sim.analysis.likelihood import Floats
from sim.analysis.rivals import rule_of
from sim.analysis.splits import SPLITS
from sim.config import Config, Rule
from sim.ensemble import simulate
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd


def forecast(
    world: World, history: History, rule: Rule, cells: Cells, runs: int
) -> tuple[Floats, Ints]:
    """Return what an ensemble from the start foretells.

    Parameters
    ----------
    world : World
    history : History
        Its configuration is simulated, up to the last day of its record.
    rule : Rule
    cells : Cells
    runs : int

    Returns
    -------
    share : (n_cells, n_weeks + 1) float64
    days : (n_cells, n_runs) int64
    """
    ensemble = simulate(world, _configured(history, rule), runs)
    days = foretold(ensemble.announced.astype(np.int64), cells)
    return shares(days, cells), days


def _configured(history: History, rule: Rule) -> Config:
    """Return the configuration of a history with a rule, no longer than its record."""
    config = copy.deepcopy(history.setting.config)
    config.rule = rule
    scenario = config.scenario
    if not scenario.events and not scenario.imposed:  # which may be dated later
        scenario.steps = min(
            scenario.steps, -(-(history.record.last_day + 1) // scenario.step_days)
        )
    return config


def simulated_splits(world: World, history: History, until: int, runs: int) -> pd.DataFrame:
    """Return the log score of the rules' variants from the start, one column per split.

    In nats an adoption. The rule's coefficients are learnt one step ahead from the part that is not
    scored; the runs know no date.
    """
    import pandas as pd

    begin = starts(history.table)
    return pd.DataFrame(
        {
            split: {
                name: _split_score(world, history, name, begin.get(name), split, until, runs)
                for name in VARIANTS
            }
            for split in SPLITS
        }
    )


def _split_score(
    world: World,
    history: History,
    name: str,
    start: Rule | None,
    split: str,
    until: int,
    runs: int,
) -> float:
    cells, table = cells_of(history), history.table
    rule_name, variant = VARIANTS[name]

    def learnt(part: pd.DataFrame) -> Rule:
        return rule_of(part, rule_name, start, variant)

    if split == "in sample":
        share, _ = forecast(world, history, learnt(table), cells, runs)
        return _log_score(share, cells)
    if split == "after the date":
        rule = learnt(table[table["day"] <= until])
        return _score_after(*forecast(world, history, rule, cells, runs), cells, until)
    by_measure = "measure" in split
    column = table["instrument" if by_measure else "body"]
    part = cells.measure if by_measure else cells.body(history.setting)
    total = 0.0
    for left_out in sorted(set(column)):
        rule = learnt(table[column != left_out])
        scored = cells.some(part == left_out)
        share, _ = forecast(world, history, rule, scored, runs)
        total += _log_score(share, scored) * scored.events if scored.events else _sum(share, scored)
    return total / cells.events


def _sum(share: Floats, cells: Cells) -> float:
    return float(cells.weight @ np.log(share[np.arange(len(share)), cells.category()]))


def _log_score(share: Floats, cells: Cells) -> float:
    return _sum(share, cells) / cells.events


def _score_after(share: Floats, days: Ints, cells: Cells, until: int) -> float:
    """Return the score of what came after a day, given that it had not come by then.

    Runs in which an act came by that day say nothing of when it would have come later.
    """
    late = (cells.day < 0) | (cells.day > until)
    later, total = cells.some(late), 0.0
    for row, runs in enumerate(days[late]):
        left = np.where((runs < 0) | (runs > until), runs, -2)
        chosen = left[left > -2][None, :]
        one = later.some(np.arange(later.day.size) == row)
        chance = shares(chosen, one)
        first = (until + 1) // DAYS
        chance[:, :first] = 0.0
        total += _sum(chance / chance.sum(), one)
    return total / later.events
