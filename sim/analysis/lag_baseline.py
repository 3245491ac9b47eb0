"""The rule that copies the average lag behind a leader: what a model of who follows must beat.

It is given more than any model: the day on which the leader acts, and averages of the very record
that is scored.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.forecast import DAYS, Cells, constant_forecast
from sim.arrays import Floats, Ints

FOLLOWS = 2
HALF = 0.5  # an adoption that is added where a rate would be 0


def lag_forecast(cells: Cells, leaders: list[str], known: Cells | None = None) -> Floats:
    """Return the forecast from the start, (n_cells, n_weeks + 1).

    Days are spread about the leader's day plus the mean lag as exp(-|distance| / mean deviation),
    as many adopt as in the record. Where no leader acts, and for the leader itself, the hazard is
    the record's average for such cells.

    Parameters
    ----------
    known : Cells, optional
        The cells as a record knows them from which lags and rates are learnt; else `cells`.
    """
    known = cells if known is None else known
    share = np.zeros((cells.day.size, cells.n_weeks + 1))
    for kind in range(3):
        chosen, learnt = _kind(cells, leaders) == kind, _kind(known, leaders) == kind
        if not chosen.any():
            continue
        sample = known.some(learnt) if learnt.any() else known
        if kind == FOLLOWS and learnt.any():
            lag = average_lag(sample, leaders_days(known, leaders)[learnt])
            day = leaders_days(cells, leaders)[chosen]
            share[chosen] = _lagged(cells.some(chosen), day, sample, *lag)
        else:
            share[chosen] = constant_forecast(cells.some(chosen), _rate(sample))
    return share


def _kind(cells: Cells, leaders: list[str]) -> Ints:
    """Return 0 for leaders, 1 for followers of no leader, 2 for those of one."""
    return np.where(
        np.isin(cells.actor, leaders), 0, 1 + (leaders_days(cells, leaders) >= 0).astype(np.int64)
    )


def leaders_days(cells: Cells, leaders: list[str]) -> Ints:
    """Return the first day on which a leader announced each cell's act, -1 for never."""
    led = np.full(cells.day.size, -1)
    for act in np.unique(cells.act):
        same = cells.act == act
        days = cells.day[same & np.isin(cells.actor, leaders) & (cells.day >= 0)]
        led[same] = days.min() if days.size else -1
    return led


def _lagged(cells: Cells, day: Ints, known: Cells, mean: float, deviation: float) -> Floats:
    # As if one more had adopted and one more had not: no share is 0.
    ever = (known.events + 1.0) / (known.weight.sum() + 2.0)
    calendar = np.arange(cells.last_day + 1)
    near = np.exp(-np.abs(calendar[None, :] - (day + mean)[:, None]) / deviation) + 1e-6
    near *= ever / near.sum(axis=1, keepdims=True)
    weeks = np.add.reduceat(near, np.arange(0, calendar.size, DAYS), axis=1)
    return np.column_stack([weeks, np.full(len(weeks), 1.0 - ever)])


def _rate(cells: Cells) -> float:
    """Return the log hazard per week of cells, half an adoption added."""
    waited = np.where(cells.day >= 0, cells.day, cells.last_day) + 1 - cells.begin
    return float(np.log(DAYS * (cells.events + HALF) / float(cells.weight @ waited)))


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


class LagRates(NamedTuple):
    """Log hazards per week of leaders, before them, within the average lag after them, later."""

    lag: float  # mean days behind the leader of those who followed
    rates: Floats  # (4,)

    def log_hazards(self, table: pd.DataFrame) -> Floats:
        """Return the log hazard of each row, (n_rows,)."""
        return self.rates[_stages(table, self.lag)]


def learn_lag(table: pd.DataFrame) -> LagRates:
    """Return the rates of a table of first announcements; of a stage without days, all's."""
    since, event = table["since_lead"].to_numpy(), table["event"].to_numpy()
    weight = table["weight"].to_numpy(dtype=np.float64)
    follows = (event > 0) & (since > 0) & np.isfinite(since)
    lag = float(np.average(since[follows], weights=weight[follows])) if follows.any() else 0.0
    stage = _stages(table, lag)
    days = np.bincount(stage, weight, 4)
    seen = np.bincount(stage, weight * event, 4) + HALF
    all_stages = seen.sum() / days.sum()
    rate = np.divide(seen, days, out=np.full(4, all_stages), where=days > 0.0)
    return LagRates(lag, np.log(DAYS * rate))


def _stages(table: pd.DataFrame, lag: float) -> Ints:
    """Return 0 for leaders, 1 before the leader, 2 within the average lag after it, 3 later."""
    since = table["since_lead"].to_numpy(dtype=np.float64)
    later: Ints = np.where(since <= 0.0, 1, np.where(since <= lag, 2, 3))
    return np.where(np.isnan(since), 0, later)
