"""The shipped world: whole, sourced, and true to the figures it was built from."""

from __future__ import annotations

import csv
import shutil
from datetime import date

import numpy as np
import pytest

from sim.errors import InputError
from sim.world import alliance_network, load
from sim.world.tables import STATUSES
from sim.world.ties import LAYERS, influence, layer_weights, weights_in


@pytest.fixture(scope="module")
def world():
    return load("march_2022")


@pytest.fixture
def copy(tmp_path, world):
    folder = tmp_path / "world"
    shutil.copytree(world.folder, folder)
    return folder


def test_it_has_the_states_of_the_question(world):
    assert len(world.states) >= 22
    assert {"USA", "JPN", "DEU", "HUN", "UKR", "RUS", "BLR", "CHN", "KAZ", "ROW"} <= set(
        world.states
    )
    assert world.roles[world.index("RUS")] == "target"
    assert world.roles[world.index("JPN")] == "sender"


def test_figures_are_those_of_the_sources(world):
    assert world.gdp_bn[world.index("USA")] == pytest.approx(23_594, rel=0.01)  # World Bank, 2021
    assert world.energy_share[world.index("LTU")].max() > 0.4
    assert "JPN" in world.unfriendly
    assert "CHN" not in world.unfriendly


def test_distances_and_ties_are_those_of_geography(world):
    moscow = world.index("RUS")
    assert world.apart_km[world.index("TUR"), moscow] == pytest.approx(1797, rel=0.01)
    assert np.array_equal(world.apart_km, world.apart_km.T, equal_nan=True)
    assert (
        world.border[moscow, world.index("KAZ")] == 1.0 == world.border[moscow, world.index("CHN")]
    )
    assert world.border[moscow, world.index("ARM")] == 0.0
    assert world.language[moscow, world.index("KGZ")] == 1.0
    assert world.colony[moscow, world.index("GEO")] == 1.0
    assert 0.0 < world.border[moscow, world.index("REU")] < 0.2  # Finland, Estonia, Latvia


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("USA,CAN,737", "USA,CAN,0", ["row 2", "'distance_km'", "between 1 and 20100", "'0'"]),
        ("USA,CAN,", "USA,USA,", ["of two states", "'USA'"]),
        ("USA,GBR,", "CAN,USA,", ["of each two there is one", "'USA'"]),
        ("USA,GBR,", "USA,GBX,", ["row 3", "'state_b'", "'GBX'"]),
    ],
)
def test_a_wrong_distance_is_named(copy, old, new, words):
    path = copy / "distances.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load(str(copy))
    assert all(word in str(error.value) for word in ["distances.csv", *words]), error.value


def test_a_world_without_distances_is_flat(copy):
    (copy / "distances.csv").unlink()
    flat = load(str(copy))
    assert (flat.apart_km == 1.0).all()
    assert not flat.border.any()


def test_half_of_the_reserves_lie_with_those_who_freeze_them(world):
    target = world.index("RUS")
    assert world.reserves[:, target].sum() == pytest.approx(1.0)
    senders = [n for n, role in enumerate(world.roles) if role == "sender"]
    assert 0.45 < world.reserves[senders, target].sum() < 0.6  # about 300 of 630 bn were frozen
    assert world.reserves_bn[target] == 630.0
    assert not world.reserves[:, world.index("BLR")].any()


def test_members_and_ties_are_where_they_should_be(world):
    assert set(world.institution("G7").members) == {"USA", "CAN", "GBR", "FRA", "DEU", "ITA", "JPN"}
    assert "HUN" in world.institution("EU").members
    assert "UKR" not in world.institution("NATO").members
    layers = layer_weights(world)
    usa, jpn, rus, chn = (world.index(s) for s in ("USA", "JPN", "RUS", "CHN"))
    assert layers["defence"][usa, jpn] == 1.0
    assert layers["defence"][usa, rus] == 0.0
    assert layers["affinity"][usa, jpn] > layers["affinity"][usa, chn]
    assert np.allclose(layers["trade"].sum(axis=1), 1.0)


def test_the_network_has_a_keyed_edge_per_layer_and_gives_the_layers_back(world):
    graph = alliance_network(world)
    assert {key for *_, key in graph.edges(keys=True)} == set(LAYERS)
    layers = layer_weights(world)
    for layer, weights in weights_in(graph, world.states).items():
        np.testing.assert_array_equal(weights, layers[layer])
    assert np.array_equal(influence(layers, {"trade": 2.0}), 2.0 * layers["trade"])
    assert np.all(np.diag(influence(layers, dict.fromkeys(LAYERS, 1.0))) == 0.0)


def test_every_row_or_file_has_its_source_and_status(world):
    described = {row["file"] for row in _rows(world.folder / "sources.csv")}
    for path in world.folder.glob("*.csv"):
        rows = _rows(path)
        if "status" in rows[0]:
            assert {row["status"] for row in rows} <= set(STATUSES), path.name
        elif path.name != "sources.csv":
            assert path.name in described, path.name


@pytest.mark.parametrize(
    ("table", "old", "new", "words"),
    [
        ("memberships.csv", "JPN,", "JAP,", ["memberships.csv", "'state'", "'JAP'"]),
        ("events.csv", "1.0,Invasion", "1.5,Invasion", ["events.csv", "'severity'", "'1.5'"]),
        ("measures.csv", ",national,", ",nation,", ["measures.csv", "'competence'", "'nation'"]),
        ("measures.csv", ",coal,203,0,", ",,203,0,", ["'phase_out_days'", "wind_down_days", "203"]),
        ("measures.csv", ",coal,203,0,", ",coal,0,0,", ["'phase_out_days'", "above 0", "found 0"]),
        ("measures.csv", ",coal,203,0,", ",coal,203,9,", ["'wind_down_days'", "phase_out_fuel"]),
        ("measures.csv", ",60,,0,0,", ",60,,0,30,", ["'wind_down_days'", "only a ban", "found 30"]),
        ("scope.csv", "coal_import_ban", "cole_import_ban", ["scope.csv", "'cole_import_ban'"]),
        ("energy.csv", "DEU,gas", "DEU,oil", ["energy.csv", "unique"]),
        ("reserves.csv", "DEU,RUS,0.157", "DEU,RUS,0.9", ["reserves.csv", "'share'", "more than"]),
        ("gas.csv", "FRA,2.6", "FRA,-2.6", ["gas.csv", "'pipeline_bcm'", "'-2.6'"]),
        (
            "gas.csv",
            "2.6,2022-03-11,2027-12-31",
            "2.6,2022-03-11,2021-12-31",
            ["gas.csv, row 2", "'leaves'", "on or after leaving_told", "2021-12-31"],
        ),
        ("gas.csv", "2.6,2022-03-11,", "2.6,,", ["gas.csv, row 2", "'leaves'", "2027-12-31"]),
        ("gas.csv", "2.6,2022-03-11,", "2.6,11 March,", ["'leaving_told'", "must be a date"]),
        (
            "countermeasures.csv",
            "0.6,0.4,1.0,gas,0",
            "0.6,0.4,1.0,gas,1",
            ["countermeasures.csv", "'by_part'", "aimed at 'senders'"],
        ),
        ("countermeasures.csv", ",RUS BLR,,", ",,,", ["countermeasures.csv", "'issuers'", "name"]),
        ("countermeasures.csv", ",RUS BLR,", ",RUS BLX,", ["'issuers'", "'RUS BLX'"]),
        ("countermeasures.csv", ",airspace_ban,", ",skyban,", ["'trigger'", "'skyban'"]),
        (
            "countermeasures.csv",
            "domestic,RUS,,",
            "domestic,RUS,airspace_ban,",
            ["'trigger'", "aimed at 'each'"],
        ),
        ("reserve_totals.csv", "BLR,8,", "BLR,-8,", ["reserve_totals.csv", "'usd_bn'", "'-8'"]),
        ("timeline.csv", ",,2022-05-20,", ",,20 May,", ["'not_by'", "'20 May'"]),
        ("timeline.csv", ",,2022-05-20,", ",,,", ["'not_by'", "either a day announced"]),
        ("meetings.csv", ",G7,leaders,", ",G8,leaders,", ["meetings.csv", "'forum'", "'G8'"]),
        ("meetings.csv", ",G7,leaders,", ",G7,chiefs,", ["'level'", "'chiefs'"]),
        ("meetings.csv", ",USA JPN,", ",USA,", ["'participants'", "two to meet", "'USA'"]),
        ("meetings.csv", ",USA JPN,", ",USA JAP,", ["'participants'", "USA JAP"]),
        ("meetings.csv", "2022-02-17,NATO", "2022-02-15,NATO", ["'last_date'", "before it begins"]),
        ("positions.csv", "HUN,oil_import_ban", "HUN,oil_ban", ["'instrument'", "'oil_ban'"]),
        ("positions.csv", "ban,30,1", "ban,-1,1", ["positions.csv", "'days'", "'-1'"]),
        ("positions.csv", "ban,30,1", "ban,30,2", ["positions.csv", "'exempt'", "'2'"]),
        ("scope.csv", ",BLR\n", ",BLX\n", ["scope.csv", "'target'", "'BLX'"]),
        (
            "scope.csv",
            'coal,1,0.9,1,assumption,"the whole fuel, by definition",',
            'coal,1,0.9,1,assumption,"the whole fuel, by definition",BLR',
            ["scope.csv", "'target'", "coal_import_ban has the targets RUS", "'BLR'"],
        ),
        (
            "scope.csv",
            "goods_import_ban,import,metals,0.75",
            "goods_import_ban,import,chemicals,0.75",
            ["scope.csv", "unique"],
        ),
        ("sectors.csv", "oil,short_run", "oyl,short_run", ["sectors.csv", "'sector'", "'oyl'"]),
        ("sectors.csv", "oil,short_run", "oil,longrun", ["'property'", "'longrun'"]),
        ("sectors.csv", "oil,adjustment_days", "oil,short_run", ["sectors.csv", "unique"]),
        ("sectors.csv", "oil,short_run,0.5", "oil,short_run,1.5", ["'value'", "short_run", "1.5"]),
        ("sectors.csv", "oil,short_run,0.5,0.25,1,", "oil,short_run,0.5,0.25,2,", ["'high'"]),
        (
            "sectors.csv",
            "oil,short_run,0.5,0.25",
            "oil,short_run,0.2,0.25",
            ["'value'", "its own range, 0.25 to 1", "0.2"],
        ),
        ("sectors.csv", "oil,short_run,0.5", "oil,short_run,half", ["'value'", "'half'"]),
        ("energy_prices.csv", "2021-02,oil,", "2021-01,oil,", ["energy_prices.csv", "unique"]),
        ("energy_prices.csv", "2021-02,oil,", "2021-2,oil,", ["'month'", "like 2022-02", "2021-2"]),
        ("energy_prices.csv", "2021-02,oil,", "2021-02,gas,", ["'sector'", "'gas'"]),
        ("energy_prices.csv", "2021-02,oil,", "2021-02,oil,-", ["'price'", "between 0.01", "'-0"]),
        (
            "price_links.csv",
            "RUS,ARM,pipe",
            "RUS,ARN,pipe",
            ["price_links.csv", "'buyer'", "'ARN'"],
        ),
        ("price_links.csv", "RUS,ARM,pipe", "RUS,RUS,pipe", ["'buyer'", "another state", "'RUS'"]),
        ("price_links.csv", "RUS,KAZ,pipe", "RUS,ARM,pipe", ["price_links.csv", "unique"]),
        ("price_links.csv", "ARM,pipeline_gas", "ARM,gas", ["'sector'", "'gas'"]),
        ("states.csv", "0.22,yes", "0.22,perhaps", ["'un_vote'", "yes, no, abstain", "'perhaps'"]),
        ("price_links.csv", "gas,0,0,0.1", "gas,1.2,0,0.1", ["'follows'", "between 0", "'1.2'"]),
        ("price_links.csv", "gas,0,0,0.1", "gas,0.3,0,0.1", ["'follows'", "its own range, 0 to"]),
    ],
)
def test_a_broken_world_is_refused_with_file_row_column_and_value(copy, table, old, new, words):
    path = copy / table
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load(str(copy))
    for word in ["row", *words]:
        assert word in str(error.value)


def test_a_missing_state_is_named(copy):
    path = copy / "energy.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if not x.startswith("POL,gas")), encoding="utf-8")
    with pytest.raises(InputError, match=r"energy\.csv: no row for POL, gas"):
        load(str(copy))


def test_a_world_without_reserves_knows_of_none(copy):
    (copy / "reserves.csv").unlink()
    (copy / "reserve_totals.csv").unlink()
    world = load(str(copy))
    assert not world.reserves.any()
    assert not world.reserves_bn.any()


def test_a_world_without_meetings_and_positions_knows_of_none(copy):
    (copy / "meetings.csv").unlink()
    (copy / "positions.csv").unlink()
    world = load(str(copy))
    assert world.meetings == world.positions == ()


def test_the_union_stands_for_all_its_members_at_a_meeting(world):
    (statement,) = [
        m for m in world.meetings if m.first == date(2022, 2, 26) and m.forum == "ALLIES"
    ]
    members = set(world.institution("EU").members)
    assert set(statement.participants) == members | {"USA", "CAN", "GBR"}
    assert "JPN" not in statement.participants
    for meeting in world.meetings:
        if meeting.forum == "G7":
            assert set(world.institution("G7").members) <= set(meeting.participants)
        if meeting.forum == "BILATERAL" and "HUN" not in meeting.participants:
            assert len(meeting.participants) == 2


def test_hungary_is_freed_of_what_it_objects_to_and_germany_joins(world):
    exempt = {(p.state, p.instrument): p.exempt for p in world.positions}
    assert exempt["HUN", "oil_import_ban"]
    assert not exempt["DEU", "coal_import_ban"]


def test_dates_are_those_of_the_record(world):
    first = {}
    for row in world.timeline:
        first.setdefault((row["sender"], row["target"], row["instrument"]), row["announced"])
    assert first["EU", "RUS", "bank_asset_freeze"] == date(2022, 2, 22)
    assert first["USA", "RUS", "swift_exclusion"] == date(2022, 2, 26)
    assert first["CAN", "RUS", "airspace_ban"] == date(2022, 2, 27)
    assert first["GBR", "RUS", "coal_import_ban"] == date(2022, 4, 6)
    assert first["USA", "RUS", "goods_import_ban"] == date(2022, 3, 11)
    assert first["EU", "BLR", "leader_asset_freeze"] == date(2020, 11, 6)  # before the run
    assert first["REU", "RUS", "airspace_ban"] == date(2022, 2, 27)
    assert first["POL", "RUS", "coal_import_ban"] < first["EU", "RUS", "coal_import_ban"]
    assert first["RUS", "USA", "entry_ban"] == date(2022, 3, 15)
    assert ("EU", "RUS", "condemnation") not in first  # everybody condemns for himself
    assert all(first[code, "RUS", "condemnation"] for code in world.institution("EU").members)


def test_japan_lists_32_persons_and_12_entities_on_8_march(world):
    rows = [
        row
        for row in _rows(world.folder / "timeline.csv")
        if (row["sender"], row["instrument"], row["announced"])
        == ("JPN", "elite_asset_freeze", "2022-03-08")
    ]
    assert {row["target"] for row in rows} == {"RUS", "BLR"}
    assert sum(int(row["individuals"]) for row in rows) == 32
    assert sum(int(row["entities"]) for row in rows) == 12


def test_the_timeline_says_of_no_cell_both_that_it_was_and_that_it_was_not(world):
    rows = _rows(world.folder / "timeline.csv")
    done = {(r["sender"], r["target"], r["instrument"]) for r in rows if r["announced"]}
    undone = [(r["sender"], r["target"], r["instrument"]) for r in rows if r["not_by"]]
    assert len(undone) == len(set(undone))
    assert not done & set(undone)
    known = {m.code for m in world.measures}
    assert {instrument for _, _, instrument in undone} <= known
    assert ("HUN", "RUS", "airspace_ban") in undone  # the EU's act was the first it had


def test_nothing_announced_after_20_may_is_used(world):
    last = date(2022, 5, 20)
    assert max(row["announced"] for row in world.timeline) <= last


def test_belarus_sells_to_ukraine_what_it_hides(world):
    """USD 5.45 bn of goods by the prime minister; its exports of goods 39.9 bn in all."""
    goods = [
        (row["importer"], float(row["usd_mn"]))
        for row in _rows(world.folder / "trade.csv")
        if row["exporter"] == "BLR" and row["sector"] != "services"
    ]
    assert sum(usd for buyer, usd in goods if buyer == "UKR") == pytest.approx(5450, rel=0.001)
    assert sum(usd for _, usd in goods) == pytest.approx(39_880, rel=0.001)


def test_a_missing_month_of_a_price_is_named(copy):
    path = copy / "energy_prices.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if not x.startswith("2021-12,lng")), encoding="utf-8")
    with pytest.raises(InputError, match=r"energy_prices\.csv: no row for 2021-12, lng"):
        load(str(copy))


def test_a_world_without_facts_and_prices_says_nothing(copy):
    (copy / "sectors.csv").unlink()
    (copy / "energy_prices.csv").unlink()
    world = load(str(copy))
    assert world.sector_facts == world.energy_prices == ()


def test_prices_of_energy_are_relative_to_2021(world):
    of = {(p.sector, p.month): p.price for p in world.energy_prices}
    for sector in {p.sector for p in world.energy_prices}:
        mean = np.mean([of[sector, date(2021, month, 1)] for month in range(1, 13)])
        assert mean == pytest.approx(1.0, abs=1e-4)
    brent = 115.59 / 70.44  # World Bank: March 2022 over the mean of 2021
    assert of["oil", date(2022, 3, 1)] == pytest.approx(brent, rel=1e-3)


def test_an_unknown_world_lists_the_shipped_ones():
    with pytest.raises(InputError, match="march_2022"):
        load("no_such_world")


def test_the_fingerprint_changes_with_any_table(copy, world):
    assert load(str(copy)).fingerprint == world.fingerprint
    path = copy / "events.csv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert load(str(copy)).fingerprint != world.fingerprint


def _rows(path):
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
