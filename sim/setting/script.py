"""What is carried out on given days whatever anybody decides: rows of numbers for the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.arrays import Ints
from sim.codes import DAY

Row = tuple[int, int, int, int, int]


class Script(NamedTuple):
    """Scripted acts, by day.

    Attributes
    ----------
    rows : (n_rows, 5)
        Day; deed, of `sim.codes`: ANNOUNCE and WITHDRAW of a sender, COUNCIL of a council, IMPOSE
        of all senders (every wave at once, without notice), ANSWER of a target; actor, ALL for all;
        position of the act or countermeasure; sender that an answer singles out, ALL for all.
    first : (n_days + 1,) rows of day d begin at entry d
    only : bool
        Senders, councils, targets and talks do what the script says and nothing else.
    """

    rows: Ints
    first: Ints
    only: bool


def script_from(rows: Sequence[Row], n_days: int, only: bool = False) -> Script:
    """Return a script of rows, which need not come in the order of their days."""
    by_day = np.array(sorted(rows, key=lambda row: row[DAY]), dtype=np.int64).reshape(-1, 5)
    first = np.searchsorted(by_day[:, DAY], np.arange(n_days + 1)).astype(np.int64)
    return Script(by_day, first, only)
