"""What covered trade costs every state: the kernels of `sim.economy.exposure`.

Beyond the margin an effect grows as -log(1 - x) / x with the covered share x of the market, as the
exposure's description says.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.compiled import inlined, kernel, loop
from sim.economy.shocks import EXPORT, IMPORT, TARIFF

SMALL = 0.1  # share of a market up to which the series of `growth` is right


class Margins(NamedTuple):
    """An exposure as kernels take it. What is worked out for all senders at once has them last.

    Attributes
    ----------
    senders : (n_senders,)
        Positions among the states.
    marginal : (n_senders, n_targets, 3, n_sectors, n_states)
    target_share : (n_senders, n_targets, 3, n_sectors)
    own : (n_targets, 3, n_sectors, n_senders)
        `marginal` of each sender on itself.
    sender_share, cheapening, forgone : (n_targets, 3, n_sectors, n_senders)
    rent_marginal : (n_targets, n_states, n_states)
    """

    senders: Ints
    marginal: Floats
    target_share: Floats
    own: Floats
    sender_share: Floats
    cheapening: Floats
    forgone: Floats
    rent_marginal: Floats


class Sums(NamedTuple):
    """What the coverage of all senders adds up to; it stays while coverage stays.

    Leaks change every day, coverage does not. A share stopped is covered x kept, a share taxed is
    covered x kept x (1 - banned x kept), for what is banned is not taxed: so sums over senders
    are polynomials in what is kept, with the coefficients held here.

    Attributes
    ----------
    covered : (n_targets, 3, n_sectors, n_senders)
        Share of each sender's trade that is covered.
    stopped : (n_targets, 3, n_sectors)
        Share of the target's purchases stopped, by kept; of its sales, by kept and by -kept^2.
    effect : (n_targets, 3, n_sectors, n_states)
        The same of effects at the margin.
    beyond : (n_targets, 2, n_sectors), moved : (2, n_targets, n_senders)
        Room to work in.
    flow : (4, n_senders)
        Room to work on one flow of each sender.
    """

    covered: Floats
    stopped: Floats
    effect: Floats
    beyond: Floats
    moved: Floats
    flow: Floats


@kernel
def losses(
    covered: Floats, leak: Floats, rent_bn: Floats, overlap: float, margins: Margins
) -> Floats:
    """Return the loss of every state in percent of real income, (n_states,); gains are negative.

    Parameters
    ----------
    covered : (n_senders, n_targets, 3, n_sectors) float64
        Share of each sender's trade with each target that measures in effect cover.
    leak : (n_targets,) float64
        Share of covered trade that finds another way, in [0, 1].
    rent_bn : (n_targets, n_states) float64
        Paid by the target to each state, USD billion a year.
    overlap : float
        1 if all senders cover the same products, 0 if each covers its own.
    margins : Margins
    """
    sums = new_sums(margins)
    add_up(covered, margins, sums)
    loss = np.empty(margins.marginal.shape[4])
    add_losses(leak, rent_bn, overlap, sums, margins, loss)
    return loss


@kernel
def new_sums(margins: Margins) -> Sums:
    """Return room for what coverage adds up to; nothing is covered."""
    n_senders, n_targets, n_channels, n_sectors, n_states = margins.marginal.shape
    return Sums(
        np.zeros((n_targets, n_channels, n_sectors, n_senders)),
        np.zeros((n_targets, 3, n_sectors)),
        np.zeros((n_targets, 3, n_sectors, n_states)),
        np.zeros((n_targets, 2, n_sectors)),
        np.zeros((2, n_targets, n_senders)),
        np.zeros((4, n_senders)),
    )


@loop
def add_up(covered: Floats, margins: Margins, sums: Sums) -> None:
    """Write what coverage adds up to into `sums`, in which nothing was covered; see `losses`."""
    for i in range(covered.shape[0]):
        add_change(i, covered[i], margins, sums)


@loop
def add_change(i: int, covers: Floats, margins: Margins, sums: Sums) -> None:
    """Write into `sums` that a sender now covers these shares of its trade.

    Parameters
    ----------
    i : int
    covers : (n_targets, 3, n_sectors) float64
    """
    marginal, size = margins.marginal[i], margins.target_share[i]
    for t in range(covers.shape[0]):
        before, stopped, effect = sums.covered[t], sums.stopped[t], sums.effect[t]
        for j in range(covers.shape[2]):
            exports = covers[t, EXPORT, j] - before[EXPORT, j, i]
            banned = covers[t, IMPORT, j] - before[IMPORT, j, i]
            taxed = covers[t, TARIFF, j] - before[TARIFF, j, i]
            if exports == 0.0 and banned == 0.0 and taxed == 0.0:
                continue
            both = covers[t, TARIFF, j] * covers[t, IMPORT, j]
            both -= before[TARIFF, j, i] * before[IMPORT, j, i]
            stopped[0, j] += size[t, EXPORT, j] * exports
            stopped[1, j] += size[t, IMPORT, j] * banned + size[t, TARIFF, j] * taxed
            stopped[2, j] += size[t, TARIFF, j] * both
            _add(marginal[t, EXPORT, j], exports, effect[0, j])
            _add(marginal[t, IMPORT, j], banned, effect[1, j])
            _add(marginal[t, TARIFF, j], taxed, effect[1, j])
            _add(marginal[t, TARIFF, j], both, effect[2, j])
            for channel in range(covers.shape[1]):
                before[channel, j, i] = covers[t, channel, j]


@inlined
def _add(margin: Floats, share: float, effect: Floats) -> None:
    if share != 0.0:
        for n in range(effect.size):
            effect[n] += margin[n] * share


@loop
def add_losses(
    leak: Floats, rent_bn: Floats, overlap: float, sums: Sums, margins: Margins, loss: Floats
) -> None:
    """Write the loss of every state into `loss`; see `losses`."""
    loss[:] = 0.0
    together = overlap == 1.0
    for t in range(leak.size):
        kept = 1.0 - leak[t]
        for j in range(sums.stopped.shape[2]):
            purchases = sums.stopped[t, 0, j] * kept
            sales = (sums.stopped[t, 1, j] - sums.stopped[t, 2, j] * kept) * kept
            # Together one growth per market, else one per flow from the market's share.
            sums.beyond[t, 0, j] = growth(purchases) if together else purchases
            sums.beyond[t, 1, j] = growth(sales) if together else sales
            if together:
                _add(sums.effect[t, 0, j], sums.beyond[t, 0, j] * kept, loss)
                _add(sums.effect[t, 1, j], sums.beyond[t, 1, j] * kept, loss)
                _add(sums.effect[t, 2, j], -sums.beyond[t, 1, j] * kept * kept, loss)
    _add_of_each(leak, overlap, sums, margins, loss)
    for t in range(leak.size):
        for receiver in range(loss.size):
            if rent_bn[t, receiver] != 0.0:
                _add(margins.rent_marginal[t, receiver], rent_bn[t, receiver], loss)
    largest = 0.0
    for n in range(loss.size):
        largest = max(largest, abs(loss[n]))
    for n in range(loss.size):
        loss[n] = _percent_lost(loss[n] / 100.0, largest < 100.0 * SMALL)


@inlined
def _percent_lost(x: float, is_small: bool) -> float:
    """Return 100 (1 - exp(-x)); of a small x by eight terms, right to 1e-13 of it."""
    if is_small:
        tail = 1.0 - x / 5 * (1.0 - x / 6 * (1.0 - x / 7 * (1.0 - x / 8)))
        return 100.0 * x * (1.0 - x / 2 * (1.0 - x / 3 * (1.0 - x / 4 * tail)))
    return -100.0 * math.expm1(-x)


@loop
def _add_of_each(leak: Floats, overlap: float, sums: Sums, margins: Margins, loss: Floats) -> None:
    """Write what is no sum over senders: effects on oneself, and what is forgone to the others."""
    n_targets, n_channels, n_sectors, n_senders = sums.covered.shape
    cheaper, given_up = sums.moved[0], sums.moved[1]
    share, weight, own = sums.flow[0], sums.flow[1], sums.flow[3]
    own[:] = 0.0
    sums.moved[:] = 0.0
    for t in range(n_targets):
        for channel in range(n_channels):
            for j in range(n_sectors):
                if _stop(t, channel, j, 1.0 - leak[t], sums, share):
                    _weigh(t, channel, j, overlap, share, sums, margins, weight, loss)
                    _add_own(share, weight, sums.flow[2], margins, t, channel, j, own)
                    _add_products(margins.cheapening[t, channel, j], weight, cheaper[t])
                    _add_products(margins.forgone[t, channel, j], share, given_up[t])
        by_all = 0.0
        for i in range(n_senders):
            by_all += cheaper[t, i]
        for i in range(n_senders):
            own[i] += given_up[t, i] * (by_all - cheaper[t, i])
    for i in range(n_senders):
        loss[margins.senders[i]] += own[i]


@inlined
def _stop(t: int, channel: int, j: int, kept: float, sums: Sums, share: Floats) -> bool:
    """Write which share of a flow each sender stops; return whether anybody does."""
    covered, banned, n_stopping = sums.covered[t, channel, j], sums.covered[t, IMPORT, j], 0
    for i in range(share.size):
        share[i] = covered[i] * kept
        n_stopping += covered[i] != 0.0
    if channel == TARIFF and n_stopping > 0:
        for i in range(share.size):
            share[i] *= 1.0 - banned[i] * kept
    return n_stopping > 0


@inlined
def _weigh(
    t: int,
    channel: int,
    j: int,
    overlap: float,
    share: Floats,
    sums: Sums,
    margins: Margins,
    weight: Floats,
    loss: Floats,
) -> None:
    """Write what each sender's share comes to in the market, beyond the margin."""
    beyond = sums.beyond[t, min(channel, IMPORT), j]
    if overlap == 1.0:
        for i in range(share.size):
            weight[i] = share[i] * beyond
        return
    for i in range(share.size):
        alone = margins.target_share[i, t, channel, j] * share[i]
        weight[i] = share[i] * growth(overlap * beyond + (1.0 - overlap) * alone)
        _add(margins.marginal[i, t, channel, j], weight[i], loss)


@inlined
def _add_own(
    share: Floats,
    weight: Floats,
    beyond: Floats,
    margins: Margins,
    t: int,
    channel: int,
    j: int,
    own: Floats,
) -> None:
    """Add what a flow costs its senders beyond what they are counted for with the others."""
    size, margin, n_large = margins.sender_share[t, channel, j], margins.own[t, channel, j], 0
    for i in range(share.size):
        x = size[i] * share[i]
        beyond[i] = _series(x)
        n_large += x > SMALL
    if n_large > 0:
        for i in range(share.size):
            beyond[i] = growth(size[i] * share[i])
    for i in range(share.size):
        own[i] += margin[i] * (share[i] * beyond[i] - weight[i])


@inlined
def _add_products(margin: Floats, weight: Floats, total: Floats) -> None:
    for i in range(total.size):
        total[i] += margin[i] * weight[i]


@loop
def growth(covered: float) -> float:
    """Return -log(1 - x) / x: how much more than at the margin the last share covered costs.

    Parameters
    ----------
    covered : float
        Share x of a market, in [0, 1]; taken as 1 - 1e-6 at most.
    """
    x = min(covered, 1.0 - 1e-6)
    return -math.log1p(-x) / x if x > SMALL else _series(x)


@inlined
def _series(x: float) -> float:
    """Return `growth` of a small share: eight terms are right to 2e-9 and need no logarithm."""
    tail = 1 / 5 + x * (1 / 6 + x * (1 / 7 + x / 8))
    return 1.0 + x * (1 / 2 + x * (1 / 3 + x * (1 / 4 + x * tail)))


@loop
def trade_covered(
    covered: Floats, senders: Ints, targets: Ints, flow_bn: Floats, cut_of: Floats, cut: Floats
) -> None:
    """Write the trade of each target that measures cover, at given prices, USD bn a year.

    Without regard to what of it finds another way. Tariffs tax and are left out.

    Parameters
    ----------
    covered, senders, targets
        As in `losses`.
    flow_bn : (n_states, n_states, n_sectors) float64
        Seller by buyer.
    cut_of : (n_targets, 2, n_sectors) float64
        Result: imports first, then exports.
    cut : (n_targets, 2) float64
        Result: of all sectors.
    """
    cut_of[:] = 0.0
    cut[:] = 0.0
    for i in range(senders.shape[0]):
        for t in range(targets.shape[0]):
            out, back = flow_bn[senders[i], targets[t]], flow_bn[targets[t], senders[i]]
            for j in range(flow_bn.shape[2]):
                cut_of[t, 0, j] += out[j] * covered[i, t, EXPORT, j]
                cut_of[t, 1, j] += back[j] * covered[i, t, IMPORT, j]
    for t in range(targets.shape[0]):
        for way in range(2):
            for j in range(flow_bn.shape[2]):
                cut[t, way] += cut_of[t, way, j]


@loop
def last_in_damage(
    covered: Floats,
    leak: Floats,
    coverage: Floats,
    aimed_at: Ints,
    targets: Ints,
    marginal: Floats,
    target_share: Floats,
    scarcity: Floats,
    damage: Floats,
) -> None:
    """Write what each act of each sender would add to its target's loss.

    In percent of the target's real income, given what all have in effect: the slope of
    -log(1 - x) at the share x of the market that is covered already.

    Parameters
    ----------
    covered, leak
        As in `losses`.
    coverage : (n_acts, n_channels, n_sectors) float64
        What each act covers in full.
    aimed_at : (n_acts,) int64
        Position of its target among the targets.
    targets : (n_targets,) int64
        Positions among the states.
    marginal, target_share
        Of `Exposure`.
    scarcity : (n_targets, 2, n_sectors) float64
        Room to work in.
    damage : (n_senders, n_acts) float64
        Result.
    """
    n_senders, n_targets, n_channels, n_sectors, _ = marginal.shape
    for t in range(n_targets):
        for side in range(2):
            for j in range(n_sectors):
                market = 0.0
                for i in range(n_senders):
                    market += target_share[i, t, side, j] * covered[i, t, side, j] * (1.0 - leak[t])
                scarcity[t, side, j] = 1.0 / max(1.0 - market, 1e-6)
    damage[:] = 0.0
    for i in range(n_senders):
        for act in range(aimed_at.shape[0]):
            t = aimed_at[act]
            for channel in range(n_channels):
                side = min(channel, IMPORT)
                for j in range(n_sectors):
                    free = (1.0 - covered[i, t, channel, j]) * (1.0 - leak[t])
                    effect = marginal[i, t, channel, j, targets[t]] * scarcity[t, side, j]
                    damage[i, act] += effect * coverage[act, channel, j] * free
