"""Shocks: what each instrument changes, on literal small cases."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from rents import rents

from sim.economy.baseline import world_economy
from sim.economy.equilibrium import solve
from sim.economy.exposure import Exposure
from sim.economy.shocks import (
    EXPORT,
    IMPORT,
    TARIFF,
    Shock,
    coverage,
    price_cap,
    problem,
    shipping_services,
    shock_of,
    stopped_after,
    tariff_rates,
)
from sim.economy.tables import Economy
from sim.errors import InputError

PREMIUM = 0.3
WITHOUT_TRADE = {
    *("leader_asset_freeze", "elite_asset_freeze", "central_bank_freeze", "investment_ban"),
    *("airspace_ban", "condemnation", "unfriendly_list", "ruble_debt", "deal_permits"),
    *("capital_controls", "policy_rate", "airspace_closure", "entry_ban", "gas_for_rubles"),
    "parallel_imports",
}


def two_sector_shock(**changes):
    nothing = np.zeros(2)
    shock = Shock("test", np.zeros((2, 2)), nothing, 0.0, 0.0, 0.0, nothing, 0.0, 0.0)
    return dataclasses.replace(shock, **changes)


def one_sector(theta):
    """Two countries, one sector, no intermediates: each spends a tenth abroad."""
    return Economy(
        countries=("sender", "target"),
        sectors=("goods",),
        trade_share=np.array([[[0.9, 0.1], [0.1, 0.9]]]),
        tariff=np.ones((1, 2, 2)),
        theta=np.array([theta]),
        factor_share=np.ones((1, 2)),
        intermediate_share=np.ones((1, 1, 2)),
        consumption_share=np.ones((1, 2)),
        value_added=np.full(2, 1000.0),
        trade_balance=np.zeros(2),
        expenditure=np.full((1, 2), 1000.0),
    )


def configured(economy, export=0.0, imported=0.0, taxed=0.0, rate=0.0, leak=0.0, rent=0.0):
    covered = np.array([export, imported, taxed]).reshape(1, 1, 3, 1)
    stopped = stopped_after(covered, np.array([leak]))
    seats = np.array([0]), np.array([1])
    return problem(economy, stopped, np.array([rent, -rent]), *seats, np.array([rate]))


# Coverage.


def test_a_ban_covers_the_share_of_its_scope_in_force():
    shock = two_sector_shock(banned=np.array([[0.5, 0.0], [0.0, 0.8]]))
    covered = coverage(shock, 0.5, 0.0, np.array([4.0, 4.0]))
    assert covered.tolist() == [[0.25, 0.0], [0.0, 0.4], [0.0, 0.0]]


def test_a_wedge_stops_both_directions_of_what_the_banks_pay():
    shock = two_sector_shock(wedge=0.25)
    covered = coverage(shock, 1.0, 0.4, np.array([1.0, 2.0]))
    # 1 - 1.25^-1 = 0.2 and 1 - 1.25^-2 = 0.36 of the 40 percent.
    assert covered[:TARIFF] == pytest.approx(np.array([[0.08, 0.144], [0.08, 0.144]]))
    assert covered[TARIFF].tolist() == [0.0, 0.0]


def test_ban_and_wedge_overlap_as_if_independent():
    shock = two_sector_shock(banned=np.array([[0.5, 0.0], [0.0, 0.0]]), wedge=0.25)
    assert coverage(shock, 1.0, 1.0, np.array([1.0, 1.0]))[EXPORT] == pytest.approx([0.6, 0.2])


def test_a_tariff_covers_the_share_it_applies_to_not_what_it_stops():
    shock = two_sector_shock(taxed=np.array([0.5, 0.0]), rate=0.35)
    assert coverage(shock, 1.0, 0.0, np.array([4.0, 4.0]))[TARIFF].tolist() == [0.5, 0.0]


# The catalogue.


def touches_trade(shock):
    """Return whether a shock changes costs, tariffs or prices of trade at all."""
    shares = shock.banned.max() + shock.taxed.max() + shock.capped.max()
    return shares + shock.wedge * shock.bank_share > 0.0


def test_every_instrument_changes_trade_or_is_known_not_to(world):
    codes = [entry.code for entry in (*world.measures, *world.countermeasures)]
    assert {code for code in codes if not touches_trade(shock_of(world, code))} == WITHOUT_TRADE


def test_a_freeze_touches_no_trade_and_an_exclusion_what_is_paid(world):
    freeze, swift = shock_of(world, "central_bank_freeze"), shock_of(world, "swift_exclusion")
    assert not touches_trade(freeze)
    assert swift.wedge > 0.0


def test_a_targets_export_ban_takes_the_senders_imports(world):
    pipe, lng = (world_economy(world).sectors.index(name) for name in ("pipeline_gas", "lng"))
    cut, ban = shock_of(world, "gas_cutoff"), shock_of(world, "gas_import_ban")
    assert cut.banned[IMPORT, pipe] == ban.banned[IMPORT, pipe] == 1.0
    assert cut.banned[IMPORT, lng] == 0.0
    assert ban.banned[IMPORT, lng] == 1.0
    assert cut.banned[EXPORT].max() == 0.0


def test_a_row_for_one_target_comes_before_that_for_all(world):
    sectors = world_economy(world).sectors
    food, products, metals = (
        sectors.index(name) for name in ("agri_food", "refined_petroleum", "metals")
    )
    russia, belarus = (
        shock_of(world, "goods_import_ban", target).banned[IMPORT] for target in ("RUS", "BLR")
    )
    assert russia[food] > belarus[food] == 0.0
    assert belarus[products] == 1.0
    assert russia[products] == 0.0
    assert belarus[metals] > russia[metals]
    same = shock_of(world, "dual_use_export_ban", "BLR").banned
    assert (same == shock_of(world, "dual_use_export_ban").banned).all()


def test_the_eu_covers_three_fifths_of_its_imports_from_belarus(world):
    economy = world_economy(world, balance=False)
    covered = shock_of(world, "goods_import_ban", "BLR").banned[IMPORT]
    members = [world.index(code) for code in world.institution("EU").members]
    bought = economy.flows()[:-1, members, world.index("BLR")].sum(axis=1)
    assert economy.sectors[-1] == "services"
    assert covered[:-1] @ bought / bought.sum() == pytest.approx(0.6, abs=0.02)


def test_the_rates_are_those_of_the_catalogue(world):
    sectors = world_economy(world).sectors
    rates = dict(zip(sectors, tariff_rates(world), strict=True))
    assert rates["metals"] == 0.35
    assert rates["oil"] == rates["pipeline_gas"] == 0.0


def changed(world, code, **values):
    measures = tuple(
        dataclasses.replace(measure, **values) if measure.code == code else measure
        for measure in world.measures
    )
    return dataclasses.replace(world, measures=measures)


@pytest.mark.parametrize(
    ("code", "values", "rule"),
    [
        ("coal_import_ban", {"effect": ("none",)}, "'none' must not have rows in scope.csv"),
        ("condemnation", {"effect": ("ban",)}, "'ban' must have rows in scope.csv"),
        ("condemnation", {"effect": ()}, "must have an effect"),
        ("swift_exclusion", {"effect": ("swift",)}, "'swift' must not have a wedge"),
        ("mfn_withdrawal", {"tariff": 0.0}, "'tariff' must have a tariff"),
        ("oil_price_cap", {"discount": 0.0}, "'cap' must have a discount"),
    ],
)
def test_an_effect_that_its_numbers_belie_is_refused(world, code, values, rule):
    with pytest.raises(InputError, match=rule):
        shock_of(changed(world, code, **values), code)


def test_an_unknown_instrument_and_sector_are_named(world):
    with pytest.raises(InputError, match="coal_import_ban"):
        shock_of(world, "coal_import_bann")
    scopes = (*world.scopes, dataclasses.replace(world.scopes[0], sector="elektronics"))
    with pytest.raises(InputError, match="electronics"):
        shock_of(dataclasses.replace(world, scopes=scopes), world.scopes[0].instrument)


def test_two_rates_on_one_sector_are_refused(world):
    twice = changed(world, "goods_import_ban", effect=("tariff",), tariff=0.1)
    with pytest.raises(InputError, match="one rate"):
        tariff_rates(twice)


def test_two_price_caps_are_refused(world):
    twice = changed(world, "coal_import_ban", effect=("cap",), discount=0.1)
    with pytest.raises(InputError, match="coal_import_ban and oil_price_cap both cap a price"):
        price_cap(twice)


def test_a_cap_that_differs_by_target_is_refused(world):
    both = changed(world, "oil_price_cap", targets=("RUS", "BLR"))
    row = next(s for s in world.scopes if s.instrument == "oil_price_cap")
    scopes = (*world.scopes, dataclasses.replace(row, target="BLR", coverage=0.1))
    assert price_cap(both) is not None
    with pytest.raises(InputError, match=r"scope\.csv: 'oil_price_cap' must cover the same"):
        price_cap(dataclasses.replace(both, scopes=scopes))


# Exact problems.


def test_a_leak_of_one_voids_every_measure():
    economy = one_sector(4.0)
    void = configured(economy, export=0.7, imported=0.4, taxed=0.5, rate=0.35, leak=1.0)
    assert (void.cost == 1.0).all()
    assert (void.tariff == 1.0).all()
    assert (void.transfer == 0.0).all()


def test_a_partial_ban_leaves_its_share_of_trade_at_given_prices():
    cost = configured(one_sector(2.0), export=0.75).cost[0]
    assert cost.tolist() == [[1.0, 1.0], [2.0, 1.0]]  # 2^-2 is the quarter left


def test_half_the_ban_leaks():
    economy = one_sector(2.0)
    leaking = configured(economy, export=0.5, leak=0.5)
    assert leaking.cost.tolist() == configured(economy, export=0.25).cost.tolist()


def test_what_is_held_back_is_stopped_beside_what_is_covered_and_leaks_like_it():
    covered = np.array([0.5, 0.2, 0.4]).reshape(1, 1, 3, 1)
    held = np.array([0.5, 0.8]).reshape(1, 1, 2, 1)
    stopped = stopped_after(covered, np.array([0.25]), held, np.array([[0.2, 0.5]]))
    # Three quarters are kept of 0.5 + 0.5 x 0.2, of 0.2 + 0.8 x 0.5, and of 0.4 taxed.
    assert stopped[0, 0, :, 0] == pytest.approx([0.45, 0.45, 0.3])
    assert covered[0, 0, :, 0].tolist() == [0.5, 0.2, 0.4]
    assert stopped_after(covered, np.zeros(1)).tolist() == covered.tolist()


def test_of_several_days_each_has_its_leak():
    covered = np.full((4, 2, 3, 3, 5), 0.5)
    leak = np.linspace(0.0, 1.0, 12).reshape(4, 3)
    stopped = stopped_after(covered, leak)
    for day, target in np.ndindex(4, 3):
        assert stopped[day, :, target] == pytest.approx(0.5 * (1.0 - leak[day, target]))


def test_whoever_stops_trade_is_a_sender_of_the_problem():
    """The same pair, told as what either side stops: its exports are the other's imports."""
    economy = one_sector(2.0)
    stopped = np.array([0.75, 0.5, 0.0]).reshape(1, 1, 3, 1)
    nothing, rate = np.zeros(2), np.zeros(1)
    one = problem(economy, stopped, nothing, np.array([0]), np.array([1]), rate)
    turned = stopped[:, :, [1, 0, 2]]
    other = problem(economy, turned, nothing, np.array([1]), np.array([0]), rate)
    assert one.cost.tolist() == other.cost.tolist()


def test_a_complete_ban_cuts_the_flow():
    economy = one_sector(0.75)
    after = solve(economy, *configured(economy, export=1.0, imported=1.0))
    assert after.imports.tolist() == [0.0, 0.0]
    # All that is bought is bought at home: 0.9^(1/theta).
    assert after.welfare == pytest.approx(0.9 ** (1 / 0.75), abs=1e-10)


def test_a_tariff_on_all_imports_is_that_tariff():
    full = configured(one_sector(4.0), taxed=1.0, rate=0.35)
    assert full.tariff[0] == pytest.approx(np.array([[1.0, 1.35], [1.0, 1.0]]))
    assert full.cost == pytest.approx(1.0)


@pytest.mark.parametrize(("banned", "free"), [(0.0, 1.0), (0.5, 0.5)])
def test_a_partly_taxed_flow_has_the_spending_and_the_receipts_of_its_parts(banned, free):
    parts = configured(one_sector(4.0), imported=banned, taxed=0.5, rate=0.35)
    cost, tariff = parts.cost[0, 0, 1], parts.tariff[0, 0, 1]
    spending = (cost * tariff) ** -4.0
    # What is banned is not taxed: half of what is left.
    assert spending == pytest.approx(free * (0.5 + 0.5 * 1.35**-4))
    assert spending / tariff == pytest.approx(free * (0.5 + 0.5 * 1.35**-5))


def test_a_ban_of_all_leaves_nothing_to_tax():
    parts = configured(one_sector(4.0), export=1.0, imported=1.0, taxed=1.0, rate=0.35)
    after = solve(one_sector(4.0), *parts)
    assert after.imports.tolist() == [0.0, 0.0]
    assert after.income == pytest.approx(1000.0)


def test_a_tariff_costs_its_sender_less_than_a_ban_that_stops_as_much():
    economy = one_sector(4.0)
    stopped = 1.0 - 1.2**-4
    tariff = solve(economy, *configured(economy, taxed=1.0, rate=0.2))
    ban = solve(economy, *configured(economy, imported=stopped))
    assert tariff.welfare[0] > 1.0 > ban.welfare[0]
    assert tariff.welfare[1] < 1.0


def test_money_is_paid_by_the_target_and_received_in_full():
    economy = one_sector(4.0)
    moved = configured(economy, rent=0.01)
    assert moved.transfer.tolist() == [10.0, -10.0]
    welfare = solve(economy, *moved).welfare
    assert welfare[0] > 1.0 > welfare[1]


# Rents.


def market(cap, covered_imports=0.0, exports_covered=0.0, leak=0.0, theta=1.0):
    """One sender, one target, one bystander; oil and other goods."""
    covered = np.zeros((1, 1, 3, 2))
    covered[0, 0, IMPORT, 0] = covered_imports
    covered[0, 0, EXPORT, 1] = exports_covered
    flow_bn = np.zeros((3, 3, 2))
    flow_bn[1, 0, 0], flow_bn[1, 2, 0] = 10.0, 20.0  # oil of the target
    flow_bn[0, 1, 1] = 8.0  # goods of the sender
    return rents(
        np.array([[cap]]),
        covered,
        np.array([leak]),
        np.array([0]),
        np.array([1]),
        flow_bn,
        np.array([0.5, 0.0]),
        0.25,
        np.array([0.8]),
        np.array([[0.0, 0.0, leak]]),
        PREMIUM,
        np.ones((1, 1, 3, 2)),
        np.full(2, theta),
    )


def test_a_price_cap_moves_the_discount_to_all_who_still_buy():
    # A quarter of half the oil, for the 80 percent that ship with the adopter's services.
    assert market(1.0) == pytest.approx(np.array([[1.0, 0.0, 2.0]]))
    assert market(0.0).tolist() == [[0.0, 0.0, 0.0]]


def test_what_a_buyer_has_banned_gives_it_no_rent():
    assert market(1.0, covered_imports=0.5) == pytest.approx(np.array([[0.0, 0.0, 2.0]]))
    assert market(1.0, covered_imports=0.9) == pytest.approx(np.array([[0.0, 0.0, 2.0]]))
    assert market(1.0, covered_imports=0.25) == pytest.approx(np.array([[0.5, 0.0, 2.0]]))


def test_a_leak_of_one_voids_the_cap():
    assert market(1.0, leak=1.0).tolist() == [[0.0, 0.0, 0.0]]


def test_carried_goods_cost_a_premium_that_the_carrier_keeps():
    rent = market(0.0, exports_covered=0.5, leak=0.25)
    assert rent == pytest.approx(np.array([[0.0, 0.0, PREMIUM * 8.0 * 0.5 * 0.25]]))


def test_nobody_pays_a_premium_beyond_what_the_ban_made_goods_dearer_by():
    rent = market(0.0, exports_covered=0.5, leak=0.25, theta=5.0)
    dearer = (1.0 - 0.5 * 0.75) ** -0.2 - 1.0
    assert dearer < PREMIUM
    assert rent == pytest.approx(np.array([[0.0, 0.0, dearer * 8.0 * 0.5 * 0.25]]))
    assert market(0.0, exports_covered=0.5, leak=1.0).tolist() == [[0.0, 0.0, 0.0]]


def test_a_cap_leaves_the_premia_of_transit_states_alone():
    targets = np.array([0, 1])
    shape = (1, 2, 3, 1)
    covered = np.full(shape, 0.5)
    flow_bn, carriers = np.ones((3, 3, 1)), np.array([[0.0, 0.5, 0.0], [0.0, 0.0, 0.0]])

    def received(cap):
        rent = rents(
            np.array([[cap, 0.0]]),
            covered,
            np.array([0.5, 0.0]),
            np.array([2]),
            targets,
            flow_bn,
            np.ones(1),
            0.25,
            np.ones(1),
            carriers,
            PREMIUM,
            np.ones(shape),
            np.ones(1),
        )
        return rent[0, 1]

    assert received(1.0) == received(0.0) > 0.0


def test_a_cap_by_all_senders_is_zero_sum_and_russia_pays(world):
    senders = np.array([i for i, role in enumerate(world.roles) if role == "sender"])
    targets = np.array([world.index("RUS"), world.index("BLR")])
    exposure, cap = Exposure.of(world, senders, targets), price_cap(world)
    economy = world_economy(world)
    of_all = shipping_services(economy, senders, cap.service_share)
    services = of_all[senders]
    assert services.sum() == pytest.approx(0.9)
    assert of_all.sum() == pytest.approx(1.0)
    covered, carriers = np.zeros(exposure.target_share.shape), np.zeros((2, len(world.states)))
    adopted = np.ones((senders.size, 2)) * [1.0, 0.0]
    rent = rents(
        adopted,
        covered,
        np.zeros(2),
        senders,
        targets,
        exposure.flow_bn,
        cap.capped,
        cap.discount,
        services,
        carriers,
        PREMIUM,
        exposure.target_share,
        exposure.theta,
    )
    assert rent[1].sum() == rent[0, targets].sum() == 0.0
    paid = rent.sum(axis=0)
    paid[targets] -= rent.sum(axis=1)
    shifted = problem(economy, covered, paid, senders, targets, exposure.rate)
    assert shifted.transfer.sum() == pytest.approx(0.0, abs=1e-6)
    assert shifted.transfer[targets[0]] == pytest.approx(-1000.0 * rent.sum())
    assert (shifted.cost == 1.0).all()
    welfare = solve(economy, *shifted).welfare
    assert welfare[targets[0]] < 0.99
    for buyer in ("CHN", "IND", "TUR", "DEU"):
        assert welfare[world.index(buyer)] > 1.0
