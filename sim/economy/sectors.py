"""What a world says of each sector beside its tables of trade: one number a property."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.economy.baseline import world_economy
from sim.world import World

DEFAULTS = {
    "short_run": 0.25,
    "adjustment_days": 600.0,
    "withheld_export": 1.0,
    "withheld_import": 1.0,
    "supply_elasticity": 0.0,
    "demand_elasticity": 0.0,
    "rerouted": 1.0,
    "rerouting_days": 60.0,
    "tax_take": 0.0,
    "cost_share": 1.0,
    "piped": 0.0,
}


class Sectors(NamedTuple):
    """Properties of the sectors, each (n_sectors,) in the order of the economy."""

    short_run: Floats
    adjustment_days: Floats
    withheld_export: Floats
    withheld_import: Floats
    supply_elasticity: Floats
    demand_elasticity: Floats
    rerouted: Floats
    rerouting_days: Floats
    tax_take: Floats
    cost_share: Floats
    piped: Floats


def sectors_of(world: World) -> Sectors:
    """Return what the world says of its sectors, with defaults for what it does not say."""
    n_sectors = len(world_economy(world).sectors)
    return Sectors(**{name: np.full(n_sectors, value) for name, value in DEFAULTS.items()})
