"""Sensitivity indices as the design allows: Sobol, Morris, PAWN, feature scores.

Sobol's and Morris's need the sample that was drawn for them. PAWN and feature scores take any runs:
the points' means of a Latin hypercube or of a long list; the single runs of a grid, which has too
few points, so that luck is in them.
"""

import warnings
from collections.abc import Callable, Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.sweep.boxes import frame_of, some_of, workbench
from sim.analysis.sweep.data import Runs
from sim.analysis.sweep.effects import restricted, settled
from sim.arrays import Floats, Ints
from sim.outcomes import Quantity

AGAIN, SELDOM = 50, 10  # bootstrap samples of PAWN; where there are many points or runs
MANY = 5_000
SEED = 1
SECOND, HALF_SECOND = "Second order", "± second order"  # columns of pairs


class Indices(NamedTuple):
    """Indices of one outcome."""

    method: str  # 'Sobol', 'Morris', 'PAWN'
    # A row for each factor: `path`, then columns with the heading that a table shows; each index is
    # followed by the half width of its interval, where it has one.
    frame: pd.DataFrame
    # Columns of each index that is drawn and of its half width, by its name; the total comes last.
    drawn: dict[str, tuple[str, str]]
    note: str  # what the numbers are, and what they were worked out from
    # A row for each pair of factors: `path`, `other`, `Second order` and the half width of its
    # interval; of Sobol's sample with second order alone.
    pairs: pd.DataFrame | None = None

    @property
    def strength(self) -> dict[str, float]:
        """What a factor makes by this method, by its path: Sobol's total, Morris's mean size."""
        index, _ = list(self.drawn.values())[-1]
        return {str(path): float(v) for path, v in self.frame.set_index("path")[index].items()}

    @property
    def wide(self) -> list[str]:
        """Paths of factors with an interval wider than their index."""
        index, half = list(self.drawn.values())[-1]
        return self.frame["path"][2 * self.frame[half] > self.frame[index].abs()].tolist()

    @property
    def wide_pairs(self) -> list[tuple[str, str]]:
        """Paths of pairs with an interval wider than its index."""
        if self.pairs is None:
            return []
        wide = self.pairs[2 * self.pairs[HALF_SECOND] > self.pairs[SECOND].abs()]
        return list(zip(wide["path"], wide["other"], strict=True))


def indices(runs: Runs, outcome: Quantity, values: Floats) -> tuple[Indices | None, str]:
    """Return the indices that a design allows, or None and why there are none."""
    if not runs.factors:
        return None, "nothing varies"
    if list(runs.design) == ["setting"]:
        return None, "a short list of settings is compared one by one"
    means = settled(values, outcome, runs.length)
    there = np.isfinite(means) & runs.stored.any(1)
    drawn_for = runs.method in ("sobol", "morris")
    if drawn_for and not there.all():
        return None, (
            f"{int((~there).sum()):,} of {there.size:,} points have no value; Sobol's and Morris's "
            "indices need all of them"
        )
    if means[there].size < 4 or np.ptp(means[there]) == 0.0:
        return None, "the outcome is the same at all points, or defined at fewer than four"
    with warnings.catch_warnings():  # SALib divides by the spread of what does not vary
        warnings.simplefilter("ignore")
        if not drawn_for:
            return _given(runs, _data(runs, outcome, values, np.where(there, means, np.nan))), ""
        sample = runs.store.sample()
        assert sample is not None, "a sampled design has its quantiles"
        problem, quantiles = sample
        if runs.method == "sobol":
            return _sobol(runs, problem, means), ""
        return _morris(problem, quantiles, means, runs), ""


def _sobol(runs: Runs, problem: dict, means: Floats) -> Indices:
    from SALib.analyze import sobol

    second = runs.manifest["config"]["design"].get("second_order", False)
    found = sobol.analyze(problem, means, calc_second_order=second, num_resamples=200, seed=SEED)
    frame = pd.DataFrame(
        {
            "path": problem["names"],
            "First order": found["S1"],
            "± first order": found["S1_conf"],
            "Total": found["ST"],
            "± total": found["ST_conf"],
        }
    )
    k = len(frame)
    per = len(means) // (2 * k + 2 if second else k + 2)
    return Indices(
        "Sobol",
        frame,
        {"first order": ("First order", "± first order"), "total": ("Total", "± total")},
        f"Share of the variance between points that a factor makes by itself and with its "
        f"interactions, from a base sample of {per:,}; ± is half the 95 % interval by bootstrap.",
        _pairs(problem["names"], found) if second and k > 1 else None,
    )


def _pairs(names: list[str], found: Mapping[str, Floats]) -> pd.DataFrame:
    """Return what each pair of factors makes together, beyond what each makes by itself."""
    rows = [
        (names[j], names[k], found["S2"][j, k], found["S2_conf"][j, k])
        for j, k in combinations(range(len(names)), 2)
    ]
    return pd.DataFrame(rows, columns=["path", "other", SECOND, HALF_SECOND])


def _morris(problem: dict, quantiles: Floats, means: Floats, runs: Runs) -> Indices:
    from SALib.analyze import morris

    levels = runs.manifest["config"]["design"]["levels"]
    found = morris.analyze(
        problem, quantiles, means, num_levels=levels, num_resamples=200, seed=SEED
    )
    frame = pd.DataFrame(
        {
            "path": problem["names"],
            "Mean size of the effect": np.asarray(found["mu_star"]),
            "± mean size": np.asarray(found["mu_star_conf"]),
            "Mean effect": np.asarray(found["mu"]),
            "Spread of the effect": np.asarray(found["sigma"]),
        }
    )
    return Indices(
        "Morris",
        frame,
        {"mean size of the effect": ("Mean size of the effect", "± mean size")},
        f"Elementary effects over {runs.n_points // (len(frame) + 1):,} trajectories, in the unit "
        "of the outcome over the whole range of a factor; ± is half the 95 % interval by "
        "bootstrap. A spread as large as the mean size tells of interactions or bends.",
    )


class _Data(NamedTuple):
    """What PAWN and feature scores are worked out from."""

    y: Floats  # (n,) means of points, or single runs
    points: Ints  # (n,) of each
    draws: Ints  # (n,) what is resampled as one
    of: str  # 'points', 'runs'


def _data(runs: Runs, outcome: Quantity, values: Floats, means: Floats) -> _Data:
    """Return the means of the points, of a grid the runs; of too many a random part."""
    single = runs.method == "grid"
    numbers = restricted(values, outcome, runs.length) if single else means[:, None]
    there = np.isfinite(numbers) & (runs.stored if single else True)
    rows = some_of(there)
    points, draws = np.divmod(rows, numbers.shape[1])
    together = single and runs.n_draws > 1
    return _Data(
        numbers.ravel()[rows], points, draws if together else np.arange(rows.size),
        "runs" if single else "points",
    )  # fmt: skip


def _given(runs: Runs, data: _Data) -> Indices:
    sample = runs.store.sample()
    n = data.y.size
    if sample is None:
        codes = [factor.codes[data.points] for factor in runs.factors]
        names, parts = [factor.path for factor in runs.factors], "level or range"

        def index(rows: Ints) -> Floats:
            return np.array([by_levels(code[rows], data.y[rows]) for code in codes])

    else:
        problem, x = sample[0], sample[1][data.points]
        slices = int(np.clip(n // 20, 2, 10))
        names, parts = problem["names"], f"of {slices} slices"

        def index(rows: Ints) -> Floats:
            from SALib.analyze import pawn

            found = pawn.analyze(problem, x[rows], data.y[rows], S=slices, seed=SEED)
            return np.asarray(found["median"], dtype=np.float64)

    half = _half(index, data.draws)
    frame = pd.DataFrame({"path": names, "PAWN": index(np.arange(n))})
    frame["± PAWN"] = half
    scores = _feature_scores(runs, data)
    frame["Feature score"] = [scores[path] for path in names]
    words = " Feature scores are shares of what extra trees explain (EMA Workbench)."
    return Indices(
        "PAWN",
        frame,
        {"PAWN": ("PAWN", "± PAWN")},
        f"PAWN is the median distance (Kolmogorov and Smirnov) between all {n:,} {data.of} and "
        f"those of one {parts} of a factor, 0 to 1; ± is half the 95 % interval by "
        f"bootstrap. It is above 0 by chance too: compare it between factors.{words}",
    )


def by_levels(codes: Ints, y: Floats) -> float:
    """Return PAWN's index of a factor whose slices are its levels.

    SALib cuts slices at quantiles, so that a slice would hold parts of two levels.

    Parameters
    ----------
    codes : (n,) int64
        Level of each.
    y : (n,) float64

    References
    ----------
    .. [1] Pianosi and Wagener (2018), Environmental Modelling & Software 108.
    """
    from scipy.stats import ks_2samp

    found = [ks_2samp(y[codes == k], y, method="asymp").statistic for k in np.unique(codes)]
    return float(np.median(found))


def _half(index: Callable[[Ints], Floats], draws: Ints) -> Floats:
    """Return half the 95 % interval of each index, by bootstrap over what is one draw.

    From the spread of the samples, as SALib does: they are too few for a fortieth of them.
    """
    generator = np.random.default_rng(SEED)
    order = np.argsort(draws, kind="stable")
    blocks = np.split(order, np.flatnonzero(np.diff(draws[order])) + 1)
    again = []
    for _ in range(AGAIN if draws.size < MANY else SELDOM):
        picked = generator.integers(0, len(blocks), len(blocks))
        again.append(index(np.concatenate([blocks[k] for k in picked])))
    return 1.96 * np.nanstd(np.array(again), axis=0, ddof=1)


def _feature_scores(runs: Runs, data: _Data) -> dict[str, float]:
    """Return the feature scores of the factors by path."""
    tools = workbench()
    frame = frame_of(runs, data.points)
    named = tools.feature_scoring.get_ex_feature_scores(
        frame, data.y, mode=tools.feature_scoring.RuleInductionType.REGRESSION, random_state=SEED
    )[0]
    return {str(path): float(named[1].get(path, 0.0)) for path in runs.design}
