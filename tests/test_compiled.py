"""Compiling: what is kept on disk, what a change throws away, and what is said while it lasts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import numba as nb
import numpy as np
import pytest

from sim.compiled import PACKAGE, _content, _imported_by, forget_stale, sources_of
from sim.engine import compilation, day, log, loop
from sim.record import Record

NO_FOLDER = """
from numba.core import caching

class Nowhere(caching.FunctionCache._impl_class):
    _locator_classes = []

caching.FunctionCache._impl_class = Nowhere
import numpy as np
from sim.compiled import phase
from sim.engine.compilation import addresses_of
from sim.record import Record, call_phase
from sim.rules.clock import hazard

@phase
def double(first, second):
    second.value = 2.0 * first.value

print(hazard(0.0, 7.0), type(hazard._cache).__name__)
records = Record("First", {"value": 3.0}), Record("Second", {"value": 0.0})
known = addresses_of({"double": double}, tuple(record._numba_type_ for record in records))
print(known["double"] != 0)
"""


def test_without_a_folder_to_keep_machine_code_in_it_still_works():
    done = subprocess.run(
        [sys.executable, "-c", NO_FOLDER], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1.0", "NullCache", "True"]


def test_a_source_comes_with_all_that_it_imports_however_far():
    found = {str(path.relative_to(PACKAGE)) for path in sources_of(PACKAGE / "engine/council.py")}
    assert {"engine/council.py", "rules/council.py", "engine/commitment.py"} <= found
    assert {"engine/log.py", "rules/withdraw.py", "draws.py", "compiled.py"} <= found  # by others
    assert not {"rules/talk.py", "engine/talks.py", "model.py", "report/page.py"} & found


def test_no_phase_is_made_of_another():
    """So that a change of one recompiles that one alone, unless it is asked for a part of it."""
    files = {PACKAGE / f"{p.function.__module__[4:].replace('.', '/')}.py" for p in day.PHASES}
    assert len(files) == 14
    known = {path.stem: {other.stem for other in sources_of(path) & files} for path in files}
    for name in ("information", "consultation", "decision", "diversion", "pricing", "talks"):
        assert known[name] == {name}, known[name]
    assert sources_of(PACKAGE / "engine/loop.py").isdisjoint(files)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return a copy of the package's sources, for whom imports are those of the copy."""
    monkeypatch.setattr("sim.compiled.PACKAGE", tmp_path / "sim")
    for path in PACKAGE.rglob("*.py"):
        (tmp_path / "sim" / path.relative_to(PACKAGE)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / "sim" / path.relative_to(PACKAGE))
    return tmp_path / "sim"


def keep(package):
    """Put some machine code beside every compiled source; return its files by their sources."""
    kept = {}
    for path in package.rglob("*.py"):
        if b"sim.compiled" in path.read_bytes():
            code = path.parent / "__pycache__" / f"{path.stem}.f-1.py311.1.nbc"
            code.parent.mkdir(exist_ok=True)
            code.touch()
            kept[str(path.relative_to(package))] = code
    return kept


def forgotten(package, name):
    """Return the sources whose machine code a change of one source throws away."""
    forget_stale(package)
    kept = keep(package)
    with (package / name).open("a", encoding="utf-8") as source:
        source.write("# changed\n")
    read_anew()
    forget_stale(package)
    return {name for name, code in kept.items() if not code.exists()}


def read_anew():
    """Forget which sources have been read, as a new process would."""
    for cache in (_content, _imported_by):
        cache.cache_clear()


@pytest.fixture(autouse=True)
def _fresh():
    """Let no test see what another has read."""
    read_anew()
    yield
    read_anew()


@pytest.mark.parametrize(
    ("rule", "users"),
    [
        ("rules/talk.py", {"rules/talk.py", "engine/talks.py"}),
        ("rules/divert.py", {"rules/divert.py", "engine/diversion.py", "engine/routes.py"}),
        ("engine/society.py", {"engine/society.py"}),
        ("engine/day.py", set()),
        ("report/page.py", set()),
    ],
)
def test_a_change_forgets_the_machine_code_of_those_who_import_it_alone(package, rule, users):
    assert forgotten(package, rule) == users


def test_a_change_of_how_things_are_compiled_forgets_everything(package):
    users = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if b"from sim.compiled import" in path.read_bytes()
    }
    assert len(users) > 30
    assert users <= forgotten(package, "compiled.py")


def test_without_a_change_nothing_is_forgotten_nor_written(package):
    forget_stale(package)
    kept = keep(package)
    stamps = package / "__pycache__" / "compiled.json"
    before = stamps.stat().st_mtime_ns
    forget_stale(package)
    assert all(code.exists() for code in kept.values())
    assert stamps.stat().st_mtime_ns == before
    assert set(json.loads(stamps.read_text())) == set(kept)


def test_what_cannot_be_written_is_no_error(package, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.write_text", refuse)
    forget_stale(package)
    assert not (package / "__pycache__" / "compiled.json").exists()


def new_phases(n):
    """Return functions that nobody has compiled yet nor keeps, and what they are called with."""

    def written():
        def act(first, second):
            second.value += first.value

        return nb.njit(act)

    return {f"act {k}": written() for k in range(n)}, Record("One", {"value": 1.0})


def test_who_waits_for_the_compiler_is_told_why(capsys):
    phases, record = new_phases(2)
    compilation.addresses_of(phases, (record._numba_type_,) * 2)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "sanctionsim: compiling the model, once on this machine: 0 of 2 parts"
    assert lines[1].startswith(lines[0].replace("0 of", "2 of") + " in ")
    compilation.addresses_of(phases, (record._numba_type_,) * 2)  # they are known now
    assert not capsys.readouterr().err


def test_on_a_terminal_every_part_is_said(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    phases, record = new_phases(2)
    compilation.addresses_of(phases, (record._numba_type_,) * 2)
    found = re.findall(r"(\d) of 2 parts", capsys.readouterr().err)
    assert found == ["0", "1", "2"]


def test_a_phase_is_called_by_its_address():
    phases, one = new_phases(1)
    state = Record("State", {"value": 5.0})
    kinds = one._numba_type_, state._numba_type_
    order = np.array([[compilation.addresses_of(phases, kinds)["act 0"], 0]] * 3)
    loop.begin(order, one, state)
    loop.conclude(order, one, state)
    assert state.value == 7.0


def test_the_log_has_a_number_for_every_kind():
    assert len(log.KINDS) == log.SETTLEMENT + 1
