"""The likelihood with nested shocks: closed forms, slopes, what belongs together."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim.analysis import likelihood
from sim.analysis.likelihood import Spreads, nodes, rows_of, slopes
from sim.rules.clock import probability

NONE = Spreads()


def log_probability(eta, found, spreads):
    return slopes(eta, found, spreads).score


def rows(event, day=None, package=None, agenda=None, weight=None):
    n = len(event)
    return rows_of(
        np.array(event, dtype=float),
        np.ones(n) if weight is None else np.array(weight),
        np.zeros(n, dtype=np.int64) if day is None else np.array(day),
        np.full(n, -1) if package is None else np.array(package),
        np.arange(n) if agenda is None else np.array(agenda),
    )


def test_a_row_is_as_likely_as_the_clock_says():
    p = probability(-1.3, 1.0)
    assert log_probability(np.array([-1.3]), rows([1]), NONE) == pytest.approx(np.log(p))
    assert log_probability(np.array([-1.3]), rows([0]), NONE) == pytest.approx(np.log(1 - p))


def test_a_weight_counts_a_row_as_often():
    eta = np.array([-1.0])
    twice = log_probability(eta, rows([1], weight=[2.0]), NONE)
    assert twice == pytest.approx(2 * log_probability(eta, rows([1]), NONE))


def test_a_day_that_stands_for_three_is_as_three_days():
    spreads, eta = Spreads(0.9, 0.7, 1.8), np.array([-1.0, 0.3])
    day = np.zeros(2, dtype=np.int64)
    one = rows_of(day, np.ones(2), day, day - 1, np.arange(2), np.full(2, 3.0))
    three = rows([0] * 6, day=[0, 0, 1, 1, 2, 2], agenda=[0, 1] * 3)
    for_one, for_three = slopes(eta, one, spreads), slopes(np.tile(eta, 3), three, spreads)
    assert for_one.score == pytest.approx(for_three.score, rel=1e-12)
    assert for_one.of_eta == pytest.approx(for_three.of_eta.reshape(3, 2).sum(axis=0), rel=1e-12)
    assert for_one.of_spread == pytest.approx(for_three.of_spread, rel=1e-12)


def shock(luck, spread):
    """Return what a standard normal adds to log hazards whose factor is to have mean 1."""
    return spread * luck - spread**2 / 2.0


@pytest.mark.parametrize("package", [-1, 0])
def test_one_row_under_two_shocks_is_a_double_sum(package):
    spreads, (node, mass) = Spreads(0.8, 1.5, 1.1), nodes()
    of_group = spreads.package_sd if package >= 0 else spreads.agenda_sd
    expected = sum(
        m * n * probability(-2.0 + shock(a, 0.8) + shock(b, of_group), 1.0)
        for (a, m), (b, n) in itertools.product(zip(node, mass, strict=True), repeat=2)
    )
    found = log_probability(np.array([-2.0]), rows([1], package=[package]), spreads)
    assert found == pytest.approx(np.log(expected), rel=1e-10)


def test_without_spread_all_rows_are_apart():
    eta, event = np.array([-1.0, 0.3, -2.0, 1.0]), [1, 0, 0, 1]
    whole = log_probability(eta, rows(event, day=[0, 0, 1, 1]), NONE)
    each = [log_probability(eta[k : k + 1], rows(event[k : k + 1]), NONE) for k in range(4)]
    assert whole == pytest.approx(sum(each))


def test_a_shock_makes_acts_of_one_group_likelier_together_and_of_two_not():
    eta, spreads = np.full(2, -3.0), Spreads(0.0, 0.0, 1.5)
    together = log_probability(eta, rows([1, 1], agenda=[0, 0]), spreads)
    apart = log_probability(eta, rows([1, 1], agenda=[0, 1]), spreads)
    single = log_probability(eta[:1], rows([1]), spreads)
    assert apart == pytest.approx(2 * single)
    assert together > apart + 1.0


def test_a_package_holds_an_act_together_across_actors_and_an_agenda_an_actor_across_acts():
    eta = np.full(4, -3.0)
    packages = rows([1, 1, 0, 0], package=[0, 0, 1, 1], agenda=[0, 1, 0, 1])
    agendas = rows([1, 1, 0, 0], package=[-1] * 4, agenda=[0, 0, 1, 1])
    assert log_probability(eta, packages, Spreads(0, 1.2, 0)) == pytest.approx(
        log_probability(eta, agendas, Spreads(0, 0, 1.2))
    )


def drawn(n=60):
    """Return rows in many groups, with weights, and log hazards."""
    rng = np.random.default_rng(5)
    day, act = rng.integers(0, 6, n), rng.integers(0, 3, n)
    table = rng.random(n) < 0.5
    found = rows_of(
        (rng.random(n) < 0.3).astype(float), rng.uniform(0.2, 1.0, n), day,
        np.where(table, act, -1), rng.integers(0, 4, n), rng.uniform(1.0, 4.0, 6)[day],
    )  # fmt: skip
    return found, rng.normal(-1.0, 1.0, n), rng


def test_slopes_are_those_of_finite_differences():
    found, eta, rng = drawn()
    spreads, step, along = Spreads(0.9, 1.5, 1.8), 1e-5, rng.normal(size=eta.size)
    slope = slopes(eta, found, spreads)
    up, down = (log_probability(eta + s * step * along, found, spreads) for s in (1, -1))
    assert slope.of_eta @ along == pytest.approx((up - down) / (2 * step), rel=1e-6)
    for k in range(3):
        moved = [list(spreads), list(spreads)]
        moved[0][k] += step
        moved[1][k] -= step
        up, down = (log_probability(eta, found, Spreads(*m)) for m in moved)
        assert slope.of_spread[k] == pytest.approx((up - down) / (2 * step), rel=1e-6)


def test_the_order_of_rows_does_not_matter():
    rng = np.random.default_rng(6)
    event, day, agenda = rng.random(30) < 0.3, rng.integers(0, 4, 30), rng.integers(0, 3, 30)
    eta, mixed = rng.normal(-1, 1, 30), rng.permutation(30)
    spreads = Spreads(0.5, 1.0, 1.0)
    first = slopes(eta, rows(event, day, None, agenda), spreads)
    second = slopes(eta[mixed], rows(event[mixed], day[mixed], None, agenda[mixed]), spreads)
    assert second.score == pytest.approx(first.score)
    assert second.of_eta == pytest.approx(first.of_eta[mixed])


def test_as_many_nodes_as_are_used_are_enough(monkeypatch):
    found, eta, _ = drawn()
    spreads = Spreads(0.9, 1.6, 1.9)
    few = log_probability(eta, found, spreads)
    monkeypatch.setattr(likelihood, "NODES", 121)
    assert log_probability(eta, found, spreads) == pytest.approx(few, abs=0.005)
