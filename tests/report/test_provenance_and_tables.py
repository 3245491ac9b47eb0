"""The line at the foot, and tables in three forms."""

from __future__ import annotations

import pandas as pd

from sim import __version__
from sim.report.provenance import provenance_of
from sim.report.tables import write_table
from sim.variants import variant_of


def test_a_foot_names_what_differs_and_which_draws():
    config = variant_of("coordination.peer_weight=2 seed=7 run=3").config
    assert provenance_of(config).line() == (
        "march_2022 (coordination.peer_weight=2.0); seed 7, run 3; "
        "data: world march_2022 (OECD, World Bank, Eurostat and 16 other publishers); "
        f"sanctionsim {__version__}"
    )
    assert "seed 7, 500 runs;" in provenance_of(config, 500).line()


def test_a_foot_holds_no_path_of_a_machine(world):
    config = variant_of(f"world.folder={world.folder}").config
    assert str(world.folder.parent) not in provenance_of(config)._replace(differs="").line()


def test_a_table_stands_in_three_forms(tmp_path):
    frame = pd.DataFrame(
        {"lever_of_x": ["a & b | c", "<b>50 %"], "loss, %": [-0.123456, float("nan")]}
    )
    csv, markdown, latex = write_table(tmp_path, "losses", frame, "Losses, 10 runs & more")
    pd.testing.assert_frame_equal(pd.read_csv(csv), frame)
    assert "| a &amp; b \\| c | −0.1235 |" in markdown.read_text(encoding="utf-8")
    text = latex.read_text(encoding="utf-8")
    assert r"lever\_of\_x & loss, \% \\" in text
    assert r"a \& b \textbar{} c & $-$0.1235 \\" in text
    assert r"\caption{Losses, 10 runs \& more}" in text
