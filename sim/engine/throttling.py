"""Phase 6, response: a target lets less of a fuel through, again and again."""

from __future__ import annotations

import math

from sim.codes import NEVER
from sim.compiled import part
from sim.draws import Stream, waiting
from sim.rules import throttle as rules

RESPOND, PURCHASES = int(Stream.RESPOND), 1


@part
def add_day(t, c, inputs, state):  # type: ignore[no-untyped-def]
    """Add the day's hazard of an answer given part by part to its sum.

    What it is worth is looked at anew at the start of a step, when prices have answered.
    """
    target, lever = state.target, inputs.response.throttling
    if lever == 0.0:
        return
    if state.clock.day % inputs.scenario.step_days == 0:
        target.pull[t, c] = _pull(t, c, inputs, state)
    rate = inputs.rates.answer[t, c] * target.provoked[t]
    target.summed[t, c] += lever * rate * target.pull[t, c]


@part
def _pull(t, c, inputs, state):  # type: ignore[no-untyped-def]
    """Return what buyers on the target's list would feel over what it forgoes by holding back."""
    felt = today = later = 0.0
    response, coverage = inputs.response, inputs.answers.coverage
    for j in range(coverage.shape[3]):
        if coverage[t, c, PURCHASES, j] == 0.0:
            continue
        imported, sold, at_stake = _sales(t, c, j, inputs, state)
        elasticity = _elasticity(j, inputs)
        if elasticity == 0.0 or sold == 0.0:
            continue
        energy = inputs.energy
        paid = rules.paid_in_a_year(energy.contracted[j], energy.sectors.contract_days[j])
        spot = energy.price[state.clock.day, j] * math.exp(state.effect.price_log[j])
        share = _share_of_market(t, j, inputs, state.effect)
        felt += sold * spot * rules.felt(imported, elasticity, paid)
        today += sold * spot * rules.forgone(share, elasticity, paid)
        later += response.trust * at_stake
    return rules.pull(felt, today + later, response.cost_elasticity)


@part
def _elasticity(j, inputs):  # type: ignore[no-untyped-def]
    """Return that of a market's price; 0 where it does not answer."""
    sectors = inputs.energy.sectors
    if not inputs.economy.price_response:
        return 0.0
    return sectors.supply_elasticity[j] + sectors.demand_elasticity[j]


@part
def _sales(t, c, j, inputs, state):  # type: ignore[no-untyped-def]
    """Return who is aimed at: their part of imports, what they still buy, and years of it."""
    imported = sold = at_stake = 0.0
    effect, energy, day = state.effect, inputs.energy, float(state.clock.day)
    for i in range(inputs.senders.size):
        if not is_aimed_at(t, i, inputs, state.target):
            continue
        n = inputs.senders[i]
        imported += energy.markets.bought[j, n]
        if inputs.answers.can_hit[t, c, i]:
            bought = inputs.sold_bn[t, n, j] * (1.0 - effect.covered[0, i, t, PURCHASES, j])
            sold += bought
            at_stake += bought * rules.years_left(
                day, energy.told[n], energy.leaves[n], inputs.response.contract_years
            )
    return imported, sold, at_stake


@part
def is_aimed_at(t, i, inputs, target):  # type: ignore[no-untyped-def]
    """Return whether answers to senders are aimed at one: on the list, or having acted without."""
    if inputs.positions.list >= 0:
        return target.listed[t, i] != NEVER
    return target.has_acted[t, i]


@part
def _share_of_market(t, j, inputs, effect):  # type: ignore[no-untyped-def]
    """Return a target's share of what a market is sold now."""
    markets, left = inputs.energy.markets, inputs.energy.markets.size_bn[j]
    for u in range(effect.export_lost.shape[0]):
        left -= markets.supplied_bn[u, j] * effect.export_lost[u, j]
    own = markets.supplied_bn[t, j] * (1.0 - effect.export_lost[t, j])
    return own / left if left > 0.0 else 0.0


@part
def hold_back(t, c, inputs, state):  # type: ignore[no-untyped-def]
    """Count one more part that is held back, and wait for the next."""
    target, clock = state.target, state.clock
    target.parts[t, c] += 1
    target.part_day[t, c] = clock.day
    target.threshold[t, c] = waiting(
        clock.seed, clock.run, RESPOND, target.parts[t, c], inputs.cells.answer[t, c]
    )


@part
def parts_in_effect(t, c, inputs, target, day):  # type: ignore[no-untyped-def]
    """Return how many times an answer bites: once, or each part whose time has come."""
    if not inputs.answers.by_part[c]:
        return 1
    waits = target.part_day[t, c] + inputs.answers.lag[c] > day
    return target.parts[t, c] - waits
