"""Who decides with whom: one member alone, the Council of the EU, or all senders together."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from watching import CALM, INVASION, day_of, decider_of, rows, steps, take

from sim.config import Rule
from sim.model import NEVER
from sim.world.catalogue import Position

UNION = ["FRA", "DEU", "ITA", "POL", "HUN", "NLD", "LTU", "REU"]
EAGER = Rule(intercept=5.0)
DAILY = {
    **CALM,
    "scenario__targets": {"RUS": 1.0},
    "coordination__cost_tolerance": 100.0,
    "society__backslide": 0.0,
    "step_days": 1,
    "days": 60,
}


def ripen(model, instrument, council="EU"):
    """Let a council vote on an act from the next day on."""
    act, decision = model.setting.find_act(instrument, "RUS"), model.engine.state.decision
    decider = decider_of(model, council)
    decision.summed[act, decider] = np.nextafter(decision.threshold[act, decider], 0.0)
    decision.is_stale[act] = True
    return act


def days_of(model, instrument, codes=UNION):
    """Return the days on which senders first announced an act."""
    return [day_of(model, code, instrument) for code in codes]


# What a member may do before the Council.


def test_a_member_closes_its_airspace_alone_and_the_council_that_of_the_rest(begin):
    model = begin(**DAILY, scenario__only=UNION, scenario__measures=["airspace_ban"])
    steps(model, 4)
    take(model, "POL", "airspace_ban")
    steps(model, 4)
    act = ripen(model, "airspace_ban")
    model.step()
    assert day_of(model, "POL", "airspace_ban") == 4
    assert days_of(model, "airspace_ban", [code for code in UNION if code != "POL"]) == [8] * 7
    assert model.councils[0].level[act] == 1
    assert [row["day"] for row in rows(model, kind="council")] == [8]
    assert [row["actor"] for row in rows(model, instrument="airspace_ban")] == ["POL", "EU"]


def test_the_council_has_nothing_to_vote_on_when_every_member_has_acted_alone(begin):
    model = begin(**DAILY, scenario__only=UNION, scenario__measures=["airspace_ban"])
    for code in UNION:
        take(model, code, "airspace_ban")
    model.step()
    assert days_of(model, "airspace_ban") == [0] * 8
    act = ripen(model, "airspace_ban")
    steps(model, 5)
    assert model.councils[0].level[act] == 0
    assert not rows(model, kind="council")


def test_the_council_s_wave_is_taken_by_the_members_that_lack_it(begin):
    measure = "elite_asset_freeze"
    model = begin(**DAILY, scenario__only=UNION, scenario__measures=[measure])
    take(model, "POL", measure)
    take(model, "HUN", measure, waves=2)
    model.step()
    waves = []
    for _ in range(3):
        act = ripen(model, measure)
        model.step()
        level = {sender.code: int(sender.level[act]) for sender in model.senders}
        waves.append([level["HUN"], level["POL"], level["DEU"]])
        assert set(level.values()) == set(waves[-1])
    assert waves == [[2, 1, 1], [2, 2, 2], [3, 3, 3]]
    assert model.councils[0].level[act] == 3
    passed = [row["detail"] for row in rows(model, kind="council")]
    assert [words[:6] for words in passed] == ["wave 1", "wave 2", "wave 3"]


def test_a_member_waits_for_the_council_with_what_is_the_union_s(begin):
    member = {"DEU": -10.0}  # keen
    levers = {"scenario__only": UNION, "scenario__hesitation": member, "rule": Rule(intercept=-8.0)}
    model = begin(**{**DAILY, **levers}, scenario__measures=["airspace_ban", "luxury_export_ban"])
    steps(model, 10)
    assert day_of(model, "DEU", "airspace_ban") != NEVER
    together = set(days_of(model, "luxury_export_ban"))
    assert len(together) == 1
    assert days_of(model, "airspace_ban").count(NEVER) > 0


# What only all do.

CAP = {**DAILY, "scenario__measures": ["oil_price_cap"], "rule": EAGER}


def test_the_price_cap_comes_for_all_on_one_day(begin):
    codes = ["USA", "JPN", "DEU"]
    model = steps(begin(**CAP, scenario__only=codes), 10)
    (when,) = set(days_of(model, "oil_price_cap", codes))
    assert when != NEVER
    assert [row["actor"] for row in rows(model, instrument="oil_price_cap")] == ["ALLIES"]


def test_one_that_objects_keeps_the_price_cap_from_all(begin, world):
    said = dataclasses.replace(world, positions=(Position("JPN", "oil_price_cap", 5000, True),))
    model = steps(begin(known=said, **CAP, scenario__only=["USA", "JPN", "DEU"]), 10)
    assert days_of(model, "oil_price_cap", ["USA", "JPN", "DEU"]) == [NEVER] * 3
    assert rows(model, kind="blocked")[0]["detail"] == "JPN"


def test_a_lone_sender_has_no_price_cap(begin):
    model = steps(begin(**CAP, scenario__only=["USA"]), 10)
    assert days_of(model, "oil_price_cap", ["USA"]) == [NEVER]


# Objections.

SAID = (Position("HUN", "oil_import_ban", 10, True), Position("DEU", "oil_import_ban", 3, False))
OIL = {**DAILY, "scenario__only": UNION, "scenario__measures": ["oil_import_ban"]}


@pytest.fixture
def voted(begin, world):
    """Return a function from levers to a run whose council votes on oil from the first day on."""

    def run(**levers):
        at_once = [dataclasses.replace(m, phase_out_days=0) for m in world.measures]
        known = dataclasses.replace(world, positions=SAID, measures=tuple(at_once))
        model = begin(known=known, **{**OIL, **levers})
        ripen(model, "oil_import_ban")
        return steps(model, 60)

    return run


def test_a_stated_objection_blocks_for_its_days_and_then_exempts_who_asks_for_it(voted):
    model = voted()
    (blocked,), (carved,) = rows(model, kind="blocked"), rows(model, kind="carve_out")
    assert (blocked["day"], blocked["detail"]) == (0, "DEU HUN")
    assert (carved["day"], carved["detail"]) == (10, "HUN")  # Germany gives way and joins
    assert days_of(model, "oil_import_ban") == [11] * 8
    act = model.setting.find_act("oil_import_ban", "RUS")
    exempt = {sender.code for sender in model.senders if model.exempt[sender.seat, act]}
    assert exempt == {"HUN"}
    covered = model.covered.reshape(len(UNION), -1).max(axis=1) > 0.0
    assert dict(zip(UNION, covered.tolist(), strict=True)) == {c: c != "HUN" for c in UNION}


def test_without_stated_objections_the_vote_passes_at_once(voted):
    assert days_of(voted(coordination__positions=False), "oil_import_ban") == [0] * 8


def test_who_objects_to_the_cost_without_having_said_so_is_exempted_after_the_lever_s_days(voted):
    levers = {"coordination__cost_tolerance": 0.0, "coordination__positions": False}
    model = voted(**levers, coordination__carve_out_days=4)
    (blocked,), (carved,) = rows(model, kind="blocked"), rows(model, kind="carve_out")
    assert carved["day"] - blocked["day"] == 4
    assert carved["detail"] == blocked["detail"]


def test_a_stated_objection_counts_whatever_the_measure_costs_and_no_longer_than_it_is_stated(
    voted,
):
    dear = voted(coordination__cost_tolerance=0.0, coordination__carve_out_days=5000)
    assert set(days_of(dear, "oil_import_ban")) == {NEVER}
    assert "HUN" in rows(dear, kind="blocked")[0]["detail"]
    assert [row["detail"] for row in rows(dear, kind="carve_out")] == ["HUN"]


def test_a_veto_player_is_not_bound_by_what_it_has_said(voted):
    model = voted(coordination__veto_players=["HUN"], coordination__carve_out_days=5000)
    assert set(days_of(model, "oil_import_ban")) == {NEVER}


# Closed acts.


def test_what_is_in_force_or_has_no_object_is_never_adopted(simulate):
    model = simulate(
        rule=EAGER,
        scenario__measures=["leader_asset_freeze", "airspace_ban", "gas_purchase_stop"],
        days=30,
    )
    freeze = dict.fromkeys(UNION, NEVER)
    assert {code: day_of(model, code, "leader_asset_freeze", "BLR") for code in UNION} == freeze
    assert day_of(model, "USA", "leader_asset_freeze", "BLR") != NEVER
    assert not rows(model, actor="EU", instrument="leader_asset_freeze", target="BLR")
    assert rows(model, actor="EU", instrument="leader_asset_freeze", target="RUS")
    assert day_of(model, "AUS", "airspace_ban") == NEVER
    assert day_of(model, "JPN", "airspace_ban") != NEVER
    assert day_of(model, "USA", "gas_purchase_stop") == NEVER
    assert day_of(model, "DEU", "gas_purchase_stop") == NEVER  # it goes on buying
    assert day_of(model, "POL", "gas_purchase_stop") != NEVER


# What a measure has of its own.


def test_a_measure_of_a_slow_pace_gains_on_the_average_one_as_the_events_recede(begin):
    rule = Rule(intercept=-25.0, shock=1.0, measure_pace={"luxury_export_ban": -0.5})
    measures = ["elite_asset_freeze", "luxury_export_ban"]
    levers = {**DAILY, "rule": rule, "scenario__measures": measures}
    model = begin(**levers, scenario__only=["USA"])
    average, slow = (model.setting.find_act(code, "RUS") for code in measures)
    steps(model, INVASION + 14)
    usa, shock = model.state("USA"), model.engine.state.clock.shock
    assert usa.weighed(average).effect == 0.0
    assert usa.weighed(slow).effect == -0.5 * shock > 0.25
    pace = model.engine._given.calendar.pace[model.day]
    assert pace[average] == 1.0
    assert pace[slow] == pytest.approx(np.exp(-0.5 * shock))


# What outruns the violation.


def test_what_is_not_targeted_waits_for_the_invasion(begin):
    measures = ["elite_asset_freeze", "luxury_export_ban"]
    model = begin(**DAILY, scenario__only=["USA"], scenario__measures=measures)
    targeted, sectoral = (model.setting.find_act(code, "RUS") for code in measures)
    model.step()
    usa = model.state("USA")
    assert usa.weighed(targeted).restraint == 0.0
    assert usa.weighed(sectoral).restraint == 1.0 - model.severity > 0.5
    steps(model, INVASION)
    assert usa.weighed(sectoral).restraint == 0.0
    held = steps(begin(**{**DAILY, "rule": Rule(intercept=5.0, restraint=20.0)}), INVASION + 1)
    first = held.announced[:, :, 0]
    early = ((first >= 0) & (first < INVASION)).any(axis=0)
    assert early.any()
    assert not np.any(early & ~held.setting.menu.targeted)
