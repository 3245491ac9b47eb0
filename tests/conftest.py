"""The shipped world, read once for all tests."""

from __future__ import annotations

import copy

import pytest
from hypothesis import settings

from sim.config import Config
from sim.engine import simulate as simulate_many
from sim.model import SanctionsModel
from sim.setting import Setting, prepare
from sim.world import load

# The first example of a rule may have to wait for the compiler.
settings.register_profile("compiled", deadline=None)
settings.load_profile("compiled")


def pytest_configure(config) -> None:
    """Compile once before workers start: each would compile for itself, and slow the other."""
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        first = Config()
        first.scenario.steps = 1
        simulate_many(load("march_2022"), first, 1)


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


def stepped(setting: Setting, seed: int, number: int = 0) -> SanctionsModel:
    """Return a model after all steps of its setting."""
    return finish(SanctionsModel(setting, seed=seed, run=number))


def finish(model: SanctionsModel) -> SanctionsModel:
    """Return a model after the steps that its scenario still has."""
    config = model.setting.config.scenario
    for _ in range(config.steps - (model.day + 1) // config.step_days):
        model.step()
    return model
