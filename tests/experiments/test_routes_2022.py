"""The record beside the hubs' books is read as far as it may be, and summed as it is shown."""

from __future__ import annotations

import sys

import pytest
import routes_2022


@pytest.fixture
def raw(tmp_path):
    (tmp_path / "trade").mkdir()
    rows = ["partner,reporter,month,sanctioned_export_eur"]
    for partner, amount in (("Armenia", 1e6), ("Kazakhstan", 2e6), ("Kyrgyzstan", 3e6)):
        for month in ("2021-11", "2021-12", "2022-06", "2022-07"):
            rows += [f"{partner},{of},{month},{amount:.0f}" for of in ("Austria", "Latvia")]
    rows.append("Georgia,Austria,2022-06,5000000")
    path = tmp_path / "trade" / "eu_exports_of_sanctioned_goods_monthly.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return tmp_path


def test_listed_goods_are_summed_over_reporters_and_end_in_june(raw):
    table = routes_2022.listed(raw)
    assert list(table.columns) == ["2021-12", "2022-06"]
    assert table.loc["KAZ", "2022-06"] == pytest.approx(4.0)
    assert table.loc["GEO", "2022-06"] == pytest.approx(5.0)


def test_a_folder_that_is_none_gets_one_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["routes_2022.py", "nowhere"])
    assert routes_2022.main() == 2
    assert capsys.readouterr().err == "error: nowhere is no folder of raw data\n"
