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

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.arrays import Floats, Ints, read_only, writeable
from sim.economy.baseline import economy_of, world_economy
from sim.economy.losses import Margins, losses, trade_covered
from sim.economy.marginal import Values, values
from sim.economy.shocks import IMPORT, MN_PER_BN, TARIFF, tariff_rates
from sim.economy.tables import Economy
from sim.world import World


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
        """Return the loss of every state in percent of real income; see `sim.economy.losses`."""
        loss: Floats = losses(covered, leak, rent_bn, overlap, self.margins())
        return loss

    def trade_covered(self, covered: Floats) -> Floats:
        """Return covered imports and exports of each target, (n_targets, 2), USD bn a year.

        All that the senders trade with it, if all is covered.
        """
        n_targets, n_sectors = self.targets.size, self.theta.size
        cut_of, cut = np.zeros((n_targets, 2, n_sectors)), np.zeros((n_targets, 2))
        who, whom, flow_bn = writeable((self.senders, self.targets, self.flow_bn))
        trade_covered(covered, who, whom, flow_bn, cut_of, cut)
        return cut

    def margins(self) -> Margins:
        """Return the exposure as kernels take it."""
        return writeable(
            Margins(
                self.senders,
                self.marginal,
                self.target_share,
                _senders_last(self.marginal[np.arange(self.senders.size), ..., self.senders]),
                _senders_last(self.sender_share),
                _senders_last(self.cheapening),
                _senders_last(self.forgone),
                self.rent_marginal,
            )
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
        covered, margins = np.zeros(self.target_share.shape), self.margins()
        for i, act in np.ndindex(*own.shape):
            covered[i, aimed_at[act]] = coverage[act]
            own[i, act] = losses(covered, leak, rent, 1.0, margins)[self.senders[i]]
            covered[i, aimed_at[act]] = 0.0
        return own


def _senders_last(by_sender: Floats) -> Floats:
    return np.ascontiguousarray(np.moveaxis(by_sender, 0, -1))


@lru_cache(maxsize=16)
def _values(folder: str, fingerprint: str, elasticity: str, balance: bool) -> tuple[Values, Values]:
    return read_only(values(economy_of(folder, fingerprint, elasticity, balance)))


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
