"""Who was ahead of whom: small cases by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.influence import first_days, influence, pooled

NEVER = np.nan
TIES = np.array([[0.0, 1.0, 0.0], [0.75, 0.0, 0.25], [0.5, 0.5, 0.0]])


def test_each_act_counts_the_tie_times_what_is_left_after_the_days_between():
    days = np.array([[0.0, 5.0], [1.0, 5.0], [8.0, NEVER]])
    found = influence(days, TIES, memory_days=7.0)
    expected = np.zeros((3, 3))
    expected[0, 1] = 0.75  # on the eve; on the second act they came together
    expected[0, 2] = 0.5 * np.exp(-7.0 / 7.0)  # eight days later, seven since the morrow
    expected[1, 2] = 0.5 * np.exp(-6.0 / 7.0)
    assert found == pytest.approx(expected)


def test_nobody_moves_who_never_acts_nor_who_acts_first():
    days = np.array([[NEVER, 3.0], [2.0, NEVER], [NEVER, NEVER]])
    assert not influence(days, TIES, 7.0).any()


def test_an_act_counts_one_when_all_whom_a_sender_is_tied_to_acted_on_the_eve():
    days = np.array([[4.0], [4.0], [5.0]])
    assert influence(days, TIES, 7.0)[:, 2].sum() == pytest.approx(1.0)


def test_a_group_pulls_as_its_sum_and_is_pulled_as_its_mean():
    table = np.array([[0.0, 1.0, 4.0], [2.0, 0.0, 6.0], [3.0, 5.0, 0.0]])
    found = pooled(table, [[0, 1], [2]])
    assert found.tolist() == [[0.0, 10.0], [4.0, 0.0]]  # 4 + 6; (3 + 5) / 2


def test_what_a_council_does_its_members_do_and_the_first_wave_counts():
    act = SimpleNamespace(measure=SimpleNamespace(code="ban"), target="TTT")
    council = SimpleNamespace(institution=SimpleNamespace(code="UNI"), members=np.array([1, 2]))
    setting = SimpleNamespace(sender_codes=("AAA", "BBB", "CCC"), acts=(act,), councils=(council,))
    rows = [
        (3, "UNI", "council"),
        (2, "CCC", "measure"),
        (4, "CCC", "measure"),
        (1, "AAA", "other"),
    ]
    events = pd.DataFrame(rows, columns=["day", "actor", "kind"]).assign(
        instrument="ban", target="TTT"
    )
    days = first_days(setting, events)
    assert np.isnan(days[0, 0])
    assert days[1:, 0].tolist() == [3.0, 2.0]
