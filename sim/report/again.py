"""The command `sanctionsim report`: the page of results, drawn from what is stored."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from sim.cli import command, setting
from sim.errors import InputError
from sim.folders import read_numbers, readable

# What a folder of results holds, and the module that draws its page.
KINDS = {
    "outcomes.json": "sim.report.again",
    "comparison.json": "sim.report.comparison",
    "value.json": "sim.report.value",
    "explanation.json": "sim.report.explanation",
    "manifest.json": "sim.report.sweep",
}
OF_A_RUN = (
    "config.yaml", "versions.json", "events.csv", "steps.parquet", "states.parquet",
    "outcomes.json",
)  # fmt: skip


@command()
@click.argument("folder", metavar="PATH", type=click.Path(path_type=Path))
@setting(
    "outcomes",
    "NAME,...",
    click.STRING,
    default="",
    help="of a sweep: what to answer for (empty: what most will ask)",
)
@setting(
    "condition",
    "TERMS",
    click.STRING,
    default="",
    help='of a sweep: where it holds, as in condition="days_to_coalition<=30 and withdrawals==0"; '
    "several after semicolons",
)
@setting(
    "out",
    "DIR",
    click.Path(path_type=Path, file_okay=False),
    help="of a sweep: where to write (default: the folder report in that of the sweep)",
)
def main(folder: Path, outcomes: str, condition: str, out: Path | None) -> None:
    """Draw the page of a run, a comparison, values, a reason or a sweep, from what is stored.

    For example:
      sanctionsim report results/sweeps/quick
      sanctionsim report results/sweeps/quick outcomes=leak_RUS,days_to_100
      sanctionsim report results/sweeps/quick condition="leak_RUS>0.1 and withdrawals==0"

    Nothing is simulated. Figures of a sweep come as SVG, PDF and PNG, tables as CSV, Markdown and
    LaTeX, beside the page.
    """
    file = kind_of(folder)
    with readable(folder):
        print(f"Page: {_drawn(folder, file, outcomes, condition, out)}")


def _drawn(folder: Path, file: str, outcomes: str, condition: str, out: Path | None) -> Path:
    if file == "manifest.json":
        from sim.report import sweep

        names = [name.strip() for name in outcomes.split(",") if name.strip()]
        return sweep.write(folder, names, condition, out)
    for key, given in (("outcomes", outcomes), ("condition", condition), ("out", out)):
        if given:
            raise InputError(f"{key}= is for sweeps; {folder} holds {file}: leave it out")
    page: Path = importlib.import_module(KINDS[file]).write(folder)
    return page


def kind_of(folder: Path) -> str:
    """Return the file that tells what a folder of results holds; InputError if none does."""
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise InputError(f"{folder} {what}; name a folder of results, as in results/sweeps/quick")
    found = next((file for file in KINDS if (folder / file).is_file()), None)
    if found is None:
        inside = sorted({file.parent for name in KINDS for file in folder.glob(f"*/{name}")})
        hint = f"; did you mean {inside[0]}?" if inside else ""
        raise InputError(f"{folder} holds no results: none of {', '.join(KINDS)}{hint}")
    return found


def write(folder: Path) -> Path:
    """Draw the page of a run once more, from its configuration and its tables.

    Parameters
    ----------
    folder : Path
        Of the run; figures and page in it are replaced.

    Raises
    ------
    InputError
        A file is missing or cannot be read, or the world is not that of the run any more.
    """
    import numpy as np
    import pandas as pd

    from sim import report
    from sim.engine import History
    from sim.repeat import stored_config
    from sim.setting import setting_of

    for name in OF_A_RUN:
        if not (folder / name).is_file():
            raise InputError(f"{folder} lacks {name}, of which its page is drawn; run it again")
    sectors = folder / "sectors.parquet"
    run = History(
        setting_of(stored_config(folder)),
        np.empty((0, 0)),  # when who announced what stands in the events
        pd.read_csv(folder / "events.csv", keep_default_na=False),  # an empty text is no gap
        pd.read_parquet(folder / "steps.parquet"),
        pd.read_parquet(folder / "states.parquet"),
        read_numbers(folder / "outcomes.json"),
        pd.read_parquet(sectors) if sectors.is_file() else None,
    )
    return report.write(folder, run)[-1]
