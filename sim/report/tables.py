"""A table for a paper: the same rows as CSV, Markdown and LaTeX."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "−": "$-$", "–": "--",
}  # fmt: skip


def write_table(folder: Path, name: str, frame: pd.DataFrame, caption: str) -> list[Path]:
    """Write a table three times, and return the paths of name.csv, name.md and name.tex.

    Parameters
    ----------
    folder : Path
        Exists.
    name : str
        Of the files, and of the label in LaTeX.
    frame : DataFrame
        Columns as a reader should see them, with their units. Numbers in full go into the CSV;
        the others show four significant digits. What is not defined is an empty cell.
    caption : str
        What the table shows, over which runs, and where it comes from.
    """
    shown = frame.map(_shown)
    paths = [folder / f"{name}.{ending}" for ending in ("csv", "md", "tex")]
    for path, text in zip(
        paths,
        (
            frame.to_csv(index=False, lineterminator="\n"),
            _markdown(shown, caption),
            _latex(shown, name, caption),
        ),
        strict=True,
    ):
        path.write_text(text, encoding="utf-8", newline="\n")
    return paths


def _shown(value: object) -> str:
    """Return a cell as a reader of print sees it."""
    if isinstance(value, float):
        if value != value:
            return ""
        return f"{value:.4g}".replace("-", "−") if value else "0"
    return str(value)


def _markdown(frame: pd.DataFrame, caption: str) -> str:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    heads = [str(column) for column in frame.columns]
    rows = [line(row) for row in frame.to_numpy(dtype=str).tolist()]
    return "\n".join([caption, "", line(heads), line(["---"] * len(heads)), *rows, ""])


def _latex(frame: pd.DataFrame, name: str, caption: str) -> str:
    """Return a table in the style of booktabs; the preamble needs that package alone."""
    heads = [latex(str(column)) for column in frame.columns]
    rows = [[latex(cell) for cell in row] for row in frame.to_numpy(dtype=str).tolist()]
    lines = [" & ".join(cells) + r" \\" for cells in (heads, *rows)]
    return "\n".join(
        [
            r"\begin{table}",
            rf"\caption{{{latex(caption)}}}",
            rf"\label{{tab:{name}}}",
            rf"\begin{{tabular}}{{{'l' * len(heads)}}}",
            r"\toprule",
            lines[0],
            r"\midrule",
            *lines[1:],
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
            "",
        ]
    )


def latex(text: str) -> str:
    """Return a text with what LaTeX would take for a command written as a character."""
    return "".join(LATEX.get(character, character) for character in text)
