"""What a user types: the right words for every mistake, and nothing half-written."""

from __future__ import annotations

import gc
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from sim import multirun
from sim.cli import COMMANDS, command, count, main, overrides, setting
from sim.compose import GROUPS, checked, compose, config_folder, options
from sim.errors import InputError
from sim.folders import read_numbers
from sim.world import load

NO_FIGURES = "figures.draw=none"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["scenario=march_2202"], ["scenario 'march_2202' is unknown", "'march_2022'"]),
        (["scenaro=march_2022"], ["'scenaro' is unknown", "did you mean 'scenario'"]),
        (["rule.recnt=1"], ["'rule.recnt' is unknown", "did you mean 'rule.recent'"]),
        (["+rule.x=1"], ["'rule.x' is unknown"]),
        (["+foo=1"], ["'foo' is unknown"]),
        (["scenario.steps=ten"], ["scenario.steps must be a whole number; found 'ten'"]),
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
        (["driver=mesa"], ["'driver' is unknown"]),
        (["world.folder=nowhere"], ["world 'nowhere'", "march_2022"]),
        (["word"], ["'word' must look like key=value"]),
        (["rule.peer=[1"], ["rule.peer=[1"]),
        (["=1"], ["'=1' must have a key before its ="]),
        (["rule=1"], ["rule=1", "must be the name of one of its files"]),
        (["rule=[hazard"], ["rule must be the name of one of its files"]),
        (["scenario.targets.XXX=1"], ["no entry 'XXX'", "add it with +scenario.targets.XXX="]),
        (["scenario.events=[3]"], ["scenario.events=[3] must be entries in braces"]),
        (["rule.peer=0,5"], ["rule.peer=0,5 has several values", "a point, as in 0.5"]),
        (["scenario.steps=range(1,3)"], ["has several values", "--multirun takes one"]),
        (["rule.peer='0,5'"], ["rule.peer must be a number, a fraction with a point", "'0,5'"]),
        (["coordination.leaders=USA"], ["leaders must be a list in brackets", "found 'USA'"]),
        (["coordination.leaders={USA: 1}"], ["coordination.leaders must be a list in brackets"]),
        (["scenario.targets=[RUS]"], ["scenario.targets must be entries in braces"]),
        (["scenario.world_events=maybe"], ["must be true or false; found 'maybe'"]),
        (["seed=null"], ["seed must have a value"]),
        (["record=[steps]"], ["record must be one word or text, no list"]),
        (["rule.peer = 1"], ["'rule.peer = 1' cannot be read", "no blank before ="]),
        (["name=<b>"], ["'name=<b>' cannot be read: quotation marks are due"]),
        (["without_jpn"], ["must look like key=value, as in experiment=without_jpn"]),
        (["threshold"], ["as in rule=threshold"]),
        (["peer_weight=2"], ["'peer_weight' is unknown; did you mean 'coordination.peer_weight'"]),
        (["coordination.leaders=[usa]"], ["state 'usa' is unknown; did you mean 'USA'"]),
        (["rule.peer=${rule.per}"], ["rule.peer", "'rule.per' not found"]),
        (["run=4294967296"], ["between 0 and 4294967295", "run=4294967295"]),
        (["+seed=3"], ["seed is there already: write seed=... without the +"]),
        (["~seed"], ["~seed: what has a default cannot be taken away: write seed=..."]),
        (["~scenario.targets"], ["cannot be taken away", "entries can, as in ~scenario.targets"]),
        (["~scenario.roles.JPN"], ["scenario.roles.JPN is not set: there is nothing to take"]),
        (["rule@other=hazard"], ["rule@... names no place of its own: write rule=NAME"]),
        (["seed==1"], ["'seed==1' cannot be read: extraneous input '='\n"]),
        (["scenario.imposed=[{measure: oil}]"], ["imposed must be entries in braces"]),
        (["experiment=quick"], ["of a sweep: sanctionsim sweep experiment=quick"]),
        (["design.replications=2"], ["key 'design' is of a sweep", "sanctionsim sweep"]),
        (["experiment=without_jpn", "member=USA"], ["member=JPN and member=USA", "name one"]),
        (["-m", "seed=range(1,100000000)"], ["more than 1,000 runs are for sanctionsim sweep"]),
        (["-m", "seed=range(1,40)", "run=range(1,40)"], ["more than 1,000 runs"]),
        (["-m", "seed=range(1,3,0)"], ["seed=range(1,3,0): ", "must not be zero"]),
        (["-m", "seed=interval(1,3)"], ["takes single values, as in 1,2 or range(1,4)"]),
        (["--info", "--from=."], ["a stored run has ./config.yaml: leave --info out"]),
        (["out="], ["out= is where you are"]),
        (["out=."], ["out=. is where you are, or above"]),
        (["out=new/.."], ["out=new/.. is where you are, or above"]),
        (["world.folder="], ["world '' is neither shipped", "nor a folder with states.csv"]),
        (["world.folder=/tmp/.."], ["nor a folder with states.csv"]),
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
        ("peer: x", ["rule.peer must be a number", "found 'x'"]),
        ("peer: 99", ["rule.peer", "between -10 and 20", "found 99"]),
        ("free: [1]", ["rule/mine: a value must be entries in braces"]),
        ("- 1", ["rule/mine", "must hold a mapping of settings"]),
        ("peer: [1", ["mine.yaml", "line 1", "expected ',' or ']'"]),
    ],
)
def test_a_mistake_in_a_file_of_the_users_own_gets_one_line(tmp_path, capsys, text, expected):
    (tmp_path / "rule").mkdir()
    (tmp_path / "rule" / "mine.yaml").write_text(text, encoding="utf-8")
    for name in ("run", "sweep"):
        assert main([name, "--cfg", "job", "rule=mine", "--config-dir", str(tmp_path)]) == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        for part in expected:
            assert part in error


def test_files_of_the_users_own_are_among_the_known_ones(tmp_path, capsys):
    (tmp_path / "rule").mkdir()
    (tmp_path / "rule" / "mine.yaml").write_text("peer: 1", encoding="utf-8")
    for name in ("run", "sweep"):
        assert main([name, "--cfg", "job", "rule=mne", "--config-dir", str(tmp_path)]) == 2
        assert "rule 'mne' is unknown; did you mean 'mine'?" in capsys.readouterr().err


@command()
@setting("runs", "N", count, default=7, help="how many")
@setting("place", "DIR", count)
@overrides()
def toy(runs, place, overrides, config_dir):
    """Do nothing."""
    print(runs, place, *overrides)


@pytest.fixture
def _toy(monkeypatch):
    """Add a command of a module of its own."""
    monkeypatch.setitem(sys.modules, "toy", SimpleNamespace(main=toy))
    monkeypatch.setitem(COMMANDS, "toy", ("toy", "nothing"))


@pytest.mark.usefixtures("_toy")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "7 None\n"),
        (["runs=3", "seed=1", "place=4"], "3 4 seed=1\n"),
        (["seed=1", "--runs", "3"], "3 None seed=1\n"),
        (["--runs=3", "~scenario.targets.BLR", "+a.b=1"], "3 None ~scenario.targets.BLR +a.b=1\n"),
        (["runs=3", "runs=4", "seed=1", "seed=1"], "4 None seed=1 seed=1\n"),
        (["run=3"], "7 None run=3\n"),
        (["a.b=~/c:d", "a='~/b'", "~a.b=~/c"], "7 None a.b=/home/me/c:d a='~/b' ~a.b=/home/me/c\n"),
    ],
)
def test_a_setting_is_checked_and_the_other_words_are_overrides(
    words, expected, capsys, monkeypatch
):
    monkeypatch.setenv("HOME", "/home/me")
    assert main(["toy", *words]) == 0
    assert capsys.readouterr().out == expected


@pytest.mark.usefixtures("_toy")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["toy", "runs=many"], "runs must be a whole number from 1 to 1,000,000; found 'many'"),
        (["toy", "runs="], "runs must be a whole number from 1 to 1,000,000; found ''"),
        (["toy", "--runs", "0"], "runs must be a whole number from 1 to 1,000,000; found '0'"),
        (["toy", "runs"], "toy: 'runs' must look like runs=value; see sanctionsim toy --help"),
        (["toy", "--runs"], "toy: --runs must be followed by N; see sanctionsim toy --help"),
        (["toy", "--config-dir", "--runs=2"], "--config-dir must be followed by DIR"),
        (["toy", "--config-dir", "nowhere"], "must be followed by a folder; found 'nowhere'"),
        (["toy", "-runs", "2"], "option '-runs' is unknown; did you mean 'runs'"),
        (["toy", "--rnus=2"], "option '--rnus' is unknown"),
        (["run", "-multirun", "seed=1,2"], "option '-multirun' is unknown; did you mean '--mul"),
        (["run", "--multirun=3"], "run: option '--multirun' does not take a value; see sanct"),
        (["run", "--cfg"], "run: --cfg must be followed by job; see sanctionsim run --help"),
        (["run", "seed"], "override 'seed' must look like key=value"),
        (["run", "=5"], "run: '=5' must have a key before its =; see sanctionsim run --help"),
        (["run", "seed=1,2"], "seed=1,2"),
        (["run", "-m", "seed"], "override 'seed'"),
        (["status", "a", "b"], "status: 'b' is one word too many; see sanctionsim status --help"),
        (["status"], "status: missing argument 'PATH'; see sanctionsim status --help"),
        (["--colour", "run"], "command '--colour' is unknown"),
        (["-m", "run"], "command '-m' is unknown"),
    ],
)
def test_a_careless_word_gets_one_line(words, expected, capsys):
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("sanctionsim: ")
    assert expected in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


@pytest.mark.usefixtures("_toy")
def test_the_help_is_what_the_decorators_and_the_text_say(capsys):
    assert main(["toy", "runs=many", "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("Usage: sanctionsim toy [OPTIONS] [runs=N] [place=DIR] [KEY=VALUE]...\n")
    for line in (
        "\nDo nothing.\n",
        "  runs=N     how many  [default: 7]\n",
        "  --config-dir DIR  ",
    ):
        assert line in text
    assert main(["help", "toy"]) == 0
    assert capsys.readouterr().out == text


def test_without_a_command_all_of_them_are_listed(capsys):
    for words in ([], ["help"], ["-h"], ["--debug"]):
        assert main(words) == 0
        shown = capsys.readouterr().out
        for name, (_, about) in COMMANDS.items():
            assert re.search(rf"^  {name} +{re.escape(about)}$", shown, re.MULTILINE)
    assert main(["--version"]) == 0
    assert re.fullmatch(r"sanctionsim \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_whoever_is_told_to_end_leaves_nothing(tmp_path, told):
    """Neither a partial folder nor the second process, which holds what both print into."""
    script = (
        "import os, signal, sys, sim.engine\n"
        "from sim.cli import main\n"
        f"signal.signal({int(told)}, signal.SIG_DFL)\n"  # a shell may have it ignored
        f"sim.engine.simulate_setting = lambda *_, **__: os.kill(os.getpid(), {int(told)})\n"
        "sys.exit(main())\n"
    )
    words = [sys.executable, "-c", script, "run", "scenario.steps=2", "out=out"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (130, "sanctionsim: stopped\n")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("closed", ["2>&-", "2>/dev/full"])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_who_cannot_be_told_how_far_it_is_gets_the_results(tmp_path, closed):
    words = "sweep design.factors.seed=[1,2] design.replications=1 scenario.steps=2 report=false"
    command = f"{sys.executable} -m sim {words} out=out {closed}"
    assert subprocess.run(command, shell=True, cwd=tmp_path).returncode == 0
    assert list((tmp_path / "out" / "runs").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be deleted")
def test_a_place_that_is_gone_is_told(tmp_path):
    words = f"rmdir '{tmp_path}'; {sys.executable} -m sim run out=x"
    done = subprocess.run(words, shell=True, cwd=tmp_path, capture_output=True, text=True)
    said = "sanctionsim: the folder where you are: No such file or directory\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_stopped_by_the_user_is_exit_code_130(monkeypatch, capsys):
    def stopped(config):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.run.run_once", stopped)
    assert main(["run"]) == 130
    assert capsys.readouterr().err == "sanctionsim: stopped\n"


def test_a_full_memory_is_told_in_one_line(monkeypatch, capsys):
    module = importlib.import_module("sim.run")
    monkeypatch.setattr(module, "run_once", lambda config: bytearray(2**62))
    assert main(["run"]) == 2
    assert capsys.readouterr().err == "sanctionsim: the memory is full\n"


@pytest.mark.parametrize("words", [["--help"], ["sweep", "--help"], ["run", "--cfg", "job"]])
def test_a_reader_that_went_away_is_no_mistake(words):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "sim", *words],
        stdout=writer,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


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


def test_the_list_of_commands_imports_none_of_them_and_their_help_nothing_heavy():
    code = (
        "import sys; from sim.cli import COMMANDS, main; main(['--help']); "
        "some = {module for module, _ in COMMANDS.values()} & set(sys.modules); "
        "[main([name, '--help']) for name in COMMANDS]; "
        "heavy = {'mesa', 'numba', 'pandas', 'matplotlib', 'hydra', 'numpy', 'scipy', 'pyarrow'}; "
        "sys.exit(', '.join(some | heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_during_the_first_imports_ends_without_a_word():
    """Whoever is asked for click first is interrupted there."""
    code = (
        "import os, signal, sys; "
        "find = lambda name, *_: name == 'click' and os.kill(os.getpid(), signal.SIGINT) or None; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "
        "sys.meta_path.insert(0, type('Finder', (), {'find_spec': staticmethod(find)})); "
        "import sim.__main__"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


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
    checked(compose([f"{group}={name}"]))
    assert (config_folder() / group / f"{name}.yaml").read_text(encoding="utf-8").startswith("#")


def test_a_run_writes_its_whole_folder_and_says_where(tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["run", "scenario.steps=6", f"out={out}", "seed=3"]) == 0
    printed = capsys.readouterr().out
    assert str(out) in printed
    assert "Russia loses" in printed
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
        "map.png",
        "routes.png",
        "index.html",
    }
    assert len(pd.read_parquet(out / "steps.parquet")) == 6
    assert json.loads((out / "versions.json").read_text())["seed"] == 3
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_sectors_are_written_if_they_are_recorded(tmp_path, capsys):
    out = tmp_path / "out"
    words = ["scenario.steps=2", "record=sectors", "figures.draw=[sectors]"]
    assert main(["run", *words, f"out={out}"]) == 0
    capsys.readouterr()
    table = pd.read_parquet(out / "sectors.parquet")
    assert {"state", "role", "sector", "loss", "output", "exports", "imports"} <= set(table.columns)
    assert (out / "sectors.png").is_file()
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "record=sectors" in page  # the command that repeats it
    assert main(["run", "record=sector", f"out={tmp_path / 'other'}"]) == 2
    assert "did you mean 'sectors'" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_recorded_configuration_gives_the_same_events_again(tmp_path):
    from omegaconf import OmegaConf

    from sim.run import run_once

    first = run_once(checked(compose(["scenario.steps=4", NO_FIGURES, f"out={tmp_path / 'a'}"])))
    node = OmegaConf.load(first / "config.yaml")
    from sim.config import Config

    again = checked(OmegaConf.merge(OmegaConf.structured(Config), node))
    again.out = str(tmp_path / "b")
    second = run_once(again)
    assert (first / "events.csv").read_bytes() == (second / "events.csv").read_bytes()


def test_multirun_gives_each_variant_a_folder_of_its_own(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["--multirun", "seed=1,2", "scenario.steps=2", NO_FIGURES]
    assert main(["run", *words, f"out={tmp_path / 'many'}"]) == 0
    assert sorted(p.name for p in (tmp_path / "many").iterdir()) == ["0", "1", "runs.parquet"]
    joint = pd.read_parquet(tmp_path / "many" / "runs.parquet")
    assert joint["seed"].tolist() == [1, 2]
    assert joint["job"].tolist() == [0, 1]
    own = read_numbers(tmp_path / "many" / "1" / "outcomes.json")
    assert joint.loc[1, list(own)].tolist() == pytest.approx(list(own.values()), nan_ok=True)
    one, two = ((tmp_path / "many" / n / "events.csv").read_text() for n in "01")
    assert one != two


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["seed=1,2", "run=3"], [["seed=1", "run=3"], ["seed=2", "run=3"]]),
        (["seed=1,2", "run=3,4"], [[f"seed={s}", f"run={r}"] for s in (1, 2) for r in (3, 4)]),
        (["seed=range(1,3)"], [["seed=1"], ["seed=2"]]),
        (
            ["coordination.leaders=[USA],[]"],
            [[f"coordination.leaders={x}"] for x in ("[USA]", "[]")],
        ),
        (["world=glob(m*)"], [["world=march_2022"]]),
        (["name='a,b'"], [["name='a,b'"]]),
    ],
)
def test_multirun_takes_every_combination_as_hydra_reads_it(words, expected):
    assert multirun.jobs(words) == expected


def test_multirun_shows_each_configuration_and_leaves_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["run", "-m", "seed=1,2", "--cfg", "job"]) == 0
    one, two = capsys.readouterr().out.split("---\n")
    assert "seed: 1" in one
    assert "seed: 2" in two
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [["seed=1,x"], ["scenario.steps=2,0"], ["rule.recnt=1,2"]])
def test_a_mistake_in_a_later_job_stops_before_the_first(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["run", "-m", *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_what_was_done_before_a_job_failed_is_in_the_table(tmp_path, monkeypatch):
    run = importlib.import_module("sim.run")  # the name in the package is the function
    whole = run.run_once

    def failing(config):
        if config.seed == 2:
            raise InputError("no")
        return whole(config)

    monkeypatch.setattr(run, "run_once", failing)
    out = tmp_path / "many"
    assert main(["run", "-m", "seed=1,2", "scenario.steps=2", NO_FIGURES, f"out={out}"]) == 2
    assert pd.read_parquet(out / "runs.parquet")["seed"].tolist() == [1]


def test_a_mistake_in_multirun_is_one_line_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["run", "--multirun", "scenario=march_2202,march_2022"]) == 2
    assert "did you mean 'march_2022'" in capsys.readouterr().err


@pytest.fixture
def deaf(monkeypatch):
    """Let what is printed go into a pipe whose reader has gone."""
    read, write = os.pipe()
    os.close(read)
    with open(write, "w", buffering=1, encoding="utf-8") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        yield
        monkeypatch.undo()


def test_what_was_asked_for_is_written_though_nobody_reads_what_is_printed(deaf, tmp_path):
    out = tmp_path / "both"
    words = ["compare", "status_quo", "without_jpn", "runs=2", "scenario.steps=2"]
    assert main([*words, NO_FIGURES, f"out={out}"]) == 0
    assert (out / "index.html").is_file()
    assert main(["levers"]) == 0


def test_a_command_that_is_given_nothing_to_print_into_does_its_work(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "stdout", None)  # as after `>&-`
    assert main(["levers"]) == 0


def test_a_process_of_its_own_seldom_looks_for_garbage_and_a_caller_s_as_before(
    monkeypatch,
):
    before, at_exit = gc.get_threshold(), []
    gc.set_threshold(700, 10, 10)
    monkeypatch.setattr("sim.cli.atexit.register", at_exit.append)
    monkeypatch.setattr(sys, "argv", ["sanctionsim", "--version"])
    try:
        assert main(["--version"]) == 0
        assert (gc.get_threshold(), at_exit) == ((700, 10, 10), [])
        assert main() == 0
        assert gc.get_threshold()[0] > 10 * 700
        assert at_exit == [gc.freeze]
    finally:
        gc.set_threshold(*before)


@pytest.mark.parametrize("asked", ["0", "-1", "1.5", "many", ""])
def test_threads_that_the_compiler_would_not_start_with_are_told_in_one_line(
    asked, monkeypatch, capsys
):
    monkeypatch.setenv("NUMBA_NUM_THREADS", asked)
    assert main(["run"]) == 2
    said = capsys.readouterr().err
    assert (
        f"NUMBA_NUM_THREADS, of the environment, must be a whole number from 1; found '{asked}'"
        in said
    )
    assert said.count("\n") == 1
