"""What a user names to be compared."""

from __future__ import annotations

import pytest

from sim.compose import checked, compose
from sim.config import Config
from sim.errors import InputError
from sim.sweep.factors import configured
from sim.variants import overrides_of, variant_of


def test_a_name_is_an_experiment_or_else_a_scenario():
    assert variant_of("without_jpn").config.scenario.without == ["JPN"]
    assert variant_of("spring_2022").config.scenario.name == "spring_2022"


def test_overrides_stand_for_themselves_and_go_before_those_of_all():
    both = variant_of("china_joins coordination.peer_weight=2", ["coordination.peer_weight=1"])
    assert both.label == "china_joins coordination.peer_weight=2"
    assert both.config.coordination.peer_weight == 2.0
    assert both.config.scenario.name == "china_joins"
    assert variant_of("seed=7", ["seed=1", "run=2"]).config.run == 2


def test_a_blank_in_brackets_ends_no_override():
    found = variant_of(
        "coordination.leaders=[USA, DEU] ++scenario.targets={RUS: 1, BLR: 0.5}"
    ).config
    assert found.coordination.leaders == ["USA", "DEU"]
    assert found.scenario.targets == {"RUS": 1.0, "BLR": 0.5}


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("scenario.targets={BLR: 0.5}", {"BLR": 0.5}),
        ("++scenario.targets={CHN: 1}", {"CHN": 1.0}),
        ("scenario.targets={CHN: 1} +scenario.targets.RUS=1", {"CHN": 1.0, "RUS": 1.0}),
        ("+scenario.targets={CHN: 1}", {"RUS": 1.0, "BLR": 0.1, "CHN": 1.0}),
        ("~scenario.targets.BLR", {"RUS": 1.0}),
    ],
)
def test_a_mapping_is_set_whole_and_a_plus_adds_to_it(text, targets):
    """As a level of a design and a lever in Python set it."""
    assert variant_of(text).config.scenario.targets == targets
    assert configured(Config(), {"scenario.targets": targets}).scenario.targets == targets
    words = overrides_of({"scenario__targets": targets})
    assert checked(compose(words)).scenario.targets == targets


def test_a_label_is_one_line_of_letters():
    found = variant_of("china_joins\n\tcoordination.peer_weight=2\n")
    assert found.label == "china_joins  coordination.peer_weight=2"
    assert found.config.coordination.peer_weight == 2.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("withou_jpn", "experiment or scenario 'withou_jpn' is unknown; did you mean 'without'"),
        ("", "must name an experiment, a scenario or overrides"),
        ("'status_quo", "cannot be read: no closing quotation"),
        ("coordination.peer_wait=2", "did you mean 'coordination.peer_weight'"),
    ],
)
def test_what_names_nothing_is_refused_in_one_line(text, said):
    with pytest.raises(InputError) as caught:
        variant_of(text)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
