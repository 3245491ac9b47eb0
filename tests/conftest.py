"""The shipped world, read once for all tests."""

from __future__ import annotations

import copy
import gc
import io
import math
from collections import defaultdict
from pathlib import Path

import measure_slow
import pytest
from hypothesis import settings
from PIL import Image

from sim.config import Config
from sim.engine import simulate as simulate_many
from sim.model import SanctionsModel
from sim.setting import Setting, prepare
from sim.world import load

# The first example of a rule may have to wait for the compiler.
settings.register_profile("compiled", deadline=None)
settings.load_profile("compiled")


def pytest_addoption(parser) -> None:
    parser.addoption("--measure-slow", action="store_true", help="write tests/slow.txt anew")


def pytest_configure(config) -> None:
    if config.getoption("measure_slow"):
        config.pluginmanager.register(measure_slow)


@pytest.hookimpl(wrapper=True)
def pytest_sessionstart(session):
    """Compile once, while workers collect: each would compile for itself, and slow the other."""
    yield
    if session.config.getoption("numprocesses", None) and not hasattr(
        session.config, "workerinput"
    ):
        first = Config()
        first.scenario.steps = 1
        simulate_many(load("march_2022"), first, 1)


def pytest_collection_modifyitems(items) -> None:
    """Mark what is slow; begin with the file that takes longest, so that workers end together."""
    slow, of_file = measure_slow.read(), defaultdict(set)
    for item in items:
        fixtures = (one for some in item._fixtureinfo.name2fixturedefs.values() for one in some)
        names = {item.nodeid, measure_slow.test_of(item.nodeid)}
        found = {*names, *map(measure_slow.name_of, fixtures)} & slow.keys()
        of_file[item.path] |= found
        if found:
            item.add_marker("slow")
    # Alike in all workers: of a set the order is not, and a sum hangs on it.
    cost = {path: math.fsum(map(slow.get, names)) for path, names in of_file.items()}
    items.sort(key=lambda item: -cost[item.path])


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what is imported: a tenth of the time goes into it."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def world():
    return load("march_2022")


@pytest.fixture(scope="session")
def begin(world):
    """Return a function that returns a model of the shipped world before its first step.

    A lever is named `group__name`, or `group` alone for all of a group at once.
    """

    def start(days=60, step_days=30, seed=7, number=0, known=world, **levers) -> SanctionsModel:
        config = Config()
        config.scenario.step_days, config.scenario.steps = step_days, -(-days // step_days)
        for key, value in levers.items():
            group, _, name = key.rpartition("__")
            part = getattr(config, group) if group else config
            assert hasattr(part, name), key
            setattr(part, name, copy.deepcopy(value))
        return SanctionsModel(prepare(known, config), seed=seed, run=number)

    return start


@pytest.fixture(scope="session")
def simulate(begin):
    """Return a function that runs the shipped world and returns the stepped model."""

    def run(**levers) -> SanctionsModel:
        return finish(begin(**levers))

    return run


@pytest.fixture
def undrawn(monkeypatch):
    """Let figures be laid out, but not be drawn: tests/report draws them, in every format."""
    white = io.BytesIO()
    Image.new("L", (1, 1), 255).save(white, "png")

    def save(figure, path, **_) -> None:
        Path(path).write_bytes(white.getvalue())

    monkeypatch.setattr("matplotlib.figure.Figure.savefig", save)


def stepped(setting: Setting, seed: int, number: int = 0) -> SanctionsModel:
    """Return a model after all steps of its setting."""
    return finish(SanctionsModel(setting, seed=seed, run=number))


def finish(model: SanctionsModel) -> SanctionsModel:
    """Return a model after the steps that its scenario still has."""
    config = model.setting.config.scenario
    for _ in range(config.steps - (model.day + 1) // config.step_days):
        model.step()
    return model
