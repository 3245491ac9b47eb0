"""Japan freezes the assets of further banks to come up to partners that are ahead of it."""

from __future__ import annotations

import numpy as np
from watching import CALM, day_of, rows, steps, take

FREEZE = {
    **CALM,
    "scenario__measures": ["bank_asset_freeze"],
    "scenario__only": ["USA", "GBR", "JPN"],
    "coordination__consultation": False,
    "step_days": 1,
    "days": 40,
}
PULL = {"rule__peer": 20.0, "coordination__peer_weight": 2.0}
FOUR = {"VTB", "Otkritie", "Novikombank", "Sovcombank"}


def test_only_those_who_are_ahead_pull(begin):
    model = begin(**FREEZE)
    act = take(model, "JPN", "bank_asset_freeze")
    take(model, "USA", "bank_asset_freeze")
    model.step()
    model.step()
    japan, britain = (model.state(code).weighed(act) for code in ("JPN", "GBR"))
    assert japan.peer == japan.recent == japan.lead == 0.0
    assert np.isclose(britain.peer, 1.0)
    take(model, "USA", "bank_asset_freeze")
    model.step()
    model.step()
    japan = model.state("JPN").weighed(act)
    assert 0.0 < japan.peer < 1.0
    assert japan.lead == 1.0


def test_japan_catches_up_wave_by_wave_and_stops_when_it_is_level(begin):
    model = begin(**{**FREEZE, **PULL})
    for partner in ("USA", "GBR"):
        take(model, partner, "bank_asset_freeze", waves=2)
    model.step()
    steps(model, 39)
    days = [day_of(model, "JPN", "bank_asset_freeze", wave=wave) for wave in (1, 2, 3)]
    assert 0 < days[0] < days[1]
    assert days[2] == -1


def test_without_partners_ahead_japan_takes_no_further_wave(begin):
    model = begin(**{**FREEZE, **PULL})
    for sender in ("USA", "GBR", "JPN"):
        take(model, sender, "bank_asset_freeze")
    model.step()
    steps(model, 39)
    assert day_of(model, "JPN", "bank_asset_freeze", wave=2) == -1


def test_the_second_wave_names_four_banks_and_adds_their_assets(begin):
    model = begin(**{**FREEZE, **PULL})
    act = take(model, "USA", "bank_asset_freeze", waves=2)
    model.step()
    steps(model, 39)
    second = rows(model, actor="JPN", instrument="bank_asset_freeze", target="RUS")[1]
    wave, _, names = second["detail"].partition("; ")
    assert wave == "wave 2 of 5"
    assert set(names.split(", ")) == FOUR
    share = {entity.name: entity.bank_share for entity in model.setting.acts[act].named}
    added = np.diff(model.setting.menu.hit_share[act])[1]
    assert np.isclose(added, sum(share[name] for name in FOUR))
