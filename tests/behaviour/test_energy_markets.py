"""World prices of energy answer to what is cut, and money moves by them; nothing is created."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from rents import rents
from watching import CALM, steps, take

from sim.economy.baseline import world_economy
from sim.economy.sectors import sectors_of
from sim.economy.shocks import EXPORT
from sim.model import SanctionsModel
from sim.rules import energy as rules
from sim.setting.energy import markets_of

BANS, CAP = ("oil_import_ban", "gas_import_ban"), "oil_price_cap"
PROPERTIES = {"supply_elasticity": 0.1, "demand_elasticity": 0.2, "rerouted": 0.5,
              "rerouting_days": 60.0, "tax_take": 0.6, "cost_share": 0.3}  # fmt: skip
FUELS = ("oil", "pipeline_gas", "refined_petroleum")


@pytest.fixture(scope="module")
def run(begin):
    """Return a function: a run in which all senders do the same in March and nothing else.

    Fuels have the same round properties, whatever the world's table says; `properties` differ.
    """

    def run(measures, days=240, properties=None, **levers):
        given = {"economy__energy_prices": "flat", "evasion__leak_max": 0.0} | levers
        setting = begin(
            **CALM,
            **given,
            scenario__measures=list(measures),
            society__backslide=0.0,
            step_days=30,
            days=days,
        ).setting
        energy = with_properties(setting, PROPERTIES | (properties or {}))
        model = SanctionsModel(dataclasses.replace(setting, energy=energy), seed=7)
        model.step()
        for sender in model.senders:
            for measure in measures:
                take(model, sender.code, measure)
        return steps(model, days // 30 - 1)

    return run


def with_properties(setting, properties):
    sectors, names = setting.energy.sectors, setting.exposure.sectors
    places = [names.index(fuel) for fuel in FUELS]
    changed = {}
    for name, number in properties.items():
        changed[name] = np.zeros(len(names)) if "elasticity" in name else getattr(sectors, name) + 0
        changed[name][places] = number
    takes_none = np.array([name not in FUELS for name in names])
    changed["tax_take"][takes_none] = 0.0
    sectors = sectors._replace(**changed)
    step = setting.config.scenario.step_days
    return setting.energy._replace(
        sectors=sectors,
        markets=setting.energy.markets._replace(fuels=np.array(places)),
        reroutes=-np.expm1(-step / sectors.rerouting_days),
    )


def effect(model):
    return model.engine.state.effect


def of(model, code):
    return model.setting.world.index(code)


def paid_by_russia(model):
    return -effect(model).payment_bn[of(model, "RUS")]


def sector(model, name):
    return model.setting.exposure.sectors.index(name)


def test_a_ban_on_oil_dears_oil_and_cheapens_russia_s(run):
    model = run(BANS)
    oil, found = sector(model, "oil"), effect(model)
    assert found.price_log[oil] > 0.0
    assert 0.0 < found.discount[0, oil] < 0.6
    lost = found.export_lost[0, oil] * model.setting.energy.markets.exported_bn[0, oil]
    share = lost / model.setting.energy.markets.size_bn[oil]
    assert found.price_log[oil] == pytest.approx(rules.price_rise(share, 0.1, 0.2))
    assert found.price_log[sector(model, "machinery")] == 0.0


def test_what_is_lost_falls_to_what_finds_no_other_buyer(run):
    early, late = run(BANS, 360), run(BANS, 720)  # within a year all bans are in effect
    oil = sector(early, "oil")
    found = effect(late)
    cut = found.missing_of[0, 1, oil] * (1.0 - found.leak[0])  # paid around in cryptocurrencies
    cut /= late.setting.energy.markets.exported_bn[0, oil]
    assert effect(early).export_lost[0, oil] > effect(late).export_lost[0, oil]
    assert found.export_lost[0, oil] == pytest.approx(0.5 * cut, rel=1e-3)


def test_payments_and_windfall_sum_to_zero(run, tmp_path):
    prices = path_of(tmp_path, "2022-01,oil,1.5,assumption,")
    model = run((*BANS, CAP), economy__energy_prices=prices, evasion__leak_max=0.4)
    for moved in (effect(model).payment_bn, effect(model).windfall_bn):
        assert np.abs(moved).max() > 0.1
        assert moved.sum() == pytest.approx(0.0, abs=1e-9)


def test_dearer_oil_pays_who_exports_it_and_costs_who_imports_it(run):
    model = run(BANS)
    received = effect(model).payment_bn
    assert received[of(model, "NOR")] > 0.0 > received[of(model, "JPN")]
    assert received[of(model, "CHN")] < 0.0 < received[of(model, "ARE")]


@pytest.mark.parametrize(("lever", "worth"), [(True, 1.2), (False, 1.0)])
def test_what_is_no_fuel_is_sold_at_its_own_dated_price_if_asked(run, tmp_path, lever, worth):
    prices = path_of(tmp_path, "2022-01,chemicals,1.2,assumption,", "2022-01,oil,1.5,assumption,")
    model = run((), economy__energy_prices=prices, economy__goods_prices=lever)
    found, markets = effect(model), model.setting.energy.markets
    chemicals, oil = sector(model, "chemicals"), sector(model, "oil")
    sold = markets.exported_bn[0]
    assert found.export_bn[0, chemicals] == pytest.approx(worth * sold[chemicals])
    assert found.export_bn[0, oil] > 1.4 * sold[oil]  # fuels move in any case
    # Only fuels have a world price at which their buyers pay more.
    assert found.windfall_bn == pytest.approx(0.5 * markets.net_bn[oil])


def test_dated_prices_alone_are_a_windfall_and_no_payment(run, tmp_path):
    model = run((), economy__energy_prices=path_of(tmp_path, "2022-01,oil,1.5,assumption,"))
    oil, found = sector(model, "oil"), effect(model)
    assert not found.payment_bn.any()
    net = model.setting.energy.markets.net_bn[oil]
    assert found.windfall_bn == pytest.approx(0.5 * net)
    assert found.windfall_bn[of(model, "RUS")] > 0.0
    markets = model.setting.energy.markets
    dearer = 1.0 + 0.5 * markets.follows[0, oil]
    assert found.export_bn[0, oil] == pytest.approx(dearer * markets.exported_bn[0, oil])


def test_without_sanctions_and_flat_prices_exports_and_revenue_are_those_of_2021(run):
    model = run(())
    exported = model.setting.energy.markets.exported_bn
    assert effect(model).export_bn == pytest.approx(exported)
    fuels = exported[0, [sector(model, fuel) for fuel in FUELS]].sum()
    assert effect(model).revenue_bn[0] == pytest.approx(0.6 * 0.7 * fuels)


def test_revenue_falls_with_a_cap_and_more_with_bans(run):
    free, capped = run(()), run((CAP,))
    banned = run((*BANS, CAP))
    revenue = [effect(model).revenue_bn[0] for model in (free, capped, banned)]
    assert revenue == sorted(revenue, reverse=True)
    assert revenue[0] > revenue[1]


def test_without_a_response_rents_are_those_of_the_cap_and_premia_alone(run):
    model = run(
        (*BANS, CAP, "machinery_export_ban"),
        properties={"rerouted": 0.0},
        economy__price_response=False,
        economy__shadow_fleet=0.0,
        economy__horizon="short_run",  # premia are at the elasticities of the day
        evasion__leak_max=0.4,
    )
    found, setting, inputs = effect(model), model.setting, model.engine._inputs
    # What senders hold back comes through others, at a premium, as what they ban does; third states
    # hold back next to nothing here (nobody cuts off a bank), or goods would be dearer by it.
    assert not found.withheld_third.any()
    missing = found.covered[0].copy()
    missing[:, :, EXPORT] += found.held[:, :, EXPORT] * found.withheld[:, EXPORT, None]
    assert missing[:, :, EXPORT].sum() > 1.1 * found.covered[0][:, :, EXPORT].sum()
    expected = rents(
        found.cap,
        missing,
        found.leak,
        setting.senders,
        setting.targets,
        setting.exposure.flow_bn,
        setting.cap.capped,
        setting.cap.discount,
        setting.services,
        found.carried,
        found.premium,
        inputs.fresh.margins.target_share,
        setting.exposures.fresh.theta,
    )
    assert found.rent[0].sum() > 1.0
    assert found.rent == pytest.approx(expected)
    paid = expected.sum(axis=0)
    paid[setting.targets] -= expected.sum(axis=1)
    assert found.payment_bn == pytest.approx(paid, abs=1e-9)
    assert not found.price_log.any()
    assert not found.discount.any()


def test_a_shadow_fleet_grows_once_a_cap_or_a_ban_is_announced_and_weakens_the_cap(run):
    nobody_shuns = {"reluctance__reputation": 0.0}
    alone = run((CAP,), 720, economy__shadow_fleet=0.0, **nobody_shuns)
    evaded = run(
        (CAP,), 720, economy__shadow_fleet=0.8, economy__shadow_fleet_days=180.0, **nobody_shuns
    )
    assert effect(run((), 120)).shadow[0] == 0.0
    steps_since = 23  # the first of 24 passes before the announcement
    grown = 0.8 * -math.expm1(-steps_since * 30.0 / 180.0)
    assert effect(evaded).shadow[0] == pytest.approx(grown)
    assert paid_by_russia(evaded) == pytest.approx((1.0 - grown) * paid_by_russia(alone))


def test_a_discount_by_bans_leaves_less_to_the_cap(run):
    world_prices_stay = {"supply_elasticity": 0.0, "demand_elasticity": 0.0}
    cap, both = (run(acts, properties=world_prices_stay) for acts in ((CAP,), (*BANS, CAP)))
    assert effect(both).discount[0, sector(both, "oil")] > 0.0
    assert 0.0 <= paid_by_russia(both) < paid_by_russia(cap)


def test_gas_in_pipes_is_a_market_of_those_whom_the_pipes_reach(world, begin):
    setting = begin().setting
    gas = setting.exposure.sectors.index("pipeline_gas")
    markets = markets_of(world, setting.targets)
    everywhere = world_economy(world, balance=False).flows()[gas].sum() / 1000.0
    assert markets.size_bn[gas] < 0.5 * everywhere
    assert markets.bought[gas, world.index("JPN")] == 0.0
    assert markets.bought[gas, world.index("USA")] == 0.0
    assert markets.bought[gas, world.index("DEU")] > 0.0
    assert markets.net_bn.sum(axis=1) == pytest.approx(0.0, abs=1e-9)


def test_losing_all_russian_oil_dears_oil_within_what_was_published(world, begin):
    # At least a sixth (elasticities of Baumeister and Hamilton, test_energy.py of the rules), at
    # most from 105 to 185 dollars (JPMorgan, April 2022, via Bloomberg: 4 mb/d without a buyer).
    setting = begin().setting
    oil, facts = setting.exposure.sectors.index("oil"), sectors_of(world)
    markets = setting.energy.markets
    share = markets.exported_bn[0, oil] / markets.size_bn[oil]
    assert 0.05 < share < 0.1  # 8 percent of world production (Kilian and Plante 2022)
    rise = rules.price_rise(share, facts.supply_elasticity[oil], facts.demand_elasticity[oil])
    assert 0.16 < math.expm1(rise) < 0.76


def path_of(folder, *rows):
    file = folder / "prices.csv"
    file.write_text("\n".join(("month,sector,price,status,source", *rows)) + "\n")
    return str(file)


def test_gas_has_one_market_for_all_who_are_served_by_the_sellers_of_those_whom_russia_reaches(
    world,
):
    markets = markets_of(world, np.array([world.index("RUS"), world.index("BLR")]))
    gas = world_economy(world).sectors.index("pipeline_gas")
    bought = dict(zip(world.states, markets.bought[gas], strict=True))
    assert all(bought[code] > 0.0 for code in ("DEU", "POL", "GBR", "FRA"))
    assert not any(bought[code] for code in ("USA", "CHN", "JPN", "ARM", "BLR"))
    net = dict(zip(world.states, markets.net_bn[gas], strict=True))
    assert net["NOR"] > 0.0 > net["GBR"]


def test_who_buys_at_another_price_pays_no_rise_and_its_seller_gets_none(world):
    targets = np.array([world.index("RUS"), world.index("BLR")])
    linked = markets_of(world, targets)
    free = markets_of(dataclasses.replace(world, price_links=()), targets)
    economy = world_economy(world, balance=False)
    names = ("pipeline_gas", "refined_petroleum")
    gas, products = (economy.sectors.index(name) for name in names)
    flow, russia = economy.flows()[products] / 1000.0, world.index("RUS")  # by buyer and seller
    links = {link.buyer: link.follows for link in world.price_links if link.sector == names[1]}
    spared = {b: (1.0 - part) * flow[world.index(b), russia] for b, part in links.items()}
    assert set(spared) == {"KGZ", "ARM", "BLR", "KAZ"}
    for buyer, bn in spared.items():
        at = products, world.index(buyer)
        assert linked.net_bn[at] - free.net_bn[at] == pytest.approx(bn)
    at = products, russia
    assert free.net_bn[at] - linked.net_bn[at] == pytest.approx(sum(spared.values()))
    assert linked.size_bn[products] == free.size_bn[products]
    exported = linked.exported_bn[0, products]
    followed = 1.0 - sum(spared.values()) / exported
    assert linked.follows[0, products] == pytest.approx(followed)
    for code in ("GEO", "ARM"):
        assert linked.bought[gas, world.index(code)] == 0.0 < free.bought[gas, world.index(code)]
    assert (free.follows == 1.0).all()


def test_under_contracts_sellers_gain_late_and_stocks_spare_who_stops_gas_at_first(begin):
    """Germany and Norway, a month and fourteen after all senders stop buying Russia's gas."""

    def months(days, **levers):
        model = begin(
            **CALM, **levers, scenario__measures=["gas_import_ban"], society__backslide=0.0,
            economy__energy_prices="flat", step_days=30, days=days,
        )  # fmt: skip
        model.step()
        for code in model.setting.sender_codes:
            take(model, code, "gas_import_ban")
        steps(model, days // 30 - 1)
        return effect(model).payment_bn[of(model, "NOR")], effect(model).loss[of(model, "DEU")]

    soon, late = months(90), months(450)
    spot = {"economy__contracts": False}
    bare = {"economy__stocks": False}
    assert 0.0 < soon[0] < months(90, **spot)[0]
    assert late[0] == pytest.approx(months(450, **spot)[0], rel=0.3)
    assert soon[1] < 0.8 * months(90, **bare)[1]
    assert late[1] > 0.95 * months(450, **bare)[1]
