"""Phase 3: what senders weigh, and how the hazards of deciding add up.

What does not change from one day to the next is not worked out again. Where the log hazard is
linear in what does change every day, the day's urgency, support at home and the fading pull of
peers, a day's hazard is the product of a part that stays and of factors for these; other rules are
asked anew every day. An act on which nothing can be due yet is not even summed up: see `_sum_up`.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import inlined, part, phase
from sim.engine.arrays import copy
from sim.record import call_rule
from sim.rules import clock as clock_rules
from sim.rules import terms, withdraw

NEGLIGIBLE = 1e-17  # added to 1 it is lost
MODERATE = 4.0
ROUNDING = 1.0 - 1e-9  # a bound must not be missed by a rounding


@phase
def decide(inputs, state):  # type: ignore[no-untyped-def]
    """Let hazards add up by a day; note on which acts a decision is due."""
    decision, day = state.decision, state.clock.day
    if state.trace.day.shape[0] > 0:
        _trace(inputs, state)
    for act in range(decision.is_stale.size):
        if decision.is_stale[act]:
            sum_up(act, day - 1, inputs, decision)
            _weigh(act, inputs, state)
    decision.any_due = 0
    at_table, elsewhere = decision.largest_at_table, decision.largest_elsewhere
    pace, text, bound = decision.pace[day], decision.text[day], decision.bound
    for act in range(bound.size):
        bound[act] += pace[act] * max(at_table * text[act], elsewhere)
    for act in range(bound.size):
        decision.is_due[act] = False
        if decision.is_live[act] and bound[act] >= decision.slack[act]:
            sum_up(act, day, inputs, decision)
            if decision.slack[act] <= 0.0 and not inputs.script.only:
                decision.is_due[act] = True
                decision.any_due = 1
    if not inputs.script.only:
        _doubt(inputs, state)


@part
def sum_up(act, last, inputs, decision):  # type: ignore[no-untyped-def]
    """Sum up the hazards on an act up to a day, and work out for how long none can be due.

    `slack` is what the factors of the days to come must add up to before any decision is due: 0
    if one is.
    """
    calendar, width = inputs.calendar, inputs.deciders.width[act]
    hazard, recent = decision.hazard[act], decision.recent[act]
    summed, rate, since = decision.summed[act], decision.rate, decision.recent_since[act]
    for day in range(decision.summed_to[act] + 1, last + 1):
        pace, factor = decision.pace[day, act], decision.factor[day]
        for decider in range(width):
            rate[decider] = pace * factor[decider] * hazard[decider]
        if calendar.has_table[day]:
            text, at_table = decision.text[day, act], calendar.at_table[day]
            for decider in range(width):
                rate[decider] *= text if at_table[decider] else 1.0
        _pull(recent, calendar.fade[day - since], decision.largest_recent[act], width, rate)
        for decider in range(width):
            summed[decider] += rate[decider]
    decision.summed_to[act] = max(decision.summed_to[act], last)
    _work_out_slack(act, calendar.fade[max(last + 1 - since, 0)], width, decision)


@inlined
def _pull(recent, faded, largest, width, rate):  # type: ignore[no-untyped-def]
    """Multiply hazards by what fresh acts of peers add.

    The exponential is spelt out, exp(x) = exp(x / 64)^64, right to 1e-14, because then a vector of
    deciders takes as long as one.
    """
    if largest * faded < NEGLIGIBLE:
        return
    if largest * faded >= MODERATE:
        for decider in range(width):
            rate[decider] *= math.exp(recent[decider] * faded)
        return
    for decider in range(width):
        x = recent[decider] * faded * (1.0 / 64.0)
        tail = 1 / 24 + x * (1 / 120 + x * (1 / 720 + x * (1 / 5040)))
        pull = 1.0 + x * (1.0 + x * (1 / 2 + x * (1 / 6 + x * tail)))
        for _ in range(6):
            pull *= pull
        rate[decider] *= pull


@inlined
def _work_out_slack(act, faded, width, decision):  # type: ignore[no-untyped-def]
    hazard, summed, threshold = decision.hazard[act], decision.summed[act], decision.threshold[act]
    most = math.exp(decision.largest_recent[act] * faded) if decision.largest_recent[act] else 1.0
    slack = np.inf
    for decider in range(width):
        if hazard[decider] > 0.0:
            slack = min(slack, (threshold[decider] - summed[decider]) / hazard[decider])
    decision.slack[act] = slack / most * ROUNDING
    decision.bound[act] = 0.0


@inlined
def is_due(act, decider, decision):  # type: ignore[no-untyped-def]
    """Return whether a decision is due that there is something left to decide on."""
    return (
        decision.summed[act, decider] >= decision.threshold[act, decider]
        and decision.hazard[act, decider] > 0.0
    )


@inlined
def _has_cause(act, inputs, clock):  # type: ignore[no-untyped-def]
    """Return whether there is a war whose violation the target of an act takes part in."""
    involvement = inputs.war.involvement[inputs.menu.aimed_at[act], clock.day]
    return clock.severity > 0.0 and involvement > 0.0 and not clock.is_settled


@part
def _weigh(act, inputs, state):  # type: ignore[no-untyped-def]
    """Work out anew the hazards on an act, for every decider."""
    menu, councils, decision = inputs.menu, inputs.councils, state.decision
    hazard, recent, alone = decision.hazard[act], decision.recent[act], inputs.deciders.alone
    linear, level = inputs.slopes.linear, state.adoption.level[act]
    hazard[:] = 0.0
    recent[:] = 0.0
    decision.largest_recent[act] = 0.0
    decision.recent_since[act] = state.exposure.updated[act]
    decision.is_live[act] = decision.is_stale[act] = not linear
    if not menu.on_menu[act] or not _has_cause(act, inputs, state.clock):
        return
    decision.wish[:] = 0.0
    decision.wish_recent[:] = 0.0
    decision.voices[:] = 0.0
    for i in range(level.size):
        if level[i] >= menu.waves[act]:
            continue
        _fill_terms(i, act, linear, inputs, state)
        eta = call_rule(inputs.log_hazard, state.terms, inputs.weights)
        fresh = inputs.slopes.recent * state.exposure.recent[act, i]
        for c in range(decision.wish.size):
            if menu.agenda[c, act] and councils.member[c, i]:
                decision.wish[c] += councils.voice[c, i] * eta
                decision.wish_recent[c] += councils.voice[c, i] * fresh
                decision.voices[c] += councils.voice[c, i]
        if menu.council_of[i, act] < 0:
            hazard[alone[i]] = clock_rules.hazard(eta, 1.0)
            recent[alone[i]] = fresh
    for c in range(decision.wish.size):
        if menu.agenda[c, act] and state.adoption.passed[c, act] < menu.waves[act]:
            _weigh_council(c, act, inputs, state)
    for decider in range(inputs.deciders.width[act]):
        decision.largest_recent[act] = max(decision.largest_recent[act], abs(recent[decider]))
        decision.is_live[act] |= hazard[decider] > 0.0
    fade = inputs.calendar.fade[state.clock.day - decision.recent_since[act]]
    _work_out_slack(act, fade, inputs.deciders.width[act], decision)


@part
def _fill_terms(i, act, leaves_out, inputs, state):  # type: ignore[no-untyped-def]
    """Write the terms of a decision; those left out that a day's factor stands for are 0."""
    clock, menu, weighed, exposure = state.clock, inputs.menu, state.terms, state.exposure
    shock = 0.0 if leaves_out else clock.shock
    weighed.effect = menu.effect[i, act] + menu.pace[act] * shock
    weighed.severity = clock.severity
    weighed.involvement = inputs.war.involvement[menu.aimed_at[act], clock.day]
    weighed.restraint = terms.restraint(clock.severity, menu.targeted[act])
    weighed.shock = shock
    weighed.meeting = 0.0 if leaves_out else inputs.calendar.lately[clock.day, i]
    weighed.peer = exposure.peer[act, i]
    weighed.recent = 0.0 if leaves_out else _recent_today(i, act, inputs, clock, exposure)
    weighed.lead = exposure.lead[act, i]
    weighed.bloc = exposure.bloc[act, i]
    weighed.frontline = inputs.frontline[i]
    weighed.cost = menu.cost[i, act]
    weighed.energy_cost = menu.energy_cost[i, act]
    weighed.retaliation = menu.retaliation[i, act]
    weighed.linkage = menu.linkage[i, act]
    weighed.support = 0.0 if leaves_out else state.decision.support[i] - 0.5
    relation = state.third_party.relation[inputs.senders[i], menu.aimed_at[act]]
    weighed.relation = terms.valued(relation)
    weighed.wave = 1.0 if state.adoption.level[act, i] > 0 else 0.0
    weighed.damage = state.decision.damage[i, act]
    weighed.threshold = state.decision.peer_threshold[i]


@inlined
def _recent_today(i, act, inputs, clock, exposure):  # type: ignore[no-untyped-def]
    return exposure.recent[act, i] * inputs.calendar.fade[clock.day - exposure.updated[act]]


@part
def _weigh_council(c, act, inputs, state):  # type: ignore[no-untyped-def]
    """Let a council want the mean of what its members want who still have a wave to take."""
    councils, slopes, decision = inputs.councils, inputs.slopes, state.decision
    voices, level = decision.voices[c], state.adoption.level[act]
    decider = inputs.deciders.council[c]
    if voices == 0.0:
        return
    wish, all_voices = decision.wish[c], 0.0
    for i in range(level.size):
        all_voices += councils.voice[c, i]
    if voices < all_voices - 1e-12:
        if slopes.linear:
            # The day's factor is that of all members: put in that of those who want instead.
            for i in range(level.size):
                of_day = slopes.shock * state.clock.shock
                of_day += slopes.support * (decision.support[i] - 0.5)
                of_day += slopes.meeting * inputs.calendar.lately[state.clock.day, i]
                ours = councils.voice[c, i] * of_day
                if level[i] < inputs.menu.waves[act] and councils.member[c, i]:
                    wish += ours
                wish -= voices * ours
        wish /= voices
        decision.is_stale[act] = True
    decision.hazard[act, decider] = clock_rules.hazard(wish, 1.0)
    decision.recent[act, decider] = decision.wish_recent[c] / voices


@inlined
def _doubt(inputs, state):  # type: ignore[no-untyped-def]
    """Let the doubt about measures in force grow by a day."""
    decision, held = state.decision, inputs.alliance.held
    for i in range(held.size):
        if state.clock.is_settled:
            decision.doubt[i] += withdraw.easing(inputs.society.easing_days, 1.0, 1.0)
        else:
            decision.doubt[i] += withdraw.backsliding(
                inputs.society.backslide, held[i], decision.support[i], 1.0, 1.0
            )
        if decision.doubt[i] >= decision.next_doubt[i]:
            decision.any_due = 1


@part
def _trace(inputs, state):  # type: ignore[no-untyped-def]
    """Keep what every sender weighs on each act that is open to it."""
    trace, level = state.trace, state.adoption.level
    for act in range(level.shape[0]):
        if not inputs.menu.on_menu[act] or not _has_cause(act, inputs, state.clock):
            continue
        for i in range(level.shape[1]):
            if level[act, i] < inputs.menu.waves[act]:
                _fill_terms(i, act, False, inputs, state)
                copy(state.weighed, trace.terms[i, act])
                trace.day[i, act] = state.clock.day
