"""What acts cover, harm and cost: all of a setting that rests on the economy but on no lever."""

from typing import NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.economy.baseline import world_economy
from sim.economy.equilibrium import solve
from sim.economy.exposure import Exposures
from sim.economy.horizon import NODES, economy_at
from sim.economy.shocks import Shock, closing_cost, price_cap, shipping_services
from sim.setting.answers import Answers, answers_of
from sim.setting.memory import of_world
from sim.setting.menu import Act, Covers, covers_of
from sim.setting.routes import same_union
from sim.world import World


class Pricing(NamedTuple):
    """The economy as acts and answers meet it."""

    exposures: Exposures
    covers: Covers
    # (n_senders, n_acts) Of a sender that alone applies an act, percent of GDP in the first year.
    own_loss: Floats
    answers: Answers
    cap: Shock | None  # the world's price cap, if it has one
    services: Floats  # (n_senders,) share of the shipping services for the targets' oil
    # (2, n_states) What every state loses once borders with the targets are closed, in the short
    # run and the long run, percent.
    closure: Floats


@of_world
def pricing_of(
    world: World,
    senders: Ints,
    targets: Ints,
    acts: tuple[Act, ...],
    aimed_at: Ints,
    balance: bool,
    closers: Ints,
    stocks: bool,
    union: float,
) -> Pricing:
    """Return what these acts of these senders cover, harm and cost.

    Parameters
    ----------
    senders, targets : (n_senders,), (n_targets,) int64
        Positions among the states.
    aimed_at : (n_acts,) int64
        Position of the act's target among the targets.
    balance : bool
        Start from balanced trade.
    closers : (n_closers,) int64
        States whose trade with the targets ends.
    stocks : bool
        Stocks bridge what a buyer misses.
    union : float
        What third states in one union with a target hold back, per what others do.
    """
    withholding = np.where(same_union(world)[:, targets], union, 1.0)
    exposures = Exposures.of(world, senders, targets, balance, stocks, withholding)
    covers = covers_of(world, acts, (exposures.fresh.theta, exposures.mature.theta))
    cap = price_cap(world)
    coalition = np.flatnonzero([role == "sender" for role in world.roles])
    return Pricing(
        exposures=exposures,
        covers=covers,
        own_loss=exposures.own_loss(covers.whole(), aimed_at),
        answers=answers_of(world, exposures, acts),
        cap=cap,
        services=(
            np.zeros(senders.size)
            if cap is None
            else shipping_services(world_economy(world), coalition, cap.service_share)[senders]
        ),
        closure=_closure(world, closers, targets, balance),
    )


def capped_by(world: World, cap: Shock | None) -> Floats:
    """Return what of each sector a price cap covers, (n_sectors,); nothing without one."""
    return np.zeros(len(world_economy(world).sectors)) if cap is None else cap.capped


def _closure(world: World, closers: Ints, targets: Ints, balance: bool) -> Floats:
    """Return what every state loses if its border with the targets closes, or others' borders do.

    By exact equilibria, for all trade ends and it is known before a run which.
    """
    if closers.size == 0:
        return np.zeros((len(NODES), len(world.states)))
    ends = (economy_at(world, maturity, balance) for maturity in NODES)
    return np.stack(
        [
            100.0 * (1.0 - solve(end, cost=closing_cost(end, closers, targets)).welfare)
            for end in ends
        ]
    )
