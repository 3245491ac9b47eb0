"""Exposure: what covered trade costs every state, fast enough for every step of a million runs.

Derived from exact marginal solutions of the loaded world, never typed in. For each sender,
target, direction and sector the equilibrium is solved with a small share of that flow covered;
the change of every state's real income per unit covered is its exposure. Beyond the margin each
effect grows with the share x of the market that is covered, as -log(1 - x) / x does: losing the
share x of one's suppliers raises the price index of the sector by (1 - x)^(-1/theta) [1]_. For
effects on the target and on third states x is the share of the target's purchases or sales that
all senders cover together, so acting together hurts more than the sum; for a sender's effect on
itself x is the share of its own purchases or sales.

Its error against exact equilibria over random coalitions is printed by
`experiments/exposure_error.py`.

Axis order: `(senders, targets, directions, sectors)`, then states; direction 0 is the sender's
export to the target, 1 its import from the target.

References
----------
.. [1] Arkolakis, Costinot and Rodriguez-Clare (2012), New trade models, same old gains?,
   American Economic Review 102, eq. 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.compiled import kernel
from sim.economy.equilibrium import solve_many
from sim.economy.tables import Economy
from sim.errors import InputError
from sim.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EXPORT, IMPORT = 0, 1

# Share covered in the marginal solutions: small against 1, large against the solver's tolerance.
MARGIN = 1e-3
# A complete ban is a cost factor of 10 by the convention of the literature, not infinity.
PROHIBITIVE = 10.0


@dataclass(frozen=True, slots=True)
class Exposure:
    """Exposure of every state to the senders' trade with the targets.

    Attributes
    ----------
    sectors : tuple of str
    flow_bn : (n_states, n_states, n_sectors)
        Sales of the first state to the second, USD billion a year.
    marginal : (n_senders, n_targets, 2, n_sectors, n_states)
        Loss in percent of real income per unit of the flow covered, at the margin.
    target_share : (n_senders, n_targets, 2, n_sectors)
        Share of the flow in the target's purchases (direction 0) or sales (direction 1).
    sender_share : (n_senders, n_targets, 2, n_sectors)
        Share of the flow in the sender's sales (direction 0) or purchases (direction 1).
    coverage : (n_acts, 2, n_sectors)
        Share of the actor's exports and imports that an act covers.
    own_loss : (n_senders, n_acts)
        Loss of the sender in percent of real income if it acts alone.
    """

    sectors: tuple[str, ...]
    flow_bn: Floats
    marginal: Floats
    target_share: Floats
    sender_share: Floats
    coverage: Floats
    own_loss: Floats

    @classmethod
    def of(
        cls, world: World, senders: Ints, targets: Ints, instruments: list[str], aimed_at: Ints
    ) -> Exposure:
        """Return the exposure of a world to a list of acts.

        Parameters
        ----------
        world : World
            Its folder holds the nine tables in `economy/`.
        senders, targets : (n_senders,), (n_targets,) int64
            Positions among the states.
        instruments : list of str, length n_acts
        aimed_at : (n_acts,) int64
            Position of each act's target among the targets.

        Raises
        ------
        InputError
            Countries of the tables that are not the world's states; a scope in no sector.
        """
        economy = world_economy(world)
        flow = (economy.trade_share * economy.expenditure[:, :, None]).transpose(2, 1, 0)
        marginal = _marginal(
            str(world.folder), world.fingerprint, tuple(senders.tolist()), tuple(targets.tolist())
        )
        target_share, sender_share = _shares(flow, senders, targets)
        coverage = np.array(
            [coverage_of(world, code, economy.sectors, economy.theta) for code in instruments]
        )
        own = np.zeros((senders.size, len(instruments)))
        no_leak = np.zeros(targets.size)
        for i, act in np.ndindex(*own.shape):
            covered = np.zeros(target_share.shape)
            covered[i, aimed_at[act]] = coverage[act]
            loss = losses(covered, no_leak, senders, marginal, target_share, sender_share)
            own[i, act] = loss[senders[i]]
        return cls(
            sectors=economy.sectors,
            flow_bn=np.ascontiguousarray(flow) / 1000.0,
            marginal=marginal,
            target_share=target_share,
            sender_share=sender_share,
            coverage=coverage,
            own_loss=own,
        )


def world_economy(world: World) -> Economy:
    """Return the nine-table economy of a world, its countries checked against the states."""
    economy = Economy.read(world.folder / "economy")
    if tuple(economy.countries) != world.states:
        odd = sorted(set(economy.countries) ^ set(world.states)) or ["another order"]
        raise InputError(
            f"{world.folder / 'economy'}: the countries must be the states of states.csv in "
            f"their order; they differ in {', '.join(odd)}"
        )
    return economy


def cost_of(covered: Floats, senders: Ints, targets: Ints, theta: Floats, n_states: int) -> Floats:
    """Return the cost factors that cover a share of the senders' trade with the targets.

    A share q covered is d = (1 - q)^(-1/theta): the trade factor at given prices is 1 - q. A
    complete ban is d = 10.

    Parameters
    ----------
    covered : (n_senders, n_targets, 2, n_sectors) float64
        In [0, 1].

    Returns
    -------
    (n_sectors, n_states, n_states) float64
        By sector, destination, origin.
    """
    cost = np.ones((theta.size, n_states, n_states))
    with np.errstate(divide="ignore"):
        factor = np.minimum((1.0 - covered) ** (-1.0 / theta), PROHIBITIVE)
    for i, b in np.ndindex(senders.size, targets.size):
        cost[:, targets[b], senders[i]] = factor[i, b, EXPORT]
        cost[:, senders[i], targets[b]] = factor[i, b, IMPORT]
    return cost


@lru_cache(maxsize=64)
def _marginal(
    folder: str, fingerprint: str, senders: tuple[int, ...], targets: tuple[int, ...]
) -> Floats:
    """Return `Exposure.marginal`; the fingerprint keeps a changed world out of the cache."""
    economy = Economy.read(Path(folder) / "economy")
    n_states, n_sectors = len(economy.countries), len(economy.sectors)
    shape = (len(senders), len(targets), 2, n_sectors)
    costs = np.empty((int(np.prod(shape)), n_sectors, n_states, n_states))
    for row, flow in enumerate(np.ndindex(*shape)):
        covered = np.zeros(shape)
        covered[flow] = MARGIN
        costs[row] = cost_of(covered, np.array(senders), np.array(targets), economy.theta, n_states)
    lost = 100.0 * (1.0 - solve_many(economy, costs).welfare) / MARGIN
    return np.ascontiguousarray(lost.reshape(*shape, n_states))


def _shares(flow: Floats, senders: Ints, targets: Ints) -> tuple[Floats, Floats]:
    """Return `Exposure.target_share` and `Exposure.sender_share` from flows seller by buyer."""
    bought = flow / np.maximum(flow.sum(axis=0, keepdims=True), 1e-300)
    sold = flow / np.maximum(flow.sum(axis=1, keepdims=True), 1e-300)
    out, back = np.ix_(senders, targets), np.ix_(targets, senders)
    of_target = np.stack([bought[out], sold[back].swapaxes(0, 1)], axis=2)
    of_sender = np.stack([sold[out], bought[back].swapaxes(0, 1)], axis=2)
    return np.ascontiguousarray(of_target), np.ascontiguousarray(of_sender)


def coverage_of(world: World, instrument: str, sectors: tuple[str, ...], theta: Floats) -> Floats:
    """Return the share of trade an instrument covers, shape (2, n_sectors).

    A ban covers what its scope says. A tariff or a financing wedge of rate t covers the share
    of trade it stops, 1 - (1 + t)^(-theta), on the imports in scope or on the share of trade
    paid through the banks it hits.
    """
    coverage = np.zeros((2, len(sectors)))
    measure = next((m for m in world.measures if m.code == instrument), None)
    for scope in world.scopes:
        if scope.instrument == instrument:
            if scope.sector not in sectors:
                raise InputError.unknown(f"{instrument}: sector", scope.sector, sectors)
            direction = EXPORT if scope.direction == "export" else IMPORT
            coverage[direction, sectors.index(scope.sector)] = scope.coverage
    if measure is not None and measure.tariff > 0:
        coverage *= 1.0 - (1.0 + measure.tariff) ** -theta
    if measure is not None and measure.wedge > 0:
        stopped = measure.bank_share * (1.0 - (1.0 + measure.wedge) ** -theta)
        coverage = 1.0 - (1.0 - coverage) * (1.0 - stopped)
    return coverage


@kernel
def losses(
    covered: Floats,
    leak: Floats,
    senders: Ints,
    marginal: Floats,
    target_share: Floats,
    sender_share: Floats,
) -> Floats:
    """Return the loss of every state in percent of real income, (n_states,); gains are negative.

    Parameters
    ----------
    covered : (n_senders, n_targets, 2, n_sectors) float64
        Share of each sender's trade with each target that measures in effect cover.
    leak : (n_targets,) float64
        Share of covered trade replaced through third states.
    senders : (n_senders,) int64
        Positions among the states.
    marginal, target_share, sender_share
        Of `Exposure`.
    """
    n_senders, n_targets, n_directions, n_sectors, n_states = marginal.shape
    loss = np.zeros(n_states)
    for t in range(n_targets):
        kept = 1.0 - leak[t]
        for direction in range(n_directions):
            for j in range(n_sectors):
                market = 0.0
                for i in range(n_senders):
                    market += target_share[i, t, direction, j] * covered[i, t, direction, j] * kept
                together = growth(market)
                for i in range(n_senders):
                    share = covered[i, t, direction, j] * kept
                    if share == 0.0:
                        continue
                    alone = growth(sender_share[i, t, direction, j] * share)
                    for n in range(n_states):
                        beyond = alone if n == senders[i] else together
                        loss[n] += marginal[i, t, direction, j, n] * share * beyond
    return loss


@kernel
def growth(covered: float) -> float:
    """Return -log(1 - x) / x: how much more than at the margin the last share covered costs.

    Parameters
    ----------
    covered : float
        Share x of a market, in [0, 1]; taken as 1 - 1e-6 at most.
    """
    if covered < 1e-9:
        return 1.0
    covered = min(covered, 1.0 - 1e-6)
    return -math.log1p(-covered) / covered


@kernel
def diverted(
    covered: Floats,
    leak: Floats,
    senders: Ints,
    targets: Ints,
    flow_bn: Floats,
    carrier_share: Floats,
) -> Floats:
    """Return the covered exports to targets that each state carries instead, USD billion a year.

    Parameters
    ----------
    covered, leak, senders, targets
        As in `losses`.
    flow_bn : (n_states, n_states, n_sectors) float64
        Seller by buyer.
    carrier_share : (n_targets, n_states) float64
        Share of each state in what leaks to a target.

    Returns
    -------
    (n_states,) float64
    """
    carried = np.zeros(flow_bn.shape[0])
    for t in range(targets.shape[0]):
        volume = 0.0
        for s in range(senders.shape[0]):
            for j in range(flow_bn.shape[2]):
                volume += flow_bn[senders[s], targets[t], j] * covered[s, t, 0, j]
        for state in range(carried.shape[0]):
            carried[state] += volume * leak[t] * carrier_share[t, state]
    return carried
