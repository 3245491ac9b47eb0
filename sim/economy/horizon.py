"""Trade elasticities by horizon: those of the short run, of the long run, and of any day between.

With m, the maturity of a cut, from 0 on its first day to 1 in the end,

    1 / theta(m) = (1 - m) / theta(0) + m / theta(1)        m = 1 - exp(-age / T)

theta(1) stands in the economy's tables, theta(0) over theta(1) and T in the world's `sectors.csv`.
A quarter at once [1]_ and 0.38 after one year [2]_ give T = 600 days, and 0.96 after seven years.

References
----------
.. [1] Anderson and Yotov (2020), Short run gravity, Journal of International Economics 126.
.. [2] Boehm, Levchenko and Pandalai-Nayar (2023), The long and short (run) of trade elasticities,
   American Economic Review 113: -0.76 after one year, about -2 after seven to ten.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from sim.arrays import Floats, read_only
from sim.economy.baseline import world_economy
from sim.economy.sectors import sectors_of
from sim.economy.tables import Economy
from sim.rules import horizon
from sim.world import World

FRESH, MATURE = NODES = (0.0, 1.0)  # maturities between which the engine interpolates
YEAR = 365.0
AGES = {"first_year": YEAR, "third_year": 3.0 * YEAR}  # days; reported beside the long run


def theta_at(world: World, maturity: float | Floats) -> Floats:
    """Return the trade elasticities at a maturity, (n_sectors,).

    Parameters
    ----------
    maturity : float or (n_sectors,) float64
        In [0, 1].
    """
    long_run = world_economy(world).theta
    inverse = (1.0 - maturity) / (sectors_of(world).short_run * long_run) + maturity / long_run
    theta: Floats = 1.0 / inverse
    return theta


def economy_at(world: World, maturity: float | Floats, balance: bool = True) -> Economy:
    """Return the economy of a world at the elasticities of a maturity; others as `theta_at`.

    Parameters
    ----------
    balance : bool
        Start from balanced trade.
    """
    economy = world_economy(world, balance)
    return read_only(dataclasses.replace(economy, theta=theta_at(world, maturity)))


def maturity_after(world: World, days: float) -> Floats:
    """Return how far each sector has adjusted so many days after a cut, (n_sectors,)."""
    times = sectors_of(world).adjustment_days
    return np.array([horizon.maturity(days, float(time)) for time in times])


def first_year_maturity(world: World) -> Floats:
    """Return the mean maturity of each sector over the year after a cut, (n_sectors,)."""
    times = sectors_of(world).adjustment_days
    return np.array([horizon.mean_maturity(YEAR, float(time)) for time in times])
