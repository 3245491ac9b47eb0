"""Whatever a CSV file is, it is read, or refused in one line that says how to save it."""

from __future__ import annotations

import gzip

import pytest

from sim import csv_table
from sim.csv_table import read_csv, records
from sim.errors import InputError


def rows_of(path):
    header, rows = read_csv(path)
    return header, list(rows)


def test_a_byte_order_mark_and_ends_of_lines_are_no_matter(tmp_path):
    path = tmp_path / "t.csv"
    for content in (b"a,b\n1,2\n", b"\xef\xbb\xbfa,b\r\n1,2\r\n", b"a,b\r1,2\r", b" a ,b\n\n1,2"):
        path.write_bytes(content)
        header, rows = rows_of(path)
        assert header == ["a", "b"]
        assert [cells for _, cells in rows] == [["1", "2"]]


def test_rows_of_commas_alone_are_no_rows(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n1,2\n,\n , \n3,\n,,,\n")
    assert rows_of(path)[1] == [(2, ["1", "2"]), (5, ["3", ""])]


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
def test_a_table_that_unpacks_to_more_than_any_needs_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr(csv_table, "MOST_BYTES", 1_000_000)
    content = b"a,b\n" + b"1,2\n" * 250_000
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    with pytest.raises(InputError, match=r"t\.csv.*: is larger than 1 MB"):
        read_csv(path)
    path.write_bytes(gzip.compress(content[:-4]) if name.endswith("gz") else content[:-4])
    assert len(rows_of(path)[1]) == 249_999


def test_a_table_may_be_compressed_and_rows_may_be_short(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b'a,b,c\n"x\ny",2\n3,4,5\n'))
    assert rows_of(path)[1] == [(3, ["x\ny", "2", ""]), (4, ["3", "4", "5"])]
    assert records(path)[1] == {"a": "3", "b": "4", "c": "5"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a,b\nÖ,2\n".encode("cp1252"), "row 2: is not UTF-8 (byte 0xd6); save it as CSV in UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "row 1: is not UTF-8 (byte 0xff)"),
        (b"a;b\n1;2\n", "cells are separated by semicolons"),
        (b"a\tb\n1\t2\n", "cells are separated by tabs"),
        (b"a,b\n1," + b"x" * 200_000, "row 2: cannot be read as CSV: a cell has more than 131,072"),
        (b'a,b\n1,"2\n', "a quotation is not closed"),
        (b"a,b\n1,\x00\n", "holds a null character"),
        (b"a,a\n1,2\n", "row 1, column 'a': a column must come only once"),
        (b"a,b\n1,2,3\n", "row 2: 2 cells wanted, 3 found; put quotation marks"),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path, content, words):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as raised:
        rows_of(path)
    message = str(raised.value)
    assert words in message
    assert "\n" not in message
    assert message.startswith(str(path))


def test_a_truncated_archive_and_a_folder_are_refused(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n")[:-9])
    with pytest.raises(InputError, match="cannot be read"):
        read_csv(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_csv(tmp_path)
