"""A comparison on disk: one file that says what it is, and four tables."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.compare.comparison import Compared, Comparison
from sim.columns import KEYS, save
from sim.errors import InputError
from sim.folders import read_json, readable, write_json

FILE = "comparison.json"
TABLES = ("outcomes", "paths", "states", "measures")


def write(folder: Path, comparison: Comparison) -> None:
    """Write a comparison into a folder that exists."""
    about = {
        field.name: getattr(comparison, field.name)
        for field in fields(comparison)
        if field.name not in TABLES
    }
    about["variants"] = [variant._asdict() for variant in comparison.variants]
    write_json(folder / FILE, about | {"command": comparison.command})
    for name in TABLES:
        save(folder / f"{name}.parquet", getattr(comparison, name), KEYS | comparison.described)


def read(folder: Path) -> Comparison:
    """Return the comparison that a folder holds.

    Raises
    ------
    InputError
        It holds none, or one that another version has written and this one cannot read.
    """
    path = folder / FILE
    if not path.is_file():
        raise InputError(f"{folder} holds no comparison: {FILE} is missing")
    with readable(folder):
        about = read_json(path)
        about.pop("command")
        for one in about["variants"]:
            one |= {name: tuple(one[name]) for name in ("words", "senders")}
        about["variants"] = tuple(Compared(**one) for one in about["variants"])
        about |= {name: tuple(about[name]) for name in ("targets", "notes")}
        tables: dict[str, Any] = {
            name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES
        }
        found = Comparison(**about, **tables)
        n_runs = {found.values(one, name).size for one in found.labels for name in found.described}
        if len(n_runs) > 1:
            raise ValueError("its settings have not the same runs")
        return found
