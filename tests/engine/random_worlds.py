"""Small worlds drawn at random, written to a folder: trade, sizes, sectors, views, objections."""

from __future__ import annotations

import copy
import dataclasses
import random
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
from small_economies import random_economy
from test_reference import WORLD, random_config

from sim.config import Config
from sim.economy.tables import Economy
from sim.world import World, load
from sim.world.catalogue import Position

SECTORS = ("goods", "oil", "gas", "services")  # of the world in tests/reference
MN_PER_BN = 1000.0
ISLAND_BN = 2e-3
FACTS = {
    "adjustment_days": (10.0, 400.0),
    "rerouting_days": (10.0, 400.0),
    "short_run": (0.1, 1.0),
    "others_elasticity": (0.1, 1.0),
    "supply_elasticity": (0.3, 1.0),
    "demand_elasticity": (0.3, 1.0),
}


class Drawn:
    """A world and a configuration drawn at random, and the same world written otherwise.

    Parameters
    ----------
    folder : Path
        Where worlds are written, each in a folder of its own.
    seed : int
        Of all that is drawn.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        draw = random.Random(seed)
        self.folder, self.config = folder, random_config(draw)
        base, generator = load(WORLD), np.random.default_rng(draw.randrange(2**32))
        n = len(base.states)
        self.economy = _sized(
            random_economy(draw.randrange(2**32), n, len(SECTORS)),
            base.states,
            base.gdp_bn.sum() / n,
        )
        self.of_states = {
            "ideal_point": generator.normal(size=n),
            "democracy": generator.random(n),
            "crypto_index": generator.random(n),
            "flights": generator.random(n) < 0.8,
            "overflight": generator.random(n),
        }
        self.facts = tuple(
            dataclasses.replace(fact, value=_fact(fact.property, draw))
            for fact in base.sector_facts
        )
        self.positions = tuple(
            Position(
                draw.choice(("LED", "UNA", "UNB")), m.code, draw.randint(0, 30), draw.random() < 0.5
            )
            for m in base.measures
        )

    def world(self, order: np.ndarray | None = None, unit: float = 1.0) -> World:
        """Return the world with its states in another order, or its money in another unit."""
        at = np.arange(len(self.economy.countries)) if order is None else order
        folder = self._copied()
        states = pd.read_csv(folder / "states.csv", keep_default_na=False).iloc[at]
        economy = _in_unit(_ordered(self.economy, at), unit)
        states["gdp_bn_usd"] = economy.value_added / MN_PER_BN
        states.to_csv(folder / "states.csv", index=False)
        _write_economy(economy, folder)
        _multiply(folder / "reserve_totals.csv", "usd_bn", unit)
        return self._dressed(load(str(folder)), at)

    def with_island(self, role: str) -> World:
        """Return the world with one state more: very small, and nobody trades with it."""
        folder = self._copied()
        states = pd.read_csv(folder / "states.csv", keep_default_na=False)
        states["gdp_bn_usd"] = self.economy.value_added / MN_PER_BN
        island = dict(states.iloc[-1]) | {
            "state": "ISL", "name": "Island", "role": role, "gdp_bn_usd": ISLAND_BN,
            "population_mn": 1e-3, "capability": 0.0, "distance_to_war_km": 15000,
        }  # fmt: skip
        pd.concat([states, pd.DataFrame([island])]).to_csv(folder / "states.csv", index=False)
        _write_economy(_and_island(self.economy), folder)
        _append(folder / "energy.csv", [("ISL", fuel, 0, "assumption") for fuel in FUELS])
        _append(
            folder / "distances.csv",
            [("ISL", state, 15000, 0, 0, 0, "assumption") for state in states["state"]],
        )
        return self._dressed(load(str(folder)), np.r_[: len(states), len(states) - 1])

    def _copied(self) -> Path:
        folder = self.folder / str(len(list(self.folder.iterdir())))
        shutil.copytree(WORLD, folder)
        return folder

    def _dressed(self, world: World, at: np.ndarray) -> World:
        drawn = {name: values[at] for name, values in self.of_states.items()}
        return dataclasses.replace(
            world, **drawn, sector_facts=self.facts, positions=self.positions
        )


FUELS = ("coal", "oil", "gas")


def _fact(name: str, draw: random.Random) -> float:
    if name == "piped":
        return float(draw.random() < 0.5)
    return draw.uniform(*FACTS.get(name, (0.0, 1.0)))


def _sized(economy: Economy, countries: tuple[str, ...], mean_bn: float) -> Economy:
    """Return an economy by these names, of these sectors and of this mean size."""
    unit = mean_bn * MN_PER_BN / economy.value_added.mean()
    named = dataclasses.replace(economy, countries=countries, sectors=SECTORS)
    return _in_unit(named, unit)


def _in_unit(economy: Economy, unit: float) -> Economy:
    money = ("value_added", "trade_balance", "expenditure")
    return dataclasses.replace(economy, **{name: unit * getattr(economy, name) for name in money})


def _ordered(economy: Economy, at: np.ndarray) -> Economy:
    """Return the economy with its countries in another order."""
    return dataclasses.replace(
        economy,
        countries=tuple(economy.countries[n] for n in at),
        **{name: getattr(economy, name)[:, at][:, :, at] for name in ("trade_share", "tariff")},
        **{
            name: getattr(economy, name)[..., at]
            for name in (
                "factor_share", "intermediate_share", "consumption_share", "value_added",
                "trade_balance", "expenditure",
            )
        },
    )  # fmt: skip


def _and_island(economy: Economy) -> Economy:
    """Return the economy with a state like the last one that buys everything of itself."""
    n = len(economy.countries)
    twice = _ordered(economy, np.r_[:n, n - 1])
    trade, tariff = twice.trade_share, twice.tariff
    trade[:, n, :] = trade[:, :n, n] = 0.0
    trade[:, n, n] = 1.0
    tariff[:, n, :] = tariff[:, :, n] = 1.0
    makes = 1.0 - twice.factor_share[:, n]
    material = twice.intermediate_share[:, :, n] * makes
    income = ISLAND_BN * MN_PER_BN
    spent = np.linalg.solve(np.eye(len(SECTORS)) - material, twice.consumption_share[:, n] * income)
    twice.expenditure[:, n], twice.value_added[n], twice.trade_balance[n] = spent, income, 0.0
    return dataclasses.replace(twice, countries=(*economy.countries, "ISL"))


def _write_economy(economy: Economy, folder: Path) -> None:
    """Write the economy, and what is traded in it between states."""
    economy.write(folder / "economy")
    flows = economy.flows()
    rows = [
        (economy.countries[i], economy.countries[n], sector, flows[j, n, i])
        for j, sector in enumerate(economy.sectors)
        for n, i in np.ndindex(*flows.shape[1:])
        if n != i
    ]
    columns = ["exporter", "importer", "sector", "usd_mn"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "trade.csv", index=False)


def _multiply(path: Path, column: str, factor: float) -> None:
    table = pd.read_csv(path, keep_default_na=False)
    table[column] = factor * table[column]
    table.to_csv(path, index=False)


def _append(path: Path, rows: list[tuple]) -> None:
    table = pd.read_csv(path, keep_default_na=False)
    more = pd.DataFrame(rows, columns=table.columns)
    pd.concat([table, more]).to_csv(path, index=False)


def in_unit(config: Config, unit: float) -> Config:
    """Return a configuration whose amounts of money are in another unit."""
    other = copy.deepcopy(config)
    other.coordination.side_payments_bn *= unit
    other.evasion.crypto_cap_bn *= unit
    return other
