"""What stands behind each column of the world's tables."""

from __future__ import annotations

import pandas as pd

from world_build.origins import ORIGINS

# file, column, what, raw file (or "" for the project itself), year, status, note
SOURCES = (
    ("states.csv", "name role", "states and their part in the episode", "", "2022", "assumption",
     "Hong Kong belongs to ROW; ROW is passive"),
    ("states.csv", "gdp_bn_usd", "GDP at current prices",
     "attributes/wb_gdp_current_usd_2015_2024.csv", "2021", "read",
     "REU summed; ROW is the world less the others"),
    ("states.csv", "population_mn", "population", "attributes/cow_nmc_2012_2022.csv", "2021",
     "read", "REU summed; ROW is 7909 mn (UN, recalled) less the others"),
    ("states.csv", "democracy", "polyarchy, 0 to 1",
     "attributes/vdem_polyarchy_libdem_2015_2024.csv", "2021", "read",
     "REU and ROW: GDP-weighted means of the members with data"),
    ("states.csv", "ideal_point", "UN voting, first dimension, idealpointall",
     "unga/ideal_points_2010_2024.csv", "2021", "read",
     "all votes: final passage alone would set Russia beside the median; "
     "REU and ROW: GDP-weighted means of the members with data"),
    ("states.csv", "capability", "share of world capabilities, CINC",
     "attributes/cow_nmc_2012_2022.csv", "2021", "read",
     "REU summed; ROW is one less the others"),
    ("states.csv", "distance_to_war_km", "capital to Kyiv; Ukraine: its internal distance",
     "distance/cepii_geodist_cut.csv", "2011", "read",
     "REU and ROW: GDP-weighted means of the members with data"),
    ("states.csv", "legal_lag_days", "days from political decision to legal act", "", "2022",
     "assumption", "by form of government and practice; see experiments/world_build/states.py"),
    ("states.csv", "legislation_days", "days that an act of parliament takes", "", "2022",
     "assumption", "anchored on the tariff laws of the United States and Japan of April 2022"),
    ("states.csv", "crypto_index", "adoption index, 0 to 1",
     "crypto/chainalysis_2021_index_top45.csv", "2021", "read",
     "empty: not among the 45 states listed (below 0.06), or an aggregate"),
    ("states.csv", "un_vote", "vote on ES-11/1", "unga/es11_1_vote_all193.csv", "2022", "read",
     "all members of REU voted yes; ROW empty"),
    ("memberships.csv", "all", "institutions on 21 February 2022",
     "alliances/memberships_hand.csv", "2022", "recalled",
     "share: part of REU's GDP whose states belong; ROW belongs to none"),
    ("pacts.csv", "all", "bilateral pledges by layer",
     "alliances/atop5_dyads_2014_2016_2018.csv", "2018", "read",
     "REU weighted by GDP (derived); ROW none; Russia-Ukraine dropped"),
    ("unfriendly.csv", "all", "Russia's list of unfriendly states",
     "timeline/russia_unfriendly_list_2022_03_07.csv", "2022", "read", "48 states"),
    ("timeline.csv", "all", "dated measures", "timeline/sanctions_timeline.csv", "2022", "read",
     "status per date in the table; energy import bans split by fuel; two packages split"),
    ("energy.csv", "share_from_russia", "gas", "energy/derived_gas_share_russia_2020_bp.csv",
     "2020", "derived", "quantity, gross of transit"),
    ("energy.csv", "share_from_russia", "crude oil",
     "energy/derived_eurostat_share_russia_2019_2021.csv", "2021", "derived",
     "EU, GBR (2020), NOR, TUR; REU pools the members published"),
    ("energy.csv", "share_from_russia", "oil elsewhere, crude and products",
     "energy/bp2020_oil_interarea_mt.csv", "2020", "derived", "ARE, AUS: their wider area"),
    ("energy.csv", "share_from_russia", "coal", "energy/bp2020_coal_interarea_EJ.csv", "2020",
     "derived", "CHE, NOR, ARE: their wider area"),
    ("energy.csv", "share_from_russia", "remaining cells",
     "energy/russia_import_share_recalled.csv", "2021", "recalled",
     "middle of a range, or set by hand with its reason in the row"),
    ("energy.csv", "import_from_russia_mn_eur", "value of imports of a fuel from Russia",
     "energy/crea_comtrade_eurostat_annual_2019_2022.csv", "2021", "derived",
     "empty: not covered or confidential; negative entries set to zero"),
    ("energy.csv", "import_from_russia_mn_eur", "France, and REU less France",
     "energy/crea_fossil_imports_from_russia_mn_eur.csv", "2021", "derived",
     "France's part of the EU by fuel, applied to the EU's value of 2021"),
    ("trade.csv", "usd_mn", "bilateral trade by sector", "icio_2022/icio_2022.npz", "2021",
     "derived", "pattern by sector; the same flows as economy/trade_share"),
    ("trade.csv", "usd_mn", "bilateral goods totals",
     "trade/exports_2021_core66_plus_ROW.csv", "2021", "derived",
     "exporter-reported; rounded, flows below USD 0.5 mn left out"),
    ("trade.csv", "usd_mn", "Russia's exports within the EU",
     "trade/eu_total_and_fuel_trade_monthly.csv", "2021", "derived",
     "shared out like importer-reported trade; bounds the share of fuels"),
    ("trade.csv", "usd_mn", "Russia's fuels by buyer",
     "energy/crea_comtrade_eurostat_annual_2019_2022.csv", "2021", "derived",
     "at USD 1.1827 per EUR (ECB mean of 2021, recalled)"),
    ("trade.csv", "usd_mn", "Russia's imports from states that do not report; comparison",
     "trade/russia_trade_by_partner_2016_2022.csv", "2021", "derived", "Iran, North Korea, Syria"),
    ("trade.csv", "usd_mn", "exports of services by Russia and Belarus",
     "attributes/wdi_selected_2018_2022.csv", "2021", "derived",
     "goods and services less goods"),
    ("economy", "trade_share expenditure", "as trade.csv, with domestic sales",
     "icio_2022/icio_2022.npz", "2021", "derived",
     "domestic sales nearest to the network's with value added = GDP"),
    ("economy", "trade_share expenditure", "buyers of final sales", "wiod_2011/wiod_2011.npz",
     "2011", "derived", "ratio of final to intermediate sales by pair and industry"),
    ("economy", "factor_share intermediate_share", "technology", "icio_2022/icio_2022.npz",
     "2022", "derived", "ARM, GEO, KGZ: that of ROW; value-added share at least 0.05"),
    ("economy", "factor_share intermediate_share", "fuels at the oil price of 2021",
     "markets/brent_spot_monthly_2015_2024.csv", "2021", "derived",
     "Brent 2021 over 2022 for coal, oil and gas, refined products"),
    ("economy", "value_added", "GDP", "attributes/wb_gdp_current_usd_2015_2024.csv", "2021",
     "derived", "met exactly"),
    ("economy", "consumption_share trade_balance", "residuals of the accounts", "", "2021",
     "derived", "follow from flows and technology"),
    ("economy", "tariff", "no tariffs", "", "2021", "assumption", "no tariff data at hand: 1"),
    ("economy", "trade_elasticity", "1 / theta by sector, long run", "", "2022", "read",
     "Fontagne, Guimbard, Orefice (2022); coal, other_manufacturing, services assumed"),
    ("balancing.csv", "all", "targets and results of the balancing", "", "2021", "derived",
     "report; no run reads it"),
    ("institutions.csv", "all", "institutions and their rules", "", "2022", "assumption",
     "status and source in each row"),
    ("measures.csv", "all", "catalogue of measures", "", "2022", "assumption",
     "status and source in each row"),
    ("countermeasures.csv", "all", "catalogue of countermeasures", "", "2022", "assumption",
     "status and source in each row"),
    ("scope.csv", "all", "share of a sector's trade that a measure covers", "", "2022",
     "assumption", "status and source in each row"),
    ("events.csv", "all", "dated events of the war", "", "2022", "recalled",
     "status and source in each row"),
    ("reserves.csv", "share", "where a target's foreign reserves lie", "", "2022", "read",
     "status and source in each row; press reports of the central bank's annual report"),
    ("reserve_totals.csv", "usd_bn", "foreign reserves", "", "2022", "recalled",
     "status and source in each row"),
    ("entities.csv", "all", "who is designated, wave by wave", "", "2022", "recalled",
     "status and source in each row"),
    ("bilaterals.csv", "all", "pairs that consult, and how often", "", "2022", "assumption",
     "status and source in each row"),
    ("gas.csv", "pipeline_bcm", "gas bought from Russia by pipeline", "", "2020", "recalled",
     "status and source in each row; BP 2021 where it names the state"),
)  # fmt: skip


def build_sources() -> pd.DataFrame:
    """Return one row per column or group of columns with its origin."""
    rows = []
    for file, column, what, raw, year, status, note in SOURCES:
        publisher, dataset = "this project", ""
        if raw:
            origin = ORIGINS[raw]
            publisher, dataset = origin.publisher, f"{origin.dataset}; {origin.release}"
        rows.append((file, column, what, publisher, dataset, year, status, note))
    columns = ["file", "column", "what", "publisher", "dataset", "year", "status", "note"]
    unused = set(ORIGINS) - {row[3] for row in SOURCES}
    if unused:
        raise ValueError(f"raw files that no table of the world names: {sorted(unused)}")
    return pd.DataFrame(rows, columns=columns)
