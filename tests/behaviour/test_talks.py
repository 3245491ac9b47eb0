"""Talks: three rounds without progress, a settlement that pressure and doubt bring nearer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from watching import CALM, day, rows, steps, take

from sim.config import Rule
from sim.model import NEVER


def test_the_third_round_of_7_march_is_in_the_record_and_settles_nothing(simulate):
    model = simulate(days=30, **CALM)
    rounds = rows(model, kind="talks")
    assert [row["date"] for row in rounds[:3]] == ["2022-02-28", "2022-03-03", "2022-03-07"]
    assert rounds[2]["day"] == day(3, 7)
    assert "without progress" in rounds[2]["detail"]
    assert model.settled_day == NEVER


def pressure(begin, waves, belief=0.0, **levers):
    """Return the hazard of a settlement that the talks of 29 March add."""
    model = begin(
        **CALM,
        scenario__measures=["machinery_export_ban"],
        evasion__leak_max=0.0,
        society__backslide=0.0,
        third__belief_days=3650.0,
        step_days=1,
        days=40,
        **levers,
    )
    for sender in model.senders:
        take(model, sender.code, "machinery_export_ban", waves=waves)
    steps(model, day(3, 28) - model.day)
    state = model.engine.state
    state.third_party.belief, before = belief, state.course.talk_pressure
    model.step()
    return model, state.course.talk_pressure - before


def test_the_hazard_of_a_round_rises_with_the_loss_by_its_closed_form(begin):
    calm, idle = pressure(begin, 0)
    model, pressed = pressure(begin, 3)
    society = model.setting.config.society
    assert model.state("RUS").loss > calm.state("RUS").loss + 0.1
    # Belief is nought in both, so nobody doubts.
    for run, hazard in ((calm, idle), (model, pressed)):
        worst = max(target.loss for target in run.targets)
        expected = math.exp(society.settlement + society.settlement_loss * worst)
        assert hazard == pytest.approx(expected)


def test_the_hazard_of_a_round_rises_with_doubt_about_the_coalition(begin):
    hazards = [pressure(begin, 0, belief)[1] for belief in (0.0, 0.2, 0.5)]
    assert hazards[0] < hazards[1] < hazards[2]
    assert pressure(begin, 0, 1.0)[1] == pytest.approx(hazards[0])


def test_no_talks_no_settlement(simulate):
    calm = {"scenario__world_events": False, "society__settlement": 5.0}
    assert simulate(**calm).settled_day == NEVER
    assert simulate(**calm, society__talks=7.0, days=30).settled_day != NEVER


def test_random_rounds_come_at_their_rate(simulate):
    few = {"scenario__measures": ["airspace_ban"], "scenario__world_events": False}
    runs = [simulate(seed=s, days=90, society__talks=0.7, **CALM, **few) for s in range(30)]
    number = np.array([len(rows(model, kind="talks")) for model in runs])
    # 0.7 a week for 90 days, at most one a day: 9 less a little; standard error of the mean.
    expected = 90 * -math.expm1(-0.1)
    assert abs(number.mean() - expected) < 4.0 * math.sqrt(expected / number.size)


def test_a_settlement_ends_decisions_and_measures_are_lifted_after_it(simulate):
    quick = {"society__settlement": 5.0, "society__easing_days": 20.0}
    model = simulate(days=150, step_days=30, rule=Rule(intercept=-1.0), **quick)
    settled = model.settled_day
    assert settled == day(2, 28)
    assert rows(model, kind="settlement")[0]["day"] == settled
    assert all(row["day"] <= settled for row in rows(model, kind="measure"))
    assert all(row["day"] <= settled for row in rows(model, kind="council"))
    lifted = rows(model, kind="withdrawal")
    assert lifted
    assert all(row["day"] > settled for row in lifted)
    # Of the least reversible, 0.2, exp(-0.2 x 142 / 20) or 24 % stand to the end of the run.
    standing = (model.announced[:, :, 0] != NEVER).sum()
    assert standing < 0.24 * (standing + len(lifted))
