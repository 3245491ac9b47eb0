"""What stands beside what: the run and the record."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from sim.report import compare
from sim.report.compare import BOTH, NEITHER, RECORD_ONLY, RUN_ONLY, UNRECORDED


@pytest.fixture
def table(setting, events):
    return compare.compare(setting, events)


def test_recorded_states_come_first_then_councils_then_others(table):
    assert table.actors == ("AAA", "UNI", "BBB")
    assert table.recorded_actors == {"AAA", "UNI"}


def test_first_dates_count_in_run_and_record(table):
    cell = table.cells["AAA", "freeze"]
    assert (cell.run, cell.real) == (date(2022, 3, 5), date(2022, 3, 4))
    assert table.gaps() == [1, 2, 0]


def test_another_target_does_not_enter_the_record(table):
    assert table.cells["AAA", "ban"].real == date(2022, 3, 6)
    assert table.record_end == date(2022, 3, 20)


@pytest.mark.parametrize(
    ("actor", "instrument", "verdict"),
    [
        ("AAA", "freeze", BOTH),
        ("AAA", "ban", RECORD_ONLY),
        ("AAA", "airspace", NEITHER),
        ("AAA", "words", UNRECORDED),  # nobody's words are in the record
        ("BBB", "ban", UNRECORDED),  # nothing of BBB is in the record
        ("UNI", "freeze", BOTH),
        ("UNI", "ban", NEITHER),
    ],
)
def test_a_verdict_says_who_acted_as_far_as_the_record_can_tell(table, actor, instrument, verdict):
    assert table.verdict(table.cells[actor, instrument]) == verdict


def test_what_a_council_decides_for_a_member_has_no_record_of_the_member_s_own(setting, events):
    row = {"sender": "CCC", "instrument": "airspace"}
    setting.world.timeline.append({**setting.world.timeline[0], **row})
    cells = compare.compare(setting, events).cells
    assert not cells["CCC", "freeze"].recorded
    assert cells["CCC", "airspace"].recorded


def test_all_senders_as_one_have_a_cell_only_for_what_they_took_as_one(setting, events):
    setting.councils[0].competence = "joint"
    cells = compare.compare(setting, events).cells
    assert cells["UNI", "airspace"].run is None
    assert cells["UNI", "freeze"].run is not None


def test_a_measure_the_record_lacks_is_in_the_run_only(setting, events):
    setting.world.timeline = [r for r in setting.world.timeline if r["sender"] != "UNI"]
    setting.world.timeline.append({**setting.world.timeline[0], "instrument": "words"})
    setting.world.timeline[-1]["sender"] = "BBB"
    table = compare.compare(setting, events)
    assert table.verdict(table.cells["BBB", "ban"]) == RUN_ONLY


def test_members_measures_count_for_the_union_once_more_than_half_acted(setting, events, table):
    cell = table.cells["UNI", "airspace"]
    assert (cell.run, cell.acting, cell.members) == (date(2022, 3, 8), 2, 2)
    words = table.cells["UNI", "words"]
    assert (words.run, words.acting, words.members) == (None, 1, 2)


def test_a_recalled_date_and_a_blocked_vote_are_marked(table):
    assert table.cells["UNI", "freeze"].recalled
    assert not table.cells["AAA", "freeze"].recalled
    assert table.cells["UNI", "ban"].blocked


def test_the_sentence_counts_the_verdicts(table):
    assert table.sentence() == (
        "By 20 Mar 2022: 3 measures both in the run and in the record (median gap 1 d); "
        "1 in the record only; 0 in the run only."
    )


def test_what_the_record_dates_after_the_run_is_not_held_against_it(setting, events):
    setting.n_days = 4
    table = compare.compare(setting, events)
    assert table.horizon == date(2022, 3, 4)
    assert table.verdict(table.cells["AAA", "ban"]) == NEITHER


def test_a_run_that_starts_after_the_record_is_not_compared(setting, events):
    setting.start = date(2022, 5, 1)
    setting.date_of = lambda day: setting.start + timedelta(days=int(day))
    table = compare.compare(setting, events)
    assert {table.verdict(cell) for cell in table.cells.values()} == {UNRECORDED}
    assert table.sentence() == (
        "The run alone: the record ends on 20 Mar 2022, before the run starts."
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s: s.config.scenario.imposed.update(ban="2022-03-02"), "measures are imposed"),
        (lambda s: s.config.scenario.script.append({}), "measures are imposed"),
        (lambda s: setattr(s.config.scenario, "world_events", False), "events are not"),
        (lambda s: setattr(s.config.scenario, "measures", ["ban"]), "measures are not"),
        (lambda s: setattr(s, "roles", ("bystander", *s.roles[1:])), "who takes which side"),
        (lambda s: setattr(s, "start", date(2022, 3, 8)), "does not start before the events"),
        (lambda s: setattr(s, "n_days", 2), "ends before the events of the record"),
        (lambda s: s.world.timeline.clear(), "has no record"),
    ],
)
def test_a_run_of_another_scenario_is_not_set_beside_the_record(setting, events, change, reason):
    change(setting)
    table = compare.compare(setting, events)
    assert reason in table.no_record
    assert table.sentence() == f"The run alone: {table.no_record}."
    assert not table.recorded_actors
    assert all(cell.real is None for cell in table.cells.values())


def test_levers_rules_and_hesitation_leave_the_record_in_place(setting):
    setting.config.coordination.peer_weight = 0.0
    setting.config.scenario.hesitation = {"AAA": 2.0}
    assert compare.why_no_record(setting) == ""


def test_a_member_acts_with_its_union_or_before_it(setting, events):
    days = compare.sender_days(setting, events, "TTT")
    assert days["DDD"] == {"freeze": date(2022, 3, 7), "airspace": date(2022, 3, 8)}
    assert days["BBB"]["ban"] == date(2022, 3, 4)


def test_a_later_wave_and_a_measure_taken_again_leave_the_first_date_alone(table):
    assert table.cells["AAA", "freeze"].run == date(2022, 3, 5)
    assert table.cells["BBB", "ban"].run == date(2022, 3, 4)
    assert table.cells["BBB", "freeze"].run == date(2022, 4, 10)


def test_an_imposed_measure_starts_with_the_wave_it_is_announced_in(setting, events):
    rows = events[(events["actor"] == "AAA") & (events["detail"] == "wave 3 of 3")]
    table = compare.compare(setting, rows)
    assert table.cells["AAA", "freeze"].run == date(2022, 3, 31)
    assert table.cells["AAA", "freeze"].later == ()


def test_each_further_wave_counts_once(setting, events, table):
    assert table.cells["AAA", "freeze"].later == (date(2022, 3, 10), date(2022, 3, 31))
    again = events[events["detail"] == "wave 3 of 3"].assign(date="2022-04-20")
    both = compare.later_waves(pd.concat([events, again]), "TTT")
    assert both["AAA", "freeze"] == (date(2022, 3, 10), date(2022, 3, 31))


def test_only_a_measure_that_is_not_taken_again_counts_as_given_up(table):
    assert table.cells["BBB", "ban"].lifted == date(2022, 3, 27)
    assert table.cells["BBB", "freeze"].lifted is None


def test_what_members_do_one_by_one_counts_where_their_council_is_silent(setting, events):
    """A scenario can impose on every member what is the council's to decide."""
    rows = events[events["actor"] != "UNI"].copy()
    alone = rows[rows["instrument"] == "airspace"].assign(instrument="ban")
    table = compare.compare(setting, pd.concat([rows, alone]))
    cell = table.cells["UNI", "ban"]
    assert (cell.run, cell.acting, cell.members) == (date(2022, 3, 8), 2, 2)


def test_a_record_without_a_date_says_so(setting, events):
    setting.world.timeline = [real for real in setting.world.timeline if real["target"] != "TTT"]
    sentence = compare.compare(setting, events).sentence()
    assert sentence == "The record holds no date for these senders and measures."


def test_without_a_record_every_sender_still_has_a_row_but_members_of_a_union(setting, events):
    """Also where all senders decide on something as one."""
    together = copy.deepcopy(setting.councils[0])
    together.competence, together.members = "joint", np.arange(4)
    together.institution = replace(together.institution, code="ALL", name="All senders together")
    setting.councils = (*setting.councils, together)
    setting.world.timeline.clear()
    assert compare.compare(setting, events).actors == ("UNI", "ALL", "AAA", "BBB")
    assert setting.name_of("ALL") == "All senders together"
