"""What a sender weighs before it adopts a measure: one named function per term.

A rule combines the terms with its weights; `sim.rules.hazard` is the default one. The same
functions give the covariates of an event-history regression on the dated record.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.compiled import rule

FRONTLINE_KM = 1000.0


class Terms(NamedTuple):
    """The covariates of one decision, in the order in which every rule receives them.

    Attributes
    ----------
    readiness : log hazard of the measure relative to the average one
    norm : in [0, 1], `norm`
    shock : <= 0 after a single event, `shock`
    peer : share of tie weight that has adopted, in [0, 1]
    recent : the same, each act fading within about a week
    joint : 1 on the day of a meeting one attends with the measure on the table, else 0
    lead : share of the leaders that have adopted, in [0, 1]
    bloc : largest share of fellow members of one institution that have adopted, in [0, 1]
    frontline : in [0, 1], `frontline`
    cost : own loss from the measure in percent of GDP, after burden sharing
    retaliation : in [0, 1], `retaliation`
    linkage : in [0, 1], `linkage`
    """

    readiness: float
    norm: float
    shock: float
    peer: float
    recent: float
    joint: float
    lead: float
    bloc: float
    frontline: float
    cost: float
    retaliation: float
    linkage: float


class Weights(NamedTuple):
    """The intercept and the coefficient of each term; those of `SUBTRACTED` enter with a minus."""

    intercept: float
    readiness: float
    norm: float
    shock: float
    peer: float
    recent: float
    joint: float
    lead: float
    bloc: float
    frontline: float
    cost: float
    retaliation: float
    linkage: float


SUBTRACTED = ("cost", "retaliation")  # the terms that hold a sender back


@rule
def norm(severity: float, democracy: float, involvement: float) -> float:
    """Return the pull of the violated norm: severity x democracy x the target's involvement.

    All in [0, 1]. Democracies answer violations more; valued relations blunt the answer
    (Erickson 2020, Review of International Studies), which the cost term carries.
    """
    return severity * democracy * involvement


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
def retaliation(energy_dependence: float, provocation: float) -> float:
    """Return the expected retaliation: dependence on the target's energy x the measure's signal.

    Parameters
    ----------
    energy_dependence : float
        Mean share of coal, oil and gas imports that come from the target, in [0, 1].
    provocation : float
        The measure's signal, in [0, 1].
    """
    return energy_dependence * provocation


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
