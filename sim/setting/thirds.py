"""Third states as a run starts: who can carry, who may condemn or cooperate, and what they fear."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.config import Config
from sim.errors import InputError
from sim.setting.alliance import normalised
from sim.world import World

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
FREE = ("hub", "bystander", "defender")  # states that take a stance of their own


class Thirds(NamedTuple):
    """What third states start from.

    Attributes
    ----------
    takes_stance : (n_states,) it may condemn the violation
    may_cooperate : (n_states, n_targets) it shares an alliance or grouping with the target
    carrier_share : (n_targets, n_states)
        Who carries what leaks to a target, by sales to it before; other targets are transit.
    trade_with_senders : (n_states,) share of the senders in its trade, in [0, 1]
    distance : (n_states, n_targets) between ideal points in the UN
    relation : (n_states, n_targets) at the start, in [0, 1]: exp(-distance)
    backing : (n_states,) readiness to carry whatever the stance, NaN where the rule decides
    """

    takes_stance: Flags
    may_cooperate: Flags
    carrier_share: Floats
    trade_with_senders: Floats
    distance: Floats
    relation: Floats
    backing: Floats


def thirds_of(
    world: World,
    config: Config,
    roles: tuple[str, ...],
    senders: NDArray[np.int64],
    targets: NDArray[np.int64],
) -> Thirds:
    """Return the third states of a run.

    Raises
    ------
    InputError
        A state in `evasion.backing` or `third.challenger` that the world lacks, or that is a
        sender.
    """
    takes_stance = np.array([role in FREE for role in roles])
    distance = np.abs(world.ideal_point[:, None] - world.ideal_point[None, targets])
    trade = world.trade_mn + world.trade_mn.T
    with_senders = trade[:, senders].sum(axis=1) / np.maximum(trade.sum(axis=1), 1e-300)
    carries = np.array([role in ("hub", "bystander", "target") for role in roles])
    sold = world.trade_mn[:, targets].T * carries
    sold[np.arange(targets.size), targets] = 0.0
    world.index(config.third.challenger)
    return Thirds(
        takes_stance=takes_stance,
        may_cooperate=_companions(world, targets) & takes_stance[:, None],
        carrier_share=normalised(sold),
        trade_with_senders=with_senders,
        distance=distance,
        relation=np.exp(-distance),
        backing=_backing(world, config, senders),
    )


def _companions(world: World, targets: NDArray[np.int64]) -> Flags:
    companion = np.zeros((len(world.states), targets.size), dtype=np.bool_)
    for institution in world.institutions:
        if institution.kind in ("alliance", "grouping"):
            member = np.array([state in institution.members for state in world.states])
            companion |= member[:, None] & member[None, targets]
    return companion


def _backing(world: World, config: Config, senders: NDArray[np.int64]) -> Floats:
    backing = np.full(len(world.states), np.nan)
    for state, share in config.evasion.backing.items():
        if world.index(state) in senders:
            raise InputError(
                f"evasion.backing: {state} is a sender in this run and carries nothing; "
                f"leave it out or give it another role, as in +scenario.roles.{state}=bystander"
            )
        backing[world.index(state)] = share
    return backing
