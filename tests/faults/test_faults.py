"""A short share of `make faults`: the next command resumes, or names the damage."""

from __future__ import annotations

import random
import sys

import pytest
from faulting import FAULTS, SMALL, said

SHORT = ["killed", "partition empty", "partition cut off", "byte flipped", "bit flipped",
         "manifest cut off", "odd lock", "clock set back", "disk full", "read-only"]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the store of a small sweep, uninterrupted."""
    folder = tmp_path_factory.mktemp("faults") / "whole"
    code, text = said(*SMALL, f"out={folder}")
    assert code == 0, text
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="no such disks and links")
@pytest.mark.parametrize("fault", SHORT)
def test_a_fault_is_survived_without_a_row_lost(whole, tmp_path, fault):
    try:
        found = FAULTS[fault][1](whole, tmp_path / "out", random.Random(fault))
    except (PermissionError, FileNotFoundError):
        pytest.skip("no disk can be mounted here")
    assert not found.wrong
    assert found.lost == 0
