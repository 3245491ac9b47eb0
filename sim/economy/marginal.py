"""Marginal effects: what a small change anywhere does to every country.

The equations of `sim.economy.equilibrium` are linearised once at the economy's own equilibrium and
solved backwards, one right-hand side per country's real income and one per cost of its exports.
What comes out are values: of a dearer price, of a sale, of a unit of income. The effect of any
small change of a trade cost, tariff or transfer is a sum of a few of them, and exact.

Axis order is that of `sim.economy.tables`; the country that it happens to comes last.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import numpy as np
from threadpoolctl import threadpool_limits

from sim.arrays import Floats, Ints
from sim.economy.tables import Economy

_ALONE = Lock()  # the limit is the process's, not a thread's


@dataclass(frozen=True, slots=True)
class Values:
    """Change of a log quantity of each country per unit of a small change."""

    # (n_sectors, n_countries, n_countries) of a price index that rises by one log point for a
    # reason of its own, by sector, buyer.
    price: Floats
    # (n_sectors, n_countries, n_countries) of a unit of money that goes to a seller, by sector,
    # seller.
    sale: Floats
    income: Floats  # (n_countries, n_countries) of a unit of money that a country receives


def values(economy: Economy) -> tuple[Values, Values]:
    """Return the values of small changes at the economy's equilibrium.

    Returns
    -------
    income, cost : Values
        For each country's real income, and for the mean cost of what it exports.
    """
    # The last digit of a product of matrices depends on how many threads share it, and with it
    # every loss: one thread gives the same digits on any number of cores.
    with _ALONE, threadpool_limits(1, user_api="blas"):
        system, real_income, export_cost = _linearised(economy)
        worth = np.linalg.solve(system.T, np.concatenate([real_income, export_cost]).T)
    of_income, of_cost = np.split(worth, 2, axis=1)
    received = np.diag(1.0 / economy.income())
    return _values(economy, of_income, received), _values(economy, of_cost, 0.0 * received)


def _values(economy: Economy, worth: Floats, received: Floats) -> Values:
    """Return values from those of the equations; `received` is what income does by itself."""
    n_sectors, n_countries = economy.expenditure.shape
    shape = (n_sectors, n_countries, n_countries)
    balance, price, spending = np.split(worth, [n_countries, n_countries * (1 + n_sectors)])
    balance[[*_alone(economy), _last(economy)]] = 0.0  # these rows hold the numeraires
    spending = spending.reshape(shape)
    sale = np.einsum("kji,kin->jin", _materials(economy), spending) - balance
    income = np.einsum("kn,knm->nm", economy.consumption_share, spending) - balance
    return Values(price.reshape(shape), sale, income + received)


def _linearised(economy: Economy) -> tuple[Floats, Floats, Floats]:
    """Return the linearised equations, and the gradients of log real incomes and export costs.

    Columns: log wages, log prices, spending over its unit. Rows: equations 6, 2 and 4, with the
    numeraire in the place of the last balance; whom nobody trades with has nothing to balance, and
    its own wage for numeraire.
    """
    n_sectors, n_countries = economy.expenditure.shape
    n_cells = n_sectors * n_countries
    theta = np.repeat(economy.theta, n_countries)[:, None]
    unit = np.where(economy.expenditure > 0.0, economy.expenditure, economy.value_added).ravel()
    share = _by_sector(economy.trade_share)
    paid = _by_sector(economy.trade_share / economy.tariff)
    flow = _by_sector(economy.flows())
    same_country = np.tile(np.eye(n_countries), n_sectors)
    consumption = same_country.T * economy.consumption_share.reshape(-1, 1)
    materials = _by_country(_materials(economy))

    cost = np.zeros((n_cells, n_countries + 2 * n_cells))
    cost[:, :n_countries] = same_country.T * economy.factor_share.reshape(-1, 1)
    cost[:, n_countries:-n_cells] = materials.T
    price, spent = np.zeros_like(cost), np.zeros_like(cost)
    price[:, n_countries:-n_cells] = np.eye(n_cells)
    spent[:, -n_cells:] = np.diag(unit)
    sales = theta * (flow.T @ price - flow.sum(axis=0)[:, None] * cost) + paid.T @ spent
    purchases = theta * (flow.sum(axis=1)[:, None] * price - flow @ cost)
    purchases += paid.sum(axis=1)[:, None] * spent
    income = same_country @ (spent - purchases)
    income[:, :n_countries] += np.diag(economy.value_added)

    balance = same_country @ (sales - purchases)
    alone, last = _alone(economy), _last(economy)
    balance[[*alone, last]] = 0.0
    balance[last, :n_countries] = economy.value_added
    balance[alone, alone] = economy.value_added[alone]
    system = np.concatenate(
        [balance, price - share @ cost, spent - materials @ sales - consumption @ income]
    )
    real_income = income / economy.income()[:, None] - consumption.T @ price
    abroad = economy.flows().sum(axis=1) - np.einsum("jnn->jn", economy.flows())
    exported = same_country * (abroad / np.maximum(abroad.sum(axis=0), 1e-300)).ravel()
    return system, real_income, exported @ cost


def _alone(economy: Economy) -> Ints:
    """Return the positions of countries that trade with no other."""
    abroad = economy.flows().sum(axis=0)
    np.fill_diagonal(abroad, 0.0)
    return np.flatnonzero(abroad.sum(axis=0) + abroad.sum(axis=1) == 0.0)


def _last(economy: Economy) -> int:
    """Return the position of the last country that trades; of the last if none does."""
    return int(max(set(range(len(economy.countries))) - {*_alone(economy).tolist()}, default=-1))


def _materials(economy: Economy) -> Floats:
    """Return input k per unit of output j, by input, output, country."""
    return economy.intermediate_share * (1.0 - economy.factor_share)


def _by_sector(flows: Floats) -> Floats:
    """Return a block-diagonal (n_cells, n_cells) matrix, cells by sector, then country."""
    n_sectors, n_countries, _ = flows.shape
    blocks = np.zeros((n_sectors, n_countries, n_sectors, n_countries))
    sector = np.arange(n_sectors)
    blocks[sector, :, sector, :] = flows
    return blocks.reshape(n_sectors * n_countries, -1)


def _by_country(inputs: Floats) -> Floats:
    """Return a (n_cells, n_cells) matrix of inputs by outputs of the same country."""
    n_sectors, _, n_countries = inputs.shape
    blocks = np.zeros((n_sectors, n_countries, n_sectors, n_countries))
    country = np.arange(n_countries)
    blocks[:, country, :, country] = inputs.transpose(2, 0, 1)
    return blocks.reshape(n_sectors * n_countries, -1)
