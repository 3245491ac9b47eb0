"""The dated record: who announced what against whom on which day, as the world names it.

Two kinds of table are read: that of a world folder (`timeline.csv`) and the raw one it is made
from, whose columns are `date_announced`, `announced_verified` and `measure`.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sim.errors import InputError
from sim.setting import Setting
from sim.world.tables import Column, Row, read_table

WORLD_COLUMNS = {"announced": "announced", "status": "announced_status", "text": "description"}
RAW_COLUMNS = {"announced": "date_announced", "status": "announced_verified", "text": "measure"}
CALLED = {"export_control_dualuse": "dual_use_export_ban", "import_ban": "goods_import_ban"}
ANY_FUEL = "energy_import_ban"  # its text says which
FUELS = {
    "coal_import_ban": re.compile(r"\bcoal\b", re.IGNORECASE),
    "oil_import_ban": re.compile(r"\b(oil|petroleum|crude)\b", re.IGNORECASE),
    "gas_import_ban": re.compile(r"\b(gas|lng)\b", re.IGNORECASE),
}


class Dated(NamedTuple):
    """One announcement.

    Attributes
    ----------
    actor : str
        A sender, or the union whose council decided.
    target, instrument : str
    day : int
        Days since the start of the run.
    recalled : bool
        The date rests on memory.
    """

    actor: str
    target: str
    instrument: str
    day: int
    recalled: bool


class LeftOut(NamedTuple):
    """A row that is not used, in few words, and why."""

    row: str
    why: str


@dataclass(frozen=True, slots=True)
class Record:
    """What the rows of a timeline come to in a setting.

    Attributes
    ----------
    dated : tuple of Dated, by day
    without_day : frozenset of (actor, target, instrument)
        Acts of an unknown day or from before the start: nobody is at risk of them.
    left_out : tuple of LeftOut
    last_day : int
        Of the latest announcement that is used: the record is silent on what came after.
    """

    dated: tuple[Dated, ...]
    without_day: frozenset[tuple[str, str, str]]
    left_out: tuple[LeftOut, ...]
    last_day: int

    @property
    def actors(self) -> tuple[str, ...]:
        """Who announces anything, in alphabetical order."""
        return tuple(sorted({row.actor for row in self.dated}))

    @property
    def acts(self) -> frozenset[tuple[str, str]]:
        """What anybody announces, as (instrument, target)."""
        return frozenset((row.instrument, row.target) for row in self.dated)


def read_record(path: Path, setting: Setting) -> Record:
    """Return the announcements of a timeline that a setting knows.

    Parameters
    ----------
    path : Path
        A CSV in one of the two forms.
    setting : Setting
        Its senders, councils, acts and days are what a row can name.

    Raises
    ------
    InputError
        No such file, a missing column, a date that is none, or no row that can be used.
    """
    dated: list[Dated] = []
    without_day: set[tuple[str, str, str]] = set()
    left_out: list[LeftOut] = []
    for row in _rows(path):
        for instrument in _instruments(row):
            key = (row["sender"], row["target"], instrument)
            day = None if row["announced"] is None else (row["announced"] - setting.start).days
            why = _misfit(setting, *key) or _off_the_run(day, setting.n_days)
            if why:
                left_out.append(LeftOut(_in_words(row), why))
            if why.startswith(("no date", "before")):
                without_day.add(key)
            if not why and day is not None:
                dated.append(Dated(*key, day, row["status"] == "recalled"))
    if not dated:
        raise InputError(
            f"{path}: no row names a sender, a measure and a target of this run on one of its "
            f"days; senders are {', '.join(actors_of(setting))}"
        )
    dated.sort(key=lambda row: row.day)
    return Record(tuple(dated), frozenset(without_day), tuple(left_out), dated[-1].day)


def actors_of(setting: Setting) -> tuple[str, ...]:
    """Return who can announce: senders, and unions whose council decides."""
    unions = (council.institution.code for council in setting.councils)
    return (*setting.sender_codes, *unions)


def _rows(path: Path) -> list[Row]:
    """Return the rows under the names used here, whichever form the table has."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such timeline; give a CSV file")
    with path.open(newline="", encoding="utf-8") as stream:
        header = next(csv.reader(stream), [])
    names = RAW_COLUMNS if RAW_COLUMNS["announced"] in header else WORLD_COLUMNS
    if names["announced"] not in header:
        raise InputError(
            f"{path}, row 1: column 'date_announced' is missing from the header "
            f"(found: {', '.join(header) or 'nothing'})"
        )
    word = Column(default="", optional=True)
    columns = {name: Column() for name in ("sender", "target", "instrument")}
    columns |= {names["announced"]: Column("date", optional=True)}
    columns |= {names["status"]: word, names["text"]: word}
    rows = read_table(path, columns)
    return [row | {ours: row[theirs] for ours, theirs in names.items()} for row in rows]


def _instruments(row: Row) -> list[str]:
    """Return the instrument in the world's words; a ban of energy is one of each fuel it names."""
    name: str = row["instrument"]
    if name == ANY_FUEL:
        fuels = [code for code, word in FUELS.items() if word.search(row["text"] or "")]
        return fuels or [name]
    return [CALLED.get(name, name)]


def _misfit(setting: Setting, actor: str, target: str, instrument: str) -> str:
    if actor not in actors_of(setting):
        return f"'{actor}' is no sender of this run"
    if not any(act.measure.code == instrument for act in setting.acts):
        return f"'{instrument}' is no measure of this run"
    if not any((a.measure.code, a.target) == (instrument, target) for a in setting.acts):
        return f"the measure is not aimed at '{target}' in this run"
    if actor in setting.sender_codes:
        seat = setting.sender_codes.index(actor)
        council = setting.menu.council_of[seat, setting.find_act(instrument, target)]
        if council >= 0:
            return f"for '{actor}' {setting.councils[council].institution.code} decides on it"
    return ""


def _off_the_run(day: int | None, n_days: int) -> str:
    if day is None:
        return "no date"
    if day < 0:
        return "before the first day of the run"
    return "after the last day of the run" if day >= n_days else ""


def _in_words(row: Row) -> str:
    return f"{row['sender']} {row['instrument']} {row['target']} {_day_in_words(row['announced'])}"


def _day_in_words(when: date | None) -> str:
    return "undated" if when is None else when.isoformat()
