"""The world of 2014: whole, sourced, exact, and true to its dates."""

from __future__ import annotations

import csv
from datetime import date

import numpy as np
import pytest

from sim.config import Config, Scenario
from sim.economy.baseline import world_economy
from sim.economy.equilibrium import solve
from sim.errors import InputError
from sim.model import SanctionsModel
from sim.setting import prepare
from sim.world import load
from sim.world.tables import STATUSES


@pytest.fixture(scope="module")
def crimea():
    return load("crimea_2014")


@pytest.fixture(scope="module")
def economy(crimea):
    return world_economy(crimea, balance=False)


def test_roles_are_those_of_2014(crimea):
    roles = dict(zip(crimea.states, crimea.roles, strict=True))
    assert roles["RUS"] == "target"
    assert {state for state, role in roles.items() if role == "bystander"} == {
        "CHN", "IND", "TUR", "BRA", "KOR",
    }  # fmt: skip
    assert roles["JPN"] == roles["AUS"] == roles["LTU"] == "sender"
    assert roles["ROW"] == "passive"
    assert not {"UKR", "NOR", "CHE", "KAZ", "BLR"} & set(crimea.states)


def test_institutions_are_those_of_2014(crimea):
    assert "GBR" in crimea.institution("EU").members
    assert "RUS" not in crimea.institution("G7").members
    assert set(crimea.institution("SCO").members) == {"RUS", "CHN"}  # India joined in 2017


def test_japan_sanctioned_and_was_spared_the_food_ban(crimea):
    assert "JPN" not in crimea.unfriendly
    assert {"USA", "CAN", "AUS", "DEU", "ROW"} <= set(crimea.unfriendly)  # ROW for Norway
    scope = {s.instrument: s for s in crimea.scopes}["food_import_ban"]
    assert (scope.direction, scope.sector) == ("import", "agri_food")


def test_dates_are_those_of_the_record(crimea):
    days = {event.label: event.date for event in crimea.events}
    assert days["Referendum in Crimea"] == date(2014, 3, 16)
    assert days["Flight MH17 shot down"] == date(2014, 7, 17)
    assert days["Minsk protocol: ceasefire"] == date(2014, 9, 5)
    first = {}
    for row in crimea.timeline:
        first.setdefault((row["sender"], row["instrument"]), row)
    assert first["EU", "elite_asset_freeze"]["announced"] == date(2014, 3, 17)
    assert first["USA", "capital_market_ban"]["announced"] == date(2014, 7, 16)
    assert first["RUS", "food_import_ban"]["effective"] == date(2014, 8, 7)
    assert first["AUS", "arms_embargo"]["effective"] == date(2015, 3, 31)


def test_the_timeline_names_only_what_the_catalogues_hold(crimea):
    known = {m.code for m in crimea.measures} | {c.code for c in crimea.countermeasures}
    senders = {*crimea.states, "EU"}
    announced = [row["announced"] for row in crimea.timeline]
    assert announced == sorted(announced)
    for row in crimea.timeline:
        assert row["instrument"] in known, row
        assert row["sender"] in senders, row
        assert row["effective"] is None or row["effective"] >= row["announced"], row


def test_identities_hold(economy):
    flows = economy.flows()
    output = flows.sum(axis=1)
    assert np.allclose(economy.trade_share.sum(axis=2), 1.0, atol=1e-12)
    assert np.allclose(economy.intermediate_share.sum(axis=0), 1.0, atol=1e-12)
    assert np.allclose(economy.consumption_share.sum(axis=0), 1.0, atol=1e-12)
    assert np.allclose((economy.factor_share * output).sum(axis=0), economy.value_added, rtol=1e-10)
    balance = (output - economy.expenditure).sum(axis=0)
    assert np.allclose(balance, economy.trade_balance, atol=1e-9 * economy.value_added.max())


def test_without_a_change_nothing_changes(economy):
    """Rounded tables once moved losses by whole percents: exposure divides by a small margin."""
    assert np.abs(solve(economy).welfare - 1.0).max() < 1e-10


def test_figures_are_those_of_the_table_it_was_summed_from(crimea, economy):
    """WIOD 2011 as published: Russia's value added 1,703 bn, mining exports 167 bn."""
    rus = crimea.index("RUS")
    assert crimea.gdp_bn[rus] == pytest.approx(1703, rel=0.005)
    flows = economy.flows()
    abroad = np.arange(len(crimea.states)) != rus
    coal, oil, metals = (economy.sectors.index(s) for s in ("coal", "oil_gas", "metals"))
    fuels = flows[coal, abroad, rus].sum() + flows[oil, abroad, rus].sum()
    assert 145_000 < fuels < 167_474
    assert flows[coal, abroad, rus].sum() < 0.1 * fuels
    mining_minerals_metals = 167_474 + 436 + 39_094
    assert fuels + flows[metals, abroad, rus].sum() == pytest.approx(
        mining_minerals_metals, rel=1e-3
    )


def test_every_row_or_file_has_its_source_and_status(crimea):
    described = " ".join(row["file"] for row in _rows(crimea.folder / "sources.csv"))
    for path in crimea.folder.glob("*.csv"):
        rows = _rows(path)
        if "status" in rows[0]:
            assert {row["status"] for row in rows} <= set(STATUSES), path.name
        elif path.name != "sources.csv":
            assert path.name in described, path.name


def test_the_folder_is_small(crimea):
    # Nine tables of the economy and its trade make 350,000; facts of sectors and distances are new.
    assert sum(p.stat().st_size for p in crimea.folder.rglob("*") if p.is_file()) < 410_000


def test_a_run_ends_with_losses_of_a_sensible_size(crimea):
    config = Config()
    config.scenario.start, config.scenario.steps = "2014-02-24", 26
    config.scenario.targets = {"RUS": 1.0}
    setting = prepare(crimea, config)
    model = SanctionsModel(setting, seed=1, run=0)
    for _ in range(26):
        model.step()
    assert 0.0 < model.targets[0].loss < 5.0


def test_a_target_without_involvement_is_left_out():
    assert Scenario(targets={"RUS": 1.0, "BLR": 0.0}).targets == {"RUS": 1.0}
    with pytest.raises(InputError, match=r"scenario\.targets is empty"):
        Scenario(targets={"RUS": 0.0})


def _rows(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
