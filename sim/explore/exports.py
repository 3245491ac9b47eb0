"""What every view gives away: its figure, its data, and the command that repeats it."""

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


class Exports:
    """The row of exports of a view: figures, data, and the command that repeats it.

    Parameters
    ----------
    figures : mapping of str to callable
        What saves each, by the words on its entry.
    data : mapping of str to str
        Names of files, by the words on their entries.
    table : callable
        Returns the table of such a name, None where there is none yet.
    """

    def __init__(
        self,
        figures: Mapping[str, Callable[[], object]],
        data: Mapping[str, str],
        table: Callable[[str], pd.DataFrame | None],
    ) -> None:
        self._table = table
        with ui.row().classes("x-exports items-center gap-2 w-full"):
            self._menu("Figure", "image", figures)
            saves = {words: partial(self._save, name) for words, name in data.items()}
            self._menu("Data (CSV)", "table_view", saves)
            self.command = ui.label().classes("x-command").props("role=note aria-label='Command'")
            copy = ui.button(icon="content_copy", on_click=self._copy).props("flat dense round")
            copy.props("aria-label='Copy the command'").tooltip("Copy the command")

    def _menu(self, name: str, icon: str, entries: Mapping[str, Callable[[], object]]) -> None:
        with ui.button(name, icon=icon).props("flat dense no-caps"), ui.menu():
            for words, save in entries.items():
                ui.menu_item(words, save)

    def _save(self, name: str) -> None:
        """Let the browser save a table as CSV."""
        table = self._table(name)
        if table is not None:
            text = table.to_csv(index=False, lineterminator="\n")
            ui.download.content(text, f"{name}.csv", "text/csv")

    def _copy(self) -> None:
        ui.clipboard.write(self.command.text)
        ui.notify("Command copied")

    def tell(self, command: str) -> None:
        """Show another command."""
        self.command.set_text(command)
