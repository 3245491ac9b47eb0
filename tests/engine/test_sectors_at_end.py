"""Who loses what in which sector as runs end: sums that must hold, and what is not there."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.config import Config
from sim.economy.equilibrium import NotConverged
from sim.economy.shocks import EXPORT, IMPORT
from sim.engine import exact, sectors, simulate
from sim.engine.results import trade_at_end
from sim.errors import InputError
from sim.model import SanctionsModel
from sim.outcomes import BESIDE_SECTORS, OF_SECTOR
from sim.setting import prepare

KEYS = ["run", "state", "sector"]


def config_of(**levers) -> Config:
    config = Config()
    config.scenario.steps = 16
    for key, value in levers.items():
        group, name = key.split("__")
        assert hasattr(getattr(config, group), name)
        setattr(getattr(config, group), name, value)
    return config


@pytest.fixture(scope="module")
def ensemble(world):
    """Return two runs in which something is shared and paid."""
    sharing = {"coordination__burden_sharing": 0.5, "coordination__side_payments_bn": 5.0}
    return simulate(world, config_of(**sharing), [0, 7], record="sectors")


@pytest.fixture(scope="module")
def table(ensemble):
    return ensemble.sectors()


@pytest.fixture(scope="module")
def solved(ensemble):
    """Return the economy and the equilibrium at the end of the second run."""
    ends = trade_at_end(ensemble.results)
    return exact.equilibrium_at_end(ensemble.setting, {k: v[1] for k, v in ends.items()})


def test_there_is_one_row_per_run_state_and_sector_and_for_what_is_no_sectors(ensemble, table):
    setting = ensemble.setting
    assert list(table.columns) == ["run", "state", "role", "sector", *(q.name for q in OF_SECTOR)]
    rows = setting.exposure.sectors + BESIDE_SECTORS
    known = pd.MultiIndex.from_product([[0, 7], setting.world.states, rows], names=KEYS)
    assert pd.MultiIndex.from_frame(table[KEYS]).equals(known)
    assert dict(zip(table["state"], table["role"], strict=True)) == dict(
        zip(setting.world.states, setting.roles, strict=True)
    )


def test_parts_sum_to_the_loss_that_the_engine_reports_after_transfers(ensemble, table):
    states = ensemble.states()
    last = states[states["step"] == states["step"].max()].set_index(["run", "state"])
    summed = table.groupby(["run", "state"], sort=False)[["loss", "loss_bn"]].sum()
    assert summed["loss"].to_numpy() == pytest.approx(last["loss"].to_numpy(), abs=1e-10)
    assert summed["loss_bn"].to_numpy() == pytest.approx(last["loss_bn"].to_numpy(), abs=1e-8)
    received = table[table["sector"] == "transfers"]["loss_bn"].to_numpy()
    assert received == pytest.approx(-last["transfer_bn"].to_numpy(), abs=1e-10)
    assert np.abs(received).max() > 0.1


def test_each_part_has_its_cause(world):
    config = config_of(scenario__measures=["condemnation"], response__intercept=-30.0)
    losses = simulate(world, config, 1, record="sectors").sectors().groupby("sector")["loss"]
    largest = losses.agg(lambda values: values.abs().max())
    assert largest.drop("closed_borders").max() == pytest.approx(0.0, abs=1e-12)
    assert largest["closed_borders"] > 0.1


def test_what_the_world_sells_abroad_it_buys_abroad(table):
    traded = table.groupby(["run", "sector"])[["exports_bn", "imports_bn"]].sum()
    assert traded["exports_bn"].to_numpy() == pytest.approx(
        traded["imports_bn"].to_numpy(), abs=1e-8
    )
    assert traded["exports_bn"].min() < -1.0


def test_exports_less_imports_move_by_what_is_paid(ensemble, table):
    trade = table[table["run"] == 7].groupby("state", sort=False)[["exports_bn", "imports_bn"]]
    balance = trade.sum() @ [1.0, -1.0]
    paid = -ensemble.results["ends"]["payment_bn"][1]
    assert balance.to_numpy() == pytest.approx(paid, abs=1e-6)
    assert np.abs(paid).max() > 0.01


def by_state(table, column):
    """Return a column of the second run, (n_sectors, n_states)."""
    known = table[(table["run"] == 7) & ~table["sector"].isin(BESIDE_SECTORS)]
    wide = known.pivot(index="sector", columns="state", values=column)
    return wide.loc[known["sector"].unique(), known["state"].unique()].to_numpy()


def test_value_added_sums_to_what_factors_earn(table, solved):
    economy, after = solved
    earned = economy.value_added * (after.wage - 1.0) / 1e3
    assert by_state(table, "value_added_bn").sum(axis=0) == pytest.approx(earned, abs=1e-6)
    assert by_state(table, "value_added_bn").sum() == pytest.approx(0.0, abs=1e-5)


def test_output_is_what_all_buy(table, solved):
    economy, after = solved
    sold = (after.flows() - economy.flows()).sum(axis=1) / 1e3
    assert by_state(table, "output_bn") == pytest.approx(sold, abs=1e-9)
    value, volume = (1.0 + by_state(table, name) / 100.0 for name in ("output", "output_volume"))
    made = np.isfinite(value)
    assert (value / volume)[made] == pytest.approx(after.unit_cost[made], rel=1e-12)


def test_prices_over_wages_weighted_by_consumption_are_the_real_wage(table, solved):
    economy, after = solved
    logs = np.log1p(by_state(table, "price") / 100.0)
    real_wage = np.exp(-(economy.consumption_share * logs).sum(axis=0))
    assert real_wage == pytest.approx(after.real_wage, rel=1e-10)


def test_a_run_day_by_day_has_the_sectors_of_that_run_of_the_ensemble(ensemble, table):
    setting = ensemble.setting
    model = SanctionsModel(setting, seed=setting.config.seed, run=7)
    model.advance(1)
    assert model.history().sectors is None
    config = copy.deepcopy(setting.config)
    config.record = "sectors"
    model = SanctionsModel(replace(setting, config=config), seed=config.seed, run=7)
    model.advance(setting.n_days)
    found = model.history().sectors
    known = table[table["run"] == 7].drop(columns="run").reset_index(drop=True)
    pd.testing.assert_frame_equal(found, known, check_exact=True)


def test_without_an_equilibrium_losses_are_still_there(ensemble, table, monkeypatch):
    def fail(*_):
        raise NotConverged(1.0, 1000, "none")

    monkeypatch.setattr(sectors, "equilibrium_at_end", fail)
    found = ensemble.sectors()
    pd.testing.assert_series_equal(found["loss"], table["loss"])
    assert found[["output", "exports_bn", "price"]].isna().all(axis=None)


def test_what_was_not_recorded_is_refused_and_costs_nothing(world, monkeypatch):
    few = simulate(world, config_of(scenario__steps=1), 1, record="states")
    with pytest.raises(InputError, match=r"sectors.*record=states.*record=sectors"):
        few.sectors()
    assert few.history().sectors is None
    assert not few.results["ends"]["covered"].size


def test_a_sector_is_as_old_as_the_cuts_of_the_target_that_loses_most_in_it_both_ways(world):
    """The first target loses 3 and 3 of exports and imports, the second 4 of its imports alone."""
    config = config_of(scenario__targets={"RUS": 1.0, "BLR": 0.5})
    setting = prepare(world, config)
    i, (one, other) = setting.senders[0], setting.targets
    flow_bn, n = setting.exposure.flow_bn, len(setting.exposure.sectors)
    covered = np.zeros((2, len(setting.senders), 2, 3, n))
    wanted = (one, EXPORT, 3.0), (one, IMPORT, 3.0), (other, EXPORT, 4.0)
    traded = {(one, EXPORT): flow_bn[i, one], (one, IMPORT): flow_bn[one, i]}
    traded[other, EXPORT] = flow_bn[i, other]
    unit = 0.9 * np.min([traded[t, way] / parts for t, way, parts in wanted], axis=0)
    for t, way, parts in wanted:
        flow = traded[t, way]
        share = np.divide(parts * unit, flow, out=np.zeros(n), where=flow > 0.0)
        covered[:, 0, int(t == other), way] = share
    end = {
        "covered": covered,
        "leak": np.zeros(2),
        "held": np.zeros((len(setting.senders), 2, 2, n)),
        "withheld": np.zeros((2, 2)),
        "withheld_third": np.zeros((2, 2)),
        "maturity": np.array([[0.2], [0.7]]) * np.ones(n),
        "closure": 0.4,
    }
    assert (unit > 0.0).sum() > 1
    assert exact.sector_maturity(setting, end)[unit > 0.0] == pytest.approx(0.2)
    more = end | {"covered": covered * np.array([0.1, 1.0])[:, None, None]}
    assert exact.sector_maturity(setting, more)[unit > 0.0] == pytest.approx(0.7)
