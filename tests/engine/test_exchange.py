"""The phase of the currencies: what it reads of the day, and that nothing moves without cause."""

import ctypes

import numpy as np
import pytest

from sim.config import Config
from sim.economy.currency import Base, Drivers, felt_after, log_rate, weights_of
from sim.engine.day import PHASES, order_of
from sim.engine.run import Run
from sim.setting import prepare
from sim.world import load

PLACE = 1 + [phase.name for phase in PHASES].index("exchange")  # the reset comes first
WEEK = 7


@pytest.fixture
def run():
    return begin("flat")


def begin(energy_prices):
    """Return a run in which markets have found what the targets export at the first day's prices.

    Without events of the war, and nothing is lost.
    """
    config = Config()
    config.scenario.world_events = False
    config.economy.energy_prices = energy_prices
    run = Run(prepare(load("march_2022"), config), config.seed)
    energy = run._inputs.energy
    paid = 1.0 + energy.markets.follows * (energy.paid[0] - 1.0)
    run.state.effect.export_bn[:] = run._inputs.foreign.exports_bn * paid
    return run


def step(run):
    """Carry out the phase alone, at the end of the first step."""
    run.state.clock.day = WEEK - 1
    address = int(order_of(run._inputs, run.state)[PLACE, 0])
    phase = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(address)
    phase(run._inputs.address, run.state.address)
    return run.state.effect.log_rate


def base_of(run, t):
    foreign, setting = run._inputs.foreign, run.setting
    flow, home = setting.exposure.flow_bn, setting.targets[t]
    bought = np.delete(flow[:, home], home, axis=0).sum()
    others = foreign.exports_bn[t][~foreign.is_fuel].sum()
    return Base(bought, others, setting.world.gdp_bn[home], setting.world.reserves_bn[home])


def test_without_measures_and_events_no_rate_moves(run):
    assert step(run).tolist() == [0.0, 0.0]


def test_what_the_markets_say_comes_in_by_fuels_and_by_the_rest(run):
    foreign, effect = run._inputs.foreign, run.state.effect
    effect.export_bn[:] = foreign.exports_bn * np.where(foreign.is_fuel, 1.3, 0.9)
    felt = felt_after(0.0, 1.0, 7.0, 30.0)
    rates, weights = step(run).copy(), weights_of(run.setting.config.currency)
    for t in range(2):
        fuels = 0.3 * foreign.exports_bn[t][foreign.is_fuel].sum()
        base = base_of(run, t)
        drivers = Drivers(felt * fuels, -0.1 * felt * base.others, 0.0, 0.0, 0.0, 0.0, 0.0)
        assert rates[t] == pytest.approx(log_rate(drivers, base, weights), rel=1e-12)
    assert rates[0] < 0.0 < rates[1]  # Belarus has few fuels to sell


def test_imports_lost_are_those_of_the_day_that_nobody_else_sells(run):
    run.state.effect.lost[:, 0] = 0.9
    run.state.effect.unreplaced[:] = 0.4
    rates, weights = step(run).copy(), weights_of(run.setting.config.currency)
    lost = felt_after(0.0, 0.4, 7.0, 30.0)
    for t in range(2):
        drivers = Drivers(0.0, 0.0, lost, 0.0, 0.0, 0.0, 0.0)
        assert rates[t] == pytest.approx(log_rate(drivers, base_of(run, t), weights), rel=1e-12)
    assert (rates < 0.0).all()


def test_prices_that_had_risen_before_the_first_day_are_in_the_rate_before():
    run = begin("record")
    foreign, energy = run._inputs.foreign, run._inputs.energy
    markets = energy.markets
    risen = markets.exported_bn * markets.follows * (energy.paid[0] - 1.0)
    before, others = foreign.fuels_before_bn, foreign.others_before_bn
    assert before == pytest.approx(risen[:, foreign.is_fuel].sum(axis=1), rel=1e-12)
    assert others == pytest.approx(risen[:, ~foreign.is_fuel].sum(axis=1), rel=1e-12)
    assert before[0] > 50.0  # oil had risen by a third over the mean of 2021
    assert others[0] > 5.0  # grain by a quarter, fertilisers by half
    assert run.state.effect.fuels_change.tolist() == before.tolist()
    assert run.state.effect.others_change.tolist() == others.tolist()
    assert step(run) == pytest.approx([0.0, 0.0], abs=1e-14)
    run.state.effect.export_bn[:] = run._inputs.foreign.exports_bn  # back at the prices of 2021
    assert step(run)[0] > 0.01


def test_controls_and_the_policy_rate_act_from_the_day_of_issue(run):
    issued, positions = run.state.target.issued, run._inputs.positions
    effect, weights = run.state.effect, weights_of(run.setting.config.currency)
    effect.precaution[:] = effect.sought[:] = 1.0
    before = step(run).copy()
    for answer in (positions.controls, positions.rate):
        effect.precaution[:] = effect.sought[:] = 1.0
        issued[0, answer] = 2
        after = step(run).copy()
        assert after[0] < before[0]
        assert after[1] == before[1]
        before = after
    assert weights.controls > 0.0


def test_the_fuels_of_the_world_are_found(run):
    sectors, foreign = run.setting.exposure.sectors, run._inputs.foreign
    fuels = {name for name, fuel in zip(sectors, foreign.is_fuel, strict=True) if fuel}
    assert fuels == {"coal", "oil", "pipeline_gas", "lng", "refined_petroleum"}
    assert 240.0 < foreign.exports_bn[0][foreign.is_fuel].sum() < 280.0  # 263 in 2021


def test_frozen_reserves_are_told_in_dollars(run):
    foreign = run._inputs.foreign
    assert foreign.reserves_bn.tolist() == [630.0, 8.0]
    effect = run.state.effect
    effect.precaution[:] = effect.sought[:] = 0.8
    free = step(run).copy()
    effect.precaution[:] = effect.sought[:] = 0.8
    effect.frozen[0] = 0.5
    frozen = step(run).copy()
    assert frozen[0] > free[0]
    assert frozen[1] == free[1]
