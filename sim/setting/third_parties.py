"""Third states as a run starts: who can carry, who may condemn or cooperate, and what they fear."""

from typing import NamedTuple

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.config import Config, Third
from sim.economy.exposure import Exposure
from sim.errors import InputError
from sim.rules import odds, third
from sim.setting.routes import carrying_bn, route_shares
from sim.world import World
from sim.world.ties import pacts

FREE = ("hub", "bystander", "defender")  # states that take a stance of their own


class ThirdParties(NamedTuple):
    """What third states start from."""

    takes_stance: Flags  # (n_states,) it may condemn the violation
    condemns: Floats  # (n_states,) probability in (0, 1) that it is a state that does
    # (n_states, n_targets) It thinks more like the target than like the senders, and shares no
    # alliance, bloc or grouping with one of them.
    may_cooperate: Flags
    # (n_states, n_targets) Product of the shares of both in the world's material capabilities, >
    # 0.
    capability: Floats
    # (n_targets, n_states) Who lies on a way around to a target (`sim.setting.routes`); other
    # targets are transit.
    carrier_share: Floats
    carrying_bn: Floats  # (n_states,) the most that it can order for targets, USD billion a year
    # (n_targets, n_sectors) what a target buys of the senders, USD billion a year
    bought_bn: Floats
    trade_with_senders: Floats  # (n_states,) share of the senders in its trade, in [0, 1]
    # (n_states, n_targets) At the start, in [0, 1]: exp(-distance between ideal points in the UN).
    relation: Floats
    # (n_states,) readiness to carry whatever the stance, NaN where the rule decides
    backing: Floats


def third_parties_of(
    world: World,
    config: Config,
    roles: tuple[str, ...],
    senders: Ints,
    targets: Ints,
    exposure: Exposure,
) -> ThirdParties:
    """Return the third states of a run.

    Raises
    ------
    InputError
        A state in `evasion.backing` or `third.challenger` that the world lacks, or that is a
        sender.
    """
    takes_stance = np.array([role in FREE for role in roles])
    distance = world.ideal_point[:, None] - world.ideal_point[None, targets]
    trade = world.trade_mn + world.trade_mn.T
    with_senders = trade[:, senders].sum(axis=1) / np.maximum(trade.sum(axis=1), 1e-300)
    carries = np.array([role in ("hub", "bystander", "target") for role in roles])
    world.index(config.third.challenger)
    return ThirdParties(
        takes_stance=takes_stance,
        condemns=_condemns(world, config.third, distance[:, 0], targets[0]),
        may_cooperate=_rivals(world, senders, targets) & takes_stance[:, None],
        capability=np.maximum(np.outer(world.capability, world.capability[targets]), 1e-12),
        carrier_share=route_shares(world, config.evasion, exposure, senders, targets, carries),
        carrying_bn=carrying_bn(config.evasion, exposure),
        bought_bn=exposure.flow_bn[senders][:, targets].sum(axis=0),
        trade_with_senders=with_senders,
        relation=np.exp(-np.abs(distance)),
        backing=_backing(world, config, senders),
    )


def _condemns(world: World, views: Third, distance: Floats, target: int) -> Floats:
    """Return the probability that each state condemns what the first target does."""
    level, weights = views.condemn, (views.condemn_distance, views.condemn_pact)
    return np.array(
        [
            odds.probability(third.condemn_log_odds(level, gap, weights[0], pledge, weights[1]))
            for gap, pledge in zip(distance, pacts(world, "consultation")[target], strict=True)
        ]
    )


def _rivals(world: World, senders: Ints, targets: Ints) -> Flags:
    """Return which states think more like a target than like the senders and sit with none."""
    views, gdp = world.ideal_point, world.gdp_bn[senders]
    middle = (views[senders] @ gdp) / gdp.sum()
    nearer = np.abs(views[:, None] - views[None, targets]) < np.abs(views - middle)[:, None]
    codes = {world.states[sender] for sender in senders}
    fellow = np.zeros(len(world.states), dtype=np.bool_)
    for institution in world.institutions:
        if codes & set(institution.members):
            fellow |= np.array([state in institution.members for state in world.states])
    return nearer & ~fellow[:, None]


def _backing(world: World, config: Config, senders: Ints) -> Floats:
    backing = np.full(len(world.states), np.nan)
    for state, share in config.evasion.backing.items():
        if world.index(state) in senders:
            raise InputError(
                f"evasion.backing: {state} is a sender in this run and carries nothing; "
                f"leave it out or give it another role, as in +scenario.roles.{state}=bystander"
            )
        backing[world.index(state)] = share
    return backing
