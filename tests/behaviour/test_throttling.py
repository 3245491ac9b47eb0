"""A target holds back gas by pipe, part by part."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rules import throttle

FEW = {
    "days": 120,
    "scenario__only": ["DEU", "HUN", "JPN"],
    "scenario__measures": ["elite_asset_freeze"],
    "scenario__imposed": {"elite_asset_freeze": "2022-02-24"},
    "coordination__positions": False,
}


@pytest.fixture(scope="module")
def throttled(simulate):
    return simulate(seed=1, response__throttling=100.0, **FEW)


def answers(model, code="gas_throttle"):
    events = model.events()
    return events[(events["kind"] == "countermeasure") & (events["instrument"] == code)]


def code_of(model):
    return [c.code for c in model.setting.world.countermeasures].index("gas_throttle")


def test_gas_is_held_back_again_and_again_from_those_on_the_list(throttled):
    russia, c = throttled.state("RUS"), code_of(throttled)
    assert len(answers(throttled)) == russia.parts["gas_throttle"] > 1
    times = throttled.engine.state.effect.answered[russia.number, c]
    seats = throttled.setting.sender_codes
    assert {code: times[i] > 0 for i, code in enumerate(seats)} == {
        "DEU": True, "HUN": True, "JPN": False,
    }  # fmt: skip
    assert russia.issued["gas_throttle"] >= min(russia.listed.values())


def test_each_part_stops_its_share_of_what_still_flows(throttled):
    russia, c = throttled.state("RUS"), code_of(throttled)
    j = throttled.setting.exposure.sectors.index("pipeline_gas")
    effect, t = throttled.engine.state.effect, russia.number
    share = throttled.setting.answers.coverage[t, c, 1, j]
    for i, code in enumerate(throttled.setting.sender_codes):
        left = (1.0 - share) ** effect.answered[t, c, i]
        assert effect.covered[0, i, t, 1, j] == pytest.approx(1.0 - left), code


@pytest.mark.parametrize(
    "lever", [{"response__throttling": 0.0}, {"economy__price_response": False}]
)
def test_nothing_is_held_back_without_the_lever_or_a_price_that_answers(simulate, lever):
    model = simulate(seed=1, **{"response__throttling": 100.0, **FEW, **lever})
    assert answers(model).empty
    assert not model.state("RUS").parts


def test_it_is_explained(throttled):
    words = throttled.state("RUS").explain("gas_throttle")
    assert f"{throttled.state('RUS').parts['gas_throttle']} parts by" in words
    assert "given again and again" in " ".join(words.split())


def test_a_seller_with_more_of_the_market_forgoes_less():
    shares = np.linspace(0.0, 1.0, 11)
    forgone = [throttle.forgone.py_func(s, 0.53, 0.76) for s in shares]
    assert forgone == sorted(forgone, reverse=True)
    assert forgone[0] == 1.0
    assert forgone[-1] == throttle.LEAST_FORGONE


def test_contracts_let_a_price_be_paid_late():
    assert throttle.paid_in_a_year.py_func(0.0, 210.0) == 1.0
    # By hand: the mean of 1 - exp(-x / T) over a year is 1 - T / 365 (1 - exp(-365 / T)).
    assert throttle.paid_in_a_year.py_func(1.0, 365.0) == pytest.approx(np.exp(-1.0))


@pytest.mark.parametrize(("day", "years"), [(-1.0, 7.0), (0.0, 2.0), (365.0, 1.0), (1000.0, 0.0)])
def test_who_has_said_that_it_will_leave_counts_for_less(day, years):
    assert throttle.years_left.py_func(day, 0.0, 730.0, 7.0) == pytest.approx(years)


def test_who_feels_nothing_is_not_pressed():
    assert throttle.pull.py_func(0.0, 1.0, 0.5) == 0.0
    assert throttle.pull.py_func(4.0, 1.0, 0.5) == 2.0
