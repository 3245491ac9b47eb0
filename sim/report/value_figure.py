"""The figure of a valuation: every member's worth in three readings, with bands over draws."""

from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.analysis.value.outcomes import Outcome
from sim.analysis.value.store import Asked
from sim.analysis.value.valuation import Valuation
from sim.report.figures.sheet import EDGE, sheet
from sim.report.style import FAINT, INK, LINES, MUTED, PAPER, house
from sim.report.value_words import Line, lines
from sim.words import counted

# Kind of worth: marker, colour, filling, and where it stands about the line of its member.
MARKS = {
    "shapley": ("o", LINES[1], LINES[1], -0.25),
    "alone": ("^", LINES[0], PAPER, 0.02),
    "last": ("D", INK, PAPER, 0.26),
}
LEGEND = {
    "shapley": "Shapley's value: mean over all orders of joining",
    "alone": "alone: first in",
    "last": "last in: what goes if it is left out",
}
NAMES, GAP, ROW = 1.3, 0.3, 0.4  # inches: of names, between panels, of a member
ABOVE, BELOW = 0.35, 0.5  # of a panel: its title, its axis
TITLE = "What each member is worth to the coalition"


def worth_figure(valuation: Valuation, asked: Asked, wide: float) -> Figure:
    """Return a dot plot, a panel for each outcome, members in the order of the first.

    Parameters
    ----------
    wide : float
        Inches; panels stand in one column where there is no room for two.
    """
    names = [line.name for line in lines(valuation, asked.outcomes[0])]
    tall = ROW * len(names)
    with house():
        draws = counted(valuation.n_runs, "draw")
        below = f"Mean and 10 to 90 % of {draws}, the same for every coalition"
        columns = 2 if wide >= 5.5 else 1
        rows = -(-len(asked.outcomes) // columns)
        legend = 0.17 * len(MARKS) + 0.05
        page = sheet(wide, legend + rows * (ABOVE + tall + BELOW), TITLE, below)
        width = (wide - NAMES - 2 * EDGE - (columns - 1) * GAP) / columns
        for n, outcome in enumerate(asked.outcomes):
            row, column = divmod(n, columns)
            left = EDGE + NAMES + column * (width + GAP)
            top = legend + ABOVE + row * (ABOVE + tall + BELOW)
            panel = page.axes(left, top, width, tall)
            _draw(panel, valuation, outcome, names)
            shown = [fill(name, 18) for name in names] if column == 0 else []
            panel.set_yticks(range(len(names)) if shown else [], shown)
        page.legend([_handle(kind) for kind in MARKS], EDGE, 0.0, 1)
    return page.figure


def _draw(panel: Axes, valuation: Valuation, outcome: Outcome, names: list[str]) -> None:
    by_name: dict[str, Line] = {line.name: line for line in lines(valuation, outcome)}
    for row, name in enumerate(names):
        for kind, (marker, colour, filling, shift) in MARKS.items():
            found, at = by_name[name].worth[kind], row + shift
            panel.plot([found.low, found.high], [at, at], color=colour, linewidth=1.3)
            panel.plot(found.middle, at, marker, color=colour, mfc=filling, ms=4.8)
    for row in range(1, len(names)):
        panel.axhline(row - 0.5, color=FAINT, linewidth=0.8, zorder=0)
    panel.axvline(0.0, color=MUTED, linewidth=0.8, zorder=0)
    panel.set_ylim(len(names) - 0.45, -0.55)
    panel.set_title(outcome.label)
    panel.set_xlabel(outcome.unit)
    panel.tick_params(axis="y", length=0)


def _handle(kind: str) -> Line2D:
    marker, colour, filling, _ = MARKS[kind]
    return Line2D(
        [], [], marker=marker, color=colour, mfc=filling, ms=4.8, linewidth=1.3, label=LEGEND[kind]
    )
