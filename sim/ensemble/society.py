"""Phases 1, 10 and 11: the course of the war, talks, moods and what bystanders learn."""

from __future__ import annotations

from sim.compiled import inlined, part
from sim.draws import Stream, waiting
from sim.ensemble import log
from sim.ensemble.state import MAX_RANDOM, NEVER
from sim.rules import clock, events, support, talk, third

SETTLE, ESCALATE, TALK = int(Stream.SETTLE), int(Stream.ESCALATE), int(Stream.TALK)


@part
def escalate(day, seed, run, inputs, course, noted):  # type: ignore[no-untyped-def]
    """Let a random event happen, if the society of the run has any."""
    numbers, n = inputs.numbers, course.n_escalations[0]
    course.escalation_pressure[0] += numbers.escalation / 7.0
    if course.settled_day[0] != NEVER or n == MAX_RANDOM:
        return
    if course.escalation_pressure[0] >= waiting(seed, run, ESCALATE, n, numbers.war_cell):
        course.escalation_pressure[0] = 0.0
        course.escalations[n] = day
        course.n_escalations[0] = n + 1
        log.note(noted, day, log.EVENT, NEVER, NEVER, NEVER, day, 0)


@inlined
def course_of_war(day, inputs, course):  # type: ignore[no-untyped-def]
    """Return severity and urgency of the war today, random events included."""
    numbers = inputs.numbers
    severity, urgency = inputs.war.severity[day], inputs.war.urgency[day]
    for n in range(course.n_escalations[0]):
        severity = events.severity_after(severity, numbers.escalation_severity)
        since = float(day - course.escalations[n])
        urgency += events.urgency_of(numbers.escalation_severity, since)
    return severity, urgency


@part
def further_rounds(day, seed, run, inputs, course, noted):  # type: ignore[no-untyped-def]
    """Return the number of rounds of talks today that no calendar has."""
    numbers, n = inputs.numbers, course.n_rounds[0]
    course.round_pressure[0] += numbers.talks / 7.0
    if course.settled_day[0] != NEVER:
        return 0
    if course.round_pressure[0] < waiting(seed, run, TALK, n, numbers.talks_cell):
        return 0
    course.round_pressure[0] = 0.0
    course.n_rounds[0] = n + 1
    log.note(noted, day, log.TALKS, NEVER, NEVER, NEVER, day, 0)
    return 1


@part
def hold_talks(day, seed, run, rounds, inputs, state):  # type: ignore[no-untyped-def]
    """Hold the day's rounds of talks, each with its small chance of a settlement."""
    numbers, loss, course = inputs.numbers, state.effects.loss, state.course
    worst = loss[inputs.targets[0]]
    for t in range(1, inputs.targets.size):
        worst = max(worst, loss[inputs.targets[t]])
    eta = talk.log_hazard(
        numbers.settlement,
        worst,
        numbers.settlement_loss,
        talk.doubt(state.others.belief[0]),
        numbers.settlement_doubt,
    )
    due = waiting(seed, run, SETTLE, 0, numbers.talks_cell)
    for _ in range(rounds):
        course.talk_pressure[0] += talk.round_hazard(eta)
        if course.settled_day[0] == NEVER and course.talk_pressure[0] >= due:
            course.settled_day[0] = day
            state.minds.stale[:] = True
            log.note(state.log, day, log.SETTLEMENT, NEVER, NEVER, NEVER, day, 0)


@inlined
def update(day, urgency, inputs, minds, replies, others):  # type: ignore[no-untyped-def]
    """Moods follow events and costs; bystanders learn what the coalition is made of."""
    numbers, mood, accepted = inputs.numbers, minds.mood, minds.accepted
    last_act = 0
    for i in range(mood.size):
        nearness = numbers.nearness * inputs.frontline[i]
        mood[i] = support.support_after(
            mood[i], urgency, nearness, accepted[i], 1.0, numbers.rally, numbers.fatigue_days
        )
        last_act = max(last_act, replies.latest[i])
    others.belief[0] = third.belief_after(
        others.belief[0],
        others.strength[0],
        float(day - last_act),
        numbers.patience_days,
        1.0,
        numbers.belief_days,
    )
    eta = third.attempt_log_hazard(
        numbers.attempt,
        others.belief[0],
        numbers.attempt_resolve,
        others.relation[numbers.challenger, 0],
        numbers.attempt_tie,
    )
    others.attempt_hazard[0] += clock.yearly_hazard(eta, 1.0)
