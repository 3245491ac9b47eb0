"""The three pictures of a run: the alliance network, the calendar of measures, the costs.

Every function returns a matplotlib `Figure` of its own; nothing global is touched, so that they
can be called from anywhere. Time is told by the same colours in all of them (`sim.report.style`).
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.report import compare, style
from sim.report.compare import Cell, Comparison
from sim.setting import Setting

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
LAYOUT_SEED = 4
TOP_SENDERS = 4
RING = 0.024


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
        Columns `sim.records.EVENT_COLUMNS`.
    """
    from matplotlib.figure import Figure

    with style.house():
        figure = Figure(figsize=(11.0, 8.6))
        axes = figure.add_axes((0.0, 0.09, 1.0, 0.84))
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


def _fitted(place: Floats, target: NDArray[np.bool_]) -> Floats:
    """Turn the long axis level with the targets on the right, and draw stragglers in.

    Springs leave the turn and the mirror to chance; a picture should not.
    """
    place = place - place.mean(axis=0)
    axes = np.linalg.svd(place, full_matrices=False)[2]
    place = place @ axes.T
    side = np.array([place[target, 0].sum(), place[np.argmax(np.abs(place[:, -1])), -1]])
    place = place * np.where(side < 0, -1.0, 1.0)
    spread = np.maximum(place.std(axis=0), 1e-9)
    return np.asarray(np.tanh(place / (1.35 * spread)) * np.array([1.55, 1.0]))


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
    "defence": "defence pact or common alliance",
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
    words = {act.measure.code for act in setting.acts if act.measure.scope == "diplomacy"}
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
        (discs, 0.01, "Disc: role; area grows with GDP", 2),
        (lines, 0.31, "Line", 1),
        (times, 0.56, f"Ring: days after {style.short_date(compare.outbreak(setting))}", 3),
    ):
        legend = figure.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(left, 0.0),
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
        Columns `sim.records.EVENT_COLUMNS`.
    """
    from matplotlib.figure import Figure

    table = compare.compare(setting, events)
    n_rows, n_columns = len(table.measures), len(table.actors)
    with style.house():
        names, width, row, head, foot = 2.35, 0.94, 0.365, 1.18, 0.86
        size = (names + max(n_columns, 6) * width + 0.15, head + n_rows * row + foot)
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
        axes.set_axis_off()
        for y, measure in enumerate(table.measures):
            label = "\n".join(textwrap.wrap(measure.label, 36))
            axes.text(-0.08, y + 0.5, label, ha="right", va="center", size=7.8, linespacing=1.05)
            for x, actor in enumerate(table.actors):
                _draw_cell(axes, x, y, table, table.cells[actor, measure.code])
        _calendar_heads(axes, table)
        _calendar_title(figure, size, table)
        _calendar_legend(figure, size, table)
        return figure


def _draw_cell(axes: Axes, x: int, y: int, table: Comparison, cell: Cell) -> None:
    from matplotlib.patches import Rectangle

    verdict = table.verdict(cell)
    fill = "#f7f7f7"
    if cell.run is not None:
        fill = style.period_colour(cell.run, table.outbreak, table.horizon)
    edge: dict[str, Any] = {"edgecolor": "none"}
    if verdict == compare.RECORD_ONLY:
        edge = {"edgecolor": style.ALARM, "linewidth": 1.8}
    elif verdict == compare.RUN_ONLY:
        edge = {"edgecolor": style.ALARM, "linewidth": 1.3, "linestyle": (0, (2.2, 1.6))}
    axes.add_artist(Rectangle((x + 0.03, y + 0.06), 0.94, 0.88, facecolor=fill, **edge))
    ink = style.ink_on(fill)
    early = cell.run is not None and cell.run <= table.horizon
    above, below = simulated_text(table, cell), real_text(table, cell)
    both = bool(above and below)
    for words, height, look in (
        (above, 0.32, {"size": 7.8, "weight": "bold" if early else "normal"}),
        (below, 0.70, {"size": 7.2}),
    ):
        if words:
            middle = y + (height if both else 0.5)
            axes.text(x + 0.5, middle, words, ha="center", va="center", color=ink, **look)


def simulated_text(table: Comparison, cell: Cell) -> str:
    """Return what a cell says of the run: a date, how many members, or why there is none."""
    share = f" ({cell.acting}/{cell.members})" if cell.members and cell.acting else ""
    if cell.run is None:
        return "blocked" if cell.blocked else share.strip()
    return f"{_date_in(table, cell.run)}{share}"


def real_text(table: Comparison, cell: Cell) -> str:
    """Return what a cell says of reality: a mark, the date, and how far the run is from it."""
    verdict = table.verdict(cell)
    if cell.real is None:
        return "not in record" if verdict == compare.RUN_ONLY else ""
    mark = "○" if cell.recalled else "●"
    gap = ""
    if verdict == compare.BOTH and cell.run is not None:
        days = (cell.run - cell.real).days
        gap = f"  {days:+d} d".replace("-", "−") if days else "  same"
    return f"{mark} {_date_in(table, cell.real)}{gap}"


def _date_in(table: Comparison, day: date) -> str:
    """Return a date without its year where that is the year of the outbreak."""
    same = day.year == table.outbreak.year
    return style.short_date(day) if same else style.full_date(day)


def _calendar_heads(axes: Axes, table: Comparison) -> None:
    for x, actor in enumerate(table.actors):
        axes.text(x + 0.5, -0.18, actor, ha="center", va="bottom", size=10, weight="bold")
    others = [x for x, actor in enumerate(table.actors) if actor not in table.recorded_actors]
    known = [x for x, actor in enumerate(table.actors) if actor in table.recorded_actors]
    for group, words in (
        (known, "run above, reality below"),
        (others, "run only: no dated record"),
    ):
        if group:
            left, right = min(group) + 0.05, max(group) + 0.95
            axes.plot([left, right], [-0.95, -0.95], color=style.MUTED, lw=0.8, clip_on=False)
            axes.text(
                (left + right) / 2, -1.05, words,
                ha="center", va="bottom", size=8, color=style.MUTED,
            )  # fmt: skip


def _calendar_title(figure: Figure, size: tuple[float, float], table: Comparison) -> None:
    figure.text(
        0.12 / size[0],
        1 - 0.22 / size[1],
        f"Who announces which measure against {table.target}, and when",
        size=13,
        weight="bold",
        va="center",
    )
    figure.text(
        0.12 / size[0], 1 - 0.48 / size[1], table.sentence(), color=style.MUTED, va="center"
    )


def _calendar_legend(figure: Figure, size: tuple[float, float], table: Comparison) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    times = [Patch(facecolor=c, label=text) for c, text in style.period_legend(table.horizon)]
    blank: dict[str, Any] = {"facecolor": style.PAPER, "edgecolor": style.ALARM}
    dashed = (0, (2.2, 1.6))
    end = style.short_date(table.horizon)
    marks = [
        Line2D([], [], marker="o", linestyle="", color=style.INK, label="real date, read"),
        Line2D(
            [],
            [],
            marker="o",
            linestyle="",
            color=style.INK,
            markerfacecolor=style.PAPER,
            label="real date, recalled",
        ),
        Patch(linewidth=1.8, label=f"in the record by {end}, not in the run", **blank),
        Patch(
            linewidth=1.3,
            linestyle=dashed,
            label=f"in the run by {end}, not in the record",
            **blank,
        ),
    ]
    title = f"Run, days after {style.short_date(table.outbreak)}:"
    for handles, height in ((times, 0.42), (marks, 0.10)):
        figure.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=((2.25 if handles is times else 0.05) / size[0], height / size[1]),
            ncols=len(handles),
            fontsize=8,
            columnspacing=1.4,
            handletextpad=0.5,
            borderaxespad=0,
        )
    figure.text(0.12 / size[0], 0.545 / size[1], title, size=8, weight="bold", va="center")


def costs(setting: Setting, steps: pd.DataFrame, states: pd.DataFrame) -> Figure:
    """Return losses of targets and senders and the leak over time.

    Parameters
    ----------
    setting : Setting
    steps, states : DataFrame
        As `sim.records.Records` leaves them.
    """
    from matplotlib.figure import Figure

    targets = list(setting.config.scenario.targets)
    dates: Any = _dates(steps["date"])
    with style.house():
        figure = Figure(figsize=(11.0, 8.4))
        loss, own, leak = figure.subplots(3, 1, sharex=True, height_ratios=(1.25, 1.25, 0.9))
        figure.subplots_adjust(left=0.065, right=0.84, top=0.90, bottom=0.06, hspace=0.30)
        figure.text(
            0.02, 0.965, "What it costs, and what leaks", size=13, weight="bold", va="center"
        )
        mean = ("mean of senders", steps["mean_sender_loss"], style.INK)
        _lines(
            loss,
            dates,
            [
                *((code, steps[f"loss_{code}"], style.LINES[n]) for n, code in enumerate(targets)),
                mean,
            ],
        )
        _lines(own, dates, [*_top_senders(states, len(dates)), mean])
        _lines(
            leak,
            dates,
            [
                (f"to {code}", 100.0 * steps[f"leak_{code}"], style.LINES[n])
                for n, code in enumerate(targets)
            ],
        )
        loss.set_title("Targets, beside the mean sender: loss, percent of GDP")
        own.set_title("Senders that lose most: loss, percent of GDP (another scale)")
        leak.set_title("Leak: percent of the covered trade that finds another way")
        _date_axis(leak, setting, dates)
        return figure


Line = tuple[str, Any, str]


def _top_senders(states: pd.DataFrame, n_steps: int) -> list[Line]:
    """Return the senders with the largest loss at the end, largest first."""
    senders = states[states["role"] == "sender"]
    paths = senders.pivot(index="step", columns="state", values="loss")
    last = paths.iloc[-1].sort_values(ascending=False, kind="stable")
    return [
        (str(code), paths[code], style.LINES[(n + 2) % len(style.LINES)])
        for n, code in enumerate(last.index[:TOP_SENDERS])
    ]


def _lines(axes: Axes, dates: Any, lines: list[Line]) -> None:
    """Draw lines with their names and last values at the right end."""
    marker = "o" if len(dates) == 1 else ""
    for name, values, colour in lines:
        dashes = (0, (4, 2)) if name.startswith("mean") else "solid"
        axes.plot(dates, values, color=colour, marker=marker, linestyle=dashes, label=name)
    axes.grid(axis="y", color=style.FAINT, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    if axes.get_ylim()[1] < 1e-9 or all(float(max(v)) <= 0 for _, v, _ in lines):
        axes.set_ylim(0.0, 1.0)
    low, high = axes.get_ylim()
    heights = [float(values.iloc[-1]) for _, values, _ in lines]
    for (name, _, colour), value, height in zip(
        lines, heights, spread_labels(heights, 0.105 * (high - low)), strict=True
    ):
        axes.annotate(
            f"{name}  {value:.2f}" if value < 10 else f"{name}  {value:.0f}",
            xy=(1.0, value),
            xycoords=("axes fraction", "data"),
            xytext=(1.025, height),
            textcoords=("axes fraction", "data"),
            color=colour,
            weight="bold",
            size=8.5,
            va="center",
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "relpos": (0, 0.5)},
        )


def spread_labels(heights: list[float], room: float) -> list[float]:
    """Return heights in the same order, at least `room` apart and none below zero.

    The mean of pushing all up and pushing all down: both keep the distance, so their mean does.
    """
    order = sorted(range(len(heights)), key=lambda n: heights[n])
    up, down = list(heights), list(heights)
    for low, high in pairwise(order):
        up[high] = max(up[high], up[low] + room)
    for high, low in pairwise(reversed(order)):
        down[low] = min(down[low], down[high] - room)
    placed = [(a + b) / 2.0 for a, b in zip(up, down, strict=True)]
    return [height - min(0.0, *placed) for height in placed]


def _date_axis(axes: Axes, setting: Setting, dates: Any) -> None:
    """Mark the outbreak and the end of the record in all panels, and label the months."""
    from matplotlib import dates as ticks

    figure: Any = axes.get_figure()
    marks = [(compare.outbreak(setting), "outbreak"), (compare.record_end(setting), "record ends")]
    for panel in figure.axes:
        for day, _ in marks:
            if setting.start < day <= dates[-1]:
                panel.axvline(day, color=style.MUTED, linewidth=0.8, linestyle=(0, (1, 2)))
    for day, words in marks:
        if setting.start < day <= dates[-1]:
            axes.annotate(
                words,
                xy=(day, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(4, -2),
                textcoords="offset points",
                va="top",
                size=8,
                color=style.MUTED,
            )
    first, last = setting.start, max(dates[-1], setting.start + timedelta(days=2))
    short = (last - first).days < 14
    locator: ticks.DateLocator = ticks.AutoDateLocator(minticks=3, maxticks=9)
    if short:  # never hours
        locator = ticks.DayLocator(interval=2)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ticks.ConciseDateFormatter(locator))
    axes.set_xlim(float(ticks.date2num(first)), float(ticks.date2num(last)))


def _dates(column: pd.Series) -> list[date]:
    return [date.fromisoformat(str(text)) for text in column]
