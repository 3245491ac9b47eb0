"""Writing figures: the line at their foot, any width, any format, the same bytes every time."""

import textwrap
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.offsetbox import PackerBase
from matplotlib.patches import FancyArrowPatch, Patch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from sim.report import style
from sim.report.figures.sheet import EDGE

NARROWEST = 4.38  # inches that every figure can be laid out at; below, all of it is made smaller
FINE = 5.0  # inches; narrower pictures have more dots, for print and for a phone's screen
# No file tells when it was made. A PNG at level 3 is smaller than at the usual 6, in half the time.
_LOOK: dict[str, dict[str, Any]] = {
    "svg": {"metadata": {"Date": None}},
    "pdf": {"metadata": {"CreationDate": None}},
    "png": {"pil_kwargs": {"compress_level": 3}},
}
_FOOT, _LINE = 6.0 / 0.8, 0.125  # points; inches


def layout_width(inches: float) -> float:
    """Return the width that a figure is laid out at to be saved at a width, both in inches."""
    return max(inches, NARROWEST)


def save(
    figure: Figure, stem: Path, formats: Iterable[str], foot: str, inches: float | None = None
) -> list[Path]:
    """Write a figure as STEM.FORMAT for each format and return the paths.

    Parameters
    ----------
    figure : Figure
        Laid out at `layout_width(inches)`; it is changed.
    stem : Path
        Of the files, without suffix.
    formats : iterable of str
        Of png, svg and pdf. Letters stay letters in the latter two.
    foot : str
        Where the figure comes from; written beneath it, broken at its width.
    inches : float, optional
        Width of the file; the figure's own if not given. A narrower one has smaller letters.
    """
    with style.house():
        wide, high = figure.get_size_inches()
        lines = textwrap.wrap(foot, int(17.2 * (wide - 2 * EDGE)), break_long_words=True)
        below = _LINE * len(lines) + 0.06 if lines else 0.0
        figure.text(
            EDGE / wide, 0.0, "\n".join(lines),
            size=_FOOT, color=style.MUTED, va="top", linespacing=1.15,
        )  # fmt: skip
        scale = 1.0 if inches is None else min(inches / wide, 1.0)
        if scale < 1.0 - 1e-9:
            shrink(figure, scale)
        box = Bbox([[0.0, -below * scale], [wide * scale, high * scale]])
        dpi = style.DPI if wide * scale >= FINE else 2.5 * style.DPI
        paths = []
        for form in dict.fromkeys(formats):
            if form == "pdf":
                _embed_outlines_alone()
            path = stem.with_name(f"{stem.name}.{form}")
            figure.savefig(path, dpi=dpi, bbox_inches=box, **_LOOK[form])
            paths.append(path)
        return paths


@cache
def _embed_outlines_alone() -> None:
    """Leave out of the fonts in a PDF how letters join and shift, which no reader of one uses.

    It takes two thirds of the time of a PDF to cut these tables to the letters that are there.
    """
    from fontTools import subset

    options: Any = subset.Options
    options._drop_tables_default = [*options._drop_tables_default, "GDEF", "GPOS", "GSUB"]


def shrink(figure: Figure, scale: float) -> None:
    """Make all of a figure smaller: its size, its letters, its lines."""
    figure.set_size_inches(*(scale * figure.get_size_inches()))
    for found in figure.findobj():
        thing: Any = found
        if isinstance(found, Text):
            thing.set_fontsize(scale * thing.get_fontsize())
        elif isinstance(found, PackerBase):
            thing.sep, thing.pad = scale * (thing.sep or 0.0), scale * (thing.pad or 0.0)
        elif isinstance(found, Line2D):
            thing.set_linewidth(scale * thing.get_linewidth())
            thing.set_markersize(scale * thing.get_markersize())
        elif isinstance(found, Collection | Patch):
            widths = thing.get_linewidth()
            thing.set_linewidth([scale * width for width in widths] if hasattr(widths, "__len__")
                                else scale * widths)  # fmt: skip
        if isinstance(found, FancyArrowPatch):
            thing.set_mutation_scale(scale * thing.get_mutation_scale())
