"""Phase 8, the hubs' books: what third states order for a target, and what arrives of it."""

from __future__ import annotations

from sim.codes import NEVER
from sim.compiled import inlined, part
from sim.rules import divert as rules
from sim.rules import enforce


@part
def carry(inputs, state, enforcement):  # type: ignore[no-untyped-def]
    """Let third states order for the targets what is missing, and deliver what has come through.

    Writes `carried` and `goods` as shares of what is missing, `hub_bought_bn` and
    `under_way_bn` in USD billion a year, and `carrier_share`.
    """
    effect, evasion = state.effect, inputs.evasion
    _order(inputs, state.clock.day, effect)
    _keep_within(inputs.third_parties.carrying_bn, effect)
    for t in range(effect.goods.size):
        missing = effect.missing[t, 0]
        for n in range(effect.ready.size):
            if inputs.third_parties.carrier_share[t, n] == 0.0:
                continue  # it never orders
            ordered = effect.carried[t, n]
            arriving = rules.under_way_after(
                effect.under_way_bn[t, n],
                effect.hub_bought_bn[t, n],
                ordered * missing,
                inputs.scenario.step_days,
                evasion.lag_days,
            )
            effect.hub_bought_bn[t, n], effect.under_way_bn[t, n] = ordered * missing, arriving
            # If nothing of the senders is missing, what finds a way around is the target's sales.
            sent = arriving / missing if missing > 0.0 else ordered
            effect.carried[t, n] = enforce.let_through(sent, evasion.transit_loss, enforcement)
        _add_up(t, effect)


@inlined
def _order(inputs, day, effect):  # type: ignore[no-untyped-def]
    """Write into `carried` what share of missing trade each state would order."""
    evasion = inputs.evasion
    for t in range(effect.goods.size):
        first = effect.first_day[t]
        since = float(day - first) if NEVER < first <= day else 0.0
        capacity = rules.leak(since, evasion.leak_max, evasion.learning_days)
        for n in range(effect.ready.size):
            share = inputs.third_parties.carrier_share[t, n]
            effect.carried[t, n] = capacity * share * effect.ready[n]
        for u in range(effect.goods.size):
            n = inputs.targets[u]
            share = inputs.third_parties.carrier_share[t, n]
            effect.carried[t, n] = capacity * share * _open(t, u, inputs, effect)


@inlined
def _open(t, u, inputs, effect):  # type: ignore[no-untyped-def]
    """Return the share of what one target misses that another may still be sold."""
    open_bn, missing_bn = 0.0, 0.0
    for j in range(effect.cut_of.shape[2]):
        missing_bn += effect.missing_of[t, 0, j]
        covered = effect.missing_of[t, 0, j] / max(inputs.third_parties.bought_bn[t, j], 1e-300)
        there = effect.missing_of[u, 0, j] / max(inputs.third_parties.bought_bn[u, j], 1e-300)
        open_bn += effect.missing_of[t, 0, j] * rules.open_for_transit(covered, there)
    return open_bn / missing_bn if missing_bn > 0.0 else 1.0


@inlined
def _keep_within(most_bn, effect):  # type: ignore[no-untyped-def]
    """Let no state order more for all targets together than its own trade can take in."""
    for n in range(most_bn.size):
        wanted_bn = 0.0
        for t in range(effect.goods.size):
            wanted_bn += effect.carried[t, n] * effect.missing[t, 0]
        if wanted_bn > most_bn[n]:
            part_of_it = rules.within(wanted_bn, most_bn[n])
            for t in range(effect.goods.size):
                effect.carried[t, n] *= part_of_it


@inlined
def _add_up(t, effect):  # type: ignore[no-untyped-def]
    """Sum what is carried to a target; when measures end, no more than all that was missing."""
    goods = 0.0
    for n in range(effect.ready.size):
        goods += effect.carried[t, n]
    all_of_it = min(goods, 1.0)
    for n in range(effect.ready.size):
        if goods > 1.0:
            effect.carried[t, n] /= goods
        effect.carrier_share[t, n] = effect.carried[t, n] / all_of_it if goods > 0.0 else 0.0
    effect.goods[t] = all_of_it
