"""The compiled iteration behind `sim.economy.equilibrium`; equation numbers are that module's.

A point of the iteration is one vector: log wages, then log prices, then spending over its old
value, both of these by sector and country. Axis order is that of `sim.economy.tables`.

Kernels trust their arguments; `sim.economy.equilibrium` checks them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numba as nb
import numpy as np

from sim.arrays import Floats
from sim.compiled import kernel

Kernel = Callable[[Callable[..., Any]], Any]
# Sums may be taken in any order, which lets the compiler use the vector units.
summing: Kernel = partial(kernel, fastmath={"reassoc", "contract", "nsz"})  # type: ignore[call-arg]
threaded: Kernel = partial(kernel, parallel=True)  # type: ignore[call-arg]

# A wage moves by WAGE_STEP times the excess of equation 6 over what it moves at home and abroad:
# (1 + theta) times the trade. On the scale of trade, not of value added, a country near autarky
# finds its wage as surely as an open one. The factor is above 1 because costs follow wages only
# in part. Step and memory were chosen by counting sweeps: 2 to 4 and 8 to 20 are much alike.
WAGE_STEP = 3.0
MEMORY = 10
# Elasticities above 20 with large changes can overshoot: start anew with a quarter of the step.
PATIENCE = 300
SMALLER_STEP = 0.25
# A wage moves by at most this share in a sweep, so that a far start does not overshoot either.
LARGEST_STEP = 0.5


class Baseline(NamedTuple):
    """What the kernels know of an economy; money in units of mean value added."""

    theta: Floats  # (n_sectors,)
    # (n_sectors, n_countries)
    factor_share: Floats
    consumption_share: Floats
    # (n_sectors, n_sectors, n_countries) Input k per unit of output j, gamma (1 - beta), by input,
    # output, country.
    material_share: Floats
    # (n_countries,)
    value_added: Floats
    income: Floats
    # (n_sectors, n_countries) The unit in which spending is iterated: its old value, or value
    # added where that is 0.
    spending: Floats
    # (n_sectors, n_countries, n_countries)
    trade_share: Floats
    tariff: Floats


class Trade(NamedTuple):
    """What of trade does not move while wages and prices are sought: pi (d^ tau^)^(-theta).

    Home is kept apart, so that a country close to autarky still knows its little trade to the
    last digit, and with it its wage.
    """

    # (n_sectors, n_countries, n_countries) Weights with a zero diagonal, and over tau'; one array
    # if there are no tariffs.
    abroad: Floats
    abroad_paid: Floats
    # (n_sectors, n_countries) The diagonal, and over tau'.
    home: Floats
    home_paid: Floats
    taxed: bool  # there are tariffs


@summing
def _dot(left, right):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(left.shape[0]):
        total += left[i] * right[i]
    return total


@summing
def _add_multiple(total, factor, term):  # type: ignore[no-untyped-def]
    for i in range(total.shape[0]):
        total[i] += factor * term[i]


@summing
def _add_product(total, left, right):  # type: ignore[no-untyped-def]
    for i in range(total.shape[0]):
        total[i] += left[i] * right[i]


@kernel
def trade_after(baseline, cost, tariff):  # type: ignore[no-untyped-def]
    """Return the trade weights after a change.

    Parameters
    ----------
    baseline : Baseline
    cost, tariff : (n_sectors, n_countries, n_countries) float64
        Ratio of iceberg costs; 1 + new rate.

    Returns
    -------
    Trade
    """
    n_sectors, n_countries = baseline.factor_share.shape
    abroad, home = np.empty_like(cost), np.empty((n_sectors, n_countries))
    home_paid = np.empty((n_sectors, n_countries))
    taxed = False
    for j in range(n_sectors):
        for n in range(n_countries):
            for i in range(n_countries):
                change = cost[j, n, i] * tariff[j, n, i] / baseline.tariff[j, n, i]
                abroad[j, n, i] = baseline.trade_share[j, n, i]
                if change != 1.0:
                    abroad[j, n, i] *= change ** -baseline.theta[j]
                taxed |= tariff[j, n, i] != 1.0
            home[j, n], abroad[j, n, n] = abroad[j, n, n], 0.0
            home_paid[j, n] = home[j, n] / tariff[j, n, n]
    return Trade(abroad, abroad / tariff if taxed else abroad, home, home_paid, taxed)


@kernel
def _sweep(  # type: ignore[no-untyped-def]
    baseline, trade, balance, point, image, power, output, income, wage_step
):
    """Map a point to its image by equations 1 to 6 and return the largest violation of 2, 4, 6.

    `wage_step` scales the step of wages, see WAGE_STEP.
    Also leaves c^^(-theta) in `power`, Y' in `output` and I' in `income`.
    """
    n_sectors, n_countries = baseline.factor_share.shape
    n_cells = n_sectors * n_countries
    log_wage, new_log_wage = point[:n_countries], image[:n_countries]
    log_price = point[n_countries:-n_cells].reshape(n_sectors, n_countries)
    new_log_price = image[n_countries:-n_cells].reshape(n_sectors, n_countries)
    spending = point[-n_cells:].reshape(n_sectors, n_countries)
    new_spending = image[-n_cells:].reshape(n_sectors, n_countries)

    residual = 0.0
    net_exports = np.zeros(n_countries)
    response = np.zeros(n_countries)
    sold_home = np.empty(n_countries)
    for n in range(n_countries):
        income[n] = baseline.value_added[n] * math.exp(log_wage[n]) - balance[n]

    for j in range(n_sectors):
        theta, power_j, output_j = baseline.theta[j], power[j], output[j]
        power_j[:] = 0.0
        output_j[:] = 0.0
        _add_product(power_j, baseline.factor_share[j], log_wage)
        for k in range(n_sectors):
            _add_product(power_j, baseline.material_share[k, j], log_price[k])
        for i in range(n_countries):
            power_j[i] = math.exp(-theta * power_j[i])
        for n in range(n_countries):
            abroad = _dot(trade.abroad[j, n], power_j)
            total = abroad + trade.home[j, n] * power_j[n]
            new_log_price[j, n] = -math.log(total) / theta
            residual = max(residual, abs(new_log_price[j, n] - log_price[j, n]))
            spent = spending[j, n] * baseline.spending[j, n]
            if trade.taxed:
                abroad = _dot(trade.abroad_paid[j, n], power_j)
            imports = spent / total * abroad
            sold_home[n] = spent / total * trade.home_paid[j, n] * power_j[n]
            income[n] += spent - imports - sold_home[n]
            net_exports[n] -= imports
            response[n] += (1.0 + theta) * imports
            _add_multiple(output_j, spent / total, trade.abroad_paid[j, n])
        for i in range(n_countries):
            exports = output_j[i] * power_j[i]
            net_exports[i] += exports
            response[i] += (1.0 + theta) * exports
            output_j[i] = exports + sold_home[i]

    for k in range(n_sectors):
        new_spending_k = new_spending[k]
        new_spending_k[:] = 0.0
        _add_product(new_spending_k, baseline.consumption_share[k], income)
        for j in range(n_sectors):
            _add_product(new_spending_k, baseline.material_share[k, j], output[j])
        for n in range(n_countries):
            new_spending_k[n] /= baseline.spending[k, n]
            residual = max(residual, abs(new_spending_k[n] - spending[k, n]))

    for n in range(n_countries):
        wages = baseline.value_added[n] * math.exp(log_wage[n])
        excess = (net_exports[n] - balance[n]) / wages
        if not math.isfinite(excess):  # max() would drop a NaN
            return math.inf
        residual = max(residual, abs(excess))
        step = wage_step * excess * wages / max(response[n], 1e-300)  # 0 if there is no trade
        step = min(max(step, -LARGEST_STEP), LARGEST_STEP)
        new_log_wage[n] = log_wage[n] + math.log1p(step)
    _to_numeraire(baseline.value_added, new_log_wage)
    return residual


@kernel
def _to_numeraire(value_added, log_wage):  # type: ignore[no-untyped-def]
    """Scale wages so that world value added is what it was."""
    old, new = 0.0, 0.0
    for n in range(log_wage.shape[0]):
        old += value_added[n]
        new += value_added[n] * math.exp(log_wage[n])
    log_wage += math.log(old / new)


@kernel
def _solve_symmetric(matrix, right):  # type: ignore[no-untyped-def]
    """Solve a small positive definite system by Cholesky factors, in place, and return `right`."""
    size = right.size
    for r in range(size):
        for q in range(r + 1):
            rest = matrix[r, q] - _dot(matrix[r, :q], matrix[q, :q])
            matrix[r, q] = math.sqrt(max(rest, 1e-16)) if q == r else rest / matrix[q, q]
        right[r] = (right[r] - _dot(matrix[r, :r], right[:r])) / matrix[r, r]
    for r in range(size - 1, -1, -1):
        right[r] /= matrix[r, r]
        _add_multiple(right[:r], -right[r], matrix[r, :r])
    return right


@kernel
def _accelerate(point, step, steps, images, gram, depth):  # type: ignore[no-untyped-def]
    """Take from `point` the combination of past images whose steps best explain this step.

    Parameters
    ----------
    point : (n,) float64
        On entry the plain image.
    step : (n,) float64
        Image minus point.
    steps, images : (MEMORY, n) float64
        Past differences of the steps and of the images.
    gram : (MEMORY, MEMORY) float64
        Products of the rows of `steps`.
    depth : int
        Rows filled.
    """
    scale = np.empty(depth)
    for r in range(depth):
        scale[r] = 1.0 / math.sqrt(gram[r, r] + 1e-300)
    system = np.empty((depth, depth))
    target = np.empty(depth)
    for r in range(depth):
        target[r] = _dot(steps[r], step) * scale[r]
        for q in range(depth):
            system[r, q] = gram[r, q] * scale[r] * scale[q]
        # Steps grow parallel near the solution; a last-digit ridge keeps the system regular.
        system[r, r] += 1e-13
    coefficient = _solve_symmetric(system, target)
    for r in range(depth):
        _add_multiple(point, -coefficient[r] * scale[r], images[r])


@kernel
def equilibrate(  # type: ignore[no-untyped-def]
    baseline, trade, balance, point, tolerance, max_iterations
):
    """Move a point to the fixed point of equations 1 to 6.

    Parameters
    ----------
    baseline : Baseline
    trade : Trade
    balance : (n_countries,) float64
        Trade balances less transfers received, in units of mean value added.
    point : (n_countries * (1 + 2 n_sectors),) float64
        Where to start; moved in place.
    tolerance : float
        Largest relative violation of the equations allowed.
    max_iterations : int
        Sweeps allowed.

    Returns
    -------
    iterations : int
    residual : float
        Converged if at most `tolerance`; infinite if the last sweep broke down.
    income : (n_countries,) float64
        In units of mean value added.
    power : (n_sectors, n_countries) float64
        c^^(-theta).
    """
    n_sectors, n_countries = baseline.factor_share.shape
    power = np.empty((n_sectors, n_countries))
    output = np.empty((n_sectors, n_countries))
    income = np.empty(n_countries)
    image, last_image = np.empty_like(point), np.empty_like(point)
    step, last_step = np.empty_like(point), np.empty_like(point)
    steps, images = np.empty((MEMORY, point.size)), np.empty((MEMORY, point.size))
    gram = np.empty((MEMORY, MEMORY))

    residual = math.inf
    start = point.copy()
    wage_step = WAGE_STEP
    age = 0
    iteration = 0
    while iteration < max_iterations:
        residual = _sweep(baseline, trade, balance, point, image, power, output, income, wage_step)
        iteration += 1
        age += 1
        if residual <= tolerance:
            break
        if age == PATIENCE or not math.isfinite(residual):
            point[:] = start
            wage_step *= SMALLER_STEP
            age = 0
            continue
        for m in range(point.size):
            step[m] = image[m] - point[m]
            point[m] = image[m]
        if age > 1:
            row = (age - 2) % MEMORY
            depth = min(age - 1, MEMORY)
            for m in range(point.size):
                steps[row, m] = step[m] - last_step[m]
                images[row, m] = image[m] - last_image[m]
            for r in range(depth):
                gram[row, r] = gram[r, row] = _dot(steps[row], steps[r])
            _accelerate(point, step, steps, images, gram, depth)
            _to_numeraire(baseline.value_added, point[:n_countries])
        step, last_step = last_step, step
        image, last_image = last_image, image
    return iteration, residual, income, power


@kernel
def real_income(baseline, point, income):  # type: ignore[no-untyped-def]
    """Return ratios of real income, of real wages and of wages, each (n_countries,)."""
    n_sectors, n_countries = baseline.factor_share.shape
    log_price = point[n_countries : n_countries * (1 + n_sectors)].reshape(n_sectors, n_countries)
    wage = np.exp(point[:n_countries])
    log_index = np.zeros(n_countries)
    for j in range(n_sectors):
        _add_product(log_index, baseline.consumption_share[j], log_price[j])
    index = np.exp(log_index)
    return income / baseline.income / index, wage / index, wage


@threaded
def equilibrate_many(  # type: ignore[no-untyped-def]
    baseline, costs, tariffs, balances, start, tolerance, max_iterations
):
    """Solve problems on all threads, each from `start` and by one thread alone.

    Parameters
    ----------
    baseline : Baseline
    costs, tariffs : (n_problems or 1, n_sectors, n_countries, n_countries) float64
    balances : (n_problems or 1, n_countries) float64
        As in `equilibrate`.
    start : (n_countries * (1 + 2 n_sectors),) float64
    tolerance, max_iterations : float, int

    Returns
    -------
    welfare, real_wage, wage, income : (n_problems, n_countries) float64
    iterations : (n_problems,) int64
    residual : (n_problems,) float64
    """
    n_problems = max(len(costs), len(tariffs), len(balances))
    n_countries = baseline.value_added.size
    welfare = np.empty((n_problems, n_countries))
    real_wage = np.empty((n_problems, n_countries))
    wage = np.empty((n_problems, n_countries))
    income = np.empty((n_problems, n_countries))
    iterations = np.empty(n_problems, np.int64)
    residual = np.empty(n_problems)
    for b in nb.prange(n_problems):
        trade = trade_after(baseline, costs[b % len(costs)], tariffs[b % len(tariffs)])
        point = start.copy()
        iterations[b], residual[b], income[b], _ = equilibrate(
            baseline,
            trade,
            balances[b % len(balances)],
            point,
            tolerance,
            max_iterations,
        )
        welfare[b], real_wage[b], wage[b] = real_income(baseline, point, income[b])
    return welfare, real_wage, wage, income, iterations, residual
