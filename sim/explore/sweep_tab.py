"""The tab Sweep: two levers on a grid to a heat map, and the command that goes on from there."""

import json
import time
from typing import Any, NamedTuple

import numpy as np
from nicegui import ui

from sim.errors import InputError
from sim.explore.exports import Exports, save_drawing
from sim.explore.grid import MOST_RUNS, NUMBERS, RUNS, Grid, Swept, called, numbers, point_of
from sim.explore.grid import values as values_of
from sim.explore.levers import slider_end
from sim.explore.parts import MENU, Computing, Head, chart_panel, redraw
from sim.explore.session import Session
from sim.explore.settings import GRID, SHOWN, read_json
from sim.explore.work import SLOW
from sim.words import listed

PAUSE_S = 0.5
NOTE = (
    "All points have the same draws of chance; choose a cell, and the levers move there. A page "
    f"computes {MOST_RUNS:,} runs at most; the command below takes any number, on many machines "
    "too."
)
CHOSEN = """event => {
  const cell = event.target.closest('[data-x]');
  if (cell) emit([cell.dataset.x, cell.dataset.y]);
}"""


class Asked(NamedTuple):
    """One side of a grid, as it is asked for; None for the usual end."""

    key: str
    low: float | None = None
    high: float | None = None
    number: int = 5


USUAL = (Asked("coordination.peer_weight"), Asked("coordination.secondary_sanctions"), RUNS[0], "")


def asked_in(text: str) -> tuple[Asked, Asked, int, str]:
    """Return the grid that a link asks for; ValueError or the like for what cannot be."""
    across, down, runs, outcome = read_json(text)
    sides = [Asked(*side) for side in (across, down)]
    for side in sides:
        ends = [end for end in (side.low, side.high) if end is not None]
        if side.key not in numbers():
            raise InputError.unknown("lever to sweep", str(side.key), numbers())
        numbers_only = all(type(end) in (int, float) and np.isfinite(end) for end in ends)
        if not numbers_only or type(side.number) is not int or side.number not in NUMBERS:
            raise InputError(f"link: the grid cannot be read; found {text[:SHOWN]!r}")
    if runs not in RUNS:
        raise InputError.unknown("number of runs a point", str(runs), map(str, RUNS))
    return sides[0], sides[1], runs, str(outcome)


class Side:
    """The controls of one lever of a grid: which, from where to where, how many values."""

    def __init__(self, session: Session, label: str, asked: Asked) -> None:
        self.session = session
        with ui.element("div").classes("x-side-of-grid"):
            known = {name: called(name) for name in numbers()}
            self.key = ui.select(known, value=asked.key, label=label, with_input=True).props(MENU)
            with ui.row().classes("no-wrap gap-2 w-full"):
                self.low, self.high = (
                    ui.number(f"{label}: {end}", value=value, format="%g").props("outlined dense")
                    for end, value in (("from", asked.low), ("to", asked.high))
                )
                self.number = ui.select(
                    list(NUMBERS), value=asked.number, label=f"{label}: values"
                ).props(MENU)
        if asked.low is None:
            self._usual_range()
        self.key.on_value_change(self._usual_range)

    def _usual_range(self) -> None:
        if self.key.value is None:
            return
        lever = numbers()[self.key.value]
        usual = self.session.settings.usual(lever.key)
        self.low.set_value(lever.low)
        self.high.set_value(min(slider_end(lever, usual), lever.high or 1.0))

    @property
    def asked(self) -> Asked:
        """What is asked for."""
        return Asked(self.key.value, self.low.value, self.high.value, self.number.value)

    def values(self) -> tuple[float, ...]:
        """Return the values of the lever; InputError for what cannot be."""
        if self.key.value is None:
            raise InputError("choose a lever for each side of the grid")
        if self.low.value is None or self.high.value is None:
            raise InputError(f"say from where to where {self.key.value} goes")
        whole = numbers()[self.key.value].whole
        found = values_of(self.low.value, self.high.value, self.number.value, whole)
        for value in found:
            self.session.settings.with_lever(self.key.value, value).config()
        return found


class SweepTab(Computing):
    """The tab of a page; all but the two levers stand where the page has them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.swept: Swept | None = None
        self.asked = session.asked(GRID, asked_in, USUAL)
        self._draw()

    def _draw(self) -> None:
        across, down, runs, outcome = self.asked
        with ui.column().classes("w-full gap-3"):
            self.head = Head("Two levers on a grid", NOTE, self._stopped)
            with self.head.choices:
                self.across = Side(self.session, "Across", across)
                self.down = Side(self.session, "Up", down)
            with self.head.buttons:
                self.runs = ui.select(list(RUNS), value=runs, label="Runs a point").props(MENU)
                self.runs.classes("x-runs")
            self.head.button("Sweep", self._sweep, icon="grid_on")
            self.first_outcome = outcome
            self.outcome = ui.select({}, label="Outcome", on_change=self._show)
            self.outcome.props(MENU).classes("x-panel w-full")
            self.chart = chart_panel({"series": []}, tall=True)
            self.chart.on_point_click(lambda event: self._turn_to(*event.value[:2]))
            self.table = ui.html(sanitize=False).classes("x-panel w-full")
            self.table.on("click", lambda event: self._turn_to(*event.args), js_handler=CHOSEN)
            self.exports = Exports(
                {"Heat map": lambda: save_drawing(self.chart, "heat_map")},
                {"Outcomes by run": "sweep"},
                lambda _: self.swept.table() if self.swept and self.swept.found else None,
            )

    def _grid(self) -> Grid:
        return Grid(
            self.session.settings, self.across.key.value, self.down.key.value,
            self.across.values(), self.down.values(), self.runs.value,
        )  # fmt: skip

    async def follow(self) -> None:
        """Sweep the grid around the settings of the page, unless nothing that it holds moved."""
        if self.swept and self.swept.whole and self.swept.grid.alike(self.session.settings):
            self._show()
        else:
            await self._sweep()

    async def _sweep(self) -> None:
        await self.head.run(self._points)

    async def _points(self, ticket: int) -> str:
        drawn, grid = 0.0, self._grid()
        self.exports.tell(grid.command)
        self.swept = swept = Swept(grid)
        for n, (x, y, settings) in enumerate(list(grid.points())):
            swept.add(x, y, await self.desk.do(ticket, SLOW, point_of, settings, grid.runs))
            self.head.tell((n + 1) * grid.runs, grid.size)
            if n == 0:
                self._offer(swept.outcomes())
            if time.monotonic() - drawn > PAUSE_S or swept.whole:
                self._show()
                drawn = time.monotonic()
        return f"{grid.size:,} runs"

    def _offer(self, known: dict[str, str]) -> None:
        wanted = self.outcome.value or self.first_outcome
        self.outcome.set_options(known, value=wanted if wanted in known else next(iter(known)))

    def _show(self) -> None:
        swept, outcome = self.swept, self.outcome.value
        if swept is None or not swept.found or not outcome:
            return
        known: Any = self.outcome.options
        here = self.session.settings
        redraw(self.chart, swept.chart(outcome, known[outcome], here))
        self.table.set_content(swept.rendered(outcome, known[outcome], here))
        asked = (self.across.asked, self.down.asked, self.runs.value, outcome)
        self.session.show(grid="" if asked[:3] == USUAL[:3] else json.dumps(asked))

    async def _turn_to(self, x: Any, y: Any) -> None:
        """Set the levers of the page to those of a point, and say where it can be looked at."""
        swept = self.swept
        if swept is None or (int(x), int(y)) not in swept.found:
            return
        grid = swept.grid
        levers = {grid.across: grid.across_at[int(x)], grid.down: grid.down_at[int(y)]}
        wrong = await self.session.move(levers)
        said = listed(f"{called(key)} = {value:g}" for key, value in levers.items())
        ui.notify(wrong or f"The levers are at {said}: turn to Run to see one of these runs",
                  type="warning" if wrong else "info")  # fmt: skip

    def _stopped(self) -> str:
        self._show()
        return f"{len(self.swept.found) if self.swept else 0} points are drawn"
