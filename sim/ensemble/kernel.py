"""Many runs on all threads: the loop over runs, and what each leaves behind."""

from __future__ import annotations

import math

import numba as nb
import numpy as np

from sim import observe
from sim.compiled import kernel
from sim.ensemble.phases import begin, carried_bn, losses_at, step
from sim.ensemble.state import NEVER, new_state

threaded = nb.njit(cache=True, nogil=True, error_model="numpy", parallel=True)

# Numbers of an outcome row: those of the run, those of each target, and two losses of senders.
OF_RUN, OF_TARGET, OF_SENDERS = 18, 7, 2
# Numbers of a step row: those of the world, and those of each target.
OF_STEP, STEP_OF_TARGET = 14, 5
# Numbers of a state in a step.
OF_STATE = 8


@threaded
def simulate_chunk(  # type: ignore[no-untyped-def]
    inputs, seed, runs, n_blocks, outcomes, announced, log, logged, steps, states
):
    """Simulate runs into arrays; an array of length 0 is not written.

    Parameters
    ----------
    inputs : Inputs
    seed : int
    runs : (n_runs,) int64
        Numbers of the runs; a run's draws depend on its number alone.
    n_blocks : int
        Runs are dealt out in so many blocks, each by one thread with room of its own.
    outcomes : (n_runs, n_outcomes) float64
    announced : (n_runs or 0, n_senders, n_acts) int64
        Day of each first wave in force at the end.
    log : (n_runs or 0, n_rows, LOG_COLUMNS) int64
    logged : (n_runs,) int64
        Events of each run, those that the log had no room for included.
    steps : (n_runs or 0, n_steps, n_numbers) float64
    states : (n_runs or 0, n_steps, n_states, OF_STATE) float64
    """
    n_runs = runs.size
    log_rows = log.shape[1] if log.shape[0] > 0 else 0
    for block in nb.prange(n_blocks):
        state = new_state(inputs, log_rows)
        for r in range(block * n_runs // n_blocks, (block + 1) * n_runs // n_blocks):
            begin(inputs, state, seed, runs[r])
            for t in range(inputs.numbers.n_steps):
                step(inputs, state, seed, runs[r])
                if steps.shape[0] > 0:
                    _write_step(inputs, state, steps[r, t])
                if states.shape[0] > 0:
                    _write_states(inputs, state, states[r, t])
            _write_outcomes(inputs, state, outcomes[r])
            logged[r] = state.logged[0]
            if announced.shape[0] > 0:
                announced[r] = state.announced[:, :, 0]
            if log.shape[0] > 0:
                log[r] = state.log


@kernel
def _write_outcomes(inputs, state, row):  # type: ignore[no-untyped-def]
    """Fill a row in the order of `sim.ensemble.results.outcome_names`."""
    senders, targets = inputs.priced.senders, inputs.targets
    own = _losses_before_transfers(inputs, state, inputs.priced)
    other = _losses_before_transfers(inputs, state, inputs.other)
    acting, gdp_share, first, waves, designated = 0, 0.0, 0, 0, 0
    for i in range(senders.size):
        acts = False
        for act in range(state.level.shape[1]):
            taken = 0
            for wave in range(state.announced.shape[2]):
                if state.announced[i, act, wave] != NEVER:
                    taken += 1
            acts |= taken > 0
            first += taken > 0
            waves += taken
            designated += taken * inputs.menu.designates[act]
        if acts:
            acting += 1
            gdp_share += inputs.alliance.gdp_share[i]
    lost_bn, lost, most = 0.0, 0.0, -math.inf
    own_mean, other_mean = 0.0, 0.0
    for n in senders:
        lost_bn += state.loss[n] * inputs.gdp_bn[n] / 100.0
        lost += state.loss[n] / senders.size
        most = max(most, state.loss[n])
        own_mean += own[n] / senders.size
        other_mean += other[n] / senders.size
    row[0], row[1], row[2] = lost_bn, lost, most
    row[3] = _received(state)
    row[4], row[5] = acting, gdp_share
    row[6], row[7], row[8] = first, waves, designated
    row[9] = state.withdrawals[0]
    row[10] = state.protests.sum()
    row[11] = state.cooperations.sum()
    row[12] = days_to_share(state.announced[:, :, 0], 0.5)
    row[13] = days_to_share(state.announced[:, :, 0], 0.9)
    row[14] = carried_bn(inputs, state).sum()
    row[15] = state.belief[0]
    row[16] = -math.expm1(-state.attempt_hazard[0])
    row[17] = state.settled_day[0]
    for t in range(targets.size):
        at = OF_RUN + OF_TARGET * t
        row[at] = state.loss[targets[t]]
        row[at + 1] = own[targets[t]]
        row[at + 2] = other[targets[t]]
        row[at + 3] = state.leak[t]
        row[at + 4] = state.crypto_bn[t]
        row[at + 5] = state.log_rate[t]
        row[at + 6] = _answers(state, t)
    row[-2], row[-1] = own_mean, other_mean


@kernel
def _losses_before_transfers(inputs, state, priced):  # type: ignore[no-untyped-def]
    covered = observe.covered(
        state.in_effect,
        priced.trade,
        priced.payments,
        inputs.menu.aimed_at,
        state.answered,
        inputs.answers.coverage,
    )
    return losses_at(inputs, state, priced, covered)


@kernel
def _received(state):  # type: ignore[no-untyped-def]
    received = 0.0
    for n in range(state.transfer_bn.size):
        received += max(state.transfer_bn[n], 0.0)
    return received


@kernel
def _answers(state, t):  # type: ignore[no-untyped-def]
    given = 0
    for c in range(state.issued.shape[1]):
        given += state.issued[t, c] != NEVER
        for i in range(state.cut_off.shape[2]):
            given += state.cut_off[t, c, i] != NEVER
    return given


@kernel
def days_to_share(announced, share):  # type: ignore[no-untyped-def]
    """Return the first day by which a share of all acts announced had been; NaN without acts."""
    days = np.empty(announced.size, np.int64)
    n = 0
    for i in range(announced.shape[0]):
        for act in range(announced.shape[1]):
            if announced[i, act] != NEVER:
                days[n] = announced[i, act]
                n += 1
    if n == 0:
        return math.nan
    return float(np.sort(days[:n])[int(math.ceil(share * n)) - 1])


@kernel
def _write_step(inputs, state, row):  # type: ignore[no-untyped-def]
    """Fill a row in the order of `sim.ensemble.results.step_names`."""
    senders = inputs.priced.senders
    acting, gdp_share, first, waves, biting = 0, 0.0, 0, 0, 0
    for i in range(senders.size):
        acts = False
        for act in range(state.level.shape[1]):
            level = state.level[i, act]
            acts |= level > 0
            first += level > 0
            waves += level
            biting += state.in_effect[i, act] > 0
        if acts:
            acting += 1
            gdp_share += inputs.alliance.gdp_share[i]
    row[0], row[1] = state.severity[0], state.urgency[0]
    row[2], row[3], row[4] = first, waves, biting
    row[5], row[6] = acting, gdp_share
    lost, mood = 0.0, 0.0
    for i in range(senders.size):
        lost += state.loss[senders[i]]
        mood += state.support[i]
    row[7], row[8] = lost / senders.size, mood / senders.size
    row[9] = _received(state)
    row[10] = state.belief[0]
    row[11] = -math.expm1(-state.attempt_hazard[0])
    row[12] = state.settled_day[0] != NEVER
    row[13] = state.day[0]
    for t in range(inputs.targets.size):
        at = OF_STEP + STEP_OF_TARGET * t
        row[at] = state.loss[inputs.targets[t]]
        row[at + 1] = state.leak[t]
        row[at + 2] = state.crypto_bn[t]
        row[at + 3] = state.log_rate[t]
        row[at + 4] = _answers(state, t)


@kernel
def _write_states(inputs, state, rows):  # type: ignore[no-untyped-def]
    """Fill a row per state in the order of `sim.ensemble.results.STATE_COLUMNS`."""
    carried = carried_bn(inputs, state)
    for n in range(inputs.gdp_bn.size):
        seat = inputs.sender_at[n]
        rows[n, 0] = state.loss[n]
        rows[n, 1] = state.transfer_bn[n]
        rows[n, 2] = carried[n]
        rows[n, 3] = state.relation[n, 0]
        rows[n, 4], rows[n, 5], rows[n, 6], rows[n, 7] = math.nan, 0.0, 0.0, 0.0
        if seat >= 0:
            rows[n, 4] = state.support[seat]
            for act in range(state.level.shape[1]):
                rows[n, 5] += state.level[seat, act] > 0
                rows[n, 6] += state.level[seat, act]
            for t in range(inputs.targets.size):
                if state.listed[t, seat] != NEVER:
                    rows[n, 7] = 1.0
