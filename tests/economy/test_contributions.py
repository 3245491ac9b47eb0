"""Parts of losses by sector: they add up, and each is that of its own trade."""

from __future__ import annotations

import numpy as np
import pytest

from sim.config import Config
from sim.economy.contributions import contributions
from sim.economy.losses import Lost
from sim.setting import prepare


@pytest.fixture(scope="module")
def exposures(world):
    return prepare(world, Config()).exposures


def some_trade(exposures, seed):
    """Return coverage by both ends of the horizon, maturities and what else happens, at random."""
    draw, shape = np.random.default_rng(seed), exposures.mature.target_share.shape
    n_senders, n_targets, _, n_sectors = shape
    payment = draw.normal(size=len(exposures.mature.income))
    lost = Lost(
        draw.uniform(0, 0.4, n_targets),
        draw.uniform(0, 0.2, (n_senders, n_targets, 2, n_sectors)),
        draw.uniform(0, 1, (n_targets, 2)),
        draw.uniform(0, 0.2, (n_targets, 2)),
        payment - payment.mean(),
        draw.uniform(0, 0.8, (n_targets, n_sectors)),
    )
    return draw.uniform(0, 0.8, (2, *shape)), draw.uniform(0, 1, (n_targets, n_sectors)), lost


@pytest.mark.parametrize("overlap", [1.0, 0.3])
def test_parts_add_up_to_the_loss_of_every_state(exposures, overlap):
    trade = some_trade(exposures, 1)
    by_sector, by_payments = contributions(exposures, *trade, overlap)
    whole = exposures.losses(*trade, overlap)
    assert by_sector.sum(axis=0) + by_payments == pytest.approx(whole, rel=1e-9, abs=1e-12)
    assert np.abs(whole).max() > 1.0


def test_a_sector_in_which_no_trade_is_lost_adds_nothing(exposures):
    covered, maturity, lost = some_trade(exposures, 2)
    lost = lost._replace(withheld_third=np.zeros_like(lost.withheld_third))
    covered[..., 1:] = 0.0
    lost.held[..., 1:] = 0.0
    by_sector, _ = contributions(exposures, covered, maturity, lost)
    assert by_sector[1:] == pytest.approx(0.0, abs=1e-12)
    assert np.abs(by_sector[0]).max() > 0.01


def test_trade_that_third_states_hold_back_counts_with_its_sector(exposures):
    covered, maturity, lost = some_trade(exposures, 3)
    lost = exposures.nothing_else()._replace(withheld_third=lost.withheld_third)
    by_sector, by_payments = contributions(exposures, 0.0 * covered, maturity, lost)
    touched = np.abs(exposures.mature.third_marginal).max(axis=(0, 1, 3)) > 0.0
    assert (np.abs(by_sector).max(axis=1) > 0.0).tolist() == touched.tolist()
    assert by_payments == pytest.approx(0.0, abs=1e-15)


def test_nothing_lost_costs_nothing(exposures):
    covered, maturity, _ = some_trade(exposures, 4)
    by_sector, by_payments = contributions(exposures, 0.0 * covered, maturity)
    assert not by_sector.any()
    assert not by_payments.any()
