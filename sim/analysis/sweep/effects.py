"""What each factor does: levels held against the reference, on the same draws if shared.

A grid has every combination of levels, so that a level and the reference are compared with all
else equal: the difference is taken at each combination of the other factors and each draw, and its
mean over the combinations is one number a draw. In a sample the other factors differ too: what
counts there is how the points of one level lie against those of another.
"""

import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.paired import BAND, CHANCE, Difference, paired
from sim.analysis.sweep.data import Factor, Runs
from sim.arrays import Flags, Floats
from sim.outcomes import Quantity


class Effect(NamedTuple):
    """A level of a factor against its reference."""

    factor: Factor
    level: int
    difference: Difference  # over draws in a grid, over points in a sample
    reached: float  # share of the level's runs in which the outcome is defined, or is reached

    @property
    def is_reference(self) -> bool:
        """Whether it is the reference itself."""
        return self.level == self.factor.reference


def cube(runs: Runs, values: Floats) -> Floats | None:
    """Return values by level of each factor and draw; None if not every combination is there.

    Parameters
    ----------
    values : (n_points, n_draws) float64

    Returns
    -------
    (n_levels of the first factor, ..., n_draws) float64
    """
    shape = tuple(len(factor.levels) for factor in runs.factors)
    gathered = any(factor.edges is not None for factor in runs.factors)
    if not shape or gathered or np.prod(shape, dtype=float) != runs.n_points:
        return None
    at = np.ravel_multi_index([factor.codes for factor in runs.factors], shape)
    if np.bincount(at, minlength=runs.n_points).max() > 1:
        return None
    whole = np.empty_like(values)
    whole[at] = values
    return whole.reshape(*shape, values.shape[1])


def by_level(whole: Floats, axis: int) -> Floats:
    """Return values as (levels of a factor, combinations of the others, draws)."""
    moved = np.moveaxis(whole, axis, 0)
    return moved.reshape(moved.shape[0], -1, moved.shape[-1])


def effects(runs: Runs, outcome: Quantity, values: Floats) -> list[Effect]:
    """Return what each level of each factor does to an outcome.

    Parameters
    ----------
    values : (n_points, n_draws) float64
        Of the outcome.
    """
    whole = cube(runs, values)
    if whole is None:
        return _of_sample(runs, outcome, values)
    found = []
    for axis, factor in enumerate(runs.factors):
        levels = by_level(whole, axis)
        base = levels[factor.reference]
        for level, there in enumerate(levels):
            found.append(Effect(factor, level, matched(base, there, outcome.never), _share(there)))
    return found


def matched(base: Floats, there: Floats, never: bool) -> Difference:
    """Return how a level differs from the reference, draw by draw.

    Parameters
    ----------
    base, there : (n_combinations, n_draws) float64
        Of the reference and of the level; nan where not defined.
    never : bool
        nan means never: of each draw the median over the combinations counts, not the mean.
    """
    if never:
        return paired(_medians(base), _medians(there), never=True)
    both = np.isfinite(base) & np.isfinite(there)
    return paired(mean(base, both), mean(there, both))


def mean(values: Floats, counted: Flags) -> Floats:
    """Return the mean over the first axis of what counts; nan where nothing does."""
    n = counted.sum(0)
    total = np.where(counted, values, 0.0).sum(0)
    return np.divide(total, n, out=np.full(total.shape, np.nan), where=n > 0)


def _medians(days: Floats) -> Floats:
    """Return the median over the first axis, nan where it is never reached."""
    days = np.where(np.isnan(days), np.inf, days)
    middle = np.quantile(days, 0.5, axis=0, method="inverted_cdf")
    return np.where(np.isinf(middle), np.nan, middle)


def _share(values: Floats) -> float:
    return float(np.isfinite(values).mean())


def settled(values: Floats, outcome: Quantity, length: float) -> Floats:
    """Return one number a point: the mean over its runs; nan where no run has one.

    A day that does not come counts as the run's last: the restricted mean of survival analysis
    (Royston and Parmar 2013), which is defined for every run.
    """
    return mean(restricted(values, outcome, length).T, np.isfinite(values.T) | outcome.never)


def restricted(values: Floats, outcome: Quantity, length: float) -> Floats:
    """Return values in which a day that does not come is the last day of the run."""
    if not outcome.never:
        return values
    last = length if np.isfinite(length) else np.nanmax(values, initial=0.0)
    return np.where(np.isnan(values), last, np.minimum(values, last))


def _of_sample(runs: Runs, outcome: Quantity, values: Floats) -> list[Effect]:
    there = np.where(runs.stored.any(1), settled(values, outcome, runs.length), np.nan)
    found = []
    for factor in runs.factors:
        groups = [there[factor.codes == level] for level in range(len(factor.levels))]
        base = groups[factor.reference]
        for level, group in enumerate(groups):
            share = _share(values[factor.codes == level])
            found.append(Effect(factor, level, _unpaired(base, group), share))
    return found


def _unpaired(base: Floats, group: Floats) -> Difference:
    """Return how the points of a level differ from those of the reference (Welch's test)."""
    from scipy import stats

    a, b = base[np.isfinite(base)], group[np.isfinite(group)]
    if not a.size or not b.size:
        nothing = [np.nan] * 9
        return Difference(group.size, 0, *nothing)
    middle = float(b.mean() - a.mean())
    low, high = np.quantile(b - a.mean(), BAND) if base is not group else (0.0, 0.0)
    enough = min(a.size, b.size) > 1
    error = float(np.sqrt(a.var(ddof=1) / a.size + b.var(ddof=1) / b.size)) if enough else np.nan
    if base is group:
        error = 0.0
    chance = 1.0
    if enough and error > 0.0:
        with warnings.catch_warnings():  # of points that are all but equal
            warnings.simplefilter("ignore", RuntimeWarning)
            chance = float(stats.ttest_ind(b, a, equal_var=False).pvalue)
    share = float(np.mean(np.sign(b - a.mean()) == np.sign(middle)))
    return Difference(
        group.size, b.size, float(a.mean()), float(b.mean()), middle, float(low), float(high),
        error, share if base is not group else 1.0, chance, np.nan,
    )  # fmt: skip


def strongest(found: list[Effect]) -> dict[str, Effect]:
    """Return the largest effect of each factor, by path, the largest first."""
    best: dict[str, Effect] = {}
    for effect in found:
        path = effect.factor.path
        if effect.is_reference:
            continue
        if path not in best or size(effect) > size(best[path]):
            best[path] = effect
    return dict(sorted(best.items(), key=lambda entry: -size(entry[1])))


def size(effect: Effect) -> float:
    """Return by how much an effect is to be ranked: nothing where it may be luck."""
    middle = abs(effect.difference.middle)
    if np.isnan(middle):
        return -1.0
    return float(middle) if effect.difference.chance < CHANCE else 0.0


def same_everywhere(runs: Runs, names: list[str]) -> dict[str, int]:
    """Return for each factor how many outcomes it changed in no run at all.

    Runs are compared that differ in that factor alone and have the same draws. A factor of which
    the design has no such runs is left out.

    Parameters
    ----------
    names : list of str
        Outcomes to look at.
    """
    pairs = alone(runs)
    same = {path: 0 for path, (first, _) in pairs.items() if first.size}
    for _, values in runs.matrices(names):
        for path in same:
            first, second = pairs[path]
            a, b = values[first], values[second]
            same[path] += bool(np.array_equal(a, b, equal_nan=True))
    return same


def alone(runs: Runs) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return pairs of points that differ in one factor alone, by its path."""
    found: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    if not runs.common:
        return found
    index = cube(runs, np.arange(runs.n_points, dtype=float)[:, None])
    if index is not None:
        for axis, factor in enumerate(runs.factors):
            points = by_level(index, axis)[..., 0].astype(np.int64)
            rest = points[1:].ravel()
            found[factor.path] = np.broadcast_to(points[0], points[1:].shape).ravel(), rest
        return found
    if runs.method not in ("sobol", "morris"):
        return found
    frame = runs.design
    codes = np.column_stack([pd.factorize(np.asarray(frame[path]))[0] for path in frame])
    first, second = _neighbours(runs, codes.shape[1])
    differ = codes[first] != codes[second]
    single = differ.sum(1) == 1
    for column, path in enumerate(frame):
        rows = single & differ[:, column]
        found[str(path)] = first[rows], second[rows]
    return found


def _neighbours(runs: Runs, n_factors: int) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of points of a sample that can differ in one factor alone."""
    points = np.arange(runs.n_points)
    if runs.method == "morris":
        step = n_factors + 1
        inside = points[points % step != step - 1]
        return inside, inside + 1
    second_order = runs.manifest["config"]["design"].get("second_order", False)
    block = 2 * n_factors + 2 if second_order else n_factors + 2
    starts = points[::block]
    others = (starts[:, None] + np.arange(1, n_factors + 1)).ravel()
    return np.repeat(starts, n_factors), others
