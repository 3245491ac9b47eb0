"""The tab Sweep: two levers on a grid to a heat map, and the command that goes on from there."""

from __future__ import annotations

import time
from typing import Any

from nicegui import ui

from sim.errors import InputError
from sim.explore.exports import Exports, save_chart, save_table
from sim.explore.grid import FEWEST, MOST, MOST_RUNS, RUNS, Grid, Swept, called, numbers, point_of
from sim.explore.grid import values as values_of
from sim.explore.levers import slider_end
from sim.explore.parts import chart_panel, redraw, table, title
from sim.explore.session import Session
from sim.explore.work import SLOW, Desk, Superseded

MENU = "outlined dense options-dense behavior=menu"
FIRST = ("coordination.peer_weight", "coordination.secondary_sanctions")
PAUSE_S = 0.5


class Side:
    """The controls of one lever of a grid: which, from where to where, how many values."""

    def __init__(self, session: Session, label: str, key: str) -> None:
        self.session = session
        with ui.element("div").classes("x-side-of-grid"):
            known = {name: called(name) for name in numbers()}
            self.key = ui.select(known, value=key, label=label, with_input=True).props(MENU)
            self.key.on_value_change(self._usual_range)
            with ui.row().classes("no-wrap gap-2 w-full"):
                self.low = ui.number("from", format="%g").props("outlined dense")
                self.high = ui.number("to", format="%g").props("outlined dense")
                self.number = ui.select(
                    list(range(FEWEST, MOST + 1)), value=4, label="values"
                ).props(MENU)
        self._usual_range()

    def _usual_range(self) -> None:
        lever = numbers()[self.key.value]
        usual = self.session.settings.usual(lever.key)
        self.low.set_value(lever.low)
        self.high.set_value(min(slider_end(lever, usual), lever.high or 1.0))

    def values(self) -> tuple[float, ...]:
        """Return the values of the lever; InputError for what cannot be."""
        if self.low.value is None or self.high.value is None:
            raise InputError(f"say from where to where {self.key.value} goes")
        whole = numbers()[self.key.value].whole
        found = values_of(self.low.value, self.high.value, self.number.value, whole)
        for value in found:
            self.session.settings.with_lever(self.key.value, value).config()
        return found


class SweepTab:
    """The tab of a page; all but the two levers stand where the page has them."""

    def __init__(self, session: Session) -> None:
        self.session, self.desk = session, Desk()
        self.swept: Swept | None = None
        self._draw()

    def _draw(self) -> None:
        with ui.column().classes("w-full gap-3"):
            with ui.element("section").classes("x-panel w-full").props("aria-label=Sweep"):
                title("Two levers on a grid")
                with ui.element("div").classes("x-choices"):
                    self.across = Side(self.session, "Across", FIRST[0])
                    self.down = Side(self.session, "Up", FIRST[1])
                with ui.row().classes("items-center gap-2"):
                    self.runs = ui.select(list(RUNS), value=RUNS[0], label="runs a point")
                    self.runs.props(MENU).classes("x-value")
                    ui.button("Sweep", icon="grid_on", on_click=self.follow).props(
                        "no-caps unelevated color=primary"
                    )
                    self.cancel = ui.button("Cancel", icon="stop", on_click=self._cancel)
                    self.cancel.props("no-caps outline color=negative")
                self.bar = ui.linear_progress(0.0, show_value=False).props(
                    "aria-label='Share of the runs that are there'"
                )
                self.said = ui.label().classes("x-note").props("aria-live=polite")
                ui.label(
                    f"All points have the same draws of chance. A page computes {MOST_RUNS:,} runs "
                    "at most; the command below takes any number, on many machines too."
                ).classes("x-note")
            self.outcome = ui.select({}, label="Outcome", on_change=self._show)
            self.outcome.props(MENU).classes("w-full")
            self.chart = chart_panel({"series": []}, tall=True)
            self.table = ui.html(sanitize=False).classes("x-panel w-full")
            self.exports = Exports(
                {"Heat map": lambda: save_chart(self.chart, "heat_map")},
                {"Outcomes by run": self._save},
            )
        self.cancel.set_visibility(False)

    def _save(self) -> None:
        if self.swept and self.swept.found:
            save_table(self.swept.table(), "sweep")

    def _grid(self) -> Grid:
        return Grid(
            self.session.settings, self.across.key.value, self.down.key.value,
            self.across.values(), self.down.values(), self.runs.value,
        )  # fmt: skip

    async def follow(self) -> None:
        """Sweep the grid that is asked for, around the settings of the page."""
        ticket, began, drawn = self.desk.begin(), time.monotonic(), 0.0
        try:
            grid = self._grid()
            self.cancel.set_visibility(True)
            self.exports.tell(grid.command)
            self.swept = swept = Swept(grid)
            for n, (x, y, settings) in enumerate(list(grid.points())):
                swept.add(x, y, await self.desk.do(ticket, SLOW, point_of, settings, grid.runs))
                self.bar.set_value((n + 1) * grid.runs / grid.size)
                if n == 0:
                    self._offer(swept.outcomes())
                if time.monotonic() - drawn > PAUSE_S:
                    self._show()
                    drawn = time.monotonic()
        except InputError as error:
            self.said.set_text(str(error))
        except Superseded:
            return
        else:
            self._show()
            took = time.monotonic() - began
            self.said.set_text(f"{grid.size:,} runs in {took:.1f} s.")
        self.cancel.set_visibility(False)
        self.desk.end(ticket)

    def _offer(self, known: dict[str, str]) -> None:
        chosen = self.outcome.value if self.outcome.value in known else next(iter(known))
        self.outcome.set_options(known, value=chosen)

    def _show(self) -> None:
        swept, outcome = self.swept, self.outcome.value
        if swept is None or not swept.found or not outcome:
            return
        title = self._title(outcome)
        redraw(self.chart, swept.chart(outcome, title))
        head = [called(swept.grid.down), *(f"{value:g}" for value in swept.grid.across_at)]
        caption = f"{title}: means over {swept.grid.runs} runs a point; across: "
        caption += f"{called(swept.grid.across)}. The page stands at {self._stand(swept.grid)}. "
        caption += "* not defined in some of the runs."
        self.table.set_content(table(head, swept.rows(outcome), caption))

    def _stand(self, grid: Grid) -> str:
        value = grid.settings.value
        return f"{value(grid.across):g} across and {value(grid.down):g} up"

    def _title(self, outcome: str) -> str:
        known: Any = self.outcome.options
        return str(known[outcome])

    def _cancel(self) -> None:
        self.desk.cancel()
        self.cancel.set_visibility(False)
        done = len(self.swept.found) if self.swept else 0
        self.said.set_text(f"Cancelled after {done} points, which are drawn.")
        self._show()
