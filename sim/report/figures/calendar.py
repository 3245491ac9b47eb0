"""The calendar of measures: who announces what when, beside the record where it is the run's."""

import statistics
import textwrap
from collections.abc import Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.textpath import text_to_path

from sim.report import compare, style
from sim.report.compare import Cell, Comparison
from sim.report.figures.network import inside_of, units_of
from sim.report.figures.sheet import EDGE, NARROW, SCREEN, Sheet, boxes, key, sheet, write_key
from sim.setting import Setting
from sim.words import counted, listed

# Where the lines of a cell stand, from its top, by their number.
LINE_HEIGHTS: dict[int, tuple[float, ...]] = {1: (0.48,), 2: (0.28, 0.62), 3: (0.22, 0.46, 0.69)}
NAMED = 3  # early and late ones that the summary names
NOTHING = "#f7f7f7"
DATED = 0.53  # inches of a cell that has room for dates
HEAD = 7.5  # points of the words above a column


class Grid(NamedTuple):
    """Rows and columns, and the room for them in inches."""

    actors: tuple[str, ...]
    names: float  # that measures are called by
    # Of a cell.
    width: float
    row: float
    words: tuple[str, ...]  # of each column: names where there is room, else codes
    heads: float  # that actors are called by
    is_named: bool
    is_turned: bool  # the words stand upright

    @property
    def is_compact(self) -> bool:
        """Whether a cell is too narrow for dates: it then holds days after the outbreak."""
        return self.width < DATED


def calendar(
    setting: Setting, events: pd.DataFrame, wide: float = SCREEN, opened: bool = False
) -> Figure:
    """Return the calendar of measures against the main target, and the record where it is its own.

    Measures run down, senders across, so that every name can be read without turning the head.
    Opened, members of a union have columns of their own; closed, the union's says how many took
    what it does not decide on.
    """
    table = compare.compare(setting, events)
    target = setting.name_of(table.target)
    with style.house():
        grid = _grid(setting, table, _actors(setting, table, opened), wide)
        deep = grid.heads + len(table.measures) * grid.row
        codes = key(((code, setting.name_of(code)) for code in grid.actors), wide)
        codes = [] if grid.is_named else codes
        legends = 1.75 if wide < NARROW else 1.22
        page = sheet(
            wide,
            deep + legends + 0.13 * len(codes),
            f"Who announces which measure against {target}, and when",
            " ".join([table.sentence(), summary(setting, table, grid.actors)]),
        )
        inches = grid.width * len(grid.actors), len(table.measures) * grid.row
        axes = page.axes(grid.names, grid.heads, *inches)
        axes.set_xlim(0, len(grid.actors))
        axes.set_ylim(len(table.measures), 0)
        axes.set_autoscale_on(False)
        axes.set_axis_off()
        _draw_names(axes, table, grid)
        _draw_cells(axes, table, grid)
        _draw_marks(axes, table, grid)
        _draw_heads(page, table, grid)
        _legends(page, deep + 0.16, table, grid)
        write_key(page, deep + legends - 0.02, codes)
        return page.figure


def _actors(setting: Setting, table: Comparison, opened: bool) -> tuple[str, ...]:
    """Return who has a column: members of a union only if it is opened.

    All senders as one have theirs only if they took something as one.
    """
    hidden = set(inside_of(setting, units_of(setting, opened)))
    acted = {actor for (actor, _), cell in table.cells.items() if cell.run or cell.real}
    joint = {c.institution.code for c in setting.councils if c.competence == "joint"}
    shown = [actor for actor in table.actors if actor not in hidden | (joint - acted)]
    return tuple(sorted(shown, key=lambda actor: actor in joint))


def _grid(setting: Setting, table: Comparison, actors: tuple[str, ...], wide: float) -> Grid:
    names = 1.4 if wide >= NARROW else 1.12
    width = min((wide - names - EDGE) / len(actors), 1.3)
    row = 0.46 if width >= DATED else 0.36
    words = ["\n".join(setting.name_of(actor).split()) for actor in actors]
    is_named = _fit(words, width)
    words = words if is_named else list(actors)
    is_turned = not _fit(words, width)
    lines = max(word.count("\n") + 1 for word in words)
    high = max(map(_width, words)) if is_turned else 0.12 * lines
    heads = 0.08 + high + (0.36 if table.recorded_actors else 0.06)
    return Grid(actors, names, width, row, tuple(words), heads, is_named, is_turned)


def _fit(words: Sequence[str], width: float) -> bool:
    """Return whether words can stand side by side in columns of some inches."""
    if max(word.count("\n") for word in words) > 2:
        return False
    inches = [_width(word) for word in words]
    pairs = pairwise(inches)
    apart = all((a + b) / 2 + 0.01 < width for a, b in pairs)
    return apart and (inches[-1] - width) / 2 < EDGE


@cache
def _width(words: str) -> float:
    """Return the inches that the widest line of a head takes."""
    font = FontProperties(family="DejaVu Sans", size=HEAD)
    lines = words.split("\n")
    return max(text_to_path.get_text_width_height_descent(s, font, False)[0] for s in lines) / 72


def summary(setting: Setting, table: Comparison, actors: tuple[str, ...]) -> str:
    """Return in a sentence who is early and who is late, against the record where there is one."""
    gaps = {actor: median_gap(table, actor) for actor in actors}
    known = {actor: gap for actor, gap in gaps.items() if gap is not None}
    if len(known) > 1:
        early = sorted((gap, actor) for actor, gap in known.items() if round(gap) < 0)[:NAMED]
        late = sorted((-gap, actor) for actor, gap in known.items() if round(gap) > 0)[:NAMED]
        return (
            f"Early against the record: {_named(setting, early)}; "
            f"late: {_named(setting, late)} (median over measures)."
        )
    joint = {c.institution.code for c in setting.councils if c.competence == "joint"}
    days = {actor: _median_day(table, actor) for actor in actors if actor not in joint}
    acted = sorted((day, actor) for actor, day in days.items() if day is not None)
    if len(acted) < 2:
        return ""
    if acted[0][0] == acted[-1][0]:
        return f"Half of their measures are out after {_days_in_words(acted[0][0])}, from each."
    some = min(NAMED, len(acted) // 2)
    first, last = (_named(setting, part) for part in (acted[:some], acted[: -some - 1 : -1]))
    return f"Earliest with half of their measures: {first}; latest: {last}."


def _named(setting: Setting, found: Sequence[tuple[float, str]]) -> str:
    """Return actors with their days, or that there are none."""
    words = (f"{setting.name_of(who)} ({_days_in_words(days)})" for days, who in found)
    return listed(words) or "nobody"


def median_gap(table: Comparison, actor: str) -> float | None:
    """Return the median of run less record in days, where both acted; None if they never did."""
    gaps = table.gaps(actor)
    return statistics.median(gaps) if gaps else None


def _days_in_words(gap: float) -> str:
    return counted(round(abs(gap)), "day")


def _median_day(table: Comparison, actor: str) -> float | None:
    """Return the median day after the outbreak of what an actor announced."""
    days = [
        (cell.run - table.outbreak).days
        for (who, _), cell in table.cells.items()
        if who == actor and cell.run
    ]
    return statistics.median(days) if days else None


def _draw_names(axes: Axes, table: Comparison, grid: Grid) -> None:
    figure: Any = axes.figure
    size = 7.6 if grid.names < 1.3 else 8.2
    for y, measure in enumerate(table.measures):
        lines = textwrap.wrap(
            measure.label, int(grid.names * 122 / size), max_lines=3, placeholder="…"
        )
        figure.text(
            -0.05 / grid.width, y + 0.5, "\n".join(lines), transform=axes.transData,
            ha="right", va="center", size=size, linespacing=1.0,
        )  # fmt: skip


def _draw_cells(axes: Axes, table: Comparison, grid: Grid) -> None:
    """Draw all cells as one artist, which takes a fraction of the time of one for each."""
    corners, looks = [], []
    for y, measure in enumerate(table.measures):
        for x, actor in enumerate(grid.actors):
            cell = table.cells[actor, measure.code]
            corners.append((x + 0.03, y + 0.06))
            looks.append((fill_of(table, cell), *edge_of(table, cell)))
            _write(axes, x, y, table, cell, grid)
    fills, edges, widths, dashes = map(list, zip(*looks, strict=True))
    boxes(
        axes, corners, (0.94, 0.88), fills, edgecolors=edges, linewidths=widths, linestyles=dashes
    )


def edge_of(table: Comparison, cell: Cell) -> tuple[str, float, Any]:
    """Return colour, width and dashes of a cell's border: where run and record part."""
    verdict = table.verdict(cell)
    if verdict == compare.RECORD_ONLY:
        return style.ALARM, 1.8, "solid"
    if verdict == compare.RUN_ONLY:
        return style.ALARM, 1.3, (0, (2.2, 1.6))
    return "none", 0.0, "solid"


def _write(axes: Axes, x: int, y: int, table: Comparison, cell: Cell, grid: Grid) -> None:
    """Write what a cell says: the run above in bold, the record below.

    The words are the figure's, not the axes', which would clip each of them, at twice the time.
    """
    figure: Any = axes.figure
    lines = compact_lines(table, cell) if grid.is_compact else cell_lines(table, cell)
    early = cell.run is not None and cell.run <= table.horizon
    ink = style.ink_on(fill_of(table, cell))
    for n, (words, height) in enumerate(zip(lines, LINE_HEIGHTS[len(lines)], strict=True)):
        if words:
            bold = n == 0 and early
            look = {"size": 8.0 if n == 0 else 7.5, "weight": "bold" if bold else "normal"}
            figure.text(
                x + 0.5, y + height, words,
                transform=axes.transData, ha="center", va="center", color=ink, **look,
            )  # fmt: skip


def _draw_marks(axes: Axes, table: Comparison, grid: Grid) -> None:
    """Draw the ticks of further waves and the crosses of what was given up, all at once.

    One artist for all cells: one for each of them takes half the time of the calendar.
    """
    ticks, tick_inks, crosses, cross_inks = [], [], [], []
    for y, measure in enumerate(table.measures):
        for x, actor in enumerate(grid.actors):
            cell = table.cells[actor, measure.code]
            ink = style.ink_on(fill_of(table, cell))
            for left in x + 0.10 + 0.065 * np.arange(len(cell.later)):
                ticks.append([(left, y + 0.855), (left, y + 0.92)])
                tick_inks.append(ink)
            if cell.lifted:
                crosses.append((x + 0.88, y + 0.87))
                cross_inks.append(ink)
    axes.add_collection(LineCollection(ticks, colors=tick_inks, linewidths=1.2), autolim=False)
    if crosses:
        left, down = zip(*crosses, strict=True)
        axes.scatter(left, down, s=16, c=cross_inks, marker="x", linewidths=1.2)


def fill_of(table: Comparison, cell: Cell) -> str:
    """Return the colour of a cell: pale where the run does nothing."""
    if cell.run is None:
        return NOTHING
    return style.period_colour(cell.run, table.outbreak, table.horizon)


def cell_lines(table: Comparison, cell: Cell) -> list[str]:
    """Return the up to three lines of a cell: the run above, reality below."""
    above = simulated_text(table, cell).split("\n")
    below = real_text(table, cell).split("\n")
    if len(above) + len(below) > max(LINE_HEIGHTS):  # a fraction beside the words below
        taken = f"{cell.acting}/{cell.members}"
        first, last = below[0], below[1].removesuffix(" d")
        below = [f"{taken}, not", "in record"] if first == "not in" else [first, f"{last}, {taken}"]
        above = above[:1]
    return [line for line in (*above, *below) if line] or [""]


def compact_lines(table: Comparison, cell: Cell) -> list[str]:
    """Return the one or two lines of a narrow cell, in days after the outbreak."""
    above = "⊘" if cell.blocked and cell.run is None else days_after(table, cell.run)
    if cell.real is None:
        return [above or (f"{cell.acting}/{cell.members}" if cell.acting else "")]
    return [above or "–", f"{'○' if cell.recalled else '●'}{days_after(table, cell.real)}"]


def days_after(table: Comparison, day: date | None) -> str:
    """Return the days from the outbreak to one in figures, '' for none."""
    return "" if day is None else f"{(day - table.outbreak).days}".replace("-", "−")


def simulated_text(table: Comparison, cell: Cell) -> str:
    """Return what a cell says of the run: a date, how many members, or why there is none."""
    share = f"{cell.acting} of {cell.members}" if cell.members and cell.acting else ""
    if cell.run is None:
        return "blocked" if cell.blocked else share
    return f"{_date_in(table, cell.run)}\n{share}".strip()


def real_text(table: Comparison, cell: Cell) -> str:
    """Return what a cell says of reality: a mark and the date; below, how far the run is off."""
    verdict = table.verdict(cell)
    if cell.real is None:
        return "not in\nrecord" if verdict == compare.RUN_ONLY else ""
    mark = "○" if cell.recalled else "●"  # and a thin space after it
    gap = ""
    if verdict == compare.BOTH and cell.run is not None:
        days = (cell.run - cell.real).days
        gap = f"\n{days:+d} d".replace("-", "−") if days else "\n0 d"
    return f"{mark}\u2009{_date_in(table, cell.real)}{gap}"


def _date_in(table: Comparison, day: date) -> str:
    """Return a date without its year where that is the year of the outbreak, else as 'Mar ’23'.

    A cell is narrow, and a date a year later needs no day.
    """
    words = style.short_date(day)
    return words if day.year == table.outbreak.year else f"{words[-3:]} ’{day.year % 100:02}"


def _draw_heads(page: Sheet, table: Comparison, grid: Grid) -> None:
    """Write the actors above their columns, and under each how far it is off the record."""
    has_record = bool(table.recorded_actors)
    bottom, gaps = grid.heads - (0.36 if has_record else 0.06), grid.heads - 0.2
    look: dict[str, Any] = {"ha": "center", "va": "baseline"}
    if grid.is_turned:
        look = {"ha": "center", "va": "bottom", "rotation": 90}
    for x, (actor, words) in enumerate(zip(grid.actors, grid.words, strict=True)):
        middle = grid.names + (x + 0.5) * grid.width
        page.text(middle, bottom, words, size=HEAD, linespacing=1.0, **look)
        if has_record:
            page.text(middle, gaps, _gap_words(table, actor, grid), ha="center", size=7.5)
    if has_record:
        page.text(
            grid.names - 0.05, gaps, "Median gap to\nthe record, days",
            ha="right", size=7.5, color=style.MUTED, linespacing=0.95,
        )  # fmt: skip


def _gap_words(table: Comparison, actor: str, grid: Grid) -> str:
    """Return how far an actor is off the record, in days; a dash where it has none."""
    gap = median_gap(table, actor)
    if gap is None:
        return "–" if grid.is_compact or actor in table.recorded_actors else "no record"
    return f"{gap:+.0f}".replace("-", "−") if round(gap) else "0"


def _legends(page: Sheet, top: float, table: Comparison, grid: Grid) -> None:
    narrow = page.is_narrow
    times = [Patch(facecolor=c, label=text) for c, text in style.period_legend(table.horizon)]
    blank: dict[str, Any] = {"facecolor": style.PAPER, "edgecolor": style.ALARM}
    end = style.short_date(table.horizon)
    mark: dict[str, Any] = {"linestyle": "", "color": style.INK}
    marks: list[Any] = []
    if table.recorded_actors:
        hollow = Line2D([], [], marker="o", markerfacecolor=style.PAPER, **mark)
        hollow.set_label("the same, recalled")
        marks += [
            Line2D([], [], marker="o", label="date in the record, read", **mark),
            hollow,
            Patch(linewidth=1.8, label=f"by {end} in the record only", **blank),
            Patch(
                linewidth=1.3, linestyle=(0, (2.2, 1.6)), label=f"by {end} in the run only",
                **blank,
            ),
        ]  # fmt: skip
    marks += [
        Line2D([], [], marker="|", markersize=6, label="each tick a further wave", **mark),
        Line2D([], [], marker="x", markersize=5, label="given up in the end", **mark),
    ]
    since = style.short_date(table.outbreak)
    title = f"Colour: first wave in the run, days after {since}"
    if any(cell.acting for cell in table.cells.values()):
        title += "; 5 of 8: members that took it one by one"
    if grid.is_compact:
        title = f"Numbers: days after {since}; ⊘ blocked.\nColour: the same, first wave in the run"
        top += 0.12
    page.legend(times, EDGE, top, 3 if narrow else 6, title=title)
    page.legend(marks, EDGE, top + (0.68 if narrow else 0.5), 2 if narrow else 3)
