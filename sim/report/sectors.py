"""Who loses what in which sector: the picture, and the largest losses."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.outcomes import BESIDE_SECTORS
from sim.report import style
from sim.report.figures import headline
from sim.report.labels import sector_label
from sim.setting import Setting

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TOP_SENDERS, TOP_THIRD, TOP_LOSSES = 5, 5, 10
SHOWN = 0.005  # percent of GDP; a column with less in every row is left out
# From little to much; the darker, the more, in grey too.
HARM = ("#ffffff", "#fde5d2", "#fdbb84", "#e8743b", "#8c2d04")
GAIN = ("#ffffff", "#dbe9f6", "#a6cbe3", "#5798c9", "#0b4a8f")
# Inches: a cell, the room for names of states, and what stands above, in and below a panel.
WIDTH, HEIGHT, NAMES, MARGIN = 0.635, 0.27, 1.75, 0.15
TITLE, HEAD, FOOT = 0.72, 0.66, 0.52
Groups = list[tuple[str, list[str]]]  # of states, by what they have in common


class Scale(NamedTuple):
    """How the numbers of a panel are shown.

    Attributes
    ----------
    edges : of the classes of size
    digits : after the point, of numbers below ten
    harm : 1 if a number above zero is a loss, -1 if one below zero is
    harmful, useful : words for both
    """

    edges: tuple[float, ...]
    digits: int
    harm: int
    harmful: str
    useful: str


LOSS = Scale((SHOWN, 0.02, 0.1, 0.5), 2, 1, "loss", "gain (−)")
OUTPUT = Scale((0.05, 1.0, 5.0, 20.0), 1, -1, "fall (−)", "rise")


class Panel(NamedTuple):
    """One table of numbers by state and column."""

    title: str
    columns: list[str]
    values: Floats
    scale: Scale


def heat_map(setting: Setting, sectors: pd.DataFrame) -> Figure:
    """Return states by sectors: parts of the loss of real income above, change of output below.

    Shown are the targets, the senders that lose most and the others that gain most.

    Parameters
    ----------
    setting : Setting
    sectors : DataFrame
        As `sim.engine.tables` makes it.
    """
    from matplotlib.figure import Figure

    groups = shown_states(sectors)
    panels = _panels(sectors, [state for _, members in groups for state in members])
    rows = _heights(groups)[-1] + 1.0
    wide = NAMES + WIDTH * len(panels[0].columns) + MARGIN
    deep = HEAD + HEIGHT * rows + FOOT
    with style.house():
        figure = Figure(figsize=(wide, TITLE + deep * len(panels)))
        headline(
            figure,
            "Who loses what in which sector",
            "At the end of the run. Targets, senders that lose most, others that gain most.",
        )
        for number, panel in enumerate(panels):
            _draw_panel(figure, setting, groups, panel, TITLE + deep * number, rows)
        return figure


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


def _draw_panel(
    figure: Figure, setting: Setting, groups: Groups, panel: Panel, top: float, rows: float
) -> None:
    """Draw a panel below what takes so many inches of the figure."""
    wide, high = figure.get_size_inches()
    left, height = NAMES / wide, HEIGHT * rows
    base = 1 - (top + HEAD + height) / high
    axes = figure.add_axes((left, base, 1 - left - MARGIN / wide, height / high))
    axes.set_xlim(0, (wide - NAMES - MARGIN) / WIDTH)
    axes.set_ylim(rows, 0)
    axes.set_axis_off()
    _draw_names(axes, setting, groups)
    _draw_cells(axes, panel, groups)
    _draw_heads(axes, panel.columns)
    title = 1 - (top + 0.12) / high
    figure.text(0.02, title, panel.title, size=10, weight="bold", va="center")
    _draw_legend(figure, panel.scale, base - 0.2 / high)


def shown_states(sectors: pd.DataFrame) -> Groups:
    """Return groups of states to show, by their names: none of them is empty."""
    table = sectors.groupby(["role", "state"], sort=False)["loss"].sum().reset_index()
    table = table.sort_values("loss", ascending=False, kind="stable")
    outside = table[~table["role"].isin(["target", "sender"]) & (table["loss"] <= -SHOWN)]
    found = [
        ("Targets", table[table["role"] == "target"]["state"]),
        ("Senders", table[table["role"] == "sender"]["state"][:TOP_SENDERS]),
        ("Others", outside["state"][::-1][:TOP_THIRD]),
    ]
    return [(name, states.tolist()) for name, states in found if len(states)]


def largest_losses(sectors: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of the sectors that cost a state most, in USD, largest first."""
    losses = sectors[~sectors["sector"].isin(BESIDE_SECTORS) & (sectors["loss_bn"] > 0.0)]
    table = losses.sort_values("loss_bn", ascending=False, kind="stable").head(TOP_LOSSES)
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def _wide(sectors: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return a column by state and sector, both in the order of the table."""
    table = sectors.pivot(index="state", columns="sector", values=column)
    return table.loc[sectors["state"].unique(), sectors["sector"].unique()]


def _heights(groups: Groups) -> list[float]:
    """Return the upper edge of each state's row, half a row free between groups."""
    rows, top = [], 0.0
    for _, members in groups:
        rows += [top + n for n in range(len(members))]
        top += len(members) + 0.5
    return rows


def _draw_names(axes: Axes, setting: Setting, groups: Groups) -> None:
    names = dict(zip(setting.world.states, setting.world.names, strict=True))
    states = [state for _, members in groups for state in members]
    for y, state in zip(_heights(groups), states, strict=True):
        name = textwrap.shorten(names[state], 26, placeholder="…")
        axes.text(-0.1, y + 0.5, name, ha="right", va="center", size=8.4)


def _draw_heads(axes: Axes, columns: Sequence[str]) -> None:
    for x, code in enumerate(columns):
        words = "\n".join(textwrap.wrap(sector_label(code), 11))
        bold = "bold" if code == "all" else "normal"
        axes.text(
            x + 0.5, -0.15, words,
            ha="center", va="bottom", size=7.5, weight=bold, linespacing=0.95,
        )  # fmt: skip


def _draw_cells(axes: Axes, panel: Panel, groups: Groups) -> None:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    cells, fills = [], []
    for y, row in zip(_heights(groups), panel.values, strict=True):
        for x, value in enumerate(row):
            if math.isnan(value):
                continue
            fill = fill_of(value, panel.scale)
            cells.append(Rectangle((x + 0.02, y + 0.03), 0.96, 0.94))
            fills.append(fill)
            axes.text(
                x + 0.5, y + 0.52, number_of(value, panel.scale),
                ha="center", va="center", size=8, color=style.ink_on(fill),
            )  # fmt: skip
    drawn = PatchCollection(cells, facecolor=fills, edgecolor=style.FAINT, linewidth=0.6)
    axes.add_collection(drawn, autolim=False)


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


def _draw_legend(figure: Figure, scale: Scale, height: float) -> None:
    """Say below a panel which colour is which size."""
    from matplotlib.patches import Patch

    sizes = [f"to {edge:g}" for edge in scale.edges[1:]] + [f"above {scale.edges[-1]:g}"]
    wide = figure.get_figwidth()
    for words, colours, left in ((scale.harmful, HARM, 0.0), (scale.useful, GAIN, 0.5)):
        patches = [
            Patch(facecolor=colour, edgecolor=style.MUTED, linewidth=0.4, label=size)
            for colour, size in zip(colours[1:], sizes, strict=True)
        ]
        at = (NAMES + left * (wide - NAMES)) / wide
        figure.text(at, height, words, size=8, weight="bold", va="center")
        figure.legend(
            handles=patches,
            loc="center left",
            bbox_to_anchor=(at + 0.62 / wide, height),
            ncols=len(patches),
            fontsize=7.6,
            columnspacing=0.9,
            handletextpad=0.4,
            handlelength=1.2,
            borderaxespad=0,
        )
