"""A design is written in many forms, and a mistake in it is one clear line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.cli import main
from sim.config import Config
from sim.errors import InputError
from sim.sweep.compose import folder, options
from sim.sweep.design import _value
from sim.sweep.factors import Factor, configured
from sim.sweep.plan import plan_of

PEER, RULE = "design.factors.coordination.peer_weight", "design.factors.coordination.council_rule"


def columns(*words):
    plan = plan_of(words)
    return {path: values.tolist() for path, values in plan.points.columns.items()}


def test_a_grid_takes_every_combination_the_last_factor_fastest():
    assert columns(f"{PEER}=[0,1.5]", f"{RULE}=[unanimity,majority]") == {
        "coordination.peer_weight": [0.0, 0.0, 1.5, 1.5],
        "coordination.council_rule": ["unanimity", "majority"] * 2,
    }


def test_a_range_in_a_grid_is_cut_into_even_steps_of_its_distribution():
    even = columns(f"{PEER}={{low: 0, high: 3, levels: 4}}")
    assert even["coordination.peer_weight"] == [0.0, 1.0, 2.0, 3.0]
    scale = "design.factors.coordination.meeting_spacing"
    doubled = columns(f"{scale}={{low: 1, high: 8, levels: 4, distribution: loguniform}}")
    assert doubled["coordination.meeting_spacing"] == pytest.approx([1.0, 2.0, 4.0, 8.0])


def test_a_list_takes_factors_side_by_side():
    assert columns("design=list", f"{PEER}=[0,2,2]", "design.factors.seed=[1,1,2]") == {
        "coordination.peer_weight": [0.0, 2.0, 2.0],
        "seed": [1, 1, 2],
    }


def test_a_list_may_be_a_table(tmp_path):
    table = tmp_path / "points.csv"
    table.write_text(
        "coordination.peer_weight,coordination.veto_players\n0.5,[]\n2,[HUN]\n", encoding="utf-8"
    )
    assert columns("design=list", f"design.table={table}") == {
        "coordination.peer_weight": [0.5, 2.0],
        "coordination.veto_players": [[], ["HUN"]],
    }


@pytest.mark.parametrize(("method", "n_points"), [("lhs", 8), ("sobol", 8 * 4), ("morris", 8 * 3)])
def test_a_sample_fills_its_ranges_and_comes_again(method, n_points):
    words = (f"design={method}", "design.samples=8", f"{PEER}={{low: 1, high: 2}}",
             f"{RULE}=[unanimity,majority]")  # fmt: skip
    first, again = columns(*words), columns(*words)
    other = columns(*words, "design.seed=2")
    assert first == again != other
    peers = np.array(first["coordination.peer_weight"])
    assert len(peers) == n_points
    assert 1.0 <= peers.min() < 1.5 < peers.max() <= 2.0
    assert set(first["coordination.council_rule"]) == {"unanimity", "majority"}


def test_a_latin_hypercube_has_one_point_in_every_stratum():
    peers = columns("design=lhs", "design.samples=10", f"{PEER}={{low: 0, high: 10}}")
    assert sorted(np.floor(peers["coordination.peer_weight"]).tolist()) == list(range(10))


def test_quantiles_become_values_of_the_distribution():
    quantile = np.array([0.0, 0.5, 1.0])
    assert Factor("x", low=1.0, high=9.0).at(quantile).tolist() == [1.0, 5.0, 9.0]
    log = Factor("x", low=1.0, high=100.0, distribution="loguniform")
    assert log.at(quantile).tolist() == pytest.approx([1.0, 10.0, 100.0])
    bell = Factor("x", low=0.0, high=2.0, distribution="normal", shape={"mean": 1.0, "sd": 3.0})
    assert bell.at(quantile).tolist() == pytest.approx([0.0, 1.0, 2.0])
    peak = Factor("x", low=0.0, high=2.0, distribution="triangular", shape={"mode": 2.0})
    assert peak.at(quantile).tolist() == pytest.approx([0.0, 2.0**0.5, 2.0])
    days = Factor("x", low=1.0, high=3.0, whole=True).at(np.array([0.0, 0.32, 0.34, 0.7, 1.0]))
    assert days.tolist() == [1, 1, 2, 3, 3]


def test_a_whole_group_is_composed_once_for_each_of_its_files():
    plan = plan_of(["design.factors.scenario=[march_2022,spring_2022]", "seed=5", f"{PEER}=[0,1]"])
    assert [base.config.scenario.step_days for base in plan.bases.values()] == [7, 1]
    chunk = plan.chunk(0)
    assert (chunk.config(3).scenario.step_days, chunk.config(3).coordination.peer_weight) == (1, 1)
    assert chunk.config(3).seed == 5


def test_an_experiment_of_runs_can_be_a_factor():
    plan = plan_of(["design.factors.experiment=[without_jpn,status_quo]"])
    assert [base.config.scenario.without for base in plan.bases.values()] == [["JPN"], []]
    with pytest.raises(InputError, match="member is no factor; list experiments"):
        plan_of(["experiment=without", "design.factors.member=[JPN,USA]"])
    with pytest.raises(InputError, match="experiment 'witout_jpn' is unknown"):
        plan_of(["design.factors.experiment=[witout_jpn,status_quo]"])


def test_a_factor_of_an_experiment_is_replaced_changed_and_taken_away():
    changed = columns("experiment=quick", f"{PEER}=[3]", f"~{RULE}")
    assert changed == {"coordination.peer_weight": [3.0]}
    ends = columns("experiment=coordination", f"{PEER}.high=1")["coordination.peer_weight"]
    assert max(ends) == 1.0


def test_values_change_a_configuration_and_leave_its_base_alone():
    base = Config()
    new = configured(base, {"evasion.backing.CHN": 0.5, "coordination.peer_weight": 2.0, "seed": 3})
    assert (new.evasion.backing, new.coordination.peer_weight, new.seed) == ({"CHN": 0.5}, 2.0, 3)
    assert base == Config()
    with pytest.raises(InputError, match="found 99"):
        configured(base, {"coordination.peer_weight": 99.0})


@pytest.mark.parametrize(
    ("cell", "value"), [("010", 10), ("007", 7), ("1:30", "1:30"), ("-3", -3), ("2.50", 2.5)]
)
def test_a_cell_of_a_table_is_the_number_that_a_spreadsheet_shows(cell, value):
    """And not what YAML makes of it: eight, or ninety."""
    found = _value(Path("design.csv"), 2, "seed", cell)
    assert (int(found) if cell[0] == "0" else found) == value


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["design.factors.coordination.peer_wieght=[1]"], ["'coordination.peer_weight'"]),
        (["design.factors.coordinatoin.peer_weight=[1]"], ["did you mean 'coordination'"]),
        ([f"{PEER}.x=[1]"], ["coordination.peer_weight has no entry 'x'"]),
        ([f"{PEER}=[]"], [PEER, "at least one value"]),
        ([f"{PEER}=3"], [PEER, "list of values or a range", "found 3"]),
        ([f"{PEER}=[1,1]"], [PEER, "twice"]),
        ([f"{PEER}=[a]"], [PEER, "must be a number", "found 'a'"]),
        ([f"{PEER}=[1{'0' * 400}]"], [PEER, "too large"]),
        ([f"{PEER}=[1"], ["cannot be read"]),
        ([f"{PEER}={{low: 2, high: 1}}"], [PEER, "low must lie below high", "2 and 1"]),
        ([f"{PEER}={{low: 0}}"], [PEER, "needs a number high"]),
        ([f"{PEER}={{low: 0, hihg: 1}}"], ["did you mean 'high'"]),
        ([f"{PEER}={{low: 0, high: 99}}"], [PEER, "between 0 and 10", "99"]),
        ([f"{PEER}={{low: 0, high: 1, distribution: nromal}}"], ["did you mean 'normal'"]),
        ([f"{PEER}={{low: 0, high: 1, distribution: loguniform}}"], ["above 0"]),
        ([f"{RULE}=[majorty]"], ["did you mean 'majority'"]),
        ([f"{RULE}={{low: 0, high: 1}}"], [RULE, "list its values"]),
        (["design.factors.scenario=[march]"], ["did you mean 'march_2022'"]),
        (["design.factors.out=[a]"], ["out is no factor"]),
        (["design=lsh"], ["did you mean 'lhs'"]),
        (["design=lhs"], ["design.factors is empty"]),
        (["design.sampels=3"], ["did you mean 'design.samples'"]),
        (["design.replications=0"], ["design.replications", "found 0"]),
        (["experiment=quik"], ["did you mean 'quick'"]),
        (["experiment=quick", "design=list"], ["equally many values", "peer_weight 3"]),
        (["experiment=quick", "design=sobol", "design.samples=10"], ["power of 2", "samples=8"]),
        (["design=list", "design.table=nowhere.csv"], ["no file 'nowhere.csv'"]),
        (["experiment=quick", "design.replications=1000000000"], ["6,000,000,000 runs"]),
        (["experiment=quick", "design.factors.experiment=[status_quo]"], ["exclude each other"]),
        (
            ["coordination.peer_weight=2", "design.factors.coordination.peer_weight=[0,1]"],
            ["exclude each other", "~design.factors.coordination.peer_weight"],
        ),
        (["rule=threshold", "design.factors.rule=[hazard]"], ["exclude each other"]),
        (
            ["design.factors.coordination.peer_weight=[1,1.0]"],
            ["lists a value twice; found [1, 1.0]"],
        ),
        (["coordination.veto_players=[USA]"], ["'USA' is no sending member"]),
        (["rule.function=mine.py:rule"], ["rule.function", "no file 'mine.py'"]),
        (["--dryrun"], ["did you mean '--dry-run'"]),
        (["-m", "seed=1,2"], ["sanctionsim run --multirun"]),
        (["quick"], ["'quick' must look like key=value, as in experiment=quick"]),
        ([f"{PEER}=0,1,2"], ["has several values", "a list stands in brackets"]),
        ([f"{PEER}=[0,-0.0]"], [PEER, "lists a value twice; found [0, -0.0]"]),
        (["run=3"], ["run=3: a sweep numbers its own; leave it out"]),
        (["out="], ["out= is a file or none"]),
        ([f"out={'x' * 300}", "report=false"], ["sanctionsim: xxx", "File name too long"]),
        (["design.factors.peer_weight=[0,1]"], ["did you mean 'coordination.peer_weight'"]),
    ],
)
def test_a_mistake_gets_one_line_and_exit_code_2(tmp_path, capsys, monkeypatch, words, expected):
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", *words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    for part in expected:
        assert part in error
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", sorted(p.stem for p in (folder() / "experiment").glob("*.yaml")))
def test_a_shipped_sweep_opens_with_its_question_and_its_command_and_is_planned(name):
    lines = (folder() / "experiment" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# @package _global_"
    assert "?" in lines[1]
    assert lines[2] == f"# sanctionsim sweep experiment={name}"
    plan = plan_of([f"experiment={name}"])
    assert plan.config.name == name
    assert plan.n_runs == len(plan.points) * plan.replications
    assert name in options("experiment")


def test_chunks_are_cut_by_the_plan_alone():
    plan = plan_of(["experiment=quick", "design.replications=50", "workers=7"])
    assert (plan.n_runs, plan.chunk_runs, plan.n_chunks) == (300, 64, 5)
    runs = np.concatenate([plan.chunk(number).runs for number in range(plan.n_chunks)])
    assert np.array_equal(runs, np.arange(300))
    assert [plan.chunk(4).values(5)["coordination.peer_weight"]] == [2.0]
