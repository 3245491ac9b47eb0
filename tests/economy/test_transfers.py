"""Burden sharing: who pays whom, and that everyone then loses the same."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_economies import economy_of, embargo, random_cost, random_economy

import sim
from sim.economy.equilibrium import NotConverged, balanced, solve
from sim.economy.tables import Economy
from sim.economy.transfers import compensated, equalising, shared_losses
from sim.errors import InputError

MARCH_2022 = Path(sim.__file__).parent / "world" / "march_2022" / "economy"
MEMBERS = ("c0", "c1", "c3")
SEEDS = (1, 2, 3)


def members_of(economy, values):
    return values[[economy.countries.index(member) for member in MEMBERS]]


@pytest.fixture(scope="module", params=SEEDS)
def shared(request):
    """Return an economy and its sharing by strength, 0, 0.25, ..., 1."""
    economy = random_economy(request.param)
    cost = random_cost(request.param, economy)
    strengths = (0.0, 0.25, 0.5, 0.75, 1.0)
    return economy, {s: equalising(economy, MEMBERS, s, cost) for s in strengths}


def test_at_full_strength_all_members_lose_the_same(shared):
    economy, by_strength = shared
    full = by_strength[1.0]
    assert np.ptp(members_of(economy, full.welfare_before)) > 0.01
    assert members_of(economy, full.welfare_after) == pytest.approx(full.common, abs=1e-9)


def test_at_no_strength_nothing_moves(shared):
    economy, by_strength = shared
    none = by_strength[0.0]
    assert np.array_equal(none.transfer, np.zeros(len(economy.countries)))
    assert none.welfare_after == pytest.approx(none.welfare_before, abs=1e-11)
    assert none.volume == 0.0


def test_the_gap_to_the_common_change_shrinks_by_the_strength(shared):
    economy, by_strength = shared
    for strength, sharing in by_strength.items():
        before = members_of(economy, sharing.welfare_before) - sharing.common
        after = members_of(economy, sharing.welfare_after) - sharing.common
        assert after == pytest.approx((1.0 - strength) * before, abs=1e-9)


def test_the_common_change_hardly_depends_on_the_strength(shared):
    _, by_strength = shared
    common = [sharing.common for sharing in by_strength.values()]
    largest = by_strength[1.0].volume / shared[0].value_added.min()
    assert np.ptp(common) < largest**2  # linear in transfers but for the second order


def test_transfers_sum_to_zero_and_stay_in_the_coalition(shared):
    economy, by_strength = shared
    for sharing in by_strength.values():
        assert abs(sharing.transfer.sum()) < 1e-14 * economy.value_added.sum()
        assert sharing.transfer[economy.countries.index("c2")] == 0.0


def test_everyone_pays_or_receives_more_the_more_is_shared(shared):
    economy, by_strength = shared
    paid = np.array([members_of(economy, sharing.transfer) for sharing in by_strength.values()])
    direction = np.sign(paid[-1])
    assert (np.diff(paid, axis=0) * direction > 0.0).all()


def test_the_reported_equilibrium_is_the_one_with_these_transfers():
    economy = random_economy(4)
    cost = random_cost(4, economy)
    sharing = equalising(economy, MEMBERS, 0.7, cost)
    again = solve(economy, cost, transfer=sharing.transfer)
    assert again.welfare == pytest.approx(sharing.welfare_after, abs=1e-10)
    assert sharing.equilibrium.income == pytest.approx(again.income, abs=1e-10)
    assert sharing.volume == pytest.approx(sharing.transfer.clip(min=0.0).sum())


def test_tariffs_can_be_shared_too():
    economy = random_economy(5)
    sharing = equalising(economy, MEMBERS, tariff=np.sqrt(economy.tariff))
    assert members_of(economy, sharing.welfare_after) == pytest.approx(sharing.common, abs=1e-9)


def reordered(economy, order):
    """Return the economy with its countries in another order."""
    moved = {"countries": tuple(economy.countries[n] for n in order)}
    for name in ("trade_share", "tariff"):
        moved[name] = np.ascontiguousarray(getattr(economy, name)[:, order][:, :, order])
    for name in ("factor_share", "intermediate_share", "consumption_share", "expenditure"):
        moved[name] = np.ascontiguousarray(getattr(economy, name)[..., order])
    for name in ("value_added", "trade_balance"):
        moved[name] = getattr(economy, name)[order]
    return dataclasses.replace(economy, **moved)


def test_the_order_of_countries_and_of_members_does_not_matter():
    economy = random_economy(6)
    cost = random_cost(6, economy)
    order = [2, 3, 0, 1]
    one = equalising(economy, MEMBERS, 0.6, cost)
    other = equalising(
        reordered(economy, order), MEMBERS[::-1], 0.6, cost[:, order][:, :, order].copy()
    )
    assert other.transfer == pytest.approx(one.transfer[order], abs=1e-9)
    assert other.common == pytest.approx(one.common, abs=1e-9)


def without_home_bias(incomes):
    """Return a world in which all buy alike, so that transfers leave demand where it is."""
    n = len(incomes)
    shares = np.array(incomes) / np.sum(incomes)
    return economy_of(
        np.tile(shares, (1, n, 1)),
        np.ones((1, n, n)),
        theta=np.array([4.0]),
        factor_share=np.ones((1, n)),
        intermediate_share=np.ones((1, 1, n)),
        consumption=np.ones((1, n)),
        income=np.array(incomes),
    )


@pytest.mark.parametrize("dearer", [1.01, 1.001])
def test_without_home_bias_the_arithmetic_is_exact_but_for_the_second_order(dearer):
    economy = without_home_bias([5.0, 3.0, 2.0, 1.0])
    member = np.isin(economy.countries, MEMBERS)
    exact = equalising(economy, MEMBERS, 1.0, embargo(economy, 2, [0, 1], dearer))
    loss = 100.0 * (1.0 - exact.welfare_before)
    after, transfer = shared_losses(loss, economy.value_added, member, 1.0)
    # Shares move by theta (d - 1), and with them what a transfer is worth.
    bound = 4.0 * (dearer - 1.0)
    assert np.abs(transfer - exact.transfer).max() < bound * np.abs(exact.transfer).max()
    assert after[member] / 100.0 == pytest.approx(1.0 - exact.common, rel=bound)


def test_in_the_world_of_2022_the_arithmetic_is_within_an_eighth_of_the_exact_volume():
    economy = balanced(Economy.read(MARCH_2022))
    members = ("USA", "GBR", "FRA", "DEU", "ITA", "JPN", "POL", "LTU", "REU")
    at = [economy.countries.index(member) for member in members]
    cost = embargo(economy, economy.countries.index("RUS"), at, 1.1)
    exact = equalising(economy, members, 1.0, cost)
    loss = 100.0 * (1.0 - exact.welfare_before)
    member = np.isin(economy.countries, members)
    _, transfer = shared_losses(loss, economy.value_added, member, 1.0)
    assert np.abs(transfer - exact.transfer).sum() < 0.125 * np.abs(exact.transfer).sum()
    assert np.ptp(exact.welfare_after[at]) < 1e-8


def test_two_are_enough_to_share():
    economy = random_economy(1)
    after = equalising(economy, MEMBERS[:2], 1.0, random_cost(1, economy)).welfare_after
    assert after[0] == pytest.approx(after[1], abs=1e-9)
    assert not np.isclose(after[0], after[2])


def test_a_change_without_equilibrium_has_no_sharing():
    economy = random_economy(7)
    cost = np.ones(economy.tariff.shape)
    cost[:, 0, :] = np.inf
    with pytest.raises(NotConverged, match="cut off"):
        equalising(economy, MEMBERS, 1.0, cost)


def test_too_few_steps_are_told():
    economy = random_economy(8)
    with pytest.raises(NotConverged, match="did not settle"):
        equalising(economy, MEMBERS, 1.0, random_cost(8, economy), max_steps=1)


@pytest.mark.parametrize(
    ("members", "strength", "words"),
    [
        (("c0", "c9"), 1.0, "country 'c9' is unknown"),
        (("c0",), 1.0, "two or more members"),
        (("c0", "c0"), 1.0, "each once"),
        (MEMBERS, 1.5, r"strength must be in \[0, 1\]; found 1.5"),
    ],
)
def test_what_cannot_be_shared_is_refused(members, strength, words):
    with pytest.raises(ValueError, match=words):
        equalising(random_economy(9), members, strength)


def test_an_unknown_member_is_an_input_error():
    with pytest.raises(InputError):
        equalising(random_economy(9), ("c0", "c9"))


def test_losses_move_to_the_mean_weighted_by_gdp():
    loss, gdp_bn = np.array([1.0, 0.0, 3.0]), np.array([100.0, 300.0, 50.0])
    member = np.array([True, True, False])
    after, transfer_bn = shared_losses(loss, gdp_bn, member, 1.0)
    assert after.tolist() == [0.25, 0.25, 3.0]
    assert transfer_bn.tolist() == [0.75, -0.75, 0.0]
    after, transfer_bn = shared_losses(loss, gdp_bn, member, 0.5)
    assert after.tolist() == [0.625, 0.125, 3.0]
    assert transfer_bn.tolist() == [0.375, -0.375, 0.0]
    after, transfer_bn = shared_losses(loss, gdp_bn, member, 0.0)
    assert after.tolist() == loss.tolist()
    assert transfer_bn.tolist() == [0.0, 0.0, 0.0]


def test_without_members_nothing_is_shared():
    loss = np.array([1.0, 2.0])
    after, transfer_bn = shared_losses(loss, np.ones(2), np.zeros(2, bool), 1.0)
    assert after.tolist() == loss.tolist()
    assert transfer_bn.tolist() == [0.0, 0.0]


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.0))
def test_fast_transfers_sum_to_zero_and_lose_no_income(seed, strength):
    draw = np.random.default_rng(seed)
    loss, gdp_bn = draw.normal(0.5, 1.0, 12), draw.lognormal(6.0, 2.0, 12)
    member = draw.random(12) < 0.6
    after, transfer_bn = shared_losses(loss, gdp_bn, member, strength)
    scale = (np.abs(loss) * gdp_bn).sum()
    assert abs(transfer_bn.sum()) <= 1e-15 * scale
    assert (after * gdp_bn).sum() == pytest.approx((loss * gdp_bn).sum(), abs=1e-14 * scale)
    assert after[~member].tolist() == loss[~member].tolist()


def test_leaders_pay_what_their_fund_lasts_for_by_their_share_of_the_lead():
    """Of followers' losses of 2 + 6 billion half is made good; who gains gets and pays nothing."""
    loss = np.array([0.5, 1.0, 3.0, -2.0, 4.0, 1.0])  # percent
    gdp_bn = np.array([4000.0, 200.0, 200.0, 100.0, 500.0, 1000.0])
    member = np.array([True, True, True, True, False, True])
    lead = np.array([0.75, 0.0, 0.0, 0.0, 0.0, 0.25])
    after, payment_bn = compensated(loss, gdp_bn, member, lead, 4.0)
    assert payment_bn == pytest.approx([-3.0, 1.0, 3.0, 0.0, 0.0, -1.0])
    assert after == pytest.approx([0.575, 0.5, 1.5, -2.0, 4.0, 1.1])
    assert payment_bn.sum() == pytest.approx(0.0)


def test_a_fund_pays_no_more_than_what_is_lost_and_nobody_pays_where_nobody_leads():
    loss, gdp_bn = np.array([0.0, 1.0, 2.0]), np.array([1000.0, 300.0, 100.0])
    member, lead = np.ones(3, bool), np.array([1.0, 0.0, 0.0])
    after, payment_bn = compensated(loss, gdp_bn, member, lead, 50.0)
    assert payment_bn == pytest.approx([-5.0, 3.0, 2.0])
    assert after == pytest.approx([0.5, 0.0, 0.0])
    for leads, fund in ((np.zeros(3), 50.0), (lead, 0.0)):
        after, payment_bn = compensated(loss, gdp_bn, member, leads, fund)
        assert after.tolist() == loss.tolist()
        assert not payment_bn.any()
