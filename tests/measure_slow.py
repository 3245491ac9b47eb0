"""Writes tests/slow.txt: `make slow`, on a machine that does nothing else.

A line for each test, and for each fixture that several tests share, that takes longer than `LIMIT`:
its seconds and its name. Whoever asks for such a fixture is slow as well. tests/conftest.py reads
the list: it marks them, and begins with the files that take longest.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

LIMIT = 0.125  # seconds; all tests that take less fit together into a minute of two cores
LIST = Path(__file__).with_name("slow.txt")

taken: dict[str, float] = {}
of_fixtures: list[float] = []  # that the test at hand was the first to ask for


def name_of(fixture) -> str:
    """Return how the list names a fixture."""
    return f"{fixture.baseid}::{fixture.argname}"


def _file(name: str) -> str:
    return name.partition("::")[0]


def read() -> dict[str, float]:
    """Return the seconds of what is slow, by name."""
    lines = (line.split(maxsplit=1) for line in LIST.read_text(encoding="utf-8").splitlines())
    return {name: float(seconds) for seconds, name in lines}


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef):
    began = time.perf_counter()
    try:
        return (yield)
    finally:
        if fixturedef.scope != "function":
            name, seconds = name_of(fixturedef), time.perf_counter() - began
            of_fixtures.append(seconds)
            taken[name] = max(taken.get(name, 0.0), seconds)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    of_fixtures.clear()
    began = time.perf_counter()
    try:
        return (yield)
    finally:
        taken[item.nodeid] = time.perf_counter() - began - sum(of_fixtures)


def pytest_sessionfinish() -> None:
    """Write the list: anew of the files that were run, as it was of all others."""
    run = {*map(_file, taken)}
    others = {name: seconds for name, seconds in read().items() if _file(name) not in run}
    slow = others | {name: seconds for name, seconds in taken.items() if seconds > LIMIT}
    rows = [f"{seconds:.1f} {name}\n" for name, seconds in sorted(slow.items())]
    LIST.write_text("".join(rows), encoding="utf-8")
