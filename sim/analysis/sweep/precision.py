"""Whether the runs were enough: how well the largest effect of each factor is known."""

import math
from typing import NamedTuple

import numpy as np

from sim.analysis.paired import Difference
from sim.analysis.sweep.data import Runs
from sim.analysis.sweep.effects import Effect, by_level, cube, matched, restricted, strongest
from sim.arrays import Floats
from sim.outcomes import Quantity

WANTED = 0.25  # half width over effect at which an effect counts as known
LEVEL = 0.95


class Precision(NamedTuple):
    """How well the largest effect of a factor is known."""

    effect: Effect
    # Of the effect, and half the width of its 95 % interval; nan with a single unit.
    size: float
    half: float
    units: int  # draws, or points of the level that has fewest, that it rests on
    # Units at which half the width is a quarter of the effect; infinite where there is none.
    needed: float

    @property
    def enough(self) -> bool:
        """Whether half the width is at most a quarter of the effect."""
        return bool(self.half <= WANTED * abs(self.size))


def precision(
    runs: Runs, outcome: Quantity, values: Floats, found: list[Effect]
) -> list[Precision]:
    """Return for each factor how well its largest effect on an outcome is known.

    The effect on days that may never come is that on the restricted mean.
    """
    whole = cube(runs, restricted(values, outcome, runs.length))
    rows = []
    for effect in strongest(found).values():
        difference = effect.difference
        if whole is not None and outcome.never:
            axis = runs.factors.index(effect.factor)
            levels = by_level(whole, axis)
            base, there = levels[effect.factor.reference], levels[effect.level]
            difference = matched(base, there, never=False)
        rows.append(_of(effect, difference, whole is not None))
    return rows


def _of(effect: Effect, difference: Difference, balanced: bool) -> Precision:
    from scipy import stats

    n = difference.defined
    if not balanced:
        codes = np.bincount(effect.factor.codes)
        n = int(min(codes[effect.level], codes[effect.factor.reference]))
    size, half = difference.middle, np.nan
    if n > 1 and math.isfinite(difference.error):
        half = float(stats.t.ppf(0.5 + LEVEL / 2, n - 1) * difference.error)
    needed = np.nan
    if math.isfinite(half):
        needed = math.inf if size == 0.0 else math.ceil(n * (half / (WANTED * abs(size))) ** 2)
        needed = 0 if half == size == 0.0 else needed
    return Precision(effect, size, half, n, float(needed))
