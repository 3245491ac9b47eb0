"""Phase 11, update: domestic support for sanctions in a sender."""

from __future__ import annotations

import math

from sim.compiled import rule


@rule
def accepted(loss: float, cost_weight: float) -> float:
    """Return the share of those who would bear the own loss, exp(-cost_weight loss), in [0, 1].

    Parameters
    ----------
    loss : float
        The sender's, percent of GDP; gains count as none.
    cost_weight : float
        Per percent of GDP, >= 0.
    """
    return math.exp(-cost_weight * max(loss, 0.0))


@rule
def support_after(
    support: float,
    urgency: float,
    accepted: float,
    days: float,
    rally: float,
    fatigue_days: float,
) -> float:
    """Return the support in [0, 1] after `days`.

    It is drawn towards a level that events raise and own losses lower:
    rally * urgency / (1 + urgency) + (1 - rally) * accepted.

    Parameters
    ----------
    support : float
        In [0, 1].
    urgency : float
        Of events, >= 0.
    accepted : float
        Of `accepted`, at the sender's loss.
    days, fatigue_days : float
        Length of the step, and days after which 1/e of an old mood is left, > 0.
    rally : float
        Share of support that events alone can carry, in [0, 1].

    Notes
    -----
    Rises with events, falls with cost and time; form and size are assumptions.
    """
    level = rally * urgency / (1.0 + urgency) + (1.0 - rally) * accepted
    return level + (support - level) * math.exp(-days / fatigue_days)
