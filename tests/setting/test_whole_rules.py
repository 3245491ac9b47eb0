"""A rule of the user's own is whole in its file, and is said to be code when it is loaded."""

from __future__ import annotations

import pytest

from sim.config import Config
from sim.errors import InputError
from sim.setting.decision import decision_rule


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    """Return a function that loads a rule beside a helper and a file of numbers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "helper_of_mine.py").write_text("C = -3.0\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text("-3.0\n", encoding="utf-8")

    def load(first):
        text = f"{first}\n\ndef log_hazard(terms, weights):\n    return C\n"
        (tmp_path / "mine.py").write_text(text, encoding="utf-8")
        config = Config()
        config.rule.function = "mine.py:log_hazard"
        return decision_rule(config.rule)

    return load


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ("from helper_of_mine import C", "line 1: a rule must be whole in its own file"),
        ("import helper_of_mine as h; C = h.C", "what it needs of 'helper_of_mine' into it"),
        ("from .helper_of_mine import C", "a rule must be whole in its own file"),
        (
            "from pathlib import Path; C = float(Path('c.txt').read_text())",
            "it reads 'c.txt': write its numbers into the rule",
        ),
        ("import numpy as np; C = float(np.loadtxt('c.txt'))", r"it reads '.*c\.txt'"),
        ("raise SystemExit", "cannot stop a run"),
        ("C = 0.0\nwhile C > 1.0: pass", "line 2: a rule must come to an end: write for"),
        ("def f(x): return f(x)\n", "mine.py: f calls itself, and might never end"),
        ("def f(x): return g(x)\ndef g(x): return f(x)", "mine.py: f calls itself"),
        ("import sys; sys.exit(3)", "cannot be loaded: SystemExit"),
        ("import random; C = random.random()", "when the file is read again: leave out chance"),
    ],
)
def test_a_rule_that_rests_on_other_files_is_refused(loaded, first, words):
    with pytest.raises(InputError, match=words):
        loaded(first)


def test_that_a_rule_is_code_is_said_when_it_is_loaded(loaded, capsys):
    loaded("import math\n\nimport numpy as np\n\nC = -math.sqrt(9.0)")
    assert "mine.py is Python code, and is run to load its rule" in capsys.readouterr().err
