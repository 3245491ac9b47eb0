"""Oil, pipeline gas and LNG of the shipped world: where they flow, and what Russia sells."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from sim.economy.baseline import world_economy

USD_PER_EUR = 1.1827
WITHOUT_COAST = ("HUN", "CHE", "BLR", "KAZ", "ARM", "KGZ")
NO_PIPE = ("JPN", "KOR", "USA", "AUS", "IND")


@pytest.fixture(scope="module")
def flows(world):
    """Return sales by fuel, (seller, buyer), USD mn."""
    economy = world_economy(world, balance=False)
    found = economy.flows().transpose(0, 2, 1)
    return {name: found[economy.sectors.index(name)] for name in economy.sectors}


def test_what_cannot_flow_does_not(world, flows):
    for code in WITHOUT_COAST:
        at = world.index(code)
        for sold in (flows["lng"][:, at], flows["lng"][at]):
            assert sold.sum() - flows["lng"][at, at] == 0.0, code
    russia = world.index("RUS")
    for code in NO_PIPE:
        assert flows["pipeline_gas"][russia, world.index(code)] == 0.0, code
    for code in ("JPN", "KOR"):
        at = world.index(code)
        assert flows["pipeline_gas"][:, at].sum() == flows["pipeline_gas"][at, at], code


def test_every_state_spends_a_little_on_every_fuel(world, flows):
    for name in ("oil", "pipeline_gas", "lng"):
        assert (flows[name].sum(axis=0) > 0.0).all(), name


@pytest.mark.parametrize(
    ("fuel", "buyer", "mn_eur"),
    [
        ("oil", "CHN", 36_855),
        ("pipeline_gas", "CHN", 849),
        ("lng", "CHN", 2_512),
        ("oil", "ITA", 2_383),
        ("pipeline_gas", "ITA", 9_687),
        ("oil", "POL", 6_116),
        ("lng", "JPN", 3_070),
        ("lng", "NLD", 1_589),
        ("pipeline_gas", "HUN", 1_699),
    ],
)
def test_russia_sells_what_crea_counts(world, flows, fuel, buyer, mn_eur):
    sold = flows[fuel][world.index("RUS"), world.index(buyer)]
    assert sold == pytest.approx(mn_eur * USD_PER_EUR, rel=2e-3)


def test_sales_of_each_pair_are_oil_where_no_gas_flows(world, flows):
    """The Emirates have a pipe to Oman only and Australia sells gas by ship alone."""
    at = world.index("AUS")
    abroad = np.arange(len(world.states)) != at
    assert flows["pipeline_gas"][at, abroad].sum() == 0.0
    assert flows["lng"][at, abroad].sum() > 20_000.0


def test_refineries_buy_crude_and_power_plants_gas(world):
    economy = world_economy(world)
    inputs = economy.intermediate_share[:, :, world.index("DEU")]
    oil, pipe, refined, services = (
        economy.sectors.index(name)
        for name in ("oil", "pipeline_gas", "refined_petroleum", "services")
    )
    assert inputs[oil, refined] > 10.0 * inputs[pipe, refined]
    assert inputs[pipe, services] > 10.0 * inputs[oil, services]


def test_the_report_names_every_fuel(world):
    with (world.folder / "balancing.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for fuel in ("coal", "oil", "pipeline_gas", "lng", "refined_petroleum"):
        ratios = [float(row["ratio"]) for row in rows if row["quantity"] == f"{fuel}, CREA"]
        assert len(ratios) > 5
        assert np.median(ratios) == pytest.approx(1.0, abs=1e-3), fuel
