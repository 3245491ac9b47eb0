"""What a run comes to: one schema of outcomes, and of what is recorded of steps and states.

It stands in `outcomes.csv`, a row each. Columns, tables, axes and documentation come from it, and
the engine writes by these names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sim.csv_table import records

TARGET = "<target>"  # in a name: the code of each target
ACTS = (100, 200, 300)  # speed is counted in days to so many pairs of sender and act


class Quantity(NamedTuple):
    """A number that is reported."""

    name: str  # of the column, with `<target>` for the code of each target
    unit: str
    meaning: str  # for documentation
    dtype: type = float  # of the column
    # Words for a page or an axis, without the unit; `{}` stands for the name of a target.
    label: str = ""
    never: bool = False  # nan means that it was not reached by the end, later than any day

    @property
    def field(self) -> str:
        """Its name in the engine, where targets are an axis."""
        return self.name.replace(f"_{TARGET}", "")

    @property
    def by_target(self) -> bool:
        """Whether there is one for each target."""
        return TARGET in self.name

    def columns(self, targets: Iterable[str]) -> list[str]:
        """Return its columns."""
        return [self.name.replace(TARGET, t) for t in targets] if self.by_target else [self.name]

    def worded(self, target: str) -> Quantity:
        """Return it with the name of a target in its label."""
        return self._replace(label=self.label.format(target))

    @property
    def titled(self) -> str:
        """Label and unit, as a page and an axis show them."""
        unit = UNITS.get(self.unit, self.unit)
        return f"{self.label}{unit and ', '}{unit}"


# Units as they are shown; what is counted, and a share, needs none.
UNITS = {
    "percent of GDP": "% of GDP",
    "percent": "%",
    "number": "",
    "share": "0 to 1",
    "probability": "0 to 1",
    "truth value": "",
    "1": "",
}

_TYPES: Mapping[str, type] = {"float": float, "int": int, "bool": bool}


def _tables() -> dict[str, tuple[Quantity, ...]]:
    """Return the quantities of `outcomes.csv` by table, in its order.

    A row with nothing but a name is the quantity of a step as it is at the end of a run.
    """
    found: dict[str, dict[str, Quantity]] = {}
    for row in records(Path(__file__).with_suffix(".csv")):
        name = row["name"]
        quantity = _quantity(row) if row["unit"] else _at_end(found["step"][name])
        found.setdefault(row["table"], {})[name] = quantity
    return {table: tuple(quantities.values()) for table, quantities in found.items()}


def _quantity(row: Mapping[str, str]) -> Quantity:
    kind, never = _TYPES[row["type"]], row["never"] == "yes"
    return Quantity(row["name"], row["unit"], row["meaning"], kind, row["label"], never)


def _at_end(quantity: Quantity) -> Quantity:
    """Return a quantity of a day as an outcome: its label says of which day."""
    when = "at the end" if quantity.unit in ("number", "1") else "last day"
    return quantity._replace(label=f"{quantity.label}, {when}")


_TABLES = _tables()
OF_STEP, OF_RUN, EXACT = _TABLES["step"], _TABLES["run"], _TABLES["exact"]
OF_STATE, OF_SECTOR, OF_SHARED = _TABLES["state"], _TABLES["sector"], _TABLES["shared"]
OUTCOMES = {quantity.name: quantity for quantity in (*OF_RUN, *EXACT)}
BESIDE_SECTORS = ("payments", "closed_borders", "transfers")  # losses of no sector


def columns(quantities: Iterable[Quantity], targets: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of quantities, those of targets for each of them."""
    codes = tuple(targets)
    return tuple(column for quantity in quantities for column in quantity.columns(codes))


@cache
def quantity_of(column: str, among: tuple[Quantity, ...] = (*OF_RUN, *EXACT)) -> Quantity | None:
    """Return the quantity of a column, whatever the target; None if it is of none of them."""
    for quantity in among:
        before, by_target, after = quantity.name.partition(TARGET)
        code = column.removeprefix(before).removesuffix(after)
        of_target = by_target and column == f"{before}{code}{after}" and "_" not in code
        if column == quantity.name or of_target:
            return quantity
    return None


def never_comes(column: str) -> bool:
    """Return whether nan in a column of outcomes means that a day was not reached by the end."""
    quantity = quantity_of(column)
    return quantity is not None and quantity.never


def by_column(
    quantities: Iterable[Quantity], names: Mapping[str, str]
) -> dict[str, tuple[Quantity, str]]:
    """Return the quantity of every column and the target it is of, '' for none.

    Parameters
    ----------
    names : mapping of str to str
        Names of the targets by code.
    """
    return {
        column: (quantity, name)
        for quantity in quantities
        for column, name in zip(
            quantity.columns(names), names.values() if quantity.by_target else ("",), strict=True
        )
    }
