"""Heat maps: an outcome over two factors, the others averaged out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.analysis.sweep.data import Factor, Outcome, Runs
from sim.arrays import Floats, Ints

FEWEST = 3  # runs that a cell must have


class Surface(NamedTuple):
    """An outcome over the levels of two factors.

    Attributes
    ----------
    across, up : Factor
    cells : (n_levels of up, n_levels of across) float64
        Mean over the runs in which it is defined; median over all for days that may never come,
        infinite where most runs do not come to it. nan where there are too few runs.
    runs : (n_levels of up, n_levels of across) int64
        Of each cell.
    """

    across: Factor
    up: Factor
    cells: Floats
    runs: Ints

    @property
    def binned(self) -> bool:
        """Whether values of a factor were gathered in ranges."""
        return self.across.edges is not None or self.up.edges is not None


def surface(runs: Runs, outcome: Outcome, values: Floats, across: Factor, up: Factor) -> Surface:
    """Return an outcome over two factors, averaged over the others and over the draws."""
    shape = len(up.levels), len(across.levels)
    cell = up.codes * shape[1] + across.codes
    flat = np.broadcast_to(cell[:, None], values.shape)[runs.stored]
    there = values[runs.stored]
    n = np.bincount(flat, minlength=shape[0] * shape[1])
    if outcome.never:
        found = _medians(flat, there, n)
    else:
        known = np.isfinite(there)
        total = np.bincount(flat[known], there[known], minlength=n.size)
        count = np.bincount(flat[known], minlength=n.size)
        found = np.divide(total, count, out=np.full(n.size, np.nan), where=count > 0)
    found = np.where(n >= min(FEWEST, n.max()), found, np.nan)
    return Surface(across, up, found.reshape(shape), n.reshape(shape))


def _medians(cells: Ints, days: Floats, n: Ints) -> Floats:
    """Return the median of each cell, infinite where most runs of it do not come to it."""
    days = np.where(np.isnan(days), np.inf, days)
    ordered = days[np.lexsort((days, cells))]
    starts = np.concatenate([[0], np.cumsum(n)[:-1]])
    middle = np.minimum(starts + (n - 1) // 2, max(ordered.size - 1, 0))
    return np.where(n > 0, ordered[middle], np.nan)
