"""An embargo on Russia in sanction-simulator, where that package is installed."""

from __future__ import annotations

import compare_programs as script
import pytest


@pytest.fixture(scope="module")
def losses(world):
    pytest.importorskip(script.PACKAGE)
    members = script.coalition(world)
    return members, script.our_losses(world, members), script.their_losses(members)


def test_both_programs_make_russia_lose_most_and_lithuania_next(losses):
    _, ours, theirs = losses
    for found in (ours, theirs):
        ranked = sorted(script.STATES, key=lambda state: -found[state])
        assert ranked[:2] == ["RUS", "LTU"]


def test_they_agree_on_who_pays_in_the_coalition(losses):
    """Beyond the 1 % point of Spearman's coefficient for 12 states without a relation, 0.67."""
    members, ours, theirs = losses
    assert len(members) == 12
    assert script.rank_correlation(ours, theirs, list(members)) > 0.67


def test_third_states_lose_output_there_and_gain_income_here(losses):
    members, ours, theirs = losses
    third = script.groups(members)["third states"]
    assert max(ours[state] for state in third) < 0.0 < min(theirs[state] for state in third)


def test_rank_correlation_reads_ranks_only():
    ours = {"A": 1.0, "B": 2.0, "C": 9.0}
    theirs = {"A": 0.1, "B": 7.0, "C": 8.0}
    assert script.rank_correlation(ours, theirs, ["A", "B", "C"]) == pytest.approx(1.0)
    assert script.rank_correlation(ours, {"A": 3, "B": 2, "C": 1}, ["A", "B", "C"]) == (
        pytest.approx(-1.0)
    )
