"""First-order exposure: what covered trade costs each side, fast enough for every step.

A state that loses the share x of its purchases of a sector pays (1 - x)^(-1/theta) more for the
rest [1]_; weighted by the sector's share of income this is its loss in real income, to first
order in the other sectors' and partners' reactions. Lost sales are priced by the same formula
on the selling side, by the symmetry of import and export barriers (Lerner). Left out here: input-
output amplification, wages, the other partners. Losses are convex in x, so acting together
costs a target more than the sum of acting alone.

Axis order: `(states or senders, targets, directions, sectors)`; direction 0 is the sender's
export to the target, 1 its import from the target.

References
----------
.. [1] Arkolakis, Costinot and Rodriguez-Clare (2012), New trade models, same old gains?,
   American Economic Review 102, eq. 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compiled import kernel
from sim.economy.tables import Economy
from sim.errors import InputError
from sim.world import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
EXPORT, IMPORT = 0, 1


@dataclass(frozen=True, slots=True)
class Exposure:
    """Exposure of every state to covered trade with every other.

    Attributes
    ----------
    sectors : tuple of str
    flow_bn : (n_states, n_states, n_sectors)
        Sales of the first state to the second, USD billion a year.
    purchase_share : (n_states, n_states, n_sectors)
        Share of the first state's spending on the sector that goes to the second.
    sale_share : (n_states, n_states, n_sectors)
        Share of the first state's sales of the sector that go to the second.
    purchase_weight, sale_weight : (n_states, n_sectors)
        Spending and sales in percent of GDP, over theta.
    coverage : (n_acts, 2, n_sectors)
        Share of the actor's exports and imports that an act covers.
    own_loss : (n_states, n_acts)
        Percent of GDP that a state loses by the act, acting alone.
    target_loss : (n_states, n_acts)
        Percent of GDP that the act's target loses if the state acts alone.
    """

    sectors: tuple[str, ...]
    flow_bn: Floats
    purchase_share: Floats
    sale_share: Floats
    purchase_weight: Floats
    sale_weight: Floats
    coverage: Floats
    own_loss: Floats
    target_loss: Floats

    @classmethod
    def of(cls, world: World, instruments: list[str], targets: list[str]) -> Exposure:
        """Return the exposure of a world to a list of acts.

        Parameters
        ----------
        world : World
            Its folder holds the nine tables in `economy/`.
        instruments, targets : list of str, length n_acts
            The act's measure and whom it is aimed at.
        """
        economy = Economy.read(world.folder / "economy")
        if tuple(economy.countries) != world.states:
            odd = sorted(set(economy.countries) ^ set(world.states)) or ["another order"]
            raise InputError(
                f"{world.folder / 'economy'}: the countries must be the states of states.csv in "
                f"their order; they differ in {', '.join(odd)}"
            )
        flow = economy.trade_share * economy.expenditure[:, :, None]
        sales = flow.sum(axis=1)
        theta = economy.theta
        # The tables run (sector, destination, origin); here the state itself comes first.
        purchase_share = np.ascontiguousarray(economy.trade_share.transpose(1, 2, 0))
        sale_share = flow / np.maximum(sales[:, None, :], 1e-300)
        sale_share = np.ascontiguousarray(sale_share.transpose(2, 1, 0))
        percent = 100.0 / economy.value_added[:, None]
        purchase_weight = np.ascontiguousarray(economy.expenditure.T * percent / theta)
        sale_weight = np.ascontiguousarray(sales.T * percent / theta)
        coverage = np.array(
            [coverage_of(world, code, economy.sectors, theta) for code in instruments]
        )
        own, other = _losses_alone(
            world, targets, coverage, purchase_share, sale_share, purchase_weight, sale_weight
        )
        return cls(
            economy.sectors,
            np.ascontiguousarray(flow.transpose(2, 1, 0)) / 1000.0,
            purchase_share,
            sale_share,
            purchase_weight,
            sale_weight,
            coverage,
            own,
            other,
        )


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


def _losses_alone(
    world: World,
    targets: list[str],
    coverage: Floats,
    purchase_share: Floats,
    sale_share: Floats,
    purchase_weight: Floats,
    sale_weight: Floats,
) -> tuple[Floats, Floats]:
    n_states, n_acts = len(world.states), len(targets)
    own, other = np.zeros((n_states, n_acts)), np.zeros((n_states, n_acts))
    for act, target in enumerate(targets):
        b = world.index(target)
        exported, imported = coverage[act, EXPORT], coverage[act, IMPORT]
        for i in range(n_states):
            if i == b:
                continue
            own[i, act] = loss_from(purchase_weight[i], purchase_share[i, b] * imported)
            own[i, act] += loss_from(sale_weight[i], sale_share[i, b] * exported)
            other[i, act] = loss_from(purchase_weight[b], purchase_share[b, i] * exported)
            other[i, act] += loss_from(sale_weight[b], sale_share[b, i] * imported)
    return own, other


@kernel
def loss_from(
    weight: Floats,
    lost: Floats,
) -> float:
    """Return the loss in percent of GDP from losing a share of purchases or of sales.

    Parameters
    ----------
    weight : (n_sectors,) float64
        Spending or sales in percent of GDP, over theta.
    lost : (n_sectors,) float64
        Share lost, in [0, 1); at 1 the loss is capped at a share of 1 - 1e-6.
    """
    loss = 0.0
    for sector in range(weight.shape[0]):
        loss -= weight[sector] * math.log1p(-min(lost[sector], 1.0 - 1e-6))
    return loss


@kernel
def losses(
    covered: Floats,
    leak: Floats,
    senders: Ints,
    targets: Ints,
    purchase_share: Floats,
    sale_share: Floats,
    purchase_weight: Floats,
    sale_weight: Floats,
) -> Floats:
    """Return the loss of every state in percent of GDP, shape (n_states,).

    Parameters
    ----------
    covered : (n_senders, n_targets, 2, n_sectors) float64
        Share of each sender's trade with each target that measures in effect cover.
    leak : (n_targets,) float64
        Share of covered trade replaced through third states.
    senders, targets : (n_senders,), (n_targets,) int64
        Positions among the states.
    purchase_share, sale_share, purchase_weight, sale_weight
        Of `Exposure`.
    """
    n_states, n_sectors = purchase_weight.shape
    bought, sold = np.zeros((n_states, n_sectors)), np.zeros((n_states, n_sectors))
    for s in range(senders.shape[0]):
        i = senders[s]
        for t in range(targets.shape[0]):
            b, kept = targets[t], 1.0 - leak[t]
            for j in range(n_sectors):
                exported = covered[s, t, 0, j] * kept
                imported = covered[s, t, 1, j] * kept
                bought[b, j] += purchase_share[b, i, j] * exported
                sold[b, j] += sale_share[b, i, j] * imported
                bought[i, j] += purchase_share[i, b, j] * imported
                sold[i, j] += sale_share[i, b, j] * exported
    loss = np.zeros(n_states)
    for i in range(n_states):
        loss[i] = loss_from(purchase_weight[i], bought[i]) + loss_from(sale_weight[i], sold[i])
    return loss


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
