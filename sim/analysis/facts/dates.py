"""Facts on dates: who acted when, and when Russia answered."""

from __future__ import annotations

from datetime import date

import numpy as np

from sim.analysis.facts.evidence import G7, Evidence
from sim.analysis.facts.ledger import TRUE, YES_OR_NO, Claim, Fact
from sim.analysis.facts.watched import RUSSIA
from sim.arrays import Floats

INVASION = date(2022, 2, 24)
TWO_WEEKS_ON = date(2022, 3, 10)
FUELS = ("coal_import_ban", "oil_import_ban", "gas_import_ban")
GAS = 2  # on the axis of `World.energy_share`: coal, oil, gas
ANNOUNCED = ("measure", "council")
TIMELINE = "timeline.csv of the world of March 2022, from the pages named in its rows"
ESTIMATED = "the rule is estimated on these dates"


def day_of(evidence: Evidence, when: date) -> int:
    """Return a date as a day of the run."""
    return (when - evidence.setting.start).days


def g7_has_acted(evidence: Evidence) -> Floats:
    """Return the days from the invasion to the first deed of the last of the G7."""
    setting = evidence.setting
    deeds = {act.measure.code for act in setting.acts if not act.measure.is_diplomacy}
    against = [code for code in deeds if _is_aimed_at_russia(evidence, code)]
    days = np.stack([evidence.announced(code, *against) for code in G7])
    return days.max(axis=0) - day_of(evidence, INVASION)


def _is_aimed_at_russia(evidence: Evidence, code: str) -> bool:
    return (code, RUSSIA) in ((act.measure.code, act.target) for act in evidence.setting.acts)


def leaders_frozen(evidence: Evidence) -> Floats:
    """Return the days from the invasion to the last of the G7 that freezes leaders' assets."""
    days = np.stack([evidence.announced(code, "leader_asset_freeze") for code in G7])
    return days.max(axis=0) - day_of(evidence, INVASION)


def swift_lag(evidence: Evidence) -> Floats:
    """Return the days from the EU's first exclusion from SWIFT to its effect."""
    watched = evidence.watched
    lags = []
    for run in range(len(watched.events)):
        rows = watched.matching(run, ANNOUNCED, "EU", "swift_exclusion")
        rows = [row for row in rows if row["target"] == RUSSIA]
        lags.append(
            (date.fromisoformat(rows[0]["effective"]) - date.fromisoformat(rows[0]["date"])).days
            if rows
            else np.inf
        )
    return np.array(lags, dtype=np.float64)


def refining_order(evidence: Evidence) -> Floats:
    """Return where the EU banned oil-refining equipment before the USA, and it before Japan."""
    eu, usa, japan = (
        evidence.announced(code, "oil_refining_export_ban") for code in ("DEU", "USA", "JPN")
    )
    return ((eu < usa) & (usa < japan)).astype(np.float64)


def energy_delay(evidence: Evidence) -> Floats:
    """Return the days by which the EU's first energy ban followed the last of CAN, GBR and USA."""
    others = [evidence.announced(code, *FUELS) for code in ("CAN", "GBR", "USA")]
    council = evidence.announced("DEU", "coal_import_ban", "oil_import_ban")
    with np.errstate(invalid="ignore"):  # never less never
        return council - np.max(others, axis=0)


def gas_dependence(evidence: Evidence) -> Floats:
    """Return the Russian share in the gas imports of those who banned gas, less the others'."""
    codes = evidence.setting.sender_codes
    share = evidence.world.energy_share[evidence.setting.senders, GAS]
    banned = np.isfinite(np.stack([evidence.announced(code, "gas_import_ban") for code in codes]))
    return np.array(
        [
            share[acted].mean() - share[~acted].mean() if 0 < acted.sum() < acted.size else np.nan
            for acted in banned.T
        ]
    )


def list_delay(evidence: Evidence) -> Floats:
    """Return the days from the first deed against Russia to its list of unfriendly states."""
    runs, menu = evidence.ensemble(), evidence.setting.menu
    against = menu.deeds & (menu.aimed_at == evidence.watched.russia)
    days = runs.announced[: evidence.number_watched][:, :, against]
    first = np.where(days < 0, np.inf, days).min(axis=(1, 2))
    return evidence.watched.first(("countermeasure",), RUSSIA, "unfriendly_list") - first


def early_answers(evidence: Evidence) -> Floats:
    """Return how many kinds of countermeasures Russia took within two weeks of the invasion."""
    watched, last = evidence.watched, day_of(evidence, TWO_WEEKS_ON)
    return np.array(
        [
            len(
                {
                    row["instrument"]
                    for row in watched.matching(run, ("countermeasure",), RUSSIA)
                    if row["day"] <= last
                }
            )
            for run in range(len(watched.events))
        ],
        dtype=np.float64,
    )


FACTS = (
    Fact(
        code="g7_acts",
        statement="Within days all of the G7 have taken measures: Canada, the United Kingdom, the "
        "United States and the EU on 22 February, Japan on 25 February.",
        source=TIMELINE,
        status="read",
        outcome="days from 24 February to the first deed of the last of the G7",
        unit="days",
        claim=Claim(-3.0, 7.0),
        fitted=True,
        basis=ESTIMATED,
        why="Each of five deciders waits for luck of its own; the last of them is at times late.",
        measure=g7_has_acted,
    ),
    Fact(
        code="leaders_frozen",
        statement="All of the G7 freeze the assets of Russia's leaders within days of the "
        "invasion: four of them on 25 February 2022, Japan as the last on 27 February.",
        source=f"{TIMELINE}; United Kingdom recalled",
        status="read",
        outcome="days from 24 February to the last of the G7",
        unit="days",
        claim=Claim(0.0, 7.0),
        fitted=True,
        basis=ESTIMATED,
        why="The median is four days; where the table of a day does not agree, the last of the "
        "five waits for luck of its own, at times for weeks.",
        measure=leaders_frozen,
    ),
    Fact(
        code="swift_lag",
        statement="Seven banks are cut off from SWIFT two weeks after the EU's word: 26 February, "
        "in effect on 12 March.",
        source=f"{TIMELINE}; day of effect recalled",
        status="read",
        outcome="days from the EU's announcement to the effect",
        unit="days",
        claim=Claim(7.0, 14.0),
        fitted=True,
        basis="the lag is a number of measures.csv, a median of the record's dates",
        why="",
        measure=swift_lag,
    ),
    Fact(
        code="refining_order",
        statement="The EU bans oil-refining equipment first (24 February), then the United States "
        "(2 March), then Japan (8 March).",
        source=TIMELINE,
        status="read",
        outcome="the EU before the United States before Japan",
        unit=YES_OR_NO,
        claim=TRUE,
        fitted=True,
        basis=f"{ESTIMATED}; one level a sender is all that orders the three",
        why="One level a sender is all that orders the three, and the United States has the "
        "highest; the EU was first in 2022 because refining stood in its second package.",
        measure=refining_order,
    ),
    Fact(
        code="energy_later",
        statement="Those who depend on Russian energy ban it later: Canada, the United States and "
        "the United Kingdom by 8 March, the EU on 7 April (coal).",
        source=TIMELINE,
        status="read",
        outcome="days from the last of the three to the EU's first ban on coal or oil",
        unit="days",
        claim=Claim(1.0, np.inf, sign=1),
        fitted=True,
        basis=ESTIMATED,
        why="Coal costs the EU little in the first year and comes early; luck spreads the three by "
        "weeks, so that in most runs one of them comes after it.",
        measure=energy_delay,
    ),
    Fact(
        code="gas_lighter",
        statement="Those who depend on Russian gas do not ban it; bans on it come from states that "
        "buy little (United States, Canada, Australia; the United Kingdom as a pledge).",
        source=TIMELINE,
        status="read",
        outcome="Russian share in gas imports of those who banned gas less that of the others",
        unit="",
        claim=Claim(-1.0, 0.0, sign=-1),
        fitted=True,
        basis=ESTIMATED,
        why="Sign right in most runs; luck decides in the rest.",
        measure=gas_dependence,
    ),
    Fact(
        code="unfriendly_list",
        statement="Russia lists unfriendly states about two weeks after the first measures: "
        "list of 5 March, published on 7 March, first measures on 21 and 22 February.",
        source=TIMELINE,
        status="read",
        outcome="days from the first deed against Russia to the list",
        unit="days",
        claim=Claim(7.0, 16.0),
        fitted=True,
        basis="ρ0 and the readiness of the list set with the dates in view",
        why="The median is right; a single draw of luck spreads it over two weeks.",
        measure=list_delay,
    ),
    Fact(
        code="early_answers",
        statement="Russia answers within two weeks: by 10 March policy rate, sale of export "
        "revenue, airspace, permits, debts in rubles, list, export bans.",
        source=f"{TIMELINE}; airspace recalled",
        status="read",
        outcome="kinds of countermeasures by 10 March; seven in the record",
        unit="answers",
        claim=Claim(5.0, 9.0),
        fitted=True,
        basis="ρ0 and the readiness of each answer set with the dates in view",
        why="Each answer waits for luck of its own.",
        measure=early_answers,
    ),
)
