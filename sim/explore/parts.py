"""Pieces of a page that several views use."""

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from nicegui import ui

from sim.errors import InputError
from sim.explore.work import Desk, Superseded
from sim.templates import render

STARTS = "no-caps unelevated color=primary text-color=on-primary"
MENU = "outlined dense options-dense behavior=menu"


def title(words: str) -> None:
    """Write the heading of a panel."""
    ui.label(words).classes("x-title").props("role=heading aria-level=2")


def panel(name: str) -> ui.element:
    """Return a panel of a view, to be filled."""
    return ui.element("section").classes("x-panel w-full").props(f'aria-label="{name}"')


def chart_panel(options: dict[str, Any], tall: bool = False) -> ui.echart:
    """Draw a chart in a panel of its own, as SVG."""
    with ui.element("section").classes("x-panel w-full"):
        return ui.echart(options, renderer="svg").classes("x-chart x-tall" if tall else "x-chart")


def redraw(chart: ui.echart, options: dict[str, Any]) -> None:
    """Draw other data in a chart that is there."""
    chart.options.clear()
    chart.options.update(options)
    chart.update()


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> str:
    """Return a table in HTML: names in the first column, what is wider than the page scrolls."""
    return render("explore/table.html", head=head, rows=rows, caption=caption)


class Computing:
    """A view whose head starts and stops what it computes."""

    head: "Head"

    @property
    def desk(self) -> Desk:
        """Where its work is done."""
        return self.head.desk


class Head:
    """The head of a view that computes for seconds: what starts and stops it, how far it is.

    Parameters
    ----------
    words : str
        The heading.
    note : str
        What the numbers are, and how much a page computes at most.
    stopped : callable
        Says what is shown once it was cancelled.

    Attributes
    ----------
    desk : Desk
    choices, buttons : ui.element
        To be filled: what can be chosen, and what starts it.
    """

    def __init__(self, words: str, note: str, stopped: Callable[[], str]) -> None:
        self.desk, self._stopped = Desk(), stopped
        with panel(words):
            title(words)
            self.choices = ui.element("div").classes("x-choices")
            with ui.row().classes("items-center gap-2"):
                self.buttons = ui.row().classes("items-center gap-2")
                self.stop = ui.button("Cancel", icon="stop", on_click=self.cancel)
                self.stop.props("no-caps outline color=negative")
            self.bar = ui.linear_progress(0.0, show_value=False).props(
                "instant-feedback aria-label='Share of the runs that are there'"
            )
            self.said = ui.label().classes("x-note").props("aria-live=polite")
            ui.label(note).classes("x-note")
        self._computes(False)

    def button(self, words: str, start: Callable[[], Any], icon: str | None = None) -> None:
        """Add a button that starts it."""
        with self.buttons:
            ui.button(words, icon=icon, on_click=start).props(STARTS)

    async def run(self, work: Callable[[int], Awaitable[str]]) -> bool:
        """Let it compute, with a ticket of its desk; return whether it came to its end.

        Parameters
        ----------
        work : callable
            Given the ticket; returns what was done, in words.
        """
        ticket, began = self.desk.begin(), time.monotonic()
        self._computes(True)
        self.bar.set_value(0.0)
        self.said.set_text("Waits for its turn")
        told = ""
        try:
            told = await work(ticket)
            self.said.set_text(f"{told} in {time.monotonic() - began:.1f} s.")
        except InputError as error:
            self.said.set_text(str(error))
        except Superseded:
            return False
        self._computes(False)
        self.desk.end(ticket)
        return bool(told)

    def tell(self, done: int, of: int) -> None:
        """Say how many runs are there."""
        self.bar.set_value(min(done / of, 1.0))
        self.said.set_text(f"{done:,} of {of:,} runs")

    def cancel(self) -> None:
        """Stop it; what is there stays."""
        self.desk.cancel()
        self._computes(False)
        self.said.set_text(f"Cancelled: {self._stopped()}.")

    def _computes(self, does: bool) -> None:
        self.stop.set_visibility(does)
        self.bar.set_visibility(does)
