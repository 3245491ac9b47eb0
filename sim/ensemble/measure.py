"""Phase 12: what a run leaves behind, as rows of numbers.

The order of their columns is that of `sim.ensemble.columns`.
"""

from __future__ import annotations

import math

import numpy as np

from sim import observe
from sim.compiled import kernel, part
from sim.economy.losses import add_up, diverted, new_sums
from sim.ensemble.columns import OF_RUN, OF_TARGET
from sim.ensemble.effects import price_at
from sim.ensemble.state import NEVER

N_OF_RUN, N_OF_TARGET = len(OF_RUN), len(OF_TARGET)


@kernel
def write_outcomes(inputs, state, row):  # type: ignore[no-untyped-def]
    """Fill a row of outcomes."""
    deeds, effects, others = state.deeds, state.effects, state.others
    senders, loss = inputs.senders, state.effects.loss
    first, second = _losses_by_elasticity(inputs, state)
    row[0] = (loss[senders] * inputs.gdp_bn[senders]).sum() / 100.0
    row[1], row[2] = loss[senders].mean(), loss[senders].max()
    row[3] = _received(effects.transfer_bn)
    row[4], row[5] = _coalition(deeds.announced, inputs.alliance.gdp_share)
    row[6], row[7] = _count(deeds.announced[:, :, 0]), _count(deeds.announced)
    row[8] = _designated(deeds.announced, inputs.menu.designates)
    row[9] = deeds.withdrawals[0]
    row[10] = state.replies.protests.sum()
    row[11] = others.cooperations.sum()
    row[12] = days_to_share(deeds.announced, 0.5, inputs.calendar.turns.size)
    row[13] = days_to_share(deeds.announced, 0.9, inputs.calendar.turns.size)
    row[14] = diverted(effects.cut, effects.goods, effects.carrier_share).sum()
    row[15] = others.belief[0]
    row[16] = -math.expm1(-others.attempt_hazard[0])
    row[17] = state.course.settled_day[0]
    _write_targets(inputs, state, first, second, row[N_OF_RUN:])
    row[-2], row[-1] = first[senders].mean(), second[senders].mean()


@kernel
def _write_targets(inputs, state, first, second, row):  # type: ignore[no-untyped-def]
    effects, replies = state.effects, state.replies
    for t in range(inputs.targets.size):
        position, at = inputs.targets[t], N_OF_TARGET * t
        row[at] = effects.loss[position]
        row[at + 1], row[at + 2] = first[position], second[position]
        row[at + 3], row[at + 4] = effects.leak[t], effects.crypto_bn[t]
        row[at + 5] = effects.log_rate[t]
        row[at + 6] = _count(replies.issued[t]) + _count(replies.cut_off[t])


@kernel
def write_step(inputs, state, severity, urgency, row):  # type: ignore[no-untyped-def]
    """Fill a row of steps."""
    deeds, effects, others = state.deeds, state.effects, state.others
    first, second = _losses_by_elasticity(inputs, state)
    row[0], row[1] = severity, urgency
    row[2], row[3] = _count(deeds.announced[:, :, 0]), _count(deeds.announced)
    row[4] = (effects.in_effect > 0).sum()
    row[5], row[6] = _coalition(deeds.announced, inputs.alliance.gdp_share)
    row[7] = effects.loss[inputs.senders].mean()
    row[8] = state.minds.mood.mean()
    row[9] = _received(effects.transfer_bn)
    row[10] = others.belief[0]
    row[11] = -math.expm1(-others.attempt_hazard[0])
    row[12] = state.course.settled_day[0] != NEVER
    _write_targets(inputs, state, first, second, row[13:])


@kernel
def write_states(inputs, state, rows):  # type: ignore[no-untyped-def]
    """Fill a row of each state."""
    effects, announced = state.effects, state.deeds.announced
    carried = diverted(effects.cut, effects.goods, effects.carrier_share)
    for n in range(rows.shape[0]):
        row, i = rows[n], inputs.sender_at[n]
        row[0] = effects.loss[n]
        row[1] = effects.loss[n] / 100.0 * inputs.gdp_bn[n]
        row[2], row[3] = effects.transfer_bn[n], carried[n]
        row[4] = state.others.relation[n, 0]
        row[5], row[6], row[7], row[8] = math.nan, 0.0, 0.0, 0.0
        if i >= 0:
            row[5] = state.minds.mood[i]
            row[6], row[7] = _count(announced[i, :, 0]), _count(announced[i])
            row[8] = (state.replies.listed[:, i] != NEVER).any()


@kernel
def _losses_by_elasticity(inputs, state):  # type: ignore[no-untyped-def]
    """Return losses in percent before transfers at both elasticities, in the setting's order."""
    effects, sums = state.effects, state.sums
    own, other = np.zeros(effects.loss.size), np.zeros(effects.loss.size)
    rent = np.zeros(effects.rent.shape)
    price_at(inputs, effects, sums.stopped, inputs.priced, sums, rent, own)
    priced, covered = inputs.other, np.zeros(effects.covered.shape)
    observe.covered(
        effects.in_effect,
        priced.trade,
        priced.payments,
        inputs.menu.aimed_at,
        effects.answered,
        inputs.answers.coverage,
        covered,
    )
    other_sums = new_sums(priced.margins)
    add_up(covered, priced.margins, other_sums)
    price_at(inputs, effects, sums.stopped, priced, other_sums, rent, other)
    if inputs.numbers.own_first:
        return own, other
    return other, own


@part
def _coalition(announced, gdp_share):  # type: ignore[no-untyped-def]
    """Return how many senders have acted, and their share of GDP."""
    acting, share = 0, 0.0
    for i in range(announced.shape[0]):
        for act in range(announced.shape[1]):
            if announced[i, act, 0] != NEVER:
                acting += 1
                share += gdp_share[i]
                break
    return acting, share


@kernel
def _count(days):  # type: ignore[no-untyped-def]
    """Return how many days are set."""
    return (days != NEVER).sum()


@part
def _designated(announced, designates):  # type: ignore[no-untyped-def]
    total = 0
    for i in range(announced.shape[0]):
        for act in range(announced.shape[1]):
            for wave in range(announced.shape[2]):
                if announced[i, act, wave] != NEVER:
                    total += designates[act]
    return total


@part
def _received(transfer_bn):  # type: ignore[no-untyped-def]
    received = 0.0
    for n in range(transfer_bn.size):
        received += max(transfer_bn[n], 0.0)
    return received


@kernel
def days_to_share(announced, share, n_days):  # type: ignore[no-untyped-def]
    """Return the first day by which a share of all acts announced had been; NaN without acts."""
    on_day, total = np.zeros(n_days, np.int64), 0
    for i in range(announced.shape[0]):
        for act in range(announced.shape[1]):
            if announced[i, act, 0] != NEVER:
                on_day[announced[i, act, 0]] += 1
                total += 1
    if total == 0:
        return math.nan
    wanted, day, so_far = math.ceil(share * total), 0, on_day[0]
    while so_far < wanted:
        day += 1
        so_far += on_day[day]
    return float(day)
