"""The senders among themselves: ties, leaders, institutions, meetings, councils."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.config import Config
from sim.errors import InputError
from sim.setting.memory import of_world
from sim.world import World, influence
from sim.world.catalogue import Institution
from sim.world.ties import LAYERS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
QUALIFIED_MINORITY = 0.35  # of the population blocks: Treaty on European Union, Article 16(4)


@dataclass(frozen=True, slots=True)
class Council:
    """A union that decides for those of its members that are senders.

    Attributes
    ----------
    members : (n_members,) positions among the senders
    weight : (n_members,) voting weight, sums to 1
    voice : (n_members,) weight in what the council wants, sums to 1
    blocking : float
        Objecting weight above which nothing passes.
    """

    institution: Institution
    rule: str
    members: Ints
    weight: Floats
    voice: Floats
    blocking: float


class Alliance(NamedTuple):
    """Who pulls whom, who meets whom.

    Attributes
    ----------
    ties : (n_senders, n_senders) pull of j on i, rows sum to 1 or are zero
    ties_outside : the same without fellow members of a union that decides together
    lead_share : (n_senders,) weight of each sender among the leaders
    gdp_share : (n_senders,) of the senders' joint GDP
    fellows : (n_institutions, n_senders) membership
    held : (n_senders,) an institution holds the sender to what was agreed
    forum : (n_forums, n_senders) who takes part: first institutions, then pairs of states
    forum_first, forum_interval : (n_forums,) day of the first meeting, days between meetings
    """

    ties: Floats
    ties_outside: Floats
    lead_share: Floats
    gdp_share: Floats
    fellows: Flags
    held: Flags
    forum: Flags
    forum_first: Ints
    forum_interval: Ints


def alliance_of(
    world: World,
    config: Config,
    network: nx.MultiDiGraph,
    senders: Ints,
    councils: tuple[Council, ...],
    first_meeting: int,
    start: date,
) -> Alliance:
    """Return the alliance of the senders under the coordination levers."""
    codes = [world.states[s] for s in senders]
    ties, ties_outside = _ties(world, config, network, senders, councils)
    fellows = np.array([[code in i.members for code in codes] for i in world.institutions])
    forum, first, interval = _forums(world, config, codes, first_meeting, start)
    return Alliance(
        ties=ties,
        ties_outside=ties_outside,
        lead_share=_lead_share(config, codes),
        gdp_share=world.gdp_bn[senders] / world.gdp_bn[senders].sum(),
        fellows=fellows,
        held=_held(config, fellows),
        forum=forum,
        forum_first=first,
        forum_interval=interval,
    )


def councils_of(world: World, config: Config, senders: Ints) -> tuple[Council, ...]:
    """Return the councils that decide for senders.

    Raises
    ------
    InputError
        A veto player or a leading member that is none.
    """
    codes = [world.states[s] for s in senders]
    unions = [i for i in world.institutions if i.council_rule != "none"]
    members = {state for union in unions for state in union.members}
    for state in config.coordination.veto_players:
        if state not in members & set(codes):
            raise InputError(
                f"coordination.veto_players: '{state}' is no sending member of a union with "
                f"a council; name one of {', '.join(sorted(members & set(codes)))}"
            )
    councils = []
    for union in unions:
        seats = np.array([i for i, code in enumerate(codes) if code in union.members])
        if seats.size:
            councils.append(_council(world, config, union, senders, seats))
    return tuple(councils)


def _council(
    world: World, config: Config, union: Institution, senders: Ints, members: Ints
) -> Council:
    rule = config.coordination.council_rule
    rule = union.council_rule if rule == "institution" else rule
    population = world.population_mn[senders[members]]
    weight = population / population.sum()
    voice = weight
    if rule == "leaders":
        leading = np.array(
            [world.states[s] in config.coordination.council_leaders for s in senders[members]]
        )
        if not leading.any():
            raise InputError(
                "coordination.council_leaders: none is a member of "
                f"{union.code}; name one of {', '.join(union.members)}"
            )
        # The leaders speak for all, and nobody else's objection counts.
        voice = weight = np.where(leading, weight, 0.0) / weight[leading].sum()
    blocking = QUALIFIED_MINORITY if rule == "majority" else 0.0
    return Council(union, rule, members, weight, voice, blocking)


def normalised(rows: Floats) -> Floats:
    """Return rows that sum to 1, or stay zero."""
    total = rows.sum(axis=1, keepdims=True)
    return np.divide(rows, total, out=np.zeros_like(rows), where=total > 0)


@of_world
def _influence(
    world: World, network: nx.MultiDiGraph, weights: tuple[tuple[str, float], ...]
) -> Floats:
    return influence(network, world.states, dict(weights))


def _ties(
    world: World,
    config: Config,
    network: nx.MultiDiGraph,
    senders: Ints,
    councils: tuple[Council, ...],
) -> tuple[Floats, Floats]:
    weights = config.coordination.tie_weights
    for layer in weights:
        if layer not in LAYERS:
            raise InputError.unknown("coordination.tie_weights: layer", layer, LAYERS)
    pull = _influence(world, network, tuple(weights.items()))[np.ix_(senders, senders)]
    outside = pull.copy()
    for council in councils:
        outside[np.ix_(council.members, council.members)] = 0.0
    return normalised(pull), normalised(outside)


def _lead_share(config: Config, codes: list[str]) -> Floats:
    leads = np.array([float(code in config.coordination.leaders) for code in codes])
    return leads / max(leads.sum(), 1.0)


def _held(config: Config, fellows: Flags) -> Flags:
    """Return who belongs to an institution with a fellow sender, if institutions count at all."""
    if not config.coordination.institution:
        return np.zeros(fellows.shape[1], dtype=np.bool_)
    shared: Flags = fellows[fellows.sum(axis=1) > 1].any(axis=0)
    return shared


def _forums(
    world: World, config: Config, codes: list[str], first_meeting: int, start: date
) -> tuple[Flags, Ints, Ints]:
    levers = config.coordination
    rows: list[tuple[list[bool], int, int]] = []
    for institution in _meeting(world, config):
        members = [code in institution.members for code in codes]
        rows.append((members, first_meeting, institution.interval_days))
    rows = [row for row in rows if sum(row[0]) > 1]
    forum = np.array([row[0] for row in rows], dtype=np.bool_).reshape(len(rows), len(codes))
    first_days = np.array([row[1] for row in rows], dtype=np.int64)
    interval = [max(1, round(row[2] * levers.interval_scale)) for row in rows]
    return forum, first_days, np.array(interval, dtype=np.int64)


def _meeting(world: World, config: Config) -> list[Institution]:
    levers = config.coordination
    known = [institution.code for institution in world.institutions]
    for code in levers.forums:
        if code != "all" and code not in known:
            raise InputError.unknown("coordination.forums: institution", code, ["all", *known])
    if not levers.consultation:
        return []
    every = "all" in levers.forums
    return [i for i in world.institutions if every or i.code in levers.forums]
