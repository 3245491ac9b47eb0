"""A short share of `make fuzz`: broken input is read, or refused in one line."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace

import pytest
from fuzzing import KINDS, fuzzed, mutated, outcome_of


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "world table"])
def test_broken_input_is_read_or_refused_in_one_line(kind):
    n = {"link": 40, "manifest": 40, "timeline": 20, "rule file": 2}.get(kind, 8)
    _, wrong = fuzzed(n, only=kind)
    assert not wrong


def test_broken_worlds_are_read_or_refused_in_one_line():
    _, wrong = fuzzed(12, only="world table")
    assert not wrong


def test_the_fuzzer_notices_what_it_is_for(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()

    def outcome(act):
        monkeypatch.setitem(KINDS, "link", (1, lambda chance, folder: act(folder)))
        return outcome_of("link", 0, tmp_path)

    assert outcome(lambda folder: None) == "read"
    assert outcome(lambda folder: {}["key"]).startswith("KeyError")
    assert outcome(lambda folder: Path("odd").touch()) == "left behind: odd"
    monkeypatch.setattr("fuzzing.LONGEST_S", 1)
    assert outcome(lambda folder: forever()).startswith("hang")


def test_a_page_may_quote_what_it_refuses_but_shows_no_outcome_that_is_no_number():
    from looking import no_number_in

    def shown(text, **props):
        return no_number_in(SimpleNamespace(text=text, props=props))

    refusal = "coordination.peer_weight must lie between 0 and 10; found inf"
    assert shown(refusal).endswith("found inf")
    assert shown(refusal, role="alert") == ""
    assert shown("must be a number; found nan", **{"aria-live": "polite"}) == ""
    assert shown("Loss <b>nan</b> percent").endswith("nan")
    assert shown("'inf' is unknown; informed") == ""


def test_what_the_explorer_logs_of_itself_is_a_fault_and_what_a_library_refuses_is_none():
    from looking import explorer

    def heard(name, error=None):
        logging.getLogger(name).error("no such protocol", exc_info=error)
        try:
            explorer().check()
        except (AssertionError, KeyError) as complaint:
            return type(complaint)
        return None

    explorer()
    assert heard("engineio.server") is None
    assert heard("engineio.server", KeyError("sid")) is KeyError
    assert heard("sim.explore.app") is AssertionError
    assert heard("nicegui") is AssertionError


def forever():
    while True:
        pass


def test_the_same_seed_breaks_alike():
    import random

    once, again = (mutated(b"a,b\n1,2\n" * 9, random.Random(5)) for _ in range(2))
    assert once == again
