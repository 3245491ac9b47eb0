"""Heat maps: an outcome over two factors, the others averaged out."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import fdtrc

from sim.analysis.paired import CHANCE
from sim.analysis.sweep.data import Factor, Runs
from sim.analysis.sweep.effects import mean, restricted, settled
from sim.arrays import Floats, Ints
from sim.outcomes import Quantity

FEWEST = 3  # runs that a cell must have


class Surface(NamedTuple):
    """An outcome over the levels of two factors."""

    across: Factor
    up: Factor
    # (n_levels of up, n_levels of across) Mean over the runs in which it is defined; median over
    # all for days that may never come, infinite where most runs do not come to it. nan where there
    # are too few runs.
    cells: Floats
    runs: Ints  # (n_levels of up, n_levels of across) of each cell
    is_flat: bool  # that cells differ may be luck

    @property
    def binned(self) -> bool:
        """Whether values of a factor were gathered in ranges."""
        return self.across.edges is not None or self.up.edges is not None


def surface(runs: Runs, outcome: Quantity, values: Floats, across: Factor, up: Factor) -> Surface:
    """Return an outcome over two factors, averaged over the others and over the draws."""
    shape = len(up.levels), len(across.levels)
    cell = up.codes * shape[1] + across.codes
    flat = np.broadcast_to(cell[:, None], values.shape)[runs.stored]
    there = values[runs.stored]
    n = np.bincount(flat, minlength=shape[0] * shape[1])
    late = np.where(np.isnan(there), np.inf, there) if outcome.never else there
    cells = pd.DataFrame(late).groupby(flat)
    each = cells.quantile(0.5, interpolation="lower") if outcome.never else cells.mean()
    found = each[0].reindex(range(n.size)).to_numpy(np.float64)
    found = np.where(n >= min(FEWEST, n.max()), found, np.nan)
    is_flat = not _chance(runs, outcome, values, cell) < CHANCE
    return Surface(across, up, found.reshape(shape), n.reshape(shape), is_flat)


def _chance(runs: Runs, outcome: Quantity, values: Floats, cell: Ints) -> float:
    """Return the probability that cells differ as much as they do by luck alone; nan if unknown.

    An F test between cells: in a grid over draws, else over points, which differ in other factors
    too.
    """
    numbers = np.where(runs.stored, restricted(values, outcome, runs.length), np.nan)
    codes = np.unique(cell, return_inverse=True)[1]
    if runs.method == "grid":
        among, within, k, freedom = _over_draws(numbers, codes, runs.common)
    else:
        among, within, k, freedom = _over_points(settled(values, outcome, runs.length), codes)
    if k < 2 or freedom < 1:
        return np.nan
    if not within > 0.0:
        return 0.0 if among > 0.0 else 1.0
    return float(fdtrc(k - 1, freedom, among / within))


def _over_draws(numbers: Floats, codes: Ints, common: bool) -> tuple[float, float, int, int]:
    """Return mean squares among and within cells, cells, and degrees of freedom within.

    Of each cell's mean by draw; what a common draw adds to all cells alike is taken off.
    """
    k = int(codes.max()) + 1
    parts = [numbers[codes == c] for c in range(k)]
    table = np.array([mean(part, np.isfinite(part)) for part in parts])
    table = table[:, np.isfinite(table).all(axis=0)]
    n = table.shape[1]
    if n < 2 or k < 2:
        return 0.0, 0.0, k, 0
    if common:
        table = table - table.mean(axis=0)
    freedom = (k - 1) * (n - 1) if common else k * (n - 1)
    middle = table.mean(axis=1)
    within = float(((table - middle[:, None]) ** 2).sum()) / freedom
    return n * float(middle.var(ddof=1)), within, k, freedom


def _over_points(points: Floats, codes: Ints) -> tuple[float, float, int, int]:
    """Return the same over points, one number each, nan for those that have none."""
    there = np.isfinite(points)
    y, codes = points[there], np.unique(codes[there], return_inverse=True)[1]
    count = np.bincount(codes)
    freedom = y.size - count.size
    if count.size < 2 or freedom < 1:
        return 0.0, 0.0, count.size, 0
    middle = np.bincount(codes, y) / count
    among = float((count * (middle - y.mean()) ** 2).sum()) / (count.size - 1)
    return among, float(((y - middle[codes]) ** 2).sum()) / freedom, count.size, freedom
