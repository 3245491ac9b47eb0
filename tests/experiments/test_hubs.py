"""What is known of the small hubs' trade is met, and the rest fills the totals by partner."""

from __future__ import annotations

import numpy as np
import pytest
from world_build import hubs
from world_build.network import CARVED, GOODS, SECTORS
from world_build.states import CODES

from sim.economy.baseline import world_economy

ORES, SHOES = hubs.OTHER_GOODS.index("metals"), hubs.OTHER_GOODS.index("other_manufacturing")


def test_what_is_not_named_meets_both_sums():
    prior = np.zeros((3, len(hubs.OTHER_GOODS)))
    prior[:, [ORES, SHOES]] = [[1.0, 3.0], [2.0, 2.0], [0.0, 4.0]]
    fixed, sums = np.zeros(prior.shape), np.zeros(len(hubs.OTHER_GOODS))
    fixed[0, ORES], sums[ORES] = 5.0, 9.0
    rest = hubs._rest(prior, fixed, sums)
    assert rest.sum(axis=1) == pytest.approx(prior.sum(axis=1))
    # 9 are named in all and 5 of them with one; of the other 8 a quarter are ores, as in the prior.
    assert rest[:, ORES].sum() == pytest.approx(9.0 - 5.0 + 8.0 * 3.0 / 12.0)
    assert rest[2, ORES] == 0.0


def test_without_a_sum_named_the_rest_is_the_prior():
    prior = np.arange(12.0).reshape(2, -1)
    assert hubs._rest(prior, np.zeros_like(prior), np.zeros(prior.shape[1])) is prior


def test_each_fact_names_a_hub_a_sector_and_a_range_that_holds_its_value():
    for row in (*hubs.OTHER_FUELS, *hubs.HOME_FUELS, *hubs.NAMED):
        assert {row.seller, row.buyer} & set(CARVED), row
        assert {row.seller, row.buyer} <= {*CODES, hubs.ALL}, row
        assert row.sector in SECTORS[GOODS], row
        assert row.low <= row.usd_mn <= row.high, row
        assert row.status in ("read", "derived", "recalled", "assumption"), row
        assert row.source, row


@pytest.fixture(scope="module")
def flows(world):
    """Return sales by sector, (seller, buyer), USD mn."""
    economy = world_economy(world, balance=False)
    return dict(zip(economy.sectors, economy.flows().transpose(0, 2, 1), strict=True))


@pytest.mark.parametrize("code", CARVED)
def test_the_shipped_hubs_trade_next_to_no_crude(world, flows, code):
    n = world.index(code)
    abroad = np.arange(len(world.states)) != n
    assert flows["oil"][abroad, n].sum() < 1.0
    assert flows["oil"][n, abroad].sum() < 1.0


@pytest.mark.parametrize(
    ("hub", "sector", "share"),
    [("KGZ", "refined_petroleum", 0.9), ("ARM", "refined_petroleum", 0.75),
     ("ARM", "pipeline_gas", 0.85), ("KGZ", "pipeline_gas", 0.9)],
)  # fmt: skip
def test_russia_has_the_share_of_imports_that_is_known(world, flows, hub, sector, share):
    n = world.index(hub)
    imports = np.delete(flows[sector][:, n], n)
    assert flows[sector][world.index("RUS"), n] / imports.sum() == pytest.approx(share, abs=0.01)


def test_named_goods_are_in_the_shipped_trade(world, flows):
    for row in (*hubs.NAMED, *hubs.OTHER_FUELS):
        sectors = ("oil", "pipeline_gas", "lng") if row.sector == "oil_gas" else (row.sector,)
        sold = sum(flows[name] for name in sectors) * (1.0 - np.eye(len(world.states)))
        i = slice(None) if row.seller == hubs.ALL else world.index(row.seller)
        n = slice(None) if row.buyer == hubs.ALL else world.index(row.buyer)
        assert np.sum(sold[i, n]) >= 0.99 * row.usd_mn, row
