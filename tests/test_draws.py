"""The generator is Philox4x32-10, and a draw is a function of its key alone."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim import draws
from sim.engine.shocks import factors

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


def test_strata_over_runs_and_over_days_are_equally_probable_and_apart():
    n, n_bins = 20_000, 64
    by_run = np.array([draws.stratum_of_day(1, run, 13, 0, 0) for run in range(n)])
    by_day = np.array([draws.stratum_of_day(1, 0, 13, day, 0) for day in range(n)])
    for strata in (by_run, by_day):
        assert strata.min() >= 0
        assert strata.max() < draws.N_STRATA
        counts = np.bincount(strata * n_bins // draws.N_STRATA, minlength=n_bins)
        assert stats.chisquare(counts).pvalue > 1e-4
    assert abs(np.corrcoef(by_run, by_day)[0, 1]) < 4 / math.sqrt(n)
    assert abs(np.corrcoef(by_day[1:], by_day[:-1])[0, 1]) < 4 / math.sqrt(n)


def test_the_days_of_one_key_have_bits_of_their_own():
    """Each reads the upper bits of its own half of a word: no bit serves two days."""
    words = draws.strata(1, 2, 13, 5, 7)
    halves = [int(word) >> shift & 0xFFFF for word in words for shift in (0, 16)]
    days = range(5 * draws.PER_KEY, 6 * draws.PER_KEY)
    found = [draws.stratum_of_day(1, 2, 13, day, 7) for day in days]
    assert found == [half >> 16 - draws.STRATUM_BITS for half in halves]


@pytest.mark.parametrize("spread", [0.1, 0.8, 3.0])
def test_a_shared_factor_is_lognormal_of_mean_one_in_strata(spread):
    found = factors(spread)
    assert found.shape == (draws.N_STRATA,)
    assert found.mean() == pytest.approx(1.0, abs=1e-12)
    assert (np.diff(found) > 0.0).all()
    # Between the quantiles at its edges, all but the outermost, which have one edge.
    edges = np.linspace(0.0, 1.0, draws.N_STRATA + 1)
    quantile = np.exp(spread * stats.norm.ppf(edges) - spread**2 / 2)
    assert (found > quantile[:-1]).all()
    assert (found < quantile[1:]).all()


def test_where_nothing_is_shared_there_is_no_factor():
    assert factors(0.0).size == 0


def test_cells_are_named_and_order_of_names_matters():
    assert draws.cell("JPN", "swift_exclusion", "RUS") == draws.cell(
        "JPN", "swift_exclusion", "RUS"
    )
    assert draws.cell("JPN", "RUS") != draws.cell("RUS", "JPN")
    assert 0 <= draws.cell("x") < 2**32
