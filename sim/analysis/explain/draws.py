"""On which day something happened, over many draws of chance."""

from typing import NamedTuple

import numpy as np

from sim.arrays import Flags, Ints
from sim.codes import NEVER
from sim.engine import Ensemble, log


class Draws(NamedTuple):
    """The day of one thing in each of many runs."""

    days: Ints  # (n_runs,) -1 where it did not happen by the end

    @property
    def n(self) -> int:
        """How many runs."""
        return int(self.days.size)

    def by(self, day: int) -> int:
        """Return in how many runs it had happened by a day."""
        return int(((self.days != NEVER) & (self.days <= day)).sum())

    def day_of(self, share: float) -> int:
        """Return the day by which it had happened in a share of the runs, -1 if never in so many.

        Parameters
        ----------
        share : float
            Of all runs, those in which it never happened among them; in (0, 1].
        """
        days = np.sort(self.days[self.days != NEVER])
        needed = int(np.ceil(share * self.n - 1e-9))
        return int(days[needed - 1]) if needed <= days.size else NEVER


def days_of_measure(ensemble: Ensemble, seat: int, act: int, wave: int = 1) -> Draws:
    """Return when a sender announced a wave of an act, by itself or through its council."""
    council = ensemble.setting.menu.council_of[seat, act]
    rows = _rows(ensemble, log.MEASURE, seat, act)
    if council >= 0:
        rows |= _rows(ensemble, log.COUNCIL, int(council), act)
    return _nth(ensemble, rows, wave)


def days_of_council(ensemble: Ensemble, council: int, act: int, wave: int = 1) -> Draws:
    """Return when a council passed a wave of an act."""
    return _nth(ensemble, _rows(ensemble, log.COUNCIL, council, act), wave)


def days_of_answer(ensemble: Ensemble, target: int, counter: int, seat: int = NEVER) -> Draws:
    """Return when a target first gave an answer: to a sender, or to anybody without one."""
    rows = _rows(ensemble, log.COUNTERMEASURE, target, counter)
    if seat != NEVER:
        rows &= ensemble.log[:, log.WHOM] == seat
    return _nth(ensemble, rows, 1)


def days_of_stance(ensemble: Ensemble, position: int) -> Draws:
    """Return when a third state condemned the violation."""
    return _nth(ensemble, _rows(ensemble, log.STANCE, position), 1)


def _rows(ensemble: Ensemble, kind: int, actor: int, what: int | None = None) -> Flags:
    rows: Flags = (ensemble.log[:, log.KIND] == kind) & (ensemble.log[:, log.ACTOR] == actor)
    return rows if what is None else rows & (ensemble.log[:, log.WHAT] == what)


def _nth(ensemble: Ensemble, rows: Flags, n: int) -> Draws:
    """Return the day of the nth of some rows in every run; the log of a run is in its order."""
    run_of = np.repeat(np.arange(ensemble.runs.size), ensemble.results["ends"]["n_events"])
    found = np.flatnonzero(rows)
    runs, first, number = np.unique(run_of[found], return_index=True, return_counts=True)
    days = np.full(ensemble.runs.size, NEVER, dtype=np.int64)
    enough = number >= n
    days[runs[enough]] = ensemble.log[found[first[enough] + n - 1], log.DAY]
    return Draws(days)
