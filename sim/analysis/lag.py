"""The rule that copies the average lag behind a leader: what a model of who follows must beat.

It is given more than any model: the day on which the leader acts, and averages of the very record
that is scored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.estimate import rows_of
from sim.analysis.forecast import DAYS, Cells, Ints
from sim.analysis.likelihood import Floats, log_likelihoods

if TYPE_CHECKING:
    import pandas as pd

HALF = 0.5  # an adoption that is added where a rate would be 0


def lag_forecast(cells: Cells, leaders: list[str]) -> Floats:
    """Return the forecast from the start, (n_cells, n_weeks + 1).

    Days are spread about the leader's day plus the mean lag as exp(-|distance| / mean deviation),
    as many adopt as in the record. Where no leader acts, and for the leader itself, the hazard is
    the record's average for such cells.

    Parameters
    ----------
    cells : Cells
    leaders : list of str
    """
    led = leaders_days(cells, leaders)
    follows = (led >= 0) & ~np.isin(cells.actor, leaders)
    share = np.zeros((cells.day.size, cells.n_weeks + 1))
    for group in (np.isin(cells.actor, leaders), ~follows & ~np.isin(cells.actor, leaders)):
        if group.any():
            share[group] = _constant(cells.some(group))
    if follows.any():
        share[follows] = _lagged(cells.some(follows), led[follows])
    return share


def leaders_days(cells: Cells, leaders: list[str]) -> Ints:
    """Return the first day on which a leader announced each cell's act, -1 for never."""
    led = np.full(cells.day.size, -1)
    for act in np.unique(cells.act):
        same = cells.act == act
        days = cells.day[same & np.isin(cells.actor, leaders) & (cells.day >= 0)]
        led[same] = days.min() if days.size else -1
    return led


def _lagged(cells: Cells, led: Ints) -> Floats:
    mean, deviation = average_lag(cells, led)
    # As if one more had adopted and one more had not: no share is 0.
    ever = (cells.events + 1.0) / (cells.weight.sum() + 2.0)
    calendar = np.arange(cells.last_day + 1)
    near = np.exp(-np.abs(calendar[None, :] - (led + mean)[:, None]) / deviation) + 1e-6
    near *= ever / near.sum(axis=1, keepdims=True)
    weeks = np.add.reduceat(near, np.arange(0, calendar.size, DAYS), axis=1)
    return np.column_stack([weeks, np.full(len(weeks), 1.0 - ever)])


def _constant(cells: Cells) -> Floats:
    """Return the forecast of one constant hazard, that of the record."""
    waited = np.where(cells.day >= 0, cells.day + 1, cells.last_day + 1)
    rate = (cells.events + 0.5) / float(cells.weight @ waited)
    edges = np.minimum(np.arange(cells.n_weeks + 1) * DAYS, cells.last_day + 1)
    survival = np.exp(-rate * edges)
    row = np.r_[survival[:-1] - survival[1:], survival[-1]]
    return np.tile(row, (cells.day.size, 1))


def average_lag(cells: Cells, led: Ints) -> tuple[float, float]:
    """Return the mean lag behind the leader and the mean deviation from it, in days.

    Parameters
    ----------
    led : (n_cells,) int64
        The leader's day.
    """
    adopted = cells.day >= 0
    if not adopted.any():
        return 0.0, 1.0
    lags, weight = (cells.day - led)[adopted].astype(np.float64), cells.weight[adopted]
    mean = float(np.average(lags, weights=weight))
    return mean, max(float(np.average(np.abs(lags - mean), weights=weight)), 1.0)


def lag_hazards(table: pd.DataFrame, leaders: list[str]) -> Floats:
    """Return the log hazard per week of each period, one step ahead, (n_rows,).

    One constant hazard each for leaders, for followers before the leader has acted, within the
    average lag after it, and later: the rates of the record.
    """
    stage = _stages(table, leaders)
    rows = rows_of(table)
    eta = np.zeros(len(table))
    for name in np.unique(stage):
        here = stage == name
        seen = float(rows.weight[here] @ rows.event[here]) + HALF
        eta[here] = np.log(DAYS * seen / float(rows.weight[here] @ rows.days[here]))
    return eta


def lag_log_score(table: pd.DataFrame, leaders: list[str]) -> float:
    """Return the log probability of a table under `lag_hazards`, summed."""
    return float(log_likelihoods(lag_hazards(table, leaders), rows_of(table)).sum())


def _stages(table: pd.DataFrame, leaders: list[str]) -> np.ndarray:
    """Return 0 for leaders, 1 before the leader, 2 within the average lag after it, 3 later."""
    leads = table["actor"].isin(leaders).to_numpy()
    acted = table[leads & (table["event"] > 0)].groupby(["instrument", "target"])["day"].min()
    acts = table.set_index(["instrument", "target"]).index
    led = acted.reindex(acts).fillna(np.inf).to_numpy(dtype=np.float64)
    since = table["day"].to_numpy(dtype=np.float64) - led
    follows = (table["event"].to_numpy() > 0) & ~leads & (since > 0)
    weight = table["weight"].to_numpy(dtype=np.float64)
    mean = float(np.average(since[follows], weights=weight[follows])) if follows.any() else 0.0
    stage = np.where(since <= 0, 1, np.where(since <= mean, 2, 3))
    return np.where(leads, 0, stage)
