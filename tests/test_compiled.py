"""Compiling: what is kept on disk, and what happens where nothing can be."""

from __future__ import annotations

import subprocess
import sys
import time

from sim.ensemble import results

NO_FOLDER = """
from numba.core import caching

class Nowhere(caching.FunctionCache._impl_class):
    _locator_classes = []

caching.FunctionCache._impl_class = Nowhere
from sim.rules.clock import hazard
print(hazard(0.0, 7.0), type(hazard._cache).__name__)
"""


def test_without_a_folder_to_keep_machine_code_in_it_still_works():
    done = subprocess.run(
        [sys.executable, "-c", NO_FOLDER], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1.0", "NullCache"]


def test_who_waits_for_the_compiler_is_told_why(monkeypatch, capsys):
    monkeypatch.setattr(results, "PATIENCE", 0.01)
    with results._told_if_slow():
        time.sleep(0.3)
    assert "compiling the ensemble, once" in capsys.readouterr().err


def test_who_does_not_wait_is_told_nothing(monkeypatch, capsys):
    monkeypatch.setattr(results, "PATIENCE", 60.0)
    with results._told_if_slow():
        pass
    assert not capsys.readouterr().err
