"""What finds another way: who buys of senders for the targets, and what of it arrives."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.report import style
from sim.report.figures.lines import (
    Line,
    date_axis,
    dates_of,
    draw_lines,
    line_of,
    short_number,
    tick_label,
)
from sim.report.figures.paths import N_PATHS as N_TARGETS
from sim.report.figures.sheet import EDGE, SCREEN, Sheet, name_rows, sheet
from sim.setting import Setting

SEEN = 0.005  # USD bn a year; less is no route
N_PATHS, N_BARS = 4, 10
ROW = 0.27  # inches


def carriers(states: pd.DataFrame) -> pd.DataFrame:
    """Return who carries or orders something at the end of a run, who carries most first.

    Returns
    -------
    DataFrame
        `state`, `role`, `diverted_bn`, `hub_purchases_bn`; both in USD bn a year.
    """
    last = states[states["step"] == states["step"].max()]
    columns = ["state", "role", "diverted_bn", "hub_purchases_bn"]
    table = last[columns].sort_values("diverted_bn", ascending=False, kind="stable")
    return table[table["diverted_bn"] + table["hub_purchases_bn"] >= SEEN].reset_index(drop=True)


def routes(
    setting: Setting, steps: pd.DataFrame, states: pd.DataFrame, wide: float = SCREEN
) -> Figure:
    """Return who sells to the targets what senders no longer do: over time, and at the end.

    Somebody must carry something in `states`.
    """
    table = carriers(states)
    shown = table[:N_BARS]
    high = 1.75
    top = 0.3 + high + 0.66
    with style.house():
        page = sheet(
            wide,
            top + 0.3 + ROW * len(shown) + 0.35,
            "What finds another way",
            "Covered exports of the senders that other states carry to the targets, USD bn a year.",
        )
        axes = page.axes(0.55, 0.3, wide - 0.55 - 1.72, high)
        dates = dates_of(steps["date"])
        wide_form = states.pivot(index="step", columns="state", values="diverted_bn")
        codes = list(table["state"][:N_PATHS])
        # A target has the colour that it has in other figures.
        looks = list(dict.fromkeys([*list(setting.config.scenario.targets)[:N_TARGETS], *codes]))
        lines = [
            line_of(setting, code, wide_form[code], n, 16)
            for n, code in enumerate(looks)
            if code in codes
        ]
        rest = list(table["state"][N_PATHS:])
        if rest:
            lines.append(Line("all others", wide_form[rest].sum(axis=1), style.MUTED, (0, (1, 1))))
        draw_lines(axes, dates, lines)
        axes.set_title("Arrives over time", pad=6)
        axes.set_ylabel("USD bn a year", size=8)
        date_axis(axes, setting.start, dates[-1])
        _draw_bars(page, setting, top, shown, len(table) - len(shown))
        return page.figure


def _draw_bars(page: Sheet, setting: Setting, top: float, shown: pd.DataFrame, left: int) -> None:
    """Draw what each orders of senders, and in it what arrives, at the end."""
    names = 1.5 if not page.is_narrow else 1.25
    page.text(EDGE, top, "On the last day", size=10.5, weight="bold")
    handles = [
        Patch(facecolor=style.LINES[1], label="arrives at a target"),
        Patch(facecolor=style.PAPER, edgecolor=style.INK, label="ordered of the senders"),
    ]
    page.legend(handles, page.wide - (3.3 if not page.is_narrow else 2.0), top - 0.08,
                1 if page.is_narrow else 2)  # fmt: skip
    axes = page.axes(names, top + 0.3, page.wide - names - 0.95, ROW * len(shown))
    rows = range(len(shown))
    axes.barh(rows, shown["hub_purchases_bn"], 0.68, facecolor=style.PAPER, edgecolor=style.INK,
              linewidth=0.8)  # fmt: skip
    axes.barh(rows, shown["diverted_bn"], 0.36, color=style.LINES[1])
    most = shown[["diverted_bn", "hub_purchases_bn"]].max(axis=1)
    for row, (arrives, ordered, end) in enumerate(
        zip(shown["diverted_bn"], shown["hub_purchases_bn"], most, strict=True)
    ):
        axes.annotate(
            f"{short_number(arrives)} of {short_number(ordered)}", (end, row), (4, 0),
            textcoords="offset points", va="center", size=7.8,
        )  # fmt: skip
    name_rows(axes, [*map(setting.name_of, shown["state"])], int(13.5 * names))
    axes.xaxis.set_major_formatter(tick_label)
    if left:
        page.text(page.wide - EDGE, page.high - page.head - 0.1, f"and {left} more with less",
                  ha="right", color=style.MUTED)  # fmt: skip
