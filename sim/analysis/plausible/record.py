"""What is known of 2022: who adopted what on which day, and what was not adopted by a day."""

import math
from datetime import date
from typing import NamedTuple

from sim.setting import Setting
from sim.world.tables import Row

RECORD_END = date(2022, 5, 20)  # nothing after it is used; see the README of the world


class Cell(NamedTuple):
    """One measure of one sender against one target, or one answer of a target."""

    # `EU` as a sender is the Council; a member under its own code acted by itself.
    sender: str
    target: str
    instrument: str
    # Day of the run of the first announcement; None if it is known not to have come.
    day: int | None
    not_by: int | None  # then the last day for which that is known


def cells_of(rows: list[Row], setting: Setting) -> tuple[Cell, ...]:
    """Return what a timeline knows of each sender, target and instrument: its first row by date.

    What was in force before the run began is left out: nobody can adopt it anew; so is what came
    after `RECORD_END`. A pair without a row is unknown, and not among the cells.
    """
    cells: dict[tuple[str, str, str], Cell] = {}
    for row in sorted(rows, key=lambda row: row["announced"] or date.max):
        key = (row["sender"], row["target"], row["instrument"])
        days = (
            None if row[name] is None else (row[name] - setting.start).days
            for name in ("announced", "not_by")
        )
        cells.setdefault(key, Cell(*key, *days))
    last = (RECORD_END - setting.start).days
    return tuple(cell for cell in cells.values() if cell.day is None or 0 <= cell.day <= last)


def measures_of(cells: tuple[Cell, ...], setting: Setting) -> tuple[Cell, ...]:
    """Return the cells that are acts of this run, of its senders or of a council."""
    acts = {(act.measure.code, act.target) for act in setting.acts if act.measure.on_menu}
    actors = {*setting.sender_codes, *(body.institution.code for body in setting.councils)}
    return tuple(
        cell for cell in cells if (cell.instrument, cell.target) in acts and cell.sender in actors
    )


def first_day(cells: tuple[Cell, ...], sender: str, instrument: str, target: str = "") -> float:
    """Return the first day of an act against any target, or one, in the record; else infinite."""
    days = [
        cell.day
        for cell in cells
        if cell[0] == sender and cell[2] == instrument and target in ("", cell.target)
    ]
    return min((day for day in days if day is not None), default=math.inf)
