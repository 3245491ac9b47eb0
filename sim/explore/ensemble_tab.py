"""The tab Ensemble: the same setting over many draws of chance, with bands that fill up."""

import time
from functools import partial

import pandas as pd
from nicegui import ui

from sim.columns import facts_of
from sim.explore.bands import CHUNK, NUMBERS, PATHS, Gathered, chunk_of, files_of
from sim.explore.exports import Exports, saving
from sim.explore.parts import Computing, Head, chart_panel, redraw, table
from sim.explore.session import Session
from sim.explore.settings import RUNS
from sim.explore.story import setting_of
from sim.explore.work import SLOW
from sim.reasons import upper_first
from sim.shown import SPREAD

PAUSE_S = 0.4  # between two drawings of bands that fill up
NOTE = (
    "Bands hold eight in ten runs, lines are medians. A page computes "
    f"{NUMBERS[-1]:,} runs at most; the command below takes any number."
)


class EnsembleTab(Computing):
    """The tab of a page, for its session; it begins with a hundred runs when it is first shown."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.gathered: Gathered | None = None
        self.asked = session.asked(RUNS, {str(n): n for n in NUMBERS}.__getitem__, NUMBERS[0])
        self._draw()

    def _draw(self) -> None:
        with ui.column().classes("w-full gap-3"):
            self.head = Head("The same setting over many draws of chance", NOTE, self._kept)
            for number in NUMBERS:
                self.head.button(f"{number:,} runs", partial(self._run, number))
            with ui.element("div").classes("x-two"):
                self.charts = [chart_panel({"series": []}) for _ in PATHS]
            self.table = ui.html(sanitize=False).classes("x-panel w-full")
            data = {"Bands by step": "bands", "Outcomes by run": "outcomes"}
            self.exports = Exports(saving(self.charts, files_of("bands")), data, self._table)

    def _table(self, name: str) -> pd.DataFrame | None:
        if not self.gathered or not self.gathered.runs:
            return None
        return self.gathered.table() if name == "bands" else self.gathered.outcomes

    async def follow(self) -> None:
        """Begin anew for the settings that the page has come to."""
        await self._run(NUMBERS[0] if self.gathered else self.asked)

    async def _run(self, number: int) -> None:
        self.asked = number
        self.session.show(runs="" if number == NUMBERS[0] else number)
        words = f"design.replications={number}", "record=steps"
        self.exports.tell(self.session.settings.command("sweep", *words))
        await self.head.run(self._gather)

    async def _gather(self, ticket: int) -> str:
        number, drawn = self.asked, 0.0
        setting = await self.desk.do(ticket, SLOW, setting_of, self.session.config)
        gathered = Gathered(setting)
        for first in range(0, number, CHUNK):
            upto = min(first + CHUNK, number)
            gathered.add(await self.desk.do(ticket, SLOW, chunk_of, setting, first, upto))
            self.gathered = gathered
            self.head.tell(upto, number)
            if time.monotonic() - drawn > PAUSE_S or upto == number:
                self._show(gathered)
                drawn = time.monotonic()
        return f"{number:,} runs, draws 0 to {number - 1:,},"

    def _show(self, gathered: Gathered) -> None:
        for chart, path in zip(self.charts, PATHS, strict=True):
            redraw(chart, gathered.chart(path))
        rows, names = gathered.rows(), gathered.setting.world.names_by_code
        known = facts_of("runs", [row[0] for row in rows], names)
        rows = [(known[row[0]].label, *row[1:]) for row in rows]
        caption = f"Outcomes of {gathered.runs:,} runs; columns 10 % and 90 % bound eight in ten"
        self.table.set_content(table([upper_first(name) for name in SPREAD], rows, caption))

    def _kept(self) -> str:
        done = self.gathered.runs if self.gathered else 0
        if self.gathered:
            self._show(self.gathered)
        return f"what is drawn is of {done:,} runs"
