import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_economies import economy_of, embargo, random_cost, random_economy

import sim
from sim.economy.equilibrium import NotConverged, balanced, solve, solve_many
from sim.economy.marginal import values
from sim.economy.tables import Economy, counterfactuals, read_cost

SMALL = Path(__file__).parents[1] / "cases" / "hat_algebra_small"
MARCH_2022 = Path(sim.__file__).parent / "world" / "march_2022" / "economy"

seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=25, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def small():
    return Economy.read(SMALL)


@pytest.fixture(scope="module")
def march_2022():
    return Economy.read(MARCH_2022)


def expected(coalition):
    with (SMALL / "expected_welfare.csv").open(encoding="utf-8") as stream:
        return {
            row["country"]: (float(row["welfare_hat"]), float(row["real_wage_hat"]))
            for row in csv.DictReader(stream)
            if row["scenario"] == coalition
        }


@pytest.mark.parametrize("coalition", counterfactuals(SMALL))
def test_a_coalition_costs_what_two_other_programs_say(small, coalition):
    after = solve(small, read_cost(small, SMALL, coalition))
    answer = expected(coalition)
    assert set(answer) == set(small.countries)
    for n, country in enumerate(small.countries):
        assert after.welfare[n] == pytest.approx(answer[country][0], abs=1e-9)
        assert after.real_wage[n] == pytest.approx(answer[country][1], abs=1e-9)


@few
@given(seeds)
def test_without_a_change_nothing_changes(seed):
    after = solve(random_economy(seed))
    for ratio in (after.welfare, after.wage, after.price, after.purchases, after.exports):
        assert ratio == pytest.approx(1.0, abs=1e-10)


def violations(economy, after, cost, transfer):
    """Return by how much equations 1 to 6 fail, written as in the paper."""
    n_countries = len(economy.countries)
    theta, beta = economy.theta, economy.factor_share
    log_cost = beta * np.log(after.wage) + (1.0 - beta) * np.einsum(
        "kjn,kn->jn", economy.intermediate_share, np.log(after.price)
    )
    landed = cost * after.tariff / economy.tariff * np.exp(log_cost)[:, None, :]
    power = economy.trade_share * landed ** -theta[:, None, None]
    price = power.sum(axis=2) ** (-1.0 / theta[:, None])
    share = power / power.sum(axis=2, keepdims=True)
    flows = share * after.expenditure[:, :, None] / after.tariff
    output, purchases = flows.sum(axis=1), flows.sum(axis=2)
    wages = after.wage * economy.value_added
    revenue = (after.expenditure - purchases).sum(axis=0)
    balance = economy.trade_balance - transfer
    income = wages + revenue - balance
    spending = economy.consumption_share * income + np.einsum(
        "kjn,jn->kn", economy.intermediate_share, (1.0 - beta) * output
    )
    old_revenue = (economy.expenditure - economy.flows().sum(axis=2)).sum(axis=0)
    old_income = economy.value_added + old_revenue - economy.trade_balance
    index = np.prod(after.price**economy.consumption_share, axis=0)
    assert share.shape == (len(theta), n_countries, n_countries)
    return {
        "prices": after.price / price - 1.0,
        "shares": after.trade_share - share,
        "spending": (after.expenditure - spending) / economy.value_added,
        "trade balance": ((output - purchases).sum(axis=0) - balance) / wages,
        "factor markets": (beta * output).sum(axis=0) / wages - 1.0,
        "numeraire": wages.sum() / economy.value_added.sum() - 1.0,
        "income": after.income / income - 1.0,
        "welfare": after.welfare * old_income * index / income - 1.0,
    }


@few
@given(seeds)
def test_every_market_clears_after_any_change(seed):
    economy = random_economy(seed)
    cost = random_cost(seed, economy)
    tariff = 1.0 + (economy.tariff - 1.0) * np.random.default_rng(seed).random(cost.shape)
    transfer = economy.value_added - economy.value_added.mean()
    transfer *= 0.05
    after = solve(economy, cost, tariff, transfer)
    for name, violation in violations(economy, after, cost, transfer).items():
        assert np.abs(violation).max() < 1e-10, name


@few
@given(seeds)
def test_the_order_of_countries_and_sectors_does_not_matter(seed):
    economy = random_economy(seed)
    cost = random_cost(seed, economy)
    draw = np.random.default_rng(seed)
    n, j = draw.permutation(len(economy.countries)), draw.permutation(len(economy.sectors))
    pair, cell = np.ix_(j, n, n), np.ix_(j, n)
    reordered = Economy(
        countries=tuple(economy.countries[k] for k in n),
        sectors=tuple(economy.sectors[k] for k in j),
        trade_share=economy.trade_share[pair],
        tariff=economy.tariff[pair],
        theta=economy.theta[j],
        factor_share=economy.factor_share[cell],
        intermediate_share=economy.intermediate_share[np.ix_(j, j, n)],
        consumption_share=economy.consumption_share[cell],
        value_added=economy.value_added[n],
        trade_balance=economy.trade_balance[n],
        expenditure=economy.expenditure[cell],
    )
    before, after = solve(economy, cost), solve(reordered, cost[pair])
    assert after.welfare == pytest.approx(before.welfare[n], abs=1e-10)
    assert after.trade_share == pytest.approx(before.trade_share[pair], abs=1e-10)


@few
@given(seeds, st.floats(1e-6, 1e6))
def test_the_unit_of_money_does_not_matter(seed, unit):
    economy = random_economy(seed)
    cost = random_cost(seed, economy)
    in_other_money = dataclasses.replace(
        economy,
        value_added=unit * economy.value_added,
        trade_balance=unit * economy.trade_balance,
        expenditure=unit * economy.expenditure,
    )
    before, after = solve(economy, cost), solve(in_other_money, cost)
    assert after.welfare == pytest.approx(before.welfare, abs=1e-10)
    assert after.income == pytest.approx(unit * before.income, rel=1e-10)


@few
@given(seeds)
def test_dearer_trade_everywhere_by_the_same_factor_is_lost_one_for_one(seed):
    """One sector without intermediates: costs up by 2 at home too halve every real income."""
    economy = one_sector(seed)
    assert solve(economy, np.full(economy.tariff.shape, 2.0)).welfare == pytest.approx(
        0.5, abs=1e-10
    )


def one_sector(seed, theta=5.0):
    """Return a balanced economy of one sector that uses no intermediates."""
    draw = np.random.default_rng(seed)
    trade_share = 0.5 * np.eye(5) + 0.5 * draw.dirichlet(np.ones(5), (1, 5))
    one = np.ones((1, 5))
    economy = economy_of(
        trade_share,
        np.ones((1, 5, 5)),
        np.array([theta]),
        one,
        np.ones((1, 1, 5)),
        one,
        np.exp(draw.normal(0.0, 1.0, 5)),
    )
    return balanced(economy)


@few
@given(seeds, st.floats(1.0, 12.0))
def test_one_sector_gains_are_the_home_share_to_the_minus_one_over_theta(seed, theta):
    economy = one_sector(seed, theta)
    after = solve(economy, random_cost(seed, economy))
    home = np.einsum("jnn->n", after.trade_share) / np.einsum("jnn->n", economy.trade_share)
    assert after.welfare == pytest.approx(home ** (-1.0 / theta), abs=1e-10)


def gains_from_home_shares(economy, home):
    """Return exp(-alpha' (I - (1-beta) Gamma')^-1 log(home)/theta): no tariffs, balanced trade.

    Caliendo and Parro (2015), eq. 15, solved for the whole chain of intermediates.
    """
    cost_of = economy.intermediate_share * (1.0 - economy.factor_share)
    gains = []
    for n in range(len(economy.countries)):
        direct = np.log(home[:, n]) / economy.theta
        price = np.linalg.solve(np.eye(len(direct)) - cost_of[:, :, n].T, direct)
        gains.append(np.exp(-economy.consumption_share[:, n] @ price))
    return np.array(gains)


@few
@given(seeds)
def test_gains_follow_from_home_shares_through_the_chain_of_intermediates(seed):
    economy = balanced(random_economy(seed, tariffs=False))
    after = solve(economy, random_cost(seed, economy))
    home = np.einsum("jnn->jn", after.trade_share) / np.einsum("jnn->jn", economy.trade_share)
    assert after.welfare == pytest.approx(gains_from_home_shares(economy, home), abs=1e-9)


@few
@given(seeds)
def test_a_country_cut_off_from_all_others_ends_in_autarky(seed):
    economy = balanced(random_economy(seed, tariffs=False))
    after = solve(economy, embargo(economy, 0, [1, 2, 3], np.inf))
    home = 1.0 / np.einsum("jnn->jn", economy.trade_share)
    assert after.trade_share[:, 0, 0] == pytest.approx(1.0, abs=1e-14)
    assert after.welfare[0] == pytest.approx(gains_from_home_shares(economy, home)[0], abs=1e-9)


@few
@given(seeds)
def test_a_thousandfold_cost_is_autarky_to_the_power_of_theta(seed):
    economy = balanced(random_economy(seed, tariffs=False))
    economy = dataclasses.replace(economy, theta=np.full(3, 4.0))
    prohibitive = solve(economy, embargo(economy, 0, [1, 2, 3], 1e3))
    autarky = solve(economy, embargo(economy, 0, [1, 2, 3], np.inf))
    # 1000^-4 of the weight of trade is left, times about one over the share of home.
    assert prohibitive.welfare == pytest.approx(autarky.welfare, abs=1e-10)


def test_a_transfer_of_the_trade_balance_balances_trade():
    economy = random_economy(1)
    after = solve(economy, transfer=economy.trade_balance)
    flows = after.flows()
    assert flows.sum(axis=(0, 1)) == pytest.approx(flows.sum(axis=(0, 2)), rel=1e-11)


def test_a_balanced_economy_is_an_equilibrium_with_the_same_world_value_added():
    economy = random_economy(2)
    even = balanced(economy)
    assert even.value_added.sum() == pytest.approx(economy.value_added.sum(), rel=1e-14)
    assert solve(even).welfare == pytest.approx(1.0, abs=1e-11)


def test_who_receives_a_transfer_gains_and_who_gives_it_loses(small):
    n = small.countries.index("usa"), small.countries.index("deu")
    transfer = np.zeros(5)
    transfer[list(n)] = 0.1, -0.1
    welfare = solve(small, transfer=transfer).welfare
    assert welfare[n[0]] > 1.0 > welfare[n[1]]


def test_imports_and_exports_leave_out_what_is_bought_at_home(small):
    target = small.countries.index("rus")
    others = [n for n in range(5) if n != target]
    after = solve(small, embargo(small, target, others, np.inf))
    assert after.imports[target] == after.exports[target] == 0.0
    assert after.purchases[target] > 0.8


def test_where_it_starts_does_not_change_where_it_ends(march_2022):
    target, senders = 13, [0, 1, 2, 3, 4, 5, 6]
    near = solve(march_2022, embargo(march_2022, target, senders, 2.0))
    cost = embargo(march_2022, target, senders, 2.1)
    cold, warm = solve(march_2022, cost), solve(march_2022, cost, start=near)
    assert warm.welfare == pytest.approx(cold.welfare, abs=1e-10)


def test_a_batch_gives_each_problem_what_it_gets_alone(small):
    costs = np.array([read_cost(small, SMALL, name) for name in counterfactuals(SMALL)])
    transfers = np.array([[0.01, -0.01, 0.0, 0.0, 0.0]])
    batch = solve_many(small, costs, transfers=transfers)
    for row, cost in enumerate(costs):
        alone = solve(small, cost, transfer=transfers[0])
        for name in ("welfare", "real_wage", "wage", "income"):
            assert getattr(batch, name)[row].tolist() == getattr(alone, name).tolist()
        assert batch.iterations[row] == alone.iterations
        assert batch.residual[row] == alone.residual


def test_a_solve_that_stops_early_gives_its_residual_and_no_numbers(small):
    cost = read_cost(small, SMALL, "global_1.5")
    with pytest.raises(NotConverged, match="after 3 iterations, residual") as raised:
        solve(small, cost, max_iterations=3)
    assert raised.value.iterations == 3
    assert 1e-12 < raised.value.residual < 1.0


def test_a_country_without_any_seller_is_named():
    economy = random_economy(3)
    cost = np.ones(economy.tariff.shape)
    cost[2, 1, :] = np.inf
    with pytest.raises(NotConverged, match="c1 is cut off from every seller of s2"):
        solve(economy, cost)


def test_a_surplus_that_outlives_all_exports_has_no_equilibrium():
    economy = random_economy(4, tariffs=False)
    surplus = int(np.argmax(economy.trade_balance))
    others = [n for n in range(4) if n != surplus]
    with pytest.raises(NotConverged, match="balance trade first"):
        solve(economy, embargo(economy, surplus, others, np.inf))


def test_who_gives_away_more_than_it_earns_has_no_equilibrium():
    """All equations hold there, with an income below zero."""
    economy = random_economy(1)
    gift = 2.0 * economy.value_added[0] * np.array([-1.0, 1.0, 0.0, 0.0])
    assert solve_many(economy, transfers=gift[None], strict=False).residual[0] < 1e-12
    with pytest.raises(NotConverged, match="c0's trade surplus would exceed its income"):
        solve(economy, transfer=gift)


def test_a_batch_marks_the_problem_without_an_equilibrium(small):
    cost = read_cost(small, SMALL, "global_1.5")
    broken = cost.copy()
    broken[0, 0, :] = np.inf
    batch = solve_many(small, np.array([cost, broken]), strict=False)
    assert batch.converged.tolist() == [True, False]
    assert np.isnan(batch.welfare[1]).all()
    assert batch.welfare[0].tolist() == solve(small, cost).welfare.tolist()
    with pytest.raises(NotConverged, match="problem 1, the first of 1"):
        solve_many(small, np.array([cost, broken]))


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        ({"cost": np.ones((3, 5, 4))}, r"cost must have the shape \(3, 5, 5\); found \(3, 5, 4\)"),
        ({"cost": np.zeros((3, 5, 5))}, "cost must be above 0; found 0.0"),
        ({"tariff": np.full((3, 5, 5), np.nan)}, "tariff must be above 0; found nan"),
        ({"transfer": np.ones(5)}, "transfers must sum to 0; found 5"),
        ({"transfer": np.zeros(4)}, "one per country"),
    ],
)
def test_an_argument_out_of_range_is_refused(small, arguments, rule):
    with pytest.raises(ValueError, match=rule):
        solve(small, **arguments)


def test_batches_of_different_lengths_are_refused(small):
    with pytest.raises(ValueError, match="same number of problems, or 1; found 2, 1 and 3"):
        solve_many(small, np.ones((2, 3, 5, 5)), transfers=np.zeros((3, 5)))


def test_march_2022_is_an_equilibrium(march_2022):
    assert solve(march_2022).welfare == pytest.approx(1.0, abs=1e-9)


def test_an_embargo_by_the_senders_of_march_2022_costs_russia_most(march_2022):
    economy = balanced(march_2022)
    outside = {"UKR", "RUS", "BLR", "CHN", "IND", "TUR", "ARE", "KAZ", "ARM", "GEO", "KGZ", "ROW"}
    target = economy.countries.index("RUS")
    senders = [n for n, name in enumerate(economy.countries) if name not in outside]
    loss = 1.0 - solve(economy, embargo(economy, target, senders, 10.0)).welfare
    assert loss[target] == max(loss)
    size = economy.value_added[senders]
    assert loss[target] > 10.0 * (loss[senders] @ size) / size.sum()
    assert loss[economy.countries.index("CHN")] < 0.0


def test_who_buys_nothing_of_a_sector_goes_on_buying_nothing():
    base = random_economy(3)
    inputs, final = base.intermediate_share.copy(), base.consumption_share.copy()
    inputs[0, :, 0] = final[0, 0] = 0.0
    inputs[:, :, 0] /= inputs[:, :, 0].sum(axis=0)
    final[:, 0] /= final[:, 0].sum()
    shares = base.trade_share, base.tariff, base.theta, base.factor_share
    economy = economy_of(*shares, inputs, final, np.array([1.0, 2.0, 0.7, 1.2]))
    assert economy.expenditure[0, 0] == pytest.approx(0.0, abs=1e-15)
    economy.expenditure[0, 0] = 0.0
    after = solve(economy, embargo(economy, 1, [2, 3], 2.0))
    assert after.expenditure[0, 0] == 0.0
    assert np.isfinite(after.welfare).all()
    assert after.welfare[1] < 1.0
    for small_changes in values(economy):
        assert np.isfinite(small_changes.price).all()
        assert np.isfinite(small_changes.income).all()
