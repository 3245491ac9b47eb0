"""The report of a run: three figures and one page that opens offline."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sim.setting import Setting

DPI = 130


def write(
    folder: Path,
    setting: Setting,
    events: pd.DataFrame,
    steps: pd.DataFrame,
    states: pd.DataFrame,
    outcomes: Mapping[str, object],
) -> list[Path]:
    """Write the figures and the page of a run into its folder.

    Parameters
    ----------
    folder : Path
        Exists; the page links to what else lies in it.
    setting : Setting
    events, steps, states : DataFrame
        As `sim.records.Records` leaves them.
    outcomes : mapping of str to float, str or bool
        As `sim.measures.outcomes` returns them.

    Returns
    -------
    list of Path
        `network.png`, `calendar.png`, `costs.png`, `index.html`.
    """
    from sim.report import figures, page

    drawn = {
        "network": figures.network(setting, events),
        "calendar": figures.calendar(setting, events),
        "costs": figures.costs(setting, steps, states),
    }
    pictures = {}
    for name, figure in drawn.items():
        pictures[name] = folder / f"{name}.png"
        figure.savefig(pictures[name], dpi=DPI)
    html = page.write(folder, setting, events, steps, states, outcomes, pictures)
    return [*pictures.values(), html]
