"""The generator is Philox4x32-10, and a draw is a function of its key alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim import draws

ONES = 0xFFFFFFFF

# Known-answer vectors of Random123 (Salmon et al. 2011) for Philox4x32 with ten rounds.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_philox_gives_the_published_words(counter, key, expected):
    words = draws.philox(*map(np.uint64, counter), *map(np.uint64, key))
    assert tuple(int(word) for word in words) == expected


def test_every_part_of_the_key_matters():
    key = (2022, 17, 1, 3, 99)
    others = [tuple(v + (i == part) for i, v in enumerate(key)) for part in range(5)]
    values = {draws.uniform(*k) for k in [key, *others]}
    assert len(values) == 6
    assert draws.uniform(*key) == draws.uniform(*key)


def test_seeds_above_32_bits_differ_from_their_low_word():
    assert draws.uniform(2**40 + 5, 0, 1, 0, 0) != draws.uniform(5, 0, 1, 0, 0)


def test_uniforms_over_runs_and_over_cells_pass_kolmogorov_smirnov():
    by_run = [draws.uniform(1, run, 1, 0, 7) for run in range(20_000)]
    by_cell = [draws.uniform(1, 0, 1, 0, cell) for cell in range(20_000)]
    assert stats.kstest(by_run, "uniform").pvalue > 1e-4
    assert stats.kstest(by_cell, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(by_run, by_cell)[0, 1]) < 4 / math.sqrt(20_000)


def test_waiting_hazards_are_unit_exponential():
    values = [draws.waiting(1, run, 2, 0, 7) for run in range(20_000)]
    assert stats.kstest(values, "expon").pvalue > 1e-4


def test_normals_over_runs_and_over_days_are_standard_and_apart():
    by_run = [draws.normal(1, run, 13, 0, 0) for run in range(20_000)]
    by_day = [draws.normal(1, 0, 13, day, 0) for day in range(20_000)]
    assert stats.kstest(by_run, "norm").pvalue > 1e-4
    assert stats.kstest(by_day, "norm").pvalue > 1e-4
    assert abs(np.corrcoef(by_run, by_day)[0, 1]) < 4 / math.sqrt(20_000)


def test_cells_are_named_and_order_of_names_matters():
    assert draws.cell("JPN", "swift_exclusion", "RUS") == draws.cell(
        "JPN", "swift_exclusion", "RUS"
    )
    assert draws.cell("JPN", "RUS") != draws.cell("RUS", "JPN")
    assert 0 <= draws.cell("x") < 2**32
