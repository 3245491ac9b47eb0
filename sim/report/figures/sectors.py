"""Who loses what in which sector: the picture, and the largest losses."""

import math
import textwrap
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.arrays import Floats
from sim.outcomes import BESIDE_SECTORS
from sim.report import style
from sim.report.figures.sheet import EDGE, NARROW, SCREEN, Sheet, boxes, sheet
from sim.report.labels import sector_label
from sim.setting import Setting

MANY, FEW = (5, 5), (3, 3)  # senders and others that are shown
SHOWN = 0.005  # percent of GDP; a column with less in every row is left out
# From little to much; the darker, the more, in grey too.
HARM = ("#ffffff", "#fde5d2", "#fdbb84", "#e8743b", "#8c2d04")
GAIN = ("#ffffff", "#dbe9f6", "#a6cbe3", "#5798c9", "#0b4a8f")
WIDTH, HEIGHT, NAMES, MARGIN = 0.635, 0.27, 1.55, 0.12  # inches of a cell, and beside all
UPRIGHT, TIGHT = 0.5, 0.36  # inches of a cell; narrower, words stand upright, numbers lose a zero
Groups = list[tuple[str, list[str]]]  # of states, by what they have in common


class Scale(NamedTuple):
    """How the numbers of a panel are shown."""

    edges: tuple[float, ...]  # of the classes of size
    digits: int  # after the point, of numbers below ten
    harm: int  # 1 if a number above zero is a loss, -1 if one below zero is
    # Words for both.
    harmful: str
    useful: str


LOSS = Scale((SHOWN, 0.02, 0.1, 0.5), 2, 1, "loss", "gain (−)")
OUTPUT = Scale((0.05, 1.0, 5.0, 20.0), 1, -1, "fall (−)", "rise")


class Panel(NamedTuple):
    """One table of numbers by state and sector."""

    title: str
    columns: list[str]
    values: Floats
    scale: Scale


class Grid(NamedTuple):
    """Rows and columns of a panel as they are drawn, and the room for them."""

    # Words of each.
    rows: list[str]
    columns: list[str]
    # Where each begins, in cells.
    tops: list[float]
    lefts: list[float]
    values: Floats  # (n_rows, n_columns)
    cell: float  # inches, width of a cell
    # Inches for the words of rows and of columns.
    names: float
    head: float

    @property
    def deep(self) -> float:
        """Inches of the rows."""
        return HEIGHT * (self.tops[-1] + 1.0)


def heat_map(setting: Setting, sectors: pd.DataFrame, wide: float = SCREEN) -> Figure:
    """Return states by sectors: parts of the loss of real income above, change of output below.

    Shown are the targets, the senders that lose most and the others that gain most; on a narrow
    sheet fewer of them, and states stand side by side.
    """
    narrow = wide < NARROW
    groups = shown_states(sectors, FEW if narrow else MANY)
    panels = _panels(sectors, [state for _, members in groups for state in members])
    grids = [_grid(setting, panel, groups, wide) for panel in panels]
    foot = 0.72 if narrow else 0.52
    with style.house():
        page = sheet(
            wide,
            sum(grid.head + grid.deep + foot for grid in grids),
            "Who loses what in which sector",
            "At the end of the run. Targets, senders that lose most, others that gain most.",
        )
        top = 0.0
        for grid, panel in zip(grids, panels, strict=True):
            _draw_panel(page, grid, panel, top)
            top += grid.head + grid.deep + foot
        return page.figure


def _grid(setting: Setting, panel: Panel, groups: Groups, wide: float) -> Grid:
    """Return a panel as it is drawn: on a narrow sheet, with states side by side."""
    states = [
        style.shortened(setting.name_of(code), 21) for _, members in groups for code in members
    ]
    sectors = [sector_label(code) for code in panel.columns]
    steps, even = _steps(groups), [float(n) for n in range(len(sectors))]
    if wide < NARROW:
        names, head, across = 1.2, 1.55, steps[-1] + 1
        cell = min((wide - names - MARGIN) / across, WIDTH)
        return Grid(sectors, states, even, steps, panel.values.T, cell, names, head)
    cell = min((wide - NAMES - MARGIN) / len(even), WIDTH)
    return Grid(
        states, sectors, steps, even, panel.values, cell, NAMES, 1.3 if cell < UPRIGHT else 0.66
    )


def _panels(sectors: pd.DataFrame, states: list[str]) -> list[Panel]:
    """Return what is shown of some states; no output if the run ended without an equilibrium."""
    loss = _wide(sectors, "loss").loc[states]
    of_sector = [str(code) for code in loss if code not in BESIDE_SECTORS]
    shown = of_sector + [code for code in BESIDE_SECTORS if (loss[code].abs() >= SHOWN).any()]
    parts = np.column_stack([loss[shown], loss.sum(axis=1)])
    output = _wide(sectors, "output_volume").loc[states][of_sector].to_numpy()
    above = Panel("Loss of real income, % of GDP a year", [*shown, "all"], parts, LOSS)
    below = Panel("Change of output in volume, %", of_sector, output, OUTPUT)
    return [above] if np.isnan(output).all() else [above, below]


def _draw_panel(page: Sheet, grid: Grid, panel: Panel, top: float) -> None:
    """Draw a panel below what takes so many inches of the sheet."""
    across = grid.lefts[-1] + 1.0
    axes = page.axes(grid.names, top + grid.head, grid.cell * across, grid.deep)
    axes.set_xlim(0, across)
    axes.set_ylim(grid.tops[-1] + 1.0, 0)
    axes.set_axis_off()
    _draw_words(axes, grid)
    _draw_cells(axes, grid, panel.scale)
    page.text(EDGE, top + 0.12, panel.title, size=10, weight="bold")
    _draw_legend(page, panel.scale, top + grid.head + grid.deep + 0.2)


def shown_states(sectors: pd.DataFrame, most: tuple[int, int] = MANY) -> Groups:
    """Return groups of states to show, by their names; at most so many senders and others."""
    table = sectors.groupby(["role", "state"], sort=False)["loss"].sum().reset_index()
    table = table.sort_values("loss", ascending=False, kind="stable")
    outside = table[~table["role"].isin(["target", "sender"]) & (table["loss"] <= -SHOWN)]
    found = [
        ("Targets", table[table["role"] == "target"]["state"]),
        ("Senders", table[table["role"] == "sender"]["state"][: most[0]]),
        ("Others", outside["state"][::-1][: most[1]]),
    ]
    return [(name, states.tolist()) for name, states in found if len(states)]


def _wide(sectors: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a column by state and sector, both in the order of the table."""
    table = sectors.pivot(index="state", columns="sector", values=column)
    return table.loc[sectors["state"].unique(), sectors["sector"].unique()]


def _steps(groups: Groups) -> list[float]:
    """Return where each state begins, in cells, half a one free between groups."""
    rows, top = [], 0.0
    for _, members in groups:
        rows += [top + n for n in range(len(members))]
        top += len(members) + 0.5
    return rows


def _draw_words(axes: Axes, grid: Grid) -> None:
    """Write what rows and columns are; the latter upright where they are narrow."""
    for top, words in zip(grid.tops, grid.rows, strict=True):
        axes.text(-0.06 / grid.cell, top + 0.5, words, ha="right", va="center", size=8.2)
    turned = grid.cell < UPRIGHT
    for left, words in zip(grid.lefts, grid.columns, strict=True):
        axes.text(
            left + 0.5,
            -0.15,
            words if turned else "\n".join(textwrap.wrap(words, 11)),
            ha="center",
            va="bottom",
            size=7.5,
            weight="bold" if words == "all" else "normal",
            linespacing=0.95,
            rotation=90 if turned else 0,
        )


def _draw_cells(axes: Axes, grid: Grid, scale: Scale) -> None:
    figure: Any = axes.figure
    tight = grid.cell < TIGHT
    corners, fills = [], []
    for top, row in zip(grid.tops, grid.values, strict=True):
        for left, value in zip(grid.lefts, row, strict=True):
            if math.isnan(value):
                continue
            fill, words = fill_of(value, scale), number_of(value, scale)
            corners.append((left + 0.02, top + 0.03))
            fills.append(fill)
            if tight and len(words) > 3:  # 0.12 as .12, -1.04 as -1.0
                words = words.replace("0.", ".", 1) if abs(value) < 1.0 else words
                words = f"{value:.1f}".replace("-", "−") if len(words) > 4 else words
            # The figure's words, for axes clip each of theirs at twice the time.
            figure.text(
                left + 0.5, top + 0.52, words,
                transform=axes.transData, ha="center", va="center",
                size=7.5 if tight else 8, color=style.ink_on(fill),
            )  # fmt: skip
    boxes(axes, corners, (0.96, 0.94), fills, edgecolors=style.FAINT, linewidths=0.6)


def fill_of(value: float, scale: Scale) -> str:
    """Return the colour of a number: its hue tells harm from gain, its darkness how much."""
    size = int(np.searchsorted(scale.edges, abs(value), side="right"))
    return (HARM if value * scale.harm > 0.0 else GAIN)[size]


def number_of(value: float, scale: Scale) -> str:
    """Return a number as a cell shows it: 0 where it is too small for a colour."""
    if abs(value) < scale.edges[0]:
        return "0"
    digits = max(scale.digits - 1, 0) if abs(value) >= 10.0 else scale.digits
    return f"{value:.{digits}f}".replace("-", "−")


def _draw_legend(page: Sheet, scale: Scale, top: float) -> None:
    """Say below a panel which colour is which size."""
    sizes = [f"to {edge:g}" for edge in scale.edges[1:]] + [f"above {scale.edges[-1]:g}"]
    for n, (words, colours) in enumerate(((scale.harmful, HARM), (scale.useful, GAIN))):
        patches = [
            Patch(facecolor=colour, edgecolor=style.MUTED, linewidth=0.4, label=size)
            for colour, size in zip(colours[1:], sizes, strict=True)
        ]
        left = EDGE if page.is_narrow else EDGE + n * page.wide / 2
        down = top + (0.2 * n if page.is_narrow else 0.0)
        page.text(left, down, words, weight="bold")
        page.legend(
            patches, left + 0.62, down - 0.07, len(patches),
            fontsize=7.5, columnspacing=0.9, handletextpad=0.4, handlelength=1.2,
        )  # fmt: skip
