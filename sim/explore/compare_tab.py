"""The tab Compare: two settings on the same draws of chance, and what differs beyond luck."""

from __future__ import annotations

import shlex
import time
from typing import Any

import numpy as np
from nicegui import ui

from sim.analysis.compare.comparison import Comparison
from sim.analysis.compare.making import compare
from sim.analysis.compare.words import cells, enough, headline, main_outcomes
from sim.errors import InputError
from sim.explore.charts import Line, over_time
from sim.explore.exports import Exports, save_chart, save_table
from sim.explore.levers_panel import bases
from sim.explore.parts import chart_panel, redraw, table, title
from sim.explore.session import Session
from sim.explore.settings import START, Settings, base_words
from sim.explore.work import SLOW, Desk, Superseded
from sim.variants import Variant

NUMBERS = (50, 200, 500)
KEPT = "kept"
HEAD = ("Outcome", "A", "B", "B less A", "Band", "Draws with that sign", "Verdict", "Defined")


def variant_of(settings: Settings) -> Variant:
    """Return settings as they are compared, called as the command line calls them."""
    levers = settings.words[len(base_words(settings.base)) :]
    words = (f"{settings.kind}={settings.base}", *levers)
    return Variant(shlex.join([settings.base, *levers]), words, settings.config())


def paths_chart(comparison: Comparison, quantity: str, title: str, unit: str) -> dict[str, Any]:
    """Return a quantity over time in both settings, with the band of eight in ten runs."""
    from datetime import date

    rows, start = comparison.paths, date.fromisoformat(comparison.start)
    lines, days = [], []
    for mark, label in zip("AB", comparison.labels, strict=False):
        mine = rows[(rows["variant"] == label) & (rows["quantity"] == quantity)]
        values = [mine[name].to_numpy(np.float64) for name in ("median", "low", "high")]
        lines.append(Line(mark, *values))
        days = [(date.fromisoformat(day) - start).days for day in mine["date"]]
    return over_time(title, unit, days, start, lines, comparison.n_days)


class CompareTab:
    """The tab of a page: a baseline A, and what the page is set to as B."""

    def __init__(self, session: Session) -> None:
        self.session, self.desk = session, Desk()
        self.kept: Settings | None = None
        self.comparison: Comparison | None = None
        self.done = 0
        self._draw()

    def _draw(self) -> None:
        with ui.column().classes("w-full gap-3"):
            with ui.element("div").classes("x-panel w-full"):
                title("Two settings on the same draws of chance")
                with ui.element("div").classes("x-choices"):
                    self.base = ui.select(
                        bases(spelt_out=True), value=START, label="A: what it is compared with",
                        on_change=self.follow,
                    ).props("outlined dense options-dense behavior=menu")  # fmt: skip
                    self.other = ui.label().classes("x-side")
                with ui.row().classes("items-center gap-2"):
                    for number in NUMBERS:
                        ui.button(
                            f"{number} runs each", on_click=lambda number=number: self._run(number)
                        ).props("no-caps unelevated color=primary")
                    ui.button("Keep the present levers as A", on_click=self._keep).props(
                        "no-caps outline color=primary"
                    )
                    self.cancel = ui.button("Cancel", icon="stop", on_click=self._cancel)
                    self.cancel.props("no-caps outline color=negative")
                self.bar = ui.linear_progress(0.0, show_value=False).props(
                    "aria-label='Share of the runs that are there'"
                )
                self.said = ui.label().classes("x-note").props("aria-live=polite")
                ui.label(
                    f"Run r has the same luck in both, so luck cancels. {NUMBERS[-1]} runs each at "
                    "most on a page; the command below takes up to 20,000."
                ).classes("x-note")
            self.answer = ui.element("div").classes("w-full")
        self.cancel.set_visibility(False)
        self._draw_answer()

    def _draw_answer(self) -> None:
        with self.answer, ui.column().classes("w-full gap-3") as self.root:
            self.words = ui.html(sanitize=False).classes("x-panel w-full x-answer")
            with ui.element("div").classes("x-two"):
                self.charts = [chart_panel({"series": []}) for _ in range(4)]
            self.table = ui.html(sanitize=False).classes("x-panel w-full")
            self.exports = Exports(
                {
                    "Loss of the target": lambda: save_chart(self.charts[0], "target_loss"),
                    "Loss of the senders": lambda: save_chart(self.charts[1], "sender_loss"),
                    "Measures": lambda: save_chart(self.charts[2], "measures"),
                    "Leak": lambda: save_chart(self.charts[3], "leak"),
                },
                {
                    "Differences": lambda: self._save("differences"),
                    "Outcomes by run": lambda: self._save("outcomes"),
                    "Bands by step": lambda: self._save("paths"),
                },
            )
        self.root.set_visibility(False)

    def _save(self, name: str) -> None:
        found = self.comparison
        assert found is not None
        save_table(found.differences() if name == "differences" else getattr(found, name), name)

    def _keep(self) -> None:
        self.kept = self.session.settings
        known = bases(spelt_out=True) | {KEPT: f"Kept: {variant_of(self.kept).label}"}
        self.base.set_options(known, value=KEPT)
        ui.notify("Kept as A; now move a lever")

    def _first(self) -> Settings:
        if self.base.value == KEPT and self.kept is not None:
            return self.kept
        return Settings(self.base.value)

    async def follow(self) -> None:
        """Compare what the page has come to."""
        await self._run(NUMBERS[0])

    async def _run(self, number: int) -> None:
        ticket = self.desk.begin()
        self.done, began = 0, time.monotonic()
        self.bar.set_value(0.0)
        try:
            both = [variant_of(self._first()), variant_of(self.session.settings)]
            self.other.set_text(f"B: {both[1].label}, as set on the left")
            if both[0].config == both[1].config:
                self.desk.cancel()
                self.root.set_visibility(False)
                self.said.set_text("A and B are the same: move a lever, or choose another A.")
                return
            self.cancel.set_visibility(True)
            watch = ui.timer(0.3, lambda: self._progress(number))
            try:
                found = await self.desk.do(
                    ticket, SLOW, compare, both, number, lambda done: self._tick(ticket, done)
                )
            finally:
                watch.cancel()
        except InputError as error:
            self.root.set_visibility(False)
            self.said.set_text(str(error))
        except Superseded:
            return
        else:
            self.comparison = found
            self._show(found)
            took = time.monotonic() - began
            self.said.set_text(f"{number} runs each in {took:.1f} s.")
            self.bar.set_value(1.0)
        self.cancel.set_visibility(False)
        self.desk.end(ticket)

    def _tick(self, ticket: int, done: int) -> None:
        """Count runs on the worker; a ticket that is void ends the work there."""
        self.desk.check(ticket)
        self.done += done

    def _progress(self, number: int) -> None:
        self.bar.set_value(min(self.done / (2 * number), 1.0))
        self.said.set_text(f"{self.done} of {2 * number} runs")

    def _cancel(self) -> None:
        self.desk.cancel()
        self.cancel.set_visibility(False)
        self.said.set_text("Cancelled; below is the comparison before." if self.comparison
                           else "Cancelled.")  # fmt: skip

    def _show(self, found: Comparison) -> None:
        from sim.templates import render

        label = found.labels[1]
        self.root.set_visibility(True)
        self.words.set_content(
            render(
                "explore/answer.html", a=found.labels[0], b=label,
                lines=headline(found, label), enough=enough(found, label),
            )
        )  # fmt: skip
        target = found.targets[0]
        name = found.name(target)
        for chart, (quantity, words, unit) in zip(
            self.charts,
            (
                (f"loss_{target}", f"Loss of {name}", "% of GDP"),
                ("mean_sender_loss", "Loss of the senders, by GDP", "% of GDP"),
                ("measures_announced", "Measures that stand", "number"),
                (f"leak_{target}", f"Covered trade with {name} that leaks", "share"),
            ),
            strict=True,
        ):
            redraw(chart, paths_chart(found, quantity, words, unit))
        rows = [list(cells(found, label, outcome).values()) for outcome in main_outcomes(found)]
        caption = "What differs: B less A, paired run by run; the band holds eight in ten draws"
        self.table.set_content(table(HEAD, rows, caption))
        self.exports.tell(found.command)
