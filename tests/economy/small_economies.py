"""Small economies for tests, each an equilibrium by construction."""

from __future__ import annotations

import numpy as np

from sim.economy.tables import Economy


def economy_of(trade_share, tariff, theta, factor_share, intermediate_share, consumption, income):
    """Return the economy of these shares in which countries have these incomes.

    Spending solves the linear system of intermediate and final demand; value added and trade
    balances follow, so any incomes make an equilibrium.
    """
    n_sectors, n_countries = factor_share.shape
    size = n_sectors * n_countries
    reaching = trade_share / tariff
    # material[k, n, j, m]: spending of n on k caused by spending of m on j.
    material = np.einsum(
        "kjn,jn,jmn->knjm", intermediate_share, 1.0 - factor_share, reaching
    ).reshape(size, size)
    final = (consumption * income).ravel()
    expenditure = np.linalg.solve(np.eye(size) - material, final).reshape(n_sectors, n_countries)
    flows = reaching * expenditure[:, :, None]
    output = flows.sum(axis=1)
    return Economy(
        countries=tuple(f"c{n}" for n in range(n_countries)),
        sectors=tuple(f"s{j}" for j in range(n_sectors)),
        trade_share=trade_share,
        tariff=tariff,
        theta=theta,
        factor_share=factor_share,
        intermediate_share=intermediate_share,
        consumption_share=consumption,
        value_added=(factor_share * output).sum(axis=0),
        trade_balance=(output - flows.sum(axis=2)).sum(axis=0),
        expenditure=expenditure,
    )


def random_economy(seed, n_countries=4, n_sectors=3, tariffs=True):
    """Return an economy drawn at random: imbalances, tariffs, elasticities from 1 to 12."""
    draw = np.random.default_rng(seed)
    shape = (n_sectors, n_countries, n_countries)
    home = np.eye(n_countries)
    trade_share = draw.dirichlet(np.ones(n_countries), (n_sectors, n_countries))
    trade_share = 0.5 * trade_share + 0.5 * home
    tariff = np.where(home, 1.0, 1.0 + 0.3 * draw.random(shape)) if tariffs else np.ones(shape)
    inputs = draw.dirichlet(np.ones(n_sectors), (n_sectors, n_countries))
    return economy_of(
        trade_share,
        tariff,
        theta=draw.uniform(1.0, 12.0, n_sectors),
        factor_share=draw.uniform(0.2, 0.9, (n_sectors, n_countries)),
        intermediate_share=np.ascontiguousarray(inputs.transpose(2, 0, 1)),
        consumption=np.ascontiguousarray(draw.dirichlet(np.ones(n_sectors), n_countries).T),
        income=np.exp(draw.normal(0.0, 0.4, n_countries)),
    )


def random_cost(seed, economy, spread=0.3):
    """Return log-normal changes in trade costs, none at home."""
    draw = np.random.default_rng(seed)
    cost = np.exp(draw.normal(0.0, spread, economy.tariff.shape))
    return np.where(np.eye(len(economy.countries)), 1.0, cost)


def embargo(economy, target, senders, factor):
    """Return the trade costs when senders and target stop trading with one another."""
    cost = np.ones(economy.tariff.shape)
    cost[:, target, senders] = factor
    cost[:, senders, target] = factor
    return cost
