"""One process writes a store; another is told which.

A file in the store names the process that writes it. It is filelock's soft lock, which is held by
whoever creates the file: network file systems grant that to one process among all machines, while a
lock of the operating system may hold on one machine only; and Windows lets nobody read a file that
it has locked. A file left by a process that died on this machine is taken over. Whether one on
another machine still runs cannot be seen from here: the user is told which file to delete.
"""

from pathlib import Path
from typing import Self

from filelock import MarkerSoftFileLock, Timeout

from sim import files
from sim.errors import InputError

NAME = "lock"
PATIENCE = 0.5  # seconds; whoever asks who writes a store holds it for an instant


class Lock(MarkerSoftFileLock):
    """A store held while it is written.

    Parameters
    ----------
    folder : Path
        Of the store.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / NAME, timeout=PATIENCE)
        self.folder = folder

    def __enter__(self) -> Self:
        """Take the store; InputError if another process holds it, or it cannot be written."""
        try:
            return super().__enter__()
        except Timeout as error:
            raise InputError(
                f"{self.folder}: {self.holder} is writing this store; wait for it (sanctionsim "
                f"status {self.folder}), or write elsewhere with out=DIR; if it has ended, delete "
                f"{self.lock_file}"
            ) from error
        except OSError as error:
            raise files.unwritable(Path(self.lock_file), error) from error

    @property
    def holder(self) -> str:
        """Process and host named in the file."""
        owner = self.owner
        if owner is None:
            return "another process"
        host, _, _ = owner.hostname.partition("?pidns-")  # a container's own count of processes
        return f"process {owner.pid} on {host}"


def holder(folder: Path) -> str:
    """Return which process writes a store now; '' if none does."""
    lock = Lock(folder)
    if not Path(lock.lock_file).exists():
        return ""
    try:
        with lock.acquire(blocking=False):
            return ""
    except OSError:  # it is held, or nobody can write here and tell
        return lock.holder
