"""What commands that write a page share: the page's file."""

from __future__ import annotations

from pathlib import Path

from sim.cli import Checked
from sim.errors import InputError


def _page(text: str) -> Path:
    if Path(text).is_dir() or not Path(text).parent.is_dir():
        raise ValueError
    return Path(text)


page_file = Checked(_page, "must be a file in a folder that exists, as in out=page.md")


def write_page(out: Path, text: str) -> None:
    """Write a page and say where it is; InputError if it cannot be written."""
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"out={out}: cannot be written ({error.strerror})") from None
    print(f"\nPage: {out}")
