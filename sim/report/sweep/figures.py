"""Figures of a sweep: effects with bands, heat maps over two factors, indices with intervals."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations
from textwrap import fill
from typing import Any

import matplotlib
import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize, to_hex
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sim.analysis.sweep.data import TO, Factor
from sim.analysis.sweep.effects import Effect
from sim.analysis.sweep.surfaces import Surface
from sim.arrays import Floats
from sim.outcomes import UNITS, Quantity
from sim.report.figures.sheet import SCREEN
from sim.report.style import FAINT, INK, LINES, MUTED, PAPER, house, ink_on
from sim.words import signed

COLUMNS, MOST_PANELS = 3, 9
LETTERS = 93  # of labels side by side beneath all panels of a row
BESIDE_BAR = 75  # the same where a bar of colours stands beside them
KEYS = 0.26  # inches beneath the panels for the legend
MOST_WRITTEN = 49  # cells of a heat map with a number in each
NOTHING = 1e-12  # of an outcome
ROOM = 80  # letters of them side by side in all panels of a row
MAP = "YlGnBu"
MOST_BESIDE = 4  # factors of a triangle that has room beside another


@contextmanager
def _drawing(height: float, title: str, keys: float = KEYS) -> Iterator[Figure]:
    """Give a figure to draw on in the house style, in letters for small panels."""
    with house(), matplotlib.rc_context({"font.size": 8.0}):
        figure = Figure(figsize=(SCREEN, height), layout="constrained")
        engine: Any = figure.get_layout_engine()
        engine.set(rect=(0.0, keys / height, 1.0, 1.0 - keys / height), w_pad=0.12)
        figure.suptitle(fill(title, 90), x=0.01, ha="left", fontsize=9.5, fontweight="bold")
        yield figure
        figure.draw_without_rendering()  # laid out once, not anew for each format
        figure.set_layout_engine("none")


def _keys(figure: Figure, handles: list[Any]) -> None:
    """Put a legend beneath all panels."""
    legend = figure.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.0, 0.0), ncols=3)
    legend.set_in_layout(False)


def _panels(figure: Figure, n: int, columns: int = COLUMNS, sharey: bool = False) -> list[Axes]:
    columns = min(columns, n)
    axes = figure.subplots(-(-n // columns), columns, squeeze=False, sharey=sharey).ravel().tolist()
    for spare in axes[n:]:
        spare.remove()
    return axes[:n]


def _ticks(
    axes: Axes, factor: Factor, panels: int, across: bool = True, room: int = LETTERS
) -> None:
    """Label the levels of a factor, fewer of them where there are many.

    Those that do not fit side by side beneath one of so many panels stand aslant.
    """
    n = len(factor.levels)
    step = max(1, -(-n // 7))
    places = range(0, n, step)
    words = [fill(factor.levels[k], 12) for k in places]
    stacked = words
    if across and factor.edges is not None:  # the ends of a range one above the other
        stacked = [f"{TO}\n".join(factor.levels[k].split(TO)) for k in places]
        axes.tick_params(axis="x", labelsize=7)
    axis = axes.xaxis if across else axes.yaxis
    widest = max(len(line) for word in stacked for line in word.split("\n"))
    if not across or (widest + 1) * len(words) * min(panels, COLUMNS) <= room:
        axis.set_ticks(list(places), stacked)
        return
    axis.set_ticks(list(places), words)
    axes.tick_params(axis="x", rotation=35)
    for tick in axes.get_xticklabels():
        tick.set_horizontalalignment("right")
        tick.set_rotation_mode("anchor")


def effects_figure(
    found: Sequence[Effect], factors: Sequence[Factor], outcome: Quantity, unit: str
) -> Figure:
    """Draw for each factor how its levels differ from the reference, with band and interval.

    Parameters
    ----------
    found : sequence of Effect
        Of one outcome.
    factors : sequence of Factor
        In the order in which they are drawn.
    unit : str
        What the band is of: 'draws' or 'points'.
    """
    factors = factors[:MOST_PANELS]
    rows = -(-len(factors) // COLUMNS)
    with _drawing(0.9 + 2.2 * rows, f"{outcome.label}: what each factor changes") as figure:
        panels = _panels(figure, len(factors), sharey=True)
        for axes, factor in zip(panels, factors, strict=True):
            _effect_panel(axes, [e for e in found if e.factor is factor], factor)
            _ticks(axes, factor, len(panels))
        if not any(np.ptp(axes.dataLim.intervaly) > NOTHING for axes in panels):
            panels[0].set_ylim(-1.0, 1.0)  # nothing moves: no scale of nothing
        shown = UNITS.get(outcome.unit, outcome.unit)
        counted = f", {shown}" if shown else ""
        figure.supylabel(f"difference from the reference{counted}", fontsize=8)
        _legend(figure, unit, outcome.never and unit == "draws")
    return figure


def _effect_panel(axes: Axes, found: Sequence[Effect], factor: Factor) -> None:
    at = np.arange(len(found))
    middle, low, high, half = (
        np.array([getattr(e.difference, name) for e in found])
        for name in ("middle", "low", "high", "half")
    )
    shown = np.isfinite(middle)
    axes.axhline(0.0, color=MUTED, linewidth=0.8, zorder=1)
    bars = np.isfinite(low) & np.isfinite(high)
    axes.bar(at[bars], high[bars] - low[bars], 0.56, low[bars], color="#b9d7ea", zorder=2)
    half = np.nan_to_num(half)
    if factor.values is not None:
        axes.plot(at[shown], middle[shown], color=LINES[1], linewidth=1.2, zorder=3)
    axes.errorbar(
        at[shown], middle[shown], half[shown], fmt="o", color=LINES[1], markersize=4,
        capsize=2.5, linewidth=1.2, zorder=4,
    )  # fmt: skip
    axes.plot([factor.reference], [0.0], "s", color=PAPER, markeredgecolor=INK, zorder=5)
    for k in at[~shown]:
        words = "never" if np.isinf(middle[k]) else "not defined"
        axes.annotate(words, (k, 0.97), xycoords=("data", "axes fraction"), ha="center", va="top",
                      rotation=90, color=MUTED, fontsize=7)  # fmt: skip
    axes.use_sticky_edges = False  # bars end where they end, not at the frame
    axes.margins(y=0.08)
    axes.set_xlim(-0.6, len(found) - 0.4)
    axes.set_xlabel(fill(factor.titled, 34))
    axes.tick_params(labelleft=True)


def _legend(figure: Figure, unit: str, without_error: bool) -> None:
    middle = "middle of the draws" if without_error else "mean and its 95 % interval"
    keys = [
        Line2D([], [], color=LINES[1], marker="o", markersize=4, linewidth=1.2, label=middle),
        Patch(color="#b9d7ea", label=f"middle 80 % of the {unit}"),
        Line2D([], [], marker="s", linestyle="", color=PAPER, markeredgecolor=INK,
               label="reference"),
    ]  # fmt: skip
    _keys(figure, keys)


def maps_figure(surfaces: Sequence[Surface], outcome: Quantity) -> Figure:
    """Draw an outcome over each pair of factors, with contours and the point where we stand."""
    tall = max(len(s.up.levels) for s in surfaces) > 5
    word = "median" if outcome.never else "mean"
    title = f"{outcome.label}: {word} over two factors at a time"
    with _drawing(3.2 if tall else 2.7, title, keys=0.04) as figure:
        cells = np.concatenate([s.cells[np.isfinite(s.cells)] for s in surfaces] or [np.zeros(0)])
        low, high = (cells.min(), cells.max()) if cells.size else (0.0, 1.0)
        norm = Normalize(low, high if high > low else low + 1.0)
        colours = matplotlib.colormaps[MAP].with_extremes(bad=FAINT)
        panels = _panels(figure, len(surfaces))
        for axes, surface in zip(panels, surfaces, strict=True):
            image = _map_panel(axes, surface, norm, colours, len(panels))
            _ticks(axes, surface.across, len(panels), room=BESIDE_BAR)
            _ticks(axes, surface.up, len(panels), across=False)
        if cells.size:  # else none is ever reached: no colours to tell apart
            bar = figure.colorbar(image, ax=panels, shrink=0.9, aspect=25, pad=0.02)
            bar.ax.tick_params(labelsize=7)
            bar.set_label(UNITS.get(outcome.unit, outcome.unit), fontsize=7)
            bar.ax.spines[:].set_visible(False)
    return figure


def _map_panel(
    axes: Axes, surface: Surface, norm: Normalize, colours: Colormap, panels: int
) -> AxesImage:
    cells = np.where(np.isinf(surface.cells), np.nan, surface.cells)
    image = axes.imshow(cells, origin="lower", aspect="auto", norm=norm, cmap=colours)
    if has_lines(surface):
        _contour(axes, cells)
    elif cells.size <= MOST_WRITTEN:
        _write_cells(axes, surface, norm, colours, ROOM // panels)
    _stand(axes, surface.across.place, surface.up.place)
    axes.set_xlabel(fill(surface.across.titled, 30))
    axes.set_ylabel(fill(surface.up.titled, 22))
    for side in axes.spines.values():
        side.set_visible(False)
    return image


def has_lines(surface: Surface) -> bool:
    """Return whether lines join equal values: of a map of numbers without gaps that is not flat."""
    numbers = surface.across.values is not None and surface.up.values is not None
    whole = bool(np.isfinite(surface.cells).all())
    return numbers and whole and min(surface.cells.shape) >= 3 and not surface.is_flat


def _stand(axes: Axes, x: float, y: float) -> None:
    """Mark where we stand: a ring, or an arrow at the edge where only one factor is known."""
    if np.isfinite(x) and np.isfinite(y):
        for colour, width in ((PAPER, 3.0), (LINES[0], 1.5)):
            axes.plot([x], [y], "o", markersize=7, markerfacecolor="none", markeredgecolor=colour,
                      markeredgewidth=width)  # fmt: skip
    elif np.isfinite(x):
        axes.plot([x], [1.03], "v", color=LINES[0], markersize=6, clip_on=False,
                  transform=axes.get_xaxis_transform())  # fmt: skip
    elif np.isfinite(y):
        axes.plot([1.02], [y], "<", color=LINES[0], markersize=6, clip_on=False,
                  transform=axes.get_yaxis_transform())  # fmt: skip


def _contour(axes: Axes, cells: Floats) -> None:
    lines = axes.contour(cells, levels=5, colors=INK, linewidths=0.8)
    levels = np.asarray(lines.levels)
    step = np.ptp(levels) / max(levels.size - 1, 1)
    exact = (d for d in range(12) if np.abs(levels.round(d) - levels).max() < 0.01 * step)
    decimals = next(exact, 12)
    labels = axes.clabel(lines, fontsize=6.5, fmt=lambda value: signed(value, decimals))
    for label in labels:
        label.set_path_effects([patheffects.withStroke(linewidth=2, foreground=PAPER)])


def _decimals(values: Floats) -> int:
    """Return the decimals at which three digits count, and two of the differences."""
    if not values.size or np.array_equal(values, np.rint(values)):
        return 0
    largest, apart = np.abs(values).max(), np.ptp(values)
    wanted = 2 - np.floor(np.log10(largest))
    if apart > 0.0:
        wanted = max(wanted, 1 - np.floor(np.log10(apart)))
    return int(np.clip(wanted, 0, 6))


def _write_cells(
    axes: Axes, surface: Surface, norm: Normalize, colours: Colormap, room: int
) -> None:
    """Write into each cell what it is, if so many letters have room for a row of cells."""
    words = _words_of(surface.cells, room)
    small = 6.0 if surface.cells.size > 20 else 7.0
    for row, column in words:
        value = surface.cells[row, column]
        shade = to_hex(colours(norm(value))) if np.isfinite(value) else FAINT
        ring = surface.across.place - column, surface.up.place - row
        beside = 0.3 if all(abs(away) < 0.45 for away in ring) else 0.0  # nan is not near
        axes.text(column, row - beside if ring[1] >= 0.0 else row + beside, words[row, column],
                  ha="center", va="center", fontsize=small, color=ink_on(shade))  # fmt: skip


def _words_of(cells: Floats, room: int) -> dict[tuple[int, ...], str]:
    """Return cells in words, with a digit less where they need it; none if they have no room."""
    decimals = _decimals(cells[np.isfinite(cells)])
    for digits in (decimals, max(decimals - 1, 0)):
        words = {
            at: signed(value, digits) if np.isfinite(value) else "never"
            for at, value in np.ndenumerate(cells)
            if not np.isnan(value)
        }
        if cells.shape[1] * (max(map(len, words.values()), default=0) + 0.5) <= room:
            return words
    return {}


def bars_figure(
    panels: Iterable[tuple[str, Sequence[str], dict[str, tuple[Floats, Floats, Floats]]]],
    title: str,
    axis: str,
) -> Figure:
    """Draw indices or shares as bars with intervals, a panel for each outcome.

    Parameters
    ----------
    panels : iterable of (heading, names of factors, series)
        Series by name: estimates, lower and upper ends of the interval, nan where there is none.
    title, axis : str
        What is seen, what the axis shows.
    """
    panels = list(panels)
    tallest = max(len(names) * len(series) for _, names, series in panels)
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    with _drawing(0.9 + rows * (0.75 + 0.2 * tallest), title) as figure:
        spread = _panels(figure, len(panels), columns)
        for axes, (heading, names, series) in zip(spread, panels, strict=True):
            _bars(axes, names, series)
            axes.set_title(fill(heading, 40), fontsize=8)
            axes.set_xlabel(axis)
        if len(panels[0][2]) > 1:
            _keys(figure, spread[0].get_legend_handles_labels()[0])
    return figure


def pairs_figure(panels: Sequence[tuple[str, Sequence[str], Floats, Floats]]) -> Figure:
    """Draw what pairs of factors make together as a triangle of cells, a panel for each outcome.

    Parameters
    ----------
    panels : sequence of (heading, names of factors, indices, half widths)
        Of pairs in the order of `itertools.combinations`. A cell whose interval is wider than its
        index has no colour.
    """
    n = max(len(names) for _, names, *_ in panels)
    columns = min(1 if n > MOST_BESIDE else 2, len(panels))
    rows = -(-len(panels) // columns)
    title = "Factors two by two: Sobol's indices of second order"
    with _drawing(0.8 + rows * (0.8 + 0.3 * (n - 1)), title, keys=0.04) as figure:
        spread = _panels(figure, len(panels), columns)
        for axes, (heading, names, index, half) in zip(spread, panels, strict=True):
            _triangle(axes, names, index, half)
            axes.set_title(fill(heading, 40), fontsize=8)
    return figure


def _triangle(axes: Axes, names: Sequence[str], index: Floats, half: Floats) -> None:
    """Draw the pairs below the diagonal: factors down but the first, across but the last."""
    colours = matplotlib.colormaps["Blues"]
    for (j, k), value, width in zip(combinations(range(len(names)), 2), index, half, strict=True):
        wide = 2 * width > abs(value)
        fill_colour = PAPER if wide else to_hex(colours(float(np.clip(value, 0.0, 1.0))))
        axes.add_patch(Rectangle((j - 0.5, k - 1.5), 1, 1, facecolor=fill_colour,
                                 edgecolor=FAINT, linewidth=0.8, clip_on=False))  # fmt: skip
        words = f"{signed(value, 2)} ± {signed(width, 2)}"
        ink = MUTED if wide else ink_on(fill_colour)
        axes.text(j, k - 1, words, ha="center", va="center", fontsize=7, color=ink)
    last = len(names) - 1
    axes.set_xlim(-0.51, last - 0.49)
    axes.set_ylim(last - 0.49, -0.51)
    axes.set_xticks(range(last), [fill(name, 14) for name in names[:-1]], fontsize=7)
    axes.set_yticks(range(last), [fill(name, 20) for name in names[1:]], fontsize=7)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def _bars(
    axes: Axes, names: Sequence[str], series: dict[str, tuple[Floats, Floats, Floats]]
) -> None:
    thick = 0.8 / len(series)
    for k, (label, (size, low, high)) in enumerate(series.items()):
        at = np.arange(len(names)) + (k - (len(series) - 1) / 2) * thick
        axes.barh(at, np.nan_to_num(size), thick * 0.9, color=("#5b9bc8", "#cfe6f5")[k % 2],
                  label=label, edgecolor=MUTED, linewidth=0.4)  # fmt: skip
        known = np.isfinite(low) & np.isfinite(high)
        axes.hlines(at[known], low[known], high[known], color=INK, linewidth=1.0)
    axes.set_yticks(range(len(names)), [fill(name, 24) for name in names])
    axes.invert_yaxis()
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
