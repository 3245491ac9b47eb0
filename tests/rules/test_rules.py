"""Each rule against its closed form and its extremes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import (
    clock,
    commit,
    consult,
    council,
    divert,
    enforce,
    events,
    odds,
    respond,
    support,
    talk,
    terms,
    third,
)
from sim.rules.decide import hazard
from sim.rules.terms import SUBTRACTED, Terms, Weights

share = st.floats(0.0, 1.0)
WEIGHED = tuple(name for name in Terms._fields if name in Weights._fields)


def test_probability_of_fourteen_days_equals_two_of_seven():
    eta = -0.7
    once = clock.probability(eta, 14.0)
    twice = 1.0 - (1.0 - clock.probability(eta, 7.0)) ** 2
    assert once == pytest.approx(twice, rel=1e-14)


@given(st.floats(-20.0, 3.0), st.integers(1, 30))
def test_days_add_up_to_the_hazard_of_a_step(eta, days):
    step = clock.hazard(eta, float(days))
    assert step == pytest.approx(sum(clock.hazard(eta, 1.0) for _ in range(days)), rel=1e-12)
    assert clock.probability(eta, float(days)) == pytest.approx(-math.expm1(-step), rel=1e-12)


def test_a_weekend_is_a_saturday_or_sunday():
    monday, thursday = 0, 3
    assert [clock.weekend(day, monday) for day in range(8)] == [0, 0, 0, 0, 0, 1, 1, 0]
    assert [clock.weekend(day, thursday) for day in range(5)] == [0, 0, 1, 1, 0]


def test_log_hazard_adds_each_term_with_its_sign():
    weights = Weights(*map(float, range(2, 2 + len(Weights._fields))))
    zero = Terms(*[0.0] * len(Terms._fields))
    assert hazard.log_hazard(zero, weights) == weights.intercept
    assert hazard.log_hazard(zero._replace(effect=1.0), weights) == weights.intercept + 1.0
    for name in WEIGHED:
        sign = -1.0 if name in SUBTRACTED else 1.0
        eta = hazard.log_hazard(zero._replace(**{name: 1.0}), weights)
        assert eta == weights.intercept + sign * getattr(weights, name)


def test_the_hazard_rule_leaves_damage_and_threshold_to_its_rivals():
    weights = Weights(*map(float, range(2, 2 + len(Weights._fields))))
    zero = Terms(*[0.0] * len(Terms._fields))
    assert hazard.log_hazard(zero._replace(damage=1.0, threshold=1.0), weights) == 2.0


def test_every_term_but_the_estimated_effect_and_those_of_rival_rules_has_a_weight_of_its_name():
    assert ("effect", *WEIGHED, "damage", "threshold") == Terms._fields
    assert Weights._fields[: len(WEIGHED) + 1] == ("intercept", *WEIGHED)


def test_a_measure_on_all_is_held_back_by_what_the_violation_lacks_and_a_targeted_one_never():
    assert terms.restraint(0.3, False) == 0.7
    assert terms.restraint(1.0, False) == 0.0
    assert terms.restraint(0.3, True) == 0.0


def test_an_event_presses_half_as_much_after_a_week_and_a_third_after_two():
    after = [terms.shock(events.urgency_of(1.0, float(day))) for day in (0, 7, 14)]
    assert after == pytest.approx([0.0, -math.log(2.0), -math.log(3.0)])
    assert events.urgency_of(0.3, 7.0) == 0.15


def test_expected_retaliation_is_dependence_times_how_surely_it_is_used():
    assert terms.retaliation(0.9, 1.0) == 0.9  # an airspace is closed in kind
    assert terms.retaliation(0.4, 0.5) == 0.2


def test_severity_adds_towards_one():
    assert events.severity_after(0.5, 0.5) == 0.75
    assert events.severity_after(0.3, 1.0) == 1.0


def test_recency_fades_to_a_third_within_a_week():
    assert terms.recency(0.0, 7.0) == 1.0
    assert terms.recency(7.0, 7.0) == pytest.approx(math.exp(-1.0))


def test_frontline_is_one_at_the_war_and_fades_over_a_thousand_km():
    assert terms.frontline(0.0) == 1.0
    assert terms.frontline(1000.0) == pytest.approx(math.exp(-1.0))


def test_burden_sharing_of_one_gives_everyone_the_average():
    assert terms.shared_cost(0.8, 0.2, 0.0) == 0.8
    assert terms.shared_cost(0.8, 0.2, 1.0) == pytest.approx(0.2)


def test_an_act_is_known_on_the_next_day_and_later_with_delay():
    assert not consult.known(5, 5, 0)
    assert consult.known(5, 6, 0)
    assert not consult.known(5, 6, 3)
    assert consult.known(5, 9, 3)
    assert not consult.known(-1, 99, 0)


def test_an_act_is_told_at_a_meeting_on_a_later_day():
    assert consult.told(5, 6)
    assert not consult.told(5, 5)
    assert not consult.told(5, -1)
    assert not consult.told(-1, 9)


def test_a_member_objects_to_cost_by_its_word_or_by_veto_until_that_is_settled():
    assert council.objects(0.6, 0.5, False, False, False)
    assert not council.objects(0.4, 0.5, False, False, False)
    assert council.objects(0.0, 0.5, True, False, False)
    assert council.objects(0.0, 0.5, False, True, False)
    assert not council.objects(9.0, 0.5, True, True, True)


def test_unanimity_fails_on_any_objection_and_majority_on_more_than_35_percent():
    assert council.passes(0.0, 0.0)
    assert not council.passes(0.001, 0.0)
    assert council.passes(0.35, 0.35)
    assert not council.passes(0.36, 0.35)


def test_an_act_takes_effect_after_the_lags_of_state_parliament_and_measure():
    assert commit.effective_day(15, 3, 0, 7) == 25
    assert commit.effective_day(15, 1, 28, 60) == 104


def test_no_provocation_without_acts_and_cheap_harmful_answers_come_first():
    assert respond.provocation(0.0) == 0.0
    assert respond.provocation(math.e - 1.0) == pytest.approx(1.0)
    cheap = respond.log_hazard(0.0, 0.4, 0.1, 1.0, 0.0, 0.5)
    dear = respond.log_hazard(0.0, 0.4, 0.4, 1.0, 0.0, 0.5)
    assert cheap > dear == 0.0


@given(share, share)
def test_coverage_grows_towards_one_whatever_the_order(a, b):
    together = divert.covered_after(divert.covered_after(0.0, a), b)
    assert together == pytest.approx(divert.covered_after(divert.covered_after(0.0, b), a))
    assert max(a, b) - 1e-12 <= together <= 1.0


def test_leak_starts_at_nothing_and_full_enforcement_stops_it():
    assert divert.leak(0.0, 0.3, 150.0) == 0.0
    assert divert.leak(1e9, 0.3, 150.0) == pytest.approx(0.3)
    assert enforce.let_through(0.3, 0.0, 1.0) == 0.0
    assert enforce.let_through(0.3, 0.0, 0.0) == 0.3
    assert enforce.let_through(1.0, 0.1, 0.5) == pytest.approx(0.45)


def test_gravity_halves_trade_with_distance_and_multiplies_it_with_ties():
    none, all_of_them = (0.0,) * 4, (1.0,) * 4
    assert divert.nearness(4000.0, *all_of_them, 0.0, *none) == 1.0
    far, near = (divert.nearness(km, *none, 1.0, *none) for km in (4000.0, 1000.0))
    assert near == pytest.approx(4.0 * far)
    effects = (0.5, 0.4, 0.3, 0.2)
    assert divert.nearness(7.0, *all_of_them, 0.0, *effects) == pytest.approx(math.exp(1.4))
    assert divert.nearness(7.0, 1.0, 0.0, 0.0, 0.0, 0.0, *effects) == pytest.approx(math.exp(0.5))


def test_a_state_orders_what_it_is_asked_for_or_what_it_can():
    assert divert.within(0.0, 0.0) == 1.0
    assert divert.within(2.0, 3.0) == 1.0
    assert divert.within(4.0, 1.0) == 0.25


def test_a_way_is_open_for_what_is_on_the_longer_list_alone():
    assert divert.open_for_transit(0.0, 0.0) == 0.0
    assert divert.open_for_transit(0.4, 0.0) == 1.0
    assert divert.open_for_transit(0.4, 0.1) == pytest.approx(0.75)
    assert divert.open_for_transit(0.4, 0.6) == 0.0


@given(st.floats(0.0, 50.0), st.floats(0.0, 50.0), st.floats(0.0, 50.0), st.floats(0.0, 100.0))
def test_orders_arrive_after_a_lag_whatever_the_step(under_way, first, last, lag):
    once = divert.under_way_after(under_way, first, last, 14.0, lag)
    middle = 0.5 * (first + last)
    week = divert.under_way_after(under_way, first, middle, 7.0, lag)
    assert once == pytest.approx(divert.under_way_after(week, middle, last, 7.0, lag), abs=1e-9)
    assert min(under_way, first, last) - 1e-9 <= once <= max(under_way, first, last) + 1e-9
    assert divert.under_way_after(under_way, first, last, 1.0, 0.0) == last
    assert divert.under_way_after(0.0, 1.0, 1.0, 45.0, 45.0) == pytest.approx(-math.expm1(-1.0))


def test_settlement_hazard_rises_with_the_loss_and_with_doubt():
    assert talk.log_hazard(-6.0, 5.0, 0.2, 0.0, 0.5) == -5.0
    assert talk.log_hazard(-6.0, 5.0, 0.2, 1.0, 0.5) == -4.5
    assert [talk.doubt(belief) for belief in (0.0, 0.5, 1.0)] == [0.0, 1.0, 0.0]
    assert talk.round_hazard(0.0) == 1.0


@given(share, st.floats(0.0, 2.0), st.floats(0.0, 10.0), st.integers(1, 30))
def test_support_stays_a_share_falls_with_cost_and_rises_with_nearness(now, urgency, loss, days):
    def after(loss, nearness):
        accepted = support.accepted(loss, 0.5, nearness)
        return support.support_after(now, urgency, nearness, accepted, float(days), 0.4, 120.0)

    assert 0.0 <= after(loss, 0.1) <= after(-loss, 0.1) <= 1.0
    assert after(-loss, 0.1) == after(0.0, 0.1)
    assert after(loss, 0.1) <= after(loss, 0.6) <= 1.0


def test_a_rule_of_odds_has_its_landmarks():
    assert odds.probability(0.0) == 0.5
    assert odds.probability(800.0) == 1.0
    assert odds.probability(math.log(3.0)) == pytest.approx(0.75)


def test_stance_and_refusal_add_their_terms_with_their_signs():
    assert third.condemn_log_odds(-0.5, 2.0, 3.0, 1.0, 4.0) == 1.5
    assert respond.refusal_log_odds(-0.5, 0.5, 6.0, math.e, 2.0) == pytest.approx(0.5)
    assert third.condemn_hazard(0.0, 6.0, 1.0) == 0.0
    assert third.condemn_hazard(0.5, 6.0, 3.0) == 0.25


def test_a_buyer_that_pays_is_cut_off_more_slowly():
    assert respond.supply_hazard(0.3, True, 0.01) == 0.3
    assert respond.supply_hazard(0.3, False, 0.01) == pytest.approx(0.003)


def test_cooperation_is_in_proportion_to_capabilities():
    args = (-1.0, 0.5, 1.5, 3.0, 0.5)
    twice = third.cooperation_log_hazard(*args, 0.02) - third.cooperation_log_hazard(*args, 0.01)
    assert twice == pytest.approx(math.log(2.0))


@given(share, share, st.floats(0.0, 60.0), st.floats(0.0, 400.0))
def test_belief_never_falls_while_the_coalition_acts(belief, strength, quiet, days):
    after = third.belief_after(belief, strength, quiet, 60.0, days, 90.0)
    assert belief - 1e-12 <= after <= max(belief, strength) + 1e-12
    paused = third.belief_after(belief, strength, 61.0 + quiet, 60.0, days, 90.0)
    assert min(belief, strength) - 1e-12 <= paused <= after + 1e-12
