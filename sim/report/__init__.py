"""The report of a run: its figures and one page that opens offline."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.config import Config
    from sim.engine import History

_RUNS = count()  # that this process has begun to draw


def drawing(config: Config) -> AbstractContextManager[Callable[[Path, History], list[Path]]]:
    """Give what draws as `write`, by a process that gets ready while the run is simulated.

    The first run of a process alone: for several it is quicker if they get ready once, here.
    """
    from sim.config import words_of
    from sim.report.by_two import begun

    def prepare() -> None:
        from sim.report import figures  # noqa: F401

    if next(_RUNS) or not words_of(config.figures.draw):
        return nullcontext(write)
    return begun(prepare, write)


def write(folder: Path, run: History) -> list[Path]:
    """Write the figures and the page of a run into its folder.

    Parameters
    ----------
    folder : Path
        Exists; the page links to what else lies in it.
    run : History
        Without sectors there is no figure and no table of them.

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

    config = run.setting.config
    options, wanted = config.figures, page.asked(run.setting)
    foot, inches = provenance_of(config).line(), inches_of(options.width)
    if wanted:  # else what they import, which takes a while, is not needed
        from sim.report import figures

    def drawn(name: str) -> dict[str, Any] | None:
        """Return the files and the picture of a figure; None if it has nothing to show."""
        for _, figure in figures.draw(run, [name]):
            stem, formats = folder / name, words_of(options.format)
            return shown(figures.save(figure, stem, formats, foot, inches))
        return None

    with uncollected():
        done = done_by_two(wanted, drawn)
    pictures = {name: picture for name, picture in done.items() if picture}
    html = page.write(folder, run, pictures)
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
