"""The senders among themselves: ties, leaders, institutions and councils."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.config import Config
from sim.errors import InputError
from sim.setting.memory import of_world
from sim.world import World
from sim.world.catalogue import ALL_SENDERS, Institution
from sim.world.ties import LAYERS, influence, layer_weights, weights_in

if TYPE_CHECKING:
    import networkx as nx

HOLDING = (("defence", 1.0), ("consultation", 1.0))  # ties that hold a sender to what was agreed
QUALIFIED_MINORITY = 0.35  # of the population blocks: Treaty on European Union, Article 16(4)


@dataclass(frozen=True, slots=True)
class Council:
    """A union that decides for those of its members that are senders, or all senders together."""

    institution: Institution
    # Which measures it decides on: 'eu' those of a union, 'joint' those of all senders.
    competence: str
    rule: str
    members: Ints  # (n_members,) positions among the senders
    weight: Floats  # (n_members,) voting weight, sums to 1
    voice: Floats  # (n_members,) weight in what the council wants, sums to 1
    blocking: float  # objecting weight above which nothing passes


class Alliance(NamedTuple):
    """Who pulls whom, and who is held to what was agreed."""

    ties: Floats  # (n_senders, n_senders) pull of j on i, rows sum to 1 or are zero
    ties_outside: Floats  # the same without fellow members of a union that decides together
    lead_share: Floats  # (n_senders,) weight of each sender among the leaders
    gdp_share: Floats  # (n_senders,) of the senders' joint GDP
    fellows: Flags  # (n_institutions, n_senders) membership
    held: Flags  # (n_senders,) an institution or a pact with another holds it to what was agreed


def alliance_of(
    world: World,
    config: Config,
    network: nx.MultiDiGraph | None,
    senders: Ints,
    councils: tuple[Council, ...],
) -> Alliance:
    """Return the alliance of the senders under the coordination levers.

    Their ties are those of a frozen network, or of the world.
    """
    codes = [world.states[s] for s in senders]
    ties, ties_outside = _ties(world, config, network, senders, councils)
    leaders = leaders_of(config, codes)
    leads = np.array([float(code in leaders) for code in codes])
    return Alliance(
        ties=ties,
        ties_outside=ties_outside,
        lead_share=leads / max(leads.sum(), 1.0),
        gdp_share=world.gdp_bn[senders] / world.gdp_bn[senders].sum(),
        fellows=np.array([[code in i.members for code in codes] for i in world.institutions]),
        held=_held(world, config, network, senders),
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
    if any(measure.competence == "joint" for measure in world.measures) and senders.size > 1:
        councils.append(_council_of_all(world, senders, codes))
    return tuple(councils)


def _council_of_all(world: World, senders: Ints, codes: list[str]) -> Council:
    """Return the council of all senders, for acts that only all take together.

    It is unanimous; what it wants is weighed by GDP.
    """
    share = world.gdp_bn[senders] / world.gdp_bn[senders].sum()
    everybody = Institution(
        ALL_SENDERS, "All senders together", "bloc", "unanimity", 7, tuple(codes)
    )
    return Council(everybody, "joint", "unanimity", np.arange(senders.size), share, share, 0.0)


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
    return Council(union, "eu", rule, members, weight, voice, blocking)


def normalised(rows: Floats) -> Floats:
    """Return rows that sum to 1, or stay zero."""
    total = rows.sum(axis=1, keepdims=True)
    return np.divide(rows, total, out=np.zeros_like(rows), where=total > 0)


@of_world
def _influence(
    world: World, network: nx.MultiDiGraph | None, weights: tuple[tuple[str, float], ...]
) -> Floats:
    layers = layer_weights(world) if network is None else weights_in(network, world.states)
    return influence(layers, dict(weights))


def _ties(
    world: World,
    config: Config,
    network: nx.MultiDiGraph | None,
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
        if council.competence != "joint":  # the joint council is all senders: nobody is outside it
            outside[np.ix_(council.members, council.members)] = 0.0
    return normalised(pull), normalised(outside)


def leaders_of(config: Config, senders: Sequence[str]) -> list[str]:
    """Return the senders that lead: the leaders, or who comes next if none of them is a sender."""
    levers = config.coordination
    leaders = [code for code in levers.leaders if code in senders]
    if not leaders and levers.leaders:
        leaders = [code for code in levers.next_leaders if code in senders][:1]
    return leaders


def _held(world: World, config: Config, network: nx.MultiDiGraph | None, senders: Ints) -> Flags:
    """Return who shares an institution or a pact with a fellow sender, if institutions count."""
    if not config.coordination.institution:
        return np.zeros(senders.size, dtype=np.bool_)
    pull = _influence(world, network, HOLDING)[np.ix_(senders, senders)]
    return np.asarray(pull.any(axis=1))
