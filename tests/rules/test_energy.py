"""Rules of energy markets against closed forms, limits and published elasticities."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import energy

share = st.floats(0.0, 1.0)
theta = st.floats(0.5, 12.0)


def test_a_price_clears_the_market_that_is_left():
    rise = energy.price_rise(0.2, 0.1, 0.3)
    supplied, demanded = 0.8 * math.exp(0.1 * rise), math.exp(-0.3 * rise)
    assert supplied == pytest.approx(demanded)


def test_at_the_margin_a_price_rises_by_the_share_over_the_elasticities():
    assert energy.price_rise(1e-6, 0.1, 0.3) == pytest.approx(1e-6 / 0.4, rel=1e-5)


def test_without_elasticities_or_a_loss_a_price_stays():
    assert energy.price_rise(0.5, 0.0, 0.0) == 0.0
    assert energy.price_rise(0.0, 0.1, 0.3) == 0.0
    assert energy.price_rise(-1e-12, 0.1, 0.3) == 0.0


@given(share, st.floats(0.01, 1.0), st.floats(0.01, 1.0))
def test_a_price_never_falls_and_less_so_the_more_elastic_the_market(lost, supply, demand):
    rise = energy.price_rise(lost, supply, demand)
    assert 0.0 <= energy.price_rise(lost, supply, 2.0 * demand) <= rise < math.inf


# Of supply and of demand: Kilian and Murphy (2014); Baumeister and Hamilton (2019); Caldara,
# Cavallo and Iacoviello (2019), as Bilgin and Ellwanger (2018) set them side by side.
@pytest.mark.parametrize(("supply", "demand"), [(0.015, 0.26), (0.15, 0.35), (0.11, 0.13)])
def test_losing_eight_percent_of_the_world_s_oil_dears_it_by_a_sixth_to_two_fifths(supply, demand):
    # 8 percent: Russian exports in world production (Kilian and Plante 2022, Dallas Fed).
    assert 0.16 < math.expm1(energy.price_rise(0.08, supply, demand)) < 0.42


def test_what_is_cut_finds_other_buyers_with_time():
    part = -math.expm1(-30.0 / 60.0)
    assert energy.rerouted_after(0.0, 10.0, 0.8, part) == pytest.approx(8.0 * part)
    assert energy.rerouted_after(8.0, 10.0, 0.8, part) == 8.0
    assert energy.rerouted_after(3.0, 10.0, 0.0, part) == 0.0


def test_two_short_steps_reroute_as_much_as_a_long_one():
    short, long = -math.expm1(-7.0 / 60.0), -math.expm1(-14.0 / 60.0)
    twice = energy.rerouted_after(energy.rerouted_after(1.0, 9.0, 0.7, short), 9.0, 0.7, short)
    assert twice == pytest.approx(energy.rerouted_after(1.0, 9.0, 0.7, long))


def test_a_buyer_that_comes_back_is_served_at_once():
    assert energy.rerouted_after(8.0, 5.0, 1.0, 0.1) == 5.0


def test_what_is_all_rerouted_has_the_whole_discount_and_what_is_all_lost_none():
    assert energy.discount(0.5, 0.0, 2.0) == pytest.approx(1.0 - math.sqrt(0.5))
    assert energy.discount(0.5, 0.5, 2.0) == 0.0
    assert energy.discount(0.0, 0.0, 2.0) == 0.0
    assert energy.discount(0.5, math.nextafter(0.5, 1.0), 0.5) == 0.0  # of a last digit too many


@given(share, share, theta)
def test_a_discount_is_a_share_that_falls_with_what_is_lost_and_with_theta(cut, part, elasticity):
    lost = part * cut
    found = energy.discount(cut, lost, elasticity)
    assert 0.0 <= found < 1.0
    assert energy.discount(cut, cut, elasticity) <= found <= energy.discount(cut, 0.0, elasticity)
    assert energy.discount(cut, lost, 2.0 * elasticity) <= found


def test_the_elasticity_of_a_day_lies_between_the_short_run_and_the_long():
    assert energy.theta_of_day(0.0, 2.0, 8.0) == 2.0
    assert energy.theta_of_day(1.0, 2.0, 8.0) == 8.0
    assert 1.0 / energy.theta_of_day(0.5, 2.0, 8.0) == pytest.approx(0.5 / 2.0 + 0.5 / 8.0)


def test_a_shadow_fleet_grows_towards_its_share_and_no_further():
    shares = [0.0]
    for _ in range(200):
        shares.append(energy.moved_towards(shares[-1], 0.5, 0.1))
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(0.5)


def test_a_cap_takes_what_is_left_above_it_of_what_sails_with_those_who_cap():
    assert energy.cap_margin(0.25, 0.0, 0.8, 0.0) == pytest.approx(0.2)
    assert energy.cap_margin(0.25, 0.1, 0.8, 0.5) == pytest.approx(0.15 * 0.4)
    assert energy.cap_margin(0.25, 0.3, 0.8, 0.0) == 0.0
    assert energy.cap_margin(0.25, 0.0, 0.8, 1.0) == 0.0
    assert energy.cap_margin(0.25, 0.0, 0.0, 0.0) == 0.0


def test_a_treasury_takes_its_share_above_cost_and_pays_nothing_below():
    assert energy.tax(1.0, 0.3, 0.6) == pytest.approx(0.42)
    assert energy.tax(1.5, 0.3, 0.6) == pytest.approx(0.72)
    assert energy.tax(0.2, 0.3, 0.6) == 0.0


def test_stocks_give_at_first_and_get_all_of_it_back():
    ages = np.linspace(0.0, 4000.0, 400_001)
    given = [energy.bridged(-math.expm1(-age / 400.0), 0.8, 400.0 / 180.0) for age in ages[::100]]
    assert given[0] == 0.8
    drawn = np.trapezoid(np.maximum(given, 0.0), ages[::100])
    assert drawn == pytest.approx(0.8 * 180.0 / math.e, rel=1e-4)
    assert np.trapezoid(given, ages[::100]) == pytest.approx(0.0, abs=0.01)
    assert energy.bridged(1.0, 0.8, 2.0) == 0.0


def test_contracts_pay_between_the_price_of_the_day_and_that_of_before():
    assert energy.paid(3.0, 1.0, 0.25) == 2.5
    assert energy.paid(3.0, 1.0, 0.0) == 3.0
