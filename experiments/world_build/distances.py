"""Distances, borders, languages and colonial ties of the states of a world, pair by pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path

import pandas as pd

from world_build.origins import read_raw

AGGREGATES = ("REU", "ROW")


def build_distances(
    folder: Path,
    codes: Sequence[str],
    state_of: Callable[[str], str],
    gdp: pd.Series,
    targets: Sequence[str] = (),
) -> pd.DataFrame:
    """Return one row per pair of states, the first being the earlier of the two in `codes`.

    A pair with REU or ROW takes the mean over the pairs of members, weighted by the product of
    their GDP, so that `border`, `language` and `colony` are shares there. A language is common if
    it is official in both or spoken by 9 % in both; a colony is one of long standing, in which
    CEPII counts the republics of the Soviet Union.

    Parameters
    ----------
    codes : sequence of str
        The states of the world.
    state_of : callable
        From a country to its state.
    gdp : Series
        By country.
    targets : sequence of str
        Only pairs with one of these, if given: no run needs others.
    """
    geo = read_raw(folder, "distance/cepii_geodist_cut.csv")
    geo = geo.assign(weight=geo.iso_o.map(gdp) * geo.iso_d.map(gdp)).dropna(subset=["weight"])
    geo["language"] = geo[["comlang_off", "comlang_ethno"]].max(axis=1)
    geo["pair"] = [(state_of(a), state_of(b)) for a, b in zip(geo.iso_o, geo.iso_d, strict=True)]
    rows = []
    for pair in combinations(codes, 2):
        if targets and not set(targets) & set(pair):
            continue
        members = geo[geo.pair == pair]
        if not len(members):
            raise ValueError(f"no distance between {pair[0]} and {pair[1]}")
        part = members.weight / members.weight.sum()
        rows.append(
            {
                "state_a": pair[0],
                "state_b": pair[1],
                "distance_km": round(float((members.distcap * part).sum())),
                "border": round(float((members.contig * part).sum()), 3),
                "language": round(float((members.language * part).sum()), 3),
                "colony": round(float((members.colony * part).sum()), 3),
                "status": "derived" if set(pair) & set(AGGREGATES) else "read",
            }
        )
    return pd.DataFrame(rows)
