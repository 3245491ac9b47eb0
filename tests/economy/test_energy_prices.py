"""The dated path of energy prices: held through months, checked, and replaced."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.economy import energy_prices
from sim.economy.baseline import world_economy
from sim.economy.sectors import sectors_of
from sim.errors import InputError

START = date(2022, 2, 21)
HEADER = "month,sector,price,status,source"


@pytest.fixture
def table(tmp_path):
    def write(*rows, header=HEADER):
        file = tmp_path / "prices.csv"
        file.write_text("\n".join((header, *rows)) + "\n")
        return str(file)

    return write


def price_path(world, prices, *rest, **named):
    rows = energy_prices.monthly_prices(world, prices)
    return energy_prices.price_path(world, rows, *rest, **named)


def paid_path(world, prices, *rest):
    return energy_prices.paid_path(world, energy_prices.monthly_prices(world, prices), *rest)


def oil(world, prices, start=START, days=60):
    path = price_path(world, prices, start, days)
    return path[:, world_economy(world).sectors.index("oil")]


def test_a_price_holds_through_its_month_and_after_the_last_and_is_1_before_the_first(world, table):
    prices = table("2022-04,oil,1.5,read,World Bank", "2022-03,oil,1.6,read,World Bank")
    found = oil(world, prices)
    assert found[:8].tolist() == [1.0] * 8  # to the end of February
    assert found[8:39].tolist() == [1.6] * 31
    assert found[39:].tolist() == [1.5] * 21


def test_what_a_price_shows_of_a_loss_is_taken_out_where_the_model_answers_itself(world, table):
    prices = table("2022-01,oil,1.5,0.1,read,", header="month,sector,price,lost,status,source")
    sectors, facts = world_economy(world).sectors, sectors_of(world)
    oil = sectors.index("oil")
    elasticity = facts.supply_elasticity[oil] + facts.demand_elasticity[oil]
    answered = price_path(world, prices, START, 10, answered=True)[:, oil]
    assert answered == pytest.approx(1.5 * 0.9 ** (1.0 / elasticity))
    assert price_path(world, prices, START, 10)[:, oil] == pytest.approx(1.5)


def test_flat_prices_are_those_of_2021(world):
    assert (price_path(world, "flat", START, 30) == 1.0).all()


def test_a_sector_without_rows_stays_flat(world, table):
    path = price_path(world, table("2022-01,oil,1.5,assumption,"), START, 10)
    assert sorted(np.unique(path).tolist()) == [1.0, 1.5]
    assert (path == 1.5).sum() == 10


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["2022-13,oil,1.5,read,x"], "row 2, column 'month': must be a month like 2022-02"),
        (["March,oil,1.5,read,x"], "must be a month like 2022-02"),
        (["2022-03,oli,1.5,read,x"], "column 'sector': must be one of agri_food, coal, oil"),
        (["2022-03,oil,-1,read,x"], "column 'price': must lie between 0.01 and 100"),
        (["2022-03,oil,dear,read,x"], "column 'price': must be a number"),
        (["2022-03,oil,1.5,guessed,x"], "column 'status': must be one of read"),
        (["2022-03,oil,1.5,read,x"] * 2, "the key must be unique; row 2 has it already"),
        (["2022-03,oil,1,read,x", "2022-05,oil,1,read,x"], "no row for 2022-04, oil"),
        ([], "the table has no rows"),
    ],
)
def test_a_table_that_breaks_a_rule_is_refused(world, table, rows, words):
    with pytest.raises(InputError) as refused:
        price_path(world, table(*rows), START, 10)
    assert words in str(refused.value)
    assert "prices.csv" in str(refused.value)


def test_a_file_that_is_not_there_is_refused_with_the_way_out(world):
    with pytest.raises(InputError, match=r"no file 'none\.csv'; give 'record', 'flat' or"):
        price_path(world, "none.csv", START, 10)


def test_a_missing_column_is_refused(world, table):
    file = table("2022-03,oil", header="month,sector")
    with pytest.raises(InputError, match="column 'price' is missing"):
        price_path(world, file, START, 10)


def test_contracts_follow_the_path_from_its_first_month(world, table):
    months = [f"2021-{month:02d}" for month in range(1, 13)]
    rows = [f"{month},pipeline_gas,1,read," for month in (*months, "2022-01")]
    rows.append("2022-02,pipeline_gas,3,read,")
    gas, facts = world_economy(world).sectors.index("pipeline_gas"), sectors_of(world)
    share, days = facts.contracted[gas], facts.contract_days[gas]
    found = paid_path(world, table(*rows), START, 40)
    since = np.arange(40) + 21  # whole days after the first of February
    lagged = 3.0 - 2.0 * np.exp(-since / days)
    assert found[:, gas] == pytest.approx((1.0 - share) * 3.0 + share * lagged)
    assert (np.delete(found, gas, axis=1) == 1.0).all()


def test_what_is_paid_is_1_in_the_mean_of_2021_whatever_that_year_did(world, table):
    rows = [f"2021-{month:02d},pipeline_gas,{month / 6.5},read," for month in range(1, 13)]
    gas = world_economy(world).sectors.index("pipeline_gas")
    found = paid_path(world, table(*rows), date(2021, 1, 1), 365)[:, gas]
    assert found.mean() == pytest.approx(1.0)
    spot = price_path(world, table(*rows), date(2021, 1, 1), 365)[:, gas]
    assert 1.0 < found[-1] / found[0] < spot[-1] / spot[0]
