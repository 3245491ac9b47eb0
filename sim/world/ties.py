"""Ties among states: one multigraph with layers, and the pull that it gives j on i."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from sim.arrays import Floats, fixed
from sim.errors import InputError
from sim.world.world import World

if TYPE_CHECKING:
    import networkx as nx

LAYERS = ("defence", "membership", "affinity", "trade", "consultation")


def alliance_network(world: World) -> nx.MultiDiGraph:
    """Return the ties of a world as a directed multigraph, one keyed edge per layer.

    Nodes are the states by code, with the attribute `role` that they have in the world. An edge
    from i to j has one of `LAYERS` for its key and one attribute, a `weight` in [0, 1], that says
    how much j matters to i:

    - defence: a defence pact or a common alliance (ATOP v5, treaties);
    - membership: common institutions over the largest number shared by any pair;
    - affinity: exp(-|difference of ideal points|) in the UN General Assembly [1]_;
    - trade: share of j in the trade of i, both directions;
    - consultation: a consultation pact (ATOP v5) or a common institution that meets.

    Other ties than the world's are an edited graph that `sim.setting.prepare` is given.

    References
    ----------
    .. [1] Bailey, Strezhnev and Voeten (2017), Estimating dynamic state preferences from
       United Nations voting data, Journal of Conflict Resolution 61.
    """
    import networkx as nx

    if not isinstance(world, World):
        raise InputError(f"a network is that of a world, sim.load_world(...); found {world!r}")
    graph = nx.MultiDiGraph()
    for state, role in zip(world.states, world.roles, strict=True):
        graph.add_node(state, role=role)
    for layer, weights in layer_weights(world).items():
        for i, j in np.argwhere(weights > 0):
            graph.add_edge(world.states[i], world.states[j], key=layer, weight=float(weights[i, j]))
    return graph


def frozen_network(world: World, network: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Return a copy of an alliance network, as made or as edited, that nobody can change.

    Raises
    ------
    InputError
        It is no directed multigraph, or a node, a layer or an attribute is not as
        `alliance_network` says.
    """
    import networkx as nx

    if not isinstance(network, nx.MultiDiGraph):
        raise InputError(
            "network must be a networkx MultiDiGraph, as sim.world.alliance_network returns it; "
            f"found {type(network).__name__}"
        )
    _check_nodes_and_ties(world, network)
    copy = network.copy()
    for state in copy:
        copy._node[state] = fixed(copy._node[state])
        for other, ties in copy._succ[state].items():
            layers = {layer: fixed(data) for layer, data in ties.items()}
            copy._succ[state][other] = copy._pred[other][state] = fixed(layers)
    return nx.freeze(copy)


def _check_nodes_and_ties(world: World, network: nx.MultiDiGraph) -> None:
    roles = dict(zip(world.states, world.roles, strict=True))
    for state in (*network, *roles):
        if state not in roles:
            raise InputError.unknown("network: state", str(state), roles)
        if network.nodes.get(state) != {"role": roles[state]}:
            raise InputError(
                f"network: {state} must be a node with role='{roles[state]}', as in the world, and "
                f"nothing else; found {network.nodes.get(state)}; roles change by scenario.roles"
            )
    for i, j, layer, attributes in network.edges(keys=True, data=True):
        tie, weight = f"network: the tie from {i} to {j}", attributes.get("weight")
        if layer not in LAYERS:
            raise InputError.unknown(f"{tie}: layer", str(layer), LAYERS)
        if len(attributes) != 1 or not isinstance(weight, Real) or not 0 <= float(weight) <= 1:
            raise InputError(
                f"{tie}, layer '{layer}', must have a weight between 0 and 1 and nothing else; "
                f"found {dict(attributes)}"
            )
        if i == j:
            raise InputError(f"{tie}: a state has no tie to itself; remove it")


def layer_weights(world: World) -> dict[str, Floats]:
    """Return one (n_states, n_states) matrix in [0, 1] per layer, zero on the diagonal."""
    shared = _shared_memberships(world, ("union", "bloc", "alliance", "grouping"))
    trade = world.trade_mn + world.trade_mn.T
    layers = {
        "defence": np.maximum(
            pacts(world, "defence"), _shared_memberships(world, ("alliance",)) > 0
        ),
        "membership": shared / max(shared.max(), 1.0),
        "affinity": np.exp(-np.abs(world.ideal_point[:, None] - world.ideal_point[None, :])),
        "trade": trade / np.maximum(trade.sum(axis=1, keepdims=True), 1e-300),
        "consultation": np.maximum(pacts(world, "consultation"), shared > 0),
    }
    for weights in layers.values():
        np.fill_diagonal(weights, 0.0)
    return layers


def weights_in(network: nx.MultiDiGraph, states: tuple[str, ...]) -> dict[str, Floats]:
    """Return the layers of an alliance network as `layer_weights` returns those of a world.

    Parameters
    ----------
    states : tuple of str
        Order of both axes.
    """
    position = {state: index for index, state in enumerate(states)}
    layers = {layer: np.zeros((len(states), len(states))) for layer in LAYERS}
    for i, j, layer, weight in network.edges(keys=True, data="weight"):
        layers[layer][position[i], position[j]] = weight
    return layers


def influence(layers: Mapping[str, Floats], layer_weight: Mapping[str, float]) -> Floats:
    """Return `ties[i, j]`, the pull of j on i: the weighted sum of the layers, not normalised.

    Parameters
    ----------
    layers : mapping of str to (n_states, n_states) float64
        Of a world or of a network.
    layer_weight : mapping of str to float
        Weight of each layer, >= 0; a layer left out counts nothing.

    Returns
    -------
    (n_states, n_states) float64, >= 0, zero on the diagonal.
    """
    weighted = [layer_weight.get(layer, 0.0) * weights for layer, weights in layers.items()]
    return np.sum(weighted, axis=0)


def pacts(world: World, layer: str) -> Floats:
    """Return the weight of the pacts of a layer between all states, (n_states, n_states)."""
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
