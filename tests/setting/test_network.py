"""The alliance network can be edited: who pulls whom follows from it, and nothing else does."""

from __future__ import annotations

import dataclasses

import networkx as nx
import numpy as np
import pytest

from sim.config import Config
from sim.errors import InputError
from sim.setting import prepare
from sim.world import alliance_network


@pytest.fixture
def network(world):
    """Return the world's network, to be edited."""
    return alliance_network(world)


def setting_of(world, network=None, **levers):
    config = Config()
    config.scenario.steps = 2
    for name, value in levers.items():
        group, _, key = name.partition("__")
        setattr(getattr(config, group), key, value)
    return prepare(world, config, network)


def pull(setting, i, j):
    """Return the pull of j on i."""
    seats = setting.sender_codes
    return setting.alliance.ties[seats.index(i), seats.index(j)]


def test_a_network_that_nobody_edited_is_that_of_the_world(world, network):
    edited, plain = setting_of(world, network), setting_of(world)
    for name, values in plain.alliance._asdict().items():
        np.testing.assert_array_equal(getattr(edited.alliance, name), values)
    assert nx.utils.graphs_equal(edited.network, plain.network)


def test_without_a_tie_there_is_no_pull_and_the_others_pull_the_more(world, network):
    plain = setting_of(world)
    network.remove_edges_from([("POL", "USA", layer) for layer in list(network["POL"]["USA"])])
    edited = setting_of(world, network)
    assert pull(plain, "POL", "USA") > pull(edited, "POL", "USA") == 0.0
    assert pull(edited, "POL", "GBR") > pull(plain, "POL", "GBR")
    assert pull(edited, "USA", "POL") == pull(plain, "USA", "POL")
    assert edited.alliance.ties.sum(axis=1) == pytest.approx(1.0)


def test_a_heavier_tie_pulls_more_by_the_weight_of_its_layer(world, network):
    only_trade = {"coordination__tie_weights": {"trade": 2.0}}
    for _, other, layer, tie in network.out_edges("JPN", keys=True, data=True):
        tie["weight"] = 0.75 if other == "KOR" else 0.25 if other == "USA" else 0.0
        assert layer in ("defence", "membership", "affinity", "trade", "consultation")
    edited = setting_of(world, network, **only_trade)
    assert pull(edited, "JPN", "KOR") == pytest.approx(0.75)
    assert pull(edited, "JPN", "USA") == pytest.approx(0.25)


def test_who_has_no_pact_and_no_institution_in_the_network_is_held_to_nothing(world, network):
    two = {"scenario__only": ["USA", "KOR"]}
    assert setting_of(world, **two).alliance.held.tolist() == [True, True]
    for layer in ("defence", "consultation"):
        if network.has_edge("KOR", "USA", layer):
            network.remove_edge("KOR", "USA", layer)
    edited = setting_of(world, network, **two)
    assert dict(zip(edited.sender_codes, edited.alliance.held.tolist(), strict=True)) == {
        "USA": True,
        "KOR": False,
    }


def test_councils_meetings_and_third_states_are_the_world_s_whatever_the_network(world, network):
    network.remove_edges_from(list(network.edges(keys=True)))
    edited, plain = setting_of(world, network), setting_of(world)
    assert not edited.alliance.ties.any()
    assert [c.institution for c in edited.councils] == [c.institution for c in plain.councils]
    np.testing.assert_array_equal(edited.meetings.seats, plain.meetings.seats)
    np.testing.assert_array_equal(edited.third_parties.condemns, plain.third_parties.condemns)
    np.testing.assert_array_equal(edited.alliance.fellows, plain.alliance.fellows)


def test_the_next_setting_of_the_world_has_the_world_s_ties_again(world, network):
    before = setting_of(world).alliance.ties
    network.remove_node("USA")
    network.add_node("USA", role="sender")
    assert not np.array_equal(setting_of(world, network).alliance.ties, before)
    np.testing.assert_array_equal(setting_of(world).alliance.ties, before)


def test_the_network_of_a_setting_is_a_copy_that_cannot_be_changed_but_copied_and_edited(
    world, network
):
    setting = setting_of(world, network)
    network["USA"]["GBR"]["trade"]["weight"] = 0.0
    kept = setting.network
    assert kept["USA"]["GBR"]["trade"]["weight"] > 0.0
    with pytest.raises(nx.NetworkXError, match="Frozen"):
        kept.remove_edge("USA", "GBR")
    with pytest.raises(TypeError):
        kept["USA"]["GBR"]["trade"]["weight"] = 0.0
    with pytest.raises(TypeError):
        kept.get_edge_data("USA", "GBR")["trade"] = {}
    with pytest.raises(TypeError):
        kept.nodes["USA"]["role"] = "target"
    copy = kept.copy()
    copy["USA"]["GBR"]["trade"]["weight"] = 0.0
    assert pull(setting_of(world, copy), "USA", "GBR") < pull(setting, "USA", "GBR")


def test_a_changed_world_has_a_network_of_its_own(world, network):
    fewer = dataclasses.replace(world, pacts=())
    assert setting_of(fewer).network.number_of_edges() < network.number_of_edges()


def lacking(network):
    network.remove_node("USA")


def strange(network):
    network.add_edge("USA", "GBX", "trade", weight=0.5)


def recast(network):
    network.nodes["CHN"]["role"] = "sender"


def layered(network):
    network.add_edge("USA", "GBR", "trad", weight=0.5)


def unkeyed(network):
    network.add_edge("USA", "GBR", weight=0.5)


def looped(network):
    network.add_edge("USA", "USA", "trade", weight=0.5)


def weighed(weight):
    def change(network):
        network["USA"]["GBR"]["trade"]["weight"] = weight

    return change


def misspelt(network):
    network["USA"]["GBR"]["trade"]["wieght"] = 0.5


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lacking, ["USA must be a node with role='sender'", "found None"]),
        (strange, ["state 'GBX' is unknown", "did you mean 'GBR'"]),
        (recast, ["CHN must be a node with role=", "'sender'", "scenario.roles"]),
        (layered, ["from USA to GBR", "layer 'trad' is unknown", "did you mean 'trade'"]),
        (unkeyed, ["from USA to GBR", "is unknown (known: affinity"]),
        (looped, ["from USA to USA", "no tie to itself"]),
        (weighed(1.5), ["from USA to GBR, layer 'trade'", "between 0 and 1", "1.5"]),
        (weighed(-0.1), ["between 0 and 1", "-0.1"]),
        (weighed(float("nan")), ["between 0 and 1", "nan"]),
        (weighed("strong"), ["between 0 and 1", "'strong'"]),
        (weighed(None), ["between 0 and 1", "None"]),
        (misspelt, ["from USA to GBR, layer 'trade'", "nothing else", "'wieght'"]),
    ],
)
def test_a_network_that_does_not_fit_is_refused_in_one_line(world, network, change, words):
    change(network)
    with pytest.raises(InputError) as error:
        setting_of(world, network)
    message = str(error.value)
    assert "\n" not in message
    assert message.startswith("network: ")
    for word in words:
        assert word in message


@pytest.mark.parametrize("graph", [nx.DiGraph(), nx.MultiGraph(), {"USA": ["GBR"]}])
def test_what_is_no_directed_multigraph_is_refused_by_its_name(world, graph):
    with pytest.raises(InputError, match=f"MultiDiGraph.*found {type(graph).__name__}"):
        setting_of(world, graph)
