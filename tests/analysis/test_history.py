"""The person-period table: who is at risk, what it weighed, what it did."""

from __future__ import annotations

import math

import numpy as np
import pytest
from small_dates import TIMELINE, small

from sim.analysis.history import counted, history_of
from sim.analysis.record import laid_over, read_record
from sim.errors import InputError
from sim.rules.terms import Terms
from sim.setting import prepare

DUAL_USE = "dual_use_export_ban"


def row(table, actor, instrument, day):
    (found,) = table.query("actor == @actor and instrument == @instrument and day == @day").to_dict(
        "records"
    )
    return found


def test_a_row_holds_what_the_rule_saw_that_day(history):
    # 26 February, two days after the invasion and the act of the United States.
    seen = row(history.table, "CAN", DUAL_USE, 5)
    codes = history.setting.sender_codes
    pull = history.setting.alliance.ties[codes.index("CAN"), codes.index("USA")]
    assert (seen["severity"], seen["involvement"]) == (1.0, 1.0)
    assert seen["shock"] == pytest.approx(math.log(0.3 / (1 + 5 / 7) + 1.0 / (1 + 2 / 7)))
    assert seen["peer"] == pytest.approx(pull)
    assert seen["recent"] == pytest.approx(pull * math.exp(-1 / 7))  # known for a day
    assert seen["lead"] == 1.0
    assert seen["frontline"] == pytest.approx(math.exp(-7.224))
    assert seen["event"] == 0


def test_nobody_sees_the_acts_of_the_same_day(history):
    assert row(history.table, "CAN", DUAL_USE, 3)["peer"] == 0.0
    assert row(history.table, "USA", DUAL_USE, 3)["event"] == 1


def test_who_has_adopted_is_no_longer_at_risk(history):
    japan = history.table.query("actor == 'JPN' and instrument == @DUAL_USE", local_dict=globals())
    assert japan["event"].tolist() == [0] * (len(japan) - 1) + [1]
    assert japan["day"].tolist() == list(range(10))  # 21 February to 2 March


def test_the_record_ends_with_its_last_date(history):
    assert history.record.last_day == 12
    assert history.table["day"].max() == 12
    never = history.table.query("actor == 'JPN' and instrument == 'airspace_ban'")
    assert never["event"].sum() == 0
    assert never["day"].max() == 12


def test_an_act_of_an_unknown_day_puts_nobody_at_risk(history):
    table = history.table
    assert table.query("actor == 'USA' and instrument == 'airspace_ban'").empty
    assert not table.query("actor == 'CAN' and instrument == 'airspace_ban'").empty


def test_a_measure_that_nobody_took_is_not_in_the_table(history):
    assert "luxury_export_ban" not in set(history.table["instrument"])


def test_recalled_dates_carry_a_flag_and_can_be_left_out(world, timeline, history):
    recalled = history.table[history.table["recalled"]]
    assert set(zip(recalled["actor"], recalled["instrument"], strict=True)) == {
        ("CAN", "leader_asset_freeze")
    }
    read = history_of(world, small(), timeline, recalled=False)
    assert counted(read.table) == counted(history.table) - 1
    # The others have seen the act all the same.
    assert row(read.table, "JPN", "leader_asset_freeze", 7)["peer"] > 0.0


def test_rows_that_the_world_lacks_are_listed_with_the_reason(history):
    reasons = {left.row.split()[0] + " " + left.row.split()[1]: left.why for left in
               history.record.left_out}  # fmt: skip
    assert reasons["RUS export_ban"] == "'RUS' is no sender of this run"
    assert reasons["USA energy_import_ban"] == "'gas_import_ban' is no measure of this run"
    assert reasons["USA airspace_ban"] == "no date"


def test_a_ban_of_energy_is_one_of_each_fuel_that_it_names(world, tmp_path):
    config = small()
    config.scenario.measures = ["coal_import_ban", "oil_import_ban", "gas_import_ban"]
    path = tmp_path / "energy.csv"
    path.write_text(TIMELINE, encoding="utf-8")
    dated = read_record(path, prepare(world, config)).dated
    assert {row.instrument for row in dated} == set(config.scenario.measures)


def test_a_union_counts_once(shipped_history):
    table = shipped_history.table
    condemned = table.query("instrument == 'condemnation' and target == 'RUS' and body == 'EU'")
    per_day = condemned.query("day == 0")["weight"].sum()
    assert per_day == pytest.approx(1.0)
    assert condemned["event"] @ condemned["weight"] <= 1.0 + 1e-9
    # What the Council alone decides, no member is at risk of.
    council = table.query("instrument == 'swift_exclusion' and body == 'EU'")
    assert set(council["actor"]) == {"EU"}


def test_of_a_shared_act_council_and_members_are_at_risk(shipped_history):
    table = shipped_history.table.query("instrument == 'airspace_ban' and target == 'RUS'")
    union = table[table["body"] == "EU"]
    assert {"EU", "POL", "DEU"} <= set(union["actor"])
    passed = union.query("actor == 'EU' and event == 1")["day"].item()
    assert union["day"].max() == passed  # the Council's act ends the members' wait
    assert union.query("actor == 'POL' and event == 1")["day"].item() < passed


def test_what_all_senders_take_together_is_one_cell(shipped_history):
    cap = shipped_history.table.query("instrument == 'oil_price_cap'")
    assert set(cap["actor"]) == {"ALLIES"}
    assert cap["event"].sum() == 0
    assert (cap["weight"] == 1.0).all()
    assert cap["day"].max() == shipped_history.record.last_day


def test_further_rounds_are_apart(shipped_history):
    assert (shipped_history.table["wave"] == 0).all()
    assert (shipped_history.rounds["wave"] == 1).all()
    assert shipped_history.rounds["event"].sum() > 20


def test_an_act_that_nobody_took_counts(shipped_history):
    gold = shipped_history.table.query("instrument == 'gold_import_ban'")
    assert gold["actor"].nunique() >= 5
    assert gold["event"].sum() == 0


GRID = """\
sender,target,instrument,status,first_announced,never_by,confidence,note
USA,RUS,leader_asset_freeze,adopted,2022-02-25,,read,
CAN,RUS,leader_asset_freeze,never_by,,2022-03-01,recalled,
JPN,RUS,leader_asset_freeze,unknown,,,inferred,
USA,RUS,airspace_ban,adopted,2021-06-01,,read,older
CAN,RUS,airspace_ban,never_by,,2022-03-06,inferred,
USA,RUS,luxury_export_ban,never_by,,2022-03-06,inferred,
"""


def last_days(table):
    """Return the last day at risk by actor and instrument."""
    return table.groupby(["actor", "instrument"])["day"].max().to_dict()


@pytest.fixture(scope="module")
def grid(world, tmp_path_factory):
    path = tmp_path_factory.mktemp("grid") / "grid.csv"
    path.write_text(GRID, encoding="utf-8")
    return history_of(world, small(), path)


def test_whoever_is_known_not_to_have_acted_is_at_risk_to_that_day(grid):
    assert last_days(grid.table) == {
        ("USA", "leader_asset_freeze"): 4,  # the day of the act
        ("CAN", "leader_asset_freeze"): 8,
        ("CAN", "airspace_ban"): 13,
        ("USA", "luxury_export_ban"): 13,  # which nobody took
    }


def test_what_is_unknown_or_older_than_the_run_is_not_at_risk(grid):
    assert "JPN" not in set(grid.table["actor"])
    assert grid.silent == ("JPN",)
    assert ("USA", "airspace_ban") not in last_days(grid.table)
    assert grid.record.before == {("USA", "RUS", "airspace_ban")}


def test_the_same_grid_in_the_worlds_form(world, tmp_path, grid):
    path = tmp_path / "timeline.csv"
    path.write_text(
        "sender,target,instrument,announced,not_by\n"
        "USA,RUS,leader_asset_freeze,2022-02-25,\n"
        "CAN,RUS,leader_asset_freeze,,2022-03-01\n"
        "USA,RUS,airspace_ban,2021-06-01,\n"
        "CAN,RUS,airspace_ban,,2022-03-06\n"
        "USA,RUS,luxury_export_ban,,2022-03-06\n",
        encoding="utf-8",
    )
    assert last_days(history_of(world, small(), path).table) == last_days(grid.table)


def later(tmp_path, text):
    path = tmp_path / "later.csv"
    path.write_text("sender,target,instrument,announced,not_by\n" + text, encoding="utf-8")
    return path


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(GRID, encoding="utf-8")
    return path


def test_a_later_part_is_laid_over_the_own_record(world, tmp_path, own):
    setting = prepare(world, small())
    path = later(tmp_path, "CAN,RUS,leader_asset_freeze,2022-03-04,\n")
    record = laid_over(own, path, 8, setting)
    assert [row.day for row in record.dated] == [4, 11]
    # The act is taken by somebody, so Canada's airspace is the only cell cut at the date.
    assert record.not_by == {
        ("CAN", "RUS", "airspace_ban"): 8,
        ("USA", "RUS", "luxury_export_ban"): 8,
    }
    assert record.last_day == 11


def test_what_the_own_record_says_of_later_days_is_not_used(world, tmp_path, own):
    setting = prepare(world, small())
    path = later(tmp_path, "CAN,RUS,leader_asset_freeze,2022-03-04,\n")
    record = laid_over(own, path, 3, setting)
    assert [row.day for row in record.dated] == [11]  # the act of 25 February is not told
    # Somebody takes the measure: who is known and did not is at risk to the last day.
    assert record.not_by["USA", "RUS", "leader_asset_freeze"] == 11


def test_a_later_part_that_is_a_grid_says_itself_who_is_at_risk(world, tmp_path, own):
    setting = prepare(world, small())
    path = later(
        tmp_path, "CAN,RUS,airspace_ban,,2022-03-12\nUSA,RUS,luxury_export_ban,2022-03-09,\n"
    )
    record = laid_over(own, path, 5, setting)
    assert record.not_by == {
        ("CAN", "RUS", "leader_asset_freeze"): 5,
        ("CAN", "RUS", "airspace_ban"): 19,
    }


def test_a_council_weighs_what_its_members_weigh_by_voice(shipped_history):
    setting = shipped_history.setting
    council = next(c for c in setting.councils if c.institution.code == "EU")
    seen = row(shipped_history.table.query("target == 'RUS'"), "EU", "swift_exclusion", 4)
    expected = council.voice @ setting.frontline[council.members]
    assert seen["frontline"] == pytest.approx(expected)


def test_every_term_of_the_rules_is_a_column(history):
    assert set(Terms._fields) <= set(history.table.columns)
    assert np.isfinite(history.table[list(Terms._fields)]).all().all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sender,target\nUSA,RUS\n", "column 'announced' is missing"),
        ("sender,target,date_announced\nUSA,RUS,2022-02-24\n", "column 'instrument' is missing"),
        (
            TIMELINE.replace("2022-02-25", "25 Feb"),
            "row 2, column 'date_announced': must be",
        ),
        ("sender,target,instrument,date_announced\n", "has no rows"),
        (
            "sender,target,instrument,date_announced\nBRA,RUS,airspace_ban,2022-03-01\n",
            "no row names a sender",
        ),
        ("", "column 'announced' is missing"),
    ],
)
def test_a_bad_timeline_is_refused_in_one_line(history, tmp_path, text, says):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_record(path, history.setting)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_timeline_that_is_not_there_is_named(history, tmp_path):
    with pytest.raises(InputError, match="there is no such timeline"):
        read_record(tmp_path / "none.csv", history.setting)
