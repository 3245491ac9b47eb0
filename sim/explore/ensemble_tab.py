"""The tab Ensemble: the same setting over many draws of chance, with bands that fill up."""

from __future__ import annotations

import time
from typing import Any

from nicegui import ui

from sim.columns import facts_of
from sim.errors import InputError
from sim.explore.bands import CHUNK, HEAD, NUMBERS, PATHS, Gathered, chunk_of
from sim.explore.exports import Exports, save_chart, save_table
from sim.explore.parts import chart_panel, redraw, table, title
from sim.explore.session import Session
from sim.explore.story import setting_of
from sim.explore.work import SLOW, Desk, Superseded

PAUSE_S = 0.4  # between two drawings of bands that fill up


class EnsembleTab:
    """The tab of a page, for its session; it begins with a hundred runs when it is first shown."""

    def __init__(self, session: Session) -> None:
        self.session, self.desk = session, Desk()
        self.gathered: Gathered | None = None
        self.asked = NUMBERS[0]
        self._draw()

    def _draw(self) -> None:
        with ui.column().classes("w-full gap-3"):
            with ui.element("div").classes("x-panel w-full"):
                title("The same setting over many draws of chance")
                with ui.row().classes("items-center gap-2"):
                    for number in NUMBERS:
                        ui.button(
                            f"{number:,} runs", on_click=lambda number=number: self._run(number)
                        ).props("no-caps unelevated color=primary")
                    self.cancel = ui.button("Cancel", icon="stop", on_click=self._cancel)
                    self.cancel.props("no-caps outline color=negative")
                self.bar = ui.linear_progress(0.0, show_value=False).props(
                    "aria-label='Share of the runs that are there'"
                )
                self.said = ui.label().classes("x-note").props("aria-live=polite")
                ui.label(
                    "Bands hold eight in ten runs, lines are medians. A page computes "
                    f"{NUMBERS[-1]:,} runs at most; the command below takes any number."
                ).classes("x-note")
            with ui.element("div").classes("x-two"):
                self.charts = [chart_panel({"series": []}) for _ in PATHS]
            self.table = ui.html(sanitize=False).classes("x-panel w-full")
            self.exports = Exports(self._figures(), self._data())
        self.cancel.set_visibility(False)

    def _figures(self) -> dict[str, Any]:
        def save(n: int) -> Any:
            return lambda: save_chart(self.charts[n], f"bands_{PATHS[n].field}")

        return {path.label.format("the target"): save(n) for n, path in enumerate(PATHS)}

    def _data(self) -> dict[str, Any]:
        def save(name: str) -> None:
            if self.gathered and self.gathered.runs:
                found = self.gathered.table() if name == "bands" else self.gathered.outcomes
                save_table(found, name)

        return {
            "Bands by step": lambda: save("bands"),
            "Outcomes by run": lambda: save("outcomes"),
        }

    async def follow(self) -> None:
        """Begin anew for the settings that the page has come to."""
        await self._run(NUMBERS[0])

    async def _run(self, number: int) -> None:
        ticket = self.desk.begin()
        self.asked, began, drawn = number, time.monotonic(), 0.0
        self.cancel.set_visibility(True)
        try:
            setting = await self.desk.do(ticket, SLOW, setting_of, self.session.config)
            self.gathered = gathered = Gathered(setting)
            self._tell()
            for first in range(0, number, CHUNK):
                upto = min(first + CHUNK, number)
                gathered.add(await self.desk.do(ticket, SLOW, chunk_of, setting, first, upto))
                self.bar.set_value(upto / number)
                if time.monotonic() - drawn > PAUSE_S or upto == number:
                    self._show()
                    drawn = time.monotonic()
        except InputError as error:
            self.said.set_text(str(error))
        except Superseded:
            return
        else:
            took = time.monotonic() - began
            self.said.set_text(f"{number:,} runs in {took:.1f} s, draws 0 to {number - 1:,}.")
        self.cancel.set_visibility(False)
        self.desk.end(ticket)

    def _show(self) -> None:
        gathered = self.gathered
        assert gathered is not None
        self.said.set_text(f"{gathered.runs:,} of {self.asked:,} runs")
        for chart, path in zip(self.charts, PATHS, strict=True):
            redraw(chart, gathered.chart(path))
        rows, world = gathered.rows(), gathered.setting.world
        names = dict(zip(world.states, world.names, strict=True))
        known = facts_of("runs", [row[0] for row in rows], names)
        rows = [(known[row[0]].label, *row[1:]) for row in rows]
        caption = f"Outcomes of {gathered.runs:,} runs; columns 10 % and 90 % bound eight in ten"
        self.table.set_content(table(HEAD, rows, caption))

    def _cancel(self) -> None:
        self.desk.cancel()
        self.cancel.set_visibility(False)
        done = self.gathered.runs if self.gathered else 0
        self.said.set_text(f"Cancelled: what is drawn is of {done:,} runs.")
        if done:
            self._show()
            self.said.set_text(f"Cancelled: what is drawn is of {done:,} runs.")

    def _tell(self) -> None:
        more = (f"design.replications={self.asked}", "record=steps")
        self.exports.tell(self.session.settings.command("sweep", *more))
