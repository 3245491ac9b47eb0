"""Lines over time, with or without a band, their names at the right end, and dates beneath."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib import dates as ticks
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from sim.report import compare, style
from sim.setting import Setting

FLAT = 1e-9
N_MARKS = 6
DASHES: tuple[Any, ...] = ("solid", (0, (5, 1.5)), (0, (3, 1.2, 1, 1.2)), (0, (1.5, 1)))


class Line(NamedTuple):
    """One line of a panel."""

    name: str  # none if it is alone
    values: Any  # (n_dates,)
    colour: str
    dashes: Any = "solid"
    # (n_dates,) of the band around it, if it has one
    low: Any = None
    high: Any = None


def look_of(n: int) -> tuple[str, Any]:
    """Return the colour and the dashes of a number, the same in every figure."""
    return style.LINES[n % len(style.LINES)], DASHES[n % len(DASHES)]


def line_of(setting: Setting, code: str, values: Any, n: int, letters: int = 15) -> Line:
    """Return the line of a state, with the colour and the dashes of a number."""
    return Line(style.shortened(setting.name_of(code), letters), values, *look_of(n))


def bands(axes: Axes, dates: Sequence[date], curves: Mapping[str, tuple[Any, Any, Any]]) -> None:
    """Draw paths with the band of their draws, named and with their last value at the right end.

    Told apart by dashes as well as by colour, so that they can be in grey.

    Parameters
    ----------
    axes : Axes
        With room at the right for the names: about 1.2 inches.
    curves : mapping of str to (low, median, high), each (n_dates,)
        By what they are called; nan where there is nothing to draw.
    """
    lines = [
        Line(name, np.asarray(median), *look_of(n), np.asarray(low), np.asarray(high))
        for n, (name, (low, median, high)) in enumerate(curves.items())
    ]
    draw_lines(axes, dates, lines)


def draw_lines(
    axes: Axes,
    dates: Sequence[date],
    lines: Sequence[Line],
    limits: tuple[float, float] | None = None,
) -> None:
    """Draw lines with their bands, their names and last values at the right end."""
    when: Any = dates
    marker = "o" if len(dates) == 1 else ""
    for line in lines:
        if line.low is not None:
            axes.fill_between(when, line.low, line.high, color=line.colour, alpha=0.16, linewidth=0)
            for edge in (line.low, line.high):
                axes.plot(when, edge, color=line.colour, linewidth=0.5, alpha=0.6)
        axes.plot(
            when,
            line.values,
            color=line.colour,
            marker=marker,
            linestyle=line.dashes,
            label=line.name,
        )
    axes.grid(axis="y", color=style.FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    limits = limits or limits_of(lines)
    axes.set_ylim(*limits)
    if limits[0] < 0.0:
        axes.axhline(0.0, color=style.MUTED, linewidth=0.8, zorder=1)
    _name_ends(axes, lines, limits)


def limits_of(lines: Sequence[Line]) -> tuple[float, float]:
    """Return limits of the vertical axis that hold lines, bands and zero."""
    parts = [part for line in lines for part in (line.values, line.low, line.high)]
    values = np.concatenate([np.ravel(part) for part in parts if part is not None])
    values = values[np.isfinite(values)]
    lowest, highest = (values.min(), values.max()) if values.size else (0.0, 0.0)
    room = 0.06 * max(float(highest), 0.0) - 0.06 * min(float(lowest), 0.0)
    low = min(float(lowest) - room, 0.0) if lowest < 0 else 0.0
    high = max(float(highest), 0.0) + room
    return (0.0, 1.0) if high - low < FLAT else (low, high)


def _name_ends(axes: Axes, lines: Sequence[Line], limits: tuple[float, float]) -> None:
    """Write the name and the last value of each line beside its end."""
    ends = [(line, _last(line.values)) for line in lines]
    shown = [(line, value) for line, value in ends if math.isfinite(value)]
    figure: Any = axes.figure
    inches = axes.get_position().height * figure.get_figheight()
    room = 0.165 * (limits[1] - limits[0]) / inches
    away = (0.12 if len(lines) == 1 else 0.2) / (axes.get_position().width * figure.get_figwidth())
    heights = spread_labels([value for _, value in shown], room, limits[0])
    for (line, value), height in zip(shown, heights, strict=True):
        axes.annotate(
            f"{line.name} {short_number(value)}".strip(),
            xy=(1.0, value),
            xycoords=("axes fraction", "data"),
            xytext=(1.0 + away, height),
            textcoords=("axes fraction", "data"),
            color=line.colour,
            weight="bold",
            size=8.2,
            va="center",
            arrowprops={
                "arrowstyle": "-", "color": line.colour, "linewidth": 0.6, "relpos": (0, 0.5),
            },
        )  # fmt: skip


def _last(values: Any) -> float:
    """Return the last value that is a number; nan if there is none."""
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    return float(finite[-1]) if finite.size else math.nan


def short_number(value: float) -> str:
    """Return a number in three digits or so."""
    if abs(value - round(value)) < 0.0005:
        return str(round(value)).replace("-", "−")
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.0995 else 3
    return f"{value:.{digits}f}".replace("-", "−")


def tick_label(value: float, _: float = 0.0) -> str:
    """Return a number as an axis shows it."""
    return f"{value:g}".replace("-", "−")


def spread_labels(heights: list[float], room: float, floor: float = 0.0) -> list[float]:
    """Return heights in the same order, at least `room` apart and none below `floor`.

    The mean of pushing all up and pushing all down: both keep the distance, so their mean does.
    """
    order = sorted(range(len(heights)), key=lambda n: heights[n])
    up, down = list(heights), list(heights)
    for low, high in pairwise(order):
        up[high] = max(up[high], up[low] + room)
    for high, low in pairwise(reversed(order)):
        down[low] = min(down[low], down[high] - room)
    placed = [(a + b) / 2.0 for a, b in zip(up, down, strict=True)]
    return [height - min(0.0, min(placed) - floor) for height in placed]


def marked_events(
    setting: Setting, events: pd.DataFrame, last: date
) -> list[tuple[str, date, str]]:
    """Return letter, day and words of the gravest events of a run, in the order of time.

    Events closer to a graver one than a twentieth of the run give way to it, so that the marks
    can be told apart. A settlement is always among them, if it comes by the last day drawn.
    """
    happened = events[
        (events["kind"] == "event") & ~events["instrument"].isin(["involvement", "closure"])
    ]
    known = {(e.date, e.label): e.severity for e in setting.events}
    random = setting.config.society.escalation_severity
    found = [
        (known.get((date.fromisoformat(day), words), random), date.fromisoformat(day), words)
        for day, words in zip(happened["date"], happened["detail"], strict=True)
    ]
    settled = events[events["kind"] == "settlement"]["date"]
    found += [(math.inf, date.fromisoformat(day), "talks settle the war") for day in settled]
    apart = (last - setting.start).days / 20.0
    chosen: list[tuple[date, str]] = []
    for _, day, words in sorted(found, key=lambda entry: (-entry[0], entry[1])):
        near = any(abs((day - other).days) < apart for other, _ in chosen)
        if len(chosen) < N_MARKS and day <= last and not near:
            chosen.append((day, words))
    return [(chr(ord("A") + n), *entry) for n, entry in enumerate(sorted(chosen))]


def mark_events(
    panels: Sequence[Axes],
    setting: Setting,
    dates: Sequence[date],
    marks: list[tuple[str, date, str]] | None = None,
) -> None:
    """Mark dated events in all panels, by their letters above; without any, the outbreak."""
    if marks is None:
        day = compare.outbreak(setting)
        marks = [("outbreak", day, "")] if setting.start < day <= dates[-1] else []
    for panel in panels:
        for letter, day, _ in marks:
            where: Any = day
            panel.axvline(where, color=style.MUTED, linewidth=0.8, linestyle=(0, (1, 2)), zorder=0)
            panel.annotate(
                letter,
                xy=(day, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0 if len(letter) == 1 else -3, 1),
                textcoords="offset points",
                ha="center" if len(letter) == 1 else "left",
                va="bottom",
                size=7.6,
                color=style.MUTED,
            )


def date_axis(axes: Axes, start: date, end: date) -> None:
    """Label the months, or the days of a short time, along an axis."""
    last = max(end, start + timedelta(days=2))
    axes.set_xticks(*_date_ticks(start, last))
    axes.tick_params(axis="x", labelsize=8)
    axes.set_xlim(float(date2num(start)), float(date2num(last)))


@cache
def _date_ticks(start: date, last: date) -> tuple[list[float], list[str]]:
    """Return where the ticks of a time stand, and their labels: found once for all panels."""
    if (last - start).days < 60:  # never hours
        days = [start + timedelta(days=n) for n in range((last - start).days + 1)]
        days = days[:: max(1, (last - start).days // 3)]
        return [float(ticks.date2num(day)) for day in days], [style.short_date(d) for d in days]
    locator = ticks.AutoDateLocator(minticks=3, maxticks=7)
    first, end = (datetime(day.year, day.month, day.day) for day in (start, last))
    places = [float(place) for place in locator.tick_values(first, end)]
    return places, ticks.ConciseDateFormatter(locator, show_offset=False).format_ticks(places)


def dates_of(column: pd.Series) -> list[date]:
    """Return a column of ISO dates as dates."""
    return [date.fromisoformat(str(text)) for text in column]
