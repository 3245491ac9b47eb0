"""The hazard rule: own reasons and the pull of the others, additive in the log hazard.

The only rule whose coefficients an ordinary regression on dated acts gives, with standard errors.
"""

from __future__ import annotations

from sim.compiled import rule
from sim.rules.decide import independent
from sim.rules.terms import Terms, Weights

own_reasons = independent.log_hazard


@rule
def log_hazard(terms: Terms, weights: Weights) -> float:
    """Return the log hazard per week of a measure's next wave.

    Parameters
    ----------
    terms : Terms
        Covariates of this sender, measure, target and day.
    weights : Weights
        Coefficients; those of `SUBTRACTED` enter with a minus.
    """
    return (
        own_reasons(terms, weights)
        + weights.meeting * terms.meeting
        + weights.peer * terms.peer
        + weights.recent * terms.recent
        + weights.lead * terms.lead
        + weights.bloc * terms.bloc
    )
