"""The alliance network and the calendar of a run, drawn once; a page then shows them day by day."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.explore.story import Story
from sim.report import compare, style
from sim.report.figures.calendar import days_after, fill_of
from sim.report.figures.network import AREA_COLOURS, areas_of, inside_of, ordered, units_of
from sim.setting import Setting
from sim.templates import render

# In units of the drawing, which is 480 wide and as wide as there is room on the page.
WIDE, MIDDLE, RADIUS, DISC = 480, 218, 150, 20
ARC, ARC_GAP, N_ARCS = 6, 3, 3
PER_ROW, ROW = 8, 56
FAINTEST = 0.05  # acts over the whole run; a tie that pulls less is not drawn
# What a state is drawn as, by where it stands: its name, fill, ink, edge and dashes.
LOOKS = {
    "waits": ("has not acted", "#ffffff", style.INK, style.MUTED, "3 2"),
    "speaks": ("words only", "#cfe6f5", style.INK, "#0072b2", ""),
    "acts": ("measures beyond words", "#005a8f", style.PAPER, "var(--acting)", ""),
    "target": ("target", style.ROLE_COLOURS["target"], style.INK, "#8a3500", ""),
    "attacked": ("attacked", style.ROLE_COLOURS["defender"], style.INK, "#7a7000", ""),
    "looks_on": ("looks on", style.ROLE_COLOURS["passive"], style.INK, style.MUTED, "3 2"),
    "condemns": ("condemns", "#bfe3d0", style.INK, "#00684a", ""),
    "carries": ("carries covered trade", style.ROLE_COLOURS["hub"], style.INK, "#7a5200", "6 2"),
}


class Node(NamedTuple):
    """A state in the drawing."""

    code: str
    name: str
    role: str
    x: float
    y: float
    is_target: bool
    is_sender: bool


class Tie(NamedTuple):
    """A curve from who is ahead to who follows, and how much it pulls over the run, in acts."""

    ahead: str
    follower: str
    path: str
    total: float


class Arc(NamedTuple):
    """The part of an institution's arc that stands behind one member."""

    path: str
    colour: str
    name: str


def network(story: Story) -> str:
    """Return the senders on a circle with their ties, and the other states below, as SVG."""
    setting = story.setting
    nodes = _circle(setting) | _below(setting)
    areas = areas_of(setting, units_of(setting, opened=True))[:N_ARCS]
    rows = math.ceil(len(_others(setting)) / PER_ROW)
    return render(
        "explore/network.html",
        wide=WIDE,
        high=2 * MIDDLE + ROW * rows + 12,
        radius=DISC,
        ring=2 * math.pi * (DISC - 3),
        nodes=list(nodes.values()),
        ties=_ties(story, nodes),
        arcs=_arcs(setting, areas, nodes),
        areas=[(setting.name_of(code), AREA_COLOURS[n]) for n, (code, _) in enumerate(areas)],
        looks=LOOKS,
        others_at=2 * MIDDLE - 6,
        target=setting.name_of(setting.main_target),
        outbreak=style.short_date(compare.outbreak(setting)),
    )


def _circle(setting: Setting) -> dict[str, Node]:
    """Return places for the senders, fellow members side by side, the largest on top."""
    units, world = units_of(setting, opened=True), setting.world
    gdp = np.array([float(world.gdp_bn[world.index(unit.code)]) for unit in units])
    order = ordered(areas_of(setting, units), gdp)
    top = order.index(int(np.argmax(gdp)))
    found = {}
    for place, unit in enumerate([*order[top:], *order[:top]]):
        angle = 2 * math.pi * place / len(units)
        code = units[unit].code
        x, y = WIDE / 2 + RADIUS * math.sin(angle), MIDDLE - RADIUS * math.cos(angle)
        found[code] = _node(setting, code, x, y)
    return found


def _others(setting: Setting) -> list[str]:
    """Return the states that are no senders: targets first, then who is attacked."""
    rank = {"target": 0, "defender": 1}
    codes = [s for s in setting.world.states if s not in setting.sender_codes]
    roles = dict(zip(setting.world.states, setting.roles, strict=True))
    return sorted(codes, key=lambda code: rank.get(roles[code], 2))


def _below(setting: Setting) -> dict[str, Node]:
    """Return places for the other states, in rows below the circle."""
    found, codes = {}, _others(setting)
    for n, code in enumerate(codes):
        row, column = divmod(n, PER_ROW)
        in_row = min(PER_ROW, len(codes) - row * PER_ROW)
        x = WIDE / 2 + (column - (in_row - 1) / 2) * (WIDE / PER_ROW)
        found[code] = _node(setting, code, x, 2 * MIDDLE + ROW * row + 30)
    return found


def _node(setting: Setting, code: str, x: float, y: float) -> Node:
    role = setting.roles[setting.world.index(code)]
    name = setting.name_of(code)
    return Node(code, name, role, x, y, role == "target", role == "sender")


def _ties(story: Story, nodes: dict[str, Node]) -> list[Tie]:
    """Return the ties that ever pull, weakest first, bent towards the middle."""
    codes = story.setting.sender_codes
    sums: dict[tuple[str, str], float] = {}
    for pull in story.pulls:
        pair = codes[pull.ahead], codes[pull.follower]
        sums[pair] = sums.get(pair, 0.0) + pull.weight
    found = []
    for (ahead, follower), total in sorted(sums.items(), key=lambda item: item[1]):
        if total >= FAINTEST:
            a, b = nodes[ahead], nodes[follower]
            middle = [0.35 * (p + q) + 0.3 * m for p, q, m in ((a.x, b.x, WIDE / 2),
                                                               (a.y, b.y, MIDDLE))]  # fmt: skip
            start, end = _towards(a, middle, DISC + 2), _towards(b, middle, DISC + 7)
            path = (
                f"M{start[0]:.1f} {start[1]:.1f}"
                f"Q{middle[0]:.1f} {middle[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
            )
            found.append(Tie(ahead, follower, path, round(total, 3)))
    return found


def _towards(node: Node, to: Sequence[float], by: float) -> tuple[float, float]:
    along = math.hypot(to[0] - node.x, to[1] - node.y) or 1.0
    return node.x + by * (to[0] - node.x) / along, node.y + by * (to[1] - node.y) / along


def _arcs(
    setting: Setting, areas: Sequence[tuple[str, list[int]]], nodes: dict[str, Node]
) -> list[Arc]:
    """Return each institution as arcs outside of its members."""
    codes, half = setting.sender_codes, math.pi / max(len(setting.sender_codes), 1)
    found = []
    for ring, (code, members) in enumerate(areas):
        radius = RADIUS + DISC + 8 + ring * (ARC + ARC_GAP)
        for member in members:
            node = nodes[codes[member]]
            angle = math.atan2(node.x - WIDE / 2, MIDDLE - node.y)
            (x0, y0), (x1, y1) = (
                (WIDE / 2 + radius * math.sin(a), MIDDLE - radius * math.cos(a))
                for a in (angle - half, angle + half)
            )
            path = f"M{x0:.1f} {y0:.1f}A{radius} {radius} 0 0 1 {x1:.1f} {y1:.1f}"
            found.append(Arc(path, AREA_COLOURS[ring], setting.name_of(code)))
    return found


class Entry(NamedTuple):
    """A cell of the calendar: days since the start of the run, None for never."""

    run: int | None
    record: int | None
    # The same in days after the outbreak, as they are read.
    ran: str
    recorded: str
    # Colours of the run's half.
    fill: str
    ink: str
    words: str  # for who hears the page
    lifted: int | None  # day on which the run gives it up for good
    part: str  # how many members took it, where they decide one by one


def calendar(story: Story) -> str:
    """Return who announces which measure when, run above record, as a table in HTML."""
    setting, table = story.setting, story.comparison
    inside = inside_of(setting, units_of(setting))
    actors = [actor for actor in table.actors if actor not in inside]
    rows = [
        (measure.label, [_entry(setting, table, actor, measure.code, measure.label)
                         for actor in actors])
        for measure in table.measures
    ]  # fmt: skip
    return render(
        "explore/calendar.html",
        actors=[(actor, setting.name_of(actor)) for actor in actors],
        rows=rows,
        legend=style.period_legend(table.horizon),
        has_record=bool(table.recorded_actors),
        sentence=table.sentence(),
        outbreak=style.full_date(table.outbreak),
        target=setting.name_of(table.target),
    )


def _entry(setting: Setting, table: compare.Comparison, actor: str, code: str, label: str) -> Entry:
    cell = table.cells[actor, code]
    fill = fill_of(table, cell)
    who, said = setting.name_of(actor), []
    if cell.run is not None:
        said.append(f"in the run on {style.full_date(cell.run)}")
    if cell.real is not None:
        said.append(f"in the record on {style.full_date(cell.real)}")
    part = f"{cell.acting}/{cell.members}" if cell.acting and cell.run is None else ""
    if part:
        said.append(f"{cell.acting} of {cell.members} members")
    return Entry(
        _day(setting, cell.run),
        _day(setting, cell.real),
        days_after(table, cell.run),
        days_after(table, cell.real),
        fill,
        style.ink_on(fill),
        f"{who}, {label}: {', '.join(said) or 'not taken'}",
        _day(setting, cell.lifted),
        part,
    )


def _day(setting: Setting, day: object) -> int | None:
    return None if day is None else (day - setting.start).days  # type: ignore[operator]
