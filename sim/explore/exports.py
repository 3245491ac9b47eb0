"""What every view gives away: its figure, its data, and the command that repeats it."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd
from nicegui import ui

from sim.explore.colours import LIGHT

# The drawing as it stands, letters and all, as a file of its own: in the colours of paper, which
# it names as the page does.
SAVE = """
const svg = {found}.cloneNode(true), light = {light};
svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
svg.setAttribute('font-family', 'sans-serif');
svg.style.background = '#fff';
const text = new XMLSerializer().serializeToString(svg)
  .replace(/var\\(--([\\w-]+)\\)/g, (_, name) => light[name]);
const url = URL.createObjectURL(new Blob([text], {{type: 'image/svg+xml'}}));
Object.assign(document.createElement('a'), {{href: url, download: '{name}.svg'}}).click();
setTimeout(() => URL.revokeObjectURL(url), 1000);
"""


def save_drawing(drawing: ui.element, name: str) -> None:
    """Let the browser save the drawing or chart in an element of the page as SVG."""
    found = f"document.getElementById('{drawing.html_id}').querySelector('svg')"
    ui.run_javascript(SAVE.format(found=found, light=json.dumps(LIGHT), name=name))


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
