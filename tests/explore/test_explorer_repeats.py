"""The command below a view repeats its numbers, one by one."""

from __future__ import annotations

import shlex

import pandas as pd
import pytest

from sim.analysis.compare.making import compare
from sim.cli import main
from sim.explore.bands import Gathered, chunk_of
from sim.explore.embargo import Embargo, named, solved
from sim.explore.grid import Grid, Swept, point_of
from sim.explore.settings import Settings
from sim.explore.story import setting_of, story_of
from sim.sweep.store import open as open_sweep

SHORT = Settings("without_jpn", {"scenario.steps": 3, "coordination.peer_weight": 2.0})


def repeat(command: str, *more: str) -> None:
    assert main([*shlex.split(command)[1:], *more]) == 0


def same(found: pd.DataFrame, shown: pd.DataFrame) -> None:
    assert len(found) == len(shown)
    for column in shown:
        assert list(found[column]) == pytest.approx(list(shown[column]), nan_ok=True), column


def test_a_run(tmp_path):
    repeat(SHORT.command("run"), f"out={tmp_path / 'run'}", "figures.draw=[]")
    found = pd.read_csv(tmp_path / "run" / "events.csv", keep_default_na=False)
    shown = story_of(SHORT.config()).history.events
    assert list(found["day"]) == list(shown["day"])
    assert list(found["actor"]) == list(shown["actor"])


def test_an_ensemble(tmp_path):
    setting = setting_of(SHORT.config())
    gathered = Gathered(setting)
    gathered.add(chunk_of(setting, 0, 2))
    gathered.add(chunk_of(setting, 2, 3))
    command = SHORT.command("sweep", "design.replications=3", "record=steps")
    repeat(command, f"out={tmp_path / 'store'}", "report=false")
    same(open_sweep(tmp_path / "store").runs(), gathered.outcomes.drop(columns="run"))


def test_a_grid(tmp_path):
    keys = "coordination.peer_weight", "coordination.secondary_sanctions"
    grid = Grid(SHORT, *keys, (0.0, 2.0), (0.0, 0.5), 2)
    swept = Swept(grid)
    for x, y, settings in grid.points():
        swept.add(x, y, point_of(settings, 2))
    repeat(grid.command, f"out={tmp_path / 'store'}", "report=false")
    stored = open_sweep(tmp_path / "store")
    found = stored.runs().merge(stored.design(), on="point", suffixes=("", "_of_point"))
    shown, order = swept.table(), [*keys, "run"]  # the store counts the runs of all points
    same(found.sort_values(order), shown.sort_values(order).drop(columns="run"))


def test_a_comparison(tmp_path, monkeypatch):
    pytest.importorskip("nicegui", reason="NiceGUI is not installed")
    from sim.explore.compare_tab import variant_of

    monkeypatch.setattr("sim.report.comparison.write", lambda *given: None)  # no page, for time
    both = [variant_of(Settings("without_jpn", {"scenario.steps": 3})), variant_of(SHORT)]
    found = compare(both, 2)
    repeat(found.command, f"out={tmp_path / 'compared'}")
    stored = pd.read_parquet(tmp_path / "compared" / "outcomes.parquet")
    same(stored.drop(columns="variant"), found.outcomes.drop(columns="variant"))


@pytest.mark.parametrize(
    "embargo",
    [
        named("coalition"),
        named("all_against_one", one="CHN"),
        Embargo(("DEU", "USA"), ("RUS",), "imports", ("oil", "coal"), 0.35, "long_run"),
    ],
    ids=lambda e: e.command,
)
@pytest.mark.parametrize("by", ["state", "sector", "state_and_sector"])
def test_an_embargo(embargo, by, capsys):
    repeat(embargo.command, f"by={by}")
    shown = getattr(solved(embargo), f"by_{by}")()
    assert capsys.readouterr().out == shown.to_csv(index=False, lineterminator="\n")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("coalition=all", "targets=all"),
        ("coalition=USAA", "did you mean 'USA'"),
        ("coverage=2", "coverage must lie between 0 and 1; found '2'"),
        ("coverage=nan", "coverage must lie between 0 and 1"),
        ("direction=out", "direction must be both, exports, imports"),
        ("sectors=cole", "did you mean 'coal'"),
        ("targets=,", "targets is empty"),
        ("out=/proc/no/x.csv", "cannot be written"),
    ],
)
def test_an_embargo_that_cannot_be_is_refused_in_a_line(word, said, capsys):
    words = [word, said] if word == "coalition=all" else [word]
    assert main(["embargo", *words]) == 2
    told = capsys.readouterr().err
    assert ("cannot both be all" if word == "coalition=all" else said) in told
    assert told.count("\n") == 1


def test_groups_of_an_embargo_are_named_in_the_words_of_the_field(capsys):
    assert main(["embargo", "coalition=all", "targets=CHN"]) == 0
    against = capsys.readouterr().out
    assert against == solved(named("all_against_one", one="CHN")).by_state().to_csv(index=False)
    assert main(["embargo", "coalition=USA", "targets=all"]) == 0
    assert capsys.readouterr().out == solved(named("ego_based")).by_state().to_csv(index=False)
