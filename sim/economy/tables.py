"""The nine tables of an economy: read, checked where they enter, written.

Axis order, here and in `sim.economy.equilibrium`: sector first; then destination, then origin;
countries last, so that compiled loops run along them. `trade_share[j, n, i]` is the share of
country n's spending on sector j that goes to country i; `intermediate_share[k, j, n]` is the share
of input k in the materials of output j.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.arrays import Floats
from sim.csv_table import read_csv
from sim.errors import InputError

# Shares are published rounded: seven digits in the NAFTA tables, so sums of 40 miss 1 by 2e-6.
SUM_TOLERANCE = 1e-5
LARGEST = 1e15  # money, in whatever unit
MOST_FLOWS = 50_000_000  # sectors x countries x countries, all in memory
# Largest gap between the tables and what they imply of one another, relative to value added.
BASELINE_TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Table:
    """What a table is keyed by and what its values must be.

    Parameters
    ----------
    keys : tuple of str
        Its key columns.
    rule : str
        What must hold of a value, in words.
    allows : callable
        The same rule; false for NaN.
    """

    keys: tuple[str, ...]
    rule: str
    allows: Callable[[float], bool]


def _is_share(value: float) -> bool:
    return 0.0 <= value <= 1.0 + 1e-9  # a last digit over 1 is rounding


BILATERAL = ("origin", "destination", "sector")
SHARE = "must be a share in [0, 1]"
TARIFF = Table(
    BILATERAL, "must be 1 + the tariff rate, from 0.1 to 100", lambda value: 0.1 <= value <= 100.0
)
COST = Table(
    BILATERAL,
    "must be a factor from 0.01 up (inf cuts the flow)",
    lambda value: 0.01 <= value <= math.inf,
)
TABLES = {
    "trade_share": Table(BILATERAL, SHARE, _is_share),
    "tariff": TARIFF,
    "trade_elasticity": Table(
        ("sector",), "must be 1/theta, from 0.001 to 10", lambda value: 1e-3 <= value <= 10.0
    ),
    "factor_share": Table(("sector", "country"), SHARE, _is_share),
    "intermediate_share": Table(
        ("input", "output", "country"),
        # Input-output tables balanced by their publisher may carry small negative entries.
        "must be a share in [0, 1] (down to -0.001 as rounding)",
        lambda value: -1e-3 <= value <= 1.001,
    ),
    "consumption_share": Table(("sector", "country"), SHARE, _is_share),
    "value_added": Table(
        ("country",), "must be from 1e-6 to 1e15", lambda value: 1e-6 <= value <= LARGEST
    ),
    "trade_balance": Table(
        ("country",), "must be a number within 1e15", lambda value: abs(value) <= LARGEST
    ),
    "expenditure": Table(
        ("sector", "country"), "must be from 0 to 1e15", lambda value: 0.0 <= value <= LARGEST
    ),
}


@dataclass(frozen=True, slots=True)
class Economy:
    """A world in equilibrium, as nine tables describe it.

    Money is in any one unit. Other elasticities, or balanced trade, make another economy:
    `dataclasses.replace(economy, theta=...)`, `sim.economy.balanced(economy)`.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    # (n_sectors, n_countries, n_countries) by sector, destination, origin; sums to 1 over origins.
    trade_share: Floats
    # (n_sectors, n_countries, n_countries) by sector, destination, origin; 1 + ad-valorem rate.
    tariff: Floats
    theta: Floats  # (n_sectors,) trade elasticity, > 0 (the table holds 1/theta)
    factor_share: Floats  # (n_sectors, n_countries) value added / gross output, in [0, 1]
    # (n_sectors, n_sectors, n_countries) by input, output, country; sums to 1 over inputs.
    intermediate_share: Floats
    consumption_share: Floats  # (n_sectors, n_countries) sums to 1 over sectors
    value_added: Floats  # (n_countries,) money, > 0
    # (n_countries,) exports minus imports, both before tariffs, in money; sums to 0.
    trade_balance: Floats
    # (n_sectors, n_countries) intermediate and final spending, tariffs included, in money.
    expenditure: Floats

    @classmethod
    def read(cls, folder: str | Path) -> Economy:
        """Return the economy of a folder of nine tables, `NAME.csv` or `NAME.csv.gz`.

        Countries come in the order of value_added, sectors in that of trade_elasticity.

        Raises
        ------
        InputError
            A missing table, column or key; a key that is unknown or comes twice; a value out of
            its range; shares that do not sum to 1; tables that contradict one another.
        """
        folder = Path(folder)
        if not folder.is_dir():
            raise InputError(f"{folder}: there is no such folder; an economy is a folder of tables")
        countries = _first_column(folder, "value_added")
        sectors = _first_column(folder, "trade_elasticity")
        if len(sectors) * len(countries) ** 2 > MOST_FLOWS:
            raise InputError(
                f"{folder}: {len(countries):,} countries and {len(sectors):,} sectors have more "
                f"than {MOST_FLOWS:,} flows; join some of them"
            )
        table = {
            name: _read(folder, name, table, countries, sectors) for name, table in TABLES.items()
        }
        economy = cls(countries, sectors, theta=1.0 / table.pop("trade_elasticity"), **table)
        _check_sums(folder, economy)
        _check_baseline(folder, economy)
        return economy

    def write(self, folder: str | Path) -> None:
        """Write the nine tables to a folder, every number to its last digit.

        Parameters
        ----------
        folder : path
            Made if it does not exist.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in TABLES.items():
            values = 1.0 / self.theta if name == "trade_elasticity" else getattr(self, name)
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerow((*table.keys, "value"))
                writer.writerows(_records(table, values, self.countries, self.sectors))

    def flows(self) -> Floats:
        """Return spending before tariffs in money, by sector, destination, origin."""
        return self.trade_share / self.tariff * self.expenditure[:, :, None]

    def income(self) -> Floats:
        """Return value added, tariff revenue and deficit, (n_countries,), in money."""
        revenue = self.expenditure.sum(axis=0) - self.flows().sum(axis=(0, 2))
        return self.value_added + revenue - self.trade_balance


def read_cost(economy: Economy, folder: str | Path, name: str) -> Floats:
    """Return the changes in iceberg trade cost of the counterfactual `ntb_NAME`.

    Parameters
    ----------
    economy : Economy
        The folder's economy.
    folder : path
        Where `ntb_NAME.csv` or `ntb_NAME.csv.gz` lies.
    name : str
        NAME.

    Returns
    -------
    (n_sectors, n_countries, n_countries) float64
        New over old, by sector, destination, origin; > 0; `inf` cuts the flow.

    Raises
    ------
    InputError
        An unknown name, or a broken table.
    """
    folder = Path(folder)
    known = counterfactuals(folder)
    if name not in known:
        raise InputError.unknown("counterfactual", name, known or ["none in this folder"])
    return _read(folder, f"ntb_{name}", COST, economy.countries, economy.sectors)


def read_new_tariff(economy: Economy, folder: str | Path) -> Floats:
    """Return the tariffs of the table `tariff_new`, laid out as `Economy.tariff`.

    Parameters
    ----------
    economy : Economy
        The folder's economy.

    Raises
    ------
    InputError
        The table is missing or broken.
    """
    return _read(Path(folder), "tariff_new", TARIFF, economy.countries, economy.sectors)


def counterfactuals(folder: str | Path) -> list[str]:
    """Return the names of the counterfactuals `ntb_NAME` in a folder, sorted."""
    files = (file.name.removesuffix(".gz") for file in Path(folder).glob("ntb_*"))
    stems = {file.removesuffix(".csv") for file in files if file.endswith(".csv")}
    return sorted(stem.removeprefix("ntb_") for stem in stems)


def _read(
    folder: Path, name: str, table: Table, countries: tuple[str, ...], sectors: tuple[str, ...]
) -> Floats:
    """Return a table as an array in the project's axis order, each cell filled once."""
    path = _path(folder, name)
    position = [
        {known: at for at, known in enumerate(names)} for names in _axes(table, countries, sectors)
    ]
    values = np.full([len(names) for names in position], math.nan)
    for line, cells in _rows(path, table.keys):
        try:
            at = tuple(map(dict.__getitem__, position, cells))
        except KeyError:
            raise _unknown_key(path, line, table.keys, position, cells) from None
        value = _number(path, line, cells[-1])
        if not table.allows(value):
            raise InputError.in_table(path, line, "value", table.rule, cells[-1])
        if not math.isnan(values[at]):
            key = " ".join(cells[:-1])
            rule = "a key must come only once"
            raise InputError.in_table(path, line, ", ".join(table.keys), rule, key)
        values[at] = value
    missing = np.argwhere(np.isnan(values))
    if missing.size:
        key = " ".join(list(names)[at] for names, at in zip(position, missing[0], strict=True))
        raise InputError(
            f"{path}: no row for {', '.join(table.keys)} = {key!r}; every key must be there "
            f"({len(missing)} missing)"
        )
    return np.ascontiguousarray(values.transpose(2, 1, 0)) if table.keys == BILATERAL else values


def _axes(
    table: Table, countries: tuple[str, ...], sectors: tuple[str, ...]
) -> list[tuple[str, ...]]:
    return [sectors if key in ("sector", "input", "output") else countries for key in table.keys]


def _records(
    table: Table, values: Floats, countries: tuple[str, ...], sectors: tuple[str, ...]
) -> Iterator[tuple[str | float, ...]]:
    values = values.transpose(2, 1, 0) if table.keys == BILATERAL else values
    axes = _axes(table, countries, sectors)
    for at, value in np.ndenumerate(values):
        yield *(names[k] for names, k in zip(axes, at, strict=True)), float(value)


def _path(folder: Path, name: str) -> Path:
    for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz"):
        if path.is_file():
            return path
    raise InputError(f"{folder / name}.csv: the table is missing; an economy needs it")


def _rows(path: Path, keys: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    """Yield the line and the cells, keys first and the value last, of each row of a table."""
    header, lines = read_csv(path)
    for column in (*keys, "value"):
        if column not in header:
            found = ",".join(header)
            raise InputError.in_table(path, 1, column, "the column is missing", found)
    places = [header.index(column) for column in (*keys, "value")]
    for line, cells in lines:
        yield line, [cells[place].strip() for place in places]


def _unknown_key(
    path: Path, line: int, keys: tuple[str, ...], position: list[dict[str, int]], cells: list[str]
) -> InputError:
    """Return the error for the first of a row's keys that is not among the known names."""
    key, known, name = next(
        triple for triple in zip(keys, position, cells, strict=False) if triple[2] not in triple[1]
    )
    return InputError(f"{path}, row {line}: {InputError.unknown(key, name, known)}")


def _number(path: Path, line: int, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError.in_table(path, line, "value", "must be a number", text) from None


def _first_column(folder: Path, table: str) -> tuple[str, ...]:
    """Return the names in a table's one key column; `_read` refuses those that come twice."""
    path, keys = _path(folder, table), TABLES[table].keys
    names = tuple(dict.fromkeys(cells[0] for _, cells in _rows(path, keys)))
    if not names:
        raise InputError(f"{path}: the table has no rows")
    for name in names:
        if not name.isprintable() or len(name) > 100:
            rule = "must be a name of at most 100 printable characters"
            raise InputError.in_table(path, name[:20], keys[0], rule, name[:100])
    return names


def _check_sums(folder: Path, economy: Economy) -> None:
    materials = economy.intermediate_share.sum(axis=0)
    # A sector that buys no materials has nothing to share out.
    materials[economy.factor_share == 1.0] = 1.0
    for name, total, over in (
        ("trade_share", economy.trade_share.sum(axis=2), "origins"),
        ("intermediate_share", materials, "inputs"),
        ("consumption_share", economy.consumption_share.sum(axis=0), "sectors"),
    ):
        worst = np.unravel_index(np.argmax(np.abs(total - 1.0)), total.shape)
        if abs(total[worst] - 1.0) > SUM_TOLERANCE:
            names = (economy.countries[worst[-1]], *(economy.sectors[j] for j in worst[:-1]))
            rule = f"shares must sum to 1 over {over}"
            file = _path(folder, name)
            raise InputError.in_table(file, " ".join(names), "value", rule, float(total[worst]))
    balance = economy.trade_balance.sum() / economy.value_added.sum()
    if abs(balance) > SUM_TOLERANCE:
        rule = "trade balances must sum to 0"
        found = float(economy.trade_balance.sum())
        raise InputError.in_table(_path(folder, "trade_balance"), "all", "value", rule, found)


def _check_baseline(folder: Path, economy: Economy) -> None:
    """Refuse tables that are not an equilibrium: changes from one would mean nothing."""
    flows = economy.flows()
    output, purchases = flows.sum(axis=1), flows.sum(axis=2)
    revenue = (economy.expenditure - purchases).sum(axis=0)
    income = economy.value_added + revenue - economy.trade_balance
    materials = (1.0 - economy.factor_share) * output
    spending = np.einsum("kjn,jn->kn", economy.intermediate_share, materials)
    spending += economy.consumption_share * income
    payments = (economy.factor_share * output).sum(axis=0)
    balance = (output - purchases).sum(axis=0)
    for name, table, implied in (
        ("value_added", economy.value_added, payments),
        ("trade_balance", economy.trade_balance, balance),
        ("expenditure", economy.expenditure, spending),
    ):
        gap = np.abs(table - implied) / economy.value_added
        worst = np.unravel_index(np.argmax(gap), gap.shape)
        if gap[worst] > BASELINE_TOLERANCE:
            names = (economy.countries[worst[-1]], *(economy.sectors[j] for j in worst[:-1]))
            rule = f"must follow from the other tables, which imply {float(implied[worst]):.10g}"
            file = _path(folder, name)
            raise InputError.in_table(file, " ".join(names), "value", rule, float(table[worst]))
