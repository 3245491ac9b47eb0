"""What targets can answer: countermeasures, whom they hit, what they harm and cost."""

from typing import NamedTuple

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.codes import ANY, NO_ACT
from sim.config import Response
from sim.economy.exposure import Exposure, Exposures
from sim.economy.shocks import Channel, coverage, shock_of
from sim.rules import odds, respond, terms
from sim.setting.menu import Act
from sim.world import World
from sim.world.catalogue import FUELS, Countermeasure

SMALLEST = 1e-3  # USD bn a year; harm and cost below it are taken for it
GAS_BAN, GAS_STOP = "gas_import_ban", "gas_purchase_stop"
TRADED_BN = 0.05  # USD bn a year; less of a fuel is not worth cutting off


class Answers(NamedTuple):
    """The countermeasures as numbers, in the order of `World.countermeasures`."""

    readiness: Floats  # (n_answers,) log hazard relative to the average one
    lag: Ints  # (n_answers,) days until it bites
    # (n_answers,) aimed at single senders; at home
    each: Flags
    domestic: Flags
    by_part: Flags  # (n_answers,) given again and again, each time for a part of what still flows
    can_issue: Flags  # (n_targets, n_answers)
    # (n_targets, n_answers) Act that a sender must have taken to be answered with this, -1 for
    # any; -2 if it is none of this run's.
    trigger_act: Ints
    # (n_answers,) Answer whose terms a sender must have been asked to meet before this one, -1 for
    # none.
    trigger_answer: Ints
    # (n_targets, n_answers) Act after which a sender has nothing left that this could cut off, -1
    # for none.
    moot_act: Ints
    # (n_targets, n_answers, n_senders) The target can issue it and it would touch the sender: gas
    # that is cut off, a buyer by pipeline.
    can_hit: Flags
    # (n_targets, n_answers, n_channels, n_sectors) Share of each hit sender's trade with the
    # target that it covers.
    coverage: Floats
    # (n_targets, n_answers, n_senders) Of answering a sender, > 0; where it stops trade in USD bn
    # a year from the exposure, else the relative weights of the catalogue. 1 for what is given by
    # part: that is weighed at the prices of the day, see `sim.engine.throttling`.
    harm: Floats
    own_cost: Floats


def answers_of(world: World, exposures: Exposures, acts: tuple[Act, ...]) -> Answers:
    """Return the countermeasures of a world against these senders and their acts."""
    counters = world.countermeasures
    codes = [counter.code for counter in counters]
    exposure = exposures.mature
    targets = [world.states[target] for target in exposure.targets]
    can_issue = np.array([[target in c.issuers for c in counters] for target in targets])
    trigger_act = _trigger_act(counters, targets, acts)
    covers = np.array(
        [
            [coverage(shock_of(world, c.code, target), 1.0, 0.0, exposure.theta) for c in counters]
            for target in targets
        ]
    )
    harm, own_cost = _harm(world, exposures, counters, covers)
    return Answers(
        readiness=np.array([c.readiness for c in counters]),
        lag=np.array([c.lag_days for c in counters], dtype=np.int64),
        each=np.array([c.aim == "each" for c in counters]),
        domestic=np.array([c.aim == "domestic" for c in counters]),
        by_part=np.array([c.by_part for c in counters]),
        can_issue=can_issue,
        trigger_act=trigger_act,
        trigger_answer=np.array(
            [codes.index(c.trigger) if c.trigger in codes else -1 for c in counters],
            dtype=np.int64,
        ),
        moot_act=_moot_act(counters, targets, acts),
        can_hit=_can_hit(world, exposure, counters, covers) & can_issue[:, :, None],
        coverage=covers,
        harm=harm,
        own_cost=own_cost,
    )


def _trigger_act(
    counters: tuple[Countermeasure, ...], targets: list[str], acts: tuple[Act, ...]
) -> Ints:
    """Return `Answers.trigger_act`."""
    taken = {(act.target, act.measure.code): position for position, act in enumerate(acts)}
    of_targets = {"", *(counter.code for counter in counters)}
    rows = [
        [
            ANY if counter.trigger in of_targets else taken.get((target, counter.trigger), NO_ACT)
            for counter in counters
        ]
        for target in targets
    ]
    return np.array(rows, dtype=np.int64)


def _moot_act(
    counters: tuple[Countermeasure, ...], targets: list[str], acts: tuple[Act, ...]
) -> Ints:
    """Return `Answers.moot_act`: who has stopped buying gas cannot be cut off from it."""
    stops = {act.target: k for k, act in enumerate(acts) if act.measure.needs == "gas"}
    rows = [
        [stops.get(target, -1) if c.fuel == "gas" else -1 for c in counters] for target in targets
    ]
    return np.array(rows, dtype=np.int64)


def _can_hit(
    world: World, exposure: Exposure, counters: tuple[Countermeasure, ...], covers: Floats
) -> Flags:
    """Return whom each answer would touch: all, but of a fuel only its buyers by pipeline."""
    can_hit = np.ones((exposure.targets.size, len(counters), exposure.senders.size), dtype=np.bool_)
    for c, counter in enumerate(counters):
        if counter.fuel:
            buys = _buys(world, counter.fuel)[exposure.senders]
            flow = exposure.flow_bn[np.ix_(exposure.targets, exposure.senders)]
            covered_bn = np.einsum("tij,tj->ti", flow, covers[:, c, int(Channel.IMPORT)])
            can_hit[:, c] = buys[None, :] & (covered_bn >= TRADED_BN)
    return can_hit


def _buys(world: World, fuel: str) -> Flags:
    """Return who buys a fuel from the targets; of gas by pipeline, where the world says so."""
    if fuel == "gas" and world.pipeline_bcm.any():
        return world.pipeline_bcm > 0.0
    return world.energy_share[:, FUELS.index(fuel)] > 0.0


def refusal_of(world: World, response: Response, senders: Ints) -> Floats:
    """Return the probability that each sender refuses to pay for gas in rubles.

    0 without gas, and for who has stated that it objects to a ban on gas or goes on buying it.
    """
    chance = np.zeros(senders.size)
    buys_on = {p.state for p in world.positions if p.instrument in (GAS_BAN, GAS_STOP)}
    for seat, sender in enumerate(senders):
        if world.pipeline_bcm[sender] > 0.0 and world.states[sender] not in buys_on:
            chance[seat] = odds.probability(
                respond.refusal_log_odds(
                    response.refusal,
                    terms.frontline(world.distance_km[sender]),
                    response.refusal_nearness,
                    world.pipeline_bcm[sender],
                    response.refusal_volume,
                )
            )
    return chance


def _harm(
    world: World, exposures: Exposures, counters: tuple[Countermeasure, ...], covers: Floats
) -> tuple[Floats, Floats]:
    exposure = exposures.mature
    n_targets, n_senders = exposure.targets.size, exposure.senders.size
    harm = np.empty((n_targets, len(counters), n_senders))
    cost = np.empty_like(harm)
    for c, counter in enumerate(counters):
        if counter.by_part:
            harm[:, c], cost[:, c] = 1.0, 1.0
            continue
        if not covers[:, c].any():
            harm[:, c], cost[:, c] = counter.harm, counter.own_cost
            continue
        for t, i in np.ndindex(n_targets, n_senders):
            loss = _losses_of(exposures, covers[t, c], t, i) * world.gdp_bn / 100.0
            harm[t, c, i] = max(float(loss[exposure.senders[i]]), SMALLEST)
            cost[t, c, i] = max(float(loss[exposure.targets[t]]), SMALLEST)
    return harm, cost


def _losses_of(exposures: Exposures, cover: Floats, target: int, sender: int) -> Floats:
    """Return every state's loss of the first year in percent if one answer hits one sender."""
    covered = np.zeros(exposures.mature.target_share.shape)
    covered[sender, target] = cover
    return exposures.losses(covered, exposures.first_year, exposures.in_first_year())
