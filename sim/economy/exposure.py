"""Exposure: what lost trade costs every state, fast enough for every step of a million runs.

Derived from the loaded world's own equilibrium, never typed in: the exact derivative of every
state's log real income by each sender's trade with each target, by channel and sector, and by
money that a state receives (`sim.economy.marginal`). A tariff counts at its actual rate: the
derivative is by the share of imports to which the rate applies. By the rate itself it would not
do, since what a tariff does to its sender turns with the rate.

Derivatives are taken at the elasticities of three ages of a cut (`sim.economy.horizon`): its first
day, one year after, and the long run. Between the ends an effect is a weighted mean of the two,
quadratic in how far a cut has come, and exact after one year, by channel and sector. What a sector
costs hangs on the elasticities of all others too, which are those of the same age.

Beyond the margin the effect of what a target cannot buy grows as -log(1 - x) / x with the share x
of its purchases that is lost: losing the share x of one's suppliers raises the price index of the
sector by (1 - x)^(-1/theta) [1]_. So acting together hurts more than the sum; if senders cover
other products each, only a part of what the others cover adds to x [2]_. A sender's effect on
itself grows likewise with the share of its own sales or purchases. What the target cannot sell
grows at the buyer: one that gets the share p of a good from the target and bans q of it stops
q (1 - p) / (1 - p q) of its purchases there, and q (1 - p) at the margin. One more effect is not a
sum: measures make the target's goods cheaper for those who still buy, and what a sender has stopped
buying it does not gain from. And what a target pays weighs the more, the cheaper its goods are, for
it is fixed in dollars. Log losses add up; loss in percent is 100 (1 - exp(-sum)).

Its error against exact equilibria over random coalitions and ages is printed by
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

import dataclasses
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from sim.arrays import Floats, Ints, read_only, writeable
from sim.economy.baseline import economy_of, world_economy
from sim.economy.horizon import (
    FRESH,
    MATURE,
    YEAR,
    economy_at,
    first_year_maturity,
    maturity_after,
)
from sim.economy.losses import LANES, Lost, Margins, losses
from sim.economy.marginal import Values, values
from sim.economy.sectors import reluctance, sectors_of
from sim.economy.shocks import EXPORT, IMPORT, MN_PER_BN, TARIFF, tariff_rates
from sim.economy.tables import Economy
from sim.world import World


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """Exposure of every state to the senders' trade with the targets, at one maturity."""

    sectors: tuple[str, ...]
    theta: Floats  # (n_sectors,) trade elasticities
    rate: Floats  # (n_sectors,) sanction tariff of a sector, 0 for none
    # (n_states, n_states, n_sectors) observed sales of the first state to the second, USD billion a
    # year.
    flow_bn: Floats
    # (n_senders,) and (n_targets,) positions among the states.
    senders: Ints
    targets: Ints
    # (n_senders, n_targets, 3, n_sectors, n_states) log loss of real income in percent per unit of
    # the flow covered, at the margin.
    marginal: Floats
    # (n_senders, n_targets, 3, n_sectors) share of the flow in the target's purchases (export
    # channel) or sales (the others); of a taxed flow the share that the tariff stops.
    target_share: Floats
    # (n_senders, n_targets, 3, n_sectors) the same in the sender's sales (export channel) or
    # purchases (the others).
    sender_share: Floats
    # (n_senders, n_targets, 3, n_sectors) fall of the log cost of the target's exports per unit of
    # the flow covered, at the margin.
    cheapening: Floats
    # (n_senders, n_targets, 3, n_sectors) log gain of the sender in percent, per log point by which
    # the target's goods are cheaper, that a unit covered takes from it; 0 for the export channel.
    forgone: Floats
    # (n_states, n_states) log loss in percent of the second state per USD billion a year that the
    # first receives, up to what all have in common.
    income: Floats
    # (n_targets,) the same of a target itself, of what all others give it by their GDP.
    own_income: Floats
    # (n_targets, 2, n_sectors, n_states) as `marginal`, of all third states' exports to and imports
    # from a target together, as far as reluctance touches the sector.
    third_marginal: Floats
    third_share: Floats  # (n_targets, n_sectors) as `target_share`, of their exports
    # (n_states, n_targets) what a third state holds back, per what third states do, in [0, 1].
    withholding: Floats

    @classmethod
    def of(
        cls,
        world: World,
        senders: Ints,
        targets: Ints,
        maturity: float | Floats = MATURE,
        balance: bool = True,
        withholding: Floats | None = None,
    ) -> Exposure:
        """Return the exposure of a world, worked out once.

        Parameters
        ----------
        world : World
            Its folder holds the nine tables in `economy/`.
        senders, targets : (n_senders,), (n_targets,) int64
            Positions among the states.
        maturity : float or (n_sectors,) float64
            Of what is cut, in [0, 1]: 0 for the short run, 1 for the long run.
        balance : bool
            Start from balanced trade: Russia's surplus is a tenth of its GDP and held fixed in
            money, which an embargo makes meaningless.
        withholding : (n_states, n_targets) float64, optional
            As the attribute; alike for all if not given.

        Raises
        ------
        InputError
            Countries of the tables that are not the world's states; a broken catalogue.
        """
        economy = economy_at(world, maturity, balance)
        income, cost = _values(
            str(world.folder), world.fingerprint, balance, tuple(economy.theta.tolist())
        )
        rate = tariff_rates(world)
        target_share, sender_share = _shares(economy, senders, targets, rate)
        marginal = -100.0 * _gains(economy, income, senders, targets, rate)
        cheapening = -_gains(economy, cost, senders, targets, rate)
        third = np.setdiff1d(np.arange(len(world.states)), np.concatenate([senders, targets]))
        of_third = -100.0 * _gains(economy, income, third, targets, rate)
        of_target, touched = _shares(economy, third, targets, rate)[0], reluctance(world)
        if withholding is None:
            withholding = np.ones((len(world.states), targets.size))
        held = withholding[third][:, :, None, None] * touched
        observed = world_economy(world, balance=False).flows()
        per_bn = np.ascontiguousarray(-100.0 * MN_PER_BN * income.income)
        gdp = world.gdp_bn / world.gdp_bn.sum()
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
            income=per_bn,
            own_income=per_bn[targets, targets] - gdp @ per_bn[:, targets],
            third_marginal=np.ascontiguousarray(
                (of_third[:, :, :TARIFF] * held[..., None]).sum(axis=0)
            ),
            third_share=(of_target[:, :, EXPORT] * held[:, :, EXPORT]).sum(axis=0),
            withholding=withholding,
        )

    def on_targets(self) -> Floats:
        """Return each target's log loss if all is covered, at the margin, (n_targets, 3, j)."""
        marginal = self.marginal.sum(axis=0)
        return np.stack([marginal[t, ..., n] for t, n in enumerate(self.targets)])

    @property
    def margins(self) -> Margins:
        """The exposure as kernels take it."""
        return _margins(self)

    def flows(self) -> Floats:
        """Return `Margins.flows`."""
        own = self.marginal[np.arange(self.senders.size), ..., self.senders]
        by_sender = np.concatenate([self.sender_share, own, self.cheapening, self.forgone], axis=2)
        vectors = _whole_vectors(by_sender.transpose(1, 3, 2, 0))  # targets, sectors, rows, senders
        split = vectors.reshape(*vectors.shape[:-1], -1, LANES)
        return np.ascontiguousarray(split.swapaxes(2, 3))


@dataclass(frozen=True, slots=True)
class Exposures:
    """The exposure to what has just been cut and to what was cut long ago."""

    fresh: Exposure
    mature: Exposure
    pace: Floats  # (n_sectors,) time of adjustment over that of the median sector
    # (n_targets, 3, n_sectors) the weight of the long run is u - bend u (1 - u), at the maturity m
    # with u = 1 - (1 - m)^pace.
    bend: Floats
    income_bend: float  # the same of money paid or received, at the mean of u
    first_year: Floats  # (n_sectors,) mean maturity over the year after a cut
    # (n_sectors,) share of what a buyer misses that stocks give in the mean of that year, once
    # refilled.
    bridged: Floats

    @classmethod
    def of(
        cls,
        world: World,
        senders: Ints,
        targets: Ints,
        balance: bool = True,
        stocks: bool = True,
        withholding: Floats | None = None,
    ) -> Exposures:
        """Return the exposures of a world, with or without stocks; others as in `Exposure.of`."""
        nodes = [
            Exposure.of(world, senders, targets, maturity, balance, withholding)
            for maturity in (FRESH, maturity_after(world, YEAR), MATURE)
        ]
        times = sectors_of(world).adjustment_days
        middle = 1.0 - np.exp(-YEAR / np.median(times))
        bend = _bend([exposure.on_targets() for exposure in nodes], middle)
        paid = [exposure.own_income[:1] for exposure in nodes]
        return cls(
            nodes[0],
            nodes[2],
            times / np.median(times),
            bend,
            float(_bend(paid, middle)[0]),
            first_year_maturity(world),
            stocks * sectors_of(world).stocked * np.exp(-YEAR / sectors_of(world).stock_days),
        )

    def losses(
        self,
        covered: Floats,
        maturity: float | Floats,
        lost: Lost | None = None,
        overlap: float = 1.0,
    ) -> Floats:
        """Return the loss of every state in percent of real income; see `sim.economy.losses`.

        Parameters
        ----------
        covered : (n_senders, n_targets, 3, n_sectors) or (2, ...) float64
            Alike at both ends of the horizon, or by end: payments stop more trade in the long run.
        maturity : float, (n_sectors,) or (n_targets, n_sectors) float64
        lost : Lost, optional
            What else happens to the trade; nothing if not given.
        overlap : float
        """
        both = covered if covered.ndim == self.mature.target_share.ndim + 1 else [covered] * 2
        loss: Floats = losses(
            np.ascontiguousarray(both),
            self.old(maturity),
            self.old_income(maturity),
            writeable(lost or self.nothing_else()),
            overlap,
            self.fresh.margins,
            self.mature.margins,
        )
        return loss

    def nothing_else(self) -> Lost:
        """Return that nothing leaks, is held back or is paid."""
        n_senders, n_targets, _, n_sectors = self.mature.target_share.shape
        ways = (n_targets, 2)
        return Lost(
            np.zeros(n_targets),
            np.zeros((n_senders, *ways, n_sectors)),
            np.zeros(ways),
            np.zeros(ways),
            np.zeros(len(self.mature.income)),
            np.zeros((n_targets, n_sectors)),
        )

    def in_first_year(self) -> Lost:
        """Return that nothing happens but that stocks bridge what is missing in the first year."""
        nothing = self.nothing_else()
        return nothing._replace(bridged=nothing.bridged + self.bridged)

    def by_sector(self) -> tuple[int, int]:
        """Return the shape of what differs by target and sector."""
        return self.mature.targets.size, self.mature.theta.size

    def old(self, maturity: float | Floats) -> Floats:
        """Return the weight of the long run at a maturity, (n_targets, 3, n_sectors)."""
        weight: Floats = _bent(self._way(maturity)[:, None], self.bend)
        return weight

    def old_income(self, maturity: float | Floats) -> float:
        """Return the weight of the long run of money paid or received."""
        return float(_bent(self._way(maturity).mean(), self.income_bend))

    def _way(self, maturity: float | Floats) -> Floats:
        """Return how far cuts have come at the pace of the median sector, (n_targets, j)."""
        m = np.broadcast_to(np.asarray(maturity, dtype=np.float64), self.by_sector())
        way: Floats = 1.0 - (1.0 - m) ** self.pace
        return way

    def cover_weight(self, maturity: Floats) -> Floats:
        """Return the weight of long-run coverage at a maturity, alike (..., n_sectors)."""
        fresh, mature = self.fresh.theta, self.mature.theta
        theta = 1.0 / ((1.0 - maturity) / fresh + maturity / mature)
        weight: Floats = np.where(
            mature == fresh, maturity, (theta - fresh) / np.maximum(mature - fresh, 1e-300)
        )
        return weight

    def own_loss(self, covered: Floats, aimed_at: Ints) -> Floats:
        """Return each sender's loss in percent in the first year if it alone applies each act.

        Parameters
        ----------
        covered : (2, n_acts, 3, n_sectors) float64
            What each act covers by both ends of the horizon.
        aimed_at : (n_acts,) int64
            Position of the act's target among the targets.

        Returns
        -------
        (n_senders, n_acts) float64
        """
        senders, n_acts = self.mature.senders, covered.shape[1]
        own, everything = np.zeros((senders.size, n_acts)), writeable(self.in_first_year())
        old = self.old(self.first_year)
        flows = np.zeros((2, *self.mature.target_share.shape))
        fresh, mature = self.fresh.margins, self.mature.margins
        for i, act in np.ndindex(*own.shape):
            flows[:, i, aimed_at[act]] = covered[:, act]
            own[i, act] = losses(flows, old, 0.0, everything, 1.0, fresh, mature)[senders[i]]
            flows[:, i, aimed_at[act]] = 0.0
        return own


def _bent(way: Any, bend: Any) -> Any:
    return way - bend * way * (1.0 - way)


def _bend(costs: list[Floats], way: float) -> Floats:
    """Return `Exposures.bend` from what each flow costs the targets at three ages.

    `way` is how far a cut has come at the second of them, in (0, 1).
    """
    fresh, middle, mature = costs
    spread = fresh - mature
    known = np.abs(spread) > 1e-12
    weight = np.where(known, (fresh - middle) / np.where(known, spread, 1.0), way)
    bend: Floats = (way - weight) / (way * (1.0 - way))
    return np.clip(bend, -1.0, 1.0)  # beyond it would leave the ends on the way


@lru_cache(maxsize=16)
def _margins(exposure: Exposure) -> Margins:
    return writeable(
        Margins(
            exposure.senders,
            _whole_vectors(exposure.marginal),
            exposure.target_share,
            exposure.flows(),
            exposure.income,
            exposure.targets,
            exposure.own_income,
            _whole_vectors(exposure.third_marginal),
            exposure.third_share,
        )
    )


def _whole_vectors(by_state: Floats) -> Floats:
    """Return what is by state or sender with some to whom nothing happens, up to whole vectors."""
    missing = -by_state.shape[-1] % LANES
    return np.pad(by_state, [(0, 0)] * (by_state.ndim - 1) + [(0, missing)])


@lru_cache(maxsize=16)
def _values(
    folder: str, fingerprint: str, balance: bool, theta: tuple[float, ...]
) -> tuple[Values, Values]:
    economy = dataclasses.replace(economy_of(folder, fingerprint, balance), theta=np.array(theta))
    return read_only(values(economy))


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
