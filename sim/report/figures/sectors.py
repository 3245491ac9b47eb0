"""Who loses what in which sector: the picture, and the largest losses."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.outcomes import BESIDE_SECTORS
from sim.report import compare, style
from sim.report.figures.sheet import EDGE, SCREEN, Sheet, sheet
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
WIDTH, HEIGHT, NAMES, MARGIN = 0.635, 0.27, 1.55, 0.12  # inches of a cell, and beside all
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


def heat_map(setting: Setting, sectors: pd.DataFrame, wide: float = SCREEN) -> Figure:
    """Return states by sectors: parts of the loss of real income above, change of output below.

    Shown are the targets, the senders that lose most and the others that gain most.

    Parameters
    ----------
    setting : Setting
    sectors : DataFrame
        As `sim.engine.tables` makes it.
    wide : float
        Inches.
    """
    groups = shown_states(sectors)
    panels = _panels(sectors, [state for _, members in groups for state in members])
    rows = _heights(groups)[-1] + 1.0
    form = _form(wide, len(panels[0].columns))
    deep = form.head + HEIGHT * rows + form.foot
    with style.house():
        page = sheet(
            wide,
            deep * len(panels),
            "Who loses what in which sector",
            "At the end of the run. Targets, senders that lose most, others that gain most.",
        )
        for number, panel in enumerate(panels):
            _draw_panel(page, form, setting, groups, panel, deep * number, rows)
        return page.figure


class Form(NamedTuple):
    """Inches: a cell, the room for names of states, what stands above and below a panel."""

    cell: float
    names: float
    head: float
    foot: float

    @property
    def is_compact(self) -> bool:
        """Whether names of sectors have to stand upright."""
        return self.cell < 0.5


def _form(wide: float, n_columns: int) -> Form:
    names = NAMES if wide >= 5.5 else 1.22
    cell = min((wide - names - MARGIN) / n_columns, WIDTH)
    return Form(cell, names, 1.3 if cell < 0.5 else 0.66, 0.52 if wide >= 5.5 else 0.72)


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
    page: Sheet,
    form: Form,
    setting: Setting,
    groups: Groups,
    panel: Panel,
    top: float,
    rows: float,
) -> None:
    """Draw a panel below what takes so many inches of the sheet."""
    wide = form.cell * len(panel.columns)
    axes = page.axes(form.names, top + form.head, wide, HEIGHT * rows)
    axes.set_xlim(0, len(panel.columns))
    axes.set_ylim(rows, 0)
    axes.set_axis_off()
    _draw_names(axes, setting, groups, form)
    _draw_cells(axes, panel, groups, form)
    _draw_heads(axes, panel.columns, form)
    page.text(EDGE, top + 0.12, panel.title, size=10, weight="bold")
    _draw_legend(page, panel.scale, top + form.head + HEIGHT * rows + 0.2)


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


def _draw_names(axes: Axes, setting: Setting, groups: Groups, form: Form) -> None:
    states = [state for _, members in groups for state in members]
    for y, state in zip(_heights(groups), states, strict=True):
        name = compare.name_of(setting, state)
        name = textwrap.shorten(name, int(14.5 * form.names), placeholder="…") or state
        axes.text(-0.06 / form.cell, y + 0.5, name, ha="right", va="center", size=8.2)


def _draw_heads(axes: Axes, columns: Sequence[str], form: Form) -> None:
    for x, code in enumerate(columns):
        words = "\n".join(textwrap.wrap(sector_label(code), 17 if form.is_compact else 11))
        axes.text(
            x + 0.5,
            -0.15,
            words,
            ha="center",
            va="bottom",
            size=7.5,
            weight="bold" if code == "all" else "normal",
            linespacing=0.95,
            rotation=90 if form.is_compact else 0,
        )


def _draw_cells(axes: Axes, panel: Panel, groups: Groups, form: Form) -> None:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    figure: Any = axes.figure
    cells, fills = [], []
    for y, row in zip(_heights(groups), panel.values, strict=True):
        for x, value in enumerate(row):
            if math.isnan(value):
                continue
            fill = fill_of(value, panel.scale)
            cells.append(Rectangle((x + 0.02, y + 0.03), 0.96, 0.94))
            fills.append(fill)
            words = number_of(value, panel.scale)
            if form.is_compact:  # 0.12 as .12: the point says it
                words = words.replace("0.", ".", 1) if len(words) > 3 else words
            # The figure's words, for axes clip each of theirs at twice the time.
            figure.text(
                x + 0.5, y + 0.52, words,
                transform=axes.transData, ha="center", va="center",
                size=7.5 if form.is_compact else 8, color=style.ink_on(fill),
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


def _draw_legend(page: Sheet, scale: Scale, top: float) -> None:
    """Say below a panel which colour is which size."""
    from matplotlib.patches import Patch

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
