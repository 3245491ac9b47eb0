"""Numbers in words."""

import math

import pytest

from sim.words import alike


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([1.05, 0.672, 1.4217], ["1.05", "0.67", "1.42"]),
        ([0.0577, 0.0136, 0.148], ["0.058", "0.014", "0.148"]),
        ([2.0, -5.0, 0.0], ["2", "−5", "0"]),
        ([2.5, -5.0, -0.0], ["2.5", "−5.0", "0.0"]),
        ([1234.5, -0.4, 7.0], ["1,234", "0", "7"]),
        ([0.0, 0.0], ["0", "0"]),
        ([3.0, math.inf, math.nan], ["3", "never", "–"]),
        ([], []),
    ],
)
def test_numbers_that_stand_together_have_the_same_decimals(values, written):
    assert alike(values) == written
