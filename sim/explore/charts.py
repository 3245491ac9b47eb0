"""Charts over time as options of ECharts: lines, with or without a band, in the house's colours."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.report.style import LINES

# Of the page, light or dark.
INK, MUTED, PANEL, RULE = "var(--ink)", "var(--muted)", "var(--panel)", "var(--line)"
DASHES = ("solid", "dashed", "dotted", [8, 3, 2, 3])  # a line is told by more than its colour

MONTH = "{month: 'short', year: 'numeric', timeZone: 'UTC'}"  # of the browser's own dates
DAY = "{day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC'}"


TOOLTIP = {"confine": True, "backgroundColor": PANEL, "borderColor": RULE,
           "textStyle": {"color": INK}}  # fmt: skip


class Line(NamedTuple):
    """A line of a chart; nan is a gap."""

    name: str
    values: Floats  # (n_steps,)
    # (n_steps,) Of the band around it.
    low: Floats | None = None
    high: Floats | None = None


def over_time(
    title: str,
    unit: str,
    days: Sequence[int],
    start: date,
    lines: Sequence[Line],
    n_days: int,
    plays: bool = False,
) -> dict[str, Any]:
    """Return a chart of lines over the days of a run.

    Parameters
    ----------
    days : (n_steps,)
        The last of each step.
    start : date
        Day 0.
    plays : bool
        A mark follows the day that a page is at.
    """
    series: list[dict[str, Any]] = []
    for n, line in enumerate(lines):
        series += _band(n, line, days) if line.low is not None else []
        series.append(_line(n, line, days))
    if plays:
        series.append(_now())
    named = [line.name for line in lines]
    return {
        "animation": False,
        "aria": {"enabled": True, "label": {"description": _in_words(title, unit, lines)}},
        "title": {"text": title, "left": 0, "textStyle": {"fontSize": 14, "color": INK}},
        "textStyle": {"color": INK, "fontFamily": "inherit"},
        "legend": {
            "data": named, "top": 28, "left": 0, "show": len(named) > 1, "itemWidth": 28,
            "textStyle": {"color": INK},
        },
        "grid": {"left": 8, "right": 18, "top": 78 if len(named) > 1 else 54, "bottom": 8,
                 "containLabel": True},
        "tooltip": {**TOOLTIP, "trigger": "axis", "order": "valueDesc",
                    ":valueFormatter": "v => v == null ? '–' : (+v).toPrecision(3)"},
        "xAxis": {
            "type": "value", "min": 0, "max": n_days - 1, "interval": max((n_days - 1) / 3, 1),
            "axisLabel": {":formatter": _dated(start, "d", MONTH), "color": MUTED,
                          "hideOverlap": True, "alignMinLabel": "left", "alignMaxLabel": "right"},
            "axisLine": {"lineStyle": {"color": MUTED}},
            "axisPointer": {"label": {":formatter": _dated(start, "d.value", DAY)}},
            "splitLine": {"show": False},
        },
        "yAxis": {"type": "value", "name": unit, "nameTextStyle": {"align": "left", "color": MUTED},
                  "axisLabel": {"color": MUTED}, "nameGap": 8,
                  "splitLine": {"lineStyle": {"color": RULE}}},
        "series": series,
    }  # fmt: skip


def _line(n: int, line: Line, days: Sequence[int]) -> dict[str, Any]:
    colour = f"var(--line-{n % len(LINES)})"
    return {
        "id": f"line {n}", "name": line.name, "type": "line", "symbol": "none",
        "data": _points(days, line.values), "color": colour,
        "lineStyle": {"width": 2, "type": DASHES[n % len(DASHES)]},
    }  # fmt: skip


def _band(n: int, line: Line, days: Sequence[int]) -> list[dict[str, Any]]:
    """Return the two stacked series that ECharts draws a band of."""
    assert line.low is not None
    assert line.high is not None
    common = {"type": "line", "stack": f"band {n}", "symbol": "none", "silent": True,
              "lineStyle": {"opacity": 0}, "tooltip": {"show": False},
              "stackStrategy": "all"}  # fmt: skip
    fill = {"areaStyle": {"color": f"var(--line-{n % len(LINES)})", "opacity": 0.18}}
    return [
        {"id": f"low {n}", **common, "data": _points(days, line.low)},
        {"id": f"high {n}", **common, **fill, "data": _points(days, line.high - line.low)},
    ]


def _now() -> dict[str, Any]:
    """Return the series whose mark shows the day, and what is still to come behind a veil."""
    return {
        "id": "now", "type": "line", "data": [], "silent": True, "z": 9,
        "markLine": {"symbol": "none", "silent": True, "z": 10, "label": {"show": False},
                     "lineStyle": {"color": INK, "type": "solid", "width": 1.5}, "data": []},
        "markArea": {"silent": True, "z": 9, "itemStyle": {"color": PANEL, "opacity": 0.78},
                     "data": []},
    }  # fmt: skip


def _dated(start: date, day: str, form: str) -> str:
    """Return a function of JavaScript that says a day of the run as a date, in English."""
    first = f"Date.UTC({start.year}, {start.month - 1}, {start.day})"
    return f"d => new Date({first} + Math.round({day}) * 864e5).toLocaleDateString('en-GB', {form})"


def _points(days: Sequence[int], values: Floats) -> list[list[float | None]]:
    return [
        [day, round(float(value), 6) if np.isfinite(value) else None]
        for day, value in zip(days, values, strict=True)
    ]


def _in_words(title: str, unit: str, lines: Sequence[Line]) -> str:
    """Return what a chart shows, for who hears the page."""
    said = []
    for line in lines:
        known = line.values[np.isfinite(line.values)]
        if known.size:
            said.append(f"{line.name} ends at {known[-1]:.3g}, at most {known.max():.3g}")
    return f"{title}, {unit}. {'; '.join(said)}."
