"""What settings share, or why they cannot be compared."""

from __future__ import annotations

import pytest

from sim.analysis.comparable import shared
from sim.errors import InputError
from sim.setting import prepare
from sim.variants import variant_of
from sim.world import load


def settings(*texts):
    configs = [variant_of(text).config for text in texts]
    return [prepare(load(config.world.folder), config) for config in configs]


def shared_of(*texts):
    return shared(settings(*texts), texts)


def test_settings_of_one_length_share_all_days_and_the_senders_that_both_have():
    found = shared_of("status_quo", "without_jpn", "without_usa")
    assert (found.n_days, found.step_days, found.notes) == (728, 7, ())
    assert found.targets == ("RUS", "BLR")
    assert {"DEU", "GBR"} <= set(found.senders)
    assert not {"USA", "JPN"} & set(found.senders)
    assert shared_of("alone_usa", "alone_jpn").senders == ()


def test_of_different_lengths_and_steps_the_days_are_shared_on_which_steps_of_both_end():
    texts = ("status_quo", "spring_2022")
    found = shared_of(*texts)
    assert (found.n_days, found.step_days) == (84, 7)
    assert found.notes == (
        "status_quo is compared up to 2022-05-15; it goes on to 2024-02-18.",
        "spring_2022 is compared up to 2022-05-15; it goes on to 2022-05-20.",
    )
    long, short = (variant_of(text).config for text in texts)
    assert (found.cut(long).scenario.steps, found.cut(short).scenario.steps) == (12, 84)
    assert long.scenario.steps == 104


def test_targets_that_are_not_in_all_are_left_out_and_named():
    found = shared_of("status_quo", "scenario.targets.BLR=0")
    assert found.targets == ("RUS",)
    assert found.notes == ("Targets of status_quo that are not in all: BLR.",)


def test_settings_without_a_target_in_common_are_refused():
    texts = ("scenario.targets.BLR=0", "scenario.targets.RUS=0")
    with pytest.raises(InputError, match="no state is a target in all of them; name one"):
        shared_of(*texts)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("crimea_2014", "different worlds (march_2022 and crimea_2014)"),
        ("scenario.start=2022-02-22", "begin on different days (2022-02-21 and 2022-02-22)"),
        ("scenario.steps=2 scenario.step_days=5", "no step of theirs ends on the same day"),
    ],
)
def test_what_shares_nothing_is_refused_in_one_line_with_the_reason(other, said):
    with pytest.raises(InputError) as caught:
        shared_of("status_quo", other)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"status_quo and {other} cannot be compared: ")
    assert "\n" not in str(caught.value)
