"""Person-days with a shock that all decisions of a day share.

Many adoptions of 2022 fall on the same day. Here the log hazards of one day have a normal part in
common, of mean hazard 1 and a spread that is estimated; what a day saw is scored as a whole, so the
score never looks at one outcome of a day to foretell another. No rule of the model has such a
shock: the gain says how much acting together is missing from it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.likelihood import Floats, Prior, Rows, log_likelihoods, mode, slopes

NODES = 11
WIDEST = 3.0  # of the spread: beyond, the nodes are too far apart
HALF_NORMAL = 1.5  # scale of the prior of the spread


class Shared(NamedTuple):
    """Coefficients and the spread of the day's common shock, in log hazard.

    Attributes
    ----------
    value : (n_terms,) float64
    spread : float
    """

    value: Floats
    spread: float


def fit_shared(terms: Floats, rows: Rows, day: NDArray[np.int64], prior: Prior) -> Shared:
    """Return the most probable coefficients and spread.

    Parameters
    ----------
    terms : (n_rows, n_terms) float64
    rows : Rows
    day : (n_rows,) int64
    prior : Prior
        Of the coefficients; the spread has a half-normal one.
    """
    from scipy.optimize import minimize

    precision, n_terms = prior.precision(), terms.shape[1]
    start = mode(terms, rows, prior).value

    def loss(at: Floats) -> tuple[float, Floats]:
        value, spread = at[:n_terms], float(at[n_terms])
        score, by_eta, by_spread = _day_score(terms @ value, rows, day, spread)
        away = value - prior.mean
        height: float = score - 0.5 * float(precision @ away**2) - 0.5 * (spread / HALF_NORMAL) ** 2
        gradient: Floats = np.r_[
            terms.T @ by_eta - precision * away, by_spread - spread / HALF_NORMAL**2
        ]
        gradient[:n_terms][prior.spread == 0.0] = 0.0
        return -float(height), -gradient

    bounds = [(None, None)] * n_terms + [(1e-3, WIDEST)]
    found = minimize(loss, np.r_[start, 0.7], jac=True, method="L-BFGS-B", bounds=bounds)
    return Shared(np.asarray(found.x[:n_terms]), float(found.x[n_terms]))


def shared_log_score(eta: Floats, rows: Rows, day: NDArray[np.int64], spread: float) -> float:
    """Return the log probability of what each day saw as a whole, summed.

    Parameters
    ----------
    eta : (n_rows,) float64
        Log hazard per week without the shock.
    """
    return _day_score(eta, rows, day, spread)[0]


def _day_score(
    eta: Floats, rows: Rows, day: NDArray[np.int64], spread: float
) -> tuple[float, Floats, float]:
    """Return the score, its slope in each eta, (n_rows,), and its slope in the spread."""
    node, mass = np.polynomial.hermite_e.hermegauss(NODES)
    mass = mass / mass.sum()
    names, member = np.unique(day, return_inverse=True)
    given = np.zeros((names.size, NODES))
    slope = np.zeros((eta.size, NODES))
    for k in range(NODES):
        moved = eta + spread * node[k] - spread**2 / 2.0  # of mean hazard 1
        given[:, k] = np.bincount(member, log_likelihoods(moved, rows), names.size)
        slope[:, k] = slopes(moved, rows)[0]
    top = given.max(axis=1, keepdims=True)
    weight = np.exp(given - top) * mass
    score = float((np.log(weight.sum(axis=1)) + top[:, 0]).sum())
    weight /= weight.sum(axis=1, keepdims=True)
    weighted = weight[member] * slope
    return score, weighted.sum(axis=1), float((weighted * (node - spread)).sum())
