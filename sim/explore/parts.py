"""Pieces of a page that several views use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nicegui import ui

from sim.templates import render


def title(words: str) -> None:
    """Write the heading of a panel."""
    ui.label(words).classes("x-title").props("role=heading aria-level=2")


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
