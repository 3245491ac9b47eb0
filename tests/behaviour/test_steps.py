"""The length of a step changes how often the economy is priced, and nothing else beyond noise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.config import Rule
from sim.model import NEVER

HORIZON = 90
SEEDS = range(8)
FEW = {
    "days": HORIZON,
    "rule": Rule(intercept=-2.5, recent=1.0, support=2.0, frailty_sd=0.5, agenda_sd=0.5),
    "scenario__only": ["USA", "GBR", "JPN", "KOR"],
    "scenario__measures": [
        "elite_asset_freeze", "machinery_export_ban", "goods_import_ban", "airspace_ban",
    ],
    "society__talks": 0.5,
    "society__escalation": 0.3,
    "society__backslide": 0.1,
}  # fmt: skip
LENGTHS = (1, 3, 10, 30)


@pytest.fixture(scope="module")
def ensemble(simulate):
    """Return runs by length of step and seed, with losses felt at home as by default."""
    return {n: [simulate(seed=s, step_days=n, **FEW) for s in SEEDS] for n in LENGTHS}


@pytest.mark.parametrize("step_days", LENGTHS[1:])
def test_days_of_every_act_are_the_same_where_losses_do_not_feed_back(simulate, step_days):
    same = {**FEW, "society__cost_weight": 0.0, "society__settlement_loss": 0.0}
    for seed in (0, 1):
        fine = simulate(seed=seed, step_days=1, **same)
        coarse = simulate(seed=seed, step_days=step_days, **same)
        assert np.array_equal(fine.announced, coarse.announced)
        assert np.array_equal(fine.effective, coarse.effective)
        assert fine.events().equals(coarse.events())
        assert fine.belief == coarse.belief
        hazards = [m.engine.state.third_party.attempt_hazard for m in (fine, coarse)]
        assert hazards[0] == hazards[1]
        assert [s.support for s in fine.senders] == [s.support for s in coarse.senders]
        assert np.array_equal(fine.relation, coarse.relation)


@pytest.mark.parametrize("step_days", LENGTHS[1:])
def test_losses_that_feed_back_move_hardly_an_announcement(ensemble, step_days):
    moved, pairs = 0, 0
    for fine, coarse in zip(ensemble[1], ensemble[step_days], strict=True):
        either = (fine.announced != NEVER) | (coarse.announced != NEVER)
        moved += int((fine.announced != coarse.announced)[either].sum())
        pairs += int(either.sum())
    assert pairs > 200
    # Losses stay below half a percent, so support moves by a few hundredths in 30 days.
    assert moved < 0.05 * pairs


@pytest.mark.parametrize(
    "outcome",
    ["loss_RUS", "leak_RUS", "sender_loss_mean", "belief", "attempt_risk", "waves_announced",
     "log_rate_RUS", "diverted_bn"],
)  # fmt: skip
@pytest.mark.parametrize("step_days", LENGTHS[1:])
def test_outcomes_agree_within_a_standard_error(ensemble, outcome, step_days):
    fine, coarse = (
        np.array([model.outcomes()[outcome] for model in ensemble[n]]) for n in (1, step_days)
    )
    error = math.sqrt((fine.var(ddof=1) + coarse.var(ddof=1)) / len(SEEDS))
    assert error > 0.0
    assert abs(fine.mean() - coarse.mean()) < error
