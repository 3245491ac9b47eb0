"""The economy that a world's measures are priced in: its tables and balances."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sim.arrays import read_only
from sim.economy.equilibrium import balanced
from sim.economy.tables import Economy
from sim.errors import InputError
from sim.world import World


def world_economy(world: World, balance: bool = True) -> Economy:
    """Return the economy of a world at long-run trade elasticities, read once.

    Parameters
    ----------
    world : World
        Its folder holds the nine tables in `economy/`.
    balance : bool
        Set trade balances to zero first, at long-run elasticities, so that all horizons start
        from the same flows.

    Raises
    ------
    InputError
        Countries of the tables that are not the world's states.
    """
    economy = economy_of(str(world.folder), world.fingerprint, balance)
    if economy.countries != world.states:
        odd = sorted(set(economy.countries) ^ set(world.states)) or ["another order"]
        raise InputError(
            f"{world.folder / 'economy'}: the countries must be the states of states.csv in "
            f"their order; they differ in {', '.join(odd)}"
        )
    return economy


@lru_cache(maxsize=16)
def economy_of(folder: str, fingerprint: str, balance: bool) -> Economy:
    """Return the economy of a world's folder, read once; others as in `world_economy`.

    Parameters
    ----------
    folder, fingerprint : str
        Of the world; the fingerprint keeps a changed world out of the cache.
    """
    if balance:
        return read_only(balanced(economy_of(folder, fingerprint, False)))
    return read_only(Economy.read(Path(folder) / "economy"))
