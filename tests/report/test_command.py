"""The printed command composes to the configuration it was printed from."""

from __future__ import annotations

import shlex

import pytest

from sim.compose import GROUPS, checked, compose, options
from sim.config import Config
from sim.report.command import command, overrides


def composed(*words):
    return checked(compose(words))


@pytest.mark.parametrize(
    "words",
    [
        (),
        *((f"{group}={name}",) for group in GROUPS for name in options(group)),
        ("seed=7", "run=3"),
        ("coordination=majority", "coordination.peer_weight=2.5"),
        ("coordination=veto", "coordination.veto_players=[HUN,POL]"),
        ("coordination.leaders=[]",),
        ("scenario.targets.BLR=0.25",),
        ("~scenario.targets.BLR",),
        ("+scenario.roles.CHE=bystander",),
        ("world.folder='my world/two'",),
        ("coordination.consultation=false", "scenario.name='it\\'s'"),
    ],
)
def test_the_command_repeats_the_configuration(words):
    config = composed(*words)
    config.name = Config().name  # where results go, which an experiment says too
    assert composed(*overrides(config)) == config


def test_a_group_is_called_by_its_name():
    config = composed("coordination=majority", "seed=3")
    assert command(config) == "sanctionsim run coordination=majority seed=3 run=0"


def test_seed_and_run_are_always_said():
    assert command(Config()) == "sanctionsim run seed=2022 run=0"


def test_the_place_of_the_results_is_not_part_of_the_run():
    config = Config()
    config.out, config.name = "somewhere", "else"
    assert command(config) == command(Config())


def test_the_shell_leaves_the_words_whole():
    config = composed("world.folder='my world'", "coordination.veto_players=[HUN]")
    assert shlex.split(command(config))[2:] == overrides(config)
