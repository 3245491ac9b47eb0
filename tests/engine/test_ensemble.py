"""Many runs at once: each is the run that a model goes through day by day, exactly."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import math
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.config import Config
from sim.economy.equilibrium import solve
from sim.economy.horizon import economy_at
from sim.engine import run, simulate, simulate_setting
from sim.engine.inputs import inputs_of
from sim.errors import InputError
from sim.model import SanctionsModel
from sim.record import record_of
from sim.setting import prepare
from sim.world.catalogue import Position

RULES = ("hazard", "threshold", "expected_utility", "independent")
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
    "no stated objections": {
        "coordination": {"positions": False, "cost_tolerance": 0.05, "carve_out_days": 10},
    },
    "a thinned calendar": {"coordination": {"meeting_spacing": 2.5}},
    "tables and agendas": {
        "rule": {"package_sd": 1.5, "agenda_sd": 0.7, "meeting": 1.0},
        "coordination": {"meeting_spacing": 0.5},
    },
    "followers": {"rule": {"name": "threshold", "peer": 1.0}},
    "followers with shocks of tables": {
        "rule": {"name": "threshold", "package_sd": 1.0, "agenda_sd": 0.5},
    },
    "utility in the short run": {
        "rule": {"name": "expected_utility"},
        "economy": {"horizon": "short_run"},
    },
    "nobody looks": {"rule": {"name": "independent", "intercept": -3.7}},
    "chance": {"society": {"escalation": 0.2, "talks": 0.5, "settlement": -2.0}},
    "shocks and weekends": {"rule": {"frailty_sd": 1.2, "weekend": -0.7}},
    "shocks and weekends, steps of a day": {
        "rule": {"frailty_sd": 1.2, "weekend": -0.7},
        "scenario": {"step_days": 1, "steps": 60},
    },
    "followers moved by shocks": {
        "rule": {"name": "threshold", "frailty_sd": 1.0, "weekend": 0.5},
    },
    "utility moved by shocks, steps of a day": {
        "rule": {"name": "expected_utility", "frailty_sd": 0.8, "weekend": -0.5},
        "scenario": {"step_days": 1, "steps": 60},
    },
    "scripted": {
        "scenario": {
            "script": [
                {"date": "2022-02-22", "actor": "JPN", "act": "elite_asset_freeze"},
                {"date": "2022-02-22", "actor": "EU", "act": "luxury_export_ban"},
                {"date": "2022-02-28", "actor": "RUS", "act": "gas_cutoff", "against": "LTU"},
                {"date": "2022-03-20", "actor": "JPN", "act": "elite_asset_freeze", "undo": True},
            ]
        }
    },
    "imposed": {
        "scenario": {"imposed": {"full_embargo": "2022-03-01", "gas_cutoff": "2022-03-10"}}
    },
}


SCRIPTED = [
    {"date": f"2022-{day}", "actor": actor, "act": act, "undo": undo}
    for day in ("02-21", "02-28", "03-08")
    for actor, act, undo in (
        ("JPN", "elite_asset_freeze", False),
        ("JPN", "elite_asset_freeze", True),
        ("POL", "airspace_ban", False),
        ("USA", "oil_import_ban", False),
        ("RUS", "gas_cutoff", False),
        ("RUS", "unfriendly_list", False),
    )
]


def config_of(changes) -> Config:
    config = Config()
    config.scenario.steps = 16
    for group, values in changes.items():
        for name, value in values.items():
            assert hasattr(getattr(config, group), name)
            setattr(getattr(config, group), name, copy.deepcopy(value))
    return config


def day_by_day(setting, number) -> SanctionsModel:
    """Return a model after all days of its setting, one at a time, at which somebody looked on."""
    model = SanctionsModel(setting, seed=setting.config.seed, run=number)
    for day in range(setting.n_days):
        model.advance(1)
        if day % 20 == 0:
            model.outcomes()
    assert not model.running
    return model


def check_same(ensemble, row, model) -> None:
    """Hold a run of an ensemble against the model of that run: equal to the last digit."""
    number, history = ensemble.runs[row], model.history()
    assert np.array_equal(ensemble.announced[row], model.announced[:, :, 0])
    assert np.array_equal(ensemble.announced[row], history.announced)
    assert list(ensemble.names) == list(history.outcomes) == list(model.outcomes())
    assert np.array_equal(ensemble.outcomes[row], [*model.outcomes().values()], equal_nan=True)
    for table in ("events", "steps", "states"):
        of_all = getattr(ensemble, table)()
        known = of_all[of_all["run"] == number].drop(columns="run").reset_index(drop=True)
        pd.testing.assert_frame_equal(getattr(history, table), known, check_exact=True)
    assert model.events().equals(history.events)


@pytest.mark.parametrize("case", CASES)
def test_a_run_day_by_day_is_that_run_of_the_ensemble(world, case):
    ensemble = simulate(world, config_of(CASES[case]), runs=[0, 7], record="states")
    for row, number in enumerate(ensemble.runs.tolist()):
        check_same(ensemble, row, day_by_day(ensemble.setting, number))


def test_a_run_day_by_day_keeps_a_longer_log_than_there_was_room_for(world, monkeypatch):
    ensemble = simulate(world, config_of({}), runs=[0], record="states")
    monkeypatch.setattr(run, "ROOM", 128)
    assert len(ensemble.events()) > 256
    check_same(ensemble, 0, day_by_day(ensemble.setting, 0))


def test_all_settings_are_compiled_for_once(world):
    """A setting with arrays of another kind would have to wait for the compiler a second time."""
    sizes = [
        {"scenario": {"targets": {"RUS": 1.0}}},
        {"scenario": {"only": ["USA"], "measures": ["swift_exclusion"]}},
        {"scenario": {"without": ["DEU", "FRA", "ITA", "POL", "HUN", "LTU", "NLD"]}},
    ]
    settings = [prepare(world, config_of(changes)) for changes in [*CASES.values(), *sizes]]
    assert len({record_of(inputs_of(setting))._numba_type_ for setting in settings}) == 1
    assert len({SanctionsModel(setting).engine.state._numba_type_ for setting in settings}) == 1


@given(st.data())
@settings(
    max_examples=int(os.environ.get("EXAMPLES", "6")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink a world takes an hour
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_random_worlds_rules_scenarios_and_step_lengths_give_one_model(world, data):
    config = random_config(data.draw)
    drawn = random_world(world, data.draw(st.integers(0, 2**32 - 1)))
    try:
        setting = prepare(drawn, config)
    except InputError:  # in this world the script asks for what cannot be done
        config.scenario.script = []
        setting = prepare(drawn, config)
    check_same(simulate_setting(setting, [3], record="states"), 0, day_by_day(setting, 3))


def random_config(draw) -> Config:
    """Draw a configuration: every number of these groups anywhere in its range."""
    config = Config()
    for group in (
        "coordination", "rule", "reluctance", "evasion", "response", "third", "society", "currency",
    ):  # fmt: skip
        part = getattr(config, group)
        for parameter in dataclasses.fields(part):
            if not {"low", "high"} <= set(parameter.metadata) or not draw(st.booleans()):
                continue
            value = getattr(part, parameter.name)
            low, high = parameter.metadata["low"], parameter.metadata["high"]
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            # Ranges are wide; near the default is where a model lives.
            reach = max(abs(value), 1.0)
            low, high = max(low, value - reach), min(high, value + reach)
            if isinstance(value, int):
                found = draw(st.integers(math.ceil(low), math.floor(high)))
            else:
                found = low + draw(st.integers(0, 100)) / 100 * (high - low)
            setattr(part, parameter.name, found)
    config.rule.name = draw(st.sampled_from(RULES))
    config.economy.horizon = draw(st.sampled_from(("path", "short_run", "long_run")))
    config.coordination.institution = draw(st.booleans())
    config.coordination.consultation = draw(st.booleans())
    config.coordination.positions = draw(st.booleans())
    config.coordination.council_rule = draw(st.sampled_from(("unanimity", "majority")))
    config.coordination.veto_players = draw(st.sampled_from(([], ["HUN"], ["DEU", "POL"])))
    config.scenario.targets = draw(st.sampled_from(({"RUS": 1.0}, {"RUS": 1.0, "BLR": 0.2})))
    config.scenario.step_days = draw(st.sampled_from((1, 5, 7, 14)))
    config.scenario.steps = draw(st.integers(20, 90)) // config.scenario.step_days + 1
    config.scenario.imposed = draw(
        st.sampled_from(({}, {"full_embargo": "2022-02-25"}, {"swift_exclusion": "2022-02-24"}))
    )
    config.scenario.script = draw(st.lists(st.sampled_from(SCRIPTED), max_size=8))
    config.seed = draw(st.integers(0, 2**40))
    return config


def random_world(world, seed: int):
    """Return a world whose states differ at random from ours, and whose trade stays."""
    generator = np.random.default_rng(seed)
    n = len(world.states)
    return dataclasses.replace(
        world,
        democracy=generator.random(n),
        ideal_point=generator.normal(size=n),
        crypto_index=generator.random(n),
        flights=generator.random(n) < 0.8,
        overflight=generator.random(n),
        positions=tuple(
            Position(str(state), measure.code, int(generator.integers(0, 40)), bool(exempt))
            for state, measure, exempt in zip(
                generator.choice(world.states, len(world.measures)),
                world.measures,
                generator.integers(0, 2, len(world.measures)),
                strict=True,
            )
        ),
    )


def test_an_exact_equilibrium_at_the_end_is_the_same_for_one_run_and_for_many(world):
    config = config_of({"scenario": {"steps": 6}, "economy": {"name": "exact"}})
    ensemble = simulate(world, config, runs=[0, 1], record="states")
    check_same(ensemble, 1, day_by_day(ensemble.setting, 1))
    solved, fast = ensemble.outcome("exact_loss_RUS"), ensemble.outcome("loss_RUS")
    assert solved == pytest.approx(fast, rel=0.15)
    assert (solved != fast).all()


@pytest.mark.parametrize(("end", "horizon"), list(enumerate(("short_run", "long_run"))))
def test_words_cost_nothing_and_what_is_left_is_the_closed_border(world, end, horizon):
    config = config_of(
        {
            "scenario": {"steps": 1, "measures": ["condemnation"]},
            "economy": {"name": "exact", "horizon": horizon},
        }
    )
    ensemble = simulate(world, config, runs=3)
    setting, economy = ensemble.setting, economy_at(world, float(end))
    cost = np.ones(economy.tariff.shape)
    for closer, target in itertools.product(setting.closers, setting.targets):
        cost[:, closer, target] = cost[:, target, closer] = np.inf
    border = 100.0 * (1.0 - solve(economy, cost=cost).welfare[setting.targets])
    for code, lost in zip(setting.config.scenario.targets, border, strict=True):
        assert lost > 0.0
        assert ensemble.outcome(f"exact_loss_{code}") == pytest.approx(lost, rel=1e-6)


def test_a_run_is_the_same_alone_in_company_and_on_any_number_of_threads(world):
    config = config_of({"scenario": {"steps": 4}})
    alone = simulate(world, config, runs=[5], threads=1)
    company = simulate(world, config, runs=8, threads=2)
    assert np.array_equal(alone.outcomes[0], company.outcomes[5], equal_nan=True)
    assert np.array_equal(alone.announced[0], company.announced[5])
    assert not np.array_equal(company.announced[4], company.announced[5])
    assert company.to_frame().shape == (8, 1 + len(company.names))


def test_what_it_cannot_do_it_says_in_one_line(world):
    with pytest.raises(InputError, match=r"record=outcomes.*record=events"):
        simulate(world, config_of({"scenario": {"steps": 1}}), runs=1).events()
    with pytest.raises(InputError, match="at least one run"):
        simulate(world, Config(), runs=0)
    with pytest.raises(InputError, match="record 'steps_' is unknown; did you mean 'steps'"):
        simulate(world, Config(), runs=1, record="steps_")
    with pytest.raises(InputError, match="outcome 'loss_USA' is unknown"):
        simulate(world, config_of({"scenario": {"steps": 1}}), runs=1).outcome("loss_USA")
    with pytest.raises(InputError, match="a history is that of one run; these are 2"):
        simulate(world, config_of({"scenario": {"steps": 1}}), runs=2, record="states").history()
