"""Oil, pipeline gas and LNG in place of the network's one sector for oil and gas.

The economy of ten sectors stands before: each of its sums is kept, a pair's sales of oil and gas
and a state's use of them by each sector and by final demand. Three things are decided here.

- Between states: what Russia sells follows CREA by fuel; of other sales, gas is what BP counts
  by pipe and as LNG in 2020, at the prices of 2021, and oil is the rest. Contracts were below
  spot prices, so a seller of crude keeps at least `LEAST_OIL` of a pair's sales as oil.
- At home: by what a state produces for its own use, `HOME_GAS_SHARE`. No LNG is sold at home.
  Where nothing is produced the home sales of the balancing are imports that customs miss: they
  are split like imports.
- By use: refineries buy crude, everybody else gas, as near to `OIL_PRIOR` as sums allow. Buyers do
  not tell gas by pipe from gas by ship. The three fuels are made with the same technology.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

from world_build import goods
from world_build.network import CARVED
from world_build.network import SECTORS as PARENTS
from world_build.origins import raw_path, read_raw
from world_build.states import CODES

PARENT = PARENTS.index("oil_gas")
FUELS = ("oil", "pipeline_gas", "lng")
OIL, PIPE, LNG = range(3)
SECTORS = (*PARENTS[:PARENT], *FUELS, *PARENTS[PARENT + 1 :])
GOODS = slice(0, 11)
ENERGY = slice(1, 6)
# Goods that can be sold to somebody new: gas needs a pipe or a terminal.
DIVERTIBLE = tuple(
    j for j, name in enumerate(SECTORS[GOODS]) if name not in ("pipeline_gas", "lng")
)

# Members whose share of Russian gas by volume goes before that by value.
EU_BUYERS = ("DEU", "ITA", "FRA", "POL", "HUN", "NLD", "LTU")
MMBTU_PER_BCM = 40.0 / 1.055056  # million mmBtu; BP counts 40 MJ to the cubic metre
LEAST_OIL = 0.1  # of a pair's sales by who exports crude (assumption)
SEED_OIL = 1e-3  # the same by anybody else: a zero would stay zero in hat algebra (assumption)
LEAST_HOME = 1e-6  # of GDP: each fuel is sold at home at least a little, see `economy.FLOOR`
LEAST_PART = 0.01  # but no more of home sales than this

NO_CRUDE = ("NLD", "ITA", "FRA", "DEU", "POL", "HUN", "LTU", "REU", "UKR", "CHE", "BLR", "TUR")
_EUROPE = ("GBR", "DEU", "ITA", "FRA", "POL", "HUN", "LTU", "REU", "UKR", "TUR", "CHE")
_ROW = ("ROW",)
# States behind the rows of BP's tables of gas, where they are not one state of the same name.
NAMES = {
    "US": ("USA",), "Canada": ("CAN",), "Netherlands": ("NLD",), "Norway": ("NOR",),
    "Kazakhstan": ("KAZ",), "Russian Federation": ("RUS",), "Federation": ("RUS",),
    "Belgium": ("REU",),
    "France": ("FRA",), "Germany": ("DEU",), "Italy": ("ITA",), "Spain": ("REU",),
    "Turkey": ("TUR",), "Ukraine": ("UKR",), "United Kingdom": ("GBR",), "Belarus": ("BLR",),
    "United Arab Emirates": ("ARE",), "Arab Emirates": ("ARE",), "Australia": ("AUS",),
    "China": ("CHN",), "India": ("IND",), "Japan": ("JPN",), "South Korea": ("KOR",),
}  # fmt: skip
PIPE_BUYERS = {
    "Other EU": ("POL", "HUN", "LTU", "REU"),
    "Rest of Europe": ("CHE", "GEO", "ROW"),
    "Other CIS": ("ARM", "KGZ", "ROW"),
}
LNG_BUYERS = {"Other EU": ("POL", "LTU", "NLD", "REU")}
PIPE_SELLERS = {"Other Europe": _EUROPE}
LNG_SELLERS = {"Europe": ("NLD", "FRA", "REU", "GBR")}
SUMS = (
    "North America", "S. & Cent. America", "Europe", "CIS", "Middle East", "Africa",
    "Asia Pacific", "Middle East & Africa", "Total exports",
)  # fmt: skip

# Share of gas in the value of oil and gas that a state produces for its own use: output less
# exports in 2020 and 2021, at domestic prices, from memory (recalled), rounded to 0.05. Where no
# state stands, nothing worth naming is produced.
HOME_GAS_SHARE = {
    "USA": 0.35,  # some 780 bcm at Henry Hub, 420 Mt of crude
    "CAN": 0.35,
    "GBR": 0.8,
    "DEU": 0.75,
    "ITA": 0.45,
    "POL": 0.75,
    "HUN": 0.65,
    "NLD": 0.9,  # Groningen and small fields
    "REU": 0.65,  # Romania and Denmark
    "UKR": 0.8,  # 19 bcm, 2.4 Mt of oil and condensate
    "RUS": 0.25,  # 460 bcm at regulated prices of some USD 65 per 1000 m3, 280 Mt refined
    "BLR": 0.05,
    "CHN": 0.35,  # 190 bcm, 195 Mt
    "IND": 0.15,
    "TUR": 0.1,
    "ARE": 0.5,
    "KAZ": 0.15,
    "AUS": 0.65,
    "NOR": 0.3,
    "GEO": 0.1,
    "KGZ": 0.2,
    "ROW": 0.2,
}
# Odds of oil against gas in purchases before sums are met (assumption): crude is refined, gas is
# burnt and made into chemicals; the fuel sectors use what they lift.
OIL_PRIOR = {"refined_petroleum": 0.97, "oil_gas": 0.5, "chemicals": 0.2}
OIL_PRIOR_ELSEWHERE = 0.05


@dataclass(frozen=True, slots=True)
class Gas:
    """Sales of gas between states in USD mn, (seller, buyer), valued at the prices of 2021."""

    pipe: np.ndarray
    lng: np.ndarray


def split_flows(flow: np.ndarray, gdp: np.ndarray, folder: Path) -> np.ndarray:
    """Return flows (i, n, j) of the twelve sectors from those of ten, USD mn."""
    fuels = fuel_flows(flow[:, :, PARENT], gdp, folder)
    return np.concatenate([flow[:, :, :PARENT], fuels, flow[:, :, PARENT + 1 :]], axis=2)


def fuel_flows(parent: np.ndarray, gdp: np.ndarray, folder: Path) -> np.ndarray:
    """Return sales of the three fuels (i, n, fuel) that sum to those of oil and gas, USD mn."""
    gas = gas_sales(parent, folder)
    least = np.array([SEED_OIL if code in NO_CRUDE else LEAST_OIL for code in CODES])[:, None]
    value = gas.pipe + gas.lng
    total = np.maximum(parent, 1e-12)
    in_gas = np.minimum(value / total, 1.0 - least)
    by_pipe = gas.pipe / np.maximum(value, 1e-12)
    share = np.stack([1.0 - in_gas, in_gas * by_pipe, in_gas * (1.0 - by_pipe)], axis=2)
    share = np.where((value > 0.0)[:, :, None], share, np.eye(3)[OIL])
    for buyer, weights in russian_shares(gas, folder).items():
        share[CODES.index("RUS"), CODES.index(buyer)] = weights
    # The hubs buy no crude, and gas by pipe; what Russia sells them is CREA's.
    share[CODES.index("ROW"), [CODES.index(code) for code in CARVED]] = SEED_OIL, 1 - SEED_OIL, 0.0
    lng_at_home = gas.lng[CODES.index("ROW"), CODES.index("ROW")]
    for n, code in enumerate(CODES):
        imports = (share[:, n] * parent[:, n, None])[np.arange(len(CODES)) != n].sum(axis=0)
        share[n, n] = home_shares(code, imports, lng_at_home / parent[n, n], gdp[n] / parent[n, n])
    flows: np.ndarray = share * parent[:, :, None]
    return flows


def home_shares(
    code: str, imports: np.ndarray, row_lng: float, gdp_over_sales: float
) -> np.ndarray:
    """Return the shares of the three fuels in what a state sells at home."""
    if code not in HOME_GAS_SHARE:
        share = imports / imports.sum()
    else:
        in_gas = HOME_GAS_SHARE[code]
        lng = row_lng if code == "ROW" else 0.0  # ROW is many states, which trade LNG
        share = np.array([1.0 - in_gas - lng, in_gas, lng])
    share = np.maximum(share, min(LEAST_HOME * gdp_over_sales, LEAST_PART))
    return share / share.sum()


def russian_shares(gas: Gas, folder: Path) -> dict[str, np.ndarray]:
    """Return the shares of the fuels in Russia's sales of oil and gas, where CREA has them.

    Turkey's are confidential. France's are those of the EU by fuel: its gas is told apart like
    BP's, since it buys more LNG than gas by pipe.
    """
    russia = CODES.index("RUS")
    shares = {}
    for code, row in russian_values(folder).items():
        values = row.copy()
        if code == "FRA":
            n = CODES.index(code)
            bp = np.array([gas.pipe[russia, n], gas.lng[russia, n]])
            values[[PIPE, LNG]] = values[[PIPE, LNG]].sum() * bp / bp.sum()
        if code != "TUR" and values.sum() > 0.0:
            values[OIL] = max(values[OIL], SEED_OIL * values.sum())
            shares[code] = values / values.sum()
    return shares


def russian_values(folder: Path) -> dict[str, np.ndarray]:
    """Return Russia's sales of oil, pipeline gas and LNG in 2021 by buyer, EUR mn."""
    table = goods.russian_sales(folder)
    table["pipeline_gas"] = table.natural_gas + table.coal_gas
    return {str(code): row.to_numpy() for code, row in table[list(FUELS)].iterrows()}


def russian_energy(folder: Path) -> dict[str, np.ndarray]:
    """Return Russia's exports of the five fuels in 2021, USD mn, where customs cover the buyer."""
    ours = {
        code: values * goods.USD_PER_EUR_2021 for code, values in russian_values(folder).items()
    }
    return {
        code: np.concatenate([three[:1], ours[code], three[2:]])
        for code, three in goods.russian_fuels(folder).items()
    }


def gas_sales(parent: np.ndarray, folder: Path) -> Gas:
    """Return what BP counts by pipe and as LNG in 2020 at the prices of 2021, USD mn.

    What BP counts between groups of states is shared out like their trade in oil and gas.
    """
    prices = prices_2021(folder)
    american = np.isin(CODES, ("USA", "CAN"))
    european = np.isin(CODES, (*_EUROPE, "NLD", "NOR"))
    ship = MMBTU_PER_BCM * np.where(european, prices["ttf"], prices["lng_japan"])
    pipe = np.where(american, MMBTU_PER_BCM * prices["henry_hub"], ship)
    volume = read_pipe(parent, folder), read_lng(parent, folder)
    return Gas(pipe * volume[0], ship * volume[1])


def read_pipe(parent: np.ndarray, folder: Path) -> np.ndarray:
    """Return gas by pipe in 2020, (seller, buyer), bcm."""
    matrix = _matrix(folder, "energy/bp2020_gas_pipeline_bcm.csv")
    return _by_state(parent, matrix, PIPE_SELLERS, PIPE_BUYERS)


def read_lng(parent: np.ndarray, folder: Path) -> np.ndarray:
    """Return gas by ship in 2020, (seller, buyer), bcm."""
    matrix = _matrix(folder, "energy/bp2020_gas_lng_bcm.csv")
    return _by_state(parent, matrix, LNG_SELLERS, LNG_BUYERS)


def russian_volume_shares(folder: Path) -> dict[str, float]:
    """Return Russia's share in the gas of states by volume, as far as it is told or recalled."""
    table = read_raw(folder, "record/gas.csv").dropna(subset="share_from_russia_2021")
    shares = table.groupby("state").share_from_russia_2021.max()
    return {str(code): float(x) for code, x in shares.items() if code in EU_BUYERS and x > 0.0}


def prices_2021(folder: Path) -> dict[str, float]:
    """Return mean prices of gas in 2021, USD per mmBtu."""
    table = read_raw(folder, "econ_monthly/commodity_prices_monthly.csv")
    mean = table[table.month.str.startswith("2021")].mean(numeric_only=True)
    return {
        "ttf": float(mean["gas_europe_ttf_usd_per_mmbtu"]),
        "henry_hub": float(mean["gas_us_henry_hub_usd_per_mmbtu"]),
        "lng_japan": float(mean["lng_japan_usd_per_mmbtu"]),
    }


Matrix = list[tuple[str, str, float]]


def _matrix(folder: Path, name: str) -> Matrix:
    """Return (seller, buyer, bcm) of a sheet of BP; of long names the last line is read."""
    with raw_path(folder, name).open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.reader(stream))
    top = next(k for k, row in enumerate(rows) if row[0].strip() == "To")
    sellers = [cell.strip(" *") for cell in rows[top]]
    last = sellers.index("Total imports")
    found: Matrix = []
    for row in rows[top + 1 :]:
        buyer = row[0].strip()
        if buyer == "Total exports":
            return found
        if buyer and buyer not in SUMS:
            found += [(sellers[k], buyer, float(row[k])) for k in range(1, last)]
    raise ValueError(f"{name}: no line of total exports")


def _by_state(
    parent: np.ndarray,
    matrix: Matrix,
    sellers: Mapping[str, tuple[str, ...]],
    buyers: Mapping[str, tuple[str, ...]],
) -> np.ndarray:
    """Return gas in bcm (seller, buyer)."""
    volume = np.zeros(parent.shape)
    for seller, buyer, bcm in matrix:
        i = [CODES.index(code) for code in {**NAMES, **sellers}.get(seller, _ROW)]
        n = [CODES.index(code) for code in {**NAMES, **buyers}.get(buyer, _ROW)]
        weight = parent[np.ix_(i, n)] * (np.array(i)[:, None] != np.array(n)[None, :])
        if weight.sum() == 0.0:
            weight = np.ones_like(weight) if i == n else weight
        if weight.sum() > 0.0:
            volume[np.ix_(i, n)] += bcm * weight / weight.sum()
    return volume


def split_uses(
    uses: np.ndarray, spending: np.ndarray, names: tuple[str, ...] = (*PARENTS, "final")
) -> np.ndarray:
    """Return purchases of the three fuels (fuel, use) of one state.

    The odds of oil in each use are those of `OIL_PRIOR` times one factor that meets the sums.

    Parameters
    ----------
    uses : array (n_uses,)
        Purchases of oil and gas by each sector and by final demand.
    spending : array (3,)
        On the three fuels; sums to the same.
    """
    prior = np.array([OIL_PRIOR.get(name, OIL_PRIOR_ELSEWHERE) for name in names])
    odds = prior / (1.0 - prior)

    def oil(factor: float) -> np.ndarray:
        return uses * odds * np.exp(factor) / (1.0 + odds * np.exp(factor))

    of_oil = oil(brentq(lambda x: oil(x).sum() / spending[OIL] - 1.0, -40.0, 40.0, xtol=1e-14))
    of_oil *= spending[OIL] / of_oil.sum()
    gas = uses - of_oil
    return np.stack([of_oil, *(gas[None] * spending[[PIPE, LNG], None] / spending[PIPE:].sum())])
