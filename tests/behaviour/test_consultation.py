"""Allies consult in pairs and in groups: they tell each other, and tables decide together."""

from __future__ import annotations

import math

import numpy as np
import pytest
from watching import (
    CALM,
    INVASION,
    day,
    decider_of,
    keep_still,
    pressure,
    steps,
    take,
)

from sim.config import Rule

PAIR = {
    **CALM,
    "scenario__only": ["USA", "JPN"],
    "scenario__measures": ["airspace_ban"],
    "coordination__forums": [],
    "step_days": 1,
    "days": 60,
}
# Their meetings without a third by the record of events until the end of March: by telephone,
# two of officials and the directors-general of 9 and 10 March in Tokyo.
TOGETHER = [day(2, 26), day(3, 1), day(3, 9), day(3, 10)]


def met_on(model, days):
    """Return the days on which the first two senders meet."""
    found = []
    for _ in range(days):
        model.step()
        if model.engine.state.adoption.met[0, 1] == model.day:
            found.append(model.day)
    return found


def test_japan_and_the_united_states_meet_on_the_days_of_the_record(begin):
    slow = {**PAIR, "coordination__information_delay_days": 300}  # or nobody has anything to tell
    assert met_on(begin(**slow), day(3, 31)) == TOGETHER
    assert not met_on(begin(**slow, coordination__bilateral=False), day(3, 31))


def test_a_meeting_of_two_informs_where_news_travels_slowly(begin):
    model = begin(**PAIR, coordination__information_delay_days=300)
    steps(model, day(3, 4))
    act = take(model, "USA", "airspace_ban")
    steps(model, day(3, 9) + 1 - day(3, 4))
    assert model.day == day(3, 9)
    assert model.state("JPN").weighed(act).peer == 0.0
    model.step()
    weighed = model.state("JPN").weighed(act)
    assert weighed.peer == weighed.lead == 1.0
    alone = begin(**PAIR, coordination__information_delay_days=300, coordination__bilateral=False)
    steps(alone, 9)
    take(alone, "USA", "airspace_ban")
    steps(alone, 41)
    assert alone.state("JPN").weighed(act).peer == 0.0


def test_a_meeting_presses_on_its_day_and_the_next(begin):
    model, plain = begin(**{**PAIR, "rule__meeting": 2.0}), begin(**PAIR)
    act, presses = model.setting.find_act("airspace_ban", "RUS"), []
    while model.day < day(3, 12):
        model.step()
        plain.step()
        if model.state("JPN").weighed(act).meeting:
            presses.append(model.day)
    expected = sorted({later for met in TOGETHER for later in (met, met + 1)})
    assert presses == expected
    japan = decider_of(model, "JPN")
    factors = [run.engine.state.decision.factor[: model.day + 1, japan] for run in (model, plain)]
    pressed = np.isin(np.arange(model.day + 1), expected)
    assert np.log(factors[0] / factors[1]) == pytest.approx(2.0 * pressed)


def test_the_pull_of_a_fresh_act_fades_to_a_third_in_a_week(begin):
    model = begin(**PAIR, coordination__bilateral=False)
    steps(model, 4)
    act, pull = take(model, "USA", "airspace_ban"), []
    model.step()
    for _ in range(22):
        model.step()
        pull.append(model.state("JPN").weighed(act).recent)
    assert np.allclose(pull, np.exp(-np.arange(22) / 7.0))
    assert pull[7] == pytest.approx(math.exp(-1.0))
    assert model.state("JPN").weighed(act).peer == 1.0  # it stands, and is no longer fresh


# What a table shares, and what a government has to itself.

SUMMIT = INVASION  # leaders of the G7 and of the EU met on 24 February, without Australia
FEW = {
    "rule": Rule(intercept=-3.0, package_sd=1.5, agenda_sd=1.0),
    "scenario__measures": ["elite_asset_freeze", "luxury_export_ban", "condemnation"],
    "scenario__targets": {"RUS": 1.0},
    "step_days": 1,
    "days": 21,
}
ACTS = ("elite_asset_freeze", "luxury_export_ban")


@pytest.fixture
def shocks(begin):
    """Return a function: what a decider adds to the log hazard of two acts on a day, by name.

    What the model says of itself is held against the factors of the day's hazards.
    """
    model, plain = begin(**FEW), begin(**{**FEW, "rule": Rule(intercept=-3.0)})
    for run in (model, plain):
        keep_still(run).advance(FEW["days"])
    moved, unmoved = model.engine.state.decision, plain.engine.state.decision

    def of(code, when):
        decider, found = decider_of(model, code), {}
        for instrument in ACTS:
            act = model.setting.find_act(instrument, "RUS")
            ((name, added),) = model.engine.shared_by(decider, act, when)
            factor = moved.factor[when, decider] / unmoved.factor[when, decider]
            factor *= moved.text[when, act] if name == "package" else 1.0
            assert math.log(factor) == pytest.approx(added, abs=1e-12)
            found[instrument] = name, added
        return found

    return of


def test_two_at_a_table_share_what_it_agrees_on_act_by_act_and_a_third_does_not(shocks):
    usa, japan, union, australia = (shocks(code, SUMMIT) for code in ("USA", "JPN", "EU", "AUS"))
    assert usa == japan == union
    assert [name for name, _ in usa.values()] == ["package"] * 2
    assert usa[ACTS[0]] != usa[ACTS[1]]
    assert [name for name, _ in australia.values()] == ["agenda"] * 2
    assert australia[ACTS[0]][1] not in (usa[ACTS[0]][1], usa[ACTS[1]][1])


def test_a_government_brings_its_acts_together_on_a_day_of_its_own(shocks):
    quiet = day(2, 23)
    usa, japan = shocks("USA", quiet), shocks("JPN", quiet)
    assert usa[ACTS[0]] == usa[ACTS[1]]
    assert usa[ACTS[0]][0] == "agenda"
    assert usa[ACTS[0]] != japan[ACTS[0]]
    assert usa != shocks("USA", day(2, 21))


def test_a_council_is_at_a_table_only_if_all_its_members_are(shocks):
    # On 7 March the leaders of the United States, Britain, France and Germany conferred.
    assert shocks("DEU", day(3, 7))[ACTS[0]][0] == "package"
    assert shocks("EU", day(3, 7))[ACTS[0]][0] == "agenda"
    assert shocks("EU", SUMMIT)[ACTS[0]][0] == "package"


def test_pressure_grows_by_what_is_shared(begin):
    model, plain = begin(**FEW), begin(**{**FEW, "rule": Rule(intercept=-3.0)})
    moved, unmoved = pressure(model), pressure(plain)
    act = model.setting.find_act("condemnation", "RUS")
    for code in ("USA", "AUS"):
        decider = decider_of(model, code)
        ((_, added),) = model.engine.shared_by(decider, act, 0)
        expected = unmoved[act, decider] * math.exp(added)
        assert moved[act, decider] == pytest.approx(expected, rel=1e-12) != unmoved[act, decider]


@pytest.mark.parametrize("spread", ["package_sd", "agenda_sd"])
def test_the_shocks_have_the_spread_they_are_given_and_a_mean_hazard_of_one(begin, spread):
    meet = {"coordination__meeting_spacing": 0.1, "coordination__consultation": spread[0] == "p"}
    model = keep_still(begin(rule=Rule(**{spread: 0.5}), days=2400, **meet))
    model.advance(2400)
    act = model.setting.find_act("condemnation", "RUS")
    at_table = model.setting.meetings.at_table[:, model.state("USA").seat]
    days = np.flatnonzero(at_table == (spread == "package_sd"))
    usa = decider_of(model, "USA")
    drawn = np.array([model.engine.shared_by(usa, act, when)[0][1] for when in days])
    assert drawn.size > 1000
    # A standard deviation of n normals is known to 1/sqrt(2 n), a mean factor to its own.
    assert drawn.std() == pytest.approx(0.5, rel=4 / math.sqrt(2 * drawn.size))
    factor = np.exp(drawn)
    assert factor.mean() == pytest.approx(1.0, abs=4 * factor.std() / math.sqrt(drawn.size))
