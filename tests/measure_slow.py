"""Writes tests/slow.txt: `make slow`.

A line for each test, and for each fixture that several tests share, that takes so long that all
which take less fit into `BUDGET`: its seconds and its name; of a test of which every variant does,
one line. Whoever asks for such a fixture is slow as well, and so is a new variant of such a test.
tests/conftest.py reads the list: it marks them, and begins with the files that take longest.

What tests remember for each other is paid by the first, and once that is left out, by another. So
what is not slow is measured once more by itself.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import defaultdict
from pathlib import Path

import psutil
import pytest

BUDGET = 30.0  # seconds of all that is not slow: half a minute of two cores with their beginning
LONG_S = 1.0  # and ten times what was computed meanwhile: this was waited for, not held up
LIST = Path(__file__).with_name("slow.txt")

taken: dict[str, float] = {}
of_fixtures: list[float] = []  # that the test at hand was the first to ask for
variants: dict[str, set[str]] = defaultdict(set)  # of a test, whether they were run or not


class Clock:
    """Seconds that were computed since it was made, here and by what was started.

    Whatever else a machine has to do is no matter; what a test waits for, without computing, is.
    """

    def __init__(self) -> None:
        self._others = _computed_by_others()
        self._own, self._began = time.process_time(), time.perf_counter()

    def seconds(self) -> float:
        """Return them."""
        passed, own = time.perf_counter() - self._began, time.process_time() - self._own
        computed = own + _computed_by_others() - self._others
        return passed if passed > max(LONG_S, 10.0 * computed) else computed


def _computed_by_others() -> float:
    """Return the seconds of all processes that were started, whether they have ended or not."""
    ended = os.times()
    total = ended.children_user + ended.children_system
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            total += sum(one.cpu_times()[:4])
    return total


def name_of(fixture) -> str:
    """Return how the list names a fixture."""
    return f"{fixture.baseid}::{fixture.argname}"


def _file(name: str) -> str:
    return name.partition("::")[0]


def test_of(name: str) -> str:
    """Return the name of a test without that of its variant."""
    return name.partition("[")[0]


def read() -> dict[str, float]:
    """Return the seconds of what is slow, by name."""
    lines = (line.split(maxsplit=1) for line in LIST.read_text(encoding="utf-8").splitlines())
    return {name: float(seconds) for seconds, name in lines}


def pytest_itemcollected(item) -> None:
    variants[test_of(item.nodeid)].add(item.nodeid)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef):
    clock = Clock()
    try:
        return (yield)
    finally:
        if fixturedef.scope != "function":
            name, seconds = name_of(fixturedef), clock.seconds()
            of_fixtures.append(seconds)
            taken[name] = max(taken.get(name, 0.0), seconds)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    of_fixtures.clear()
    clock = Clock()
    try:
        return (yield)
    finally:
        taken[item.nodeid] = clock.seconds() - sum(of_fixtures)


def _longest(seconds: dict[str, float]) -> dict[str, float]:
    """Return what takes longest: without it the rest keeps to the budget."""
    rest, slow = sum(seconds.values()), {}
    for name in sorted(seconds, key=lambda name: -seconds[name]):
        if rest <= BUDGET:
            break
        slow[name] = seconds[name]
        rest -= seconds[name]
    return slow


def pytest_sessionfinish(session) -> None:
    """Write the list: anew of what was run, as it was of what was not."""
    some_left_out = bool(session.config.option.markexpr)
    run = {*map(_file, taken)}
    slow = _longest(taken)
    for name, seconds in read().items():
        if name not in taken and (some_left_out or _file(name) not in run):
            slow[name] = seconds
    for test, names in variants.items():
        if len(names) > 1 and names <= slow.keys():
            slow[test] = sum(slow.pop(name) for name in names)
    rows = [f"{seconds:.1f} {name}\n" for name, seconds in sorted(slow.items())]
    LIST.write_text("".join(rows), encoding="utf-8")
