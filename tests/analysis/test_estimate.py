"""Coefficients from person-periods: recovered, compared, and named where the dates do not say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments import recovery
from sim.analysis import estimate_command
from sim.analysis.estimate import (
    FRAILTY,
    INTERCEPT,
    LINEAR,
    NORMAL_95,
    WEEKEND,
    design,
    estimate,
    predicted,
    rows_of,
    rule_with,
)
from sim.analysis.likelihood import Prior, Rows, clustered, log_likelihoods, mode, slopes_of_days
from sim.analysis.regression import regression
from sim.analysis.rivals import (
    BLIND,
    FREE,
    log_hazards,
    log_score,
    panel_of,
    rule_of,
    threshold_masses,
)
from sim.analysis.rule_file import rounded, rule_file
from sim.compose import checked, compose
from sim.config import Rule
from sim.rules.clock import probability
from sim.rules.terms import Terms
from sim.setting.decision import decision_rule, weights_of


def one(event, days=1.0, weight=1.0):
    return Rows(*(np.array([float(fact)]) for fact in (event, days, weight)), np.zeros(1, int))


def test_a_row_is_as_likely_as_the_clock_says():
    eta = np.array([-1.3])
    p = probability(-1.3, 3.0)
    assert log_likelihoods(eta, one(1, 3))[0] == pytest.approx(np.log(p))
    assert log_likelihoods(eta, one(0, 3))[0] == pytest.approx(np.log(1 - p))


def test_two_steps_of_a_week_are_one_of_two():
    eta = np.array([0.4])
    assert log_likelihoods(eta, one(0, 14)) == pytest.approx(2 * log_likelihoods(eta, one(0, 7)))


@pytest.mark.parametrize("event", [0, 1])
def test_slopes_are_those_of_the_log_likelihood(event):
    rows, at, step = one(event, 2.0, 0.7), np.array([0.3]), 1e-5

    def found(at):
        return slopes_of_days(np.ones((1, 1)), at, rows, 0.0)

    up, down = log_likelihoods(at + step, rows), log_likelihoods(at - step, rows)
    assert found(at).first[:1] == pytest.approx((up - down) / (2 * step), rel=1e-6)
    above, below = found(at + step).first[0], found(at - step).first[0]
    assert found(at).second[0, 0] == pytest.approx((above - below) / (2 * step), rel=1e-6)


def test_a_constant_hazard_is_the_closed_form():
    # 3 events in 100 person-days: p = 3 / 100, eta = log(-7 log(1 - p)).
    rows = Rows(np.r_[np.ones(3), np.zeros(97)], np.ones(100), np.ones(100), np.arange(100))
    found = mode(np.ones((100, 1)), rows, Prior(np.zeros(1), np.array([np.inf])))
    assert found.value[0] == pytest.approx(np.log(-7.0 * np.log(0.97)), abs=1e-6)


def test_a_prior_without_spread_holds_a_coefficient():
    rows = Rows(np.r_[np.ones(3), np.zeros(97)], np.ones(100), np.ones(100), np.arange(100))
    found = mode(np.ones((100, 1)), rows, Prior(np.array([-2.0]), np.zeros(1)))
    assert found.value[0] == -2.0
    assert found.covariance[0, 0] == 0.0


def test_what_is_subtracted_enters_with_a_minus(history):
    table = history.table
    coefficients = {INTERCEPT: -1.0, "cost": 2.0, "norm": 3.0}
    expected = -1.0 - 2.0 * table["cost"] + 3.0 * table["norm"]
    assert predicted(table, coefficients) == pytest.approx(expected.to_numpy())


@pytest.mark.parametrize("name", ["hazard", "independent", "threshold", "expected_utility"])
def test_a_row_has_the_log_hazard_that_the_rule_gives(history, name):
    panel, rule = panel_of(history.table), Rule(name=name)
    config = recovery.Config(rule=rule)
    terms = Terms(*panel.terms[7])._replace(threshold=0.2)
    expected = decision_rule(rule)(terms, weights_of(config))
    assert log_hazards(panel, rule, 0.2)[7] == pytest.approx(expected, rel=1e-12)


def test_the_hazard_rule_is_linear_in_the_table(history):
    rule = Rule(name="hazard")
    coefficients = {name: getattr(rule, name) for name in (INTERCEPT, *LINEAR)}
    panel = panel_of(history.table)
    assert predicted(history.table, coefficients) == pytest.approx(log_hazards(panel, rule))


def test_our_regression_is_that_of_statsmodels(shipped_history):
    table = shipped_history.table.query("body == actor")  # whose weight is 1
    names = ("readiness", "norm", "shock", "recent")
    theirs = regression(table, names)
    terms, rows = design(table, names), rows_of(table)
    ours = mode(terms, rows, Prior(np.zeros(5), np.full(5, 1e4)))
    assert theirs["coefficient"].to_numpy() == pytest.approx(ours.value, abs=1e-4)
    group = (table["instrument"] + " " + table["target"]).to_numpy(dtype=str)
    errors = clustered(terms, rows, ours, group)[:-1]
    assert theirs["se_measure"].to_numpy() == pytest.approx(errors, rel=0.02)


def test_terms_that_the_dates_do_not_identify_are_named_and_keep_their_prior(shipped_history):
    found = estimate(shipped_history.table).to_frame()
    assert found.loc["support", "identified"] == "no: stands still"
    assert found.loc["linkage", "identified"].startswith("no: carried by 1 sender")
    assert found.loc["cost", "identified"].startswith("no: standard error")
    assert found.loc["cost", "coefficient"] == pytest.approx(found.loc["cost", "shipped"], abs=0.1)
    assert found.loc["readiness", "identified"] == "yes"
    assert found.loc["joint", "coefficient"] >= 0.0  # the schema's bound


def test_known_coefficients_are_recovered():
    setting = recovery.sample()
    found = []
    for run in range(2):
        model = recovery.watched(setting, run)
        found.append(recovery.recovered(recovery.replayed_table(setting, model)))
    true = np.array(list(recovery.TRUTH.values()))
    z = np.concatenate([(value - true) / error for value, error in found])
    assert np.mean(np.abs(z) <= NORMAL_95) >= 0.8  # 22 intervals, 0.95 expected, three sd below
    assert np.abs(z).max() < 5.0


def test_the_masses_of_the_thresholds_are_a_distribution():
    rule = Rule(name="threshold", threshold_mean=0.4, threshold_sd=0.2)
    mass, middle = threshold_masses(rule)
    assert mass.sum() == pytest.approx(1.0)
    assert mass @ middle == pytest.approx(0.4, abs=0.01)
    assert np.sqrt(mass @ middle**2 - (mass @ middle) ** 2) == pytest.approx(0.2, abs=0.02)


def test_a_threshold_is_one_for_all_acts_of_a_sender(history):
    """The chance of all that a sender did is averaged, not that of each act."""
    table = history.table.query("actor == 'CAN'")
    rule = Rule(name="threshold", threshold_mean=0.5, threshold_sd=0.3)
    mass, middle = threshold_masses(rule)
    panel = panel_of(table)
    given = [log_likelihoods(log_hazards(panel, rule, m), panel.rows).sum() for m in middle]
    assert log_score(panel, rule) == pytest.approx(np.log(mass @ np.exp(given)))


@pytest.mark.parametrize("name", sorted(FREE))
def test_free_parameters_are_those_of_the_rule(name):
    means = {parameter: mean for parameter, (mean, _) in FREE[name].items()}
    rule = rule_with(name, means)
    assert rule.name == name
    assert {parameter: getattr(rule, parameter) for parameter in means} == means


def test_a_rule_file_gives_back_the_rule(tmp_path):
    rule = rule_with("hazard", {INTERCEPT: -3.12345, "recent": 1.5, "joint": 0.0})
    (tmp_path / "rule").mkdir()
    path = tmp_path / "rule" / "mine.yaml"
    path.write_text(rule_file(rule, ["Why.", "x" * 40 + " " + "y" * 80]), encoding="utf-8")
    assert checked(compose(["rule=mine"], tmp_path)).rule == rounded(rule)
    assert all(len(line) <= 100 for line in path.read_text(encoding="utf-8").splitlines())


def test_the_shipped_estimate_is_that_of_the_shipped_timeline(shipped_history):
    shipped = checked(compose(["rule=hazard_estimated"])).rule
    fresh = rounded(rule_with("hazard", estimate(shipped_history.table).coefficients()))
    for name in (INTERCEPT, *LINEAR, WEEKEND, FRAILTY):
        assert getattr(shipped, name) == pytest.approx(getattr(fresh, name), abs=2e-3), name


def test_the_shipped_blind_estimate_is_that_of_the_shipped_timeline(shipped_history):
    shipped = checked(compose(["rule=hazard_blind_estimated"])).rule
    fresh = rounded(rule_of(shipped_history.table, "hazard", variant=BLIND))
    for name in (INTERCEPT, *LINEAR, WEEKEND, FRAILTY):
        assert getattr(shipped, name) == pytest.approx(getattr(fresh, name), abs=2e-3), name


def test_the_page_on_estimation_shows_the_coefficients_that_the_dates_give(shipped_history):
    page = (Path(__file__).parents[2] / "docs" / "estimation.md").read_text(encoding="utf-8")
    table = page.split("The hazard rule: log hazard per week")[1].split("```")[0]
    rows = [line.split() for line in table.splitlines()]
    shown = {row[0]: row[1] for row in rows if len(row) > 1}
    for name, value in estimate(shipped_history.table).coefficients().items():
        assert float(shown[name]) == pytest.approx(value, abs=0.0151), (
            f"{name}: run python experiments/write_estimation.py"
        )


def test_the_command_writes_rules_that_compose(timeline, tmp_path, capsys):
    words = [str(timeline), "scenario.only=[USA,CAN,JPN]", "scenario.steps=4"]
    words += ["scenario.measures=[leader_asset_freeze,dual_use_export_ban]"]
    assert estimate_command.main([*words, "--out", str(tmp_path / "rule")]) == 0
    shown = capsys.readouterr().out
    assert "Left out" in shown
    assert "not identified" in shown.lower() or "identified" in shown
    for name in ("hazard", "hazard_blind", "independent", "threshold", "expected_utility"):
        rule = checked(compose([f"rule={name}_estimated"], tmp_path)).rule
        assert (rule.readiness == 0.0) == (name == "hazard_blind")


def test_two_timelines_are_one_too_many():
    with pytest.raises(Exception, match="one timeline at a time"):
        estimate_command.split_words(["a.csv", "b.csv"])


def test_a_frame_of_estimates_has_one_row_per_coefficient(shipped_history):
    frame = estimate(shipped_history.table).to_frame()
    assert list(frame.index) == [INTERCEPT, *LINEAR, WEEKEND, FRAILTY]
    of_rules = estimate(shipped_history.table, LINEAR, frailty=False).to_frame()
    assert list(of_rules.index) == [INTERCEPT, *LINEAR]
    assert isinstance(frame, pd.DataFrame)
    assert (frame["low"].dropna() <= frame["high"].dropna()).all()
