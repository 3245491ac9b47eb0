"""Several named variants through Hydra's own multirun; sweeps have a runner of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

from sim.compose import checked, config_folder, friendly_errors, register
from sim.run import run_once


def main(overrides: Sequence[str]) -> int:
    """Run every combination of comma-separated values, each into a folder of its own."""
    import hydra
    from hydra.core.hydra_config import HydraConfig

    register()

    @hydra.main(
        version_base="1.3", config_path=str(config_folder().resolve()), config_name="config"
    )
    def job(node: Any) -> None:
        config = checked(node)
        number = HydraConfig.get().job.num
        if config.out is not None:
            config.out = os.path.join(config.out, str(number))
        print(f"Results: {run_once(config)}\n")

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
        sys.argv = arguments
        if full_error is None:
            del os.environ["HYDRA_FULL_ERROR"]
        else:
            os.environ["HYDRA_FULL_ERROR"] = full_error
    return 0
