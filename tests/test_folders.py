"""Results: refused before they are computed, or kept; nothing else is touched."""

from __future__ import annotations

import errno
import json
import os
import resource
import subprocess
import sys
import time

import pytest

from sim import files
from sim.analysis.compare import store as compare_store
from sim.analysis.explain import store as explain_store
from sim.analysis.value import store as value_store
from sim.cli import main
from sim.errors import InputError
from sim.folders import LONGEST, PARTIAL, drawn, readable, results_folder, written_whole
from sim.sweep.command import place
from sim.sweep.store import read_manifest

QUICK = ["scenario.steps=2", "figures.draw=none"]


@pytest.fixture
def full(monkeypatch):
    """Let the disk be full."""

    def refuse(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)


@pytest.mark.parametrize(
    "command", [["run", *QUICK], ["value", "runs=1"], ["facts"], ["plausible"]], ids=lambda c: c[0]
)
def test_a_full_disk_is_told_before_anything_is_computed(tmp_path, full, capsys, command):
    out = tmp_path / "out"
    assert main([*command, f"out={out}"]) == 2
    error = capsys.readouterr().err
    assert "the disk is full" in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_a_limit_of_files_is_a_full_disk(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "sim", "run", *QUICK, f"out={tmp_path / 'out'}"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "the disk is full" in done.stderr
    assert not list(tmp_path.iterdir())


def test_what_fails_leaves_nothing_not_even_the_folders_above(tmp_path):
    def fail():
        with written_whole(tmp_path / "a" / "b" / "c") as folder:
            (folder / "x").touch()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not list(tmp_path.iterdir())


def test_of_two_runs_with_one_folder_both_are_kept(tmp_path):
    def write():
        with written_whole(tmp_path / "out") as folder:
            (folder / "mine").touch()
            if not (tmp_path / "out").exists():
                (tmp_path / "out").mkdir()
                (tmp_path / "out" / "theirs").touch()

    with pytest.raises(InputError, match=r"these results are kept in .*out-2"):
        write()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["theirs"]
    assert [path.name for path in (tmp_path / "out-2").iterdir()] == ["mine"]


def test_a_page_that_cannot_be_drawn_leaves_the_data(tmp_path, monkeypatch, capsys):
    def fail(*_):
        raise RuntimeError("no font")

    monkeypatch.setattr("sim.report.write", fail)
    assert main(["run", *QUICK, f"out={tmp_path / 'out'}"]) == 0
    said = capsys.readouterr().out
    assert "No page, since RuntimeError: no font; the data stand" in said
    assert (tmp_path / "out" / "steps.parquet").is_file()
    assert "Page:" not in said


def test_half_a_page_is_no_page(tmp_path):
    def draw():
        (tmp_path / "index.html").write_text("<html>")
        raise OSError(errno.ENOSPC, "No space left on device")

    assert "No space left" in drawn(draw, tmp_path / "index.html")
    assert not (tmp_path / "index.html").exists()


def test_a_notebook_s_backend_is_no_matter(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "sim", "run", "scenario.steps=2", "figures.draw=costs",
         f"out={tmp_path / 'out'}"],
        env={**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "costs.png").is_file()


def test_several_jobs_write_nothing_outside_their_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "multirun.yaml").write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "runs.parquet").write_text("mine")
    assert main(["run", *QUICK, "-m", "seed=1,2", "out=out"]) == 2
    assert "must be new or empty" in capsys.readouterr().err
    assert main(["run", *QUICK, "-m", "seed=1,2", "out=other"]) == 0
    assert (tmp_path / "multirun.yaml").read_text() == "mine"
    assert (tmp_path / "out" / "runs.parquet").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["multirun.yaml", "other", "out"]


@pytest.mark.parametrize("to", ["nowhere", "link", "empty"])
@pytest.mark.parametrize("command", [["run", *QUICK], ["compare", "status_quo", "eu_veto"]])
def test_a_link_is_refused_before_anything_is_computed(tmp_path, monkeypatch, capsys, to, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(to)
    assert main([*command, "out=link"]) == 2
    assert "out=link is a link; name the results folder itself" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "link"]


def test_what_a_killed_command_left_is_taken_away_a_day_later(tmp_path):
    for name in (f"{PARTIAL}old", f"{PARTIAL}new", ".partial-mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "steps.parquet").touch()
        age = LONGEST - 60 if name.endswith("new") else LONGEST + 60
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    with written_whole(tmp_path / "out"):
        pass
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {f"{PARTIAL}new", ".partial-mine", "out"}


def test_another_store_stands_beside_a_folder_that_is_named_with_its_slash(tmp_path):
    (tmp_path / "mine").mkdir()
    assert place(f"{tmp_path}/mine/", new=True, retry_failed=False) == tmp_path / "mine-2"


@pytest.mark.parametrize(
    "name", ["résultats", "a/lr=0.1", "run#1", "1e3", "it's", "[a]", "{a}", "~x", "a b", "${seed}"]
)
def test_a_folder_has_the_name_that_was_asked_for(name):
    from sim.compose import checked, compose

    assert checked(compose([f"out={name}"])).out == name


def test_no_path_of_the_machine_stands_in_results(tmp_path):
    assert main(["run", *QUICK, f"out={tmp_path / 'out'}"]) == 0
    told = (str(tmp_path), str(os.path.expanduser("~/")), os.uname().nodename)
    for path in (tmp_path / "out").rglob("*"):
        content = path.read_bytes()
        assert not any(word.encode() in content for word in told), path
    versions = json.loads((tmp_path / "out" / "versions.json").read_text())
    assert versions["run"] == 0


def test_a_file_appears_whole_or_not_at_all(tmp_path, monkeypatch):
    files.write(tmp_path / "a" / "b", b"one")
    assert (tmp_path / "a" / "b").read_bytes() == b"one"
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(InputError, match="the disk is full"):
        files.write(tmp_path / "a" / "b", b"two")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]
    assert (tmp_path / "a" / "b").read_bytes() == b"one"


def test_a_folder_at_home_is_there_for_all_that_write_into_it(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert results_folder("~/mine", "run") == place("~/mine", new=False, retry_failed=False)
    assert results_folder("~/mine", "run") == tmp_path / "mine"


@pytest.mark.parametrize("content", ["[" * 100_000, "[1]", "3", "", "{", '"name"', "\ud800"])
@pytest.mark.parametrize(
    ("read", "name"),
    [
        (read_manifest, "manifest.json"),
        (compare_store.read, "comparison.json"),
        (explain_store.read, "explanation.json"),
        (value_store.read, "value.json"),
    ],
)
def test_a_stranger_s_json_is_read_or_refused_in_a_line(tmp_path, read, name, content):
    (tmp_path / name).write_text(content, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(InputError) as told:
        read(tmp_path)
    assert name in str(told.value) or "holds no" in str(told.value)
    assert "\n" not in str(told.value)


def test_room_is_looked_for_where_a_folder_will_be(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(results_folder("new/one", "")) == os.path.join("new", "one")
    assert not list(tmp_path.iterdir())


def test_a_disk_that_is_full_says_nothing_of_the_results(tmp_path):
    with pytest.raises(InputError, match="the disk is full; what is finished"), readable(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(InputError, match="holds no results that can be"), readable(tmp_path):
        raise KeyError("outcomes")
