"""The states of 2014 and their attributes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.economy.tables import Economy
from world_build.origins import read_raw
from world_build.states import REST_OF_EU, VOTES

# code: (name, role, legal lag in days); lags as in the world of 2022, an ASSUMPTION. South Korea
# did not sanction Russia in 2014. Ukraine, Norway, Switzerland, Kazakhstan and Belarus have no
# row in WIOD and sit in ROW.
STATES = {
    "USA": ("United States", "sender", 1),
    "CAN": ("Canada", "sender", 2),
    "GBR": ("United Kingdom", "sender", 2),
    "FRA": ("France", "sender", 2),
    "DEU": ("Germany", "sender", 2),
    "ITA": ("Italy", "sender", 2),
    "JPN": ("Japan", "sender", 3),
    "POL": ("Poland", "sender", 2),
    "HUN": ("Hungary", "sender", 3),
    "NLD": ("Netherlands", "sender", 2),
    "LTU": ("Lithuania", "sender", 2),
    "REU": ("Rest of the EU", "sender", 3),
    "AUS": ("Australia", "sender", 2),
    "RUS": ("Russia", "target", 1),
    "CHN": ("China", "bystander", 3),
    "IND": ("India", "bystander", 5),
    "TUR": ("Turkey", "bystander", 5),
    "BRA": ("Brazil", "bystander", 5),
    "KOR": ("South Korea", "bystander", 4),
    "ROW": ("Rest of the world", "passive", 5),
}
CODES = tuple(STATES)
SENDERS = tuple(code for code, (_, role, _) in STATES.items() if role == "sender")
BYSTANDERS = tuple(code for code, (_, role, _) in STATES.items() if role == "bystander")
TARGET = "RUS"
YEAR = 2013
DEMOCRACY_YEAR = 2015  # the first in the cut at hand
POLITY_YEAR = 2014
WEIGHT_YEAR = 2015  # GDP that weighs the members of REU and ROW
WORLD_POPULATION_MN = 7250.0  # recalled: UN World Population Prospects 2022, mid-2013


def state_of(iso3: str) -> str:
    """Return the state of the world a country belongs to."""
    if iso3 in REST_OF_EU:
        return "REU"
    return iso3 if iso3 in STATES else "ROW"


def gdp_weights(folder: Path) -> pd.Series:
    """Return GDP in current USD of 2015 by country, without aggregates' totals."""
    table = read_raw(folder, "attributes/wb_gdp_current_usd_2015_2024.csv")
    gdp = table[table.year == WEIGHT_YEAR].set_index("iso3").gdp_current_usd
    return gdp.drop("WLD")


def build_states(folder: Path, economy: Economy) -> pd.DataFrame:
    """Return one row per state with its role and attributes.

    GDP is the value added of the economy. REU and ROW sum what adds up and take GDP-weighted
    means of the rest, over the members with data.
    """
    gdp = gdp_weights(folder)
    material = _of_year(read_raw(folder, "attributes/cow_nmc_2012_2022.csv"), YEAR)
    polyarchy = _of_year(
        read_raw(folder, "attributes/vdem_polyarchy_libdem_2015_2024.csv"), DEMOCRACY_YEAR
    )
    polity = _of_year(read_raw(folder, "attributes/polity5_polity2_2014_2020.csv"), POLITY_YEAR)
    ideal = _of_year(read_raw(folder, "unga/ideal_points_2010_2024.csv"), YEAR)
    geo = read_raw(folder, "distance/cepii_geodist_cut.csv")
    distance = geo[geo.iso_d == "UKR"].set_index("iso_o").distcap
    value_added = dict(zip(economy.countries, economy.value_added / 1e3, strict=True))
    table = pd.DataFrame(
        {
            "name": {code: name for code, (name, _, _) in STATES.items()},
            "role": {code: role for code, (_, role, _) in STATES.items()},
            "gdp_bn_usd": pd.Series(value_added).round(2),
            "population_mn": _with_rest(material.tpop / 1e3, WORLD_POPULATION_MN).round(3),
            "democracy": _mean(polyarchy.v2x_polyarchy, gdp).round(3),
            "polity": _mean(polity.polity2, gdp).round(1),
            "ideal_point": _mean(ideal.idealpointall, gdp).round(4),
            "capability": _with_rest(material.cinc, 1.0).round(6),
            "distance_to_war_km": _mean(distance, gdp).round(0),
            "legal_lag_days": {code: lag for code, (_, _, lag) in STATES.items()},
            "un_vote": _votes(folder),
        }
    )
    return table.loc[list(CODES)].rename_axis("state").reset_index()


def _of_year(table: pd.DataFrame, year: int) -> pd.DataFrame:
    return table[table.year == year].set_index("iso3")


def _with_rest(values: pd.Series, world: float) -> pd.Series:
    """Sum countries to states; ROW is the world total less the others."""
    sums = values.groupby(values.index.map(state_of)).sum().reindex(CODES[:-1])
    return pd.concat([sums, pd.Series({"ROW": world - sums.sum()})])


def _mean(values: pd.Series, weights: pd.Series) -> pd.Series:
    """Mean over the members of each state, weighted by GDP, where both are known."""
    both = pd.DataFrame({"value": values, "weight": weights}).dropna()
    both["product"] = both.value * both.weight
    sums = both.groupby(both.index.map(state_of)).sum()
    return (sums["product"] / sums.weight).reindex(CODES)


def _votes(folder: Path) -> pd.Series:
    """Vote on 68/262 of 27 March 2014; ROW empty."""
    record = read_raw(folder, "unga/res_68_262_crimea_2014_vote.csv")
    votes = record.set_index("iso3").vote.str.capitalize().map(VOTES)
    members = set(votes.reindex(list(REST_OF_EU)).dropna())
    if members != {"yes"}:
        raise ValueError(f"the members of REU voted differently on 68/262: {members}")
    votes = votes.reindex(CODES)
    votes["REU"] = "yes"
    return votes
