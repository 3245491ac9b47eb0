"""What covered trade costs, plain: docs/economy.md with loops over states, targets and sectors.

The coefficients are those of `sim.economy.exposure`; how they add up is written here anew.
"""

from __future__ import annotations

import math

EXPORT, IMPORT, TARIFF = 0, 1, 2
CHANNELS = (EXPORT, IMPORT, TARIFF)
SIDES = ((EXPORT,), (IMPORT, TARIFF))  # what a target buys, and what it sells


def covered_by(bans, payments, answers, n_sectors):
    """Return what all this covers of one sender's trade with one target, by channel and sector.

    Bans, tariffs and answers overlap as if drawn independently; of payments the widest counts.
    """
    covered = {}
    for j in range(n_sectors):
        unpaid = max((stopped[j] for stopped in payments), default=0.0)
        for channel in CHANNELS:
            left = 1.0 if channel == TARIFF else 1.0 - unpaid
            for cover in (*bans, *answers):
                left *= 1.0 - cover[channel, j]
            covered[channel, j] = 1.0 - left
    return covered


def growth(x):
    """Return -log(1 - x) / x: how much more than the first the last share covered costs."""
    x = min(x, 1.0 - 1e-6)
    return -math.log1p(-x) / x if x > 1e-8 else 1.0 + x / 2.0


def stopped(covered, kept):
    """Return the share of each flow that is stopped or taxed; what is banned is not taxed."""
    stop = {key: kept * share for key, share in covered.items()}
    for channel, j in covered:
        if channel == TARIFF:
            stop[channel, j] *= 1.0 - stop[IMPORT, j]
    return stop


def losses(exposure, covered, leak, rent, overlap):
    """Return the loss of every state in percent, by position.

    Parameters
    ----------
    covered : dict from (sender, target) to dict from (channel, sector) to a share
        All by position.
    leak : dict from target to a share
    rent : dict from (target, state) to USD billion a year
    overlap : float
    """
    total = [0.0] * exposure.marginal.shape[-1]
    for t in leak:
        stop = {i: stopped(share, 1.0 - leak[t]) for (i, at), share in covered.items() if at == t}
        cheaper = dict.fromkeys(stop, 0.0)
        for side in SIDES:
            for j in range(exposure.theta.size):
                market = sum(
                    exposure.target_share[i, t, c, j] * stop[i][c, j] for i in stop for c in side
                )
                for i in stop:
                    for c in side:
                        part, flow = stop[i][c, j], (i, t, c, j)
                        of_market = exposure.target_share[flow] * part
                        beyond = growth(overlap * market + (1.0 - overlap) * of_market)
                        of_own = growth(exposure.sender_share[flow] * part)
                        for n in range(len(total)):
                            is_own = n == exposure.senders[i]
                            rate = of_own if is_own else beyond
                            total[n] += exposure.marginal[flow][n] * part * rate
                        cheaper[i] += exposure.cheapening[flow] * part * beyond
        for i in stop:
            others = sum(fall for other, fall in cheaper.items() if other != i)
            for (c, j), part in stop[i].items():
                total[exposure.senders[i]] += exposure.forgone[i, t, c, j] * part * others
    for (t, receiver), paid in rent.items():
        for n in range(len(total)):
            total[n] += exposure.rent_marginal[t, receiver, n] * paid
    return [100.0 * (1.0 - math.exp(-loss / 100.0)) for loss in total]


def premium_paid(exposure, covered, t, leak, premium):
    """Return what a target pays beyond the price for what leaks to it, USD billion a year."""
    target, paid = exposure.targets[t], 0.0
    for j in range(exposure.theta.size):
        market = bought = 0.0
        for (i, at), share in covered.items():
            if at == t:
                market += exposure.target_share[i, t, EXPORT, j] * share[EXPORT, j]
                flow = exposure.flow_bn[exposure.senders[i], target, j]
                bought += flow * share[EXPORT, j]
        x = min(market * (1.0 - leak), 1.0 - 1e-6)
        dearer = (1.0 - x) ** (-1.0 / exposure.theta[j]) - 1.0
        paid += min(premium, dearer) * bought * leak
    return paid


def cap_gain(exposure, covered, t, state, cap, hold, leak):
    """Return what a state gains because the price of a target's oil is capped, USD bn a year.

    Parameters
    ----------
    hold : float
        Share of the shipping services that those control who have the cap in force.
    """
    gain = 0.0
    for j in range(exposure.theta.size):
        still = cap.capped[j]
        for i, sender in enumerate(exposure.senders):
            if sender == state:
                still -= min(covered[i, t][IMPORT, j] * (1.0 - leak), still)
        gain += still * exposure.flow_bn[exposure.targets[t], state, j]
    return cap.discount * hold * (1.0 - leak) * gain


def damage(exposure, covered, alone, i, t, leak):
    """Return what an act would add to its target's loss at the margin, percent.

    Parameters
    ----------
    alone : dict from (channel, sector) to a share
        What the act covers by itself.
    """
    added = 0.0
    for c, j in alone:
        side = min(c, IMPORT)
        market = sum(
            exposure.target_share[other, t, side, j] * share[side, j] * (1.0 - leak)
            for (other, at), share in covered.items()
            if at == t
        )
        free = (1.0 - covered[i, t][c, j]) * (1.0 - leak)
        margin = exposure.marginal[i, t, c, j, exposure.targets[t]]
        added += margin * alone[c, j] * free / max(1.0 - market, 1e-6)
    return added


def traded(exposure, covered, t, way):
    """Return what the senders sell to a target or buy from it, and what of it is covered."""
    whole = hit = 0.0
    for i, sender in enumerate(exposure.senders):
        pair = (sender, exposure.targets[t]) if way == EXPORT else (exposure.targets[t], sender)
        for j in range(exposure.theta.size):
            whole += exposure.flow_bn[pair][j]
            hit += exposure.flow_bn[pair][j] * covered[i, t][way, j]
    return whole, hit


def abroad(exposure, t, way):
    """Return all that a target buys abroad, or sells there, USD billion a year."""
    target = exposure.targets[t]
    flow = exposure.flow_bn[:, target] if way == EXPORT else exposure.flow_bn[target]
    return sum(flow[n].sum() for n in range(len(flow)) if n != target)
