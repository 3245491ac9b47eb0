"""What must come before an answer to a single sender, wherever it stands in the world's table."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.codes import NEVER
from sim.engine import reluctance, response

DAY = 20


def is_triggered(issued, listed, demand=0, payment_days=5):
    """Whether the second answer, which waits for the demand, is triggered by it."""
    inputs = SimpleNamespace(
        answers=SimpleNamespace(
            trigger_act=np.full((1, 2), response.ANY),
            trigger_answer=np.array([-1, demand]),
            moot_act=np.full((1, 2), -1),
        ),
        positions=SimpleNamespace(list=1),
        response=SimpleNamespace(payment_days=payment_days),
    )
    state = SimpleNamespace(
        clock=SimpleNamespace(day=DAY),
        adoption=SimpleNamespace(announced=np.full((1, 1, 1), NEVER)),
        target=SimpleNamespace(issued=np.array([[issued, NEVER]]), listed=np.array([[listed]])),
    )
    return bool(response._is_triggered.py_func(0, 1, 0, inputs, state))


@pytest.mark.parametrize(
    ("issued", "listed", "due"),
    [(15, 3, True), (16, 3, False), (NEVER, 3, False), (15, NEVER, False)],
)
def test_who_is_listed_is_cut_off_some_days_after_the_demand(issued, listed, due):
    assert is_triggered(issued, listed) == due


def test_an_answer_that_waits_for_none_is_always_triggered():
    assert is_triggered(NEVER, NEVER, demand=-1)


@pytest.mark.parametrize(("issued", "day", "in_force"), [(5, 8, 1), (5, 7, 0), (NEVER, 8, 0)])
def test_capital_controls_are_in_force_some_days_after_they_were_issued(issued, day, in_force):
    inputs = SimpleNamespace(
        positions=SimpleNamespace(controls=1), answers=SimpleNamespace(lag=np.array([0, 3]))
    )
    for other in (NEVER, 0, 20):  # when another answer was given
        given = np.array([[other, issued]])
        assert reluctance._controls.py_func(0, inputs, given, day) == in_force
