"""Ties among states: one multigraph with layers, and the pull that it gives j on i."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import numpy as np

from sim.world.world import Floats, World

LAYERS = ("defence", "membership", "affinity", "trade", "consultation")


def alliance_network(world: World) -> nx.MultiDiGraph:
    """Return the ties of a world as a directed multigraph, one keyed edge per layer.

    An edge from i to j with key `layer` and a `weight` in [0, 1] says how much j matters to i:

    - defence: a defence pact or a common alliance (ATOP v5, treaties);
    - membership: common institutions over the largest number shared by any pair;
    - affinity: exp(-|difference of ideal points|) in the UN General Assembly [1]_;
    - trade: share of j in the trade of i, both directions;
    - consultation: a consultation pact (ATOP v5) or a common institution that meets.

    References
    ----------
    .. [1] Bailey, Strezhnev and Voeten (2017), Estimating dynamic state preferences from
       United Nations voting data, Journal of Conflict Resolution 61.
    """
    graph = nx.MultiDiGraph()
    for state, role in zip(world.states, world.roles, strict=True):
        graph.add_node(state, role=role)
    for layer, weights in layer_weights(world).items():
        for i, j in np.argwhere(weights > 0):
            graph.add_edge(world.states[i], world.states[j], key=layer, weight=float(weights[i, j]))
    return graph


def layer_weights(world: World) -> dict[str, Floats]:
    """Return one (n_states, n_states) matrix in [0, 1] per layer, zero on the diagonal."""
    shared = _shared_memberships(world, ("union", "bloc", "alliance", "grouping"))
    trade = world.trade_mn + world.trade_mn.T
    layers = {
        "defence": np.maximum(
            _pacts(world, "defence"), _shared_memberships(world, ("alliance",)) > 0
        ),
        "membership": shared / max(shared.max(), 1.0),
        "affinity": np.exp(-np.abs(world.ideal_point[:, None] - world.ideal_point[None, :])),
        "trade": trade / np.maximum(trade.sum(axis=1, keepdims=True), 1e-300),
        "consultation": np.maximum(_pacts(world, "consultation"), shared > 0),
    }
    for weights in layers.values():
        np.fill_diagonal(weights, 0.0)
    return layers


def influence(
    graph: nx.MultiDiGraph, states: tuple[str, ...], layer_weight: Mapping[str, float]
) -> Floats:
    """Return `ties[i, j]`, the pull of j on i: the weighted sum of the layers, not normalised.

    Parameters
    ----------
    graph : MultiDiGraph
        Of `alliance_network`.
    states : tuple of str
        Order of both axes.
    layer_weight : mapping of str to float
        Weight of each layer, >= 0; a layer left out counts nothing.

    Returns
    -------
    (n_states, n_states) float64, >= 0, zero on the diagonal.
    """
    position = {state: index for index, state in enumerate(states)}
    ties = np.zeros((len(states), len(states)))
    for i, j, layer, weight in graph.edges(keys=True, data="weight"):
        ties[position[i], position[j]] += layer_weight.get(layer, 0.0) * weight
    return ties


def _pacts(world: World, layer: str) -> Floats:
    weights = np.zeros((len(world.states), len(world.states)))
    for row in world.pacts:
        if row["layer"] == layer:
            i, j = world.index(row["state_a"]), world.index(row["state_b"])
            weights[i, j] = weights[j, i] = row["weight"]
    return weights


def _shared_memberships(world: World, kinds: tuple[str, ...]) -> Floats:
    member = np.array(
        [
            [state in institution.members for institution in world.institutions]
            for state in world.states
        ],
        dtype=np.float64,
    )
    wanted = np.array([institution.kind in kinds for institution in world.institutions])
    return member[:, wanted] @ member[:, wanted].T
