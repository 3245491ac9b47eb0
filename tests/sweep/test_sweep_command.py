"""What a user sees: the dry run, progress, the state of a sweep."""

from __future__ import annotations

import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
from small_sweeps import SMALL, content

from sim.cli import main
from sim.sweep import progress
from sim.sweep.lock import Lock
from sim.sweep.progress import Progress, duration, size


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", *SMALL, "--dry-run"]) == 0
    text = capsys.readouterr().out
    for part in ("grid, 6 points of 2 factors", "runs     60 (10 a point", "time     about",
                 "runs/s", "size     about", "files    about 32 (30 chunks", "majority",
                 "... 1 more"):  # fmt: skip
        assert part in text
    assert not list(tmp_path.iterdir())


def test_a_dry_run_is_right_about_the_size(whole, monkeypatch):
    from sim.sweep.plan import plan_of
    from sim.sweep.probe import probe

    monkeypatch.setattr("sim.sweep.probe.SECONDS", 0.5)
    plan = plan_of(SMALL)
    found = probe(plan)
    expected = plan.n_runs * found.bytes_per_run + plan.n_chunks * found.bytes_per_chunk
    written = sum(len(data) for name, data in content(whole).items() if name.startswith("runs/"))
    assert expected / written == 1.0 or 0.5 < expected / written < 2.0


def test_the_configuration_is_shown_on_demand(capsys):
    assert main(["sweep", "--cfg", "job", "experiment=council", "seed=5"]) == 0
    text = capsys.readouterr().out
    assert "veto_players:" in text
    assert "seed: 5" in text


def test_the_state_of_a_store_finished_stopped_and_running(whole, tmp_path, capsys):
    assert main(["status", str(whole)]) == 0
    assert "30 of 30\n" in capsys.readouterr().out
    half = shutil.copytree(whole, tmp_path / "half")
    for number in range(10, 30):
        (half / "runs" / f"part-{number:06d}.parquet").unlink()
    assert main(["status", str(half)]) == 0
    text = capsys.readouterr().out
    assert "20 of 60 (33 %)" in text
    assert "not running; give the same command again" in text
    with Lock(half):
        assert main(["status", str(half)]) == 0
        assert "runs/s" in capsys.readouterr().out


def test_the_state_of_what_is_no_store(tmp_path, capsys):
    assert main(["status", str(tmp_path)]) == 2
    assert main(["status"]) == 2
    assert main(["status", "--help"]) == 0
    assert "no store of a sweep" in capsys.readouterr().err


def test_progress_is_plain_lines_where_nobody_watches(capsys, monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 0.0)
    with Progress(40) as shown:
        shown.advance(10)
        shown.advance(30, failed=2)
    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith("10 of 40 runs (25 %), ")
    assert " left" in first
    assert "40 of 40 runs (100 %)" in last
    assert last.endswith("2 failed")


def test_the_rate_is_not_that_of_the_compiler(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))
    shown = Progress(1000)
    now[0] = 100.0
    shown.advance(10)
    assert shown.rate == pytest.approx(0.1)  # nothing else is known yet
    now[0] = 110.0
    shown.advance(500)
    assert shown.rate == pytest.approx(50.0)


def test_progress_is_a_bar_in_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Progress(4) as shown:
        shown.advance(4)
    assert "4/4" in capsys.readouterr().err


def test_progress_of_parts_says_what_is_computed_in_a_terminal_and_nothing_elsewhere(
    monkeypatch, capsys
):
    monkeypatch.setattr(progress, "EVERY", 0.0)
    for watched in (False, True):
        monkeypatch.setattr(sys.stderr, "isatty", lambda watched=watched: watched)
        with Progress(2, "facts") as shown, shown.part("100 runs of baseline"):
            pass
        said = capsys.readouterr()
        assert ("facts: 100 runs of baseline" in said.err) == watched
        assert ("1/2" in said.err) == watched
        assert said.out == "" or watched
        assert "runs/s" not in said.err


def test_amounts_are_said_as_people_say_them():
    assert [duration(s) for s in (4.2, 120, 7200, 2e5)] == ["4 s", "2.0 min", "2.0 h", "2.3 days"]
    assert [size(n) for n in (500, 2e6, 3e9, 4e12)] == ["0 kB", "2.0 MB", "3.0 GB", "4.0 TB"]


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from sim.cli import main; main(['sweep', '--help']); "
        "heavy = {'numba', 'pandas', 'pyarrow', 'hydra', 'SALib', 'distributed', 'numpy'}; "
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "coordination | council | diversion | quick" in done.stdout


def test_a_dry_run_tells_the_steps_of_a_run_that_the_design_varies(monkeypatch, capsys):
    monkeypatch.setattr("sim.sweep.probe.SECONDS", 0.1)
    steps = "design.factors.scenario.steps=[2,4]"
    assert main(["sweep", "--dry-run", "experiment=quick", steps, "design.replications=1"]) == 0
    assert "2 to 4 steps each" in capsys.readouterr().out
