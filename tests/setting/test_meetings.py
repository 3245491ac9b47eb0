"""The calendar: dated meetings, thinned or thickened, and how they go on after the record ends."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import numpy as np
import pytest

from sim.config import Config
from sim.errors import InputError
from sim.setting.meetings import meetings_of
from sim.world.catalogue import Meeting

START = date(2022, 2, 21)
FIVE = ("USA", "CAN", "GBR", "JPN", "KOR")


def meeting(day, members="USA CAN GBR JPN", forum="G7", level="leaders", length=1):
    """Return a meeting of so many days from a day of the run on."""
    first = START + timedelta(days=day)
    return Meeting(first, first + timedelta(days=length - 1), forum, level, tuple(members.split()))


@pytest.fixture
def calendar(world):
    """Return a function from meetings and levers to the calendar of five senders."""

    def make(*meetings, n_days=30, codes=FIVE, **levers):
        config = Config()
        for name, value in levers.items():
            setattr(config.coordination, name, value)
        known = dataclasses.replace(world, meetings=meetings)
        return meetings_of(known, config, codes, 3, START, n_days)

    return make


def test_who_sits_where_is_who_was_there_of_the_senders(calendar):
    tables = meeting(2, "USA JPN IND"), meeting(4, "USA IND"), meeting(6, "CAN GBR KOR")
    found = calendar(*tables, n_days=7)
    assert found.day.tolist() == [2, 6]  # one sender alone meets nobody
    assert found.seats.tolist() == [[1, 0, 0, 1, 0], [0, 1, 1, 0, 1]]


def test_a_meeting_lasts_its_days_and_has_been_lately_on_the_day_after(calendar):
    found = calendar(meeting(5, "USA JPN", length=2))
    assert found.day.tolist() == [5, 6]
    assert np.flatnonzero(found.lately[:, 0]).tolist() == [5, 6, 7]
    assert not found.lately[:, 4].any()


def test_a_meeting_on_the_eve_of_the_run_counts_on_its_first_day(calendar):
    found = calendar(meeting(-2, "USA JPN"), meeting(-1, "USA CAN"))
    assert not found.day.size
    assert found.lately[0].tolist() == [True, True, False, False, False]
    assert not found.lately[1].any()


@pytest.mark.parametrize(
    ("change", "binds"),
    [
        ({}, True),
        ({"level": "finance_ministers"}, True),
        ({"level": "senior_officials"}, False),
        ({"level": "ambassadors"}, False),
        ({"members": "USA JPN IND"}, False),  # a table needs three senders
        ({"forum": "BILATERAL"}, False),
    ],
)
def test_a_table_is_one_of_leaders_or_ministers_of_three_senders_or_more(calendar, change, binds):
    at_table = calendar(meeting(5, **change)).at_table
    assert at_table[5].tolist() == ([True] * 4 + [False] if binds else [False] * 5)
    assert not np.delete(at_table, 5, axis=0).any()


# The interval.


def test_twice_the_interval_keeps_the_first_meeting_and_every_second(calendar):
    found = calendar(*map(meeting, (1, 4, 9, 12, 20)), meeting_spacing=2.0, n_days=21)
    assert found.day.tolist() == [1, 9, 20]


def test_half_the_interval_puts_a_session_between_any_two(calendar):
    found = calendar(*map(meeting, (1, 5, 11)), meeting_spacing=0.5, n_days=12)
    assert found.day.tolist() == [1, 3, 5, 8, 11]


def test_a_session_put_between_is_that_of_its_predecessor(calendar):
    pair = meeting(10, "CAN KOR", level="ambassadors")
    found = calendar(meeting(0), pair, meeting_spacing=0.5, n_days=11)
    assert found.day.tolist() == [0, 5, 10]
    assert found.seats[1].tolist() == found.seats[0].tolist() == [True] * 4 + [False]
    assert found.at_table[5].any()


def test_a_scale_of_one_leaves_the_calendar_as_it_is(calendar):
    found = calendar(meeting(7), meeting(1), n_days=60)
    assert found.day.tolist() == [1, 7]


def test_after_the_last_of_three_a_forum_goes_on_at_the_mean_interval(calendar):
    dated = map(meeting, (1, 4, 11))
    assert calendar(*dated, n_days=30).day.tolist() == [1, 4, 11, 16, 21, 26]
    dated = map(meeting, (1, 4, 11))
    assert calendar(*dated, n_days=30, meeting_spacing=2.0).day.tolist() == [1, 11, 21]


def test_forums_and_pairs_go_on_by_their_own_intervals(calendar):
    found = calendar(
        *(meeting(day, "USA JPN", "BILATERAL") for day in (0, 4, 8)),
        *(meeting(day, "USA CAN", "BILATERAL") for day in (1, 2)),
        n_days=20,
    )
    assert found.day.tolist() == [0, 1, 2, 4, 8, 12, 16]


# What is on.


@pytest.mark.parametrize(
    ("levers", "days"),
    [
        ({}, [1, 2, 3, 4]),
        ({"forums": ["G7"]}, [1, 4]),
        ({"forums": ["NATO", "ALLIES"], "bilateral": False}, [2, 3]),
        ({"forums": []}, [4]),
        ({"bilateral": False}, [1, 2, 3]),
        ({"consultation": False}, []),
    ],
)
def test_only_the_forums_on_the_list_meet(calendar, levers, days):
    found = calendar(
        meeting(1),
        meeting(2, forum="NATO"),
        meeting(3, forum="ALLIES"),
        meeting(4, "USA JPN", "BILATERAL"),
        **levers,
    )
    assert found.day.tolist() == days


def test_an_unknown_forum_is_named_even_where_nobody_meets(calendar):
    with pytest.raises(InputError, match="forum 'G8' is unknown"):
        calendar(meeting(1), forums=["G8"], consultation=False)


def test_without_dates_institutions_meet_at_their_interval_from_the_first_meeting_on(calendar):
    found = calendar(forums=["G7"], n_days=20)
    assert found.day.tolist() == [3, 10, 17]
    assert found.at_table[3].tolist() == [True] * 4 + [False]
    assert calendar(forums=["G7"], meeting_spacing=2.0, n_days=20).day.tolist() == [3, 17]


def test_the_shipped_calendar_brings_the_g7_together_on_the_day_of_the_invasion(world):
    config = Config()
    found = meetings_of(world, config, ("USA", "CAN", "GBR", "JPN", "AUS"), 3, START, 30)
    assert found.at_table[3].tolist() == [True] * 4 + [False]
