"""The economy that a world's measures are priced in: its tables, elasticities and balances."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from pathlib import Path

import numpy as np

from sim.arrays import Floats, read_only
from sim.economy.equilibrium import balanced
from sim.economy.tables import Economy
from sim.errors import InputError
from sim.world import World

ELASTICITIES = ("long_run", "short_run")
# Within months suppliers are replaced about a quarter as easily as in the long run; the floor is
# an assumption, to be read with the range 0.5 to 1.
SHORT_RUN = 0.25
FLOOR = 0.75


def short_run(theta: Floats) -> Floats:
    """Return short-run trade elasticities: a quarter of the long-run ones, at least 0.75.

    Parameters
    ----------
    theta : (n_sectors,) float64
        Long-run trade elasticities, > 0. None is raised: those below the floor stay.
    """
    return np.minimum(theta, np.maximum(SHORT_RUN * theta, FLOOR))


def world_economy(world: World, elasticity: str = "long_run", balance: bool = True) -> Economy:
    """Return the economy of a world, read once.

    Parameters
    ----------
    world : World
        Its folder holds the nine tables in `economy/`.
    elasticity : {'long_run', 'short_run'}
        Trade elasticities as in the tables, or their short-run values.
    balance : bool
        Set trade balances to zero first, at long-run elasticities, so that both elasticities
        start from the same flows.

    Raises
    ------
    InputError
        An unknown elasticity; countries of the tables that are not the world's states.
    """
    if elasticity not in ELASTICITIES:
        raise InputError.unknown("elasticity", elasticity, ELASTICITIES)
    economy = economy_of(str(world.folder), world.fingerprint, elasticity, balance)
    if economy.countries != world.states:
        odd = sorted(set(economy.countries) ^ set(world.states)) or ["another order"]
        raise InputError(
            f"{world.folder / 'economy'}: the countries must be the states of states.csv in "
            f"their order; they differ in {', '.join(odd)}"
        )
    return economy


@lru_cache(maxsize=16)
def economy_of(folder: str, fingerprint: str, elasticity: str, balance: bool) -> Economy:
    """Return the economy of a world's folder, read once; others as in `world_economy`.

    Parameters
    ----------
    folder, fingerprint : str
        Of the world; the fingerprint keeps a changed world out of the cache.
    """
    if elasticity == "short_run":
        economy = economy_of(folder, fingerprint, "long_run", balance)
        return read_only(dataclasses.replace(economy, theta=short_run(economy.theta)))
    economy = Economy.read(Path(folder) / "economy")
    return read_only(balanced(economy) if balance else economy)
