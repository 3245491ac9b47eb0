"""Who bears what before and after burdens are shared."""

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.report import style
from sim.report.figures.lines import short_number, tick_label
from sim.report.figures.sheet import EDGE, NARROW, SCREEN, name_rows, sheet
from sim.setting import Setting

MOVED = 0.005  # USD bn a year; less is not sharing
ROW = 0.21  # inches
PAYS, GETS = "#0b4a8f", "#c44f00"


def shared_burdens(setting: Setting, states: pd.DataFrame) -> pd.DataFrame:
    """Return what each sender loses before and after transfers at the end, largest first.

    Returns
    -------
    DataFrame
        `state`, `before`, `after` (percent of GDP), `received` (USD bn a year, below 0 paid);
        empty where nothing moves.
    """
    last = states[(states["step"] == states["step"].max()) & (states["role"] == "sender")]
    gdp = setting.world.gdp_bn[[setting.world.index(code) for code in last["state"]]]
    table = last[["state"]].assign(
        before=last["loss"] + 100.0 * last["transfer_bn"] / gdp,
        after=last["loss"],
        received=last["transfer_bn"],
    )
    if not (table["received"].abs() > MOVED).any():
        return table.iloc[:0]
    return table.sort_values("before", ascending=False, kind="stable", ignore_index=True)


def burden(setting: Setting, states: pd.DataFrame, wide: float = SCREEN) -> Figure:
    """Return what each sender bears before and after burdens are shared, a row for each.

    Something must move in `states`.
    """
    table = shared_burdens(setting, states)
    names, amounts, high = 1.4, 1.12, ROW * len(table) + 0.1
    if wide < NARROW:
        names, amounts = 1.2, 0.82
    with style.house():
        page = sheet(
            wide,
            high + 1.12,
            "Who bears what, before and after burdens are shared",
            "Loss of real income of the senders on the last day; below zero, a gain.",
        )
        axes = page.axes(names, 0.5, wide - names - amounts, high)
        columns = (table[name] for name in ("before", "after", "received"))
        for row, (before, after, received) in enumerate(zip(*columns, strict=True)):
            colour = GETS if received > 0 else PAYS
            axes.plot([before, after], [row, row], color=colour, linewidth=2.0, zorder=2)
            axes.plot(before, row, "o", color=colour, markerfacecolor=style.PAPER, markersize=5.5)
            axes.plot(after, row, "o", color=colour, markersize=5.5, zorder=3)
            moved = f"{'gets' if received > 0 else 'pays'} {short_number(abs(received))}"
            moved = moved if abs(received) > MOVED else "–"
            axes.text(
                1.02, row, moved,
                ha="left", va="center", size=8.2, color=colour,
                transform=axes.get_yaxis_transform(),
            )  # fmt: skip
        name_rows(axes, [*map(setting.name_of, table["state"])], int(13.5 * names))
        axes.grid(axis="x", color=style.FAINT, linewidth=0.7)
        axes.axvline(0.0, color=style.MUTED, linewidth=0.8, zorder=1)
        axes.set_axisbelow(True)
        axes.set_xlabel("% of GDP a year", size=8)
        axes.xaxis.set_major_formatter(tick_label)
        page.text(wide - EDGE, 0.37, "USD bn a year", color=style.MUTED, size=7.6, ha="right")
        look: dict[str, Any] = {
            "linestyle": "",
            "marker": "o",
            "color": style.INK,
            "markersize": 5.5,
        }
        marks = [
            Line2D([], [], markerfacecolor=style.PAPER, label="before transfers", **look),
            Line2D([], [], label="after", **look),
        ]
        page.legend(marks, EDGE, 0.08, 2)
        return page.figure
