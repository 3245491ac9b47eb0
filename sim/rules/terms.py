"""What a sender weighs before it adopts a measure: one named function per term.

A rule of `sim.rules.decide` combines the terms with its weights. The same functions give the
covariates of an event-history regression on the dated record.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.compiled import rule

FRONTLINE_KM = 1000.0


class Terms(NamedTuple):
    """The covariates of one decision on the next wave of a measure, as every rule receives them.

    Who has taken more waves of the measure than the sender is ahead of it.

    Attributes
    ----------
    effect : log hazard of measure and sender beside the average, today, less hesitation
    severity : of the violation, in [0, 1]
    involvement : of the target in it, in [0, 1]
    restraint : in [0, 1], `restraint`
    shock : <= 0 after a single event, `shock`
    meeting : 1 if the sender has met others today or yesterday, else 0
    peer : share of tie weight that is ahead, in [0, 1]
    recent : the same, each act fading within about a week
    lead : share of the leaders that are ahead, in [0, 1]
    bloc : largest share of fellow members of one institution that are ahead, in [0, 1]
    frontline : in [0, 1], `frontline`
    cost : own loss of the first year from the measure in percent of GDP, after burden sharing and
        side payments; 0 for measures on energy
    energy_cost : the same of measures on energy, 0 for others
    retaliation : in [0, 1], `retaliation`
    linkage : in [0, 1], `linkage`
    support : domestic support beyond one half, in [-1/2, 1/2]
    relation : in [0, 1], `valued`
    wave : 1 if a first wave has been taken, else 0
    damage : what the measure adds to the target's loss, given what the others do, in percent of
        the sender's own GDP
    threshold : share of peers at which the sender follows
    """

    effect: float
    severity: float
    involvement: float
    restraint: float
    shock: float
    meeting: float
    peer: float
    recent: float
    lead: float
    bloc: float
    frontline: float
    cost: float
    energy_cost: float
    retaliation: float
    linkage: float
    support: float
    relation: float
    wave: float
    damage: float
    threshold: float


class Weights(NamedTuple):
    """The coefficients of all rules, coordination levers applied; each rule uses its own.

    Attributes
    ----------
    intercept : log hazard per week
    severity to wave : of the term of that name; those of `SUBTRACTED` enter with a minus
    follower_intercept : log hazard per week of a sender that follows (threshold rule)
    benefit : willingness to pay, own loss per loss of the target (expected utility)
    utility_scale : per percent of GDP of damage less cost (expected utility)
    conformity : per share of peers beyond the threshold (expected utility)
    conform_peer, conform_lead : weights of peers and leaders in the share that a sender follows
    """

    intercept: float
    severity: float
    involvement: float
    restraint: float
    shock: float
    meeting: float
    peer: float
    recent: float
    lead: float
    bloc: float
    frontline: float
    cost: float
    energy_cost: float
    retaliation: float
    linkage: float
    support: float
    relation: float
    wave: float
    follower_intercept: float
    benefit: float
    utility_scale: float
    conformity: float
    conform_peer: float
    conform_lead: float


# The terms that hold a sender back.
SUBTRACTED = ("restraint", "cost", "energy_cost", "retaliation", "relation", "wave")


@rule
def restraint(severity: float, is_targeted: bool) -> float:
    """Return how far a measure would outrun the violation, in [0, 1].

    Targeted measures, on named persons, firms and banks, come first; what hits a sector or a whole
    state waits for a grave violation: countermeasures are to be commensurate with the injury
    (International Law Commission 2001, Articles on State Responsibility, Article 51).

    Parameters
    ----------
    severity : float
        Of the violation, in [0, 1].
    is_targeted : bool
    """
    return 0.0 if is_targeted else 1.0 - severity


@rule
def shock(urgency: float) -> float:
    """Return the log of the summed urgency of events; -inf is never reached before the first.

    Parameters
    ----------
    urgency : float
        Sum of `urgency_of` over events, >= 0.
    """
    return math.log(max(urgency, 1e-6))


@rule
def recency(days_since: float, memory_days: float) -> float:
    """Return the pull of a peer's act on its day's morrow and after: exp(-days / memory).

    Parameters
    ----------
    days_since : float
        Days since the act became known, >= 0.
    memory_days : float
        Days after which the pull has fallen to 1/e, > 0.
    """
    return math.exp(-days_since / memory_days)


@rule
def frontline(distance_km: float) -> float:
    """Return the nearness to the war, exp(-distance / 1000 km), in [0, 1].

    The functional form is an assumption; that exposure to the aggressor raises the benefit of
    punishing it is the frontline externality of the literature on the Baltic states and Poland.
    """
    return math.exp(-distance_km / FRONTLINE_KM)


@rule
def shared_cost(own_loss: float, coalition_loss: float, burden_sharing: float) -> float:
    """Return the loss a sender expects to bear after transfers, in percent of GDP.

    With burden sharing of 0 its own, with 1 the coalition's average (Chowdhry, Hinz, Kamin and
    Wanner 2024, Economic Policy, equalising transfers).

    Parameters
    ----------
    own_loss, coalition_loss : float
        Percent of GDP.
    burden_sharing : float
        In [0, 1].
    """
    return own_loss + burden_sharing * (coalition_loss - own_loss)


@rule
def retaliation(dependence: float, provocation: float) -> float:
    """Return the expected retaliation: dependence on the target x how surely it will be used.

    Parameters
    ----------
    dependence : float
        In [0, 1]: mean share of coal, oil and gas imports that come from the target; for a closed
        airspace the share of long-haul routes that cross it.
    provocation : float
        In [0, 1]: the measure's signal; 1 for a closed airspace, which is answered in kind.
    """
    return dependence * provocation


@rule
def linkage(exposed: float, signal: float) -> float:
    """Return the weight of the example set for another region: exposure x the measure's signal.

    Parameters
    ----------
    exposed : float
        1 for a state in the theatre to which the issue is linked, else 0.
    signal : float
        In [0, 1].
    """
    return exposed * signal


@rule
def relief(fund_bn: float, burden_bn: float) -> float:
    """Return the share of the followers' losses that a fund of side payments makes good, in [0, 1].

    Leaders buy adherence (Martin 1992); the fund is shared out in proportion to losses.

    Parameters
    ----------
    fund_bn, burden_bn : float
        USD billion a year, >= 0; the burden is what all measures would cost the followers.
    """
    if burden_bn <= 0.0:
        return 0.0
    return min(1.0, fund_bn / burden_bn)


@rule
def valued(relation: float) -> float:
    """Return what a good relation with the target weighs, in [0, 1]; a bad one weighs nothing."""
    return max(relation, 0.0)


@rule
def following(peer: float, lead: float, peer_weight: float, lead_weight: float) -> float:
    """Return the share of those who matter that are ahead, in [0, 1]; 0 if nobody matters.

    Parameters
    ----------
    peer, lead : float
        Shares of peers and of leaders, in [0, 1].
    peer_weight, lead_weight : float
        >= 0.
    """
    total = peer_weight + lead_weight
    if total <= 0.0:
        return 0.0
    return (peer_weight * peer + lead_weight * lead) / total


@rule
def threshold_of(uniform: float, mean: float, spread: float) -> float:
    """Return a sender's threshold: logistic with this mean and standard deviation.

    Parameters
    ----------
    uniform : float
        In (0, 1).
    mean, spread : float
        A share of peers, and its standard deviation, >= 0.

    Notes
    -----
    Granovetter's example is normal; the logistic has a closed form and nearly the same shape.
    Below 0 a sender follows the first peer, above 1 none.
    """
    return mean + spread * math.sqrt(3.0) / math.pi * math.log(uniform / (1.0 - uniform))
