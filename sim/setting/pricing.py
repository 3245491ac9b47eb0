"""What acts cover, harm and cost: all of a setting that rests on the economy but on no lever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats, Ints, fixed
from sim.economy.baseline import ELASTICITIES, world_economy
from sim.economy.exposure import Exposure
from sim.economy.shocks import TARIFF, Shock, price_cap, shipping_services
from sim.setting.answers import Answers, answers_of
from sim.setting.memory import of_world
from sim.setting.menu import Act, Covers, covers_of
from sim.world import World

FIRST_YEAR = "short_run"  # what governments weigh


class Pricing(NamedTuple):
    """The economy as acts and answers meet it.

    Attributes
    ----------
    exposures, covers : mapping of str to Exposure and to Covers
        By elasticity.
    own_loss : (n_senders, n_acts) percent of GDP in the first year, at short-run elasticities
        Of a sender that alone applies an act.
    answers : Answers
        At the elasticity in use.
    cap : Shock, optional
        The world's price cap, if it has one.
    services : (n_senders,) share of the shipping services for the targets' oil
    closure : mapping of str to (n_states,) float64
        By elasticity, percent: what every state loses once borders with the targets are closed.
    """

    exposures: Mapping[str, Exposure]
    covers: Mapping[str, Covers]
    own_loss: Floats
    answers: Answers
    cap: Shock | None
    services: Floats
    closure: Mapping[str, Floats]


@of_world
def pricing_of(
    world: World,
    senders: Ints,
    targets: Ints,
    acts: tuple[Act, ...],
    aimed_at: Ints,
    elasticity: str,
    balance: bool,
    closers: Ints,
) -> Pricing:
    """Return what these acts of these senders cover, harm and cost.

    Parameters
    ----------
    senders, targets : (n_senders,), (n_targets,) int64
        Positions among the states.
    aimed_at : (n_acts,) int64
        Position of the act's target among the targets.
    elasticity : {'long_run', 'short_run'}
        The one in use.
    balance : bool
        Start from balanced trade.
    closers : (n_closers,) int64
        States whose trade with the targets ends.
    """
    exposures = {name: Exposure.of(world, senders, targets, name, balance) for name in ELASTICITIES}
    covers = {name: covers_of(world, acts, of.theta) for name, of in exposures.items()}
    closed = {name: Exposure.of(world, closers, targets, name, balance) for name in ELASTICITIES}
    exposure, cap = exposures[elasticity], price_cap(world)
    coalition = np.flatnonzero([role == "sender" for role in world.roles])
    return Pricing(
        exposures=fixed(exposures),
        covers=fixed(covers),
        own_loss=exposures[FIRST_YEAR].own_loss(covers[FIRST_YEAR].whole(), aimed_at),
        answers=answers_of(world, exposure, acts),
        cap=cap,
        services=(
            np.zeros(senders.size)
            if cap is None
            else shipping_services(world_economy(world), coalition, cap.service_share)[senders]
        ),
        closure=fixed({name: _closure(of) for name, of in closed.items()}),
    )


def capped_by(world: World, cap: Shock | None) -> Floats:
    """Return what of each sector a price cap covers, (n_sectors,); nothing without one."""
    return np.zeros(len(world_economy(world).sectors)) if cap is None else cap.capped


def _closure(exposure: Exposure) -> Floats:
    """Return what every state loses if all trade of these senders with the targets ends."""
    covered = np.zeros(exposure.target_share.shape)
    covered[:, :, :TARIFF] = 1.0
    no_rent = np.zeros(exposure.rent_marginal.shape[:2])
    return exposure.losses(covered, np.zeros(exposure.targets.size), no_rent)
