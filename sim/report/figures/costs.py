"""What it costs over time, and how far that hangs on how trade adjusts."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.report import style
from sim.report.figures.lines import (
    DASHES,
    Line,
    date_axis,
    dates_of,
    draw_lines,
    line_of,
    mark_events,
    tick_label,
)
from sim.report.figures.sheet import SCREEN, Sheet, name_rows, sheet
from sim.setting import Setting

TOP_SENDERS = 4
N_PATHS = 2  # targets whose paths are drawn; more hide each other
LEFT, NAMES = 0.55, 1.72  # inches for the numbers of an axis, and for the names of lines
LETTERS = 15  # of these names
AGES = {"first_year": ("first year, mean", "o"), "third_year": ("third year", "D"),
        "long_run": ("long run", "^")}  # fmt: skip


def costs(
    setting: Setting,
    steps: pd.DataFrame,
    states: pd.DataFrame,
    outcomes: Mapping[str, object] | None = None,
    wide: float = SCREEN,
) -> Figure:
    """Return losses over time: of the targets, and of the senders that lose most.

    Below them, where outcomes are given, what the same measures cost at the elasticities of other
    ages of trade: points, for they are no margin of error.
    """
    dates = dates_of(steps["date"])
    spans = _spans(setting, outcomes or {})
    high, ages = (2.15, 1.75), 0.98 + 0.24 * len(spans) if spans else 0.0
    tops = (0.34, 0.34 + high[0] + 0.62)
    with style.house():
        page = sheet(
            wide,
            tops[1] + high[1] + 0.42 + ages,
            "What it costs",
            "Loss of real income, percent of GDP a year; below zero, a gain. Each chart has its "
            "own scale. The points at the foot are the same run at elasticities of other ages of "
            "trade, no margin of error.",
        )
        loss, own = (
            page.axes(LEFT, top, wide - LEFT - NAMES, inches)
            for top, inches in zip(tops, high, strict=True)
        )
        mean = Line("senders, mean", steps["mean_sender_loss"], style.INK, (0, (1, 1.2)))
        targets = list(setting.config.scenario.targets)[:N_PATHS]
        lines = [line_of(setting, code, steps[f"loss_{code}"], n) for n, code in enumerate(targets)]
        draw_lines(loss, dates, [*lines, mean])
        draw_lines(own, dates, [*_top_senders(setting, states), mean])
        loss.set_title("Targets, % of GDP", pad=12)
        own.set_title("Senders that lose most, % of GDP", pad=12)
        mark_events((loss, own), setting, dates)
        for axes in (loss, own):
            date_axis(axes, setting.start, dates[-1])
        loss.tick_params(labelbottom=False)
        if spans:
            _draw_ages(page, tops[1] + high[1] + 0.52, spans)
        return page.figure


def _top_senders(setting: Setting, states: pd.DataFrame) -> list[Line]:
    """Return the senders with the largest loss at the end, largest first."""
    senders = states[states["role"] == "sender"]
    paths = senders.pivot(index="step", columns="state", values="loss")
    last = paths.iloc[-1].sort_values(ascending=False, kind="stable")
    return [
        Line(
            style.shortened(setting.name_of(str(code)), LETTERS),
            paths[code],
            style.LINES[(n + 2) % len(style.LINES)],
            DASHES[n],
        )
        for n, code in enumerate(last.index[:TOP_SENDERS])
    ]


def _spans(setting: Setting, outcomes: Mapping[str, object]) -> list[tuple[str, dict[str, float]]]:
    """Return who loses what at which age of trade, with those that are known."""
    stems = {f"loss_{code}": setting.name_of(code)
             for code in setting.config.scenario.targets}  # fmt: skip
    stems["sender_loss_mean"] = "Senders, mean"
    found = []
    for stem, name in stems.items():
        values: dict[str, Any] = {age: outcomes.get(f"{stem}_{age}") for age in AGES}
        known = {age: float(value) for age, value in values.items() if value is not None}
        if len(known) > 1:
            found.append((name, known))
    return found


def _draw_ages(page: Sheet, top: float, spans: list[tuple[str, dict[str, float]]]) -> None:
    """Draw a row of points for each of those who lose."""
    names = 1.35
    page.text(0.12, top, "The same as trade adjusts, % of GDP a year", size=10.5, weight="bold")
    marks = [
        Line2D([], [], linestyle="", marker=shape, color=style.INK, markersize=4.5, label=label)
        for label, shape in AGES.values()
    ]
    page.legend(marks, names - 0.05, top + 0.14, 3)
    axes = page.axes(names, top + 0.34, page.wide - names - 0.25, 0.24 * len(spans))
    for row, (_, values) in enumerate(spans):
        axes.axhline(row, color=style.FAINT, linewidth=0.7, zorder=0)
        for age, value in values.items():
            axes.plot(value, row, AGES[age][1], color=style.INK, markersize=4.5, clip_on=False)
    name_rows(axes, [name for name, _ in spans], 20)
    axes.xaxis.set_major_formatter(tick_label)
    lowest = min(value for _, values in spans for value in values.values())
    axes.set_xlim(left=min(0.0, 1.1 * lowest))
