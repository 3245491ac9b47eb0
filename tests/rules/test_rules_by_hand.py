"""Every rule at numbers worked out from its formula: a changed sign, factor or bound is noticed.

The formulas were read off the rules; what they ought to be, docs/model.md and tests/reference say.
"""

from __future__ import annotations

import math

import pytest

from sim.rules import (
    clock,
    commit,
    consult,
    council,
    divert,
    enforce,
    events,
    horizon,
    odds,
    respond,
    support,
    talk,
    terms,
    third,
    withdraw,
)
from sim.rules.decide import expected_utility, hazard, independent, threshold
from sim.rules.terms import SUBTRACTED, Terms, Weights

WORKED_OUT = (
    (clock.hazard, (-0.7, 10.0), 0.709407576845),
    (clock.yearly_hazard, (-0.7, 10.0), 0.013595764649),
    (clock.probability, (-0.7, 10.0), 0.50806445484),
    (commit.effective_day, (12, 2, 30, 5), 49),
    (consult.known, (0, 1, 0), True),
    (consult.told, (0, 1), True),
    (council.passes, (0.35, 0.35), True),
    (council.passes, (0.36, 0.35), False),
    (divert.leak, (45.0, 0.3, 90.0), 0.118040802086),
    (divert.covered_after, (0.2, 0.3), 0.44),
    (divert.open_for_transit, (0.8, 0.2), 0.75),
    (divert.open_for_transit, (0.2, 0.8), 0.0),
    (divert.nearness, (800.0, 1.0, 0.5, 1.0, 0.25, 1.1, 0.6, 0.4, 0.3, 0.8), 0.002350627652),
    (divert.within, (4.0, 3.0), 0.75),
    (divert.within, (3.0, 4.0), 1.0),
    (divert.within, (0.5, 0.2), 0.4),
    (divert.within, (0.0, 4.0), 1.0),
    (divert.under_way_after, (2.0, 5.0, 11.0, 8.0, 20.0), 4.043840552428),
    (divert.under_way_after, (2.0, 5.0, 11.0, 8.0, 0.0), 11.0),
    (enforce.effort, (0.7, 0.4), 0.56),
    (enforce.effort, (0.8, 0.9), 1.0),
    (enforce.shared_effort, (0.2, 0.7, 0.4), 0.4),
    (enforce.let_through, (10.0, 0.3, 0.4), 4.2),
    (enforce.premium_after, (0.3, 0.4), 0.5),
    (enforce.premium_after, (0.3, 1.0), 3.0),
    (enforce.crypto_flow, (5.0, 3.0, 0.25), 2.25),
    (enforce.crypto_flow, (2.0, 3.0, 0.25), 2.0),
    (events.severity_after, (0.2, 0.3), 0.44),
    (events.involvement_after, (0.4, 0.5), 0.7),
    (events.urgency_of, (0.6, 3.5), 0.4),
    (horizon.maturity, (300.0, 600.0), 0.393469340287),
    (horizon.adjusted_after, (2.0, 10.0, 0.25), 8.0),
    (horizon.adjusted_after, (12.0, 10.0, 0.25), 10.0),
    (horizon.mean_maturity, (300.0, 600.0), 0.213061319425),
    (horizon.cover_weight, (0.4, 1.5, 6.0), 0.142857142857),
    (horizon.cover_weight, (0.4, 6.0, 1.5), 0.727272727273),
    (horizon.cover_weight, (0.4, 6.0, 6.0), 0.4),
    (odds.probability, (1.098612288668,), 0.75),
    (respond.provocation, (1.718281828459,), 1.0),
    (respond.listing_hazard, (20.0, 5.0), 0.25),
    (respond.log_hazard, (0.3, 8.0, 2.0, 2.718281828459, -2.0, 0.5), -0.00685281944),
    (respond.refusal_log_odds, (-1.0, 0.6, 2.5, 4.0, 0.7), -0.470406052784),
    (respond.supply_hazard, (0.2, True, 0.1), 0.2),
    (respond.supply_hazard, (0.2, False, 0.1), 0.02),
    (support.accepted, (0.5, 2.0, 0.25), 0.472366552741),
    (support.accepted, (-0.5, 2.0, 0.25), 1.0),
    (support.support_after, (0.8, 0.6, 0.25, 0.9, 30.0, 0.3, 60.0), 0.795819388259),
    (talk.log_hazard, (-4.0, 1.5, 0.4, 0.7, 0.9), -2.77),
    (talk.doubt, (0.2,), 0.64),
    (talk.round_hazard, (-2.0,), 0.135335283237),
    (terms.shock, (0.25,), -1.38629436112),
    (terms.shock, (0.0,), -13.815510557964),
    (terms.recency, (3.0, 6.0), 0.606530659713),
    (terms.frontline, (500.0,), 0.606530659713),
    (terms.shared_cost, (0.8, 0.2, 0.25), 0.65),
    (terms.linkage, (0.5, 0.3), 0.15),
    (terms.relief, (3.0, 4.0), 0.75),
    (terms.relief, (5.0, 4.0), 1.0),
    (terms.relief, (3.0, 0.0), 0.0),
    (terms.valued, (0.4,), 0.4),
    (terms.valued, (-0.4,), 0.0),
    (terms.following, (0.6, 0.2, 3.0, 1.0), 0.5),
    (terms.following, (0.6, 0.2, 0.0, 0.0), 0.0),
    (terms.threshold_of, (0.75, 0.5, 0.2), 0.621139339922),
    (third.condemn_log_odds, (1.0, 0.5, -3.0, 0.5, 2.0), -1.5),
    (third.condemn_hazard, (0.5, 20.0, 4.0), 0.1),
    (third.cooperation_log_hazard, (-3.0, 0.5, 2.0, 3.0, 0.7, 7.389056098931), 0.970406052784),
    (third.compliance, (0.8, 0.5, 2.5), 0.632120558829),
    (third.readiness_to_carry, (0.6, True, 0.5), 0.3),
    (third.readiness_to_carry, (0.6, False, 0.5), 0.6),
    (third.relation_after, (0.2, 0.5), 0.6),
    (third.relation_after, (0.2, -0.5), -0.4),
    (third.belief_after, (0.6, 0.2, 40.0, 30.0, 50.0, 100.0), 0.442612263885),
    (third.belief_after, (0.6, 0.2, 30.0, 30.0, 50.0, 100.0), 0.6),
    (third.belief_after, (0.2, 0.6, 10.0, 30.0, 50.0, 100.0), 0.357387736115),
    (third.attempt_log_hazard, (-4.0, 0.5, 3.0, 0.25, 2.0), -5.0),
    (withdraw.backsliding, (0.01, False, 0.5, 0.8, 15.0), 0.006),
    (withdraw.backsliding, (0.01, True, 0.5, 0.8, 15.0), 0.0),
    (withdraw.easing, (90.0, 0.6, 30.0), 0.2),
)
OF_OTHERS = ("meeting", "peer", "recent", "lead", "bloc")
OWN_REASONS = tuple(n for n in Weights._fields[1:] if n in Terms._fields and n not in OF_OTHERS)
WEIGHTS = Weights(*(0.3 + 0.07 * k for k in range(len(Weights._fields))))
TERMS = Terms(*(0.9 - 0.04 * k for k in range(len(Terms._fields))))


@pytest.mark.parametrize(("rule", "given", "value"), WORKED_OUT)
def test_a_rule_gives_what_its_formula_gives(rule, given, value):
    assert rule(*given) == pytest.approx(value, rel=1e-9, abs=1e-12)


def summed(names, known=TERMS):
    signs = {name: -1.0 if name in SUBTRACTED else 1.0 for name in names}
    return sum(signs[name] * getattr(WEIGHTS, name) * getattr(known, name) for name in names)


def alone(known=TERMS):
    return WEIGHTS.intercept + known.effect + summed(OWN_REASONS, known)


def share(known=TERMS):
    peer, lead = WEIGHTS.conform_peer, WEIGHTS.conform_lead
    return (peer * known.peer + lead * known.lead) / (peer + lead)


def test_own_reasons_add_up_and_the_others_come_on_top():
    assert independent.log_hazard(TERMS, WEIGHTS) == pytest.approx(alone())
    assert hazard.log_hazard(TERMS, WEIGHTS) == pytest.approx(alone() + summed(OF_OTHERS))


def test_with_a_threshold_a_sender_follows_from_that_share_on():
    follows = WEIGHTS.follower_intercept + TERMS.effect + summed(("cost", "energy_cost", "wave"))
    reluctant, eager = TERMS._replace(retaliation=9.0), TERMS._replace(severity=9.0)
    assert alone(reluctant) < follows < alone(eager)
    at, above = share(), math.nextafter(share(), 1.0)
    log_hazard = threshold.log_hazard
    assert log_hazard(reluctant._replace(threshold=at), WEIGHTS) == pytest.approx(follows)
    assert log_hazard(reluctant._replace(threshold=above), WEIGHTS) == pytest.approx(
        alone(reluctant)
    )
    assert log_hazard(eager._replace(threshold=at), WEIGHTS) == pytest.approx(alone(eager))
    nobody = reluctant._replace(peer=0.0, lead=0.0, threshold=-1.0)
    assert log_hazard(nobody, WEIGHTS) == pytest.approx(alone(nobody))


@pytest.mark.parametrize("effect", [0.0, -40.0, 40.0])
def test_expected_utility_is_what_it_brings_less_what_it_costs(effect):
    known = TERMS._replace(effect=effect)
    rest = [name for name in OWN_REASONS if name not in ("cost", "energy_cost")]
    utility = WEIGHTS.intercept + effect + summed(rest, known)
    utility += WEIGHTS.utility_scale * (
        WEIGHTS.benefit * known.damage - known.cost - known.energy_cost
    )
    utility += WEIGHTS.conformity * (share(known) - known.threshold)
    expected = math.log(math.log1p(math.exp(utility)))
    assert expected_utility.log_hazard(known, WEIGHTS) == pytest.approx(expected)
