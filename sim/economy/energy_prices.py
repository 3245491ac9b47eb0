"""The dated path of the world's energy prices: what comes from outside, whatever is sanctioned."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.economy.baseline import world_economy
from sim.economy.sectors import sectors_of
from sim.errors import InputError
from sim.rules.energy import paid, price_rise
from sim.world import World
from sim.world.catalogue import EnergyPrice, energy_prices_of

RECORD, FLAT = "record", "flat"
Rows = tuple[EnergyPrice, ...]
BASE_YEAR = 2021  # to which prices and the trade of the tables are relative


def monthly_prices(world: World, prices: str) -> Rows:
    """Return the prices of months that come from outside.

    Parameters
    ----------
    prices : str
        'record' for the world's own `energy_prices.csv`, if it has one; 'flat' for none; else the
        path of a file with the same columns: month (2022-03), sector, price, status, source.

    Raises
    ------
    InputError
        A file that is missing, a cell that breaks its rule, an unknown sector, a month of a
        sector that comes twice or is left out between two others.
    """
    if prices == FLAT:
        return ()
    if prices == RECORD:
        return world.energy_prices
    if not Path(prices).is_file():
        raise InputError(
            f"economy.energy_prices: there is no file '{prices}'; give '{RECORD}', '{FLAT}' or "
            "the path of a CSV file with the columns month, sector, price, status, source"
        )
    return energy_prices_of(Path(prices), world_economy(world).sectors)


def price_path(
    world: World, rows: Rows, start: date, n_days: int, answered: bool = False
) -> Floats:
    """Return the price of every sector on every day, relative to 2021, (n_days, n_sectors).

    A price holds throughout its month. Before the first month of a sector it is 1, the mean of
    2021; after the last it stays. A sector without rows stays at 1.

    A recorded price shows what was really cut. Where the model answers to what it cuts itself,
    that part is taken out, or it would count twice: the price then is the one without the loss of
    supply that the table states, p (1 - lost)^(1 / (a + b)) at the elasticities of the sector.

    Parameters
    ----------
    rows : tuple of EnergyPrice
        Prices of months, as `monthly_prices` returns them.
    answered : bool
        Prices answer to what is cut.
    """
    sectors, facts = world_economy(world).sectors, sectors_of(world)
    days = np.array([start + timedelta(days=day) for day in range(n_days)], dtype="datetime64[D]")
    path = np.ones((n_days, len(sectors)))
    for row in sorted(rows, key=lambda row: row.month):
        j, shown = sectors.index(row.sector), 0.0
        if answered:
            shown = price_rise(row.lost, facts.supply_elasticity[j], facts.demand_elasticity[j])
        path[days >= np.datetime64(row.month), j] = row.price * math.exp(-shown)
    return path


def paid_path(world: World, rows: Rows, start: date, n_days: int, answered: bool = False) -> Floats:
    """Return what is paid for every sector, relative to what was in 2021, (n_days, n_sectors).

    Where a share is sold under contracts its price follows the path, from the first month on, in
    the sector's time. The trade of the tables is what was paid in 2021, so the mean of that year
    is 1 for what is paid as well. Parameters as of `price_path`.
    """
    sectors, facts = world_economy(world).sectors, sectors_of(world)
    path = price_path(world, rows, start, n_days, answered)
    first: dict[str, date] = {}
    for row in rows:
        first[row.sector] = min(first.get(row.sector, start), row.month)
    for sector, begin in first.items():
        j = sectors.index(sector)
        if facts.contracted[j] == 0.0:
            continue
        before = (start - begin).days
        n_known = max(before + n_days, (date(BASE_YEAR + 1, 1, 1) - begin).days)
        spot = price_path(world, rows, begin, n_known, answered)[:, j]
        lagged = _lagged(spot, facts.contract_days[j])
        both = np.array(
            [paid(*pair, facts.contracted[j]) for pair in zip(spot, lagged, strict=True)]
        )
        base = [(begin + timedelta(days=day)).year == BASE_YEAR for day in range(n_known)]
        path[:, j] = both[before : before + n_days] / (both[base].mean() if any(base) else 1.0)
    return path


def _lagged(values: Floats, days: float) -> list[float]:
    """Return daily values as they are followed in some days, from the first on."""
    part = -math.expm1(-1.0 / days)
    return list(accumulate(values.tolist(), lambda old, new: old + part * (new - old)))
