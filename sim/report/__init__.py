"""The report of a run: its figures and one page that opens offline."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
        NAME.FORMAT for each figure that `figures.draw` asks for and each `figures.format`, then
        `index.html`.
    """
    from sim.config import inches_of, words_of
    from sim.report import page
    from sim.report.by_two import done_by_two
    from sim.report.pictures import shown
    from sim.report.provenance import provenance_of

    options = setting.config.figures
    foot, inches = provenance_of(setting.config).line(), inches_of(options.width)

    wanted = page.asked(setting)
    if wanted:  # else what they import, which takes a while, is not needed
        from sim.report import figures

    def drawn(name: str) -> dict[str, Any] | None:
        """Return the files and the picture of a figure; None if it has nothing to show."""
        tables = (setting, events, steps, states, outcomes, sectors)
        for _, figure in figures.draw(*tables, names=[name]):
            stem, formats = folder / name, words_of(options.format)
            return shown(figures.save(figure, stem, formats, foot, inches))
        return None

    with uncollected():
        done = done_by_two(wanted, drawn)
    pictures = {name: picture for name, picture in done.items() if picture}
    html = page.write(folder, setting, events, states, outcomes, pictures, sectors)
    files = [name for picture in pictures.values() for name, _ in picture["files"]]
    return [*(folder / name for name in files), html]


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: among all that a figure is made of, it takes a fifth more."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
