"""A run lies in the time of its world's events, or brings events of its own."""

from __future__ import annotations

import pytest

from sim.cli import main
from sim.compose import checked, compose
from sim.errors import InputError
from sim.setting.war import dated_events


def events(world, *words):
    return dated_events(world, checked(compose(words)))


@pytest.mark.parametrize(
    "words",
    [
        ["scenario.start=2019-01-01", "scenario.steps=10"],
        ["scenario.start=2022-10-11", "scenario.steps=10"],
    ],
)
def test_a_run_before_or_after_all_events_is_refused_with_the_way_out(world, words):
    with pytest.raises(InputError, match=r"none falls into it; write scenario\.start=2022-02-21"):
        events(world, *words)


def test_the_scenario_of_another_world_names_that_world(capsys):
    assert main(["run", "scenario=crimea_2014"]) == 2
    shown = capsys.readouterr().err
    assert "write world=crimea_2014 or scenario.start=2022-02-21" in shown
    assert shown.count("\n") == 1


def test_a_run_that_touches_the_events_or_has_its_own_is_taken(world):
    assert events(world, "scenario.start=2022-10-10", "scenario.steps=1")
    assert events(world, "scenario.start=2022-02-15", "scenario.steps=1")
    own = "scenario.events=[{date: 2030-01-02, severity: 0.5}]"
    assert events(world, "scenario.start=2030-01-01", own)
    assert not events(world, "scenario.start=2030-01-01", "scenario.world_events=false")
