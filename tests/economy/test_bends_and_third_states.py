"""Two parts of an exposure by themselves: how a cost goes from young to old, and who else sells."""

from __future__ import annotations

import numpy as np
import pytest
from test_reference import WORLD, config_of

from sim.economy.exposure import Exposure, _bend
from sim.economy.sectors import reluctance
from sim.economy.shocks import EXPORT
from sim.setting import prepare
from sim.world import load


def test_a_cost_that_is_half_way_at_half_time_has_no_bend_and_none_goes_beyond_its_ends():
    fresh = np.array([2.0, 2.0, 2.0, 2.0, 2.0, 1.0])
    mature = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    middle = np.array([1.0, 1.2, 0.8, 1.9, 0.1, 1.0])
    assert _bend([fresh, middle, mature], 0.5) == pytest.approx([0.0, 0.4, -0.4, 1.0, -1.0, 0.0])


def test_third_states_sell_a_target_what_senders_in_their_place_would_as_far_as_it_is_touched():
    world = load(WORLD)
    setting = prepare(world, config_of({}))
    third = np.setdiff1d(
        np.arange(len(world.states)), np.concatenate([setting.senders, setting.targets])
    )
    in_their_place = Exposure.of(world, third, setting.targets).target_share[:, :, EXPORT]
    expected = (in_their_place * reluctance(world)[0]).sum(axis=0)
    assert expected.max() > 0.01
    assert len(set(reluctance(world)[0])) > 1
    assert setting.exposure.third_share == pytest.approx(expected)
