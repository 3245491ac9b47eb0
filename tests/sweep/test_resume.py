"""Whatever stops a sweep, the same command finishes it, byte for byte."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys

import pytest
from small_sweeps import ELSEWHERE, SMALL, await_parts, content, crash_in, parts, started

from sim import files
from sim.cli import main
from sim.sweep import chunk, store
from sim.sweep.lock import Lock


def sweep(out, *words):
    return main(["sweep", *SMALL, *words, f"out={out}"])


@pytest.fixture
def copy(whole, tmp_path):
    """Return a finished store that a test may damage."""
    return shutil.copytree(whole, tmp_path / "copy")


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_a_stopped_sweep_is_finished_by_the_same_command(whole, tmp_path, capsys):
    out = tmp_path / "out"
    process = started("sweep", *SMALL, f"out={out}")
    await_parts(process, out, 3)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    assert "Traceback" not in error
    kept = parts(out)
    assert 3 <= kept < 30
    assert sweep(out) == 0
    assert f"{2 * kept} were there" in capsys.readouterr().out
    assert content(out) == content(whole)


def test_what_a_crash_leaves_behind_is_taken_away(whole, copy):
    (copy / "runs" / "part-000003.parquet").rename(copy / "runs" / "part-000003.parquet.partial")
    (copy / "runs" / "part-000004.parquet").unlink()
    (copy / "events").mkdir()
    (copy / "events" / "part-000004.parquet").write_bytes(b"half")
    crash_in(copy)
    assert sweep(copy) == 0
    assert content(copy) == content(whole)


def test_a_crash_before_the_manifest_leaves_a_folder_that_is_taken_up(whole, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    shutil.copy(whole / "design.parquet", out)
    (out / "manifest.json.partial").write_text("{", encoding="utf-8")
    assert sweep(out) == 0
    assert content(out) == content(whole)


def test_a_full_disk_is_told_in_one_line_and_loses_nothing(whole, tmp_path, capsys, monkeypatch):
    out, written = tmp_path / "out", []
    synced = os.fsync

    def full(file):
        written.append(file)
        if len(written) > 20:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        synced(file)

    monkeypatch.setattr(files.os, "fsync", full)
    assert sweep(out) == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert "the disk is full; what is finished is kept" in error
    assert 0 < parts(out) < 30
    assert not list(out.rglob("*.partial"))
    monkeypatch.undo()
    assert sweep(out) == 0
    assert content(out) == content(whole)


def test_another_configuration_is_refused_with_what_differs(copy, capsys):
    before = content(copy)
    assert sweep(copy, "coordination.lead_weight=2", "seed=3") == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "coordination.lead_weight is 1.0 there and 2.0 now" in error
    assert "seed is 2022 there and 3 now" in error
    assert "--new" in error
    assert content(copy) == before


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        (("worlds", "march_2022"), "worlds.march_2022"),
        (("versions", "packages", "numpy"), "versions.packages.numpy"),
        (("versions", "code"), "versions.code"),
    ],
)
def test_another_world_or_version_is_refused(copy, capsys, keys, named):
    manifest = json.loads((copy / "manifest.json").read_text())
    owner = manifest
    for key in keys[:-1]:
        owner = owner[key]
    owner[keys[-1]] = "another"
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert sweep(copy) == 2
    assert f"{named} is" in capsys.readouterr().err


def test_new_starts_another_store_beside_it(copy, capsys):
    assert sweep(copy, "--new", "seed=3", "design.replications=1") == 0
    assert len(store.open(f"{copy}-2").runs()) == 6


def test_a_second_process_is_told_who_writes(copy, capsys):
    (copy / "runs" / "part-000003.parquet").unlink()
    with Lock(copy):
        assert sweep(copy) == 2
        assert f"process {os.getpid()} on {os.uname().nodename}" in capsys.readouterr().err
    assert sweep(copy) == 0
    assert not (copy / "lock").exists()


def test_a_store_held_on_another_machine_is_left_to_it(copy, capsys):
    (copy / "runs" / "part-000003.parquet").unlink()
    (copy / "lock").write_text(ELSEWHERE, encoding="utf-8")
    assert sweep(copy) == 2
    assert "process 7 on elsewhere is writing" in capsys.readouterr().err


LEADERS = "design.factors.coordination.council_leaders"


def test_refused_combinations_are_recorded_and_the_sweep_goes_on(tmp_path, capsys):
    words = ["scenario.steps=2", "design.replications=3", f"{LEADERS}=[[DEU],[GBR]]",
             "design.factors.coordination.council_rule=[leaders,unanimity]"]  # fmt: skip
    out = tmp_path / "out"
    assert main(["sweep", *words, "report=false", f"out={out}"]) == 1
    assert "3 runs, the first since coordination.council_leaders" in capsys.readouterr().out
    read = store.open(out)
    failures = read.failures()
    assert failures["run"].tolist() == [6, 7, 8]
    assert set(failures["coordination.council_leaders"]) == {"[GBR]"}
    assert failures["reason"].str.contains("none is a member of EU").all()
    assert read.runs()["run"].tolist() == [0, 1, 2, 3, 4, 5, 9, 10, 11]
    assert main(["status", str(out)]) == 0
    assert "3 of them failed" in capsys.readouterr().out
    with pytest.raises(ValueError, match="1 of 4 design points"):
        read.means()


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        ("scenario.targets.XXX=[0.5,1]", "state 'XXX' is unknown"),
        ("scenario.measures=[[swift_exclusion],[nonsense]]", "measure 'nonsense' is unknown"),
        ("scenario.without=[[JPN],[XXX]]", "'XXX' is unknown"),
        ("world.folder=[march_2022,nowhere]", "world 'nowhere' is neither shipped"),
    ],
)
def test_a_value_with_which_no_point_can_run_is_refused_before_the_first_run(
    tmp_path, capsys, factor, words
):
    out = tmp_path / "out"
    assert main(["sweep", f"design.factors.{factor}", "scenario.steps=2", f"out={out}"]) == 2
    assert words in capsys.readouterr().err
    assert not out.exists()


def test_only_failed_runs_are_retried_and_leave_no_trace(whole, tmp_path, capsys, monkeypatch):
    out, honest, seen = tmp_path / "out", chunk._frames, []

    def unlucky(world, config, piece, runs, threads):
        if runs[0] in (4, 20):
            raise MemoryError("no room")
        return honest(world, config, piece, runs, threads)

    def watched(world, config, piece, runs, threads):
        seen.extend(runs.tolist())
        return honest(world, config, piece, runs, threads)

    monkeypatch.setattr(chunk, "_frames", unlucky)
    assert sweep(out) == 1
    assert store.open(out).failures()["reason"].unique().tolist() == ["MemoryError: no room"]
    monkeypatch.setattr(chunk, "_frames", watched)
    assert sweep(out) == 1  # what failed stays failed until it is asked for
    assert sweep(out, "--retry-failed") == 0
    assert seen == [4, 5, 20, 21]
    assert content(out) == content(whole)


def test_recovered_runs_may_bring_columns_of_their_own(tmp_path, monkeypatch):
    targets = "design.factors.scenario.targets=[{RUS: 1},{RUS: 1, BLR: 0.5}]"
    words = ["scenario.steps=2", "design.replications=2", targets, "record=steps", "report=false"]
    assert main(["sweep", *words, f"out={tmp_path / 'whole'}"]) == 0
    honest, out = chunk._frames, tmp_path / "out"

    def broken(world, config, piece, runs, threads):
        if runs[0] == 2:
            raise MemoryError("no room")
        return honest(world, config, piece, runs, threads)

    monkeypatch.setattr(chunk, "_frames", broken)
    assert main(["sweep", *words, f"out={out}"]) == 1
    monkeypatch.undo()
    assert main(["sweep", *words, "--retry-failed", f"out={out}"]) == 0
    assert content(out) == content(tmp_path / "whole")
    steps = store.open(out).steps()
    assert steps.loc[steps["run"] < 2, "loss_BLR"].isna().all()
    assert steps.loc[steps["run"] >= 2, "loss_BLR"].notna().all()


def test_a_lost_table_of_a_chunk_is_noticed_even_if_it_has_no_rows(tmp_path, capsys):
    out = tmp_path / "out"
    quiet = ["scenario.world_events=false", "scenario.measures=[airspace_ban]", "scenario.steps=1"]
    words = ["sweep", *SMALL, *quiet, "design.replications=2", "record=events", f"out={out}"]
    assert main(words) == 0
    before = content(out)
    assert store.open(out).events().empty
    assert store.open(out).events()["day"].dtype == "int64"
    lost = out / "events" / "part-000003.parquet"
    lost.unlink()
    assert main(["status", str(out), "--verify"]) == 1
    assert str(lost) in capsys.readouterr().out
    assert main(words) == 0
    assert "events/part-000003.parquet is damaged" in capsys.readouterr().err
    assert content(out) == before


def test_a_damaged_design_is_named_with_what_to_delete_and_made_anew(whole, copy, capsys):
    path = copy / "design.parquet"
    content_of = bytearray(path.read_bytes())
    content_of[len(content_of) // 4] ^= 0xFF
    path.write_bytes(content_of)
    assert main(["status", str(copy), "--verify"]) == 1
    assert f"delete {path} and give the command of the sweep again" in capsys.readouterr().out
    path.unlink()
    assert sweep(copy) == 0
    assert content(copy) == content(whole)


def test_a_loss_that_is_no_number_is_a_failure(tmp_path, monkeypatch):
    honest = chunk._frames

    def broken(world, config, piece, runs, threads):
        frames = honest(world, config, piece, runs, threads)
        frames["runs"].loc[0, "loss_RUS"] = float("nan")
        return frames

    monkeypatch.setattr(chunk, "_frames", broken)
    assert sweep(tmp_path / "out", "design.replications=1", "design.chunk_runs=6") == 1
    assert set(store.open(tmp_path / "out").failures()["reason"]) == {"loss_RUS is not finite"}


def test_a_folder_with_something_else_is_left_alone(tmp_path, capsys):
    (tmp_path / "precious.txt").write_text("mine", encoding="utf-8")
    assert sweep(tmp_path) == 2
    assert "holds something that is no sweep (precious.txt)" in capsys.readouterr().err
    assert sweep(tmp_path / "precious.txt") == 2
    assert "is a file" in capsys.readouterr().err
    assert sweep(tmp_path / "nothing", "--retry-failed") == 2
    assert "nothing to retry" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]
