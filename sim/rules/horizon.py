"""How far trade has adjusted to what is cut: from the short run to the long run."""

from __future__ import annotations

import math

from sim.compiled import rule


@rule
def maturity(days: float, adjustment_days: float) -> float:
    """Return how far trade has adjusted to a cut of some age, in [0, 1]: 1 - exp(-days / T).

    The inverse trade elasticity moves from its short-run to its long-run value in this measure, so
    that the elasticity itself is slow at first and faster later, as in Boehm, Levchenko and
    Pandalai-Nayar (2023): 0.76 after one year, about 2 after seven to ten.

    Parameters
    ----------
    days : float
        Since the trade was cut, >= 0.
    adjustment_days : float
        T, > 0.
    """
    return -math.expm1(-days / adjustment_days)


@rule
def adjusted_after(adjusted: float, lost: float, unadjusted: float) -> float:
    """Return the lost trade to which suppliers and buyers have adjusted at the end of a step.

    Every piece of trade adjusts from the day on which it is lost, at a constant rate, so that the
    sum over pieces of all ages needs no ages: lost + (adjusted - lost) x unadjusted. What comes
    back is taken from what had adjusted least.

    Parameters
    ----------
    adjusted, lost : float
        Before the step, and all that is lost through it, USD billion a year, >= 0.
    unadjusted : float
        exp(-days / T), the share of a new loss that has not been adjusted to after the step.
    """
    return min(lost, lost + (adjusted - lost) * unadjusted)


@rule
def mean_maturity(days: float, adjustment_days: float) -> float:
    """Return the mean of `maturity` over the days since a cut, in [0, 1].

    Parameters
    ----------
    days, adjustment_days : float
        > 0.
    """
    return 1.0 - adjustment_days / days * -math.expm1(-days / adjustment_days)


@rule
def cover_weight(maturity: float, fresh: float, mature: float) -> float:
    """Return the weight of what measures cover in the long run, in [0, 1]; the rest is the short.

    A wedge on payments stops trade nearly in proportion to the trade elasticity of the day.

    Parameters
    ----------
    maturity : float
        In [0, 1].
    fresh, mature : float
        Trade elasticities of the short run and of the long run, > 0.
    """
    if mature == fresh:
        return maturity
    theta = 1.0 / ((1.0 - maturity) / fresh + maturity / mature)
    return (theta - fresh) / (mature - fresh)
