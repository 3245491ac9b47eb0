"""The person-period table: who is at risk, what it weighed, what it did."""

from __future__ import annotations

import math

import numpy as np
import pytest
from small_dates import TIMELINE, small

from sim.analysis.history import counted, history_of
from sim.analysis.record import read_record
from sim.errors import InputError
from sim.rules.terms import Terms

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
    assert seen["norm"] == pytest.approx(0.846)  # severity 1 x democracy of Canada
    assert seen["shock"] == pytest.approx(math.log(0.3 / 6 + 1.0 / 3))
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


def test_a_week_has_as_many_days_as_somebody_was_at_risk(world, timeline, history):
    weekly = history_of(world, small(), timeline, unit="week").table
    assert weekly["days"].sum() == len(history.table)
    assert weekly["event"].sum() == history.table["event"].sum()
    assert weekly.query("actor == 'JPN' and instrument == @DUAL_USE", local_dict=globals())[
        "days"
    ].tolist() == [7, 3]


def test_rows_that_the_world_lacks_are_listed_with_the_reason(history):
    reasons = {left.row.split()[0] + " " + left.row.split()[1]: left.why for left in
               history.record.left_out}  # fmt: skip
    assert reasons["RUS export_ban"] == "'RUS' is no sender of this run"
    assert reasons["USA energy_import_ban"] == "'gas_import_ban' is no measure of this run"
    assert reasons["USA airspace_ban"] == "no date"


def test_a_ban_of_energy_is_one_of_each_fuel_that_it_names(world, tmp_path):
    from sim.setting import prepare

    config = small()
    config.scenario.measures = ["coal_import_ban", "oil_import_ban", "gas_import_ban"]
    path = tmp_path / "energy.csv"
    path.write_text(TIMELINE, encoding="utf-8")
    dated = read_record(path, prepare(world, config)).dated
    assert {row.instrument for row in dated} == set(config.scenario.measures)


def test_a_union_counts_once(shipped_history):
    table = shipped_history.table
    closed = table.query("instrument == 'airspace_ban' and body == 'EU' and event == 1")
    assert len(closed) == 8
    assert closed["weight"].sum() == pytest.approx(1.0)
    # What the Council decides, no member is at risk of.
    council = table.query("instrument == 'swift_exclusion' and body == 'EU'")
    assert set(council["actor"]) == {"EU"}


def test_a_council_weighs_what_its_members_weigh_by_voice(shipped_history):
    setting = shipped_history.setting
    (council,) = setting.councils
    seen = row(shipped_history.table.query("target == 'RUS'"), "EU", "swift_exclusion", 5)
    expected = council.voice @ setting.frontline[council.members]
    assert seen["frontline"] == pytest.approx(expected)


def test_senders_on_whom_the_record_is_silent_are_not_held_to_have_refused(shipped_history):
    assert not {"KOR", "AUS", "CHE", "NOR"} & set(shipped_history.setting.sender_codes)
    assert not {"KOR", "AUS", "CHE", "NOR"} & set(shipped_history.table["actor"])


def test_every_term_of_the_rules_is_a_column(history):
    assert set(Terms._fields) <= set(history.table.columns)
    assert np.isfinite(history.table[list(Terms._fields)]).all().all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sender,target\nUSA,RUS\n", "column 'date_announced' is missing"),
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
        ("", "column 'date_announced' is missing"),
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
