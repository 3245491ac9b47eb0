"""A small sweep, run once."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_sweeps import SMALL

from sim.cli import main


@pytest.fixture(scope="session")
def whole(tmp_path_factory) -> Path:
    """Return the store of the small sweep, uninterrupted."""
    folder = tmp_path_factory.mktemp("sweep") / "whole"
    assert main(["sweep", *SMALL, f"out={folder}"]) == 0
    return folder
