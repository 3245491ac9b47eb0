"""What the engine does to whole arrays, as Python runs it: only other kernels call them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine import arrays


@pytest.mark.parametrize("at", [None, 0, 3, 6])
def test_any_flag_set_is_seen_and_none_is_none(at):
    flags = np.zeros(7, dtype=np.bool_)
    if at is not None:
        flags[at] = True
    assert arrays.any_of.py_func(flags) == (at is not None)


def test_the_exponential_of_a_moderate_number_is_right_to_the_last_digits_but_one():
    for x in np.linspace(-arrays.MODERATE, arrays.MODERATE, 41):
        assert arrays.exponential.py_func(x) == pytest.approx(np.exp(x), rel=2e-14)
