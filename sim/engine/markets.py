"""Phase 9: world prices of energy, what a target sells at, and what moves between states.

A target's exports that measures cover, or that firms hold back, are gone from their buyers at once.
Part of them finds others with time; what does not is missing on the world's market, whose price
rises, and what does sells at a discount. Prices from outside (`inputs.energy.price`) come first:
the answers of the model are relative to them. With the recorded path they are those of a world in
which much of this had happened; the answers come on top.

What is sold under contracts is paid at prices that follow late, and stocks give part of what is
missing in the first months and are refilled after.

Whom prices move money to: `payment_bn` holds premia, the rent of the price cap and the rise of
world prices beyond the path. The target's discount is not in it. In the equilibrium that losses
are derived from a ban lowers the target's costs, and its buyers gain by that already; here the
discount enters the value of exports, the treasury's revenue and what a cap can still take.
"""

from __future__ import annotations

import math

from sim.codes import EXPORTS, NEVER
from sim.compiled import inlined, part, phase
from sim.economy.shocks import add_cap, dearer_by
from sim.engine.lost import lost_bn
from sim.rules import energy as rules
from sim.rules import horizon


@phase
def clear(inputs, state):  # type: ignore[no-untyped-def]
    """Let prices answer to what is cut, and work out who receives and pays what by them."""
    effect = state.effect
    effect.payment_bn[:] = 0.0
    effect.windfall_bn[:] = 0.0
    for t in range(inputs.targets.size):
        _lose_buyers(t, inputs, effect)
    _raise_prices(inputs, effect)
    _settle(inputs, state.clock.day, effect)
    for t in range(inputs.targets.size):
        if not effect.is_hunted[t]:
            effect.is_hunted[t] = _is_hunted(t, inputs, state.adoption.announced)
        _sell(t, inputs, state)
        for n in range(effect.payment_bn.size):
            effect.payment_bn[n] += effect.rent[t, n]
            effect.payment_bn[inputs.targets[t]] -= effect.rent[t, n]
    for fuel in range(inputs.energy.markets.fuels.size):
        _move_money(inputs.energy.markets.fuels[fuel], inputs, state.clock.day, effect)


@part
def _lose_buyers(t, inputs, effect):  # type: ignore[no-untyped-def]
    """Work out what of a target's exports is sold to others, or not at all, and at what discount.

    What is sold at a discount must find buyers among those who are left.
    """
    energy, markets = inputs.energy, inputs.energy.markets
    for j in range(markets.size_bn.size):
        exported = markets.exported_bn[t, j]
        if exported == 0.0:
            continue
        cut = min(lost_bn(t, EXPORTS, j, inputs, effect), exported)
        effect.rerouted_bn[t, j] = rules.rerouted_after(
            effect.rerouted_bn[t, j], cut, energy.sectors.rerouted[j], energy.reroutes[j]
        )
        lost = (cut - effect.rerouted_bn[t, j]) / exported
        effect.export_lost[t, j] = lost
        effect.discount[t, j] = 0.0
        if inputs.economy.price_response and cut > 0.0:
            effect.discount[t, j] = rules.discount(
                cut / exported, lost, _theta(t, j, markets, effect)
            )


@inlined
def _theta(t, j, markets, effect):  # type: ignore[no-untyped-def]
    return rules.theta_of_day(effect.maturity[t, j], markets.theta_short[j], markets.theta_long[j])


@part
def _raise_prices(inputs, effect):  # type: ignore[no-untyped-def]
    """Let the price of each fuel rise by what of its supply is gone and not out of stocks."""
    sectors, markets = inputs.energy.sectors, inputs.energy.markets
    if not inputs.economy.price_response:
        return
    for fuel in range(markets.fuels.size):
        j, lost = markets.fuels[fuel], 0.0
        for t in range(inputs.targets.size):
            left = 1.0
            if inputs.energy.stocked[j] > 0.0:
                left -= rules.bridged(
                    effect.maturity[t, j], inputs.energy.stocked[j], inputs.energy.stock_pace[j]
                )
            lost += effect.export_lost[t, j] * markets.exported_bn[t, j] * left
        effect.price_log[j] = rules.price_rise(
            lost / markets.size_bn[j], sectors.supply_elasticity[j], sectors.demand_elasticity[j]
        )


@part
def _settle(inputs, day, effect):  # type: ignore[no-untyped-def]
    """Let contracts follow what cuts add to prices, and work out what is paid of it."""
    energy = inputs.energy
    for fuel in range(energy.markets.fuels.size):
        j = energy.markets.fuels[fuel]
        spot = energy.price[day, j] * math.expm1(effect.price_log[j])
        effect.rise_lagged[j] += energy.settles[j] * (spot - effect.rise_lagged[j])
        effect.rise[j] = rules.paid(spot, effect.rise_lagged[j], energy.contracted[j])


@part
def _is_hunted(t, inputs, announced):  # type: ignore[no-untyped-def]
    """Return whether anybody has announced a cap or a ban on the target's oil."""
    for act in range(announced.shape[1]):
        hunts = inputs.energy.hunts[act] or inputs.menu.caps[act]
        if hunts and inputs.menu.aimed_at[act] == t:
            for i in range(announced.shape[0]):
                if announced[i, act, 0] != NEVER:
                    return True
    return False


@part
def _sell(t, inputs, state):  # type: ignore[no-untyped-def]
    """Work out rents, exports and revenue of a target."""
    effect, energy, markets = state.effect, inputs.energy, inputs.energy.markets
    sectors, rent, control, kept = energy.sectors, effect.rent, 0.0, 1.0 - effect.leak[t]
    if effect.is_hunted[t]:
        effect.shadow[t] = rules.moved_towards(
            effect.shadow[t], inputs.economy.shadow_fleet, energy.shadow_grows
        )
    for i in range(inputs.senders.size):
        control += effect.cap[i, t] * inputs.services[i] * kept
    paid = _premia(t, inputs, state)
    for n in range(rent.shape[1]):
        rent[t, n] = paid * effect.carried[t, n]
    effect.revenue_bn[t] = 0.0
    for j in range(markets.size_bn.size):
        world = 1.0 + markets.follows[t, j] * (
            _world_price(j, inputs, state.clock.day, effect) - 1.0
        )
        discount = effect.discount[t, j]
        cost = 0.0
        if control * inputs.capped[j] > 0.0:
            margin = world * rules.cap_margin(
                inputs.cap_discount, discount, control, effect.shadow[t]
            )
            cost = _add_cap(t, j, margin, inputs, effect)
        sold = markets.exported_bn[t, j] * (1.0 - effect.export_lost[t, j])
        value = max(sold * world * (1.0 - discount) - cost, 0.0)
        effect.export_bn[t, j] = value
        if sectors.tax_take[j] > 0.0 and sold > 0.0:
            effect.revenue_bn[t] += sold * rules.tax(
                value / sold, sectors.cost_share[j], sectors.tax_take[j]
            )


@part
def _premia(t, inputs, state):  # type: ignore[no-untyped-def]
    """Return what a target would pay beyond the price if all it misses were carried, USD bn a year.

    Covered or held back, and dearer by all that is stopped of its purchases, at the elasticity of
    the day. Of it a carrier gets as much as it carries: where enforcement lets nothing through,
    nobody is paid.
    """
    effect, young, late = state.effect, state.fresh_sums, state.mature_sums
    paid, leak, third = 0.0, effect.leak[t], effect.withheld_third[t, 0]
    for j in range(late.bought.shape[1]):
        covered = effect.missing_of[t, 0, j]
        if covered > 0.0:
            ends = inputs.fresh.theta[j], inputs.mature.theta[j]
            old = horizon.cover_weight(effect.maturity[t, j], *ends)
            missing = (1.0 - old) * young.bought[t, j] + old * late.bought[t, j]
            missing += late.held_bought[t, j] * effect.withheld[t, 0]
            stopped = missing * (1.0 - leak) + inputs.mature.margins.third_share[t, j] * third
            theta = rules.theta_of_day(effect.maturity[t, j], *ends)
            paid += covered * dearer_by(stopped, effect.premium, theta)
    return paid


@part
def _add_cap(t, j, margin, inputs, effect):  # type: ignore[no-untyped-def]
    """Add the rent of the price cap in one sector, and return it."""
    cut = effect.rerouted_bn[t, j]
    cut += effect.export_lost[t, j] * inputs.energy.markets.exported_bn[t, j]
    return add_cap(
        t,
        j,
        margin,
        effect.rerouted_bn[t, j] / cut if cut > 0.0 else 0.0,
        effect.covered[1],
        1.0 - effect.leak[t],
        inputs.senders,
        inputs.targets,
        inputs.sold_bn,
        inputs.capped[j],
        effect.rent,
    )


@inlined
def _world_price(j, inputs, day, effect):  # type: ignore[no-untyped-def]
    """Return what is paid for a sector's goods in the world, relative to 2021."""
    return inputs.energy.paid[day, j] + effect.rise[j]


@part
def _move_money(j, inputs, day, effect):  # type: ignore[no-untyped-def]
    """Add what the price of a fuel moves from those who import it to those who export it.

    What is lost is missing in the target's exports, and in the imports of all in proportion.
    """
    markets, path = inputs.energy.markets, inputs.energy.paid[day, j]
    rise, lost = effect.rise[j], 0.0
    if rise == 0.0 and path == 1.0:
        return
    for t in range(inputs.targets.size):
        gone = effect.export_lost[t, j] * markets.exported_bn[t, j]
        effect.payment_bn[inputs.targets[t]] -= rise * gone
        effect.windfall_bn[inputs.targets[t]] -= (path - 1.0) * gone
        lost += gone
    for n in range(effect.payment_bn.size):
        net = markets.net_bn[j, n] + lost * markets.bought[j, n]
        effect.payment_bn[n] += rise * net
        effect.windfall_bn[n] += (path - 1.0) * net


@part
def energy_price(inputs, state):  # type: ignore[no-untyped-def]
    """Return the world price of the fuels that the first target exports, relative to 2021."""
    weight, total, price = inputs.energy.markets.weight[0], 0.0, 0.0
    for j in range(weight.size):
        if weight[j] > 0.0:
            spot = inputs.energy.price[state.clock.day, j]
            price += weight[j] * spot * math.exp(state.effect.price_log[j])
            total += weight[j]
    return price if total > 0.0 else 1.0


@part
def mean_discount(t, inputs, effect):  # type: ignore[no-untyped-def]
    """Return by which share a target sells its fuels below the world price, in the mean."""
    weight, total = inputs.energy.markets.weight[t], 0.0
    for j in range(weight.size):
        total += weight[j] * effect.discount[t, j]
    return total
