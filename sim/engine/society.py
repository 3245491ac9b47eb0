"""Phase 13: support follows events and costs; bystanders learn what the coalition is made of."""

from __future__ import annotations

from sim.compiled import phase
from sim.rules import clock as clock_rules
from sim.rules import support as rules
from sim.rules import third


@phase
def update(inputs, state):  # type: ignore[no-untyped-def]
    """Move support in each sender, belief in the coalition, and the hazard of an attempt."""
    society, views, parties, clock = inputs.society, inputs.third, state.third_party, state.clock
    support, accepted, last_act = state.decision.support, state.decision.accepted, 0
    for i in range(support.size):
        nearness = society.nearness * inputs.frontline[i]
        support[i] = rules.support_after(
            support[i],
            clock.urgency,
            nearness,
            accepted[i],
            1.0,
            society.rally,
            society.fatigue_days,
        )
        last_act = max(last_act, state.target.latest[i])
    parties.belief = third.belief_after(
        parties.belief,
        parties.strength,
        float(clock.day - last_act),
        views.patience_days,
        1.0,
        views.belief_days,
    )
    eta = third.attempt_log_hazard(
        views.attempt,
        parties.belief,
        views.attempt_resolve,
        parties.relation[inputs.positions.challenger, 0],
        views.attempt_tie,
    )
    parties.attempt_hazard += clock_rules.yearly_hazard(eta, 1.0)
