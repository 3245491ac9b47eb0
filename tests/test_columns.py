"""What is stored says what it is: label, unit and meaning of every column, read back from files."""

from __future__ import annotations

import json
import math

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.cli import main
from sim.columns import annotated, describe, facts_of
from sim.errors import InputError
from sim.folders import read_numbers
from sim.outcomes import EXACT, OF_RUN, OF_SECTOR, OF_STATE, OF_STEP

SHORT = ["scenario.steps=2", "figures.draw=[]"]


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("columns") / "run"
    assert main(["run", *SHORT, "record=sectors", f"out={folder}"]) == 0
    return folder


@pytest.fixture(scope="module")
def jobs_table(tmp_path_factory):
    folder = tmp_path_factory.mktemp("columns") / "jobs"
    words = ["experiment=without_jpn,eu_veto", "coordination.peer_weight=0.5"]
    assert main(["run", "--multirun", *SHORT, *words, f"out={folder}"]) == 0
    return folder / "runs.parquet"


def test_every_column_of_every_table_of_a_run_has_a_label_and_a_meaning(run_folder):
    found = describe(run_folder)
    assert set(found["table"]) == {"steps", "states", "sectors"}
    assert (found[["label", "meaning"]] != "").all(axis=None)
    losses = found[(found["table"] == "steps") & (found["column"] == "loss_RUS")]
    assert losses[["label", "unit"]].to_numpy().tolist() == [["Loss of Russia", "percent of GDP"]]
    for name in ("steps", "states", "sectors"):
        of_table = found[found["table"] == name]["column"].tolist()
        assert of_table == list(pd.read_parquet(run_folder / f"{name}.parquet"))


def test_the_facts_are_metadata_of_the_fields_and_pandas_reads_the_table_as_before(run_folder):
    field = pq.read_schema(run_folder / "states.parquet").field("support")
    assert field.metadata[b"unit"] == b"share"
    assert set(field.metadata) == {b"label", b"unit", b"meaning"}
    states = pd.read_parquet(run_folder / "states.parquet")
    assert states["support"].dtype == float
    assert states["listed"].dtype == bool


def test_a_table_of_several_jobs_says_the_same_and_holds_numbers_as_numbers(jobs_table):
    found = describe(jobs_table).set_index("column")
    assert (found[["label", "meaning"]] != "").all(axis=None)
    assert found.loc["loss_RUS", "label"] == "Loss of Russia, last day"
    assert found.loc["coordination.peer_weight", "unit"] == "times the rule's"
    table = pd.read_parquet(jobs_table)
    assert table["experiment"].tolist() == ["without_jpn", "eu_veto"]
    assert table["coordination.peer_weight"].tolist() == [0.5, 0.5]


def test_what_a_run_does_not_come_to_is_null_in_json_and_nan_in_tables(run_folder, jobs_table):
    text = (run_folder / "outcomes.json").read_text(encoding="utf-8")
    assert json.loads(text, parse_constant=pytest.fail)["settled_day"] is None
    numbers = read_numbers(run_folder / "outcomes.json")
    assert math.isnan(numbers["settled_day"])
    assert not math.isnan(numbers["days_to_100"])
    assert pd.read_parquet(jobs_table)["settled_day"].isna().all()


def test_a_meaning_stands_by_itself():
    """In a file no line stands above it that it could point to."""
    for quantity in (*OF_RUN, *EXACT, *OF_STEP, *OF_STATE, *OF_SECTOR):
        assert quantity.label, quantity.name
        assert not quantity.meaning.startswith(("the same", "of it", "of them")), quantity.name


def test_a_column_that_nobody_knows_is_left_without_facts():
    assert list(facts_of("runs", ["loss_RUS", "whatever", "rule.typo"])) == ["loss_RUS"]
    table = annotated(pa.table({"whatever": [1.0], "run": [0]}), "runs")
    assert not table.schema.field("whatever").metadata
    assert table.schema.field("run").metadata[b"label"] == b"Run"


@pytest.mark.parametrize(
    ("path", "label", "unit"),
    [
        ("coordination.peer_weight", "Peer weight", "times the rule's"),
        ("evasion.backing.CHN", "Backing (CHN)", "share"),
        ("scenario", "Scenario", "name"),
        ("experiment", "Experiment", "name"),
        ("seed", "Seed", ""),
        ("quantile:coordination.peer_weight", "Peer weight", "quantile"),
    ],
)
def test_a_factor_has_the_facts_of_its_lever(path, label, unit):
    facts = facts_of("runs", [path])[path]
    assert facts.label == label
    assert not unit or facts.unit == unit


def test_a_folder_without_tables_is_refused(tmp_path):
    with pytest.raises(InputError, match="has no Parquet file; name a results folder or a table"):
        describe(tmp_path)
