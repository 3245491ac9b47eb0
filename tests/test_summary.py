"""What a run prints is what is in its tables, in names and in lines that fit."""

from __future__ import annotations

import numpy as np
import pytest

from sim.codes import NEVER
from sim.report.compare import standing, standing_waves
from sim.summary import summary
from sim.words import counted

# Measures given up and taken again, a council, objections, measures imposed with all their waves.
COURSES = {
    "council": {"days": 70},
    "given up": {"days": 400, "coordination__institution": False, "coordination__peer_weight": 0.0},
    "objection": {"days": 90, "coordination__veto_players": ["HUN"]},
    "imposed": {
        "days": 14, "step_days": 7, "scenario__imposed": {"elite_asset_freeze": "2022-02-25"},
    },
    "one target": {"days": 14, "step_days": 7, "scenario__targets": {"RUS": 1.0}},
}  # fmt: skip


@pytest.fixture(scope="module")
def histories(simulate):
    return {name: simulate(**levers).history() for name, levers in COURSES.items()}


def spaced(text):
    return " ".join(text.split())


@pytest.mark.parametrize("name", COURSES)
def test_waves_read_off_the_events_are_those_that_stand(histories, name):
    history = histories[name]
    setting, states = history.setting, history.states
    last = states[states["step"] == states["step"].max()].set_index("state")
    targets = setting.config.scenario.targets
    standing_against = [standing_waves(setting, history.events, target) for target in targets]
    for code in setting.sender_codes:
        found = [waves[code] for waves in standing_against]
        assert sum(map(len, found)) == last["measures"][code]
        assert sum(sum(waves.values()) for waves in found) == last["waves"][code]
    summed = np.sum([standing(setting, history.events, target) for target in targets], axis=0)
    outcomes = history.outcomes
    assert summed.tolist() == [outcomes["acts_announced"], outcomes["waves_announced"]]


def test_what_was_given_up_does_not_stand(histories):
    events, outcomes = histories["given up"].events, histories["given up"].outcomes
    given_up = events[events["kind"] == "withdrawal"]
    assert len(given_up) == outcomes["withdrawals"] > 5
    assert outcomes["days_to_withdrawal"] == given_up["day"].min()


@pytest.mark.parametrize("name", COURSES)
def test_lines_fit_a_terminal_and_no_zero_is_negative(histories, name):
    text = summary(histories[name])
    assert max(map(len, text.splitlines())) <= 100
    assert "-0.0" not in text
    assert "nan" not in text


def test_the_header_names_the_run_and_what_differs_from_the_default(histories):
    head = summary(histories["objection"]).splitlines()
    assert head[0].startswith("baseline: scenario march_2022, 21 Feb 2022 to 21 May 2022; seed 7")
    assert "coordination.veto_players=[HUN]" in head[1]
    steps, days = "scenario.steps=2", "scenario.step_days=7"
    assert steps in (head := summary(histories["one target"]).splitlines())[1]
    assert days not in head[1]  # that is the default


def test_a_row_has_the_name_the_first_deed_and_what_stands_against_the_main_target(histories):
    history = histories["council"]
    against = [act.target == "RUS" for act in history.setting.acts]
    seat = history.setting.sender_codes.index("JPN")
    measures = int((history.announced[seat, against] != NEVER).sum())
    row = next(line for line in summary(history).splitlines() if line.startswith("Japan "))
    waves = standing_waves(history.setting, history.events, "RUS")["JPN"]
    assert f" {measures} " in row
    assert f" {sum(waves.values())} " in row
    labels = [act.measure.label for act in history.setting.acts if not act.measure.is_diplomacy]
    assert any(row[15:].startswith(label[:25]) for label in labels)


def test_a_negative_loss_is_called_a_gain(histories):
    history = histories["imposed"]
    last = history.states[history.states["step"] == 1].set_index("state")["loss"]
    assert last["NOR"] < -0.01
    rows = summary(history).splitlines()
    assert f"gain {-last['NOR']:.2f}" in next(row for row in rows if row.startswith("Norway"))
    target = history.outcomes | {"loss_RUS_first_year": -0.5, "loss_RUS_long_run": 0.25}
    history.outcomes.update(target)
    said = spaced(summary(history))
    days = counted(history.setting.n_days, "day")  # less than a year
    assert f"Russia gains 0.50 % of real income in {days} and loses 0.25 % in" in said


def test_answers_are_told_by_kind_with_how_many_states_each_singles_out(histories):
    history = histories["council"]
    given = history.events[history.events["kind"] == "countermeasure"]
    mine = given[(given["actor"] == "RUS") & (given["instrument"] == "airspace_closure")]
    said = spaced(summary(history))
    span = f"{mine['date'].min()} to {mine['date'].max()}"
    assert f"Closure of airspace ({mine['target'].nunique()} states, {span})" in said
    assert said.count("Closure of airspace (") == 1


def test_numbers_and_words_agree(histories):
    history = histories["one target"]
    history.outcomes.update(acts_announced=1, waves_announced=1, withdrawals=1, days_to_100=1.0)
    said = spaced(summary(history))
    assert "1 measure in 1 wave stands at the end. Measures were withdrawn 1 time." in said
    assert "100 after 1 day (22 Feb 2022)" in said
    history.outcomes["days_to_100"] = float("nan")
    assert "100 never," in spaced(summary(history))
