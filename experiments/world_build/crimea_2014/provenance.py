"""What stands behind each column of the tables of 2014."""

from __future__ import annotations

import pandas as pd

from world_build.origins import ORIGINS, ORIGINS_2014

# file, column, what, raw file (or "" for the project itself), year, status, note
SOURCES = (
    ("states.csv", "name role", "states and their part in the episode", "", "2014", "assumption",
     "states that WIOD has; South Korea did not sanction; ROW is passive and holds Ukraine, "
     "Norway, Switzerland, Kazakhstan, Belarus"),
    ("states.csv", "gdp_bn_usd", "value added of the economy", "wiod_2011/wiod_2011.npz", "2011",
     "derived", "at current prices; Croatia is part of ROW there, of REU elsewhere"),
    ("states.csv", "population_mn", "population", "attributes/cow_nmc_2012_2022.csv", "2013",
     "read", "REU summed; ROW is 7250 mn (UN, recalled) less the others"),
    ("states.csv", "democracy", "polyarchy, 0 to 1",
     "attributes/vdem_polyarchy_libdem_2015_2024.csv", "2015", "read",
     "a year late: the cut at hand begins in 2015; REU and ROW: GDP-weighted means"),
    ("states.csv", "polity", "polity2, -10 to 10; no run reads it",
     "attributes/polity5_polity2_2014_2020.csv", "2014", "read", "beside the late polyarchy"),
    ("states.csv", "ideal_point", "UN voting, first dimension, idealpointall",
     "unga/ideal_points_2010_2024.csv", "2013", "read", "REU and ROW: GDP-weighted means"),
    ("states.csv", "capability", "share of world capabilities, CINC",
     "attributes/cow_nmc_2012_2022.csv", "2013", "read",
     "REU summed; ROW is one less the others"),
    ("states.csv", "distance_to_war_km", "capital to Kyiv", "distance/cepii_geodist_cut.csv",
     "2011", "read", "REU and ROW: GDP-weighted means of the members with data"),
    ("states.csv", "legal_lag_days", "days from political decision to legal act", "", "2014",
     "assumption", "as in the world of 2022"),
    ("states.csv", "un_vote", "vote on 68/262", "unga/res_68_262_crimea_2014_vote.csv", "2014",
     "read", "all members of REU voted yes; ROW empty"),
    ("states.csv memberships.csv pacts.csv", "weights", "GDP that weighs members of REU and ROW",
     "attributes/wb_gdp_current_usd_2015_2024.csv", "2015", "read",
     "the cut at hand begins in 2015"),
    ("memberships.csv", "all", "institutions on 24 February 2014",
     "alliances/memberships_hand.csv", "2014", "recalled",
     "the United Kingdom is in the EU; G8 without Russia counts as G7"),
    ("pacts.csv", "all", "bilateral pledges by layer",
     "alliances/atop5_dyads_2014_2016_2018.csv", "2014", "read",
     "REU weighted by GDP (derived); ROW none"),
    ("distances.csv", "all", "of pairs with Russia: capital to capital; border, language, colony",
     "distance/cepii_geodist_cut.csv", "2011", "read",
     "REU and ROW: means over pairs of members, by the product of their GDP (derived)"),
    ("trade.csv economy", "trade_share expenditure consumption_share trade_balance value_added "
     "factor_share intermediate_share", "flows and technology", "wiod_2011/wiod_2011.npz", "2011",
     "derived", "summed to states and sectors; trade.csv rounded, below USD 50 mn left out"),
    ("trade.csv economy", "coal oil_gas metals", "mining in three parts",
     "icio_2022/icio_2022.npz", "2022", "derived",
     "proportions by seller, buyer and buying sector, partly sanctioned already"),
    ("economy", "trade_elasticity", "1 / theta by sector, long run", "", "2022", "read",
     "as in the world of 2022: Fontagne, Guimbard, Orefice (2022); coal, other_manufacturing, "
     "services assumed"),
    ("economy", "tariff", "no tariffs", "", "2011", "assumption", "no tariff data at hand: 1"),
    ("energy.csv", "share_from_russia", "share of imports that come from Russia", "", "2013",
     "recalled", "round figures; status and source in each row"),
    ("unfriendly.csv", "all", "states under the food import ban of August 2014", "", "2014",
     "read", "Japan was spared; source in each row"),
    ("institutions.csv", "all", "institutions and their rules", "", "2014", "assumption",
     "status and source in each row"),
    ("measures.csv", "all", "catalogue of measures", "", "2014", "assumption",
     "used or within reach in 2014; status and source in each row"),
    ("countermeasures.csv", "all", "catalogue of countermeasures", "", "2014", "assumption",
     "status and source in each row"),
    ("scope.csv", "all", "share of a sector's trade that a measure covers", "", "2014",
     "assumption", "status and source in each row"),
    ("sectors.csv", "all", "how each sector adjusts, is rerouted and taxed", "", "2014",
     "assumption", "status, range and source in each row; as in the world of 2022"),
    ("events.csv", "all", "dated events", "", "2014", "read",
     "days: status and source in each row; severity set by hand"),
    ("timeline.csv", "all", "dated measures", "", "2014", "read",
     "typed by hand from the pages named in each row; status per date in the table"),
)  # fmt: skip


def build_sources() -> pd.DataFrame:
    """Return one row per column or group of columns with its origin."""
    origins = ORIGINS | ORIGINS_2014
    rows = []
    for file, column, what, raw, year, status, note in SOURCES:
        publisher, dataset = "this project", ""
        if raw:
            origin = origins[raw]
            publisher, dataset = origin.publisher, f"{origin.dataset}; {origin.release}"
        rows.append((file, column, what, publisher, dataset, year, status, note))
    columns = ["file", "column", "what", "publisher", "dataset", "year", "status", "note"]
    return pd.DataFrame(rows, columns=columns)
