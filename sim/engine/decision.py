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
from sim.engine.arrays import (
    MODERATE,
    any_of,
    copy,
    exponential,
    exponential_of,
    wide_exponentials,
)
from sim.record import call_rule, on_stack
from sim.rules import clock as clock_rules
from sim.rules import terms, withdraw

SMALL = 1e-2  # power of which five terms of the exponential are right to 1e-12
TINY = 1e-300  # in place of no hazard, so that nothing is divided by 0
ROUNDING = 1.0 - 1e-9  # a bound must not be missed by a rounding


@phase
def decide(inputs, state):  # type: ignore[no-untyped-def]
    """Let hazards add up by a day; note on which acts a decision is due."""
    decision, day = state.decision, state.clock.day
    if state.trace.day.shape[0] > 0:
        _trace(inputs, state)
    if 0 < day == inputs.script.decide_from:
        _begin_to_decide(day, decision)
    if any_of(decision.is_stale):
        for act in range(decision.is_stale.size):
            if decision.is_stale[act]:
                sum_up(act, day - 1, inputs, state)
                _weigh(act, inputs, state)
    if _raise_bounds(day, inputs, decision) > 0:
        for act in range(decision.bound.size):
            if decision.bound[act] >= decision.slack[act]:
                _find_due(act, inputs, state)
    decision.any_due = 1 if any_of(decision.is_due) else 0
    if day >= inputs.script.decide_from:
        _doubt(inputs, state)


@inlined
def _begin_to_decide(day, decision):  # type: ignore[no-untyped-def]
    """Let hazards add up from here on: a wait has no memory of the days that a script had."""
    decision.summed[:] = 0.0
    decision.summed_to[:] = day - 1
    decision.is_stale[:] = True


@inlined
def _raise_bounds(day, inputs, decision):  # type: ignore[no-untyped-def]
    """Add the day's factors to the bounds of what hazards have summed up to.

    Returns on how many acts a decision may be due.
    """
    at_table, elsewhere = decision.largest_at_table, decision.largest_elsewhere
    known, bound, text = inputs.calendar.pace, decision.bound, decision.text[day]
    pace = decision.pace[day] if inputs.society.escalation > 0.0 else known[day]
    largest_pace, of_tables = decision.largest_pace, decision.of_tables
    if inputs.calendar.has_table[day]:
        for act in range(bound.size):
            bound[act] += pace[act] * max(at_table * text[act], elsewhere)
        for act in range(bound.size):
            of_tables[act] += at_table * text[act]
    else:
        for act in range(bound.size):
            bound[act] += pace[act] * elsewhere
    for act in range(bound.size):
        largest_pace[act] = max(largest_pace[act], pace[act])
    n_beyond = 0
    for act in range(bound.size):
        n_beyond += bound[act] >= decision.slack[act]
    return n_beyond


@part
def _find_due(act, inputs, state):  # type: ignore[no-untyped-def]
    """Work out whether a decision on an act, on which one may be due, is due."""
    decision, day = state.decision, state.clock.day
    if _is_surely_not_due(act, day, inputs, decision):
        return
    sum_up(act, day, inputs, state)
    _work_out_slack(act, day + 1, inputs, decision)


@part
def _is_surely_not_due(act, day, inputs, decision):  # type: ignore[no-untyped-def]
    """Return whether each decider's own factors since the last sum leave nothing due.

    If so, `slack` is what the factors to come must add up to; the sums stay as they are.
    """
    since, width = decision.summed_to[act] + 1, inputs.deciders.width[act]
    room = decision.room[act]
    begin, end = decision.factors_to[since], decision.factors_to[day + 1]
    most, of_tables = decision.largest_pace[act] / ROUNDING, decision.of_tables[act]
    if decision.largest_recent[act] > 0.0:
        fresh = inputs.calendar.fade[max(since - decision.recent_since[act], 0)]
        most *= exponential_of(decision.largest_recent[act] * fresh)
    slack = np.inf
    for decider in range(width):
        factors = end[decider] - begin[decider] + of_tables
        if room[decider] > 0.0:
            slack = min(slack, room[decider] - factors * most)
    if slack <= 0.0:
        return False
    decision.slack[act] = slack / max(most / decision.largest_pace[act], 1.0) * ROUNDING
    decision.bound[act] = 0.0
    return True


@part
def sum_up(act, last, inputs, state):  # type: ignore[no-untyped-def]
    """Sum up the hazards on an act up to a day."""
    decision, calendar, since = state.decision, inputs.calendar, state.decision.recent_since[act]
    summed, width = decision.summed[act], inputs.deciders.width[act]
    total, shared = on_stack(width), on_stack(width)
    shared[:] = 1.0
    paces = decision.pace if inputs.society.escalation > 0.0 else calendar.pace
    for decider in range(total.size):
        total[decider] = summed[decider]
    for day in range(decision.summed_to[act] + 1, last + 1):
        if calendar.has_table[day]:
            _share_text(decision.text[day, act], calendar.at_table[day], shared)
        faded, pace = calendar.fade[day - since], paces[day, act]
        if decision.largest_recent[act] * faded < SMALL:
            _add_day(day, act, faded, pace, shared, total, decision)
        elif decision.largest_recent[act] * faded < MODERATE:
            _add_day_of_news(day, act, faded, pace, shared, total, decision)
        else:
            _add_day_of_great_news(day, act, faded, pace, shared, total, decision)
        if calendar.has_table[day]:
            shared[:] = 1.0
    for decider in range(total.size):
        summed[decider] = total[decider]
    state.work.sums += 1
    state.work.summed_days += last - decision.summed_to[act]
    decision.summed_to[act] = max(decision.summed_to[act], last)


@inlined
def _share_text(text, at_table, shared):  # type: ignore[no-untyped-def]
    """Write the factor of what a table agrees on, for those who sit at it."""
    for decider in range(shared.size):
        shared[decider] = text if at_table[decider] else 1.0


@inlined
def _add_day(day, act, faded, pace, shared, total, decision):  # type: ignore[no-untyped-def]
    """Add the hazards of a day on which what peers did is long past: exp(x) by its first terms."""
    hazard, recent, factor = decision.hazard[act], decision.recent[act], decision.factor[day]
    for decider in range(total.size):
        x = recent[decider] * faded
        pull = 1.0 + x * (1.0 + x * (1 / 2 + x * (1 / 6 + x * (1 / 24))))
        total[decider] += pace * factor[decider] * hazard[decider] * shared[decider] * pull


@inlined
def _add_day_of_news(day, act, faded, pace, shared, total, decision):  # type: ignore[no-untyped-def]
    """Add the hazards of a day on which fresh acts of peers pull."""
    hazard, recent, factor = decision.hazard[act], decision.recent[act], decision.factor[day]
    for decider in range(total.size):
        pull = exponential(recent[decider] * faded)
        total[decider] += pace * factor[decider] * hazard[decider] * shared[decider] * pull


@part
def _add_day_of_great_news(day, act, faded, pace, shared, total, decision):  # type: ignore[no-untyped-def]
    """Add the hazards of a day on which the pull is beyond all that is usual."""
    hazard, recent, factor = decision.hazard[act], decision.recent[act], decision.factor[day]
    for decider in range(total.size):
        pull = math.exp(recent[decider] * faded)
        total[decider] += pace * factor[decider] * hazard[decider] * shared[decider] * pull


@inlined
def _work_out_slack(act, day, inputs, decision):  # type: ignore[no-untyped-def]
    """Work out what the factors from a day on must add up to before a further decision is due.

    One that is due stays so, as where a council is blocked, and is not summed up for that.
    """
    hazard, room = decision.hazard[act], decision.room[act]
    summed, threshold = decision.summed[act], decision.threshold[act]
    for decider in range(room.size):
        left = threshold[decider] - summed[decider]
        room[decider] = left / max(hazard[decider], TINY)
    slack, most, n_due = np.inf, 1.0, 0
    for decider in range(inputs.deciders.width[act]):
        if room[decider] > 0.0:
            slack = min(slack, room[decider])
        else:
            n_due += hazard[decider] > 0.0
    decision.is_due[act] = n_due > 0 and day > inputs.script.decide_from
    if decision.largest_recent[act] > 0.0:
        faded = inputs.calendar.fade[max(day - decision.recent_since[act], 0)]
        most = exponential_of(decision.largest_recent[act] * faded)
    decision.slack[act] = slack / most * ROUNDING
    decision.bound[act] = decision.largest_pace[act] = decision.of_tables[act] = 0.0


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
    menu, decision = inputs.menu, state.decision
    hazard, recent, alone = decision.hazard[act], decision.recent[act], inputs.deciders.alone
    linear, level = inputs.slopes.linear, state.adoption.level[act]
    state.work.weighed += 1
    hazard[:] = 0.0
    recent[:] = 0.0
    decision.largest_recent[act] = 0.0
    decision.recent_since[act] = state.exposure.updated[act]
    decision.is_stale[act] = not linear
    decision.is_due[act] = False
    decision.slack[act] = np.inf
    if not menu.on_menu[act] or not _has_cause(act, inputs, state.clock):
        return
    _see_who_decides(act, inputs, state)
    if linear:
        _log_hazards(act, inputs, state)
    else:
        _ask_rule(act, inputs, state)
    wide_exponentials(decision.log_hazard, decision.weekly)
    for i in range(level.size):
        if decision.decides[i] and menu.council_of[i, act] < 0:
            hazard[alone[i]] = decision.weekly[i] / clock_rules.DAYS_PER_WEEK
            recent[alone[i]] = inputs.slopes.recent * state.exposure.recent[act, i]
    for c in range(inputs.councils.member.shape[0]):
        if menu.agenda[c, act] and state.adoption.passed[c, act] < menu.waves[act]:
            _weigh_council(c, act, inputs, state)
    for decider in range(inputs.deciders.width[act]):
        decision.largest_recent[act] = max(decision.largest_recent[act], abs(recent[decider]))
    _work_out_slack(act, state.clock.day, inputs, decision)


@inlined
def _see_who_decides(act, inputs, state):  # type: ignore[no-untyped-def]
    """Note for which senders there is a wave of an act left that they may take."""
    menu, level, decides = inputs.menu, state.adoption.level[act], state.decision.decides
    for i in range(level.size):
        is_left = level[i] < menu.waves[act]
        decides[i] = is_left and not _must_wait(i, act, menu, state.adoption)
        state.work.hazards += decides[i]


@inlined
def _must_wait(i, act, menu, adoption):  # type: ignore[no-untyped-def]
    """Return whether a union has not taken yet what a sender may only take over from it."""
    council = menu.takes_over[i, act]
    return council >= 0 and adoption.passed[council, act] <= adoption.level[act, i]


@part
def _ask_rule(act, inputs, state):  # type: ignore[no-untyped-def]
    """Write the log hazards of all who decide under a rule that is not linear."""
    eta = state.decision.log_hazard
    eta[:] = 0.0
    for i in range(eta.size):
        if state.decision.decides[i]:
            _fill_terms(i, act, inputs, state)
            eta[i] = call_rule(inputs.log_hazard, state.terms, inputs.weights)
            state.work.undefined += math.isnan(eta[i])


@part
def _log_hazards(act, inputs, state):  # type: ignore[no-untyped-def]
    """Write the log hazards of all senders under a linear rule, less what changes every day."""
    slopes, clock, exposure, t = (
        inputs.slopes,
        state.clock,
        state.exposure,
        inputs.menu.aimed_at[act],
    )
    peer, lead, bloc = exposure.peer[act], exposure.lead[act], exposure.bloc[act]
    eta, known, level = state.decision.log_hazard, slopes.known[act], state.adoption.level[act]
    common = slopes.severity * clock.severity
    common += slopes.involvement * inputs.war.involvement[t, clock.day]
    common += slopes.restraint * terms.restraint(clock.severity, inputs.menu.targeted[act])
    for i in range(eta.size):
        eta[i] = common + known[i] + slopes.peer * peer[i] + slopes.lead * lead[i]
        eta[i] += slopes.bloc * bloc[i] + (slopes.wave if level[i] > 0 else 0.0)
    for i in range(eta.size):
        relation = state.third_party.relation[inputs.senders[i], t]
        if relation > 0.0:
            eta[i] += slopes.relation * terms.valued(relation)


@part
def _fill_terms(i, act, inputs, state):  # type: ignore[no-untyped-def]
    """Write what a sender weighs today."""
    clock, menu, weighed, exposure = state.clock, inputs.menu, state.terms, state.exposure
    weighed.effect = menu.effect[i, act] + menu.pace[act] * clock.shock
    weighed.severity = clock.severity
    weighed.involvement = inputs.war.involvement[menu.aimed_at[act], clock.day]
    weighed.restraint = terms.restraint(clock.severity, menu.targeted[act])
    weighed.shock = clock.shock
    weighed.meeting = inputs.calendar.lately[clock.day, i]
    weighed.peer = exposure.peer[act, i]
    weighed.recent = _recent_today(i, act, inputs, clock, exposure)
    weighed.lead = exposure.lead[act, i]
    weighed.bloc = exposure.bloc[act, i]
    weighed.frontline = inputs.frontline[i]
    weighed.cost = menu.cost[i, act]
    weighed.energy_cost = menu.energy_cost[i, act]
    weighed.retaliation = menu.retaliation[i, act]
    weighed.linkage = menu.linkage[i, act]
    weighed.support = state.decision.support[i] - 0.5
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
    level, decider = state.adoption.level[act], inputs.deciders.council[c]
    wish, recent, voices = 0.0, 0.0, 0.0
    for i in range(level.size):
        if decision.decides[i] and councils.member[c, i]:
            wish += councils.voice[c, i] * decision.log_hazard[i]
            recent += councils.voice[c, i] * slopes.recent * state.exposure.recent[act, i]
            voices += councils.voice[c, i]
    if voices == 0.0:
        return
    if voices < 1.0 - 1e-12:  # of all voices, whose sum is 1
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
    decision.recent[act, decider] = recent / voices


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
            is_left = level[act, i] < inputs.menu.waves[act]
            if is_left and not _must_wait(i, act, inputs.menu, state.adoption):
                _fill_terms(i, act, inputs, state)
                copy(state.weighed, trace.terms[i, act])
                trace.day[i, act] = state.clock.day
