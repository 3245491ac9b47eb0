"""What the measures of March 2022 do in a run: whom they name, what they cover, when they bite."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from watching import CALM, border, day_of, rows, steps, take

from sim.economy.shocks import Channel
from sim.errors import InputError
from sim.model import SanctionsModel

DAILY = {**CALM, "step_days": 1, "days": 120, "society__backslide": 0.0}
SEVEN = ["VTB", "VEB", "Otkritie", "Novikombank", "Promsvyazbank", "Rossiya", "Sovcombank"]


def covers(model, sender, target, channel, sector):
    """Return the share of a sender's trade with a target that is covered in a sector."""
    j = model.setting.exposure.sectors.index(sector)
    number = list(model.setting.config.scenario.targets).index(target)
    return model.covered[model.state(sender).seat, number, int(channel), j]


@pytest.mark.parametrize("target", ["RUS", "BLR"])
def test_a_wave_of_designations_names_32_individuals_and_12_entities(begin, target):
    model = begin(**DAILY, scenario__measures=["elite_asset_freeze"], scenario__only=["JPN", "USA"])
    take(model, "JPN", "elite_asset_freeze", target)
    model.step()
    first = rows(model, actor="JPN", kind="measure", target=target)[0]
    assert first["detail"] == "wave 1 of 6; 32 individuals; 12 entities"
    assert model.outcomes()["designated"] == 44.0
    take(model, "JPN", "elite_asset_freeze", target)
    model.step()
    assert model.outcomes()["designated"] == 88.0
    assert rows(model, actor="JPN", kind="measure", target=target)[1]["detail"][:6] == "wave 2"


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("BLR", ["Ministry of Defence of Belarus", "Integral (chip maker)"]),
        ("RUS", ["Ministry of Defence of Russia", "Rosoboronexport"]),
    ],
)
def test_dual_use_bans_name_the_defence_ministry_and_a_maker(begin, target, names):
    model = begin(**DAILY, scenario__measures=["dual_use_export_ban"], scenario__only=["JPN"])
    take(model, "JPN", "dual_use_export_ban", target)
    model.step()
    detail = rows(model, actor="JPN", kind="measure", target=target)[0]["detail"]
    assert all(name in detail for name in names)
    assert covers(model, "JPN", target, Channel.EXPORT, "electronics") == 0.0
    steps(model, 10)
    # Its first of three waves: a third of half of the electronics.
    assert covers(model, "JPN", target, Channel.EXPORT, "electronics") == pytest.approx(0.5 / 3)


def test_oil_refining_equipment_is_banned_for_russia_alone(begin):
    model = begin(**DAILY, scenario__measures=["oil_refining_export_ban"], scenario__only=["JPN"])
    with pytest.raises(InputError, match="BLR"):
        model.setting.find_act("oil_refining_export_ban", "BLR")
    take(model, "JPN", "oil_refining_export_ban")
    model.step()
    steps(model, 10)
    assert covers(model, "JPN", "RUS", Channel.EXPORT, "machinery") == pytest.approx(0.05)
    assert covers(model, "JPN", "RUS", Channel.IMPORT, "machinery") == 0.0
    assert model.covered[0, 1].sum() == 0.0


def test_payments_stop_days_after_the_announcement(begin):
    model = begin(**DAILY, scenario__measures=["payment_ban"], scenario__only=["JPN"])
    act = take(model, "JPN", "payment_ban")
    model.step()
    lag = int(model.setting.menu.legal_lag[0] + model.setting.menu.notice[0, act])
    assert model.effective[0, act, 0] - day_of(model, "JPN", "payment_ban") == lag
    steps(model, lag - 1)
    assert model.covered.max() == 0.0
    model.step()
    assert model.covered[0, 0, : Channel.TARIFF].min() > 0.0 == model.covered[0, 1].max()


SWIFT = {**DAILY, "scenario__measures": ["swift_exclusion"]}


def test_seven_banks_lose_swift_and_their_assets_add_up(begin):
    model = begin(**SWIFT, scenario__only=["USA", "DEU", "FRA"])
    act = take(model, "USA", "swift_exclusion")
    model.step()
    detail = rows(model, actor="USA", instrument="swift_exclusion")[0]["detail"]
    assert detail == f"wave 1 of 2; {', '.join(SEVEN)}"
    shares = [bank.bank_share for bank in model.setting.acts[act].named if bank.wave == 1]
    assert len(shares) == 7
    assert model.setting.menu.hit_share[act, 1] == pytest.approx(sum(shares))
    assert model.setting.menu.hit_share[act, 1] == pytest.approx(0.28)


def test_swift_exclusion_has_no_effect_anywhere_until_the_union_has_acted(begin):
    model = begin(**SWIFT, scenario__only=["USA", "DEU", "FRA"])
    act = take(model, "USA", "swift_exclusion")
    model.step()
    usa = model.state("USA").seat
    steps(model, 20)
    assert 0 < model.effective[usa, act, 0] < model.day
    assert model.covered.max() == 0.0
    for member in ("DEU", "FRA"):
        take(model, member, "swift_exclusion")
    model.step()
    host = int(model.effective[model.setting.menu.host[act], act, 0])
    steps(model, host - model.day - 1)
    assert model.covered.max() == 0.0
    model.step()
    assert model.covered[usa, 0, : Channel.TARIFF].min() > 0.0


def test_without_the_union_swift_exclusion_stays_words(begin):
    model = begin(**SWIFT, scenario__only=["USA", "JPN"])
    take(model, "USA", "swift_exclusion")
    model.step()
    steps(model, 60)
    assert model.covered.max() == 0.0
    russia = model.state("RUS")
    assert russia.loss == pytest.approx(border(model)[russia.position])


def test_a_tariff_waits_for_parliament_and_an_order_on_energy_does_not(begin):
    measures = ["mfn_withdrawal", "oil_import_ban"]
    model = begin(**DAILY, scenario__measures=measures, scenario__only=["USA", "GBR"])
    tariff, order = (take(model, "USA", measure) for measure in measures)
    for measure in measures:
        take(model, "GBR", measure)
    model.step()
    waits = (model.effective - model.announced)[:, :, 0]
    legal, notice = model.setting.menu.legal_lag, model.setting.menu.notice
    assert waits[:, order].tolist() == (legal + notice[:, order]).tolist()
    # United States 28 days for legislation, United Kingdom 10.
    assert waits[:, tariff].tolist() == (legal + [28, 10] + notice[:, tariff]).tolist()
    steps(model, int(waits[0, tariff]) - 1)
    assert covers(model, "USA", "RUS", Channel.TARIFF, "metals") == 0.0
    assert covers(model, "GBR", "RUS", Channel.TARIFF, "metals") > 0.0
    model.step()
    assert covers(model, "USA", "RUS", Channel.TARIFF, "metals") > 0.0


def test_parliament_is_asked_once_and_further_waves_are_orders(begin):
    setting = begin(
        **DAILY, scenario__measures=["goods_import_ban"], scenario__only=["USA"]
    ).setting
    menu = setting.menu._replace(law_days=np.full_like(setting.menu.law_days, 28))
    model = SanctionsModel(dataclasses.replace(setting, menu=menu), seed=7)
    act = take(model, "USA", "goods_import_ban", waves=2)
    model.step()
    assert np.diff(model.effective[0, act, :2])[0] == -28
