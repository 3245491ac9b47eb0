"""The page of a comparison: drawn from what is stored alone, safe for strangers' labels."""

from __future__ import annotations

import re
import shutil

import pandas as pd
import pytest

from sim import cli
from sim.analysis.compare import store
from sim.analysis.compare.making import compare
from sim.engine import ensemble
from sim.report import comparison as page
from sim.report.figures.compared import (
    differences_over_time,
    losses_compared,
    panels_of,
    paths_compared,
)
from sim.variants import variant_of

ODD = "scenario.name=\"'a$b_<i>&%{x}'\" rule=threshold"
COMMON = ("scenario.steps=4", "figures.format=[svg,pdf]")


@pytest.fixture(scope="module")
def compared():
    texts = ("status_quo", "without_jpn", ODD)
    return compare([variant_of(text, COMMON) for text in texts], 3)


@pytest.fixture(scope="module")
def folder(compared, tmp_path_factory):
    place = tmp_path_factory.mktemp("comparison")
    store.write(place, compared)
    page.write(place)
    return place


def test_the_page_answers_and_offers_every_table_and_figure(folder):
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert "Without Japan" in text
    assert "scenario.without = JPN (was none)" in text
    assert text.count("<img") == 3
    linked = re.findall(r'href="([^"#]+)"', text)
    assert {"over_time.pdf", "table_main.tex", "table_losses.csv"} <= set(linked)
    assert not [file for file in linked if not (folder / file).is_file()]


def test_a_strangers_label_is_text_on_the_page_and_in_latex(folder):
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert "<i>" not in text
    assert "a$b_&lt;i&gt;&amp;%{x}" in text
    table = (folder / "table_main.tex").read_text(encoding="utf-8")
    assert r"a\$b\_\textless{}i\textgreater{}\&\%\{x\}" in table


def test_tables_hold_numbers_in_full(folder, compared):
    table = pd.read_csv(folder / "table_outcomes.csv")
    assert len(table) == 2 * len(compared.described)
    mine = table[(table["Setting"] == "without_jpn") & table["Outcome"].str.startswith("Loss of R")]
    found = compared.difference("without_jpn", "loss_RUS_first_year")
    assert mine["Difference"].iloc[0] == pytest.approx(found.middle, rel=1e-12)
    assert mine["Draws"].iloc[0] == 3


def test_the_command_report_draws_the_page_again_without_a_run(
    folder, tmp_path, monkeypatch, capsys
):
    copy = shutil.copytree(folder, tmp_path / "copy")
    for path in copy.iterdir():
        if path.suffix not in (".json", ".parquet"):
            path.unlink()

    def never(*args, **others):
        raise AssertionError("a run was simulated")

    monkeypatch.setattr(ensemble, "simulate_setting", never)
    monkeypatch.setattr("sim.analysis.compare.simulated.simulate_setting", never)
    monkeypatch.setattr("sim.setting.prepare", never)
    assert cli.main(["report", str(copy)]) == 0
    assert "index.html" in capsys.readouterr().out
    for path in folder.iterdir():
        if path.suffix != ".pdf":  # fonts in subsets carry random names
            assert (copy / path.name).read_bytes() == path.read_bytes(), path.name


def test_every_figure_says_where_it_comes_from(folder):
    line = page.provenance_of(store.read(folder)).line()
    assert "seed 2022, 3 runs of each; world march_2022" in line
    assert "figures.format" not in line
    for name in page.FIGURES:
        letters = re.sub("<[^>]+>", " ", (folder / f"{name}.svg").read_text(encoding="utf-8"))
        assert "3 runs of each" in " ".join(letters.split())


@pytest.mark.parametrize("draw", [paths_compared, differences_over_time, losses_compared])
@pytest.mark.parametrize("wide", [4.4, 7.2])
def test_nothing_in_a_figure_stands_beyond_its_edges(compared, draw, wide):
    figure = draw(compared, wide)
    figure.canvas.draw()
    edges = figure.bbox
    for text in figure.findobj(lambda thing: hasattr(thing, "get_text") and thing.get_visible()):
        box = text.get_window_extent()
        if text.get_text() and box.width:
            assert box.x0 >= edges.x0 - 1, text.get_text()
            assert box.x1 <= edges.x1 + 1, text.get_text()


def test_panels_name_the_target_and_exist_in_what_is_stored(compared):
    assert panels_of(compared)[0].title == "Loss of Russia, % of GDP"
    assert {panel.column for panel in panels_of(compared)} <= set(compared.paths["quantity"])


def test_the_command_answers_before_it_writes_and_refuses_a_folder_in_use(
    tmp_path, undrawn, capsys
):
    words = ["compare", "status_quo", "without_jpn", "runs=2", "scenario.steps=2"]
    out = tmp_path / "new"
    assert cli.main([*words, f"out={out}"]) == 0
    said = capsys.readouterr().out
    assert said.index("Without Japan") < said.index("Results: ")
    assert "without_jpn, against status_quo: scenario.without = JPN (was none)" in said
    assert max(map(len, said.splitlines()[:-3])) <= 110
    assert (out / "index.html").is_file()
    assert cli.main([*words, f"out={out}"]) != 0
    assert "new or empty" in capsys.readouterr().err
