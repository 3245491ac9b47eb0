"""Differences over the same draws, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.analysis.paired import paired

NAN = np.nan


def test_the_middle_is_the_mean_of_paired_differences_with_a_band_and_an_error():
    first = np.array([1.0, 2.0, 3.0, 4.0])
    found = paired(first, first + np.array([0.0, 1.0, 1.0, 2.0]))
    assert (found.first, found.second, found.middle) == (2.5, 3.5, 1.0)
    assert (found.low, found.high) == (0.0, 2.0)
    assert found.error == pytest.approx(np.sqrt(2.0 / 3.0) / 2.0)
    assert found.share == 0.75
    assert found.verdict == "luck"  # of four pairs


def test_pairs_in_which_one_side_is_undefined_do_not_count_and_are_counted():
    found = paired(np.array([1.0, NAN, 3.0]), np.array([2.0, 9.0, NAN]))
    assert (found.pairs, found.defined, found.middle) == (3, 1, 1.0)
    assert (found.first, found.second) == (2.0, 5.5)


def test_nothing_defined_is_said_and_not_a_number():
    found = paired(np.array([NAN, NAN]), np.array([1.0, 2.0]))
    assert found.verdict == "undefined"
    assert np.isnan(found.middle)


def test_equal_outcomes_are_the_same_and_a_constant_difference_is_no_luck():
    values = np.arange(20.0)
    assert paired(values, values).verdict == "same"
    assert paired(values, values + 0.5).verdict == "higher"
    assert paired(values, values - 0.5).verdict == "lower"


def test_what_both_have_in_common_is_no_error_of_the_difference():
    turn = np.linspace(0.0, 20.0 * np.pi, 401)[:-1]
    first, own = np.sqrt(2.0) * np.cos(turn), np.sqrt(2.0) * np.sin(turn)  # of variance 1
    found = paired(first, first + 0.1 * own + 0.05)
    assert found.verdict == "higher"
    assert found.spared == pytest.approx((1.0 + 1.01) / 0.01)
    assert paired(first, own + 0.05).verdict == "luck"


def test_a_day_that_never_comes_is_later_than_any():
    first = np.array([10.0, 20.0, NAN, NAN])
    found = paired(first, np.array([12.0, NAN, NAN, 40.0]), never=True)
    # 2 later, never instead of 20, neither, 40 instead of never.
    assert (found.pairs, found.defined) == (4, 3)
    assert (found.low, found.middle, found.high) == (-np.inf, 2.0, np.inf)
    assert (found.first, found.second) == (20.0, 40.0)


def test_days_are_judged_by_their_signs():
    first = np.full(20, 10.0)
    second = np.where(np.arange(20) < 18, 12.0, NAN)
    assert paired(first, second, never=True).verdict == "higher"
    assert paired(first, first, never=True).verdict == "same"


def test_chances_are_those_of_scipys_tests():
    rng = np.random.default_rng(1)
    first = rng.normal(size=40)
    second = first + rng.normal(0.2, 1.0, 40)
    second[:3] = first[:3]
    difference = second - first
    above, below = (difference > 0.0).sum(), (difference < 0.0).sum()
    by_mean, by_sign = paired(first, second).chance, paired(first, second, never=True).chance
    assert by_mean == pytest.approx(stats.ttest_rel(second, first).pvalue)
    assert by_sign == pytest.approx(stats.binomtest(int(above), int(above + below)).pvalue)


def test_days_that_differ_seldom_but_one_way_are_not_called_luck():
    first = np.full(100, 10.0)
    second = np.where(np.arange(100) < 30, 12.0, 10.0)
    assert paired(first, second, never=True).verdict == "seldom"
    assert paired(first, np.where(np.arange(100) < 3, 12.0, 10.0), never=True).verdict == "luck"


def test_half_the_interval_is_that_of_students_t():
    from scipy import stats

    difference = np.array([1.0, 2.0, 4.0, 5.0])
    found = paired(np.zeros(4), difference)
    low, high = stats.t.interval(0.95, 3, difference.mean(), stats.sem(difference))
    assert (found.middle - found.half, found.middle + found.half) == pytest.approx((low, high))
