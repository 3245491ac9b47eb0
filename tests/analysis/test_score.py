"""Forecasts held against dates: perfect ones, empty ones, nulls, splits, the command."""

from __future__ import annotations

import json

import numpy as np
import pytest
from small_dates import TIMELINE

from sim.analysis import score_command
from sim.analysis.contenders import contenders, null_intercept
from sim.analysis.forecast import (
    Cells,
    by_week,
    cells_of,
    concordance,
    foretold,
    scores,
    shares,
    weighted_median,
)
from sim.analysis.history import counted, history_of
from sim.analysis.lag import average_lag, lag_forecast, lag_hazards, leaders_days
from sim.analysis.likelihood import Rows, chance_of
from sim.analysis.rivals import chances, log_hazards, panel_of, threshold_masses
from sim.analysis.splits import SPLITS, folds, mean_score, score_table
from sim.analysis.step import step_brier, step_log_score
from sim.cli import main
from sim.compose import checked, compose
from sim.config import Rule
from sim.world import load

# One act of three actors in three weeks: days 3 and 10, and never; another act of two.
CELLS = Cells(
    seat=np.array([0, 1, 2, 0, 1]),
    act=np.array([0, 0, 0, 1, 1]),
    actor=np.array(["USA", "CAN", "JPN", "USA", "CAN"]),
    measure=np.array(["freeze", "freeze", "freeze", "ban", "ban"]),
    day=np.array([3, 10, -1, 5, 9]),
    weight=np.ones(5),
    last_day=20,
)
K = 4  # three weeks and never


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
    assert found.days_off == 0.0
    all_never = certain([-1] * 5)
    assert scores(shares(all_never, CELLS), CELLS, all_never).days_off == 12  # 21 - 9, or 21 - 10


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
    assert weighted_median(np.array([1.0, 9.0]), np.array([0.0, 1.0])) == 9.0


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


def test_rates_one_step_behind_the_leader_are_those_of_the_record(history):
    eta, table = lag_hazards(history.table, ["USA"]), history.table
    leads = (table["actor"] == "USA").to_numpy()
    seen = table.loc[leads, "event"].sum() + 0.5
    assert np.unique(eta[leads]) == pytest.approx([np.log(7 * seen / leads.sum())])


def test_the_null_expects_as_many_adoptions_as_there_were(history):
    rule = Rule(name="independent")
    rule.intercept = null_intercept(history.table, rule)
    panel = panel_of(history.table)
    chance = -np.expm1(-np.exp(log_hazards(panel, rule)) / 7)
    assert chance.sum() == pytest.approx(counted(history.table))


def test_scores_one_step_ahead():
    rows = Rows(np.array([1.0, 0.0]), np.array([7.0, 7.0]), np.ones(2), np.zeros(2, dtype=int))
    eta = np.full(2, np.log(np.log(2.0)))  # a chance of one half a week
    assert step_log_score(eta, rows) == pytest.approx(2 * np.log(0.5))
    assert step_brier(chance_of(eta, rows), rows) == pytest.approx(0.25)


def test_a_chance_is_averaged_over_thresholds(history):
    rule = Rule(name="threshold", threshold_mean=0.5, threshold_sd=0.3)
    panel = panel_of(history.table)
    mass, middle = threshold_masses(rule)
    each = [chance_of(log_hazards(panel, rule, m), panel.rows) for m in middle]
    assert chances(panel, rule) == pytest.approx(mass @ np.array(each))


@pytest.mark.parametrize("split", SPLITS[1:])
def test_what_is_scored_was_not_learnt_from(shipped_history, split):
    table = shipped_history.table
    parts = list(folds(table, split, 20))
    for train, test in parts:
        assert not set(train.index) & set(test.index)
        assert len(train) + len(test) == len(table)
        if "state" in split:
            assert not set(train["body"]) & set(test["body"])
        if "measure" in split:
            assert not set(train["instrument"]) & set(test["instrument"])
        if "date" in split:
            assert train["day"].max() < test["day"].min()
    if "date" not in split:
        assert sum(len(test) for _, test in parts) == len(table)


def test_the_rough_reference_beats_a_constant_hazard(shipped_history):
    """As in the first rough fit: the constant hazard is last, recency adds to time."""
    chosen = contenders(3, {})
    names = ("constant hazard", "time alone", "rough reference")
    shown = score_table(shipped_history.table, {name: chosen[name] for name in names}, 20)
    for split in SPLITS[:3]:
        column = shown[split]
        assert column["constant hazard"] < column["time alone"] < column["rough reference"] < 0


def gains(history, name: str) -> dict[str, float]:
    """Return what a contender gains on the rough reference out of sample, nats an adoption."""
    chosen = contenders(history.setting.war.first_meeting, {})
    until = score_command._last_day_learnt(history, None)
    rows = ("rough reference", name)
    shown = score_table(history.table, {row: chosen[row] for row in rows}, until)
    gain = shown.loc[name] - shown.loc["rough reference"]
    return {split: float(gain[split]) for split in SPLITS[1:]}


def test_a_rule_of_the_model_gains_a_fifth_of_a_nat_in_every_split_of_2022(shipped_history):
    """Blind to the readiness that was set with the dates in view; without shocks it does not."""
    blind = gains(shipped_history, "the same, weekends and shocks")
    assert all(gain > 0.2 for gain in blind.values()), blind
    assert not all(gain > 0.2 for gain in gains(shipped_history, "hazard, no readiness").values())


def test_so_it_does_on_the_dates_of_2014():
    config = checked(compose(["experiment=crimea_2014"]))
    crimea = load(config.world.folder)
    history = history_of(crimea, config, crimea.folder / "timeline.csv")
    blind = gains(history, "the same, weekends and shocks")
    assert all(gain > 0.2 for gain in blind.values()), blind


def test_a_score_without_adoptions_is_none(history):
    table = history.table[history.table["event"] == 0]
    parts = list(folds(table, "in sample", 5))
    assert np.isnan(mean_score(parts, contenders(3, {})["constant hazard"]))


def test_cells_are_what_was_at_risk(history):
    cells = cells_of(history)
    assert cells.events == counted(history.table)
    assert len(cells.day) == len(history.table.groupby(["actor", "instrument"]))
    usa = (cells.actor == "USA") & (cells.measure == "leader_asset_freeze")
    assert cells.day[usa] == [4]


def test_the_command_prints_json_last(timeline, capsys):
    words = [str(timeline), "scenario.only=[USA,CAN,JPN]", "scenario.steps=4", "--runs", "20"]
    words += ["scenario.measures=[leader_asset_freeze,dual_use_export_ban]", "--no-splits"]
    assert score_command.main(words) == 0
    shown = capsys.readouterr().out
    found = json.loads(shown[shown.index("\n{\n") :])
    for key in ("skill_vs_null", "skill_vs_lag", "concordance", "events", "coverage_80", "brier"):
        assert isinstance(found[key], float), key
    assert found["events"] == 4
    assert found["one_step_ahead"]["log_score"] < 0
    assert found["left_out"][0]["why"]
    assert "validate nothing" in shown


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "score needs a timeline"),
        (["nowhere.csv"], "there is no such timeline"),
        (["TIMELINE", "rule=hazzard"], "did you mean 'hazard'"),
        (["TIMELINE", "--until", "soon"], "--until must be a date"),
        (["TIMELINE", "--until", "2023-01-01"], "--until must lie within the record"),
        (["TIMELINE", "--runs", "many"], "invalid int value"),
        (["TIMELINE", "--runs", "0"], "--runs must be at least 1"),
    ],
)
def test_a_mistake_is_one_line(timeline, words, says, capsys):
    words = [str(timeline) if word == "TIMELINE" else word for word in words]
    assert main(["score", *words]) == 2
    shown = capsys.readouterr().err
    assert says in shown
    assert shown.count("\n") == 1
    assert "Traceback" not in shown


def test_a_bad_cell_is_named_with_its_row(tmp_path, capsys):
    path = tmp_path / "bad.csv"
    path.write_text(TIMELINE.replace("2022-03-02", "soon"), encoding="utf-8")
    assert main(["score", str(path)]) == 2
    shown = capsys.readouterr().err
    assert "row 4, column 'date_announced': must be a date" in shown
    assert shown.count("\n") == 1
