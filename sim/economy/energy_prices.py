"""The dated path of the world's energy prices: what comes from outside, whatever is sanctioned."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.economy.baseline import world_economy
from sim.errors import InputError
from sim.world import World
from sim.world.tables import STATUS, Column, Row, read_table

RECORD, FLAT = "record", "flat"
COLUMNS = {
    "month": Column(),
    "sector": Column(),
    "price": Column("number", low=1e-6, high=1e3),
    "status": STATUS,
    "source": Column(optional=True),
}


def price_path(world: World, prices: str, start: date, n_days: int) -> Floats:
    """Return the price of every sector on every day, relative to 2021, (n_days, n_sectors).

    A price holds throughout its month. Before the first month of a sector it is 1, the mean of
    2021; in a month without a row it is that of the last month before which has one, and so it
    stays after the last. A sector without rows stays at 1.

    Parameters
    ----------
    world : World
    prices : str
        'record' for the world's own `energy_prices.csv`, if it has one; 'flat' for 1 on all days;
        else the path of a file with the same columns: month (2022-03), sector, price, status,
        source.
    start : date
    n_days : int

    Raises
    ------
    InputError
        A file that is missing, a cell that breaks its rule, an unknown sector, a month that is
        none, a month of a sector that comes twice.
    """
    sectors = world_economy(world).sectors
    days = [start + timedelta(days=day) for day in range(n_days)]
    months = np.array([day.year * 12 + day.month for day in days])
    path = np.ones((n_days, len(sectors)))
    for row in sorted(_rows(world, prices, sectors), key=lambda row: row["number"]):
        path[months >= row["number"], sectors.index(row["sector"])] = row["price"]
    return path


def _rows(world: World, prices: str, sectors: tuple[str, ...]) -> list[Row]:
    if prices == FLAT:
        return []
    own = prices == RECORD
    file = world.folder / "energy_prices.csv" if own else Path(prices)
    if not own and not file.is_file():
        raise InputError(
            f"economy.energy_prices: there is no file '{prices}'; give '{RECORD}', '{FLAT}' or "
            "the path of a CSV file with the columns month, sector, price, status, source"
        )
    rows = read_table(file, COLUMNS, ("month", "sector"), optional=own)
    for line, row in enumerate(rows, start=2):
        if row["sector"] not in sectors:
            rule = f"must be a sector of the economy ({', '.join(sectors)})"
            raise InputError.in_table(file, line, "sector", rule, row["sector"])
        row["number"] = _number(file, line, row["month"])
    return rows


def _number(file: Path, line: int, month: str) -> int:
    """Return a month as a number, one more a month."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        rule = "must be a month like 2022-03"
        raise InputError.in_table(file, line, "month", rule, month) from None
    return first.year * 12 + first.month
