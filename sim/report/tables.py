"""A table for a paper: the same rows as CSV, Markdown and LaTeX."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from sim.words import number

LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    # After the end of a row these would be read as its options.
    "[": "{[}", "]": "{]}", "*": "{*}",
    "−": "$-$", "–": "--", "—": "---", "±": r"$\pm$", "×": r"$\times$", "≤": r"$\leq$",
    "≥": r"$\geq$", "≠": r"$\neq$", "∞": r"$\infty$", "→": r"$\rightarrow$", "…": r"\dots{}",
    "“": "``", "”": "''", "‘": "`", "’": "'", "`": r"\textasciigrave{}", "\u00a0": "~",
}  # fmt: skip
MARKDOWN = str.maketrans({"|": "\\|", "[": "\\[", "<": "&lt;", "&": "&amp;"})  # no tags, no links
LAST = "\u017f"  # the letters of Europe that every LaTeX prints as they are
LINE = 90  # characters of a line of print; wider tables have their cells broken
NARROW, WIDEST = 7, 40  # characters that count for the share of a column in a line


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
        the others show four significant digits. What is not defined is an empty cell. A table in
        LaTeX needs the packages booktabs and array, and UTF-8; columns of long texts are
        broken into lines, numbers stand to the right.
    caption : str
        What the table shows, over which runs, and where it comes from.
    """
    cells = frame.map(shown)
    numeric = [frame[column].dtype.kind in "iuf" for column in frame]
    texts = {
        "csv": frame.to_csv(index=False, lineterminator="\n"),
        "md": _markdown(cells, numeric, caption),
        "tex": _latex(cells, numeric, name, caption),
    }
    paths = [folder / f"{name}.{ending}" for ending in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, encoding="utf-8", newline="\n")
    return paths


def files_of(name: str) -> list[tuple[str, str]]:
    """Return the files that `write_table` writes, each with its kind, for links of a page."""
    kinds = {"csv": "CSV", "md": "Markdown", "tex": "LaTeX"}
    return [(f"{name}.{ending}", words) for ending, words in kinds.items()]


def shown(value: object) -> str:
    """Return a cell as a reader of print sees it, in one line."""
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        if math.isinf(value):
            return "∞" if value > 0.0 else "−∞"
        return number(value, 4)
    return " ".join(str(value).split())


def _markdown(cells: pd.DataFrame, numeric: Sequence[bool], caption: str) -> str:
    def line(row: Iterable[str]) -> str:
        return "| " + " | ".join(cell.translate(MARKDOWN) for cell in row) + " |"

    heads = [shown(column) for column in cells.columns]
    rule = line("---:" if number else "---" for number in numeric)
    rows = [line(row) for row in cells.to_numpy(dtype=str).tolist()]
    return "\n".join([shown(caption), "", line(heads), rule, *rows, ""])


def _latex(cells: pd.DataFrame, numeric: Sequence[bool], name: str, caption: str) -> str:
    """Return a table in the style of booktabs; the preamble needs that package and array."""
    heads = [latex(shown(column)) for column in cells.columns]
    rows = [[latex(cell) for cell in row] for row in cells.to_numpy(dtype=str).tolist()]
    lines = [" & ".join(row) + r" \\" for row in (heads, *rows)]
    return "\n".join(
        [
            r"\begin{table}",
            r"\footnotesize",
            r"\setlength{\tabcolsep}{3pt}",
            rf"\caption{{{latex(shown(caption))}}}",
            rf"\label{{tab:{name}}}",
            rf"\begin{{tabular}}{{{_columns(cells, numeric)}}}",
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


def _columns(cells: pd.DataFrame, numeric: Sequence[bool]) -> str:
    """Return the kinds of columns: broken into lines where a line would not hold them all."""
    longest = [max([len(shown(column)), *map(len, cells[column])]) for column in cells.columns]
    if sum(longest) <= LINE:
        return "".join("r" if number else "l" for number in numeric)
    weight = [min(max(length, NARROW), WIDEST) for length in longest]
    room = 1.0 - 0.016 * len(weight)  # less what stands between columns
    sides = [r"\raggedleft" if number else r"\raggedright" for number in numeric]
    return "".join(
        rf">{{{side}\arraybackslash}}p{{{room * part / sum(weight):.3f}\linewidth}}"
        for side, part in zip(sides, weight, strict=True)
    )


def latex(text: str) -> str:
    """Return a text with what LaTeX would take for a command written as a character."""
    return "".join(map(_character, text))


def _character(character: str) -> str:
    """Return a character in LaTeX; the number of one that its usual fonts do not have."""
    if character in LATEX:
        return LATEX[character]
    if character <= LAST and character.isprintable():
        return character
    return rf"\texttt{{U+{ord(character):04X}}}"
