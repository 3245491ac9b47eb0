"""The figures of a run, one module each, and what they share.

`draw` makes those that a configuration asks for and that have something to show, `save` writes one
of any kind, and `bands` draws paths with the spread of their runs. A function of a figure takes the
setting of a run, tables as `sim.engine.tables` makes them, and its width in inches; it returns a
matplotlib `Figure` of its own. Nothing global is touched, so they can be called from anywhere.
Time is told by the same colours in all of them (`sim.report.style`).
"""

from collections.abc import Callable, Iterator, Sequence

from matplotlib.figure import Figure

from sim.config import inches_of
from sim.engine.tables import History
from sim.errors import InputError
from sim.report.figures.burden import burden, shared_burdens
from sim.report.figures.calendar import calendar
from sim.report.figures.costs import costs
from sim.report.figures.lines import Line, bands, date_axis, draw_lines
from sim.report.figures.network import network
from sim.report.figures.paths import paths
from sim.report.figures.routes import carriers, routes
from sim.report.figures.saving import layout_width, save
from sim.report.figures.sectors import heat_map
from sim.report.figures.sheet import sheet
from sim.report.figures.tiles import cost_map
from sim.report.page import asked

__all__ = [
    "Line", "bands", "burden", "calendar", "cost_map", "costs", "date_axis", "draw", "draw_lines",
    "drawn", "heat_map", "layout_width", "network", "paths", "routes", "save", "sheet",
]  # fmt: skip


def drawn(run: History, name: str) -> Figure:
    """Return a figure of a run by its name; InputError if it has nothing to show in it."""
    for _, figure in draw(run, [name]):
        return figure
    raise InputError(f"figure '{name}' has nothing to show in this run")


def draw(run: History, names: Sequence[str] | None = None) -> Iterator[tuple[str, Figure]]:
    """Yield name and figure of all that `figures.draw` asks for and that show something.

    Burdens are drawn only where sharing moves something, routes where something is carried,
    sectors where they were recorded.

    Parameters
    ----------
    names : sequence of str, optional
        Draw these of `sim.config.FIGURES`, whatever is asked for.
    """
    setting, events, states = run.setting, run.events, run.states
    options = setting.config.figures
    wide = layout_width(inches_of(options.width) or 0.0)
    opened = options.unions == "open"
    drawn: dict[str, Callable[[], Figure | None]] = {
        "calendar": lambda: calendar(setting, events, wide, opened),
        "network": lambda: network(setting, events, wide, opened),
        "costs": lambda: costs(setting, run.steps, states, run.outcomes, wide),
        "map": lambda: cost_map(setting, states, wide),
        "burden": lambda: (
            burden(setting, states, wide) if len(shared_burdens(setting, states)) else None
        ),
        "routes": lambda: (
            routes(setting, run.steps, states, wide) if len(carriers(states)) else None
        ),
        "paths": lambda: paths(setting, run.steps, events, wide),
        "sectors": lambda: None if run.sectors is None else heat_map(setting, run.sectors, wide),
    }
    for name in asked(setting) if names is None else names:
        figure = drawn[name]()
        if figure is not None:
            yield name, figure
