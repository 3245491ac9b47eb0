"""Draw the pictures of docs/gallery.md anew, each by the command that stands above it.

    python experiments/draw_gallery.py [WORD]        or: make gallery

With a WORD, only pictures whose name has it. A picture is the figure of its name that the command
writes; `explorer_embargo.png` is the view Embargo of `sanctionsim explore`, in a headless Chromium.
They are stored in few colours, which keeps them small. A minute or two.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path

import arguments
from PIL import Image

from sim.cli import main as sanctionsim

PAGE = Path(__file__).parents[1] / "docs" / "gallery.md"
MARKS = re.compile(r"^sanctionsim (?P<command>.+)$|!\[.+\]\((?P<picture>gallery/\S+)\)", re.M)
COLOURS = 64
ADDRESS = "http://127.0.0.1:8765"
LINKS = {"Run": "state=HUN"}  # with the card of a state
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    words = arguments.parser(__doc__)
    words.add_argument("word", nargs="?", default="", help="of the names of pictures")
    word = words.parse_args().word
    if not any(word in picture.name for pictures in asked().values() for picture in pictures):
        words.error(f"no picture has '{word}' in its name")
    for command, pictures in asked().items():
        wanted = [picture for picture in pictures if word in picture.name]
        if not wanted:
            continue
        with tempfile.TemporaryDirectory() as folder:
            if command.startswith("explore"):
                look(wanted, Path(folder))
            elif sanctionsim([*shlex.split(command), f"out={folder}/out"]):
                sys.exit(f"this failed: sanctionsim {command}")
            for picture in wanted:
                keep(next(Path(folder).rglob(picture.name)), picture)


def asked() -> dict[str, list[Path]]:
    """Return the commands of the page, and below each the pictures that it draws."""
    found: dict[str, list[Path]] = {}
    command = ""
    for mark in MARKS.finditer(PAGE.read_text(encoding="utf-8")):
        if mark["command"]:
            command = mark["command"].strip()
        else:
            found.setdefault(command, []).append(PAGE.parent / mark["picture"])
    return found


def keep(drawn: Path, picture: Path) -> None:
    """Store a drawn picture in few colours, of which none is far from its own.

    Those that most of a picture has would turn what is small and bright in it grey.
    """
    picture.parent.mkdir(exist_ok=True)
    image = Image.open(drawn).convert("RGB")
    few = image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)
    print(f"{picture.relative_to(PAGE.parents[1])}: {picture.stat().st_size / 1000:.0f} kB")


def look(pictures: Iterable[Path], folder: Path) -> None:
    """Serve the explorer, and write a picture of each view into a folder."""
    from playwright.sync_api import sync_playwright

    port = ADDRESS.rpartition(":")[2]
    words = [sys.executable, "-m", "sim", "explore", f"port={port}", "--no-browser"]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        wait()
        with sync_playwright() as playwright:
            path = next(filter(None, map(shutil.which, CHROMIUM)), None)
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            for picture in pictures:
                page = browser.new_page(viewport={"width": 1280, "height": 760})
                page.set_default_timeout(120_000)  # the machine may be busy
                view = picture.stem.removeprefix("explorer_").capitalize()
                page.goto(f"{ADDRESS}/?" + LINKS.get(view, f"view={view}"))
                page.wait_for_selector("[role=tabpanel]:visible")
                page.wait_for_timeout(6000)  # what the view computes first
                page.screenshot(path=folder / picture.name)
            browser.close()
    finally:
        server.terminate()
        server.wait()


def wait() -> None:
    """Return once the explorer answers; a minute, or it is given up."""
    for _ in range(600):
        try:
            urllib.request.urlopen(ADDRESS, timeout=60).close()
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    sys.exit(f"the explorer did not start at {ADDRESS}")


if __name__ == "__main__":
    main()
