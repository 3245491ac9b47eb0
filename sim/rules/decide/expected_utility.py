"""The expected-utility rule: damage to the target, at what own cost, and who else is in.

A random utility with a logit link, taken as the probability of acting within a week. A sender
pays `benefit` of its own income for one of the target's [1]_; costly leadership makes following
credible [2]_.

References
----------
.. [1] de Souza, Hu, Li and Mei (2024), (Trade) war and peace: how to impose international trade
   sanctions, Journal of Monetary Economics.
.. [2] Martin (1992), Coercive cooperation, Princeton University Press.
"""

from __future__ import annotations

import math

from sim.compiled import rule
from sim.rules.terms import Terms, Weights, following


@rule
def log_hazard(terms: Terms, weights: Weights) -> float:
    """Return the log hazard per week of a measure's next wave.

    Parameters
    ----------
    terms : Terms
        `damage` and costs in percent of the sender's income; `threshold` is its own.
    weights : Weights
        `utility_scale` per percent of income; the others in logits.

    Notes
    -----
    With utility u the probability within a week is 1 / (1 + exp(-u)); its hazard is
    log(1 + exp(u)), which is returned in logs and, for u far below zero, is u itself.
    """
    share = following(terms.peer, terms.lead, weights.conform_peer, weights.conform_lead)
    utility = (
        weights.intercept
        + terms.effect
        + weights.severity * terms.severity
        + weights.involvement * terms.involvement
        - weights.restraint * terms.restraint
        + weights.shock * terms.shock
        + weights.utility_scale * (weights.benefit * terms.damage - terms.cost - terms.energy_cost)
        + weights.conformity * (share - terms.threshold)
        + weights.frontline * terms.frontline
        - weights.retaliation * terms.retaliation
        + weights.linkage * terms.linkage
        + weights.support * terms.support
        - weights.relation * terms.relation
        - weights.wave * terms.wave
    )
    if utility < -30.0:
        return utility
    if utility > 30.0:
        return math.log(utility)
    return math.log(math.log1p(math.exp(utility)))
