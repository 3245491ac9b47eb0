"""What decisions share: the factors of a day, a table and a government's own day on hazards."""

from __future__ import annotations

from functools import lru_cache
from math import erfc, sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.config import Rule
from sim.draws import N_STRATA


class Shocks(NamedTuple):
    """Factors on the hazard, (n_strata,) each, mean 1; empty where nothing is shared."""

    day: Floats
    table: Floats
    agenda: Floats


def shocks_of(rule: Rule) -> Shocks:
    """Return the shocks of a rule."""
    return Shocks(*map(factors, (rule.frailty_sd, rule.package_sd, rule.agenda_sd)))


@lru_cache
def factors(spread: float) -> Floats:
    """Return the mean of a lognormal factor in each of equally probable strata.

    Their own mean is 1 whatever the spread, so that a shock moves acts together and adds none.

    Parameters
    ----------
    spread : float
        Standard deviation of the log, >= 0.
    """
    if spread == 0.0:
        return np.ones(0)
    # Python's own, not scipy's: that takes longer to import than a run takes.
    inner = map(NormalDist().inv_cdf, np.arange(1, N_STRATA) / N_STRATA)
    edges = np.array([-np.inf, *inner, np.inf]) - spread
    # Beyond the middle the upper tails are the small numbers whose difference is exact.
    upper, lower = _tails(edges), _tails(-edges)
    mass = np.where(edges[1:] > 0.0, upper[:-1] - upper[1:], lower[1:] - lower[:-1])
    return np.asarray(mass * N_STRATA)


def _tails(edges: Floats) -> Floats:
    """Return the chances of a standard normal beyond each edge, exact where they are small."""
    return np.array([erfc(edge / sqrt(2.0)) / 2.0 for edge in edges])
