"""The one reader of CSV text: whatever a stranger's table is, it is read, or refused in a line."""

import csv
import gzip
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sim.errors import InputError

Cells = list[str]
_PIECE = 1_000_000
MOST_BYTES = 100 * _PIECE  # of a table, unpacked: a small file can stand for a full memory
_OTHERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_WAY_OUT = "save it as CSV in UTF-8, with commas between the cells"


def read_csv(path: Path) -> tuple[Cells, Iterator[tuple[int, Cells]]]:
    """Return the names of the columns, and line and cells of each row that is not empty.

    Parameters
    ----------
    path : Path
        A file in UTF-8, with a byte order mark or without, or such a file compressed (.gz).

    Returns
    -------
    header : list of str
        Without blanks around; no name comes twice.
    rows : iterator of (int, list of str)
        The line on which a row ends, the header's being 1, and as many cells as the header has.

    Raises
    ------
    InputError
        No such file; one that is not such a table: another encoding, other separators, a
        quotation that does not end, a cell of more than 131,072 characters, a column that comes
        twice; and, while rows are taken, more cells in a row than there are columns.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise _unreadable(path, reader.line_num, error) from None
    if len(header) == 1:
        for sign, name in _OTHERS.items():
            if sign in header[0]:
                raise InputError(f"{path}: cells are separated by {name}; {_WAY_OUT}")
    for name in header:
        if name and header.count(name) > 1:
            raise InputError.in_table(path, 1, name, "a column must come only once", name)
    return header, _rows(path, reader, len(header))


def records(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table by column; parameters and errors are those of `read_csv`."""
    header, rows = read_csv(path)
    return [dict(zip(header, cells, strict=True)) for _, cells in rows]


def _rows(path: Path, reader: Iterator[Cells], width: int) -> Iterator[tuple[int, Cells]]:
    try:
        for cells in reader:
            if len(cells) > width and any(cells[width:]):
                raise InputError(
                    f"{path}, row {_line(reader)}: {width} cells wanted, {len(cells)} found; put "
                    "quotation marks around a cell that holds a comma"
                )
            if any(cell.strip() for cell in cells):  # a spreadsheet saves rows of commas alone
                yield _line(reader), [*cells[:width], *[""] * (width - len(cells))]
    except csv.Error as error:
        raise _unreadable(path, _line(reader), error) from None


def _line(reader: object) -> int:
    return int(reader.line_num)  # type: ignore[attr-defined]


def _text(path: Path) -> str:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            pieces = iter(lambda: file.read(_PIECE), b"")
            content = b"".join(islice(pieces, MOST_BYTES // _PIECE + 1))
    except (OSError, EOFError, gzip.zlib.error) as error:  # type: ignore[attr-defined]
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({reason})") from None
    if len(content) > MOST_BYTES:
        raise InputError(f"{path}: is larger than {MOST_BYTES // 10**6} MB; no table needs as much")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"{path}, row {line}: is not UTF-8 (byte {content[error.start]:#04x}); {_WAY_OUT}"
        ) from None
    if "\0" in text:
        raise InputError(f"{path}: holds a null character, so it is no text; {_WAY_OUT}")
    return text


def _unreadable(path: Path, line: int, error: csv.Error) -> InputError:
    said = str(error)
    if said.startswith("field larger"):
        said = "a cell has more than 131,072 characters"
    elif said == "unexpected end of data":
        said = "a quotation is not closed"
    return InputError(f"{path}, row {max(line, 1)}: cannot be read as CSV: {said}")
