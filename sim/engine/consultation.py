"""Phase 2: who meets, and what decisions share on a day, at a table or in a capital."""

from __future__ import annotations

import math

from sim.compiled import inlined, part, phase
from sim.draws import PER_KEY, Stream, strata, stratum
from sim.engine.arrays import exponentials
from sim.record import on_stack

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
    if inputs.society.escalation > 0.0:
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
    day, shocks, calendar = clock.day, inputs.shocks, inputs.calendar
    span, seed, run, ends = day // PER_KEY, clock.seed, clock.run, day + PER_KEY
    decision.common[day:ends] = 1.0
    decision.factor[day:ends] = 1.0
    if shocks.day.size > 0:
        first, second, third, fourth = strata(seed, run, FRAILTY, span, 0)
        for d in range(day, ends):
            word = _word_of(d - day, first, second, third, fourth)
            decision.common[d] = shocks.day[stratum(word, d % 2)]
    if shocks.agenda.size > 0:
        for decider in range(inputs.deciders.n):
            first, second, third, fourth = strata(
                seed, run, AGENDA, span, inputs.deciders.cell[decider]
            )
            for d in range(day, ends):
                word = _word_of(d - day, first, second, third, fourth)
                own = shocks.agenda[stratum(word, d % 2)]
                decision.factor[d, decider] = 1.0 if calendar.at_table[d, decider] else own
    if shocks.table.size > 0 and _any_of(calendar.has_table, day, ends):
        for act in range(inputs.package_cell.size):
            first, second, third, fourth = strata(
                seed, run, PACKAGE, span, inputs.package_cell[act]
            )
            for d in range(day, ends):
                if calendar.has_table[d]:
                    word = _word_of(d - day, first, second, third, fourth)
                    decision.text[d, act] = shocks.table[stratum(word, d % 2)]


@inlined
def _any_of(flags, first, end):  # type: ignore[no-untyped-def]
    """Return whether any of some flags is up; numpy's own would load its linear algebra."""
    found = False
    for n in range(first, end):
        found |= flags[n]
    return found


@inlined
def _word_of(place, first, second, third, fourth):  # type: ignore[no-untyped-def]
    """Return the word that holds the stratum of a day, two days to a word."""
    if place < 4:
        return first if place < 2 else second
    return third if place < 6 else fourth


@inlined
def _work_out_factors(inputs, state):  # type: ignore[no-untyped-def]
    """Multiply the shocks of the day by all else that bears on every hazard of a decider.

    A council's support is the mean of its members' by their voice.
    """
    decision, deciders, voice = state.decision, inputs.deciders, inputs.councils.voice
    day, support, slope = state.clock.day, state.decision.support, inputs.slopes.support
    later = _beyond_calendar(inputs, state) * inputs.slopes.shock
    log_factor, of_sender = on_stack(deciders.cell.size), on_stack(support.size)
    log_factor[:] = later
    for i in range(support.size):
        of_sender[i] = slope * (support[i] - 0.5)
        log_factor[deciders.alone[i]] += of_sender[i]
    for c in range(voice.shape[0]):
        total = later
        for i in range(support.size):
            total += voice[c, i] * of_sender[i]
        log_factor[deciders.council[c]] = total
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
        after[decider] = before[decider] + (0.0 if at_table[decider] else factor[decider])
    for decider in range(factor.size):
        at = max(at, factor[decider] if at_table[decider] else 0.0)
        elsewhere = max(elsewhere, 0.0 if at_table[decider] else factor[decider])
    decision.largest_at_table, decision.largest_elsewhere = at, elsewhere
