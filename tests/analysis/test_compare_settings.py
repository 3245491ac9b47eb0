"""Settings over the same draws: what is compared, what is refused, what is stored."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.compare import making, store, words
from sim.analysis.compare.coefficients import moved
from sim.analysis.compare.command import told_apart
from sim.analysis.compare.comparison import (
    SHARED_ACTS,
    SHARED_DAY,
    SHARED_LOSS,
)
from sim.analysis.compare.making import _mean_of_earliest, compare
from sim.analysis.estimate import Estimate
from sim.columns import describe
from sim.config import Rule
from sim.engine import simulate
from sim.errors import InputError
from sim.variants import variant_of
from sim.world import load

SHORT = ("scenario.steps=4",)


def compared(*texts, runs=3, common=SHORT):
    return compare([variant_of(text, common) for text in texts], runs)


@pytest.fixture(scope="module")
def without_japan():
    return compared("status_quo", "without_jpn")


@pytest.fixture(scope="module")
def fabricated(without_japan):
    """Return a maker of the same comparison with outcomes that are known by heart."""

    def with_outcomes(**columns):
        n = len(next(iter(columns.values()))[0])
        values = {name: np.concatenate(both) for name, both in columns.items()}
        keys = {"variant": np.repeat(without_japan.labels, n), "run": [*range(n)] * 2}
        measures = without_japan.measures.assign(verdict="same")
        return replace(
            without_japan, runs=n, outcomes=pd.DataFrame(keys | values), measures=measures
        )

    return with_outcomes


def test_runs_of_a_comparison_are_those_of_the_settings_one_by_one(without_japan):
    for variant in (variant_of(text, SHORT) for text in without_japan.labels):
        alone = simulate(load(variant.config.world.folder), variant.config, runs=[2])
        for name in ("loss_RUS", "acts_announced"):
            value = without_japan.values(variant.label, name)[2]
            assert value == alone.outcomes[0, alone.names.index(name)]


def drawn_from(rule, **levels):
    """Return what dates could say of a rule: two draws that differ by a coefficient each."""
    draws = tuple(replace(rule, **{name: level}) for name, level in levels.items())
    none = np.zeros(0)
    return Estimate(rule, (), none, none, {}, {}, 0.0, 1.0, 1, draws)


def test_a_draw_moves_what_is_configured_as_far_as_the_estimate():
    mode = Rule(intercept=-3.0, frailty_sd=0.5, measure_effects={"swift_exclusion": 1.0})
    draw = replace(mode, intercept=-2.5, frailty_sd=0.1, measure_effects={"swift_exclusion": 0.4})
    own = Rule(intercept=-1.0, frailty_sd=0.2, measure_effects={"arms_embargo": 2.0})
    found = moved(own, mode, draw)
    assert found.intercept == pytest.approx(-0.5)
    assert found.frailty_sd == 0.0  # not beyond its range
    assert found.measure_effects == pytest.approx({"arms_embargo": 2.0, "swift_exclusion": -0.6})
    assert moved(own, mode, mode).intercept == -1.0
    assert found.name == own.name
    assert found.memory_days == own.memory_days


def test_each_run_has_the_coefficients_of_its_number(monkeypatch):
    """The second draw never acts, and so neither does the second run of either setting."""

    def never_second(settings, draws):
        rule = settings[0].config.rule
        return [drawn_from(rule, intercept=rule.intercept, lead=-10.0) for _ in settings]

    monkeypatch.setattr(making, "posteriors", never_second)
    variants = [variant_of(text, SHORT) for text in ("status_quo", "without_jpn")]
    found, plain = compare(variants, 2, posterior=True), compare(variants, 2)
    for label in found.labels:
        ours, theirs = (c.values(label, "acts_announced") for c in (found, plain))
        assert ours[0] == theirs[0]
        assert ours[1] < theirs[1]
    assert found.drawn
    assert found.command.endswith(" scenario.steps=4 runs=2 --posterior")
    assert not plain.drawn


def test_the_band_over_time_is_that_of_paired_differences(without_japan):
    rows = without_japan.paths
    rows = rows[(rows["variant"] == "without_jpn") & (rows["quantity"] == "measures_announced")]
    assert list(rows["date"]) == ["2022-02-27", "2022-03-06", "2022-03-13", "2022-03-20"]
    assert (rows["difference_low"] <= rows["difference_median"]).all()
    # At the end the difference of the path is that of the outcome.
    a, b = (without_japan.values(label, "acts_announced") for label in without_japan.labels)
    assert rows["difference_median"].iloc[-1] == np.sort(b - a)[1]


def test_who_is_no_sender_in_all_does_not_count_in_what_is_shared(without_japan):
    usa, g7 = (compared("status_quo", text) for text in ("without_usa", "g7_only"))
    for comparison in (usa, g7, without_japan):
        main = words.main_outcomes(comparison)
        assert {SHARED_DAY, SHARED_ACTS, SHARED_LOSS} <= set(main)
        assert "acts_announced" not in main
    few, most = (c.values("status_quo", SHARED_ACTS).mean() for c in (g7, without_japan))
    assert few < most
    said = words.others_sanction(without_japan)
    assert said.startswith("Japan is a sender in some of the settings only.")
    assert "(15 states)" in said
    assert words.others_sanction(g7).startswith("4 states are senders in some")


def test_what_differs_is_said_lever_by_lever_or_by_the_name_of_the_file(without_japan):
    assert words.turned(without_japan, "without_jpn") == ["scenario.without = JPN (was none)"]
    found = compared("status_quo", "rule=threshold coordination.peer_weight=2", runs=1)
    assert words.turned(found, found.labels[1]) == [
        "coordination.peer_weight = 2.0 (was 1.0)",
        "rule = threshold (was hazard)",
    ]


def test_settings_of_different_length_and_step_are_compared_over_what_they_share():
    found = compared("status_quo", "spring_2022 scenario.steps=20", runs=2, common=())
    assert found.n_days == 14
    assert found.notes[0] == "status_quo is compared up to 2022-03-06; it goes on to 2024-02-18."
    assert set(found.paths["date"]) == {"2022-02-27", "2022-03-06"}
    assert words.first_year(found) == "in 14 days"
    # The same days and draws: what is announced by then does not hang on the length of a step.
    a, b = (found.values(label, "acts_announced") for label in found.labels)
    assert np.array_equal(a, b)


def test_targets_that_not_all_have_are_left_out():
    found = compared("status_quo", "scenario.targets.BLR=0", runs=1)
    assert found.targets == ("RUS",)
    assert "loss_RUS" in found.described
    assert "loss_BLR" not in found.described
    assert found.notes == ("Targets of status_quo that are not in all: BLR.",)


@pytest.mark.parametrize(
    ("texts", "runs", "said"),
    [
        (["status_quo"], 1, "name at least two settings"),
        (["status_quo", "status_quo"], 1, "status_quo is named twice"),
        (["status_quo", "experiment=status_quo"], 1, "the same setting under two names"),
        (["status_quo", "without_jpn seed=7"], 1, "draws of status_quo and without_jpn seed=7"),
        (["status_quo", "crimea_2014"], 1, "different worlds"),
        (["status_quo", "without_jpn"], 0, "runs must be a whole number from 1"),
        ([f"rule.peer={n}" for n in range(1, 8)], 1, "at most 6 settings"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_line(texts, runs, said):
    with pytest.raises(InputError) as caught:
        compared(*texts, runs=runs, common=())
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_single_overrides_are_settings_while_fewer_than_two_are_named():
    assert told_apart(["status_quo", "without_jpn", "rule=threshold"]) == (
        ["status_quo", "without_jpn"],
        ["rule=threshold"],
    )
    assert told_apart(["status_quo", "rule.peer=1", "seed=7"]) == (
        ["status_quo", "rule.peer=1"],
        ["seed=7"],
    )
    three = ["rule.peer=1", "rule.peer=2", "rule.peer=3"]
    assert told_apart(three) == (three, [])


def test_what_is_stored_is_read_again_and_says_what_it_holds(without_japan, tmp_path):
    store.write(tmp_path, without_japan)
    again = store.read(tmp_path)
    for field in fields(without_japan):
        mine, theirs = (getattr(c, field.name) for c in (without_japan, again))
        if isinstance(mine, pd.DataFrame):
            pd.testing.assert_frame_equal(mine, theirs)
        else:
            assert mine == theirs, field.name
    columns = describe(tmp_path / "outcomes.parquet").set_index("column")
    assert columns.loc["loss_RUS", "unit"] == "percent of GDP"
    assert columns.loc[SHARED_DAY, "meaning"]
    command = json.loads((tmp_path / "comparison.json").read_text())["command"]
    assert command == "sanctionsim compare status_quo without_jpn scenario.steps=4 runs=3"


def test_a_folder_without_a_comparison_is_refused(without_japan, tmp_path):
    with pytest.raises(InputError, match="holds no comparison"):
        store.read(tmp_path)
    store.write(tmp_path, without_japan)
    (tmp_path / "paths.parquet").unlink()
    with pytest.raises(InputError, match="make them again"):
        store.read(tmp_path)


def test_the_mean_of_the_earliest_measures_counts_as_many_as_are_asked_for():
    days = np.array([[1.0, 3.0, 9.0], [2.0, 4.0, 6.0], [1.0, 2.0, 3.0]], np.float32)
    assert _mean_of_earliest(days, np.array([2, 3, 0])).tolist()[:2] == [2.0, 4.0]
    assert np.isnan(_mean_of_earliest(days, np.array([2, 3, 0]))[2])
    assert np.isnan(_mean_of_earliest(np.empty((2, 0)), np.array([0, 0]))).all()  # no act in common


def test_a_sentence_says_later_or_earlier_and_in_how_many_draws(fabricated):
    wave = np.linspace(-1.0, 1.0, 100)
    loss = 3.0 + wave
    found = fabricated(
        **{
            SHARED_DAY: (40.0 + wave, 40.0 + wave + np.where(wave > 0.9, -1.0, 6.0)),
            "loss_RUS_first_year": (loss, loss),
            SHARED_LOSS: (100.0 + wave, 100.0 + wave[::-1]),
            "leak_RUS": (0.1 + 0.01 * wave, 0.15 + 0.01 * wave),
        }
    )
    said = " ".join(words.headline(found, "without_jpn"))
    assert said == (
        "Without Japan those who sanction in both act more slowly: a measure comes 6 days later "
        "in the median draw (later in 95 % of draws). Russia's loss in 28 days is the same, 3.00 % "
        "of GDP on average. The loss of those who sanction in both is 100.0 and 100.0 USD bn a "
        "year in that time: the difference may be luck. Of the covered trade with Russia 15 % "
        "finds another way in place of 10 % (more in 100 % of draws)."
    )


def test_a_name_keeps_its_capital_within_a_sentence(fabricated):
    loss, day = np.linspace(3.0, 4.0, 100), np.full(100, np.nan)
    same = {SHARED_LOSS: (loss, loss), "leak_RUS": (loss, loss)}
    found = fabricated(
        **{SHARED_DAY: (day, day), "loss_RUS_first_year": (loss, loss + 1.0), **same}
    )
    assert words.headline(found, "without_jpn")[0].startswith("Without Japan Russia's loss")


def test_what_is_over_in_28_days_is_not_called_a_year(fabricated):
    loss = np.linspace(3.0, 4.0, 100)
    same = {SHARED_DAY: (loss, loss), SHARED_LOSS: (loss, loss), "leak_RUS": (loss, loss)}
    found = fabricated(**same, loss_RUS_first_year=(loss, loss[::-1]))
    assert words.main_outcomes(found)["loss_RUS_first_year"] == "Loss of Russia, 28 days, %"
    assert "first year" not in words.enough(found, "without_jpn")


def test_less_than_a_day_is_not_called_faster(fabricated):
    days = np.linspace(30.0, 50.0, 100)
    loss = np.ones(100)
    found = fabricated(
        **{SHARED_DAY: (days, days - 0.4), "loss_RUS_first_year": (loss, loss),
           SHARED_LOSS: (loss, loss), "leak_RUS": (loss, loss)}
    )  # fmt: skip
    said = words.headline(found, "without_jpn")[0]
    assert "act as soon, to within a day: a measure comes 0.4 days earlier" in said


def test_a_setting_that_changes_nothing_is_said_to(fabricated):
    same = np.linspace(1.0, 2.0, 100)
    found = fabricated(**{SHARED_DAY: (same, same), "loss_RUS_first_year": (same, same)})
    said = words.headline(found, "without_jpn")
    assert said == [
        "Without Japan nothing differs from status_quo: every outcome is the same in each of the "
        "100 draws. What was turned has no effect here."
    ]
    assert words.enough(found, "without_jpn").endswith("no main outcome differs in any of them.")


def test_what_is_not_defined_in_all_draws_is_counted(fabricated):
    values = np.linspace(1.0, 2.0, 40)
    holes = np.where(np.arange(40) < 10, np.nan, values + 1.0)
    found = fabricated(leak_RUS=(values, holes), days_to_100=(holes, np.full(40, np.nan)))
    row = words.cells(found, "without_jpn", "leak_RUS")
    assert (row["difference"], row["verdict"]) == ("+1.00", "higher")
    assert row["defined"] == "in 30 of 40 draws"
    never = words.cells(found, "without_jpn", "days_to_100")
    assert (never["second"], never["verdict"]) == ("never", "later")


def test_one_draw_tells_nothing(fabricated):
    one = np.ones(1)
    found = fabricated(
        **{SHARED_DAY: (one, one + 5.0), "loss_RUS_first_year": (one, one + 1.0),
           SHARED_LOSS: (one, one), "leak_RUS": (one, one)}
    )  # fmt: skip
    said = " ".join(words.headline(found, "without_jpn"))
    assert "may be luck" in said
    assert "With 1 draw little can be told" in said
    assert words.enough(found, "without_jpn").startswith("One draw tells nothing")


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1 day"), (0.97, "1 day"), (0.44, "0.4 days"), (17.6, "18 days")]
)
def test_days_are_told_in_one_significance(value, text):
    assert words.days(value) == text


def test_no_number_is_minus_zero():
    assert words.number(-0.0001, 2) == "0.00"
    assert words.signed(-0.0001, 2) == "0.00"
    assert words.signed(-0.01, 2) == "−0.01"
    assert words.signed(0.01, 2) == "+0.01"
