"""Rules learn from other episodes of the same senders, and are scored on their own."""

from __future__ import annotations

import pytest
from small_dates import own_rule, small

from sim.analysis.episodes import own, sample_of, thinned
from sim.analysis.estimate_command import _says
from sim.analysis.history import history_of
from sim.cli import main
from sim.errors import InputError
from sim.world import load


@pytest.fixture(scope="module")
def crimea(shipped_history):
    """Return the history of 2014, as its experiment has it."""
    from sim.compose import checked, compose

    config = checked(compose(["experiment=crimea_2014"]))
    world = load(config.world.folder)
    return history_of(world, config, world.folder / "timeline.csv")


def test_the_two_worlds_tell_of_each_other():
    assert load("march_2022").episodes == ("crimea_2014",)
    assert load("crimea_2014").episodes == ("status_quo",)


def test_days_count_from_the_own_episode(shipped_sample, shipped_history):
    told = own(shipped_sample.table)
    assert told["day"].tolist() == shipped_history.table["day"].tolist()
    other = shipped_sample.table.drop(told.index)
    since = (shipped_history.setting.start.toordinal()) - other["day"].abs()
    assert other["day"].max() < 0
    assert since.min() >= 735_000  # 2013: the first day at risk is in February 2014


def test_what_is_learnt_from_is_the_same_from_either_side(shipped_sample, crimea):
    here, there = shipped_sample.table, sample_of(crimea).table
    assert here["event"].sum() == there["event"].sum()
    assert here["times"].sum() == pytest.approx(there["times"].sum(), rel=0.05)
    # What lies before a date is learnt from; 2022 is not, where 2014 is told to a day.
    assert (there.loc[~there["own"], "day"] > crimea.record.last_day).all()


def test_an_act_of_2022_that_was_not_taken_in_2014_was_at_risk_there(crimea):
    swift = crimea.table.query("instrument == 'swift_exclusion' and actor == 'USA'")
    assert len(swift) > 300
    assert not swift["event"].any()


def test_other_episodes_are_thinned_and_count_for_all_their_days(crimea, shipped_sample):
    whole, kept = crimea.table, thinned(crimea.table)
    assert len(kept) < len(whole) / 2
    assert kept["event"].sum() == whole["event"].sum()
    days = kept.drop_duplicates("day")
    assert days["times"].sum() == pytest.approx(whole["day"].nunique())
    assert set(days.loc[days["times"] > 1, "day"] % 7) == set(range(7))
    assert (own(shipped_sample.table)["times"] == 1.0).all()


def test_alone_nothing_is_learnt_from_elsewhere(shipped_history):
    alone = sample_of(shipped_history, alone=True)
    assert alone.table["own"].all()
    assert len(alone.table) == len(shipped_history.table)


def test_a_rule_file_names_the_episodes(shipped_history):
    class Found:
        name, events, n_rows = "hazard", 210.0, 31846

        def to_frame(self):
            import pandas as pd

            return pd.DataFrame({"learnt": [1.0]}, index=["shock"])

    says = _says(shipped_history, Found(), shipped_history.setting.world.folder / "t.csv", "a, b")
    assert "2022-05-20, and a, b: 210 first adoptions" in says[1]


def test_an_episode_that_is_no_experiment_is_refused(world, tmp_path, timeline, capsys):
    import shutil

    folder = tmp_path / "mine"
    shutil.copytree(world.folder, folder)
    (folder / "episodes.csv").write_text("experiment,status,source\ncrimea_2041,read,x\n")
    with pytest.raises(InputError, match="crimea_2041"):
        sample_of(history_of(load(str(folder)), small(), timeline))
    assert main(["score", f"world.folder={folder}", "--from", "2022-03-06"]) == 2
    assert "crimea_2041" in capsys.readouterr().err


def test_a_rule_of_ones_own_is_asked_of_other_episodes_too(world, timeline, tmp_path):
    config = small()
    config.rule = own_rule(tmp_path)
    sample = sample_of(history_of(world, config, timeline))
    assert not own(sample.table).empty
    assert not sample.table["own"].all()
