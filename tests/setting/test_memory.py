"""A setting is cheap because most of it is shared, and sharing changes no number."""

from __future__ import annotations

import dataclasses

import networkx as nx
import numpy as np
import pytest

from sim.config import Config
from sim.rules import events
from sim.setting import prepare


def test_settings_of_one_world_share_what_rests_on_no_lever(world):
    first, levered = Config(), Config()
    levered.coordination.burden_sharing = 0.5
    one, other = prepare(world, first), prepare(world, levered)
    assert one.exposures is other.exposures
    assert one.answers is other.answers
    assert one.network is other.network
    assert not np.array_equal(one.menu.cost, other.menu.cost)


def test_a_changed_copy_of_a_world_is_another_world(world):
    copy = dataclasses.replace(world, pacts=[])
    assert copy.fingerprint == world.fingerprint
    one, other = prepare(world, Config()), prepare(copy, Config())
    assert one.network.number_of_edges() > other.network.number_of_edges()


def test_what_is_shared_cannot_be_changed_by_accident(world):
    with pytest.raises(nx.NetworkXError, match="Frozen"):
        prepare(world, Config()).network.add_node("Atlantis")


def test_the_course_of_the_war_is_the_rule_applied_event_by_event(world):
    config = Config()
    setting = prepare(world, config)
    day = 40
    severity = urgency = 0.0
    for event in setting.events:
        since = day - (event.date - setting.start).days
        if event.kind not in ("talks", "involvement") and since >= 0:
            severity = events.severity_after(severity, event.severity)
            urgency += events.urgency_of(event.severity, float(since))
    assert setting.war.severity[day] == severity
    assert setting.war.urgency[day] == urgency
