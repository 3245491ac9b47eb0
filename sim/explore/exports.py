"""What every view gives away: its figure, its data, and the command that repeats it."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import pandas as pd
from nicegui import ui

from sim.explore.colours import LIGHT

SAVE = Path(__file__).with_name("save.js").read_text(encoding="utf-8")


def save_drawing(drawing: ui.element, name: str) -> None:
    """Let the browser save the drawing or chart in an element of the page as SVG."""
    given = ", ".join(map(json.dumps, (drawing.html_id, LIGHT, name)))
    ui.run_javascript(f"({SAVE})({given})")


def saving(charts: Sequence[ui.element], files: Mapping[str, str]) -> dict[str, Callable[[], None]]:
    """Return what saves each of some charts, by the words on its entry."""
    return {
        words: partial(save_drawing, chart, name)
        for chart, (words, name) in zip(charts, files.items(), strict=True)
    }


def save_table(table: pd.DataFrame, name: str) -> None:
    """Let the browser save a table as CSV."""
    text = io.StringIO()
    table.to_csv(text, index=False, lineterminator="\n")
    ui.download.content(text.getvalue(), f"{name}.csv", "text/csv")


class Exports:
    """The row of exports of a view: figures, data, and the command that repeats it.

    Parameters
    ----------
    figures, data : mapping of str to callable
        What is saved, by the words on its entry.
    """

    def __init__(
        self, figures: Mapping[str, Callable[[], object]], data: Mapping[str, Callable[[], object]]
    ) -> None:
        with ui.row().classes("x-exports items-center gap-2 w-full"):
            self._menu("Figure", "image", figures)
            self._menu("Data (CSV)", "table_view", data)
            self.command = ui.label().classes("x-command").props("role=note aria-label='Command'")
            copy = ui.button(icon="content_copy", on_click=self._copy).props("flat dense round")
            copy.props("aria-label='Copy the command'").tooltip("Copy the command")

    def _menu(self, name: str, icon: str, entries: Mapping[str, Callable[[], object]]) -> None:
        with ui.button(name, icon=icon).props("flat dense no-caps"), ui.menu():
            for words, save in entries.items():
                ui.menu_item(words, save)

    def _copy(self) -> None:
        ui.clipboard.write(self.command.text)
        ui.notify("Command copied")

    def tell(self, command: str) -> None:
        """Show another command."""
        self.command.set_text(command)
