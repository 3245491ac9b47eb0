"""The command `sanctionsim status`: how far a sweep is that runs elsewhere, or ran."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli import command
from sim.errors import InputError
from sim.sweep.lock import holder
from sim.sweep.progress import duration
from sim.words import counted, percent

if TYPE_CHECKING:
    from sim.sweep.store import Store

RECENT = 20  # chunks from which the rate is taken


@command()
@click.argument("folder", metavar="PATH", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="read every file, and name those that are damaged")
def main(folder: Path, verify: bool) -> int:
    """How far the sweep in a folder is: chunks and runs done, runs failed, rate and time left.

    For example:
      sanctionsim status results/sweeps/quick
      sanctionsim status results/sweeps/quick --verify

    Exit code: 0, or 1 if --verify found damage.
    """
    print(status(folder))
    if not verify:
        return 0
    text, whole = verified(folder)
    print(text)
    return 0 if whole else 1


def verified(folder: Path) -> tuple[str, bool]:
    """Return what is damaged in a store, as text, and whether nothing is."""
    import pyarrow.parquet as pq

    from sim.sweep.store import Store, mark_of, read_manifest

    manifest, store = read_manifest(folder), Store(folder)
    found = list(store.damages(manifest, whole=True))
    if not found:
        done = [pq.read_schema(store.part("runs", number)) for number in store.done()]
        old = sum(not mark_of(columns) for columns in done)
        told = f"; {old} of an earlier version, which may be of a like sweep" if old else ""
        return f"verified {counted(len(done), 'chunk')}: every file is whole{told}", True
    lines = [f"damaged  {damage.path}: {damage.why}" for damage in found]
    chunks = [d.path if d.number < 0 else store.part("runs", d.number) for d in found]
    delete = " ".join(shlex.quote(str(path)) for path in dict.fromkeys(chunks))
    again = "give the command of the sweep again, which makes anew what is not there"
    lines.append(f"         delete {delete} and {again}")
    return "\n".join(lines), False


def status(folder: Path) -> str:
    """Return the state of a store as text."""
    from sim.sweep.store import Store, read_manifest

    manifest, store = read_manifest(folder), Store(folder)
    total = manifest["chunks"]
    done = store.done() & set(range(total))
    runs = sum(len(store.runs_of(manifest, number)) for number in done)
    failed = sum(_rows(store, number) for number in store.failed())
    lines = [
        f"{folder}: sweep {manifest['name']}, {manifest['design']['points']:,} points",
        f"chunks   {len(done):,} of {total:,}",
        f"runs     {runs:,} of {manifest['runs']:,} ({percent(runs / manifest['runs'])})"
        + (f", {failed:,} of them failed" if failed else ""),
        f"state    {_state(folder, store, manifest, done)}",
    ]
    return "\n".join(lines)


def _state(folder: Path, store: Store, manifest: dict[str, Any], done: set[int]) -> str:
    if len(done) == manifest["chunks"]:
        return "finished"
    running = holder(folder)
    if not running:
        return "not running; give the same command again to go on"
    rate = _rate(store, manifest, done)
    if not rate:
        return f"{running}, no chunk finished yet to take a rate from"
    left = manifest["runs"] - sum(len(store.runs_of(manifest, number)) for number in done)
    return f"{running}, {rate:,.1f} runs/s, {duration(left / rate)} left"


def _rate(store: Store, manifest: dict[str, Any], done: set[int]) -> float:
    """Return runs per second over the chunks written last, from the times of their files."""
    written = sorted((store.part("runs", n).stat().st_mtime, n) for n in done)[-RECENT:]
    if len(written) < 2 or written[-1][0] <= written[0][0]:
        return 0.0
    runs = sum(len(store.runs_of(manifest, number)) for _, number in written[1:])
    return runs / (written[-1][0] - written[0][0])


def _rows(store: Store, number: int) -> int:
    from sim.sweep.store import n_rows

    path = store.part("failures", number)
    try:
        return n_rows(path)
    except (ValueError, OSError) as error:  # of Arrow too
        why = " ".join(str(error).split())
        raise InputError(f"{path} is damaged ({why}); --verify says what else is") from error
