"""The report of a run: its figures and one page that opens offline."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sim.setting import Setting


def write(
    folder: Path,
    setting: Setting,
    events: pd.DataFrame,
    steps: pd.DataFrame,
    states: pd.DataFrame,
    outcomes: Mapping[str, object],
    sectors: pd.DataFrame | None = None,
) -> list[Path]:
    """Write the figures and the page of a run into its folder.

    Parameters
    ----------
    folder : Path
        Exists; the page links to what else lies in it.
    setting : Setting
    events, steps, states : DataFrame
        As `sim.engine.tables` makes them.
    outcomes : mapping of str to float, str or bool
        By the columns of `sim.outcomes.OUTCOMES`.
    sectors : DataFrame, optional
        As `sim.engine.tables` makes it; without it there is no figure and no table of sectors.

    Returns
    -------
    list of Path
        `network.png`, `calendar.png`, `costs.png`, `paths.png`, `sectors.png` if it was recorded,
        `index.html`.
    """
    from sim.report import figures, page
    from sim.report.sectors import heat_map
    from sim.report.style import DPI, house

    drawn = {
        "network": figures.network(setting, events),
        "calendar": figures.calendar(setting, events),
        "costs": figures.costs(setting, steps, states),
        "paths": figures.paths(setting, steps, events),
    }
    if sectors is not None:
        drawn["sectors"] = heat_map(setting, sectors)
    pictures = {}
    for name, figure in drawn.items():
        pictures[name] = folder / f"{name}.png"
        with house():
            figure.savefig(pictures[name], dpi=DPI)
    html = page.write(folder, setting, events, states, outcomes, pictures, sectors)
    return [*pictures.values(), html]
