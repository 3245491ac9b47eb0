"""A setting is cheap because most of it is shared, and sharing changes no number."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Mapping

import networkx as nx
import numpy as np
import pytest

from sim.arrays import writeable
from sim.config import Config
from sim.economy.baseline import world_economy
from sim.economy.equilibrium import solve
from sim.economy.kernels import equilibrate, trade_after
from sim.economy.losses import losses
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
    changed = dataclasses.replace(world, pacts=[])
    assert changed.fingerprint == world.fingerprint
    one, other = prepare(world, Config()), prepare(changed, Config())
    assert one.network.number_of_edges() > other.network.number_of_edges()


def test_what_is_shared_cannot_be_changed_by_accident(world):
    with pytest.raises(nx.NetworkXError, match="Frozen"):
        prepare(world, Config()).network.add_node("Atlantis")


def arrays_in(thing, place):
    """Yield every array in a thing with its place, by all the ways in which Python holds things."""
    if isinstance(thing, np.ndarray):
        yield place, thing
    elif isinstance(thing, Mapping):
        for key, part in thing.items():
            yield from arrays_in(part, f"{place}[{key}]")
    elif isinstance(thing, list | tuple | set | frozenset):
        names = getattr(thing, "_fields", [f"[{number}]" for number in range(len(thing))])
        for name, part in zip(names, thing, strict=True):
            yield from arrays_in(part, f"{place}.{name}")
    elif hasattr(thing, "__slots__") and not isinstance(thing, type):
        for name in thing.__slots__:
            yield from arrays_in(getattr(thing, name, None), f"{place}.{name}")


def test_every_array_of_a_setting_is_read_only(world):
    found = dict(arrays_in(prepare(world, Config()), "setting"))
    assert len(found) > 120
    named = ("world.gdp_bn", "war.severity", "exposures.fresh.marginal", "menu.cost")
    assert {f"setting.{name}" for name in named} <= set(found)
    assert not [place for place, array in found.items() if array.flags.writeable]


def test_no_part_of_a_setting_and_no_field_can_be_set(world):
    setting = prepare(world, Config())
    for part in (setting, setting.world, setting.exposure, setting.acts[0], setting.councils[0]):
        name = dataclasses.fields(part)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(part, name, None)
    for part in (setting.war, setting.menu, setting.covers):
        with pytest.raises(AttributeError):
            setattr(part, part._fields[0], None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setting.exposures.mature = None
    with pytest.raises(ValueError, match="read-only"):
        setting.closure[0] = 0.0


def test_a_row_of_a_world_cannot_be_changed_and_none_added(world):
    for rows in (world.pacts, world.timeline):
        assert isinstance(rows, tuple)
        with pytest.raises(TypeError):
            rows[0]["weight"] = 0.0


def test_an_array_that_a_world_was_made_of_is_read_only_from_then_on(world):
    gdp = world.gdp_bn * 2.0
    richer = dataclasses.replace(world, gdp_bn=gdp)
    with pytest.raises(ValueError, match="read-only"):
        gdp[0] = 0.0
    assert richer.gdp_bn[0] == 2.0 * world.gdp_bn[0]


def test_a_configuration_that_is_changed_later_leaves_the_setting_as_it_was(world):
    config = Config()
    setting = prepare(world, config)
    config.coordination.leaders.append("JPN")
    config.scenario.steps = 1
    assert setting.config.coordination.leaders == ["USA"]
    assert setting.config.scenario.steps == 104


def test_a_setting_goes_to_another_process_and_back(world):
    setting = prepare(world, Config())
    back = pickle.loads(pickle.dumps(setting))
    assert back.world.timeline == world.timeline
    assert nx.utils.graphs_equal(back.network, setting.network)
    before = dict(arrays_in(setting, "setting"))
    for place, array in arrays_in(back, "setting"):
        np.testing.assert_array_equal(array, before[place])


def test_what_is_read_only_needs_no_compiling_anew(world):
    setting = prepare(world, Config())
    covered = np.full(setting.exposure.target_share.shape, 0.1)
    open_ones = copy.deepcopy(setting.exposures)
    assert open_ones.mature.marginal.flags.writeable
    loss, known = open_ones.losses(covered, 0.5), list(losses.signatures)
    np.testing.assert_array_equal(setting.exposures.losses(covered, 0.5), loss)
    assert losses.signatures == known

    economy = world_economy(world)
    assert not economy.theta.flags.writeable
    welfare = solve(copy.deepcopy(economy)).welfare
    known = [list(kernel.signatures) for kernel in (trade_after, equilibrate)]
    np.testing.assert_array_equal(solve(economy).welfare, welfare)
    assert [kernel.signatures for kernel in (trade_after, equilibrate)] == known


def test_a_copy_to_write_in_leaves_what_it_was_made_from(world):
    war = prepare(world, Config()).war
    own = writeable((war, 3, "word"))
    own[0].severity[:] = 0.0
    assert type(own[0]) is type(war)
    assert own[1:] == (3, "word")
    assert war.severity.any()
    free = np.zeros(2)
    assert writeable(free) is free


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
