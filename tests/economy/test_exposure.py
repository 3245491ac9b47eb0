"""Exposure against exact equilibria, and the properties it must not lose."""

from __future__ import annotations

import dataclasses
import importlib.util
from pathlib import Path

import numpy as np
import pytest
from small_economies import random_economy

from sim.config import Config
from sim.economy.baseline import world_economy
from sim.economy.equilibrium import balanced, solve
from sim.economy.exposure import Exposure, Exposures
from sim.economy.horizon import (
    FRESH,
    MATURE,
    NODES,
    YEAR,
    economy_at,
    maturity_after,
    theta_at,
)
from sim.economy.losses import (
    CHEAPENING,
    FORGONE,
    LANES,
    N_ROWS,
    OWN,
    SIZE,
    Lost,
    Margins,
    growth,
    losses,
    trade_covered,
)
from sim.economy.marginal import values
from sim.economy.sectors import sectors_of
from sim.economy.shocks import EXPORT, IMPORT, TARIFF
from sim.engine.exact import exact_problem
from sim.errors import InputError
from sim.setting import prepare

SCRIPT = Path(__file__).parents[2] / "experiments" / "exposure_error.py"
# Errors in points as `python experiments/exposure_error.py march_2022 300` prints them: of any
# state, of the targets, and Russia's median. The worst is Hungary, which loses 7.08 percent on the
# first day when all act, and 7.81 by exposure; then Ukraine. All
# others stand in `OTHERS`.
WORST = {"first day": 0.75, "first year": 0.64, "third year": 0.46, "long run": 0.15}
OTHERS = {"first day": 0.37, "first year": 0.33, "third year": 0.24, "long run": 0.15}
OF_TARGETS = {"first day": 0.24, "first year": 0.241, "third year": 0.20, "long run": 0.15}
RUSSIA = {"first day": 0.0205, "first year": 0.015, "third year": 0.011, "long run": 0.011}


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


def aged(world, age):
    """Return the maturity of each sector at an age: the first day, one year after, the long run."""
    return {"first day": FRESH, "first year": maturity_after(world, YEAR), "long run": MATURE}[age]


AT_AGES = pytest.mark.parametrize("age", ["first day", "first year", "long run"])


def others(exposures, **lost):
    """Return what else happens to the trade: nothing but what is named."""
    given = {name: np.asarray(value, dtype=np.float64) for name, value in lost.items()}
    nothing = exposures.nothing_else()
    for name, value in given.items():
        given[name] = np.broadcast_to(value, getattr(nothing, name).shape).copy()
    return nothing._replace(**given)


def loss(setting, covered, maturity=MATURE, overlap=1.0, **lost):
    exposures = setting.exposures
    return exposures.losses(covered, maturity, others(exposures, **lost), overlap)


def exact(setting, covered, maturity=MATURE, **lost):
    economy, exposures = economy_at(setting.world, maturity), setting.exposures
    end = {
        "covered": np.stack([covered] * 2),
        "maturity": np.broadcast_to(maturity, exposures.by_sector()),
        **others(exposures, **lost)._asdict(),
    }
    return 100.0 * (1.0 - solve(economy, *exact_problem(setting, economy, end)).welfare)


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


@pytest.mark.parametrize("maturity", NODES)
def test_a_small_ban_tariff_and_payment_cost_what_the_exact_equilibrium_says(setting, maturity):
    exposure, seat = setting.exposure, setting.sender_codes.index("DEU")
    for channel, sector in ((EXPORT, "machinery"), (IMPORT, "chemicals"), (TARIFF, "metals")):
        covered = covering(exposure, seat, channel, sector, 1e-3)
        fast = loss(setting, covered, maturity)
        found = exact(setting, covered, maturity)
        assert fast == pytest.approx(found, abs=5e-3 * np.abs(fast).max())
    nothing = np.zeros(exposure.target_share.shape)
    paid = np.zeros(len(setting.world.states))
    paid[[setting.world.index("CHN"), setting.targets[0]]] = 0.01, -0.01
    fast = loss(setting, nothing, maturity, payment_bn=paid)
    assert fast[setting.targets[0]] > 0.0 > fast[setting.world.index("CHN")]
    assert fast == pytest.approx(exact(setting, nothing, maturity, payment_bn=paid), abs=1e-6)


# Against exact.


@pytest.mark.parametrize("age", list(WORST))
def test_fixed_coalitions_cost_what_exact_equilibria_say_at_every_age(script, setting, age):
    engine, maturity = script.Engine.of(setting), script.ages(setting.world)[age]
    generator = np.random.default_rng(script.SEED)
    coalitions = [script.random_coalition(setting, generator) for _ in range(300)]
    coalitions.append(script.full_coalition(setting))
    found = script.exact_losses(setting, engine, maturity, coalitions)
    fast = script.fast_losses(setting, engine, maturity, coalitions)
    error, russia = np.abs(fast - found), setting.targets[0]
    assert error.max() < WORST[age]
    apart = [setting.world.index(code) for code in ("HUN", "UKR")]
    assert np.delete(error, apart, axis=1).max() < OTHERS[age]
    assert error[:, setting.targets].max() < OF_TARGETS[age]
    assert np.median(error[:, russia]) < RUSSIA[age]
    assert np.median(error[:, russia] / found[:, russia]) < 0.015


def test_a_full_coalition_costs_russia_more_than_twice_as_much_in_the_short_run(
    script, setting, russia
):
    full, engine = script.full_coalition(setting), script.Engine.of(setting)
    ages = script.ages(setting.world)
    short, first, third, long = (
        script.exact_losses(setting, engine, maturity, [full])[0] for maturity in ages.values()
    )
    assert short[russia] > first[russia] > third[russia] > long[russia]
    assert short[russia] > 2.0 * long[russia] > 2.5
    gdp = setting.world.gdp_bn[setting.senders]
    assert short[setting.senders] @ gdp > long[setting.senders] @ gdp > 0.0
    assert long[russia] > 10.0 * (long[setting.senders] @ gdp) / gdp.sum()


# The horizon.


def test_both_ends_of_the_horizon_price_the_same_flows(setting):
    world = setting.world
    long, short = world_economy(world), economy_at(world, FRESH)
    assert short.trade_share.tolist() == long.trade_share.tolist()
    assert short.flows() == pytest.approx(long.flows(), rel=1e-12)
    assert setting.exposures.fresh.flow_bn.tolist() == setting.exposures.mature.flow_bn.tolist()
    assert (setting.exposures.fresh.theta < setting.exposures.mature.theta).all()


def test_a_cut_costs_russia_less_the_older_it_is(setting, russia):
    everything = np.ones(setting.exposure.target_share.shape) * 0.5
    everything[:, :, TARIFF] = 0.0
    ages = np.linspace(FRESH, MATURE, 11)
    costs = np.array([loss(setting, everything, maturity)[russia] for maturity in ages])
    assert (np.diff(costs) < 0.0).all()
    assert costs[0] > 2.0 * costs[-1]


def test_sectors_age_one_by_one(setting, russia):
    """An old cut and a new one cost what each costs at its own age: logs of losses add up."""
    exposure = setting.exposure
    old = covering(exposure, slice(None), EXPORT, "machinery", 0.5)
    new = covering(exposure, slice(None), EXPORT, "chemicals", 0.5)
    maturity = np.zeros(len(exposure.sectors))
    maturity[exposure.sectors.index("machinery")] = 0.8
    both = loss(setting, old + new, maturity)[russia]
    apart = loss(setting, old, 0.8)[russia], loss(setting, new, 0.0)[russia]
    assert np.log1p(-both / 100.0) == pytest.approx(np.log1p(-np.array(apart) / 100.0).sum())
    assert loss(setting, old + new, 0.8)[russia] < both < loss(setting, old + new, 0.0)[russia]


def test_targets_age_one_by_one(setting):
    covered = np.zeros(setting.exposure.target_share.shape)
    covered[:, 1, EXPORT] = 0.5
    maturity = np.zeros(setting.exposures.by_sector())
    maturity[0] = 1.0
    assert loss(setting, covered, maturity).tolist() == loss(setting, covered, 0.0).tolist()


def test_the_bend_meets_the_derivative_after_one_year(setting):
    """Of every flow whose cost differs by horizon, and whose bend is not cut off."""
    exposures, world = setting.exposures, setting.world
    year = maturity_after(world, YEAR)
    middle = Exposure.of(world, setting.senders, setting.targets, year)
    fresh, mature = exposures.fresh.on_targets(), exposures.mature.on_targets()
    weight, met = exposures.old(year), np.abs(exposures.bend) < 1.0
    assert met[:, :TARIFF].mean() > 0.9
    bent = (1.0 - weight) * fresh + weight * mature
    assert bent[met] == pytest.approx(middle.on_targets()[met], rel=1e-9, abs=1e-12)
    straight = (1.0 - year) * fresh + year * mature
    error = np.abs(straight - middle.on_targets()).max()
    assert error > 20.0 * np.abs(bent - middle.on_targets())[met].max()
    assert exposures.old(FRESH).max() == exposures.old_income(FRESH) == 0.0
    assert exposures.old(MATURE).min() == exposures.old_income(MATURE) == 1.0


def test_cuts_of_one_age_have_come_equally_far_in_every_sector(setting):
    """At the pace of the median sector: only then are the elasticities of all of that age."""
    exposures, world = setting.exposures, setting.world
    unbent = dataclasses.replace(exposures, bend=0.0 * exposures.bend)
    assert np.ptp(maturity_after(world, YEAR)) > 0.3
    for days in (30.0, YEAR, 3.0 * YEAR):
        expected = -np.expm1(-days / np.median(sectors_of(world).adjustment_days))
        assert unbent.old(maturity_after(world, days)) == pytest.approx(expected, rel=1e-12)


def test_the_bend_of_money_meets_what_russia_pays_with_after_one_year(setting, russia):
    """Paid to all others by their GDP: what it does to be paid is known up to who pays."""
    exposures, world = setting.exposures, setting.world
    year, share = maturity_after(world, YEAR), world.gdp_bn / world.gdp_bn.sum()

    def paid(exposure):
        return exposure.income[russia, russia] - share @ exposure.income[:, russia]

    middle = paid(Exposure.of(world, setting.senders, setting.targets, year))
    weight = exposures.old_income(year)
    found = (1.0 - weight) * paid(exposures.fresh) + weight * paid(exposures.mature)
    assert found == pytest.approx(middle, rel=1e-9)


def test_what_is_covered_may_differ_by_horizon(setting, russia):
    """Payments stop more trade in the long run: each end of the horizon is priced by its own."""
    few, many = (
        covering(setting.exposure, slice(None), EXPORT, "machinery", share) for share in (0.2, 0.6)
    )
    both = np.stack([few, many])
    for maturity, alone in ((FRESH, few), (MATURE, many)):
        found = setting.exposures.losses(both, maturity)
        assert found.tolist() == loss(setting, alone, maturity).tolist()


def test_a_wedge_on_payments_stops_what_the_elasticity_of_the_day_says(setting):
    """Between both ends coverage follows the elasticity, nearly: what is paid is a small share."""
    exposures, world = setting.exposures, setting.world
    wedge = max(measure.wedge for measure in world.measures)
    stopped = [1.0 - (1.0 + wedge) ** -theta_at(world, m) for m in (0.0, 0.5, 1.0)]
    weight = exposures.cover_weight(np.full(len(exposures.mature.sectors), 0.5))
    mixed = (1.0 - weight) * stopped[0] + weight * stopped[2]
    # Of second order in wedge x elasticity, over all the span of elasticities.
    span = wedge * (exposures.mature.theta - exposures.fresh.theta)
    assert (np.abs(mixed / stopped[1] - 1.0) < span / 4.0).all()
    assert (weight < 0.5).all()  # the elasticity itself is slow at first


# What is held back, and by whom.


@AT_AGES
def test_what_is_held_back_costs_as_a_ban_of_the_same_share_does(setting, russia, age):
    maturity = aged(setting.world, age)
    for way in (EXPORT, IMPORT):
        banned, share = np.zeros(setting.exposure.target_share.shape), np.zeros((2, 2))
        banned[:, 0, way] = share[0, way] = 0.1
        for price in (loss, exact):
            ban = price(setting, banned, maturity)
            held = price(setting, 0.0 * banned, maturity, held=1.0, withheld=share)
            if price is exact or way == EXPORT:
                assert held == pytest.approx(ban, rel=1e-9, abs=1e-9)
            else:
                # Of buyers that hold back none is taken to be captive: at most q p / (1 - q p) less
                # is stopped, for p below 1.
                assert (1.0 - 0.1 / 0.9) * ban[russia] < held[russia] < ban[russia]
                assert held == pytest.approx(ban, abs=0.02 * np.abs(ban).max())


def test_what_is_held_back_adds_to_bans_and_leaks_like_them(setting):
    """Half the trade is banned, a quarter of the rest held back; of both together half leaks."""
    for price, last in ((loss, EXPORT), (exact, IMPORT)):
        half = np.zeros(setting.exposure.target_share.shape)
        half[:, 0, : last + 1] = 0.5
        same = half * (0.5 + 0.125) * 0.5 / 0.5
        back = {"leak": [0.5, 0.0], "held": half[:, :, :TARIFF], "withheld": 0.25}
        found = price(setting, half, 0.4, **back)
        assert found == pytest.approx(price(setting, same, 0.4), rel=1e-9, abs=1e-9)


def test_what_third_states_hold_back_does_not_leak(setting):
    nothing, share = np.zeros(setting.exposure.target_share.shape), np.full((2, 2), 0.1)
    for price in (loss, exact):
        kept, leaking = (
            price(setting, nothing, 0.4, withheld_third=share, leak=leak) for leak in (0.0, 0.5)
        )
        assert leaking.tolist() == kept.tolist()
        assert np.abs(kept).max() > 0.1


@AT_AGES
@pytest.mark.parametrize("way", [EXPORT, IMPORT])
def test_third_states_that_hold_back_harm_the_target_as_exact_equilibria_say(
    setting, russia, age, way
):
    maturity = aged(setting.world, age)
    share = np.zeros((2, 2))
    share[0, way] = 0.02
    nothing = np.zeros(setting.exposure.target_share.shape)
    fast = loss(setting, nothing, maturity, withheld_third=share)
    found = exact(setting, nothing, maturity, withheld_third=share)
    assert 0.0 < fast[russia] < 1.0
    assert fast[russia] == pytest.approx(found[russia], rel=0.03)
    # Between both ends the weight is bent for the target: Kazakhstan is off by 11 percent.
    near = 0.12 if age == "first year" else 0.03
    assert fast == pytest.approx(found, abs=near * np.abs(found).max())
    # Nor is a large share far off; of what they buy, oil is most.
    more = loss(setting, nothing, maturity, withheld_third=15.0 * share)
    assert more[russia] == pytest.approx(
        exact(setting, nothing, maturity, withheld_third=15.0 * share)[russia], rel=0.06
    )


def test_third_states_sell_less_in_the_market_that_the_senders_leave(setting, russia):
    """Markets are shared: what both stop costs more than the sum."""
    banned = covering(setting.exposure, slice(None), EXPORT, "machinery", 0.8)
    share = np.array([[0.3, 0.0], [0.0, 0.0]])
    nothing = np.zeros_like(banned)
    both = loss(setting, banned, 0.4, withheld_third=share)[russia]
    sum_of_two = loss(setting, banned, 0.4) + loss(setting, nothing, 0.4, withheld_third=share)
    assert both > 1.01 * sum_of_two[russia]


@pytest.mark.parametrize("maturity", [FRESH, 0.4, MATURE])
def test_money_received_costs_the_payer_what_exact_equilibria_say(setting, russia, maturity):
    china = setting.world.index("CHN")
    paid = np.zeros(len(setting.world.states))
    paid[[china, russia]] = 18.4339, -18.4339  # a hundredth of Russia's GDP
    nothing = np.zeros(setting.exposure.target_share.shape)
    fast = loss(setting, nothing, maturity, payment_bn=paid)
    found = exact(setting, nothing, maturity, payment_bn=paid)
    assert 0.8 < fast[russia] < 1.6  # a transfer also turns the terms of trade
    assert fast[china] < 0.0
    assert fast[[russia, china]] == pytest.approx(found[[russia, china]], rel=0.03)
    back = loss(setting, nothing, maturity, payment_bn=-paid)
    both_ways = np.log1p(-back / 100.0) + np.log1p(-fast / 100.0)
    assert np.delete(both_ways, russia) == pytest.approx(0.0, abs=1e-12)
    # What it pays makes its own money worth less, so it costs more than as much brings.
    assert both_ways[russia] < 0.0
    for sum_of, priced in ((paid, fast), (-paid, back)):
        found = exact(setting, nothing, maturity, payment_bn=sum_of)
        assert priced[russia] == pytest.approx(found[russia], rel=0.006)


def test_what_a_target_pays_costs_more_where_its_sales_are_banned(setting, russia):
    """By two percent more, as exact equilibria say: its income in dollars has fallen."""
    paid = np.zeros(len(setting.world.states))
    paid[[setting.world.index("CHN"), russia]] = 18.4339, -18.4339
    banned = covering(setting.exposure, slice(None), IMPORT, "refined_petroleum", 1.0)
    more = []
    for price in (loss, exact):
        alone, sum_of, both = (
            np.log1p(-price(setting, cover, FRESH, payment_bn=sums)[russia] / 100.0)
            for cover, sums in ((banned, 0.0 * paid), (0.0 * banned, paid), (banned, paid))
        )
        more.append((alone + sum_of - both) / -sum_of)
    assert more[0] == pytest.approx(more[1], rel=0.02)
    assert more[1] > 0.015


# Properties.


def test_a_leak_of_one_costs_nobody_anything(script, setting):
    covered = script.Engine.of(setting).covered(setting, script.full_coalition(setting))
    for maturity in (FRESH, 0.4, MATURE):
        assert loss(setting, covered, maturity, leak=1.0).tolist() == [0.0] * 28


@AT_AGES
@pytest.mark.parametrize("sector", ["machinery", "electronics", "chemicals"])
def test_exports_banned_together_cost_russia_more_than_the_sum_of_each_alone(
    setting, russia, sector, age
):
    """As exact equilibria say: by 9 to 19 percent."""
    maturity, more = aged(setting.world, age), []
    for price in (loss, exact):
        together, summed = together_and_alone(setting, russia, price, EXPORT, sector, maturity)
        more.append(together / summed - 1.0)
    assert min(more) > 0.08
    # In the long run it is 9 percent of chemicals, and 17 by shares of the market.
    assert more[0] == pytest.approx(more[1], abs=0.08 if age == "long run" else 0.03)


@pytest.mark.parametrize("sector", ["refined_petroleum", "metals"])
def test_imports_banned_together_cost_russia_the_sum_of_each_alone(setting, russia, sector):
    """Sales are lost one by one: exact equilibria say a percent or two more than the sum."""
    for price, near in ((loss, 0.005), (exact, 0.025)):
        together, summed = together_and_alone(setting, russia, price, IMPORT, sector, MATURE)
        assert together == pytest.approx(summed, rel=near)


def together_and_alone(setting, target, price, channel, sector, maturity):
    """Return what a ban by all costs, and the sum of what it costs by each alone."""
    seats, exposure = list(range(setting.senders.size)), setting.exposure
    alone = [price(setting, covering(exposure, i, channel, sector, 1.0), maturity) for i in seats]
    together = price(setting, covering(exposure, seats, channel, sector, 1.0), maturity)
    return together[target], sum(one[target] for one in alone)


def test_a_buyer_of_half_a_good_stops_more_than_at_the_margin_when_it_bans_it(setting):
    """A buyer that gets the share p from the target stops (1 - p) q at the margin of a ban q, and
    q (1 - p) / (1 - p q) of it in the end: for gas by pipe Hungary's p is above a half."""
    exposure, seat = setting.exposure, setting.sender_codes.index("HUN")
    gas, russia = exposure.sectors.index("pipeline_gas"), setting.targets[0]
    share = exposure.sender_share[seat, 0, IMPORT, gas]
    assert share > 0.5
    small, half = (
        loss(setting, covering(exposure, seat, IMPORT, "pipeline_gas", q), FRESH)[russia]
        for q in (1e-6, 0.5)
    )
    logs = -100.0 * np.log1p(-np.array([small, half]) / 100.0)
    assert logs[1] / logs[0] == pytest.approx(0.5e6 / (1.0 - 0.5 * share), rel=1e-4)


def test_without_overlap_others_add_nothing_to_what_a_sender_does(setting, russia):
    exposure = setting.exposure
    covered = covering(exposure, slice(None), EXPORT, "machinery", 1.0)
    loss_at = [loss(setting, covered, overlap=o)[russia] for o in (0.0, 0.5, 1.0)]
    assert loss_at[0] < loss_at[1] < loss_at[2]
    logs = [
        np.log1p(-loss(setting, covering(exposure, i, EXPORT, "machinery", 1.0))[russia] / 100.0)
        for i in range(setting.senders.size)
    ]
    assert loss_at[0] == pytest.approx(-100.0 * np.expm1(sum(logs)), rel=1e-9)


def test_a_tariff_costs_its_sender_less_than_a_ban_that_stops_as_much(setting):
    exposure, seat = setting.exposure, setting.sender_codes.index("DEU")
    metals = exposure.sectors.index("metals")
    stopped = 1.0 - 1.35 ** -exposure.theta[metals]
    tariff = covering(exposure, seat, TARIFF, "metals", 1.0)
    ban = covering(exposure, seat, IMPORT, "metals", stopped)
    for price in (loss, exact):
        cost = price(setting, tariff), price(setting, ban)
        germany = setting.senders[seat]
        assert cost[0][germany] < cost[1][germany]
        assert cost[0][setting.targets[0]] > 0.0


def test_what_is_banned_is_not_taxed(setting):
    exposure = setting.exposure
    ban = covering(exposure, 0, IMPORT, "metals", 1.0)
    both = ban + covering(exposure, 0, TARIFF, "metals", 1.0)
    # Sums over senders come before what is kept, so the tax cancels to the last digits only.
    assert loss(setting, both) == pytest.approx(loss(setting, ban), rel=1e-12, abs=1e-15)


def test_observed_balances_are_an_option_and_change_the_answer(setting, russia):
    observed = Exposures.of(setting.world, setting.senders, setting.targets, balance=False)
    covered = covering(observed.mature, slice(None), EXPORT, "machinery", 1.0)
    one, other = observed.losses(covered, MATURE)[russia], loss(setting, covered)[russia]
    assert one == pytest.approx(other, rel=0.5)
    assert one != pytest.approx(other, rel=0.01)
    assert observed.mature.flow_bn.tolist() == setting.exposure.flow_bn.tolist()


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
    cut_of = np.zeros((1, 2, 1))
    trade_covered(covered, np.array([0]), np.array([1]), flow, cut_of)
    assert cut_of.tolist() == [[[4.0], [90.0]]]


def test_an_economy_is_balanced_once(world):
    assert world_economy(world) is world_economy(world)
    again = balanced(world_economy(world))
    assert again.trade_share == pytest.approx(world_economy(world).trade_share, abs=1e-9)
    other = dataclasses.replace(world, states=world.states[::-1])
    with pytest.raises(InputError, match="another order"):
        world_economy(other)


def nothing_lost(n_senders, n_states, **lost):
    """Return what else happens to one sector's trade with one target."""
    flows, ways = (n_senders, 1, 2, 1), (1, 2)
    nothing = (np.zeros(1), np.zeros(flows), np.zeros(ways), np.zeros(ways), np.zeros(n_states))
    return Lost(*nothing, np.zeros((1, 1)))._replace(**lost)


def test_the_kernel_is_what_its_formula_says():
    """One sender, target and sector; all that can happen to the trade; three states; by hand."""
    marginal = np.array([[0.2, 1.0, -0.1], [0.3, 2.0, -0.2], [0.0, 0.5, 0.0]]).reshape(
        1, 1, 3, 1, 3
    )
    covered = np.array([0.5, 0.4, 1.0]).reshape(1, 1, 3, 1)
    of_target = np.array([0.6, 0.5, 0.25]).reshape(1, 1, 3, 1)
    per_bn = np.zeros((3, 3))
    per_bn[2] = 0.0, 0.1, -0.1
    flows, dearer = np.zeros((2, 1, 1, 1, N_ROWS, LANES))
    flows[..., SIZE : SIZE + 3, 0] = dearer[..., SIZE : SIZE + 3, 0] = 0.2, 0.1, 0.05
    flows[..., OWN : OWN + 3, 0] = marginal[0, 0, :, 0, 0]
    dearer[..., OWN : OWN + 3, 0] = 2.0 * marginal[0, 0, :, 0, 0]
    of_third = np.array([[0.0, 0.4, 0.3], [0.0, 0.6, 0.2]]).reshape(1, 2, 1, 3)
    third_share = np.array([[0.2]])  # of what the target buys
    mature = Margins(
        *(np.array([0]), marginal, of_target, flows, per_bn),
        *(np.array([1]), np.array([0.1]), of_third, third_share),
    )
    # Twice as dear at once.
    fresh = mature._replace(
        marginal=2.0 * marginal, flows=dearer, income=3.0 * per_bn, third_marginal=2.0 * of_third
    )
    lost = nothing_lost(
        *(1, 3),
        leak=np.array([0.5]),
        held=np.array([0.5, 0.6]).reshape(1, 1, 2, 1),
        withheld=np.array([[0.2, 0.1]]),
        withheld_third=np.array([[0.25, 0.5]]),
        payment_bn=np.array([0.0, 0.0, 2.0]),
    )

    def beyond(x):
        return -np.log1p(-x) / x

    # Banned or held back are 0.5 + 0.5 x 0.2 and 0.4 + 0.6 x 0.1, of which half leaks; half is
    # taxed of what is neither. A buyer with few others stops more of what it bans.
    out, back, taxed = 0.6 * 0.5, 0.46 * 0.5, 0.5 * 0.77
    captive = 0.1 * 0.4**2 / (1.0 - 0.1 * 0.4) * 0.5**2
    bought = beyond(0.6 * out + 0.2 * 0.25)
    sold = back + captive
    target = np.array([(1.0 * out + 0.4 * 0.25) * bought, 2.0 * sold + 0.6 * 0.5, 0.5 * taxed])
    other = np.array([(-0.1 * out + 0.3 * 0.25) * bought, -0.2 * sold + 0.2 * 0.5, 0.0])
    sender = np.array([0.2 * out * beyond(0.2 * out), 0.3 * back * beyond(0.1 * back), 0.0])
    for old in (np.zeros(3), np.ones(3), np.array([0.25, 0.5, 0.75])):
        weight, mean = 2.0 * (1.0 - old) + old, old.mean()
        paid = 0.2 * (3.0 * (1.0 - mean) + mean)
        logs = np.array([sender @ weight, target @ weight + paid, other @ weight - paid])
        both = np.stack([covered] * 2)
        found = losses(both, old.reshape(1, 3, 1), mean, lost, 1.0, fresh, mature)
        assert found == pytest.approx(100.0 * -np.expm1(-logs / 100.0))


def test_a_buyer_gains_from_cheaper_goods_of_the_target_only_what_it_still_buys():
    """Two senders: the first stops three quarters of its imports, the second bans exports."""
    shape = (2, 1, 3, 1)
    covered, flows = np.zeros(shape), np.zeros((1, 1, 1, N_ROWS, LANES))
    covered[0, 0, IMPORT], covered[1, 0, EXPORT] = 0.75, 0.5
    flows[..., CHEAPENING + EXPORT, 1] = 0.02
    flows[..., CHEAPENING + IMPORT, 0] = 5.0  # its own doing
    flows[..., FORGONE + IMPORT, 0] = 10.0
    shares, marginal = np.zeros(shape), np.zeros((*shape, 3))
    marginal[1, 0, EXPORT, 0, 0] = -0.2  # cheaper imports: ten percent of income times 0.02
    margins = Margins(
        *(np.array([0, 1]), marginal, shares, flows),
        *(np.zeros((3, 3)), np.array([2]), np.zeros(1)),
        *(np.zeros((1, 2, 1, 3)), np.zeros((1, 1))),
    )
    gain = 0.2 * 0.5 * (1.0 - 0.75)
    both, old, lost = np.stack([covered] * 2), np.ones((1, 3, 1)), nothing_lost(2, 3)
    for weight in (0.0, 1.0):
        found = losses(both, weight * old, weight, lost, 1.0, margins, margins)
        assert found == pytest.approx([-100.0 * np.expm1(gain / 100.0), 0.0, 0.0])


# What members of the full coalition lose beside each alone, by exact equilibria and by exposure: as
# `python experiments/exposure_error.py` prints it, -7 and -0.4 percent after a year, -13 and -11 in
# the long run.
TOGETHER = {"first year": (0.94, 1.0), "long run": (0.88, 0.90)}
# How near Germany's loss is: weights of the horizon are bent for the targets, so that between both
# ends a sender's is off by more.
GERMANY = {"first day": 0.09, "first year": 0.15, "third year": 0.16, "long run": 0.06}


@pytest.mark.parametrize("age", list(TOGETHER))
def test_members_lose_less_together_than_each_alone_and_russia_more(script, setting, russia, age):
    seats, engine = np.arange(setting.senders.size), script.Engine.of(setting)
    full, maturity = script.full_coalition(setting), script.ages(setting.world)[age]
    cases = [full._replace(acts=full.acts & (seats == i)[:, None]) for i in seats] + [full]
    found = script.exact_losses(setting, engine, maturity, cases)
    fast = script.fast_losses(setting, engine, maturity, cases)
    # All measures of all: bans on imports, which add up, and taxes beside bans on exports.
    for loss_of, most, more in zip((found, fast), TOGETHER[age], (1.03, 1.005), strict=True):
        alone = loss_of[seats, setting.senders].mean()
        assert loss_of[-1, setting.senders].mean() < most * alone
        assert loss_of[-1, russia] > more * loss_of[:-1, russia].sum()


@pytest.mark.parametrize("age", list(WORST))
def test_a_sender_is_harmed_by_the_others_as_exact_equilibria_say(script, setting, age):
    """Germany's loss rises when all act; without what it forgoes it would seem to fall."""
    full, seat = script.full_coalition(setting), setting.sender_codes.index("DEU")
    alone = full._replace(acts=full.acts & (np.arange(setting.senders.size) == seat)[:, None])
    germany, engine = setting.senders[seat], script.Engine.of(setting)
    maturity = script.ages(setting.world)[age]
    found = script.exact_losses(setting, engine, maturity, [alone, full])[:, germany]
    fast = script.fast_losses(setting, engine, maturity, [alone, full])[:, germany]
    assert fast == pytest.approx(found, rel=GERMANY[age])
    assert found[1] > found[0]
    assert fast[1] > fast[0]


def test_third_states_in_a_union_with_the_target_hold_back_less(world):
    config = Config()
    setting = prepare(world, config)
    config.reluctance.union = 1.0
    alike = prepare(world, config)
    russia, union = world.index("RUS"), ("ARM", "KAZ", "KGZ")
    held = setting.exposure.withholding[:, 0]
    for code in union:
        assert held[world.index(code)] == Config().reluctance.union
    assert held[world.index("CHN")] == held[world.index("GEO")] == 1.0
    assert (alike.exposure.withholding == 1.0).all()
    plain = Exposure.of(world, setting.senders, setting.targets)
    assert alike.exposure.third_share == pytest.approx(plain.third_share, rel=1e-12)
    assert alike.exposure.third_marginal == pytest.approx(plain.third_marginal, rel=1e-12)
    bought = world_economy(world).flows()[:, russia]
    j = setting.exposure.sectors.index("machinery")  # touched in full
    less = sum(bought[j, world.index(code)] for code in union) * (1.0 - held[world.index("ARM")])
    gone = plain.third_share[0, j] - setting.exposure.third_share[0, j]
    assert gone == pytest.approx(less / bought[j].sum())
