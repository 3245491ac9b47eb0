"""The independent rule, each sender by its own reasons: the null of the others' scores."""

from __future__ import annotations

from sim.compiled import rule
from sim.rules.terms import Terms, Weights


@rule
def log_hazard(terms: Terms, weights: Weights) -> float:
    """Return the log hazard per week of a measure's next wave, whatever the others do.

    Parameters
    ----------
    terms : Terms
        Covariates of this sender, measure, target and day.
    weights : Weights
        Coefficients; those of `SUBTRACTED` enter with a minus.
    """
    return (
        weights.intercept
        + terms.effect
        + weights.severity * terms.severity
        + weights.involvement * terms.involvement
        - weights.restraint * terms.restraint
        + weights.shock * terms.shock
        + weights.frontline * terms.frontline
        - weights.cost * terms.cost
        - weights.energy_cost * terms.energy_cost
        - weights.retaliation * terms.retaliation
        + weights.linkage * terms.linkage
        + weights.support * terms.support
        - weights.relation * terms.relation
        - weights.wave * terms.wave
    )
