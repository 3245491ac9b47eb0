"""Chunks on other processes and machines, through Dask; this process alone writes the store.

A worker gets a chunk and gives back the bytes of its partitions: it needs this package, but no
shared folder, and may die at any time.
"""

import logging
import os
import platform
import shutil
import signal
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from typing import Any

from sim.errors import InputError
from sim.sweep.chunk import Chunk, Done, simulate_chunk
from sim.sweep.plan import versions
from sim.sweep.progress import Progress
from sim.sweep.runner import Engine, Parts
from sim.sweep.settings import Slurm, SweepConfig
from sim.sweep.store import differences
from sim.sweep.tables import encoded, tables_of

AHEAD = 2  # chunks under way for each thread of a worker
TRIES = 3  # of a chunk whose workers keep dying, each counted by the scheduler three times
PATIENCE = 10  # seconds for a scheduler to answer
WAITS = 3  # of so many seconds each, for workers of this process to come back


@contextmanager
def connected(config: SweepConfig) -> Iterator[Engine]:
    """Give the engine that computes on workers, which are let go of at the end.

    Parameters
    ----------
    config : SweepConfig
        `cluster` is 'local', 'slurm' or the address of a scheduler.

    Raises
    ------
    InputError
        Dask is not installed, or nobody answers at the address.
    """
    for name in ("distributed", "asyncio"):  # asyncio tells of tasks that a Ctrl-C leaves
        logging.getLogger(name).setLevel(logging.CRITICAL)
    where = config.cluster
    with ExitStack() as started:
        try:
            cluster: Any = None
            if where in ("local", "slurm"):
                cluster = _local(config.workers) if where == "local" else _slurm(config.slurm)
                started.callback(cluster.close)
            client = _client(cluster or where)
        except ImportError as error:
            raise InputError(
                f"cluster={where} needs {error.name}; install it with pip install "
                "'sanctionsim[cluster]'"
            ) from error
        started.callback(client.close)
        print(f"scheduler at {client.scheduler.address}", file=sys.stderr, flush=True)
        yield lambda chunks, progress: compute(client, chunks, progress, where == "local")


def compute(
    client: Any, chunks: Iterable[Chunk], progress: Progress, is_local: bool = False
) -> Iterator[tuple[Chunk, Parts]]:
    """Yield chunks and their partitions as workers finish them.

    Parameters
    ----------
    chunks : iterable of Chunk
        Taken from as workers become free.
    is_local : bool
        The workers were started by this process: nobody else brings more.

    Raises
    ------
    InputError
        The scheduler went away, all local workers did, or a worker has another version or world.
    """
    from distributed import KilledWorker, wait

    waiting, running, lost = iter(chunks), dict[Any, Chunk](), dict[int, int]()
    expected = versions()

    def submit(chunk: Chunk) -> None:
        running[client.submit(remote, chunk, expected, pure=False)] = chunk

    try:
        while True:
            # Some are under way even before the first worker comes.
            while len(running) < max(AHEAD * sum(client.nthreads().values()), 4):
                chunk = next(waiting, None)
                if chunk is None:
                    break
                submit(chunk)
            if not running:
                return
            for future in _finished(client, wait, list(running), is_local):
                chunk = running.pop(future)
                try:
                    parts, failed = future.result()
                except KilledWorker:
                    lost[chunk.number] = lost.get(chunk.number, 0) + 1
                    if lost[chunk.number] < TRIES:
                        submit(chunk)
                        continue
                    parts, failed = _given_up(chunk)
                progress.advance(chunk.runs.size, failed)
                yield chunk, parts
    except CancelledError as error:
        raise InputError(
            "the scheduler is gone; what is finished is kept: start it and give the same command "
            "again"
        ) from error
    finally:
        client.cancel(list(running), force=True) if client.status == "running" else None


def _finished(client: Any, wait: Any, futures: list[Any], is_local: bool) -> list[Any]:
    """Return the futures that are done, after waiting for at least one."""
    alone = 0
    while True:
        try:
            return list(wait(futures, timeout=PATIENCE, return_when="FIRST_COMPLETED").done)
        except TimeoutError:
            if client.status != "running":
                raise CancelledError from None
            # Dask starts a worker again that died, but not one that dies while it is started.
            alone = 0 if client.nthreads() else alone + 1
            if is_local and alone == WAITS:
                raise InputError(
                    "all workers are gone; what is finished is kept: give the same command again"
                ) from None


def _given_up(chunk: Chunk) -> tuple[Parts, int]:
    why = f"its workers died {TRIES} times over; a chunk may need more memory than they have"
    failed = dict.fromkeys(chunk.runs.tolist(), why)
    tables = tables_of(chunk, [Done(chunk.runs, {}, failed)])
    return {name: encoded(table) for name, table in tables.items()}, len(failed)


def remote(chunk: Chunk, expected: dict[str, Any]) -> tuple[Parts, int]:
    """Return the partitions of a chunk and how many of its runs failed; what a worker does.

    Raises
    ------
    InputError
        The worker has other versions than the process that planned the sweep.
    """
    differ = list(differences(expected, versions()))
    if differ:
        raise InputError(
            f"a worker on {platform.node()} has other versions than the process that plans: "
            f"{'; '.join(differ[:3])} (there: the plan, now: the worker); install the same"
        )
    tables = tables_of(chunk, simulate_chunk(chunk, threads=1))
    failed = tables["failures"].num_rows if "failures" in tables else 0
    return {name: encoded(table) for name, table in tables.items()}, failed


def _client(where: Any) -> Any:
    from distributed import Client

    try:
        return Client(where, timeout=PATIENCE)
    except (OSError, ValueError, TimeoutError) as error:
        raise InputError(
            f"cluster={where}: no scheduler answers there ({' '.join(str(error).split())}); write "
            "here, local, slurm, or an address like tcp://host:8786"
        ) from error


# A worker samples what it does a hundred times a second and keeps that for an hour: 4 MB a minute.
UNSAMPLED = "export DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=False"


def _local(workers: int) -> Any:
    import dask
    from distributed import LocalCluster

    n_workers = workers or os.cpu_count() or 1
    # Ctrl-C reaches the whole process group; workers leave it to this process, which ends them.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with dask.config.set({"distributed.worker.profile.enabled": False}):  # of workers too
            return LocalCluster(
                n_workers=n_workers,
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
    finally:
        signal.signal(signal.SIGINT, before)


def asked(settings: Slurm) -> dict[str, Any]:
    """Return what dask-jobqueue is asked for: jobs with one worker process a core."""
    as_they_are = ("cores", "memory", "walltime", "queue", "account", "interface")
    return {name: getattr(settings, name) for name in as_they_are} | {
        "processes": settings.cores,
        "job_script_prologue": [UNSAMPLED, *settings.prologue],
        "job_extra_directives": settings.options,
    }


def _slurm(settings: Slurm) -> Any:
    from dask_jobqueue import SLURMCluster

    if shutil.which("sbatch") is None:
        raise InputError(
            "cluster=slurm: there is no command 'sbatch' here; start the sweep on a machine that "
            "submits to Slurm, or write cluster=local or the address of a scheduler"
        )
    cluster = SLURMCluster(**asked(settings))
    cluster.scale(jobs=settings.jobs)
    return cluster
