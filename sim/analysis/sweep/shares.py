"""How much of the variance between points each factor makes, with an interval by bootstrap."""

from typing import NamedTuple

import numpy as np

from sim.analysis.sweep.data import Factor, Runs
from sim.analysis.sweep.effects import cube, mean, restricted, settled
from sim.arrays import Floats
from sim.outcomes import Quantity

AGAIN = 200  # bootstrap samples
INTERVAL = (0.025, 0.975)
SEED = 1


class Share(NamedTuple):
    """What a factor makes of the variance between points."""

    factor: Factor
    first: Floats  # (3,) by itself: estimate and the ends of its interval
    total: Floats  # (3,) with all its interactions; nan where the design does not tell


def shares(runs: Runs, outcome: Quantity, values: Floats) -> list[Share]:
    """Return the share of each factor, the largest first; none if nothing varies.

    In a grid a decomposition of the variance of the points' means, resampled over draws; in a
    sample the variance between the levels of a factor (epsilon squared [1]_), resampled over
    points.

    References
    ----------
    .. [1] Kelley (1935), Proceedings of the National Academy of Sciences 21.
    """
    whole = cube(runs, restricted(values, outcome, runs.length))
    if whole is None or not runs.stored.any(1).all():
        found = _of_sample(runs, settled(values, outcome, runs.length))
    else:
        found = _of_grid(runs.factors, whole)
    size = {s.factor.path: s.first[0] if np.isnan(s.total[0]) else s.total[0] for s in found}
    return sorted(found, key=lambda share: -np.nan_to_num(size[share.factor.path]))


def decomposed(means: Floats) -> tuple[Floats, Floats]:
    """Return each axis' share of the variance, by itself and with its interactions.

    Parameters
    ----------
    means : (n_levels of the first factor, ...) float64

    Returns
    -------
    first, total : (n_factors,) float64
        In [0, 1]; nan if nothing varies.
    """
    variance = means.var()
    axes = range(means.ndim)
    if not variance > 1e-24 * max(1.0, float(np.abs(means).max()) ** 2):
        nothing = np.full(means.ndim, np.nan)
        return nothing, nothing.copy()
    first = [means.mean(tuple(a for a in axes if a != axis)).var() / variance for axis in axes]
    total = [1.0 - means.mean(axis).var() / variance for axis in axes]
    return np.array(first), np.maximum(total, 0.0)


def _of_grid(factors: tuple[Factor, ...], whole: Floats) -> list[Share]:
    n = whole.shape[-1]
    counted = np.isfinite(whole)
    if not counted.any(-1).all():
        return []
    flat, weight = np.where(counted, whole, 0.0).reshape(-1, n), counted.reshape(-1, n)

    def means(times: Floats) -> Floats:
        total, count = flat @ times, weight @ times
        found = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
        return found.reshape(whole.shape[:-1])

    first, total = decomposed(means(np.ones(n)))
    if n < 2:
        return _with(factors, first, total, [])
    generator = np.random.default_rng(SEED)
    again = [
        means(generator.multinomial(n, np.full(n, 1.0 / n)).astype(float)) for _ in range(AGAIN)
    ]
    found = [decomposed(m) for m in again if np.isfinite(m).all()]
    # Luck lowers the share of every factor, in a bootstrap sample by twice as much: mirrored about
    # the estimate (the basic interval) it comes off again.
    mirrored = [(np.clip(2 * first - a, 0.0, 1.0), np.clip(2 * total - b, 0.0, 1.0))
                for a, b in found]  # fmt: skip
    return _with(factors, first, total, mirrored)


def _of_sample(runs: Runs, means: Floats) -> list[Share]:
    there = np.isfinite(means)
    y, n = means[there], int(there.sum())
    if n < 3 or y.var() == 0.0:
        return []
    codes = [factor.codes[there] for factor in runs.factors]
    nothing = np.full(len(codes), np.nan)
    first = np.array([_epsilon_squared(code, y) for code in codes])
    generator, again = np.random.default_rng(SEED), []
    for _ in range(AGAIN if n < 100_000 else AGAIN // 10):
        rows = generator.integers(0, n, n)
        again.append((np.array([_epsilon_squared(c[rows], y[rows]) for c in codes]), nothing))
    return _with(runs.factors, first, nothing, again)


def _epsilon_squared(codes: np.ndarray, y: Floats) -> float:
    """Return the share of variance between groups, less what groups differ by through luck."""
    count = np.bincount(codes)
    used = count > 0
    middle = np.bincount(codes, y)[used] / count[used]
    n, k, total = y.size, int(used.sum()), float(((y - y.mean()) ** 2).sum())
    if total == 0.0 or n <= k:
        return np.nan
    between = float((count[used] * (middle - y.mean()) ** 2).sum())
    return max(0.0, (between - (k - 1) * (total - between) / (n - k)) / total)


def _with(
    factors: tuple[Factor, ...], first: Floats, total: Floats, again: list[tuple[Floats, Floats]]
) -> list[Share]:
    """Return shares with the interval that the bootstrap samples give."""

    def ends(which: int, k: int) -> Floats:
        drawn = np.array([sample[which][k] for sample in again])
        drawn = drawn[np.isfinite(drawn)]
        return np.quantile(drawn, INTERVAL) if drawn.size else np.full(2, np.nan)

    return [
        Share(factor, np.array([first[k], *ends(0, k)]), np.array([total[k], *ends(1, k)]))
        for k, factor in enumerate(factors)
        if np.isfinite(first[k])
    ]


class Luck(NamedTuple):
    """What luck makes of an outcome's variance."""

    within: float  # share of the variance of all runs that lies within points
    between: float  # share of the variance of the points' means that is luck still, in [0, 1]


def luck(runs: Runs, outcome: Quantity, values: Floats) -> Luck:
    """Return what luck makes of an outcome's variance; nan for single runs of a point.

    With common draws what a draw adds at every point alike is no luck between points: that of an
    analysis of variance by point and draw is left, divided by the draws.
    """
    numbers = restricted(values, outcome, runs.length)
    numbers = np.where(runs.stored, numbers, np.nan)
    there = np.isfinite(numbers)
    if runs.n_draws < 2 or runs.n_points < 2 or not there.any():
        return Luck(np.nan, np.nan)
    points = mean(numbers.T, there.T)
    apart = np.where(there, numbers - points[:, None], 0.0)
    whole, among = float(np.nanvar(numbers)), float(np.nanvar(points, ddof=1))
    if not whole > 0.0:
        return Luck(np.nan, np.nan)
    within = float((apart**2).sum() / there.sum() / whole)
    if runs.common:
        apart = np.where(there, apart - mean(apart, there), 0.0)
    freedom = max(there.sum() - runs.n_points - (runs.n_draws - 1) * runs.common, 1)
    noise = float((apart**2).sum() / freedom / there.sum(1).mean())
    return Luck(within, min(1.0, noise / among) if among > 0.0 else 1.0)
