"""The shipped world, read once for all tests."""

from __future__ import annotations

import pytest

from sim.config import Config
from sim.model import SanctionsModel
from sim.setting import Setting, prepare
from sim.world import load


@pytest.fixture(scope="session")
def world():
    return load("march_2022")


@pytest.fixture(scope="session")
def simulate(world):
    """Return a function that runs the shipped world and returns the stepped model."""

    def run(days=60, step_days=30, seed=7, number=0, **levers) -> SanctionsModel:
        config = Config()
        config.scenario.step_days, config.scenario.steps = step_days, -(-days // step_days)
        for key, value in levers.items():
            group, _, name = key.partition("__")
            assert hasattr(getattr(config, group), name), key
            setattr(getattr(config, group), name, value)
        return stepped(prepare(world, config), seed, number)

    return run


def stepped(setting: Setting, seed: int, number: int = 0) -> SanctionsModel:
    """Return a model after all steps of its setting."""
    model = SanctionsModel(setting, seed=seed, run=number)
    for _ in range(setting.config.scenario.steps):
        model.step()
    return model
