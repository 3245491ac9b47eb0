"""Whose trade with a target is covered alike, and so worked out once."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.engine import diversion

AIMED_AT = np.array([0, 0, 1])  # two acts against the first target, one against the second


@pytest.mark.parametrize(
    ("in_effect", "answered", "alike"),
    [
        ([[1, 2, 0], [1, 2, 0]], [1, 1], True),
        ([[1, 2, 0], [1, 2, 3]], [1, 1], True),  # against the other target
        ([[1, 2, 0], [1, 1, 0]], [1, 1], False),
        ([[1, 2, 0], [1, 2, 0]], [0, 1], False),  # one alone was answered
    ],
)
def test_who_has_the_same_in_effect_and_was_answered_the_same_acts_alike(
    in_effect, answered, alike
):
    effect = SimpleNamespace(in_effect=np.array(in_effect), answered=np.array([[answered]]))
    assert diversion._acts_alike.py_func(0, 1, 0, AIMED_AT, effect) == alike
