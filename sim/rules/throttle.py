"""Phase 6, response: what it is worth to a target to let less of a fuel through.

Gas that is held back makes all of it dearer where pipes lead. Buyers feel that on all that they
buy; the seller gains it on what it still sells, and loses what it no longer does. So the less it
forgoes for what its buyers feel, the sooner it throttles.
"""

from __future__ import annotations

import math

from sim.compiled import rule

YEAR = 365.0
LEAST_FORGONE = 0.05  # of the price: who would gain by selling less had done so before


@rule
def paid_in_a_year(contracted: float, contract_days: float) -> float:
    """Return which part of a change of the price is paid in the mean of its first year.

    What is sold under contracts follows late.

    Parameters
    ----------
    contracted : float
        Share, in [0, 1].
    contract_days : float
        Time in which their price follows, >= 0.
    """
    followed = 1.0 + contract_days / YEAR * math.expm1(-YEAR / max(contract_days, 1e-9))
    return 1.0 - contracted + contracted * followed


@rule
def forgone(share: float, elasticity: float, paid: float) -> float:
    """Return what a seller forgoes today by a unit that it holds back, over its price.

    The price rises by s / (a + b) for each part of its own sales, s its share of the market.

    Parameters
    ----------
    share : float
        Of the market that the seller has now, in [0, 1].
    elasticity : float
        Of all other suppliers and all buyers, a + b > 0.
    paid : float
        Of `paid_in_a_year`.

    References
    ----------
    .. [1] Morbee and Proost (2008), Russian market power on the EU gas market, on a seller of gas
       among others that weighs its price against its sales and its name.
    """
    return max(1.0 - paid * share / elasticity, LEAST_FORGONE)


@rule
def felt(share: float, elasticity: float, paid: float) -> float:
    """Return what buyers feel by a unit that is held back, over its price.

    Parameters
    ----------
    share : float
        Of the market's imports that they buy, in [0, 1].
    """
    return paid * share / elasticity


@rule
def years_left(day: float, told: float, leaves: float, horizon: float) -> float:
    """Return for how many years a buyer counts as a customer.

    Parameters
    ----------
    day, told, leaves : float
        Today, the day on which it said that it would leave, and that on which it will have.
    horizon : float
        Years of sales, discounted, to a buyer that says nothing.
    """
    if day < told:
        return horizon
    return min(max((leaves - day) / YEAR, 0.0), horizon)


@rule
def pull(felt_bn: float, forgone_bn: float, cost_elasticity: float) -> float:
    """Return the factor on the hazard of throttling, >= 0: as for all answers, harm over own cost.

    Parameters
    ----------
    felt_bn, forgone_bn : float
        By buyers, and by the target today and later, in the same money.
    cost_elasticity : float
        Weight of the log of their ratio.
    """
    return (felt_bn / forgone_bn) ** cost_elasticity if felt_bn > 0.0 else 0.0
