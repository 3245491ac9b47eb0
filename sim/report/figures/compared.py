"""Settings side by side: bands over time, how far they differ, and who loses more."""

import math
import textwrap
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.compare.comparison import Comparison
from sim.analysis.compare.words import first_year
from sim.report import style
from sim.report.figures.lines import (
    Line,
    date_axis,
    dates_of,
    draw_lines,
    limits_of,
    look_of,
    tick_label,
)
from sim.report.figures.sheet import EDGE, NARROW, PER_INCH, SCREEN, name_rows, sheet

BANDS = 3  # curves; the bands of more cannot be told apart
LEFT, RIGHT, HIGH, GAP = 0.58, 0.74, 1.25, 0.50  # inches around and of a panel
ROW, N_STATES = 0.21, 16
MARKS = ("o", "s", "D", "^", "v", "P")


class Panel(NamedTuple):
    """One quantity over time."""

    column: str  # of the paths
    title: str  # with its unit
    factor: float = 1.0  # what a value is multiplied by
    limits: tuple[float, float] | None = None  # of the axis of levels, if they are fixed


def panels_of(comparison: Comparison) -> list[Panel]:
    """Return what is drawn over time."""
    target = comparison.targets[0]
    name = textwrap.shorten(comparison.name(target), 14, placeholder="…") or target
    wanted = (
        Panel(f"loss_{target}", f"Loss of {name}, % of GDP"),
        Panel("mean_sender_loss", "Mean loss of the senders, % of GDP"),
        Panel("measures_announced", "Measures that stand"),
        Panel(f"leak_{target}", f"Leak to {name}, % of covered trade", 100.0),
        Panel("belief", "Belief in the coalition, 0 to 1", limits=(0.0, 1.0)),
        Panel("mean_support", "Support among senders, 0 to 1", limits=(0.0, 1.0)),
    )
    known = set(comparison.paths["quantity"])
    return [panel for panel in wanted if panel.column in known]


def paths_compared(comparison: Comparison, wide: float = SCREEN) -> Figure:
    """Return small multiples of all settings over time: medians, and bands of their draws."""
    labels = comparison.labels
    banded = len(labels) <= BANDS
    shaded = "; shaded: where four draws of five lie" if banded else ""
    below = f"Medians of {comparison.runs:,} draws{shaded}. Belief is an indicator, no forecast."
    if len({frozenset(one.senders) for one in comparison.variants}) > 1:
        below += " Senders are not the same in all."
    return _over_time(comparison, labels, wide, "The settings over time", below, "", banded)


def differences_over_time(comparison: Comparison, wide: float = SCREEN) -> Figure:
    """Return small multiples of the paired difference of each setting to the first over time."""
    labels = comparison.labels[1:]
    banded = len(labels) <= BANDS
    shaded = "; shaded: where four pairs of five lie" if banded else ""
    who = labels_in(labels) if len(labels) == 1 else "they"
    verb = "is" if len(labels) == 1 else "are"
    title = f"How far {who} {verb} from {labels_in(comparison.labels[:1])}"
    below = (
        f"Medians of {comparison.runs:,} differences between the same draws{shaded}. At zero they "
        "are alike."
    )
    return _over_time(comparison, labels, wide, title, below, "difference_", banded)


def labels_in(labels: Sequence[str]) -> str:
    """Return labels for a title, none longer than a line."""
    return ", ".join(textwrap.shorten(label, 40, placeholder="…") for label in labels)


def _over_time(
    comparison: Comparison,
    labels: Sequence[str],
    wide: float,
    title: str,
    below: str,
    prefix: str,
    banded: bool,
) -> Figure:
    panels = panels_of(comparison)
    paths = dict(iter(comparison.paths.groupby(["variant", "quantity"])))
    columns = 1 if wide < NARROW else 2
    looks = {label: look_of(comparison.labels.index(label)) for label in labels}
    legend = 0.19 * math.ceil(len(labels) / columns) + 0.1
    deep = math.ceil(len(panels) / columns) * (HIGH + GAP)
    with style.house():
        page = sheet(wide, legend + 0.3 + deep, title, below)
        page.legend(_handles(looks), EDGE, 0.02, columns, handlelength=2.8)
        grid = page.multiples(len(panels), legend + 0.3, HIGH, LEFT, RIGHT, GAP)
        for axes, panel in zip(grid, panels, strict=True):
            lines = []
            for label, (colour, dashes) in looks.items():
                rows = paths[label, panel.column]
                low, median, high = (
                    panel.factor * rows[f"{prefix}{name}"].to_numpy()
                    for name in ("low", "median", "high")
                )
                ends = (low, high) if banded else (None, None)
                lines.append(Line("", median, colour, dashes, *ends))
            _draw_panel(axes, dates_of(rows["date"]), lines, panel, bool(prefix))
            date_axis(axes, date.fromisoformat(comparison.start), dates_of(rows["date"])[-1])
        return page.figure


def _draw_panel(
    axes: Axes, dates: list[date], lines: list[Line], panel: Panel, apart: bool
) -> None:
    limits = None if apart else panel.limits
    if apart:
        low, high = limits_of(lines)
        # What hardly moves is drawn in the middle of a scale, not as a jump from edge to edge.
        limits = (low, high) if low < 0.0 else (-0.06 * high, high)
    draw_lines(axes, dates, lines, limits)
    axes.set_title(panel.title, size=9.2, pad=6)
    axes.yaxis.set_major_formatter(tick_label)
    axes.tick_params(axis="y", labelsize=8)


def _handles(looks: dict[str, tuple[str, object]]) -> list[Line2D]:
    return [
        Line2D([], [], color=colour, linestyle=dashes, label=_short(label))  # type: ignore[arg-type]
        for label, (colour, dashes) in looks.items()
    ]


def _short(label: str) -> str:
    return textwrap.shorten(label, 42, placeholder="…") or f"{label[:40]}…"


def losses_compared(comparison: Comparison, wide: float = SCREEN) -> Figure:
    """Return by how much the loss of each state in the first year differs, of those most moved."""
    labels = comparison.labels[1:]
    rows = comparison.states[comparison.states["variant"].isin(labels)]
    size = rows.assign(size=rows["middle"].abs()).groupby("state")["size"].max()
    top = set(size.sort_values(ascending=False, kind="stable").index[:N_STATES])
    order = rows.groupby("state", sort=False)["middle"].mean().sort_values(kind="stable")
    states = [code for code in order.index if code in top]
    names, legend = 1.65, 0.19 * len(labels) + 0.1
    step = ROW if len(labels) == 1 else max(ROW, 0.1 * (len(labels) + 1))
    high = step * len(states) + 0.1
    with style.house():
        page = sheet(
            wide,
            legend + high + 0.62,
            f"Who loses more, who less than under {labels_in(comparison.labels[:1])}",
            f"Difference of the loss of real income {first_year(comparison)}: its mean, and where "
            "four pairs of draws of five lie. Left of zero: loses less.",
        )
        page.legend(_marks(comparison, labels), EDGE, 0.02, 1)
        axes = page.axes(names, legend + 0.08, wide - names - EDGE - 0.1, high)
        for n, label in enumerate(labels):
            _draw_losses(axes, comparison, label, states, (n + 1) / (len(labels) + 1) - 0.5)
        _name_rows(axes, comparison, states, names)
        return page.figure


def _marks(comparison: Comparison, labels: Sequence[str]) -> list[Line2D]:
    return [
        Line2D(
            [], [], color=look_of(comparison.labels.index(label))[0], marker=MARKS[n], markersize=5,
            label=_short(label),
        )
        for n, label in enumerate(labels)
    ]  # fmt: skip


def _draw_losses(
    axes: Axes, comparison: Comparison, label: str, states: list[str], shift: float
) -> None:
    rows = comparison.states[comparison.states["variant"] == label].set_index("state")
    at = comparison.labels.index(label)
    colour, mark = look_of(at)[0], MARKS[at - 1]
    for row, code in enumerate(states):
        y, line = row + shift, rows.loc[code]
        sure = line["verdict"] in ("higher", "lower")
        axes.plot([line["low"], line["high"]], [y, y], color=colour, linewidth=1.6, zorder=2)
        fill = colour if sure else style.PAPER  # empty: no more than luck
        axes.plot(
            line["middle"], y, mark, color=colour, markerfacecolor=fill, markersize=5, zorder=3
        )


def _name_rows(axes: Axes, comparison: Comparison, states: list[str], inches: float) -> None:
    letters = int(PER_INCH * inches) - 2
    name_rows(
        axes,
        [textwrap.shorten(comparison.name(code), letters, placeholder="…") for code in states],
    )
    axes.grid(axis="x", color=style.FAINT, linewidth=0.7)
    axes.axvline(0.0, color=style.INK, linewidth=0.9, zorder=1)
    axes.set_axisbelow(True)
    axes.set_xlabel("percentage points of GDP; empty: may be luck", size=8)
    axes.xaxis.set_major_formatter(tick_label)
