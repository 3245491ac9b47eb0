"""A common shock of the day: nothing without a spread, one for all, what moves acts together."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from watching import CALM, START, day, decider_of, keep_still, pressure

from sim.config import Config, Rule
from sim.engine import simulate as simulate_many
from sim.engine.shocks import shocks_of
from sim.model import NEVER

PLAIN = {"rule": Rule(intercept=-3.0)}
SHOCKS = {**PLAIN, "rule__frailty_sd": 1.0}
N_DAYS = 56


def shocks(model, days=N_DAYS):
    """Return what the log hazards of the days from now on have in common, once they are over."""
    model.advance(days)
    usa = decider_of(model, "USA")
    return [sum(added for _, added in model.engine.shared_by(usa, 0, day)) for day in range(days)]


def test_nothing_is_drawn_for_it_without_a_spread(begin):
    plain, moved = begin(**PLAIN), begin(**SHOCKS)
    sizes = [[table.size for table in shocks_of(m.setting.config.rule)] for m in (plain, moved)]
    assert sizes[0] == [0, 0, 0]  # nothing to draw from
    assert sizes[1][0] > 0 == sizes[1][1] == sizes[1][2]
    assert shocks(plain) == [0.0] * N_DAYS
    assert (plain.engine.state.decision.common[:N_DAYS] == 1.0).all()
    shocks(moved)
    assert (moved.engine.state.decision.common[:N_DAYS] != 1.0).all()


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
    model = keep_still(begin(**PLAIN, rule__frailty_sd=0.5, days=4000))
    drawn = np.array(shocks(model, days=4000))
    # A standard deviation of 4000 normals is known to 1/sqrt(8000), a mean factor to its own.
    assert drawn.std() == pytest.approx(0.5, rel=4 / np.sqrt(8000))
    factor = np.exp(drawn)
    assert factor.mean() == pytest.approx(1.0, abs=4 * factor.std() / np.sqrt(4000))


def test_weekends_are_those_of_the_calendar(begin):
    calm = {**CALM, "days": N_DAYS}
    plain, rested = begin(**calm), begin(**calm, rule__weekend=-2.0)
    assert START.weekday() == 0
    saturday = day(2, 26)
    said = shocks(rested)
    assert said[saturday - 1 : saturday + 3] == [0.0, -2.0, -2.0, 0.0]
    assert shocks(plain) == [0.0] * N_DAYS
    # What the model says of itself is what it does to every hazard of a day.
    for code in ("USA", "JPN", "EU"):
        slow, quick = (
            model.engine.state.decision.factor[:N_DAYS, decider_of(model, code)]
            for model in (rested, plain)
        )
        assert np.log(slow / quick) == pytest.approx(said)


def test_a_sender_and_a_council_grow_by_the_day_s_factor(begin):
    """On the first day with a cause, before anybody has acted, all else is equal."""
    plain, moved = begin(step_days=1, **PLAIN), begin(step_days=1, rule__weekend=0.7, **SHOCKS)
    grown = [pressure(model) for model in (plain, moved)]
    ((name, added),) = moved.engine.shared_by(decider_of(moved, "USA"), 0, 0)
    assert name == "frailty"
    assert np.exp(added) != pytest.approx(1.0, abs=0.05)
    for code in ("USA", "EU"):
        before, after = (of_model[:, decider_of(plain, code)] for of_model in grown)
        assert np.array_equal(before > 0.0, after > 0.0)
        assert before.any()
        assert after == pytest.approx(before * np.exp(added), rel=1e-12)


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
