"""Common random numbers: what is added to a run leaves the luck of all others alone."""

from __future__ import annotations

import numpy as np

from sim.config import Config, Rule
from sim.engine import ensemble, simulate
from sim.world import load

MEASURES = ["bank_asset_freeze", "dual_use_export_ban", "oil_import_ban", "luxury_export_ban"]


def alone() -> Config:
    """Return a world in which nobody looks at anybody and no loss is felt."""
    config = Config()
    config.scenario.steps, config.scenario.measures = 12, list(MEASURES)
    shocks = {"frailty_sd": 0.8, "package_sd": 0.8, "agenda_sd": 0.8, "weekend": -0.5}
    config.rule = Rule("independent", intercept=-4.0, **shocks)
    config.society.cost_weight = config.society.backslide = 0.0
    return config


def days(config, runs=40) -> dict[tuple[str, str, str], np.ndarray]:
    """Return the days of first waves by sender, instrument and target; a far day for never."""
    found = simulate(load("march_2022"), config, runs)
    setting = found.setting
    first = np.where(found.announced < 0, 10**6, found.announced)
    return {
        (code, act.measure.code, act.target): first[:, seat, number]
        for seat, code in enumerate(setting.sender_codes)
        for number, act in enumerate(setting.acts)
    }


def test_a_measure_more_leaves_the_draws_of_the_others_alone():
    fewer = alone()
    fewer.scenario.measures = MEASURES[1:]
    many, few = days(alone()), days(fewer)
    assert len(few) < len(many)
    assert all(np.array_equal(many[cell], few[cell]) for cell in few)
    assert any((day < 10**6).any() for day in few.values())


def test_a_state_more_leaves_the_draws_of_the_others_alone():
    fewer = alone()
    fewer.scenario.without = ["NOR", "KOR"]
    many, few = days(alone()), days(fewer)
    assert {sender for sender, _, _ in many} - {sender for sender, _, _ in few} == {"NOR", "KOR"}
    assert all(np.array_equal(many[cell], few[cell]) for cell in few)


def test_what_is_recorded_changes_nothing(world):
    config = Config()
    config.scenario.steps = 6
    bare = simulate(world, config, 6)
    for record in ("events", "steps", "states"):
        full = simulate(world, config, 6, record=record)
        assert np.array_equal(bare.outcomes, full.outcomes, equal_nan=True)
        assert np.array_equal(bare.announced, full.announced)


def test_a_longer_log_than_there_is_room_for_is_kept_whole(world, monkeypatch):
    config = Config()
    config.scenario.steps = 6
    known = simulate(world, config, 5, record="events").events()
    monkeypatch.setattr(ensemble, "EVENTS_PER_RUN", 8)
    assert simulate(world, config, 5, record="events").events().equals(known)


def test_more_pull_of_peers_never_makes_an_adopter_later():
    def pulled(weight: float) -> dict[tuple[str, str, str], np.ndarray]:
        config = alone()
        # What fades or is felt could turn an earlier act of a peer into a weaker pull later.
        config.rule.name, config.rule.peer = "hazard", 2.0
        config.coordination.consultation = False
        config.coordination.peer_weight = weight
        return days(config)

    weak, strong = pulled(0.25), pulled(1.0)
    assert all((strong[cell] <= weak[cell]).all() for cell in weak)
    assert any((strong[cell] < weak[cell]).any() for cell in weak)
