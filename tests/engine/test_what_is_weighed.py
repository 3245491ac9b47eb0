"""What senders weigh on a day: acts on the menu, with a cause and a wave left to take."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from test_reference import CASES, WORLD, config_of

from sim.engine.run import Run
from sim.rules.terms import Terms
from sim.setting import prepare
from sim.world import load


@pytest.mark.parametrize("case", ["imposed", "a settlement", "who takes over waits"])
def test_what_is_weighed_is_what_is_open_and_has_a_cause(case):
    setting = prepare(load(WORLD), config_of(CASES[case]))
    run = Run(setting, setting.config.seed)
    menu, involvement = setting.menu, run._given.war.involvement
    for day in range(setting.n_days):
        level, passed = run.state.adoption.level.T.copy(), run.state.adoption.passed.copy()
        is_settled = bool(run.state.clock.is_settled)
        run.advance(1)
        has_cause = (involvement[menu.aimed_at, day] > 0.0) & (run.state.clock.severity > 0.0)
        taken = np.take_along_axis(passed, np.maximum(menu.takes_over, 0), axis=0)
        must_wait = (menu.takes_over >= 0) & (taken <= level)
        is_open = (level < menu.waves) & ~must_wait & menu.on_menu & has_cause
        weighed = run.state.trace.day == day
        assert np.array_equal(weighed, is_open & (not is_settled))
        costs = run.state.trace.terms[:, :, Terms._fields.index("cost")]
        assert np.array_equal(costs[weighed], menu.cost[weighed])


@pytest.mark.parametrize("case", ["imposed", "a settlement"])
def test_terms_are_what_the_docs_say_of_the_state_of_the_day_before(case):
    """Of measure, war, meetings, neighbours, support, relation and what has been taken already."""
    config = config_of(CASES[case])
    config.rule.measure_pace = {"swift_exclusion": 0.4, "condemnation": -0.7}
    setting = prepare(load(WORLD), config)
    run = Run(setting, setting.config.seed)
    menu, war, seen, many = setting.menu, run._given.war, set(), 0
    for day in range(setting.n_days):
        decision = run.state.decision
        support, damage = decision.support.copy(), decision.damage.copy()
        level = run.state.adoption.level.T.copy()
        relation = run.state.third_party.relation[setting.senders][:, menu.aimed_at].copy()
        run.advance(1)
        clock, trace = run.state.clock, run.state.trace
        shock = math.log(max(clock.urgency, 1e-6))
        expected = {
            "effect": menu.effect + menu.pace * shock,
            "severity": clock.severity,
            "involvement": war.involvement[menu.aimed_at, day],
            "restraint": np.where(menu.targeted, 0.0, 1.0 - clock.severity),
            "shock": shock,
            "meeting": setting.meetings.lately[day][:, None].astype(float),
            "frontline": np.exp(-setting.world.distance_km[setting.senders] / 1000.0)[:, None],
            "energy_cost": menu.energy_cost,
            "retaliation": menu.retaliation,
            "linkage": menu.linkage,
            "support": support[:, None] - 0.5,
            "relation": np.maximum(relation, 0.0),
            "wave": (level > 0).astype(float),
            "damage": damage,
        }
        weighed = trace.day == day
        for name, values in expected.items():
            found = trace.terms[:, :, Terms._fields.index(name)][weighed]
            values = np.broadcast_to(values, weighed.shape)[weighed]
            assert found == pytest.approx(values, rel=1e-12, abs=1e-12), (name, day)
            if np.unique(values.round(9)).size > 1:
                seen.add(name)
        many += weighed.sum()
    # What is one number on any day is told from others by its days.
    assert seen >= expected.keys() - {"severity", "shock", "involvement"}
    assert many > 100


def test_all_is_weighed_anew_on_days_on_which_the_war_or_a_target_s_part_in_it_grows(begin):
    model = begin(days=14)
    war, turns = model.setting.war, model.engine._given.calendar.turns
    invaded, day = (
        (date(2022, 2, number) - model.setting.start).days
        for number in (24, 27)  # the second is of Belarus's part alone
    )
    assert war.severity[day] == war.severity[day - 1]
    assert war.involvement[1, day] > war.involvement[1, day - 1]
    assert np.flatnonzero(turns).tolist() == [0, invaded, day]
