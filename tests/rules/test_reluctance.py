"""What firms and banks hold back: closed forms, extremes, signs, and that step length drops out."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import reluctance as rules

share = st.floats(0.0, 1.0)
days = st.floats(0.0, 400.0)
pace = st.floats(7.0, 1000.0)


def test_nothing_is_held_back_without_risk_and_reputation_and_with_both_shares_at_zero():
    assert rules.withheld(0.0, 0.8, 0.0, 0.3) == 0.0
    assert rules.withheld(1.0, 0.0, 1.0, 0.0) == 0.0


def test_all_is_held_back_where_either_holds_back_all():
    assert rules.withheld(1.0, 1.0, 0.0, 0.3) == 1.0
    assert rules.withheld(0.0, 0.8, 1.0, 1.0) == 1.0


@given(share, share, share, share, share)
def test_more_risk_or_reputation_never_holds_back_less(risk, more, reputation, h_risk, h_fame):
    less, greater = sorted((risk, more))
    assert rules.withheld(less, h_risk, reputation, h_fame) <= rules.withheld(
        greater, h_risk, reputation, h_fame
    )
    assert rules.withheld(reputation, h_risk, less, h_fame) <= rules.withheld(
        reputation, h_risk, greater, h_fame
    )


def test_an_alarm_is_that_of_banks_and_of_controls_as_if_drawn_independently():
    assert rules.alarm(0.0, 0.0, 0.5) == 0.0
    assert rules.alarm(0.2, 0.0, 0.5) == pytest.approx(0.2)
    assert rules.alarm(0.0, 1.0, 0.5) == 0.5
    assert rules.alarm(0.2, 1.0, 0.5) == pytest.approx(0.6)
    assert rules.alarm(1.0, 0.0, 0.5) == 1.0


@given(share, share)
def test_a_jump_raises_risk_and_leaves_it_a_share(risk, jump):
    assert max(risk, jump) <= rules.jumped(risk, jump) + 1e-15 <= 1.0 + 1e-15


@given(share, days, days, pace)
def test_risk_fades_and_two_spells_are_one(risk, first, second, risk_days):
    at_once = rules.risk_after(risk, first + second, risk_days)
    halfway = rules.risk_after(risk, first, risk_days)
    assert at_once == pytest.approx(rules.risk_after(halfway, second, risk_days), rel=1e-12)
    assert at_once <= halfway <= risk
    assert rules.risk_after(1.0, risk_days, risk_days) == pytest.approx(math.exp(-1.0))


@given(share, share, days, days, pace, pace)
def test_reputation_nears_the_pressure_and_two_spells_are_one(
    fame, pressure, first, second, exit_days, return_days
):
    after = rules.reputation_after(fame, pressure, first, exit_days, return_days)
    twice = rules.reputation_after(after, pressure, second, exit_days, return_days)
    once = rules.reputation_after(fame, pressure, first + second, exit_days, return_days)
    assert once == pytest.approx(twice, rel=1e-9, abs=1e-15)
    low, high = sorted((fame, pressure))
    assert low - 1e-15 <= after <= high + 1e-15


def test_firms_leave_faster_than_they_come_back():
    left = rules.reputation_after(0.0, 1.0, 44.0, 44.0, 1000.0)
    assert left == pytest.approx(1.0 - math.exp(-1.0))
    assert rules.reputation_after(left, 0.0, 44.0, 44.0, 1000.0) > 0.95 * left


def test_publicity_rises_with_signals_until_it_is_full():
    assert [rules.publicity(s, 2.5) for s in (0.0, 1.0, 2.5, 9.0)] == [0.0, 0.4, 1.0, 1.0]


def test_a_sender_without_measures_holds_back_what_third_states_do():
    assert rules.of_sender(0.0, 0.4) == 0.4
    assert rules.of_sender(1.0, 0.4) == 1.0
    assert rules.of_sender(0.5, 0.0) == 0.5
