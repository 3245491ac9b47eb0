"""One run, held to the last event: what changes it must be meant to."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.folders import read_numbers

from .update import EVENTS, OUTCOMES, golden_run


@pytest.fixture(scope="module")
def run():
    return golden_run()


def test_the_baseline_s_first_quarter_has_the_same_events(run):
    known = pd.read_csv(EVENTS, keep_default_na=False)
    pd.testing.assert_frame_equal(run[0][list(known.columns)], known, check_dtype=False)


def test_the_baseline_s_first_quarter_comes_to_the_same_numbers(run):
    """To ten digits: the last ones hang on the processor's mathematics library."""
    known = read_numbers(OUTCOMES)
    assert run[1].keys() == known.keys()
    for name, value in known.items():
        assert run[1][name] == pytest.approx(value, rel=1e-10, abs=1e-12, nan_ok=True), name
