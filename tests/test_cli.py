"""What a user types: the right words for every mistake, and nothing half-written."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from sim.cli import main
from sim.compose import GROUPS, checked, compose, config_folder, options
from sim.world import load


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["scenario=march_2202"], ["scenario 'march_2202' is unknown", "'march_2022'"]),
        (["scenaro=march_2022"], ["'scenaro' is unknown", "did you mean 'scenario'"]),
        (["rule.recnt=1"], ["'rule.recnt' is unknown", "did you mean 'rule.recent'"]),
        (["+rule.x=1"], ["'rule.x' is unknown"]),
        (["+foo=1"], ["'foo' is unknown"]),
        (["scenario.steps=ten"], ["scenario.steps", "'ten'", "Integer"]),
        (["scenario.steps=0"], ["scenario.steps", "between 1 and 5000", "found 0"]),
        (["coordination.burden_sharing=1.5"], ["burden_sharing", "between 0 and 1", "1.5"]),
        (["rule.peer=nan"], ["rule.peer", "must be a number", "nan"]),
        (["rule.frailty_sd=-0.1"], ["rule.frailty_sd", "between 0 and 3", "found -0.1"]),
        (["rule.frailty_sd=nan"], ["rule.frailty_sd", "must be a number", "nan"]),
        (["coordination.council_rule=majorty"], ["did you mean 'majority'"]),
        (["coordination.veto_players=[USA]"], ["'USA' is no sending member", "HUN"]),
        (["coordination.leaders=[US]"], ["state 'US' is unknown", "did you mean 'USA'"]),
        (["scenario.start=yesterday"], ["scenario.start", "date", "'yesterday'"]),
        (["~scenario.targets.RUS", "~scenario.targets.BLR"], ["scenario.targets is empty"]),
        (["+scenario.targets.XXX=1"], ["state 'XXX' is unknown"]),
        (["seed=-1"], ["seed", "found -1"]),
        (["seed=x"], ["seed", "'x'"]),
        (["driver=warp"], ["driver 'warp' is unknown", "mesa"]),
        (["world.folder=nowhere"], ["world 'nowhere'", "march_2022"]),
        (["word"], ["'word' must look like key=value"]),
        (["rule.peer=[1"], ["rule.peer=[1"]),
        (["=1"], ["'=1' must look like key=value"]),
        (["rule=1"], ["rule=1", "must be a string"]),
        (["rule=[hazard"], ["override 'rule=[hazard' cannot be read"]),
        (["scenario.targets.XXX=1"], ["no entry 'XXX'", "add it with +scenario.targets.XXX="]),
        (["scenario.events=[3]"], ["scenario.events=[3]", "cannot assign int"]),
        (["rule.peer=${rule.per}"], ["rule.peer", "'rule.per' not found"]),
        (["run=4294967296"], ["between 0 and 4294967295", "run=4294967295"]),
        (["--colour"], ["option '--colour' is unknown"]),
        (["--cfg", "all"], ["--cfg must be followed by 'job'"]),
    ],
)
def test_a_mistake_gets_one_line_and_exit_code_2(tmp_path, capsys, monkeypatch, words, expected):
    monkeypatch.chdir(tmp_path)
    assert main(["run", *words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith("sanctionsim: ")
    for part in expected:
        assert part in error
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("recnt: 1", ["'rule.recnt' is unknown", "did you mean 'rule.recent'"]),
        ("peer: x", ["rule.peer", "'x'", "Float"]),
        ("peer: 99", ["rule.peer", "between -10 and 20", "found 99"]),
        ("free: [1]", ["rule/mine", "cannot merge"]),
        ("- 1", ["rule/mine", "list is not a subclass of Rule"]),
        ("peer: [1", ["mine.yaml", "line 1", "expected ',' or ']'"]),
    ],
)
def test_a_mistake_in_a_file_of_the_users_own_gets_one_line(tmp_path, capsys, text, expected):
    (tmp_path / "rule").mkdir()
    (tmp_path / "rule" / "mine.yaml").write_text(text, encoding="utf-8")
    for command in ("run", "sweep"):
        assert main([command, "--cfg", "job", "rule=mine", "--config-dir", str(tmp_path)]) == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        for part in expected:
            assert part in error


def test_files_of_the_users_own_are_among_the_known_ones(tmp_path, capsys):
    (tmp_path / "rule").mkdir()
    (tmp_path / "rule" / "mine.yaml").write_text("peer: 1", encoding="utf-8")
    for command in ("run", "sweep"):
        assert main([command, "--cfg", "job", "rule=mne", "--config-dir", str(tmp_path)]) == 2
        assert "rule 'mne' is unknown; did you mean 'mine'?" in capsys.readouterr().err


def test_an_unknown_command_is_named_with_the_nearest(capsys):
    assert main(["rum"]) == 2
    assert "did you mean 'run'" in capsys.readouterr().err


def test_a_broken_world_is_refused_and_leaves_nothing(tmp_path, capsys):
    folder = tmp_path / "world"
    shutil.copytree(load("march_2022").folder, folder)
    (folder / "economy" / "value_added.csv").unlink()
    assert main(["run", f"world.folder={folder}", f"out={tmp_path / 'out'}"]) == 2
    assert "value_added.csv" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["world"]


def test_a_world_without_states_is_refused(tmp_path, capsys):
    folder = tmp_path / "world"
    shutil.copytree(load("march_2022").folder, folder)
    header = (folder / "states.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "states.csv").write_text(header + "\n", encoding="utf-8")
    assert main(["run", f"world.folder={folder}", f"out={tmp_path / 'out'}"]) == 2
    assert "states.csv: the table has no rows" in capsys.readouterr().err


def test_a_results_folder_that_holds_something_is_refused(tmp_path, capsys):
    (tmp_path / "precious.txt").write_text("mine", encoding="utf-8")
    assert main(["run", f"out={tmp_path}"]) == 2
    assert "must be new or empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_a_results_folder_that_cannot_be_written_is_refused(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["run", f"out={tmp_path / 'file' / 'out'}"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_debug_shows_the_traceback():
    from sim.errors import InputError

    with pytest.raises(InputError):
        main(["run", "--debug", "scenario=march_2202"])


def test_cfg_job_prints_the_composed_configuration(capsys):
    assert main(["run", "--cfg", "job", "coordination=veto", "seed=5"]) == 0
    text = capsys.readouterr().out
    assert "- HUN" in text
    assert "seed: 5" in text


def test_help_names_the_groups_and_imports_nothing_heavy():
    code = (
        "import sys; from sim.cli import main; main(['run', '--help']); "
        "heavy = {'mesa', 'numba', 'pandas', 'matplotlib', 'hydra', 'numpy'} & set(sys.modules); "
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for group in GROUPS:
        assert f"{group}=NAME" in done.stdout


@pytest.mark.parametrize(
    ("group", "name"), [(group, name) for group in GROUPS for name in options(group)]
)
def test_every_file_of_every_group_composes(group, name):
    config = checked(compose([f"{group}={name}"]))
    assert config == checked(compose([f"{group}={name}"]))
    assert (config_folder() / group / f"{name}.yaml").read_text(encoding="utf-8").startswith("#")


def test_a_run_writes_its_whole_folder_and_says_where(tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["run", "scenario.steps=6", f"out={out}", "seed=3"]) == 0
    printed = capsys.readouterr().out
    assert str(out) in printed
    assert "RUS loses" in printed
    assert {path.name for path in out.iterdir()} == {
        "events.csv",
        "steps.parquet",
        "states.parquet",
        "config.yaml",
        "versions.json",
        "outcomes.json",
        "network.png",
        "calendar.png",
        "costs.png",
        "paths.png",
        "index.html",
    }
    assert len(pd.read_parquet(out / "steps.parquet")) == 6
    assert json.loads((out / "versions.json").read_text())["seed"] == 3
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_recorded_configuration_gives_the_same_events_again(tmp_path):
    from omegaconf import OmegaConf

    from sim.run import run_once

    first = run_once(checked(compose(["scenario.steps=4", f"out={tmp_path / 'a'}"])))
    node = OmegaConf.load(first / "config.yaml")
    from sim.config import Config

    again = checked(OmegaConf.merge(OmegaConf.structured(Config), node))
    again.out = str(tmp_path / "b")
    second = run_once(again)
    assert (first / "events.csv").read_bytes() == (second / "events.csv").read_bytes()


def test_multirun_gives_each_variant_a_folder_of_its_own(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code = main(["run", "--multirun", "seed=1,2", "scenario.steps=2", f"out={tmp_path / 'many'}"])
    assert code == 0
    assert sorted(p.name for p in (tmp_path / "many").iterdir()) == ["0", "1", "runs.parquet"]
    joint = pd.read_parquet(tmp_path / "many" / "runs.parquet")
    assert joint["seed"].tolist() == ["1", "2"]
    assert joint["job"].tolist() == [0, 1]
    own = json.loads((tmp_path / "many" / "1" / "outcomes.json").read_text())
    assert joint.loc[1, list(own)].tolist() == pytest.approx(list(own.values()), nan_ok=True)
    one, two = ((tmp_path / "many" / n / "events.csv").read_text() for n in "01")
    assert one != two


def test_a_mistake_in_multirun_is_one_line_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["run", "--multirun", "scenario=march_2202,march_2022"]) == 2
    assert "did you mean 'march_2022'" in capsys.readouterr().err
