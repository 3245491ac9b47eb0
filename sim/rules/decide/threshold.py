"""The threshold rule: follow once enough of those who matter have gone ahead.

Granovetter (1978) [1]_ for a crowd, Watts (2002) [2]_ on a network. A sender whose threshold is
not met acts for its own reasons alone, as instigators do.

References
----------
.. [1] Granovetter (1978), Threshold models of collective behavior, American Journal of
   Sociology 83.
.. [2] Watts (2002), A simple model of global cascades on random networks, PNAS 99.
"""

from __future__ import annotations

from sim.compiled import rule
from sim.rules.decide import independent
from sim.rules.terms import Terms, Weights, following

own_reasons = independent.log_hazard


@rule
def log_hazard(terms: Terms, weights: Weights) -> float:
    """Return the log hazard per week of a measure's next wave.

    Parameters
    ----------
    terms : Terms
        `threshold` is the sender's own; the share held against it is that of peers and leaders
        in the proportion of their weights.
    weights : Weights
        `follower_intercept` is the log hazard of a sender that follows. Effect and cost count for
        it too.
    """
    alone = own_reasons(terms, weights)
    share = following(terms.peer, terms.lead, weights.conform_peer, weights.conform_lead)
    if share <= 0.0 or share < terms.threshold:
        return alone
    follows = (
        weights.follower_intercept
        + terms.effect
        - weights.cost * terms.cost
        - weights.energy_cost * terms.energy_cost
        - weights.wave * terms.wave
    )
    return max(alone, follows)
