"""What senders weigh on a day: acts on the menu, with a cause and a wave left to take."""

from __future__ import annotations

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
