"""The likelihood of grouped survival data, and its mode under a normal prior.

Rows are person-periods. The chance that a row sees the event is 1 - exp(-exp(eta) days / 7) at the
log hazard eta per week [1]_: `sim.rules.clock.probability`, for whole columns at once.

References
----------
.. [1] Prentice and Gloeckler (1978), Biometrics 34, 57-67.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules.clock import DAYS_PER_WEEK

Floats = NDArray[np.float64]
LARGEST = 30.0  # log of the largest summed hazard: beyond, the event is certain
ROUNDS = 100


class Rows(NamedTuple):
    """The outcome side of a person-period table.

    Attributes
    ----------
    event : (n_rows,) float64
        1 where the act was announced in the period, else 0.
    days : (n_rows,) float64
        Length of the period.
    weight : (n_rows,) float64
    """

    event: Floats
    days: Floats
    weight: Floats


class Prior(NamedTuple):
    """Independent normals: what is thought of each coefficient before the dates are seen.

    Attributes
    ----------
    mean, spread : (n_terms,) float64
        Infinite spread for no opinion; zero holds a coefficient at its mean.
    """

    mean: Floats
    spread: Floats

    def precision(self) -> Floats:
        """Return one over the variance, (n_terms,); 0 where the coefficient is held."""
        held = self.spread == 0.0
        return np.where(held, 0.0, 1.0 / np.where(held, 1.0, self.spread) ** 2)


class Mode(NamedTuple):
    """The mode of a posterior and its curvature.

    Attributes
    ----------
    value : (n_terms,) float64
    covariance : (n_terms, n_terms) float64
        Inverse of the curvature (Laplace); zero rows for coefficients that are held.
    log_likelihood : float
        At the mode, without the prior.
    """

    value: Floats
    covariance: Floats
    log_likelihood: float


def log_likelihoods(eta: Floats, rows: Rows) -> Floats:
    """Return the log probability of what each row saw, times its weight.

    Parameters
    ----------
    eta : (n_rows,) float64
        Log hazard per week.
    rows : Rows
    """
    hazard = _summed_hazard(eta, rows.days)
    adopted = np.log(np.maximum(-np.expm1(-hazard), 1e-300))
    return rows.weight * np.where(rows.event > 0, adopted, -hazard)


def chance_of(eta: Floats, rows: Rows) -> Floats:
    """Return the chance that each row sees the event, (n_rows,)."""
    chance: Floats = -np.expm1(-_summed_hazard(eta, rows.days))
    return chance


def slopes(eta: Floats, rows: Rows) -> tuple[Floats, Floats]:
    """Return the first and second derivative of `log_likelihoods` by eta, each (n_rows,)."""
    hazard = _summed_hazard(eta, rows.days)
    hazard = np.maximum(hazard, 1e-300)
    pull = hazard * np.exp(-hazard) / -np.expm1(-hazard)
    first = np.where(rows.event > 0, pull, -hazard)
    second = np.where(rows.event > 0, pull * (1.0 - hazard - pull), -hazard)
    return rows.weight * first, rows.weight * second


def mode(terms: Floats, rows: Rows, prior: Prior) -> Mode:
    """Return the most probable coefficients by Newton's method.

    The log posterior is concave, so there is one mode and every start finds it.

    Parameters
    ----------
    terms : (n_rows, n_terms) float64
        A column of ones for the intercept; what is subtracted has its sign turned.
    rows : Rows
    prior : Prior
    """
    value, precision = prior.mean.copy(), prior.precision()
    free = prior.spread > 0.0
    curvature = np.eye(value.size)

    def height(at: Floats) -> float:
        penalty = 0.5 * float(precision @ (at - prior.mean) ** 2)
        return float(log_likelihoods(terms @ at, rows).sum()) - penalty

    reached = height(value)
    for _ in range(ROUNDS):
        first, second = slopes(terms @ value, rows)
        gradient = (terms.T @ first - precision * (value - prior.mean))[free]
        curvature = -(terms[:, free] * second[:, None]).T @ terms[:, free]
        curvature += np.diag(precision[free]) + 1e-9 * np.eye(int(free.sum()))
        step = np.zeros_like(value)
        step[free] = np.linalg.solve(curvature, gradient)
        length = 1.0
        while height(value + length * step) < reached and length > 1e-8:
            length /= 2.0
        value = value + length * step
        before, reached = reached, height(value)
        if reached - before < 1e-9:
            break
    covariance = np.zeros((value.size, value.size))
    covariance[np.ix_(free, free)] = np.linalg.inv(curvature)
    return Mode(value, covariance, float(log_likelihoods(terms @ value, rows).sum()))


def bounded_mode(terms: Floats, rows: Rows, prior: Prior, low: Floats, high: Floats) -> Mode:
    """Return the mode among coefficients within bounds; those that press on one are held there.

    Parameters
    ----------
    low, high : (n_terms,) float64
    """
    while True:
        found = mode(terms, rows, prior)
        outside = (found.value < low) | (found.value > high)
        if not outside.any():
            return found
        mean = np.where(outside, np.clip(found.value, low, high), prior.mean)
        prior = Prior(mean, np.where(outside, 0.0, prior.spread))


def clustered(terms: Floats, rows: Rows, found: Mode, cluster: Floats) -> Floats:
    """Return standard errors that allow rows of one cluster to go together, (n_terms,).

    The sandwich of curvature and summed slopes, times G / (G - 1) for few clusters G.

    Parameters
    ----------
    cluster : (n_rows,)
        Names of the clusters.
    """
    first, _ = slopes(terms @ found.value, rows)
    names, member = np.unique(cluster, return_inverse=True)
    pull = np.zeros((names.size, terms.shape[1]))
    np.add.at(pull, member, terms * first[:, None])
    spread = found.covariance @ (pull.T @ pull) @ found.covariance
    return np.sqrt(np.diag(spread) * names.size / max(names.size - 1, 1))


def _summed_hazard(eta: Floats, days: Floats) -> Floats:
    return np.exp(np.clip(eta + np.log(days / DAYS_PER_WEEK), -LARGEST * 2, LARGEST))
