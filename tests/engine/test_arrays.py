"""What the engine does to whole arrays, as Python runs it: only other kernels call them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.engine import arrays


@pytest.mark.parametrize("at", [None, 0, 3, 6])
def test_any_flag_set_is_seen_and_none_is_none(at):
    flags = np.zeros(7, dtype=np.bool_)
    if at is not None:
        flags[at] = True
    assert arrays.any_of.py_func(flags) == (at is not None)


def test_the_exponential_of_a_moderate_number_lacks_the_eighth_power_of_a_64th_of_it():
    for x in np.linspace(-arrays.MODERATE, arrays.MODERATE, 41):
        left_out = 64.0 * (x / 64.0) ** 8 / math.factorial(8)
        rounding = 64.0 * np.finfo(float).eps
        found = arrays.exponential.py_func(x)
        assert found == pytest.approx(math.exp(x), rel=1.1 * left_out + rounding)
