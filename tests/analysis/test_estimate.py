"""Coefficients from person-periods: recovered, bounded, held by priors, written down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_dates import own_rule
from tables import drawn_table

from sim.analysis import estimate_command
from sim.analysis.estimate import learn, log_score, predictive, with_wave
from sim.analysis.panel import panel_of
from sim.analysis.posterior import Posterior, covariance
from sim.analysis.priors import (
    EFFECTS,
    FREE,
    PRIORS,
    RULES,
    SPREADS,
    WAVE,
    WEEKEND,
    WORTH,
    bounds_of,
)
from sim.analysis.rule_file import rule_file
from sim.analysis.rule_loop import EFFECT, THRESHOLD
from sim.analysis.rule_on_rows import RuleOnRows
from sim.cli import main
from sim.compose import checked, compose
from sim.config import Config, Rule
from sim.rules.terms import Terms
from sim.setting.decision import LINEAR, decision_rule, weights_of

TRUTH = {"intercept": -3.0, "shock": 1.5, "recent": 2.0, "meeting": 0.7, "weekend": -1.0}


def on_rows(name):
    return RuleOnRows(Rule(name=name))


@pytest.fixture(scope="module")
def table():
    return drawn_table(TRUTH, (0.7, 1.0, 1.2), 0.8)


@pytest.fixture(scope="module")
def found(table):
    return learn(table, "hazard", errors=True, draws=400)


def test_known_coefficients_are_found_again(found):
    frame = found.to_frame()
    for name, true in TRUTH.items():
        error = (frame.loc[name, "high"] - frame.loc[name, "low"]) / 3.92
        assert abs(frame.loc[name, "value"] - true) < 3.0 * error, name


def test_spreads_of_shocks_and_of_effects_are_found_again(found):
    frame = found.to_frame()
    for name, true in zip(SPREADS, (0.7, 1.0, 1.2), strict=True):
        error = (frame.loc[name, "high"] - frame.loc[name, "low"]) / 3.92
        assert abs(frame.loc[name, "value"] - true) < 3.0 * error, name
    assert 0.4 < found.effect_sd["measure"] < 1.4
    assert found.effect_sd["sender"] < 0.3  # senders do not differ


def test_a_step_of_the_em_algorithm_leaves_the_spreads_of_effects_where_they_are(table, found):
    problem = Posterior(panel_of(table), on_rows("hazard"), FREE["hazard"])
    at = problem.mode(problem.begin(found.values(), found.effects), found.effect_sd)
    inside, bend = problem.curvature(at, found.effect_sd)
    variance = np.zeros(at.size)  # no effect is on a bound
    variance[inside] = np.diag(covariance(bend, problem.spread(found.effect_sd)[inside]))
    after = problem.maximized(at, variance)
    assert after == pytest.approx(found.effect_sd, abs=2e-3)


def test_what_stands_still_keeps_its_prior(found):
    frame = found.to_frame()
    assert frame.loc["cost", "value"] == pytest.approx(PRIORS["cost"].mean, abs=1e-3)
    assert frame.loc["cost", "learnt"] == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize("name", RULES)
def test_the_slope_of_the_posterior_is_that_of_finite_differences(table, name):
    problem = Posterior(panel_of(table[table["day"] < 20]), on_rows(name), FREE[name])
    value, spread = problem.begin({}, {}) + 0.05, problem.spread(EFFECTS)
    value[: problem.n_own] = np.clip(value[: problem.n_own], 0.1, None)
    slope = problem.loss(value, spread)[1]
    along, step = np.random.default_rng(3).normal(size=value.size), 1e-4
    up, down = (problem.loss(value + s * step * spread * along, spread)[0] for s in (1, -1))
    assert slope @ along == pytest.approx((up - down) / (2 * step), rel=2e-3)


def test_a_rule_without_coefficients_has_a_slope_by_effects_alone(table, tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("def log_hazard(terms, weights): return terms.effect - 3.0", encoding="utf-8")
    rule, panel = RuleOnRows(Rule(function=f"{path}:log_hazard")), panel_of(table.iloc[:5])
    eta, _, by_effect = rule.with_slopes(panel, {}, ["weekend"], np.full(5, 0.4))
    assert eta == pytest.approx(np.full(5, -2.6))
    assert by_effect == pytest.approx(np.ones(5))


@pytest.mark.parametrize("name", LINEAR)
def test_a_row_has_the_log_hazard_that_the_rule_gives(table, name):
    panel, rule = panel_of(table.iloc[:50]), Rule(name=name, intercept=-1.0, shock=2.0, recent=1.0)
    values = {n: getattr(rule, n) for n in FREE[name]}
    terms = Terms(*panel.terms[7])._replace(effect=0.4)
    expected = decision_rule(rule)(terms, weights_of(Config(rule=rule)))
    eta = on_rows(name).log_hazards(panel, values, np.full(50, 0.4))
    assert eta[7] == pytest.approx(expected, rel=1e-12)


def test_a_threshold_is_averaged_over_its_distribution(table):
    panel = panel_of(table.iloc[:1])
    panel.terms[0, [Terms._fields.index("peer"), Terms._fields.index("lead")]] = 0.6, 0.2
    values = {
        "intercept": -5.0,
        "follower_intercept": 1.0,
        "threshold_mean": 0.4,
        "threshold_sd": 0.2,
    }
    # The share, 0.4, is at the mean of the thresholds: every second sender follows.
    eta = on_rows("threshold").log_hazards(panel, values, np.zeros(1))
    assert eta[0] == pytest.approx(np.log((np.exp(-5.0) + np.exp(1.0)) / 2))


def test_effect_and_threshold_are_where_the_terms_have_them():
    assert Terms._fields[EFFECT] == "effect"
    assert Terms._fields[THRESHOLD] == "threshold"
    assert len(Terms._fields) == THRESHOLD + 1


@pytest.mark.parametrize("name", RULES)
def test_every_free_coefficient_has_a_prior_within_its_range(name):
    for free in (*FREE[name], WEEKEND, WAVE, *SPREADS):
        low, high = bounds_of(free)
        assert low <= PRIORS[free].mean + (free in SPREADS) <= high, free
        assert hasattr(Rule(), free)


def test_a_measure_that_was_not_learnt_from_is_averaged_over(table, found):
    new = table["instrument"] == "m03"
    known = learn(table[~new], "hazard", start=found, rounds=1)
    assert "m03" not in known.effects["measure"]
    assert predictive(table[new], known) > log_score(table[new], known.rule) - 3.0
    assert predictive(table[~new], known) == pytest.approx(log_score(table[~new], known.rule))


def test_draws_of_the_posterior_spread_around_the_mode_as_far_as_it_is_unsure(found):
    names = [*TRUTH, "cost"]
    drawn = np.array([[getattr(rule, name) for name in names] for rule in found.draws])
    value, error = (dict(zip(found.names, of, strict=True)) for of in (found.value, found.error))
    for column, name in zip(drawn.T, names, strict=True):
        assert abs(column.mean() - value[name]) < 4.0 * error[name] / np.sqrt(len(drawn)), name
        assert column.std() == pytest.approx(error[name], rel=0.15), name
    effect = np.array([rule.measure_effects["m03"] for rule in found.draws])
    assert abs(effect.mean() - found.effects["measure"]["m03"]) < effect.std() / 4.0
    # The level of all and the effect of one can hardly be told apart.
    assert np.corrcoef(effect, drawn[:, 0])[0, 1] < -0.1


def test_spreads_are_drawn_from_their_distribution_given_the_effects(table, found):
    """Where the likelihood leaves effects no room, one over a spread's square is chi-square."""
    problem = Posterior(panel_of(table), on_rows("hazard"), FREE["hazard"])
    at = problem.mode(problem.begin(found.values(), found.effects), found.effect_sd)
    inside, bend = np.arange(at.size), 1e12 * np.eye(at.size)
    draws = [own for _, own in problem.drawn(at, inside, bend, found.effect_sd, 500)]
    effects = np.array(list(problem.named(at)["measure"].values()))
    size = effects.size + WORTH
    expected = size / (np.sum(effects**2) + WORTH * EFFECTS["measure"] ** 2)
    precision = np.array([own["measure"] ** -2.0 for own in draws])
    error = expected * np.sqrt(2.0 / size)
    assert precision.mean() == pytest.approx(expected, abs=3.0 * error / np.sqrt(500))
    assert precision.std() == pytest.approx(error, rel=0.15)


def test_what_is_foretold_of_a_day_is_averaged_over_the_draws(table, found):
    day = table[table["day"] == 3]
    chances = np.exp([log_score(day, rule) for rule in found.draws[:20]])
    unsure = replace(found, draws=found.draws[:20])
    assert predictive(day, unsure) == pytest.approx(np.log(chances.mean()))
    both = table[table["day"].isin([3, 4])]
    rest = predictive(table[table["day"] == 4], unsure)
    assert predictive(both, unsure) == pytest.approx(predictive(day, unsure) + rest)


def test_a_wave_is_drawn_as_far_as_its_prior_leaves_it_open(table, found):
    drawn = [rule.wave for rule in with_wave(found, table.iloc[:0]).draws]
    assert np.std(drawn) == pytest.approx(PRIORS[WAVE].spread, rel=0.15)


def test_without_further_rounds_the_wave_has_its_prior(table, found):
    shown = with_wave(found, table.iloc[:0]).to_frame()
    assert shown.loc[WAVE, "value"] == pytest.approx(PRIORS[WAVE].mean, abs=1e-3)
    assert shown.loc[WAVE, "learnt"] == pytest.approx(0.0, abs=1e-3)


def test_a_rule_file_gives_back_the_rule(found, tmp_path):
    (tmp_path / "rule").mkdir()
    path = tmp_path / "rule" / "mine.yaml"
    path.write_text(
        rule_file(found.rule, found.names, ["Why.", "x" * 40 + " " + "y" * 80]), encoding="utf-8"
    )
    rule = checked(compose(["rule=mine"], tmp_path)).rule
    for name in found.names:
        assert getattr(rule, name) == pytest.approx(getattr(found.rule, name), abs=6e-4), name
    for code, effect in found.effects["measure"].items():
        assert rule.measure_effects[code] == pytest.approx(effect, abs=6e-4)
    assert all(len(line) <= 100 for line in path.read_text(encoding="utf-8").splitlines())


def test_the_shipped_rule_is_that_of_the_shipped_timelines(shipped_sample):
    shipped = checked(compose(["rule=hazard"])).rule
    found = with_wave(learn(shipped_sample.table, "hazard"), shipped_sample.rounds)
    for name, value in found.values().items():
        assert getattr(shipped, name) == pytest.approx(value, abs=0.02), name


@pytest.mark.parametrize("name", RULES)
def test_a_shipped_rule_file_has_all_that_the_rule_uses(name):
    text = (Path(__file__).parents[2] / "configs" / "rule" / f"{name}.yaml").read_text("utf-8")
    for free in (*FREE[name], WEEKEND, WAVE, *SPREADS, "measure_effects", "sender_effects"):
        assert f"\n{free}:" in text, free


def test_the_command_writes_rules_that_compose(timeline, tmp_path, capsys):
    words = [str(timeline), "scenario.only=[USA,CAN,JPN]", "scenario.steps=4"]
    words += ["scenario.measures=[leader_asset_freeze,dual_use_export_ban]"]
    assert main(["estimate", *words, "--alone", "--out", str(tmp_path / "rule")]) == 0
    assert "left out" in capsys.readouterr().out
    for name in RULES:
        rule = checked(compose([f"rule={name}"], tmp_path)).rule
        assert rule.name == name
        assert "dual_use_export_ban" in rule.measure_effects


SMALL = ["scenario.only=[USA,CAN,JPN]", "scenario.steps=4", "rule.name=mine"]
SMALL += ["scenario.measures=[leader_asset_freeze,dual_use_export_ban]"]


def test_a_rule_of_ones_own_is_estimated_as_the_same_shipped_rule(table, tmp_path):
    """With the power held at 1 it is the hazard rule of three terms."""
    rule = own_rule(tmp_path)
    found = learn(table, rule, free=("intercept", "shock", "zeal"), rounds=1)
    shipped = learn(table, "hazard", free=("intercept", "shock", "recent"), rounds=1)
    assert found.log_likelihood == pytest.approx(shipped.log_likelihood, abs=0.02)
    assert found.values()["zeal"] == pytest.approx(shipped.values()["recent"], abs=0.02)
    assert found.rule.free == {"zeal": found.values()["zeal"], "bend": 1.0}


def test_a_rule_that_cannot_be_compiled_is_estimated_the_same(history, tmp_path):
    more = " + 0.0 * len(f'{terms.peer}')"  # no compiler takes this
    table, fast = history.table, learn(history.table, own_rule(tmp_path), rounds=1)
    slow = learn(table, own_rule(tmp_path, more=more, idle=0.0), rounds=1)
    assert set(fast.names) >= {"intercept", "shock", "zeal", "bend"}
    assert slow.names == fast.names
    assert slow.log_likelihood == pytest.approx(fast.log_likelihood, abs=1e-3)


def test_what_changes_no_row_is_named_and_keeps_its_value(history, tmp_path):
    found = learn(history.table, own_rule(tmp_path, effect="0.0", idle=0.7), rounds=1)
    assert found.unestimated == ("idle", "effects of measures and senders")
    assert found.rule.free["idle"] == 0.7
    assert "severity" not in found.names


def test_the_command_estimates_a_rule_of_ones_own(timeline, tmp_path, capsys):
    rule = own_rule(tmp_path)
    words = [str(timeline), *SMALL, f"rule.function={rule.function}"]
    words += ["+rule.free.zeal=1", "+rule.free.bend=1", "+rule.free.idle=2"]
    assert main(["estimate", *words, "--alone", "--out", str(tmp_path / "rule")]) == 0
    shown = capsys.readouterr().out
    assert "Cannot be estimated, no row changes with it: idle." in shown
    assert "The rule mine" in shown
    assert "The rule hazard" not in shown
    written = checked(compose(["rule=mine"], tmp_path)).rule
    assert written.function == rule.function
    assert written.free["idle"] == 2.0
    assert written.free["zeal"] != 1.0


def test_two_timelines_are_one_too_many():
    with pytest.raises(Exception, match="one timeline at a time"):
        estimate_command.split_words(["a.csv", "b.csv"])
