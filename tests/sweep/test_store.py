"""A store holds what was asked for, and others read it without this project."""

from __future__ import annotations

import json

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from small_sweeps import SMALL, content

from sim.cli import main
from sim.compose import checked, compose
from sim.engine import simulate
from sim.errors import InputError
from sim.sweep import store
from sim.sweep.plan import plan_of

SAMPLED = [
    "scenario.steps=2", "design.replications=2",
    "design.factors.coordination.peer_weight={low: 0, high: 3}",
    "design.factors.evasion.backing.CHN={low: 0, high: 1}",
    "design.factors.coordination.council_rule=[unanimity,majority]",
]  # fmt: skip


def sweep(out, *words):
    return main(["sweep", *words, "report=false", f"out={out}"])


def test_the_runs_are_those_of_the_ensemble_with_their_parameters(whole, world):
    runs = store.open(whole).runs()
    assert runs["run"].tolist() == list(range(60))
    row = runs[runs["run"] == 37].iloc[0]
    assert (row["point"], row["replication"], row["draws"]) == (3, 7, 7)
    assert row["coordination.peer_weight"] == 1.0
    assert row["coordination.council_rule"] == "majority"
    words = ["scenario.steps=2", "coordination.peer_weight=1"]
    words += ["coordination.council_rule=majority", "coordination.veto_players=[HUN]"]
    alone = simulate(world, checked(compose(words)), [7])
    for name in alone.names:
        assert np.array_equal(row[name], alone.outcome(name)[0], equal_nan=True), name


def test_no_factor_of_the_quick_sweep_is_dead(whole):
    """A rule of the council makes a difference only where somebody objects."""
    runs = store.open(whole).runs()
    for factor in store.open(whole).factors:
        others = [name for name in store.open(whole).factors if name != factor]
        levels = runs.groupby([*others, "replication"])["loss_RUS"].nunique()
        assert (levels > 1).mean() > 0.5, factor


def test_points_share_their_draws_unless_told_otherwise(tmp_path):
    words = ["scenario.steps=2", "design=list", "design.replications=4",
             "design.factors.coordination.peer_weight=[1,1]"]  # fmt: skip
    assert sweep(tmp_path / "common", *words) == 0
    assert sweep(tmp_path / "own", *words, "design.common_random_numbers=false") == 0
    common = store.open(tmp_path / "common").runs()
    first, second = (common[common["point"] == p]["loss_RUS"].tolist() for p in (0, 1))
    assert first == second
    own = store.open(tmp_path / "own").runs()
    assert own["draws"].tolist() == list(range(8))
    assert own["loss_RUS"].tolist()[:4] == first
    assert own["loss_RUS"].tolist()[4:] != first


def test_the_bytes_do_not_depend_on_the_number_of_threads(whole, tmp_path):
    assert sweep(tmp_path / "one", *SMALL, "workers=1") == 0
    assert content(tmp_path / "one") == content(whole)


def test_the_manifest_says_what_it_takes_to_get_the_same_numbers(whole, world):
    manifest = json.loads((whole / "manifest.json").read_text())
    assert manifest["config"]["scenario"]["steps"] == 2
    assert manifest["seed"] == 2022
    assert manifest["worlds"] == {"march_2022": world.fingerprint}
    assert {"sanctionsim", "code", "python", "packages"} <= set(manifest["versions"])
    assert not {"out", "cluster", "workers"} & set(manifest["config"])


def test_what_is_recorded_has_a_table_each_with_the_run_and_no_parameters(tmp_path, world):
    out = tmp_path / "r"
    words = ["experiment=quick", "scenario.steps=2", "design.replications=2", "record=states"]
    assert sweep(out, *words, "design.chunk_runs=5") == 0
    assert sweep(tmp_path / "again", *words, "design.chunk_runs=5", "workers=1") == 0
    assert content(out) == content(tmp_path / "again")
    read = store.open(out)
    steps, states, events = read.steps(), read.states(), read.events()
    assert steps["run"].tolist() == [run for run in range(12) for _ in range(2)]
    assert len(states) == 12 * 2 * len(world.states)
    assert set(events["run"]) == set(range(12))
    for table in (steps, states, events):
        assert table.columns[0] == "run"
        assert not set(read.factors) & set(table.columns)
    config = [
        "scenario.steps=2",
        "coordination.peer_weight=1",
        "coordination.council_rule=majority",
        "coordination.veto_players=[HUN]",
    ]
    alone = simulate(world, checked(compose([*config, "record=states"])), [1])
    own = alone.steps().drop(columns="run").reset_index(drop=True)
    found = steps[steps["run"] == 7].drop(columns="run").reset_index(drop=True)
    pd.testing.assert_frame_equal(found, own, check_dtype=False)
    joined = f"select count(*) from '{out}/steps/*.parquet' join '{out}/runs/*.parquet' using (run)"
    assert duckdb.sql(joined).fetchall()[0] == (24,)


def test_sectors_are_stored_with_the_runs_of_the_sweep(tmp_path, world):
    words = ["experiment=quick", "scenario.steps=2", "design.replications=2", "record=sectors"]
    assert sweep(tmp_path / "r", *words, "design.chunk_runs=5") == 0
    read = store.open(tmp_path / "r")
    sectors, states = read.sectors(), read.states()
    last = states[states["step"] == 1].set_index(["run", "state"])["loss"]
    summed = sectors.groupby(["run", "state"])["loss"].sum()
    assert set(sectors["run"]) == set(range(12))
    assert (summed - last).abs().max() < 1e-10
    found = sectors[["output", "price"]].notna().all(axis=1)
    assert set(sectors["sector"][~found]) == {"payments", "closed_borders", "transfers"}


def test_other_programs_read_it(whole):
    ours = store.open(whole).runs()
    assert pd.read_parquet(whole / "runs").equals(ours)
    query = f"""
        select "coordination.council_rule" as rule, avg(loss_RUS) as loss, count(*) as n
        from '{whole}/runs/*.parquet' group by rule order by rule
    """
    rows = duckdb.sql(query).fetchall()
    means = ours.groupby("coordination.council_rule")["loss_RUS"].mean()
    assert [(rule, n) for rule, _, n in rows] == [("majority", 30), ("unanimity", 30)]
    assert [loss for _, loss, _ in rows] == pytest.approx(means.tolist())


def test_columns_with_dots_are_quoted_in_sql(whole):
    """As docs/sweeps.md has it; without quotes DuckDB looks for a table named coordination."""
    runs = f"'{whole}/runs/*.parquet'"
    query = f'select "coordination.peer_weight" as pull, avg(loss_RUS) from {runs} group by pull'
    assert sorted(pull for pull, _ in duckdb.sql(query).fetchall()) == [0.0, 1.0, 2.0]
    with pytest.raises(duckdb.BinderException):
        duckdb.sql(f"select coordination.peer_weight from {runs}")


def test_columns_say_what_they_are_in_the_files_themselves(whole):
    """Label, unit and meaning of keys, factors and outcomes, for any reader of Parquet."""
    field = pq.read_schema(whole / "runs" / "part-000000.parquet").field("loss_RUS")
    assert field.metadata[b"label"] == b"Loss of Russia, last day"
    assert field.metadata[b"unit"] == b"percent of GDP"
    read = store.open(whole)
    runs = read.describe()
    assert (runs["meaning"] != "").all()
    pull = runs.loc["coordination.peer_weight"]
    assert (pull["label"], pull["unit"]) == ("Peer weight", "times the rule's")
    assert runs.loc["days_to_200", "meaning"].endswith("nan if never")
    assert list(read.describe("design").index) == ["point", *read.factors]


def test_what_is_not_defined_in_all_runs_is_no_silent_mean(tmp_path):
    """In ten days 200 measures are out in some runs only; there are no talks, so no settlement."""
    words = [*SAMPLED, "design=lhs", "design.samples=3", "scenario.step_days=5"]
    assert sweep(tmp_path / "u", *words, "design.replications=6") == 0
    read = store.open(tmp_path / "u")
    runs = read.runs()
    known = runs["days_to_200"].notna()
    assert 0 < known.sum() < len(runs)
    share = known.groupby(runs["point"]).mean()
    stored = pq.read_table(next(tmp_path.rglob("runs/*.parquet")), columns=["days_to_200"])
    assert stored["days_to_200"].null_count == round((1.0 - share).sum() * len(stored) / len(share))
    assert read.defined()["days_to_200"].tolist() == share.tolist()
    mean, of_defined = read.means()["days_to_200"], read.means(of_defined=True)["days_to_200"]
    assert mean.isna().tolist() == (share < 1.0).tolist()
    assert of_defined.notna().tolist() == (share > 0.0).tolist()
    median = read.medians()["days_to_200"]
    assert np.isinf(median[share < 0.5]).all()
    assert np.isfinite(median[share > 0.5]).all()
    assert np.isinf(read.medians()["settled_day"]).all()
    assert read.means()["loss_RUS"].notna().all()


def test_analyses_are_not_handed_what_is_not_defined_unless_told_what_it_counts_as(tmp_path):
    words = [*SAMPLED, "design=lhs", "design.samples=3", "scenario.step_days=6"]
    assert sweep(tmp_path / "u", *words) == 0
    read = store.open(tmp_path / "u")
    lacking = int(read.runs()["days_to_300"].isna().sum())
    assert lacking
    said = f"days_to_300 is not defined in {lacking} of 6 runs, .*; give never=DAYS"
    for refused in (lambda: read.ema(["days_to_300"]), lambda: read.salib("days_to_300")):
        with pytest.raises(InputError, match=said):
            refused()
    with pytest.raises(InputError, match="exact_loss_RUS is not defined in 6 of 6 runs"):
        read.ema(["exact_loss_RUS"], never=99.0)
    assert read.ema(["days_to_300"], never=99.0)[1]["days_to_300"].max() == 99.0
    assert 12.0 < read.salib("days_to_300", never=99.0)[2].max() <= 99.0
    assert "days_to_300" not in read.ema()[1]
    assert "days_to_300" in read.ema(never=99.0)[1]
    assert "loss_RUS" in read.ema()[1]


def test_experiments_and_outcomes_come_as_the_workbench_takes_them(whole):
    experiments, outcomes = store.open(whole).ema()
    assert len(experiments) == 60
    assert list(experiments)[-3:] == ["scenario", "policy", "model"]
    assert experiments["coordination.council_rule"].dtype == "category"
    assert experiments["coordination.peer_weight"].dtype == float
    assert all(values.shape == (60,) for values in outcomes.values())


def test_salib_analyses_a_sobol_sample_in_its_order(tmp_path):
    from SALib.analyze import sobol

    assert sweep(tmp_path / "s", *SAMPLED, "design=sobol", "design.samples=4") == 0
    read = store.open(tmp_path / "s")
    problem, sample, mean = read.salib("loss_RUS")
    assert problem["names"] == read.factors
    plan = plan_of([*SAMPLED, "design=sobol", "design.samples=4"])
    assert np.array_equal(sample, plan.points.unit)
    indices = sobol.analyze(problem, mean, calc_second_order=False, seed=1)
    assert len(indices["ST"]) == 3
    runs = read.runs()
    by_hand = [runs[runs["point"] == p]["loss_RUS"].mean() for p in range(len(sample))]
    assert mean.tolist() == pytest.approx(by_hand)


def test_salib_analyses_trajectories_of_morris(tmp_path):
    from SALib.analyze import morris

    assert sweep(tmp_path / "m", *SAMPLED, "design=morris", "design.samples=3") == 0
    problem, sample, mean = store.open(tmp_path / "m").salib("loss_RUS")
    effects = morris.analyze(problem, sample, mean, num_levels=4, seed=1)
    assert np.isfinite(effects["mu_star"]).all()


def test_what_is_not_there_is_named(whole, tmp_path):
    read = store.open(whole)
    with pytest.raises(InputError, match="no table 'steps'"):
        read.steps()
    with pytest.raises(InputError, match="design=grid has no sample"):
        read.salib("loss_RUS")
    with pytest.raises(InputError, match="did you mean 'loss_RUS'"):
        read.salib("loss_RUX")
    with pytest.raises(InputError, match=r"no store of a sweep"):
        store.open(tmp_path)
    (tmp_path / "manifest.json").write_text('{"name": "another program\'s"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"no manifest of a sweep: it has no 'config'"):
        store.open(tmp_path)
    assert read.failures().empty


def test_worlds_with_other_targets_share_a_table(tmp_path):
    names = "[march_2022,crimea_2014]"  # each world with its own scenario
    groups = [f"design.factors.{group}={names}" for group in ("world", "scenario")]
    words = ["design=list", "scenario.steps=2", "design.replications=2", *groups]
    code = sweep(tmp_path / "w", *words)
    read = store.open(tmp_path / "w")
    assert len(read.manifest["worlds"]) == 2
    assert code == (1 if len(read.failures()) else 0)


def test_partitions_are_plain_parquet_without_notes_of_pandas(whole):
    schema = pq.read_schema(whole / "runs" / "part-000000.parquet")
    assert {*schema.metadata} == {b"sweep"}
    assert schema.names[:4] == ["run", "point", "replication", "draws"]
