"""Checks of the written tables of 2014; the reader of worlds and economies does the rest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from sim.economy.tables import Economy
from sim.world import load
from world_build.crimea_2014.states import BYSTANDERS, CODES, TARGET
from world_build.crimea_2014.ties import INSTITUTIONS
from world_build.economy import SEED_SHARE
from world_build.network import GOODS, SECTORS

TOLERANCE = 1e-9


def check_world(folder: Path) -> None:
    """Raise InputError or AssertionError with the table and the first thing wrong in it."""
    world = load(str(folder))
    assert world.states == CODES, "states.csv: states or their order"
    assert {i.code for i in world.institutions} == set(INSTITUTIONS), "institutions.csv"
    assert abs(world.capability.sum() - 1.0) < 1e-4, "states.csv: capability does not sum to one"
    economy = Economy.read(folder / "economy")
    assert economy.countries == CODES, "economy: states or their order"
    assert economy.sectors == SECTORS, "economy: sectors or their order"
    _check_identities(economy)
    _check_seeds(economy)
    trade = pd.read_csv(folder / "trade.csv")
    at = [trade[name].map(names.index) for name, names in _axes()]
    written = economy.flows()[at[0], at[1], at[2]]
    gap = np.abs(written - trade.usd_mn) / np.maximum(written, 1.0)
    assert gap.max() < 0.03, "trade.csv differs from the economy"


def _axes() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("sector", SECTORS), ("importer", CODES), ("exporter", CODES)


def _check_identities(economy: Economy) -> None:
    flows = economy.flows()
    output, bought = flows.sum(axis=1), (1.0 - economy.factor_share) * flows.sum(axis=1)
    materials = np.einsum("kjn,jn->kn", economy.intermediate_share, bought)
    final = economy.consumption_share * (economy.value_added - economy.trade_balance)
    for name, found, wanted in (
        ("value added", (economy.factor_share * output).sum(axis=0), economy.value_added),
        ("spending", materials + final, economy.expenditure),
    ):
        gap = (np.abs(found - wanted) / economy.value_added).max()
        assert gap < TOLERANCE, f"{name} does not follow from the other tables: {gap:.1e}"
    assert abs(economy.trade_balance.sum()) < TOLERANCE * economy.value_added.sum(), "balances"


def _check_seeds(economy: Economy) -> None:
    others, target = [CODES.index(code) for code in BYSTANDERS], CODES.index(TARGET)
    share = economy.trade_share[GOODS]
    least = min(share[:, target, others].min(), share[:, others, target].min())
    assert least > 0.99 * SEED_SHARE, f"trade_share: a closed diversion route ({least})"
