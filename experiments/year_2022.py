"""Imports, the ruble and revenue of Russia in 2022 and 2023, month by month beside the record.

    python experiments/year_2022.py RAW_FOLDER [RUNS]

Question: do imports fall and come back, does the ruble turn, does revenue fall, when and as far as
they did? Prints our median and the band that holds 80 % of runs beside the record, and draws
docs/year_2022.svg. Each panel shades the months that some number was learnt on: of imports and
revenue March to June 2022 (what firms hold back, the discount of Russian oil), of the ruble March.
World prices of energy are those of the record in all months. Imports are in percent of 2021; the
total is what comes at given prices, before others sell more. Runs begin on 21 February 2022, do
what the record says to 20 May and decide after.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import arguments
import numpy as np
import pandas as pd

from sim.analysis.facts import paths, trade
from sim.analysis.facts.evidence import Evidence
from sim.arrays import Floats
from sim.report import style

FIGURE = Path(__file__).parents[1] / "docs" / "year_2022.svg"
MONTHS = [f"{year}-{month:02d}" for year in (2022, 2023) for month in range(1, 13)]
FIRST = "2022-03"  # whole month of the runs
BAND = (0.1, 0.5, 0.9)
RUNS = 20


class Curve(NamedTuple):
    """One series: its name, the record's column, and ours by month and run."""

    name: str
    record: str
    ours: Floats


class Panel(NamedTuple):
    """A panel: title, first and last month that some number of it was learnt on, curves."""

    title: str
    learnt: tuple[str, str]
    curves: tuple[Curve, ...]


def main() -> None:
    words = arguments.parser(__doc__)
    words.add_argument("raw", type=arguments.raw_data, help="folder of raw data")
    words.add_argument("runs", nargs="?", type=arguments.number, default=RUNS)
    given = words.parse_args()
    raw, runs = given.raw, given.runs
    panels, record = panels_of(Evidence(runs, runs).on_record), record_of(raw)
    show(panels, record)
    draw(panels, record, FIGURE)
    print(f"\nFigure: {FIGURE}")


def record_of(raw: Path) -> pd.DataFrame:
    """Return the record by month: imports in percent of 2021, rubles per dollar, USD bn a month."""
    monthly = raw / "econ_monthly"
    imports = pd.read_csv(monthly / "russia_import_proxies_index.csv", index_col="month")
    budget = pd.read_csv(monthly / "russia_budget_monthly.csv", index_col="month")
    rate = pd.read_csv(raw / "markets" / "usd_rub_monthly_mean_2019_2023.csv", index_col=0)
    table = pd.DataFrame(
        {
            "vat": imports.import_vat_usd_index,
            "union": imports.eu27_exports_eur_index,
            "china": imports.china_exports_usd_index,
            "rate": rate.iloc[:, 0],
            "revenue": budget.oil_gas_bn_usd,
        }
    ).reindex(MONTHS)
    table["rate"] = 100.0 * np.log(table.rate / table.rate[MONTHS[0]])
    return table


def panels_of(evidence: Evidence) -> tuple[Panel, ...]:
    """Return what is drawn, ours by month and run, (24, n_runs)."""

    def by_month(of: Callable[[str], Floats]) -> Floats:
        nothing = np.full(evidence.number_watched, np.nan)
        return np.array([of(month) if month >= FIRST else nothing for month in MONTHS])

    def series(name: str) -> Floats:
        return by_month(lambda month: paths.mean(name, month, month, evidence))

    china = by_month(lambda month: trade.sales_change("CHN", month, month, evidence))
    spring = ("2022-03", "2022-06")
    imports = (
        Curve("all; VAT on imports", "vat", 100.0 + series("imports")),
        Curve("from the EU itself", "union", 100.0 + series("union_exports")),
        Curve("from China", "china", 100.0 + china),
    )
    return (
        Panel("Russia's imports, percent of 2021", spring, imports),
        Panel(
            "Rubles per dollar, log points over January 2022",
            ("2022-03", "2022-03"),
            (Curve("ruble", "rate", series("log_rate")),),
        ),
        Panel(
            "Oil and gas revenue, USD bn a month",
            spring,
            (Curve("revenue", "revenue", series("revenue")),),
        ),
    )


def show(panels: tuple[Panel, ...], record: pd.DataFrame) -> None:
    """Print the record, our median and our band by month; * marks months that were learnt on."""
    curves = [(panel, curve) for panel in panels for curve in panel.curves]
    print("record, median of runs (80 % of them); * learnt on")
    print(" " * 9 + "".join(f"{curve.name:>32}" for _, curve in curves))
    for k, month in enumerate(MONTHS):
        cells = []
        for panel, curve in curves:
            low, middle, high = np.quantile(curve.ours[k], BAND)
            mark = "*" if panel.learnt[0] <= month <= panel.learnt[1] else " "
            was = record[curve.record].to_numpy()[k]
            ours = f"{middle:>8.1f} ({low:.1f} to {high:.1f})" if month >= FIRST else ""
            cells.append(f"{was:>9.1f}{mark}{ours:<22}")
        print(f"{month:<9}" + "".join(cells))


def draw(panels: tuple[Panel, ...], record: pd.DataFrame, path: Path) -> None:
    """Draw each panel: dots and thin lines are the record, lines and bands are ours."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    x = np.arange(len(MONTHS))
    with style.house():
        figure = Figure(figsize=(8.0, 8.6), layout="constrained")
        for axes, panel in zip(figure.subplots(3, 1, sharex=True), panels, strict=True):
            first, last = (MONTHS.index(month) for month in panel.learnt)
            axes.axvspan(first - 0.5, last + 0.5, color=style.FAINT, zorder=0, label="learnt on")
            for curve, colour in zip(panel.curves, style.LINES, strict=False):
                low, middle, high = np.quantile(curve.ours, BAND, axis=1)
                axes.fill_between(x, low, high, color=colour, alpha=0.2, linewidth=0)
                axes.plot(x, middle, color=colour, label=f"{curve.name}, ours")
                was = record[curve.record].to_numpy()
                axes.plot(x, was, color=colour, marker="o", ms=3.5, lw=0.7, ls=":", label="record")
            axes.set_title(panel.title)
            if panel.curves[0].name != "ruble":
                axes.set_ylim(bottom=0.0)
            axes.set_xticks(x[::3], [f"{date.fromisoformat(m + '-01'):%b %Y}" for m in MONTHS[::3]])
            axes.set_xlim(-0.5, len(MONTHS) - 0.5)
            axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=8)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
