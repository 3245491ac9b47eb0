"""Phases 6, 7 and 10: what third states think of the violation, whom they help and fear."""

from __future__ import annotations

import math

from sim.compiled import rule


@rule
def condemn_log_odds(
    intercept: float, distance: float, distance_weight: float, pact: float, pact_weight: float
) -> float:
    """Return the log odds that a third state is one that condemns a violation of this kind.

    Parameters
    ----------
    intercept : float
        Of a state that votes like the target and has no pact with it.
    distance : float
        Ideal point of the state in the UN General Assembly less that of the target.
    pact : float
        Pledge to consult with the target, in [0, 1].

    Notes
    -----
    A logit on the votes of 62 states for resolution ES-11/1 of 2 March 2022, see
    `experiments/estimate_stances.py`. An abstention and an absence count as no.
    """
    return intercept + distance_weight * distance - pact_weight * pact


@rule
def condemn_hazard(severity: float, condemn_days: float, days: float) -> float:
    """Return the hazard over `days` that a state which condemns says so.

    Parameters
    ----------
    severity : float
        Of the violation, in [0, 1]; without one there is nothing to condemn.
    condemn_days : float
        Mean time after the gravest violation, > 0.
    """
    return severity * days / condemn_days


@rule
def cooperation_log_hazard(
    intercept: float,
    relation: float,
    relation_weight: float,
    signals: float,
    pressure_weight: float,
    capability: float,
) -> float:
    """Return the log hazard per week that a third state deepens defence cooperation.

    Parameters
    ----------
    intercept : float
        Log hazard per week at a product of capabilities of 1, without ties and pressure.
    relation : float
        With the target, in [-1, 1].
    signals : float
        Summed signal of the acts against the target, >= 0: pressure from outside brings them
        together.
    capability : float
        Product of the shares of the two in the world's material capabilities, > 0; acts are in
        proportion to it, as trade is to incomes: who has few arms and troops has little to
        cooperate with.

    Notes
    -----
    A common adversary and like views bring defence agreements about (Kinne 2018, International
    Organization 72); the proportion to capabilities is an assumption.
    """
    return (
        intercept
        + relation_weight * relation
        + pressure_weight * math.log1p(signals)
        + math.log(capability)
    )


@rule
def compliance(credibility: float, exposure: float, sensitivity: float) -> float:
    """Return the share of covered trade that a third state's banks and traders refuse, in [0, 1].

    Parameters
    ----------
    credibility : float
        Of the threat of secondary sanctions, in [0, 1].
    exposure : float
        Share of the senders in the state's trade, in [0, 1].
    sensitivity : float
        >= 0.
    """
    return -math.expm1(-sensitivity * credibility * exposure)


@rule
def readiness_to_carry(willingness: float, condemns: bool, condemned_factor: float) -> float:
    """Return how ready a third state is to carry covered trade, in [0, 1]."""
    return willingness * condemned_factor if condemns else willingness


@rule
def relation_after(relation: float, change: float) -> float:
    """Return a relation in [-1, 1] after a protest, an answer (< 0) or cooperation (> 0).

    Each act counts less the nearer the relation is to its end of the scale.
    """
    room = 1.0 - relation if change > 0.0 else 1.0 + relation
    return relation + change * room


@rule
def belief_after(
    belief: float,
    strength: float,
    quiet_days: float,
    patience_days: float,
    days: float,
    belief_days: float,
) -> float:
    """Return bystanders' belief in the coalition's resolve after `days`, in [0, 1].

    It follows the coalition's strength with a lag, so that coverage, speed and staying power all
    count: a late or short-lived coalition is believed in less. While the coalition goes on acting,
    that little is in force yet is no reason to believe in it less.

    Parameters
    ----------
    strength : float
        GDP share of those who act times the share of the menu they have in force, in [0, 1].
    quiet_days : float
        Since the latest announcement, >= 0.
    patience_days : float
        Quiet that bystanders take for a pause, >= 0.
    """
    if strength < belief and quiet_days <= patience_days:
        return belief
    return strength + (belief - strength) * math.exp(-days / belief_days)


@rule
def attempt_log_hazard(
    intercept: float, resolve: float, resolve_weight: float, tie: float, tie_weight: float
) -> float:
    """Return the log hazard per year of a unilateral attempt elsewhere. An indicator, no forecast.

    Parameters
    ----------
    intercept : float
        Log hazard per year with no resolve and no tie; a free parameter without source.
    resolve : float
        Believed, in [0, 1].
    tie : float
        Relation of the challenger with the target, in [-1, 1].
    """
    return intercept - resolve_weight * resolve + tie_weight * tie
