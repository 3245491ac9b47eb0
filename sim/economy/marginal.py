"""Marginal effects: what a small change anywhere does to every country's real income.

The equations of `sim.economy.equilibrium` are linearised once at the economy's own equilibrium and
solved backwards, one right-hand side per country's real income. What comes out are values: of a
lower price, of a sale, of a unit of income. Any small change of a trade cost, tariff or transfer
is then a sum of a few of them, the exact derivative of the equilibrium.

Axis order is that of `sim.economy.tables`; the country whose real income changes comes last.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.economy.tables import Economy, Floats


@dataclass(frozen=True, slots=True)
class Values:
    """Change of log real income per unit of a small change.

    Attributes
    ----------
    price : (n_sectors, n_countries, n_countries) float64
        Of a price index that rises by one log point for a reason of its own, by sector, buyer.
    sale : (n_sectors, n_countries, n_countries) float64
        Of a unit of money that goes to a seller, by sector, seller.
    income : (n_countries, n_countries) float64
        Of a unit of money that a country receives.
    """

    price: Floats
    sale: Floats
    income: Floats


def values(economy: Economy) -> Values:
    """Return the values of small changes at the economy's equilibrium.

    Parameters
    ----------
    economy : Economy
    """
    system, gain = _linearised(economy)
    n_sectors, n_countries = economy.expenditure.shape
    shape = (n_sectors, n_countries, n_countries)
    worth = np.linalg.solve(system.T, gain.T)
    balance, price, spending = np.split(worth, [n_countries, n_countries * (1 + n_sectors)])
    balance[-1] = 0.0  # that row holds the numeraire
    spending = spending.reshape(shape)
    sale = np.einsum("kji,kin->jin", _materials(economy), spending) - balance
    income = np.einsum("kn,knm->nm", economy.consumption_share, spending) - balance
    income += np.diag(1.0 / _income(economy))
    return Values(price.reshape(shape), sale, income)


def _linearised(economy: Economy) -> tuple[Floats, Floats]:
    """Return the matrix of the linearised equations and the gradient of log real incomes.

    Columns: log wages, log prices, spending over its unit. Rows: equations 6, 2 and 4, with the
    numeraire in the place of the last balance.
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
    balance[-1] = 0.0
    balance[-1, :n_countries] = economy.value_added
    system = np.concatenate(
        [balance, price - share @ cost, spent - materials @ sales - consumption @ income]
    )
    return system, income / _income(economy)[:, None] - consumption.T @ price


def _materials(economy: Economy) -> Floats:
    """Return input k per unit of output j, by input, output, country."""
    return economy.intermediate_share * (1.0 - economy.factor_share)


def _income(economy: Economy) -> Floats:
    revenue = economy.expenditure.sum(axis=0) - economy.flows().sum(axis=(0, 2))
    return economy.value_added + revenue - economy.trade_balance


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
