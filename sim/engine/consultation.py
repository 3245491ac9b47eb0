"""Phase 2: who meets, and what decisions share on a day, at a table or in a capital."""

from __future__ import annotations

import math

from sim.compiled import inlined, part, phase
from sim.draws import PER_KEY, Stream, strata, stratum
from sim.engine.arrays import exponentials

FRAILTY, PACKAGE, AGENDA = int(Stream.FRAILTY), int(Stream.PACKAGE), int(Stream.AGENDA)


@phase
def consult(inputs, state):  # type: ignore[no-untyped-def]
    """Hold the day's meetings, and work out the day's factors on all hazards."""
    clock, decision = state.clock, state.decision
    if inputs.coordination.information_delay_days > 0:
        _meet(inputs.calendar, clock.day, state.adoption.met)
    if clock.day % PER_KEY == 0:
        _draw_shocks(inputs, clock, decision)
    _work_out_factors(inputs, state)
    _work_out_pace(inputs, state)
    _find_largest(inputs.calendar.at_table[clock.day], clock.day, decision)


@part
def _meet(calendar, day, met):  # type: ignore[no-untyped-def]
    """Hold the day's meetings: those who meet tell each other what they have done."""
    for meeting in range(calendar.first_meeting[day], calendar.first_meeting[day + 1]):
        for i in range(met.shape[0]):
            for j in range(met.shape[1]):
                if calendar.seats[meeting, i] and calendar.seats[meeting, j]:
                    met[i, j] = day


@part
def _draw_shocks(inputs, clock, decision):  # type: ignore[no-untyped-def]
    """Draw the shocks of the days that share a key: their factors on hazards, of mean 1."""
    day, n_days = clock.day, decision.common.size
    for d in range(day, min(day + PER_KEY, n_days)):
        decision.common[d] = 1.0
        decision.factor[d, :] = 1.0
        decision.text[d, :] = 1.0
    span, seed, run, shocks = day // PER_KEY, clock.seed, clock.run, inputs.shocks
    if shocks.day.size > 0:
        words = strata(seed, run, FRAILTY, span, 0)
        for d in range(day, min(day + PER_KEY, n_days)):
            decision.common[d] = shocks.day[_stratum_of(words, d - day)]
    if shocks.agenda.size > 0:
        for decider in range(inputs.deciders.cell.size):
            words = strata(seed, run, AGENDA, span, inputs.deciders.cell[decider])
            for d in range(day, min(day + PER_KEY, n_days)):
                if not inputs.calendar.at_table[d, decider]:
                    decision.factor[d, decider] = shocks.agenda[_stratum_of(words, d - day)]
    tables = 0
    for d in range(day, min(day + PER_KEY, n_days)):
        tables += inputs.calendar.has_table[d]
    if shocks.table.size > 0 and tables > 0:
        for act in range(inputs.package_cell.size):
            words = strata(seed, run, PACKAGE, span, inputs.package_cell[act])
            for d in range(day, min(day + PER_KEY, n_days)):
                decision.text[d, act] = shocks.table[_stratum_of(words, d - day)]


@inlined
def _stratum_of(words, place):  # type: ignore[no-untyped-def]
    first, second, third, fourth = words
    word = first
    if place >= 6:
        word = fourth
    elif place >= 4:
        word = third
    elif place >= 2:
        word = second
    return stratum(word, place % 2)


@inlined
def _work_out_factors(inputs, state):  # type: ignore[no-untyped-def]
    """Multiply the shocks of the day by all else that bears on every hazard of a decider.

    A council's support is the mean of its members' by their voice.
    """
    decision, deciders, voice = state.decision, inputs.deciders, inputs.councils.voice
    day, log_factor, slope = state.clock.day, decision.log_factor, inputs.slopes.support
    later = _beyond_calendar(inputs, state) * inputs.slopes.shock
    log_factor[:] = later
    for i in range(decision.support.size):
        of_sender = slope * (decision.support[i] - 0.5)
        log_factor[deciders.alone[i]] += of_sender
        for c in range(voice.shape[0]):
            log_factor[deciders.council[c]] += voice[c, i] * of_sender
    exponentials(log_factor, abs(slope) * 0.5 + abs(later))
    factor, known, common = decision.factor[day], inputs.calendar.factor[day], decision.common[day]
    for decider in range(factor.size):
        factor[decider] *= known[decider] * common * log_factor[decider]


@inlined
def _beyond_calendar(inputs, state):  # type: ignore[no-untyped-def]
    """Return by how much the log urgency is beyond that of the dated events."""
    if state.course.n_escalations == 0:
        return 0.0
    return state.clock.shock - inputs.calendar.shock[state.clock.day]


@inlined
def _work_out_pace(inputs, state):  # type: ignore[no-untyped-def]
    """Let the day's urgency bear on early measures more than on late ones."""
    day, later = state.clock.day, _beyond_calendar(inputs, state)
    pace, known = state.decision.pace[day], inputs.calendar.pace[day]
    for act in range(pace.size):
        pace[act] = known[act]
    if later != 0.0 and inputs.slopes.linear:
        for act in range(pace.size):
            pace[act] *= math.exp(inputs.menu.pace[act] * later)


@inlined
def _find_largest(at_table, day, decision):  # type: ignore[no-untyped-def]
    """Note the largest factor among those at a table and among all others, and add up these."""
    before, after = decision.factors_to[day], decision.factors_to[day + 1]
    factor, at, elsewhere = decision.factor[day], 0.0, 0.0
    for decider in range(factor.size):
        if at_table[decider]:
            at = max(at, factor[decider])
            after[decider] = before[decider]
        else:
            elsewhere = max(elsewhere, factor[decider])
            after[decider] = before[decider] + factor[decider]
    decision.largest_at_table, decision.largest_elsewhere = at, elsewhere
