"""What a sweep answers: PAWN by levels, words for ranges, boxes that can be inspected."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.sweep.conditions import usual_conditions
from sim.analysis.sweep.data import _apart, _in_order
from sim.analysis.sweep.indices import HALF_SECOND, SECOND, Indices, _pairs, by_levels
from sim.analysis.sweep.shares import _of_grid
from sim.analysis.sweep.surfaces import _over_draws, _over_points, surface
from sim.report.sweep.figures import _words_of


def test_pawn_by_levels_is_the_distance_of_distributions():
    codes = np.repeat([0, 1], 50)
    assert by_levels(codes, codes.astype(float)) == pytest.approx(0.5)
    assert by_levels(codes, np.tile(np.arange(50.0), 2)) == pytest.approx(0.0)


def test_pawn_by_levels_is_that_of_salib_where_slices_are_levels():
    from SALib.analyze import pawn

    generator = np.random.default_rng(3)
    codes = np.repeat(np.arange(4), 500)
    y = codes + generator.normal(size=codes.size)
    x = (np.arange(codes.size) / codes.size)[:, None]
    problem = {"num_vars": 1, "names": ["x"], "bounds": [[0.0, 1.0]]}
    theirs = pawn.analyze(problem, x, y, S=4)["median"][0]
    # SALib leaves out the largest of all, one of the 500 in its slice.
    assert by_levels(codes, y) == pytest.approx(theirs, abs=1 / 500)


def test_a_range_is_told_in_as_few_digits_as_tell_its_ends_apart():
    assert _apart(np.array([0.015, 0.62, 1.2, 3.0])) == ["0.0", "0.6", "1.2", "3.0"]
    assert _apart(np.array([0.01, 0.02, 3.0])) == ["0.01", "0.02", "3.00"]


def test_levels_stand_in_the_order_in_which_they_were_asked_for():
    assert _in_order(["[HUN]", "[]"], [[], ["HUN"]]) == ("[]", "[HUN]")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["category", "object"])
def test_a_box_with_a_categorical_factor_can_be_inspected(kind):
    pytest.importorskip("ema_workbench")
    from sim.analysis.sweep.boxes import workbench

    generator = np.random.default_rng(1)
    x = pd.DataFrame({"a": generator.random(1000), "c": generator.choice(["x", "y", "z"], 1000)})
    y = ((x["a"] > 0.5) & (x["c"] == "x")).to_numpy()
    x["c"] = x["c"].astype(kind)
    box = workbench().prim.Prim(x, y, threshold=0.8).find_box()
    _, limits = box.inspect(style="data")[0]
    assert limits.loc["c"].iloc[0] == {"x"}
    assert 0.4 < limits.loc["a"].iloc[0] < 0.6


@pytest.mark.parametrize(
    ("length", "words", "held"),
    [(364.0, "by the end", [True, False, False]), (728.0, "for a year", [True, False, True])],
)
def test_it_holds_where_nothing_is_given_up_within_a_year(length, words, held):
    outcomes = {
        "withdrawals": np.array([[0.0, 1.0, 1.0]]),
        "days_to_withdrawal": np.array([[np.nan, 90.0, 365.0]]),
    }
    runs = SimpleNamespace(
        manifest={"outcomes": list(outcomes), "config": {}},
        length=length,
        stored=np.ones((1, 3), bool),
        matrix=outcomes.__getitem__,
    )
    (condition,) = usual_conditions(runs)
    assert words in condition.words
    holds, told = condition.holds(runs)
    assert holds[0].tolist() == held
    assert told.all()


def test_pairs_of_factors_are_those_of_salib_in_their_order():
    from SALib.analyze import sobol
    from SALib.sample import sobol as sampling

    names = ["a", "b", "c"]
    problem = {"num_vars": 3, "names": names, "bounds": [[0.0, 1.0]] * 3}
    x = sampling.sample(problem, 256, calc_second_order=True, seed=1) - 0.5
    together = x[:, 0] * x[:, 2]  # a and c do all of it, and only together
    pairs = _pairs(names, sobol.analyze(problem, together, calc_second_order=True, seed=1))
    index = pairs.set_index(["path", "other"])[SECOND]
    assert index["a", "c"] == pytest.approx(1.0, abs=0.1)
    assert abs(index.drop(("a", "c"))).max() < 0.1
    frame = pd.DataFrame({"path": names, "Total": [1.0, 0.0, 1.0]})
    found = Indices("Sobol", frame, {"total": ("Total", "± total")}, "", pairs)
    assert found.strength == {"a": 1.0, "b": 0.0, "c": 1.0}
    wide = pairs[2 * pairs[HALF_SECOND] > abs(pairs[SECOND])]
    assert found.wide_pairs == list(zip(wide["path"], wide["other"], strict=True))
    assert ("a", "c") not in found.wide_pairs


def runs_of(values, codes, method="grid"):
    """Return runs of one factor with two levels and another with as many as are needed."""
    factors = [
        SimpleNamespace(levels=tuple(map(str, range(k.max() + 1))), codes=k, edges=None)
        for k in codes
    ]
    runs = SimpleNamespace(
        stored=np.isfinite(values), method=method, common=True, length=100.0, factors=factors
    )
    return runs, factors


def test_a_map_that_moves_by_luck_alone_is_flat():
    codes = np.divmod(np.arange(9), 3)
    outcome = SimpleNamespace(never=False)
    draw = np.random.default_rng(1).normal(size=(9, 40))
    draw += 5.0 * np.random.default_rng(2).normal(size=40)  # common to all points
    for slope, flat in ((0.0, True), (0.5, False)):
        values = draw + slope * codes[0][:, None]
        runs, (up, across) = runs_of(values, codes)
        assert surface(runs, outcome, values, across, up).is_flat == flat


def test_mean_squares_are_those_of_an_analysis_of_variance():
    from scipy import stats

    generator = np.random.default_rng(4)
    codes = np.repeat([0, 1, 2], [5, 6, 7])
    y = generator.normal(size=codes.size) + codes
    among, within, k, freedom = _over_points(y, codes)
    theirs = stats.f_oneway(*(y[codes == c] for c in range(3)))
    assert (among / within, k, freedom) == (pytest.approx(theirs.statistic), 3, 15)
    table = generator.normal(size=(3, 6))
    free, shared = (_over_draws(table, np.arange(3), common) for common in (False, True))
    assert free[0] == pytest.approx(shared[0])  # a draw's own level moves no cell
    assert (free[3], shared[3]) == (15, 10)


def test_luck_between_points_does_not_shrink_what_is_said_of_a_factor():
    """The true share of the only factor that does anything is 1; the interval is to know it."""
    generator = np.random.default_rng(5)
    factors = tuple(SimpleNamespace(path=name) for name in "ab")
    whole = np.arange(3.0)[:, None, None] + generator.normal(size=(3, 3, 60))
    low, high = _of_grid(factors, whole)[0].first[1:]
    assert low < high
    assert high > 0.97


def test_cells_are_written_where_they_have_room_with_a_digit_less_if_need_be():
    cells = np.array([[0.0432, np.inf, 0.0511], [np.nan, 0.0265, 0.0294]])
    assert _words_of(cells, 26)[0, 0] == "0.0432"
    assert _words_of(cells, 17) == {
        (0, 0): "0.043", (0, 1): "never", (0, 2): "0.051", (1, 1): "0.026", (1, 2): "0.029",
    }  # fmt: skip
    assert not _words_of(cells, 10)
