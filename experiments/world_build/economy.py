"""The nine tables of the economy of 2021 and the report on how they were balanced.

The first four steps know one sector of oil and gas; the last one splits it.

1. The network of 2022 is gathered to states and sectors (`network`), energy valued at the
   price of 2021, everything at each state's GDP of 2021.
2. The small hubs are carved out of ROW; what they sell and buy is then as known (`hubs`).
3. Every bilateral goods total is scaled to that of 2021 (`goods`), Russia's fuels by buyer
   first, Belarus's exports by partner and sector as far as they are known; diversion routes get
   a seed. Services trade keeps the network's pattern of 2022; the targets' exports of services
   are scaled to the total of 2021, since the network counts the trade margins on their goods,
   which FOB values hold, among them. So are the hubs', which are no copy of ROW's.
4. Cross-border flows now stand. Domestic flows are free: per state they are the ones nearest
   to the network, in flows and final demand, that give value added equal to GDP and no
   negative final demand. Everything else follows, so the accounting identities are exact.
5. Oil, pipeline gas and LNG take the place of oil and gas (`fuels`); every sum is kept.
6. Where Russia's share in a state's gas is above what is known of volumes, the rest is gas that
   customs and network lack: households buy it at home, and fewer services, at the same GDP.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.linalg import qr, solve_triangular
from scipy.optimize import nnls

from world_build import fuels, goods, hubs
from world_build.network import (
    CARVED,
    ENERGY,
    GOODS,
    SECTORS,
    Network,
    carve_hubs,
    read_network_2022,
)
from world_build.origins import read_raw
from world_build.states import BYSTANDERS, CODES, HUBS, SENDERS, TARGETS, gdp_by_state

# Long-run trade elasticities: Fontagne, Guimbard, Orefice (2022) where they have the sector.
# Assumptions: coal takes the value of oil; other manufacturing lies between transport equipment
# (8.5) and the rest (6); services 5. LNG moves by ship like oil and takes its value; gas by pipe is
# the hardest to replace, at 2 by the cost of American LNG in Europe (README of the world).
THETA = {
    "agri_food": 4.2,
    "coal": 10.9,
    "oil_gas": 10.9,  # of 2014
    "oil": 10.9,
    "pipeline_gas": 2.0,  # 1 to 4
    "lng": 10.9,  # 6 to 33; GTAP gives gas 34 (recalled)
    "refined_petroleum": 3.6,
    "chemicals": 7.9,
    "metals": 5.0,
    "machinery": 4.6,
    "electronics": 4.6,
    "other_manufacturing": 7.0,
    "services": 5.0,
}
# Zero flows stay zero in hat algebra: a route along which sanctioned trade may be diverted
# starts from this share of the buyer's expenditure at least (assumption).
SEED_SHARE = 1e-6
# Final demand and domestic sales stay above this share of GDP (assumption).
FLOOR = 1e-6
# Home sales and final demand keep at least this share of what the network has (assumption).
KEPT = 0.1
# Revaluing fuels at prices of 2021 would leave some refineries without value added (assumption).
LEAST_FACTOR_SHARE = 0.05
# Russia's exports to the United Kingdom beyond what the network has are gold, which national
# accounts leave out of trade and which reaches London for storage (assumption).
GOLD_ROUTE = ("RUS", "GBR")
METALS = SECTORS.index("metals")
SERVICES = SECTORS.index("services")
# Whose imports of services are known. Kyrgyzstan's goods exceed all imports of its accounts.
SERVICES_BOUGHT = ("ARM", "GEO")


@dataclass(frozen=True, slots=True)
class Economy:
    """A balanced economy: flows (i, n, j) in USD mn and the technology behind them."""

    flow: np.ndarray
    factor_share: np.ndarray  # (n, k), value added / output
    intermediate_share: np.ndarray  # (n, j, k), sums to 1 over inputs j
    sectors: tuple[str, ...] = SECTORS

    @property
    def expenditure(self) -> np.ndarray:
        """Spending (n, j)."""
        return self.flow.sum(axis=0)

    @property
    def output(self) -> np.ndarray:
        """Gross output (i, k)."""
        return self.flow.sum(axis=1)

    @property
    def value_added(self) -> np.ndarray:
        """Value added (n,)."""
        return (self.factor_share * self.output).sum(axis=1)

    @property
    def final_demand(self) -> np.ndarray:
        """Spending less purchases of materials (n, j)."""
        bought = (1.0 - self.factor_share) * self.output
        return self.expenditure - np.einsum("njk,nk->nj", self.intermediate_share, bought)

    @property
    def trade_balance(self) -> np.ndarray:
        """Exports less imports (n,)."""
        return self.output.sum(axis=1) - self.expenditure.sum(axis=1)


def build_economy(folder: Path) -> tuple[Economy, pd.DataFrame]:
    """Return the balanced economy and the report on the balancing."""
    gdp = np.array([float(gdp_by_state(folder)[code]) for code in CODES]) * 1e3
    network = network_2021(folder, gdp)
    totals = goods.goods_totals(folder)
    flow = cross_border_flows(network, totals, folder)
    for way, codes in (("IMP", SERVICES_BOUGHT), ("EXP", (*TARGETS, *CARVED))):
        for code in codes:
            n = CODES.index(code)
            abroad = np.arange(len(CODES)) != n
            pairs = (n, abroad, SERVICES) if way == "EXP" else (abroad, n, SERVICES)
            traded = totals[n].sum() if way == "EXP" else totals[:, n].sum()
            services = goods.services(folder, way, code, gdp[n], traded)
            flow[pairs] *= services / flow[pairs].sum()
    network = with_known_fuels(network, flow)
    factor_share, intermediate_share = technology(network)
    for n in range(len(CODES)):
        flow[n, n] = domestic_flows(
            exports=flow[n].sum(axis=0) - flow[n, n],
            imports=flow[:, n].sum(axis=0) - flow[n, n],
            materials=intermediate_share[n] * (1.0 - factor_share[n]),
            factor_share=factor_share[n],
            prior_flow=network.flow[n, n],
            prior_final=network.final[n],
            gdp=gdp[n],
        )
    economy = Economy(flow, factor_share, intermediate_share)
    table = report(economy, network, gdp, folder)
    economy = with_gas_from_elsewhere(split_fuels(economy, gdp, folder), folder)
    compared = pd.DataFrame(_fuels(economy, folder), columns=COMPARED)
    return economy, finished(pd.concat([table, compared]))


def split_fuels(economy: Economy, gdp: np.ndarray, folder: Path) -> Economy:
    """Return the economy with oil, pipeline gas and LNG in place of oil and gas."""
    parent, n_states = fuels.PARENT, len(CODES)
    flow = fuels.split_flows(economy.flow, gdp, folder)
    bought = (1.0 - economy.factor_share) * economy.output  # (n, k)
    purchases = economy.intermediate_share[:, parent] * bought
    uses = np.concatenate([purchases, economy.final_demand[:, parent, None]], axis=1)
    spending = flow.sum(axis=0)[:, parent : parent + len(fuels.FUELS)]
    by_fuel = np.stack([fuels.split_uses(uses[n], spending[n]) for n in range(n_states)])
    share = by_fuel[:, :, :-1] / uses[:, None, :-1] * economy.intermediate_share[:, [parent]]
    inputs = np.concatenate(
        [
            economy.intermediate_share[:, :parent],
            share,
            economy.intermediate_share[:, parent + 1 :],
        ],
        axis=1,
    )
    outputs = [*range(parent), *([parent] * len(fuels.FUELS)), *range(parent + 1, len(SECTORS))]
    return Economy(flow, economy.factor_share[:, outputs], inputs[:, :, outputs], fuels.SECTORS)


def with_gas_from_elsewhere(economy: Economy, folder: Path) -> Economy:
    """Return the economy in which no state gets more of its gas from Russia than volumes say.

    Poland's own wells, gas by way of Germany, Italy's from Algeria and Azerbaijan are in no
    customs record; without them Russia's share by value is far above that by volume. They are
    booked as made and sold at home: households buy so much more gas and so much less services.
    """
    pipe, lng = (economy.sectors.index(name) for name in ("pipeline_gas", "lng"))
    services, russia = economy.sectors.index("services"), CODES.index("RUS")
    flow = economy.flow.copy()
    for code, share in fuels.russian_volume_shares(folder).items():
        n = CODES.index(code)
        gas = flow[:, n, [pipe, lng]].sum(axis=1)
        missing = max(gas[russia] / share - gas.sum(), 0.0)
        materials = economy.intermediate_share[n] * (1.0 - economy.factor_share[n])
        demanded = np.zeros(len(economy.sectors))
        demanded[pipe], demanded[services] = missing, -missing
        flow[n, n] += np.linalg.solve(np.eye(len(demanded)) - materials, demanded)
    return replace(economy, flow=flow)


def network_2021(folder: Path, gdp: np.ndarray) -> Network:
    """Return the network at prices and sizes of 2021, the small hubs carved out of ROW."""
    row = gdp[[CODES.index(code) for code in (*CARVED, "ROW")]].sum()
    shares = {code: float(gdp[CODES.index(code)] / row) for code in CARVED}
    network = carve_hubs(read_network_2022(folder), shares)
    price = np.ones(len(SECTORS))
    price[ENERGY] = brent_ratio(folder)
    materials = network.materials * price[None, :, None]
    output = network.output * price
    size = gdp / (output.sum(axis=1) - materials.sum(axis=(1, 2)))
    return Network(
        flow=network.flow * price * size[:, None, None],
        final=network.final * price * size[:, None],
        materials=materials * size[:, None, None],
        output=output * size[:, None],
        row_trade=network.row_trade,
    )


def brent_ratio(folder: Path) -> float:
    """Return the oil price of 2021 over that of 2022, used for all three energy sectors."""
    table = read_raw(folder, "markets/brent_spot_monthly_2015_2024.csv")
    mean = table.usd_per_bbl.groupby(table.date.str[:4]).mean()
    return float(mean["2021"] / mean["2022"])


def with_known_fuels(network: Network, flow: np.ndarray) -> Network:
    """Return the network in which hubs make the fuels that they do and use what there is.

    Each use of a fuel, at first ROW's in small, is scaled to production and imports less exports.
    """
    prior, final, materials = (x.copy() for x in (network.flow, network.final, network.materials))
    home = hubs.home_fuels()
    for code in CARVED:
        n = CODES.index(code)
        prior[n, n, ENERGY] = home[n]
        left = home[n] + (flow[:, n].sum(axis=0) - flow[n].sum(axis=0))[ENERGY]
        scale = left / (final[n, ENERGY] + materials[n, ENERGY].sum(axis=1))
        final[n, ENERGY] *= scale
        materials[n, ENERGY] *= scale[:, None]
    return replace(network, flow=prior, final=final, materials=materials)


def technology(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Return value-added shares (n, k) and shares of inputs in materials (n, j, k).

    A sector that a state does not have takes the world's technology.
    """
    materials, output = network.materials, network.output
    empty = output <= 0.0
    world_materials, world_output = materials.sum(axis=0), output.sum(axis=0)
    materials = np.where(empty[:, None, :], world_materials, materials)
    output = np.where(empty, world_output, output)
    bought = materials.sum(axis=1)
    factor_share = np.maximum(1.0 - bought / output, LEAST_FACTOR_SHARE)
    return factor_share, materials / bought[:, None, :]


def cross_border_flows(network: Network, totals: np.ndarray, folder: Path) -> np.ndarray:
    """Return flows (i, n, j) whose goods add up to the totals of 2021 for every pair."""
    flow = network.flow.copy()
    compositions = hubs.with_known_goods(goods_composition(flow), totals, folder)
    floor = seed_floor(flow)
    fuels = goods.russian_fuels(folder)
    cap = goods.highest_fuel_share(folder)
    belarusian = goods.belarusian_goods(folder)
    for i, seller in enumerate(CODES):
        for n, buyer in enumerate(CODES):
            if i == n:
                continue
            pattern = compositions[i, n]
            if seller == "RUS" and buyer in fuels and buyer not in CARVED:
                pattern = with_fuels(pattern, fuels[buyer], totals[i, n], cap)
            if seller == "BLR" and buyer in belarusian:
                pattern = belarusian[buyer] / belarusian[buyer].sum()
            if (seller, buyer) == GOLD_ROUTE:
                pattern = with_gold(pattern, network.flow[i, n, GOODS], totals[i, n])
            traded = np.maximum(pattern * totals[i, n], floor[i, n])
            flow[i, n, GOODS] = traded * totals[i, n] / traded.sum()
    return flow


def goods_composition(flow: np.ndarray) -> np.ndarray:
    """Return shares of sectors in each pair's goods; the exporter's mean where there are none."""
    traded = flow[:, :, GOODS].copy()
    traded[np.arange(len(CODES)), np.arange(len(CODES))] = 0.0
    mean = traded.sum(axis=1, keepdims=True)
    filled = np.where(traded.sum(axis=2, keepdims=True) > 0.0, traded, mean)
    return filled / filled.sum(axis=2, keepdims=True)


def seed_floor(flow: np.ndarray) -> np.ndarray:
    """Return the least flow of goods (i, n, j) along routes of possible diversion, else zero.

    From hubs and bystanders to the targets and back, and from senders to hubs.
    """
    third = np.isin(CODES, (*HUBS, *BYSTANDERS))
    target = np.isin(CODES, TARGETS)
    sender = np.isin(CODES, SENDERS)
    hub = np.isin(CODES, HUBS)
    route = np.outer(third, target) | np.outer(target, third) | np.outer(sender, hub)
    spending = flow.sum(axis=0)[:, GOODS]
    return route[:, :, None] * (SEED_SHARE * spending)[None, :, :]


def with_fuels(
    pattern: np.ndarray, fuels: np.ndarray, total: float, highest_share: float
) -> np.ndarray:
    """Return a composition of goods that holds the given fuels, as far as the total allows."""
    share = min(fuels.sum() / total, highest_share)
    others = pattern.copy()
    others[ENERGY] = 0.0
    others *= (1.0 - share) / others.sum()
    others[ENERGY] = share * fuels / fuels.sum() if fuels.sum() > 0.0 else 0.0
    return others


def with_gold(pattern: np.ndarray, known: np.ndarray, total: float) -> np.ndarray:
    """Return a composition in which trade beyond the known non-fuel flows is metal."""
    shares = np.minimum(pattern, known / total)
    shares[ENERGY] = pattern[ENERGY]
    shares[METALS] = 0.0
    shares[METALS] = 1.0 - shares.sum()
    return shares


def domestic_flows(
    exports: np.ndarray,
    imports: np.ndarray,
    materials: np.ndarray,
    factor_share: np.ndarray,
    prior_flow: np.ndarray,
    prior_final: np.ndarray,
    gdp: float,
) -> np.ndarray:
    """Return domestic sales (j,) of one state, given its trade and technology.

    With domestic sales f, output is f + exports, spending f + imports, and final demand
    d = (I - M) f + imports - M exports for the materials matrix M. The answer is nearest to the
    priors in the sense of sum (f - f0)^2 / f0 + (d - d0)^2 / d0, subject to value added = GDP
    (a row of large weight) and floors on f and d.

    Raises
    ------
    ValueError
        If no domestic sales satisfy the floors.
    """
    floor = FLOOR * gdp
    least_flow = np.maximum(KEPT * prior_flow, floor)
    least_final = np.maximum(KEPT * prior_final, floor)
    scale = np.sqrt(np.maximum(prior_flow, floor))
    final_scale = np.sqrt(np.maximum(prior_final, floor))
    leontief = np.eye(len(exports)) - materials
    base = imports - materials @ exports
    heavy = 1e4 / np.sqrt(gdp)
    rows = [np.diag(1.0 / scale), leontief / final_scale[:, None], heavy * factor_share[None, :]]
    wanted = [prior_flow / scale, (prior_final - base) / final_scale]
    wanted.append(np.array([heavy * (gdp - factor_share @ exports)]))
    # Unknowns in units of `scale` keep the problem well conditioned.
    units = np.vstack(rows) * scale
    bounds = np.vstack([np.eye(len(exports)), leontief]) * scale
    least = np.concatenate([least_flow, least_final - base])
    return scale * least_squares_above(units, np.concatenate(wanted), bounds, least)


def least_squares_above(
    matrix: np.ndarray, wanted: np.ndarray, bounds: np.ndarray, least: np.ndarray
) -> np.ndarray:
    """Return x that minimises |matrix x - wanted| subject to bounds x >= least.

    References
    ----------
    .. [1] Lawson and Hanson (1974), Solving Least Squares Problems, ch. 23: reduction to a
       least-distance problem and by duality to non-negative least squares.
    """
    q, r = qr(matrix, mode="economic")
    centre = q.T @ wanted
    reduced = solve_triangular(r, bounds.T, trans="T").T
    gap = least - reduced @ centre
    size = np.maximum(np.abs(gap).max(), 1.0)
    dual = np.vstack([reduced.T, gap / size])
    unit = np.zeros(len(dual))
    unit[-1] = 1.0
    multipliers, _ = nnls(dual, unit)
    residual = dual @ multipliers - unit
    if abs(residual[-1]) < 1e-12:
        raise ValueError("the floors on domestic sales and final demand contradict each other")
    return solve_triangular(r, centre - residual[:-1] / residual[-1] * size)


def economy_tables(economy: Economy) -> dict[str, pd.DataFrame]:
    """Return the nine tables in long form, keyed by name; values in USD mn or shares."""
    spending, sectors = economy.expenditure, economy.sectors
    final = economy.final_demand
    pairs = {"origin": CODES, "destination": CODES, "sector": sectors}
    by_sector = {"sector": sectors, "country": CODES}
    inputs = {"input": sectors, "output": sectors, "country": CODES}
    tables: dict[str, tuple[dict[str, tuple[str, ...]], np.ndarray]] = {
        "trade_share": (pairs, economy.flow / spending),
        "tariff": (pairs, np.ones_like(economy.flow)),
        "trade_elasticity": (
            {"sector": sectors},
            1.0 / np.array([THETA[sector] for sector in sectors]),
        ),
        "factor_share": (by_sector, economy.factor_share.T),
        "intermediate_share": (inputs, economy.intermediate_share.transpose(1, 2, 0)),
        "consumption_share": (by_sector, (final / final.sum(axis=1, keepdims=True)).T),
        "value_added": ({"country": CODES}, economy.value_added),
        "trade_balance": ({"country": CODES}, economy.trade_balance),
        "expenditure": (by_sector, spending.T),
    }
    return {name: _long(keys, values) for name, (keys, values) in tables.items()}


def trade_table(economy: Economy) -> pd.DataFrame:
    """Return cross-border flows of at least USD 0.5 mn, rounded to 0.1 mn."""
    keys = {"exporter": CODES, "importer": CODES, "sector": economy.sectors}
    table = _long(keys, economy.flow.round(1)).rename(columns={"value": "usd_mn"})
    return table[(table.exporter != table.importer) & (table.usd_mn >= 0.5)]


def report(economy: Economy, network: Network, gdp: np.ndarray, folder: Path) -> pd.DataFrame:
    """Return what the balancing aimed at and what came out, USD mn."""
    rows = [
        *_sizes(economy, network, gdp),
        *_russian_partners(economy, folder),
        *hubs.compared(economy.flow),
        *_largest_changes(economy, network),
    ]
    return pd.DataFrame(rows, columns=COMPARED)


def finished(table: pd.DataFrame) -> pd.DataFrame:
    """Return a report with the ratio of result and target, rounded."""
    table = table.assign(ratio=(table.result / table.target).round(4))
    return table.round({"target": 1, "result": 1})


Comparison = tuple[str, str, str, float, float]
COMPARED = ["quantity", "from", "to", "target", "result"]


def _sizes(economy: Economy, network: Network, gdp: np.ndarray) -> list[Comparison]:
    """Value added against GDP; domestic sales, spending at home against the network's."""
    home = np.einsum("nnj->n", economy.flow)
    prior = np.einsum("nnj->n", network.flow)
    value_added = economy.value_added
    return [
        row
        for n, code in enumerate(CODES)
        for row in (
            ("value added, GDP 2021", code, "", gdp[n], value_added[n]),
            ("domestic sales, network", code, code, prior[n], home[n]),
        )
    ]


def _russian_partners(economy: Economy, folder: Path) -> list[Comparison]:
    """Goods traded with Russia against Comtrade and the IMF."""
    flow = economy.flow[:, :, GOODS].sum(axis=2)
    comtrade = goods.comtrade_totals(folder)
    exports = goods.imf_russia(folder, "export_fob")
    imports = goods.imf_russia(folder, "import_cif")
    russia = CODES.index("RUS")
    rows = []
    for n, code in enumerate(CODES):
        if code == "RUS":
            continue
        sold, bought = flow[russia, n], flow[n, russia]
        rows.append(("goods, Comtrade", "RUS", code, comtrade[russia, n], sold))
        rows.append(("goods, Comtrade", code, "RUS", comtrade[n, russia], bought))
        if code in exports:
            rows.append(("goods, IMF exports FOB", "RUS", code, exports[code], sold))
            rows.append(("goods, IMF imports CIF", code, "RUS", imports[code], bought))
    return rows


def _fuels(economy: Economy, folder: Path) -> list[Comparison]:
    """Russia's fuels by buyer against CREA, with the gas that customs do not show."""
    flow = economy.flow[CODES.index("RUS")]
    sectors = fuels.SECTORS[fuels.ENERGY]
    return [
        (f"{sector}, CREA", "RUS", code, value, float(flow[CODES.index(code), 1 + j]))
        for j, sector in enumerate(sectors)
        for code, values in fuels.russian_energy(folder).items()
        if (value := float(values[j])) >= 1.0
    ]


def _largest_changes(economy: Economy, network: Network, count: int = 40) -> list[Comparison]:
    """Goods between pairs above USD 2 bn that the totals of 2021 moved most."""
    before = network.flow[:, :, GOODS].sum(axis=2)
    after = economy.flow[:, :, GOODS].sum(axis=2)
    moved = np.where(after > 2e3, np.abs(np.log(after / np.maximum(before, 1e-3))), 0.0)
    moved[[CODES.index(code) for code in CARVED]] = 0.0
    moved[:, [CODES.index(code) for code in CARVED]] = 0.0
    np.fill_diagonal(moved, 0.0)
    order = np.argsort(-moved, axis=None, kind="stable")[:count]
    pairs = zip(*np.unravel_index(order, moved.shape), strict=True)
    return [
        ("goods, network before scaling", CODES[i], CODES[n], before[i, n], after[i, n])
        for i, n in pairs
    ]


def _long(keys: dict[str, tuple[str, ...]], values: np.ndarray) -> pd.DataFrame:
    """Long form of an array, the last key varying fastest."""
    index = pd.MultiIndex.from_product(list(keys.values()), names=list(keys))
    return pd.DataFrame({"value": values.reshape(-1)}, index=index).reset_index()
