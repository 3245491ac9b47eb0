"""The states of the world and their attributes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from world_build.origins import read_raw

YEAR = 2021

# code: (name, role, legal lag in days).
# The lag from a political decision to the legal act is an ASSUMPTION. One day where the
# executive acts alone, two or three where a cabinet or a minister signs an order, four or more
# where another body's act is taken over (Switzerland and Norway follow the EU) or where no
# practice of autonomous sanctions exists.
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
    "UKR": ("Ukraine", "defender", 1),
    "RUS": ("Russia", "target", 1),
    "BLR": ("Belarus", "target", 2),
    "CHN": ("China", "bystander", 3),
    "IND": ("India", "bystander", 5),
    "TUR": ("Turkey", "hub", 5),
    "ARE": ("United Arab Emirates", "hub", 5),
    "KAZ": ("Kazakhstan", "hub", 5),
    "KOR": ("South Korea", "sender", 4),
    "AUS": ("Australia", "sender", 2),
    "CHE": ("Switzerland", "sender", 4),
    "NOR": ("Norway", "sender", 7),
    "ARM": ("Armenia", "hub", 5),
    "GEO": ("Georgia", "hub", 5),
    "KGZ": ("Kyrgyzstan", "hub", 5),
    "ROW": ("Rest of the world", "passive", 5),
}
# Days that an act of parliament takes, beside the lag above: an ASSUMPTION, anchored on tariffs
# that the United States announced on 11 March 2022 and had in law on 8 April, Japan on 16 March
# and 21 April. Ten days for members of the EU, whose Council legislates on trade.
LEGISLATION = {
    "USA": 28, "CAN": 7, "GBR": 10, "FRA": 10, "DEU": 10, "ITA": 10, "JPN": 36, "POL": 10,
    "HUN": 10, "NLD": 10, "LTU": 10, "REU": 10, "KOR": 21, "AUS": 21,
}  # fmt: skip
OTHER_LEGISLATION = 14
CODES = tuple(STATES)
REST_OF_EU = (
    "AUT", "BEL", "BGR", "CYP", "CZE", "DNK", "ESP", "EST", "FIN", "GRC", "HRV", "IRL", "LUX",
    "LVA", "MLT", "PRT", "ROU", "SVK", "SVN", "SWE",
)  # fmt: skip
EU = ("FRA", "DEU", "ITA", "POL", "HUN", "NLD", "LTU", *REST_OF_EU)
SENDERS = tuple(code for code, (_, role, _) in STATES.items() if role == "sender")
TARGETS = ("RUS", "BLR")
HUBS = tuple(code for code, (_, role, _) in STATES.items() if role == "hub")
BYSTANDERS = ("CHN", "IND")

WORLD_POPULATION_MN = 7909.0  # recalled: UN World Population Prospects 2022, mid-2021

VOTES = {"Approve": "yes", "Against": "no", "Abstain": "abstain", "Absent": "absent"}


def state_of(iso3: str) -> str:
    """Return the state of the world a country belongs to; Hong Kong belongs to ROW."""
    if iso3 in REST_OF_EU:
        return "REU"
    return iso3 if iso3 in STATES else "ROW"


def gdp_by_country(folder: Path, year: int = YEAR) -> pd.Series:
    """Return GDP in current USD bn by country, with the world total as WLD."""
    table = read_raw(folder, "attributes/wb_gdp_current_usd_2015_2024.csv")
    return table[table.year == year].set_index("iso3").gdp_current_usd / 1e9


def population_by_country(folder: Path) -> pd.Series:
    """Return population in mn by country."""
    return _of_year(read_raw(folder, "attributes/cow_nmc_2012_2022.csv")).tpop / 1e3


def gdp_by_state(folder: Path, year: int = YEAR) -> pd.Series:
    """Return GDP in current USD bn by state; ROW is the world less all others."""
    return _with_rest(gdp_by_country(folder, year))


def build_states(folder: Path) -> pd.DataFrame:
    """Return one row per state with its role and attributes.

    REU and ROW sum what adds up and take GDP-weighted means of the rest, over the members with
    data: all twenty for REU; for ROW the larger states and Russia's neighbours in the raw cuts.
    """
    gdp = gdp_by_country(folder)
    population = population_by_country(folder)
    material = _of_year(read_raw(folder, "attributes/cow_nmc_2012_2022.csv"))
    polyarchy = _of_year(read_raw(folder, "attributes/vdem_polyarchy_libdem_2015_2024.csv"))
    ideal = _of_year(read_raw(folder, "unga/ideal_points_2010_2024.csv"))
    geo = read_raw(folder, "distance/cepii_geodist_cut.csv")
    distance = geo[geo.iso_d == "UKR"].set_index("iso_o").distcap
    crypto = read_raw(folder, "crypto/chainalysis_2021_index_top45.csv").set_index("iso3")
    table = pd.DataFrame(
        {
            "name": {code: name for code, (name, _, _) in STATES.items()},
            "role": {code: role for code, (_, role, _) in STATES.items()},
            "gdp_bn_usd": _with_rest(gdp).round(2),
            "population_mn": _with_rest(population, WORLD_POPULATION_MN).round(3),
            "democracy": _mean(polyarchy.v2x_polyarchy, gdp).round(3),
            "ideal_point": _mean(ideal.idealpointall, gdp).round(4),
            "capability": _with_rest(material.cinc, 1.0).round(6),
            "distance_to_war_km": _mean(distance, gdp).round(0),
            "legal_lag_days": {code: lag for code, (_, _, lag) in STATES.items()},
            "legislation_days": {code: LEGISLATION.get(code, OTHER_LEGISLATION) for code in CODES},
            "crypto_index": crypto.index_score.reindex(CODES),
            "un_vote": _votes(folder),
        }
    )
    return table.loc[list(CODES)].rename_axis("state").reset_index()


def _of_year(table: pd.DataFrame) -> pd.DataFrame:
    return table[table.year == YEAR].set_index("iso3")


def _with_rest(values: pd.Series, world: float | None = None) -> pd.Series:
    """Sum countries to states; ROW is the world total less the others."""
    total = values["WLD"] if world is None else world
    sums = values.groupby(values.index.map(state_of)).sum().reindex(CODES[:-1])
    return pd.concat([sums, pd.Series({"ROW": total - sums.sum()})])


def _mean(values: pd.Series, weights: pd.Series) -> pd.Series:
    """Mean over the members of each state, weighted by GDP, where both are known."""
    both = pd.DataFrame({"value": values, "weight": weights}).dropna()
    both["product"] = both.value * both.weight
    sums = both.groupby(both.index.map(state_of)).sum()
    return (sums["product"] / sums.weight).reindex(CODES)


def _votes(folder: Path) -> pd.Series:
    record = read_raw(folder, "unga/es11_1_vote_all193.csv").set_index("iso3").vote.map(VOTES)
    votes = record.reindex(CODES)
    members = set(record[list(REST_OF_EU)])
    if len(members) != 1:
        raise ValueError(f"the members of REU voted differently on ES-11/1: {members}")
    votes["REU"] = members.pop()
    return votes
