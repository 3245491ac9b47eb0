"""The runner: what is not finished yet, chunk after chunk, into the store."""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.arrays import Ints
from sim.sweep.chunk import Chunk, simulate_chunk
from sim.sweep.lock import Lock
from sim.sweep.plan import Plan
from sim.sweep.progress import Progress
from sim.sweep.store import Store, digest
from sim.sweep.tables import encoded, merged, tables_of

Parts = dict[str, bytes]
# Takes chunks and a progress, yields each with its encoded tables, in any order.
Engine = Callable[[Iterable[Chunk], Progress], Iterator[tuple[Chunk, Parts]]]


class Result(NamedTuple):
    """What a sweep came to: runs of the store, computed now, failed, and why the first did."""

    runs: int
    now: int
    failed: int
    reason: str


def here(threads: int = 0) -> Engine:
    """Return the engine that computes in this process, on all cores for 0 threads."""

    def compute(chunks: Iterable[Chunk], progress: Progress) -> Iterator[tuple[Chunk, Parts]]:
        for chunk in chunks:
            tables = tables_of(chunk, simulate_chunk(chunk, threads, progress.advance))
            yield chunk, {name: encoded(table) for name, table in tables.items()}

    return compute


def sweep(
    plan: Plan, folder: Path, engine: Engine, retry_failed: bool = False, quiet: bool = False
) -> Result:
    """Compute what a store still lacks of a plan.

    Parameters
    ----------
    folder : Path
        New, empty, or begun with the same plan.
    engine : callable
        Where to compute.
    retry_failed : bool
        Compute the runs that failed once more, and nothing else.
    quiet : bool
        Say nothing of how far it is.

    Raises
    ------
    InputError
        Another process holds the store; it was begun with another plan; the disk is full.
    """
    store = Store(folder)
    if not retry_failed and store.is_finished(plan):  # nothing to write, nobody to keep away
        return Result(plan.n_runs, 0, *_failures(store))
    with Lock(folder):
        store.begin(plan)
        store.clean()
        for damage in store.drop_damaged(plan.manifest()):
            print(f"{damage.path} is damaged ({damage.why}): computed again", file=sys.stderr)
        mark = digest(plan.manifest())

        def chunk_of(number: int) -> Chunk:
            chunk = replace(plan.chunk(number), sweep=mark)
            return chunk.only(_failed(store, number)) if retry_failed else chunk

        due = store.failed() if retry_failed else sorted({*range(plan.n_chunks)} - store.done())
        total = sum(chunk_of(number).runs.size for number in due)
        with Progress(total, quiet=quiet) as progress:
            for chunk, parts in engine(map(chunk_of, due), progress):
                if retry_failed:
                    _replace(store, chunk.number, parts)
                else:
                    store.write(chunk.number, parts)
        return Result(plan.n_runs, total, *_failures(store))


def _failed(store: Store, number: int) -> Ints:
    """Return the runs of a chunk that failed."""
    failures = store.read("failures", number)
    assert failures is not None
    return np.sort(failures["run"].to_numpy())


def _replace(store: Store, number: int, parts: Parts) -> None:
    """Add retried runs to the partitions of a chunk; the list of failures is changed last.

    Killed in between, the chunk lists as failed what it has already: the next retry finds that
    the rows are the same.
    """
    new = {name: pq.read_table(pa.BufferReader(content)) for name, content in parts.items()}
    failures = new.pop("failures", None)
    for name in reversed(list(new)):
        before = store.read(name, number)
        table = new[name] if before is None else merged(before, new[name])
        store.write(number, {name: encoded(table)})
    if failures is None:
        store.forget("failures", number)
    else:
        store.write(number, {"failures": encoded(failures)})


def _failures(store: Store) -> tuple[int, str]:
    """Return how many runs of the store failed, and the reason of the first."""
    tables = [store.read("failures", number) for number in store.failed()]
    reasons = [table["reason"] for table in tables if table is not None]
    return sum(map(len, reasons)), reasons[0][0].as_py() if reasons else ""
