"""The builder's identities on a tiny table, and the definitions on made-up losses."""

from __future__ import annotations

import numpy as np
import pytest
import replicate_coalitions as script
from world_build import wiod

from sim.economy.equilibrium import balanced
from sim.economy.tables import Economy
from sim.errors import InputError

CODES = ("DEU", "FRA", "USA", "CHN", "ROM", "RUS", "RoW")
INDUSTRIES = ("c1", "c2", "c13", "c30")
EVERYONE = frozenset({"DEU", "FRA", "USA", "CHN"})
MEMBERS = frozenset({"DEU", "FRA", "USA"})


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    """Return a folder with a table laid out as WIOD's, with a fall of stocks and an empty cell."""
    draw = np.random.default_rng(5)
    n, s = len(CODES), len(INDUSTRIES)
    inter = draw.integers(1, 40, (n, s, n, s))
    final = draw.integers(200, 900, (n, s, n))
    for i in range(n):
        final[i, :, i] += 3000
    final[0, 0, 1] = -7
    inter[3, 2], final[3, 2], inter[:, :, 3, 2] = 0, 0, 0  # CHN makes no machinery
    folder = tmp_path_factory.mktemp("raw")
    (folder / "wiod_2011").mkdir()
    np.savez(
        folder / "wiod_2011" / "wiod_2011.npz",
        countries=np.array(CODES),
        industries=np.array(INDUSTRIES),
        inter=inter.reshape(n * s, n * s).astype(np.int32),
        final=final.reshape(n * s, n).astype(np.int32),
        output=(inter.sum((2, 3)) + final.sum(2)).ravel().astype(np.int32),
    )
    return folder


@pytest.fixture(scope="module")
def table(raw):
    return wiod.read_wiod(raw)


def test_what_is_built_is_an_economy_by_the_rules_of_the_reader(table, tmp_path):
    economy = wiod.economy_of(table, wiod.elasticities())
    economy.write(tmp_path)
    again = Economy.read(tmp_path)
    assert again.countries == ("DEU", "FRA", "USA", "CHN", "ROU", "RUS", "ROW")
    assert np.allclose(again.flows(), table.flow.transpose(1, 2, 0), rtol=1e-12)


def test_value_added_is_what_is_sold_less_what_is_bought(table):
    economy = wiod.economy_of(table, wiod.elasticities())
    sold, bought = table.flow.sum(axis=(1, 2)), table.inter.sum(axis=(0, 1, 3))
    assert np.allclose(economy.value_added, sold - bought, rtol=1e-12)
    assert economy.factor_share[2, 3] == 1.0  # the empty cell buys nothing
    assert table.final.min() == 0.0


def test_an_industry_that_buys_more_than_it_sells_keeps_its_purchases_as_final_use(table):
    inter = table.inter.copy()
    inter[:, :, 0, 0] *= 100.0
    wild = wiod.InputOutput(table.countries, table.sectors, inter, table.final)
    with pytest.raises(ValueError, match="c1 of DEU buys materials"):
        wiod.economy_of(wild, wiod.elasticities())
    tame = wiod._with_value_added(wild)
    assert np.allclose(tame.flow, wild.flow, rtol=1e-12)
    assert wiod.economy_of(tame, wiod.elasticities()).factor_share[0, 0] == pytest.approx(0.05)


def test_groups_sum_and_keep_first_come_order(table):
    small = wiod.grouped(table, {"FRA": "EU", "DEU": "EU"}, {"c2": "goods", "c13": "goods"})
    assert small.countries == ("EU", "USA", "CHN", "ROU", "RUS", "ROW")
    assert small.sectors == ("c1", "goods", "c30")
    assert small.flow[0, 1, 4] == pytest.approx(table.flow[:2, 1:3, 5].sum())
    assert small.inter.sum() == pytest.approx(table.inter.sum())
    theta = wiod.grouped_theta(
        table, {"c1": 4, "c2": 10, "c13": 4, "c30": 5}, {"c2": "g", "c13": "g"}
    )
    assert 4.0 < theta["g"] < 10.0
    assert theta["c1"] == 4.0


def test_elasticities_are_medians_of_the_published_ones():
    theta = wiod.elasticities()
    assert (theta["c1"], theta["c2"], theta["c14"]) == pytest.approx((4.145, 10.89, 4.94))
    assert len(theta) == 35
    assert wiod.elasticities(services=8.0)["c35"] == 8.0


def test_a_missing_file_says_what_to_fetch(tmp_path):
    with pytest.raises(InputError, match="World Input-Output Table"):
        wiod.read_wiod(tmp_path)


def made_up(power, own):
    """Losses of a target that grow with a power of the number of members; members share `own`."""

    def losses(coalitions):
        return [
            {"RUS": float(len(c)) ** power} | {c_: own / len(c) for c_ in c} for c in coalitions
        ]

    return losses


def test_the_definitions_on_a_loss_that_is_the_square_of_the_number():
    """Alone 1; last in 9 - 4 = 5; with China 16; all four 16; own 6 alone, 2 together."""
    values = script.coalition_values(made_up(2.0, 6.0), made_up(3.0, 1.0), MEMBERS, EVERYONE)
    assert values == pytest.approx(
        [9.0, 100 * 9 / 16, 100 * 7 / 9, 400.0, 100 * (2 / 6 - 1), 100 * 9 / 27, 27.0, 64.0]
    )


def test_a_loss_that_adds_up_gains_nothing_from_acting_together():
    values = script.coalition_values(made_up(1.0, 6.0), made_up(1.0, 6.0), MEMBERS, EVERYONE)
    assert values[3] == pytest.approx(0.0)
    assert values[1] == pytest.approx(75.0)


def test_a_hidden_member_counts_in_the_loss_but_not_in_the_means():
    hidden = MEMBERS | {script.HIDDEN}
    values = script.coalition_values(made_up(2.0, 6.0), made_up(2.0, 1.0), hidden, EVERYONE)
    assert values[0] == 16.0
    assert values[3] == pytest.approx(100 * ((16 - 9) / 1 - 1))


def test_costs_leave_the_given_share_and_spare_all_others(table):
    economy = balanced(wiod.economy_of(table, wiod.elasticities()))
    kept = script.evenly(economy)
    cost = script.cost_of(economy, frozenset({"DEU", script.HIDDEN}), kept)
    deu, usa, rus, row = map(economy.countries.index, ("DEU", "USA", "RUS", "ROW"))
    left = cost ** -economy.theta[:, None, None]
    assert np.allclose(left[:, deu, rus], 0.64)  # Russia sells
    assert np.allclose(left[:, rus, deu], 0.70)  # Russia buys
    assert np.allclose(left[:, row, rus], 1.0 - 0.22 * 0.36)
    assert np.all(cost[:, usa] == 1.0)
    assert np.all(cost[:, rus, rus] == 1.0)


def test_trade_with_members_falls_in_equilibrium_as_asked(table):
    economy = balanced(wiod.economy_of(table, wiod.elasticities()))
    kept = script.in_equilibrium(economy)
    members = frozenset({"DEU", "FRA", "USA", "ROU"})
    after = script.solve(economy, script.cost_of(economy, members, kept))
    at, rus = [economy.countries.index(c) for c in sorted(members)], economy.countries.index("RUS")
    old, new = economy.flows(), after.flows()
    assert new[:, at, rus].sum() / old[:, at, rus].sum() == pytest.approx(0.64, abs=1e-5)
    assert new[:, rus, at].sum() / old[:, rus, at].sum() == pytest.approx(0.70, abs=1e-5)


def test_the_whole_chain_has_the_signs_of_the_paper(table):
    economy = balanced(wiod.economy_of(table, wiod.elasticities()))
    values = script.Variant(economy, script.evenly(economy)).values()
    loss, share, china, _, _, of_ban, ban, world_ban = values
    assert 0.0 < loss < ban < world_ban
    assert 0.0 < share < 100.0
    assert china > 0.0
    assert of_ban == pytest.approx(100.0 * loss / ban)
