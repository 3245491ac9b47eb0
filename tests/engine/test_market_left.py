"""What share of a market a target sells once some of what all sell is lost."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.engine import throttling

SIZE, SUPPLIED = np.array([100.0, 50.0]), np.array([[40.0, 10.0], [20.0, 5.0]])


def share(t, fuel, lost, supplied=SUPPLIED):
    markets = SimpleNamespace(size_bn=SIZE, supplied_bn=supplied)
    inputs = SimpleNamespace(energy=SimpleNamespace(markets=markets))
    effect = SimpleNamespace(export_lost=np.array(lost))
    return throttling._share_of_market.py_func(t, fuel, inputs, effect)


def test_what_targets_lose_of_one_fuel_leaves_that_of_the_other_where_it_was():
    lost = [[0.5, 0.0], [0.25, 0.8]]
    assert share(0, 0, lost) == pytest.approx(20.0 / (100.0 - 20.0 - 5.0))
    assert share(1, 0, lost) == pytest.approx(15.0 / 75.0)
    assert share(0, 1, lost) == pytest.approx(10.0 / (50.0 - 4.0))
    assert share(1, 1, lost) == pytest.approx(1.0 / 46.0)


def test_of_nothing_left_there_is_no_share():
    assert share(0, 0, [[1.0, 1.0]], np.array([[SIZE[0], 0.0]])) == 0.0
