"""The ensemble beside the record: first days, criteria on events made by hand, the page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.plausible import criteria as asked
from sim.analysis.plausible import sections
from sim.analysis.plausible.page import page, summary
from sim.analysis.plausible.record import Cell, cells_of, first_day, measures_of
from sim.analysis.plausible.runs import Runs
from sim.analysis.plausible.words import mark, moment, percent
from sim.cli import main
from sim.config import Config
from sim.setting import prepare

LAST = 88  # 20 May, counted from 21 February
NEVER = float("inf")
COLUMNS = ["run", "day", "kind", "actor", "instrument", "target", "detail"]


@pytest.fixture(scope="module")
def setting(world):
    return prepare(world, Config())


@pytest.fixture
def told(setting):
    """Return a function that makes runs of rows of `COLUMNS`; the last may be left out."""

    def make(*rows, n_runs=1):
        table = pd.DataFrame([(*row, "")[: len(COLUMNS)] for row in rows], columns=COLUMNS)
        return Runs.of(setting, table, n_runs, LAST)

    return make


def row(sender, instrument, announced="", not_by="", target="RUS"):
    days = [date.fromisoformat(day) if day else None for day in (announced, not_by)]
    return {"sender": sender, "target": target, "instrument": instrument,
            "announced": days[0], "not_by": days[1]}  # fmt: skip


def test_a_cell_is_the_first_announcement_and_an_older_act_is_left_out(setting):
    rows = [
        row("USA", "swift_exclusion", "2022-03-02"),
        row("USA", "swift_exclusion", "2022-02-26"),
        row("JPN", "airspace_ban", not_by="2022-05-20"),
        row("EU", "leader_asset_freeze", "2020-11-06", target="BLR"),
        row("EU", "oil_import_ban", "2022-05-30"),
        row("RUS", "policy_rate", "2022-02-28", target="domestic"),
    ]
    cells = cells_of(rows, setting)
    assert cells == (
        Cell("USA", "RUS", "swift_exclusion", 5, None),
        Cell("RUS", "domestic", "policy_rate", 7, None),
        Cell("JPN", "RUS", "airspace_ban", None, LAST),
    )
    assert [cell.sender for cell in measures_of(cells, setting)] == ["USA", "JPN"]
    assert first_day(cells, "RUS", "policy_rate") == 7
    assert first_day(cells, "JPN", "airspace_ban") == NEVER


def test_the_council_acts_for_the_eu_and_a_joint_council_for_all(told):
    runs = told(
        (0, 9, "council", "EU", "airspace_ban", "RUS"),
        (0, 4, "measure", "POL", "airspace_ban", "RUS"),
        (1, 30, "council", "SENDERS", "oil_price_cap", "RUS"),
        (1, 50, "council", "SENDERS", "oil_price_cap", "RUS"),
        n_runs=2,
    )
    assert runs.adopted("EU", "airspace_ban", "RUS").tolist() == [9.0, NEVER]
    assert runs.adopted("POL", "airspace_ban", "RUS").tolist() == [4.0, NEVER]
    assert runs.adopted("USA", "airspace_ban", "RUS").tolist() == [NEVER, NEVER]
    assert runs.adopted("USA", "oil_price_cap", "RUS").tolist() == [NEVER, 30.0]


def test_a_mark_says_early_late_inside_or_not_in_the_record(told):
    runs = told(n_runs=10)
    days = np.array([*range(10, 19), 100.0])
    assert mark(runs, Cell("", "", "", 5, None), days) == "**late**"
    assert mark(runs, Cell("", "", "", 12, None), days) == "inside"
    assert mark(runs, Cell("", "", "", 60, None), days) == "**early**"
    assert "90 % of runs, not in the record" in mark(runs, Cell("", "", "", None, LAST), days)
    assert mark(runs, Cell("", "", "", None, 11), days) == "not, as in the record"


def test_days_and_shares_in_words(told):
    runs = told()
    assert [moment(runs, day) for day in (3.0, 100.0, NEVER)] == ["24 Feb", "later", "never"]
    assert [percent(n) for n in (0.0, 0.004, 0.5, 0.999, 1.0)] == [
        "0 %", "< 1 %", "50 %", "99 %", "100 %"
    ]  # fmt: skip


EU_FREEZE = Cell("EU", "RUS", "leader_asset_freeze", 4, None)
BELARUS = Cell("USA", "BLR", "bank_asset_freeze", 3, None)
GAVE_UP = [(0, day, "withdrawal", "KOR", "airspace_ban", "RUS") for day in (60, 90, 300)]
CRITERIA = {
    "few withdrawals": (asked.few_withdrawals, GAVE_UP[:2], GAVE_UP),
    "cut-offs hit buyers": (
        asked.gas_hits_buyers,
        [(0, 60, "countermeasure", "RUS", "gas_cutoff", "POL")],
        [(0, 60, "countermeasure", "RUS", "gas_cutoff", "ITA")],
    ),
    "cut-offs spare others": (
        asked.gas_spares_others,
        [(0, 60, "countermeasure", "RUS", "gas_cutoff", "POL")],
        [(0, 300, "countermeasure", "RUS", "gas_cutoff", "JPN")],
    ),
    "within a week": (
        lambda runs: asked.within_a_week(runs, (EU_FREEZE,), "leader_asset_freeze"),
        [(0, 11, "council", "EU", "leader_asset_freeze", "RUS")],
        [(0, 12, "council", "EU", "leader_asset_freeze", "RUS")],
    ),
    "Belarus first": (
        lambda runs: asked.belarus_first(runs, (BELARUS,)),
        [(0, 24, "measure", "USA", "bank_asset_freeze", "BLR")],
        [(0, 25, "measure", "USA", "bank_asset_freeze", "BLR")],
    ),
    "Belarus in time": (
        lambda runs: asked.belarus_in_time(runs, (BELARUS,)),
        [(0, 24, "measure", "USA", "bank_asset_freeze", "BLR")],
        [(0, 25, "measure", "USA", "bank_asset_freeze", "BLR")],
    ),
    "airspace open": (
        asked.airspace_open,
        [(0, 100, "measure", "KOR", "airspace_ban", "RUS")],
        [(0, 50, "measure", "KOR", "airspace_ban", "RUS")],
    ),
    "cap together": (
        asked.cap_together,
        [(0, 50, "council", "SENDERS", "oil_price_cap", "RUS")],
        [(0, 50, "measure", "AUS", "oil_price_cap", "RUS")],
    ),
}


@pytest.mark.parametrize("name", CRITERIA)
def test_a_criterion_holds_and_fails(told, name):
    judge, good, bad = CRITERIA[name]
    assert judge(told(*good)).holds
    assert not judge(told(*bad)).holds


def test_members_of_the_eu_open_with_their_own_and_before_the_council(told):
    council = (0, 6, "council", "EU", "airspace_ban", "RUS")
    condemned = (0, 3, "measure", "POL", "condemnation", "RUS")
    alone = told(condemned, (0, 4, "measure", "POL", "airspace_ban", "RUS"), council)
    assert [row.holds for row in asked.members_open(alone, ())] == [True, True, True]
    late = told((0, 7, "measure", "POL", "airspace_ban", "RUS"), council)
    assert [row.holds for row in asked.members_open(late, ())] == [True, True, False]
    other = told((0, 4, "measure", "POL", "luxury_export_ban", "RUS"), council)
    assert [row.holds for row in asked.members_open(other, ())] == [False, False, False]


def test_russia_answers_in_time_or_not(told):
    kinds = ("policy_rate", "capital_controls", "deal_permits", "ruble_debt", "unfriendly_list")
    cells = (Cell("RUS", "unfriendly", "unfriendly_list", 12, None),)
    soon, late = (
        told(*((0, day, "countermeasure", "RUS", kind, "") for kind in kinds)) for day in (10, 40)
    )
    for judge in (asked.answers_early, asked.list_in_time):
        assert judge(soon, cells).holds
        assert not judge(late, cells).holds


def test_by_luck_is_how_often_a_run_in_the_records_place_would_be_near_the_median(told):
    days = [6, 6, 6, 30, 100]  # the median is 6; one run is late, one beyond the record
    runs = told(
        *((n, day, "council", "EU", "swift_exclusion", "RUS") for n, day in enumerate(days)),
        *((n, 12, "countermeasure", "RUS", "unfriendly_list", "") for n in range(5)),
        n_runs=5,
    )
    cells = (
        Cell("EU", "RUS", "swift_exclusion", 5, None),
        Cell("RUS", "unfriendly", "unfriendly_list", 30, None),
    )
    found = asked.by_luck(runs, cells)
    swift = asked.within_a_week(runs, cells, "swift_exclusion")
    assert swift.holds
    assert found[swift.asked] == 0.6
    listed = asked.list_in_time(runs, cells)
    assert not listed.holds
    assert found[listed.asked] == 1.0
    assert f"| {listed.asked} | 5 Mar | 23 Mar | **fails** | 100 % |" in summary(runs, cells)


def test_a_page_of_runs_in_which_next_to_nothing_happens_has_all_its_sections(told):
    cells = (EU_FREEZE, BELARUS, Cell("JPN", "RUS", "airspace_ban", None, LAST))
    blocked = (0, 5, "blocked", "EU", "swift_exclusion", "RUS", "DEU HUN")
    text = page(told(blocked, n_runs=2), cells, "sanctionsim plausible runs=2")
    assert "What 2 runs of the model do" in text
    assert "| Asset freeze on leaders | EU (Council) | 25 Feb | never | 0 % | **late** |" in text
    assert "| Japan | not by 20 May | never | 0 % | not, as in the record |" in text
    assert "| Hungary | Exclusion of banks from SWIFT (RUS) |" in text
    for title in ("Summary", "Who moved first", "Belarus", "Gas", "Who withdrew", "Third states"):
        assert f"\n## {title}\n" in text


def test_a_member_is_in_by_its_own_act_or_the_councils_and_first_movers_are_named(told):
    cells = (
        Cell("GBR", "RUS", "airspace_ban", 3, None),
        Cell("POL", "RUS", "airspace_ban", 4, None),
        Cell("HUN", "RUS", "airspace_ban", None, 6),
    )
    runs = told(
        (0, 3, "measure", "GBR", "airspace_ban", "RUS"),
        (0, 4, "measure", "POL", "airspace_ban", "RUS"),
        (0, 9, "council", "EU", "airspace_ban", "RUS"),
    )
    table = sections.members_alone(runs, cells[1:])
    assert "| Poland | 25 Feb | 25 Feb | 100 % | 100 % | inside |" in table
    assert "| Hungary | not by 27 Feb | never | 0 % | 0 % | not, as in the record |" in table
    assert "24 Feb: United Kingdom | 100 % | 24 Feb | United Kingdom, 100 % |" in (
        sections.first_movers(runs, cells)
    )
    assert "| United Kingdom | 1 | 1 | 1 | 0 | 0 | 0 |" in sections.tally(runs, cells[:1])


def test_gas_and_withdrawals_name_those_concerned(told):
    runs = told(
        (0, 60, "refusal", "POL", "gas_for_rubles", "RUS"),
        (0, 64, "countermeasure", "RUS", "gas_cutoff", "POL"),
        (0, 100, "withdrawal", "CHE", "airspace_ban", "RUS"),
    )
    cells = (Cell("RUS", "POL", "gas_cutoff", 64, None),)
    assert "| cut off 26 Apr | 100 % | 100 % | 100 % | 100 % |" in sections.gas(runs, cells)
    assert "Norway" not in sections.gas(runs, cells)
    assert "| Switzerland | 0.00 | 1 | 1 | 100 % |" in sections.withdrawals(runs)


def test_the_page_in_the_docs_has_a_row_for_each_thing_asked(told):
    text = (Path(__file__).parents[2] / "docs" / "plausible.md").read_text(encoding="utf-8")
    for row in asked.criteria(told(n_runs=1), ()):
        assert f"\n| {row.asked} | " in text, "docs/plausible.md is stale: run `make plausible`"


def test_the_command_writes_the_same_page_twice(tmp_path, capsys):
    texts = []
    for _ in range(2):
        words = ["runs=2", "scenario.steps=13", f"out={tmp_path / 'page.md'}"]
        assert main(["plausible", *words]) == 0
        assert " hold." in capsys.readouterr().out
        texts.append((tmp_path / "page.md").read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    assert "sanctionsim plausible runs=2 scenario.steps=13" in texts[0]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["runs=0"], "runs must be a whole number from 1 to 1,000,000; found '0'"),
        (["run"], "must look like key=value"),
        (["runs=1", "rule.recnt=2"], "did you mean 'rule.recent'"),
        (["runs=1", "out=nowhere/page.md"], "must be a file in a folder that exists"),
        (["runs=1", "scenario.steps=4"], "it must contain that day"),
    ],
)
def test_a_mistake_gets_one_line(words, expected, capsys):
    assert main(["plausible", *words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert expected in error


def test_help_needs_no_simulation(capsys):
    assert main(["plausible", "--help"]) == 0
    assert "runs=N" in capsys.readouterr().out
