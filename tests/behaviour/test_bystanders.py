"""What others think and learn: China refrains, a distant state condemns, belief moves the risk."""

from __future__ import annotations

import math

import numpy as np
import pytest
from watching import CALM, rows, steps, take

from sim.outcomes import OUTCOMES
from sim.summary import summary

SEEDS = range(12)


@pytest.fixture(scope="module")
def stances(simulate):
    quiet = {"rule__intercept": -25.0, "scenario__measures": ["condemnation"]}
    return [simulate(seed=seed, days=90, **quiet) for seed in SEEDS]


def test_china_mostly_refrains_from_condemning_and_georgia_condemns(stances):
    china = sum(model.state("CHN").condemned >= 0 for model in stances)
    georgia = sum(model.state("GEO").condemned >= 0 for model in stances)
    assert china <= len(SEEDS) // 3
    assert georgia >= len(SEEDS) - 1  # probability 0.997 in each
    assert all(model.state("UKR").condemned >= 0 for model in stances)


def test_the_stances_shipped_are_those_of_the_vote(stances):
    setting = stances[0].setting
    chance = dict(zip(setting.world.states, setting.third_parties.condemns, strict=True))
    assert min(chance[code] for code in ("UKR", "GEO", "TUR", "ARE")) > 0.5
    assert max(chance[code] for code in ("CHN", "IND", "KAZ", "ARM", "KGZ")) < 0.5


def test_who_condemns_does_so_around_the_vote_and_the_others_never(stances):
    for model in stances:
        days = {row["actor"]: row["day"] for row in rows(model, kind="stance")}
        assert set(days) <= {state.code for state in model.third_parties if state.condemns}
        assert np.median(list(days.values())) <= 14


def test_without_a_violation_nobody_condemns(simulate):
    assert not rows(simulate(scenario__world_events=False, days=60), kind="stance")


def test_a_stance_is_recorded_once_and_only_by_those_who_are_free_to_take_one(stances):
    for model in stances:
        actors = [row["actor"] for row in rows(model, kind="stance")]
        assert len(actors) == len(set(actors))
        assert not {"ROW", "USA", "RUS", "BLR"} & set(actors)


def test_defence_cooperation_draws_china_nearer_to_russia(stances):
    step = stances[0].setting.config.third.cooperation_step
    assert sum(model.state("CHN").cooperations.get("RUS", 0) for model in stances) > 0
    for model in stances:
        china = model.state("CHN")
        times = china.cooperations.get("RUS", 0)
        assert len(rows(model, actor="CHN", kind="cooperation", target="RUS")) == times
        start = model.setting.third_parties.relation[china.position, 0]
        # Each act takes the same part of what is left to 1.
        expected = 1.0 - (1.0 - start) * (1.0 - step) ** times
        assert model.relation[china.position, 0] == pytest.approx(expected)


def test_pressure_on_russia_speeds_up_its_cooperation_with_china(simulate):
    few = {"scenario__measures": ["airspace_ban", "elite_asset_freeze"]}

    def acts(weight):
        runs = [simulate(seed=s, **few, third__cooperation_pressure=weight) for s in SEEDS]
        return sum(model.state("CHN").cooperations.get("RUS", 0) for model in runs)

    assert acts(2.0) > acts(0.0)


def test_rivals_of_the_coalition_may_cooperate_and_fellows_of_a_sender_may_not(stances):
    setting = stances[0].setting
    may = setting.third_parties.may_cooperate[:, 0]
    assert {setting.world.states[n] for n in np.flatnonzero(may)} == {
        "CHN", "ARE", "KAZ", "ARM", "KGZ",
    }  # fmt: skip


def test_cooperation_moves_with_china_and_hardly_with_kazakhstan(simulate):
    runs = [simulate(seed=seed, days=360, third__cooperation=1.0) for seed in range(3)]
    acts = [row["actor"] for model in runs for row in rows(model, kind="cooperation")]
    assert acts.count("CHN") > 10 * acts.count("KAZ")


def run_with(begin, waves, **levers):
    model = begin(
        **CALM,
        scenario__measures=["machinery_export_ban"],
        scenario__only=["USA", "DEU", "JPN"],
        third__cooperation=-30.0,
        society__backslide=0.0,
        days=360,
        **levers,
    )
    model.step()
    for sender in ("USA", "DEU", "JPN"):
        for target in ("RUS", "BLR") if waves else ():
            take(model, sender, "machinery_export_ban", target, waves=waves)
    return steps(model, 11)


def test_belief_follows_what_the_coalition_has_in_force(begin):
    idle, half, whole = (run_with(begin, waves) for waves in (0, 1, 3))
    waited = idle.setting.config.third.patience_days + 1.0  # the day of the start counts too
    assert idle.belief == pytest.approx(0.3 * math.exp(-(360 - waited) / 90))
    assert idle.belief < half.belief < whole.belief < 1.0


def hazard(model):
    """Return the summed hazard of an attempt."""
    return model.engine.state.third_party.attempt_hazard


def test_the_hazard_of_an_attempt_falls_with_belief_and_rises_with_the_tie(begin):
    idle, whole = run_with(begin, 0), run_with(begin, 3)
    assert hazard(whole) < hazard(idle)
    deaf = {"third__attempt_resolve": 0.0}
    assert hazard(run_with(begin, 3, **deaf)) == hazard(run_with(begin, 0, **deaf))
    close, far = (run_with(begin, 0, third__attempt_tie=weight) for weight in (2.0, 0.0))
    assert hazard(close) > hazard(idle) > hazard(far)


def test_the_indicator_has_its_closed_form_without_belief_and_tie(begin):
    model = run_with(begin, 0, third__attempt_resolve=0.0, third__attempt_tie=0.0)
    expected = math.exp(model.setting.config.third.attempt) * 360 / 365.25
    assert hazard(model) == pytest.approx(expected)
    assert model.outcomes()["attempt_risk"] == pytest.approx(-math.expm1(-expected))


def test_the_indicator_is_called_one_wherever_it_is_printed(begin):
    assert "an indicator, no forecast" in OUTCOMES["attempt_risk"].meaning
    model = run_with(begin, 0)
    last = summary(model.history()).splitlines()[-1]
    assert "risk of an attempt" in last
    assert "indicator" in last


def test_every_number_of_the_course_is_finite(stances):
    numbers = stances[0].history().steps.select_dtypes(float)
    assert numbers.size > 30
    assert np.isfinite(numbers).all(axis=None)
