"""The map of costs: a tile for every state, Europe and its neighbours in place, others beside."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.csv_table import records
from sim.report import style
from sim.report.figures.sectors import GAIN, HARM, Scale, fill_of, number_of
from sim.report.figures.sheet import EDGE, NARROW, SCREEN, Sheet, key, sheet, write_key
from sim.setting import Setting

LAYOUT = Path(__file__).with_name("tiles.csv")
LOSS = Scale((0.005, 0.1, 0.5, 2.0), 2, 1, "loss", "gain (−)")
BESIDE = 3  # columns of those that have no place, beside the map
LARGEST = 0.56  # inches of a tile
Place = tuple[int, int]


def cost_map(setting: Setting, states: pd.DataFrame, wide: float = SCREEN) -> Figure:
    """Return the loss of every state at the end of a run as a map of equal tiles."""
    last = states[states["step"] == states["step"].max()]
    loss = dict(zip(last["state"], last["loss"], strict=True))
    placed, rest = places(setting.world.states)
    columns = 1 + max((x for x, _ in placed.values()), default=-1)
    rows = 1 + max((y for _, y in placed.values()), default=-1)
    below = wide < NARROW or not placed
    across = max(columns, 6) if below else columns + BESIDE
    gap = 0.35
    tile = min(LARGEST, (wide - 2 * EDGE - (0.0 if below else gap)) / across)
    beside = across if below else BESIDE
    deep = -(-len(rest) // beside) if rest else 0
    start = 0.12 if below else 0.3
    top = 0.3 if below and placed else 0.0
    tiles = (rows + deep) * tile + top if below else max(rows, deep) * tile
    codes = setting.world.states
    names = key(((code, setting.name_of(code)) for code in codes), wide)
    with style.house():
        page = sheet(
            wide,
            start + tiles + 1.06 + 0.13 * len(names),
            "Who pays",
            "Loss of real income on the last day, percent of GDP a year, after transfers. One tile "
            "for each state whatever its size; heavy border: targets; thin border: senders.",
        )
        for state, (x, y) in placed.items():
            _draw_tile(page, setting, state, loss[state], EDGE + x * tile, start + y * tile, tile)
        left = EDGE if below else EDGE + columns * tile + gap
        start += rows * tile + top if below else 0.0
        if placed and rest:
            page.text(left, start - 0.12, "Elsewhere", weight="bold", size=8.4)
        for n, state in enumerate(rest):
            place = left + n % beside * tile, start + n // beside * tile
            _draw_tile(page, setting, state, loss[state], *place, tile)
        foot = page.high - page.head - 0.13 * len(names)
        draw_scale(page, foot - 0.92, LOSS)
        write_key(page, foot - 0.1, names)
        return page.figure


@cache
def layout() -> dict[str, Place]:
    """Return column and row of every state that has a place on the map."""
    return {row["state"]: (int(row["column"]), int(row["row"])) for row in records(LAYOUT)}


def places(states: Iterable[str]) -> tuple[dict[str, Place], list[str]]:
    """Return the place of each state on the map, without empty edges, and who has none.

    Of two states with one place, as an aggregate and a state in it, the second has none.
    """
    known, rest = layout(), []
    taken: dict[str, Place] = {}
    for state in states:
        if state in known and known[state] not in taken.values():
            taken[state] = known[state]
        else:
            rest.append(state)
    columns = sorted({x for x, _ in taken.values()})
    rows = sorted({y for _, y in taken.values()})
    return {s: (columns.index(x), rows.index(y)) for s, (x, y) in taken.items()}, rest


def _draw_tile(
    page: Sheet, setting: Setting, state: str, loss: float, left: float, top: float, tile: float
) -> None:
    fill, role = fill_of(loss, LOSS), setting.roles[setting.world.index(state)]
    edge: dict[str, Any] = {"edgecolor": style.FAINT, "linewidth": 0.5}
    if role == "target":
        edge = {"edgecolor": style.INK, "linewidth": 2.0}
    elif role == "sender":
        edge = {"edgecolor": style.INK, "linewidth": 0.8}
    corner = page.at(left + 0.025, top + tile - 0.025)
    size = (tile - 0.05) / page.wide, (tile - 0.05) / page.high
    page.figure.add_artist(Rectangle(corner, *size, facecolor=fill, **edge))
    ink, middle = style.ink_on(fill), left + tile / 2
    page.text(middle, top + 0.36 * tile, state, ha="center", color=ink, size=8.2, weight="bold")
    page.text(middle, top + 0.68 * tile, number_of(loss, LOSS), ha="center", color=ink, size=8.0)


def draw_scale(page: Sheet, top: float, scale: Scale) -> None:
    """Say which colour is which size: losses to the right of nothing, gains to the left."""
    edges = scale.edges
    steps = [*(f"{edge:g}" for edge in reversed(edges)), *(f"{edge:g}" for edge in edges)]
    colours = [*reversed(GAIN[1:]), HARM[0], *HARM[1:]]
    width = (page.wide - 2 * EDGE) / len(colours)
    page.text(EDGE, top, "← gain", weight="bold")
    page.text(page.wide - EDGE, top, "loss →", weight="bold", ha="right")
    page.text(page.wide / 2, top, "percent of GDP a year", ha="center", color=style.MUTED)
    for n, colour in enumerate(colours):
        corner = page.at(EDGE + n * width, top + 0.32)
        size = width / page.wide, 0.16 / page.high
        bar = Rectangle(corner, *size, facecolor=colour, edgecolor=style.MUTED, linewidth=0.4)
        page.figure.add_artist(bar)
    for n, words in enumerate(steps):
        sign = "−" if n < len(edges) else ""
        page.text(EDGE + (n + 1) * width, top + 0.44, sign + words, ha="center", size=7.5)
