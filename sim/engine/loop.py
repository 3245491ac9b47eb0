"""The loop over runs and days: it calls the phases of `sim.engine.day` by their addresses."""

from __future__ import annotations

from sim.compiled import kernel
from sim.record import call_phase


@kernel
def advance(order, inputs, state, n_days):  # type: ignore[no-untyped-def]
    """Let days pass in one run.

    Parameters
    ----------
    order : (n_phases + 2, 2) int64
        Of `sim.engine.day.order_of`.
    inputs, state : Record
    n_days : int
        How many; past the end of the run they do not pass.
    """
    for _ in range(n_days):
        state.clock.day += 1
        ends_step = (state.clock.day + 1) % inputs.scenario.step_days == 0
        for phase in range(1, order.shape[0] - 1):
            if ends_step or order[phase, 1] == 0:
                call_phase(order[phase, 0], inputs, state)


@kernel
def begin(order, inputs, state):  # type: ignore[no-untyped-def]
    """Set the run of the state's clock to its start."""
    call_phase(order[0, 0], inputs, state)


@kernel
def conclude(order, inputs, state):  # type: ignore[no-untyped-def]
    """Write down what the run has come to."""
    call_phase(order[-1, 0], inputs, state)


@kernel
def simulate(order, inputs, state, runs, events):  # type: ignore[no-untyped-def]
    """Simulate runs into the results of `state`; return how many there was room for.

    It lets go of the interpreter, so that threads can each simulate their own part.

    Parameters
    ----------
    runs : (n_runs,) int64
        Numbers of the runs; a run's draws depend on its number alone.
    events : (n_rows, n_columns) int64
        Room for their logs, one after the other; none if they are not kept.
    """
    filled, rows, n_days = 0, state.log.rows, inputs.calendar.turns.size
    for r in range(runs.size):
        state.clock.run, state.clock.row = runs[r], r
        begin(order, inputs, state)
        advance(order, inputs, state, n_days)
        conclude(order, inputs, state)
        n_rows = state.log.n_rows
        if rows.shape[0] > 0:
            if n_rows > rows.shape[0] or filled + n_rows > events.shape[0]:
                return r
            events[filled : filled + n_rows] = rows[:n_rows]
            filled += n_rows
    return runs.size
