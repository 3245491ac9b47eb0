"""Who plays, what coalitions come to, and what the command says and refuses."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.analysis.value import valuation as module
from sim.analysis.value.coalitions import players_of, setting_of
from sim.analysis.value.outcomes import COLUMNS, outcomes_of
from sim.analysis.value.valuation import valued
from sim.cli import main
from sim.compose import checked, compose
from sim.engine import simulate_setting
from sim.errors import InputError
from sim.setting import prepare

SHORT = ("scenario.steps=2", "scenario.step_days=30")
N_RUNS, DAY = 3, 30


def setting_with(world, *words):
    return prepare(world, checked(compose([*SHORT, *words])))


@pytest.fixture(scope="module")
def whole(world):
    return setting_with(world)


@pytest.fixture(scope="module")
def players(whole):
    return players_of(whole, "USA,EU,JPN", "out")


@pytest.fixture(scope="module")
def found(whole, players):
    return valued(whole, players, (), N_RUNS, DAY)


def keys(whole, text, others):
    return [player.key for player in players_of(whole, text, others)]


def test_the_g7_plays_with_the_eu_as_one_and_the_rest_together(whole):
    assert keys(whole, None, "one") == ["USA", "CAN", "GBR", "EU", "JPN", "KOR+AUS+CHE+NOR"]
    assert keys(whole, None, "out") == keys(whole, None, "in") == ["USA", "CAN", "GBR", "EU", "JPN"]
    played = [state for player in players_of(whole, None, "one") for state in player.states]
    assert sorted(played) == sorted(whole.sender_codes)


def test_players_are_states_unions_or_some_joined(whole):
    usa, some, union = players_of(whole, "USA, KOR + AUS ,EU", "out")
    assert (some.key, some.states, some.name) == (
        "KOR+AUS", ("KOR", "AUS"), "South Korea + Australia",
    )  # fmt: skip
    assert len(union.states) == 8
    assert usa.name == "United States"
    assert keys(whole, "QUAD", "out") == ["QUAD"]


def test_a_single_other_sender_plays_under_its_own_name(world):
    few = setting_with(world, "scenario.only=[USA,JPN,NOR]")
    assert keys(few, "USA,JPN", "one") == ["USA", "JPN", "NOR"]
    assert keys(few, None, "one") == ["USA", "JPN", "NOR"]


@pytest.mark.parametrize(
    ("text", "others", "expected"),
    [
        ("USA,CAN,GBR,EU,JPN,KOR,AUS,CHE,NOR", "one", ["at most 8", "256", "found 9", "512"]),
        ("USA,CAN,GBR,EU,JPN,KOR,AUS,CHE", "one", []),
        ("USA,CAN,GBR,DEU,FRA,ITA,JPN,KOR", "one", ["found 9, the 8 that are not", "others=out"]),
        ("USA,CHN", "out", ["CHN is no sender", "+scenario.roles.CHN=sender"]),
        ("USA,EU,USA", "out", ["USA is named twice"]),
        ("EU,DEU", "out", ["DEU would play twice, in EU and in DEU"]),
        ("EU+DEU", "out", ["DEU would play twice"]),
        ("USA,,EU", "out", ["with commas between", "USA,,EU"]),
        ("", "out", ["with commas between"]),
        ("USA,JPM", "out", ["player 'JPM' is unknown", "did you mean 'JPN'"]),
        ("CSTO", "out", ["no member of CSTO is a sender"]),
    ],
)
def test_players_that_cannot_be_are_refused_with_the_reason(whole, text, others, expected):
    if not expected:  # NOR is the only other: with it there are nine
        expected = ["found 9"]
    with pytest.raises(InputError) as error:
        players_of(whole, text, others)
    assert all(words in str(error.value) for words in expected), str(error.value)
    assert "\n" not in str(error.value)


def test_eight_players_are_not_too_many(whole):
    assert len(keys(whole, "USA,CAN,GBR,EU,JPN,KOR,AUS,CHE", "out")) == 8


def test_a_coalition_is_named_nowhere_where_it_looks_on(world):
    whole = setting_with(
        world,
        "+scenario.hesitation.DEU=1",
        "+scenario.hesitation.USA=1",
        "coordination.veto_players=[HUN]",
        "scenario.script=[{date: 2022-03-01, actor: EU, act: coal_import_ban},"
        "{date: 2022-03-02, actor: USA, act: oil_import_ban}]",
    )
    usa = setting_of(whole, {"USA", "JPN"}).config
    assert usa.scenario.only == ["USA", "JPN"]
    assert usa.scenario.hesitation == {"USA": 1}
    assert usa.coordination.veto_players == []
    assert [row["actor"] for row in usa.scenario.script] == ["USA"]
    assert whole.config.scenario.only == []  # as it was
    union = setting_of(whole, {"DEU", "HUN"}).config
    assert union.coordination.veto_players == ["HUN"]
    assert [row["actor"] for row in union.scenario.script] == ["EU"]


def test_with_nobody_nothing_is_done_and_the_war_goes_its_way(world):
    whole = setting_with(
        world,
        "+scenario.imposed.oil_import_ban=2022-03-01",
        "scenario.script=[{date: 2022-03-02, actor: USA, act: bank_asset_freeze}]",
    )
    nobody = simulate_setting(setting_of(whole, ()), 4)
    assert not nobody.outcome("waves_announced").any()
    assert not nobody.outcome("countermeasures_RUS").any()
    assert not nobody.outcome("leak_RUS").any()
    losses = nobody.outcome("loss_RUS_first_year")
    assert losses[0] > 0.0
    assert np.ptp(losses) == 0.0  # so that one run stands for all


def test_a_coalition_comes_to_what_its_members_do_in_a_run_of_their_own(world, found):
    both = 0b101  # the first and the third
    only = simulate_setting(setting_with(world, "scenario.only=[USA,JPN]"), N_RUNS, record="steps")
    assert found.table[:, both] == pytest.approx(outcomes_of(only, DAY), abs=0.0, nan_ok=True)


def test_last_in_is_what_the_experiment_without_a_member_loses(world, found):
    rest = "scenario.without=[KOR,AUS,CHE,NOR,CAN,GBR"
    everybody = simulate_setting(setting_with(world, f"{rest}]"), N_RUNS)
    without = simulate_setting(setting_with(world, f"{rest},JPN]"), N_RUNS)
    name = "loss_RUS_first_year"
    lost = everybody.outcome(name) - without.outcome(name)
    assert found.worth("loss", "last")[2] == pytest.approx(lost, abs=0.0)


def test_the_order_of_players_does_not_matter(whole, players, found):
    turned = valued(whole, players[::-1], (), N_RUNS, DAY)
    for key in ("loss", "cost", "speed", "leak"):
        for kind in module.KINDS:
            there = turned.worth(key, kind)[::-1]
            assert there == pytest.approx(found.worth(key, kind), abs=1e-9)


def test_runs_do_not_depend_on_how_many_go_together(whole, players, found, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 2)
    told = []
    again = valued(whole, players, (), N_RUNS, DAY, told.append)
    assert np.array_equal(again.table, found.table, equal_nan=True)
    assert sum(told) == 8 * N_RUNS


def test_values_sum_to_the_whole_for_every_outcome(found):
    for key in COLUMNS[:-1]:
        assert found.unexplained(key) < 1e-9


def test_states_that_are_always_in_are_what_nobody_comes_to(world, whole, players):
    found = valued(whole, players[:1], ("NOR", "KOR"), N_RUNS, DAY)
    pair = simulate_setting(setting_with(world, "scenario.only=[NOR,KOR]"), N_RUNS, record="steps")
    assert found.table[:, 0] == pytest.approx(outcomes_of(pair, DAY), abs=0.0, nan_ok=True)


def test_costs_are_the_gdp_of_the_coalition_times_its_mean_loss():
    scenario = SimpleNamespace(step_days=7)
    setting = SimpleNamespace(
        config=SimpleNamespace(scenario=scenario),
        main_target="T",
        world=SimpleNamespace(gdp_bn=np.array([100.0, 300.0, 7.0])),
        senders=np.array([0, 1]),
    )
    runs = SimpleNamespace(
        setting=setting,
        outcome={"loss_T_first_year": [3.0], "leak_T": [0.2]}.get,
        results={
            "outcomes": {
                "sender_loss_mean_first_year": np.array([0.5]),
                "diverted_bn": np.array([4.0]),
            },
            "steps": {"measures_announced": np.array([[1, 2, 3, 5, 8]])},
        },
    )
    assert outcomes_of(runs, 28)[:, 0].tolist() == [3.0, 2.0, 5.0, 4.0, 0.2]


def test_the_command_keeps_prints_and_draws(tmp_path, capsys):
    out = tmp_path / "it"
    words = ["value", "runs=2", "players=USA,JPN", "others=out", *SHORT, f"out={out}"]
    assert main(words) == 0
    said = capsys.readouterr()
    assert "4 coalitions of 2 players, 2 runs of each on the same draws: about" in said.err
    assert "What Russia loses, % of GDP" in said.out
    assert "sum to what all do beyond nobody in every run" in said.out
    assert "In no coalition: Canada, " in said.out
    content = json.loads((out / "value.json").read_text(encoding="utf-8"))
    assert [player["key"] for player in content["players"]] == ["USA", "JPN"]
    assert (content["runs"], content["day"]) == (2, 30)
    assert str(tmp_path) not in content["command"]
    rows = pq.read_table(out / "coalitions.parquet")
    assert rows.column("coalition").to_pylist()[::2] == ["", "USA", "JPN", "USA,JPN"]
    assert rows.schema.field("loss").metadata[b"unit"] == b"% of GDP"
    assert pq.read_table(out / "values.parquet").num_rows == 4 * 3 * 2 * 2
    assert {path.name for path in out.iterdir()} >= {"index.html", "worth.png", "value_loss.tex"}
    assert main(words) == 2
    assert "new or empty" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["runs=0"], ["runs must be a whole number from 1 to", "'0'"]),
        (["others=never"], ["others must be one, in, out", "'never'"]),
        (["day=29", *SHORT], ["day must lie between 30", "60", "found 29"]),
        (["day=61", *SHORT], ["day must lie between 30", "found 61"]),
        (["players=EU,DEU"], ["DEU would play twice"]),
        (["scenario.stps=2"], ["'scenario.stps' is unknown"]),
    ],
)
def test_a_mistake_gets_one_line_and_leaves_nothing(words, expected, tmp_path, capsys):
    assert main(["value", f"out={tmp_path / 'x'}", *words]) == 2
    said = capsys.readouterr().err
    assert all(part in said for part in expected), said
    assert len(said.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())
