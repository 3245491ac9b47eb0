"""The measure of `make soak`: memory that grows is told from memory that is warm."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from soaking import MOST_MB, Memory, sweep, told

AT_S = np.arange(600.0)
WARM_MB = 300.0 * (1.0 - np.exp(-AT_S / 20.0))


@pytest.mark.parametrize(
    ("name", "mb", "right"),
    [
        ("flat", 100.0 + WARM_MB, True),
        ("peaks", 100.0 + WARM_MB + 200.0 * (AT_S % 60 == 0), True),
        ("leak", 100.0 + WARM_MB + 0.1 * AT_S, False),
    ],
)
def test_memory_that_grows_is_told_from_memory_that_is_warm(name, mb, right, capsys):
    assert told("A soak", [Memory(name, mb, AT_S)], MOST_MB, []) is right
    assert ("grew by" in capsys.readouterr().out) is not right


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_a_sweep_that_fails_is_no_soak(tmp_path):
    _, wrong = sweep(4, tmp_path, "coordination.peer_weight=-1")
    assert wrong == "exit code 2"
