"""Phases 6 to 8: what third states think of the violation, whom they help, and whom they fear."""

from __future__ import annotations

import math

from sim.compiled import rule


@rule
def condemn_log_hazard(
    intercept: float, distance: float, weight: float, severity: float, democracy: float
) -> float:
    """Return the log hazard per week that a third state condemns the violation.

    Parameters
    ----------
    intercept : float
        Log hazard per week of a state that thinks like the target.
    distance : float
        Between the ideal points of the state and the target in the UN, >= 0.
    weight : float
        Per unit of distance, >= 0.
    severity, democracy : float
        Of the violation and of the state, in [0, 1].

    Notes
    -----
    Political similarity and defence agreements with Russia went with its side in the votes of 2022
    in the UN General Assembly (VoxUkraine 2022); the size is an assumption.
    """
    return intercept + weight * distance + severity * democracy


@rule
def cooperation_log_hazard(
    intercept: float,
    relation: float,
    relation_weight: float,
    signals: float,
    pressure_weight: float,
) -> float:
    """Return the log hazard per week that a third state deepens defence cooperation.

    Parameters
    ----------
    relation : float
        With the target, in [-1, 1].
    signals : float
        Summed signal of the acts against the target, >= 0: pressure from outside brings them
        together.
    """
    return intercept + relation_weight * relation + pressure_weight * math.log1p(signals)


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
def belief_after(belief: float, strength: float, days: float, belief_days: float) -> float:
    """Return bystanders' belief in the coalition's resolve after `days`, in [0, 1].

    It follows the coalition's strength with a lag, so that coverage, speed and staying power all
    count: a late or short-lived coalition is believed in less.

    Parameters
    ----------
    strength : float
        GDP share of those who act times the share of the menu they have in force, in [0, 1].
    """
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
