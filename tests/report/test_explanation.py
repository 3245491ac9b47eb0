"""The page of an explanation: from what is stored alone, byte for byte, whatever was asked."""

from __future__ import annotations

import math

import pytest

import sim
from sim.analysis.explain.store import read
from sim.cli import main
from sim.errors import InputError

QUICK = ["scenario.steps=8", "runs=5"]


@pytest.fixture(scope="module")
def council(tmp_path_factory):
    out = tmp_path_factory.mktemp("why") / "council"
    words = ["EU", "oil_import_ban", "coordination=veto", "scenario.name='<b>$x_1$'"]
    assert main(["explain", *words, *QUICK, f"out={out}"]) == 0
    return out


def test_the_page_is_drawn_again_from_what_is_stored(council, capsys):
    page = (council / "index.html").read_bytes()
    figure = (council / "why.png").read_bytes()
    (council / "index.html").unlink()
    assert main(["report", str(council)]) == 0
    assert capsys.readouterr().out == f"Page: {council / 'index.html'}\n"
    assert (council / "index.html").read_bytes() == page
    assert (council / "why.png").read_bytes() == figure


def test_the_page_says_who_weighed_what_who_objects_and_how_usual_it_is(council):
    text = (council / "index.html").read_text(encoding="utf-8")
    said = ("What was weighed on ", "Where members stand", "Over 5 draws of chance")
    command = "sanctionsim explain EU oil_import_ban runs=5 "
    for part in (*said, "&lt;b&gt;$x_1$", "Hungary", command):
        assert part in text
    assert "<b>" not in text
    assert (council / "members.tex").is_file()


def test_reasons_come_back_as_they_were(council):
    answer, about = read(council)
    assert answer.reasons.members[0].name
    assert answer.draws.n == 5
    assert about.command.startswith("sanctionsim explain EU oil_import_ban ")
    assert answer.reasons.start + sum(t.added for t in answer.reasons.terms) == pytest.approx(
        answer.reasons.log_hazard
    )
    assert not any(math.isnan(term.added) for term in answer.reasons.terms)


def test_it_is_opened_in_python(council):
    words = sim.open(council)
    assert words.startswith("The Council of the European Union: ")
    assert "Over 5 draws of chance" in words


@pytest.mark.parametrize("words", [["CHN"], ["RUS", "gas_cutoff"]])
def test_who_takes_no_measures_has_a_page_without_bars(words, tmp_path):
    out = tmp_path / "why"
    assert main(["explain", *words, *QUICK, f"out={out}"]) == 0
    assert "<img" not in (out / "index.html").read_text(encoding="utf-8")


def test_a_folder_that_holds_none_is_refused(council, tmp_path):
    (tmp_path / "explanation.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="holds no results that can be read"):
        read(tmp_path)
