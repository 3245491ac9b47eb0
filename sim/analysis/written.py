"""What commands that write a page share: the page's file."""

from pathlib import Path

from sim import files
from sim.cli import Checked


def _page(text: str) -> Path:
    if Path(text).is_dir() or not Path(text).parent.is_dir():
        raise ValueError
    try:
        files.check_room(Path(text))  # before what takes minutes to compute
    except OSError as error:
        raise files.unwritable(Path(text), error) from error
    return Path(text)


page_file = Checked(_page, "must be a file in a folder that exists, as in out=page.md")


def write_page(out: Path, text: str) -> None:
    """Write a page and say where it is; InputError if it cannot be written."""
    files.write(out, text.encode())
    print(f"\nPage: {out}")
