"""What mutation testing changes, that it changes no file, and that it notices what tests do not."""

from __future__ import annotations

from types import FunctionType

import mutating
import pytest
from interpreted import Interpreter
from mutants import ROOT, UNCHANGED, changed_code, mutants_of

from sim import record

RULE = ROOT / "sim/rules/enforce.py"
SOURCE = '''
def share(values, n: int = 3):
    """Return 1 + 1."""
    if n > 0 and values[n] == 0.5:
        raise ValueError(f"{n + 1}")
    values[0] = max(n, 1)
    return -n / 2
'''


@pytest.fixture
def changes(tmp_path, monkeypatch):
    monkeypatch.setattr("mutants.ROOT", tmp_path)
    path = tmp_path / "share.py"
    path.write_text(SOURCE)
    return [(mutant.before, mutant.after) for mutant in mutants_of(path)]


def test_each_small_change_is_a_mutant_but_for_texts_errors_hints_and_defaults(changes):
    assert set(changes) == {
        ("n > 0 and values[n] == 0.5", "n > 0 or values[n] == 0.5"),
        ("n > 0 and values[n] == 0.5", "not (n > 0 and values[n] == 0.5)"),
        ("n > 0", "n >= 0"), ("n > 0", "n <= 0"), ("0", "1"),
        ("values[n] == 0.5", "values[n] != 0.5"), ("values[n]", "values[n - 1]"), ("0.5", "1.0"),
        ("values[0] = max(n, 1)", "pass"), ("max(n, 1)", "min(n, 1)"), ("1", "2"),
        ("-n / 2", "-n * 2"), ("-n", "n"), ("2", "3"),
    }  # fmt: skip


def test_a_mutant_is_code_of_its_function_and_no_file():
    before = RULE.read_bytes()
    mutant = next(m for m in mutants_of(RULE) if m.before == "1.0 - min(enforcement, 0.9)")
    function = FunctionType(changed_code(mutant), {"min": min})
    assert mutant.function == "premium_after"
    assert function(0.3, 0.5) == pytest.approx(0.3 / 1.5)
    assert RULE.read_bytes() == before


def test_mutants_that_are_known_to_change_nothing_are_mutants_still():
    known = mutating.equivalent()
    files = {text.split()[0] for text in known}
    assert known.keys() <= {str(mutant) for file in files for mutant in mutants_of(ROOT / file)}


def test_a_sample_is_the_same_once_more_and_has_some_of_every_module():
    files = ["sim/rules/enforce.py", "sim/rules/odds.py", "sim/rules/terms.py"]
    drawn = mutating.sample(files, 12, seed=3)
    assert drawn == mutating.sample(files, 12, seed=3)
    assert {mutant.file for mutant in drawn} == set(files)


@pytest.mark.parametrize(
    "file", ["sim/rules/energy.py", "sim/engine/log.py", "sim/economy/shocks.py"]
)
def test_tests_come_nearest_first_each_once_and_the_golden_run_is_none_of_them(file):
    stages = mutating.stages_of(file)
    assert mutating.MOST in stages[:2]
    files = [name for stage in stages if stage is not mutating.MOST for name in stage]
    assert len(files) == len(set(files))
    assert not [name for name in files if name.startswith(mutating.GOLDEN)]
    assert all((ROOT / name).is_file() for name in files)


def test_what_names_a_module_is_tried_before_all_else():
    first, *_ = mutating.stages_of("sim/rules/talk.py")
    assert "tests/rules/test_rules_by_hand.py" in first  # which imports it among others


def test_what_is_made_from_the_same_has_one_hash_wherever_its_parts_lie():
    part = [1.0]
    assert mutating._content([part, part]) == mutating._content([[1.0], [1.0]])
    assert mutating._content([part, part]) != mutating._content([[1.0], [2.0]])


def test_a_function_unchanged_is_the_code_of_its_file():
    mutant = next(m for m in mutants_of(RULE) if m.function == "effort")
    code = changed_code(mutant._replace(number=UNCHANGED))
    assert FunctionType(code, {"min": min})(0.4, 0.25) == 0.2


def test_python_has_something_in_the_place_of_all_that_only_the_compiler_runs():
    """Without it every test fails, and so every mutant is killed by a test that proves nothing."""
    of = object.__new__(Interpreter).of
    only = [thing for thing in vars(record).values() if isinstance(thing, type(record.flat))]
    assert len(only) == 4
    assert all(of(thing) is not thing for thing in only)
