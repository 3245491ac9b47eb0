"""Phase 9, markets: prices of energy, what a target sells at and earns, stocks and contracts."""

from __future__ import annotations

import math

from sim.compiled import rule

MOST_LOST = 0.95  # share of a market beyond which an elasticity says nothing any more


@rule
def price_rise(lost: float, supply_elasticity: float, demand_elasticity: float) -> float:
    """Return the log rise of a market's price once a share of its supply is gone.

    What is left supplies (1 - s) p^a and demand takes p^(-b), so log p = -log(1 - s) / (a + b):
    s / (a + b) at the margin, more where much is lost.

    Parameters
    ----------
    lost : float
        Share s of the supply, in [0, 1]; taken as 0.95 at most.
    supply_elasticity, demand_elasticity : float
        a of all other suppliers and b of all buyers, >= 0. With both 0 the price stays.
    """
    elasticity = supply_elasticity + demand_elasticity
    if lost <= 0.0 or elasticity <= 0.0:
        return 0.0
    return -math.log1p(-min(lost, MOST_LOST)) / elasticity


@rule
def bridged(maturity: float, share: float, pace: float) -> float:
    """Return which share of what is missing comes out of stocks; below 0 while they are refilled.

    At the age a of a cut that is s (1 - a/T) exp(-a/T): nothing in sum, so all is paid back. What
    is drawn is largest after T days, s T / e days of what is missing.

    Parameters
    ----------
    maturity : float
        How far trade has adjusted, m = 1 - exp(-a / T_m), in [0, 1].
    share : float
        s, on the first day, in [0, 1].
    pace : float
        T_m / T, > 0.
    """
    left = (1.0 - maturity) ** pace
    return share * left * (1.0 + math.log(left)) if left > 0.0 else 0.0


@rule
def paid(spot: float, lagged: float, contracted: float) -> float:
    """Return what is paid if a share is sold under contracts that follow the day's price late.

    Parameters
    ----------
    spot, lagged : float
        Of the day, and what contracts say.
    contracted : float
        Share, in [0, 1].
    """
    return (1.0 - contracted) * spot + contracted * lagged


@rule
def rerouted_after(rerouted: float, cut: float, share: float, approach: float) -> float:
    """Return what of the trade cut goes to other buyers after one more step.

    It moves to the share of the cut that finds other buyers in the end. Once less is cut, those
    who come back are served at once.

    Parameters
    ----------
    rerouted, cut : float
        Before the step, and cut now, in the same money.
    share : float
        Of the cut, in [0, 1].
    approach : float
        Part of the way that a step goes, 1 - exp(-days of the step / days of rerouting).
    """
    end = share * cut
    return min(rerouted + approach * (end - rerouted), end)


@rule
def discount(cut: float, lost: float, theta: float) -> float:
    """Return by how much a target sells below the world price, in [0, 1).

    Buyers of the share x of its exports are gone; all others take (1 - x) p^(-theta) of them [1]_.
    It still sells 1 - l, so p = ((1 - x) / (1 - l))^(1/theta). What cannot be sold elsewhere, as
    gas in a pipe, is lost and has no discount; what is all sold elsewhere has the whole one.

    Parameters
    ----------
    cut : float
        Share x, in [0, 1]; taken as 0.95 at most.
    lost : float
        Share l of its exports that is not sold at all, in [0, x].
    theta : float
        Trade elasticity, > 0.

    References
    ----------
    .. [1] Armington (1969), A theory of demand for products distinguished by place of production,
       IMF Staff Papers 16; the demand of `sim.economy.equilibrium`, one seller at a time.
    """
    if cut <= lost:
        return 0.0
    left = (1.0 - min(cut, MOST_LOST)) / (1.0 - min(lost, MOST_LOST))
    return 1.0 - left ** (1.0 / theta)


@rule
def theta_of_day(maturity: float, short_run: float, long_run: float) -> float:
    """Return the trade elasticity at a maturity m: 1/theta = (1 - m)/theta_short + m/theta_long."""
    return 1.0 / ((1.0 - maturity) / short_run + maturity / long_run)


@rule
def moved_towards(share: float, most: float, approach: float) -> float:
    """Return a share in [0, 1] after a step that goes part of the way to its largest value.

    So grows the part of a target's oil that sails without services of the coalition.
    """
    return share + approach * (most - share)


@rule
def cap_margin(cap_discount: float, own_discount: float, control: float, shadow: float) -> float:
    """Return what a price cap takes of the world price of a barrel, in [0, 1].

    It binds by what the capped price lies below the one that the target gets anyway, and only on
    oil that sails with services of those who cap.

    Parameters
    ----------
    cap_discount : float
        By how much the capped price lies below the world price, in [0, 1].
    own_discount : float
        By how much the target sells below it without the cap, in [0, 1].
    control : float
        Share of the services held by those who have the cap in force, in [0, 1].
    shadow : float
        Share of the oil that sails without them, in [0, 1].
    """
    return max(cap_discount - own_discount, 0.0) * control * (1.0 - shadow)


@rule
def tax(price: float, cost: float, take: float) -> float:
    """Return what the treasury takes of a unit of exports worth 1 in 2021.

    Parameters
    ----------
    price : float
        What the seller gets for it, relative to 2021.
    cost : float
        What is not taxed, relative to the price of 2021.
    take : float
        Share of the rest, in [0, 1].
    """
    return take * max(price - cost, 0.0)
