"""What is told of a run day by day is what the run has recorded."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.analysis.influence import influence, influence_in
from sim.explore import drawing
from sim.explore.settings import Settings
from sim.explore.story import objections, payload, pulls, setting_of, story_of
from sim.setting import Setting

SHORT = Settings(levers={"scenario.steps": 13})


@pytest.fixture(scope="module")
def story():
    return story_of(SHORT.config())


def total(pulled, n: int) -> np.ndarray:
    """Return pulls summed over all days, (n_senders, n_senders), of j on i."""
    found = np.zeros((n, n))
    for pull in pulled:
        found[pull.ahead, pull.follower] += pull.weight
    return found


def test_pulls_of_all_days_sum_to_the_influence(story):
    whole = influence_in(story.setting, story.history.events)
    assert total(story.pulls, len(whole)) == pytest.approx(whole)


def test_a_follower_is_pulled_on_its_own_day_by_who_was_ahead():
    days = np.array([[0.0, 5.0], [3.0, np.nan], [np.nan, 5.0]])  # (senders, acts)
    ties = np.array([[0.0, 0.5, 0.5], [1.0, 0.0, 0.0], [0.4, 0.6, 0.0]])
    (pull,) = pulls(days, ties, 7.0)
    assert (pull.day, pull.ahead, pull.follower) == (3, 0, 1)
    assert pull.weight == pytest.approx(np.exp(-2.0 / 7.0))
    assert total([pull], 3) == pytest.approx(influence(days, ties, 7.0))


def test_a_stance_begins_on_the_day_of_its_act(story):
    events = story.history.events
    stances = {name: day for day, name in story.stances["USA"]}
    own = events[events["kind"].isin(["measure"]) & (events["actor"] == "USA")]
    words = own["instrument"] == "condemnation"
    assert stances["acts"] == own.loc[~words, "day"].min()
    condemned = events[(events["kind"] == "stance") & (events["actor"] == "GEO")]
    if len(condemned):
        assert (int(condemned["day"].iloc[0]), "condemns") in story.stances["GEO"]
    assert story.stances["RUS"] == [(-1, "target")]


def test_who_objects_holds_a_measure_up_from_the_blocked_vote_until_it_passes():
    rows = [
        (3, "EU", "blocked", "coal", "RUS", "DEU HUN"),
        (9, "EU", "council", "coal", "RUS", ""),
        (4, "EU", "blocked", "oil", "RUS", "HUN"),
        (2, "EU", "council", "oil", "RUS", "wave 1 of 2"),
        (5, "EU", "council", "oil", "BLR", ""),
    ]
    columns = ["day", "actor", "kind", "instrument", "target", "detail"]
    found = objections(pd.DataFrame(rows, columns=columns), n_days=20)
    assert found == {"DEU": [(3, 9)], "HUN": [(3, 9), (4, 20)]}


def test_every_state_stands_somewhere_from_the_start_and_as_it_can_be_drawn(story):
    assert list(story.stances) == list(story.setting.world.states)
    for stances in story.stances.values():
        assert stances[0][0] == -1
        assert {name for _, name in stances} <= set(drawing.LOOKS)


def test_readings_are_those_of_the_steps_with_their_units(story):
    loss = next(r for r in story.readings if r.column == "loss_RUS")
    assert loss.label == "Loss of Russia"
    assert loss.unit == "% of GDP"
    assert float(loss.values[-1]) == pytest.approx(
        story.history.steps["loss_RUS"].iloc[-1], abs=0.005
    )


def test_all_that_happens_is_told_on_its_day(story):
    told = payload(story)
    assert set(told["happenings"]) == set(story.history.events["day"].tolist())
    assert any("Invasion of Ukraine" in line for line in told["happenings"][3])
    assert len(told["dates"]) == story.setting.n_days == told["days"]


def test_several_that_do_the_same_on_a_day_stand_on_one_line(story):
    lines = [line for day in story.happenings.values() for line in day]
    assert any(" and " in line and line.startswith("Diplomatic condemnation") for line in lines)


def test_names_of_strangers_are_escaped_in_what_is_drawn(story, monkeypatch):
    monkeypatch.setattr(Setting, "name_of", lambda setting, code: f"<b>{code}</b>")
    assert "<b>" not in drawing.network(story)
    assert "<b>" not in drawing.calendar(story)


def test_a_calendar_has_a_column_for_every_sender_that_no_union_speaks_for():
    story = story_of(Settings("without_jpn", {"scenario.steps": 13}).config())
    table = drawing.calendar(story)
    assert all(f">{code}</abbr>" in table for code in ("USA", "KOR", "CHE", "EU"))
    assert ">JPN</abbr>" not in table


def test_settings_are_prepared_alike_whoever_asked_before(story):
    again = setting_of(SHORT.config())
    assert again.sender_codes == story.setting.sender_codes
