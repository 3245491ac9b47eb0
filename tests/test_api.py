"""The public face in Python: what it returns, how it shows itself, what it says of a mistake."""

from __future__ import annotations

import ast
import copy
import doctest
import gc
import importlib
import inspect
import pickle
import shutil
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.compose import checked, compose
from sim.config import Config, Figures
from sim.engine import simulate
from sim.errors import InputError
from sim.runs import Page, Runs, Words
from sim.sweep import store
from sim.variants import overrides_of

ROOT = Path(__file__).parents[1]
SHORT = {"scenario__steps": 2}


@pytest.fixture(scope="module")
def some():
    return sim.run("without_jpn", "coordination.peer_weight=2", runs=6, record="states", **SHORT)


@pytest.fixture(scope="module")
def one():
    return sim.run("without_jpn", seed=7, **SHORT)


def test_runs_are_asked_for_outcomes_by_their_names_alone(one, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "loss_RUS" in one
    assert list(one) == list(one.outcomes)
    with pytest.raises(InputError, match="is unknown"):
        one[["loss_RUS"]]
    for place in (None, "", 3):
        with pytest.raises(InputError, match="must be a text or a path"):
            sim.save(one, place)
    assert not list(tmp_path.iterdir())


# The package.


def test_the_package_comes_at_once_and_brings_nothing_heavy_with_it():
    code = (
        "import sys, sim; dir(sim); heavy = {'numpy', 'numba', 'pandas', 'mesa', 'matplotlib', "
        "'hydra', 'networkx', 'scipy', 'jinja2'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_name_of_the_face_is_there_documented_and_known_to_type_checkers():
    assert set(sim.FACE) <= set(dir(sim))
    for name in sim.FACE:
        assert inspect.getdoc(getattr(sim, name)), name
    stub = ast.parse((ROOT / "sim" / "__init__.pyi").read_text(encoding="utf-8"))
    typed = {
        alias.asname: node.module
        for node in stub.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == sim.FACE
    assert (ROOT / "sim" / "py.typed").is_file()


def test_what_the_package_does_not_have_is_told_with_what_it_has():
    with pytest.raises(AttributeError, match=r"no attribute 'rum' \(it has: run, compare"):
        sim.rum  # noqa: B018


@pytest.mark.parametrize("name", ["run", "sweep", "experiments"])
def test_a_module_that_has_the_name_of_a_function_is_both(name):
    module = importlib.import_module(f"sim.{name}")
    shown = getattr(sim, name)
    assert shown is module
    assert callable(shown)
    api = getattr(importlib.import_module("sim.api"), name)
    assert (inspect.signature(shown), inspect.getdoc(shown)) == (
        inspect.signature(api),
        inspect.getdoc(api),
    )
    assert sim.sweep.store is store


@pytest.mark.parametrize("module", ["sim.api"])
def test_examples_of_docstrings_run_as_they_stand(module):
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    failed, run = doctest.testmod(importlib.import_module(module), optionflags=flags)
    assert run > 8
    assert not failed


# Runs.


def test_runs_are_those_of_the_engine(some, world):
    config = Config(record="events")
    config.scenario.steps, config.scenario.without = 2, ["JPN"]
    config.coordination.peer_weight = 2.0
    plain = simulate(world, config, 6)
    assert some.outcomes.reset_index().equals(plain.to_frame())
    assert some.events.equals(plain.events())
    assert (len(some), some.outcomes.index.tolist()) == (6, list(range(6)))
    assert some["acts_announced"].tolist() == plain.outcome("acts_announced").tolist()


def test_words_and_levers_say_the_same():
    words = sim.run("without_jpn", "coordination.peer_weight=0.5 seed=9", "scenario.steps=2")
    levers = sim.run("without_jpn", coordination__peer_weight=0.5, seed=9, **SHORT)
    assert words.outcomes.equals(levers.outcomes)
    assert words.config == levers.config


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (date(2022, 3, 1), "'2022-03-01'"),
        (pd.Timestamp("2022-03-01"), "'2022-03-01'"),
        (datetime(2022, 3, 1, 5), "'2022-03-01T05:00:00'"),
        (Fraction(1, 2), "0.5"),
        (Decimal("0.25"), "0.25"),
        (Path("a b"), "'a b'"),
        (np.array([1, 2]), "[1,2]"),
    ],
)
def test_a_lever_can_be_a_date_a_fraction_a_path(value, word):
    assert overrides_of({"scenario__start": value}) == [f"scenario.start={word}"]


def test_nothing_said_is_the_default_and_a_single_run_has_everything_but_sectors():
    run = sim.run(run=3, **SHORT)
    assert (run.label, run.numbers, run.record) == ("march_2022", [3], "states")
    again = sim.run(runs=[3], scenario__steps=2)
    assert run.states.equals(again.states)
    assert set(run.events["run"]) == {3}


def test_tables_say_what_their_columns_are(one):
    for table, column, unit in (
        (one.outcomes, "loss_RUS", "percent of GDP"),
        (one.steps, "loss_RUS", "percent of GDP"),
        (one.states, "support", "share"),
    ):
        assert table.attrs["units"][column] == unit
        assert table.attrs["labels"][column]
        assert table.attrs["meanings"][column]
    assert "Russia" in one.outcomes.attrs["labels"]["loss_RUS"]


def test_an_edited_network_is_run_and_said_wherever_the_run_is_shown(one, tmp_path):
    network = sim.alliance_network(sim.load_world())
    network.remove_edges_from(list(network.edges(keys=True)))
    edited = sim.run("without_jpn", seed=7, network=network, **SHORT)
    assert not edited["acts_announced"].equals(one["acts_announced"])
    assert "with edited ties" in repr(edited)
    assert "with edited ties" in edited.page()
    with pytest.raises(InputError, match="cannot hold an edited network"):
        edited.save(tmp_path / "edited")
    network.add_node("GBX", role="sender")
    with pytest.raises(InputError, match="state 'GBX' is unknown; did you mean 'GBR'"):
        sim.run(network=network)


def test_who_changes_the_configuration_of_runs_changes_what_they_say_of_themselves_nowhere(some):
    some.config.coordination.peer_weight = 5.0
    assert some.config.coordination.peer_weight == 2.0


def test_runs_go_to_other_processes(some):
    assert pickle.loads(pickle.dumps(some)).outcomes.equals(some.outcomes)


def test_a_run_explains_itself_and_is_drawn(one, some):
    assert one.explain("RUS") == one.explain("RUS", run=0)
    assert one.explain("USA", "airspace_ban", "RUS") != one.explain("USA", "oil_import_ban")
    assert "EU" in one.explain("EU")
    figure = some.figure("paths", run=2)
    assert figure.axes
    page = one.page()
    assert isinstance(page, Page)
    assert page.startswith("<!DOCTYPE html>")
    assert len(repr(page)) < 100
    assert "<!DOCTYPE" not in page._repr_html_()  # escaped, in a frame of its own
    assert "&lt;!DOCTYPE html&gt;" in page._repr_html_()


def test_a_saved_run_is_opened_as_it_was(one, tmp_path):
    folder = one.save(tmp_path / "mine")
    again = sim.open(folder)
    assert isinstance(again, Runs)
    assert again.config == one.config
    assert again.outcomes.astype(float).equals(one.outcomes.astype(float))
    for table in ("events", "steps", "states"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(one, table), check_dtype=False)
        assert getattr(again, table).attrs == getattr(one, table).attrs
    assert again.explain("JPN") == one.explain("JPN")
    with pytest.raises(InputError, match="has no sectors: run it anew with record=sectors"):
        again.sectors  # noqa: B018
    with pytest.raises(InputError, match="must be new or empty"):
        one.save(folder)


def test_what_is_opened_is_read_wherever_the_program_goes_and_said_to_be_damaged_or_gone(
    one, tmp_path, monkeypatch
):
    folder = one.save(tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    again = sim.open("mine")
    monkeypatch.chdir("/")
    assert len(again.events) == len(one.events)
    for name in ("events.csv", "steps.parquet", "outcomes.json"):
        (folder / name).write_bytes(b"")
        with pytest.raises(
            InputError, match=r"^[^\n]*mine[^\n]* (can be read and|cannot be) [^\n]*$"
        ):
            getattr(sim.open(folder), name.partition(".")[0])
    shutil.rmtree(folder)
    with pytest.raises(InputError, match="mine is no longer there"):
        again.steps  # noqa: B018


def test_results_are_the_same_if_they_are_the_same_object(one, some):
    for left, right in ((one.setting, some.setting), (one.history(), some.history(run=2))):
        assert left == left
        assert left != right
        assert len({left, right}) == 2


def test_settings_are_composed_by_several_threads():
    def composed(seed):
        return checked(compose([f"seed={seed}", "experiment=status_quo"])).seed

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(composed, range(8))) == [*range(8)]


def test_a_run_of_another_world_is_not_opened(one, tmp_path):
    folder = one.save(tmp_path / "mine")
    versions = folder / "versions.json"
    text = versions.read_text(encoding="utf-8")
    versions.write_text(text.replace(one.setting.world.fingerprint, "0" * 64), encoding="utf-8")
    with pytest.raises(InputError, match="the world 'march_2022' has changed since"):
        sim.open(folder)


# Sweeps.


def test_a_sweep_is_in_a_store_of_its_own_that_goes_with_it(capfd):
    found = sim.sweep({"coordination.peer_weight": [0.0, 2.0]}, design__replications=3, **SHORT)
    runs, folder = found.runs(), found.folder
    assert runs["coordination.peer_weight"].tolist() == [0.0] * 3 + [2.0] * 3
    other = copy.deepcopy(found)
    del found
    gc.collect()
    assert other.runs().equals(runs)  # as long as a copy is there
    other = pickle.dumps(other)
    gc.collect()
    assert not folder.exists()
    with pytest.raises(InputError, match="is no longer there"):
        pickle.loads(other).design()
    assert "runs/s" not in "".join(capfd.readouterr())


def test_a_sweep_in_a_folder_stays_and_is_opened_and_taken_up_again(tmp_path):
    asked = {"out": tmp_path / "peers", "design__replications": 2, **SHORT}
    first = sim.sweep({"coordination.peer_weight": [0.0, 2.0]}, **asked)
    again = sim.sweep({"coordination.peer_weight": [0.0, 2.0]}, **asked)
    opened = sim.open(tmp_path / "peers")
    assert first.runs().equals(again.runs())
    assert opened.means().equals(first.means())
    with pytest.raises(InputError, match="was begun with another sweep"):
        sim.sweep({"coordination.peer_weight": [0.0, 1.0]}, **asked)


def test_a_shipped_sweep_goes_by_its_name(tmp_path):
    found = sim.sweep("quick", "design.replications=1", **SHORT)
    assert len(found.runs()) == found.manifest["runs"]
    assert found.manifest["name"] == "quick"


# Comparisons, values, explanations; what can be turned.


def test_a_comparison_is_that_of_the_command_and_says_what_is_more_than_luck(tmp_path):
    found = sim.compare("status_quo", "without_jpn", runs=6, **SHORT)
    rows = found.differences().set_index("outcome")
    few, all_of_them = (sim.run(name, runs=6, **SHORT) for name in ("without_jpn", "status_quo"))
    lost = few["loss_RUS_first_year"] - all_of_them["loss_RUS_first_year"]
    assert rows.loc["loss_RUS_first_year", "middle"] == pytest.approx(lost.mean())
    shown = repr(found)
    assert "6 draws of each of status_quo and without_jpn" in shown
    assert "without_jpn less status_quo" in shown
    size = next(line for line in shown.splitlines() if line.startswith("coalition_size"))
    assert size.split()[-2:] == ["*", "number"]
    again = sim.open(sim.save(found, tmp_path / "mine"))
    assert again.differences().equals(found.differences())


def test_values_are_those_of_the_command_saved_opened_and_summed_up(tmp_path, capfd):
    found = sim.value(players=["USA", "EU", "JPN"], others="out", runs=3, day=14, **SHORT)
    assert capfd.readouterr() == ("", "")
    same = sim.value(players=["USA", "EU", "JPN"], others="out", runs=3, day=14, **SHORT)
    assert same.asked == found.asked  # what is stored says nothing of when or how fast
    table = found.table()
    assert len(table) == 4 * 3 * 3
    shapley = table[table["reading"] == "shapley"]
    assert shapley.groupby("outcome")["share"].sum().to_numpy() == pytest.approx(np.ones(4))
    everybody, nobody = found.valuation.of("loss")[-1], found.valuation.of("loss")[0]
    assert shapley.loc[shapley["outcome"] == "loss", "mean"].sum() == pytest.approx(
        (everybody - nobody).mean()
    )
    assert "by Shapley's value over 3 draws" in repr(found)
    folder = sim.save(found, tmp_path / "mine")
    assert (folder / "index.html").is_file()
    assert sim.open(folder).table().equals(table)
    with pytest.raises(InputError, match="must be new or empty"):
        sim.save(found, folder)


def test_an_explanation_is_text_that_shows_itself_line_by_line():
    why = sim.explain("Japan", "airspace_ban", runs=2, day="2022-03-01", **SHORT)
    assert isinstance(why, str)
    assert repr(why) == str(why)
    assert "Over 2 draws of chance" in why
    assert Words("<b>")._repr_html_() == "<pre>&lt;b&gt;</pre>\n"


def test_levers_and_experiments_are_tables():
    table = sim.levers()
    assert table.index.is_unique
    assert set(sim.levers("coordination")["group"]) == {"coordination"}
    assert sim.levers("coordination.peer_weight")["symbol"].to_list() == ["λ"]
    shipped = sim.experiments()
    assert set(shipped["kind"]) == {"run", "sweep"}
    assert shipped["question"].str.len().min() > 10


# What is shown.


def shown():
    setting = sim.run("without_jpn", **SHORT).setting
    some = simulate(setting.world, setting.config, 3)
    yield from (setting.world, setting, setting.config, some, sim.SanctionsModel(setting))
    yield from (sim.run("without_jpn", runs=3, **SHORT), sim.run(**SHORT))
    yield sim.run(**SHORT).history()
    yield sim.SanctionsModel(setting).engine
    yield from sim.SanctionsModel(setting).agents
    yield sim.sweep({"coordination.peer_weight": [0, 1]}, design__replications=2, **SHORT)
    yield sim.compare("status_quo", "without_jpn", runs=3, **SHORT)
    yield sim.value(players="USA,JPN", others="out", runs=2, **SHORT)
    yield sim.explain("JPN", "airspace_ban", runs=2, **SHORT)


def test_whatever_is_shown_in_a_notebook_is_short():
    kinds = set()
    for thing in shown():
        kinds.add(type(thing).__name__)
        text = repr(thing)
        tall, wide = (40, 250) if isinstance(thing, Words) else (25, 120)
        assert len(text.splitlines()) <= tall, text
        assert max(map(len, text.splitlines())) <= wide, text
        html = thing._repr_html_() if hasattr(thing, "_repr_html_") else ""
        assert len(html) < 6000
    assert kinds >= {"World", "Setting", "Config", "Ensemble", "Runs", "History", "Sweep",
                     "SanctionsModel", "Sender", "Target", "CouncilAgent", "Comparison", "Values",
                     "Words"}  # fmt: skip


def test_what_is_shown_of_runs_are_their_means_bands_and_what_is_not_defined(some):
    rows = {line.split()[0]: line.split() for line in repr(some).splitlines() if line}
    loss = some["loss_RUS_first_year"]
    low, high = np.quantile(loss, (0.1, 0.9), method="inverted_cdf")
    three = [f"{value:.2f}" for value in (loss.mean(), low, high)]
    assert rows["loss_RUS_first_year"][1:5] == [*three, "0"]
    never = sim.run(runs=3, rule__intercept=-30.0, society__backslide=0.0, **SHORT)
    rows = {line.split()[0]: line.split() for line in repr(never).splitlines() if line}
    assert rows["days_to_100"][1:5] == ["–", "never", "never", "3"]
    assert "seed 2022, runs 0 to 2" in repr(never)
    assert "-0" not in rows["acts_announced"]


def test_names_from_strangers_are_escaped():
    run = sim.run(scenario__name="<script>alert(1)</script>", **SHORT)
    for thing in (run, run.setting, run.config, run.history()):
        assert "<script>" not in thing._repr_html_()
        assert "&lt;script&gt;" in thing._repr_html_()


def test_a_configuration_shows_what_differs_and_its_groups_can_be_made_from_it():
    config = Config(seed=7)
    config.coordination.peer_weight, config.scenario.without = 2.0, ["JPN"]
    assert repr(Config()) == "Config()"
    assert repr(config) == (
        "Config(scenario=Scenario(without=['JPN']), coordination=Coordination(peer_weight=2.0), "
        "seed=7)"
    )
    assert eval(repr(config), vars(importlib.import_module("sim.config"))) == config
    assert "<th>coordination.peer_weight</th><td>2</td><td>1</td>" in config._repr_html_()
    assert repr(Figures(width="phone")) == "Figures(width='phone')"


# Mistakes, and nothing left behind.


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (lambda: sim.run("without_jap"), "did you mean 'JPN'"),
        (lambda: sim.run("status_qou"), "did you mean 'status_quo'"),
        (lambda: sim.run(runs=0), "runs must be a whole number from 1 to .*; found 0"),
        (lambda: sim.run(runs=-1), "found -1"),
        (lambda: sim.run(runs=1.5), "found 1.5"),
        (lambda: sim.run(runs=[]), "found \\[\\]"),
        (lambda: sim.run(runs=["0"]), "runs must be"),
        (lambda: sim.run(runs=[2, 1, 2]), "runs must name every run once; found \\[2, 1, 2\\]"),
        (lambda: sim.run(runs=[2**40]), "run .* must lie between 0 and 4294967295"),
        (lambda: sim.run(coordination__peer_wieght=1), "mean 'coordination.peer_weight'"),
        (lambda: sim.run(coordination__peer_weight=99), "must lie between 0 and 10"),
        (lambda: sim.run("status_quo", network={}), "MultiDiGraph.*found dict"),
        (lambda: sim.run(config_dir="nowhere"), "config_dir must be a folder; found 'nowhere'"),
        (lambda: sim.run(100), "must be text; found 100: numbers of runs are runs=..."),
        (lambda: sim.compare("status_quo"), "name at least two settings"),
        (lambda: sim.compare("status_quo", 3), "must be text; found 3"),
        (lambda: sim.compare("status_quo", "without_jpn", runs=2.5), "found 2.5"),
        (lambda: sim.value(others="some"), "others 'some' is unknown"),
        (lambda: sim.value(players=3), "players must be text; found 3"),
        (lambda: sim.value(players=["USA", "JPM"]), "did you mean 'JPN'"),
        (lambda: sim.value(runs=0), "runs must be a whole number from 1 to .*; found 0"),
        (lambda: sim.value(day=1.5), "day must be a whole number from 1 to .*; found 1.5"),
        (lambda: sim.explain("JAP"), "did you mean 'JPN'"),
        (lambda: sim.explain("JPN", "airspace_bun"), "did you mean 'airspace_ban'"),
        (lambda: sim.explain("JPN", runs=0), "found 0"),
        (lambda: sim.explain("JPN", runs=10**30), "from 1 to 1,000,000"),
        (lambda: sim.explain("JPN", target="BLR", **SHORT), "target=BLR is of a measure"),
        (lambda: sim.explain("JPN", day=pd.Timestamp("2021-03-01"), **SHORT), "found 2021-03-01"),
        (lambda: sim.run(np.zeros((2, 2))), r"must be text; found array.* \[0"),
        (lambda: sim.run(runs=pd.DataFrame({"a": [1]})), "numbers of runs from 0 up; found"),
        (lambda: sim.run(coordination__leaders={"USA"}), "a list or a mapping; found {'USA'}"),
        (lambda: sim.run(coordination__leaders=[["USA"]]), r"names alone; found \['USA'\]"),
        (lambda: sim.run(coordination__peer_weight=b"2"), "found b'2'"),
        (lambda: sim.compare("quick", "quick", posterior="yes"), "True or False; found 'yes'"),
        (lambda: sim.sweep("quick", 3), "overrides must be text; found 3"),
        (lambda: sim.value(others=["in"]), "others .* is unknown"),
        (lambda: sim.alliance_network("march_2022"), "that of a world, .*found 'march_2022'"),
        (lambda: sim.SanctionsModel(seed=np.array([1, 2])), r"seed must be .* found array"),
        (lambda: sim.SanctionsModel(seed=""), r"seed must be .* found ''"),
        (lambda: sim.levers("coordinatoin"), "did you mean 'coordination'"),
        (lambda: sim.save({}, "x"), "save takes what .* has returned; found dict"),
        (lambda: sim.open(3), "a folder must be a text or a path; found 3"),
        (lambda: sim.open("nowhere"), "nowhere does not exist"),
        (lambda: sim.open(ROOT / "sim"), "holds no results"),
        (lambda: sim.load_world("march_2202"), "is neither shipped"),
        (lambda: sim.load_world(""), "must be a text or a path; found ''"),
        (lambda: sim.run(runs=10**12), "from 1 to 1,000,000; found 1000000000000"),
        (lambda: sim.run("without_jpn", member="USA"), "member=USA and member=JPN"),
        (
            lambda: sim.compare("status_quo", "scenario.steps=4"),
            "nothing differs between .* on the days of both",
        ),
        (lambda: sim.sweep({"seed": [1]}, out=1), "must be a text or a path; found 1"),
        (lambda: sim.sweep({"seed": [1]}, out=""), "must be a text or a path; found ''"),
        (lambda: sim.sweep({"seed": [1]}, run=3), "a sweep numbers its own; leave it out"),
        (lambda: sim.sweep("quik"), "did you mean 'quick'"),
        (lambda: sim.sweep({}), "factors by their path"),
        (lambda: sim.sweep(3), "found 3"),
        (lambda: sim.sweep({"coordination.peer_wieght": [0, 1]}), "coordination.peer_weight"),
    ],
)
def test_a_mistake_is_told_in_one_line(mistake, words):
    with pytest.raises(InputError, match=words) as error:
        mistake()
    assert "\n" not in str(error.value)


def test_a_mistake_ends_the_traceback_at_the_function_that_was_called():
    with pytest.raises(InputError) as told:
        sim.run(coordination__peer_wieght=1)  # which Hydra finds, deep inside
    lines = traceback.format_exception(told.value)
    assert told.value.__cause__ is None
    assert "hydra" not in "".join(lines)
    assert len(lines) <= 5  # of them the call, the function, the mistake


def test_mistakes_with_results_are_told_with_the_nearest_name(some, one):
    for mistake, words in (
        (lambda: some["los_RUS"], "outcome 'los_RUS' is unknown; did you mean 'loss_RUS'"),
        (lambda: some.page(), r"one of the 6 runs that are here, 0 to 5; found nothing"),
        (lambda: some.history(6), "found 6"),
        (lambda: one.figure("netwrk"), "did you mean 'network'"),
        (lambda: one.figure("burden"), "nothing to show"),
        (lambda: one.explain("JAP"), "did you mean 'JPN'"),
        (lambda: sim.run(runs=2, **SHORT).events, "simulate with record=events"),
    ):
        with pytest.raises(InputError, match=words):
            mistake()


def test_nothing_is_printed_and_nothing_written_unless_asked(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    found = sim.run("without_jpn", runs=2, record="events", **SHORT)
    assert found.page(run=0)
    assert len(found.events)
    sim.sweep({"coordination.peer_weight": [0, 1]}, design__replications=1, **SHORT).runs()
    assert not list(tmp_path.iterdir())
    assert capfd.readouterr() == ("", "")
