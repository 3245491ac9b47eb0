"""The dated record: who announced what against whom on which day, and who is known not to have.

Three kinds of table are read: that of a world folder (`announced`, `not_by`), the raw one of
announcements (`date_announced`, `announced_verified`, `measure`), and the complete grid of senders,
targets and instruments (`status`, `first_announced`, `never_by`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sim.csv_table import read_csv
from sim.errors import InputError
from sim.setting import Setting
from sim.world.catalogue import ALL_SENDERS
from sim.world.tables import Column, Row, read_table

# What each form calls the columns that are used here.
OURS = ("announced", "not_by", "status", "text")
FORMS = (
    ("first_announced", "never_by", "confidence", "note"),
    ("date_announced", "not_by", "announced_verified", "measure"),
    ("announced", "not_by", "announced_status", "description"),
)
CALLED = {"export_control_dualuse": "dual_use_export_ban", "import_ban": "goods_import_ban"}
ANY_FUEL = "energy_import_ban"  # its text says which
FUELS = {
    "coal_import_ban": re.compile(r"\bcoal\b", re.IGNORECASE),
    "oil_import_ban": re.compile(r"\b(oil|petroleum|crude)\b", re.IGNORECASE),
    "gas_import_ban": re.compile(r"\b(gas|lng)\b", re.IGNORECASE),
}
NOT_READ = ("recalled", "inferred")
Cell = tuple[str, str, str]  # actor, target, instrument


class Known(NamedTuple):
    """What one row knows of a cell of the grid."""

    actor: str  # a sender, the union whose council decided, or all senders together
    target: str
    instrument: str
    day: int | None  # of an announcement, in days since the start of the run
    # Day by which nothing had been announced; None where there is an announcement.
    not_by: int | None
    recalled: bool  # the date was not read in a source

    @property
    def cell(self) -> Cell:
        """Actor, target and instrument."""
        return self.actor, self.target, self.instrument


class Dated(NamedTuple):
    """One announcement: the first of its cell, or a further wave."""

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
    """What is known of the cells of the grid: actor, target, instrument."""

    dated: tuple[Dated, ...]  # every announcement on a day of the run
    # Last day on which a cell without announcement is known not to have been announced.
    not_by: dict[Cell, int]
    # Announced before the run or on a day that is not known: nobody is at risk of them.
    before: frozenset[Cell]
    left_out: tuple[LeftOut, ...]
    last_day: int  # the record is silent on what came after
    # Whether the table says what was not announced. Where it does, a cell without a row is unknown;
    # where it does not, its actors are held not to have announced, by the last day, what others
    # have and they have not.
    is_grid: bool

    @classmethod
    def of(cls, known: Iterable[Known], left_out: tuple[LeftOut, ...] = ()) -> Record:
        """Return the record that rows add up to."""
        known = list(known)
        dated = [Dated(*row.cell, row.day, row.recalled) for row in known if row.day is not None]
        before = {row[:3] for row in dated if row.day < 0}
        before |= {row.cell for row in known if row.day is None and row.not_by is None}
        dated = sorted((row for row in dated if row.day >= 0), key=lambda row: row.day)
        done = before | {row[:3] for row in dated}
        not_by: dict[Cell, int] = {}
        for row in known:
            if row.not_by is not None and row.cell not in done:
                # All senders together have not acted before the last of them is known not to have.
                not_by[row.cell] = max(row.not_by, not_by.get(row.cell, -1))
        days = [row.day for row in dated] + list(not_by.values())
        is_grid = any(row.not_by is not None for row in known)
        return cls(tuple(dated), not_by, frozenset(before), left_out, max(days), is_grid)

    @property
    def actors(self) -> tuple[str, ...]:
        """Who the record knows anything of, in alphabetical order."""
        return tuple(sorted({row.actor for row in self.dated} | {cell[0] for cell in self.not_by}))

    @property
    def acts(self) -> frozenset[tuple[str, str]]:
        """What anybody announces, as (instrument, target)."""
        return frozenset((row.instrument, row.target) for row in self.dated)

    def at_risk_to(self, cell: Cell) -> int:
        """Return the last day on which an actor without announcement is at risk; -1 for never."""
        if cell in self.before:
            return -1
        if not self.is_grid:
            return self.last_day if cell[:0:-1] in self.acts else -1
        if any(row[:3] == cell for row in self.dated):
            return self.last_day
        return self.not_by.get(cell, -1)


def read_record(path: Path, setting: Setting) -> Record:
    """Return the record of a timeline, in a setting.

    Parameters
    ----------
    path : Path
        A CSV in one of the three forms.
    setting : Setting
        Its senders, councils, acts and days are what a row can name.

    Raises
    ------
    InputError
        No such file, a missing column, a date that is none, or no row that can be used.
    """
    return Record.of(*_known(path, setting))


def laid_over(own: Path, later: Path, until: int, setting: Setting) -> Record:
    """Return the record that has one timeline up to a day and another one after it.

    Nothing that the first says of later days is used, not even that nothing was announced. Where
    the second does not say what was not announced, cells that the first knows are taken not to have
    been by the second's last day, for what anybody announces.

    Parameters
    ----------
    until : int
        Last day of the first.

    Raises
    ------
    InputError
        As `read_record`.
    """
    before, _ = _known(own, setting)
    after, left_out = _known(later, setting)
    known = [row for row in before if row.day is not None or row.not_by is not None]
    kept = [row if row.day is not None and row.day <= until else _silent(row, until)
            for row in known]  # fmt: skip
    if not any(row.not_by is not None for row in after):
        last = max(row.day for row in after if row.day is not None)
        acts = {row.cell[1:] for row in (*kept, *after) if row.day is not None and row.day >= 0}
        kept = [row._replace(not_by=last) if row.day is None and row.cell[1:] in acts else row
                for row in kept]  # fmt: skip
    return Record.of([*kept, *after], left_out)


def _silent(row: Known, until: int) -> Known:
    """Return what a row says of the days up to one on which nothing was announced yet."""
    known = until if row.not_by is None else min(row.not_by, until)
    return row._replace(day=None, not_by=known)


def _known(path: Path, setting: Setting) -> tuple[list[Known], tuple[LeftOut, ...]]:
    """Return the rows of a timeline that a setting knows, and those that it does not."""
    known: list[Known] = []
    left_out: list[LeftOut] = []
    for row in timeline_rows(path):
        for instrument in _instruments(row):
            actor, target = row["sender"], row["target"]
            why = _misfit(setting, actor, target, instrument)
            if not why:
                found = _in_days(row, setting, (_actor(setting, actor, instrument), target,
                                                instrument))  # fmt: skip
                known.append(found)
                why = _off_the_run(found, row)
            if why:
                left_out.append(LeftOut(_in_words(row), why))
    if not any(row.day is not None and row.day >= 0 for row in known):
        raise InputError(
            f"{path}: no row names a sender, a measure and a target of this run on one of its "
            f"days; senders are {', '.join(actors_of(setting))}"
        )
    return known, tuple(left_out)


def _in_days(row: Row, setting: Setting, cell: Cell) -> Known:
    """Return a row in days of the run; what lies after its end was not announced by its end."""
    last = setting.n_days - 1
    day, not_by = (
        None if row[name] is None else (row[name] - setting.start).days
        for name in ("announced", "not_by")
    )
    if day is not None and day > last:
        day, not_by = None, last
    if day is not None:
        not_by = None
    elif not_by is not None:
        not_by = min(not_by, last) if not_by >= 0 else None
    return Known(*cell, day, not_by, row["status"] in NOT_READ)


def _actor(setting: Setting, actor: str, instrument: str) -> str:
    """Return who takes an act: all senders as one what only all can take."""
    joint = any(
        act.measure.code == instrument and act.measure.competence == "joint" for act in setting.acts
    )
    return ALL_SENDERS if joint and ALL_SENDERS in actors_of(setting) else actor


def actors_of(setting: Setting) -> tuple[str, ...]:
    """Return who can announce: senders, unions whose council decides, all senders as one."""
    unions = (council.institution.code for council in setting.councils)
    return (*setting.sender_codes, *unions)


def timeline_rows(path: Path) -> list[Row]:
    """Return the rows of a timeline under the names used here, whichever form the table has."""
    if not path.is_file():
        raise InputError(f"{path}: there is no such timeline; give a CSV file")
    header, _ = read_csv(path)
    form = next((form for form in FORMS if form[0] in header), None)
    if form is None:
        raise InputError(
            f"{path}, row 1: column 'announced' is missing from the header "
            f"(found: {', '.join(header) or 'nothing'}); a timeline has sender, target, instrument "
            "and announced"
        )
    word = Column(default="", optional=True, longest=2000)  # as a world has it
    day = Column("date", default="", optional=True)
    columns = {name: Column() for name in ("sender", "target", "instrument")}
    columns |= dict(zip(form, (day, day, word, word), strict=True))
    rows = read_table(path, columns)
    return [row | {o: row[theirs] for o, theirs in zip(OURS, form, strict=True)} for row in rows]


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
        place = setting.menu.council_of[seat, setting.find_act(instrument, target)]
        council = setting.councils[place] if place >= 0 else None
        if council is not None and council.competence != "joint":
            return f"for '{actor}' {council.institution.code} decides on it"
    return ""


def _off_the_run(known: Known, row: Row) -> str:
    if row["announced"] is not None and known.day is None:
        return "after the last day of the run"
    if known.day is None and known.not_by is None:
        return "no date"
    return "before the first day of the run" if known.day is not None and known.day < 0 else ""


def _in_words(row: Row) -> str:
    when: date | None = row["announced"] or row["not_by"]
    day = "undated" if when is None else when.isoformat()
    return f"{row['sender']} {row['instrument']} {row['target']} {day}"
