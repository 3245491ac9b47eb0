"""Who moved whom: senders on a circle, alliances as arcs around it, influence as arrows within.

On a circle a straight line from one state to another passes behind no third. Members of a union
stand together as one cluster, unless it is opened.
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle as Disc
from matplotlib.patches import FancyArrowPatch, Patch, Wedge

from sim.analysis.influence import influence_in, pooled
from sim.arrays import Floats
from sim.report import compare, style
from sim.report.figures.sheet import EDGE, NARROW, SCREEN, Sheet, key, sheet, write_key
from sim.setting import Setting

N_ARROWS = 2  # that are drawn towards each; more hide each other
LEAST = 0.1  # acts; less is no arrow
N_AREAS = 4
CLOSEST = ("alliance", "bloc", "union", "grouping")  # kinds of institutions, closest ties first
AREA, GAP = 0.06, 0.025  # inches of an arc, and between two
AREA_COLOURS = ("#7b9fc4", "#c9a26b", "#7fb59a", "#b58fb8", "#9a9a9a")
MEMBER = 0.155  # inches, radius of a member's disc in a closed cluster
RING = 0.24  # of a disc's radius
NAMED = 0.95  # inches of the rim for each name; with less, codes stand there
LETTER = 0.075  # inches of a letter of a name


@dataclass(frozen=True, slots=True)
class Unit:
    """A state, or a union that is drawn as one."""

    code: str
    members: tuple[int, ...]  # positions among the senders; one for a state

    @property
    def is_cluster(self) -> bool:
        """Whether several are drawn as one."""
        return len(self.members) > 1


def network(
    setting: Setting, events: pd.DataFrame, wide: float = SCREEN, opened: bool = False
) -> Figure:
    """Return who moved whom among the senders, with their alliances and how early each acted.

    An arrow runs from who was ahead to who followed; `sim.analysis.influence` says what it counts.
    Opened, members of a union stand by themselves; closed, they stand in one cluster.
    """
    units = units_of(setting, opened)
    moved = pooled(influence_in(setting, events), [unit.members for unit in units])
    target = setting.name_of(setting.main_target)
    with style.house():
        deep = 0.86 * wide if wide >= NARROW else 1.0 * wide
        legends = 1.02 if wide >= NARROW else 2.1
        areas = areas_of(setting, units)[: 3 if wide < NARROW else N_AREAS]
        circle = _circle(setting, units, areas, wide, deep)
        codes = key(_unnamed(circle), wide)
        page = sheet(
            wide,
            deep + legends + 0.13 * len(codes),
            "Who moved whom",
            "Arrows run from who was ahead to who took the same measure soon after, the thicker "
            f"the more; up to {N_ARROWS} towards each. Rings: how early each took which share of "
            f"the measures against {target}. Dates: its first beyond words.",
        )
        axes = page.axes(0.0, 0.0, wide, deep)
        axes.set_xlim(-wide / 2, wide / 2)
        axes.set_ylim(-deep / 2, deep / 2)
        axes.set_axis_off()
        _draw_areas(axes, circle)
        _draw_arrows(axes, circle, moved)
        _draw_units(axes, circle, events)
        _legends(page, deep, circle, moved)
        write_key(page, deep + legends, codes)
        return page.figure


def _unnamed(circle: Circle) -> list[tuple[str, str]]:
    """Return code and name of those that stand by their codes alone."""
    codes = inside_of(circle.setting, circle.units)
    codes += [] if circle.is_named else [unit.code for unit in circle.units]
    return [(code, circle.setting.name_of(code)) for code in codes]


def units_of(setting: Setting, opened: bool = False) -> list[Unit]:
    """Return the senders as they are drawn: a union with several of them as one, unless opened."""
    unions = [] if opened else [c for c in setting.councils if c.competence != "joint"]
    units, inside = [], set()
    for council in unions:
        members = tuple(int(m) for m in council.members if int(m) not in inside)
        if len(members) > 1:
            units.append(Unit(council.institution.code, members))
            inside |= set(members)
    codes = setting.sender_codes
    units += [Unit(code, (n,)) for n, code in enumerate(codes) if n not in inside]
    return units


def inside_of(setting: Setting, units: Sequence[Unit]) -> list[str]:
    """Return the codes of those senders that are drawn within a union."""
    members = [m for unit in units if unit.is_cluster for m in unit.members]
    return [setting.sender_codes[m] for m in members]


def areas_of(setting: Setting, units: Sequence[Unit]) -> list[tuple[str, list[int]]]:
    """Return the institutions that hold some of the units, but no union that is itself one.

    A union is in an institution if most of it is, by GDP. Alliances come first, then the largest.
    """
    world = setting.world
    gdp = {code: float(world.gdp_bn[world.index(code)]) for code in setting.sender_codes}
    found = []
    for institution in world.institutions:
        held = []
        for n, unit in enumerate(units):
            codes = [setting.sender_codes[m] for m in unit.members]
            inside = sum(gdp[code] for code in codes if code in institution.members)
            if inside > 0.5 * sum(gdp[code] for code in codes):
                held.append(n)
        if 1 < len(held) < len(units):
            found.append((institution, held))
    found.sort(key=lambda entry: (CLOSEST.index(entry[0].kind), -len(entry[1])))
    return [(institution.code, held) for institution, held in found]


def ordered(areas: Sequence[tuple[str, list[int]]], size: Floats) -> list[int]:
    """Return units in an order around a circle that keeps fellow members side by side.

    Pairs are swapped while that shortens the ways between those who share an institution, so the
    order is the same every time.
    """
    n = len(size)
    tie = np.zeros((n, n))
    for _, members in areas:
        tie[np.ix_(members, members)] += 1.0 / len(members)
    order = list(np.argsort(-size, kind="stable"))
    places = np.arange(n)
    apart = np.abs(places[:, None] - places[None, :])
    apart = np.minimum(apart, n - apart)

    def length(order: list[int]) -> float:
        return float((tie[np.ix_(order, order)] * apart).sum())

    best, better = length(order), True
    while better:
        better = False
        for a in range(n):
            for b in range(a + 1, n):
                order[a], order[b] = order[b], order[a]
                now = length(order)
                if now < best - 1e-9:
                    best, better = now, True
                else:
                    order[a], order[b] = order[b], order[a]
    return [int(unit) for unit in order]


@dataclass(frozen=True, slots=True)
class Circle:
    """Where everything stands, in inches from the middle."""

    setting: Setting
    units: list[Unit]
    areas: Sequence[tuple[str, list[int]]]  # as of `areas_of`, from inside to outside
    angle: Floats  # (n_units,) radians, clockwise from the top
    half: Floats  # (n_units,) radians, to either side
    disc: Floats  # (n_units,) radius of each disc; of a cluster, half of how deep it is
    radius: float
    is_narrow: bool

    @property
    def is_named(self) -> bool:
        """Whether names have room; else codes stand for them."""
        return not self.is_narrow and 2 * math.pi * self.rim / len(self.units) > NAMED

    def point(self, n: int, radius: float, by: float = 0.0) -> tuple[float, float]:
        """Return a point in the direction of a unit, turned by an angle."""
        turned = float(self.angle[n]) + by
        return radius * math.sin(turned), radius * math.cos(turned)

    @property
    def outside(self) -> float:
        """Where the discs end."""
        return self.radius + float(self.disc.max()) + 0.06

    @property
    def rim(self) -> float:
        """Where the arcs end, and names begin."""
        return self.outside + len(self.areas) * (AREA + GAP) + 0.05


def _circle(
    setting: Setting,
    units: list[Unit],
    areas: Sequence[tuple[str, list[int]]],
    wide: float,
    deep: float,
) -> Circle:
    """Return places for all units, the largest on top, each with the room that it needs."""
    narrow = wide < NARROW
    gdp = np.array([_gdp(setting, unit) for unit in units])
    biggest, least = (0.24, 0.8) if narrow else (0.34, 0.6)
    cluster = np.array([unit.is_cluster for unit in units])
    deepest = max(biggest, 2 * MEMBER + 0.04) if cluster.any() else biggest
    rings = deepest + len(areas) * (AREA + GAP) + 0.11
    radius = min(wide / 2 - (0.46 if narrow else 1.05), deep / 2 - 0.32) - rings
    order = ordered(areas, gdp)
    top = order.index(int(np.argmax(gdp)))
    order = [*order[top:], *order[:top]]
    need = np.array(
        [2 * (MEMBER + 0.03) * math.ceil(len(u.members) / 2) + 0.12 if u.is_cluster else 0.0
         for u in units]
    )  # fmt: skip
    need = np.minimum(need / max(radius, 0.1), math.pi)
    free = (2 * math.pi - need.sum()) / max(int((~cluster).sum()), 1)
    need = np.where(cluster, need + 0.1 * free, free * (1 - 0.1 * cluster.sum() / len(units)))
    need *= 2 * math.pi / need.sum()
    angle, at = np.zeros(len(units)), 0.0
    for unit in order:
        angle[unit], at = at + need[unit] / 2, at + need[unit]
    angle -= angle[order[0]]
    room = 0.42 * radius * float(need[~cluster].min()) if (~cluster).any() else biggest
    share = np.sqrt(gdp / gdp[~cluster].max()) if (~cluster).any() else np.ones(len(units))
    disc = np.minimum(biggest * (least + (1 - least) * np.minimum(share, 1.0)), max(room, 0.05))
    disc = np.where(cluster, 2 * MEMBER + 0.04, disc)
    return Circle(setting, units, areas, angle, need / 2, disc, radius, narrow)


def _gdp(setting: Setting, unit: Unit) -> float:
    world = setting.world
    return float(sum(world.gdp_bn[world.index(setting.sender_codes[m])] for m in unit.members))


def _draw_areas(axes: Axes, circle: Circle) -> None:
    """Draw each institution as arcs outside of its members."""
    for ring, (_, members) in enumerate(circle.areas):
        radius = circle.outside + ring * (AREA + GAP) + AREA
        for n in members:
            middle, half = 90 - math.degrees(circle.angle[n]), math.degrees(circle.half[n])
            arc = Wedge((0, 0), radius, middle - half, middle + half, width=AREA)
            arc.set(facecolor=AREA_COLOURS[ring], linewidth=0, zorder=1)
            axes.add_artist(arc)


def _draw_arrows(axes: Axes, circle: Circle, moved: Floats) -> None:
    """Draw the strongest arrows towards each unit, bent towards the middle."""
    most = max(float(moved.max(initial=0.0)), LEAST)
    for j, i in strongest(moved):
        weight = float(moved[j, i]) / most
        tail = circle.point(j, circle.radius - circle.disc[j] - 0.03, _aside(circle, j, i))
        head = circle.point(i, circle.radius - circle.disc[i] - 0.03, _aside(circle, i, j))
        bend = 0.18 if math.sin(circle.angle[i] - circle.angle[j]) > 0 else -0.18
        arrow = FancyArrowPatch(
            tail,
            head,
            arrowstyle=f"-|>,head_length={3 + 4 * weight},head_width={1.2 + 2 * weight}",
            connectionstyle=f"arc3,rad={bend}",
            linewidth=0.5 + 3.2 * weight,
            color=_shade(weight),
            shrinkA=0,
            shrinkB=0,
            zorder=2 + weight,
        )
        axes.add_artist(arrow)


def strongest(moved: Floats) -> list[tuple[int, int]]:
    """Return the pairs (who was ahead, who followed) that are drawn, weakest first."""
    pairs = []
    for i in range(moved.shape[1]):
        ahead = np.argsort(-moved[:, i], kind="stable")[:N_ARROWS]
        pairs += [(int(j), i) for j in ahead if moved[j, i] >= LEAST]
    return sorted(pairs, key=lambda pair: float(moved[pair]))


def _aside(circle: Circle, n: int, other: int) -> float:
    """Return the turn by which an arrow leaves a unit a little towards the other one."""
    away = math.sin(circle.angle[other] - circle.angle[n])
    room = 0.55 * circle.half[n] if circle.units[n].is_cluster else 0.25 * circle.half[n]
    return float(room * away)


def _shade(weight: float) -> str:
    """Return a grey, the darker the stronger."""
    level = round(170 - 140 * weight)
    return f"#{level:02x}{level:02x}{level:02x}"


def _draw_units(axes: Axes, circle: Circle, events: pd.DataFrame) -> None:
    """Draw every disc with its ring, and outside its name and first day."""
    setting = circle.setting
    days = compare.sender_days(setting, events, setting.main_target)
    for n, unit in enumerate(circle.units):
        own = {code: days[code] for code in (setting.sender_codes[m] for m in unit.members)}
        if unit.is_cluster:
            _draw_cluster(axes, circle, n, own)
        else:
            place, radius = circle.point(n, circle.radius), float(circle.disc[n])
            _draw_disc(axes, place, radius, unit.code, own[unit.code], setting)
        firsts = [compare.first_deeds(setting, of_one)[1] for of_one in own.values()]
        _name(axes, circle, n, min((day for day in firsts if day is not None), default=None))


def _draw_cluster(axes: Axes, circle: Circle, n: int, days: dict[str, dict[str, date]]) -> None:
    """Draw the members of a union in two rows on a ground of their own."""
    outer = circle.radius + circle.disc[n] + 0.03
    middle, half = 90 - math.degrees(circle.angle[n]), math.degrees(circle.half[n]) - 1.2
    ground = Wedge((0, 0), outer, middle - half, middle + half, width=2 * circle.disc[n] + 0.06)
    ground.set(facecolor="#eaf3fa", edgecolor=style.MUTED, linewidth=0.8, zorder=3)
    axes.add_artist(ground)
    codes, first_row = list(days), math.ceil(len(days) / 2)
    for row, side in ((codes[:first_row], 1), (codes[first_row:], -1)):
        radius = circle.radius + side * (MEMBER + 0.01)
        step = 2 * (circle.half[n] - 0.05) / max(len(row), 1)
        for k, code in enumerate(row):
            place = circle.point(n, radius, (k + 0.5) * step - circle.half[n] + 0.05)
            _draw_disc(axes, place, MEMBER, code, days[code], circle.setting)


def _draw_disc(
    axes: Axes,
    centre: tuple[float, float],
    radius: float,
    code: str,
    days: dict[str, date],
    setting: Setting,
) -> None:
    """Draw a disc, and around it a sender's measures clockwise in the order of time."""
    target = setting.main_target
    n_measures = sum(act.target == target for act in setting.acts)
    start, end = compare.outbreak(setting), compare.horizon(setting)
    shares = Counter(style.period_colour(day, start, end) for day in days.values())
    rim = Disc(centre, radius, facecolor=style.PAPER, edgecolor=style.MUTED, linewidth=0.6)
    rim.set_zorder(4)
    axes.add_artist(rim)
    done = 0
    for colour, _ in style.period_legend(end):
        upto = done + shares[colour]
        if upto > done:
            angles = 90 - 360 * upto / n_measures, 90 - 360 * done / n_measures
            part = Wedge(centre, radius, *angles, width=RING * radius)
            part.set(facecolor=colour, linewidth=0, zorder=5)
            axes.add_artist(part)
        done = upto
    hole = Disc(centre, (1 - RING) * radius, facecolor=style.PAPER, edgecolor=style.MUTED)
    hole.set(linewidth=0.3, zorder=5)
    axes.add_artist(hole)
    size = max(7.5, min(9.0, 72 * radius * (2 - 2 * RING) / (0.8 * max(len(code), 2))))
    axes.text(*centre, code, ha="center", va="center", size=size, weight="bold", zorder=6)


def _name(axes: Axes, circle: Circle, n: int, first: date | None) -> None:
    """Write a unit's name and the day of its first measure outside of the arcs that it meets."""
    unit = circle.units[n]
    name = circle.setting.name_of(unit.code) if circle.is_named else unit.code
    words = textwrap.wrap(style.shortened(name, 30), 14)
    day = style.short_date(first) if first else "none"
    size = LETTER * max(map(len, [*words, day])), 0.13 * (len(words) + 1)
    x, y = circle.point(n, name_radius(circle, n, size))
    side, up = aligned(circle, n)
    axes.text(
        x,
        y,
        "\n".join([*words, day]),
        ha={0.0: "left", 0.5: "center", 1.0: "right"}[side],
        va={0.0: "bottom", 0.5: "center", 1.0: "top"}[up],
        size=8.2,
        linespacing=1.1,
        color=style.INK if first else style.MUTED,
        zorder=7,
    )


def aligned(circle: Circle, n: int) -> tuple[float, float]:
    """Return which share of a unit's name is left of, and below, the point that it stands at."""
    across, up = circle.point(n, 1.0)
    return (
        0.0 if across > 0.12 else 1.0 if across < -0.12 else 0.5,
        0.0 if up > 0.75 else 1.0 if up < -0.75 else 0.5,
    )


def name_radius(circle: Circle, n: int, size: tuple[float, float]) -> float:
    """Return how far from the middle a name of some inches stands: as near as no arc crosses it.

    Parameters
    ----------
    n : int
        The unit.
    size : tuple of float
        Width and height.
    """
    shares = np.linspace(0.0, 1.0, 9)
    left, below = aligned(circle, n)
    across, up = np.meshgrid(size[0] * (shares - left), size[1] * (shares - below))
    radii = [circle.outside + ring * (AREA + GAP) for ring in range(len(circle.areas))]
    for radius in [*(inner - 0.02 for inner in radii), circle.rim]:
        x, y = circle.point(n, radius)
        far, turned = np.hypot(x + across, y + up), np.arctan2(x + across, y + up)
        crossed = False
        for inner, (_, members) in zip(radii, circle.areas, strict=True):
            within = (far > inner - 0.03) & (far < inner + AREA + 0.03)
            for m in members:
                apart = np.abs((turned - circle.angle[m] + np.pi) % (2 * np.pi) - np.pi)
                crossed |= bool((within & (apart < circle.half[m] + 0.03)).any())
        if not crossed:
            return radius
    return circle.rim


def _legends(page: Sheet, top: float, circle: Circle, moved: Floats) -> None:
    setting = circle.setting
    end = compare.horizon(setting)
    times: list[Any] = [
        Patch(facecolor=colour, label=label, edgecolor=style.MUTED, linewidth=0.5)
        for colour, label in [*style.period_legend(end), (style.PAPER, "not taken")]
    ]
    most = float(moved.max(initial=0.0))
    arrows: list[Any] = [
        Line2D([], [], color=_shade(share), linewidth=0.5 + 3.2 * share,
               label=f"{share * most:.1f} measures")
        for share in (1.0, 0.5, 0.15) if most >= LEAST
    ]  # fmt: skip
    arcs: list[Any] = [
        Patch(facecolor=AREA_COLOURS[n], label=_short_name(setting, code))
        for n, (code, _) in enumerate(circle.areas)
    ]
    since = f"Ring: days after {style.short_date(compare.outbreak(setting))}"
    if page.is_narrow:
        places = ((EDGE, top, 2), (EDGE, top + 1.0, 1), (EDGE + 1.75, top + 1.0, 1))
    else:
        places = ((EDGE, top, 2), (EDGE + 2.7, top, 1), (EDGE + 4.15, top, 1))
    groups = ((times, since), (arrows, "Arrow: up to"), (arcs, "Arcs, from inside: members of"))
    for (handles, title), (left, height, columns) in zip(groups, places, strict=True):
        if handles:
            page.legend(handles, left, height, columns, title=title)


def _short_name(setting: Setting, code: str) -> str:
    """Return the name of an institution, or its code where that is too long."""
    name = setting.name_of(code)
    return name if len(name) <= 24 else code.replace("_", " ")
