"""Phase 13, society: domestic support for sanctions in a sender."""

from __future__ import annotations

import math

from sim.compiled import rule


@rule
def accepted(loss: float, cost_weight: float, nearness: float) -> float:
    """Return the share of those who would bear the own loss, in [0, 1].

    exp(-cost_weight (1 - nearness) loss): who has the war at the door bears more.

    Parameters
    ----------
    loss : float
        The sender's, percent of GDP; gains count as none.
    cost_weight : float
        Per percent of GDP, >= 0.
    nearness : float
        Of the war as far as it counts for support, in [0, 1].
    """
    return math.exp(-cost_weight * (1.0 - nearness) * max(loss, 0.0))


@rule
def support_after(
    support: float,
    urgency: float,
    nearness: float,
    accepted: float,
    days: float,
    rally: float,
    fatigue_days: float,
) -> float:
    """Return the support in [0, 1] after `days`.

    It is drawn towards a level that the war raises and own losses lower:
    rally * alarm + (1 - rally) * accepted. Alarm is that of the latest events, urgency / (1 +
    urgency); what fades of it elsewhere stays with those who live near the war.

    Parameters
    ----------
    support : float
        In [0, 1].
    urgency : float
        Of events, >= 0.
    nearness : float
        Of the war as far as it counts for support, in [0, 1].
    accepted : float
        Of `accepted`, at the sender's loss.
    days, fatigue_days : float
        Length of the step, and days after which 1/e of an old mood is left, > 0.
    rally : float
        Share of support that the war alone can carry, in [0, 1].

    Notes
    -----
    Rises with events and nearness, falls with cost and time; form and size are assumptions. In
    April 2022 sanctions were approved by 80 % in the EU, most (91 to 93 %) in Poland, Finland and
    Portugal, least in Bulgaria (44) and Cyprus (48) (Flash Eurobarometer 506, read in the press).
    """
    calm = 1.0 / (1.0 + urgency)
    alarm = 1.0 - calm * (1.0 - nearness)
    level = rally * alarm + (1.0 - rally) * accepted
    return level + (support - level) * math.exp(-days / fatigue_days)
