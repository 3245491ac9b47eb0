"""Every factor is in the results, and every file that they rest on is in the fingerprint."""

from __future__ import annotations

import json
import os
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from small_sweeps import SMALL, content

from sim.cli import main
from sim.columns import MARK
from sim.errors import InputError
from sim.sweep.compose import compose
from sim.sweep.plan import plan_of
from sim.sweep.store import Store, digest, mark_of, open
from sim.sweep.tables import encoded
from sim.world.world import fingerprint, world_folder

FEW = ["scenario.steps=2", "design.replications=1"]


@pytest.mark.parametrize("swapped", [False, True])
def test_a_group_and_a_value_in_it_are_both_factors(swapped):
    words = ["design.factors.rule.peer=[0.1,0.2]", "design.factors.rule=[hazard,threshold]"]
    points = plan_of([*FEW, *(words[::-1] if swapped else words)]).points
    assert set(points.columns) == {"rule.peer", "rule"}
    assert len(points) == 4


def test_a_factor_and_a_part_of_it_exclude_each_other():
    words = ["design.factors.scenario.targets=[{RUS: 1.0},{BLR: 1.0}]",
             "design.factors.scenario.targets.RUS=[0.5,1.0]"]  # fmt: skip
    with pytest.raises(InputError, match="which is a part of it; keep one"):
        plan_of([*FEW, *words])


def test_a_fact_of_a_range_is_replaced_and_a_group_of_factors_taken_away():
    key = "design.factors.coordination"
    words = ["experiment=quick", f"~{key}", f"{key}.lead_weight={{low: 0, high: 1}}",
             f"{key}.lead_weight.high=3"]  # fmt: skip
    assert compose(words).design.factors == {"coordination.lead_weight": {"low": 0, "high": 3}}


@pytest.fixture
def worlds(tmp_path, monkeypatch):
    """Return the folder with two worlds of the user's."""
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        shutil.copytree(world_folder("march_2022"), tmp_path / name)
    return tmp_path


def edit(world):
    """Change a number of a world's table."""
    text = (world / "gas.csv").read_text(encoding="utf-8")
    (world / "gas.csv").write_text(text.replace("56.3", "56.4"), encoding="utf-8")
    assert "56.4" in (world / "gas.csv").read_text(encoding="utf-8")


def begun(folder, words):
    """Begin a store without computing anything."""
    folder.mkdir()
    Store(folder).begin(plan_of(words))
    return Store(folder)


def test_worlds_that_are_a_factor_are_in_the_fingerprint(worlds):
    words = [*FEW, "design.factors.world.folder=[a,b]"]
    store = begun(worlds / "out", words)
    store.begin(plan_of(words))
    edit(worlds / "b")
    with pytest.raises(InputError, match=r"begun with another sweep: worlds\.b is"):
        store.begin(plan_of(words))


def test_the_same_folder_by_another_path_is_the_same_world(worlds):
    words = [*FEW, "design.factors.seed=[1,2]"]
    store = begun(worlds / "out", ["world.folder=a", *words])
    for path in ("./a/", str(worlds / "a"), "b"):  # b holds the same
        store.begin(plan_of([f"world.folder={path}", *words]))
    edit(worlds / "a")
    with pytest.raises(InputError, match="begun with another sweep"):
        store.begin(plan_of(["world.folder=a", *words]))


def test_a_file_of_prices_is_in_the_fingerprint(worlds):
    table = "month,sector,price,status,source\n2022-03,oil,{},read,x\n"
    (worlds / "prices.csv").write_text(table.format(1.5), encoding="utf-8")
    words = [*FEW, "economy.energy_prices=prices.csv", "design.factors.seed=[1,2]"]
    store = begun(worlds / "out", words)
    (worlds / "prices.csv").write_text(table.format(2.5), encoding="utf-8")
    with pytest.raises(InputError, match=r"begun with another sweep: files\.prices\.csv is"):
        store.begin(plan_of(words))


TABLES = [
    ("scenario.start\n2022-02-21\n2022-03-01\n", ["2022-02-21", "2022-03-01"]),
    ("\ufeffscenario.imposed.swift_exclusion\n2022-02-28\n2022-03-01\n",
     ["2022-02-28", "2022-03-01"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "values"), TABLES)
def test_dates_in_a_table_are_kept_in_the_manifest(tmp_path, text, values):
    path = tmp_path / "design.csv"
    path.write_text(text, encoding="utf-8")
    plan = plan_of([*FEW, "design=list", f"design.table={path}"])
    (column,) = plan.points.columns.values()
    assert column.tolist() == values
    assert json.loads(json.dumps(plan.manifest()))["design"]["points"] == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("coordination.peer_weight\n{a: [\n", "row 2, column 'coordination.peer_weight': cannot"),
        ("coordination.peer_weight,seed\n,1\n1,2\n", "must not be empty"),
        ("seed,seed\n1,2\n", "a column must come only once"),
        ("seed;run\n1;2\n", "separated by semicolons"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_read_is_refused(tmp_path, text, words):
    path = tmp_path / "design.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        plan_of([*FEW, "design=list", f"design.table={path}"])


def test_a_grid_of_a_billion_levels_is_refused_at_once():
    with pytest.raises(InputError, match="levels must be a whole number from 2 to 1,000,000"):
        plan_of(
            [*FEW, "design.factors.coordination.peer_weight={low: 0, high: 1, levels: 1000000000}"]
        )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: m.update(chunks="x"), "has no 'chunks' that can be read"),
        (lambda m: m.update(runs=0), "has no 'runs' that can be read"),
        (lambda m: m.update(design=[]), "has no 'design' that can be read"),
        (lambda m: m.update(worlds=[]), "has no 'worlds' that can be read"),
        (lambda m: m.update(chunks=10**9), "was edited: 60 runs in chunks of 2"),
        (lambda m: m.update(outcomes=["zzz"]), "it is of another sweep than manifest.json says"),
        (lambda m: m["design"].update(factors=["a.b"]), "of another sweep than manifest.json says"),
    ],
)
def test_an_edited_manifest_is_refused_in_a_line(whole, tmp_path, capsys, change, words):
    copy = shutil.copytree(whole, tmp_path / "copy")
    manifest = json.loads((copy / "manifest.json").read_text())
    change(manifest)
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(InputError, match=words):
        open(copy)
    assert main(["status", str(copy)]) in (0, 2)
    assert "Traceback" not in capsys.readouterr().err


def test_a_partition_of_another_sweep_is_named(whole, tmp_path, capsys):
    copy = shutil.copytree(whole, tmp_path / "copy")
    path = copy / "runs" / "part-000029.parquet"
    table = pq.read_table(path)
    assert mark_of(table.schema) == digest(plan_of(SMALL).manifest())
    other = {MARK: digest(plan_of([*SMALL, "seed=9"]).manifest())}
    path.write_bytes(encoded(table.replace_schema_metadata(other)))
    assert main(["status", str(copy), "--verify"]) == 1
    assert f"{path}: it is of another sweep than manifest.json" in capsys.readouterr().out
    assert main(["sweep", *SMALL, f"out={copy}"]) == 0
    assert content(copy) == content(whole)
    path.write_bytes(encoded(table.replace_schema_metadata(None)))  # as earlier versions wrote it
    assert main(["status", str(copy), "--verify"]) == 0
    assert "whole; 1 of an earlier version" in capsys.readouterr().out
    assert open(copy).runs().equals(open(whole).runs())


def test_a_partition_of_other_types_is_named(whole, tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(whole, copy)
    path = copy / "runs" / "part-000000.parquet"
    table = pq.read_table(path)
    at, texts = table.column_names.index("loss_RUS"), pa.array(["x"] * len(table))
    for odd, words in (
        (table.set_column(at, "loss_RUS", texts), "its column 'loss_RUS' holds no numbers"),
        (table.drop_columns("point"), "it must have one column 'point'"),
        (table.append_column("run", table["run"]), "it must have one column 'run'"),
    ):
        pq.write_table(odd, path)
        with pytest.raises(InputError, match=words):
            open(copy)
        assert main(["status", str(copy), "--verify"]) == 1
        assert words in capsys.readouterr().out


def test_a_design_of_texts_is_named(whole, tmp_path, capsys):
    copy = shutil.copytree(whole, tmp_path / "copy")
    table = pq.read_table(copy / "design.parquet")
    texts = table.set_column(0, "point", pa.array(["x"] * len(table)))
    pq.write_table(texts, copy / "design.parquet")
    assert main(["status", str(copy), "--verify"]) == 1
    assert "design.parquet: its column 'point' holds no numbers" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_partition_that_is_a_pipe_is_not_waited_for(whole, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(whole, copy)
    path = copy / "runs" / "part-000000.parquet"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(InputError, match="there is no such file"):
        open(copy)


def test_a_partition_beyond_the_last_is_no_part_of_a_sweep(whole, tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(whole, copy)
    shutil.copy(copy / "runs" / "part-000000.parquet", copy / "runs" / "part-000099.parquet")
    assert main(["status", str(copy)]) == 0
    assert "chunks   30 of 30" in capsys.readouterr().out
    assert main(["sweep", *SMALL, f"out={copy}"]) == 0
    assert content(copy) == content(whole)


def test_results_kept_in_the_folder_of_a_world_are_no_part_of_it(tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(world_folder("march_2022"), folder)
    before = fingerprint(folder)
    (folder / "results").mkdir()
    (folder / "results" / "events.csv").touch()
    assert fingerprint(folder) == before
    (folder / "economy" / "tariff.csv").write_text("other")
    assert fingerprint(folder) != before


def test_verify_reads_every_file(whole, tmp_path, capsys):
    copy = shutil.copytree(whole, tmp_path / "copy")
    shutil.copy(copy / "runs" / "part-000002.parquet", copy / "runs" / "part-000002 (1).parquet")
    assert main(["status", str(copy), "--verify"]) == 0
    assert "verified 30 chunks: every file is whole" in capsys.readouterr().out
    path = copy / "runs" / "part-000004.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    assert main(["status", str(copy), "--verify"]) == 1
    assert f"damaged  {path}" in capsys.readouterr().out
