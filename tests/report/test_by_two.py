"""Work that two processes share."""

import os
import subprocess
import sys
import time
from pathlib import Path

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


@pytest.mark.parametrize("forks", [True, False])
def test_what_was_prepared_for_is_done_with_a_second_process_or_without(monkeypatch, forks):
    if not forks:
        monkeypatch.setattr(by_two, "can_fork", lambda: False)
    prepared = []

    def do(word):
        return word.upper(), by_two.done_by_two(NAMES, lambda name: (name, len(prepared)))

    with by_two.begun(lambda: prepared.append("ready"), do) as done:
        word, found = done("what")
    n_prepared = int(forks and by_two.can_fork())
    assert word == "WHAT"
    assert found == {name: (name, n_prepared) for name in NAMES}
    assert not prepared


@SECOND
@pytest.mark.parametrize("given", [1.0, lambda: 1.0])
def test_what_the_process_that_prepared_cannot_do_is_done_here(given):
    first = os.getpid()

    def do(what):
        if os.getpid() != first:
            raise RuntimeError
        return what

    with by_two.begun(lambda: None, do) as done:
        assert done(given) is given


def _runs(number):
    """Return whether a process runs; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


WAITING = """
import os, pathlib, sys, time
from sim.report import by_two

folder = pathlib.Path(sys.argv[1])

def wait(name):
    (folder / name).write_text(str(os.getpid()))
    time.sleep(600)

with by_two.begun(lambda: by_two.done_by_two("ab", wait), str.upper):
    while len(list(folder.iterdir())) < 2:
        time.sleep(0.01)
"""


@SECOND
def test_a_process_that_prepares_is_gone_at_the_end_with_whoever_helps_it(tmp_path):
    """In a process of its own: one that has threads, as this one may, forks nothing."""
    subprocess.run([sys.executable, "-c", WAITING, str(tmp_path)], check=True, timeout=60)
    numbers = [int(path.read_text()) for path in tmp_path.iterdir()]
    deadline = time.monotonic() + 30.0
    while any(map(_runs, numbers)):
        assert time.monotonic() < deadline, "it still waits"
        time.sleep(0.01)


KILLED = """
import os, pathlib, signal, sys
from sim.report.by_two import begun

def prepare():
    pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))

with begun(prepare, str):
    while not pathlib.Path(sys.argv[1]).exists():
        pass
    os.kill(os.getpid(), signal.SIGKILL)
"""


@SECOND
def test_a_process_that_prepares_ends_when_the_first_is_killed(tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "it")], timeout=60)
    assert done.returncode == -9
    deadline = time.monotonic() + 30.0
    while _runs(int((tmp_path / "it").read_text())):
        assert time.monotonic() < deadline, "it still waits"
        time.sleep(0.01)


def test_a_process_with_threads_is_not_forked(monkeypatch):
    monkeypatch.setattr(by_two.threading, "active_count", lambda: 2)
    assert not by_two.can_fork()
    monkeypatch.undo()
    monkeypatch.setattr(by_two.sys, "platform", "darwin")
    assert not by_two.can_fork()
