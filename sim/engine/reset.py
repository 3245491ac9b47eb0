"""The start of a run: nothing done, every threshold drawn."""

from __future__ import annotations

import numpy as np

from sim.codes import NEVER
from sim.compiled import part, phase
from sim.draws import Stream, uniform, waiting
from sim.engine.arrays import copy
from sim.engine.pricing import weigh_damage
from sim.rules import reluctance, support, terms

ADOPT, OF_COUNCIL, RESPOND, LIST = (
    int(Stream.ADOPT), int(Stream.COUNCIL), int(Stream.RESPOND), int(Stream.LIST),
)  # fmt: skip
THRESHOLD, CONDEMN, COOPERATE = int(Stream.THRESHOLD), int(Stream.CONDEMN), int(Stream.COOPERATE)
STANCE, REFUSE = int(Stream.STANCE), int(Stream.REFUSE)


@phase
def reset(inputs, state):  # type: ignore[no-untyped-def]
    """Set a run to its start; seed, run and row are those of its clock."""
    _clear(state.adoption)
    _clear(state.exposure)
    _clear(state.target)
    _clear(state.third_party)
    _clear(state.effect)
    _reset_course(state.clock, state.course)
    _reset_adoption(state.adoption, inputs.menu)
    state.exposure.updated[:] = 0
    _reset_decision(inputs, state.clock, state.decision)
    _reset_target(inputs, state.clock, state.target)
    _reset_third_party(inputs, state.clock, state.third_party)
    _reset_effect(
        state.effect,
        inputs.third_parties.carrier_share,
        inputs.evasion.premium,
        inputs.reluctance.third,
    )
    copy(inputs.foreign.fuels_before_bn, state.effect.fuels_change)
    copy(inputs.foreign.others_before_bn, state.effect.others_change)
    state.log.n_rows = 0
    state.trace.day[:] = NEVER
    _clear_sums(state.fresh_sums)
    _clear_sums(state.mature_sums)
    if inputs.weighs_damage or state.trace.day.shape[0] > 0:
        weigh_damage(inputs, state)


@part
def _clear(room):  # type: ignore[no-untyped-def]
    room.all_floats[:] = 0.0
    room.all_flags[:] = False


@part
def _clear_sums(sums):  # type: ignore[no-untyped-def]
    sums.flows[:] = 0.0
    sums.bought[:] = 0.0
    sums.held_bought[:] = 0.0
    sums.effect[:] = 0.0
    sums.held_effect[:] = 0.0


@part
def _reset_course(clock, course):  # type: ignore[no-untyped-def]
    clock.day, clock.is_settled, course.settled_day = NEVER, 0, NEVER
    clock.severity = clock.urgency = clock.shock = clock.closed = 0.0
    course.n_escalations = course.n_rounds = 0
    course.escalation_pressure = course.round_pressure = course.talk_pressure = 0.0


@part
def _reset_adoption(adoption, menu):  # type: ignore[no-untyped-def]
    adoption.announced[:] = NEVER
    adoption.first_announced[:] = NEVER
    adoption.effective[:] = NEVER
    for act in range(adoption.level.shape[0]):
        for i in range(adoption.level.shape[1]):
            closed = menu.on_menu[act] and not menu.is_open[i, act]
            adoption.level[act, i] = menu.waves[act] if closed else 0
    adoption.spell[:] = 0
    adoption.met[:] = NEVER
    adoption.passed[:] = 0
    adoption.blocked[:] = NEVER
    adoption.withdrawals, adoption.first_withdrawal = 0, NEVER


@part
def _reset_decision(inputs, clock, decision):  # type: ignore[no-untyped-def]
    cells, rule = inputs.cells, inputs.rule
    decision.hazard[:] = 0.0
    decision.recent[:] = 0.0
    decision.summed[:] = 0.0
    decision.threshold[:] = np.inf  # of who decides on nothing
    decision.summed_to[:] = NEVER
    decision.recent_since[:] = 0
    decision.largest_recent[:] = 0.0
    if inputs.shocks.table.size == 0:
        decision.text[:] = 1.0
    decision.bound[:] = 0.0
    decision.of_tables[:] = 0.0
    decision.largest_pace[:] = 0.0
    decision.factors_to[0] = 0.0
    decision.slack[:] = np.inf
    decision.is_stale[:] = True
    decision.any_due = 0
    decision.is_due[:] = False
    decision.support[:] = inputs.society.support
    decision.accepted[:] = support.accepted(0.0, inputs.society.cost_weight, 0.0)
    decision.damage[:] = 0.0
    decision.doubt[:] = 0.0
    decision.doubt_threshold[:] = np.inf
    decision.next_doubt[:] = np.inf
    for i in range(cells.adopt.shape[0]):
        variate = uniform(clock.seed, clock.run, THRESHOLD, 0, cells.threshold[i])
        decision.peer_threshold[i] = terms.threshold_of(
            variate, rule.threshold_mean, rule.threshold_sd
        )
        for act in range(cells.adopt.shape[1]):
            decider = inputs.deciders.alone[i]
            if inputs.deciders.decides_for[act, decider] != 0:
                due = waiting(clock.seed, clock.run, ADOPT, 0, cells.adopt[i, act])
                decision.threshold[act, decider] = due
    for c in range(inputs.councils.cell.shape[0]):
        for act in range(cells.adopt.shape[1]):
            decider = inputs.deciders.council[c]
            if inputs.deciders.decides_for[act, decider] != 0:
                due = waiting(clock.seed, clock.run, OF_COUNCIL, 0, inputs.councils.cell[c, act])
                decision.threshold[act, decider] = due


@part
def _reset_target(inputs, clock, target):  # type: ignore[no-untyped-def]
    target.issued[:] = NEVER
    target.cut_off[:] = NEVER
    target.listed[:] = NEVER
    target.n_unlisted[:] = 0
    target.refused[:] = NEVER
    target.latest[:] = NEVER
    target.grievance[:] = NEVER
    target.parts[:] = 0
    target.part_day[:] = NEVER
    target.look_again[:] = 0
    target.protests[:] = 0
    target.n_grievances = 0
    seed, run, cells = clock.seed, clock.run, inputs.cells
    for t in range(cells.answer.shape[0]):
        for c in range(cells.answer.shape[1]):
            target.threshold[t, c] = waiting(seed, run, RESPOND, 0, cells.answer[t, c])
        for pair in range(inputs.rates.first_general[t], inputs.rates.first_general[t + 1]):
            c = inputs.rates.general[pair, 1]
            if not inputs.answers.by_part[c]:
                target.left[t, c] = inputs.rates.answer[t, c]
        for i in range(cells.listing.shape[1]):
            target.listing_threshold[t, i] = waiting(seed, run, LIST, 0, cells.listing[t, i])
            variate = uniform(seed, run, REFUSE, 0, cells.refuse[t, i])
            target.refuses[t, i] = variate < inputs.refusal[i]
    for pair in range(inputs.rates.singled.shape[0]):
        t, c, i = inputs.rates.singled[pair]
        target.single_threshold[pair] = waiting(seed, run, RESPOND, 0, cells.single[t, c, i])


@part
def _reset_third_party(inputs, clock, parties):  # type: ignore[no-untyped-def]
    seed, run, cells = clock.seed, clock.run, inputs.cells
    copy(inputs.third_parties.relation, parties.relation)
    parties.cooperations[:] = 0
    parties.condemned[:] = NEVER
    parties.n_silent = 0
    for n in inputs.rates.stances:
        variate = uniform(seed, run, STANCE, 0, cells.condemn[n])
        parties.condemns[n] = variate < inputs.third_parties.condemns[n]
        parties.n_silent += parties.condemns[n]
        parties.condemn_threshold[n] = waiting(seed, run, CONDEMN, 0, cells.condemn[n])
    for pair in range(inputs.rates.allied.shape[0]):
        n, t = inputs.rates.allied[pair]
        parties.cooperate_threshold[pair] = waiting(seed, run, COOPERATE, 0, cells.cooperate[n, t])
    parties.strength = 0.0
    parties.belief = inputs.third.belief
    parties.attempt_hazard = 0.0


@part
def _reset_effect(effect, carrier_share, premium, third):  # type: ignore[no-untyped-def]
    effect.finance_is_stale = 1
    effect.cover_is_stale[:] = True
    effect.in_effect[:] = 0
    effect.first_day[:] = NEVER
    effect.answered[:] = 0
    effect.closure = 0.0
    effect.year_days = 0
    copy(carrier_share, effect.carrier_share)
    effect.premium = premium
    for t in range(effect.reluctance.shape[0]):
        for i in range(effect.reluctance.shape[1]):
            effect.reluctance[t, i] = reluctance.of_sender(0.0, third)
    effect.felt_until = 0
