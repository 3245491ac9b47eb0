"""A sheet to draw on: its title, and places told in inches from what stands beneath the title.

Letters keep their size whatever the width, so a narrow sheet is another layout and no smaller copy
of a wide one.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from sim.report import style

SCREEN = 7.2  # inches, where nothing else is asked for
NARROW = 5.5  # below it, what stands side by side is put one below the other
EDGE = 0.12  # inches left free at either side
PER_INCH = 14.3  # letters of the usual size
_TITLE, _BELOW = 12.5, 8.8


@dataclass(frozen=True, slots=True)
class Sheet:
    """A figure with its title, and what is drawn beneath it."""

    figure: Figure
    # Inches of the whole.
    wide: float
    high: float
    head: float  # inches that the title takes

    @property
    def is_narrow(self) -> bool:
        """Whether there is no room for two things side by side."""
        return self.wide < NARROW

    def axes(self, left: float, top: float, width: float, height: float, **more: Any) -> Axes:
        """Return axes at a place in inches, from the left and from beneath the title."""
        base = 1.0 - (self.head + top + height) / self.high
        box = (left / self.wide, base, width / self.wide, height / self.high)
        return self.figure.add_axes(box, **more)

    def multiples(
        self, n: int, top: float, high: float, left: float, right: float, gap: float
    ) -> list[Axes]:
        """Return small multiples, two side by side where there is room; dates below the last row.

        Parameters
        ----------
        top, high, left, right, gap : float
            Inches: of the first from beneath the title, of each, to its sides, and below it.
        """
        columns = 1 if self.is_narrow else 2
        room = self.wide / columns
        grid = [
            self.axes(
                room * (k % columns) + left,
                top + (high + gap) * (k // columns),
                room - left - right,
                high,
            )
            for k in range(n)
        ]
        for k, axes in enumerate(grid):
            axes.tick_params(labelbottom=k >= n - columns)
        return grid

    def at(self, left: float, top: float) -> tuple[float, float]:
        """Return a place in inches as shares of the figure."""
        return left / self.wide, 1.0 - (self.head + top) / self.high

    def text(self, left: float, top: float, words: str, **look: Any) -> None:
        """Write words at a place in inches."""
        self.figure.text(*self.at(left, top), words, **{"size": 8.0, "va": "center", **look})

    def legend(
        self, handles: list[Any], left: float, top: float, columns: int, **more: Any
    ) -> None:
        """Put a legend with its upper left corner at a place in inches."""
        look = {
            "fontsize": 8,
            "columnspacing": 1.1,
            "handletextpad": 0.5,
            "handlelength": 1.6,
            "borderaxespad": 0,
            "alignment": "left",
            "title_fontproperties": {"size": 8, "weight": "bold"},
        }
        legend = self.figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=self.at(left, top),
            ncols=columns,
            **{**look, **more},
        )
        legend.set_in_layout(False)


def name_rows(axes: Axes, words: Sequence[str], letters: int = 99) -> None:
    """Write a name, cut to so many letters, at the left of each row of axes, the first on top."""
    for row, name in enumerate(words):
        axes.text(
            -0.015, row, style.shortened(name, letters),
            ha="right", va="center", size=8.2, transform=axes.get_yaxis_transform(),
        )  # fmt: skip
    axes.set_ylim(len(words) - 0.4, -0.6)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", labelsize=8)


def write_key(page: Sheet, top: float, lines: Sequence[str]) -> None:
    """Write a key in small letters, with its upper edge at a place in inches."""
    page.text(EDGE, top, "\n".join(lines), size=7.5, color=style.MUTED, va="top", linespacing=1.15)


def sheet(wide: float, body: float, title: str, below: str) -> Sheet:
    """Return a new sheet with its title written, and so many inches beneath it.

    Parameters
    ----------
    wide, body : float
        Inches.
    title, below : str
        What is seen, and a sentence on how to read it; both are broken at the width.
    """
    bold = textwrap.wrap(title, int(9.6 * (wide - 2 * EDGE)))
    plain = textwrap.wrap(below, int(PER_INCH * (wide - 2 * EDGE)))
    first, second = 0.21 * len(bold), 0.155 * len(plain)
    head = 0.14 + first + (second + 0.06 if plain else 0.0) + 0.10
    high = head + body
    figure = Figure(figsize=(wide, high))
    looks: tuple[tuple[list[str], float, dict[str, Any]], ...] = (
        (bold, 0.14, {"size": _TITLE, "weight": "bold", "linespacing": 1.1}),
        (plain, 0.17 + first, {"size": _BELOW, "color": style.MUTED, "linespacing": 1.2}),
    )
    for words, top, look in looks:
        figure.text(EDGE / wide, 1.0 - top / high, "\n".join(words), va="top", **look)
    return Sheet(figure, wide, high, head)


def key(pairs: Iterable[tuple[str, str]], wide: float) -> list[str]:
    """Return lines that say what each code stands for, in the order of the codes."""
    # A code and its name stay on one line.
    words = "; ".join(f"{code} {name}".replace(" ", "\u00a0") for code, name in sorted(pairs))
    lines = textwrap.wrap(words, int(16.6 * (wide - 2 * EDGE)), break_on_hyphens=False)
    return [line.replace("\u00a0", " ") for line in lines]


def boxes(
    axes: Axes,
    corners: Sequence[tuple[float, float]],
    size: tuple[float, float],
    fills: Sequence[str],
    **look: Any,
) -> None:
    """Draw boxes of one size as one artist: one patch for each takes ten times as long."""
    wide, high = size
    outline = np.array([(0.0, 0.0), (wide, 0.0), (wide, high), (0.0, high)])
    outlines = np.array(corners).reshape(-1, 1, 2) + outline
    axes.add_collection(PolyCollection(outlines, facecolors=fills, **look), autolim=False)
