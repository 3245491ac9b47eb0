"""The record beside the hubs' books is read as far as it may be, and summed as it is shown."""

from __future__ import annotations

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
    rows = ["country,year,month,export"]
    for year, growth in ((2018, 1.0), (2019, 3.0), (2022, 10.0)):
        rows += [f"Russian Federation,{year},{month},{growth * month}" for month in range(1, 13)]
    rows += [row.replace("Russian Federation", "Iran") for row in rows[1:]]
    path = tmp_path / "trade" / "armenia_monthly_trade_by_partner_2018_2024.csv"
    path.write_text("\n".join(rows).replace("2022,4,40", "2022,4,20"), encoding="utf-8")
    return tmp_path


def test_listed_goods_are_summed_over_reporters_and_end_in_june(raw):
    table = routes_2022.listed(raw)
    assert list(table.columns) == ["2021-12", "2022-06"]
    assert table.loc["KAZ", "2022-06"] == pytest.approx(4.0)
    assert table.loc["GEO", "2022-06"] == pytest.approx(5.0)


def test_armenias_sales_are_told_without_the_season_of_calm_years(raw):
    assert routes_2022.armenian(raw).tolist() == pytest.approx([1.0, 0.5, 1.0, 1.0])
