"""What lost trade costs and what prices answer to, plain: docs/economy.md with loops.

The coefficients are those of `sim.economy.exposure`; how they add up is written here anew. All is
by position: senders i and targets t among theirs, states n among all, sectors j.
"""

from __future__ import annotations

import math
from typing import NamedTuple

EXPORT, IMPORT, TARIFF = 0, 1, 2
CHANNELS = (EXPORT, IMPORT, TARIFF)
WAYS = (EXPORT, IMPORT)  # what a target buys, and what it sells
ENDS = ("fresh", "mature")  # of the horizon
MOST = 0.95  # share of a market beyond which an elasticity says nothing any more


class Lost(NamedTuple):
    """What happens to trade on a day.

    Attributes
    ----------
    covered : dict from end to dict from (sender, target) to dict from (channel, sector) to a share
    held : dict from (sender, target) to dict from (way, sector) to a share
        Lost if all that measures leave were held back.
    leak : dict from target to a share
    withheld, withheld_third : dict from (target, way) to a share
    paid : dict from state to USD billion a year that it receives
    bridged : dict from (target, sector) to the share of what buyers miss that they have in stock
    """

    covered: dict
    held: dict
    leak: dict
    withheld: dict
    withheld_third: dict
    paid: dict
    bridged: dict


def nothing_else(covered, n_targets, bridged):
    """Return that trade is covered, stocks bridge some of it and nothing else happens to it."""
    keys = [(t, way) for t in range(n_targets) for way in WAYS]
    free = {pair: dict.fromkeys(share, 0.0) for pair, share in covered["fresh"].items()}
    none = dict.fromkeys(keys, 0.0)
    return Lost(covered, free, dict.fromkeys(range(n_targets), 0.0), none, none, {}, bridged)


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


def cover_weight(maturity, short_run, long_run):
    """Return the weight of what is covered in the long run: as the elasticity of the day has it."""
    if short_run == long_run:
        return maturity
    return (theta_of_day(maturity, short_run, long_run) - short_run) / (long_run - short_run)


def theta_of_day(maturity, short_run, long_run):
    return 1.0 / ((1.0 - maturity) / short_run + maturity / long_run)


def bent(come, bend):
    """Return the weight of the long run in what a loss costs."""
    return come - bend * come * (1.0 - come)


def growth(x):
    """Return -log(1 - x) / x: how much more than the first the last share covered costs."""
    x = min(x, 1.0 - 1e-6)
    return -math.log1p(-x) / x if x > 1e-8 else 1.0 + x / 2.0


def losses(exposures, lost, maturity, overlap):
    """Return the loss of every state in percent, by position.

    Parameters
    ----------
    maturity : dict from (target, sector) to how far trade has adjusted
    overlap : float
    """
    logs, cheapened = [0.0] * len(exposures.mature.income), {}
    come = {(t, j): way(exposures, m, j) for (t, j), m in maturity.items()}
    for t in lost.leak:
        cheaper = dict.fromkeys(lost_by(lost, t), 0.0)
        given_up = dict(cheaper)
        for end, c, j, weight in weights(exposures, come, t):
            flows = Flows(getattr(exposures, end), lost, end, overlap, t, c, j)
            for state, log in flows.logs():
                logs[state] += weight * log
            for i in flows.stopped:
                cheaper[i] += weight * flows.fall(i)
                given_up[i] += weight * flows.forgone(i)
        for i, part in given_up.items():
            others = sum(fall for other, fall in cheaper.items() if other != i)
            logs[exposures.mature.senders[i]] += part * others
        cheapened[t] = sum(cheaper.values())
    old = bent(sum(come.values()) / len(come), exposures.income_bend)
    for receiver, bn in lost.paid.items():
        for n in range(len(logs)):
            of_fresh, of_mature = (getattr(exposures, end).income[receiver, n] for end in ENDS)
            logs[n] += bn * ((1.0 - old) * of_fresh + old * of_mature)
    for t, fall in cheapened.items():
        of_fresh, of_mature = (getattr(exposures, end).own_income[t] for end in ENDS)
        payer = exposures.mature.targets[t]
        own = lost.paid.get(payer, 0.0) * ((1.0 - old) * of_fresh + old * of_mature)
        logs[payer] += own * (fall + own / 100.0)
    return [100.0 * (1.0 - math.exp(-log / 100.0)) for log in logs]


def lost_by(lost, t):
    """Return the senders, by position."""
    return [i for i, target in lost.held if target == t]


def way(exposures, maturity, j):
    """Return how far a cut has come, by the time of the median sector, from its maturity."""
    return 1.0 - (1.0 - maturity) ** exposures.pace[j]


def weights(exposures, come, t):
    """Return what of each flow counts at each end of the horizon: end, channel, sector, weight."""
    found = []
    for c in CHANNELS:
        for j in range(exposures.mature.theta.size):
            old = bent(come[t, j], exposures.bend[t, c, j])
            found += [("fresh", c, j, 1.0 - old), ("mature", c, j, old)]
    return found


class Flows:
    """The trade of all with one target, by one channel, in one sector, at one end.

    Attributes
    ----------
    stopped : dict from each sender that stops some of its flow to the share that it stops
    purchases : share of all that the target buys that it does not get
    """

    def __init__(self, exposure, lost, end, overlap, t, c, j):
        self.exposure, self.lost, self.end, self.overlap = exposure, lost, end, overlap
        self.t, self.c, self.j = t, c, j
        self.kept = 1.0 - lost.leak[t]
        shares = {i: self.share_stopped(i) for i in lost_by(lost, t)}
        self.stopped = {i: share for i, share in shares.items() if share != 0.0}
        self.purchases = self.share_of_purchases() if c == EXPORT else 0.0

    def share_stopped(self, i):
        """Return the share of a flow that is stopped or taxed; what is stopped is not taxed."""
        if self.c == TARIFF:
            taxed = self.lost.covered[self.end][i, self.t][TARIFF, self.j]
            return taxed * self.kept * (1.0 - self.share_stopped_of(i, IMPORT))
        return self.share_stopped_of(i, self.c)

    def share_stopped_of(self, i, c):
        """Return the share of exports or imports that is banned or held back and does not leak."""
        covered = self.lost.covered[self.end][i, self.t]
        held = self.lost.held[i, self.t][c, self.j] * self.lost.withheld[self.t, c]
        return (covered[c, self.j] + held) * self.kept

    def of_market(self, i):
        return self.exposure.target_share[i, self.t, EXPORT, self.j] * self.stopped[i]

    def share_of_purchases(self):
        of_third = self.lost.withheld_third[self.t, EXPORT]
        of_senders = sum(self.of_market(i) for i in self.stopped)
        return of_senders + self.exposure.third_share[self.t, self.j] * of_third

    def captive(self, i):
        """Return by how much more than at the margin a buyer stops that has few other suppliers."""
        p = self.exposure.sender_share[i, self.t, IMPORT, self.j]
        q = self.lost.covered[self.end][i, self.t][IMPORT, self.j]
        return self.kept**2 * (q / max(1.0 - p * q, 1e-6) * p * q)

    def in_market(self, i):
        """Return the share of a flow that is stopped, by what it comes to in the market."""
        share = self.stopped[i]
        if self.c == IMPORT:
            return share + self.captive(i)
        if self.c == EXPORT:
            mixed = self.overlap * self.purchases + (1.0 - self.overlap) * self.of_market(i)
            return share * growth(mixed)
        return share

    def logs(self):
        """Yield log losses in percent, state by state."""
        flow = self.t, self.c, self.j
        for i, share in self.stopped.items():
            beyond = self.in_market(i)
            missed = share * (1.0 - self.lost.bridged[self.t, self.j] * (self.c == IMPORT))
            own = missed * growth(self.exposure.sender_share[(i, *flow)] * missed)
            for n, log in enumerate(self.exposure.marginal[(i, *flow)].tolist()):
                yield n, log * (own if n == self.exposure.senders[i] else beyond)
        if self.c != TARIFF:
            held = self.lost.withheld_third[self.t, self.c]
            held *= growth(self.purchases) if self.c == EXPORT else 1.0
            for n, log in enumerate(self.exposure.third_marginal[flow].tolist()):
                yield n, log * held

    def fall(self, i):
        """Return the fall of the log cost of what the target sells."""
        return self.exposure.cheapening[i, self.t, self.c, self.j] * self.in_market(i)

    def forgone(self, i):
        """Return what a sender no longer gains by it, per log point."""
        return self.exposure.forgone[i, self.t, self.c, self.j] * self.stopped[i]


def premium_paid(exposures, maturity, missing, lost, t, premium):
    """Return what a target pays beyond the price if all were carried, USD billion a year.

    Parameters
    ----------
    maturity : list by sector
        How far trade has adjusted, on which elasticities hang.
    missing : list of USD billion a year by sector, before the leak
    lost : Lost
    """
    paid = 0.0
    for j, bn in enumerate(missing):
        short_run, long_run = exposures.fresh.theta[j], exposures.mature.theta[j]
        theta = theta_of_day(maturity[j], short_run, long_run)
        old = (theta - short_run) / (long_run - short_run) if long_run != short_run else maturity[j]
        young, late = (
            Flows(getattr(exposures, end), lost, end, 1.0, t, EXPORT, j).purchases
            for end in ("fresh", "mature")
        )
        x = min((1.0 - old) * young + old * late, 1.0 - 1e-6)
        dearer = (1.0 - x) ** (-1.0 / theta) - 1.0
        paid += min(premium, dearer) * bn
    return paid


def damage(exposures, covered, alone, i, t, leak):
    """Return what an act would add to its target's loss of the first year at the margin, percent.

    Parameters
    ----------
    alone : dict from (channel, sector) to a share
        What the act covers by itself.
    """
    added = 0.0
    for (c, j), share_alone in alone.items():
        if share_alone == 0.0:
            continue
        side, old = min(c, IMPORT), exposures.first_year[j]
        market = sum(
            exposures.mature.target_share[other, t, side, j] * share[side, j] * (1.0 - leak)
            for (other, at), share in covered.items()
            if at == t
        )
        free = (1.0 - covered[i, t][c, j]) * (1.0 - leak)
        place = i, t, c, j, exposures.mature.targets[t]
        margin = (1.0 - old) * exposures.fresh.marginal[place]
        margin += old * exposures.mature.marginal[place]
        added += margin * share_alone * free / max(1.0 - market, 1e-6)
    return added


def traded(exposure, share, t, way, j):
    """Return what of the senders' trade with a target a share of each comes to, USD bn a year.

    Parameters
    ----------
    share : dict from (sender, target) to dict from (way, sector) to a share
    """
    total = 0.0
    for i, sender in enumerate(exposure.senders):
        pair = (sender, exposure.targets[t]) if way == EXPORT else (exposure.targets[t], sender)
        total += exposure.flow_bn[pair][j] * share[i, t][way, j]
    return total


def abroad(exposure, t, way):
    """Return all that a target buys abroad, or sells there, USD billion a year, by sector."""
    target = exposure.targets[t]
    flow = exposure.flow_bn[:, target] if way == EXPORT else exposure.flow_bn[target]
    others = [flow[n] for n in range(len(flow)) if n != target]
    return [sum(row[j] for row in others) for j in range(exposure.theta.size)]


# Energy.


def price_rise(lost, supply, demand):
    """Return the log rise of a market's price once a share of its supply is lost."""
    if lost <= 0.0 or supply + demand == 0.0:
        return 0.0
    return -math.log(1.0 - min(lost, MOST)) / (supply + demand)


def bridged(age, share, time):
    """Return what stocks give of what is missing at an age of the cut; below 0 they refill."""
    return share * (1.0 - age / time) * math.exp(-age / time)


def rerouted_after(rerouted, end, days, time):
    """Return what goes to other buyers after some days; who comes back is served at once."""
    return min(end + (rerouted - end) * math.exp(-days / time), end)


def discount(cut, lost, theta):
    """Return by how much a target sells below the world price to find buyers for all but `lost`."""
    if cut <= lost:
        return 0.0
    return 1.0 - ((1.0 - min(cut, MOST)) / (1.0 - min(lost, MOST))) ** (1.0 / theta)
