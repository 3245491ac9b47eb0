"""What a state loses in money is its loss in percent of its own GDP."""

from __future__ import annotations

import numpy as np
import pytest
from test_reference import WORLD, config_of

from sim.engine.run import Run
from sim.setting import prepare
from sim.world import load


def test_a_loss_in_money_is_that_share_of_the_state_s_own_gdp():
    world = load(WORLD)
    setting = prepare(world, config_of({}))
    run = Run(setting, setting.config.seed)
    run.advance(setting.n_days)
    states = run.history().states
    gdp_bn = states["state"].map(dict(zip(world.states, world.gdp_bn, strict=True)))
    assert len(set(world.gdp_bn)) > 2
    assert states["loss"].abs().max() > 1.0
    assert states["loss_bn"].to_numpy() == pytest.approx(np.array(states["loss"] / 100.0 * gdp_bn))
