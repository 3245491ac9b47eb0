"""Third states as hubs in 2022: what they buy and deliver in our runs, beside the record.

    python experiments/routes_2022.py RAW_FOLDER [RUNS]

Question: do the states that became hubs in 2022 become hubs here, in that order and that size? Ways
are weighed by what a state buys of the senders, its distance and its ties; no number was set with
the figures below in view, save the total (`leak_max`, `learning_days`). EU totals to the hubs after
November 2022 and listed goods after June 2022 are kept for a later judgement and not read.

What a state sells of its own and what it carries for the senders are kept apart: the second rises
with its purchases from the senders, the first does not.

The last two tables are on the record. They ask whether third states hold back too much of what they
sell to Russia themselves: what they go on selling in spring, as far as it is known, and what they
gain over 2022 by exposure and by exact equilibria, with and without what they hold back.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import arguments
import numpy as np
import pandas as pd

from sim.analysis.facts import trade
from sim.analysis.facts.evidence import Evidence
from sim.analysis.facts.watched import Watched
from sim.arrays import Floats
from sim.engine.exact import exact_losses

HUBS = ("TUR", "ARE", "KAZ", "ARM", "KGZ", "GEO")
CARRIERS = ("CHN", "IND", "BLR", *HUBS)
QUARTERS = (date(2022, 3, 31), date(2022, 6, 30), date(2022, 9, 30), date(2022, 12, 31))
TOTALS_BN = {2021: 293.5, 2022: 255.3}  # Russia's imports of goods, customs; 2021 recalled
USD_PER_EUR = {2021: 1.18, 2022: 1.05}  # means of the year, recalled
LISTED = {"ARM": "Armenia", "KAZ": "Kazakhstan", "KGZ": "Kyrgyzstan", "GEO": "Georgia"}
LAST_LISTED = "2022-06"  # what lies after is kept back
SPRING = ("2022-03", "2022-04", "2022-05", "2022-06")
CALM = (2018, 2019)  # years whose season is taken out of Armenia's sales


def main() -> None:
    words = arguments.parser(__doc__)
    words.add_argument("raw", type=arguments.raw_data, help="folder of raw data")
    words.add_argument("runs", nargs="?", type=arguments.number, default=4)
    given = words.parse_args()
    raw, runs = given.raw, given.runs
    evidence = Evidence(runs, runs)
    watched = evidence.watched
    show(
        f"What hubs buy of the senders for Russia, USD bn a year, mean of {runs} runs",
        bought(watched),
    )
    show("What arrives through them, at the senders' prices, USD bn a year", delivered(watched))
    show(
        "Own goods and carried ones in Russia's imports, end of 2022, USD bn a year", apart(watched)
    )
    show("Share in Russia's imports, percent; the record: IMF", shares(evidence, raw))
    show("EU exports of listed goods, Eurostat, EUR mn a month", listed(raw))
    show(
        "What the EU sells to each, USD bn a year; ours: before, and more for Russia",
        eu(evidence, raw),
    )
    followed = Evidence(runs, runs, free_of=evidence).watched
    show("Own goods sold to Russia, over before, on the record", spring(followed, raw))
    show("Gain of real income over 2022, percent, on the record", gains(followed))


def show(title: str, table: pd.DataFrame) -> None:
    print(f"\n{title}\n{table.to_string(float_format=lambda value: f'{value:.2f}')}")


def bought(watched: Watched) -> pd.DataFrame:
    """Return purchases of every carrier at the end of each quarter of 2022."""
    return _by_quarter(watched, watched.hub_bought_bn[:, :, watched.russia])


def delivered(watched: Watched) -> pd.DataFrame:
    """Return what arrives through every carrier at the end of each quarter of 2022."""
    cut = trade.missing_bn(watched).sum(axis=(2, 3))
    return _by_quarter(watched, cut[:, :, None] * watched.carried[:, :, watched.russia])


def _by_quarter(watched: Watched, amounts: Floats) -> pd.DataFrame:
    steps = [watched.step_by(end) for end in QUARTERS]
    states = [watched.setting.world.index(code) for code in CARRIERS]
    table = amounts.mean(axis=0)[np.ix_(steps, states)].T
    return pd.DataFrame(table, CARRIERS, [f"{end:%b %Y}" for end in QUARTERS])


def apart(watched: Watched) -> pd.DataFrame:
    """Return each carrier's own sales to Russia before and at the end of 2022, and what it carries.

    Both of the exact equilibrium.
    """
    values = _values(watched)
    before = trade.goods_bought(watched).sum(axis=0)
    rows = [watched.setting.world.index(code) for code in CARRIERS]
    columns = {"own before": before, "own": values[0], "carried": values[1]}
    return pd.DataFrame({name: column[rows] for name, column in columns.items()}, CARRIERS)


def _values(watched: Watched) -> Floats:
    step = watched.step_by(trade.END_2022)
    runs = range(len(watched.events))
    return np.mean([trade.import_values(watched, run, step) for run in runs], axis=0)


def shares(evidence: Evidence, raw: Path) -> pd.DataFrame:
    """Return shares in Russia's imports of 2021 and 2022 beside those of the IMF."""
    before = trade.goods_bought(evidence.watched).sum(axis=0)
    rows = [evidence.world.index(code) for code in CARRIERS]
    ours = 100.0 * (before / before.sum())[rows]
    change = np.array([trade.share_change(code, evidence).mean() for code in CARRIERS])
    table = pd.read_csv(raw / "trade" / "russia_trade_by_partner_2016_2022.csv")
    imports = table[table.flow == "import_cif"].pivot(
        index="partner", columns="year", values="usd_mn"
    )
    record = [imports.loc[list(CARRIERS), year] / TOTALS_BN[year] / 10.0 for year in TOTALS_BN]
    found = {"2021": ours, "2022": ours + change, "IMF 2021": record[0], "IMF 2022": record[1]}
    changes = {"change": change, "IMF change": record[1] - record[0]}
    return pd.DataFrame({**found, **changes}, CARRIERS)


def listed(raw: Path) -> pd.DataFrame:
    """Return EU exports of listed goods to June 2022, by month from December 2021."""
    table = pd.read_csv(raw / "trade" / "eu_exports_of_sanctioned_goods_monthly.csv")
    table = table[(table.month >= "2021-12") & (table.month <= LAST_LISTED)]
    by_month = table.pivot_table(
        index="partner", columns="month", values="sanctioned_export_eur", aggfunc="sum"
    )
    rows = by_month.loc[list(LISTED.values())] / 1e6
    return rows.set_axis(list(LISTED), axis=0)


def eu(evidence: Evidence, raw: Path) -> pd.DataFrame:
    """Return the EU's sales to the hubs, ours and of Eurostat, and how much they rose in 2022.

    Ours of 2022 is the mean over the steps of the year; of what a hub buys, the EU sells its part
    in the senders' sales to Russia before.
    """
    watched, world = evidence.watched, evidence.world
    members = [world.index(code) for code in world.institution("EU").members]
    hubs = [world.index(code) for code in HUBS]
    sold = trade.goods_bought(watched).sum(axis=0)
    part = sold[members].sum() / sold[watched.setting.senders].sum()
    year = slice(0, watched.step_by(trade.END_2022) + 1)
    more = watched.hub_bought_bn[:, year, watched.russia].mean(axis=(0, 1))[hubs] * part
    goods = [name != "services" for name in watched.setting.exposure.sectors]
    flow = watched.setting.exposure.flow_bn[:, :, goods].sum(axis=2)
    table = pd.read_csv(raw / "econ_monthly" / "eu27_exports_annual_by_partner.csv")
    table = table.set_index("partner")
    record = {
        f"Eurostat {year}": table.loc[list(HUBS), f"y{year}_mn_eur"] / 1e3 * rate
        for year, rate in USD_PER_EUR.items()
    }
    found = pd.DataFrame(
        {"before": flow[np.ix_(members, hubs)].sum(axis=0), "more": more, **record}, HUBS
    )
    found["Eurostat more"] = found["Eurostat 2022"] - found["Eurostat 2021"]
    return found


def spring(watched: Watched, raw: Path) -> pd.DataFrame:
    """Return what each carrier itself sells to Russia in exact equilibria of spring 2022.

    Over before; and what Armenia did by its own statistics, what it carried included.
    """
    before = trade.goods_bought(watched).sum(axis=0)
    rows = [watched.setting.world.index(code) for code in CARRIERS]
    columns = {}
    for month in SPRING:
        at = np.ndindex(len(watched.events), len(steps := watched.inside(month, month)))
        own = np.mean([trade.import_values(watched, run, steps[k])[0] for run, k in at], axis=0)
        columns[month] = own[rows] / before[rows]
    table = pd.DataFrame(columns, CARRIERS)
    table.loc["ARM, Armstat"] = armenian(raw)
    return table


def armenian(raw: Path) -> pd.Series:
    """Return Armenia's sales to Russia over those of January and February 2022, season apart."""
    table = pd.read_csv(raw / "trade" / "armenia_monthly_trade_by_partner_2018_2024.csv")
    sold = table[table.country.str.contains("Russia")].set_index(["year", "month"]).export
    season = sum(sold[year] for year in CALM)
    of_winter = sold[2022] / sold[2022][[1, 2]].mean() / (season / season[[1, 2]].mean())
    return of_winter[[int(month[5:]) for month in SPRING]].set_axis(SPRING)


def gains(watched: Watched) -> pd.DataFrame:
    """Return what hubs gain over 2022: as in runs, exactly, and if no third state held back."""
    states = [watched.setting.world.index(code) for code in HUBS]
    exact = np.zeros((2, *watched.loss.shape))
    for run, step in np.ndindex(watched.loss.shape[:2]):
        end = watched.standing(run, step)
        exact[0, run, step] = exact_losses(watched.setting, end)
        free = {**end, "withheld_third": np.zeros_like(end["withheld_third"])}
        exact[1, run, step] = exact_losses(watched.setting, free)
    names = ("exposure", "exact", "exact, nothing held back")
    found = {
        name: [-watched.of_2022(loss[:, :, state]).mean() for state in states]
        for name, loss in zip(names, (watched.loss, *exact), strict=True)
    }
    return pd.DataFrame(found, HUBS)


if __name__ == "__main__":
    main()
