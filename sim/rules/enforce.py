"""Phase 8, diversion: what senders stop of the trade that finds another way."""

from __future__ import annotations

from sim.compiled import rule


@rule
def effort(enforcement: float, support: float) -> float:
    """Return a sender's enforcement in [0, 1]: proportional to support at home, 1/2 being even.

    Parameters
    ----------
    enforcement : float
        Share of the leak stopped at a support of one half, in [0, 1].
    support : float
        In [0, 1].

    Notes
    -----
    An assumption: enforcement, not bargaining, is where coalitions fail, and domestic pressure is
    why (Drezner 2000).
    """
    return min(1.0, 2.0 * enforcement * support)


@rule
def shared_effort(own: float, best: float, sharing: float) -> float:
    """Return enforcement in [0, 1]: `sharing` of the way from the own to the best."""
    return own + sharing * (best - own)


@rule
def let_through(sent: float, loss: float, enforcement: float) -> float:
    """Return what comes through of what is sent on, in the same unit.

    Parameters
    ----------
    loss : float
        Share that is damaged, kept or sold on the way, in [0, 1].
    enforcement : float
        Share of the rest that is stopped, in [0, 1].
    """
    return sent * (1.0 - loss) * (1.0 - enforcement)


@rule
def premium_after(premium: float, enforcement: float) -> float:
    """Return the price premium of what still comes through: risk is paid for, p / (1 - e).

    Parameters
    ----------
    premium : float
        Ad valorem without enforcement, >= 0.
    enforcement : float
        In [0, 1]; taken as 0.9 at most.
    """
    return premium / (1.0 - min(enforcement, 0.9))


@rule
def crypto_flow(demand_bn: float, cap_bn: float, aml_sharing: float) -> float:
    """Return what cryptocurrencies carry, USD billion a year.

    Parameters
    ----------
    demand_bn : float
        Covered trade that would be paid that way, >= 0.
    cap_bn : float
        Depth of the market, >= 0.
    aml_sharing : float
        Share of the channel that joint anti-money-laundering work closes, in [0, 1].
    """
    return min(demand_bn, cap_bn * (1.0 - aml_sharing))
