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
from sim.record import flat, on_stack

LANES = 8  # numbers in a vector of the widest machines: what is left over of one takes as long
SMALL = 0.1  # share of a market up to which the series of `growth` is right


class Margins(NamedTuple):
    """An exposure as kernels take it. What is worked out for all senders at once has them last.

    Attributes
    ----------
    senders : (n_senders,)
        Positions among the states.
    marginal : (n_senders, n_targets, 3, n_sectors, n_states)
        States may be followed by some that lose nothing: see `LANES`.
    target_share : (n_senders, n_targets, 3, n_sectors)
    own : (n_targets, 3, n_sectors, n_senders)
        `marginal` of each sender on itself.
    sender_share, cheapening, forgone : (n_targets, 3, n_sectors, n_senders)
    income : (n_states, n_states)
    targets : (n_targets,)
        Positions among the states.
    own_income : (n_targets,)
    third_marginal : (n_targets, 2, n_sectors, n_states)
        With as many states as `marginal`.
    third_share : (n_targets, n_sectors)
    """

    senders: Ints
    marginal: Floats
    target_share: Floats
    own: Floats
    sender_share: Floats
    cheapening: Floats
    forgone: Floats
    income: Floats
    targets: Ints
    own_income: Floats
    third_marginal: Floats
    third_share: Floats


class Lost(NamedTuple):
    """What happens to trade on a day beside what measures cover.

    Attributes
    ----------
    leak : (n_targets,)
        Share of what is covered or held back that finds another way, in [0, 1].
    held : (n_senders, n_targets, 2, n_sectors)
        Share of each sender's exports to and imports from the target that would be lost if all
        that measures leave were held back, in [0, 1].
    withheld, withheld_third : (n_targets, 2)
        What of it is held back, and of the trade of third states with the target, in [0, 1].
    payment_bn : (n_states,)
        Money received, USD billion a year.
    bridged : (n_targets, n_sectors)
        Share of what a sender no longer buys of a target that it has in stock, in [0, 1].
    """

    leak: Floats
    held: Floats
    withheld: Floats
    withheld_third: Floats
    payment_bn: Floats
    bridged: Floats


class Sums(NamedTuple):
    """What the coverage of all senders adds up to; it stays while coverage stays.

    Leaks and what is held back change every day, coverage does not. A share stopped is
    (covered + held x withheld) x kept, a share taxed covered x kept x (1 - what is stopped), for
    that is not taxed: so sums over senders are polynomials in what is kept and withheld,
    with the coefficients held here.

    Attributes
    ----------
    covered : (n_targets, 3, n_sectors, n_senders)
        Share of each sender's trade that is covered.
    held : (n_targets, 2, n_sectors, n_senders)
        As in `Lost`.
    bought, held_bought : (n_targets, n_sectors)
        Share of the target's purchases that is covered, and that would be held back.
    effect : (n_targets, n_sectors, 5, n_states)
        Effects at the margin: of exports and of imports stopped, by kept; of imports taxed, by
        kept and by -kept^2; of imports stopped at buyers who have few others, by kept^2.
    held_effect : (n_targets, n_sectors, 3, n_states)
        The same of what would be held back, of exports and of imports, and of what of the latter
        would be taxed.
    moved : (2, n_targets, n_senders)
        Fall of the log cost of each target's goods that each sender brings about, and log gain in
        percent that it gives up per log point of it.
    captive : (n_targets, n_sectors, n_senders)
        By how much more than at the margin a buyer stops that has few others.
    beyond : (n_targets, n_sectors)
        Room to work in.
    """

    covered: Floats
    held: Floats
    bought: Floats
    held_bought: Floats
    effect: Floats
    held_effect: Floats
    captive: Floats
    beyond: Floats
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
    n_senders, n_targets, n_channels, n_sectors, n_states = margins.marginal.shape
    return Sums(
        np.zeros((n_targets, n_channels, n_sectors, n_senders)),
        np.zeros((n_targets, 2, n_sectors, n_senders)),
        np.zeros((n_targets, n_sectors)),
        np.zeros((n_targets, n_sectors)),
        np.zeros((n_targets, n_sectors, 5, n_states)),
        np.zeros((n_targets, n_sectors, 3, n_states)),
        np.zeros((n_targets, n_sectors, n_senders)),
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
    before, held_before = sums.covered[t], sums.held[t]
    for j in range(covers.shape[1]):
        exports = covers[EXPORT, j] - before[EXPORT, j, i]
        banned = covers[IMPORT, j] - before[IMPORT, j, i]
        taxed = covers[TARIFF, j] - before[TARIFF, j, i]
        held_exports = held[EXPORT, j] - held_before[EXPORT, j, i]
        held_imports = held[IMPORT, j] - held_before[IMPORT, j, i]
        effect, held_effect = sums.effect[t, j], sums.held_effect[t, j]
        sums.bought[t, j] += size[EXPORT, j] * exports
        sums.held_bought[t, j] += size[EXPORT, j] * held_exports
        _add_both(marginal[EXPORT, j], exports, effect[0], held_exports, held_effect[0])
        _add_both(marginal[IMPORT, j], banned, effect[1], held_imports, held_effect[1])
        untaxed = covers[TARIFF, j] * held[IMPORT, j]
        untaxed -= before[TARIFF, j, i] * held_before[IMPORT, j, i]
        _add(marginal[TARIFF, j], untaxed, held_effect[2])
        held_before[EXPORT, j, i] = held[EXPORT, j]
        held_before[IMPORT, j, i] = held[IMPORT, j]
        if exports == 0.0 and banned == 0.0 and taxed == 0.0:
            continue
        both = covers[TARIFF, j] * covers[IMPORT, j]
        both -= before[TARIFF, j, i] * before[IMPORT, j, i]
        from_target = margins.sender_share[t, IMPORT, j, i]
        captive = _captive(from_target, covers[IMPORT, j])
        more_captive = captive - sums.captive[t, j, i]
        sums.captive[t, j, i] = captive
        _add_both(marginal[TARIFF, j], taxed, effect[2], both, effect[3])
        _add(marginal[IMPORT, j], more_captive, effect[4])
        for channel in range(covers.shape[0]):
            before[channel, j, i] = covers[channel, j]


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

    All flows of a target in a channel are gone through at once, sector by sector and sender: loops
    over the senders of one sector alone are too short for vectors.
    """
    n_flows = sums.captive[0].size
    share, weighed, part, left = (
        on_stack(n_flows), on_stack(n_flows), on_stack(n_flows), on_stack(n_flows),
    )  # fmt: skip
    own, cheaper, given_up = on_stack(n_flows), on_stack(n_flows), on_stack(n_flows)
    own[:] = 0.0
    left[:] = 1.0
    for t in range(weight.shape[0]):
        cheaper[:] = 0.0
        given_up[:] = 0.0
        for channel in range(weight.shape[1]):
            if not _stop(t, channel, lost, sums, share):
                continue
            _spread(weight[t, channel], part)
            if channel == IMPORT:
                _keep_stocks(lost.bridged[t], left)
            _weigh(t, channel, weight, overlap, lost, share, sums, margins, part, weighed, total)
            _add_own(t, channel, share, part, left, weighed, margins, own, cheaper, given_up)
            if channel == IMPORT:
                left[:] = 1.0
        _add_sectors(cheaper, sums.moved[0, t])
        _add_sectors(given_up, sums.moved[1, t])
    of_senders = on_stack(margins.senders.size)
    _add_sectors(own, of_senders)
    for i in range(of_senders.size):
        total[margins.senders[i]] += of_senders[i]


@inlined
def _stop(t: int, channel: int, lost: Lost, sums: Sums, share: Floats) -> bool:
    """Write which share of a flow each sender stops; return whether anybody does."""
    covered, kept, stopping = flat(sums.covered[t, channel]), 1.0 - lost.leak[t], 0
    if channel == TARIFF:
        banned, held = flat(sums.covered[t, IMPORT]), flat(sums.held[t, IMPORT])
        withheld = lost.withheld[t, IMPORT] * kept
        for k in range(share.size):
            share[k] = covered[k] * kept * (1.0 - banned[k] * kept - held[k] * withheld)
            stopping += share[k] != 0.0
    else:
        held = flat(sums.held[t, channel])
        withheld = lost.withheld[t, channel] * kept
        for k in range(share.size):
            share[k] = covered[k] * kept + held[k] * withheld
            stopping += share[k] != 0.0
    return stopping > 0


@inlined
def _spread(by_sector: Floats, flows: Floats) -> None:
    """Write what holds in a sector for each of its flows."""
    n_senders = flows.size // by_sector.size
    for j in range(by_sector.size):
        for i in range(n_senders):
            flows[j * n_senders + i] = by_sector[j]


@inlined
def _keep_stocks(bridged: Floats, left: Floats) -> None:
    """Write, where there are stocks, which share of what is stopped does not come out of them."""
    n_senders = left.size // bridged.size
    for j in range(bridged.size):
        if bridged[j] != 0.0:
            left[j * n_senders : (j + 1) * n_senders] = 1.0 - bridged[j]


@inlined
def _weigh(
    t: int,
    channel: int,
    weight: Floats,
    overlap: float,
    lost: Lost,
    share: Floats,
    sums: Sums,
    margins: Margins,
    part: Floats,
    weighed: Floats,
    total: Floats,
) -> None:
    """Write what each share comes to in the market, beyond the margin."""
    kept, captive = 1.0 - lost.leak[t], flat(sums.captive[t])
    if channel == IMPORT:
        for k in range(share.size):
            weighed[k] = part[k] * (share[k] + kept * kept * captive[k])
    elif channel == EXPORT and overlap == 1.0:
        _spread_products(weight[t, channel], sums.beyond[t], weighed)
        for k in range(share.size):
            weighed[k] *= share[k]
    else:
        for k in range(share.size):
            weighed[k] = part[k] * share[k]
    if overlap != 1.0:
        _weigh_apart(t, channel, overlap, share, sums, margins, weighed, total)


@inlined
def _spread_products(by_sector: Floats, factor: Floats, flows: Floats) -> None:
    n_senders = flows.size // by_sector.size
    for j in range(by_sector.size):
        for i in range(n_senders):
            flows[j * n_senders + i] = by_sector[j] * factor[j]


@loop
def _weigh_apart(
    t: int,
    channel: int,
    overlap: float,
    share: Floats,
    sums: Sums,
    margins: Margins,
    weighed: Floats,
    total: Floats,
) -> None:
    """Count what senders stop by the market that each leaves, and add it to the losses."""
    n_sectors, n_senders = sums.covered.shape[2], sums.covered.shape[3]
    for j in range(n_sectors):
        for i in range(n_senders):
            k = j * n_senders + i
            if channel == EXPORT:
                alone = margins.target_share[i, t, EXPORT, j] * share[k]
                weighed[k] *= growth(overlap * sums.beyond[t, j] + (1.0 - overlap) * alone)
            _add(margins.marginal[i, t, channel, j], weighed[k], total)


@inlined
def _add_own(
    t: int,
    channel: int,
    share: Floats,
    part: Floats,
    left: Floats,
    weighed: Floats,
    margins: Margins,
    own: Floats,
    cheaper: Floats,
    given_up: Floats,
) -> None:
    """Add what flows cost their senders beyond what they are counted for with the others.

    Of what they stop they miss the share `left` that does not come out of stocks. And add how much
    cheaper they make the target's goods, and what they give up by it.
    """
    size, margin = flat(margins.sender_share[t, channel]), flat(margins.own[t, channel])
    cheapening, forgone = flat(margins.cheapening[t, channel]), flat(margins.forgone[t, channel])
    n_large = 0
    for k in range(share.size):
        x = size[k] * share[k] * left[k]
        n_large += x > SMALL
        own[k] += margin[k] * (part[k] * share[k] * left[k] * _series(x) - weighed[k])
        cheaper[k] += cheapening[k] * weighed[k]
        given_up[k] += forgone[k] * part[k] * share[k]
    if n_large > 0:
        for k in range(share.size):
            x = size[k] * share[k] * left[k]
            if x > SMALL:
                beyond = growth(x) - _series(x)
                own[k] += margin[k] * part[k] * share[k] * left[k] * beyond


@inlined
def _add_sectors(by_flow: Floats, total: Floats) -> None:
    """Write what all sectors add up to for each sender."""
    total[:] = 0.0
    for j in range(by_flow.size // total.size):
        for i in range(total.size):
            total[i] += by_flow[j * total.size + i]


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
