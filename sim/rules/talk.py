"""Phase 12, talks: rounds of negotiation and the chance that they settle the war."""

from __future__ import annotations

import math

from sim.compiled import rule


@rule
def log_hazard(
    intercept: float, loss: float, weight: float, doubt: float, doubt_weight: float
) -> float:
    """Return the log hazard per round that talks settle the war.

    It rises with the target's loss and with its doubt about how long the coalition will hold.

    Parameters
    ----------
    intercept : float
        Log hazard per round without loss.
    loss : float
        The target's, percent of GDP, >= 0.
    weight : float
        Per percent of GDP, >= 0.
    doubt : float
        Of `doubt`, in [0, 1].
    doubt_weight : float
        >= 0.

    Notes
    -----
    The sign of the loss is that of the literature on sanctions success (Bapat, Heinrich,
    Kobayashi and Morgan 2013); the size is an assumption.
    """
    return intercept + weight * loss + doubt_weight * doubt


@rule
def doubt(belief: float) -> float:
    """Return how uncertain a belief in [0, 1] is: 1 at one half, 0 where it is certain."""
    return 4.0 * belief * (1.0 - belief)


@rule
def round_hazard(eta: float) -> float:
    """Return the hazard that one round adds, given its log."""
    return math.exp(eta)
