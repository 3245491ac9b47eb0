"""Other machines: the same chunks, the same bytes, and workers may die."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import warnings

import pytest
from small_sweeps import SMALL, content

from sim.cli import main
from sim.sweep.cluster import asked
from sim.sweep.progress import Progress
from sim.sweep.settings import Slurm


@contextlib.contextmanager
def worker_at(address: str):
    """Run a worker in a process of its own, and end it."""
    words = ["--nthreads=1", "--no-nanny", "--no-dashboard"]
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_worker", address, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_sweep_on_workers_of_which_one_is_killed_is_the_same_store(
    whole, tmp_path, capsys, monkeypatch
):
    """The scheduler and the worker that lives are threads: they take no time to begin."""
    from distributed import Client, LocalCluster

    here = {"protocol": "tcp://", "host": "127.0.0.1", "dashboard_address": None}
    finished = []
    advance = Progress.advance

    def kill_when_both_are_busy(progress, *done) -> None:
        finished.append(done)
        workers = cluster.scheduler.workers.values()
        if len(finished) >= 4 and len(workers) == 2 and all(one.processing for one in workers):
            first.kill()
        advance(progress, *done)

    monkeypatch.setattr(Progress, "advance", kill_when_both_are_busy)
    out = tmp_path / "out"
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, **here) as cluster:
        address = cluster.scheduler_address
        with worker_at(address) as first:
            with Client(address) as client:
                client.wait_for_workers(2, timeout=120)
            assert main(["sweep", *SMALL, f"cluster={address}", f"out={out}"]) == 0
            first.wait(timeout=60)
    printed, error = capsys.readouterr()
    assert f"scheduler at {address}" in error
    assert "Computed now: 60 runs" in printed
    assert content(out) == content(whole)


def test_an_address_where_nobody_answers_is_a_mistake(tmp_path, capsys, monkeypatch):
    from sim.sweep import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 0.2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        code = main(["sweep", "experiment=quick", "cluster=nowhere", f"out={tmp_path / 'out'}"])
    assert code == 2
    assert "cluster=nowhere: no scheduler answers there" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_worker_with_another_version_is_refused():
    from sim.errors import InputError
    from sim.sweep.cluster import remote
    from sim.sweep.plan import plan_of, versions

    expected = versions() | {"sanctionsim": "0.0.1"}
    with pytest.raises(InputError, match="sanctionsim is"):
        remote(plan_of(["experiment=quick"]).chunk(0), expected)


def test_a_sweep_whose_own_workers_are_all_gone_ends_in_a_line():
    from types import SimpleNamespace

    from sim.errors import InputError
    from sim.sweep.cluster import _finished

    def nothing(*_, **__):
        raise TimeoutError

    client = SimpleNamespace(status="running", nthreads=dict)
    with pytest.raises(InputError, match="all workers are gone; what is finished is kept"):
        _finished(client, nothing, [], is_local=True)


def test_a_job_for_slurm_asks_for_what_was_set():
    from dask_jobqueue.slurm import SLURMJob

    settings = Slurm(cores=4, memory="8GB", queue="short", account="me", prologue=["module load x"])
    text = SLURMJob(scheduler="tcp://head:8786", name="worker", **asked(settings)).job_script()
    for line in ("#SBATCH -p short", "#SBATCH -A me", "--cpus-per-task=4", "--mem=8G", "04:00:00"):
        assert line in text
    assert text.index("module load x") < text.index("tcp://head:8786")
    assert "--nworkers 4" in text
    assert text.index("PROFILE__ENABLED=False") < text.index("tcp://head:8786")


def test_workers_of_this_machine_keep_no_samples_of_what_they_do(monkeypatch):
    """Kept for an hour, they would grow by 4 MB a minute."""
    import dask

    from sim.sweep.cluster import _local

    started = lambda **_: dask.config.get("distributed.worker.profile.enabled")  # noqa: E731
    monkeypatch.setattr("distributed.LocalCluster", started)
    assert _local(1) is False


def test_slurm_that_is_not_there_is_told_in_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert main(["sweep", "experiment=quick", "cluster=slurm", f"out={tmp_path / 'out'}"]) == 2
    assert "cluster=slurm: there is no command 'sbatch' here" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
