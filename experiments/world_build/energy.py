"""How much of each state's coal, oil and gas comes from Russia."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from world_build.origins import read_raw
from world_build.states import CODES

FUELS = ("coal", "oil", "gas")
COLUMNS = [
    "state",
    "fuel",
    "share_from_russia",
    "import_from_russia_mn_eur",
    "year",
    "status",
    "source",
]
NAMED_EU = ("FRA", "DEU", "ITA", "POL", "HUN", "NLD", "LTU")

COUNTRY_NAMES = {
    "USA": "United States of America", "CAN": "Canada", "GBR": "United Kingdom",
    "FRA": "France", "DEU": "Germany", "ITA": "Italy", "JPN": "Japan", "POL": "Poland",
    "HUN": "Hungary", "NLD": "Netherlands", "LTU": "Lithuania", "UKR": "Ukraine",
    "BLR": "Belarus", "CHN": "China", "IND": "India", "TUR": "Turkey", "AUS": "Australia",
    "CHE": "Switzerland", "NOR": "Norway", "ARM": "Armenia", "GEO": "Georgia",
    "KGZ": "Kyrgyzstan",
}  # fmt: skip
REST_OF_EU_NAMES = (
    "Austria", "Belgium", "Bulgaria", "Croatia", "Czechia", "Denmark", "Finland", "Greece",
    "Ireland", "Portugal", "Romania", "Slovakia", "Spain", "Sweden",
)  # fmt: skip
# ICIO industry and fuel of each commodity of CREA
COMMODITIES = {
    "coal": ("coal", "coal"),
    "coke": ("refined_petroleum", "coal"),
    "oil": ("oil_gas", "oil"),
    "oil_products": ("refined_petroleum", "oil"),
    "tar": ("refined_petroleum", "oil"),
    "natural_gas": ("oil_gas", "gas"),
    "lng": ("oil_gas", "gas"),
    "coal_gas": ("oil_gas", "gas"),
}
BP_COAL_AREAS = {
    "USA": "US", "CAN": "Canada", "CHN": "China", "IND": "India", "JPN": "Japan",
    "KOR": "South Korea", "ARE": "Middle East", "NOR": "Europe", "CHE": "Europe",
}  # fmt: skip
BP_OIL_AREAS = {
    "USA": "US", "CAN": "Canada", "CHN": "China", "IND": "India", "JPN": "Japan",
    "ARE": "Middle East", "AUS": "Australasia",
}  # fmt: skip
WIDER_AREAS = ("Middle East", "Europe", "Australasia")

# Shares set by hand where no table at hand gives one: (share, status, reason).
BY_HAND = {
    ("coal", "POL"): (0.65, "recalled", "about two thirds of imports in 2021"),
    ("coal", "DEU"): (0.50, "recalled", "about half of hard-coal imports in 2021"),
    ("coal", "GBR"): (0.43, "recalled", "about 2 of 4.6 Mt in 2021"),
    ("coal", "TUR"): (0.40, "recalled", "about two fifths in 2021"),
    ("coal", "UKR"): (0.60, "recalled", "largest supplier in 2021"),
    ("coal", "BLR"): (0.95, "recalled", "nearly sole supplier"),
    ("coal", "KAZ"): (0.90, "assumption", "a large exporter that imports little, from Russia"),
    ("coal", "ARM"): (0.90, "assumption", "small imports, nearly all from Russia"),
    ("coal", "GEO"): (0.60, "assumption", "small imports, mostly from Russia"),
    ("coal", "KGZ"): (0.05, "assumption", "imports come from Kazakhstan"),
    ("coal", "AUS"): (0.0, "assumption", "an exporter; imports negligible"),
    ("oil", "KOR"): (0.06, "recalled", "5 to 6.5 % of crude in 2021"),
    ("oil", "UKR"): (0.25, "recalled", "products from Belarus and Russia, crude from elsewhere"),
    ("oil", "BLR"): (0.95, "recalled", "pipeline crude, nearly all"),
    ("oil", "KAZ"): (0.90, "assumption", "an exporter whose imports of products are Russian"),
    ("oil", "ARM"): (0.75, "recalled", "products, the rest from Georgia, Iran and the EU"),
    ("oil", "GEO"): (0.25, "recalled", "products, beside Azerbaijan, Romania, Bulgaria"),
    ("oil", "KGZ"): (0.90, "recalled", "products, nearly all"),
    ("oil", "CHE"): (0.0, "assumption", "crude from Africa and Kazakhstan; CREA lists EUR 3 mn"),
    ("gas", "ARM"): (0.85, "recalled", "Gazprom Armenia; the rest from Iran"),
    ("gas", "GEO"): (0.10, "recalled", "mostly from Azerbaijan"),
    ("gas", "KGZ"): (0.90, "recalled", "Gazprom Kyrgyzstan"),
    ("gas", "CHE"): (0.45, "assumption", "bought from the EU network, at the EU's share"),
    ("gas", "NOR"): (0.0, "assumption", "an exporter"),
    ("gas", "AUS"): (0.0, "assumption", "an exporter"),
}  # fmt: skip
# Confidential or partial in the customs record.
UNKNOWN_VALUE = {("TUR", "coal"), ("TUR", "oil"), ("TUR", "gas"), ("POL", "gas")}


def crea_imports(folder: Path) -> pd.DataFrame:
    """Return imports from Russia 2021 in EUR mn by state and CREA commodity.

    REU is the EU less its seven members in the world. France is missing from the annual table:
    its part of the EU comes from the summary by fuel. A negative entry (pipeline gas of the
    Netherlands, a correction for transit) counts as zero.
    """
    annual = read_raw(folder, "energy/crea_comtrade_eurostat_annual_2019_2022.csv")
    annual = annual[(annual.year == 2021) & (annual.unit == "eur")]
    table = annual.pivot_table(index="country", columns="commodity", values="value") / 1e6
    table = table.reindex(columns=list(COMMODITIES)).fillna(0.0).clip(lower=0.0)
    france = table.loc["EU"] * _french_part(folder)
    names = {name: code for code, name in COUNTRY_NAMES.items() if name in table.index}
    states = table.loc[list(names)].rename(index=names)
    states.loc["FRA"] = france
    states.loc["REU"] = (table.loc["EU"] - states.loc[list(NAMED_EU)].sum()).clip(lower=0.0)
    return states


def _french_part(folder: Path) -> pd.Series:
    """France's part of the EU's fuel imports from Russia, by commodity."""
    table = read_raw(folder, "energy/crea_fossil_imports_from_russia_mn_eur.csv")
    table = table.set_index("country")[list(FUELS)]
    part = table.loc["France"] / table.loc["EU"]
    return pd.Series({commodity: part[fuel] for commodity, (_, fuel) in COMMODITIES.items()})


# Price of the Pink Sheet that stands for each sector, and how far it does.
PRICES = {
    "coal": ("coal_south_africa_usd_per_t", "derived", "coal, South Africa"),
    "oil": ("brent_usd_per_bbl", "derived", "Brent"),
    "pipeline_gas": ("gas_europe_ttf_usd_per_mmbtu", "derived", "gas, Europe (TTF), spot"),
    "lng": ("lng_japan_usd_per_mmbtu", "derived", "LNG, Japan, mostly contracts"),
    "refined_petroleum": ("brent_usd_per_bbl", "assumption", "Brent: margins of refineries fixed"),
}
# Of what else Russia sells, the goods whose price is known, and their part of the sector's exports.
GOODS = {
    "agri_food": ("wheat_us_hrw_usd_per_t", 0.31, "wheat (US HRW) for grain: 8 of the USD 26 bn of "
                  "food sold abroad to 24 October 2021 (AgroExport via RT); all else as in 2021"),
    "chemicals": ("urea_usd_per_t", 0.29, "urea for fertilisers: USD 12.7 bn of 43 (19 bn in 2022, "
                  "half as much again as in 2021: customs via Fertilizer Daily); all else as in "
                  "2021"),
}  # fmt: skip
PRICE_MONTHS = ("2021-01", "2024-12")
# Russian gas in pipes was missing in Europe's price of 2022 already. Months after this one are not
# looked at, since they are judged: the share stays as it was.
LAST_LOST = "2022-06"
RUSSIAN_PART = 0.30  # of all on the market of those whom its pipes reach, economy/trade_share.csv


def build_energy_prices(folder: Path) -> pd.DataFrame:
    """Return monthly world prices of energy relative to their mean of 2021.

    Those of other goods that Russia sells too, as far as they are known: a mean of their price and
    1, by their part of the sector's exports. And the share of the market's supply whose lack they
    show: of gas in pipes what Russia sent less than in the mean of 2021.
    """
    table = read_raw(folder, "econ_monthly/commodity_prices_monthly.csv").set_index("month")
    table = table.loc[PRICE_MONTHS[0] : PRICE_MONTHS[1]]
    rows = [
        (month, sector, round(float(price), 4), status, f"World Bank, Pink Sheet: {name}")
        for sector, (column, status, name) in PRICES.items()
        for month, price in _over_2021(table[column]).items()
    ]
    rows += [
        (month, sector, round(1.0 + part * (float(price) - 1.0), 4), "derived",
         f"World Bank, Pink Sheet: {name}")
        for sector, (column, part, name) in GOODS.items()
        for month, price in _over_2021(table[column]).items()
    ]  # fmt: skip
    prices = pd.DataFrame(rows, columns=["month", "sector", "price", "status", "source"])
    lost = prices.month.map(_gas_lost(folder)).where(prices.sector == "pipeline_gas", 0.0)
    prices.insert(3, "lost", lost)
    noted = prices.source + "; lost: ENTSOG, flows to 2022-06, then held"
    prices["source"] = noted.where(prices.sector == "pipeline_gas", prices.source)
    return prices


def _over_2021(prices: pd.Series) -> pd.Series:
    """Return monthly prices over the mean of those of 2021."""
    return prices / prices.loc[:"2021-12"].mean()


def _gas_lost(folder: Path) -> dict[str, float]:
    """Return by month what share of the supply of those whom Russia's pipes reach is missing."""
    table = read_raw(folder, "econ_monthly/eu_gas_flows_by_route_monthly.csv").set_index("month")
    flow = table.russia_pipeline_total_twh
    missing = (1.0 - flow / flow["2021-01":"2021-12"].mean()).clip(lower=0.0) * RUSSIAN_PART
    months = pd.period_range(*PRICE_MONTHS, freq="M").astype(str)
    held = missing[:LAST_LOST].round(4).reindex(months).ffill()
    return {str(month): float(share) for month, share in held.items()}


def build_energy(folder: Path) -> pd.DataFrame:
    """Return the Russian share of each state's imports by fuel, and their value in 2021.

    A share is of quantity: crude oil (Eurostat 2021), crude and products (BP 2020), gas
    (BP 2020, gross of transit), coal (BP 2020). An empty value means that the customs record
    behind CREA does not cover the state or keeps the fuel confidential.
    """
    shares = _shares(folder)
    fuel_of = {commodity: fuel for commodity, (_, fuel) in COMMODITIES.items()}
    by_fuel = crea_imports(folder).rename(columns=fuel_of).T.groupby(level=0).sum()
    values = by_fuel.to_dict()
    rows = []
    for state in CODES[:-1]:
        for fuel in FUELS:
            share, year, status, source = shares[fuel, state]
            known = state in values and (state, fuel) not in UNKNOWN_VALUE
            value = round(values[state][fuel], 1) if known else ""
            if state == "RUS":
                value = 0.0
            rows.append((state, fuel, round(share, 4), value, year, status, source))
    return pd.DataFrame(rows, columns=COLUMNS)


Share = tuple[float, int, str, str]


def _shares(folder: Path) -> dict[tuple[str, str], Share]:
    """Collect shares; a later source replaces an earlier, weaker one."""
    shares = _recalled_shares(folder) | _bp_areas(folder) | _bp_gas(folder)
    shares |= _eurostat_crude(folder)
    for key, (share, status, reason) in BY_HAND.items():
        shares[key] = (share, 2021, status, reason)
    for fuel in FUELS:
        shares[fuel, "RUS"] = (0.0, 2021, "assumption", "the supplier itself")
    return shares


def _recalled_shares(folder: Path) -> dict[tuple[str, str], Share]:
    """Midpoints of recalled ranges; for coal the EU's stands for each member."""
    table = read_raw(folder, "energy/russia_import_share_recalled.csv")
    shares: dict[tuple[str, str], Share] = {}
    for place, fuel, text in zip(table.iso3, table.fuel, table.share_range, strict=True):
        low, high = map(float, text.split("-"))
        share = (low + high) / 2.0
        if fuel == "gas":
            shares["gas", place] = (share, 2021, "recalled", f"middle of {text}")
        elif (place, fuel) == ("EU27", "coal"):
            reason = f"the EU's share, middle of {text} (recalled)"
            for state in (*NAMED_EU, "REU"):
                shares["coal", state] = (share, 2021, "assumption", reason)
    return shares


def _bp_areas(folder: Path) -> dict[tuple[str, str], Share]:
    """Shares by area of destination; a wider area stands for its member as an assumption."""
    shares: dict[tuple[str, str], Share] = {}
    coal = _bp_matrix(folder, "energy/bp2020_coal_interarea_EJ.csv", "Exajoules")
    oil_sheet = "energy/bp2020_oil_interarea_mt.csv"
    oil = _bp_matrix(folder, oil_sheet, "Crude (million tonnes)")
    oil += _bp_matrix(folder, oil_sheet, "Product (million tonnes)")
    for fuel, imports, areas in (("coal", coal, BP_COAL_AREAS), ("oil", oil, BP_OIL_AREAS)):
        for state, area in areas.items():
            share = imports[area]["Russia"] / imports[area]["Total imports"]
            status = "assumption" if area in WIDER_AREAS else "derived"
            shares[fuel, state] = (share, 2020, status, f"BP 2021, area {area}")
    return shares


def _bp_matrix(folder: Path, name: str, corner: str) -> pd.DataFrame:
    """Russia's deliveries and the total by area; the sheet's first block carries the names."""
    sheet = read_raw(folder, name)
    labels = sheet.iloc[:, 0].astype(str).str.strip()
    top = int(labels.eq(corner).to_numpy().argmax())
    bottom = top + int(labels[top:].eq("Total imports").to_numpy().argmax())
    block = sheet.iloc[top + 1 : bottom + 1].set_axis(labels[top + 1 : bottom + 1])
    block = block.set_axis(sheet.iloc[1].astype(str).to_list(), axis=1)
    areas = sorted({*BP_COAL_AREAS.values(), *BP_OIL_AREAS.values()} & set(block.columns))
    return block.loc[["Russia", "Total imports"], areas].astype(float)


def _bp_gas(folder: Path) -> dict[tuple[str, str], Share]:
    """Shares of gas imports 2020; REU pools Belgium, Spain and BP's 'Other EU'."""
    table = read_raw(folder, "energy/derived_gas_share_russia_2020_bp.csv").set_index("iso3")
    states = [state for state in table.index if state in CODES]
    shares: dict[tuple[str, str], Share] = {
        ("gas", state): (float(table.share_russia[state]), 2020, "derived", "BP 2021")
        for state in states
    }
    pool = table.loc[["BEL", "ESP", "Other EU"]].sum(numeric_only=True)
    share = float(pool.gas_from_russia_bcm_2020 / pool.gas_total_imports_bcm_2020)
    reason = "BP 2021: Belgium, Spain, Other EU (holds Poland, Hungary, Lithuania as well)"
    return shares | {("gas", "REU"): (share, 2020, "derived", reason)}


def _eurostat_crude(folder: Path) -> dict[tuple[str, str], Share]:
    """Shares of crude oil imports by quantity, latest year of 2020 and 2021."""
    table = read_raw(folder, "energy/derived_eurostat_share_russia_2019_2021.csv")
    table = table[(table.commodity == "crude_oil") & (table.year >= 2020)]
    latest = table.dropna(subset=["share_russia"]).groupby("country").last()
    shares: dict[tuple[str, str], Share] = {}
    share, year = latest.share_russia.to_dict(), latest.year.to_dict()
    for state in (*NAMED_EU, "GBR", "NOR", "TUR"):
        name = COUNTRY_NAMES[state]
        shares["oil", state] = (share[name], year[name], "derived", "Eurostat, crude oil")
    others = latest[latest.index.isin(REST_OF_EU_NAMES) & (latest.year == 2021)]
    pooled = float(others.from_russia.sum() / others.sum_named_partners.sum())
    reason = f"Eurostat, crude oil, {len(others)} of 20 members"
    return shares | {("oil", "REU"): (pooled, 2021, "derived", reason)}
