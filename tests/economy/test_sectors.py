"""What a world says of its sectors."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.economy.baseline import world_economy
from sim.economy.sectors import DEFAULTS, sectors_of
from sim.world import load
from sim.world.catalogue import PROPERTIES


def test_every_property_has_a_default_in_its_range():
    for cells, value in PROPERTIES.values():
        assert cells.parse(repr(value)) == value


def test_properties_come_in_the_order_of_the_economy(world):
    found, sectors = sectors_of(world), world_economy(world).sectors
    for name, values in found._asdict().items():
        assert values.shape == (len(sectors),), name
    for fact in world.sector_facts:
        assert getattr(found, fact.property)[sectors.index(fact.sector)] == fact.value
    assert found.short_run.argmin() == sectors.index("pipeline_gas")


def test_a_sector_of_which_nothing_is_said_takes_the_defaults(world):
    services = world_economy(world).sectors.index("services")
    assert sectors_of(world).tax_take[services] == DEFAULTS["tax_take"]


def test_goods_take_the_path_of_boehm_levchenko_and_pandalai_nayar(world):
    """0.76 after one year of 2.0 in the long run, if the first day has a quarter of it."""
    found, at = sectors_of(world), world_economy(world).sectors.index("machinery")
    left = math.exp(-365.0 / found.adjustment_days[at])
    inverse = 1.0 + (1.0 / found.short_run[at] - 1.0) * left
    assert 1.0 / inverse == pytest.approx(0.76 / 2.0, rel=1e-3)


def test_gas_by_pipe_has_a_trade_elasticity_of_0_3_on_the_first_day(world):
    economy, found = world_economy(world), sectors_of(world)
    at = economy.sectors.index("pipeline_gas")
    assert found.short_run[at] * economy.theta[at] == pytest.approx(0.3)


def test_fuels_of_2021_pay_the_treasury_what_it_received(world):
    """Oil and gas revenue of Russia's federal budget in 2021: USD 123 bn (Ministry of Finance)."""
    economy, found = world_economy(world, balance=False), sectors_of(world)
    russia = world.index("RUS")
    abroad = np.arange(len(world.states)) != russia
    exports = economy.flows()[:, abroad, russia].sum(axis=1) / 1000.0
    revenue = (found.tax_take * (1.0 - found.cost_share) * exports).sum()
    assert revenue == pytest.approx(123.0, rel=0.05)


def test_the_world_of_2014_has_its_own_rows():
    crimea = load("crimea_2014")
    found, sectors = sectors_of(crimea), world_economy(crimea).sectors
    assert found.withheld_import[sectors.index("oil_gas")] == 0.0
    assert crimea.energy_prices == ()
