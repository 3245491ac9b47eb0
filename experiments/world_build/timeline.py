"""The dated timeline: who announced what against whom on which day, and what nobody did.

One row per first act and per further round; a row with `not_by` says that the state is known not to
have acted by that day. Whatever has no row is unknown.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd

from world_build.origins import public_name, read_raw
from world_build.states import CODES, EU, REST_OF_EU, population_by_country

Record = dict[str, str]
COLUMNS = [
    "sender", "target", "instrument", "announced", "effective", "not_by", "announced_status",
    "effective_status", "individuals", "entities", "description", "source",
]  # fmt: skip
START = "2022-02-21"
RECORD_END = "2022-05-20"
MEMBERS = tuple(code for code in CODES if code in (*EU, "REU"))  # of the EU, as states here

# What a note says about the day announced and the day in force, '' for nothing; the first that
# is found counts.
DOUBTS = (
    ("leaders' conclusions and day in force recalled", "recalled", "recalled"),
    ("day in force recalled", "", "recalled"),
    ("day in force inferred", "", "inferred"),
    ("day in force read", "inferred", ""),
    ("announcement inferred", "inferred", ""),
    ("announcement not read", "inferred", ""),
    ("registration (recalled)", "recalled", ""),
    ("after (recalled)", "recalled", ""),
    ("into force (day recalled)", "recalled", ""),
    ("1 March (day recalled)", "recalled", ""),
    ("28 February (recalled)", "recalled", ""),
    ("day announced recalled", "recalled", ""),
    ("1 March (recalled)", "", "recalled"),
    ("May 2021 (recalled)", "recalled", ""),
    ("days of the law recalled", "", "recalled"),
    ("to 10 August inferred", "", "inferred"),
    ("month read, day recalled", "recalled", "recalled"),
    ("week read", "recalled", "recalled"),
    ("range recalled", "recalled", "recalled"),
    ("days recalled", "recalled", "recalled"),
    ("days within", "inferred", "inferred"),
    ("day inferred", "inferred", "inferred"),
    ("day recalled", "", "recalled"),
)
DOUBTFUL = re.compile(r"recalled|inferred|not read|day in force|days? within")

# The act of a state's gas importers is another than the ban that the Council decides on.
GAS_STOP = "gas_purchase_stop"
THROUGH_EU = "through the EU's act"
NONE_OF_ITS_OWN = "no act of its own before the EU's"
# Missing in the record; a government's pledge counts here as Poland's does there.
DUTCH_PLEDGE = {
    "sender": "NLD",
    "target": "RUS",
    "instrument": GAS_STOP,
    "announced": "2022-04-22",
    "effective": "2022-12-31",
    "announced_status": "read",
    "effective_status": "read",
    "description": "pledge: no Russian gas by the end of 2022; buyer undecided on rubles",
    "source": "DutchNews 22 April 2022; A News 22 April 2022",
}

ANSWERING = ("RUS", "BLR", "CHN")
OLDER_ONLY = ("territorial_embargo", "euro_banknote_ban")  # outside the record's grid
ANSWERS = {
    "airspace_ban": "airspace_closure",
    "capital_control": "capital_controls",
    "export_ban": "goods_export_ban",
    "import_ban": "food_import_ban",
    "ruble_gas": "gas_for_rubles",
}
PERMITS = ("RUS", "unfriendly", "capital_control", "2022-03-01")
SAME_ACT_DAYS = 2  # two tables that date an answer this near tell of the same act
STATUS = {"yes": "read", "recalled": "recalled"}


def build_timeline(folder: Path) -> pd.DataFrame:
    """Return dated acts, one instrument a row, by day announced, then what was not done.

    A day is `read` where a page gives it, else `recalled` or `inferred`; an empty effective day
    is unknown. An act older than the run keeps its old day. New Zealand, no state of this world,
    is left out.
    """
    rounds = [
        raw for raw in _records(folder, "record/waves.csv") if raw["sender"] in ("EU", *CODES)
    ]
    acts = _first_acts(folder, rounds)
    first = {_key(row): row["announced"] for row in acts if "announced" in row}
    rows = [
        *acts,
        *_acts_of_the_rest(folder),
        DUTCH_PLEDGE,
        *_gas_not_stopped(folder),
        *_coal_not_banned(acts),
        *_further_rounds(rounds, first),
        *_answers(folder),
    ]
    table = pd.DataFrame(rows, columns=COLUMNS).fillna("")
    table["undone"] = table.announced == ""
    order = ["undone", "announced", "sender", "target", "instrument"]
    return table.sort_values(order, kind="stable")[COLUMNS]


def _records(folder: Path, name: str) -> list[Record]:
    table = read_raw(folder, name).fillna("")
    columns = [str(column) for column in table.columns]
    return [dict(zip(columns, map(_text, cells), strict=True)) for cells in table.to_numpy()]


def _text(cell: object) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _first_acts(folder: Path, rounds: list[Record]) -> list[Record]:
    """Return first acts and what was not done, of senders of this world and of the EU.

    The round that is the first act gives its numbers, and its words where the note is empty; it
    is taken out of `rounds`.
    """
    rows = []
    for raw in _grid(folder):
        if raw["sender"] == "EU" and raw["instrument"] == "condemnation":
            # Everybody condemns for himself: the conclusions are those of all members.
            rows += [_act(raw) | {"sender": member} for member in MEMBERS]
        elif raw["sender"] == "EU" or raw["sender"] in CODES:
            rows.append(_act(raw))
    for row in rows:
        first = next((raw for raw in rounds if _is_same(raw, row)), None)
        if first:
            rounds.remove(first)
            row |= {"individuals": first["individuals"], "entities": first["entities"]}
            row["description"] = row["description"] or _described(first["description"])
    return rows


def _grid(folder: Path) -> list[Record]:
    rows = [raw for raw in _records(folder, "record/adoptions.csv") if raw["status"] != "unknown"]
    for raw in rows:
        if raw["sender"] in EU and raw["instrument"] == "gas_import_ban":
            raw["instrument"] = GAS_STOP
    return rows


def _act(raw: Record) -> Record:
    row = {name: raw[name] for name in ("sender", "target", "instrument")}
    if raw["status"] == "never_by":
        silence = {"announced_status": raw["confidence"], "source": "silence of the sources read"}
        return row | {"not_by": raw["never_by"]} | silence
    note = raw["note"]
    if note == THROUGH_EU:
        return row | {
            "not_by": raw["first_announced"],
            "announced_status": "inferred",
            "description": NONE_OF_ITS_OWN,
            "source": public_name(raw["source"]),
        }
    announced, effective = _statuses(note, raw["confidence"])
    return row | _days(raw["first_announced"], raw["first_effective"], announced, effective) | {
        "description": _described(note, raw["first_announced"]),
        "source": public_name(raw["source"]),
    }  # fmt: skip


def _days(announced: str, effective: str, status: str, effective_status: str) -> Record:
    """Return the cells of the two days; an act made public later counts from that day."""
    return {
        "announced": announced,
        "effective": max(effective, announced) if effective else "",
        "announced_status": status,
        "effective_status": effective_status if effective else "",
    }


def _statuses(note: str, confidence: str) -> tuple[str, str]:
    for words, announced, effective in DOUBTS:
        if words in note and confidence == "read":
            return announced or confidence, effective or confidence
    return confidence, confidence


def _described(note: str, announced: str = "") -> str:
    """Return a note without its marks: tags become a word, doubts stand in the status columns."""
    before = re.search(r"\[prewar ([\d-]+)", note)
    tags = re.findall(r"\[(partial|pledge|scope|host|statement)\]", note)
    text = re.sub(r"\[[^]]*\]\s*| \(days?[^()]*\)", "", note)
    parts = [
        part
        for part in text.split("; ")
        if part and not DOUBTFUL.search(re.sub(r"\([^()]*\)", "", part))
    ]
    if before and announced >= START:
        parts.append(f"earlier act {before[1]}")
    words = "; ".join(parts)
    return ": ".join([*tags, words] if words else tags)


def _is_same(raw: Record, row: Record) -> bool:
    """Return whether a round is the first act: announced, or failing that in force, that day."""
    if _key(raw) != _key(row) or not row.get("announced"):
        return False
    announced = raw["announced"] == row["announced"]
    return announced or raw["effective"] == row["effective"] != ""


def _key(row: Record) -> tuple[str, str, str]:
    return row["sender"], row["target"], row["instrument"]


def _acts_of_the_rest(folder: Path) -> list[Record]:
    """Return acts of the rest of the EU, done when members with most of its people had."""
    population = population_by_country(folder)[list(REST_OF_EU)]
    acts = [raw for raw in _grid(folder) if raw["sender"] in REST_OF_EU]
    rows = []
    for target, instrument in sorted({(raw["target"], raw["instrument"]) for raw in acts}):
        own = [
            raw
            for raw in acts
            if (raw["target"], raw["instrument"]) == (target, instrument)
            and raw["note"] != THROUGH_EU
        ]
        announced, effective = (
            _majority_day({raw["sender"]: raw[day] for raw in own}, population)
            for day in ("first_announced", "first_effective")
        )
        if announced:
            row = {"sender": "REU", "target": target, "instrument": instrument}
            rows.append(row | _days(announced, effective, "inferred", "inferred") | {
                "description": "Members with more than half of the population",
                "source": own[0]["source"],
            })  # fmt: skip
    return rows


def _majority_day(days: dict[str, str], population: pd.Series) -> str:
    """Return the day by which countries with more than half of the population were in, or ''."""
    done = 0.0
    for country in sorted(days, key=lambda name: days[name]):
        done += population[country]
        if done > population.sum() / 2.0:
            return days[country]
    return ""


def _gas_not_stopped(folder: Path) -> list[Record]:
    """Members whose buyers paid in rubles or were undecided had not stopped buying."""
    buying: dict[str, list[Record]] = {}
    for raw in _records(folder, "record/gas.csv"):
        if raw["state"] in MEMBERS and raw["decision"] in ("accepted", "undecided"):
            buying.setdefault(raw["state"], []).append(raw)
    buying.pop(DUTCH_PLEDGE["sender"], None)
    return [
        _not_by(
            state,
            GAS_STOP,
            RECORD_END,
            ", ".join(f"{raw['company']} {raw['decision']}" for raw in raws),
            "; ".join(public_name(raw["source"]) for raw in raws if raw["source"]),
        )
        for state, raws in buying.items()
    ]


def _coal_not_banned(acts: list[Record]) -> list[Record]:
    """Until the EU's act Poland alone is known to have banned coal by itself.

    Inferred from silence for the large members and for Hungary; Lithuania is unknown.
    """
    passed = next(row["announced"] for row in acts if _key(row) == ("EU", "RUS", "coal_import_ban"))
    members = ("FRA", "DEU", "ITA", "HUN", "NLD")
    return [_not_by(state, "coal_import_ban", passed, NONE_OF_ITS_OWN) for state in members]


def _not_by(state: str, instrument: str, day: str, words: str, source: str = "") -> Record:
    return {
        "sender": state,
        "target": "RUS",
        "instrument": instrument,
        "not_by": day,
        "announced_status": "inferred",
        "description": words,
        "source": source or "silence of the sources read",
    }


def _further_rounds(rounds: list[Record], first: dict[tuple[str, str, str], str]) -> list[Record]:
    """Return the rounds that follow a first act, whose days are given.

    Canada's have no day of announcement: they count from the day in force. A round before the
    first act of the grid belongs to another matter (the Crimean elections) and is left out.
    """
    rows = []
    for raw in rounds:
        announced = raw["announced"] or raw["effective"]
        if announced < first.get(_key(raw), ""):
            continue
        status, effective_status = _statuses(raw["description"], raw["confidence"])
        status = status if raw["announced"] else "inferred"
        days = _days(announced, raw["effective"], status, effective_status)
        kept = ("sender", "target", "instrument", "individuals", "entities")
        words = {
            "description": _described(raw["description"]),
            "source": public_name(raw["source"]),
        }
        rows.append({name: raw[name] for name in kept} | days | words)
    return rows


def _answers(folder: Path) -> list[Record]:
    """Return what Russia, Belarus and China did, and two acts outside the record's grid.

    Where both tables date an act, the newer one counts.
    """
    newer = _records(folder, "record/countermeasures.csv")
    older = [
        raw
        for raw in _records(folder, "timeline/sanctions_timeline.csv")
        if raw["sender"] in ANSWERING or raw["instrument"] in OLDER_ONLY
    ]
    told = [raw for raw in older if not any(_is_same_answer(raw, other) for other in newer)]
    return [_answer(raw) for raw in (*told, *newer)]


def _is_same_answer(one: Record, other: Record) -> bool:
    days = [date.fromisoformat(raw["date_announced"]) for raw in (one, other)]
    return _key(one) == _key(other) and abs((days[0] - days[1]).days) <= SAME_ACT_DAYS


def _answer(raw: Record) -> Record:
    target, instrument = raw["target"], raw["instrument"]
    if raw["sender"] in ANSWERING:
        instrument = ANSWERS.get(instrument, instrument)
    if (*_key(raw), raw["date_announced"]) == PERMITS:
        instrument = "deal_permits"
    days = _days(
        raw["date_announced"],
        raw["date_effective"],
        STATUS[raw["announced_verified"]],
        STATUS.get(raw["effective_verified"], ""),
    )
    return days | {
        "sender": raw["sender"],
        "target": "REU" if target in REST_OF_EU else target,
        "instrument": instrument,
        "description": raw["measure"],
        "source": public_name(raw["source_title"]),
    }
