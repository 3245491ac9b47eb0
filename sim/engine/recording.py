"""Phase 14: what a run leaves behind, written under the names of `sim.outcomes`."""

from __future__ import annotations

import math

import numpy as np

from sim.codes import NEVER
from sim.compiled import inlined, part, phase
from sim.engine.arrays import copy
from sim.engine.markets import energy_price, mean_discount
from sim.engine.pricing import draw_stocks, price_at
from sim.record import flat


@phase
def record(inputs, state):  # type: ignore[no-untyped-def]
    """Write down the world at the end of a step, as far as there is room for it."""
    row, step = state.clock.row, state.clock.day // inputs.scenario.step_days
    if row < state.results.steps.severity.shape[0]:
        _write_step(row, step, inputs, state)
    if row < state.results.states.loss.shape[0]:
        _write_states(row, step, inputs, state)


@phase
def conclude(inputs, state):  # type: ignore[no-untyped-def]
    """Write down what the run has come to."""
    row, ends, effect = state.clock.row, state.results.ends, state.effect
    _price_ahead(inputs, state)
    _write_outcomes(row, inputs, state)
    for i in range(inputs.senders.size):
        for act in range(inputs.menu.waves.size):
            ends.announced[row, i, act] = state.adoption.announced[i, act, 0]
    ends.n_events[row] = state.log.n_rows
    if row < ends.covered.shape[0]:
        copy(effect.covered, ends.covered[row])
        copy(effect.held, ends.held[row])
        copy(effect.leak, ends.leak[row])
        copy(effect.withheld, ends.withheld[row])
        copy(effect.withheld_third, ends.withheld_third[row])
        copy(effect.payment_bn, ends.payment_bn[row])
        copy(effect.bridged, ends.bridged[row])
        copy(effect.maturity, ends.maturity[row])
        copy(effect.transfer_bn, ends.transfer_bn[row])
        ends.closure[row] = effect.closure


@part
def _write_outcomes(row, inputs, state):  # type: ignore[no-untyped-def]
    out, effect, parties = state.results.outcomes, state.effect, state.third_party
    announced, first = state.adoption.announced, state.adoption.first_announced
    n_days = inputs.calendar.turns.size
    largest, summed_bn = _sender_losses(inputs, effect)
    out.sender_loss_bn[row] = summed_bn
    out.sender_loss_mean[row] = _mean(effect.loss, inputs)
    out.sender_loss_max[row] = largest
    year_days = max(effect.year_days, 1)  # nothing is lost before the first step has passed
    out.sender_loss_mean_first_year[row] = _mean(effect.year_loss, inputs) / year_days
    out.sender_loss_mean_long_run[row] = _mean(effect.loss_by_horizon[1], inputs)
    out.transfers_bn[row] = _received(effect.transfer_bn)
    size, share, acts, waves = _coalition(announced, inputs.alliance.gdp_share)
    out.coalition_size[row], out.coalition_gdp_share[row] = size, share
    out.acts_announced[row], out.waves_announced[row] = acts, waves
    out.designated[row] = _designated(announced, inputs.menu.designates)
    out.withdrawals[row] = state.adoption.withdrawals
    out.days_to_withdrawal[row] = state.adoption.first_withdrawal
    out.protests[row] = _sum(state.target.protests)
    out.cooperations[row] = _sum(parties.cooperations)
    out.days_to_100[row] = days_to_acts(first, 100, n_days)
    out.days_to_200[row] = days_to_acts(first, 200, n_days)
    out.days_to_300[row] = days_to_acts(first, 300, n_days)
    most = (4 * inputs.senders.size + 4) // 5  # four fifths of them
    out.days_to_coalition[row] = days_to_senders(first, inputs.menu.beyond_words, most, n_days)
    carried = 0.0
    for t in range(inputs.targets.size):
        for n in range(inputs.gdp_bn.size):
            carried += _carried(t, n, effect)
    out.diverted_bn[row] = carried
    out.energy_price[row] = energy_price(inputs, state)
    out.hub_purchases_bn[row] = _total(effect.hub_bought_bn)
    out.belief[row] = parties.belief
    out.attempt_risk[row] = -math.expm1(-parties.attempt_hazard)
    out.settled_day[row] = state.course.settled_day
    for t in range(inputs.targets.size):
        n = inputs.targets[t]
        out.loss[row, t] = effect.loss[n]
        out.loss_first_year[row, t] = effect.year_loss[n] / year_days
        out.loss_third_year[row, t] = effect.loss_by_horizon[0, n]
        out.loss_long_run[row, t] = effect.loss_by_horizon[1, n]
        out.leak[row, t] = effect.leak[t]
        out.withheld[row, t] = _held_back(t, inputs, effect)
        out.crypto_bn[row, t] = effect.crypto_bn[t]
        out.log_rate[row, t] = effect.log_rate[t]
        out.export_bn[row, t] = _sum_of_row(effect.export_bn, t)
        out.revenue_bn[row, t] = effect.revenue_bn[t]
        out.discount[row, t] = mean_discount(t, inputs, effect)
        out.countermeasures[row, t] = _countermeasures(t, state.target)


@part
def _write_step(row, step, inputs, state):  # type: ignore[no-untyped-def]
    out, effect, parties = state.results.steps, state.effect, state.third_party
    size, share, acts, waves = _coalition(state.adoption.announced, inputs.alliance.gdp_share)
    out.severity[row, step], out.urgency[row, step] = state.clock.severity, state.clock.urgency
    out.measures_announced[row, step], out.waves_announced[row, step] = acts, waves
    out.coalition_size[row, step], out.coalition_gdp_share[row, step] = size, share
    in_effect, support = 0, 0.0
    for i in range(inputs.senders.size):
        support += state.decision.support[i]
        for act in range(inputs.menu.waves.size):
            in_effect += effect.in_effect[i, act] > 0
    out.measures_effective[row, step] = in_effect
    out.mean_sender_loss[row, step] = _mean(effect.loss, inputs)
    out.mean_support[row, step] = support / inputs.senders.size
    out.transfers_bn[row, step] = _received(effect.transfer_bn)
    out.energy_price[row, step] = energy_price(inputs, state)
    out.belief[row, step] = parties.belief
    out.attempt_risk[row, step] = -math.expm1(-parties.attempt_hazard)
    out.hub_purchases_bn[row, step] = _total(effect.hub_bought_bn)
    out.settled[row, step] = state.clock.is_settled
    for t in range(inputs.targets.size):
        n = inputs.targets[t]
        out.loss[row, step, t] = effect.loss[n]
        out.leak[row, step, t] = effect.leak[t]
        out.withheld[row, step, t] = _held_back(t, inputs, effect)
        out.crypto_bn[row, step, t] = effect.crypto_bn[t]
        out.log_rate[row, step, t] = effect.log_rate[t]
        out.export_bn[row, step, t] = _sum_of_row(effect.export_bn, t)
        out.revenue_bn[row, step, t] = effect.revenue_bn[t]
        out.discount[row, step, t] = mean_discount(t, inputs, effect)
        out.countermeasures[row, step, t] = _countermeasures(t, state.target)


@part
def _write_states(row, step, inputs, state):  # type: ignore[no-untyped-def]
    out, effect = state.results.states, state.effect
    for n in range(inputs.gdp_bn.size):
        out.loss[row, step, n] = effect.loss[n]
        out.loss_bn[row, step, n] = effect.loss[n] / 100.0 * inputs.gdp_bn[n]
        out.transfer_bn[row, step, n] = effect.transfer_bn[n]
        out.payment_bn[row, step, n] = effect.payment_bn[n]
        out.windfall_bn[row, step, n] = effect.windfall_bn[n]
        out.relation[row, step, n] = state.third_party.relation[n, 0]
        out.support[row, step, n] = math.nan
        carried, bought = 0.0, 0.0
        for t in range(inputs.targets.size):
            carried += _carried(t, n, effect)
            bought += effect.hub_bought_bn[t, n]
        out.diverted_bn[row, step, n] = carried
        out.hub_purchases_bn[row, step, n] = bought
    for i in range(inputs.senders.size):
        n, announced = inputs.senders[i], state.adoption.announced[i]
        out.support[row, step, n] = state.decision.support[i]
        acts, waves = _count_acts(announced)
        out.measures[row, step, n], out.waves[row, step, n] = acts, waves
        for t in range(inputs.targets.size):
            out.listed[row, step, n] |= state.target.listed[t, i] != NEVER


@part
def _price_ahead(inputs, state):  # type: ignore[no-untyped-def]
    """Work out what the measures in effect cost in their third year and in the long run.

    Before transfers, in percent, if all stays as it is.
    """
    path, losses = inputs.horizon, state.effect.loss_by_horizon
    price_at(path.third_year, path.closure_in_third_year, losses[0], inputs, state)
    price_at(path.long_run, 1.0, losses[1], inputs, state)
    draw_stocks(state.effect.maturity, inputs.energy, state.effect)


@inlined
def _sender_losses(inputs, effect):  # type: ignore[no-untyped-def]
    """Return the largest of the senders' losses in percent, and their sum in USD bn."""
    largest, summed_bn = -np.inf, 0.0
    for i in range(inputs.senders.size):
        n = inputs.senders[i]
        largest = max(largest, effect.loss[n])
        summed_bn += effect.loss[n] * inputs.gdp_bn[n]
    return largest, summed_bn / 100.0


@inlined
def _mean(losses, inputs):  # type: ignore[no-untyped-def]
    """Return the mean of the senders' losses, weighted by GDP."""
    total = 0.0
    for i in range(inputs.senders.size):
        total += inputs.alliance.gdp_share[i] * losses[inputs.senders[i]]
    return total


@inlined
def _received(transfer_bn):  # type: ignore[no-untyped-def]
    received = 0.0
    for n in range(transfer_bn.size):
        received += max(transfer_bn[n], 0.0)
    return received


@inlined
def _sum(numbers):  # type: ignore[no-untyped-def]
    row, total = flat(numbers), 0
    for n in range(row.size):
        total += row[n]
    return total


@inlined
def _sum_of_row(numbers, row):  # type: ignore[no-untyped-def]
    total = 0.0
    for n in range(numbers.shape[1]):
        total += numbers[row, n]
    return total


@inlined
def _total(amounts):  # type: ignore[no-untyped-def]
    total = 0.0
    for t in range(amounts.shape[0]):
        for n in range(amounts.shape[1]):
            total += amounts[t, n]
    return total


@inlined
def _carried(t, n, effect):  # type: ignore[no-untyped-def]
    """Return what a state carries to a target, USD bn a year."""
    return effect.missing[t, 0] * effect.goods[t] * effect.carrier_share[t, n]


@part
def _held_back(t, inputs, effect):  # type: ignore[no-untyped-def]
    """Return the share of what senders sell to a target and nothing covers that is held back."""
    uncovered_bn, held_bn = -effect.cut[t, 0], effect.missing[t, 0] - effect.cut[t, 0]
    for j in range(effect.held_bn.shape[2]):
        uncovered_bn += inputs.third_parties.bought_bn[t, j]
    return held_bn / uncovered_bn if uncovered_bn > 0.0 else 0.0


@part
def _countermeasures(t, target):  # type: ignore[no-untyped-def]
    total = 0
    for c in range(target.issued.shape[1]):
        total += target.issued[t, c] != NEVER
        for i in range(target.protests.size):
            total += target.cut_off[t, c, i] != NEVER
    return total


@part
def _count_acts(announced):  # type: ignore[no-untyped-def]
    """Return how many acts, and how many of their waves, a sender has announced."""
    acts, waves = 0, 0
    for act in range(announced.shape[0]):
        acts += announced[act, 0] != NEVER
        for wave in range(announced.shape[1]):
            waves += announced[act, wave] != NEVER
    return acts, waves


@part
def _coalition(announced, gdp_share):  # type: ignore[no-untyped-def]
    """Return how many senders have acted, their share of GDP, and their acts and waves."""
    size, share, all_acts, all_waves = 0, 0.0, 0, 0
    for i in range(announced.shape[0]):
        acts, waves = _count_acts(announced[i])
        size += acts > 0
        share += gdp_share[i] if acts > 0 else 0.0
        all_acts += acts
        all_waves += waves
    return size, share, all_acts, all_waves


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
def days_to_acts(first, number, n_days):  # type: ignore[no-untyped-def]
    """Return the day by which so many pairs of sender and act had been announced, NaN if never.

    `first` has the day on which each was first announced, (n_senders, n_acts).
    """
    low, high = 0, n_days
    while low < high:  # the day is between the two
        day, so_far = (low + high) // 2, 0
        for i in range(first.shape[0]):
            for act in range(first.shape[1]):
                so_far += NEVER < first[i, act] <= day
        if so_far >= number:
            high = day
        else:
            low = day + 1
    return float(low) if low < n_days else math.nan


@part
def days_to_senders(first, counts, number, n_days):  # type: ignore[no-untyped-def]
    """Return the day by which so many senders had announced an act that counts, NaN if never."""
    low, high = 0, n_days
    while low < high:
        day, so_far = (low + high) // 2, 0
        for i in range(first.shape[0]):
            has_acted = False
            for act in range(first.shape[1]):
                has_acted |= counts[act] and NEVER < first[i, act] <= day
            so_far += has_acted
        if so_far >= number:
            high = day
        else:
            low = day + 1
    return float(low) if low < n_days else math.nan
