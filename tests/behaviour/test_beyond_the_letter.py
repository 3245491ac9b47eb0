"""What is held back beyond the letter, in a run: by whom, when, and for how long."""

from __future__ import annotations

import math

import numpy as np
import pytest
from watching import CALM, day, take

from sim.config import Config, Reluctance
from sim.errors import InputError
from sim.rules import reluctance as rules

RUS, BLR = 0, 1


def held(model):
    """Return the share that senders hold back of what they sell, by target."""
    return [model.outcomes()[f"withheld_{code}"] for code in ("RUS", "BLR")]


def run_until(model, last):
    while model.day < last:
        model.step()
    return model


def scripted(*rows):
    names = ("date", "actor", "act", "against")
    return [dict(zip(names, row, strict=False)) for row in rows]


def reluctance(model):
    return model.engine.state.effect


def test_where_nobody_acts_nothing_is_held_back_however_grave_the_war(simulate):
    model = simulate(days=120, **CALM)
    assert model.engine.state.clock.severity > 0.9
    assert held(model) == [0.0, 0.0]
    for array in (reluctance(model).withheld, reluctance(model).withheld_third):
        assert not array.any()


def test_with_both_shares_at_zero_nothing_is_held_back_at_all(simulate):
    model = simulate(days=120, reluctance__payment_risk=0.0, reluctance__reputation=0.0)
    effect = reluctance(model)
    assert effect.payment_risk[RUS] > 0.1
    assert effect.reputation[RUS] > 0.1
    assert not effect.withheld.any()
    assert not effect.withheld_third.any()
    assert held(model) == [0.0, 0.0]


def test_banks_that_are_frozen_raise_the_risk_of_who_sells_and_it_fades(begin):
    model = begin(days=420, step_days=7, **CALM)
    take(model, "USA", "bank_asset_freeze", waves=5)
    model.step()
    first = reluctance(model).withheld_third[RUS].copy()
    run_until(model, 413)
    last = reluctance(model).withheld_third[RUS].copy()
    numbers = model.setting.config.reluctance
    assert first[0] > 0.0
    assert first[1] == 0.0  # who buys waits for no money
    assert last[0] == pytest.approx(first[0] * math.exp(-(model.day - 6) / numbers.risk_days))
    assert reluctance(model).withheld_third[BLR].tolist() == [0.0, 0.0]


def test_the_same_freeze_by_a_small_sender_is_a_small_risk(begin):
    risks = {}
    for code in ("USA", "AUS"):
        model = begin(days=30, step_days=7, **CALM)
        take(model, code, "bank_asset_freeze", waves=5)
        run_until(model, 27)
        risks[code] = reluctance(model).payment_risk[RUS]
    assert 0.0 < risks["AUS"] < 0.1 * risks["USA"]


def test_capital_controls_raise_the_risk_as_far_as_senders_act(simulate):
    alone = scripted(("2022-02-28", "RUS", "capital_controls"))
    model = simulate(days=14, step_days=14, scenario__script=alone, **CALM)
    assert reluctance(model).payment_risk.tolist() == [0.0, 0.0]
    script = [*scripted(("2022-02-23", "USA", "airspace_ban")), *alone]
    model = simulate(days=14, step_days=14, scenario__script=script, **CALM)
    effect, numbers = reluctance(model), model.setting.config.reluctance
    usa = model.setting.sender_codes.index("USA")
    public = effect.publicity[RUS, usa] * model.engine._inputs.weight[usa]
    assert 0.01 < public < 0.5
    expected = public * numbers.controls * math.exp(-(14 - 7) / numbers.risk_days)
    assert effect.payment_risk[RUS] == pytest.approx(expected, rel=1e-12)
    assert effect.payment_risk[BLR] == 0.0


def test_a_sender_without_the_others_is_as_small_as_it_is_beside_them(begin):
    risk = {}
    for only in ([], ["JPN"]):
        model = begin(days=30, step_days=7, scenario__only=only, **CALM)
        take(model, "JPN", "bank_asset_freeze", waves=5)
        run_until(model, 27)
        risk[len(only)] = reluctance(model).payment_risk[RUS]
    assert risk[0] > 0.0
    assert risk[0] == pytest.approx(risk[1], rel=1e-12)


def test_controls_that_stay_alarm_once(simulate):
    acts = ("2022-02-23", "USA", "airspace_ban"), ("2022-02-28", "RUS", "capital_controls")
    risks = []
    for answers in ((), (("2022-03-14", "BLR", "policy_rate"),)):
        script = scripted(*acts, *answers)
        model = simulate(days=42, step_days=7, scenario__script=script, **CALM)
        risks.append(reluctance(model).payment_risk[RUS])
    assert risks[0] > 0.0
    assert risks[0] == pytest.approx(risks[1], rel=1e-12)


def test_firms_of_a_broader_sender_and_of_more_senders_hold_back_more(begin):
    breadths = (["airspace_ban"], ["airspace_ban", "luxury_export_ban", "investment_ban"])
    found = []
    for senders in (["GBR"], ["GBR", "CAN"]):
        for acts in breadths:
            model = begin(days=90, step_days=30, **CALM)
            for code in senders:
                for act in acts:
                    take(model, code, act)
            run_until(model, 89)
            effect = reluctance(model)
            seat = model.state("GBR").seat
            found.append((held(model)[RUS], effect.reputation[RUS], effect.reluctance[RUS, seat]))
    shares, stocks, own = np.array(found).T
    assert 0.0 < shares[0] < min(shares[1], shares[2])
    assert max(shares[1], shares[2]) < shares[3]
    assert 0.0 < stocks[0] < stocks[1] < stocks[3]
    assert own[0] == own[2] < own[1] == own[3]


def test_who_has_done_nothing_against_a_target_holds_back_as_third_states_do(begin):
    model = begin(days=60, step_days=30, **CALM)
    take(model, "USA", "bank_asset_freeze", waves=5)
    take(model, "USA", "airspace_ban")
    run_until(model, 59)
    effect, seat = reluctance(model), model.state("JPN").seat
    third = model.setting.config.reluctance.third
    assert effect.reluctance[RUS, seat] == third
    assert effect.reluctance[RUS, model.state("USA").seat] > third
    assert set(effect.reluctance[BLR]) == {third}


def test_words_alone_drive_no_firm_away(simulate):
    model = simulate(days=60, scenario__imposed={"condemnation": "2022-02-24"}, **CALM)
    assert reluctance(model).reputation.tolist() == [0.0, 0.0]


def test_firms_hardly_come_back_when_measures_are_given_up(simulate):
    script = scripted(
        ("2022-03-01", "GBR", "airspace_ban"), ("2022-03-01", "GBR", "oil_import_ban")
    )
    end = [{**row, "date": "2022-09-01", "undo": True} for row in script]
    model = simulate(days=day(9, 2), step_days=1, scenario__script=script + end, **CALM)
    before = reluctance(model).reputation[RUS]
    later = simulate(days=day(9, 2) + 60, step_days=1, scenario__script=script + end, **CALM)
    after = reluctance(later).reputation[RUS]
    assert before > 0.0
    numbers = later.setting.config.reluctance
    assert after == pytest.approx(before * math.exp(-60.0 / numbers.return_days), rel=1e-9)


@pytest.mark.parametrize("step_days", [7, 14, 28])
def test_the_length_of_a_step_drops_out(simulate, step_days):
    """Days of acts are the same where losses do not feed back; news fall within steps."""
    same = {"days": 112, "society__cost_weight": 0.0, "society__settlement_loss": 0.0}
    fine, coarse = (simulate(step_days=n, **same) for n in (1, step_days))
    assert np.array_equal(fine.effective, coarse.effective)
    for name in ("withheld", "withheld_third", "reluctance", "payment_risk", "reputation"):
        expected = getattr(reluctance(fine), name)
        assert expected.any()
        assert getattr(reluctance(coarse), name) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_the_outcome_is_the_mean_of_senders_by_what_they_may_still_sell(simulate):
    # At one age throughout what is covered hangs on no path.
    model = simulate(days=60, economy__horizon="short_run")
    setting, effect = model.setting, reluctance(model)
    sold = setting.exposure.flow_bn[setting.senders, setting.targets[RUS]]
    left = sold * (1.0 - model.covered[:, RUS, 0])
    third = setting.config.reluctance.third
    own = np.array([rules.of_sender(share, third) for share in effect.publicity[RUS]])
    touched = model.engine._inputs.horizon.touched[0]
    expected = (left * touched).sum(axis=1) @ own * effect.withheld[RUS, 0] / left.sum()
    assert held(model)[RUS] == pytest.approx(expected, rel=1e-6)
    assert model.history().steps["withheld_RUS"].iloc[-1] == held(model)[RUS]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("payment_risk", 1.2, "must lie between 0 and 1; found 1.2"),
        ("reputation", -0.1, "must lie between 0 and 1; found -0.1"),
        ("third", 2.0, "write for instance reluctance.third=1"),
        ("risk_days", 0.0, "must lie between 7 and 365 days; found 0"),
        ("full_signals", 0.0, "must lie between 0.1 and 20 signals"),
    ],
)
def test_a_number_out_of_its_range_is_refused_by_name(name, value, words):
    with pytest.raises(InputError, match="reluctance") as refused:
        setattr(Config().reluctance, name, value)
    assert words in str(refused.value)


def test_every_number_has_a_source_and_says_in_what_range_it_is_believed():
    for name, field in Reluctance.__dataclass_fields__.items():
        assert " to " in field.metadata["source"] or "and more" in field.metadata["source"], name
