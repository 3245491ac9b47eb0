"""The pictures of a run: the alliance network, the calendar of measures, the costs, the paths.

Every function returns a matplotlib `Figure` of its own; nothing global is touched, so that they
can be called from anywhere. Time is told by the same colours in all of them (`sim.report.style`).
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import networkx as nx
import numpy as np

from sim.arrays import Flags, Floats
from sim.report import compare, style
from sim.report.compare import Cell, Comparison
from sim.setting import Setting

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LAYOUT_SEED = 4
TOP_SENDERS = 4
N_BANDS = 2  # targets whose paths are drawn; more hide each other
N_MARKS = 6
FLAT = 1e-9
RING = 0.024
# Where the lines of a cell of the calendar stand, from its top, by their number.
LINE_HEIGHTS: dict[int, tuple[float, ...]] = {1: (0.48,), 2: (0.28, 0.63), 3: (0.24, 0.49, 0.73)}
_DASHES: tuple[Any, ...] = ("solid", (0, (5, 1.5)), (0, (3, 1.2, 1, 1.2)), (0, (1.5, 1)))


def network(setting: Setting, events: pd.DataFrame) -> Figure:
    """Return the alliance network with who acts when.

    Drawn are defence ties, common institutions where there is no defence tie, and each state's
    largest trading partner; affinity, consultation and weaker trade, which tie nearly everyone to
    everyone, are left out, and so are passive states. The ring around a sender is its share of
    the catalogue against the main target, coloured by the time of announcement.

    Parameters
    ----------
    setting : Setting
    events : DataFrame
        Columns `sim.engine.tables.EVENT_COLUMNS`.
    """
    from matplotlib.figure import Figure

    with style.house():
        figure = Figure(figsize=(8.2, 8.2))
        axes = figure.add_axes((0.0, 0.11, 1.0, 0.805))
        graph = visible_ties(setting)
        place = _layout(setting, graph)
        _draw_ties(axes, graph, place, setting)
        _draw_states(axes, place, setting, events)
        axes.set_aspect("equal")
        axes.set_axis_off()
        target = compare.main_target(setting)
        figure.text(
            0.02,
            0.965,
            "Who is tied to whom, and who acts when",
            size=13,
            weight="bold",
            va="center",
        )
        figure.text(
            0.02,
            0.938,
            f"Under each sender: its first measure against {target} beyond words. Ring: share of "
            "the catalogue it announced, by time.",
            color=style.MUTED,
            va="center",
        )
        _network_legend(figure, setting)
        return figure


def visible_ties(setting: Setting) -> nx.MultiDiGraph:
    """Return the part of the alliance network that is drawn, one keyed edge per layer.

    Defence and membership run once per pair, trade from each state to its largest partner.
    """
    shown = [
        state
        for state, role in zip(setting.world.states, setting.roles, strict=True)
        if role != "passive"
    ]
    whole = setting.network
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(shown)
    for number, i in enumerate(shown):
        for j in shown[number + 1 :]:
            weights = [_weight(whole, i, j, layer) for layer in ("defence", "membership")]
            if weights[0] > 0:
                graph.add_edge(i, j, key="defence", weight=weights[0])
            elif weights[1] > 0:
                graph.add_edge(i, j, key="membership", weight=weights[1])
        trade = {j: _weight(whole, i, j, "trade") for j in shown if j != i}
        partner = max(trade, key=lambda j: trade[j], default=i)
        if trade.get(partner, 0.0) > 0:
            graph.add_edge(i, partner, key="trade", weight=trade[partner])
    return graph


def _weight(graph: nx.MultiDiGraph, i: str, j: str, layer: str) -> float:
    edge = graph.get_edge_data(i, j, key=layer)
    return 0.0 if edge is None else float(edge["weight"])


def _radius(setting: Setting, state: str) -> float:
    """Return the radius of a node: area grows with GDP, from a floor that holds the label."""
    gdp = setting.world.gdp_bn / setting.world.gdp_bn.max()
    return 0.052 + 0.068 * math.sqrt(float(gdp[setting.world.index(state)]))


def _layout(setting: Setting, graph: nx.MultiDiGraph) -> dict[str, tuple[float, float]]:
    """Return a position for every state: springs along the ties, then room for each disc."""
    pull = nx.Graph()
    pull.add_nodes_from(graph.nodes)
    strength = {"defence": 0.6, "membership": 0.3, "trade": 1.0}
    for i, j, layer in graph.edges(keys=True):
        before = pull.get_edge_data(i, j, default={"weight": 0.0})["weight"]
        pull.add_edge(i, j, weight=before + strength[layer])
    springs = nx.spring_layout(pull, k=1.1, iterations=300, seed=LAYOUT_SEED, weight="weight")
    names = list(pull.nodes)
    place = np.array([springs[name] for name in names]).reshape(len(names), 2)
    place = _fitted(
        place, np.array([setting.roles[setting.world.index(n)] == "target" for n in names])
    )
    radius = np.array([_radius(setting, name) for name in names])
    return {
        name: (float(x), float(y))
        for name, (x, y) in zip(names, _spread(place, radius), strict=True)
    }


def _fitted(place: Floats, target: Flags) -> Floats:
    """Turn the long axis level with the targets on the right, and draw stragglers in.

    Springs leave the turn and the mirror to chance; a picture should not.
    """
    place = place - place.mean(axis=0)
    axes = np.linalg.svd(place, full_matrices=False)[2]
    place = place @ axes.T
    side = np.array([place[target, 0].sum(), place[np.argmax(np.abs(place[:, -1])), -1]])
    place = place * np.where(side < 0, -1.0, 1.0)
    spread = np.maximum(place.std(axis=0), 1e-9)
    return np.asarray(np.tanh(place / (1.35 * spread)) * np.array([1.30, 1.0]))


def _spread(place: Floats, radius: Floats, rounds: int = 400) -> Floats:
    """Push discs apart until none touches another or the date beneath it."""
    room = radius[:, None] + radius[None, :] + 0.115
    np.fill_diagonal(room, 0.0)
    for _ in range(rounds):
        gap = place[:, None, :] - place[None, :, :]
        distance = np.maximum(np.hypot(gap[..., 0], gap[..., 1]), 1e-6)
        missing = np.maximum(room - distance, 0.0)
        if not missing.any():
            break
        place = place + 0.3 * (gap * (missing / distance)[..., None]).sum(axis=1)
    return place


_LAYER_LOOK: dict[str, dict[str, Any]] = {
    "defence": {"color": "#8a9aa8", "linewidth": 0.7, "alpha": 0.55},
    "membership": {"color": "#009e73", "linewidth": 1.2, "linestyle": (0, (1, 1.6)), "alpha": 0.9},
    "trade": {"color": "#a35200", "linewidth": 1.1},
}
_LAYER_LABELS = {
    "defence": "defence pact or alliance",
    "membership": "common institution only",
    "trade": "to the largest trading partner",
}


def _draw_ties(
    axes: Axes,
    graph: nx.MultiDiGraph,
    place: dict[str, tuple[float, float]],
    setting: Setting,
) -> None:
    for i, j, layer in graph.edges(keys=True):
        look = _LAYER_LOOK[layer]
        if layer == "trade":
            axes.annotate(
                "",
                xy=_rim(place[j], place[i], _radius(setting, j) + RING + 0.005),
                xytext=_rim(place[i], place[j], _radius(setting, i) + RING),
                arrowprops={
                    "arrowstyle": "-|>,head_length=0.35,head_width=0.16",
                    "connectionstyle": "arc3,rad=0.12",
                    "shrinkA": 0,
                    "shrinkB": 0,
                    **look,
                },
                zorder=2,
            )
        else:
            axes.plot(*zip(place[i], place[j], strict=True), zorder=1, **look)


def _rim(
    centre: tuple[float, float], towards: tuple[float, float], radius: float
) -> tuple[float, float]:
    """Return the point at a distance from the centre on the way to another point."""
    dx, dy = towards[0] - centre[0], towards[1] - centre[1]
    length = max(math.hypot(dx, dy), 1e-9)
    return centre[0] + dx / length * radius, centre[1] + dy / length * radius


def _draw_states(
    axes: Axes,
    place: dict[str, tuple[float, float]],
    setting: Setting,
    events: pd.DataFrame,
) -> None:
    from matplotlib.patches import Circle
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=2.5, foreground=style.PAPER)]
    days = compare.sender_days(setting, events, compare.main_target(setting))
    roles = dict(zip(setting.world.states, setting.roles, strict=True))
    for state, (x, y) in place.items():
        radius = _radius(setting, state)
        if state in days:
            axes.add_artist(Circle((x, y), radius + RING, color=style.PAPER, zorder=3))
        axes.add_artist(
            Circle(
                (x, y),
                radius,
                facecolor=style.ROLE_COLOURS[roles[state]],
                edgecolor=style.MUTED,
                linewidth=0.6,
                zorder=4,
            )
        )
        axes.text(x, y, state, ha="center", va="center", size=8.5, weight="bold", zorder=6)
        if state in days:
            _draw_ring(axes, (x, y), radius, days[state], setting)
            first = _first_sanction(setting, days[state])
            axes.text(
                x,
                y - radius - RING - 0.008,
                style.short_date(first) if first else "none",
                ha="center",
                va="top",
                size=8,
                color=style.INK if first else style.MUTED,
                path_effects=halo,
                zorder=7,
            )
    margin = 0.14
    xs, ys = zip(*place.values(), strict=True)
    axes.set_xlim(min(xs) - margin, max(xs) + margin)
    axes.set_ylim(min(ys) - margin - 0.03, max(ys) + margin)


def _first_sanction(setting: Setting, days: dict[str, date]) -> date | None:
    """Return the day of the first measure that is more than words."""
    words = {act.measure.code for act in setting.acts if act.measure.is_diplomacy}
    return min((day for code, day in days.items() if code not in words), default=None)


def _draw_ring(
    axes: Axes,
    centre: tuple[float, float],
    radius: float,
    days: dict[str, date],
    setting: Setting,
) -> None:
    """Draw a sender's measures clockwise from the top, in the order of time; empty = not taken."""
    from matplotlib.patches import Wedge

    target = compare.main_target(setting)
    n_measures = sum(act.target == target for act in setting.acts)
    start, end = compare.outbreak(setting), compare.horizon(setting)
    shares = Counter(style.period_colour(day, start, end) for day in days.values())
    ring = {"width": RING, "zorder": 5, "linewidth": 0}
    rim = Wedge(centre, radius + RING, 0, 360, width=RING, zorder=5, linewidth=0.5)
    rim.set(facecolor=style.PAPER, edgecolor=style.MUTED)
    axes.add_artist(rim)
    done = 0
    for colour, _ in style.period_legend(end):
        upto = done + shares[colour]
        angles = 90 - 360 * upto / n_measures, 90 - 360 * done / n_measures
        axes.add_artist(Wedge(centre, radius + RING, *angles, facecolor=colour, **ring))
        done = upto


def _network_legend(figure: Figure, setting: Setting) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    roles = [role for role in style.ROLE_COLOURS if role in setting.roles and role != "passive"]
    small = {"fontsize": 8, "title_fontproperties": {"size": 8, "weight": "bold"}}
    discs = [
        Line2D(
            [], [], marker="o", linestyle="", markersize=9, markeredgecolor=style.MUTED,
            markeredgewidth=0.6, markerfacecolor=style.ROLE_COLOURS[role], label=role,
        )
        for role in roles
    ]  # fmt: skip
    lines = [
        Line2D([], [], label=_LAYER_LABELS[layer], **look) for layer, look in _LAYER_LOOK.items()
    ]
    times = [
        Patch(facecolor=colour, label=label, edgecolor=style.MUTED, linewidth=0.5)
        for colour, label in [
            *style.period_legend(compare.horizon(setting)),
            (style.PAPER, "not taken"),
        ]
    ]
    for handles, left, title, columns in (
        (discs, 0.005, "Disc: role; area grows with GDP", 2),
        (lines, 0.285, "Line", 1),
        (times, 0.545, f"Ring: days after {style.short_date(compare.outbreak(setting))}", 3),
    ):
        legend = figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(left, 0.105),
            ncols=columns,
            title=title,
            alignment="left",
            columnspacing=1.2,
            handletextpad=0.5,
            **small,
        )
        legend.set_in_layout(False)


def calendar(setting: Setting, events: pd.DataFrame) -> Figure:
    """Return the calendar of measures against the main target, simulated and real.

    Measures run down, senders across, so that every name can be read without turning the head.

    Parameters
    ----------
    setting : Setting
    events : DataFrame
        Columns `sim.engine.tables.EVENT_COLUMNS`.
    """
    from matplotlib.figure import Figure

    table = compare.compare(setting, events)
    n_rows, n_columns = len(table.measures), len(table.actors)
    with style.house():
        names, row, foot = 1.68, 0.47, 1.16
        width = min(max(0.68, 4.8 / n_columns), 1.3)
        wide = max(names + n_columns * width + 0.1, 6.6)
        sentence = textwrap.wrap(table.sentence(), int(14.5 * wide))
        head = (0.98 if n_columns > 2 else 1.12) + 0.16 * len(sentence)
        size = (wide, head + n_rows * row + foot)
        figure = Figure(figsize=size)
        axes = figure.add_axes(
            (
                names / size[0],
                foot / size[1],
                n_columns * width / size[0],
                n_rows * row / size[1],
            )
        )
        axes.set_xlim(0, n_columns)
        axes.set_ylim(n_rows, 0)
        axes.set_autoscale_on(False)
        axes.set_axis_off()
        for y, measure in enumerate(table.measures):
            label = "\n".join(textwrap.wrap(measure.label, 25))
            axes.text(-0.08, y + 0.5, label, ha="right", va="center", size=8.2, linespacing=1.05)
            for x, actor in enumerate(table.actors):
                _draw_cell(axes, x, y, table, table.cells[actor, measure.code])
        _draw_marks(axes, table)
        _calendar_heads(axes, table, width)
        _calendar_title(figure, size, table, sentence)
        _calendar_legend(figure, size, table)
        return figure


def _draw_cell(axes: Axes, x: int, y: int, table: Comparison, cell: Cell) -> None:
    from matplotlib.patches import Rectangle

    verdict = table.verdict(cell)
    fill = _fill(table, cell)
    edge: dict[str, Any] = {"edgecolor": "none"}
    if verdict == compare.RECORD_ONLY:
        edge = {"edgecolor": style.ALARM, "linewidth": 1.8}
    elif verdict == compare.RUN_ONLY:
        edge = {"edgecolor": style.ALARM, "linewidth": 1.3, "linestyle": (0, (2.2, 1.6))}
    axes.add_artist(Rectangle((x + 0.03, y + 0.06), 0.94, 0.88, facecolor=fill, **edge))
    ink = style.ink_on(fill)
    early = cell.run is not None and cell.run <= table.horizon
    first, *rest = cell_lines(table, cell)
    lines: list[tuple[str, dict[str, Any]]] = [
        (first, {"size": 8.2, "weight": "bold" if early else "normal"}),
        *((words, {"size": 7.6}) for words in rest),
    ]
    for (words, look), height in zip(lines, LINE_HEIGHTS[len(lines)], strict=True):
        axes.text(x + 0.5, y + height, words, ha="center", va="center", color=ink, **look)


def _draw_marks(axes: Axes, table: Comparison) -> None:
    """Draw the ticks of further waves and the crosses of what was given up, all at once.

    One artist for all cells: one for each of them takes half the time of the calendar.
    """
    from matplotlib.collections import LineCollection

    ticks, tick_inks, crosses, cross_inks = [], [], [], []
    for y, measure in enumerate(table.measures):
        for x, actor in enumerate(table.actors):
            cell = table.cells[actor, measure.code]
            ink = style.ink_on(_fill(table, cell))
            for left in x + 0.10 + 0.065 * np.arange(len(cell.later)):
                ticks.append([(left, y + 0.855), (left, y + 0.92)])
                tick_inks.append(ink)
            if cell.lifted:
                crosses.append((x + 0.88, y + 0.87))
                cross_inks.append(ink)
    axes.add_collection(LineCollection(ticks, colors=tick_inks, linewidths=1.2), autolim=False)
    if crosses:
        left, down = zip(*crosses, strict=True)
        axes.scatter(left, down, s=16, c=cross_inks, marker="x", linewidths=1.2)


def _fill(table: Comparison, cell: Cell) -> str:
    """Return the colour of a cell: pale where the run does nothing."""
    if cell.run is None:
        return "#f7f7f7"
    return style.period_colour(cell.run, table.outbreak, table.horizon)


def cell_lines(table: Comparison, cell: Cell) -> list[str]:
    """Return the up to three lines of a cell: the run above, reality below."""
    above = simulated_text(table, cell).split("\n")
    below = real_text(table, cell).split("\n")
    if len(above) + len(below) > max(LINE_HEIGHTS):
        above, below = above[:1], [below[0], f"{below[1]}, {cell.acting}/{cell.members}"]
    return [line for line in (*above, *below) if line] or [""]


def simulated_text(table: Comparison, cell: Cell) -> str:
    """Return what a cell says of the run: a date, how many members, or why there is none."""
    share = f"{cell.acting} of {cell.members}" if cell.members and cell.acting else ""
    if cell.run is None:
        return "blocked" if cell.blocked else share
    return f"{_date_in(table, cell.run)}\n{share}".strip()


def real_text(table: Comparison, cell: Cell) -> str:
    """Return what a cell says of reality: a mark and the date; below, how far the run is off."""
    verdict = table.verdict(cell)
    if cell.real is None:
        return "not in\nrecord" if verdict == compare.RUN_ONLY else ""
    mark = "○" if cell.recalled else "●"
    gap = ""
    if verdict == compare.BOTH and cell.run is not None:
        days = (cell.run - cell.real).days
        gap = f"\n{days:+d} d".replace("-", "−") if days else "\nsame day"
    return f"{mark} {_date_in(table, cell.real)}{gap}"


def _date_in(table: Comparison, day: date) -> str:
    """Return a date without its year where that is the year of the outbreak, else month and year.

    A cell is narrow, and a date a year later needs no day.
    """
    same = day.year == table.outbreak.year
    return style.short_date(day) if same else style.full_date(day).split(" ", 1)[1]


def _calendar_heads(axes: Axes, table: Comparison, width: float) -> None:
    for x, actor in enumerate(table.actors):
        axes.text(x + 0.5, -0.12, actor, ha="center", va="bottom", size=9.5, weight="bold")
    others = [x for x, actor in enumerate(table.actors) if actor not in table.recorded_actors]
    known = [x for x, actor in enumerate(table.actors) if actor in table.recorded_actors]
    for group, words in (
        (known, "run above, record below"),
        (others, "run only: no record"),
    ):
        if group:
            left, right = min(group) + 0.05, max(group) + 0.95
            room = textwrap.fill(words, int(13 * width * len(group)))
            axes.plot([left, right], [-0.62, -0.62], color=style.MUTED, lw=0.8, clip_on=False)
            axes.text(
                (left + right) / 2, -0.68, room,
                ha="center", va="bottom", size=8, color=style.MUTED, linespacing=0.95,
            )  # fmt: skip


def _calendar_title(
    figure: Figure, size: tuple[float, float], table: Comparison, sentence: list[str]
) -> None:
    figure.text(
        0.12 / size[0],
        1 - 0.22 / size[1],
        f"Who announces which measure against {table.target}, and when",
        size=12.5,
        weight="bold",
        va="center",
    )
    figure.text(
        0.12 / size[0],
        1 - 0.40 / size[1],
        "\n".join(sentence),
        color=style.MUTED,
        va="top",
        size=8.6,
        linespacing=1.25,
    )


def _calendar_legend(figure: Figure, size: tuple[float, float], table: Comparison) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    times = [Patch(facecolor=c, label=text) for c, text in style.period_legend(table.horizon)]
    blank: dict[str, Any] = {"facecolor": style.PAPER, "edgecolor": style.ALARM}
    dashed = (0, (2.2, 1.6))
    end = style.short_date(table.horizon)
    mark: dict[str, Any] = {"linestyle": "", "color": style.INK}
    marks = [
        Line2D([], [], marker="o", label="date in the record, read", **mark),
        Line2D([], [], marker="o", markerfacecolor=style.PAPER, label="the same, recalled", **mark),
        Patch(linewidth=1.8, label=f"by {end} in the record only", **blank),
        Patch(linewidth=1.3, linestyle=dashed, label=f"by {end} in the run only", **blank),
        Line2D([], [], marker="|", markersize=6, label="each tick a further wave", **mark),
        Line2D([], [], marker="x", markersize=5, label="given up in the end", **mark),
    ]
    title = f"Colour: first wave in the run, days after {style.short_date(table.outbreak)}"
    for handles, height, columns in ((times, 0.60, 6), (marks, 0.10, 3)):
        figure.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(0.10 / size[0], height / size[1]),
            ncols=columns,
            fontsize=8,
            columnspacing=1.1,
            handletextpad=0.5,
            handlelength=1.6,
            borderaxespad=0,
        )
    figure.text(0.12 / size[0], 0.95 / size[1], title, size=8.2, weight="bold", va="center")


def costs(setting: Setting, steps: pd.DataFrame, states: pd.DataFrame) -> Figure:
    """Return losses over time: of the targets, and of the senders that lose most.

    Parameters
    ----------
    setting : Setting
    steps, states : DataFrame
        As `sim.engine.tables` makes them.
    """
    from matplotlib.figure import Figure

    dates: Any = _dates(steps["date"])
    with style.house():
        figure = Figure(figsize=(7.2, 6.4))
        loss, own = figure.subplots(2, 1, sharex=True, height_ratios=(1.3, 1.0))
        figure.subplots_adjust(left=0.075, right=0.735, top=0.855, bottom=0.06, hspace=0.30)
        headline(
            figure, "What it costs", "Loss of real income, percent of GDP; below zero, a gain."
        )
        mean = Line("mean of senders", steps["mean_sender_loss"], style.INK, (0, (1, 1.2)))
        lines = []
        for n, code in enumerate(list(setting.config.scenario.targets)[:N_BANDS]):
            lines.append(Line(code, steps[f"loss_{code}"], style.LINES[n]))
        _lines(loss, dates, [*lines, mean])
        _lines(own, dates, [*_top_senders(states), mean])
        loss.set_title("Targets", pad=12)
        own.set_title("Senders that lose most (another scale)", pad=12)
        _mark_events(figure.axes, setting, dates)
        _date_axis(own, setting, dates)
        return figure


def paths(setting: Setting, steps: pd.DataFrame, events: pd.DataFrame) -> Figure:
    """Return small multiples of what moves beside the losses, with the gravest events marked.

    Parameters
    ----------
    setting : Setting
    steps, events : DataFrame
        As `sim.engine.tables` makes them.
    """
    from matplotlib.figure import Figure

    dates: Any = _dates(steps["date"])
    targets = list(setting.config.scenario.targets)[:N_BANDS]

    def each(column: str, values: Callable[[Any], Any]) -> list[Line]:
        return [
            Line(code, values(steps[f"{column}_{code}"]), style.LINES[n], _DASHES[n])
            for n, code in enumerate(targets)
        ]

    def one(column: str, factor: float = 1.0) -> list[Line]:
        return [Line("", factor * steps[column], style.INK)]

    panels = (
        ("Waves announced, less withdrawn", one("waves_announced"), None),
        ("Leak, % of covered trade", each("leak", lambda leak: 100.0 * leak), None),
        ("Price of a dollar, before = 1", each("log_rate", np.exp), None),
        ("Support among senders, 0 to 1", one("mean_support"), (0.0, 1.0)),
        ("Belief in the coalition, 0 to 1", one("belief"), (0.0, 1.0)),
        ("Risk of an attempt elsewhere, %", one("attempt_risk", 100.0), None),
    )
    marks = marked_events(setting, events, dates[-1])
    with style.house():
        figure = Figure(figsize=(7.2, 6.5 + 0.16 * math.ceil(len(marks) / 2)))
        grid = figure.subplots(3, 2, sharex=True)
        high = figure.get_figheight()
        foot = 0.62 + 0.16 * math.ceil(len(marks) / 2)
        figure.subplots_adjust(
            left=0.07, right=0.875, top=1 - 1.0 / high, bottom=foot / high, hspace=0.36, wspace=0.54
        )
        headline(
            figure,
            "What else moves",
            "The dollar's price is no measure of welfare. Belief and risk are indicators, "
            "not forecasts.",
        )
        for axes, (title, lines, limits) in zip(grid.flat, panels, strict=True):
            _lines(axes, dates, lines, limits)
            axes.set_title(title, size=9.2, pad=11)
        _mark_events(figure.axes, setting, dates, marks)
        for axes in grid[-1]:
            _date_axis(axes, setting, dates)
        grid[1, 0].axhline(1.0, color=style.MUTED, linewidth=0.8, zorder=1)
        for number, (letter, day, words) in enumerate(marks):
            figure.text(
                0.02 + 0.49 * (number % 2),
                (foot - 0.46 - 0.17 * (number // 2)) / high,
                f"{letter}  {style.full_date(day)}: {textwrap.shorten(words, 40, placeholder='…')}",
                size=8,
                color=style.INK,
                va="center",
            )
        return figure


def marked_events(
    setting: Setting, events: pd.DataFrame, last: date
) -> list[tuple[str, date, str]]:
    """Return letter, day and words of the gravest events of a run, in the order of time.

    Events closer to a graver one than a twentieth of the run give way to it, so that the marks
    can be told apart. A settlement is always among them.

    Parameters
    ----------
    setting : Setting
    events : DataFrame
        Columns `sim.engine.tables.EVENT_COLUMNS`.
    last : date
        Last day that is drawn.
    """
    happened = events[
        (events["kind"] == "event") & ~events["instrument"].isin(["involvement", "closure"])
    ]
    known = {(e.date, e.label): e.severity for e in setting.events}
    random = setting.config.society.escalation_severity
    found = [
        (known.get((date.fromisoformat(day), words), random), date.fromisoformat(day), words)
        for day, words in zip(happened["date"], happened["detail"], strict=True)
    ]
    settled = events[events["kind"] == "settlement"]["date"]
    found += [(math.inf, date.fromisoformat(day), "talks settle the war") for day in settled]
    apart = (last - setting.start).days / 20.0
    chosen: list[tuple[date, str]] = []
    for _, day, words in sorted(found, key=lambda entry: (-entry[0], entry[1])):
        near = any(abs((day - other).days) < apart for other, _ in chosen)
        if len(chosen) < N_MARKS and day <= last and not near:
            chosen.append((day, words))
    return [(chr(ord("A") + n), *entry) for n, entry in enumerate(sorted(chosen))]


def headline(figure: Figure, title: str, below: str) -> None:
    """Write the title of a figure, and a line below it."""
    high = figure.get_figheight()
    figure.text(0.02, 1 - 0.24 / high, title, size=12.5, weight="bold", va="center")
    figure.text(0.02, 1 - 0.47 / high, below, size=8.8, color=style.MUTED, va="center")


class Line(NamedTuple):
    """One line of a panel: its name (none if it is alone), its values, and its look."""

    name: str
    values: Any
    colour: str
    dashes: Any = "solid"


def _top_senders(states: pd.DataFrame) -> list[Line]:
    """Return the senders with the largest loss at the end, largest first."""
    senders = states[states["role"] == "sender"]
    paths = senders.pivot(index="step", columns="state", values="loss")
    last = paths.iloc[-1].sort_values(ascending=False, kind="stable")
    return [
        Line(str(code), paths[code], style.LINES[(n + 2) % len(style.LINES)], _DASHES[n])
        for n, code in enumerate(last.index[:TOP_SENDERS])
    ]


def _lines(
    axes: Axes, dates: Any, lines: list[Line], limits: tuple[float, float] | None = None
) -> None:
    """Draw lines with their names and last values at the right end."""
    marker = "o" if len(dates) == 1 else ""
    for name, values, colour, dashes in lines:
        axes.plot(dates, values, color=colour, marker=marker, linestyle=dashes, label=name)
    axes.grid(axis="y", color=style.FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    lowest = min(float(np.min(values)) for _, values, _, _ in lines)
    highest = max(float(np.max(values)) for _, values, _, _ in lines)
    if limits is None:
        room = 0.06 * max(highest, 0.0) - 0.06 * min(lowest, 0.0)
        limits = min(lowest - room, 0.0) if lowest < 0 else 0.0, max(highest, 0.0) + room
        limits = (0.0, 1.0) if limits[1] - limits[0] < FLAT else limits
    axes.set_ylim(*limits)
    if limits[0] < 0.0:
        axes.axhline(0.0, color=style.MUTED, linewidth=0.8, zorder=1)
    heights = [float(line.values.iloc[-1]) for line in lines]
    figure: Any = axes.figure
    inches = axes.get_position().height * figure.get_figheight()
    room = 0.165 * (limits[1] - limits[0]) / inches
    for (name, _, colour, _), value, height in zip(
        lines, heights, spread_labels(heights, room, limits[0]), strict=True
    ):
        axes.annotate(
            f"{name} {_short(value)}".strip(),
            xy=(1.0, value),
            xycoords=("axes fraction", "data"),
            xytext=(1.03 if len(lines) == 1 else 1.06, height),
            textcoords=("axes fraction", "data"),
            color=colour,
            weight="bold",
            size=8.2,
            va="center",
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "relpos": (0, 0.5)},
        )


def _short(value: float) -> str:
    """Return a number in three digits or so."""
    if abs(value - round(value)) < 0.0005:
        return str(round(value))
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.0995 else 3
    return f"{value:.{digits}f}".replace("-", "−")


def spread_labels(heights: list[float], room: float, floor: float = 0.0) -> list[float]:
    """Return heights in the same order, at least `room` apart and none below `floor`.

    The mean of pushing all up and pushing all down: both keep the distance, so their mean does.
    """
    order = sorted(range(len(heights)), key=lambda n: heights[n])
    up, down = list(heights), list(heights)
    for low, high in pairwise(order):
        up[high] = max(up[high], up[low] + room)
    for high, low in pairwise(reversed(order)):
        down[low] = min(down[low], down[high] - room)
    placed = [(a + b) / 2.0 for a, b in zip(up, down, strict=True)]
    return [height - min(0.0, min(placed) - floor) for height in placed]


def _mark_events(
    panels: list[Axes],
    setting: Setting,
    dates: Any,
    marks: list[tuple[str, date, str]] | None = None,
) -> None:
    """Mark dated events in all panels, by their letters above; without any, the outbreak."""
    if marks is None:
        day = compare.outbreak(setting)
        marks = [("outbreak", day, "")] if setting.start < day <= dates[-1] else []
    for panel in panels:
        for letter, day, _ in marks:
            where: Any = day
            panel.axvline(where, color=style.MUTED, linewidth=0.8, linestyle=(0, (1, 2)), zorder=0)
            panel.annotate(
                letter,
                xy=(day, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0 if len(letter) == 1 else -3, 1),
                textcoords="offset points",
                ha="center" if len(letter) == 1 else "left",
                va="bottom",
                size=7.6,
                color=style.MUTED,
            )


def _date_axis(axes: Axes, setting: Setting, dates: Any) -> None:
    """Label the months, or the days of a short run, along the lowest panels."""
    from matplotlib import dates as ticks
    from matplotlib.ticker import Formatter, FuncFormatter

    first, last = setting.start, max(dates[-1], setting.start + timedelta(days=2))
    locator: ticks.DateLocator = ticks.AutoDateLocator(minticks=3, maxticks=7)
    form: Formatter = ticks.ConciseDateFormatter(locator, show_offset=False)
    if (last - first).days < 60:  # never hours
        locator = ticks.DayLocator(
            bymonthday=range(1, 32), interval=max(1, (last - first).days // 3)
        )
        form = FuncFormatter(lambda number, _: style.short_date(ticks.num2date(number).date()))
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(form)
    axes.tick_params(axis="x", labelsize=8)
    axes.set_xlim(float(ticks.date2num(first)), float(ticks.date2num(last)))


def _dates(column: pd.Series) -> list[date]:
    return [date.fromisoformat(str(text)) for text in column]
