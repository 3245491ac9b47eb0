"""The markets of energy as a run finds them: prices from outside, sizes, who buys and sells."""

import math
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.config import Config, Economy
from sim.economy.baseline import world_economy
from sim.economy.energy_prices import monthly_prices, paid_path, price_path
from sim.economy.horizon import FRESH, theta_at
from sim.economy.sectors import Sectors, sectors_of, stock_pace
from sim.economy.shocks import IMPORT, MN_PER_BN
from sim.setting.memory import of_world
from sim.world import World

REACHED = 0.1  # share of a buyer's purchases above which the pipes of a target reach it


class Markets(NamedTuple):
    """Markets of the sectors at the trade of 2021, USD bn a year."""

    # (n_fuels,) Sectors whose world price answers: one of their elasticities is above 0.
    fuels: Ints
    # (n_sectors,) All that is bought, at home too; of piped fuels only by those whom pipes reach.
    size_bn: Floats
    net_bn: Floats  # (n_sectors, n_states) exports less imports that follow its price; sums to 0
    # (n_sectors, n_states) Share of a state in those imports; sums to 1, or is 0 without a market.
    bought: Floats
    exported_bn: Floats  # (n_targets, n_sectors) the targets' exports to all
    # (n_targets, n_sectors) What of them goes to the market: of piped fuels only to those whom
    # pipes reach.
    supplied_bn: Floats
    # (n_targets, n_sectors) Share of a fuel in a target's exports of fuels; 0 if it has none.
    weight: Floats
    # (n_targets, n_sectors) Share of a change of the market's price that reaches a target's
    # exports, in [0, 1].
    follows: Floats
    # (n_sectors,) Elasticities at which those who are left take what a target can no longer sell
    # elsewhere: in the first weeks, and in the long run that of trade.
    theta_short: Floats
    theta_long: Floats


class Energy(NamedTuple):
    """What the phase `markets` reads."""

    price: Floats  # (n_days, n_sectors) of the world, from outside, relative to 2021
    paid: Floats  # (n_days, n_sectors) what is paid at it, contracts included, relative to 2021
    markets: Markets
    sectors: Sectors
    contracted: Floats  # (n_sectors,) share of trade under contracts
    # (n_sectors,) Part of the way to the price of the day that their price goes in a step.
    settles: Floats
    # (n_sectors,) Share of what is missing that comes out of stocks on the first day.
    stocked: Floats
    stock_pace: Floats  # (n_sectors,) time in which trade adjusts over that of stocks
    reroutes: Floats  # (n_sectors,) part of the way to other buyers that a step goes
    shadow_grows: float  # the same of the oil that sails without services of the coalition
    # (n_acts,) The act bans or caps what the price cap covers: from its announcement on ships are
    # bought.
    hunts: Flags
    # (n_states,) Days of the run on which a buyer by pipeline said that it would leave, and on
    # which it will have; infinite for who has not said so.
    told: Floats
    leaves: Floats


def energy_of(
    world: World,
    config: Config,
    targets: Ints,
    start: date,
    n_days: int,
    coverage: Floats,
    capped: Floats,
) -> Energy:
    """Return the markets of a run.

    Parameters
    ----------
    targets : (n_targets,) int64
        Positions among the states.
    coverage : (n_acts, n_channels, n_sectors) float64
        What each act covers if all of it is in force.
    capped : (n_sectors,) float64
        What of a sector the price cap covers, 0 without one.

    Raises
    ------
    InputError
        Prices that cannot be used; see `sim.economy.energy_prices.monthly_prices`.
    """
    sectors, step, economy = sectors_of(world), config.scenario.step_days, config.economy
    rows = monthly_prices(world, economy.energy_prices)
    paths = _paths(world, rows, start, n_days, economy.price_response)
    price, paid = paths[0].copy(), paths[1 if economy.contracts else 0].copy()
    markets = markets_of(world, targets)
    if not economy.goods_prices:
        for path in (price, paid):
            path[:, np.setdiff1d(np.arange(path.shape[1]), markets.fuels)] = 1.0
    told, leaves = _leaving(world, start)
    return Energy(
        price=price,
        paid=paid,
        markets=markets,
        sectors=sectors,
        contracted=sectors.contracted * economy.contracts,
        settles=-np.expm1(-step / sectors.contract_days),
        stocked=stocked_of(world, economy),
        stock_pace=stock_pace(world),
        reroutes=-np.expm1(-step / sectors.rerouting_days),
        shadow_grows=-math.expm1(-step / economy.shadow_fleet_days),
        hunts=np.asarray((coverage[:, IMPORT, capped > 0.0] > 0.0).any(axis=1)),
        told=told,
        leaves=leaves,
    )


@of_world
def _paths(world: World, *given: Any) -> tuple[Floats, Floats]:
    """Return the price of every sector on every day, and what is paid at it."""
    return price_path(world, *given), paid_path(world, *given)


def _leaving(world: World, start: date) -> tuple[Floats, Floats]:
    """Return `Energy.told` and `Energy.leaves`."""
    told, leaves = np.full((2, len(world.states)), np.inf)
    for buyer in world.leavings:
        n = world.index(buyer.state)
        told[n], leaves[n] = (buyer.told - start).days, (buyer.leaves - start).days
    return told, leaves


def stocked_of(world: World, economy: Economy) -> Floats:
    """Return what of a missing good stocks give on the first day, (n_sectors,).

    Nothing where they are left out, or trade stays at one end of its way: stocks have an age.
    """
    return sectors_of(world).stocked * (economy.stocks and economy.horizon == "path")


@of_world
def markets_of(world: World, targets: Ints) -> Markets:
    """Return the markets of all sectors; `targets` are positions among the states.

    What is sold at other prices (`price_links.csv`) moves no money when the market's price does,
    as far as it does not follow it. Gas in pipes has no world price: its market is what those buy,
    from whomever, who buy more than a tenth of it at the market's price from a target, or from a
    seller that sends them most of what it exports: Norway asks the United Kingdom and France for
    what Germany pays.
    """
    sectors = sectors_of(world)
    economy = world_economy(world, balance=False)
    flow = economy.flows().transpose(0, 2, 1) / MN_PER_BN  # sector, seller, buyer
    follows = _follows(world, flow.shape)
    answers = sectors.supply_elasticity + sectors.demand_elasticity > 0.0
    for j in np.flatnonzero(sectors.piped > 0.0):
        least, flow[j] = REACHED * flow[j].sum(axis=0), flow[j] * follows[j]
        flow[j, :, ~_piped_to(flow[j], least, targets)] = 0.0
    size = flow.sum(axis=(1, 2))
    abroad = flow.copy()
    abroad[:, np.arange(len(world.states)), np.arange(len(world.states))] = 0.0
    traded = np.where(sectors.piped[:, None, None] > 0.0, abroad, abroad * follows)
    imports = traded.sum(axis=1)
    sales = economy.flows().transpose(0, 2, 1) / MN_PER_BN
    exported = _exports(sales, targets)
    apart = _exports(sales * (1.0 - follows), targets)
    of_fuels, others = exported * answers, sectors.others_elasticity
    return Markets(
        fuels=np.flatnonzero(answers & (size > 0.0)).astype(np.int64),
        size_bn=size,
        net_bn=np.ascontiguousarray(traded.sum(axis=2) - imports),
        bought=np.ascontiguousarray(
            imports / np.maximum(imports.sum(axis=1, keepdims=True), 1e-300)
        ),
        exported_bn=exported,
        supplied_bn=np.ascontiguousarray(abroad.sum(axis=2)[:, targets].T),
        weight=of_fuels / np.maximum(of_fuels.sum(axis=1, keepdims=True), 1e-300),
        follows=1.0 - apart / np.maximum(exported, 1e-300),
        theta_short=np.where(others > 0.0, others, theta_at(world, FRESH)),
        theta_long=world_economy(world).theta.copy(),
    )


def _follows(world: World, shape: tuple[int, ...]) -> Floats:
    """Return the share of a change of price that reaches a sale, (sector, seller, buyer)."""
    follows, sectors = np.ones(shape), world_economy(world, balance=False).sectors
    for link in world.price_links:
        at = sectors.index(link.sector), world.index(link.seller), world.index(link.buyer)
        follows[at] = link.follows
    return follows


def _piped_to(flow: Floats, least: Floats, targets: Ints) -> Flags:
    """Return who buys on the market of those whom the pipes of targets reach, (n_states,).

    Parameters
    ----------
    flow : (n_states, n_states) float64
        Seller by buyer, as far as it is sold at the market's price.
    least : (n_states,) float64
        What a buyer takes of one seller that reaches it, at least.
    """
    apart = np.isin(np.arange(len(flow)), targets)
    reached = (flow[targets].max(axis=0) > least) & ~apart
    sold = flow - np.diag(np.diagonal(flow))
    serves = sold[:, reached].sum(axis=1) > 0.5 * sold.sum(axis=1)
    serves[targets] = False
    beside = (flow[serves] > least).any(axis=0)
    return np.asarray(reached | (beside & ~apart))


def _exports(sales: Floats, targets: Ints) -> Floats:
    """Return what the targets sell abroad, (n_targets, n_sectors), of sales (j, seller, buyer)."""
    sold = sales.sum(axis=2) - np.diagonal(sales, axis1=1, axis2=2)
    return np.ascontiguousarray(sold[:, targets].T)
