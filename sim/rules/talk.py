"""Phase 10, talk: rounds of negotiation and the chance that they settle the war."""

from __future__ import annotations

import math

from sim.compiled import rule


@rule
def log_hazard(intercept: float, loss: float, weight: float) -> float:
    """Return the log hazard per round that talks settle the war; it rises with the target's loss.

    Parameters
    ----------
    intercept : float
        Log hazard per round without loss.
    loss : float
        The target's, percent of GDP, >= 0.
    weight : float
        Per percent of GDP, >= 0.

    Notes
    -----
    The sign is that of the literature on sanctions success (Bapat, Heinrich, Kobayashi and
    Morgan 2013); the size is an assumption.
    """
    return intercept + weight * loss


@rule
def round_hazard(eta: float) -> float:
    """Return the hazard that one round adds, given its log."""
    return math.exp(eta)
