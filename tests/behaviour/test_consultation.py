"""Allies consult in pairs and in groups: they tell each other, and they decide together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from watching import CALM, INVASION, day, day_of, steps, take

G7 = ["USA", "CAN", "GBR", "FRA", "DEU", "ITA", "JPN"]
TOKYO = day(3, 8)  # directors-general of Japan and the United States
PAIR = {
    **CALM,
    "scenario__only": ["USA", "JPN"],
    "scenario__measures": ["airspace_ban"],
    "coordination__forums": [],
    "step_days": 1,
    "days": 60,
}


def meetings(model, *members):
    """Return first day and interval of the meetings of exactly these senders."""
    alliance, codes = model.setting.alliance, model.setting.sender_codes
    wanted = [code in members for code in codes]
    found = [f for f, seats in enumerate(alliance.forum) if list(seats) == wanted]
    return [(int(alliance.forum_first[f]), int(alliance.forum_interval[f])) for f in found]


def test_japan_and_the_united_states_meet_in_tokyo_on_8_march_and_every_fortnight(begin):
    model = begin(**PAIR)
    assert meetings(model, "USA", "JPN") == [(TOKYO, 14)]
    steps(model, TOKYO)
    assert (model.met == -1).all()
    met = []
    for _ in range(30):
        model.step()
        if model.met[0, 1] == model.day:
            met.append(model.day)
    assert met == [TOKYO, TOKYO + 14, TOKYO + 28]


def test_a_meeting_of_two_informs_where_news_travels_slowly(begin):
    model = begin(**PAIR, coordination__information_delay_days=300)
    steps(model, 10)
    act = take(model, "USA", "airspace_ban")
    japan = model.state("JPN").seat
    steps(model, TOKYO + 1 - 10)
    assert model.day == TOKYO
    assert model.peer[japan, act] == 0.0
    model.step()
    assert model.peer[japan, act] == model.lead[japan, act] == 1.0
    alone = begin(**PAIR, coordination__information_delay_days=300, coordination__bilateral=False)
    steps(alone, 10)
    take(alone, "USA", "airspace_ban")
    steps(alone, 40)
    assert alone.peer[japan, act] == 0.0


def test_a_meeting_of_two_presses_on_its_own_day(begin):
    model = begin(**PAIR)
    steps(model, 10)
    act = take(model, "USA", "airspace_ban")
    on_table = []
    while model.day < 40:
        model.step()
        if model.state("JPN").on_table[act]:
            on_table.append(model.day)
    assert on_table == [TOKYO, TOKYO + 14]
    pressed = begin(**{**PAIR, "rule__joint": 40.0})
    steps(pressed, 10)
    take(pressed, "USA", "airspace_ban")
    steps(pressed, 10)
    assert day_of(pressed, "JPN", "airspace_ban") == TOKYO


@pytest.mark.parametrize("consult", [True, False])
def test_a_draft_brought_to_the_g7_is_adopted_by_all_on_the_day_of_the_meeting(begin, consult):
    model = begin(
        **{**CALM, "rule__joint": 40.0},
        scenario__only=G7,
        scenario__measures=["airspace_ban"],
        coordination__forums=["G7"],
        coordination__bilateral=False,
        coordination__consultation=consult,
        step_days=1,
        days=30,
    )
    act = model.setting.find_act("airspace_ban", "RUS")
    drafter = model.state("CAN")
    drafter.pressure[act] = 0.5 * drafter.threshold[act]
    steps(model, 30)
    expected = INVASION if consult else -1
    assert [day_of(model, code, "airspace_ban") for code in G7] == [expected] * 7


def test_who_is_not_at_the_table_does_not_decide_with_it(begin):
    model = begin(
        **{**CALM, "rule__joint": 40.0},
        scenario__only=[*G7, "AUS"],
        scenario__measures=["airspace_ban"],
        coordination__forums=["G7"],
        coordination__bilateral=False,
        step_days=1,
        days=20,
    )
    act = model.setting.find_act("airspace_ban", "RUS")
    model.state("CAN").pressure[act] = 0.5 * model.state("CAN").threshold[act]
    steps(model, 20)
    assert day_of(model, "USA", "airspace_ban") == INVASION
    assert day_of(model, "AUS", "airspace_ban") == -1


def test_the_pull_of_a_fresh_act_fades_to_a_third_in_a_week(begin):
    model = begin(**PAIR, coordination__bilateral=False)
    steps(model, 5)
    act = take(model, "USA", "airspace_ban")
    japan, pull = model.state("JPN").seat, []
    for _ in range(22):
        model.step()
        pull.append(model.recent[japan, act])
    assert np.allclose(pull, np.exp(-np.arange(22) / 7.0))
    assert pull[7] == pytest.approx(math.exp(-1.0))
    assert model.peer[japan, act] == 1.0  # it stands, and is no longer fresh
