"""Several named variants, one after the other, with one table of all their outcomes."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.compose import config_folder, friendly_errors, literal_paths
from sim.config import Config
from sim.errors import InputError
from sim.folders import read_numbers, results_folder
from sim.world import load

if TYPE_CHECKING:
    import pandas as pd

MOST_JOBS = 1000  # of one command; each gets a folder with its figures


def jobs(overrides: Sequence[str]) -> list[list[str]]:
    """Return the overrides of each job: every combination of comma-separated values.

    Hydra's parser and sweeper read them, so `seed=range(1,4)` and `rule=glob(*)` work too.
    """
    from hydra import initialize_config_dir
    from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
    from hydra.core.global_hydra import GlobalHydra
    from hydra.core.override_parser.overrides_parser import OverridesParser

    folder = str(config_folder().resolve())
    with friendly_errors(), initialize_config_dir(folder, version_base="1.3"):
        parser = OverridesParser.create(GlobalHydra.instance().config_loader())
        parsed = parser.parse_overrides(literal_paths(overrides))
        several = [one for one in parsed if one.is_discrete_sweep()]
        try:
            listed = [islice(one.sweep_string_iterator(), MOST_JOBS + 1) for one in several]
            if math.prod(sum(1 for _ in values) for values in listed) > MOST_JOBS:
                raise ValueError(f"more than {MOST_JOBS:,} runs are for sanctionsim sweep")
        except ValueError as error:  # of a range, too
            raise InputError(f"--multirun {' '.join(overrides)}: {error}") from error
        return BasicSweeper.split_arguments(parsed, None)[0]


def run_all(
    jobs: Sequence[Sequence[str]], configs: Sequence[Config], run_once: Callable[[Config], Path]
) -> None:
    """Run each job into a folder of its own, and write one table of them all.

    The table has a row per job: its number, its overrides, its outcomes, its folder. It is written
    beside the first job's folder, also of those jobs that were done before one failed.
    """
    rows: list[dict[str, Any]] = []
    out = configs[0].out
    if out is not None:
        results_folder(out, "")  # refuses what holds something
    try:
        for number, (words, config) in enumerate(zip(jobs, configs, strict=True)):
            if config.out is not None:
                config.out = os.path.join(config.out, str(number))
            folder = run_once(config)
            rows.append(_row(number, words, folder))
            print(f"Results: {folder}\n")
    finally:
        if rows:
            _write(rows, out, _names(configs))


def _row(number: int, words: Sequence[str], folder: Path) -> dict[str, Any]:
    chosen = dict(word.lstrip("+").split("=", 1) for word in words if "=" in word)
    chosen.pop("out", None)
    outcomes = read_numbers(folder / "outcomes.json")
    return {"job": number, **chosen, **outcomes, "folder": str(folder)}


def _names(configs: Sequence[Config]) -> dict[str, str]:
    """Return the names of states by code, of all worlds."""
    folders = dict.fromkeys(config.world.folder for config in configs)
    return {code: name for f in folders for code, name in load(f).names_by_code.items()}


def _write(rows: list[dict[str, Any]], out: str | None, names: Mapping[str, str]) -> None:
    import pandas as pd

    from sim import columns

    first = Path(rows[0]["folder"])
    own = first.with_name(f"{first.name}_multirun.parquet")
    path = own if out is None else Path(out) / "runs.parquet"
    table = pd.DataFrame(rows)
    columns.write(path, table.apply(_as_numbers), "runs", names)
    print(f"All jobs: {path}")


def _as_numbers(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return what was chosen as numbers, where it is nothing else."""
    import pandas as pd

    try:
        return pd.to_numeric(column)
    except ValueError:
        return column
