"""Phase 6, response: how a target answers those who acted, and who refuses its terms."""

from __future__ import annotations

import math

from sim.compiled import rule


@rule
def provocation(signals: float) -> float:
    """Return how provoked a target is, >= 0: the log of one plus the signals of acts against it.

    Parameters
    ----------
    signals : float
        Sum over announced acts of signal x the actor's share of the senders' GDP, >= 0; for an
        answer to a single sender, of its own acts without that share.
    """
    return math.log1p(signals)


@rule
def listing_hazard(listing_days: float, days: float) -> float:
    """Return the hazard over `days` that a state that acted is put on an existing list."""
    return days / listing_days


@rule
def log_hazard(
    readiness: float,
    harm: float,
    own_cost: float,
    provoked: float,
    intercept: float,
    cost_elasticity: float,
) -> float:
    """Return the log hazard per week of a countermeasure.

    Parameters
    ----------
    readiness : float
        Log hazard of the countermeasure relative to the average one.
    harm, own_cost : float
        In one unit, > 0; what hurts much and costs little comes first.
    provoked : float
        Of `provocation`, > 0; nothing is answered before the first act.
    intercept, cost_elasticity : float
        Log hazard per week at a provocation of 1; weight of log(harm / own cost), >= 0.
    """
    return intercept + readiness + cost_elasticity * math.log(harm / own_cost) + math.log(provoked)


@rule
def refusal_log_odds(
    intercept: float, nearness: float, nearness_weight: float, volume: float, volume_weight: float
) -> float:
    """Return the log odds that a buyer of pipeline gas refuses to pay for it in rubles.

    Parameters
    ----------
    nearness : float
        To the war, in [0, 1].
    volume : float
        Bought from the target by pipeline, billion cubic metres a year, > 0: small buyers find
        other gas.

    Notes
    -----
    The mode of a logit on the eleven buyers in the EU that had answered by 20 May 2022, see
    `experiments/estimate_stances.py`; eleven answers leave wide intervals.
    """
    return intercept + nearness_weight * nearness - volume_weight * math.log(volume)


@rule
def supply_hazard(hazard: float, refuses: bool, paying_factor: float) -> float:
    """Return the hazard of a cut-off once payment on the target's terms is due.

    Parameters
    ----------
    hazard : float
        Of cutting off who refuses them.
    paying_factor : float
        What is left of it for who pays, in [0, 1]: pressure by other means.
    """
    return hazard if refuses else hazard * paying_factor
