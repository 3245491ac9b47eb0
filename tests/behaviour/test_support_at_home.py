"""Domestic support: raised by events, worn down by cost and time, and felt in decisions."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from watching import CALM, day, decider_of, steps, take

from sim.model import SanctionsModel
from sim.rules import clock


def at_loss(model, loss):
    """Return a model in which every state loses so much from the first pricing on.

    It is what a border costs it that is closed from the first day on.
    """
    setting = model.setting
    closure = np.full_like(setting.closure, loss)
    war = setting.war._replace(closed=np.ones_like(setting.war.closed))
    return SanctionsModel(dataclasses.replace(setting, closure=closure, war=war), seed=7)


def course(begin, loss=0.0, **levers):
    """Return the daily support of Japan at a given loss."""
    model = begin(**CALM, scenario__measures=["airspace_ban"], step_days=1, days=120, **levers)
    model, seen = at_loss(model, loss), []
    for _ in range(120):
        model.step()
        assert model.state("JPN").loss == pytest.approx(loss)
        seen.append(model.state("JPN").support)
    return np.array(seen)


def test_an_event_lifts_support_and_time_wears_it_down(begin):
    level = {"society__support": 0.3, "society__rally": 1.0, "society__fatigue_days": 20.0}
    seen = course(begin, **level)
    before, after = seen[day(2, 23)], seen[day(2, 24)]
    assert after > before  # the invasion
    assert np.all(np.diff(seen[day(4, 10) :]) < 0.0)  # nothing happens, and it wears off


def test_support_falls_with_the_own_loss_and_a_gain_counts_as_none(begin):
    free, dear = course(begin), course(begin, loss=2.0)
    assert np.all(dear < free)
    assert np.array_equal(course(begin, loss=-2.0), free)


def test_each_sender_has_its_own_support_and_the_dearest_sanctions_wear_most(begin):
    model = begin(
        **CALM,
        scenario__measures=["oil_import_ban", "coal_import_ban"],
        days=300,
        society__backslide=0.0,
        society__cost_weight=5.0,
        society__nearness=0.0,
    )
    model.step()
    for sender in model.senders:
        for measure in ("oil_import_ban", "coal_import_ban"):
            take(model, sender.code, measure)
    steps(model, 9)
    loss = np.array([sender.loss for sender in model.senders])
    support = np.array([sender.support for sender in model.senders])
    assert np.argmax(loss) == np.argmin(support)
    assert np.corrcoef(loss, support)[0, 1] < -0.8


def test_who_has_the_war_at_the_door_bears_more_and_tires_less(begin):
    model = at_loss(begin(**CALM, scenario__measures=["airspace_ban"], days=300), 1.0)
    steps(model, 10)
    assert [sender.loss for sender in model.senders] == pytest.approx([1.0] * len(model.senders))
    support = {sender.code: sender.support for sender in model.senders}
    near = ("LTU", "POL", "HUN", "DEU")
    assert min(support[code] for code in near) > max(
        support[code] for code in ("USA", "JPN", "KOR", "AUS")
    )
    assert support["LTU"] == max(support.values())


def test_support_feeds_the_decision(begin):
    chance, factor = [], []
    for support in (0.2, 0.5, 0.8):
        model = begin(days=30, step_days=1)
        model.step()
        japan, decision = model.state("JPN"), model.engine.state.decision
        decision.support[japan.seat] = support
        model.step()
        act = model.setting.find_act("airspace_ban", "RUS")
        chance.append(clock.probability(model.engine.log_hazard(japan.seat, act), 1.0))
        factor.append(decision.factor[model.day, decider_of(model, "JPN")])
    assert chance[0] < chance[1] < chance[2]
    assert factor[0] < factor[1] < factor[2]


def test_senders_with_more_support_act_sooner(simulate):
    def half(support):
        heeded = {"rule__support": 2.0, "society__fatigue_days": 3650.0}
        model = simulate(society__support=support, **heeded, days=30)
        return (model.announced[:, :, 0] >= 0).sum()

    assert half(0.9) > half(0.5) > half(0.1)


def test_support_multiplies_enforcement(begin):
    model = begin(days=30)
    japan = model.state("JPN")
    support = model.engine.state.decision.support
    support[japan.seat] = 0.5
    even = japan.enforcement
    assert even == pytest.approx(model.setting.config.evasion.enforcement)
    support[japan.seat] = 0.75
    assert japan.enforcement == pytest.approx(1.5 * even)
