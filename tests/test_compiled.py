"""Compiling: what is kept on disk, what a change throws away, and what is said while it lasts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import numba as nb
import numpy as np
import pytest

from sim.compiled import PACKAGE, _content, _imported_by, fingerprint, sources_of
from sim.engine import compilation, day, log, loop
from sim.record import Record, on_stack
from sim.rules.clock import hazard

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


def read_anew():
    """Forget which sources have been read, as a new process would."""
    for cache in (_content, _imported_by, fingerprint):
        cache.cache_clear()


def fingerprints(package):
    """Return the hash of what each compiled source can come from, read anew."""
    read_anew()
    compiled = (p for p in package.rglob("*.py") if b"sim.compiled import" in p.read_bytes())
    return {str(path.relative_to(package)): fingerprint(path) for path in compiled}


@pytest.fixture(autouse=True)
def _fresh():
    """Let no test see what another has read."""
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
def test_a_change_is_one_of_those_who_import_it_alone(package, rule, users):
    before = fingerprints(package)
    with (package / rule).open("a", encoding="utf-8") as source:
        source.write("# changed\n")
    after = fingerprints(package)
    assert {name for name in before if after[name] != before[name]} == users


def test_a_change_of_how_things_are_compiled_is_one_of_all(package):
    before = fingerprints(package)
    with (package / "compiled.py").open("a", encoding="utf-8") as source:
        source.write("# changed\n")
    assert len(before) > 30
    assert not set(before.values()) & set(fingerprints(package).values())


USED = """
from sim.compiled import kernel
from sim.rule import rate

@kernel
def doubled():
    return 2.0 * rate()
"""
RATE = "from sim.compiled import rule\n\n@rule\ndef rate():\n    return {}\n"


@pytest.mark.parametrize("variable", ["", "NUMBA_CACHE_DIR"])
def test_a_changed_rule_is_used_by_who_calls_it_wherever_machine_code_is_kept(tmp_path, variable):
    package = tmp_path / "sim"
    package.mkdir()
    (package / "__init__.py").touch()
    shutil.copy(PACKAGE / "compiled.py", package)
    (package / "use.py").write_text(USED, encoding="utf-8")

    def found(rate):
        (package / "rule.py").write_text(RATE.format(rate), encoding="utf-8")
        code = "from sim.use import doubled; doubled(); print(doubled(), doubled.stats.cache_hits)"
        # Bytecode is known by the second and size of its source, which here changes within one.
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        environment |= {variable: str(tmp_path / "kept")} if variable else {}
        done = subprocess.run(
            [sys.executable, "-c", f"import sys; sys.path[0] = '{tmp_path}'; {code}"],
            env=environment | {"PYTHONPATH": ""}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    assert found(1.0)[0] == "2.0"
    assert found(5.0)[0] == "10.0"
    assert found(5.0)[0] == "10.0"
    kept = [p.name for p in tmp_path.rglob("use.doubled*.nbc")]
    assert len(kept) == 1  # the older was deleted


def test_machine_code_that_cannot_be_written_is_no_error(monkeypatch, tmp_path):
    cache = hazard._cache

    def refuse(*_):
        raise OSError

    monkeypatch.setattr("numba.core.caching.FunctionCache.save_overload", refuse)
    assert cache.save_overload((), None) is None


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


def test_a_process_that_helps_to_compile_has_all_its_words_and_ends_by_itself():
    helper = compilation._helper([], ())
    try:
        assert helper.wait(timeout=60) == 0
    finally:
        helper.kill()


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


def write_to_first(first, second):
    first.value = second.value


def test_numbers_of_a_fixed_record_are_not_written():
    fixed, free = (Record("One", {"value": 3.0}, fixed=is_so) for is_so in (True, False))
    assert fixed._numba_type_ != free._numba_type_
    with pytest.raises(Exception, match=r"One\.value: numbers of a fixed record are not written"):
        nb.njit(write_to_first).compile((fixed._numba_type_, free._numba_type_))
    nb.njit(write_to_first).compile((free._numba_type_, fixed._numba_type_))


@nb.njit(_nrt=False)
def kept_apart(size, first, second):
    ones, twos = on_stack(size), on_stack(size)
    ones[:] = 1.0
    twos[:] = 2.0
    for k in range(ones.size):
        first[k] = ones[k]
    for k in range(twos.size):
        second[k] = twos[k]


@pytest.mark.parametrize("size", [0, 1, 7, 24])
def test_rooms_on_the_stack_are_as_long_as_asked_for_and_lie_apart(size):
    first, second = np.zeros(30), np.zeros(30)
    kept_apart(size, first, second)
    assert first.tolist() == [1.0] * size + [0.0] * (30 - size)
    assert second.tolist() == [2.0] * size + [0.0] * (30 - size)
