"""Progress with rate and time left: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sim.words import percent

EVERY = 10.0  # seconds between plain lines


class Progress:
    """Runs done, out of how many, how fast, and how long it will still take.

    Parameters
    ----------
    total : int
        Runs to do now; those of finished chunks are not counted.
    parts : str, optional
        What is counted if it is not runs: a bar then, without a rate, and no plain lines.
    quiet : bool
        Neither bar nor lines.
    """

    def __init__(self, total: int, parts: str = "", quiet: bool = False) -> None:
        self.total, self.done, self.failed, self.parts = total, 0, 0, parts
        self.quiet = quiet
        self._bar: Any = None
        self._begun = self._spoke = self._first_at = time.monotonic()
        self._first = 0

    def __enter__(self) -> Progress:
        """Show the bar, if somebody watches."""
        if sys.stderr.isatty() and not self.quiet:
            self._bar = _bar()
            self._bar.start()
            self._task = self._bar.add_task(
                self.parts or "runs", total=self.total, rate="", failed=""
            )
        return self

    def __exit__(self, *error: object) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    @property
    def rate(self) -> float:
        """Runs per second since the first batch, which may have waited for the compiler."""
        done, since = self.done - self._first, self._first_at
        if done == 0:
            done, since = self.done, self._begun
        return done / max(time.monotonic() - since, 1e-9)

    @contextmanager
    def part(self, what: str) -> Iterator[None]:
        """Say what is being computed, and count it when it is done."""
        if self._bar is not None:
            self._bar.update(self._task, description=f"{self.parts}: {what}")
        yield
        self.advance(1)

    def advance(self, runs: int, failed: int = 0) -> None:
        """Count runs that are done, and those of them that failed."""
        self.done, self.failed = self.done + runs, self.failed + failed
        if self._first == 0:
            self._first, self._first_at = self.done, time.monotonic()
        if self._bar is not None:
            lost = f"{self.failed} failed" if self.failed else ""
            rate = "" if self.parts else f"{self.rate:,.0f} runs/s"
            self._bar.update(self._task, completed=self.done, rate=rate, failed=lost)
        elif not (self.parts or self.quiet) and (
            time.monotonic() - self._spoke >= EVERY or self.done == self.total
        ):
            self._spoke = time.monotonic()
            print(self.line(), file=sys.stderr, flush=True)

    def line(self) -> str:
        """Return one plain line."""
        lost = f", {self.failed} failed" if self.failed else ""
        left = (self.total - self.done) / self.rate if self.done else 0.0
        return (
            f"{self.done:,} of {self.total:,} runs ({percent(self.done / max(self.total, 1))}), "
            f"{self.rate:,.1f} runs/s, {duration(left)} left{lost}"
        )


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    return Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]}"),
        console=Console(stderr=True),
    )


def duration(seconds: float) -> str:
    """Return a time as a person says it."""
    for unit, size in (("days", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def size(n_bytes: float) -> str:
    """Return an amount of data as a person says it."""
    for unit, one in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if n_bytes >= one:
            return f"{n_bytes / one:.1f} {unit}"
    return f"{n_bytes / 1e3:.0f} kB"
