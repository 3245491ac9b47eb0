"""Which third states lie on a way from the senders to a target, and how much they can carry.

Axis order: `(targets, states)`.
"""

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.config import Evasion
from sim.economy.exposure import Exposure
from sim.errors import InputError
from sim.rules import divert
from sim.setting.alliance import normalised
from sim.world import World

SERVICES = "services"  # the sector that no third state can carry on


def route_shares(
    world: World,
    evasion: Evasion,
    exposure: Exposure,
    senders: Ints,
    targets: Ints,
    carries: Flags,
) -> Floats:
    """Return the share of each state in the ways around to each target, (n_targets, n_states).

    A way is a chain of two trips. Where traders choose the cheapest of many chains, the chance that
    it leads through a state is its number of traders times what gravity leaves of trade on either
    trip: triangular gravity [1]_ [2]_. Traders times the first trip is what the state buys of the
    senders, which is known; the second is distance and ties to the target. What a state sold to the
    target before plays no part, so that a state can become a hub that was none.

    Parameters
    ----------
    exposure : Exposure
        Its flows before any measure.
    carries : (n_states,) bool
        States that may carry at all.

    Returns
    -------
    (n_targets, n_states) float64
        Rows sum to 1, or to 0 where nobody carries.

    Raises
    ------
    InputError
        The distance of a state that may carry is not known.

    References
    ----------
    .. [1] Allen and Arkolakis (2022), The welfare effects of transportation infrastructure
       improvements, Review of Economic Studies 89 (recalled).
    .. [2] Ganapati, Wong and Ziv (2024), Entrepot: hubs, scale, and trade costs, American Economic
       Journal: Macroeconomics 16 (recalled).
    """
    others = carries & (np.arange(carries.size) != targets[:, None])
    for t, n in np.argwhere(others & np.isnan(world.apart_km[targets])):
        raise InputError(
            f"{world.folder / 'distances.csv'}: no row for {world.states[n]} and the target "
            f"{world.states[targets[t]]}; every state that may carry needs one"
        )
    weight = purchases(exposure, senders, targets) * nearness(world, evasion, targets)
    return normalised(np.where(others, weight, 0.0))


def purchases(exposure: Exposure, senders: Ints, targets: Ints) -> Floats:
    """Return what each state buys of the goods that a target bought of the senders.

    Its shares in what the senders sell abroad to others than each other, good by good, weighed by
    what of each they sold to the target: a buyer of aircraft is no way for machine tools.

    Returns
    -------
    (n_targets, n_states) float64
        USD billion a year at the size of the target's own purchases.
    """
    goods = [name != SERVICES for name in exposure.sectors]
    sold = exposure.flow_bn[senders].sum(axis=0)[:, goods]
    sold[senders] = 0.0
    bought = np.empty((targets.size, sold.shape[0]))
    for t, target in enumerate(targets):
        wanted, others = sold[target].copy(), sold.copy()
        others[target] = 0.0
        bought[t] = others @ (wanted / np.maximum(others.sum(axis=0), 1e-300))
    return bought


def nearness(world: World, evasion: Evasion, targets: Ints) -> Floats:
    """Return what distance and ties leave of trade with each target, (n_targets, n_states), > 0."""
    ties = world.apart_km, world.border, world.language, world.colony, same_union(world)
    names = ("distance_elasticity", "border_effect", "language_effect", "colony_effect",
             "union_effect")  # fmt: skip
    weights = [getattr(evasion, name) for name in names]
    near = np.empty((targets.size, len(world.states)))
    for t, n in np.ndindex(near.shape):
        near[t, n] = divert.nearness(*(tie[n, targets[t]] for tie in ties), *weights)
    return near


def same_union(world: World) -> Flags:
    """Return which states sit in one union, with no customs border between, (n_states,) twice."""
    same = np.zeros((len(world.states), len(world.states)), dtype=np.bool_)
    for institution in world.institutions:
        if institution.kind == "union":
            inside = np.array([state in institution.members for state in world.states])
            same |= np.outer(inside, inside)
    return same


def carrying_bn(evasion: Evasion, exposure: Exposure) -> Floats:
    """Return the most that each state can order for others, (n_states,), USD billion a year."""
    goods = [name != SERVICES for name in exposure.sectors]
    flow: Floats = exposure.flow_bn[:, :, goods].sum(axis=2)
    return evasion.hub_capacity * (flow.sum(axis=0) - np.diag(flow))
