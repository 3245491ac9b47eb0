"""Phase 12: rounds of talks, each with its small chance of a settlement."""

from __future__ import annotations

from sim.codes import NEVER
from sim.compiled import part, phase
from sim.draws import Stream, waiting
from sim.engine import log
from sim.rules import talk as rules

SETTLE, TALK = int(Stream.SETTLE), int(Stream.TALK)


@phase
def talk(inputs, state):  # type: ignore[no-untyped-def]
    """Hold the day's rounds of talks, those of the calendar and random ones."""
    if state.clock.day < inputs.script.decide_from:
        return
    rounds = inputs.war.rounds[state.clock.day]
    if inputs.society.talks > 0.0:
        rounds += _further_rounds(inputs, state)
    if rounds > 0:
        _hold(rounds, inputs, state)


@part
def _further_rounds(inputs, state):  # type: ignore[no-untyped-def]
    """Return the number of rounds of talks today that no calendar has."""
    clock, course, cell = state.clock, state.course, inputs.positions.talks_cell
    course.round_pressure += inputs.society.talks / 7.0
    found = 0
    while not clock.is_settled:
        due = waiting(clock.seed, clock.run, TALK, course.n_rounds, cell)
        if course.round_pressure < due:
            break
        course.round_pressure -= due
        course.n_rounds += 1
        found += 1
        log.note(state.log, clock.day, log.TALKS, NEVER, NEVER, NEVER, clock.day, 0)
    return found


@part
def _hold(rounds, inputs, state):  # type: ignore[no-untyped-def]
    society, loss, course, clock = inputs.society, state.effect.loss, state.course, state.clock
    worst = loss[inputs.targets[0]]
    for t in range(1, inputs.targets.size):
        worst = max(worst, loss[inputs.targets[t]])
    eta = rules.log_hazard(
        society.settlement,
        worst,
        society.settlement_loss,
        rules.doubt(state.third_party.belief),
        society.settlement_doubt,
    )
    due = waiting(clock.seed, clock.run, SETTLE, 0, inputs.positions.talks_cell)
    for _ in range(rounds):
        course.talk_pressure += rules.round_hazard(eta)
        if not clock.is_settled and course.talk_pressure >= due:
            clock.is_settled = 1
            course.settled_day = clock.day
            state.decision.is_stale[:] = True
            log.note(state.log, clock.day, log.SETTLEMENT, NEVER, NEVER, NEVER, clock.day, 0)
