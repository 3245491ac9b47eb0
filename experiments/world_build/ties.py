"""Memberships, pacts and the list of unfriendly states."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from world_build.origins import read_raw
from world_build.states import CODES, REST_OF_EU, gdp_by_country, state_of

# Five Eyes and BRICS are left out: neither consults on or decides sanctions in the model.
INSTITUTIONS = ("EU", "G7", "NATO", "CSTO", "UNION_STATE", "SCO", "EAEU", "QUAD", "AUKUS", "EU_LAW")
# Beside its members, who takes over the EU's restrictive measures as a rule (recalled).
FOLLOW_EU = {"NOR": 2001, "CHE": 2003}
START = 2022  # the world begins in February: later accessions do not count

LAYERS = {
    "atop_defense": "defence",
    "atop_consul": "consultation",
    "atop_nonagg": "nonaggression",
}
# ATOP ends in 2018. The friendship treaty of 1997 lapsed on 1 April 2019 (recalled), and a
# pact between the two belligerents pulls nobody.
LAPSED = {("RUS", "UKR")}


def build_memberships(folder: Path) -> pd.DataFrame:
    """Return who belongs to which institution on 21 February 2022.

    `share` is 1 for a state; for REU it is the share of its GDP that its members in the
    institution hold, and `from_year` is the earliest of theirs. ROW belongs to none. EU_LAW
    gathers the members of the EU and those that take over its restrictive measures.
    """
    table = read_raw(folder, "alliances/memberships_hand.csv")
    table["institution"] = table.organisation.str.upper()
    members = table[table.institution == "EU"]
    others = pd.DataFrame({"iso3": list(FOLLOW_EU), "from_year": list(FOLLOW_EU.values())})
    table = pd.concat([table, *(part.assign(institution="EU_LAW") for part in (members, others))])
    table["state"] = [state_of(code) for code in table.iso3]
    current = (table.from_year < START) & (table.to_year.isna() | (table.to_year >= START))
    table = table[current & table.institution.isin(INSTITUTIONS) & (table.state != "ROW")]
    table = table.assign(share=table.iso3.map(_weight_in_state(folder)))
    rows = table.groupby(["state", "institution"], as_index=False).agg(
        from_year=("from_year", "min"), share=("share", "sum")
    )
    rows["share"] = rows.share.round(4)
    rows["status"] = "recalled"
    rows["source"] = "typed by hand"
    checked = rows.institution.isin(["EU", "NATO"])
    rows.loc[checked, "source"] = "typed by hand; set of members cross-checked, year not"
    return _in_order(rows, "state", rows.institution.map(INSTITUTIONS.index))


def build_pacts(folder: Path) -> pd.DataFrame:
    """Return bilateral pledges in force in 2018, the last year of ATOP.

    A pledge with REU weighs the share of REU's GDP whose members hold it. ROW has none.
    """
    table = read_raw(folder, "alliances/atop5_dyads_2014_2016_2018.csv")
    table = table[table.year == 2018]
    weight = _weight_in_state(folder)
    rows = []
    for pledge in table.to_dict("records"):
        countries = pledge["iso3_1"], pledge["iso3_2"]
        pair = sorted(map(state_of, countries), key=CODES.index)
        if "ROW" in pair or pair[0] == pair[1] or countries in LAPSED:
            continue
        share = weight[countries[0]] * weight[countries[1]]
        rows += [(*pair, layer, share) for field, layer in LAYERS.items() if pledge[field]]
    pacts = pd.DataFrame(rows, columns=["state_a", "state_b", "layer", "weight"])
    pacts = pacts.groupby(["state_a", "state_b", "layer"], as_index=False).agg({"weight": "sum"})
    pacts["weight"] = pacts.weight.round(4)
    aggregate = (pacts.state_a == "REU") | (pacts.state_b == "REU")
    pacts["year"] = 2018
    pacts["status"] = aggregate.map({True: "derived", False: "read"})
    pacts["source"] = "ATOP v5"
    return _in_order(pacts, "state_a", pacts.state_b.map(CODES.index))


def build_unfriendly(folder: Path) -> pd.DataFrame:
    """Return Russia's list of 48 unfriendly states, gathered by state of the world."""
    table = read_raw(folder, "timeline/russia_unfriendly_list_2022_03_07.csv")
    members = table.iso3.groupby(table.iso3.map(state_of))
    rows = pd.DataFrame(
        {"members": members.agg(" ".join), "status": "read", "listed": members.size()}
    )
    rows["source"] = "government order of 5 March 2022, as reported by ENR Law and Conan Daily"
    rows = rows.rename_axis("state").reset_index()
    return _in_order(rows[["state", "members", "status", "source", "listed"]], "state")


def _weight_in_state(folder: Path) -> dict[str, float]:
    """Share of each country in the GDP of its state: 1 unless it belongs to REU."""
    gdp = gdp_by_country(folder)[list(REST_OF_EU)]
    shares = gdp / gdp.sum()
    return dict.fromkeys(CODES, 1.0) | dict(zip(REST_OF_EU, shares, strict=True))


def _in_order(rows: pd.DataFrame, column: str, then: pd.Series | None = None) -> pd.DataFrame:
    """Sort rows in the order of the states, then by a second key."""
    keys = pd.DataFrame({"first": rows[column].map(CODES.index), "then": then})
    return rows.loc[keys.sort_values(["first", "then"], kind="stable").index]
