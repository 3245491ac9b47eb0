"""What the columns of stored tables mean: label, unit and meaning, kept in the Parquet files.

They are metadata of the fields, so that any reader of Parquet has them, and `describe` gives them
back as a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.config import Config
from sim.csv_table import records
from sim.errors import InputError
from sim.outcomes import OF_SECTOR, OF_STATE, OF_STEP, OUTCOMES, TARGET, Quantity, quantity_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MARK = "sweep"  # metadata of a file of a store: the digest of its sweep
QUANTILE = "quantile:"  # before the path of a factor: the number that its value was drawn by


class Facts(NamedTuple):
    """What a reader of a column needs to know."""

    label: str
    unit: str
    meaning: str


QUANTITIES = {"runs": tuple(OUTCOMES.values()), "steps": OF_STEP, "states": OF_STATE,
              "sectors": OF_SECTOR}  # fmt: skip
KEYS = {row.pop("name"): Facts(**row) for row in records(Path(__file__).with_suffix(".csv"))}


def facts_of(
    table: str, columns: Iterable[str], names: Mapping[str, str] | None = None
) -> dict[str, Facts]:
    """Return what is known of columns, by name; what nobody knows is left out.

    Parameters
    ----------
    table : {'runs', 'events', 'steps', 'states', 'sectors', 'failures', 'design'}
    columns : iterable of str
        Of that table: keys, quantities of `sim.outcomes`, config paths of factors.
    names : mapping of str to str, optional
        Names of states by code, for the labels of what is a target's.
    """
    found = {column: _facts(table, column, names or {}) for column in columns}
    return {column: facts for column, facts in found.items() if facts}


def _facts(table: str, column: str, names: Mapping[str, str]) -> Facts | None:
    if column.startswith(QUANTILE):
        of = factor_facts(column.removeprefix(QUANTILE))
        return of and Facts(
            of.label, "quantile", f"where its value lies in its range: {of.meaning}"
        )
    quantity = quantity_of(column, QUANTITIES.get(table, ()))
    if quantity is None:
        return KEYS.get(column) or factor_facts(column)
    code = target_in(quantity, column)
    return Facts(quantity.label.format(names.get(code, code)), quantity.unit, quantity.meaning)


def target_in(quantity: Quantity, column: str) -> str:
    """Return the code of the target in the column of a quantity, '' for one of none."""
    before, _, after = quantity.name.partition(TARGET)
    return column.removeprefix(before).removesuffix(after) if quantity.by_target else ""


def factor_facts(path: str) -> Facts | None:
    """Return what the schema knows of a config path, as of an override; None if it has none."""
    first, *rest = path.split(".")
    owner = Config()
    known = {field.name: field for field in fields(owner)}
    if first == "experiment" or (
        first in known and not rest and is_dataclass(getattr(owner, first))
    ):
        return Facts(first.capitalize(), "name", f"file of the config group {first}")
    if first in known and rest:
        known = {field.name: field for field in fields(getattr(owner, first))}
        first, *rest = rest
    if first not in known or "meaning" not in known[first].metadata:
        return None
    facts, entry = known[first].metadata, ".".join(rest)
    label = first.replace("_", " ").capitalize()
    return Facts(f"{label} ({entry})" if entry else label, facts["unit"], facts["meaning"])


def annotated(table: pa.Table, name: str, names: Mapping[str, str] | None = None) -> pa.Table:
    """Return a table whose fields carry `label`, `unit` and `meaning`, and nothing else.

    Parameters
    ----------
    name : str
        Of the table, as in `facts_of`.
    """
    return _with_facts(table, facts_of(name, table.schema.names, names))


def _with_facts(table: pa.Table, known: Mapping[str, Any]) -> pa.Table:
    import pyarrow as pa

    schema = []
    for field in table.schema:
        facts = known.get(field.name)
        told = facts and {key: getattr(facts, key) for key in Facts._fields}
        schema.append(field.with_metadata(told))
    return table.cast(pa.schema(schema))


def write(path: Path, frame: pd.DataFrame, name: str, names: Mapping[str, str]) -> None:
    """Write a table of one run as Parquet; otherwise as `annotated`."""
    save(path, frame, facts_of(name, frame.columns, names))


def save(path: Path, frame: pd.DataFrame, known: Mapping[str, Any]) -> None:
    """Write a table as Parquet whose columns say what they hold, as far as that is known.

    Parameters
    ----------
    known : mapping of str to Facts
        By column; or whatever else has `label`, `unit` and `meaning`.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(frame, preserve_index=False)
    pq.write_table(_with_facts(table, known), path)


def describe(path: str | Path) -> pd.DataFrame:
    """Return what is stored of the columns of a table: name, type, label, unit, meaning.

    Parameters
    ----------
    path : str or Path
        A Parquet file; or a folder of them, a store or a run: then of each, `table` first.

    Raises
    ------
    InputError
        There is no Parquet file.
    """
    import pandas as pd
    import pyarrow.parquet as pq

    place = Path(path)
    found = sorted(place.rglob("*.parquet")) if place.is_dir() else [place]
    # One part of a partitioned table stands for all.
    tables = {p.parent.name if p.stem.startswith("part-") else p.stem: p for p in reversed(found)}
    if not all(map(Path.is_file, found)) or not found:
        raise InputError(f"{path} has no Parquet file; name a results folder or a table in it")
    rows = [
        {
            "table": table,
            "column": field.name,
            "type": str(field.type),
            **{
                key: (field.metadata or {}).get(key.encode(), b"").decode() for key in Facts._fields
            },
        }
        for table, file in reversed(tables.items())
        for field in pq.read_schema(file)
    ]
    return pd.DataFrame(rows)
