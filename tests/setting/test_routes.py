"""Who lies on a way around: purchases from the senders, distance and ties, nothing of its sales."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.config import Config
from sim.errors import InputError
from sim.setting import prepare
from sim.setting.routes import nearness, purchases, same_union

FLAT = ("distance_elasticity", "border_effect", "language_effect", "colony_effect", "union_effect")


def shares(world, **evasion):
    """Return the share of every state in the ways to Russia, and the setting."""
    config = Config()
    for name, value in evasion.items():
        assert hasattr(config.evasion, name)
        setattr(config.evasion, name, value)
    setting = prepare(world, config)
    return setting.third_parties.carrier_share[0], setting


def test_only_who_may_carry_does_and_shares_sum_to_one(world):
    share, setting = shares(world)
    assert share.sum() == pytest.approx(1.0)
    carriers = [world.states[n] for n in np.flatnonzero(share)]
    assert set(carriers) == {"BLR", "CHN", "IND", "TUR", "ARE", "KAZ", "ARM", "GEO", "KGZ"}
    back = setting.third_parties.carrier_share[1]
    assert back[world.index("RUS")] > 0.0 == back[world.index("BLR")]


def test_without_gravity_shares_are_those_in_what_is_bought_of_the_senders(world):
    share, setting = shares(world, **dict.fromkeys(FLAT, 0.0))
    bought = purchases(setting.exposure, setting.senders, setting.targets)[0]
    at = share > 0.0
    assert share[at] == pytest.approx(bought[at] / bought[at].sum())
    assert (nearness(world, setting.config.evasion, setting.targets)[0][at] == 1.0).all()


def test_purchases_are_weighed_by_what_the_target_bought(world):
    _, setting = shares(world)
    exposure, russia = setting.exposure, world.index("RUS")
    bought = purchases(exposure, setting.senders, setting.targets)[0]
    goods = [name != "services" for name in exposure.sectors]
    sold = exposure.flow_bn[setting.senders].sum(axis=0)[:, goods]
    others = np.delete(np.arange(len(world.states)), [*setting.senders, russia])
    assert bought[others].sum() == pytest.approx(sold[russia].sum())
    assert not bought[setting.senders].any()
    assert bought[russia] == 0.0
    assert bought[world.index("TUR")] > bought[world.index("KAZ")] > bought[world.index("ARM")]


def test_the_elasticities_give_the_ratio_of_two_states(world):
    near, far = (shares(world, distance_elasticity=value)[0] for value in (0.5, 1.5))
    turkey, india, russia = (world.index(code) for code in ("TUR", "IND", "RUS"))
    ratio = (near[turkey] / near[india]) / (far[turkey] / far[india])
    assert ratio == pytest.approx(
        world.apart_km[turkey, russia] / world.apart_km[india, russia], rel=1e-9
    )
    plain, united = (shares(world, union_effect=value)[0] for value in (0.0, 0.7))
    for code in ("ARM", "KAZ", "KGZ", "BLR"):
        n = world.index(code)
        assert united[n] / united[turkey] == pytest.approx(np.exp(0.7) * plain[n] / plain[turkey])


def test_a_state_that_sold_nothing_can_become_a_hub(world):
    trade = world.trade_mn.copy()
    trade[world.index("TUR"), world.index("RUS")] = 0.0
    share, _ = shares(replace(world, trade_mn=trade))
    assert share[world.index("TUR")] == pytest.approx(shares(world)[0][world.index("TUR")])


def test_a_union_is_one_without_a_customs_border(world):
    union = same_union(world)
    at = world.index
    assert union[at("ARM"), at("RUS")]
    assert union[at("DEU"), at("FRA")]
    assert not union[at("GEO"), at("RUS")]
    assert not union[at("CHN"), at("RUS")]  # both sit in a grouping


def test_a_carrier_whose_distance_is_not_known_is_named(world):
    apart = world.apart_km.copy()
    pair = [world.index("TUR"), world.index("BLR")]
    apart[pair, pair[::-1]] = np.nan
    with pytest.raises(InputError, match=r"distances\.csv: no row for TUR and the target BLR"):
        shares(replace(world, apart_km=apart))
