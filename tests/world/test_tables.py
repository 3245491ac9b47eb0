"""A table is refused at the cell that is wrong, in one line that says all."""

from __future__ import annotations

import pytest

from sim.errors import InputError
from sim.world.tables import Column, read_table

COLUMNS = {
    "state": Column(),
    "share": Column("number", low=0.0, high=1.0),
    "role": Column(among=("sender", "target")),
    "since": Column("date", optional=True),
    "many": Column("whole", optional=True),
}


def write(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text("state,share,role,since,many\n" + text, encoding="utf-8")
    return path


def test_cells_are_parsed_to_their_kind(tmp_path):
    rows = read_table(write(tmp_path, "USA,0.5,sender,2022-02-24\nRUS,1,target,\n"), COLUMNS)
    assert rows[0]["share"] == 0.5
    assert rows[0]["since"].year == 2022
    assert rows[1]["since"] is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("USA,1.5,sender,\n", ["row 2", "'share'", "between 0 and 1", "'1.5'"]),
        ("USA,x,sender,\n", ["row 2", "'share'", "must be a number", "'x'"]),
        ("USA,nan,sender,\n", ["row 2", "'share'", "'nan'"]),
        (f"USA,0.5,sender,,1{'0' * 400}\n", ["row 2", "'many'", "must be a finite number"]),
        (",0.5,sender,\n", ["row 2", "'state'", "must not be empty"]),
        ("USA,0.5,boss,\n", ["row 2", "'role'", "sender, target", "'boss'"]),
        ("USA,0.5,sender,24 Feb\n", ["'since'", "date like 2022-02-24", "'24 Feb'"]),
        ("USA,0.5,sender,\nUSA,0.1,target,\n", ["row 3", "'state'", "row 2 has it already"]),
        ("USA\n", ["row 2", "'share'", "must not be empty"]),
        ("", ["no rows"]),
        *(
            (f"{text},0.5,sender,\n", ["row 2", "a spreadsheet's formula"])
            for text in ("=1+1", "@SUM(A1)", "+A1", "-A1+2")
        ),
        *(
            (f"{text},0.5,sender,\n", ["row 2", "not a spreadsheet's error"])
            for text in ("#N/A", "#REF!", "#VALUE!", "#NAME?", "####")
        ),
    ],
)
def test_a_broken_cell_is_named_with_row_column_rule_and_value(tmp_path, text, words):
    with pytest.raises(InputError) as error:
        read_table(write(tmp_path, text), COLUMNS, key=("state",))
    message = str(error.value)
    assert "\n" not in message
    assert "t.csv" in message
    for word in words:
        assert word in message


def test_a_missing_table_and_a_missing_column_are_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.csv: the table is missing"):
        read_table(tmp_path / "none.csv", COLUMNS)
    with pytest.raises(InputError, match="column 'colour' is missing"):
        read_table(write(tmp_path, "USA,0.5,sender,\n"), {"colour": Column()})


def test_a_list_of_words_is_checked_word_by_word(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("targets\nRUS BLR\n", encoding="utf-8")
    column = {"targets": Column(among=("RUS", "BLR"), many=True)}
    assert read_table(path, column)[0]["targets"] == ("RUS", "BLR")
    path.write_text("targets\nRUS XXX\n", encoding="utf-8")
    with pytest.raises(InputError, match="must be one of RUS, BLR"):
        read_table(path, column)
