"""The currency block: every sign, its extremes, and that step length drops out."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruble_2022 import DEFAULTS, RANGES

from sim.economy.currency import (
    Drivers,
    Inputs,
    Weights,
    alarm,
    felt_after,
    log_rate,
    path,
    precaution_after,
    repression,
)

SCRIPT = Path(__file__).parents[2] / "experiments" / "ruble_2022.py"
CALM = Drivers(0.0, 0.0, 0.0, 0.0, 0.0)
DEPRECIATE = ("export_loss", "frozen", "precaution")
APPRECIATE = ("import_loss", "repression")

share = st.floats(0.0, 1.0)
days = st.floats(0.1, 60.0)


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("ruble_2022", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def inputs(n_steps, **given):
    """Return inputs of calm but for what is given, by step or held throughout."""
    zero = np.zeros(n_steps)
    return Inputs(**{name: zero + given.get(name, 0.0) for name in Inputs._fields})


def test_without_a_shock_the_rate_stays_where_it_is():
    assert log_rate(CALM, DEFAULTS) == 0.0
    assert path(inputs(5), 7.0, DEFAULTS).tolist() == [0.0] * 5


@pytest.mark.parametrize("driver", DEPRECIATE)
def test_it_depreciates_the_currency(driver):
    rate = log_rate(CALM._replace(**{driver: 1.0}), DEFAULTS)
    assert rate == getattr(DEFAULTS, driver) > 0.0


@pytest.mark.parametrize("driver", APPRECIATE)
def test_it_appreciates_the_currency(driver):
    rate = log_rate(CALM._replace(**{driver: 1.0}), DEFAULTS)
    assert rate == -getattr(DEFAULTS, driver) < 0.0


def test_every_driver_has_its_sign_tested():
    assert set(DEPRECIATE) | set(APPRECIATE) == set(Drivers._fields)


def test_bans_on_exports_and_on_imports_move_it_by_the_same_in_opposite_directions():
    exports = path(inputs(3, export_covered=0.3), 7.0, DEFAULTS)
    assert exports == pytest.approx(-path(inputs(3, import_covered=0.3), 7.0, DEFAULTS))
    assert (exports > 0.0).all()


def test_a_windfall_from_exports_appreciates():
    assert path(inputs(1, export_covered=-0.2), 30.0, DEFAULTS)[0] < 0.0


def test_exclusion_from_swift_depreciates_at_once_and_fades():
    excluded = np.array([0.5, *[0.0] * 51])
    rates = path(inputs(52, excluded=excluded), 7.0, DEFAULTS)
    assert rates[0] > 0.0
    assert (np.diff(rates) < 0.0).all()
    assert rates[-1] < 0.01 * rates[0]


def test_an_alarm_adds_towards_one():
    assert alarm(0.0, 0.0, 0.3) == 0.0
    assert alarm(1.0, 0.0, 0.3) == 1.0
    assert alarm(0.0, 1.0, 0.3) == pytest.approx(0.3)
    assert alarm(0.5, 1.0, 0.5) == 0.75
    assert precaution_after(0.5, 0.5, 0.0, 60.0) == 0.75


def test_precaution_falls_to_a_third_in_its_days():
    assert precaution_after(0.8, 0.0, 60.0, 60.0) == pytest.approx(0.8 * math.exp(-1.0))


def test_trade_is_felt_by_two_thirds_in_its_days_and_comes_back_the_same_way():
    assert felt_after(0.0, 0.6, 30.0, 30.0) == pytest.approx(0.6 * (1.0 - math.exp(-1.0)))
    assert felt_after(0.6, 0.0, 30.0, 30.0) == pytest.approx(0.6 * math.exp(-1.0))
    assert felt_after(0.3, 0.3, 17.0, 30.0) == 0.3
    assert felt_after(0.0, 0.6, 1e6, 30.0) == 0.6


@given(share, share, days)
def test_one_step_of_two_lengths_equals_two_of_one(before, level, length):
    twice = felt_after(felt_after(before, level, length, 30.0), level, length, 30.0)
    assert felt_after(before, level, 2.0 * length, 30.0) == pytest.approx(twice, abs=1e-14)
    # The jump falls on the first of the two.
    faded = precaution_after(precaution_after(before, level, length, 60.0), 0.0, length, 60.0)
    assert precaution_after(before, level, 2.0 * length, 60.0) == pytest.approx(faded, abs=1e-14)


@given(st.integers(0, 2**32 - 1))
def test_a_path_does_not_depend_on_the_step(seed):
    draw = np.random.default_rng(seed)
    coarse = Inputs(*draw.random((len(Inputs._fields), 6)))
    fine = Inputs(*(np.repeat(values, 2) for values in coarse))
    fine.severity[1::2] = 0.0
    fine.excluded[1::2] = 0.0
    assert path(fine, 7.0, DEFAULTS)[1::2] == pytest.approx(path(coarse, 14.0, DEFAULTS), abs=1e-13)


@given(share, share, share, share)
def test_repression_stays_a_share_and_every_part_tightens(controls, surrender, rate, gas):
    tight = repression(controls, surrender, rate, gas)
    assert 0.0 <= tight <= 1.0 + 1e-12
    for more in ((1.0, surrender, rate, gas), (controls, surrender, rate, 1.0)):
        assert repression(*more) >= tight - 1e-15


def test_repression_runs_from_none_to_that_of_march_2022():
    assert repression(0.0, 0.0, 0.0, 0.0) == 0.0
    assert repression(1.0, 1.0, 1.0, 1.0) == pytest.approx(1.0)
    assert repression(1.0, 0.0, 0.0, 0.0) > repression(0.0, 1.0, 0.0, 0.0)


@given(st.lists(share, min_size=5, max_size=5))
def test_the_rate_stays_finite_at_any_drivers_and_weights(values):
    drivers = Drivers(*values)
    for end in (0, 1):
        weights = Weights(**{name: ends[end] for name, ends in RANGES.items()})
        assert -2.0 <= log_rate(drivers, weights) <= 4.0


def test_every_default_lies_in_its_range():
    for name, value in DEFAULTS._asdict().items():
        low, high = RANGES[name]
        assert low < value < high


def test_the_inputs_of_2022_give_its_turns_with_or_without_the_windfall(script):
    # The weights were set with these turns in view: this guards them, it validates nothing.
    for windfall in (True, False):
        daily = path(script.inputs_2022(windfall), 1.0, DEFAULTS)
        assert script.turns(script.monthly(daily))
