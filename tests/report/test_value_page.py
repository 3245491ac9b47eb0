"""The page of a valuation: from what is stored alone, whatever things are called."""

from __future__ import annotations

import re
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from sim.analysis.value.coalitions import Player
from sim.analysis.value.outcomes import COLUMNS
from sim.analysis.value.shapley import members
from sim.analysis.value.store import Asked, read, save
from sim.analysis.value.valuation import Valuation
from sim.errors import InputError
from sim.report import value
from sim.report.value_words import (
    band,
    beyond_zero,
    draws,
    lines,
    percent,
    sentences,
    text,
)
from sim.words import signed

NAMES = ("Aland", "<b>B & $x$ 50 %_{~}\\", "the 2 others")
LUCK = np.linspace(-0.5, 0.5, 21)


def player(name, *states):
    return Player(states[0], name, states, tuple(f"State {code}" for code in states))


PLAYERS = (player(NAMES[0], "AAA"), player(NAMES[1], "BBB"), player(NAMES[2], "CCC", "DDD"))


def asked_of(**changed):
    fields = {
        "target": "Tland",
        "n_days": 728,
        "day": 28,
        "always": (),
        "onlookers": ("Eland",),
        "provenance": {
            "scenario": "s<i>", "differs": "a=1", "draws": "seed 1, 21 runs", "version": "1",
            "source": "world w",
        },
        "command": "sanctionsim value <x>",
        "formats": ("png",),
        "inches": 7.2,
        "versions": {},
    }  # fmt: skip
    return Asked(**{**fields, **changed})


def valuation_of(loss, others=0.0):
    """Return a valuation in which a set of players comes to loss(set) beside luck."""
    sets = [set(np.flatnonzero(row).tolist()) for row in members(len(PLAYERS))]
    values = np.array([[loss(inside)] for inside in sets]) + np.zeros(LUCK.size)
    table = np.stack([values, *(np.full_like(values, others),) * 4])
    assert table.shape[0] == len(COLUMNS)
    return Valuation(PLAYERS, table)


# Two do more together than each alone; the third lowers what all do.
def joint(inside):
    return (
        0.25 + 2.0 * (0 in inside) + 1.0 * (1 in inside) + ({0, 1} <= inside) - 0.5 * (2 in inside)
    )


JOINT = valuation_of(joint)


def said_of(valuation, asked=None, which=0):
    asked = asked or asked_of()
    return " ".join(sentences(valuation, asked, asked.outcomes[which])).replace("\u00a0", " ")


def test_the_headline_says_how_much_owed_to_whom_and_the_whole_against_its_parts():
    assert said_of(JOINT) == (
        "Tland loses 3.75 % of GDP in the first year if all of them sanction, 3.50 more than by "
        "the war alone (3.50 to 3.50 in 80 % of draws). Most of this is owed to Aland (2.50, "
        "71 %), then to <b>B & $x$ 50 %_{~}\\ (1.50); it is lowered by the 2 others (−0.50). Alone "
        "Aland would come to 2.00; all but Aland to 3.00 less than all. The whole is 1.00 more "
        "than the sum of what each does alone (1.00 to 1.00 in 80 % of draws)."
    )


def test_a_loss_of_less_than_a_year_is_not_called_that_of_a_year():
    said = said_of(JOINT, asked_of(n_days=28))
    assert said.startswith("Tland loses 3.75 % of GDP in 28 days if all of them sanction")


def test_what_luck_may_give_is_not_called_more():
    luck = valuation_of(joint)
    luck.table[0, -1] += LUCK * 40.0 - 1.0
    assert "cannot be told from 21 draws" in said_of(luck)
    flat = valuation_of(lambda inside: float(len(inside)))
    assert "The whole is just the sum of what each does alone." in said_of(flat)


def test_gains_and_nothing_are_said_as_such():
    gain = valuation_of(lambda inside: 0.0, others=0.0)
    gain.table[1] = -members(3).sum(axis=1)[:, None]
    assert said_of(gain, which=1).startswith("The senders gain USD 3.0 bn a year together")
    assert "owed" not in said_of(gain, which=1)
    assert said_of(gain, which=3).endswith("There is nothing to divide among the members.")


def test_draws_in_which_a_coalition_has_no_outcome_are_counted_and_left_out_alike_for_all():
    lacking = valuation_of(joint)
    lacking.table[0, 3, :5] = np.nan
    said = said_of(lacking)
    assert said.startswith("What Tland loses is not defined for every coalition in 5 of 21 draws")
    assert said_of(JOINT) in said  # the others are all the same
    assert lacking.undefined("loss") == 5
    assert {line.worth["shapley"].defined for line in lines(lacking, asked_of().outcomes[0])} == {
        16
    }
    assert lacking.unexplained("loss") < 1e-12
    assert "nan" not in text(lacking, asked_of())


def test_what_the_shared_draws_spare_is_said_in_runs():
    common = valuation_of(joint)
    common.table[0] += 100.0 * LUCK  # alike in all coalitions: nothing of it is left
    assert "would take no further runs for last in" in draws(common, asked_of())
    common.table[0, -1] += LUCK
    # Variances (101^2 + 100^2) of both, 1 of the difference: in 21 runs what 424,221 would give.
    assert "would take 420,000 runs of each for last in, in place of 21" in draws(
        common, asked_of()
    )


def test_the_share_that_leaks_is_of_the_runs_that_have_one():
    one = valuation_of(joint)
    assert value._leak_share(one)["lacking"] == ""
    one.table[-1] = 0.25
    one.table[-1, 2, :7] = np.nan
    assert value._leak_share(one) == {
        "all": "25\u00a0%", "least": "25\u00a0%", "most": "25\u00a0%", "lacking": "7 of 84",
    }  # fmt: skip
    one.table[-1] = np.nan
    assert value._leak_share(one) is None


def test_with_states_that_are_always_in_these_are_the_base():
    said = said_of(JOINT, asked_of(always=("Eland", "Fland"), onlookers=()))
    assert "3.50 more than with Eland and Fland alone" in said


def test_a_number_is_never_minus_nothing_and_a_share_of_nothing_is_none():
    assert (signed(-0.001, 2), signed(-1.25, 1), signed(np.nan, 1)) == ("0.00", "−1.2", "–")
    assert (percent(0.414), percent(np.nan)) == ("41\u00a0%", "–")
    assert band(beyond_zero(LUCK), 1) == "−0.4 to 0.4"
    nothing = valuation_of(lambda inside: 0.0)
    assert all(np.isnan(line.share) for line in lines(nothing, asked_of().outcomes[0]))


def test_what_is_stored_is_read_again(tmp_path):
    save(tmp_path, JOINT, asked_of())
    valuation, asked = read(tmp_path)
    assert valuation.players == PLAYERS
    assert np.array_equal(valuation.table, JOINT.table)
    assert asked == asked_of()
    assert text(valuation, asked) == text(JOINT, asked_of())


def test_a_folder_without_a_valuation_or_with_half_of_one_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"value\.json cannot be read"):
        value.write(tmp_path)
    save(tmp_path, JOINT, asked_of())
    half = pd.read_parquet(tmp_path / "coalitions.parquet").head(30)
    half.to_parquet(tmp_path / "coalitions.parquet")
    with pytest.raises(InputError, match="make them again"):
        value.write(tmp_path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a valuation and its page."""
    made = tmp_path_factory.mktemp("value")
    save(made, JOINT, asked_of(formats=("png", "svg", "pdf")))
    value.write(made)
    return made


def test_names_are_text_on_the_page_and_nothing_is_fetched(folder):
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "<b>B" not in page
    assert "&lt;b&gt;B &amp; $x$" in page
    assert "s&lt;i&gt;" in page
    assert not re.search(r'(src|href)="(https?:|//)', page)
    links = set(re.findall(r'href="([^"#]+)"', page))
    assert links <= {path.name for path in folder.iterdir()}
    assert {"worth.svg", "worth.pdf", "value_loss.tex", "coalitions.parquet"} <= links


def test_the_page_sums_up_and_says_that_leaving_out_is_last_in(folder):
    page = " ".join((folder / "index.html").read_text(encoding="utf-8").split())
    assert "one comparison with one number" in page
    assert '<th scope="row">Sum</th> <td class="n">3.50</td>' in page
    assert "In no coalition: Eland, who look on." in page
    assert "Shapley, L. S. (1953)" in page


def test_drawing_again_from_what_is_stored_gives_the_same_page(folder):
    before = (folder / "index.html").read_bytes()
    value.write(folder)
    assert (folder / "index.html").read_bytes() == before


def test_a_page_without_a_picture_links_to_the_figure(tmp_path):
    save(tmp_path, JOINT, asked_of(formats=("pdf",)))
    value.write(tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "<figure>" not in page
    assert 'href="worth.pdf"' in page


def test_the_table_for_a_paper_has_numbers_in_full_and_compiles(folder, tmp_path):
    frame = pd.read_csv(folder / "value_loss.csv")
    assert frame["Member (% of GDP)"].tolist() == list(NAMES)
    assert frame["Shapley"].tolist() == pytest.approx([2.5, 1.5, -0.5])
    if shutil.which("pdflatex") is None:
        pytest.skip("there is no LaTeX here")
    document = (
        r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{array,booktabs}\begin{document}"
        rf"\input{{{folder / 'value_loss.tex'}}}\end{{document}}"
    )
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-output-directory"]
    (tmp_path / "t.tex").write_text(document, encoding="utf-8")
    done = subprocess.run([*command, str(tmp_path), str(tmp_path / "t.tex")], capture_output=True)
    assert done.returncode == 0, done.stdout.decode()[-1500:]
    assert b"Overfull" not in done.stdout
