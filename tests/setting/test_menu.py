"""What there is to decide on, and what it weighs: read off a few cells of the shipped world."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim.config import Config, Rule
from sim.setting import prepare
from sim.world.catalogue import Position

UNION = ("FRA", "DEU", "ITA", "POL", "HUN", "NLD", "LTU", "REU")


@pytest.fixture(scope="module")
def setting(world):
    """Return a function from levers to a setting of the shipped world."""

    def make(known=world, **levers):
        config = Config()
        config.scenario.steps = 2
        config.rule = Rule(
            measure_effects={"airspace_ban": 0.5},
            sender_effects={"EU": 0.25, "JPN": -1.0, "POL": 2.0},
        )
        for key, value in levers.items():
            group, _, name = key.partition("__")
            setattr(getattr(config, group), name, value)
        return prepare(known, config)

    return make


def open_to(setting, instrument, target="RUS"):
    """Return the senders that have something to decide about an act."""
    return {
        code
        for code in setting.sender_codes
        if cell(setting, setting.menu.is_open, code, instrument, target)
    }


def cell(setting, numbers, sender, instrument, target="RUS"):
    """Return a number of the menu for a sender and an act."""
    seat = setting.sender_codes.index(sender)
    return numbers[seat, setting.find_act(instrument, target)]


def test_who_has_no_flights_or_no_gas_has_nothing_to_decide_about_them(setting):
    plain = setting()
    everybody = set(plain.sender_codes)
    assert open_to(plain, "airspace_ban") == everybody - {"AUS"}
    buyers = open_to(plain, "gas_purchase_stop")
    assert {"FRA", "ITA", "LTU", "POL"} <= buyers
    assert not {"USA", "CAN", "AUS"} & buyers


def test_who_has_said_that_it_goes_on_buying_gas_does_not_stop(setting):
    assert not {"DEU", "HUN"} & open_to(setting(), "gas_purchase_stop")
    assert {"DEU", "HUN"} <= open_to(setting(coordination__positions=False), "gas_purchase_stop")


def test_what_was_in_force_before_the_war_is_not_decided_anew(setting):
    plain = setting()
    assert open_to(plain, "leader_asset_freeze", "BLR") == {"USA", "JPN", "KOR", "AUS"}
    assert open_to(plain, "leader_asset_freeze", "RUS") == set(plain.sender_codes)
    assert not {"GBR", "NOR", *UNION} & open_to(plain, "airspace_ban", "BLR")


def test_a_world_without_a_war_has_nothing_in_force_before_it(world, setting):
    peace = dataclasses.replace(world, events=())
    assert open_to(setting(peace), "leader_asset_freeze", "BLR") >= {"GBR", *UNION}


def test_a_union_decides_alone_on_its_own_and_also_on_what_its_members_may_do_before_it(setting):
    plain = setting()
    menu, council = plain.menu, [c.institution.code for c in plain.councils]
    assert council == ["EU", "ALLIES"]

    def deciders(instrument):
        act = plain.find_act(instrument, "RUS")
        return cell(plain, menu.council_of, "DEU", instrument), menu.agenda[:, act].tolist()

    assert deciders("luxury_export_ban") == (0, [True, False])
    assert deciders("coal_import_ban") == deciders("airspace_ban") == (-1, [True, False])
    assert deciders("oil_price_cap") == (1, [False, True])
    assert deciders("condemnation") == (-1, [False, False])
    assert cell(plain, menu.council_of, "JPN", "oil_price_cap") == 1
    assert cell(plain, menu.council_of, "JPN", "luxury_export_ban") == -1


def test_norway_and_switzerland_take_over_what_the_council_alone_decides(setting):
    def bound(plain, instrument, target="RUS"):
        return {
            code
            for code in plain.sender_codes
            if cell(plain, plain.menu.takes_over, code, instrument, target) == 0
        }

    plain = setting()
    assert bound(plain, "luxury_export_ban") == bound(plain, "swift_exclusion") == {"NOR", "CHE"}
    for national_or_shared in ("condemnation", "airspace_ban", "coal_import_ban", "oil_price_cap"):
        assert not bound(plain, national_or_shared)
    assert not bound(plain, "leader_asset_freeze", "BLR")  # the EU had taken it before
    assert (setting(coordination__takes_over=False).menu.takes_over == -1).all()
    assert (setting(scenario__without=["EU"]).menu.takes_over == -1).all()


def test_a_lone_sender_cannot_bring_about_what_only_all_bring_about(setting):
    alone = setting(scenario__only=["USA"])
    assert not alone.councils
    assert not alone.menu.on_menu[alone.find_act("oil_price_cap")]
    two = setting(scenario__only=["USA", "JPN"])
    assert [c.institution.code for c in two.councils] == ["ALLIES"]
    assert two.menu.on_menu[two.find_act("oil_price_cap")]


def test_effects_of_measure_sender_and_union_add_up(setting):
    plain = setting(scenario__hesitation={"DEU": 3.0})
    found = {
        code: cell(plain, plain.menu.effect, code, "airspace_ban")
        for code in ("FRA", "DEU", "POL", "JPN", "USA")
    }
    assert found == {"FRA": 0.75, "DEU": -2.25, "POL": 2.75, "JPN": -0.5, "USA": 0.5}
    assert cell(plain, plain.menu.effect, "FRA", "luxury_export_ban") == 0.25


def test_a_measure_against_one_target_has_an_effect_of_its_own_beside_the_measure_s(setting):
    plain = setting(rule__act_effects={"airspace_ban BLR": -4.0})
    assert cell(plain, plain.menu.effect, "USA", "airspace_ban", "RUS") == 0.5
    assert cell(plain, plain.menu.effect, "USA", "airspace_ban", "BLR") == -3.5


def test_an_airspace_is_answered_in_kind_and_all_else_through_energy(world, setting):
    plain = setting()
    menu, japan, germany = plain.menu, world.index("JPN"), world.index("DEU")
    assert cell(plain, menu.retaliation, "JPN", "airspace_ban") == world.overflight[japan]
    signal = next(m.signal for m in world.measures if m.code == "luxury_export_ban")
    expected = world.energy_share[germany].mean() * signal
    assert cell(plain, menu.retaliation, "DEU", "luxury_export_ban") == pytest.approx(expected)


def test_a_cost_is_one_on_energy_or_on_other_trade(setting):
    plain = setting()
    menu = plain.menu
    assert not (menu.cost * menu.energy_cost).any()
    assert cell(plain, menu.cost, "DEU", "machinery_export_ban") != 0.0
    assert cell(plain, menu.energy_cost, "DEU", "gas_import_ban") > 0.0
    assert cell(plain, menu.energy_cost, "DEU", "machinery_export_ban") == 0.0


# What members have said.

SAID = (Position("HUN", "oil_import_ban", 30, True), Position("DEU", "oil_import_ban", 2, False))


def objection(setting, sender, instrument="oil_import_ban"):
    menu = setting.menu
    return tuple(cell(setting, n, sender, instrument) for n in (menu.objection_days, menu.exempts))


def test_a_stated_objection_stands_in_the_cell_of_its_state_and_measure_alone(world, setting):
    known = dataclasses.replace(world, positions=SAID)
    plain = setting(known)
    assert objection(plain, "HUN") == (30, True)
    assert objection(plain, "DEU") == (2, False)
    assert objection(plain, "POL") == objection(plain, "HUN", "gas_import_ban") == (-1, True)
    assert (setting(known, coordination__positions=False).menu.objection_days == -1).all()


def test_an_objection_against_one_target_says_nothing_of_another(world, setting):
    said = (Position("DEU", "swift_exclusion", 2, False, "RUS"),)
    menu = (plain := setting(dataclasses.replace(world, positions=said))).menu
    seat = plain.sender_codes.index("DEU")
    days = {
        t: menu.objection_days[seat, plain.find_act("swift_exclusion", t)] for t in ("RUS", "BLR")
    }
    assert days == {"RUS": 2, "BLR": -1}


def test_a_veto_player_goes_by_its_veto_and_not_by_what_it_has_said(world, setting):
    known = dataclasses.replace(world, positions=SAID)
    veto = setting(known, coordination__veto_players=["DEU"])
    assert objection(veto, "DEU") == (-1, True)
    assert objection(veto, "HUN") == (30, True)


# Pacts.


def test_a_pact_of_defence_or_consultation_holds_a_sender_and_one_of_non_aggression_does_not(
    setting,
):
    def held(*senders, **levers):
        found = setting(scenario__only=list(senders), **levers)
        return dict(zip(found.sender_codes, found.alliance.held.tolist(), strict=True))

    assert held("USA", "KOR", "CHE") == {"USA": True, "KOR": True, "CHE": False}
    assert held("JPN", "KOR") == {"JPN": False, "KOR": False}
    assert not any(held("USA", "KOR", coordination__institution=False).values())
    assert np.all(setting().alliance.held)
