"""Phase 8, diversion: how much of the covered trade finds another way."""

from __future__ import annotations

import math

from sim.compiled import rule


@rule
def leak(days_since: float, leak_max: float, learning_days: float) -> float:
    """Return the share of covered trade that third states can replace, in [0, 1].

    Traders learn: leak_max (1 - exp(-days / learning)).

    Parameters
    ----------
    days_since : float
        Days since the first measure took effect, >= 0.
    leak_max : float
        Share replaced in the long run, in [0, 1].
    learning_days : float
        > 0. Russian imports fell until April 2022 and had partly recovered by the end of the
        year: four to six months from a ban to arrival, learning and the way together.
    """
    return leak_max * -math.expm1(-days_since / learning_days)


@rule
def covered_after(covered: float, coverage: float) -> float:
    """Return the share of a flow covered after one more measure.

    What is left shrinks in proportion: measures overlap as if drawn independently, an assumption
    between full overlap and none.
    """
    return 1.0 - (1.0 - covered) * (1.0 - coverage)


@rule
def open_for_transit(covered: float, covered_there: float) -> float:
    """Return the share of what is covered to a target that may still be sold to another, in [0, 1].

    Senders list the same products against both, so the shorter list lies within the longer: what
    is covered to the one and not to the other, (x - y) / x, is what the other can be transit for.

    Parameters
    ----------
    covered, covered_there : float
        Share of a sector covered to the target, and to the one on the way, in [0, 1].
    """
    return max(1.0 - covered_there / covered, 0.0) if covered > 0.0 else 0.0


@rule
def nearness(
    distance_km: float,
    border: float,
    language: float,
    colony: float,
    union: float,
    distance_elasticity: float,
    border_effect: float,
    language_effect: float,
    colony_effect: float,
    union_effect: float,
) -> float:
    """Return what distance and ties leave of the trade of two states, > 0: the gravity equation.

    Parameters
    ----------
    distance_km : float
        > 0; the unit does not matter where shares are taken.
    border, language, colony, union : float
        What the two have in common, in [0, 1].
    distance_elasticity : float
        >= 0; at 0 all are as near.
    border_effect, language_effect, colony_effect, union_effect : float
        Log of what the tie multiplies trade by.

    References
    ----------
    .. [1] Head and Mayer (2014), Gravity equations: workhorse, toolkit, and cookbook, Handbook of
       International Economics 4, table 4 (recalled).
    """
    ties = (
        border_effect * border
        + language_effect * language
        + colony_effect * colony
        + union_effect * union
    )
    return math.exp(ties - distance_elasticity * math.log(distance_km))


@rule
def within(wanted_bn: float, most_bn: float) -> float:
    """Return the share of its orders that a state can carry out, in [0, 1].

    Parameters
    ----------
    wanted_bn : float
        What it would order for all targets, USD billion a year, >= 0.
    most_bn : float
        What its trade can take in, >= 0.
    """
    return min(1.0, most_bn / wanted_bn) if wanted_bn > 0.0 else 1.0


@rule
def under_way_after(
    under_way: float, before: float, ordered: float, days: float, lag_days: float
) -> float:
    """Return what has reached the last leg to the target after `days`, USD billion a year.

    Goods are shipped, cleared and registered anew: a' = (o - a) / lag, with orders o that grow
    evenly through the step: a mean of what was under way and of the orders before and now. So one
    step of 14 days equals two of 7 while they do.

    Parameters
    ----------
    under_way : float
        What had reached it before the step, USD billion a year, >= 0.
    before, ordered : float
        Orders before the step and at its end, USD billion a year, >= 0.
    days : float
        Length of the step, > 0.
    lag_days : float
        Mean time from order to arrival, >= 0; at 0 all is there at once.
    """
    if lag_days == 0.0:
        return ordered
    kept = math.exp(-days / lag_days)
    latest = 1.0 - (1.0 - kept) * lag_days / days
    return kept * under_way + (1.0 - kept - latest) * before + latest * ordered
