"""The economy of 2011 in the sectors of the world of 2022.

WIOD has one industry for all mining. It is split into coal, oil and gas, and ores (which join
the metals) in the proportions of the network of 2022, for each seller, buyer and buying sector:
refineries buy crude, steelworks ore and coal. Those proportions are 11 years younger and were
partly sanctioned (Russian coal from August 2022, gas by pipeline from summer). The three parts
share the input mix of mining as a whole.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.economy.tables import Economy, Floats
from world_build import wiod
from world_build.crimea_2014.states import BYSTANDERS, CODES, TARGET, state_of
from world_build.economy import SEED_SHARE, THETA
from world_build.network import SECTOR_OF, SECTORS
from world_build.origins import read_network

MINING = "mining"
PARTS = {"coal": "coal", "oil_gas": "oil_gas", "ores_minerals": "metals"}  # of the network
SECTOR = {
    "c1": "agri_food", "c2": MINING, "c3": "agri_food", "c8": "refined_petroleum",
    "c9": "chemicals", "c10": "chemicals", "c11": "metals", "c12": "metals", "c13": "machinery",
    "c14": "electronics",
} | dict.fromkeys(("c4", "c5", "c6", "c7", "c15", "c16"), "other_manufacturing")  # fmt: skip
LEAST_TRADE = 1.0  # USD mn of 2022 below which a cell's proportions are those of a wider group
DECIMALS = 7  # of the shares: the folder stays small
LEAST_FLOW = 50.0  # USD mn; smaller flows are left out of trade.csv


def build_economy(folder: Path) -> Economy:
    """Return the economy of the world: observed trade balances, no tariffs."""
    raw = wiod.read_wiod(folder)
    sectors = {name: SECTOR.get(name, "services") for name in raw.sectors}
    table = wiod.grouped(raw, {code: state_of(code) for code in raw.countries}, sectors)
    proportions = mining_proportions(folder, table)
    return rounded(wiod.economy_of(seeded(ordered(split_mining(table, proportions))), THETA))


def mining_proportions(folder: Path, table: wiod.InputOutput) -> Floats:
    """Return the shares of coal, oil and gas, ores in sales of mining, (i, part, n, t).

    The buying sectors t are those of `table`, and final buyers last: they buy like all
    industries of their state together. A cell with little trade takes the proportions of the
    seller's sales to that sector anywhere, then of all its sales, then of the world's.
    """
    raw = read_network(folder, "icio_2022/icio_2022.npz")
    names = [str(name) for name in raw["sectors"]]
    state = _membership([state_of(str(code)) for code in raw["countries"]], table.countries)
    buying = [MINING if name in PARTS else SECTOR_OF[name] for name in names]
    sector = _membership(buying, table.sectors)
    inter = raw["inter"][:, [names.index(part) for part in PARTS]]
    sales = np.einsum("akbu,ai,bn,ut->iknt", inter, state, state, sector, optimize=True)
    sales = np.concatenate([sales, sales.sum(axis=3, keepdims=True)], axis=3)
    for wider in (
        sales.sum(axis=2, keepdims=True),
        sales.sum(axis=(2, 3), keepdims=True),
        sales.sum(axis=(0, 2), keepdims=True),
    ):
        little = sales.sum(axis=1, keepdims=True) < LEAST_TRADE
        sales = np.where(little, wider, sales)
    shares: Floats = sales / sales.sum(axis=1, keepdims=True)
    return shares


def split_mining(table: wiod.InputOutput, proportions: Floats) -> wiod.InputOutput:
    """Return the table with mining in three parts, ores among the metals; every sum is kept."""
    at = table.sectors.index(MINING)
    others = [s for s in range(len(table.sectors)) if s != at]
    names = (*(table.sectors[s] for s in others), *PARTS)
    inter = np.concatenate(
        [table.inter[:, others], table.inter[:, at][:, None] * proportions[..., :-1]], axis=1
    )
    final = np.concatenate(
        [table.final[:, others], table.final[:, at][:, None] * proportions[..., -1]], axis=1
    )
    output = (inter.sum(axis=(2, 3)) + final.sum(axis=2))[:, -len(PARTS) :]
    part = output / output.sum(axis=1, keepdims=True)  # of mining's purchases, (n, part)
    bought = inter[..., at][..., None] * part[None, None]
    inter = np.concatenate([inter[..., others], bought], axis=3)
    return wiod.grouped(wiod.InputOutput(table.countries, names, inter, final), sectors=PARTS)


def ordered(table: wiod.InputOutput) -> wiod.InputOutput:
    """Return the table in the order of states and sectors of the world."""
    i = [table.countries.index(code) for code in CODES]
    s = [table.sectors.index(name) for name in SECTORS]
    return wiod.InputOutput(
        CODES, SECTORS, table.inter[np.ix_(i, s, i, s)], table.final[np.ix_(i, s, i)]
    )


def seeded(table: wiod.InputOutput) -> wiod.InputOutput:
    """Return the table with bystanders and the target trading a little in every goods sector.

    In hat algebra a zero stays zero: diversion starts from this share of the buyer's spending.
    """
    least = SEED_SHARE * table.flow.sum(axis=0)  # (s, n)
    final = table.final.copy()
    target = CODES.index(TARGET)
    for code in BYSTANDERS:
        other = CODES.index(code)
        for seller, buyer in ((other, target), (target, other)):
            missing = (least[:, buyer] - table.flow[seller, :, buyer]).clip(min=0.0)
            missing[SECTORS.index("services")] = 0.0
            final[seller, :, buyer] += missing
    return wiod.InputOutput(table.countries, table.sectors, table.inter, final)


def trade_table(economy: Economy) -> pd.DataFrame:
    """Return flows between states, USD mn, rounded."""
    rows = [
        (economy.countries[i], economy.countries[n], economy.sectors[j], round(float(value)))
        for (i, n, j), value in np.ndenumerate(economy.flows().transpose(2, 1, 0))
        if i != n and value >= LEAST_FLOW
    ]
    return pd.DataFrame(rows, columns=["exporter", "importer", "sector", "usd_mn"])


def rounded(economy: Economy) -> Economy:
    """Return an economy next to this one whose shares have few decimals, and which is exact.

    Shares are rounded and the largest of each sum takes up what is missing; spending, value
    added and trade balances then follow, at the old incomes.
    """
    trade, gamma, alpha = (
        _rounded_shares(shares, axis)
        for shares, axis in (
            (economy.trade_share, 2),
            (economy.intermediate_share, 0),
            (economy.consumption_share, 0),
        )
    )
    beta = np.round(economy.factor_share, DECIMALS)
    n_sectors, n_states = beta.shape
    materials = np.einsum("kjn,jn,jmn->knjm", gamma, 1.0 - beta, trade)
    system = np.eye(n_sectors * n_states) - materials.reshape(2 * (n_sectors * n_states,))
    income = economy.value_added - economy.trade_balance
    spending = np.linalg.solve(system, (alpha * income).ravel()).reshape(beta.shape)
    output = np.einsum("jni,jn->ji", trade, spending)
    return replace(
        economy,
        trade_share=trade,
        intermediate_share=gamma,
        consumption_share=alpha,
        factor_share=beta,
        expenditure=spending,
        value_added=(beta * output).sum(axis=0),
        trade_balance=(output - spending).sum(axis=0),
    )


def _rounded_shares(shares: Floats, axis: int) -> Floats:
    """Return shares of few decimals whose sum along an axis is 1."""
    few = np.round(shares, DECIMALS)
    largest = np.expand_dims(shares.argmax(axis=axis), axis)
    np.put_along_axis(few, largest, 0.0, axis)
    rest = np.round(1.0 - few.sum(axis=axis, keepdims=True), DECIMALS)
    np.put_along_axis(few, largest, rest, axis)
    return few


def _membership(groups: list[str], order: tuple[str, ...]) -> Floats:
    return np.array([[group == name for name in order] for group in groups], dtype=float)
