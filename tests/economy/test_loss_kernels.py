"""Kernels of losses against the same sums written with numpy, over two targets and two sectors."""

from __future__ import annotations

import numpy as np
import pytest

from sim.economy import losses
from sim.economy.shocks import EXPORT, IMPORT

SENDERS, TARGETS = np.array([1, 3]), np.array([0, 4])
N_STATES, N_SECTORS, N_ACTS = 6, 2, 3


@pytest.fixture
def draw():
    return np.random.default_rng(11)


@pytest.fixture
def margins(draw):
    of_flows = (2, 2, 3, N_SECTORS)  # senders, targets, channels, sectors
    flows = np.zeros((2, N_SECTORS, 1, losses.N_ROWS, losses.LANES))
    flows[..., :2] = draw.random((2, N_SECTORS, 1, losses.N_ROWS, 2))
    return losses.Margins(
        senders=SENDERS,
        marginal=draw.normal(size=(*of_flows, N_STATES)),
        target_share=draw.random(of_flows) / 2,
        flows=flows,
        income=draw.normal(size=(N_STATES, N_STATES)),
        targets=TARGETS,
        own_income=draw.normal(size=2),
        third_marginal=draw.normal(size=(2, 2, N_SECTORS, N_STATES)),
        third_share=draw.random((2, N_SECTORS)) / 2,
    )


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 0.09, 5.0, 60.0])
def test_a_log_loss_in_percent_is_a_loss_in_percent_at_any_size(scale):
    logs = scale * np.array([1.0, -0.7, 0.0, 0.3])
    found = logs.copy()
    losses.to_percent(found)
    assert found == pytest.approx(-100.0 * np.expm1(-logs / 100.0), rel=1e-12)


def test_the_last_of_a_market_costs_most_and_no_more_than_all_but_a_millionth():
    covered = np.array([0.0, 0.05, 0.3, 0.9, 1.0, 1.2])
    found = [losses.growth(x) for x in covered]
    assert found[0] == 1.0
    x = np.minimum(covered[1:], 1.0 - 1e-6)
    assert found[1:] == pytest.approx(-np.log1p(-x) / x, rel=1e-9)


def test_trade_covered_goes_by_sender_target_way_and_sector(draw):
    covered = draw.random((2, 2, 3, N_SECTORS))
    flow_bn = draw.random((N_STATES, N_STATES, N_SECTORS))
    found = np.full((2, 2, N_SECTORS), 7.0)
    losses.trade_covered(covered, SENDERS, TARGETS, flow_bn, found)
    sold = flow_bn[SENDERS][:, TARGETS]
    bought = flow_bn[TARGETS][:, SENDERS].swapaxes(0, 1)
    assert found[:, 0] == pytest.approx((sold * covered[:, :, EXPORT]).sum(axis=0))
    assert found[:, 1] == pytest.approx((bought * covered[:, :, IMPORT]).sum(axis=0))


def test_what_an_act_adds_is_the_slope_of_the_logarithm_at_what_is_covered(draw, margins):
    covered, leak = draw.random((2, 2, 3, N_SECTORS)), np.array([0.3, 0.0])
    covered[:, 1, EXPORT, 0] = 1.0
    share = margins.target_share.copy()
    share[:, 1, EXPORT, 0] = 0.5  # the whole market of the second target is covered
    coverage, aimed_at = draw.random((N_ACTS, 3, N_SECTORS)), np.array([1, 0, 1])
    found = np.full((2, N_ACTS), 7.0)
    losses.last_in_damage(
        covered, leak, coverage, aimed_at, TARGETS, margins.marginal, share, np.ones((2, 2, 2)),
        found,
    )  # fmt: skip
    kept = (1.0 - leak)[:, None, None]
    market = (share * covered).sum(axis=0) * kept
    slope = 1.0 / np.maximum(1.0 - market[:, [EXPORT, IMPORT, IMPORT]], 1e-6)
    for i in range(2):
        for act, t in enumerate(aimed_at):
            more = coverage[act] * (1.0 - covered[i, t]) * kept[t]
            expected = (margins.marginal[i, t, :, :, TARGETS[t]] * slope[t] * more).sum()
            assert found[i, act] == pytest.approx(expected)


def test_the_first_act_against_a_market_all_covered_by_others_is_a_million_times_the_margin(draw):
    """Where nothing is left, the slope is that at one millionth."""
    covered, share = np.zeros((2, 2, 3, N_SECTORS)), np.zeros((2, 2, 3, N_SECTORS))
    covered[0, 0, EXPORT, 0], share[0, 0, EXPORT, 0] = 1.0, 1.0
    marginal, coverage = np.zeros((2, 2, 3, N_SECTORS, N_STATES)), np.zeros((1, 3, N_SECTORS))
    marginal[1, 0, EXPORT, 0, TARGETS[0]], coverage[0, EXPORT, 0] = 0.25, 0.5
    found = np.zeros((2, 1))
    losses.last_in_damage(
        covered, np.zeros(2), coverage, np.zeros(1, dtype=np.int64), TARGETS, marginal, share,
        np.ones((2, 2, 2)), found,
    )  # fmt: skip
    assert found[:, 0] == pytest.approx([0.0, 0.25 * 1e6 * 0.5])


@pytest.mark.parametrize("first", [0.0, 0.4])
def test_coverage_changed_step_by_step_adds_up_to_that_changed_at_once(draw, margins, first):
    """A ban of one kind alone as well: nothing, all exports, then all of it drawn at random."""
    only_exports = np.zeros((2, 3, N_SECTORS))
    only_exports[1, EXPORT, 1] = 1.0
    held = [draw.random((2, 2, N_SECTORS)) for _ in range(3)]
    steps = [first * draw.random((2, 3, N_SECTORS)), only_exports, draw.random((2, 3, N_SECTORS))]
    sums = losses.new_sums(margins)
    for cover, back in zip(steps, held, strict=True):
        at_once = losses.new_sums(margins)
        for total in (sums, at_once):
            for t in range(2):
                losses.add_change(t, 1, cover[t], back[t], margins, total)
        for name in ("flows", "bought", "held_bought", "effect", "held_effect"):
            found, expected = getattr(sums, name), getattr(at_once, name)
            assert found == pytest.approx(expected, rel=1e-12, abs=1e-12), name
    assert sums.bought == pytest.approx(margins.target_share[1, :, EXPORT] * steps[-1][:, EXPORT])
    exports = margins.marginal[1, :, EXPORT] * steps[-1][:, EXPORT, :, None]
    assert sums.effect[:, :, 0] == pytest.approx(exports)
    both = steps[-1][:, 2] * steps[-1][:, IMPORT]
    assert sums.effect[:, :, 3] == pytest.approx(margins.marginal[1, :, 2] * both[..., None])
    share = margins.flows[:, :, 0, losses.SIZE + IMPORT, 1]
    covered = steps[-1][:, IMPORT]
    captive = covered / (1.0 - share * covered) - covered
    assert sums.flows[:, :, 0, losses.CAPTIVE, 1] == pytest.approx(captive)


def test_what_is_stopped_is_not_taxed_banned_or_held_back(margins):
    """Of a flow half banned and a quarter held back, all taxed, with a tenth leaking."""
    cover, held = np.zeros((3, N_SECTORS)), np.zeros((2, N_SECTORS))
    cover[IMPORT, 0], cover[2, 0], held[IMPORT, 0] = 0.5, 1.0, 0.5
    sums = losses.new_sums(margins)
    losses.add_change(0, 1, cover, held, margins, sums)
    effect, held_effect = sums.effect[0, 0], sums.held_effect[0, 0]
    kept, withheld = 0.9, 0.5
    taxed = kept * (effect[2] - effect[3] * kept - held_effect[2] * withheld * kept)
    assert taxed == pytest.approx(margins.marginal[1, 0, 2, 0] * 0.9 * (1.0 - 0.75 * 0.9))


def test_what_a_target_pays_weighs_the_more_the_cheaper_its_goods_are(draw, margins):
    paid = np.zeros(N_STATES)
    paid[TARGETS] = 3.0, -2.0
    fresh, mature = margins, margins._replace(own_income=2.0 * margins.own_income)
    young, late = draw.random((2, 2, 2)), draw.random((2, 2, 2))
    found, plain = np.zeros((2, N_STATES))
    losses.add_payments(paid, 0.25, young, late, fresh, mature, found)
    plain = (0.75 * fresh.income + 0.25 * mature.income).T @ paid
    own = paid[TARGETS] * 1.25 * margins.own_income
    cheaper = (young + late)[0].sum(axis=1) + own / 100.0
    plain[TARGETS] += own * cheaper
    assert found == pytest.approx(plain)


def test_what_is_forgone_is_what_each_gave_up_times_what_the_others_cheapened(draw):
    young, late = draw.random((2, 2, 2)), draw.random((2, 2, 2))
    found = np.zeros(N_STATES)
    losses.add_forgone(young, late, SENDERS, found)
    cheaper, given_up = young + late
    others = cheaper[:, ::-1]  # there are two senders
    expected = np.zeros(N_STATES)
    expected[SENDERS] = (given_up * others).sum(axis=0)
    assert found == pytest.approx(expected)
