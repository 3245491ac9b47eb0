"""Several named variants through Hydra's own multirun, with one table of all their outcomes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sim.compose import checked, config_folder, friendly_errors, register
from sim.config import Config


class JointTable:
    """One row per job: its number, its overrides, its outcomes, its folder.

    Attributes
    ----------
    place : Path, optional
        Folder it is written to; beside the first job's folder if not set.
    """

    def __init__(self) -> None:
        self.place: Path | None = None
        self.rows: list[dict[str, Any]] = []

    def add(self, job: int, overrides: Sequence[str], folder: Path) -> None:
        """Add what a finished job left in its folder."""
        chosen = dict(word.lstrip("+").split("=", 1) for word in overrides if "=" in word)
        chosen.pop("out", None)
        outcomes = json.loads((folder / "outcomes.json").read_text(encoding="utf-8"))
        self.rows.append({"job": job, **chosen, **outcomes, "folder": str(folder)})

    def write(self) -> None:
        """Write the table, also of those jobs that were done before one failed."""
        if not self.rows:
            return
        import pandas as pd

        first = Path(self.rows[0]["folder"])
        path = (
            first.with_name(f"{first.name}_multirun.parquet")
            if self.place is None
            else self.place / "runs.parquet"
        )
        pd.DataFrame(self.rows).to_parquet(path, index=False)
        print(f"All jobs: {path}")


def main(overrides: Sequence[str], run_once: Callable[[Config], Path]) -> int:
    """Run every combination of comma-separated values, each into a folder of its own."""
    import hydra
    from hydra.core.hydra_config import HydraConfig

    register()

    table = JointTable()

    @hydra.main(
        version_base="1.3", config_path=str(config_folder().resolve()), config_name="config"
    )
    def job(node: Any) -> None:
        config = checked(node)
        number = HydraConfig.get().job.num
        if config.out is not None:
            config.out = os.path.join(config.out, str(number))
            table.place = table.place or Path(config.out).parent
        folder = run_once(config)
        table.add(number, HydraConfig.get().overrides.task, folder)
        print(f"Results: {folder}\n")

    quiet = [
        "hydra.output_subdir=null",
        "hydra.sweep.dir=.",
        "hydra.sweep.subdir=.",
        "hydra/job_logging=disabled",
        "hydra/hydra_logging=disabled",
    ]
    arguments, full_error = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv = [arguments[0], "--multirun", *quiet, *overrides]
    os.environ["HYDRA_FULL_ERROR"] = "1"  # errors come to us whole, and leave as one line
    try:
        with friendly_errors():
            job()
    finally:
        table.write()
        sys.argv = arguments
        if full_error is None:
            del os.environ["HYDRA_FULL_ERROR"]
        else:
            os.environ["HYDRA_FULL_ERROR"] = full_error
    return 0
