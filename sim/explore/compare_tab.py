"""The tab Compare: two settings on the same draws of chance, and what differs beyond luck."""

import shlex
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from nicegui import ui

from sim.analysis.compare.comparison import Comparison
from sim.analysis.compare.making import compare
from sim.analysis.compare.words import cells, enough, headline, main_outcomes
from sim.errors import InputError
from sim.explore.bands import PATHS, files_of
from sim.explore.charts import Line, over_time
from sim.explore.exports import Exports, saving
from sim.explore.levers_panel import bases, in_words
from sim.explore.parts import MENU, Computing, Head, chart_panel, redraw, table
from sim.explore.session import Session
from sim.explore.settings import OTHER, RUNS, Settings, base_words, from_query
from sim.explore.work import SLOW
from sim.templates import render
from sim.variants import Variant

NUMBERS = (50, 200, 500)
KEPT = "kept"
HEAD = ("Outcome", "A", "B", "B less A", "Band", "Draws with that sign", "Verdict", "Defined")
WORDS = "Two settings on the same draws of chance"
NOTE = (
    f"Run r has the same luck in both, so luck cancels. {NUMBERS[-1]} runs each at most on a page; "
    "the command below takes up to 20,000."
)


def variant_of(settings: Settings) -> Variant:
    """Return settings as they are compared, called as the command line calls them."""
    levers = settings.words[len(base_words(settings.base)) :]
    words = (f"{settings.kind}={settings.base}", *levers)
    return Variant(shlex.join([settings.base, *levers]), words, settings.config())


def charts_of(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the paths of both settings as charts, with the bands of eight in ten runs."""
    rows, start = comparison.paths, date.fromisoformat(comparison.start)
    target, charts = comparison.targets[0], []
    for path in PATHS:
        quantity = f"{path.field}_{target}" if path.by_target else path.field
        lines, days = [], []
        for mark, label in zip("AB", comparison.labels, strict=False):
            mine = rows[(rows["variant"] == label) & (rows["quantity"] == quantity)]
            values = [path.times * mine[n].to_numpy(np.float64) for n in ("median", "low", "high")]
            lines.append(Line(mark, *values))
            days = [(date.fromisoformat(day) - start).days for day in mine["date"]]
        title = path.label.format(comparison.name(target))
        charts.append(over_time(title, path.unit, days, start, lines, comparison.n_days))
    return charts


class CompareTab(Computing):
    """The tab of a page: a baseline A, and what the page is set to as B."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.first: Settings = session.asked(OTHER, from_query, Settings())
        self.kept = self.first if self.first.levers else None
        self.number = session.asked(RUNS, {str(n): n for n in NUMBERS}.__getitem__, NUMBERS[0])
        self.comparison: Comparison | None = None
        self.done = 0
        self._draw()

    def _draw(self) -> None:
        with ui.column().classes("w-full gap-3"):
            self.head = Head(WORDS, NOTE, self._stopped)
            with self.head.choices:
                self.base = ui.select({}, label="A: what it is compared with").props(MENU)
                self.other = ui.label().classes("x-side")
            self._offer()
            self.base.on_value_change(self._choose)
            for number in NUMBERS:
                self.head.button(f"{number} runs each", partial(self._run, number))
            with self.head.buttons:
                keep = ui.button("Keep the present levers as A", on_click=self._keep)
                keep.props("no-caps outline color=primary")
            self.answer = ui.element("div").classes("w-full")
        self._draw_answer()

    def _offer(self) -> None:
        """Offer every experiment as A, and the settings that were kept."""
        known = bases(spelt_out=True)
        if self.kept:
            known[KEPT] = f"Kept: {in_words(self.kept)}"
        self.base.set_options(known, value=KEPT if self.kept else self.first.base)

    def _draw_answer(self) -> None:
        with self.answer, ui.column().classes("w-full gap-3") as self.root:
            self.words = ui.html(sanitize=False).classes("x-panel w-full x-answer")
            with ui.element("div").classes("x-two"):
                self.charts = [chart_panel({"series": []}) for _ in PATHS]
            self.table = ui.html(sanitize=False).classes("x-panel w-full")
            data = {
                "Differences": "differences",
                "Outcomes by run": "outcomes",
                "Bands by step": "paths",
            }
            self.exports = Exports(saving(self.charts, files_of("compared")), data, self._table_of)
        self.root.set_visibility(False)

    def _table_of(self, name: str) -> pd.DataFrame | None:
        if self.comparison and name == "differences":
            return self.comparison.differences()
        return getattr(self.comparison, name, None)

    async def _choose(self) -> None:
        chosen = self.kept if self.base.value == KEPT else Settings(self.base.value)
        if chosen and chosen != self.first:  # else put there by `_offer`
            self.first = chosen
            await self.follow()

    async def _keep(self) -> None:
        self.first = self.kept = self.session.settings
        self._offer()
        ui.notify("Kept as A; now move a lever")
        await self.follow()

    async def follow(self) -> None:
        """Compare what the page has come to."""
        await self._run(NUMBERS[0] if self.comparison else self.number)

    async def _run(self, number: int) -> None:
        self.number, self.done = number, 0
        self.session.show(a=self.first.query, runs="" if number == NUMBERS[0] else number)
        self.other.set_text(f"B: {in_words(self.session.settings)}, as set by the levers")
        watch = ui.timer(0.3, self._tell)
        try:
            await self.head.run(self._compare)
        finally:
            watch.cancel()

    def _tell(self) -> None:
        if self.desk.busy:
            self.head.tell(self.done, 2 * self.number)

    async def _compare(self, ticket: int) -> str:
        both = [variant_of(self.first), variant_of(self.session.settings)]

        def tick(done: int) -> None:  # on the worker; a ticket that is void ends the work there
            self.desk.check(ticket)
            self.done += done

        try:
            if both[0].config == both[1].config:
                raise InputError("A and B are the same: move a lever, or choose another A.")
            found = await self.desk.do(ticket, SLOW, compare, both, self.number, tick)
        except InputError:
            self.root.set_visibility(False)
            raise
        self.comparison = found
        self._show(found)
        return f"{found.runs} runs each"

    def _stopped(self) -> str:
        return "below is the comparison before" if self.comparison else "nothing was compared"

    def _show(self, found: Comparison) -> None:
        label = found.labels[1]
        self.root.set_visibility(True)
        lines = [line.replace(f"Under {label} ", "In B ") for line in headline(found, label)]
        self.words.set_content(
            render(
                "explore/answer.html", a=in_words(self.first), b=in_words(self.session.settings),
                lines=lines, enough=enough(found, label),
            )
        )  # fmt: skip
        for chart, options in zip(self.charts, charts_of(found), strict=True):
            redraw(chart, options)
        rows = [list(cells(found, label, outcome).values()) for outcome in main_outcomes(found)]
        head: tuple[str, ...] = HEAD
        if not any(row[-1] for row in rows):  # all are defined in every run
            head, rows = HEAD[:-1], [row[:-1] for row in rows]
        caption = "What differs: B less A, paired run by run; the band holds eight in ten draws"
        self.table.set_content(table(head, rows, caption))
        self.exports.tell(found.command)
