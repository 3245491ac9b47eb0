"""The likelihood with a frailty of the day: what it was without, its slopes, what it finds."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis import likelihood
from sim.analysis.estimate import FRAILTY, LEAST_GAIN, LINEAR, WEEKEND, estimate, problem
from sim.analysis.likelihood import (
    Prior,
    Rows,
    bounded_mode,
    chance_of,
    clustered,
    log_likelihoods,
    log_probability,
    mode,
    nodes_of,
    slopes_of_days,
)
from sim.analysis.rivals import (
    BLIND,
    OF_RULES,
    bound,
    given_both,
    log_hazards,
    log_score,
    panel_of,
    rule_of,
    threshold_masses,
)
from sim.config import Rule
from sim.rules import clock

TRUE = np.array([-0.5, 0.5])
SPREAD = 1.2


def many_days(spread=SPREAD, n_days=120, seed=3):
    """Return terms and outcomes of ten decisions a day that share a shock of this spread."""
    generator = np.random.default_rng(seed)
    day = np.repeat(np.arange(n_days), 10)
    terms = np.column_stack([np.ones(day.size), generator.normal(size=day.size)])
    shock = clock.frailty(0.0, spread) + spread * generator.normal(size=n_days)[day]
    hazard = np.exp(terms @ TRUE + shock) / 7
    event = (generator.random(day.size) < -np.expm1(-hazard)).astype(float)
    return terms, Rows(event, np.ones(day.size), np.ones(day.size), day)


def test_without_a_spread_the_likelihood_is_that_of_independent_rows():
    terms, rows = many_days()
    eta = terms @ TRUE
    plain = log_likelihoods(eta, rows).sum()
    assert log_probability(eta, rows, 0.0) == pytest.approx(plain, rel=1e-13)
    assert log_probability(eta, rows, 1e-9) == pytest.approx(plain, rel=1e-8)
    apart = rows._replace(day=np.arange(eta.size))
    assert log_probability(eta, apart, 0.0) == pytest.approx(plain, rel=1e-13)


def test_what_a_day_saw_is_averaged_over_its_shock():
    """Against the average itself, taken on a fine grid, for one day of three decisions."""
    rows = Rows(np.array([1.0, 1.0, 0.0]), np.ones(3), np.array([1.0, 0.5, 1.0]), np.zeros(3, int))
    eta = np.array([0.3, -0.2, 0.5])
    luck = np.linspace(-10.0, 10.0, 4001)
    mass = np.exp(-0.5 * luck**2)
    hazard = np.exp(eta + (SPREAD * luck - SPREAD**2 / 2)[:, None]) / 7.0
    seen = (1 - np.exp(-hazard[:, 0])) * np.sqrt(1 - np.exp(-hazard[:, 1])) * np.exp(-hazard[:, 2])
    mean = mass @ seen / mass.sum()
    assert log_probability(eta, rows, SPREAD) == pytest.approx(np.log(mean), abs=1e-6)
    chance = mass @ (1 - np.exp(-hazard)) / mass.sum()
    assert chance_of(eta, rows, SPREAD) == pytest.approx(chance, abs=1e-6)


@pytest.mark.parametrize("spread", [0.0, 0.4, 1.3])
def test_slopes_and_curvature_are_those_of_the_score_of_the_days(spread):
    terms, rows = many_days(n_days=40)
    rows = rows._replace(weight=np.linspace(0.5, 1.5, rows.event.size))
    at, step = np.r_[TRUE, spread], 1e-5

    def score(at):
        return log_probability(terms @ at[:-1], rows, at[-1])

    def slope(at):
        return slopes_of_days(terms, at[:-1], rows, at[-1]).first

    found = slopes_of_days(terms, TRUE, rows, spread)
    moving = np.eye(3)[: 3 if spread > 0.0 else 2]  # at 0 there is one node
    for k, unit in enumerate(moving):
        up, down = at + step * unit, at - step * unit
        assert found.first[k] == pytest.approx((score(up) - score(down)) / (2 * step), rel=1e-6)
        bend = (slope(up) - slope(down)) / (2 * step)
        assert found.second[k] == pytest.approx(bend, rel=1e-5, abs=1e-5)


def test_a_spread_is_found_where_there_is_one_and_its_interval_holds_it():
    terms, rows = many_days()
    prior = Prior(np.zeros(2), np.full(2, 10.0), frailty=True)
    found = mode(terms, rows, prior)
    error = np.sqrt(np.diag(found.covariance))
    assert np.abs(np.r_[found.value, found.frailty_sd] - np.r_[TRUE, SPREAD]) == pytest.approx(
        np.zeros(3), abs=3.0 * error.max()
    )
    assert found.frailty_sd > 2.0 * error[-1]
    plain = mode(terms, rows, prior._replace(frailty=False))
    assert plain.frailty_sd == 0.0
    assert found.log_likelihood > plain.log_likelihood + LEAST_GAIN


def test_no_spread_is_claimed_where_there_is_none():
    gains = []
    for seed in range(10):
        terms, rows = many_days(spread=0.0, seed=seed)
        prior = Prior(np.zeros(2), np.full(2, 10.0), frailty=True)
        found, plain = (mode(terms, rows, prior._replace(frailty=is_on)) for is_on in (True, False))
        gains.append(found.log_likelihood - plain.log_likelihood)
        assert found.frailty_sd < 0.6
    # One in twenty passes the mark by chance: of ten, three or more with a chance of one percent.
    assert sum(gain > LEAST_GAIN for gain in gains) < 3
    assert min(gains) > -0.5  # the prior may hold it a little above 0, not far


def test_a_spread_on_its_bound_has_no_error_and_the_others_keep_theirs():
    terms, rows = many_days(spread=0.0, seed=0)
    prior = Prior(np.zeros(2), np.full(2, 10.0), frailty=True)
    flat = rows._replace(event=np.zeros(rows.event.size))
    flat.event[::37] = 1.0  # one adoption a day at most
    found = mode(terms, flat, prior)
    plain = mode(terms, flat, prior._replace(frailty=False))
    assert found.frailty_sd == 0.0
    assert found.covariance[-1] == pytest.approx(np.zeros(3))
    assert found.covariance[:2, :2] == pytest.approx(plain.covariance[:2, :2], rel=1e-3)


def test_the_nodes_are_near_enough_for_the_dates(shipped_history, monkeypatch):
    names = (*LINEAR, WEEKEND)
    terms, rows, prior, _ = problem(shipped_history.table, names, frailty=True)
    found = mode(terms, rows, prior)
    for spread in (0.5, found.frailty_sd, 2.0):
        coarse = log_probability(terms @ found.value, rows, spread)
        with monkeypatch.context() as patch:
            patch.setattr(likelihood, "NODES", 301)
            fine = log_probability(terms @ found.value, rows, spread)
        assert coarse == pytest.approx(fine, abs=0.01)  # of 70 adoptions: 0.0002 nats an adoption


def test_clusters_of_one_row_and_of_one_day_are_those_of_the_curvature():
    """Where rows are what the likelihood says they are, the sandwich says so too, roughly."""
    terms, rows = many_days(n_days=400)
    found = mode(terms, rows, Prior(np.zeros(2), np.full(2, 10.0), frailty=True))
    single = clustered(terms, rows, found, np.arange(rows.event.size), by_day=True)
    curvature = np.sqrt(np.diag(found.covariance))
    # A standard error from 400 days is known to about 1/sqrt(800) of itself; skewed slopes, thrice.
    assert single == pytest.approx(curvature, rel=0.15)


def test_the_dates_of_2022_have_a_common_shock(shipped_history):
    found = estimate(shipped_history.table).to_frame().loc[FRAILTY]
    assert found["identified"] == "yes"
    assert found["low"] > 0.3
    blind = estimate(shipped_history.table, BLIND.names("hazard")).to_frame()
    assert blind.loc[FRAILTY, "low"] > 0.3
    assert "readiness" not in blind.index


def test_what_is_no_part_of_a_variant_is_off(shipped_history):
    blind = rule_of(shipped_history.table, "hazard", variant=BLIND)
    assert blind.readiness == 0.0
    assert blind.frailty_sd > 0.0 > blind.weekend
    plain = rule_of(shipped_history.table, "hazard", variant=OF_RULES)
    assert (plain.frailty_sd, plain.weekend) == (0.0, 0.0)
    assert plain.readiness > 0.0


@pytest.mark.parametrize("name", ["hazard", "threshold"])
def test_a_rule_with_shocks_is_scored_by_the_day(history, name):
    panel = panel_of(history.table)
    rule = Rule(name=name, frailty_sd=0.8, weekend=-0.4, threshold_sd=0.02, threshold_mean=2.0)
    eta = log_hazards(panel, rule, 2.0)  # a threshold that nobody reaches
    assert log_score(panel, rule) == pytest.approx(log_probability(eta, panel.rows, 0.8))
    plain = Rule(name=name, threshold_sd=0.02, threshold_mean=2.0)
    assert eta - log_hazards(panel, plain, 2.0) == pytest.approx(-0.4 * panel.weekend)


def test_the_bound_of_thresholds_and_shocks_is_below_the_truth_and_near(shipped_history):
    """Against the average over all thresholds of two senders, whose days share their shocks."""
    panel = panel_of(shipped_history.table.query("actor in ('JPN', 'USA')"))
    rule = Rule(name="threshold", threshold_mean=0.3, threshold_sd=0.2, frailty_sd=1.0)
    mass, middle = threshold_masses(rule)
    kept = mass > 0.02
    mass, middle = mass[kept] / mass[kept].sum(), middle[kept]
    _, chance = nodes_of(1.0)
    given = given_both(panel, rule, middle)
    whole = -given.factor[:, None] * given.quiet[:, :, None, :]
    whole[:, given.busy] += given.seen
    both = whole[0][:, :, :, None] + whole[1][:, :, None, :]
    days = np.log(np.einsum("dkij,k->dij", np.exp(both), chance)).sum(axis=0)
    top = days.max()
    truth = np.log(mass @ np.exp(days - top) @ mass) + top
    found = bound(given, mass, chance)
    assert truth - 0.1 < found < truth - 1e-6


def test_the_bound_is_exact_without_shocks(shipped_history):
    panel = panel_of(shipped_history.table.query("actor in ('JPN', 'USA')"))
    rule = Rule(name="threshold", threshold_mean=0.3, threshold_sd=0.2)
    mass, middle = threshold_masses(rule)
    seen = np.array([log_likelihoods(log_hazards(panel, rule, m), panel.rows) for m in middle])
    exact = 0.0
    for actor in range(panel.n_actors):
        given = seen[:, panel.actor == actor].sum(axis=1)
        exact += np.log(mass @ np.exp(given - given.max())) + given.max()
    assert log_score(panel, rule) == pytest.approx(exact, rel=1e-12)


def test_coefficients_that_press_on_a_bound_are_held_beside_a_spread(shipped_history):
    terms, rows, prior, _ = problem(shipped_history.table, LINEAR, frailty=True)
    low = np.full(len(LINEAR) + 1, -100.0)
    low[1] = 5.0  # readiness
    found = bounded_mode(terms, rows, prior, low, np.full(low.size, 100.0))
    assert found.value[1] == 5.0
    assert found.covariance[1] == pytest.approx(np.zeros(low.size + 1))
    assert found.frailty_sd > 0.0
