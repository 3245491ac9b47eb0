"""Faults of machines and people under a sweep: the next command resumes, or names the damage.

As a program: `python tests/faults/faulting.py 50 [seed]` kills a sweep 50 times at random moments,
damages, fills and locks its store, and prints a table: tried, survived, rows lost.

Tried so far with 50 (seed 0), each survived without a row lost: killed 50, thrice 5, partition
empty 10, cut off 20, gone 10, a byte flipped 20, a bit 20, manifest cut off 10, two writers 5,
clock set back 5, odd lock 10; where disks can be mounted also disk full 10, in the midst of a
sweep, and read-only 3, finished and begun. Of 3,000 flips of one byte in a partition --verify
names 2,817; 183 leave columns and values as they are.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from sim.cli import main

SMALL = [
    "sweep", "experiment=quick", "scenario.steps=2", "design.replications=8",
    "design.chunk_runs=2", "record=events", "report=false",
]  # fmt: skip
CHUNKS = 24


class Found(NamedTuple):
    """What a fault came to: '' or what went wrong, and rows that were there and are not."""

    wrong: str
    lost: int = 0


Fault = Callable[[Path, Path, random.Random], Found]


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of a store with its bytes."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def said(*words: str) -> tuple[int, str]:
    """Return the exit code of a command and what it said; a traceback is an error here too."""
    text = io.StringIO()
    with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
        code = main(list(words))
    return code, text.getvalue()


def started(folder: Path) -> subprocess.Popen[str]:
    """Return a sweep in a process of its own."""
    words = [sys.executable, "-m", "sim", *SMALL, f"out={folder}"]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def parts(folder: Path) -> dict[str, bytes]:
    """Return the partitions that count as finished."""
    return {n: data for n, data in content(folder).items() if n.startswith("runs/part-")}


def finished(whole: Path, folder: Path, before: dict[str, bytes]) -> Found:
    """Give the same command again and compare the end, byte for byte."""
    before = {name: data for name, data in before.items() if name.endswith(".parquet")}
    code, text = said(*SMALL, f"out={folder}")
    if code:
        return Found(f"exit code {code}: {text[-200:]}")
    after = content(folder)
    lost = sum(2 for name, data in before.items() if after.get(name) != data)
    differ = sorted(n for n, data in content(whole).items() if after.get(n) != data)
    return Found(f"differs in {differ[:3]}" if differ else "", lost)


def killed(whole: Path, folder: Path, chance: random.Random) -> Found:
    """Kill the process at any moment: of starting, computing or writing."""
    return kill(folder, chance) or finished(whole, folder, parts(folder))


def killed_thrice(whole: Path, folder: Path, chance: random.Random) -> Found:
    """Kill what goes on with a sweep that was killed, too."""
    before: dict[str, bytes] = {}
    for _ in range(3):
        wrong = kill(folder, chance)
        if wrong:
            return wrong
        lost = sum(2 for name, data in before.items() if parts(folder).get(name) != data)
        if lost:
            return Found("", lost)
        before = parts(folder)
    return finished(whole, folder, before)


def kill(folder: Path, chance: random.Random) -> Found | None:
    """Start a sweep and kill it."""
    process = started(folder)
    begin = time.monotonic()
    have = len(parts(folder))
    wanted = have + chance.randrange(max(1, CHUNKS - have))
    while len(list(folder.glob("runs/part-*.parquet"))) < wanted and process.poll() is None:
        time.sleep(0.0005)
    time.sleep(chance.random() * 0.03)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    if time.monotonic() - begin > 120:
        return Found("it took longer than two minutes")
    return None


def damaged(change: Callable[[bytes, random.Random], bytes | None]) -> Fault:
    """Return a fault that changes one file of a store; it is computed again, or named."""

    def act(whole: Path, folder: Path, chance: random.Random) -> Found:
        shutil.copytree(whole, folder)
        files = [*folder.glob("*/part-*.parquet"), folder / "design.parquet"]
        path = chance.choice(sorted(files))
        after = change(path.read_bytes(), chance)
        path.unlink() if after is None else path.write_bytes(after)
        code, text = said("status", str(folder), "--verify")
        named = code == 1 and path.name in text
        if after is None and path.parent.name == "runs":
            named = code == 0 and f"{CHUNKS - 1} of {CHUNKS}" in text
        if not named:
            return Found(f"--verify does not name {path.relative_to(folder)}: {text[-200:]}")
        end = finished(whole, folder, {})
        if end.wrong and after is not None and after[-4:] == b"PAR1":
            # As --verify says: its ends are right, so nobody else can tell.
            (path if path.parent == folder else folder / "runs" / path.name).unlink()
            end = finished(whole, folder, {})
        return end

    return act


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Return data with one byte of its first pages changed."""
    at = chance.randrange(40, len(data) // 3)
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def bit_flipped(whole: Path, folder: Path, chance: random.Random) -> Found:
    """Flip one bit anywhere in the partitions: it is named, or columns and values are the same.

    What is named is computed again, by itself where its ends do not fit, or once it was deleted.
    """
    shutil.copytree(whole, folder)
    path = chance.choice(sorted(folder.glob("*/part-*.parquet")))
    data = path.read_bytes()
    at = chance.randrange(len(data))
    path.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
    code, text = said("status", str(folder), "--verify")
    named = code == 1 and path.name in text
    if not named:
        both = (pq.read_table(one / path.relative_to(folder)) for one in (whole, folder))
        there, here = (table.to_pandas() for table in both)  # where nan is nan
        if code or not there.equals(here):
            return Found(f"byte {at} of {path.relative_to(folder)}: {text[-200:]}")
    end = finished(whole, folder, {})
    if end.wrong:
        (folder / "runs" / path.name).unlink()
        end = finished(whole, folder, {})
    return end


def manifest_cut(whole: Path, folder: Path, chance: random.Random) -> Found:
    """Cut off the manifest: every command refuses it in one line."""
    shutil.copytree(whole, folder)
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size - 2)])
    for words in (["status", str(folder)], [*SMALL, f"out={folder}"], ["report", str(folder)]):
        code, text = said(*words)
        if code != 2 or "manifest" not in text or "Traceback" in text:
            return Found(f"{words[0]}: exit code {code}: {text[-200:]}")
    return Found("")


def two_writers(whole: Path, folder: Path, chance: random.Random) -> Found:
    """Start two at once: one writes, the other says who does, or finds it finished."""
    both = [started(folder), started(folder)]
    ends = [(*process.communicate(), process.returncode) for process in both]
    for _, error, code in ends:
        if code not in (0, 2) or "Traceback" in error:
            return Found(f"exit code {code}: {error[-200:]}")
    if all(code for *_, code in ends):
        return Found("both refused")
    return finished(whole, folder, parts(folder))


def clock_set_back(whole: Path, folder: Path, chance: random.Random) -> Found:
    """Let files be of the future: nothing is decided by times."""
    shutil.copytree(whole, folder)
    for path in folder.rglob("*.parquet"):
        os.utime(path, (4e9, 4e9 - chance.random() * 1e6))
    for path in chance.sample(sorted(folder.glob("runs/*")), 3):
        path.unlink()
    code, text = said("status", str(folder))
    return finished(whole, folder, parts(folder)) if code == 0 else Found(text[-200:])


def odd_lock(whole: Path, folder: Path, chance: random.Random) -> Found:
    """Put something else in the place of the lock: it is left as it is, and named."""
    shutil.copytree(whole, folder)
    (folder / "runs" / "part-000003.parquet").unlink()
    precious = folder.with_name(f"{folder.name}-precious")
    precious.write_text("precious")
    lock, kind = folder / "lock", chance.randrange(4)
    if kind == 0:
        lock.symlink_to(precious)
    elif kind == 1:
        lock.symlink_to(folder / "nowhere")
    elif kind == 2:
        lock.mkdir()
    else:
        lock.write_bytes(bytes(chance.randrange(256) for _ in range(30)))
    code, text = said(*SMALL, f"out={folder}")
    if code != 2 or text.count("lock") < 1 or precious.read_text() != "precious":
        return Found(f"exit code {code}: {text[-200:]}")
    lock.rmdir() if kind == 2 else lock.unlink()
    return finished(whole, folder, parts(folder))


@contextlib.contextmanager
def mounted(folder: Path, size: str) -> Iterator[None]:
    """Give a small disk; PermissionError where nobody may."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        raise PermissionError
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def remount(folder: Path, options: str) -> None:
    """Change a small disk."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def disk_full(whole: Path, folder: Path, chance: random.Random) -> Found:
    """Fill the disk in the midst of a sweep: it stops in a line, and goes on with more room."""
    with mounted(folder, f"{chance.randrange(40, 400, 4)}k"):
        code, text = said(*SMALL, f"out={folder / 'store'}")
        if code and (code != 2 or "the disk is full" not in text):
            return Found(f"exit code {code}: {text[-200:]}")
        before = parts(folder / "store")
        remount(folder, "size=9m")
        return finished(whole, folder / "store", before)


def read_only(whole: Path, folder: Path, chance: random.Random) -> Found:
    """Let nobody write: a finished store is confirmed, and a begun one refused in a line."""
    with mounted(folder, "9m"):
        shutil.copytree(whole, folder / "store")
        shutil.copytree(whole, folder / "begun")
        (folder / "begun" / "runs" / "part-000003.parquet").unlink()
        remount(folder, "ro")
        code, text = said(*SMALL, f"out={folder / 'store'}")
        if code or "48 were there" not in text:
            return Found(f"finished: exit code {code}: {text[-200:]}")
        code, text = said(*SMALL, f"out={folder / 'begun'}")
        return Found("" if code == 2 and "Read-only" in text else f"begun: {code}: {text[-200:]}")


FAULTS: dict[str, tuple[float, Fault]] = {  # how often, beside so many kills
    "killed": (1.0, killed),
    "killed thrice": (0.1, killed_thrice),
    "partition empty": (0.2, damaged(lambda data, chance: b"")),
    "partition cut off": (0.4, damaged(lambda data, chance: data[: chance.randrange(len(data))])),
    "partition gone": (0.2, damaged(lambda data, chance: None)),
    "byte flipped": (0.4, damaged(flipped)),
    "bit flipped": (0.4, bit_flipped),
    "manifest cut off": (0.2, manifest_cut),
    "two writers": (0.1, two_writers),
    "clock set back": (0.1, clock_set_back),
    "odd lock": (0.2, odd_lock),
    "disk full": (0.2, disk_full),
    "read-only": (0.06, read_only),
}


def tried(whole: Path, place: Path, fault: str, n: int, seed: int) -> list[Found | None]:
    """Return what each of n trials of a fault came to; None where it cannot be tried here."""
    found: list[Found | None] = []
    for number in range(n):
        chance = random.Random(f"{fault} {seed + number}")
        try:
            found.append(FAULTS[fault][1](whole, place / f"{fault} {number}", chance))
        except PermissionError:
            found.append(None)
    return found


def table(n: int, seed: int = 0, only: str = "") -> bool:
    """Try all faults, print what they came to, and return whether all were survived."""
    right = True
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        code, text = said(*SMALL, f"out={place / 'whole'}")
        assert code == 0, text
        print(f"{'fault':<20}{'tried':>6}{'survived':>9}{'rows lost':>10}")
        for fault, (often, _) in FAULTS.items():
            if only not in ("", fault):
                continue
            all_of = tried(place / "whole", place, fault, max(1, round(n * often)), seed)
            found = [one for one in all_of if one is not None]
            wrong = [one.wrong for one in found if one.wrong]
            lost = sum(one.lost for one in found)
            line = f"{fault:<20}{len(found):>6}{len(found) - len(wrong):>9}{lost:>10}"
            print(line, *wrong[:3], sep="\n    ", flush=True)
            right &= not wrong and not lost
    return right


if __name__ == "__main__":
    count, first = (int(word) for word in [*sys.argv[1:3], *["50", "0"][len(sys.argv[1:3]) :]])
    sys.exit(0 if table(count, first, " ".join(sys.argv[3:])) else 1)
