"""Commands of experiments/ say what they do, and answer a mistake in a line."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "experiments"
COMMANDS = sorted(
    path for path in FOLDER.glob("*.py") if "__main__" in path.read_text(encoding="utf-8")
)
by_name = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.stem)


@pytest.fixture
def ended(monkeypatch, capsys):
    """Return a function that runs a command, and returns its exit code and what it printed."""

    def run(command, *words):
        monkeypatch.setattr(sys, "argv", [command.name, *words])
        with pytest.raises(SystemExit) as caught:
            runpy.run_path(str(command), run_name="__main__")
        return caught.value.code, *capsys.readouterr()

    return run


@by_name
def test_a_command_says_what_it_does(command, ended):
    code, out, err = ended(command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: {command.name}")


@by_name
def test_a_mistake_gets_one_line(command, ended):
    code, out, err = ended(command, "--nonsense", "nonsense")
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith(f"{command.name}: error: ")


@pytest.mark.parametrize(
    ("name", "words", "line"),
    [
        ("year_2022", ["nowhere"], "argument raw: nowhere is no folder of raw data: it has no "),
        ("covered", ["0"], "argument runs: must be a whole number from 1; found '0'"),
        ("share_burden", ["mars"], "argument world: world 'mars' is neither shipped"),
        ("specifications", ["mars"], "'mars' is unknown (known: "),
        ("draw_gallery", ["mars"], "no picture has 'mars' in its name"),
    ],
)
def test_a_word_that_is_none_of_those_it_may_be_is_named(name, words, line, ended):
    code, _, err = ended(FOLDER / f"{name}.py", *words)
    assert code == 2
    assert line in err.splitlines()[-1]
