"""Phase 10: what the measures in effect cost every state, and who pays for whom."""

from __future__ import annotations

from sim.codes import EXPORTS, IMPORTS, YEAR
from sim.compiled import allocating_phase, part, phase
from sim.economy.losses import (
    add_forgone,
    add_losses,
    add_payments,
    last_in_damage,
    to_percent,
)
from sim.economy.transfers import compensated, shared_losses
from sim.engine.lost import lost_bn
from sim.rules import energy, horizon, support


@phase
def price(inputs, state):  # type: ignore[no-untyped-def]
    """Price what the measures in effect cost every state, at the elasticities of their age."""
    _age(inputs, state.clock.closed, state.effect)
    _lose(inputs, state.effect)
    price_at(state.effect.maturity, state.effect.closure, state.effect.loss, inputs, state)
    if inputs.weighs_damage or state.trace.day.shape[0] > 0:
        weigh_damage(inputs, state)


@part
def _lose(inputs, effect):  # type: ignore[no-untyped-def]
    """Work out what share of each target's trade is lost: covered, or held back.

    And of its imports what is still missing once other suppliers have been found for the rest.
    """
    for t in range(effect.lost.shape[0]):
        missed_bn = 0.0
        for way in range(effect.lost.shape[1]):
            total_bn = 0.0
            for j in range(effect.cut_of.shape[2]):
                of_sector_bn = lost_bn(t, way, j, inputs, effect)
                total_bn += of_sector_bn
                if way == IMPORTS:
                    missed_bn += of_sector_bn * (1.0 - effect.maturity[t, j])
            traded_bn = inputs.rates.bought[t] if way == IMPORTS else inputs.rates.sold[t]
            effect.lost[t, way] = total_bn / traded_bn
        effect.unreplaced[t] = missed_bn / inputs.rates.bought[t]


@part
def _age(inputs, closed, effect):  # type: ignore[no-untyped-def]
    """Let trade adjust to what is lost, through one step."""
    path = inputs.horizon
    if path.is_fixed:
        effect.maturity[:] = path.fixed
        effect.closure = path.fixed
        return
    effect.closure = closed - (closed - effect.closure) * path.reopened
    for t in range(effect.maturity.shape[0]):
        for j in range(effect.maturity.shape[1]):
            both = lost_bn(t, IMPORTS, j, inputs, effect) + lost_bn(t, EXPORTS, j, inputs, effect)
            adjusted_bn = horizon.adjusted_after(effect.adjusted_bn[t, j], both, path.unadjusted[j])
            effect.adjusted_bn[t, j] = adjusted_bn
            effect.maturity[t, j] = adjusted_bn / both if both > 0.0 else 0.0


@part
def price_at(maturity, closure, loss, inputs, state):  # type: ignore[no-untyped-def]
    """Write losses in percent before transfers at a maturity of what is lost.

    Parameters
    ----------
    maturity : (n_targets, n_sectors) float64
    closure : float
        Of closed borders.
    loss : (n_states,) float64
        Result.
    """
    effect, overlap = state.effect, inputs.coordination.scope_overlap
    state.work.prices += 1
    loss[:] = 0.0
    mean = _weigh_horizon(maturity, inputs.horizon, effect)
    draw_stocks(maturity, inputs.energy, effect)
    add_losses(effect.young, effect, overlap, state.fresh_sums, inputs.fresh.margins, loss)
    add_losses(effect.old, effect, overlap, state.mature_sums, inputs.mature.margins, loss)
    fresh, mature = inputs.fresh.margins, inputs.mature.margins
    young, late = state.fresh_sums.moved, state.mature_sums.moved
    add_forgone(young, late, inputs.senders, loss)
    old = mean - inputs.horizon.income_bend * mean * (1.0 - mean)
    add_payments(effect.payment_bn, old, young, late, fresh, mature, loss)
    to_percent(loss)
    if state.clock.closed > 0.0:
        for n in range(loss.size):
            loss[n] += (1.0 - closure) * inputs.fresh.closure[n]
            loss[n] += closure * inputs.mature.closure[n]


@part
def _weigh_horizon(maturity, path, effect):  # type: ignore[no-untyped-def]
    """Write the weights of both ends of the horizon; return how far cuts have come in the mean."""
    bend, total = path.bend, 0.0
    for t in range(maturity.shape[0]):
        for j in range(maturity.shape[1]):
            way = maturity[t, j]
            if path.pace[j] != 1.0:
                way = 1.0 - (1.0 - way) ** path.pace[j]
            total += way
            for channel in range(bend.shape[1]):
                old = way - bend[t, channel, j] * way * (1.0 - way)
                effect.old[t, channel, j] = old
                effect.young[t, channel, j] = 1.0 - old
    return total / maturity.size


@part
def draw_stocks(maturity, markets, effect):  # type: ignore[no-untyped-def]
    """Write what stocks give of what is missing; what refills them is bought at the market's price.

    A buyer never misses more than it has lost.
    """
    for j in range(maturity.shape[1]):
        if markets.stocked[j] > 0.0:  # else it stays 0
            for t in range(maturity.shape[0]):
                given = energy.bridged(maturity[t, j], markets.stocked[j], markets.stock_pace[j])
                effect.bridged[t, j] = max(given, 0.0)


@allocating_phase
def transfer(inputs, state):  # type: ignore[no-untyped-def]
    """Share what the measures cost, where the senders share it."""
    levers, gdp_bn, effect = inputs.coordination, inputs.gdp_bn, state.effect
    if levers.burden_sharing == 0.0 and levers.side_payments_bn == 0.0:
        return
    member = inputs.sender_at >= 0
    loss, shared = shared_losses(effect.loss, gdp_bn, member, levers.burden_sharing)
    loss, paid = compensated(loss, gdp_bn, member, inputs.leads, levers.side_payments_bn)
    effect.loss[:] = loss
    effect.transfer_bn[:] = shared + paid


@phase
def suffer(inputs, state):  # type: ignore[no-untyped-def]
    """Let what is lost bear on support at home, and add the first year up."""
    effect, senders = state.effect, inputs.senders
    for i in range(senders.size):
        nearness = inputs.society.nearness * inputs.frontline[i]
        state.decision.accepted[i] = support.accepted(
            effect.loss[senders[i]], inputs.society.cost_weight, nearness
        )
    days = min(YEAR - effect.year_days, inputs.scenario.step_days)
    effect.year_days += days
    for n in range(effect.loss.size):
        effect.year_loss[n] += effect.loss[n] * days


@part
def weigh_damage(inputs, state):  # type: ignore[no-untyped-def]
    """Work out what each act would add to its target's loss, for a rule that asks for it."""
    menu, effect, damage = inputs.menu, state.effect, state.decision.damage
    last_in_damage(
        effect.covered[0],
        effect.leak,
        inputs.horizon.whole,
        menu.aimed_at,
        inputs.targets,
        inputs.horizon.marginal,
        inputs.mature.margins.target_share,
        effect.scarcity,
        damage,
    )
    for i in range(damage.shape[0]):
        for act in range(damage.shape[1]):
            target_gdp = inputs.gdp_bn[inputs.targets[menu.aimed_at[act]]]
            damage[i, act] *= target_gdp / inputs.gdp_bn[inputs.senders[i]]
