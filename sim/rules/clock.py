"""How a hazard becomes a day: the clock that every waiting decision shares.

Discrete-time proportional hazards with a complementary log-log link [1]_: the coefficients of a
log hazard are those of an ordinary regression on dated acts, and step length drops out. What all
decisions of a day have in common, the weekend and a shared frailty [2]_, is a property of the day
and not of a rule: it is added to the log hazard that any rule gives.

References
----------
.. [1] Prentice and Gloeckler (1978), Regression analysis of grouped survival data with
   application to breast cancer data, Biometrics 34, 57-67.
.. [2] Hougaard (2000), Analysis of Multivariate Survival Data, Springer (shared frailty models).
"""

from __future__ import annotations

import math

from sim.compiled import rule

DAYS_PER_WEEK = 7.0
DAYS_PER_YEAR = 365.25
SATURDAY = 5  # Monday being 0


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
def yearly_hazard(eta: float, days: float) -> float:
    """Return the hazard summed over `days` at a constant log hazard per year."""
    return math.exp(eta) * days / DAYS_PER_YEAR


@rule
def probability(eta: float, days: float) -> float:
    """Return the probability of acting within `days`, in [0, 1].

    Complementary log-log, 1 - exp(-exp(eta) days / 7), so one step of 14 days equals two of 7.
    """
    return -math.expm1(-math.exp(eta) * days / DAYS_PER_WEEK)


@rule
def weekend(day: int, first_weekday: int) -> float:
    """Return 1 on a Saturday or Sunday, else 0.

    Parameters
    ----------
    day : int
        Days since the start, >= 0.
    first_weekday : int
        Weekday of day 0, Monday being 0.
    """
    return 1.0 if (day + first_weekday) % 7 >= SATURDAY else 0.0
