"""Read one CSV table and check every cell against what its column promises."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sim.errors import InputError

STATUSES = ("read", "recalled", "inferred", "derived", "assumption")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """What the cells of one column must hold.

    Parameters
    ----------
    kind : {'text', 'number', 'whole', 'date'}
        Type of the parsed value; a date is ISO 8601.
    low, high : float
        Inclusive bounds of a number.
    among : collection of str, optional
        The only words allowed; words separated by spaces are checked one by one if `many`.
    many : bool
        The cell is a list of words separated by spaces and is parsed to a tuple.
    optional : bool
        An empty cell is allowed and parsed to None (an empty tuple if `many`).
    default : str, optional
        Cell of every row where the table has no such column; without it the column must be there.
    """

    kind: str = "text"
    low: float = -math.inf
    high: float = math.inf
    among: Iterable[str] | None = None
    many: bool = False
    optional: bool = False
    default: str | None = None

    def parse(self, text: str) -> Any:
        """Return the value of a cell, or raise ValueError with the rule it breaks."""
        text = text.strip()
        if self.many:
            return tuple(self._word(word) for word in text.split())
        if not text:
            if self.optional:
                return None
            raise ValueError("must not be empty")
        if self.kind == "text":
            return self._word(text)
        if self.kind == "date":
            return _parsed(date.fromisoformat, text, "must be a date like 2022-02-24")
        if self.kind == "whole":
            return self._bounded(_parsed(int, text, "must be a whole number"))
        return self._bounded(_parsed(float, text, "must be a number"))

    def _word(self, word: str) -> str:
        if self.among is not None and word not in self.among:
            raise ValueError(f"must be one of {', '.join(self.among)}")
        return word

    def _bounded(self, value: float) -> float:
        if not self.low <= value <= self.high:
            raise ValueError(_range_rule(self.low, self.high))
        return value


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


def read_table(path: Path, columns: Mapping[str, Column], key: tuple[str, ...] = ()) -> list[Row]:
    """Return the rows of a table as dictionaries of parsed values.

    Parameters
    ----------
    path : Path
        The CSV file; columns beyond those asked for are ignored.
    columns : mapping of str to Column
        What must be there.
    key : tuple of str
        Columns whose values together name a row once.

    Raises
    ------
    InputError
        A missing file or column, a cell that breaks its rule, a key that comes twice, no row.
    """
    if not path.is_file():
        raise InputError(f"{path}: the table is missing; a world folder needs it")
    with path.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        header = reader.fieldnames or ()
        missing = [n for n, column in columns.items() if n not in header and column.default is None]
        if missing:
            raise InputError(f"{path}, row 1: column '{missing[0]}' is missing from the header")
        rows = [_parse_row(path, line, raw, columns) for line, raw in enumerate(reader, start=2)]
    if not rows:
        raise InputError(f"{path}: the table has no rows")
    _check_key(path, rows, key)
    return rows


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
