"""One process writes a store; another is told which."""

from __future__ import annotations

import json
import os
import socket
import time
from pathlib import Path
from types import TracebackType

from sim.errors import InputError

NAME = "lock"
TRIES = 4
FAR = 1 << 30  # byte that is locked on Windows: others can still read who holds the file


class Lock:
    """A store held while it is written; the system lets go of it when the process ends.

    Parameters
    ----------
    folder : Path
        Of the store.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._file = -1

    def __enter__(self) -> Lock:
        """Take the store.

        Raises
        ------
        InputError
            Another process holds it.
        """
        file, tries = -1, 0
        while True:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            held = _held(file)
            if held and _is_there(file, self.path):
                break
            # Its last holder has just taken it away, or somebody asks who holds it: once more.
            os.close(file)
            tries += not held
            if tries > TRIES:
                raise InputError(_told(self.path.parent, _read(self.path)))
            time.sleep(0.05)
        before = _read(self.path)
        if before.get("host") not in (None, socket.gethostname()):
            os.close(file)
            raise InputError(
                f"{_told(self.path.parent, before)}; if it has ended, delete {self.path}"
            )
        self._file = file
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, json.dumps({"host": socket.gethostname(), "pid": os.getpid()}).encode())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the store."""
        self.path.unlink(missing_ok=True)
        os.close(self._file)


def holder(folder: Path) -> dict[str, object]:
    """Return host and process that write a store now; empty if none does."""
    path = folder / NAME
    if not path.is_file():
        return {}
    file = os.open(path, os.O_RDWR)
    try:
        here = _read(path).get("host") == socket.gethostname()
        return {} if here and _held(file) else _read(path)
    finally:
        os.close(file)


def _told(folder: Path, who: dict[str, object]) -> str:
    return (
        f"{folder}: process {who.get('pid', '?')} on {who.get('host', '?')} is writing this store; "
        f"wait for it (sanctionsim status {folder}), or write elsewhere with out=DIR"
    )


def _read(path: Path) -> dict[str, object]:
    try:
        content: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
        return content
    except (OSError, ValueError):
        return {}


def _is_there(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except OSError:
        return False


def _held(file: int) -> bool:
    """Return whether the file could be locked for this process."""
    try:
        import fcntl
    except ImportError:
        return _held_on_windows(file)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _held_on_windows(file: int) -> bool:
    import msvcrt

    os.lseek(file, FAR, os.SEEK_SET)
    try:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        return False
    return True
