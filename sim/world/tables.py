"""Read one CSV table and check every cell against what its column promises.

The columns of a catalogue are the fields of its rows' dataclass: each is a `cell`.
"""

import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from sim.csv_table import read_csv
from sim.errors import InputError
from sim.words import is_error, is_formula

STATUSES = ("read", "recalled", "inferred", "derived", "assumption")
Row = dict[str, Any]
Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Column:
    """What the cells of one column must hold.

    Parameters
    ----------
    kind : {'text', 'number', 'whole', 'flag', 'date', 'month'}
        Type of the parsed value; a flag is 0 or 1 and parsed to a bool, a date is ISO 8601, a
        month is one without its day and parsed to its first day.
    low, high : float
        Inclusive bounds of a number, which is finite in any case.
    among : collection of str, optional
        The only words allowed; words separated by spaces are checked one by one if `many`.
    of : str
        Name of the collection of words, where it is known only when the table is read.
    many : bool
        The cell is a list of words separated by spaces and is parsed to a tuple.
    optional : bool
        An empty cell is allowed and parsed to None ('' if text, an empty tuple if `many`).
    default : str, optional
        Cell of every row where the table has no such column; without it the column must be there.
    longest : int
        Most characters of a word.
    """

    kind: str = "text"
    low: float = -math.inf
    high: float = math.inf
    among: Iterable[str] | None = None
    of: str = ""
    many: bool = False
    optional: bool = False
    default: str | None = None
    longest: int = 500

    def parse(self, text: str) -> Any:
        """Return the value of a cell, or raise ValueError with the rule it breaks."""
        text = text.strip()
        if self.many:
            return tuple(self._word(word) for word in text.split())
        if not text:
            if self.optional:
                return "" if self.kind == "text" else None
            raise ValueError("must not be empty")
        if self.kind == "text":
            return self._word(text)
        if self.kind == "date":
            return _parsed(date.fromisoformat, text, "must be a date like 2022-02-24")
        if self.kind == "month":
            return _parsed(date.fromisoformat, f"{text}-01", "must be a month like 2022-02")
        if self.kind in ("whole", "flag"):
            whole = self._bounded(_parsed(int, text, "must be a whole number"))
            return bool(whole) if self.kind == "flag" else whole
        return self._bounded(_parsed(float, text, "must be a number"))

    def _word(self, word: str) -> str:
        if not word.isprintable():
            raise ValueError("must be one line of printable characters")
        if is_formula(word):  # names of a stranger's world go into our tables
            raise ValueError("must not begin with =, +, - or @, as a spreadsheet's formula does")
        if is_error(word):
            raise ValueError("must be a value, not a spreadsheet's error")
        if len(word) > self.longest:
            raise ValueError(f"must have at most {self.longest:,} characters")
        if self.among is not None and word not in self.among:
            raise ValueError(f"must be one of {', '.join(self.among)}")
        return word

    def _bounded(self, value: float) -> float:
        if not abs(value) <= sys.float_info.max:  # nor a whole number beyond all floats
            raise ValueError("must be a finite number")
        if not self.low <= value <= self.high:
            raise ValueError(_range_rule(self.low, self.high))
        return value


NUMBER = Column("number")
POSITIVE = Column("number", low=0.0)
SHARE = Column("number", low=0.0, high=1.0)
DAYS = Column("whole", low=0, high=3650)
FLAG = Column("flag", low=0, high=1)
STATUS = Column(among=STATUSES)
STATE = Column(of="states")


def _parsed(parse: Any, text: str, rule: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        raise ValueError(rule) from None


def _range_rule(low: float, high: float) -> str:
    if high == math.inf:
        return f"must be at least {low:g}"
    if low == -math.inf:
        return f"must be at most {high:g}"
    return f"must lie between {low:g} and {high:g}"


def read_table(
    path: Path,
    columns: Mapping[str, Column],
    key: tuple[str, ...] = (),
    words: Mapping[str, Iterable[str]] | None = None,
    optional: bool = False,
) -> list[Row]:
    """Return the rows of a table as dictionaries of parsed values.

    Parameters
    ----------
    path : Path
        The CSV file; columns beyond those asked for are ignored.
    columns : mapping of str to Column
        What must be there.
    key : tuple of str
        Columns whose values together name a row once.
    words : mapping of str to collection of str, optional
        The words that columns allow, by `Column.of`.
    optional : bool
        No row where there is no such table.

    Raises
    ------
    InputError
        A missing file or column, a cell that breaks its rule, a key that comes twice, no row.
    """
    if optional and not path.is_file():
        return []
    if not path.is_file():
        raise InputError(f"{path}: the table is missing; a world folder needs it")
    columns = {
        name: replace(column, among=(words or {})[column.of]) if column.of else column
        for name, column in columns.items()
    }
    header, lines = read_csv(path)
    missing = [n for n, column in columns.items() if n not in header and column.default is None]
    if missing:
        raise InputError(f"{path}, row 1: column '{missing[0]}' is missing from the header")
    rows = [
        _parse_row(path, line, dict(zip(header, cells, strict=True)), columns)
        for line, cells in lines
    ]
    if not rows:
        raise InputError(f"{path}: the table has no rows")
    _check_key(path, rows, key)
    return rows


def cell(column: Column, name: str = "", **default: Any) -> Any:
    """Return a field that is read from a column of its name, or of another."""
    return field(metadata={"column": column, "name": name}, **default)


def read_entries(
    entry: type[Entry],
    path: Path,
    key: tuple[str, ...] = (),
    words: Mapping[str, Iterable[str]] | None = None,
    optional: bool = False,
) -> tuple[Entry, ...]:
    """Return the rows of a table, each with its status, as the dataclass whose fields are cells.

    Parameters and errors are those of `read_table`.
    """
    cells = {of.name: of.metadata for of in fields(entry) if of.metadata}  # type: ignore[arg-type]
    names = {name: cells[name]["name"] or name for name in cells}
    columns = {names[name]: cells[name]["column"] for name in cells}
    rows = read_table(path, {**columns, "status": STATUS}, key, words, optional)
    return tuple(entry(**{name: row[names[name]] for name in names}) for row in rows)


def _parse_row(path: Path, line: int, raw: Row, columns: Mapping[str, Column]) -> Row:
    row: Row = {}
    for name, column in columns.items():
        text = raw.get(name, column.default) or ""
        try:
            row[name] = column.parse(text)
        except ValueError as rule:
            raise InputError.in_table(path, line, name, str(rule), text) from None
    return row


def _check_key(path: Path, rows: list[Row], key: tuple[str, ...]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for line, row in enumerate(rows, start=2):
        name = tuple(row[column] for column in key)
        if key and name in seen:
            rule = f"the key must be unique; row {seen[name]} has it already"
            raise InputError.in_table(path, line, ", ".join(key), rule, " ".join(map(str, name)))
        seen[name] = line
