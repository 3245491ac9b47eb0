"""Who met whom on which day: leaders, ministers and officials."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from world_build.origins import public_name, read_raw
from world_build.states import CODES, EU, REST_OF_EU, SENDERS, population_by_country

G7 = {"USA", "CAN", "GBR", "FRA", "DEU", "ITA", "JPN"}
QUAD = {"USA", "JPN", "AUS", "IND"}
GUESTS = {"EU", "NATO", "UKR"}  # whose presence leaves a meeting of the G7 one
MOST_OF_NATO = 25
STATUS = {"yes": "read", "recalled": "recalled"}


def build_meetings(folder: Path) -> pd.DataFrame:
    """Return the meetings with at least two participants that are senders here, by date.

    The EU stands for all its members. REU takes part where members with more than half of its
    population do (NATO); a smaller member alone, organisations, and states of no row of their own
    are dropped.
    """
    population = population_by_country(folder)[list(REST_OF_EU)]
    rows = []
    for raw in read_raw(folder, "record/meetings.csv").to_dict("records"):
        present = set(raw["participants"].split(";"))
        states = _as_states(present, population)
        if len({"EU", *SENDERS} & set(states)) < 2 and not set(EU) <= present:
            continue
        rows.append(
            {
                "date": raw["date_start"],
                "last_date": raw["date_end"],
                "forum": _forum(present, states),
                "level": raw["level"],
                "participants": " ".join(states),
                "status": STATUS[raw["verified"]],
                "source": public_name(raw["source_title"]),
            }
        )
    return pd.DataFrame(rows).sort_values(["date", "last_date"], kind="stable")


def _as_states(present: set[str], population: pd.Series) -> list[str]:
    if "EU" in present:
        present = present - set(EU)
    elif population[[code for code in REST_OF_EU if code in present]].sum() > population.sum() / 2:
        present = present | {"REU"}
    return [code for code in ("EU", *CODES) if code in present]


def _forum(present: set[str], states: list[str]) -> str:
    if set(EU) <= present:
        return "EU"
    if "NATO" in present and len(present) > MOST_OF_NATO:
        return "NATO"
    if present - GUESTS == G7:
        return "G7"
    if present == QUAD:
        return "QUAD"
    return "BILATERAL" if len(states) == 2 else "ALLIES"
