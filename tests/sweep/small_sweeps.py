"""Small sweeps: two steps, few runs, many chunks; and what stops them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from sim.sweep.store import PAGE

# What a process on another machine leaves in a store while it writes it.
ELSEWHERE = "filelock/2\npid=7\nhost=elsewhere\nmode=exclusive\n"
# No page: it is drawn from the store, and its own tests stand with those of pages.
SMALL = [
    "experiment=quick", "scenario.steps=2", "design.replications=10", "design.chunk_runs=2",
    "report=false",
]  # fmt: skip


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of a store with its bytes; the page, drawn from it, is no part of it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {name: data for name, data in found.items() if not name.startswith(f"{PAGE}/")}


def parts(folder: Path) -> int:
    """Return how many chunks of a store are finished."""
    return len(list((folder / "runs").glob("part-*.parquet")))


def started(*words: str) -> subprocess.Popen[str]:
    """Return a running `sanctionsim`, in a process of its own."""
    # What runs in the background inherits that Ctrl-C is ignored.
    listens = (
        None if sys.platform == "win32" else partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    )
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        preexec_fn=listens,
    )


def await_parts(process: subprocess.Popen[str], folder: Path, n: int) -> None:
    """Wait until a sweep has finished n chunks."""
    for _ in range(60_000):
        if parts(folder) >= n:
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.001)
    raise AssertionError(f"{folder} has {parts(folder)} chunks after a minute")


def crash_in(folder: Path) -> None:
    """Leave in a store what a process leaves that dies while it writes it."""
    code = (
        "import os, pathlib, sys; from sim.sweep.lock import Lock; "
        "lock = Lock(pathlib.Path(sys.argv[1])); lock.__enter__(); os._exit(1)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], check=False)
    assert done.returncode == 1
    assert (folder / "lock").is_file()
