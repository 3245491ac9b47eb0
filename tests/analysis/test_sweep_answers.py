"""What a sweep answers: PAWN by levels, words for ranges, boxes that can be inspected."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.sweep.conditions import usual_conditions
from sim.analysis.sweep.data import _apart, _in_order
from sim.analysis.sweep.indices import by_levels


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
