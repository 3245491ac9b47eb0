"""Phase 3, decide: the hazard rule.

Discrete-time proportional hazards with a complementary log-log link [1]_: the coefficients are
those of an ordinary regression on dated acts, and step length drops out.

References
----------
.. [1] Prentice and Gloeckler (1978), Regression analysis of grouped survival data with
   application to breast cancer data, Biometrics 34, 57-67.
"""

from __future__ import annotations

import math

from sim.compiled import rule
from sim.rules.terms import Terms, Weights

DAYS_PER_WEEK = 7.0


@rule
def log_hazard(terms: Terms, weights: Weights) -> float:
    """Return the log hazard per week of adopting a measure not yet adopted.

    Parameters
    ----------
    terms : Terms
        Covariates of this sender, measure, target and day.
    weights : Weights
        Coefficients; costs and retaliation enter with a minus.
    """
    return (
        weights.intercept
        + weights.readiness * terms.readiness
        + weights.norm * terms.norm
        + weights.shock * terms.shock
        + weights.peer * terms.peer
        + weights.recent * terms.recent
        + weights.joint * terms.joint
        + weights.lead * terms.lead
        + weights.bloc * terms.bloc
        + weights.frontline * terms.frontline
        - weights.cost * terms.cost
        - weights.retaliation * terms.retaliation
        + weights.linkage * terms.linkage
    )


@rule
def hazard(eta: float, days: float) -> float:
    """Return the hazard summed over `days` at a constant log hazard per week.

    Parameters
    ----------
    eta : float
        Log hazard per week.
    days : float
        > 0.
    """
    return math.exp(eta) * days / DAYS_PER_WEEK


@rule
def probability(eta: float, days: float) -> float:
    """Return the probability of acting within `days`, in [0, 1].

    Complementary log-log, 1 - exp(-exp(eta) days / 7), so one step of 14 days equals two of 7.
    """
    return -math.expm1(-math.exp(eta) * days / DAYS_PER_WEEK)
