"""Where figures and tables of the page of a sweep go, and what its template needs of them."""

from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from sim.config import FORMATS
from sim.report import pictures
from sim.report.figures.saving import save
from sim.report.tables import files_of, shown, write_table

Content = dict[str, Any]


class Page:
    """Where figures and tables of a page go, and what the template needs of them."""

    def __init__(self, folder: Path, foot: str) -> None:
        self.folder, self.foot = folder, foot

    def figure(self, name: str, figure: Figure) -> Content:
        """Write a figure in three formats and return it for the page."""
        paths = save(figure, self.folder / name, FORMATS, self.foot)
        return pictures.shown(paths)

    def table(self, name: str, frame: pd.DataFrame, caption: str, by: str = "") -> Content:
        """Write a table in three formats and return it for the page, in groups by a column."""
        write_table(self.folder, name, frame, f"{caption} {self.foot}")
        cells = frame.map(shown)
        groups = [("", cells)]
        if by:
            groups = [(str(key), part) for key, part in cells.groupby(by, sort=False)]
        columns = [column for column in frame if column != by]
        numeric = [frame[column].dtype.kind in "if" for column in columns]
        return {
            "caption": caption,
            "columns": [(c, "n" if n else "") for c, n in zip(columns, numeric, strict=True)],
            "groups": [(key, part[columns].to_numpy().tolist()) for key, part in groups],
            "files": files_of(name),
        }
