"""Pictures for pages: the whole file inside, at a size at which its letters can be read."""

import base64
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from sim.report.style import DPI

WIDEST, NARROWEST = 112, 53  # pixels of the page per inch of a picture
TYPES = {".png": "image/png", ".svg": "image/svg+xml"}


def shown(paths: Sequence[Path]) -> dict[str, Any]:
    """Return the files of a figure, and a picture of it: PNG, which looks alike everywhere, or SVG.

    There is no picture where a page can show none of the files.
    """
    fit = sorted((path for path in paths if path.suffix in TYPES), key=lambda path: path.suffix)
    return {
        "picture": picture(fit[0]) if fit else None,
        "files": [(path.name, path.suffix[1:].upper()) for path in paths],
    }


def picture(path: Path) -> dict[str, str | int]:
    """Return a picture as the macro `figure` takes it.

    Parameters
    ----------
    path : Path
        A PNG or SVG file that matplotlib wrote.

    Returns
    -------
    dict
        Its `name`, MIME `type`, `data` in base64 (a PNG in 256 colours, a third of the file),
        `width` on a wide page, and `narrowest`, the width below which it scrolls instead of
        shrinking, both in CSS pixels.
    """
    content = path.read_bytes()
    inches = _inches(content, path.suffix)
    if path.suffix == ".png":
        content = _lighter(content)
    return {
        "name": path.stem,
        "type": TYPES[path.suffix],
        "data": base64.b64encode(content).decode("ascii"),
        "width": round(inches * WIDEST),
        "narrowest": round(inches * NARROWEST),
    }


def _inches(content: bytes, suffix: str) -> float:
    """Return the width from the header of a PNG, or from the first tag of an SVG."""
    if suffix == ".png":
        with Image.open(BytesIO(content)) as image:
            return float(image.width / image.info.get("dpi", (DPI, DPI))[0])
    width = re.search(rb'<svg[^>]*\swidth="([\d.]+)pt"', content)
    assert width is not None, "matplotlib writes the width of an SVG in points"
    return float(width[1]) / 72


def _lighter(content: bytes) -> bytes:
    """Return a PNG in 256 colours; white stays white."""
    with Image.open(BytesIO(content)) as image:
        few = image.convert("RGB").quantize(256, method=Image.Quantize.FASTOCTREE)
    palette = few.getpalette() or []
    few.putpalette([255 if level >= 253 else level for level in palette])
    written = BytesIO()
    few.save(written, "PNG")
    return written.getvalue()
