"""Long use: a million runs in one sweep, and twenty pages of the explorer at once, in flat memory.

As a program: `python tests/faults/soaking.py [runs] [minutes]` (1,000,000 and 10; 0 leaves one out)
prints first, last and largest memory of every process, and how it grew; exit code 1 if it grew or
if a page did not get what it asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import numpy as np
import psutil

MB = 2.0**20
EVERY_S = 1.0
WARM = 0.3  # share of a soak in which compilers load and caches fill
SETTLED = 0.1  # share at its end that is held against as much after that
MOST_MB = 32.0  # growth of a sweep: 48 bytes a run of a million, less than a row of its table
MOST_PAGE_MB = 64.0  # growth of an explorer: a page that is kept holds more than a megabyte
PAGES = 20
PATIENCE_S = 120.0  # for one page


class Memory(NamedTuple):
    """Memory of a process over a soak, resident, in MB, and how much of something it got done."""

    name: str
    mb: np.ndarray
    at_s: np.ndarray

    def _median(self, low: float, high: float) -> float:
        share = self.at_s / self.at_s[-1]
        return float(np.median(self.mb[(share >= low) & (share <= high)]))

    @property
    def growth(self) -> float:
        """Return the median at the end less that after warming up, MB."""
        return self._median(1.0 - SETTLED, 1.0) - self._median(WARM, WARM + SETTLED)

    @property
    def line(self) -> str:
        """Return its figures in a row of a table."""
        late = self.at_s >= WARM * self.at_s[-1]
        slope = np.polyfit(self.at_s[late] / 60.0, self.mb[late], 1)[0]
        figures = (self.mb[0], self._median(WARM, WARM + SETTLED), self.mb[-1], self.mb.max())
        return (f"{self.name:<14}" + "".join(f"{figure:>9.0f}" for figure in figures)
                + f"{self.growth:>+9.1f}{slope:>+12.2f}")  # fmt: skip

    @property
    def curve(self) -> str:
        """Return its memory minute by minute, in a line."""
        ends = np.arange(60.0, self.at_s[-1] + 60.0, 60.0)
        minutes = [self.mb[(self.at_s >= end - 60.0) & (self.at_s < end)] for end in ends]
        return f"{self.name} by minute: " + " ".join(
            f"{np.median(mb):.0f}" for mb in minutes if mb.size
        )


HEAD = (f"{'process':<14}{'first':>9}{'warm':>9}{'last':>9}{'largest':>9}{'growth':>9}"
        f"{'MB a minute':>12}")  # fmt: skip


class Watch:
    """Samples the memory of a process and of those that it starts."""

    def __init__(self, pid: int) -> None:
        self.first = psutil.Process(pid)
        self.seen: dict[int, list[tuple[float, float]]] = defaultdict(list)
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        began = time.monotonic()
        while not self._end.wait(EVERY_S):
            with contextlib.suppress(psutil.Error):
                for one in (self.first, *self.first.children(recursive=True)):
                    with contextlib.suppress(psutil.Error):
                        mb = one.memory_info().rss / MB
                        self.seen[one.pid].append((time.monotonic() - began, mb))

    def found(self) -> list[Memory]:
        """Return the memory of every process that was there for most of the time."""
        longest = max(map(len, self.seen.values()), default=0)
        found = []
        for pid, rows in self.seen.items():
            at, mb = np.array(rows).T
            if len(rows) > 0.5 * longest:
                name = "process" if pid == self.first.pid else f"worker {len(found)}"
                found.append(Memory(name, mb, at - at[0]))
        return found


def started(*words: str) -> subprocess.Popen[str]:
    """Return a running `sanctionsim`, which hears Ctrl-C also where this runs in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL) and None,
    )  # fmt: skip


def sweep(runs: int, place: Path, *words: str) -> tuple[list[Memory], str]:
    """Return the memory of a sweep of so many runs, and what was wrong with it."""
    few = ("scenario.steps=2", "report=false", f"design.replications={runs}")
    process = started("sweep", *few, *words, f"out={place / 'store'}")
    drained = threading.Thread(target=_drain, args=(process.stderr,), daemon=True)
    drained.start()
    with process, Watch(process.pid) as watch:
        told = process.stdout.read() if process.stdout else ""
        drained.join()
    wrong = "" if f"Computed now: {runs:,} runs" in told else f"exit code {process.returncode}"
    return watch.found(), wrong


def _drain(pipe: Any) -> None:
    for _ in pipe:
        pass


# What pages ask for: a view, with what its link says, and what is told when it has come.
DONE = r"in \d+\.\d s\."
ASKED: dict[str, tuple[dict[str, str], str]] = {
    "run": ({}, ""),
    "card": ({"state": "EU", "measure": "oil_import_ban RUS", "day": "9"}, "x-card-name"),
    "ensemble": ({"view": "Ensemble"}, DONE),
    "compare": ({"view": "Compare", "a": "base=status_quo"}, DONE),
    "embargo": ({"view": "Embargo"}, r"Solved in \d+ ms"),
    "sweep": ({"view": "Sweep", "grid": '[["coordination.peer_weight",0,2,2],'
               '["coordination.secondary_sanctions",0,1,2],5,""]'}, DONE),
}  # fmt: skip


class Visitor:
    """Somebody who opens one page after another, as a browser would, but looks at nothing.

    Parameters
    ----------
    address : str
    chance : Random
    """

    def __init__(self, address: str, chance: random.Random) -> None:
        self.address, self.chance = address, chance
        self.took: dict[str, list[float]] = defaultdict(list)
        self.wrong: Counter[str] = Counter()
        self.lost = 0  # connections that came back

    async def stay(self, until: float) -> None:
        """Open pages until a time, each with other settings than those before."""
        while time.monotonic() < until:
            kind = self.chance.choice(list(ASKED))
            began = time.monotonic()
            try:
                async with asyncio.timeout(PATIENCE_S):
                    await self.open(*ASKED[kind])
            except Exception as error:
                self.wrong[f"{kind}: {type(error).__name__} {str(error)[:80]}"] += 1
            self.took[kind].append(time.monotonic() - began)
            await asyncio.sleep(self.chance.random())

    async def open(self, query: dict[str, str], words: str) -> None:
        """Open a page, connect to it, wait for the words that say it is all there, and leave."""
        import httpx
        import socketio

        levers = {"scenario.steps": "8", "run": str(self.chance.randrange(1000)),
                  "coordination.peer_weight": f"{self.chance.random():.3f}"}  # fmt: skip
        link = f"{self.address}/?{urlencode(levers | query, quote_via=quote)}"
        async with httpx.AsyncClient(timeout=PATIENCE_S) as browser:
            page = await browser.get(link)
        if page.status_code != 200 or "The link was not followed" in page.text:
            raise ValueError(f"{page.status_code} {page.text[:60]}")
        known = dict(re.findall(r"'(client_id|next_message_id)': '?([0-9a-f-]+)", page.text))
        known |= {"implicit_handshake": "true", "tab_id": known["client_id"], "document_id": "b"}
        there, left = asyncio.Event(), False
        said = socketio.AsyncClient(reconnection_delay=0.5, request_timeout=PATIENCE_S)

        @said.on("*")
        async def heard(_: str, message: Any) -> None:
            known["next_message_id"] = message["_id"] + 1
            if re.search(words, str(message)):
                there.set()

        @said.event
        async def disconnect(*_: object) -> None:
            self.lost += not left

        await said.connect(
            lambda: f"{self.address}/?{urlencode(known)}",  # a new one for each time it is lost
            transports=["websocket"],
            socketio_path="/_nicegui_ws/socket.io",
            wait_timeout=PATIENCE_S,
        )
        try:
            if words:
                await there.wait()
        finally:
            left, said.reconnection = True, False
            await said.eio.ws.close(code=1001)  # as a browser does
            await said.disconnect()


@contextlib.contextmanager
def explorer() -> Iterator[tuple[str, subprocess.Popen[str], list[str]]]:
    """Serve an explorer; yield its address, its process, and the lines it complains in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = started("explore", f"port={port}", "--no-browser")
    said: list[str] = []
    for pipe in (process.stdout, process.stderr):
        threading.Thread(target=lambda pipe=pipe: said.extend(pipe), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{port}", process, said
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


async def _visited(address: str, minutes: float) -> list[Visitor]:
    visitors = [Visitor(address, random.Random(n)) for n in range(PAGES)]
    first = Visitor(address, random.Random("first"))
    for _ in range(600):  # until it is served
        with contextlib.suppress(Exception):
            await first.open({}, "")
            break
        await asyncio.sleep(0.2)
    until = time.monotonic() + 60.0 * minutes
    await asyncio.gather(*(visitor.stay(until) for visitor in visitors))
    return visitors


def explored(minutes: float) -> tuple[list[Memory], list[str]]:
    """Return the memory of an explorer under `PAGES` pages, and what was wrong; prints times."""
    with explorer() as (address, process, said), Watch(process.pid) as watch:
        visitors = asyncio.run(_visited(address, minutes))
    wrong = [f"{n} times {what}" for v in visitors for what, n in v.wrong.items()]
    wrong += [line.strip() for line in said if "Error" in line or "Traceback" in line][:5]
    print(f"{'asked for':<14}{'pages':>9}{'median, s':>11}{'95 %, s':>9}{'longest, s':>12}")
    for kind in ASKED:
        took = np.array([seconds for v in visitors for seconds in v.took[kind]])
        middle, most, longest = np.quantile(took, (0.5, 0.95, 1.0))
        print(f"{kind:<14}{took.size:>9}{middle:>11.1f}{most:>9.1f}{longest:>12.1f}")
    print(f"connections lost and found again: {sum(v.lost for v in visitors)}")
    return watch.found(), wrong


def told(what: str, memory: list[Memory], most_mb: float, wrong: list[str]) -> bool:
    """Print what a soak came to, and return whether it went well."""
    wrong = wrong + [
        f"{one.name} grew by {one.growth:.1f} MB, more than {most_mb:.0f}"
        for one in memory
        if one.growth > most_mb
    ]
    curves = [one.curve for one in memory]
    lines = [one.line for one in memory]
    print(f"{what}: memory in MB", HEAD, *lines, *curves, *wrong, sep="\n", flush=True)
    return not wrong


def main(words: list[str]) -> int:
    """Soak, and return 1 if memory grew or anything went wrong."""
    given = [float(word) for word in words]
    runs, minutes = [*given, *(1e6, 10.0)[len(given) :]]
    right = True
    if runs:
        with tempfile.TemporaryDirectory() as place:
            began = time.monotonic()
            memory, wrong = sweep(int(runs), Path(place))
            what = f"A sweep of {int(runs):,} runs in {time.monotonic() - began:.0f} s"
            right &= told(what, memory, MOST_MB, [wrong] if wrong else [])
    if minutes:
        memory, wrongs = explored(minutes)
        right &= told(f"{PAGES} pages for {minutes:g} minutes", memory, MOST_PAGE_MB, wrongs)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
