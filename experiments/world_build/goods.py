"""Bilateral goods totals of 2021 and Russia's fuel exports by destination."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from world_build.energy import COMMODITIES, COUNTRY_NAMES, crea_imports
from world_build.network import GOODS, SECTORS
from world_build.origins import read_raw
from world_build.states import CODES, EU, state_of

FUELS_CHAPTER = "HS27_mineral_fuels"  # of the customs' nomenclature
USD_PER_EUR_2021 = 1.1827  # recalled: ECB reference rate, mean of 2021

# Where customs data cover a state's imports of Russian fuels. France and South Korea are
# missing from CREA's table, Turkey and Belarus reported in part: the network decides there.
FUELS_KNOWN = (
    "USA", "CAN", "GBR", "DEU", "ITA", "JPN", "POL", "HUN", "NLD", "LTU", "REU", "UKR", "CHN",
    "IND", "AUS", "CHE", "NOR", "ARM", "GEO", "KGZ",
)  # fmt: skip


# Gas by pipe that customs do not show, at what Germany and Italy paid, by CREA and BP (assumption).
# Poland keeps its own confidential: its contract (recalled, as in gas.csv). The Netherlands have a
# negative entry, a correction for transit: 15 % of a use of 40 bcm (recalled, 2 to 11 bcm).
HIDDEN_GAS_BCM = {"POL": 9.6, "NLD": 6.0}
GERMAN_ITALIAN_GAS_BCM = 56.28 + 19.68
# What Kyrgyzstan records of China's goods, USD mn (recalled; 1,900 in 2018, read; 1,400 to 1,900).
# China records five times as much, since all that goes there counts, also what only passes through
# (Accounts Chamber of Kyrgyzstan on 2016, via 24.kg). The rest is taken to end in ROW.
CHINESE_IN_KYRGYZSTAN = 1464.0


def comtrade_totals(folder: Path) -> np.ndarray:
    """Return exports of goods 2021 (exporter, importer), USD mn, exporter-reported FOB.

    Iran, North Korea and Syria do not report; what Russia's imports record of them (IMF) goes
    to ROW, their other exports are missing. Flows inside REU and ROW are left out.
    """
    table = read_raw(folder, "trade/exports_2021_core66_plus_ROW.csv")
    imf = imf_russia(folder, "import_cif")
    silent = sorted({"IRN", "PRK", "SYR"} - set(table.exporter))
    totals = np.zeros((len(CODES), len(CODES)))
    for exporter, importer, usd in zip(
        table.exporter, table.importer, table.export_usd, strict=True
    ):
        totals[CODES.index(state_of(exporter)), CODES.index(state_of(importer))] += usd / 1e6
    totals[CODES.index("ROW"), CODES.index("RUS")] += sum(imf.get(code, 0.0) for code in silent)
    np.fill_diagonal(totals, 0.0)
    return totals


def goods_totals(folder: Path) -> np.ndarray:
    """Return the totals to impose: Comtrade's, three exporters' redistributed, Iran's added.

    Russia books goods at the port where they land: its exports to the Netherlands are a third
    above, those to Germany below what these states record as imports. Its total to the EU
    agrees (0.97 of Eurostat), so that total is kept and shared out like Eurostat's imports.
    Belarus hides the partners of 40 % of its exports, which would fall to ROW: what partners and
    ministers say of them is placed, its total kept. China's goods that only pass through Kyrgyzstan
    are not sold there. Iran does not report: what Armenia buys of it is Armenia's record.
    """
    totals = comtrade_totals(folder)
    imports = eurostat_imports_from_russia(folder, "TOTAL")
    russia = CODES.index("RUS")
    members = [CODES.index(code) for code in imports]
    weights = np.array(list(imports.values()))
    totals[russia, members] = totals[russia, members].sum() * weights / weights.sum()
    belarus, rest = CODES.index("BLR"), CODES.index("ROW")
    total = totals[belarus].sum()
    for buyer, sold in belarusian_goods(folder).items():
        totals[belarus, CODES.index(buyer)] = sold.sum()
    totals[belarus, rest] += total - totals[belarus].sum()
    china, kyrgyzstan, armenia = (CODES.index(code) for code in ("CHN", "KGZ", "ARM"))
    totals[china, rest] += totals[china, kyrgyzstan] - CHINESE_IN_KYRGYZSTAN
    totals[china, kyrgyzstan] = CHINESE_IN_KYRGYZSTAN
    totals[rest, armenia] += iranian_goods_in_armenia(folder)
    return totals


def iranian_goods_in_armenia(folder: Path) -> float:
    """Return what Armenia records of goods consigned from Iran in 2021, USD mn."""
    table = read_raw(folder, "trade/armenia_monthly_trade_by_partner_2018_2024.csv")
    chosen = table.country.isin(("Iran", "Islamic Republic of Iran")) & (table.year == 2021)
    return float(table[chosen].import_consignment.sum()) / 1e3


def belarusian_goods(folder: Path) -> dict[str, np.ndarray]:
    """Return Belarus's exports of goods in 2021 by buyer, USD mn by goods sector."""
    table = read_raw(folder, "record/belarus_trade.csv")
    cells = table.pivot_table(index="importer", columns="sector", values="usd_mn", aggfunc="sum")
    cells = cells.reindex(columns=list(SECTORS[GOODS])).fillna(0.0)
    return {str(code): row.to_numpy() for code, row in cells.iterrows()}


def eurostat_imports_from_russia(folder: Path, product: str) -> dict[str, float]:
    """Return imports of the EU's states from Russia in 2021, EUR mn, importer-reported."""
    sums = _eurostat(folder, "import", product, "Russian Federation")
    return {code: float(sums[code]) for code in CODES if code in sums.index}


def eurostat_fuels(
    folder: Path, partners: tuple[str, ...]
) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the fuels that the EU's states sell to partners and buy of them in 2021, USD mn.

    By partner and state of the EU.
    """
    traded = {}
    for partner in partners:
        sold, bought = (
            _eurostat(folder, flow, FUELS_CHAPTER, COUNTRY_NAMES[partner]) * USD_PER_EUR_2021
            for flow in ("export", "import")
        )
        for code in sold.index.union(bought.index):
            traded[partner, code] = float(sold.get(code, 0.0)), float(bought.get(code, 0.0))
    return traded


def _eurostat(folder: Path, flow: str, product: str, partner: str) -> pd.Series:
    """Return trade of the EU's states with a partner in 2021, EUR mn."""
    table = read_raw(folder, "trade/eu_total_and_fuel_trade_monthly.csv")
    chosen = (
        (table.flow == flow)
        & (table["product"] == product)
        & (table.partner == partner)
        & table.month.str.startswith("2021")
    )
    codes = {COUNTRY_NAMES[code]: code for code in EU if code in COUNTRY_NAMES}
    state = table[chosen].reporter.map(codes).fillna("REU")
    return table[chosen].eur.groupby(state).sum() / 1e6


def services(folder: Path, way: str, state: str, gdp: float, traded: float) -> float:
    """Return a state's trade in services in 2021: that in goods and services less goods `traded`.

    Parameters
    ----------
    way : str
        "EXP" for exports, "IMP" for imports.
    """
    table = read_raw(folder, "attributes/wdi_selected_2018_2022.csv")
    series = table.series == f"NE.{way}.GNFS.ZS"
    chosen = table[(table.iso3 == state) & series & (table.year == 2021)]
    return float(chosen.value.iloc[0]) / 100.0 * gdp - traded


def imf_russia(folder: Path, flow: str) -> dict[str, float]:
    """Return Russia's trade by partner in 2021 as the IMF records it, USD mn."""
    table = read_raw(folder, "trade/russia_trade_by_partner_2016_2022.csv")
    chosen = table[(table.flow == flow) & (table.year == 2021)]
    return dict(zip(chosen.partner, chosen.usd_mn, strict=True))


def russian_sales(folder: Path) -> pd.DataFrame:
    """Return Russia's sales of fuels in 2021, EUR mn, by state and commodity, as CREA has them.

    Gas that customs do not show is added (`HIDDEN_GAS_BCM`).
    """
    table = crea_imports(folder)
    price = table.natural_gas[["DEU", "ITA"]].sum() / GERMAN_ITALIAN_GAS_BCM
    for buyer, volume in HIDDEN_GAS_BCM.items():
        table.loc[buyer, "natural_gas"] = volume * price
    return table


def russian_fuels(folder: Path) -> dict[str, np.ndarray]:
    """Return Russia's exports of coal, oil and gas, refined products in 2021 by buyer, USD mn.

    Arrays of length 3 in the order of the energy sectors; coke counts as refined, as in ISIC.
    """
    values = (russian_sales(folder) * USD_PER_EUR_2021).T.to_dict()
    sector = {commodity: SECTORS.index(name) - 1 for commodity, (name, _) in COMMODITIES.items()}
    fuels = {}
    for state in FUELS_KNOWN:
        sums = np.zeros(3)
        for commodity, index in sector.items():
            sums[index] += values[state][commodity]
        fuels[state] = sums
    return fuels


def highest_fuel_share(folder: Path) -> float:
    """Return the highest share of mineral fuels in an EU state's imports from Russia in 2021.

    CREA books gas at the first border crossed; this share bounds it where it exceeds the trade.
    """
    total = eurostat_imports_from_russia(folder, "TOTAL")
    fuels = eurostat_imports_from_russia(folder, FUELS_CHAPTER)
    return max(fuels[code] / total[code] for code in total)
