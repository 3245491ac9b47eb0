"""Sensitivity indices as the design allows: Sobol, Morris, PAWN, feature scores."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.analysis.sweep.data import Outcome, Runs
from sim.analysis.sweep.effects import settled
from sim.arrays import Floats

if TYPE_CHECKING:
    import pandas as pd

SAMPLED = 20_000  # points at most that PAWN and feature scores are worked out from
SEED = 1


class Indices(NamedTuple):
    """Indices of one outcome.

    Attributes
    ----------
    method : {'Sobol', 'Morris', 'PAWN'}
    frame : DataFrame
        A row for each factor: `path`, then columns with the heading that a table shows; each index
        is followed by the half width of its interval, where it has one.
    drawn : dict of str to (estimate, half width) columns of what a figure shows
    wide : list of str
        Paths of factors with an interval wider than its index.
    note : str
        What the numbers are, and what they were worked out from.
    """

    method: str
    frame: pd.DataFrame
    drawn: dict[str, tuple[str, str]]
    wide: list[str]
    note: str


def indices(runs: Runs, outcome: Outcome, values: Floats) -> tuple[Indices | None, str]:
    """Return the indices that a sample allows, or None and why there are none."""
    if runs.method not in ("sobol", "morris", "lhs"):
        return None, "a grid or a list is no sample: sweep with design=sobol, morris or lhs"
    sample = runs.sample()
    assert sample is not None, "a sampled design has its quantiles"
    problem, quantiles = sample
    means = settled(values, outcome, runs.length)
    there = np.isfinite(means) & runs.stored.any(1)
    if runs.method != "lhs" and not there.all():
        return None, (
            f"{int((~there).sum()):,} of {there.size:,} points have no value; Sobol's and Morris's "
            "indices need all of them"
        )
    if means[there].size < 4 or np.ptp(means[there]) == 0.0:
        return None, "the outcome is the same at all points"
    with warnings.catch_warnings():  # SALib divides by the spread of what does not vary
        warnings.simplefilter("ignore")
        if runs.method == "sobol":
            return _sobol(runs, problem, means), ""
        if runs.method == "morris":
            return _morris(problem, quantiles, means, runs), ""
        return _given(runs, problem, quantiles[there], means[there], there), ""


def _sobol(runs: Runs, problem: dict, means: Floats) -> Indices:
    import pandas as pd
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
    per = len(means) // (2 * len(frame) + 2 if second else len(frame) + 2)
    return Indices(
        "Sobol",
        frame,
        {"first order": ("First order", "± first order"), "total": ("Total", "± total")},
        _wide(frame, "Total", "± total"),
        f"Share of the variance between points that a factor makes by itself and with its "
        f"interactions, from a base sample of {per:,}; ± is half the 95 % interval by bootstrap.",
    )


def _morris(problem: dict, quantiles: Floats, means: Floats, runs: Runs) -> Indices:
    import pandas as pd
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
        _wide(frame, "Mean size of the effect", "± mean size"),
        f"Elementary effects over {runs.n_points // (len(frame) + 1):,} trajectories, in the unit "
        "of the outcome over the whole range of a factor; ± is half the 95 % interval by "
        "bootstrap. A spread as large as the mean size tells of interactions or bends.",
    )


def _given(
    runs: Runs, problem: dict, quantiles: Floats, means: Floats, there: np.ndarray
) -> Indices:
    import pandas as pd
    from SALib.analyze import pawn

    kept = _some(means.size)
    x, y = quantiles[kept], means[kept]
    slides = int(np.clip(y.size // 20, 2, 10))
    found = pawn.analyze(problem, x, y, S=slides, seed=SEED)
    low, high = _pawn_interval(problem, x, y, slides)
    frame = pd.DataFrame({"path": problem["names"], "PAWN": found["median"]})
    frame["± PAWN"] = (high - low) / 2
    scores = _feature_scores(runs, np.flatnonzero(there)[kept], y)
    if scores is not None:
        frame["Feature score"] = scores
    return Indices(
        "PAWN",
        frame,
        {"PAWN": ("PAWN", "± PAWN")},
        _wide(frame, "PAWN", "± PAWN"),
        f"PAWN is the median distance (Kolmogorov and Smirnov) between all {y.size:,} points and "
        f"those of one of {slides} slices of a factor, 0 to 1; ± is half the 95 % interval by "
        "bootstrap. It is above 0 by chance too: compare it between factors. Feature scores are "
        "shares of what extra trees explain (EMA Workbench).",
    )


def _pawn_interval(
    problem: dict, x: Floats, y: Floats, slides: int, again: int = 50
) -> tuple[Floats, Floats]:
    from SALib.analyze import pawn

    generator = np.random.default_rng(SEED)
    rows = [generator.integers(0, y.size, y.size) for _ in range(again if y.size < 5000 else 10)]
    drawn = [pawn.analyze(problem, x[r], y[r], S=slides, seed=SEED)["median"] for r in rows]
    low, high = np.nanquantile(np.array(drawn, dtype=float), (0.025, 0.975), axis=0)
    return low, high


def _some(n: int) -> np.ndarray:
    if n <= SAMPLED:
        return np.arange(n)
    return np.sort(np.random.default_rng(SEED).choice(n, SAMPLED, replace=False))


def _feature_scores(runs: Runs, points: np.ndarray, y: Floats) -> list[float] | None:
    """Return the feature scores of the factors in their order; None without EMA Workbench."""
    from sim.analysis.sweep.boxes import workbench

    tools = workbench()
    if tools is None:
        return None
    frame = runs.design.iloc[points].reset_index(drop=True)
    named = tools.feature_scoring.get_ex_feature_scores(
        frame, y, mode=tools.feature_scoring.RuleInductionType.REGRESSION, random_state=SEED
    )[0]
    return [float(named[1].get(path, 0.0)) for path in frame]


def _wide(frame: pd.DataFrame, index: str, half: str) -> list[str]:
    wide = 2 * frame[half] > frame[index].abs()
    return [str(path) for path in frame.loc[wide, "path"]]
