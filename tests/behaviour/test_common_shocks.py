"""A common shock of the day: nothing without a spread, one for all, what moves acts together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from watching import START, day

from sim import draws
from sim.config import Config, Rule
from sim.engine import simulate as simulate_many
from sim.model import NEVER

PLAIN = {"rule": Rule(intercept=-3.0)}
SHOCKS = {**PLAIN, "rule__frailty_sd": 1.0}
N_DAYS = 56


def shocks(model, days=N_DAYS):
    """Return what the log hazards of each day have in common."""
    return [sum(added for *_, added in model.common_terms(day)) for day in range(days)]


def test_nothing_is_drawn_for_it_without_a_spread(begin, monkeypatch):
    def never(*_):
        raise AssertionError("a normal was drawn")

    monkeypatch.setattr(draws, "normal", never)
    model = begin(step_days=1, **PLAIN)
    model.step()
    assert model.common == 0.0
    with pytest.raises(AssertionError, match="was drawn"):
        begin(step_days=1, **SHOCKS).step()


def test_two_scenarios_share_the_shock_of_a_day_and_two_runs_do_not(begin):
    here = shocks(begin(**SHOCKS))
    fewer = begin(
        **SHOCKS,
        rule__name="threshold",
        scenario__only=["USA", "JPN"],
        scenario__measures=["airspace_ban"],
        coordination__consultation=False,
    )
    assert shocks(fewer) == here
    assert shocks(begin(number=1, **SHOCKS)) != here
    assert shocks(begin(seed=8, **SHOCKS)) != here
    assert len(set(here)) == N_DAYS


def test_the_spread_is_that_of_the_log_hazard_and_the_mean_hazard_stays(begin):
    drawn = np.array(shocks(begin(**PLAIN, rule__frailty_sd=0.5), days=4000))
    # A standard deviation of 4000 normals is known to 1/sqrt(8000), a mean factor to its own.
    assert drawn.std() == pytest.approx(0.5, rel=4 / np.sqrt(8000))
    factor = np.exp(drawn)
    assert factor.mean() == pytest.approx(1.0, abs=4 * factor.std() / np.sqrt(4000))


def test_weekends_are_those_of_the_calendar(begin):
    model = begin(**PLAIN, rule__weekend=-2.0)
    assert START.weekday() == 0
    saturday = day(2, 26)
    assert shocks(model)[saturday - 1 : saturday + 3] == [0.0, -2.0, -2.0, 0.0]


def test_a_sender_and_a_council_grow_by_the_day_s_factor(begin):
    """On the first day with a cause, before anybody has acted, all else is equal."""
    plain, moved = begin(step_days=1, **PLAIN), begin(step_days=1, rule__weekend=0.7, **SHOCKS)
    for model in (plain, moved):
        while not model.councils[0].pressure.any():
            model.step()
    assert plain.day == moved.day
    factor = np.exp(shocks(moved)[moved.day])
    assert factor != pytest.approx(1.0, abs=0.05)
    usa = [model.state("USA") for model in (plain, moved)]
    waiting = (usa[0].pressure > 0.0) & (usa[1].pressure > 0.0)
    grown = [sender.pressure[waiting] for sender in usa]
    assert waiting.any()
    assert grown[1] == pytest.approx(grown[0] * factor, rel=1e-12)
    council = [model.councils[0].pressure for model in (plain, moved)]
    waiting = (council[0] > 0.0) & (council[1] > 0.0)
    assert waiting.any()
    assert council[1][waiting] == pytest.approx(council[0][waiting] * factor, rel=1e-12)


def same_day_share(world, spread: float) -> float:
    """Return the share of pairs of adoptions of a run that fall on one day, over all runs."""
    config = Config()
    config.rule = Rule("independent", intercept=-3.7, frailty_sd=spread)
    config.scenario.only = ["USA", "CAN", "GBR", "JPN"]
    config.scenario.steps = 12
    announced = simulate_many(world, config, 150).announced
    together = pairs = 0
    for run in announced:
        days = run[run != NEVER]
        counts = np.unique(days, return_counts=True)[1]
        together += int((counts * (counts - 1)).sum())
        pairs += days.size * (days.size - 1)
    return together / pairs


def test_the_wider_the_spread_the_more_adoptions_fall_on_one_day(world):
    shares = [same_day_share(world, spread) for spread in (0.0, 0.5, 1.0, 1.5)]
    assert all(low < high for low, high in pairwise(shares))
    assert shares[-1] > 1.5 * shares[0]
