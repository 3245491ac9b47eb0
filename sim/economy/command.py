"""`sanctionsim economy`: nine tables and an experiment in, one row per country out."""

from __future__ import annotations

import csv
import io
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim import files
from sim.cli import command

if TYPE_CHECKING:
    from sim.economy.equilibrium import Equilibrium
    from sim.economy.tables import Economy

HEADER = (
    "country",
    "welfare",
    "real_wage",
    "terms_of_trade",
    "volume_of_trade",
    "imports",
    "exports",
)


@command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--counterfactual", metavar="NAME", help="change trade costs by the table ntb_NAME")
@click.option("--tariffs", is_flag=True, help="change tariffs to those of the table tariff_new")
@click.option("--balance", is_flag=True, help="set trade balances to zero before the experiment")
@click.option("--cross-border", is_flag=True, help="leave home sales out of imports and exports")
@click.option(
    "--out",
    metavar="FILE.csv",
    type=click.Path(path_type=Path),
    help="write here instead of printing a table",
)
def main(
    folder: Path,
    counterfactual: str | None,
    tariffs: bool,
    balance: bool,
    cross_border: bool,
    out: Path | None,
) -> int:
    """Solve a folder of nine tables for the equilibrium after an experiment.

    DIR holds the nine tables (.csv or .csv.gz).

    Each row is a country. Ratios, new over old: welfare (exact real income), real_wage, imports and
    exports. Percent, first-order, for an experiment with tariffs alone: terms_of_trade and
    volume_of_trade; their sum is not the exact welfare change. imports and exports count all that
    is bought and sold, at home too, before tariffs, as KITE does; with --cross-border only what
    crosses the border.

    Exit code: 0, or 1 if there is no equilibrium.
    """
    # Compiled code takes half a second to load: not for --help.
    from sim.economy.equilibrium import NotConverged, balanced, solve
    from sim.economy.tables import Economy, read_cost, read_new_tariff

    economy = Economy.read(folder)
    cost = None if counterfactual is None else read_cost(economy, folder, counterfactual)
    tariff = read_new_tariff(economy, folder) if tariffs else None
    try:
        if balance:
            economy = balanced(economy)
        equilibrium = solve(economy, cost, tariff)
    except NotConverged as error:
        print(f"sanctionsim: {folder}: {error}", file=sys.stderr)
        return 1

    rows = _rows(economy, equilibrium, tariffs and cost is None, cross_border)
    if out is None:
        _print(rows)
    else:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([HEADER, *rows])
        files.write(out, text.getvalue().encode())
    if cost is None and tariff is None:
        print(f"No experiment: nothing changed. {_offer(folder)}", file=sys.stderr)
    return 0


def _rows(
    economy: Economy, equilibrium: Equilibrium, tariffs_alone: bool, cross_border: bool
) -> list[tuple[str, ...]]:
    from sim.economy.equilibrium import terms_of_trade, volume_of_trade

    first_order = (terms_of_trade, volume_of_trade)
    empty = [math.nan] * len(economy.countries)
    columns = (
        equilibrium.welfare,
        equilibrium.real_wage,
        *(of(economy, equilibrium) if tariffs_alone else empty for of in first_order),
        equilibrium.imports if cross_border else equilibrium.purchases,
        equilibrium.exports if cross_border else equilibrium.sales,
    )
    return [
        (country, *("" if math.isnan(value) else f"{value:.15g}" for value in values))
        for country, *values in zip(economy.countries, *columns, strict=True)
    ]


def _print(rows: list[tuple[str, ...]]) -> None:
    shown = [HEADER] + [
        (country, *(f"{float(cell):.6f}" if cell else "" for cell in cells))
        for country, *cells in rows
    ]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    for first, *others in shown:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        print("  ".join([first.ljust(widths[0]), *cells]).rstrip())


def _offer(folder: Path) -> str:
    from sim.economy.tables import counterfactuals

    names = counterfactuals(folder)
    offers = [f"--counterfactual {' | '.join(names)}"] if names else []
    if any(folder.glob("tariff_new.csv*")):
        offers.append("--tariffs")
    return f"This folder has {' and '.join(offers)}." if offers else "This folder has none."
