"""Forecasts from the start, held against the days that the record gives.

A cell is one actor with one act. Its forecast is a share of runs for each week, in which the act
was first announced; no run knows a date. Axis order `(cells, runs)` and `(cells, weeks)`; the last
of the weeks stands for not by the last day of the record.

References
----------
.. [1] Czado, Gneiting and Held (2009), Predictive model assessment for count data, Biometrics 65.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.history import History
from sim.analysis.paired import BAND
from sim.arrays import Flags, Floats, Ints
from sim.setting import Setting

DAYS = 7


class Cells(NamedTuple):
    """What is foretold and what happened."""

    # (n_cells,) A sender of the setting (for a council one of its members) and an act.
    seat: Ints
    act: Ints
    # (n_cells,) The measure without its target.
    actor: NDArray[np.str_]
    measure: NDArray[np.str_]
    day: Ints  # (n_cells,) of the first announcement, -1 for none by `last_day`
    weight: Floats  # (n_cells,)
    begin: Ints  # (n_cells,) first day at risk
    last_day: int

    @property
    def n_weeks(self) -> int:
        """Number of weeks up to the last day of the record, the last of them perhaps cut."""
        return self.last_day // DAYS + 1

    @property
    def events(self) -> float:
        """Number of adoptions, a union's counted once."""
        return float(self.weight[self.day >= 0].sum())

    def category(self) -> Ints:
        """Return the week of each cell's day, `n_weeks` for never."""
        return np.where(self.day >= 0, self.day // DAYS, self.n_weeks)

    def known_by(self, day: int) -> Cells:
        """Return what is known of the cells on a day."""
        return self._replace(day=np.where(self.day <= day, self.day, -1), last_day=day)

    def after(self, day: int) -> Cells:
        """Return the cells without announcement up to a day, at risk from the next."""
        left = self.some((self.day < 0) | (self.day > day))
        return left._replace(begin=np.maximum(left.begin, day + 1))

    def some(self, chosen: Flags) -> Cells:
        """Return some of the cells."""
        return Cells._make([*(column[chosen] for column in self[:-1]), self.last_day])


class Scores(NamedTuple):
    """How a forecast did."""

    # Log probability of the weeks in which things happened, or did not, over the number of
    # adoptions.
    log_score: float
    log_score_error: float  # its standard error from the number of runs; 0 without runs
    # Mean squared error of the chance that an act has been announced by the end of a week.
    brier: float
    # Share of pairs of actors whose order in a measure is foretold, ties counting one half.
    concordance: float
    # Median absolute error of the median day over adoptions; a forecast of never counts as the day
    # after the last.
    days_off: float
    coverage: float  # share of adoptions on a day within the 80 % band, its ends among them
    # Share of what was foretold for the days of adoptions that lies in its middle 80 %: where days
    # tie with the ends of the band, as much of them as makes it 80 % [1]_.
    central: float


def cells_of(history: History) -> Cells:
    """Return the cells that were ever at risk and are known to the last day of the record.

    Without those of a union's members for what its council decides for them: their own acts before
    it are in the person-period table.
    """
    setting, found = history.setting, []
    for key, part in history.table.groupby(["actor", "instrument", "target"], sort=True):
        actor, instrument, target = (str(word) for word in key)
        act, first, last = setting.find_act(instrument, target), part.iloc[0], part.iloc[-1]
        is_member = first["body"] != actor
        if is_member and setting.menu.agenda[_council_of(setting, first["body"]), act]:
            continue
        if last["event"] or last["day"] == history.record.last_day:
            seat, day = seat_of(setting, actor, act), last["day"] if last["event"] else -1
            found.append((seat, act, actor, instrument, day, first["weight"], first["day"]))
    columns: list[Any] = [np.array(column) for column in zip(*found, strict=True)]
    return Cells._make([*columns, history.record.last_day])


def seat_of(setting: Setting, actor: str, act: int) -> int:
    """Return the position of a sender, or of a member of a council that decides for it."""
    if actor in setting.sender_codes:
        return setting.sender_codes.index(actor)
    members = setting.councils[_council_of(setting, actor)].members
    is_open = setting.menu.is_open[members, act]
    return int(members[np.argmax(is_open)])


def _council_of(setting: Setting, code: str) -> int:
    return [council.institution.code for council in setting.councils].index(code)


def foretold(announced: Ints, cells: Cells) -> Ints:
    """Return the day of each cell in each run, (n_cells, n_runs); -1 for not by the last day.

    Parameters
    ----------
    announced : (n_runs, n_senders, n_acts) int64
        Of an ensemble.
    """
    days = announced[:, cells.seat, cells.act].T
    return np.where(days <= cells.last_day, days, -1)


def shares(days: Ints, cells: Cells) -> Floats:
    """Return the forecast of each cell, (n_cells, n_weeks + 1); no share is 0.

    One run beside those simulated is shared out equally among the weeks.
    """
    n_weeks = cells.n_weeks
    category = np.where(days >= 0, days // DAYS, n_weeks)
    counts = np.array([np.bincount(row, minlength=n_weeks + 1) for row in category])
    return (counts + 1.0 / (n_weeks + 1)) / (days.shape[1] + 1.0)


def scores(share: Floats, cells: Cells, days: Ints | None = None, n_rules: int = 1) -> Scores:
    """Return how a forecast did.

    Parameters
    ----------
    share : (n_cells, n_weeks + 1) float64
    days : (n_cells, n_runs) int64, optional
        The runs themselves, for order, error and band in days; without them weeks serve.
    n_rules : int
        Run k has rule k modulo `n_rules`. Where there are several, runs of one are not independent.
    """
    is_exact = days is None
    if days is None:
        days = _days_of_weeks(share, cells)
    never = cells.last_day + 1
    time = np.where(days >= 0, days, never).astype(np.float64)
    happened = cells.day >= 0
    counts, seen = cells.weight[happened], cells.day[happened]
    off = np.abs(np.median(time, axis=1)[happened] - seen)
    low, high = np.quantile(time, BAND, axis=1, method="inverted_cdf")
    within = (low[happened] <= seen) & (seen <= high[happened])
    chance = share[np.arange(len(share)), cells.category()]
    central = middle(time[happened], seen)
    return Scores(
        log_score=float(cells.weight @ np.log(chance)) / cells.events,
        log_score_error=0.0 if is_exact else _error(days, chance, cells, n_rules),
        brier=float(np.average(_squares(share, cells), weights=cells.weight)),
        concordance=concordance(time.mean(axis=1), cells),
        days_off=float(np.quantile(off, 0.5, weights=counts, method="inverted_cdf")),
        coverage=float(np.average(within, weights=counts)),
        central=float(np.average(central, weights=counts)),
    )


def middle(time: Floats, seen: Ints) -> Floats:
    """Return how much of the runs' ranks on the day seen lies between 10 % and 90 %, (n_cells,).

    A day of whole days has no one rank in a forecast but all from the share of runs before it to
    the share by its end; a forecast that is right has 80 % of them in the middle, on average.

    Parameters
    ----------
    time : (n_cells, n_runs) float64
        Days of the runs.
    seen : (n_cells,) int64
        A day that no run has counts as one on the border of those around it.
    """
    before, by = (time < seen[:, None]).mean(axis=1), (time <= seen[:, None]).mean(axis=1)
    by = np.maximum(by, before + 1e-9)
    return np.clip(np.minimum(by, BAND[1]) - np.maximum(before, BAND[0]), 0.0, None) / (by - before)


def constant_forecast(cells: Cells, level: float) -> Floats:
    """Return the forecast of one constant hazard, (n_cells, n_weeks + 1).

    Parameters
    ----------
    level : float
        Log hazard per week.
    """
    edges = np.minimum(np.arange(cells.n_weeks + 1) * DAYS, cells.last_day + 1)
    days = np.maximum(edges[None, :] - cells.begin[:, None], 0)
    survival = np.exp(-np.exp(level) / DAYS * days)
    share = np.column_stack([survival[:, :-1] - survival[:, 1:], survival[:, -1]])
    return np.maximum(share, 1e-12)


def opened(share: Floats, until: int) -> Floats:
    """Return a forecast given that nothing came by a day: whole weeks before it are left out."""
    left = share.copy()
    left[:, : (until + 1) // DAYS] = 0.0
    return left / left.sum(axis=1, keepdims=True)


def _error(days: Ints, chance: Floats, cells: Cells, n_rules: int) -> float:
    """Return the standard error of a log score: rules are independent, cells of one run are not."""
    hits = np.where(days >= 0, days // DAYS, cells.n_weeks) == cells.category()[:, None]
    each = cells.weight @ (hits / chance[:, None])
    if n_rules > 1:
        rule = np.arange(each.size) % n_rules
        each = np.bincount(rule, each) / np.bincount(rule)
    return float(each.std() / np.sqrt(each.size)) / cells.events


def by_week(share: Floats, cells: Cells) -> pd.DataFrame:
    """Return one row per week: at risk, adoptions, mean log score and mean Brier score.

    The log score of a week is that of adopting in it or not among those that had not adopted
    before, so that the weeks of a cell add up to its score.
    """
    category, rows = cells.category(), []
    left = share[:, ::-1].cumsum(axis=1)[:, ::-1]
    for week in range(cells.n_weeks):
        risk = category >= week
        adopts = category[risk] == week
        chance = share[risk, week] / left[risk, week]
        log_score = np.log(np.where(adopts, chance, 1.0 - chance))
        done = share[:, : week + 1].sum(axis=1)
        brier = (done - (category <= week)) ** 2
        weight = cells.weight
        rows.append(
            (
                week + 1,
                weight[risk].sum(),
                weight[risk] @ adopts,
                np.average(log_score, weights=weight[risk]),
                np.average(brier, weights=weight),
            )
        )
    return pd.DataFrame(rows, columns=["week", "at_risk", "adoptions", "log_score", "brier"])


def concordance(expected: Floats, cells: Cells) -> float:
    """Return the share of pairs within a measure whose order is foretold; ties count one half.

    A pair can be told apart if one of the two had adopted before the other did, or did not
    (Harrell, Califf, Pryor, Lee and Rosati 1982, JAMA 247).

    Parameters
    ----------
    expected : (n_cells,) float64
        The earlier, the smaller.
    """
    right = total = 0.0
    for first, second in _ordered_pairs(cells):
        weight = float(cells.weight[first] * cells.weight[second])
        gap = float(expected[second] - expected[first])
        right += weight * (1.0 if gap > 1e-12 else 0.5 if gap > -1e-12 else 0.0)
        total += weight
    return right / total if total > 0.0 else float("nan")


def _squares(share: Floats, cells: Cells) -> Floats:
    """Return the mean over weeks of the squared error of having adopted by then, (n_cells,)."""
    done = share.cumsum(axis=1)[:, :-1]
    has = cells.category()[:, None] <= np.arange(cells.n_weeks)
    return ((done - has) ** 2).mean(axis=1)


def _days_of_weeks(share: Floats, cells: Cells) -> Ints:
    """Return a hundred days per cell that fall into weeks as the shares say."""
    middles = np.append(np.arange(cells.n_weeks) * DAYS + DAYS // 2, -1)
    steps = (np.arange(100) + 0.5) / 100
    rank = (share.cumsum(axis=1)[:, None, :-1] < steps[None, :, None]).sum(axis=2)
    return middles[rank]


def _ordered_pairs(cells: Cells) -> Iterator[tuple[int, int]]:
    for act in np.unique(cells.act):
        for first, second in permutations(np.flatnonzero(cells.act == act).tolist(), 2):
            later = cells.day[second] > cells.day[first] or cells.day[second] < 0
            if later and cells.day[first] >= 0:
                yield first, second
