"""Phase 3, decision: giving a measure up again, by backsliding or because the war is settled."""

from __future__ import annotations

from sim.compiled import rule

DAYS_PER_MONTH = 30.0


@rule
def backsliding(
    rate: float, is_held: bool, support: float, reversibility: float, days: float
) -> float:
    """Return the hazard over `days` that a sender gives up a measure in force.

    Without an institution that monitors them members backslide, and an initial burst decays
    (Drezner 2000, International Organization 54); pressure at home speeds it up.

    Parameters
    ----------
    rate : float
        Per month, of a sender outside all institutions with full support, >= 0.
    is_held : bool
        An institution holds the sender to what was agreed.
    support : float
        Domestic support, in [0, 1].
    reversibility : float
        Of the measure, in [0, 1].
    """
    if is_held:
        return 0.0
    return rate * (2.0 - support) * reversibility * days / DAYS_PER_MONTH


@rule
def easing(easing_days: float, reversibility: float, days: float) -> float:
    """Return the hazard over `days` that a measure is lifted once the war is settled."""
    return reversibility * days / easing_days
