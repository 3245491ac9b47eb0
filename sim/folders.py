"""Results folders: where they go, and how one appears whole or not at all."""

from __future__ import annotations

import json
import math
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sim.errors import InputError


def results_folder(out: str | None, name: str) -> Path:
    """Return where results go: the folder that was asked for, or results/<name>/<time>.

    Raises
    ------
    InputError
        The folder that was asked for is a file, or holds something.
    """
    if out is None:
        stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S-%f")[:-3]
        return Path("results") / name / stamp
    folder = Path(out)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            f"out={out}: the results folder must be new or empty; "
            "this one holds something: choose another"
        )
    return folder


def made(folder: Path) -> Path:
    """Return a folder that is there, made if it was not; InputError if it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written ({error.strerror}); choose another with out=DIR"
        ) from error
    return folder


@contextmanager
def written_whole(destination: Path) -> Iterator[Path]:
    """Give a folder to write into, which takes its place when all is written.

    Whatever goes wrong before, nothing is left.

    Raises
    ------
    InputError
        No folder can be made there.
    """
    partial = _make_partial(destination)
    try:
        yield partial
        if destination.exists():
            destination.rmdir()
        partial.rename(destination)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _make_partial(destination: Path) -> Path:
    """Return a new folder beside the destination, so that the last step is a rename."""
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        partial = tempfile.mkdtemp(prefix=f".{destination.name}-", dir=destination.parent)
    except OSError as error:
        raise InputError(
            f"results folder {destination}: cannot be written ({error.strerror}); "
            "choose another with out=DIR"
        ) from error
    os.chmod(partial, 0o755)
    return Path(partial)


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


def read_numbers(path: Path) -> dict[str, float]:
    """Return the numbers of a JSON file by name; nan for what is null, not defined."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return {key: math.nan if value is None else value for key, value in found.items()}
