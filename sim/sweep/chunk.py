"""A chunk: consecutive runs of a design, simulated anywhere into the same tables.

It carries all it needs, so that a worker on another machine can compute it from nothing else.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.arrays import Ints
from sim.config import RECORDS, Config
from sim.engine import simulate_setting
from sim.errors import InputError
from sim.setting import prepare
from sim.sweep.factors import GROUPS, Column, configured, shown
from sim.world import World, load

BATCH = 256  # runs of one call: short enough to stop soon, long enough to hide its preparation
Tick = Callable[[int, int], None]  # runs done, runs failed of them


class Base(NamedTuple):
    """The configuration of one combination of config groups, and of its world what names it."""

    config: Config
    names: Mapping[str, str]  # names of the world's states by code


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What all chunks of a sweep share."""

    bases: Mapping[tuple[str, ...], Base]  # by the values of the factors that are config groups
    outcomes: tuple[str, ...]  # names of all that some point has, the columns of every chunk
    record: str  # what is recorded of each run, one of `sim.config.RECORDS`
    rules: Mapping[str, str]  # text of the file of each rule of the user's own, by `rule.function`
    # Fingerprints of all worlds and files that some point reads, by folder and by path.
    worlds: Mapping[str, str]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk(Common):
    """Runs of consecutive design points."""

    number: int  # its position in the sweep
    # (n,) int64, ascending: Numbers of the runs in the sweep: point * replications + replication.
    runs: Ints
    first_point: int  # of the rows of `columns`
    columns: Mapping[str, Column]  # values of the factors at the points that its runs belong to
    replications: int
    common_random_numbers: bool
    sweep: str = ""  # its digest, which marks the tables

    def only(self, runs: Ints) -> Chunk:
        """Return the chunk with some of its runs."""
        return replace(self, runs=runs)

    def values(self, point: int) -> dict[str, Any]:
        """Return the values of the factors at a point, by config path."""
        row = point - self.first_point
        return {
            path: values[row] if values.dtype == object else values[row].item()
            for path, values in self.columns.items()
        }

    def base(self, values: Mapping[str, Any]) -> Base:
        """Return what the config groups among the values make of the configuration."""
        return self.bases[tuple(values[path] for path in self.columns if path in GROUPS)]

    def config(self, point: int) -> Config:
        """Return the configuration of a point; InputError if the schema refuses its values."""
        values = self.values(point)
        own = {path: value for path, value in values.items() if path not in GROUPS}
        return configured(self.base(values).config, own)

    def batches(self) -> Iterator[tuple[int, Ints]]:
        """Yield design points and runs of each, at most `BATCH` at a time."""
        points = self.runs // self.replications
        for point in np.unique(points).tolist():
            runs = self.runs[points == point]
            for start in range(0, runs.size, BATCH):
                yield point, runs[start : start + BATCH]

    def draws(self, runs: Ints) -> Ints:
        """Return the run numbers whose draws the runs take."""
        return runs % self.replications if self.common_random_numbers else runs


class Done(NamedTuple):
    """What a batch comes to: frames by table, or the reason why it failed."""

    runs: Ints
    frames: dict[str, pd.DataFrame]
    failed: dict[int, str]


def simulate_chunk(chunk: Chunk, threads: int = 0, tick: Tick | None = None) -> list[Done]:
    """Return what each batch of a chunk comes to, in their order.

    Parameters
    ----------
    threads : int
        As many as there are cores for 0; the result does not depend on it.
    tick : callable, optional
        Told after each batch how many runs are done and how many of them failed.

    Raises
    ------
    InputError
        A world or a file is not the one that the sweep was planned with.
    """
    for folder, fingerprint in chunk.worlds.items():
        _world(folder, fingerprint)
    for path, fingerprint in chunk.files.items():
        if fingerprint_of(path) != fingerprint:
            raise _changed(f"file '{path}'", "it differs")
    threads = threads or os.cpu_count() or 1
    batches = list(chunk.batches())
    side_by_side = len(batches) >= 2 * threads > 2
    done: dict[int, Done] = {}

    def keep(position: int, batch: Done) -> None:
        done[position] = batch
        if tick is not None:
            tick(batch.runs.size, len(batch.failed))

    if side_by_side:
        pool = ThreadPoolExecutor(threads)
        try:
            futures = {pool.submit(_simulate, chunk, *b, 1): k for k, b in enumerate(batches)}
            for future in as_completed(futures):
                keep(futures[future], future.result())
        finally:
            pool.shutdown(cancel_futures=True)
    else:
        for position, batch in enumerate(batches):
            keep(position, _simulate(chunk, *batch, threads))
    return [done[position] for position in range(len(batches))]


def _simulate(chunk: Chunk, point: int, runs: Ints, threads: int) -> Done:
    """Simulate runs of one point; what goes wrong is theirs alone."""
    try:
        config = chunk.config(point)
        world = _world(config.world.folder, chunk.worlds[config.world.folder])
        frames = _frames(world, config, chunk, runs, threads)
    except Exception as error:  # recorded with the run, and the sweep goes on
        return Done(runs, {}, dict.fromkeys(runs.tolist(), reason(error)))
    failed = _not_finite(runs, frames["runs"])
    return Done(runs, frames, failed)


def _frames(
    world: World, config: Config, chunk: Chunk, runs: Ints, threads: int
) -> dict[str, pd.DataFrame]:
    draws = chunk.draws(runs)
    setting = prepare(world, config, rule_text=chunk.rules.get(config.rule.function))
    ensemble = simulate_setting(setting, draws.tolist(), threads)
    frames = {"runs": ensemble.to_frame()}
    for table in RECORDS[1 : RECORDS.index(chunk.record) + 1]:
        frames[table] = getattr(ensemble, table)()
    for frame in frames.values():
        frame["run"] = runs[np.searchsorted(draws, frame["run"].to_numpy())]
    return frames


def _not_finite(runs: Ints, outcomes: pd.DataFrame) -> dict[int, str]:
    """Return the runs with a loss that is no number, and which one."""
    losses = outcomes[[name for name in outcomes.columns if "loss_" in str(name)]]
    bad = ~np.isfinite(losses.to_numpy())
    return {
        int(runs[row]): f"{losses.columns[bad[row].argmax()]} is not finite"
        for row in np.flatnonzero(bad.any(axis=1))
    }


def reason(error: Exception) -> str:
    """Return one line that says why a run failed."""
    text = " ".join(str(error).split())
    return text if isinstance(error, InputError) else f"{type(error).__name__}: {text}"


@lru_cache(maxsize=8)
def _world(folder: str, fingerprint: str) -> World:
    world = load(folder)
    if world.fingerprint != fingerprint:
        raise _changed(f"world '{folder}'", "its tables differ")
    return world


def _changed(thing: str, how: str) -> InputError:
    return InputError(
        f"{thing} is not the one that the sweep was planned with: {how}; "
        "use the same files on every machine, or start another store with --new"
    )


def fingerprint_of(path: str) -> str:
    """Return the SHA-256 of a file; InputError if it cannot be read."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def parameters(chunk: Chunk, runs: Ints) -> dict[str, Column]:
    """Return the leading columns of runs: number, point, replication, draws, factors."""
    points = runs // chunk.replications
    rows = points - chunk.first_point
    leading: dict[str, Column] = {
        "run": runs,
        "point": points,
        "replication": runs % chunk.replications,
        "draws": chunk.draws(runs),
    }
    return leading | {path: as_column(values)[rows] for path, values in chunk.columns.items()}


def as_column(values: Column) -> Column:
    """Return values as a table holds them: numbers and truth as they are, all else as text."""
    if values.dtype == object or values.dtype.kind == "U":
        return np.array([shown(value) for value in values], dtype=object)
    return values
