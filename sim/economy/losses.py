"""What covered trade costs every state: the kernels of `sim.economy.exposure`.

Beyond the margin an effect grows as -log(1 - x) / x with the covered share x of the market, as the
exposure's description says.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.compiled import inlined, kernel, loop, part
from sim.economy.shocks import EXPORT, IMPORT, TARIFF
from sim.record import flat, on_stack

LANES = 8  # numbers in a vector of the widest machines: what is left over of one takes as long
SMALL = 0.1  # share of a market up to which the series of `growth` is right
# Rows of `Margins.flows`, by channel, and those of `Sums.flows`; a row is one vector of senders.
SIZE, OWN, CHEAPENING, FORGONE, N_ROWS = 0, 3, 6, 9, 12
COVERED, HELD, CAPTIVE, N_CHANGING = 0, 3, 5, 6


class Margins(NamedTuple):
    """An exposure as kernels take it."""

    senders: Ints  # (n_senders,) positions among the states
    # (n_senders, n_targets, 3, n_sectors, n_states) states may be followed by some that lose
    # nothing: see `LANES`.
    marginal: Floats
    target_share: Floats  # (n_senders, n_targets, 3, n_sectors)
    # (n_targets, n_sectors, n_vectors, N_ROWS, LANES) of the flows of eight senders in a sector, by
    # channel: `sender_share`, `marginal` of each sender on itself, `cheapening` and `forgone` of
    # the exposure. What is gone through at once lies together; beyond the last sender there is
    # nobody.
    flows: Floats
    income: Floats  # (n_states, n_states)
    targets: Ints  # (n_targets,) positions among the states
    own_income: Floats  # (n_targets,)
    third_marginal: Floats  # (n_targets, 2, n_sectors, n_states) with as many states as `marginal`
    third_share: Floats  # (n_targets, n_sectors)


class Lost(NamedTuple):
    """What happens to trade on a day beside what measures cover."""

    # (n_targets,) share of what is covered or held back that finds another way, in [0, 1].
    leak: Floats
    # (n_senders, n_targets, 2, n_sectors) share of each sender's exports to and imports from the
    # target that would be lost if all that measures leave were held back, in [0, 1].
    held: Floats
    # (n_targets, 2) what of it is held back, and of the trade of third states with the target, in
    # [0, 1].
    withheld: Floats
    withheld_third: Floats
    payment_bn: Floats  # (n_states,) money received, USD billion a year
    # (n_targets, n_sectors) share of what a sender no longer buys of a target that it has in stock,
    # in [0, 1].
    bridged: Floats


class Sums(NamedTuple):
    """What the coverage of all senders adds up to; it stays while coverage stays.

    Leaks and what is held back change every day, coverage does not. A share stopped is
    (covered + held x withheld) x kept, a share taxed covered x kept x (1 - what is stopped), for
    that is not taxed: so sums over senders are polynomials in what is kept and withheld,
    with the coefficients held here.
    """

    # (n_targets, n_sectors, n_vectors, N_CHANGING, LANES) by sender as in `Margins.flows`: the
    # share covered, by channel; that held back, as in `Lost`; and by how much more than at the
    # margin a buyer stops that has few others.
    flows: Floats
    # (n_targets, n_sectors) share of the target's purchases that is covered, and that would be held
    # back.
    bought: Floats
    held_bought: Floats
    # (n_targets, n_sectors, 5, n_states) effects at the margin: of exports and of imports stopped,
    # by kept; of imports taxed, by kept and by -kept^2; of imports stopped at buyers who have few
    # others, by kept^2.
    effect: Floats
    # (n_targets, n_sectors, 3, n_states) the same of what would be held back, of exports and of
    # imports, and of what of the latter would be taxed.
    held_effect: Floats
    beyond: Floats  # (n_targets, n_sectors) room to work in
    # (2, n_targets, n_senders) fall of the log cost of each target's goods that each sender brings
    # about, and log gain in percent that it gives up per log point of it.
    moved: Floats


@kernel
def losses(
    covered: Floats,
    old: Floats,
    old_income: float,
    lost: Lost,
    overlap: float,
    fresh: Margins,
    mature: Margins,
) -> Floats:
    """Return the loss of every state in percent of real income, (n_states,); gains are negative.

    Parameters
    ----------
    covered : (2, n_senders, n_targets, 3, n_sectors) float64
        Share of each sender's trade with each target that measures in effect cover, by the
        elasticities of both ends of the horizon.
    old : (n_targets, 3, n_sectors) float64
        Weight of the long run, by channel, in [0, 1].
    old_income : float
        The same of money paid or received.
    lost : Lost
    overlap : float
        1 if all senders cover the same products, 0 if each covers its own.
    fresh, mature : Margins
        At the elasticities of the short run and of the long run.
    """
    loss = np.zeros(mature.income.shape[0])
    young = new_sums(fresh)
    add_up(covered[0], lost.held, fresh, young)
    add_losses(1.0 - old, lost, overlap, young, fresh, loss)
    late = new_sums(mature)
    add_up(covered[1], lost.held, mature, late)
    add_losses(old, lost, overlap, late, mature, loss)
    add_forgone(young.moved, late.moved, mature.senders, loss)
    add_payments(lost.payment_bn, old_income, young.moved, late.moved, fresh, mature, loss)
    to_percent(loss)
    return loss


@kernel
def new_sums(margins: Margins) -> Sums:
    """Return room for what coverage adds up to; nothing is covered."""
    n_senders, n_targets, _, n_sectors, n_states = margins.marginal.shape
    return Sums(
        np.zeros((n_targets, n_sectors, margins.flows.shape[2], N_CHANGING, LANES)),
        np.zeros((n_targets, n_sectors)),
        np.zeros((n_targets, n_sectors)),
        np.zeros((n_targets, n_sectors, 5, n_states)),
        np.zeros((n_targets, n_sectors, 3, n_states)),
        np.zeros((n_targets, n_sectors)),
        np.zeros((2, n_targets, n_senders)),
    )


@loop
def add_up(covered: Floats, held: Floats, margins: Margins, sums: Sums) -> None:
    """Write what coverage adds up to into `sums`, in which nothing was covered; see `losses`."""
    for i in range(covered.shape[0]):
        for t in range(covered.shape[1]):
            add_change(t, i, covered[i, t], held[i, t], margins, sums)


@loop
def add_change(t: int, i: int, covers: Floats, held: Floats, margins: Margins, sums: Sums) -> None:
    """Write into `sums` that a sender now covers these shares of its trade with a target.

    Parameters
    ----------
    t, i : int
        Target and sender.
    covers : (3, n_sectors) float64
    held : (2, n_sectors) float64
        As in `Lost`, of this sender.
    """
    marginal, size = margins.marginal[i, t], margins.target_share[i, t]
    vector, lane = i // LANES, i % LANES
    for j in range(covers.shape[1]):
        flows = sums.flows[t, j, vector]
        before, held_before = flows[COVERED:HELD], flows[HELD:CAPTIVE]
        exports = covers[EXPORT, j] - before[EXPORT, lane]
        banned = covers[IMPORT, j] - before[IMPORT, lane]
        taxed = covers[TARIFF, j] - before[TARIFF, lane]
        held_exports = held[EXPORT, j] - held_before[EXPORT, lane]
        held_imports = held[IMPORT, j] - held_before[IMPORT, lane]
        effect, held_effect = sums.effect[t, j], sums.held_effect[t, j]
        sums.bought[t, j] += size[EXPORT, j] * exports
        sums.held_bought[t, j] += size[EXPORT, j] * held_exports
        _add_both(marginal[EXPORT, j], exports, effect[0], held_exports, held_effect[0])
        _add_both(marginal[IMPORT, j], banned, effect[1], held_imports, held_effect[1])
        untaxed = covers[TARIFF, j] * held[IMPORT, j]
        untaxed -= before[TARIFF, lane] * held_before[IMPORT, lane]
        _add(marginal[TARIFF, j], untaxed, held_effect[2])
        held_before[EXPORT, lane] = held[EXPORT, j]
        held_before[IMPORT, lane] = held[IMPORT, j]
        if exports == 0.0 and banned == 0.0 and taxed == 0.0:
            continue
        both = covers[TARIFF, j] * covers[IMPORT, j]
        both -= before[TARIFF, lane] * before[IMPORT, lane]
        from_target = margins.flows[t, j, vector, SIZE + IMPORT, lane]
        captive = _captive(from_target, covers[IMPORT, j])
        more_captive = captive - flows[CAPTIVE, lane]
        flows[CAPTIVE, lane] = captive
        _add_both(marginal[TARIFF, j], taxed, effect[2], both, effect[3])
        _add(marginal[IMPORT, j], more_captive, effect[4])
        for channel in range(covers.shape[0]):
            before[channel, lane] = covers[channel, j]


@inlined
def _captive(from_target: float, covered: float) -> float:
    """Return by how much more than at the margin a buyer stops that has few other suppliers.

    At the margin a buyer that gets the share p of a good from the target stops only 1 - p of what
    is covered, for what is dearer it goes on paying; a ban on q of it stops
    q (1 - p) / (1 - p q). This is q / (1 - p q) - q.
    """
    return from_target * covered * covered / max(1.0 - from_target * covered, 1e-6)


@inlined
def _add_both(margin: Floats, share: float, effect: Floats, other: float, beside: Floats) -> None:
    if share != 0.0 and other != 0.0:
        for n in range(effect.size):
            effect[n] += margin[n] * share
            beside[n] += margin[n] * other
    else:
        _add(margin, share, effect)
        _add(margin, other, beside)


@inlined
def _add(margin: Floats, share: float, effect: Floats) -> None:
    if share != 0.0:
        for n in range(effect.size):
            effect[n] += margin[n] * share


@loop
def add_losses(
    weight: Floats, lost: Lost, overlap: float, sums: Sums, margins: Margins, loss: Floats
) -> None:
    """Write into `loss`, on top of it, the log loss of every state at one end, in percent.

    Parameters
    ----------
    weight : (n_targets, 3, n_sectors) float64
        Of this end of the horizon, by channel.
    lost, overlap, sums, margins
        As in `losses`; what is held back stands in `sums`.
    loss : (n_states,) float64
    """
    together, total = overlap == 1.0, on_stack(margins.marginal.shape[4])
    total[:] = 0.0
    for t in range(weight.shape[0]):
        kept, third = 1.0 - lost.leak[t], lost.withheld_third[t]
        held_exports, held_imports = lost.withheld[t, 0] * kept, lost.withheld[t, 1] * kept
        for j in range(weight.shape[2]):
            purchases = sums.bought[t, j] * kept + sums.held_bought[t, j] * held_exports
            purchases += margins.third_share[t, j] * third[0]
            # Together one growth per market, else one per flow from the market's share. Sales are
            # lost one by one.
            beyond = growth(purchases)
            first, second = weight[t, EXPORT, j] * beyond, weight[t, IMPORT, j]
            taxed, captive = weight[t, TARIFF, j] * kept, second * kept * kept
            _add(margins.third_marginal[t, 0, j], first * third[0], total)
            _add(margins.third_marginal[t, 1, j], second * third[1], total)
            if together:
                effect, held = sums.effect[t, j], sums.held_effect[t, j]
                for n in range(total.size):
                    exports = effect[0, n] * kept + held[0, n] * held_exports
                    imports = effect[1, n] * kept + held[1, n] * held_imports
                    taxes = effect[2, n] - effect[3, n] * kept - held[2, n] * held_imports
                    total[n] += exports * first + imports * second + taxes * taxed
                    total[n] += effect[4, n] * captive
            sums.beyond[t, j] = beyond if together else purchases
    _add_of_each(weight, lost, overlap, sums, margins, total)
    for n in range(loss.size):
        loss[n] += total[n]


@loop
def add_forgone(young: Floats, late: Floats, senders: Ints, loss: Floats) -> None:
    """Write into `loss`, on top of it, what senders do not gain from goods that others cheapen.

    The product of what a sender has given up and of how much cheaper the others make the rest,
    both at the maturity of what is lost.

    Parameters
    ----------
    young, late : (2, n_targets, n_senders) float64
        `Sums.moved` at both ends of the horizon.
    senders : (n_senders,) int64
        Positions among the states.
    """
    for t in range(young.shape[1]):
        by_all = 0.0
        for i in range(senders.size):
            by_all += young[0, t, i] + late[0, t, i]
        for i in range(senders.size):
            given_up = young[1, t, i] + late[1, t, i]
            loss[senders[i]] += given_up * (by_all - young[0, t, i] - late[0, t, i])


@loop
def add_payments(
    payment_bn: Floats,
    old: float,
    young: Floats,
    late: Floats,
    fresh: Margins,
    mature: Margins,
    loss: Floats,
) -> None:
    """Write into `loss`, on top of it, the log loss in percent that money received brings.

    A target pays in dollars. Its income in dollars falls as its goods become cheaper, by what the
    senders stop and by the payment itself, and by as much it pays more of its income.

    Parameters
    ----------
    payment_bn : (n_states,) float64
    old : float
        Weight of the long run of money paid or received, in [0, 1].
    young, late : (2, n_targets, n_senders) float64
        `Sums.moved` at both ends of the horizon.
    """
    _add_by_receiver(payment_bn, 1.0 - old, fresh.income, loss)
    _add_by_receiver(payment_bn, old, mature.income, loss)
    for t in range(fresh.targets.size):
        per_bn = (1.0 - old) * fresh.own_income[t] + old * mature.own_income[t]
        paid = payment_bn[fresh.targets[t]] * per_bn
        cheaper = paid / 100.0
        for i in range(young.shape[2]):
            cheaper += young[0, t, i] + late[0, t, i]
        loss[fresh.targets[t]] += paid * cheaper


@inlined
def _add_by_receiver(payment_bn: Floats, weight: float, income: Floats, loss: Floats) -> None:
    for receiver in range(payment_bn.size):
        _add(income[receiver], payment_bn[receiver] * weight, loss)


@loop
def to_percent(loss: Floats) -> None:
    """Write 100 (1 - exp(-x / 100)) over log losses x in percent."""
    largest = 0.0
    for n in range(loss.size):
        largest = max(largest, abs(loss[n]))
    for n in range(loss.size):
        loss[n] = _percent_lost(loss[n] / 100.0, largest < 100.0 * SMALL)


@inlined
def _percent_lost(x: float, is_small: bool) -> float:
    """Return 100 (1 - exp(-x)); of a small x by eight terms, right to 1e-13 of it."""
    if is_small:
        tail = 1.0 - x * (1 / 5) * (1.0 - x * (1 / 6) * (1.0 - x * (1 / 7) * (1.0 - x * (1 / 8))))
        return 100.0 * x * (1.0 - x * 0.5 * (1.0 - x * (1 / 3) * (1.0 - x * 0.25 * tail)))
    return -100.0 * math.expm1(-x)


@loop
def _add_of_each(
    weight: Floats, lost: Lost, overlap: float, sums: Sums, margins: Margins, total: Floats
) -> None:
    """Add what is no sum over senders, effects on oneself; write `Sums.moved`.

    One vector of senders at a time, all of a sector in one loop whose length the compiler knows: it
    has neither a beginning nor an end that would take longer than the loop.
    """
    n_senders, moved = margins.senders.size, sums.moved
    apart, own, cheaper, given_up = (
        on_stack(LANES), on_stack(LANES), on_stack(LANES), on_stack(LANES),
    )  # fmt: skip
    missed, weighed = on_stack(3 * LANES), on_stack(3 * LANES)
    apart[:] = 1.0
    for first in range(0, n_senders, LANES):
        own[:] = 0.0
        n_here = min(n_senders - first, LANES)
        for t in range(weight.shape[0]):
            cheaper[:] = 0.0
            given_up[:] = 0.0
            for j in range(weight.shape[2]):
                beyond = sums.beyond[t, j]
                if overlap != 1.0:
                    _grow_apart(t, j, first, n_here, overlap, lost, sums, margins, apart)
                    beyond = 1.0
                _add_own(
                    t, j, first, weight, lost, sums, margins, beyond, apart,
                    own, cheaper, given_up, missed, weighed,
                )  # fmt: skip
                if overlap != 1.0:
                    _add_apart(t, j, first, n_here, weighed, margins, total)
            for n in range(n_here):
                moved[0, t, first + n], moved[1, t, first + n] = cheaper[n], given_up[n]
        for n in range(n_here):
            total[margins.senders[first + n]] += own[n]


@inlined
def _add_own(
    t: int,
    j: int,
    first: int,
    weight: Floats,
    lost: Lost,
    sums: Sums,
    margins: Margins,
    beyond: float,
    apart: Floats,
    own: Floats,
    cheaper: Floats,
    given_up: Floats,
    missed: Floats,
    weighed: Floats,
) -> None:
    """Add what flows cost their senders beyond what they are counted for with the others.

    Of what they stop they miss what does not come out of stocks. And add how much cheaper they
    make the target's goods, and what they give up by it. Writes, by channel, the shares `missed`,
    and what each comes to in the market, beyond the margin: `weighed`.
    """
    kept, left = 1.0 - lost.leak[t], 1.0 - lost.bridged[t, j]
    withheld_out, withheld_back = lost.withheld[t, EXPORT] * kept, lost.withheld[t, IMPORT] * kept
    by_out, by_back, by_tax = weight[t, EXPORT, j], weight[t, IMPORT, j], weight[t, TARIFF, j]
    now, given = flat(sums.flows[t, j, first // LANES]), flat(margins.flows[t, j, first // LANES])
    out, back, tax = EXPORT * LANES, IMPORT * LANES, TARIFF * LANES  # where a channel begins
    held, captive = HELD * LANES, CAPTIVE * LANES
    own_row, cheapening, forgone = OWN * LANES, CHEAPENING * LANES, FORGONE * LANES
    by_market, n_large = by_out * beyond, 0
    for n in range(LANES):
        sold = now[out + n] * kept + now[held + out + n] * withheld_out
        banned, held_back = now[back + n] * kept, now[held + back + n] * withheld_back
        bought = banned + held_back
        taxed = now[tax + n] * kept * (1.0 - banned - held_back)
        weighed[out + n] = by_market * apart[n] * sold
        weighed[back + n] = by_back * (bought + kept * kept * now[captive + n])
        weighed[tax + n] = by_tax * taxed
        missed[out + n], missed[back + n], missed[tax + n] = sold, bought * left, taxed
        given_up[n] += given[forgone + back + n] * by_back * bought
        given_up[n] += given[forgone + tax + n] * by_tax * taxed
        x = given[out + n] * missed[out + n]
        y = given[back + n] * missed[back + n]
        z = given[tax + n] * missed[tax + n]
        n_large += (x > SMALL) | (y > SMALL) | (z > SMALL)
        x = by_out * missed[out + n] * _series(x) - weighed[out + n]
        y = by_back * missed[back + n] * _series(y) - weighed[back + n]
        z = by_tax * missed[tax + n] * _series(z) - weighed[tax + n]
        own[n] += given[own_row + out + n] * x
        own[n] += given[own_row + back + n] * y
        own[n] += given[own_row + tax + n] * z
        cheaper[n] += given[cheapening + out + n] * weighed[out + n]
        cheaper[n] += given[cheapening + back + n] * weighed[back + n]
        cheaper[n] += given[cheapening + tax + n] * weighed[tax + n]
    if n_large > 0:
        for k in range(missed.size):
            x = given[k] * missed[k]
            if x > SMALL:
                more = weight[t, k // LANES, j] * missed[k] * (growth(x) - _series(x))
                own[k % LANES] += given[own_row + k] * more


@part
def _grow_apart(
    t: int,
    j: int,
    first: int,
    n_here: int,
    overlap: float,
    lost: Lost,
    sums: Sums,
    margins: Margins,
    apart: Floats,
) -> None:
    """Write by how much more exports count by the market that each sender leaves."""
    now, kept = sums.flows[t, j, first // LANES], 1.0 - lost.leak[t]
    for n in range(n_here):
        share = now[EXPORT, n] + now[HELD + EXPORT, n] * lost.withheld[t, EXPORT]
        alone = margins.target_share[first + n, t, EXPORT, j] * share * kept
        apart[n] = growth(overlap * sums.beyond[t, j] + (1.0 - overlap) * alone)


@part
def _add_apart(
    t: int, j: int, first: int, n_here: int, weighed: Floats, margins: Margins, total: Floats
) -> None:
    """Add to the losses of all what senders stop, one by one."""
    for channel in range(3):
        for n in range(n_here):
            margin = margins.marginal[first + n, t, channel, j]
            _add(margin, weighed[channel * LANES + n], total)


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
    """Return `growth` of a small share: nine terms are right to 2e-10 and need no logarithm.

    Nor a division, which takes as long as all the rest.
    """
    tail = 1 / 5 + x * (1 / 6 + x * (1 / 7 + x * (1 / 8 + x * (1 / 9))))
    return 1.0 + x * (1 / 2 + x * (1 / 3 + x * (1 / 4 + x * tail)))


@loop
def trade_covered(
    covered: Floats, senders: Ints, targets: Ints, flow_bn: Floats, cut_of: Floats
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
    """
    for t in range(targets.shape[0]):
        trade_of(t, covered, senders, targets[t], flow_bn, cut_of[t])


@loop
def trade_of(
    t: int, covered: Floats, senders: Ints, target: int, flow_bn: Floats, cut_of: Floats
) -> None:
    """Write the trade of one target that measures cover, (2, n_sectors): see `trade_covered`."""
    cut_of[:] = 0.0
    for i in range(senders.shape[0]):
        out, back, covers = flow_bn[senders[i], target], flow_bn[target, senders[i]], covered[i, t]
        for j in range(flow_bn.shape[2]):
            cut_of[0, j] += out[j] * covers[EXPORT, j]
            cut_of[1, j] += back[j] * covers[IMPORT, j]


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
