"""Forecasts held against dates: perfect ones, empty ones, baselines, folds, the command."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace

import numpy as np
import pytest
from small_dates import TIMELINE, own_rule

from sim.analysis import candidates, score_command
from sim.analysis.candidates import CANDIDATES, LAG, NULL, candidate, constant, of_rates
from sim.analysis.cross_validation import EPISODE, SCHEMES, cross_validated, folds, pool_of
from sim.analysis.episodes import sample_of
from sim.analysis.forecast import (
    Cells,
    by_week,
    cells_of,
    concordance,
    constant_forecast,
    foretold,
    middle,
    opened,
    scores,
    shares,
)
from sim.analysis.history import counted
from sim.analysis.lag_baseline import average_lag, lag_forecast, leaders_days, learn_lag
from sim.analysis.simulated import simulated_days
from sim.cli import main
from sim.errors import InputError

# One act of three actors in three weeks: days 3 and 10, and never; another act of two.
CELLS = Cells(
    seat=np.array([0, 1, 2, 0, 1]),
    act=np.array([0, 0, 0, 1, 1]),
    actor=np.array(["USA", "CAN", "JPN", "USA", "CAN"]),
    measure=np.array(["freeze", "freeze", "freeze", "ban", "ban"]),
    day=np.array([3, 10, -1, 5, 9]),
    weight=np.ones(5),
    begin=np.zeros(5, dtype=int),
    last_day=20,
)
K = 4  # three weeks and never


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    """Average over fewer: what is scored moves by hundredths, and the time is in the draws."""
    monkeypatch.setattr(candidates, "DRAWS", 20)


def certain(days, runs=50):
    return np.tile(np.array(days)[:, None], (1, runs))


def test_a_perfect_forecast():
    days = certain(CELLS.day)
    found = scores(shares(days, CELLS), CELLS, days)
    assert found.log_score == pytest.approx(5 * np.log((50 + 1 / K) / 51) / 4)
    assert found.brier == pytest.approx(0.0, abs=1e-3)
    assert (found.concordance, found.days_off, found.coverage) == (1.0, 0.0, 1.0)


def test_a_forecast_that_says_nothing():
    found = scores(np.full((5, K), 1 / K), CELLS)
    assert found.log_score == pytest.approx(-5 * np.log(K) / 4)
    assert found.concordance == 0.5


def test_an_order_upside_down():
    days = certain([15, 10, 2, 9, 5])
    assert scores(shares(days, CELLS), CELLS, days).concordance == 0.0
    assert concordance(np.array([1.0, 1.0, 2.0, 0.0, 0.0]), CELLS) == pytest.approx(3.0 / 4.0)


def test_an_unseen_week_is_unlikely_but_not_impossible():
    share = shares(certain([-1, -1, -1, -1, -1], runs=99), CELLS)
    assert share[0, 0] == pytest.approx(1 / K / 100)
    assert share.sum(axis=1) == pytest.approx(np.ones(5))


def test_a_forecast_of_never_is_a_day_after_the_last():
    days = certain([-1, 10, -1, 5, 9])
    found = scores(shares(days, CELLS), CELLS, days)
    assert found.coverage == 0.75
    assert found.central == pytest.approx(0.75 * 0.8)
    assert found.days_off == 0.0
    all_never = certain([-1] * 5)
    assert scores(shares(all_never, CELLS), CELLS, all_never).days_off == 12  # 21 - 9, or 21 - 10


def test_a_forecast_that_is_right_has_eight_days_in_ten_in_its_middle_however_many_tie():
    rng = np.random.default_rng(5)
    for chance in (0.9, 0.5, 0.05):
        time, seen = rng.geometric(chance, (4000, 200)), rng.geometric(chance, 4000)
        assert middle(time, seen).mean() == pytest.approx(0.8, abs=0.02)
        assert middle(time, seen + 60).mean() < 0.2


def test_the_weeks_of_a_cell_add_up_to_its_score():
    share = np.random.default_rng(1).dirichlet(np.ones(K), size=5)
    weeks = by_week(share, CELLS)
    total = (weeks["log_score"] * weeks["at_risk"]).sum()
    assert total / CELLS.events == pytest.approx(scores(share, CELLS).log_score)
    assert weeks["adoptions"].tolist() == [2, 2, 0]


def test_what_runs_announce_after_the_record_counts_as_not_by_then():
    announced = np.full((2, 3, 2), 30)
    assert (foretold(announced, CELLS) == -1).all()


def test_a_cell_that_counts_nothing_changes_nothing():
    light = CELLS._replace(weight=np.array([1.0, 1.0, 0.0, 1.0, 1.0]))
    share = np.random.default_rng(2).dirichlet(np.ones(K), size=5)
    rest = CELLS.some(np.array([True, True, False, True, True]))
    kept = scores(share[[0, 1, 3, 4]], rest)
    assert scores(share, light).log_score == pytest.approx(kept.log_score)
    assert scores(share, light).days_off == kept.days_off


def test_the_lag_is_behind_the_leader():
    led = leaders_days(CELLS, ["USA"])
    assert led.tolist() == [3, 3, 3, 5, 5]
    follows = CELLS.some(CELLS.actor != "USA")
    assert average_lag(follows, led[CELLS.actor != "USA"]) == (5.5, 1.5)  # 7 and 4 days


def test_the_null_of_the_lag_is_a_forecast_with_its_peak_at_the_lag():
    share = lag_forecast(CELLS, ["USA"])
    assert share.sum(axis=1) == pytest.approx(np.ones(5))
    assert (share > 0.0).all()
    assert share[1, :3].argmax() == 1  # 3 + 5.5 days: the second week
    assert share[1, -1] == pytest.approx(1 - 3 / 5)  # two of three, one more of either added


def test_the_lag_learns_from_what_it_is_given_alone():
    known = CELLS.known_by(8)
    late = CELLS._replace(day=np.array([3, 19, 20, 5, 12]))  # what comes after day 8 has changed
    after = [lag_forecast(cells, ["USA"], known) for cells in (CELLS, late)]
    assert after[0] == pytest.approx(after[1])


def test_a_constant_hazard_from_its_first_day():
    # A hazard of log 2 a week leaves half in every week.
    share = constant_forecast(CELLS._replace(begin=np.array([0, 7, 14, 0, 0])), np.log(np.log(2)))
    assert share[0] == pytest.approx([0.5, 0.25, 0.125, 0.125])
    assert share[1] == pytest.approx([0.0, 0.5, 0.25, 0.25])
    assert share[2] == pytest.approx([0.0, 0.0, 0.5, 0.5])


def test_whole_weeks_before_a_day_on_which_nothing_had_come_have_no_share():
    given = opened(np.full((1, K), 0.25), 6)
    assert given[0] == pytest.approx([0.0, 1 / 3, 1 / 3, 1 / 3])


def test_from_a_date_runs_do_what_was_done_and_decide_from_the_next_day(world, shipped_history):
    cells, since = cells_of(shipped_history), 13
    rule = shipped_history.setting.config.rule
    days = simulated_days(world, shipped_history, [rule], cells, 20, since)
    given = (cells.day >= 0) & (cells.day <= since)
    assert (days[given] == cells.day[given, None]).all()
    left = days[~given]
    assert not ((left >= 0) & (left <= since)).any()
    # A wait that ended while the script held would end on the first day, and all at once.
    soon = (left > since) & (left <= since + 7)
    assert 0 < (left == since + 1).sum() < soon.sum() / 3
    assert soon.sum() < left.size / 3


def test_runs_take_the_rules_by_turns(world, shipped_history):
    cells, rule = cells_of(shipped_history), shipped_history.setting.config.rule
    slow = replace(rule, intercept=rule.intercept - 3.0)
    both = simulated_days(world, shipped_history, [rule, slow], cells, 5)
    for turn, alone in enumerate((rule, slow)):
        own = simulated_days(world, shipped_history, [alone], cells, 5)
        assert (both[:, turn::2] == own[:, turn::2]).all()
    assert (both[:, 1::2] >= 0).sum(axis=0).max() < (both[:, ::2] >= 0).sum(axis=0).min()


def test_runs_of_one_draw_are_not_independent():
    one, days = CELLS.some(CELLS.actor == "JPN"), np.array([[-1, 3] * 50])
    one = one._replace(day=np.array([3]))
    # Every second run is of a draw that never acts: two draws have half the say of 100 runs.
    found = scores(shares(days, one), one, days, 2)
    assert found.log_score_error == pytest.approx(np.sqrt(0.5 / (2 * 0.5)), rel=0.02)


def test_a_score_from_runs_has_a_standard_error():
    one, days = CELLS.some(CELLS.actor == "JPN"), np.array([[-1] * 50 + [3] * 50])
    one = one._replace(day=np.array([3]))
    found = scores(shares(days, one), one, days)
    # Half of 100 runs are right: the error of log p is sqrt((1 - p) / (n p)).
    assert found.log_score_error == pytest.approx(np.sqrt(0.5 / (100 * 0.5)), rel=0.02)
    assert scores(shares(days, one), one).log_score_error == 0.0


def test_rates_one_step_behind_the_leader_are_those_of_the_record(history):
    table = history.table
    eta = learn_lag(table).log_hazards(table)
    leads = (table["actor"] == "USA").to_numpy()
    seen = table.loc[leads, "event"].sum() + 0.5
    assert np.unique(eta[leads]) == pytest.approx([np.log(7 * seen / leads.sum())])


def test_a_table_does_not_tell_the_day_of_a_leader_that_has_not_acted(history):
    since = history.table.query("actor == 'JPN' and instrument == 'dual_use_export_ban'")
    assert since["since_lead"].tolist() == [0.0] * 4 + [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    never = history.table.query("actor == 'JPN' and instrument == 'airspace_ban'")
    assert (never["since_lead"] == 0.0).all()


def test_the_null_expects_as_many_adoptions_as_there_were(history):
    level = constant(history.table)
    chance = -np.expm1(-np.exp(level) / 7) * len(history.table)
    assert chance == pytest.approx(counted(history.table))


def test_scores_one_step_ahead(history):
    two = history.table.iloc[:2].assign(event=[1, 0], weight=1.0)
    eta = np.full(2, np.log(7 * np.log(2.0)))  # a chance of one half a day
    assert of_rates(two, eta) == pytest.approx(2 * np.log(0.5))


@pytest.mark.parametrize("scheme", SCHEMES[1:])
def test_what_is_scored_was_not_learnt_from(shipped_sample, scheme):
    table = shipped_sample.table
    parts = list(folds(table, scheme, 20))
    for train, test, level in parts:
        assert not set(train.index) & set(test.index)
        assert test["own"].all()
        assert level["own"].all()
        assert scheme == EPISODE or set(level.index) <= set(train.index)
        if "state" in scheme:
            assert not set(train["body"]) & set(test["body"])
        if "measure" in scheme:
            assert not set(train["instrument"]) & set(test["instrument"])
        if "date" in scheme:
            assert train["day"].max() < test["day"].min()
    if "date" not in scheme:
        assert sum(len(part.test) for part in parts) == table["own"].sum()


def test_an_episode_without_others_cannot_be_left_out(shipped_history):
    assert list(folds(sample_of(shipped_history, alone=True).table, EPISODE, 20)) == []


def test_what_another_episode_tells_foretells_this_one(shipped_sample):
    """As 2014 alone has it the rule beats the level of 2022 itself."""
    (fold,) = folds(shipped_sample.table, EPISODE, 13)
    score = candidate("hazard", fold.train)(fold.test) - candidate(NULL, fold.level)(fold.test)
    assert score / counted(fold.test) > 0.5


def test_the_rule_beats_what_it_has_to_in_and_out_of_sample(shipped_history):
    """The date alone, which is the hardest; the other schemes stand in docs/estimation.md."""
    for fold in folds(shipped_history.table, "after the date", 13):
        gain = {name: candidate(name, fold.train)(fold.test) / counted(fold.test)
                for name in (NULL, LAG, "hazard")}  # fmt: skip
        assert gain["hazard"] > max(gain[NULL], gain[LAG]) + 0.3


def test_cross_validation_has_a_row_for_each_candidate(history, tmp_path):
    shown = cross_validated(history.table, 6, workers=1, rule=own_rule(tmp_path))
    assert list(shown.index) == [*CANDIDATES, "mine"]
    assert list(shown.columns) == list(SCHEMES)
    assert (shown["in sample"] < 0.0).all()


def test_cells_are_what_was_at_risk(history):
    cells = cells_of(history)
    assert cells.events == counted(history.table)
    assert len(cells.day) == len(history.table.groupby(["actor", "instrument"]))
    assert (cells.begin == 0).sum() > 0
    usa = (cells.actor == "USA") & (cells.measure == "leader_asset_freeze")
    assert cells.day[usa] == [4]


def test_the_command_prints_json_last(timeline, capsys):
    words = [str(timeline), "scenario.only=[USA,CAN,JPN]", "scenario.steps=4", "--runs", "20"]
    words += ["scenario.measures=[leader_asset_freeze,dual_use_export_ban]", "--no-splits"]
    assert main(["score", *words]) == 0
    found = last_json(capsys)
    assert found["events"] == 4
    for scored in ("one_step", "from_start"):
        assert set(found[scored]) == {"hazard", "null", "lag"}
        assert all(score < 0.0 for score in found[scored].values()), scored
    for key in ("from_start_error", "concordance", "coverage_80", "central_80"):
        assert isinstance(found[key], float), key
    assert found["left_out"][0]["why"]


def test_the_command_scores_a_rule_of_ones_own(timeline, tmp_path, capsys):
    rule = own_rule(tmp_path)
    words = [str(timeline), "scenario.only=[USA,CAN,JPN]", "scenario.steps=4", "--no-splits"]
    words += ["scenario.measures=[leader_asset_freeze,dual_use_export_ban]", "rule.name=mine"]
    words += ["--runs", "20"]
    words += [f"rule.function={rule.function}", "+rule.free.zeal=1", "+rule.free.bend=1"]
    assert main(["score", *words]) == 0
    assert set(last_json(capsys)["one_step"]) == {"mine", "null", "lag"}
    assert main(["score", *words, "--from", "2022-02-23", "--alone"]) == 0
    scored = last_json(capsys)["one_step"]
    assert set(scored) == {*CANDIDATES, "mine", "mine, as configured"}
    assert all(score < 0.0 for score in scored.values())


def last_json(capsys):
    """Return what a command printed last."""
    shown = capsys.readouterr().out
    return json.loads(shown[shown.index("\n{\n") :])


def test_from_a_date_later_dates_change_scores_and_not_what_was_learnt(
    world, tmp_path, capsys, monkeypatch
):
    """The same as far as the date, another day of the last act after it."""
    rules = []

    def without_runs(world, history, rule, runs, since):
        rules.append(rule)
        return {}

    monkeypatch.setattr(score_command, "_from_the_start", without_runs)
    words = ["scenario.only=[USA,CAN,JPN]", "--from", "2022-03-01", "--alone"]
    words += ["scenario.measures=[leader_asset_freeze,dual_use_export_ban,luxury_export_ban]"]
    scored = []
    for day in ("2022-03-08", "2022-03-20"):
        path = tmp_path / f"{day}.csv"
        path.write_text(
            "sender,target,instrument,announced,not_by\n"
            f"USA,RUS,luxury_export_ban,{day},\nCAN,RUS,luxury_export_ban,,2022-03-25\n",
            encoding="utf-8",
        )
        assert main(["score", str(path), *words]) == 0
        scored.append(last_json(capsys)["one_step"])
    assert rules[0] == rules[1]
    assert scored[0]["hazard"] != scored[1]["hazard"]
    assert set(CANDIDATES) < set(scored[0])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere.csv"], "there is no such timeline"),
        (["TIMELINE", "rule=hazzard"], "did you mean 'hazard'"),
        (["TIMELINE", "--until", "soon"], "--until must be a date"),
        (["TIMELINE", "--from", "soon"], "--from must be a date"),
        (["TIMELINE", "--from", "2022-01-01"], "--from must lie within the record"),
        (["TIMELINE", "--until", "2023-01-01"], "--until must lie within the record"),
        (
            ["TIMELINE", "--runs", "many"],
            "--runs must be a whole number from 1 to 1,000,000; found 'many'",
        ),
        (
            ["TIMELINE", "--runs", "0"],
            "--runs must be a whole number from 1 to 1,000,000; found '0'",
        ),
        (["TIMELINE", "runs=0"], "--runs must be a whole number from 1 to 1,000,000; found '0'"),
        (["TIMELINE", "--from"], "--from must be followed by DATE"),
        (["TIMELINE", "--form", "2022-03-01"], "did you mean '--from'"),
        (["TIMELINE", "other.csv"], "one timeline at a time"),
        (["TIMELINE", "out=here"], "score writes no folder, it prints: write > FILE"),
        (["TIMELINE", "+rule.free.zeal=1"], "rule.free is of a rule of your own"),
    ],
)
def test_a_mistake_is_one_line(timeline, words, says, capsys):
    words = [str(timeline) if word == "TIMELINE" else word for word in words]
    assert main(["score", *words]) == 2
    shown = capsys.readouterr().err
    assert says in shown
    assert shown.count("\n") == 1
    assert "Traceback" not in shown


def test_a_timeline_of_what_came_after_the_end_is_refused(tmp_path, capsys):
    path = tmp_path / "after.csv"
    path.write_text(re.sub(r"2022-0\d-", "2031-01-", TIMELINE), encoding="utf-8")
    assert main(["score", str(path)]) == 2
    assert "no row names a sender, a measure and a target" in capsys.readouterr().err


def test_a_process_that_was_ended_is_told():
    with pytest.raises(InputError, match="ended from outside"), pool_of(2) as pool:
        pool.submit(os._exit, 1).result()


def test_a_bad_cell_is_named_with_its_row(tmp_path, capsys):
    path = tmp_path / "bad.csv"
    path.write_text(TIMELINE.replace("2022-03-02", "soon"), encoding="utf-8")
    assert main(["score", str(path)]) == 2
    shown = capsys.readouterr().err
    assert "row 4, column 'date_announced': must be a date" in shown
    assert shown.count("\n") == 1
