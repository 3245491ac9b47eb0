"""Phase 7, reluctance: what firms and banks hold back beyond the letter of the measures.

Two stocks per target. Payment risk jumps when banks of the target are cut off or frozen and when
the target keeps money from leaving, and fades as other banks and intermediaries are found.
Reputation follows, with the pace at which firms announce that they leave, how public the measures
of the senders are, and fades hardly at all. Both leave a share of trade undone that nobody banned.

Crozet and Hinz [1]_ call this a cost: four fifths of what the West lost in 2014 and 2015 were
exports of goods under no embargo, and the trade finance of banks explains it. A cost c on a flow
with trade elasticity theta and a share w held back say the same, w = 1 - (1 + c)^-theta. The share
is used: it is what the record shows in months, when no long-run elasticity holds, and it means
the same in a sector of elasticity 2 and in one of 11.

References
----------
.. [1] Crozet and Hinz (2020), Friendly fire: the trade impact of the Russia sanctions and
   counter-sanctions, Economic Policy 35(101), 97-146.
.. [2] Schmidt-Eisenlohr (2013), Towards a theory of trade finance, Journal of International
   Economics 91(1), 96-112.
"""

from __future__ import annotations

import math

from sim.compiled import rule


@rule
def alarm(banks: float, controls: float, controls_weight: float) -> float:
    """Return the jump of payment risk on one day, in [0, 1]: 1 - (1 - b)(1 - a_c c).

    Parameters
    ----------
    banks : float
        Share of the target's bank assets newly cut off or frozen, in [0, 1].
    controls : float
        Rise of the target's capital controls in force times the publicity of all senders'
        measures, in [0, 1]: where nobody else acts, controls by themselves frighten nobody.
    controls_weight : float
        Jump a_c that controls alone give, in [0, 1].

    Notes
    -----
    The gravity of the war is left out. It makes senders act, and so is in `banks` already; by
    itself it keeps no payment from arriving, and it must not where nobody acts.
    """
    return 1.0 - (1.0 - banks) * (1.0 - controls_weight * controls)


@rule
def jumped(risk: float, jump: float) -> float:
    """Return payment risk after a jump, in [0, 1]: what is safe still shrinks in proportion."""
    return 1.0 - (1.0 - risk) * (1.0 - jump)


@rule
def risk_after(risk: float, days: float, risk_days: float) -> float:
    """Return payment risk after `days` without news: risk exp(-days / T_Q).

    Parameters
    ----------
    risk : float
        In [0, 1].
    days : float
        >= 0; one step of 14 days equals two of 7.
    risk_days : float
        Days after which 1/e is left, > 0.
    """
    return risk * math.exp(-days / risk_days)


@rule
def publicity(signals: float, full_signals: float) -> float:
    """Return how public a sender's measures against a target are to its firms, in [0, 1].

    Linear until firms need no more to leave: min(signals / full, 1). It never falls when some
    sender does more, which a share of the broadest sender's would.

    Parameters
    ----------
    signals : float
        Summed signals of the sender's measures in effect, words apart, >= 0.
    full_signals : float
        Sum at which publicity is full, > 0.
    """
    return min(signals / full_signals, 1.0)


@rule
def reputation_after(
    reputation: float, pressure: float, days: float, exit_days: float, return_days: float
) -> float:
    """Return the reputational stock after `days` under a pressure held through them, in [0, 1].

    Partial adjustment, pressure + (reputation - pressure) exp(-days / T), so one step of 14 days
    equals two of 7.

    Parameters
    ----------
    reputation : float
        So far, in [0, 1].
    pressure : float
        Publicity of all senders' measures, weighted by GDP, in [0, 1].
    days : float
        >= 0.
    exit_days, return_days : float
        T where the pressure is above the stock, and where it is below, > 0: who has sold a
        factory does not come back with the first easing.
    """
    pace = exit_days if pressure > reputation else return_days
    return pressure + (reputation - pressure) * math.exp(-days / pace)


@rule
def withheld(risk: float, risk_share: float, reputation: float, reputation_share: float) -> float:
    """Return the share of trade that no measure covers which is held back, in [0, 1].

    1 - (1 - h_Q Q)(1 - h_F F): a firm that has left does not weigh the risk of payment.

    Parameters
    ----------
    risk, reputation : float
        The two stocks, in [0, 1].
    risk_share, reputation_share : float
        What each holds back when it is full, in [0, 1]; 0 for both turns reluctance off exactly.
    """
    return 1.0 - (1.0 - risk_share * risk) * (1.0 - reputation_share * reputation)


@rule
def of_sender(publicity: float, third: float) -> float:
    """Return how reluctant a sender's firms and banks are beside the most reluctant, in [0, 1].

    third + (1 - third) publicity: the firms of a sender that has done nothing hold back what third
    states do of all that is withheld, those of one that has done most all of it.

    Parameters
    ----------
    publicity : float
        Of the sender's own measures, in [0, 1].
    third : float
        What third states hold back at the same payment risk, per what senders do, in [0, 1].
    """
    return third + (1.0 - third) * publicity
