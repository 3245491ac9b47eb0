"""Bilateral goods totals of 2021 and Russia's fuel exports by destination."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from world_build.energy import COMMODITIES, COUNTRY_NAMES, crea_imports
from world_build.network import GOODS, SECTORS
from world_build.origins import read_raw
from world_build.states import CODES, EU, state_of

USD_PER_EUR_2021 = 1.1827  # recalled: ECB reference rate, mean of 2021

# Where customs data cover a state's imports of Russian fuels. France and South Korea are
# missing from CREA's table, Turkey and Belarus reported in part: the network decides there.
FUELS_KNOWN = (
    "USA", "CAN", "GBR", "DEU", "ITA", "JPN", "POL", "HUN", "NLD", "LTU", "REU", "UKR", "CHN",
    "IND", "AUS", "CHE", "NOR", "ARM", "GEO", "KGZ",
)  # fmt: skip


# Poland keeps the price of its gas confidential and customs record none: the volume of its contract
# (recalled, as in gas.csv) at what Germany and Italy paid for theirs, by CREA and BP (assumption).
POLISH_GAS_BCM = 9.6
GERMAN_ITALIAN_GAS_BCM = 56.28 + 19.68


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
    """Return the totals to impose: Comtrade's, two exporters' redistributed.

    Russia books goods at the port where they land: its exports to the Netherlands are a third
    above, those to Germany below what these states record as imports. Its total to the EU
    agrees (0.97 of Eurostat), so that total is kept and shared out like Eurostat's imports.
    Belarus hides the partners of 40 % of its exports, which would fall to ROW: what partners and
    ministers say of them is placed, its total kept.
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
    return totals


def belarusian_goods(folder: Path) -> dict[str, np.ndarray]:
    """Return Belarus's exports of goods in 2021 by buyer, USD mn by goods sector."""
    table = read_raw(folder, "record/belarus_trade.csv")
    cells = table.pivot_table(index="importer", columns="sector", values="usd_mn", aggfunc="sum")
    cells = cells.reindex(columns=list(SECTORS[GOODS])).fillna(0.0)
    return {str(code): row.to_numpy() for code, row in cells.iterrows()}


def eurostat_imports_from_russia(folder: Path, product: str) -> dict[str, float]:
    """Return imports of the EU's states from Russia in 2021, EUR mn, importer-reported."""
    table = read_raw(folder, "trade/eu_total_and_fuel_trade_monthly.csv")
    chosen = (
        (table.flow == "import")
        & (table["product"] == product)
        & (table.partner == "Russian Federation")
        & table.month.str.startswith("2021")
    )
    codes = {COUNTRY_NAMES[code]: code for code in EU if code in COUNTRY_NAMES}
    state = table[chosen].reporter.map(codes).fillna("REU")
    sums = table[chosen].eur.groupby(state).sum() / 1e6
    return {code: float(sums[code]) for code in CODES if code in sums.index}


def services_exports(folder: Path, state: str, gdp: float, exports: float) -> float:
    """Return a state's exports of services 2021: those of goods and services less `exports`."""
    table = read_raw(folder, "attributes/wdi_selected_2018_2022.csv")
    chosen = table[
        (table.iso3 == state) & (table.series == "NE.EXP.GNFS.ZS") & (table.year == 2021)
    ]
    return float(chosen.value.iloc[0]) / 100.0 * gdp - exports


def imf_russia(folder: Path, flow: str) -> dict[str, float]:
    """Return Russia's trade by partner in 2021 as the IMF records it, USD mn."""
    table = read_raw(folder, "trade/russia_trade_by_partner_2016_2022.csv")
    chosen = table[(table.flow == flow) & (table.year == 2021)]
    return dict(zip(chosen.partner, chosen.usd_mn, strict=True))


def russian_sales(folder: Path) -> pd.DataFrame:
    """Return Russia's sales of fuels in 2021, EUR mn, by state and CREA commodity."""
    table = crea_imports(folder)
    price = table.natural_gas[["DEU", "ITA"]].sum() / GERMAN_ITALIAN_GAS_BCM
    table.loc["POL", "natural_gas"] = POLISH_GAS_BCM * price
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
    fuels = eurostat_imports_from_russia(folder, "HS27_mineral_fuels")
    return max(fuels[code] / total[code] for code in total)
