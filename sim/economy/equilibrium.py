"""Exact hat algebra: the equilibrium after a change in trade costs, tariffs or transfers.

The model is Caliendo and Parro (2015) [1]_: many sectors, intermediate goods, tariffs with revenue,
exogenous trade balances. With x' the new value and x^ = x'/x, for destination n, origin i,
sectors j and k:

(1) c^_nj = w^_n^(beta_nj) prod_k P^_nk^(gamma_nkj (1 - beta_nj))
(2) P^_nj = [sum_i pi_nij (d^_nij tau^_nij c^_ij)^(-theta_j)]^(-1/theta_j)
(3) pi'_nij = pi_nij (d^_nij tau^_nij c^_ij / P^_nj)^(-theta_j)
(4) X'_nk = sum_j gamma_nkj (1 - beta_nj) Y'_nj + alpha_nk I'_n,
    Y'_ij = sum_n pi'_nij X'_nj / tau'_nij
(5) I'_n = w^_n VA_n + R'_n - B_n + T_n, R'_n = sum_j X'_nj (1 - sum_i pi'_nij / tau'_nij)
(6) sum_j Y'_nj - sum_ij pi'_nij X'_nj / tau'_nij = B_n - T_n

beta is the factor share, gamma the intermediate share, alpha the consumption share, B the trade
balance and T a lump-sum transfer received. The numeraire is world value added, so B and T are
held fixed as shares of it.

One sweep through (1) to (6) maps wages, prices and spending to new ones: prices and spending are
what (2) and (4) say, wages move with the excess of (6). Anderson acceleration [2]_ over the whole
vector finds the fixed point in 25 to 50 sweeps. A sweep takes n_countries * n_sectors powers and
as many logarithms; the n_countries**2 work is products and sums.

Axis order is that of `sim.economy.tables`.

References
----------
.. [1] Caliendo and Parro (2015), Estimates of the trade and welfare effects of NAFTA, Review of
   Economic Studies 82.
.. [2] Walker and Ni (2011), Anderson acceleration for fixed-point iterations, SIAM Journal on
   Numerical Analysis 49.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.arrays import Flags, Floats, Ints, writeable
from sim.economy.kernels import (
    Baseline,
    Trade,
    equilibrate,
    equilibrate_many,
    real_income,
    trade_after,
)
from sim.economy.tables import Economy

TOLERANCE = 1e-12
MAX_ITERATIONS = 1000


class NotConverged(RuntimeError):
    """No equilibrium was found; there are no numbers to use.

    Attributes
    ----------
    residual : float
        Largest relative violation of equations 2, 4 and 6 at the last sweep; infinite if it
        broke down.
    iterations : int
        Sweeps made.
    """

    def __init__(self, residual: float, iterations: int, reason: str):
        super().__init__(
            f"no equilibrium after {iterations} iterations, residual {residual:.1e}: {reason}"
        )
        self.residual = residual
        self.iterations = iterations


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """An economy after a change.

    Ratios are new over old; money is that of the tables, at constant world value added.
    """

    # (n_countries,) ratio of real income, I^ / prod_j P^_j^alpha_j: exact, not first-order.
    welfare: Floats
    real_wage: Floats  # (n_countries,) ratio of w / prod_j P_j^alpha_j
    wage: Floats  # (n_countries,) ratio; world value added is the numeraire
    price: Floats  # (n_sectors, n_countries) ratio of the price index of a sector
    unit_cost: Floats  # (n_sectors, n_countries) ratio of the cost of an input bundle
    trade_share: Floats  # (n_sectors, n_countries, n_countries) new, by sector, destination, origin
    tariff: Floats  # (n_sectors, n_countries, n_countries) in force, 1 + rate
    expenditure: Floats  # (n_sectors, n_countries) new, in money, tariffs included
    # (n_countries,) new, in money: value added, tariff revenue, deficit and transfer.
    income: Floats
    # (n_countries,) ratios of all that a country buys and sells, at home and abroad, before
    # tariffs. KITE calls them changes of imports and exports.
    purchases: Floats
    sales: Floats
    # (n_countries,) ratios of what crosses the border, before tariffs; NaN where there was nothing.
    imports: Floats
    exports: Floats
    iterations: int  # sweeps made
    residual: float  # largest relative violation of equations 2, 4 and 6

    def flows(self) -> Floats:
        """Return spending before tariffs in money, by sector, destination, origin."""
        return self.trade_share / self.tariff * self.expenditure[:, :, None]


@dataclass(frozen=True, slots=True)
class Equilibria:
    """Many changes of one economy; a leading axis runs over the problems."""

    # (n_problems, n_countries) As in `Equilibrium`; NaN in the rows that did not converge.
    welfare: Floats
    real_wage: Floats
    wage: Floats
    income: Floats
    iterations: Ints  # (n_problems,)
    residual: Floats  # (n_problems,)
    converged: Flags  # (n_problems,)


def solve(
    economy: Economy,
    cost: ArrayLike | None = None,
    tariff: ArrayLike | None = None,
    transfer: ArrayLike | None = None,
    start: Equilibrium | None = None,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
) -> Equilibrium:
    """Return the equilibrium of an economy after a change.

    Parameters
    ----------
    cost : (n_sectors, n_countries, n_countries) array, optional
        Iceberg trade costs, new over old, by sector, destination, origin; > 0. 1 is no change,
        `inf` cuts the flow; 10, the literature's embargo, leaves 10**-theta of it.
    tariff : (n_sectors, n_countries, n_countries) array, optional
        1 + new rate, > 0; the economy's own if not given.
    transfer : (n_countries,) array, optional
        Lump sum received, in money; sums to 0.
    start : Equilibrium, optional
        Where to start: a similar problem's equilibrium. Changes the number of sweeps, and the
        result by no more than the tolerance allows.
    tolerance : float
        Largest relative violation of the equations.
    max_iterations : int
        Sweeps allowed.

    Returns
    -------
    Equilibrium

    Raises
    ------
    NotConverged
        No equilibrium within the tolerance, or one in which a country's income is negative.
    ValueError
        An argument has the wrong shape or is out of range.
    """
    baseline = _baseline(economy)
    shape = economy.tariff.shape
    cost = np.ones(shape) if cost is None else _positive("cost", cost, shape)
    tariff = _positive("tariff", economy.tariff if tariff is None else tariff, shape)
    balance = _balance(economy, np.zeros(shape[1]) if transfer is None else transfer)
    point = _point(economy, baseline, start)
    trade = trade_after(baseline, cost, tariff)
    iterations, residual, income, power = equilibrate(
        baseline, trade, balance, point, tolerance, max_iterations
    )
    if not (residual <= tolerance and income.min() > 0.0):
        raise NotConverged(residual, iterations, _reason(economy, trade, income))

    n_sectors, n_countries = economy.expenditure.shape
    welfare, real_wage, wage = real_income(baseline, point, income)
    log_price, spending = point[n_countries:].reshape(2, n_sectors, n_countries)
    trade_share = (trade.abroad + _diagonal(trade.home)) * power[:, None, :]
    trade_share /= trade_share.sum(axis=2, keepdims=True)
    money = economy.value_added.mean()
    expenditure = spending * baseline.spending * money
    old, new = economy.flows(), trade_share / tariff * expenditure[:, :, None]
    return Equilibrium(
        welfare=welfare,
        real_wage=real_wage,
        wage=wage,
        price=np.exp(log_price),
        unit_cost=power ** (-1.0 / economy.theta[:, None]),
        trade_share=trade_share,
        tariff=tariff,
        expenditure=expenditure,
        income=income * money,
        purchases=new.sum(axis=(0, 2)) / old.sum(axis=(0, 2)),
        sales=new.sum(axis=(0, 1)) / old.sum(axis=(0, 1)),
        imports=_ratio(_abroad(new).sum(axis=(0, 2)), _abroad(old).sum(axis=(0, 2))),
        exports=_ratio(_abroad(new).sum(axis=(0, 1)), _abroad(old).sum(axis=(0, 1))),
        iterations=iterations,
        residual=residual,
    )


def solve_many(
    economy: Economy,
    costs: ArrayLike | None = None,
    tariffs: ArrayLike | None = None,
    transfers: ArrayLike | None = None,
    start: Equilibrium | None = None,
    tolerance: float = TOLERANCE,
    max_iterations: int = MAX_ITERATIONS,
    strict: bool = True,
) -> Equilibria:
    """Return the equilibria after many changes, solved on all threads.

    A problem's result depends neither on its batch nor on the number of threads.

    Parameters
    ----------
    costs, tariffs : (n_problems or 1, n_sectors, n_countries, n_countries) array, optional
    transfers : (n_problems or 1, n_countries) array, optional
        As in `solve`, with a leading axis over problems; of length 1 for what they share.
    start, tolerance, max_iterations
        As in `solve`; every problem starts from `start`.
    strict : bool
        Raise if any problem has no equilibrium. If not, its row is NaN.

    Returns
    -------
    Equilibria

    Raises
    ------
    NotConverged
        `strict`, and some problem has no equilibrium; the residual is the worst one.
    ValueError
        An argument has the wrong shape or is out of range.
    """
    baseline = _baseline(economy)
    shape = economy.tariff.shape
    costs = np.ones((1, *shape)) if costs is None else _positive("costs", costs, (-1, *shape))
    tariffs = economy.tariff[None] if tariffs is None else tariffs
    tariffs = _positive("tariffs", tariffs, (-1, *shape))
    balances = np.atleast_2d(
        _balance(economy, np.zeros((1, shape[1])) if transfers is None else transfers)
    )
    lengths = {len(costs), len(tariffs), len(balances)}
    if len(lengths - {1}) > 1:
        raise ValueError(
            "costs, tariffs and transfers must hold the same number of problems, or 1; found "
            f"{len(costs)}, {len(tariffs)} and {len(balances)}"
        )
    point = _point(economy, baseline, start)
    welfare, real_wage, wage, income, iterations, residual = equilibrate_many(
        baseline, costs, tariffs, balances, point, tolerance, max_iterations
    )
    converged = (residual <= tolerance) & (income.min(axis=1) > 0.0)
    if strict and not converged.all():
        worst = int(np.argmin(converged))
        raise NotConverged(
            float(residual[worst]),
            int(iterations[worst]),
            f"problem {worst}, the first of {int((~converged).sum())}; solve it alone to learn why",
        )
    for values in (welfare, real_wage, wage, income):
        values[~converged] = np.nan
    money = economy.value_added.mean()
    return Equilibria(welfare, real_wage, wage, income * money, iterations, residual, converged)


def balanced(economy: Economy) -> Economy:
    """Return the economy with trade balances set to zero, itself an equilibrium.

    Returns
    -------
    Economy
        Money is at the old economy's world value added.

    Raises
    ------
    NotConverged
        There is no such equilibrium.
    """
    equilibrium = solve(economy, transfer=economy.trade_balance)
    return dataclasses.replace(
        economy,
        trade_share=equilibrium.trade_share,
        value_added=economy.value_added * equilibrium.wage,
        trade_balance=np.zeros(len(economy.countries)),
        expenditure=equilibrium.expenditure,
    )


def terms_of_trade(economy: Economy, equilibrium: Equilibrium) -> Floats:
    """Return the first-order welfare effect of export against import prices, in percent.

    Level changes, as in Caliendo and Parro (2015); holds for changes of tariffs only.

    Parameters
    ----------
    equilibrium : Equilibrium
        Of the economy with other tariffs.

    Returns
    -------
    (n_countries,) float64
        100 / I_n sum_ji (E_nij (c^_nj - 1) - M_nij (c^_ij - 1)), E exports, M imports.
    """
    dearer = economy.flows() * (equilibrium.unit_cost - 1.0)[:, None, :]
    gain = dearer.sum(axis=(0, 1)) - dearer.sum(axis=(0, 2))
    return 100.0 * gain / economy.income()


def volume_of_trade(economy: Economy, equilibrium: Equilibrium) -> Floats:
    """Return the first-order welfare effect of more trade under tariffs, in percent.

    Level changes, as in Caliendo and Parro (2015); holds for changes of tariffs only. The sum
    of this and `terms_of_trade` is the welfare they print, which is not the exact one.

    Parameters
    ----------
    equilibrium : Equilibrium
        Of the economy with other tariffs.

    Returns
    -------
    (n_countries,) float64
        100 / I_n sum_ji t_nij (M'_nij - M_nij c^_ij), t the old tariff rate.
    """
    more = equilibrium.flows() - economy.flows() * equilibrium.unit_cost[:, None, :]
    gain = ((economy.tariff - 1.0) * more).sum(axis=(0, 2))
    return 100.0 * gain / economy.income()


def _baseline(economy: Economy) -> Baseline:
    money = economy.value_added.mean()
    spending = np.where(economy.expenditure > 0.0, economy.expenditure, economy.value_added)
    return writeable(
        Baseline(
            economy.theta,
            economy.factor_share,
            economy.consumption_share,
            economy.intermediate_share * (1.0 - economy.factor_share),
            economy.value_added / money,
            economy.income() / money,
            spending / money,
            economy.trade_share,
            economy.tariff,
        )
    )


def _balance(economy: Economy, transfer: ArrayLike) -> Floats:
    """Return trade balances after transfers in units of mean value added."""
    transfer = np.asarray(transfer, float)
    if transfer.shape[-1:] != economy.trade_balance.shape or transfer.ndim > 2:
        raise ValueError(f"transfers must be one per country; found the shape {transfer.shape}")
    money = economy.value_added.mean()
    total = np.abs(transfer.sum(axis=-1)).max()
    if not total <= 1e-6 * money:
        raise ValueError(f"transfers must sum to 0; found {total:g}")
    return np.ascontiguousarray((economy.trade_balance - transfer) / money)


def _positive(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Floats:
    """Return an array for kernels, of the shape (-1 fits any length), with values above 0."""
    array = writeable(np.ascontiguousarray(values, float))
    fits = len(array.shape) == len(shape) and all(
        wanted in (-1, found) for wanted, found in zip(shape, array.shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name} must have the shape {shape}; found {array.shape}")
    if not (array > 0.0).all():
        raise ValueError(f"{name} must be above 0; found {array.min()}")
    return array


def _point(economy: Economy, baseline: Baseline, start: Equilibrium | None) -> Floats:
    """Return where the iteration starts, laid out as `sim.economy.kernels` says."""
    n_sectors, n_countries = economy.expenditure.shape
    if start is None:
        return np.concatenate(
            [np.zeros(n_countries * (1 + n_sectors)), np.ones(n_sectors * n_countries)]
        )
    spending = start.expenditure / baseline.spending / economy.value_added.mean()
    return np.concatenate([np.log(start.wage), np.log(start.price).ravel(), spending.ravel()])


def _reason(economy: Economy, trade: Trade, income: Floats) -> str:
    """Return why there may be no equilibrium, for a person to act on."""
    sellers = trade.abroad.sum(axis=2) + trade.home
    isolated = np.argwhere((sellers <= 0.0) & (economy.expenditure > 0.0))
    if isolated.size:
        sector, country = isolated[0]
        name = economy.countries[country]
        return f"{name} is cut off from every seller of {economy.sectors[sector]}"
    poorest = int(np.argmin(income))
    if income[poorest] <= 0.0:
        name = economy.countries[poorest]
        return f"{name}'s trade surplus would exceed its income; balance trade first"
    return (
        "allow more iterations, or balance trade first if a surplus is larger than exports can be"
    )


def _diagonal(values: Floats) -> Floats:
    """Return (n_sectors, n, n) matrices with these (n_sectors, n) diagonals and zeros."""
    return values[:, :, None] * np.eye(values.shape[1])


def _abroad(flows: Floats) -> Floats:
    """Return a copy without what is bought at home."""
    return flows * (1.0 - np.eye(flows.shape[1]))


def _ratio(new: Floats, old: Floats) -> Floats:
    return np.divide(new, old, out=np.full(old.shape, np.nan), where=old > 0.0)
