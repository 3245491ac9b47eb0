import gzip
import shutil
from pathlib import Path

import pytest
from small_economies import random_economy

from sim.economy.tables import TABLES, Economy, counterfactuals, read_cost, read_new_tariff
from sim.errors import InputError

SMALL = Path(__file__).parents[1] / "cases" / "hat_algebra_small"


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the small case, for a test to break."""
    return shutil.copytree(SMALL, tmp_path / "economy")


def edit(folder, name, old, new):
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_countries_and_sectors_keep_the_order_of_the_tables():
    economy = Economy.read(SMALL)
    assert economy.countries == ("chn", "deu", "row", "rus", "usa")
    assert economy.sectors == ("energy", "goods", "services")
    assert economy.theta.tolist() == [8.0, 5.0, 5.0]


def test_a_share_lands_at_sector_destination_origin():
    economy = Economy.read(SMALL)
    cell = "rus,deu,energy,"
    (line,) = [x for x in (SMALL / "trade_share.csv").read_text().split() if x.startswith(cell)]
    assert economy.trade_share[0, 1, 3] == float(line.removeprefix(cell))


def test_what_is_written_is_what_is_read(tmp_path):
    economy = random_economy(5)
    economy.write(tmp_path)
    again = Economy.read(tmp_path)
    assert (again.countries, again.sectors) == (economy.countries, economy.sectors)
    for name in TABLES.keys() - {"trade_elasticity"}:
        assert getattr(again, name).tolist() == getattr(economy, name).tolist(), name
    assert again.theta == pytest.approx(economy.theta, rel=1e-15)


def test_a_table_may_be_compressed(folder):
    plain = folder / "trade_share.csv"
    with gzip.open(f"{plain}.gz", "wb") as stream:
        stream.write(plain.read_bytes())
    plain.unlink()
    assert Economy.read(folder).trade_share.tolist() == Economy.read(SMALL).trade_share.tolist()


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("trade_share", "value", "share", "row 1, column 'value': the column is missing"),
        ("trade_share", "chn,deu,goods,", "chn,deu,goods,-", "must be a share in [0, 1]; found '-"),
        ("trade_share", "chn,chn,energy,0.75", "chn,chn,energy,nan", "row 2, column 'value'"),
        ("trade_share", "chn,chn,energy,0.75", "chn,chn,energy,0.7", "must sum to 1 over origins"),
        (
            "trade_share",
            "chn,chn,energy,",
            "chn,chm,energy,",
            "row 2: destination 'chm' is unknown",
        ),
        ("trade_share", "chn,chn,energy,", "chn,chn,enrgy,", "did you mean 'energy'"),
        ("trade_share", "chn,chn,energy,0.75\n", "", "every key must be there (1 missing)"),
        ("trade_share", "chn,chn,energy,0.75", "chn,chn,energy", "must be a number; found ''"),
        ("tariff", "chn,deu,goods,1.0", "chn,deu,goods,0", "must be 1 + the tariff rate, from 0.1"),
        ("tariff", "chn,deu,goods,1.0", "chn,deu,energy,1.0", "a key must come only once"),
        ("trade_elasticity", "goods,0.2", "goods,-0.2", "row 3, column 'value': must be 1/theta"),
        ("trade_elasticity", "goods,0.2", "goods,inf", "must be 1/theta, from 0.001 to 10; found"),
        ("factor_share", "energy,chn,0.55", "energy,chn,1.55", "must be a share in [0, 1]"),
        ("intermediate_share", "energy,energy,chn,0.3", "energy,energy,chn,0.4", "over inputs"),
        ("consumption_share", "energy,chn,0.04", "energy,chn,0.05", "over sectors; found 1.01"),
        ("value_added", "chn,", "chn,-", "must be from 1e-6 to 1e15"),
        ("value_added", "chn,2", "chn,3", "must follow from the other tables, which imply 25.9"),
        ("trade_balance", "chn,0.0", "chn,1.0", "trade balances must sum to 0; found 1.0"),
        ("expenditure", "energy,chn,3", "energy,chn,4", "must follow from the other tables"),
        ("expenditure", "energy,chn,3", "energy,chn,x3", "must be a number; found 'x3"),
    ],
)
def test_a_broken_table_is_refused_with_file_and_rule(folder, name, old, new, words):
    edit(folder, name, old, new)
    with pytest.raises(InputError) as raised:
        Economy.read(folder)
    message = str(raised.value)
    assert words in message
    assert "\n" not in message
    assert ".csv" in message


def test_a_missing_table_is_named(folder):
    (folder / "factor_share.csv").unlink()
    with pytest.raises(InputError, match=r"factor_share\.csv: the table is missing"):
        Economy.read(folder)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="there is no such folder"):
        Economy.read(tmp_path / "nowhere")


def test_bytes_that_are_no_table_are_refused(folder):
    (folder / "tariff.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is not UTF-8"):
        Economy.read(folder)


def test_a_trade_cost_may_be_infinite_but_not_zero(folder):
    economy = Economy.read(folder)
    edit(folder, "ntb_global_1.5", "chn,rus,energy,1.5", "chn,rus,energy,inf")
    assert read_cost(economy, folder, "global_1.5")[0, 3, 0] == float("inf")
    edit(folder, "ntb_global_1.5", "chn,rus,goods,1.5", "chn,rus,goods,0")
    with pytest.raises(InputError, match=r"must be a factor from 0.01 up \(inf cuts the flow\)"):
        read_cost(economy, folder, "global_1.5")


def test_an_unknown_counterfactual_is_told_the_nearest():
    economy = Economy.read(SMALL)
    assert len(counterfactuals(SMALL)) == 7
    with pytest.raises(InputError, match=r"did you mean 'usa_deu_1\.5'"):
        read_cost(economy, SMALL, "usa_due_1.5")


def test_new_tariffs_that_are_not_there_are_refused():
    with pytest.raises(InputError, match=r"tariff_new\.csv: the table is missing"):
        read_new_tariff(Economy.read(SMALL), SMALL)
