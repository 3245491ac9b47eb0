"""Work that two processes share."""

import os

import pytest

from sim.report import by_two

NAMES = list("abcdefgh")
SECOND = pytest.mark.skipif(not by_two.can_fork(), reason="no process can be forked off here")


@pytest.mark.parametrize("forks", [True, False])
def test_all_is_done_in_its_order_with_a_second_process_or_without(monkeypatch, forks):
    if not forks:
        monkeypatch.setattr(by_two, "can_fork", lambda: False)
    assert by_two.done_by_two(NAMES, str.upper) == {name: name.upper() for name in NAMES}
    assert list(by_two.done_by_two(NAMES, str.upper)) == NAMES
    assert by_two.done_by_two([], str.upper) == {}


@SECOND
@pytest.mark.parametrize("end", [lambda: os._exit(1), lambda: 1 / 0])
def test_what_the_second_process_leaves_undone_is_done_by_the_first(end):
    first = os.getpid()

    def do(name):
        if os.getpid() != first:
            end()
        return name, os.getpid()

    assert by_two.done_by_two(NAMES, do) == {name: (name, first) for name in NAMES}


def test_a_mistake_is_told_as_without_a_second_process():
    def do(name):
        raise RuntimeError(f"no font for {name}")

    with pytest.raises(RuntimeError, match="no font for"):
        by_two.done_by_two(NAMES, do)


def test_a_process_with_threads_is_not_forked(monkeypatch):
    monkeypatch.setattr(by_two.threading, "active_count", lambda: 2)
    assert not by_two.can_fork()
    monkeypatch.undo()
    monkeypatch.setattr(by_two.sys, "platform", "darwin")
    assert not by_two.can_fork()
