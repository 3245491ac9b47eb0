"""What a world says of each sector beside its tables of trade: one number a property.

The rows of `sectors.csv` with low, high, status and source; `World.sector_facts` has them checked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.economy.baseline import world_economy
from sim.world import World
from sim.world.catalogue import PROPERTIES

DEFAULTS = {name: usual for name, (_, usual) in PROPERTIES.items()}


class Sectors(NamedTuple):
    """Properties of the sectors, each (n_sectors,) in the order of the economy."""

    short_run: Floats  # short-run over long-run trade elasticity, in (0, 1]
    adjustment_days: Floats  # time T on the way from the one to the other, > 0
    # How far reluctance beyond the letter touches what senders sell to the target, and what they
    # buy from it, in [0, 1].
    withheld_export: Floats
    withheld_import: Floats
    # Rise of what the world supplies, fall of what it demands, in percent within a year if the
    # price rises by one percent; sizes, >= 0. Both 0 where there is no world price.
    supply_elasticity: Floats
    demand_elasticity: Floats
    # share of the target's sales that are cut which finds another buyer in the end
    rerouted: Floats
    rerouting_days: Floats  # time in which it does, > 0
    # share of the target's export value above cost that its treasury takes, in [0, 1]
    tax_take: Floats
    cost_share: Floats  # cost over the price of the year that the economy stands for, in [0, 1]
    # 1 if it comes through pipes and so has no price but that of whom they reach, else 0
    piped: Floats
    # at which those who are left take, in the first weeks, what the target can no longer sell
    # elsewhere; 0 if it is the short-run trade elasticity
    others_elasticity: Floats
    contracted: Floats  # share of trade at prices that follow the price of the day late, in [0, 1]
    contract_days: Floats  # time in which they do, > 0
    # share of what a buyer misses that comes out of stocks on the first day, in [0, 1]
    stocked: Floats
    stock_days: Floats  # age of a cut at which stocks give no more and are refilled, > 0


def sectors_of(world: World) -> Sectors:
    """Return what the world says of its sectors, with defaults for what it does not say."""
    sectors = world_economy(world).sectors
    values = {name: np.full(len(sectors), value) for name, value in DEFAULTS.items()}
    for fact in world.sector_facts:
        values[fact.property][sectors.index(fact.sector)] = fact.value
    return Sectors(**values)


def reluctance(world: World) -> Floats:
    """Return how far reluctance to trade touches each sector, (2, n_sectors) in [0, 1].

    The exports of senders to the target first, then their imports.
    """
    sectors = sectors_of(world)
    return np.stack([sectors.withheld_export, sectors.withheld_import])


def stock_pace(world: World) -> Floats:
    """Return the time in which trade adjusts over that after which stocks are refilled, (j,)."""
    sectors = sectors_of(world)
    return sectors.adjustment_days / sectors.stock_days
