"""Exposure against exact equilibria, and the properties it must not lose."""

from __future__ import annotations

import dataclasses
import importlib.util
from pathlib import Path

import numpy as np
import pytest
from small_economies import random_economy

from sim.config import Config
from sim.economy.baseline import FLOOR, short_run, world_economy
from sim.economy.equilibrium import balanced, solve
from sim.economy.exposure import Exposure
from sim.economy.losses import Margins, growth, losses, trade_covered
from sim.economy.marginal import values
from sim.economy.shocks import EXPORT, IMPORT, TARIFF, problem
from sim.errors import InputError
from sim.setting import prepare

SCRIPT = Path(__file__).parents[2] / "experiments" / "exposure_error.py"
# Worst error of any state in points as docs/economy.md states it: Belarus, all against it.
WORST = {"long_run": 0.12, "short_run": 0.24}


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("exposure_error", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def setting(world):
    return prepare(world, Config())


@pytest.fixture(scope="module")
def russia(setting):
    return int(setting.targets[0])


def covering(exposure, seats, channel, sector, share):
    covered = np.zeros(exposure.target_share.shape)
    covered[seats, 0, channel, exposure.sectors.index(sector)] = share
    return covered


def loss(exposure, covered, leak=0.0, rent=None, overlap=1.0):
    n_targets, n_states = exposure.rent_marginal.shape[:2]
    rent = np.zeros((n_targets, n_states)) if rent is None else rent
    return exposure.losses(covered, np.full(n_targets, leak), rent, overlap)


def exact(setting, exposure, covered, elasticity="long_run", rent=None):
    economy = world_economy(setting.world, elasticity)
    n_targets, n_states = exposure.rent_marginal.shape[:2]
    rent = np.zeros((n_targets, n_states)) if rent is None else rent
    shocks = problem(
        economy,
        covered,
        np.zeros(n_targets),
        rent,
        setting.senders,
        setting.targets,
        exposure.rate,
    )
    return 100.0 * (1.0 - solve(economy, *shocks).welfare)


# Derivatives.


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("tariffs", [True, False])
def test_values_are_the_derivatives_of_the_exact_equilibrium(seed, tariffs):
    economy = random_economy(seed, tariffs=tariffs)
    value, step = values(economy)[0], 1e-5
    j, n, i = 1, 2, 0
    flow, theta = economy.flows()[j, n, i], economy.theta[j]
    cost, tariff = np.ones(economy.tariff.shape), economy.tariff.copy()
    cost[j, n, i] = 1.0 + step
    tariff[j, n, i] *= 1.0 + step
    sale = value.sale[j, i] - value.income[n]
    dearer = economy.trade_share[j, n, i] * value.price[j, n] - theta * flow * sale
    transfer = np.zeros(len(economy.countries))
    transfer[[i, n]] = step, -step
    for shock, derivative in (
        ({"cost": cost}, dearer),
        ({"tariff": tariff}, dearer - flow * sale),
        ({"transfer": transfer}, value.income[i] - value.income[n]),
    ):
        found = np.log(solve(economy, **shock).welfare) / step
        # Second order in the step, and the solver's tolerance over it.
        assert found == pytest.approx(derivative, abs=1e-3 * np.abs(derivative).max() + 1e-6)


def test_values_of_cost_are_the_derivatives_of_what_exports_cost():
    economy = random_economy(4)
    value, step = values(economy)[1], 1e-5
    transfer = np.array([step, -step, 0.0, 0.0])
    cost = np.log(solve(economy, transfer=transfer).unit_cost) / step
    abroad = economy.flows().sum(axis=1) - np.einsum("jnn->jn", economy.flows())
    found = (abroad * cost).sum(axis=0) / abroad.sum(axis=0)
    derivative = value.income[0] - value.income[1]
    assert found == pytest.approx(derivative, abs=1e-3 * np.abs(derivative).max() + 1e-6)


def test_a_small_ban_tariff_and_rent_cost_what_the_exact_equilibrium_says(setting):
    exposure, seat = setting.exposure, setting.sender_codes.index("DEU")
    rent = np.zeros((2, len(setting.world.states)))
    rent[0, setting.world.index("CHN")] = 0.01
    for channel, sector in ((EXPORT, "machinery"), (IMPORT, "oil"), (TARIFF, "metals")):
        covered = covering(exposure, seat, channel, sector, 1e-3)
        fast = loss(exposure, covered)
        assert fast == pytest.approx(
            exact(setting, exposure, covered), abs=5e-3 * np.abs(fast).max()
        )
    nothing = np.zeros(exposure.target_share.shape)
    fast = loss(exposure, nothing, rent=rent)
    assert fast == pytest.approx(exact(setting, exposure, nothing, rent=rent), abs=1e-6)


# Against exact.


@pytest.mark.parametrize("elasticity", ["long_run", "short_run"])
def test_fixed_coalitions_cost_what_exact_equilibria_say(script, setting, elasticity):
    side = script.Side.of(setting, elasticity)
    generator = np.random.default_rng(7)
    coalitions = [script.random_coalition(setting, generator) for _ in range(12)]
    coalitions.append(script.full_coalition(setting))
    found = script.exact_losses(setting, side, elasticity, coalitions)
    fast = np.array([side.exposure.losses(*script.state(setting, side, c)) for c in coalitions])
    error = np.abs(fast - found)
    assert error.max() < WORST[elasticity]
    russia = error[:, setting.targets[0]] / found[:, setting.targets[0]]
    assert np.median(russia) < 0.05
    assert found[-1, setting.targets[0]] == found[:, setting.targets[0]].max()


def test_a_full_coalition_costs_russia_more_than_twice_as_much_in_the_short_run(
    script, setting, russia
):
    full = script.full_coalition(setting)
    long, short = (
        script.exact_losses(setting, script.Side.of(setting, elasticity), elasticity, [full])[0]
        for elasticity in ("long_run", "short_run")
    )
    assert short[russia] > 2.0 * long[russia] > 4.0
    gdp = setting.world.gdp_bn[setting.senders]
    assert short[setting.senders] @ gdp > long[setting.senders] @ gdp > 0.0
    assert long[russia] > 10.0 * (long[setting.senders] @ gdp) / gdp.sum()


# Properties.


def test_a_leak_of_one_costs_nobody_anything(script, setting):
    side = script.Side.of(setting, "long_run")
    covered, _, _ = script.state(setting, side, script.full_coalition(setting))
    assert loss(setting.exposure, covered, leak=1.0).tolist() == [0.0] * 28


def test_acting_together_costs_russia_more_than_the_sum_of_acting_alone(setting, russia):
    exposure = setting.exposure
    for channel, sector in ((EXPORT, "machinery"), (IMPORT, "refined_petroleum")):
        seats = range(setting.senders.size)
        alone = [loss(exposure, covering(exposure, i, channel, sector, 1.0)) for i in seats]
        together = loss(exposure, covering(exposure, list(seats), channel, sector, 1.0))
        assert together[russia] > 1.1 * sum(one[russia] for one in alone)


def test_without_overlap_others_add_nothing_to_what_a_sender_does(setting, russia):
    exposure = setting.exposure
    covered = covering(exposure, slice(None), EXPORT, "machinery", 1.0)
    loss_at = [loss(exposure, covered, overlap=o)[russia] for o in (0.0, 0.5, 1.0)]
    assert loss_at[0] < loss_at[1] < loss_at[2]
    logs = [
        np.log1p(-loss(exposure, covering(exposure, i, EXPORT, "machinery", 1.0))[russia] / 100.0)
        for i in range(setting.senders.size)
    ]
    assert loss_at[0] == pytest.approx(-100.0 * np.expm1(sum(logs)), rel=1e-9)


def test_a_tariff_costs_its_sender_less_than_a_ban_that_stops_as_much(setting):
    exposure, seat = setting.exposure, setting.sender_codes.index("DEU")
    metals = exposure.sectors.index("metals")
    stopped = 1.0 - 1.35 ** -exposure.theta[metals]
    tariff = covering(exposure, seat, TARIFF, "metals", 1.0)
    ban = covering(exposure, seat, IMPORT, "metals", stopped)
    for price in (loss, lambda e, c: exact(setting, e, c)):
        cost = price(exposure, tariff), price(exposure, ban)
        germany = setting.senders[seat]
        assert cost[0][germany] < cost[1][germany]
        assert cost[0][setting.targets[0]] > 0.0


def test_what_is_banned_is_not_taxed(setting):
    exposure = setting.exposure
    ban = covering(exposure, 0, IMPORT, "metals", 1.0)
    both = ban + covering(exposure, 0, TARIFF, "metals", 1.0)
    # Sums over senders come before what is kept, so the tax cancels to the last digits only.
    assert loss(exposure, both) == pytest.approx(loss(exposure, ban), rel=1e-12, abs=1e-15)


def test_a_rent_costs_the_payer_and_pays_the_receiver(setting, russia):
    exposure, china = setting.exposure, setting.world.index("CHN")
    rent = np.zeros((2, len(setting.world.states)))
    rent[0, china] = 18.4339  # bn, a hundredth of Russia's GDP
    found = loss(exposure, np.zeros(exposure.target_share.shape), rent=rent)
    assert 0.8 < found[russia] < 1.6  # a transfer also turns the terms of trade
    assert found[china] < 0.0


def test_observed_balances_are_an_option_and_change_the_answer(setting, russia):
    observed = Exposure.of(setting.world, setting.senders, setting.targets, balance=False)
    covered = covering(observed, slice(None), EXPORT, "machinery", 1.0)
    one, other = loss(observed, covered)[russia], loss(setting.exposure, covered)[russia]
    assert one == pytest.approx(other, rel=0.5)
    assert one != pytest.approx(other, rel=0.01)
    assert observed.flow_bn.tolist() == setting.exposure.flow_bn.tolist()


def test_elasticities_differ_but_flows_do_not(setting):
    world = setting.world
    long, short = world_economy(world), world_economy(world, "short_run")
    assert short.trade_share.tolist() == long.trade_share.tolist()
    assert short_run(np.array([10.9, 3.6, 2.0, 0.5])).tolist() == [2.725, 0.9, FLOOR, 0.5]
    with pytest.raises(InputError, match="short_run"):
        world_economy(world, "shortrun")


def test_growth_is_the_logarithm_on_both_sides_of_its_series():
    for x in (0.0999999, 0.1, 0.1000001, 0.5, 0.99):
        assert growth(x) == pytest.approx(-np.log1p(-x) / x, rel=3e-9)
    assert growth(0.0) == 1.0
    assert growth(1.0) == growth(2.0) < 14.0


def test_trade_that_is_covered_counts_both_ways_and_no_tariffs():
    covered = np.zeros((1, 1, 3, 1))
    covered[0, 0, :, 0] = 0.5, 0.9, 0.9
    flow = np.zeros((3, 3, 1))
    flow[0, 1, 0], flow[1, 0, 0] = 8.0, 100.0
    cut_of, cut = np.zeros((1, 2, 1)), np.zeros((1, 2))
    trade_covered(covered, np.array([0]), np.array([1]), flow, cut_of, cut)
    assert cut.tolist() == [[4.0, 90.0]]


def test_an_economy_is_balanced_once_for_both_elasticities(world):
    assert world_economy(world) is world_economy(world)
    again = balanced(world_economy(world))
    assert again.trade_share == pytest.approx(world_economy(world).trade_share, abs=1e-9)
    other = dataclasses.replace(world, states=world.states[::-1])
    with pytest.raises(InputError, match="another order"):
        world_economy(other)


def test_the_kernel_is_what_its_formula_says():
    """One sender, target and sector; two channels closed; three states; all by hand."""
    marginal = np.array([[0.2, 1.0, -0.1], [0.3, 2.0, -0.2], [0.0, 0.5, 0.0]]).reshape(
        1, 1, 3, 1, 3
    )
    covered = np.array([0.5, 0.4, 1.0]).reshape(1, 1, 3, 1)
    of_target = np.array([0.6, 0.5, 0.25]).reshape(1, 1, 3, 1)
    of_sender = np.array([0.2, 0.1, 0.05]).reshape(1, 1, 3, 1)
    rent, per_bn = np.array([[0.0, 0.0, 2.0]]), np.zeros((1, 3, 3))
    per_bn[0, 2] = 0.0, 0.1, -0.1
    none = np.zeros((1, 3, 1, 1))
    own, of_itself = marginal[0, ..., :1], of_sender[0, ..., None]
    margins = Margins(np.array([0]), marginal, of_target, own, of_itself, none, none, per_bn)
    found = losses(covered, np.array([0.5]), rent, 1.0, margins)

    def beyond(x):
        return -np.log1p(-x) / x

    # Half leaks: 0.25 and 0.2 are stopped, and half of what is not banned is taxed.
    out, back, taxed = 0.25, 0.2, 0.5 * 0.8
    bought, sold = beyond(0.6 * out), beyond(0.5 * back + 0.25 * taxed)
    target = 1.0 * out * bought + (2.0 * back + 0.5 * taxed) * sold + 0.2
    other = -0.1 * out * bought - 0.2 * back * sold - 0.2
    sender = 0.2 * out * beyond(0.2 * out) + 0.3 * back * beyond(0.1 * back)
    assert found == pytest.approx(100.0 * -np.expm1(-np.array([sender, target, other]) / 100.0))


def test_a_buyer_gains_from_cheaper_goods_of_the_target_only_what_it_still_buys():
    """Two senders: the first stops three quarters of its imports, the second bans exports."""
    shape, by_sender = (2, 1, 3, 1), (1, 3, 1, 2)
    covered, cheapening, forgone = np.zeros(shape), np.zeros(by_sender), np.zeros(by_sender)
    covered[0, 0, IMPORT], covered[1, 0, EXPORT] = 0.75, 0.5
    cheapening[0, EXPORT, 0, 1], cheapening[0, IMPORT, 0, 0] = 0.02, 5.0  # the latter its own doing
    forgone[0, IMPORT, 0, 0] = 10.0
    shares, marginal = np.zeros(shape), np.zeros((*shape, 3))
    marginal[1, 0, EXPORT, 0, 0] = -0.2  # cheaper imports: ten percent of income times 0.02
    nothing = np.zeros(by_sender)
    margins = Margins(
        *(np.array([0, 1]), marginal, shares, nothing, nothing),
        *(cheapening, forgone, np.zeros((1, 3, 3))),
    )
    found = losses(covered, np.zeros(1), np.zeros((1, 3)), 1.0, margins)
    gain = 0.2 * 0.5 * (1.0 - 0.75)
    assert found == pytest.approx([-100.0 * np.expm1(gain / 100.0), 0.0, 0.0])


def test_members_lose_less_together_than_each_alone_and_russia_more(script, setting, russia):
    seats, side = np.arange(setting.senders.size), script.Side.of(setting, "long_run")
    bans = np.array([act.measure.code != setting.cap.instrument for act in setting.acts])
    full = script.full_coalition(setting)
    full = full._replace(acts=full.acts & bans)
    cases = [full._replace(acts=full.acts & (seats == i)[:, None]) for i in seats] + [full]
    found = script.exact_losses(setting, side, "long_run", cases)
    fast = np.array([side.exposure.losses(*script.state(setting, side, c)) for c in cases])
    for loss_of in (found, fast):
        assert loss_of[-1, setting.senders].mean() < 0.9 * loss_of[seats, setting.senders].mean()
        assert loss_of[-1, russia] > loss_of[:-1, russia].sum()


def test_a_sender_is_harmed_by_the_others_as_exact_equilibria_say(script, setting):
    """Germany's loss rises when all act; without what it forgoes it would seem to fall."""
    full, seat = script.full_coalition(setting), setting.sender_codes.index("DEU")
    alone = full._replace(acts=full.acts & (np.arange(setting.senders.size) == seat)[:, None])
    germany, side = setting.senders[seat], script.Side.of(setting, "long_run")
    found = script.exact_losses(setting, side, "long_run", [alone, full])[:, germany]
    fast = [side.exposure.losses(*script.state(setting, side, c)) for c in (alone, full)]
    assert [loss[germany] for loss in fast] == pytest.approx(found, rel=0.08)
