"""Exposure: what covered trade costs every state, fast enough for every step of a million runs.

Derived from the loaded world's own equilibrium, never typed in: the exact derivative of every
state's log real income by each sender's trade with each target, by channel and sector, and by
transfers between states (`sim.economy.marginal`). A tariff counts at its actual rate: the
derivative is by the share of imports to which the rate applies. By the rate itself it would not
do, since what a tariff does to its sender turns with the rate.

Beyond the margin an effect grows as -log(1 - x) / x with the covered share x of the market: losing
the share x of one's suppliers raises the price index of the sector by (1 - x)^(-1/theta) [1]_.
For effects on the target and on third states x is what all senders cover of the target's purchases
or sales, so acting together hurts more than the sum; for a sender's effect on itself x is the
share of its own purchases or sales. If senders cover other products each, only a part of what the
others cover adds to x [2]_. One more effect is not a sum: measures make the target's goods cheaper
for those who still buy, and what a sender has stopped buying it does not gain from. Log losses add
up; loss in percent is 100 (1 - exp(-sum)).

Its error against exact equilibria over random coalitions is printed by
`experiments/exposure_error.py`.

Axis order: `(senders, targets, channels, sectors)`, then states; channels are those of
`sim.economy.shocks.Channel`.

References
----------
.. [1] Arkolakis, Costinot and Rodriguez-Clare (2012), New trade models, same old gains?,
   American Economic Review 102, eq. 1.
.. [2] Hausmann, Schetter and Yildirim (2024), On the design of effective sanctions: the case of
   bans on exports to Russia, Economic Policy 39.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import kernel
from sim.economy.baseline import economy_of, world_economy
from sim.economy.marginal import Values, values
from sim.economy.shocks import EXPORT, IMPORT, MN_PER_BN, TARIFF, tariff_rates
from sim.economy.tables import Economy, Floats
from sim.world import World

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Exposure:
    """Exposure of every state to the senders' trade with the targets.

    Attributes
    ----------
    sectors : tuple of str
    theta : (n_sectors,)
        Trade elasticities in use.
    rate : (n_sectors,)
        Sanction tariff of a sector, 0 for none.
    flow_bn : (n_states, n_states, n_sectors)
        Observed sales of the first state to the second, USD billion a year.
    senders, targets : (n_senders,), (n_targets,) int64
        Positions among the states.
    marginal : (n_senders, n_targets, 3, n_sectors, n_states)
        Log loss of real income in percent per unit of the flow covered, at the margin.
    target_share : (n_senders, n_targets, 3, n_sectors)
        Share of the flow in the target's purchases (export channel) or sales (the others); of a
        taxed flow the share that the tariff stops.
    sender_share : (n_senders, n_targets, 3, n_sectors)
        The same in the sender's sales (export channel) or purchases (the others).
    cheapening : (n_senders, n_targets, 3, n_sectors)
        Fall of the log cost of the target's exports per unit of the flow covered, at the margin.
    forgone : (n_senders, n_targets, 3, n_sectors)
        Log gain of the sender in percent, per log point by which the target's goods are cheaper,
        that a unit covered takes from it; 0 for the export channel.
    rent_marginal : (n_targets, n_states, n_states)
        Log loss in percent of the last state per USD billion that a target pays to the second.
    """

    sectors: tuple[str, ...]
    theta: Floats
    rate: Floats
    flow_bn: Floats
    senders: Ints
    targets: Ints
    marginal: Floats
    target_share: Floats
    sender_share: Floats
    cheapening: Floats
    forgone: Floats
    rent_marginal: Floats

    @classmethod
    def of(
        cls,
        world: World,
        senders: Ints,
        targets: Ints,
        elasticity: str = "long_run",
        balance: bool = True,
    ) -> Exposure:
        """Return the exposure of a world, worked out once.

        Parameters
        ----------
        world : World
            Its folder holds the nine tables in `economy/`.
        senders, targets : (n_senders,), (n_targets,) int64
            Positions among the states.
        elasticity : {'long_run', 'short_run'}
        balance : bool
            Start from balanced trade: Russia's surplus is a tenth of its GDP and held fixed in
            money, which an embargo makes meaningless.

        Raises
        ------
        InputError
            Countries of the tables that are not the world's states; an unknown elasticity; a
            broken catalogue.
        """
        economy = world_economy(world, elasticity, balance)
        income, cost = _values(str(world.folder), world.fingerprint, elasticity, balance)
        rate = tariff_rates(world)
        target_share, sender_share = _shares(economy, senders, targets, rate)
        marginal = -100.0 * _gains(economy, income, senders, targets, rate)
        cheapening = -_gains(economy, cost, senders, targets, rate)
        paid = MN_PER_BN * (income.income[targets][:, None] - income.income[None])
        observed = world_economy(world, elasticity, balance=False).flows()
        return cls(
            sectors=economy.sectors,
            theta=economy.theta,
            rate=rate,
            flow_bn=np.ascontiguousarray(observed.transpose(2, 1, 0)) / MN_PER_BN,
            senders=senders,
            targets=targets,
            marginal=np.ascontiguousarray(marginal),
            target_share=target_share,
            sender_share=sender_share,
            cheapening=np.ascontiguousarray(
                np.stack([cheapening[:, t, ..., b] for t, b in enumerate(targets)], axis=1)
            ),
            forgone=_forgone(economy, marginal, senders, rate),
            rent_marginal=np.ascontiguousarray(100.0 * paid),
        )

    def losses(
        self, covered: Floats, leak: Floats, rent_bn: Floats, overlap: float = 1.0
    ) -> Floats:
        """Return the loss of every state in percent of real income; see the kernel `losses`."""
        loss: Floats = losses(
            covered,
            leak,
            rent_bn,
            overlap,
            self.senders,
            self.marginal,
            self.target_share,
            self.sender_share,
            self.cheapening,
            self.forgone,
            self.rent_marginal,
        )
        return loss

    def trade_covered(self, covered: Floats) -> Floats:
        """Return covered imports and exports of each target, (n_targets, 2), USD bn a year.

        All that the senders trade with it, if all is covered.
        """
        n_targets, n_sectors = self.targets.size, self.theta.size
        cut_of, cut = np.zeros((n_targets, 2, n_sectors)), np.zeros((n_targets, 2))
        trade_covered(covered, self.senders, self.targets, self.flow_bn, cut_of, cut)
        return cut

    def margins(self) -> Margins:
        """Return the exposure as kernels take it."""
        return Margins(
            self.senders,
            own_marginal(self.senders, self.marginal),
            self.marginal,
            self.target_share,
            self.sender_share,
            self.cheapening,
            self.forgone,
            self.rent_marginal,
        )

    def own_loss(self, coverage: Floats, aimed_at: Ints) -> Floats:
        """Return each sender's loss in percent if it alone applies each act, without leak.

        Parameters
        ----------
        coverage : (n_acts, 3, n_sectors) float64
            What each act covers, as `sim.economy.shocks.coverage` returns.
        aimed_at : (n_acts,) int64
            Position of the act's target among the targets.

        Returns
        -------
        (n_senders, n_acts) float64
        """
        own = np.zeros((self.senders.size, len(coverage)))
        leak, rent = np.zeros(self.targets.size), np.zeros(self.rent_marginal.shape[:2])
        covered = np.zeros(self.target_share.shape)
        for i, act in np.ndindex(*own.shape):
            covered[i, aimed_at[act]] = coverage[act]
            own[i, act] = self.losses(covered, leak, rent)[self.senders[i]]
            covered[i, aimed_at[act]] = 0.0
        return own


@lru_cache(maxsize=16)
def _values(folder: str, fingerprint: str, elasticity: str, balance: bool) -> tuple[Values, Values]:
    return values(economy_of(folder, fingerprint, elasticity, balance))


def _gains(economy: Economy, value: Values, senders: Ints, targets: Ints, rate: Floats) -> Floats:
    """Return log gains per unit covered, (n_senders, n_targets, 3, n_sectors, n_states)."""
    theta = economy.theta
    # Change of the log price of a flow, and of its log tariff, per unit covered.
    ban, stopped = 1.0 / theta, _stopped(rate, theta)
    tax = rate * (1.0 + rate) ** (-theta - 1.0)
    sender, target = np.ix_(senders, targets)
    nothing = np.zeros_like(theta)
    by_channel = [
        _gain(economy, value, target, sender, ban, nothing),
        _gain(economy, value, sender, target, ban, nothing),
        _gain(economy, value, sender, target, stopped / theta, tax),
    ]
    return np.stack(by_channel).transpose(2, 3, 0, 1, 4)


def _forgone(economy: Economy, marginal: Floats, senders: Ints, rate: Floats) -> Floats:
    """Return `Exposure.forgone`: covering a share q of a flow is a log cost of q / theta."""
    forgone = np.zeros(marginal.shape[:-1])
    for i, sender in enumerate(senders):
        forgone[i, :, IMPORT] = economy.theta * marginal[i, :, IMPORT, :, sender]
    forgone[:, :, TARIFF] = _stopped(rate, economy.theta) * forgone[:, :, IMPORT]
    return forgone


def _stopped(rate: Floats, theta: Floats) -> Floats:
    """Return the share of trade that a tariff stops at given prices, 1 - (1 + t)^(-theta)."""
    return 1.0 - (1.0 + rate) ** -theta


def _gain(
    economy: Economy, value: Values, buyer: Ints, seller: Ints, price: Floats, tax: Floats
) -> Floats:
    """Return changes of log real income per unit of flows covered.

    Parameters
    ----------
    buyer, seller : int64 arrays that broadcast to (n_senders, n_targets)
    price, tax : (n_sectors,) float64
        Change of a flow's log price, tariff included, and of its log tariff.

    Returns
    -------
    (n_sectors, n_senders, n_targets, n_states) float64
    """
    flow = economy.flows()[:, buyer, seller, None]
    share = economy.trade_share[:, buyer, seller, None]
    price, theta, tax = (x[:, None, None, None] for x in (price, economy.theta, tax))
    sold = value.sale[:, seller] - value.income[buyer]
    return share * price * value.price[:, buyer] - flow * (theta * price + tax) * sold


def _shares(economy: Economy, senders: Ints, targets: Ints, rate: Floats) -> tuple[Floats, Floats]:
    """Return `Exposure.target_share` and `Exposure.sender_share`."""
    flow = economy.flows().transpose(2, 1, 0)
    bought = flow / np.maximum(flow.sum(axis=0, keepdims=True), 1e-300)
    sold = flow / np.maximum(flow.sum(axis=1, keepdims=True), 1e-300)
    out, back = np.ix_(senders, targets), np.ix_(targets, senders)
    stopped = _stopped(rate, economy.theta)
    sales, purchases = sold[back].swapaxes(0, 1), bought[back].swapaxes(0, 1)
    of_target = np.stack([bought[out], sales, sales * stopped], axis=2)
    of_sender = np.stack([sold[out], purchases, purchases * stopped], axis=2)
    return np.ascontiguousarray(of_target), np.ascontiguousarray(of_sender)


class Margins(NamedTuple):
    """An exposure as `add_losses` takes it; `own` is `marginal` of each sender on itself."""

    senders: Ints
    own: Floats
    marginal: Floats
    target_share: Floats
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
    stopped : (n_targets, 3, n_sectors)
        Share of the target's purchases stopped, by kept; of its sales, by kept and by -kept^2.
    effect : (n_targets, 3, n_sectors, n_states)
        The same of effects at the margin.
    beyond : (n_targets, 2, n_sectors), moved : (2, n_targets, n_senders)
        Room to work in.
    """

    stopped: Floats
    effect: Floats
    beyond: Floats
    moved: Floats


@kernel
def losses(
    covered: Floats,
    leak: Floats,
    rent_bn: Floats,
    overlap: float,
    senders: Ints,
    marginal: Floats,
    target_share: Floats,
    sender_share: Floats,
    cheapening: Floats,
    forgone: Floats,
    rent_marginal: Floats,
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
    senders : (n_senders,) int64
        Positions among the states.
    marginal, target_share, sender_share, cheapening, forgone, rent_marginal
        Of `Exposure`.
    """
    n_senders, n_targets, _, n_sectors, n_states = marginal.shape
    sums = new_sums(n_targets, n_senders, n_sectors, n_states)
    add_up(covered, marginal, target_share, sums)
    loss = np.empty(n_states)
    margins = Margins(
        senders,
        own_marginal(senders, marginal),
        marginal,
        target_share,
        sender_share,
        cheapening,
        forgone,
        rent_marginal,
    )
    add_losses(covered, leak, rent_bn, overlap, sums, margins, loss)
    return loss


@kernel
def new_sums(n_targets: int, n_senders: int, n_sectors: int, n_states: int) -> Sums:
    """Return room for what coverage adds up to."""
    return Sums(
        np.zeros((n_targets, 3, n_sectors)),
        np.zeros((n_targets, 3, n_sectors, n_states)),
        np.zeros((n_targets, 2, n_sectors)),
        np.zeros((2, n_targets, n_senders)),
    )


@kernel
def own_marginal(senders: Ints, marginal: Floats) -> Floats:
    """Return each sender's marginal effects on itself, (n_senders, n_targets, 3, n_sectors)."""
    own = np.empty(marginal.shape[:4])
    for i in range(senders.size):
        own[i] = marginal[i, :, :, :, senders[i]]
    return own


@kernel
def add_up(covered: Floats, marginal: Floats, target_share: Floats, sums: Sums) -> None:
    """Write what coverage adds up to into `sums`; arguments are those of `losses`."""
    nothing = np.zeros(covered.shape[1:])
    sums.stopped[:] = 0.0
    sums.effect[:] = 0.0
    for i in range(covered.shape[0]):
        add_change(nothing, covered[i], marginal[i], target_share[i], sums)


@kernel
def add_change(before: Floats, after: Floats, marginal: Floats, size: Floats, sums: Sums) -> None:
    """Write into `sums` that one sender covers other shares of its trade than before.

    Parameters
    ----------
    before, after, marginal, size
        The sender's part of `covered`, then and now, of `marginal` and of `target_share`.
    """
    for t in range(before.shape[0]):
        stopped, effect, margin = sums.stopped[t], sums.effect[t], marginal[t]
        for j in range(before.shape[2]):
            exports = after[t, EXPORT, j] - before[t, EXPORT, j]
            banned = after[t, IMPORT, j] - before[t, IMPORT, j]
            taxed = after[t, TARIFF, j] - before[t, TARIFF, j]
            both = after[t, TARIFF, j] * after[t, IMPORT, j]
            both -= before[t, TARIFF, j] * before[t, IMPORT, j]
            stopped[0, j] += size[t, EXPORT, j] * exports
            stopped[1, j] += size[t, IMPORT, j] * banned + size[t, TARIFF, j] * taxed
            stopped[2, j] += size[t, TARIFF, j] * both
            _add(margin[EXPORT, j], exports, effect[0, j])
            _add(margin[IMPORT, j], banned, effect[1, j])
            _add(margin[TARIFF, j], taxed, effect[1, j])
            _add(margin[TARIFF, j], both, effect[2, j])


@kernel
def _add(margin: Floats, share: float, effect: Floats) -> None:
    if share != 0.0:
        for n in range(effect.size):
            effect[n] += margin[n] * share


@kernel
def add_losses(
    covered: Floats,
    leak: Floats,
    rent_bn: Floats,
    overlap: float,
    sums: Sums,
    margins: Margins,
    loss: Floats,
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
    _add_of_each(covered, leak, overlap, sums, margins, loss)
    for t in range(leak.size):
        for receiver in range(loss.size):
            if rent_bn[t, receiver] != 0.0:
                _add(margins.rent_marginal[t, receiver], rent_bn[t, receiver], loss)
    for n in range(loss.size):
        loss[n] = -100.0 * math.expm1(-loss[n] / 100.0)


@kernel
def _add_of_each(
    covered: Floats, leak: Floats, overlap: float, sums: Sums, margins: Margins, loss: Floats
) -> None:
    """Write what is no sum over senders: effects on oneself, and what is forgone to the others."""
    n_senders, n_targets, n_channels, n_sectors = covered.shape
    cheaper, given_up = sums.moved[0], sums.moved[1]
    together = overlap == 1.0
    for i in range(n_senders):
        own = 0.0
        for t in range(n_targets):
            kept = 1.0 - leak[t]
            by_me, forgone = 0.0, 0.0
            for channel in range(n_channels):
                side = min(channel, IMPORT)
                for j in range(n_sectors):
                    share = covered[i, t, channel, j] * kept
                    if share == 0.0:
                        continue
                    if channel == TARIFF:
                        share *= 1.0 - covered[i, t, IMPORT, j] * kept
                    beyond = sums.beyond[t, side, j]
                    if not together:
                        alone = margins.target_share[i, t, channel, j] * share
                        beyond = growth(overlap * beyond + (1.0 - overlap) * alone)
                        _add(margins.marginal[i, t, channel, j], share * beyond, loss)
                    weight = share * beyond
                    own_beyond = growth(margins.sender_share[i, t, channel, j] * share)
                    own += margins.own[i, t, channel, j] * (share * own_beyond - weight)
                    by_me += margins.cheapening[i, t, channel, j] * weight
                    forgone += margins.forgone[i, t, channel, j] * share
            cheaper[t, i], given_up[t, i] = by_me, forgone
        loss[margins.senders[i]] += own
    for t in range(n_targets):
        by_all = cheaper[t].sum()
        for i in range(n_senders):
            loss[margins.senders[i]] += given_up[t, i] * (by_all - cheaper[t, i])


@kernel
def growth(covered: float) -> float:
    """Return -log(1 - x) / x: how much more than at the margin the last share covered costs.

    Parameters
    ----------
    covered : float
        Share x of a market, in [0, 1]; taken as 1 - 1e-6 at most.
    """
    x = min(covered, 1.0 - 1e-6)
    if x > 0.1:
        return -math.log1p(-x) / x
    # Most shares are small; eight terms of the series are right to 2e-9 and need no logarithm.
    tail = 1 / 5 + x * (1 / 6 + x * (1 / 7 + x / 8))
    return 1.0 + x * (1 / 2 + x * (1 / 3 + x * (1 / 4 + x * tail)))


@kernel
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


@kernel
def diverted(cut: Floats, leak: Floats, carrier_share: Floats) -> Floats:
    """Return the covered exports to targets that each state carries instead, (n_states,).

    Parameters
    ----------
    cut : (n_targets, 2) float64
        Of `trade_covered`, all sectors, USD billion a year.
    leak : (n_targets,) float64
        Share of covered trade that is carried by others.
    carrier_share : (n_targets, n_states) float64
        Share of each state in what leaks to a target.
    """
    carried = np.zeros(carrier_share.shape[1])
    for t in range(cut.shape[0]):
        for n in range(carried.size):
            carried[n] += cut[t, 0] * leak[t] * carrier_share[t, n]
    return carried


@kernel
def last_in_damage(
    covered: Floats,
    leak: Floats,
    coverage: Floats,
    aimed_at: Ints,
    targets: Ints,
    marginal: Floats,
    target_share: Floats,
) -> Floats:
    """Return what each act of each sender would add to its target's loss, (n_senders, n_acts).

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
    """
    n_senders, n_targets, n_channels, n_sectors, _ = marginal.shape
    scarcity = np.ones((n_targets, 2, n_sectors))
    for t in range(n_targets):
        for side in range(2):
            for j in range(n_sectors):
                market = 0.0
                for i in range(n_senders):
                    market += target_share[i, t, side, j] * covered[i, t, side, j] * (1.0 - leak[t])
                scarcity[t, side, j] = 1.0 / max(1.0 - market, 1e-6)
    damage = np.zeros((n_senders, aimed_at.shape[0]))
    for i in range(n_senders):
        for act in range(aimed_at.shape[0]):
            t = aimed_at[act]
            for channel in range(n_channels):
                side = min(channel, IMPORT)
                for j in range(n_sectors):
                    free = (1.0 - covered[i, t, channel, j]) * (1.0 - leak[t])
                    effect = marginal[i, t, channel, j, targets[t]] * scarcity[t, side, j]
                    damage[i, act] += effect * coverage[act, channel, j] * free
    return damage
