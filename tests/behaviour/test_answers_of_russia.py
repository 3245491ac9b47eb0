"""Russia's answers are aimed at those who acted; who is listed protests, and relations fall."""

from __future__ import annotations

import numpy as np
import pytest
from watching import CALM, rows, steps, take

from sim.model import NEVER

# Answers come within days; senders do nothing of their own.
QUICK = {
    **CALM,
    "response__intercept": 8.0,
    "response__listing_days": 0.1,
    "response__payment_days": 10.0,
    "response__refusal": 30.0,
    "scenario__measures": ["airspace_ban", "condemnation"],
    "coordination__consultation": False,
    "scenario__world_events": False,
    "step_days": 1,
    "days": 60,
}


@pytest.fixture(scope="module")
def answered(begin):
    """Return a run in which Japan and Lithuania close their airspace and Germany speaks."""
    model = begin(**QUICK)
    take(model, "JPN", "airspace_ban")
    take(model, "LTU", "airspace_ban")
    take(model, "DEU", "condemnation")
    model.step()
    return steps(model, 59)


def test_only_those_who_acted_are_listed_and_words_are_no_act(answered):
    assert set(answered.state("RUS").listed) == {"JPN", "LTU"}
    assert {row["target"] for row in rows(answered, kind="listed")} == {"JPN", "LTU"}


def test_words_alone_provoke_answers_but_put_nobody_on_the_list(begin):
    model = begin(**QUICK)
    for sender in ("JPN", "USA", "DEU"):
        take(model, sender, "condemnation")
    model.step()
    steps(model, 59)
    russia = model.state("RUS")
    assert "unfriendly_list" in russia.issued
    assert not russia.listed
    assert not russia.cut_off


@pytest.mark.parametrize("answer", ["ruble_debt", "deal_permits", "entry_ban"])
def test_ruble_debts_and_permits_bite_the_listed_alone(answered, answer):
    russia = answered.state("RUS")
    assert answer in russia.issued
    codes = [counter.code for counter in answered.setting.world.countermeasures]
    bitten = answered.engine.state.effect.answered[russia.number, codes.index(answer)]
    hit = {code for code, bites in zip(answered.setting.sender_codes, bitten, strict=True) if bites}
    assert hit == {"JPN", "LTU"}


def test_gas_is_cut_off_for_single_buyers_that_acted(answered):
    assert {who for _, who in answered.state("RUS").cut_off} <= {"JPN", "LTU"}
    assert ("gas_cutoff", "LTU") in answered.state("RUS").cut_off


def test_airspace_is_closed_to_those_alone_that_have_closed_theirs(answered, begin):
    closed = {who for code, who in answered.state("RUS").cut_off if code == "airspace_closure"}
    assert closed == {"JPN", "LTU"}
    model = begin(**{**QUICK, "scenario__measures": ["elite_asset_freeze"]})
    take(model, "JPN", "elite_asset_freeze")
    model.step()
    steps(model, 59)
    assert model.state("RUS").issued
    assert not model.state("RUS").cut_off


def test_gas_is_cut_off_after_the_demand_and_a_refusal_and_by_pipeline(answered):
    russia = answered.state("RUS")
    demanded, cut = russia.issued["gas_for_rubles"], russia.cut_off["gas_cutoff", "LTU"]
    assert russia.refused == {"LTU": demanded + 10}
    assert cut >= russia.refused["LTU"]
    assert ("gas_cutoff", "JPN") not in russia.cut_off
    (row,) = rows(answered, kind="refusal")
    assert (row["actor"], row["instrument"], row["target"]) == ("LTU", "gas_for_rubles", "RUS")
    assert "Lithuania refuses to pay" in russia.explain()


def test_who_pays_keeps_its_gas_unless_pressed(begin):
    levers = {**QUICK, "response__refusal": -30.0, "response__paying_factor": 0.0}
    model = begin(**levers)
    take(model, "LTU", "airspace_ban")
    model.step()
    steps(model, 59)
    assert "gas_for_rubles" in model.state("RUS").issued
    assert not model.state("RUS").refused
    assert ("gas_cutoff", "LTU") not in model.state("RUS").cut_off


def test_only_those_can_be_cut_off_that_buy_by_pipeline(answered):
    answers, codes = answered.setting.answers, answered.setting.sender_codes
    counters = [counter.code for counter in answered.setting.world.countermeasures]
    buyers = answers.can_hit[0, counters.index("gas_cutoff")]
    assert {codes[seat] for seat in np.flatnonzero(buyers)} == {
        "FRA", "DEU", "ITA", "POL", "HUN", "NLD", "LTU", "REU",
    }  # fmt: skip
    chance = answered.setting.refusal
    assert (chance[~buyers] == 0.0).all()


def test_the_refusals_shipped_put_near_and_small_buyers_first(begin):
    setting = begin().setting
    chance = dict(zip(setting.sender_codes, setting.refusal, strict=True))
    assert chance["LTU"] > chance["POL"] > chance["REU"] > chance["DEU"]


def test_belarus_has_no_answers_but_its_own(simulate):
    model = simulate(response__intercept=8.0, days=90)
    assert set(model.state("BLR").issued) == {"unfriendly_list", "policy_rate"}
    assert not model.state("BLR").cut_off


def test_nothing_is_answered_before_the_first_act(simulate):
    model = simulate(**QUICK)
    assert not model.state("RUS").issued
    assert not model.state("RUS").cut_off


def test_belarus_answers_only_what_was_aimed_at_it(answered):
    assert not answered.state("BLR").issued


def test_whoever_is_listed_protests_and_its_relation_falls(answered):
    start = answered.setting.third_parties.relation
    japan, germany = (answered.state(code).position for code in ("JPN", "DEU"))
    assert answered.relation[japan, 0] < start[japan, 0]
    assert answered.relation[germany, 0] == start[germany, 0]
    protests = rows(answered, kind="protest")
    assert {row["actor"] for row in protests} == {"JPN", "LTU"}
    listed = rows(answered, kind="listed", target="JPN")[0]["day"]
    assert all(row["day"] >= listed for row in protests if row["actor"] == "JPN")


def test_in_a_full_run_nobody_who_did_not_act_is_listed_or_cut_off(simulate):
    model = simulate(scenario__hesitation={"KOR": 30.0, "CHE": 30.0}, response__intercept=2.0)
    acted = {
        sender.code
        for sender in model.senders
        if (
            model.announced[sender.seat, model.setting.menu.beyond_words & _on(model)] != NEVER
        ).any()
    }
    russia = model.state("RUS")
    assert not {"KOR", "CHE"} & acted
    assert set(russia.listed) | {who for _, who in russia.cut_off} <= acted
    assert len(russia.listed) > 10


def _on(model):
    return np.asarray(model.setting.menu.aimed_at == model.state("RUS").number)
