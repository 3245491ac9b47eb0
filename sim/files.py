"""Files that appear whole or not at all, also after a crash."""

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from sim.errors import InputError

PARTIAL = ".partial"
ROOM = 4_000_000  # bytes that results may take; a run with all its figures takes half
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def check_room(place: Path, n_bytes: int = ROOM) -> None:
    """Raise the system's OSError where so much cannot be written; nothing is left of the trial.

    Parameters
    ----------
    place : Path
        A file or folder that is to be made, with all folders above it.
    """
    there = next(above for above in (place, *place.absolute().parents) if above.is_dir())
    with tempfile.TemporaryFile(dir=there) as file:
        file.write(bytes(n_bytes))


def write(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, make it durable, give it its name.

    Raises
    ------
    InputError
        The disk is full or the folder cannot be written.
    """
    partial = path.with_name(path.name + PARTIAL)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise unwritable(path, error) from error


def unwritable(path: Path, error: OSError) -> InputError:
    """Return what a user is told about a file that cannot be written."""
    if error.errno in FULL:
        return InputError(
            f"{path}: the disk is full; what is finished is kept: "
            "free some space and give the same command again"
        )
    reason = error.strerror or error
    return InputError(f"{path}: cannot be written ({reason}); choose another with out=DIR")


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
