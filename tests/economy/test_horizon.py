"""Trade elasticities by horizon, on the published values that they are set by."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.economy.baseline import world_economy
from sim.economy.horizon import (
    AGES,
    FRESH,
    MATURE,
    YEAR,
    economy_at,
    first_year_maturity,
    maturity_after,
    theta_at,
)
from sim.economy.sectors import DEFAULTS, sectors_of
from sim.rules import horizon

SHORT_RUN, T = DEFAULTS["short_run"], DEFAULTS["adjustment_days"]
bn = st.floats(0.0, 1e3)
share = st.floats(0.0, 1.0)


def elasticity_after(days, short_run=SHORT_RUN, adjustment_days=T):
    """Return the trade elasticity so long after a cut, over that of the long run."""
    m = horizon.maturity(days, adjustment_days)
    return 1.0 / ((1.0 - m) / short_run + m)


# The path.


def test_a_quarter_of_the_long_run_is_there_at_once():
    assert elasticity_after(0.0) == SHORT_RUN == 0.25


def test_one_year_after_it_is_that_of_boehm_levchenko_and_pandalai_nayar():
    assert elasticity_after(YEAR) == pytest.approx(0.76 / 2.0, abs=0.005)


def test_after_seven_years_nearly_all_of_the_long_run_is_there():
    assert elasticity_after(7.0 * YEAR) > 0.93
    assert elasticity_after(10.0 * YEAR) > elasticity_after(7.0 * YEAR)
    assert elasticity_after(1e6) == pytest.approx(1.0, rel=1e-12)


def test_elasticities_are_slow_at_first_and_faster_later():
    years = np.array([elasticity_after(YEAR * n) for n in range(4)])
    assert (np.diff(years) > 0.0).all()
    assert years[2] - years[1] > years[1] - years[0]


@pytest.mark.parametrize("name", ["march_2022", "crimea_2014"])
def test_elasticities_of_a_world_follow_the_path_of_each_of_its_sectors(name):
    from sim.world import load

    world = load(name)
    long_run, of = world_economy(world).theta, sectors_of(world)
    assert theta_at(world, MATURE) == pytest.approx(long_run, rel=1e-15)
    assert theta_at(world, FRESH) == pytest.approx(of.short_run * long_run, rel=1e-15)
    for days in (0.0, *AGES.values()):
        pairs = zip(of.short_run, of.adjustment_days, strict=True)
        path = np.array([elasticity_after(days, *pair) for pair in pairs])
        found = theta_at(world, maturity_after(world, days))
        assert found == pytest.approx(path * long_run, rel=1e-12)


def test_an_economy_at_a_maturity_differs_in_elasticities_alone(world):
    first = economy_at(world, first_year_maturity(world))
    for field in dataclasses.fields(first):
        same = np.array_equal(getattr(first, field.name), getattr(world_economy(world), field.name))
        assert same == (field.name != "theta")
    assert not first.theta.flags.writeable


def test_the_first_year_is_the_mean_of_its_days():
    mean = np.mean([horizon.maturity(day + 0.5, T) for day in range(int(YEAR))])
    assert horizon.mean_maturity(YEAR, T) == pytest.approx(mean, rel=1e-6)
    assert horizon.mean_maturity(1e-3, T) == pytest.approx(0.5e-3 / T, rel=1e-3)


# Trade of all ages.


@given(adjusted=share, lost=bn, days=st.floats(0.1, 400.0))
def test_two_steps_are_one_of_twice_the_length(adjusted, lost, days):
    begin, unadjusted = adjusted * lost, np.exp(-days / T)
    twice = begin
    for _ in range(2):
        twice = horizon.adjusted_after(twice, lost, unadjusted)
    once = horizon.adjusted_after(begin, lost, np.exp(-2.0 * days / T))
    assert twice == pytest.approx(once, rel=1e-9, abs=1e-12)


def test_a_single_cut_ages_as_its_maturity_says():
    adjusted = 0.0
    for week in range(1, 105):
        adjusted = horizon.adjusted_after(adjusted, 5.0, np.exp(-7.0 / T))
        assert adjusted / 5.0 == pytest.approx(horizon.maturity(7.0 * week, T), rel=1e-12)


def test_a_mixture_of_old_and_new_cuts_is_their_mean_by_value():
    """Three billions have aged 300 days before one more is cut: each ages on by itself."""
    old = 3.0 * horizon.maturity(300.0, T)
    adjusted = horizon.adjusted_after(old, 4.0, np.exp(-100.0 / T))
    apart = 3.0 * horizon.maturity(400.0, T) + 1.0 * horizon.maturity(100.0, T)
    assert adjusted == pytest.approx(apart, rel=1e-12)


def test_what_comes_back_had_adjusted_least():
    """Half adjusted: a quarter of the trade comes back and what is left is older on average."""
    assert horizon.adjusted_after(5.0, 7.5, 1.0) / 7.5 == pytest.approx(2.0 / 3.0)
    assert horizon.adjusted_after(5.0, 4.0, 1.0) == 4.0
    assert horizon.adjusted_after(5.0, 0.0, 0.9) == 0.0


def test_a_measure_that_returns_after_all_had_come_back_is_new():
    adjusted = horizon.adjusted_after(horizon.adjusted_after(5.0, 0.0, 0.9), 5.0, 0.9)
    assert adjusted == pytest.approx(0.5)


@given(adjusted=bn, lost=bn, unadjusted=share)
def test_no_more_is_adjusted_to_than_is_lost(adjusted, lost, unadjusted):
    assert 0.0 <= horizon.adjusted_after(adjusted, lost, unadjusted) <= lost


# Payments.


@given(maturity=share)
def test_the_weight_of_coverage_is_that_of_the_elasticity(maturity):
    weight = horizon.cover_weight(maturity, 1.0, 4.0)
    theta = 1.0 / ((1.0 - maturity) / 1.0 + maturity / 4.0)
    assert (1.0 - weight) * 1.0 + weight * 4.0 == pytest.approx(theta)
    assert 0.0 <= weight <= 1.0


def test_where_elasticities_do_not_differ_the_weight_is_no_matter_and_a_number():
    assert horizon.cover_weight(0.3, 2.0, 2.0) == 0.3
