"""What moves beside the losses: small multiples over time."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.report import style
from sim.report.figures.lines import (
    Line,
    date_axis,
    dates_of,
    draw_lines,
    line_of,
    mark_events,
    marked_events,
)
from sim.report.figures.sheet import EDGE, NARROW, PER_INCH, SCREEN, Sheet, sheet
from sim.setting import Setting

N_PATHS = 2
LEFT, RIGHT, HIGH, GAP = 0.42, 1.1, 1.18, 0.46  # inches around and of a panel
Marks = list[tuple[str, Any, str]]


def paths(
    setting: Setting, steps: pd.DataFrame, events: pd.DataFrame, wide: float = SCREEN
) -> Figure:
    """Return small multiples of what moves beside the losses, with the gravest events marked."""
    dates = dates_of(steps["date"])
    panels = _panels(setting, steps)
    marks = marked_events(setting, events, dates[-1])
    with style.house():
        narrow = wide < NARROW
        columns = 1 if narrow else 2
        rows = math.ceil(len(panels) / columns)
        listed = 0.17 * math.ceil(len(marks) / columns)
        deep = 0.36 + rows * (HIGH + GAP)
        page = sheet(
            wide,
            deep + listed + 0.1,
            "What else moves",
            "The dollar's price is no measure of welfare. Belief and risk are indicators, not "
            "forecasts. Letters mark the gravest events.",
        )
        grid = page.multiples(len(panels), 0.36, HIGH, LEFT, RIGHT, GAP)
        for axes, (title, lines, limits) in zip(grid, panels, strict=True):
            draw_lines(axes, dates, lines, limits)
            axes.set_title(title, size=9.2, pad=11)
            date_axis(axes, setting.start, dates[-1])
        mark_events(grid, setting, dates, marks)
        grid[2].axhline(1.0, color=style.MUTED, linewidth=0.8, zorder=1)
        _list_marks(page, deep, marks, columns)
        return page.figure


def _panels(
    setting: Setting, steps: pd.DataFrame
) -> list[tuple[str, list[Line], tuple[float, float] | None]]:
    """Return title, lines and limits of each panel."""
    targets = list(setting.config.scenario.targets)[:N_PATHS]

    def each(column: str, values: Callable[[Any], Any]) -> list[Line]:
        return [
            line_of(setting, code, values(steps[f"{column}_{code}"]), n, 10)
            for n, code in enumerate(targets)
        ]

    def one(column: str, factor: float = 1.0) -> list[Line]:
        return [Line("", factor * steps[column], style.INK)]

    return [
        ("Waves announced, less withdrawn", one("waves_announced"), None),
        ("Leak, % of covered trade", each("leak", lambda leak: 100.0 * leak), None),
        ("Price of a dollar, before = 1", each("log_rate", np.exp), None),
        ("Support among senders, 0 to 1", one("mean_support"), (0.0, 1.0)),
        ("Belief in the coalition, 0 to 1", one("belief"), (0.0, 1.0)),
        ("Risk of an attempt elsewhere, %", one("attempt_risk", 100.0), None),
    ]


def _list_marks(page: Sheet, top: float, marks: Marks, columns: int) -> None:
    """Say in words what the letters mark."""
    room = (page.wide - 2 * EDGE) / columns
    for number, (letter, day, words) in enumerate(marks):
        text = f"{letter}  {style.full_date(day)}: {words}"
        page.text(
            EDGE + room * (number % columns),
            top + 0.05 + 0.17 * (number // columns),
            style.shortened(text, int(1.06 * PER_INCH * room)),
            color=style.INK,
        )
