"""The loop over runs, and what each leaves behind."""

from __future__ import annotations

import math

import numpy as np

from sim import observe
from sim.compiled import inner, kernel
from sim.ensemble.phases import begin, carried_bn, losses_at, step
from sim.ensemble.state import NEVER, new_state

# Numbers of an outcome row: those of the run, those of each target; two losses of senders follow.
OF_RUN, OF_TARGET = 18, 7


@kernel
def simulate_runs(inputs, seed, runs, outcomes, announced):  # type: ignore[no-untyped-def]
    """Simulate runs into arrays.

    It lets go of the interpreter, so that threads can each simulate their own part.

    Parameters
    ----------
    inputs : Inputs
    seed : int
    runs : (n_runs,) int64
        Numbers of the runs; a run's draws depend on its number alone.
    outcomes : (n_runs, n_outcomes) float64
    announced : (n_runs, n_senders, n_acts) int64
        Day of each first wave that stands at the end.
    """
    state = new_state(inputs)
    for r in range(runs.size):
        begin(inputs, state, seed, runs[r])
        for _ in range(inputs.numbers.n_steps):
            step(inputs, state, seed, runs[r])
        _write_outcomes(inputs, state, outcomes[r])
        announced[r] = state.announced[:, :, 0]


@inner
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


@inner
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


@inner
def _received(state):  # type: ignore[no-untyped-def]
    received = 0.0
    for n in range(state.transfer_bn.size):
        received += max(state.transfer_bn[n], 0.0)
    return received


@inner
def _answers(state, t):  # type: ignore[no-untyped-def]
    given = 0
    for c in range(state.issued.shape[1]):
        given += state.issued[t, c] != NEVER
        for i in range(state.cut_off.shape[2]):
            given += state.cut_off[t, c, i] != NEVER
    return given


@inner
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
    return float(np.sort(days[:n])[math.ceil(share * n) - 1])
