"""The record is read as its notes say: marks to statuses, countries to states, rows to forums."""

from __future__ import annotations

import pandas as pd
import pytest
from world_build import meetings, timeline
from world_build.origins import public_name
from world_build.states import EU, REST_OF_EU

POPULATION = pd.Series(dict.fromkeys(REST_OF_EU, 1.0) | {"ESP": 47.0, "ROU": 19.0, "BEL": 11.0})


@pytest.mark.parametrize(
    ("note", "confidence", "statuses"),
    [
        ("seven banks; adopted 2 March, day in force recalled", "read", ("read", "recalled")),
        ("day in force read; announcement inferred", "read", ("inferred", "read")),
        ("announced two days after entry into force (day recalled)", "read", ("recalled", "read")),
        ("legal day, announcement not read", "read", ("inferred", "read")),
        ("day inferred: after 24 March, before 5 May", "read", ("inferred", "inferred")),
        ("35 %", "read", ("read", "read")),
        ("day in force recalled", "inferred", ("inferred", "inferred")),
    ],
)
def test_a_note_says_which_of_the_two_days_was_read(note, confidence, statuses):
    assert timeline._statuses(note, confidence) == statuses


def test_a_description_keeps_a_tag_as_one_word_and_an_older_act():
    note = "[prewar 2020-10-02] 22 officers; day in force recalled"
    assert timeline._described(note, "2022-02-27") == "22 officers; earlier act 2020-10-02"
    assert timeline._described(note, "2020-10-02") == "22 officers"
    assert timeline._described("[partial] energy sector; day recalled", "2022-03-14") == (
        "partial: energy sector"
    )
    assert timeline._described("day in force recalled", "2022-03-14") == ""


def test_an_act_made_public_later_counts_from_that_day():
    days = timeline._days("2022-03-03", "2022-03-02", "recalled", "read")
    assert days["effective"] == "2022-03-03"
    assert timeline._days("2022-03-03", "", "read", "read")["effective_status"] == ""


def test_the_rest_of_the_eu_acts_when_most_of_its_people_do():
    days = {"ROU": "2022-02-26", "BEL": "2022-02-26", "ESP": "2022-02-27"}
    assert timeline._majority_day(days, POPULATION) == "2022-02-27"
    assert timeline._majority_day({"ROU": "2022-02-26"}, POPULATION) == ""


@pytest.mark.parametrize(
    ("participants", "states", "forum"),
    [
        ({"USA", "JPN"}, "USA JPN", "BILATERAL"),
        ({"USA", "EU", "NATO"}, "EU USA", "BILATERAL"),
        ({"USA", "LVA", "LTU", "EST"}, "USA LTU", "BILATERAL"),
        ({"USA", "GBR", "FRA", "DEU"}, "USA GBR FRA DEU", "ALLIES"),
        ({*meetings.G7, "EU", "UKR"}, "EU USA CAN GBR JPN UKR", "G7"),
        ({*meetings.G7, "EU", "POL"}, "EU USA CAN GBR JPN", "ALLIES"),
        ({"USA", "JPN", "AUS", "IND"}, "USA JPN IND AUS", "QUAD"),
        ({*EU, "EU", "USA"}, "EU USA", "EU"),
        ({"NATO", "USA", *REST_OF_EU, "DEU", "FRA", "ITA", "NLD"}, "", "NATO"),
    ],
)
def test_who_met_tells_the_forum(participants, states, forum):
    found = meetings._as_states(participants, POPULATION)
    assert meetings._forum(participants, found) == forum
    assert ("REU" in found) == (forum == "NATO")
    if states:
        assert " ".join(found) == states


def test_pages_are_named_by_publisher_rather_than_by_the_copy_read():
    assert public_name("memory") == "recalled"
    title = "White House readout 2021-12-06, repo someone/copies @737ca03"
    assert public_name(title) == "White House readout 2021-12-06"
