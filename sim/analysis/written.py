"""What commands that write a page share: a count that is asked for, and the page's file."""

from __future__ import annotations

from pathlib import Path

from sim.errors import InputError


def count(key: str, text: str) -> int:
    """Return a whole number from 1 up; InputError for anything else."""
    if not text.isdecimal() or int(text) < 1:
        raise InputError(f"{key} must be a whole number from 1 up; found '{text}'")
    return int(text)


def page_file(text: str) -> Path:
    """Return the path of a page to be written; InputError if there is no folder for it."""
    out = Path(text)
    if out.is_dir() or not out.parent.is_dir():
        raise InputError(f"out={out} must be a file in a folder that exists, as in out=page.md")
    return out


def write_page(out: Path, text: str) -> None:
    """Write a page and say where it is; InputError if it cannot be written."""
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"out={out}: cannot be written ({error.strerror})") from None
    print(f"\nPage: {out}")
