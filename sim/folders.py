"""Results folders: where they go, and how one appears whole or not at all."""

import errno
import itertools
import json
import math
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sim import files
from sim.errors import InputError

PARTIAL, LONGEST = ".partial-sanctionsim-", 86_400.0  # seconds that nobody takes to write a folder


def results_folder(out: str | None, name: str) -> Path:
    """Return where results go: the folder that was asked for, or results/<name>/<time>.

    It is called before anything is computed, and refuses what could not be written after it.

    Raises
    ------
    InputError
        The folder that was asked for is a file, or holds something; nothing can be written there,
        or not enough.
    """
    if out is None:
        stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S-%f")[:-3]
        folder = Path("results") / name / stamp
    else:
        folder = Path(os.path.expanduser(out))  # as the writers of tables do
    if folder.is_symlink() or folder.name.strip() in ("", ".."):  # whose place no folder can take
        kind = "a link" if folder.is_symlink() else "where you are, or above"
        raise InputError(f"out={out} is {kind}; name the results folder itself, new or empty")
    with refused(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError(
                f"out={out}: the results folder must be new or empty; "
                "this one holds something: choose another"
            )
        files.check_room(folder)
    return folder


def check_there(folder: Path) -> None:
    """Raise where a folder of results has gone since it was opened."""
    if not folder.is_dir():
        raise InputError(
            f"{folder} is no longer there: open it where it is now (what sim.sweep returns without "
            "out=DIR takes its folder along)"
        )


def made(folder: Path) -> Path:
    """Return a folder that is there, made if it was not; InputError if it cannot be."""
    with refused(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def refused(folder: Path) -> Iterator[None]:
    """Turn what the system says of a folder that cannot be written into one line for the user."""
    try:
        yield
    except OSError as error:
        reason = "the disk is full" if error.errno in files.FULL else error.strerror or error
        raise InputError(
            f"results folder {folder}: cannot be written ({reason}); choose another with out=DIR"
        ) from error


@contextmanager
def written_whole(destination: Path) -> Iterator[Path]:
    """Give a folder to write into, which takes its place when all is written.

    Whatever goes wrong before, nothing is left. Where somebody else has taken the place since,
    what was written is kept beside it.

    Raises
    ------
    InputError
        No folder can be made there, the disk is full, or the place was taken.
    """
    made = [place for place in destination.parents if not place.exists()]
    with refused(destination):
        destination.parent.mkdir(parents=True, exist_ok=True)
        for left in destination.parent.glob(f"{PARTIAL}*"):  # by whoever was killed
            if time.time() - left.stat().st_mtime > LONGEST:
                shutil.rmtree(left, ignore_errors=True)
        partial = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=destination.parent))
        os.chmod(partial, 0o755)
    try:
        with refused(destination):
            yield partial
            beside = _place(partial, destination)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        with suppress(OSError):  # not empty, or somebody else's by now
            for place in made:
                place.rmdir()
        raise
    if beside != destination:
        raise InputError(
            f"results folder {destination}: somebody else has written there since; these results "
            f"are kept in {beside}"
        )


def _place(partial: Path, destination: Path) -> Path:
    """Give a folder its name, or one beside it where that is taken; return the name."""
    for number in itertools.count(1):
        named = destination if number == 1 else Path(f"{destination}-{number}")
        try:
            if named.is_symlink():
                continue
            partial.rename(named)  # takes the place of an empty folder, and of no other
            return named
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EACCES):
                raise
            if error.errno == errno.EACCES and not named.exists():
                raise
    raise AssertionError


def drawn(draw: Callable[[], object], page: Path) -> str:
    """Draw a page and return why there is none, '' if there is: what was computed stands anyway.

    Parameters
    ----------
    draw : callable
        Writes it.
    page : Path
        The file, which is taken away again if it is not whole.
    """
    try:
        draw()
    except Exception as error:
        with suppress(OSError):
            page.unlink(missing_ok=True)
        what = "" if isinstance(error, InputError | OSError) else f"{type(error).__name__}: "
        return f"{what}{' '.join(str(error).split())}"
    return ""


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file for readers and programs; what is not defined is null: NaN is no JSON."""
    text = json.dumps(_with_null(content), indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _with_null(content: Any) -> Any:
    """Return content with None in place of numbers that are not finite."""
    if isinstance(content, Mapping):
        return {key: _with_null(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_with_null(value) for value in content]
    return None if isinstance(content, float) and not math.isfinite(content) else content


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Turn whatever goes wrong with what stands in a folder of results into one line."""
    try:
        yield
    except (InputError, MemoryError, NameError, PermissionError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (*files.FULL, errno.EROFS):
            raise files.unwritable(folder, error) from error
        why = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        raise InputError(
            f"{folder} holds no results that can be read and drawn as they were written ({why}); "
            "make them again"
        ) from error


def read_json(path: Path) -> dict[str, Any]:
    """Return what a JSON file holds by name; InputError if it cannot be read or has no names."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise InputError(f'{path} must hold values by name, as in {{"name": 1}}')
    return content


def read_numbers(path: Path) -> dict[str, float]:
    """Return the numbers of a JSON file by name; nan for what is null, not defined."""
    with readable(path.parent):
        found = read_json(path)
        return {key: math.nan if at is None else float(at) for key, at in found.items()}
