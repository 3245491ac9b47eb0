"""Belarus is drawn in by what it does, and its transit narrows when it is covered itself."""

from __future__ import annotations

import pytest
from watching import CALM, day, steps, take

from sim.model import NEVER

UNINVOLVED = {"RUS": 1.0, "BLR": 0.0}
TROOPS = {"kind": "involvement", "state": "BLR", "severity": 0.5, "label": "troops cross"}
INVASION = {"date": "2022-02-24", "severity": 1.0}


def acts_against(model, code):
    against = model.setting.menu.aimed_at == model.state(code).number
    return model.announced[:, against, 0] != NEVER


def test_the_events_of_the_world_draw_belarus_in(begin):
    involvement = begin(days=30).setting.war.involvement
    assert involvement[0].min() == 1.0
    before, after = involvement[1, day(2, 23)], involvement[1, day(2, 24)]
    assert before == 0.1
    assert after == pytest.approx(1.0 - 0.9 * 0.55)
    assert involvement[1, -1] > after  # the referendum of 27 February


def test_nobody_acts_against_a_state_that_takes_no_part(simulate):
    alone = {"scenario__targets": UNINVOLVED, "scenario__world_events": False}
    model = simulate(**alone, scenario__events=[INVASION])
    assert acts_against(model, "RUS").sum() > 50
    assert acts_against(model, "BLR").sum() == 0
    drawn_in = simulate(**alone, scenario__events=[INVASION, {"date": "2022-03-13", **TROOPS}])
    days = drawn_in.announced[:, drawn_in.setting.menu.aimed_at == 1, 0]
    assert (days != NEVER).any()
    assert days[days != NEVER].min() >= day(3, 13)


def test_its_part_in_the_war_brings_more_measures_on_it(simulate):
    few = {"scenario__measures": ["airspace_ban", "elite_asset_freeze", "machinery_export_ban"]}
    calm = {"scenario__world_events": False, "scenario__events": [INVASION]}
    drawn_in = [acts_against(simulate(seed=seed, **few), "BLR").sum() for seed in range(6)]
    aloof = [acts_against(simulate(seed=seed, **few, **calm), "BLR").sum() for seed in range(6)]
    assert sum(drawn_in) > 2 * sum(aloof)


def test_the_way_through_belarus_narrows_when_it_is_covered_itself(begin):
    def transit(cover_belarus):
        model = begin(
            **CALM,
            scenario__measures=["machinery_export_ban", "dual_use_export_ban"],
            scenario__only=["DEU", "POL", "LTU"],
            society__backslide=0.0,
            society__cost_weight=0.0,  # or enforcement follows the losses
            step_days=30,
            days=120,
        )
        model.step()
        for sender in ("DEU", "POL", "LTU"):
            for target in ("RUS", "BLR") if cover_belarus else ("RUS",):
                take(model, sender, "machinery_export_ban", target, waves=3)
                take(model, sender, "dual_use_export_ban", target, waves=3)
        steps(model, 3)
        return model

    belarus = transit(False).state("BLR").position
    narrow, wide = transit(True), transit(False)
    through, around = (model.engine.state.effect.carried[0] for model in (narrow, wide))
    assert 0.0 < through[belarus] < around[belarus]
    assert narrow.leak[0] < wide.leak[0]
    china = wide.state("CHN").position
    assert through[china] == pytest.approx(around[china])
