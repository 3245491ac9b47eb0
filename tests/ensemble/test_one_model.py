"""Two drivers, one model: the ensemble's runs are those of the Mesa model, day for day."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from sim.config import Config
from sim.ensemble import simulate
from sim.errors import InputError
from sim.measures import outcomes
from sim.model import SanctionsModel

CASES = {
    "the baseline": {},
    "steps of four weeks": {"scenario": {"step_days": 28, "steps": 6}},
    "no institution, much sharing": {
        "coordination": {"institution": False, "burden_sharing": 0.5, "side_payments_bn": 5.0},
    },
    "slow news and few forums": {
        "coordination": {"information_delay_days": 5, "forums": ["G7"], "scope_overlap": 0.5},
    },
    "a veto and a majority": {"coordination": {"veto_players": ["HUN"], "carve_out_days": 20}},
    "followers": {"rule": {"name": "threshold", "peer": 1.0}},
    "utility in the short run": {
        "rule": {"name": "expected_utility"},
        "economy": {"elasticity": "short_run"},
    },
    "nobody looks": {"rule": {"name": "independent", "intercept": -3.7}},
    "chance": {"society": {"escalation": 0.2, "talks": 0.5, "settlement": -2.0}},
    "imposed": {
        "scenario": {"imposed": {"full_embargo": "2022-03-01", "gas_cutoff": "2022-03-10"}}
    },
}


def config_of(changes) -> Config:
    config = Config()
    config.scenario.steps = 16
    for group, values in changes.items():
        for name, value in values.items():
            assert hasattr(getattr(config, group), name)
            setattr(getattr(config, group), name, copy.deepcopy(value))
    return config


@pytest.mark.parametrize("case", CASES)
def test_a_run_of_the_ensemble_is_that_of_the_mesa_model(world, case):
    config = config_of(CASES[case])
    ensemble = simulate(world, config, runs=[0, 7])
    for row, number in enumerate(ensemble.runs.tolist()):
        model = SanctionsModel(ensemble.setting, seed=config.seed, run=number)
        for _ in range(config.scenario.steps):
            model.step()
        assert np.array_equal(ensemble.announced[row], model.announced[:, :, 0])
        for name, value in outcomes(model).items():
            found = ensemble.outcome(name)[row]
            assert found == pytest.approx(value, rel=1e-12, abs=1e-12, nan_ok=True), name


def test_a_run_is_the_same_alone_in_company_and_on_any_number_of_threads(world):
    config = config_of({"scenario": {"steps": 4}})
    alone = simulate(world, config, runs=[5], threads=1)
    company = simulate(world, config, runs=8, threads=2)
    assert np.array_equal(alone.outcomes[0], company.outcomes[5], equal_nan=True)
    assert np.array_equal(alone.announced[0], company.announced[5])
    assert not np.array_equal(company.announced[4], company.announced[5])
    assert company.to_frame().shape == (8, 1 + len(company.names))


def test_what_it_cannot_do_it_says_in_one_line(world):
    own = Config()
    own.rule.function = "mine.py:rule"
    with pytest.raises(InputError, match="driver=mesa"):
        simulate(world, own, runs=1)
    with pytest.raises(InputError, match="at least one run"):
        simulate(world, Config(), runs=0)
