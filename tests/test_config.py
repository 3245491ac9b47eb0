"""The schema: what a parameter may be, whenever it is set; and that its groups are plain data."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from fractions import Fraction
from operator import attrgetter

import numpy as np
import pytest
import yaml
from omegaconf import OmegaConf

from sim.compose import checked, compose, stored
from sim.config import Config, Coordination, Rule, Scenario
from sim.errors import InputError
from sim.parameters import parameters
from sim.setting import prepare
from sim.sweep.settings import SweepConfig
from sim.world import load

RANGED = [parameter for parameter in parameters() if parameter.low is not None]
WHOLE = Config()


def put(config, key, value):
    group, _, name = key.rpartition(".")
    setattr(attrgetter(group)(config) if group else config, name, value)


@pytest.mark.parametrize("ranged", RANGED, ids=[parameter.key for parameter in RANGED])
def test_a_value_outside_its_range_is_refused_and_the_way_out_is_one(ranged):
    config, key = Config(), ranged.key
    mapping = isinstance(attrgetter(key)(config), dict)
    for value in (ranged.low - 1, ranged.high + 1):
        with pytest.raises(InputError) as refused:
            put(config, key, {"RUS": value} if mapping else value)
        text = str(refused.value)
        assert text.startswith(f"{key}.RUS (" if mapping else f"{key} (")
        assert ranged.meaning in text
        assert "must lie between" in text
        assert config == WHOLE
        way_out, _, nearest = text.partition("write for instance ")[2].partition("=")
        assert way_out == (f"{key}.RUS" if mapping else key)
        nearest = yaml.safe_load(nearest)
        put(config, key, {"RUS": nearest} if mapping else nearest)
        put(config, key, attrgetter(key)(WHOLE))
    for end in (ranged.low, ranged.high):
        put(config, key, {"RUS": end} if mapping else end)
        assert attrgetter(key)(config) == ({"RUS": end} if mapping else end)
        put(config, key, attrgetter(key)(WHOLE))


def test_an_assigned_value_is_refused_in_the_words_of_a_composed_one():
    with pytest.raises(InputError) as composed:
        checked(compose(["coordination.peer_weight=-1"]))
    with pytest.raises(InputError) as assigned:
        Config().coordination.peer_weight = -1.0
    with pytest.raises(InputError) as constructed:
        Coordination(peer_weight=-1.0)
    assert str(composed.value) == str(assigned.value) == str(constructed.value) == (
        "coordination.peer_weight (multiplies the pull of peers, standing and recent, and of "
        "fellow members) must lie between 0 and 10 times the rule's; found -1; "
        "write for instance coordination.peer_weight=0"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("scenario.steps", "ten", ["scenario.steps", "a whole number", "'ten'"]),
        ("scenario.steps", 2.5, ["scenario.steps", "a whole number", "2.5"]),
        ("seed", True, ["seed", "a whole number", "True"]),
        ("rule.peer", None, ["rule.peer", "a number", "None"]),
        ("rule.peer", float("nan"), ["rule.peer", "a number", "nan"]),
        ("coordination.tie_weights", {"trade": "x"}, ["tie_weights.trade", "a number", "x"]),
        ("coordination.interval_scale", 2.0, ["is now called 'coordination.meeting_spacing'"]),
        ("coordination.leaders", "USA", ["coordination.leaders", "a list", "'USA'"]),
        ("coordination.leaders", ["USA", "DEU", "USA"], ["leaders: USA is named twice"]),
        ("scenario.without", ["JPN", "JPN"], ["scenario.without: JPN is named twice"]),
        ("coordination.consultation", "no", ["consultation", "true or false", "'no'"]),
        ("scenario.targets", ["RUS"], ["scenario.targets", "a mapping", "['RUS']"]),
        ("world.folder", 3, ["world.folder", "a text", "3"]),
        ("out", 3, ["out", "a text or null", "3"]),
        ("coordination.council_rule", "majorty", ["did you mean 'majority'?"]),
        ("record", "al", ["record 'al' is unknown", "outcomes"]),
        ("scenario.start", "soon", ["scenario.start must be a date", "'soon'"]),
        ("scenario.imposed", {"x": "soon"}, ["scenario.imposed.x must be a date"]),
        ("scenario.events", [{"kind": "x"}], ["scenario.events[0] needs the field 'date'"]),
        ("scenario.events", [{"date": "2022-03-01", "severity": 3}], ["between 0 and 1"]),
        ("scenario.targets", {}, ["scenario.targets is empty", "+scenario.targets.RUS=1"]),
        ("scenario.stesp", 3, ["'scenario.stesp' is unknown", "did you mean 'scenario.steps'?"]),
        ("sead", 3, ["'sead' is unknown", "did you mean 'seed'?"]),
        ("world.foldr", "x", ["did you mean 'world.folder'?"]),
        ("rule.peer", Fraction(1, 3), ["rule.peer", "a number", "Fraction(1, 3)"]),
        ("scenario.targets", {"RUS": True}, ["targets.RUS", "must be a number", "True"]),
    ],
)
def test_a_value_that_does_not_fit_is_refused_when_it_is_assigned(key, value, expected):
    config = Config()
    with pytest.raises(InputError) as refused:
        put(config, key, value)
    assert "\n" not in str(refused.value)
    for part in expected:
        assert part in str(refused.value)
    assert config == WHOLE


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("coordination.peer_weight", np.float32(0.5), "0.5"),
        ("coordination.peer_weight", np.array(2.0), "2.0"),
        ("coordination.peer_weight", -0.0, "0.0"),
        ("seed", np.uint8(7), "7"),
        ("economy.goods_prices", np.bool_(False), "False"),
    ],
)
def test_a_number_of_numpy_becomes_one_that_can_be_stored(key, value, kept):
    config = Config()
    put(config, key, value)
    group = getattr(config, key.rpartition(".")[0], config)
    assert repr(getattr(group, key.rpartition(".")[2])) == kept
    assert checked(OmegaConf.structured(config)) == config


def test_a_sweep_names_its_own_keys():
    sweep = SweepConfig()
    with pytest.raises(InputError, match=r"^design\.replications .* found 0"):
        sweep.design.replications = 0
    with pytest.raises(InputError, match=r"^workers .* found -1"):
        sweep.workers = -1
    with pytest.raises(InputError, match=r"did you mean 'cluster'"):
        sweep.cluser = "here"


def test_what_concerns_two_values_is_checked_when_a_group_is_made():
    with pytest.raises(InputError, match=r"rule\.function=FILE\.py:FUNCTION"):
        Rule(name="mine")
    assert Rule(name="mine", function="mine.py:rule").name == "mine"
    assert Scenario(targets={"RUS": 1.0, "BLR": 0.0}).targets == {"RUS": 1.0}


@pytest.mark.parametrize("schema", [Config, SweepConfig])
def test_a_configuration_is_plain_data(schema):
    config = schema()
    config.coordination.peer_weight = 2.0
    config.evasion.backing = {"CHN": 0.5}
    assert config != schema()
    assert pickle.loads(pickle.dumps(config)) == config
    assert OmegaConf.to_object(OmegaConf.structured(config)) == config
    plain = dataclasses.asdict(config)
    assert plain["coordination"]["peer_weight"] == 2.0
    assert dataclasses.replace(config, seed=3).coordination is config.coordination
    other = copy.deepcopy(config)
    other.evasion.backing["CHN"] = 0.7
    assert config.evasion.backing == {"CHN": 0.5}


def test_no_two_configurations_share_a_list_or_a_mapping():
    first = Config()
    first.coordination.leaders.append("JPN")
    first.scenario.targets["CHN"] = 1.0
    assert Config() == WHOLE != first


@pytest.mark.parametrize(
    "experiment", ["crimea_2014", "china_joins", "embargo_world", "japan_leads"]
)
def test_a_stored_configuration_is_read_as_it_was(experiment, tmp_path):
    """A mapping replaces the default's: targets of 2014 do not gain Belarus when they are read."""
    config = checked(compose([f"experiment={experiment}"]))
    file = tmp_path / "config.yaml"
    file.write_text(OmegaConf.to_yaml(OmegaConf.structured(config)), encoding="utf-8")
    assert stored(file) == config


@pytest.fixture(scope="module")
def prepared():
    return prepare(load("march_2022"), Config())


@pytest.mark.parametrize(
    "change",
    [
        lambda config: setattr(config, "seed", 3),
        lambda config: setattr(config.coordination, "peer_weight", 3.0),
        lambda config: config.coordination.leaders.append("JPN"),
        lambda config: config.scenario.targets.update(CHN=1.0),
        lambda config: config.scenario.targets.__ior__({"CHN": 1.0}),
        lambda config: config.scenario.targets.pop("BLR"),
    ],
)
def test_what_a_setting_was_made_of_cannot_be_changed(prepared, change):
    with pytest.raises(InputError, match=r"^a setting's configuration .* prepare that$"):
        change(prepared.config)
    assert prepared.config == Config()
    own = copy.deepcopy(prepared.config)
    change(own)
    assert own != prepared.config
    assert type(pickle.loads(pickle.dumps(prepared.config)).scenario.targets) is dict


def test_a_parameter_cannot_be_taken_away():
    with pytest.raises(InputError, match=r"^seed cannot be taken away"):
        del Config().seed


@pytest.mark.parametrize("group", ["scenario", "coordination", "economy"])
def test_a_number_of_hundreds_of_digits_is_out_of_range_and_no_accident(group):
    part = getattr(Config(), group)
    for parameter in RANGED:
        if parameter.group == group:
            with pytest.raises(InputError, match=r"must lie between|must be"):
                setattr(part, parameter.key.rpartition(".")[2], 10**400)


@pytest.mark.parametrize("key", ["coordination.leaders", "scenario.without", "scenario.measures"])
def test_a_name_that_is_no_text_is_unknown_in_one_line(key):
    config = Config()
    group, name = key.split(".")
    getattr(getattr(config, group), name).append(3)
    with pytest.raises(InputError, match="'3' is unknown"):
        prepare(load("march_2022"), config)


@pytest.mark.parametrize("name", ["measure_effects", "sender_effects", "measure_pace", "free"])
def test_an_effect_that_is_no_number_is_refused_in_one_line(name):
    config = Config()
    getattr(config.rule, name)["airspace_ban"] = "x"
    with pytest.raises(InputError, match=f"rule.{name}.airspace_ban .*must be a number; found x"):
        prepare(load("march_2022"), config)
