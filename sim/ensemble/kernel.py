"""The loop over runs, steps and days. The order of a day is that of `sim.model.PHASES`."""

from __future__ import annotations

from sim.compiled import inlined, kernel
from sim.ensemble.act import act_all
from sim.ensemble.answer import answer
from sim.ensemble.begin import begin
from sim.ensemble.effects import (
    divert_and_enforce,
    feel,
    let_answers_bite,
    price,
    share_losses,
    take_effect,
    weigh_damage,
)
from sim.ensemble.measure import write_outcomes, write_states, write_step
from sim.ensemble.society import course_of_war, escalate, further_rounds, hold_talks, update
from sim.ensemble.state import NEVER
from sim.ensemble.weigh import (
    agree,
    common_of,
    doubt,
    grow,
    look,
    meet,
    weigh,
    weigh_day,
)
from sim.rules import terms


@kernel
def simulate_runs(inputs, state, seed, runs, results):  # type: ignore[no-untyped-def]
    """Simulate runs into results; return how many there was room for.

    It lets go of the interpreter, so that threads can each simulate their own part.

    Parameters
    ----------
    inputs : Inputs
    state : State
        Room to work in, this thread's own.
    seed : int
    runs : (n_runs,) int64
        Numbers of the runs; a run's draws depend on its number alone.
    results : Results
        Room for the results of as many runs, and for the rows of their logs.
    """
    filled = 0
    for r in range(runs.size):
        _simulate_run(inputs, state, seed, runs[r], results.steps[r], results.states[r])
        rows, n_rows = state.log.rows, state.log.n_rows[0]
        if rows.shape[0] > 0:
            if n_rows > rows.shape[0] or filled + n_rows > results.events.shape[0]:
                return r
            results.events[filled : filled + n_rows] = rows[:n_rows]
            filled += n_rows
        results.n_events[r] = n_rows
        write_outcomes(inputs, state, results.outcomes[r])
        results.announced[r] = state.deeds.announced[:, :, 0]
        if r < results.covered.shape[0]:
            results.covered[r] = state.effects.covered
            results.leak[r], results.rent[r] = state.effects.leak, state.effects.rent
    return runs.size


@kernel
def _simulate_run(inputs, state, seed, run, steps, states):  # type: ignore[no-untyped-def]
    """Simulate one run; record its steps as far as there is room for them."""
    begin(inputs, state, seed, run)
    if inputs.numbers.weighs_damage:
        weigh_damage(inputs, state)
    shares_losses = inputs.numbers.burden_sharing > 0.0 or inputs.numbers.side_payments_bn > 0.0
    severity, urgency, day = 0.0, 0.0, -1
    for step in range(inputs.numbers.n_steps):
        for _ in range(inputs.numbers.step_days):
            day += 1
            severity, urgency = _decide_and_answer(day, severity, seed, run, inputs, state)
            if day == (step + 1) * inputs.numbers.step_days - 1:
                divert_and_enforce(day, inputs, state)
                price(inputs, state)
                if shares_losses:
                    share_losses(inputs, state.effects)
                if inputs.numbers.weighs_damage:
                    weigh_damage(inputs, state)
                feel(day, inputs, state)
            _talk_and_learn(day, urgency, seed, run, inputs, state)
        if step < steps.shape[0]:
            write_step(inputs, state, severity, urgency, steps[step])
        if step < states.shape[0]:
            write_states(inputs, state, states[step])


@inlined
def _decide_and_answer(day, severity_before, seed, run, inputs, state):  # type: ignore[no-untyped-def]
    """Let phases 1 to 6 of a day pass; return severity and urgency of the war."""
    numbers, calendar, minds, course = inputs.numbers, inputs.calendar, state.minds, state.course
    if numbers.escalation > 0.0:
        escalate(day, seed, run, inputs, course, state.log)
    severity, urgency = course_of_war(day, inputs, course)
    state.effects.closed[0] = inputs.war.closed[day]
    if calendar.turns[day] or severity != severity_before:
        minds.stale[:] = True
    _look_at_peers(day, inputs, state.deeds, minds)
    _decide(day, severity, terms.shock(urgency), seed, run, inputs, state)
    answer(day, seed, run, severity, inputs, state)
    if state.effects.starts[day]:
        take_effect(day, inputs, state)
    if state.effects.bites[day]:
        let_answers_bite(day, inputs, state.replies, state.effects)
    return severity, urgency


@inlined
def _talk_and_learn(day, urgency, seed, run, inputs, state):  # type: ignore[no-untyped-def]
    """Let the last phases of a day pass."""
    rounds = inputs.war.rounds[day]
    if inputs.numbers.talks > 0.0:
        rounds += further_rounds(day, seed, run, inputs, state.course, state.log)
    if rounds > 0:
        hold_talks(day, seed, run, rounds, inputs, state)
    update(day, urgency, inputs, state.minds, state.replies, state.others)


@inlined
def _look_at_peers(day, inputs, deeds, minds):  # type: ignore[no-untyped-def]
    delay = inputs.numbers.consultation_delay
    for act in range(minds.unseen.size):
        # With a delay, what is new today depends on meetings and dates: look every day.
        if minds.unseen[act] or delay > 0:
            look(
                act,
                day,
                delay,
                inputs.numbers.memory_days,
                inputs.alliance,
                inputs.menu.council_of,
                deeds,
                minds,
            )


@inlined
def _decide(day, severity, shock, seed, run, inputs, state):  # type: ignore[no-untyped-def]
    """Phases consult, decide, council and commit."""
    minds, settled = state.minds, state.course.settled_day[0] != NEVER
    common = common_of(day, seed, run, inputs.numbers)
    weigh_day(day, seed, run, shock, common, inputs, minds)
    _weigh_stale(day, severity, shock, settled, inputs, state)
    agree(day, seed, run, inputs, minds)
    first, last = inputs.calendar.first_meeting[day], inputs.calendar.first_meeting[day + 1]
    if inputs.numbers.consultation_delay > 0:
        meet(day, first, last, inputs.calendar.seats, state.deeds.met)
    ripe = grow(day, shock, inputs, minds)
    gives_up = doubt(inputs, settled, minds)
    if ripe or gives_up or inputs.calendar.imposes[day]:
        act_all(day, seed, run, inputs, state)


@inlined
def _weigh_stale(day, severity, shock, settled, inputs, state):  # type: ignore[no-untyped-def]
    minds, relation = state.minds, state.others.relation
    for act in range(minds.stale.size):
        if minds.stale[act]:
            weigh(act, day, severity, shock, settled, inputs, state.deeds, minds, relation)
