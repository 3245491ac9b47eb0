"""Memberships and pacts of 2014."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from world_build.crimea_2014.states import CODES, gdp_weights, state_of
from world_build.origins import read_raw
from world_build.states import REST_OF_EU
from world_build.ties import LAYERS

# Institutions of February 2014 with two members in this world or more. Russia's seat in the G8
# was suspended in March: the seven consult without it. CSTO and the customs union have only
# Russia here, QUAD slept, BRICS decides no sanctions.
INSTITUTIONS = ("EU", "G7", "NATO", "SCO")
START = 2014


def build_memberships(folder: Path) -> pd.DataFrame:
    """Return who belongs to which institution on 24 February 2014; columns as in 2022."""
    table = read_raw(folder, "alliances/memberships_hand.csv")
    table["institution"] = table.organisation.str.upper()
    table["state"] = [state_of(code) for code in table.iso3]
    current = (table.from_year < START) & (table.to_year.isna() | (table.to_year >= START))
    table = table[current & table.institution.isin(INSTITUTIONS) & (table.state != "ROW")]
    table = table.assign(share=table.iso3.map(_weights(folder)))
    rows = table.groupby(["state", "institution"], as_index=False).agg(
        from_year=("from_year", "min"), share=("share", "sum")
    )
    rows["share"] = rows.share.round(4)
    rows["status"] = "recalled"
    rows["source"] = "typed by hand"
    checked = rows.institution.isin(["EU", "NATO"])
    rows.loc[checked, "source"] = "typed by hand; set of members cross-checked, year not"
    order = pd.DataFrame(
        {"a": rows.state.map(CODES.index), "b": rows.institution.map(INSTITUTIONS.index)}
    )
    return rows.loc[order.sort_values(["a", "b"], kind="stable").index]


def build_pacts(folder: Path) -> pd.DataFrame:
    """Return bilateral pledges in force in 2014; REU weighs by GDP, ROW has none."""
    table = read_raw(folder, "alliances/atop5_dyads_2014_2016_2018.csv")
    table = table[table.year == START]
    weight = _weights(folder)
    rows = []
    for pledge in table.to_dict("records"):
        countries = pledge["iso3_1"], pledge["iso3_2"]
        pair = sorted(map(state_of, countries), key=CODES.index)
        if "ROW" in pair or pair[0] == pair[1]:
            continue
        share = weight[countries[0]] * weight[countries[1]]
        rows += [(*pair, layer, share) for field, layer in LAYERS.items() if pledge[field]]
    pacts = pd.DataFrame(rows, columns=["state_a", "state_b", "layer", "weight"])
    pacts = pacts.groupby(["state_a", "state_b", "layer"], as_index=False).agg({"weight": "sum"})
    pacts["weight"] = pacts.weight.round(4)
    aggregate = (pacts.state_a == "REU") | (pacts.state_b == "REU")
    pacts["year"] = START
    pacts["status"] = aggregate.map({True: "derived", False: "read"})
    pacts["source"] = "ATOP v5"
    order = pd.DataFrame({"a": pacts.state_a.map(CODES.index), "b": pacts.state_b.map(CODES.index)})
    return pacts.loc[order.sort_values(["a", "b"], kind="stable").index]


def _weights(folder: Path) -> dict[str, float]:
    """Share of each country in the GDP of its state: 1 unless it belongs to REU."""
    gdp = gdp_weights(folder)[list(REST_OF_EU)]
    shares = gdp / gdp.sum()
    return dict.fromkeys(CODES, 1.0) | dict(zip(REST_OF_EU, shares, strict=True))
