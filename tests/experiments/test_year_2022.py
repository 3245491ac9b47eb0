"""The record beside the months of the runs is in the same unit, and runs begin with March."""

from __future__ import annotations

import math

import numpy as np
import pytest
import year_2022

from sim.analysis.facts.evidence import Evidence


@pytest.fixture
def raw(tmp_path):
    (tmp_path / "econ_monthly").mkdir()
    (tmp_path / "markets").mkdir()
    tables = {
        "econ_monthly/russia_import_proxies_index.csv": (
            "month,import_vat_usd_index,eu27_exports_eur_index,china_exports_usd_index",
            "2021-12,1,2,3", "2022-01,90,95,110",
        ),
        "econ_monthly/russia_budget_monthly.csv": ("month,oil_gas_bn_usd", "2022-01,10.4"),
        "markets/usd_rub_monthly_mean_2019_2023.csv": (
            "date,usd_rub_mean", "2022-01,75", "2022-02,150",
        ),
    }  # fmt: skip
    for name, lines in tables.items():
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_the_record_has_every_month_and_the_rate_in_log_points(raw):
    record = year_2022.record_of(raw)
    assert list(record.index) == year_2022.MONTHS
    assert record.loc["2022-01"].tolist() == pytest.approx([90.0, 95.0, 110.0, 0.0, 10.4])
    assert record.loc["2022-02", "rate"] == pytest.approx(100.0 * math.log(2.0))
    assert math.isnan(record.loc["2023-12", "vat"])


def test_ours_begins_with_the_first_whole_month_and_is_in_percent_of_2021(raw, capsys):
    year = ("scenario.steps=11", "scenario.step_days=30")
    panels = year_2022.panels_of(Evidence(1, 1, year))
    union = panels[0].curves[1].ours
    assert union.shape == (24, 1)
    assert np.isnan(union[:2]).all()
    assert 0.0 < union[3, 0] < 100.0
    year_2022.show(panels, year_2022.record_of(raw))
    march = next(row for row in capsys.readouterr().out.splitlines() if row[:7] == "2022-03")
    assert march.count("*") == 5
