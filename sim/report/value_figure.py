"""The figure of a valuation: every member's worth in three readings, with bands over draws."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from sim.analysis.value.outcomes import Outcome
from sim.analysis.value.store import Asked
from sim.analysis.value.valuation import Valuation
from sim.report.style import FAINT, INK, LINES, MUTED, PAPER, house
from sim.report.value_words import Line, lines

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Kind of worth: its marker, colour, fill and place below the line of its member.
MARKS = {
    "shapley": ("o", LINES[1], LINES[1], -0.25),
    "alone": ("^", LINES[0], PAPER, 0.02),
    "last": ("D", INK, PAPER, 0.26),
}
LEGEND = {
    "shapley": "Shapley's value: mean over all orders of joining",
    "alone": "alone: first in",
    "last": "last in: what is lost if it is left out",
}
WIDTH = 6.2  # inches


def worth_figure(valuation: Valuation, asked: Asked, foot: str) -> Figure:
    """Return a dot plot, a panel for each outcome, members in the order of the first.

    Parameters
    ----------
    valuation : Valuation
    asked : Asked
    foot : str
        Where it comes from, in one line.
    """
    from matplotlib.figure import Figure

    names = [line.name for line in lines(valuation, asked.outcomes[0])]
    line = fill(f"Lines: 10 to 90 % of draws. {foot}", 118)
    foot_inches = 0.1 + 0.11 * (1 + line.count("\n"))
    height = foot_inches + 0.75 + 2 * (0.7 + 0.38 * len(names))
    with house():
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        share = foot_inches / height
        figure.get_layout_engine().set(rect=(0.0, share, 1.0, 1.0 - share))
        panels = figure.subplots(2, 2, sharey=True)
        for panel, outcome in zip(panels.flat, asked.outcomes, strict=True):
            _panel(panel, valuation, outcome, names)
        panels[0, 0].set_yticks(range(len(names)), [plain(fill(name, 16)) for name in names])
        panels[0, 0].set_ylim(len(names) - 0.45, -0.55)
        handles = [_handle(panels[0, 0], kind) for kind in MARKS]
        figure.legend(handles, LEGEND.values(), loc="outside upper left")
        figure.text(0.01, 0.03 / height, plain(line), fontsize=6.5, color=MUTED, va="bottom")
    return figure


def _panel(panel: Axes, valuation: Valuation, outcome: Outcome, names: list[str]) -> None:
    by_name: dict[str, Line] = {line.name: line for line in lines(valuation, outcome)}
    for row, name in enumerate(names):
        for kind, (marker, colour, face, shift) in MARKS.items():
            found = by_name[name].worth[kind]
            at = row + shift
            panel.plot([found.low, found.high], [at, at], color=colour, linewidth=1.3)
            panel.plot(
                found.middle, at, marker, color=colour, markerfacecolor=face, markersize=4.8
            )
    for row in range(1, len(names)):
        panel.axhline(row - 0.5, color=FAINT, linewidth=0.8, zorder=0)
    panel.axvline(0.0, color=MUTED, linewidth=0.8, zorder=0)
    panel.set_title(plain(outcome.label))
    panel.set_xlabel(plain(outcome.unit))
    panel.tick_params(axis="y", length=0)


def _handle(panel: Axes, kind: str) -> object:
    marker, colour, face, _ = MARKS[kind]
    (handle,) = panel.plot(
        [], [], marker=marker, color=colour, markerfacecolor=face, markersize=4.8, linewidth=1.3
    )
    return handle


def plain(text: str) -> str:
    """Return a text in which nothing is taken for a formula."""
    return text.replace("$", r"\$")
