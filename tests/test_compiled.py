"""Compiling: what is kept on disk, and what happens where nothing can be."""

from __future__ import annotations

import subprocess
import sys
import time

from sim.compiled import forget_stale
from sim.engine import results

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


def test_machine_code_is_kept_until_any_compiled_source_changes(tmp_path):
    kept = tmp_path / "rules" / "__pycache__" / "clock.hazard-1.py311.1.nbc"
    kept.parent.mkdir(parents=True)
    rule, page = tmp_path / "rules" / "clock.py", tmp_path / "page.py"
    rule.write_text("from sim.compiled import rule\n")
    page.write_text("print()\n")
    forget_stale(tmp_path)
    kept.write_bytes(b"")
    page.write_text("print(1)\n")  # not compiled
    forget_stale(tmp_path)
    assert kept.exists()
    rule.write_text("from sim.compiled import rule, kernel\n")
    forget_stale(tmp_path)
    assert not kept.exists()


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
