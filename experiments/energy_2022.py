"""Energy in 2022 and 2023: price, discount, value of exports and revenue, month by month.

    python experiments/energy_2022.py RAW_FOLDER [--runs N] [--out FILE.png] [LEVER=VALUE ...]

Runs the default with a few seeds on the record of acts to 20 May 2022 (the rule decides after) and
sets the model's months beside the record: Urals against Brent, the value of fuels exported as CREA
tracks it, oil and gas revenue of the federal budget.
The world price outside the model is the recorded one, so that Brent is no test but for the answer
that comes on top of it. Months up to June 2022 were in view when the table of sectors was written;
those after it judge. `--out` draws the same.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import arguments
import numpy as np
import pandas as pd

from sim.analysis.simulated import on_record
from sim.compose import checked, compose
from sim.engine.run import Run
from sim.report import style
from sim.setting import Setting, prepare
from sim.world import load

FIRST, IN_VIEW, LAST = "2022-03", "2022-06", "2023-06"
BRENT_2021 = 70.44  # USD a barrel, mean of the months (World Bank)
FUELS = {
    "oil": ("oil", "refined_petroleum"),
    "gas": ("pipeline_gas", "lng"),
    "coal": ("coal",),
}
# USD per EUR, monthly means of the European Central Bank, recalled to within 0.01.
DOLLARS = {
    "2022-03": 1.10, "2022-04": 1.08, "2022-05": 1.06, "2022-06": 1.06, "2022-07": 1.02,
    "2022-08": 1.01, "2022-09": 0.99, "2022-10": 0.98,
}  # fmt: skip


def months_of(setting: Setting, runs: int) -> pd.DataFrame:
    """Return means over runs and days of each month, by the columns of `_today`."""
    rows = []
    for number in range(runs):
        run = Run(setting, setting.config.seed, number)
        while run.day < setting.n_days - 1:
            run.advance(setting.config.scenario.step_days)
            rows.append({"month": _month(setting, run.day), **_today(setting, run)})
    return pd.DataFrame(rows).groupby("month").mean().loc[FIRST:LAST]


def _month(setting: Setting, day: int) -> str:
    middle = setting.start + timedelta(days=day - setting.config.scenario.step_days // 2)
    return f"{middle:%Y-%m}"


def _today(setting: Setting, run: Run) -> dict[str, float]:
    """Return price and discount of oil, exports of fuels and revenue, USD bn a month."""
    sectors, effect = setting.exposure.sectors, run.state.effect
    oil = sectors.index("oil")
    path, rise = setting.energy.price[run.day, oil], float(effect.price_log[oil])
    value = {
        fuel: sum(effect.export_bn[0, sectors.index(of)] for of in parts) / 12.0
        for fuel, parts in FUELS.items()
    }
    return {
        "brent": BRENT_2021 * path,
        "oil_rise": 100.0 * np.expm1(rise),
        "gas_rise": 100.0 * np.expm1(effect.price_log[sectors.index("pipeline_gas")]),
        "discount": 100.0 * effect.discount[0, oil],
        "lost_oil": 100.0 * effect.export_lost[0, oil],
        "lost_gas": 100.0 * effect.export_lost[0, sectors.index("pipeline_gas")],
        "shadow": 100.0 * effect.shadow[0],
        **{f"value_{fuel}": bn for fuel, bn in value.items()},
        "value": sum(value.values()),
        "revenue": effect.revenue_bn[0] / 12.0,
        "russia": effect.payment_bn[setting.targets[0]],
        "windfall": effect.windfall_bn[setting.targets[0]],
    }


def record_of_months(folder: Path) -> pd.DataFrame:
    """Return the recorded months: Brent, discount of Urals, exports and revenue, USD bn a month."""
    prices = pd.read_csv(folder / "urals_monthly.csv").set_index("month")
    crea = pd.read_csv(folder / "russia_fossil_exports_crea_monthly.csv")
    value = crea.groupby(["month", "commodity"]).mn_eur.sum().unstack() / 1000.0
    value = value.mul(pd.Series(DOLLARS), axis=0)
    budget = pd.read_csv(folder / "russia_budget_monthly.csv").set_index("month")
    gap = prices[[name for name in prices if str(name).startswith("disc_")]].mean(axis=1)
    table = pd.DataFrame(
        {
            "brent": prices.brent_usd_bbl,
            "discount": -100.0 * prices.urals_minus_brent / prices.brent_usd_bbl,
            "discount_vendors": -100.0 * gap / prices.brent_usd_bbl,
            **{f"value_{fuel}": value[fuel] for fuel in FUELS},
            "value": value[list(FUELS)].sum(axis=1, skipna=False),
            "revenue": budget.oil_gas_bn_usd,
        }
    )
    return table.loc[FIRST:LAST]


def show(ours: pd.DataFrame, record: pd.DataFrame) -> None:
    """Print both month by month, and how far they are apart before and after what was in view."""
    pairs = ("discount", "value_oil", "value_gas", "value_coal", "value", "revenue")
    print("model / record; prices USD a barrel and percent, money USD bn a month")
    names = {"brent": "Brent", "oil_rise": "oil +%", "gas_rise": "gas +%", "lost_oil": "oil lost %",
             "lost_gas": "gas lost %", "shadow": "shadow %"}  # fmt: skip
    print(f"{'':<10}" + "".join(f"{n:>11}" for n in names.values()) + _heads(pairs))
    for month in ours.index:
        mark = " *" if month <= IN_VIEW else "  "
        alone = "".join(f"{ours.loc[month, name]:>11.1f}" for name in names)
        both = "".join(f"{ours.loc[month, n]:>9.1f} /{record.loc[month, n]:>5.1f}" for n in pairs)
        print(f"{month:<8}{mark}{alone}{both}")
    print("* in view when sectors.csv was written; vendors of the discount differ by up to 15 USD")
    for name in pairs:
        gap = ours[name] - record[name]
        early, late = gap[:IN_VIEW].mean(), gap[gap.index > IN_VIEW]
        print(
            f"{name}: mean gap {early:+.1f} in view, {late.mean():+.1f} judged "
            f"({late.count()} months, mean absolute {late.abs().mean():.1f}), record's mean "
            f"{record[name][record.index > IN_VIEW].mean():.1f}"
        )
    print(
        f"what prices moved to Russia, USD bn a year: answer to what is cut "
        f"{ours.russia.mean():+.1f}, dated path {ours.windfall.mean():+.1f}"
    )


def _heads(pairs: tuple[str, ...]) -> str:
    return "".join(f"{name:>16}" for name in pairs)


def draw(ours: pd.DataFrame, record: pd.DataFrame, path: Path) -> None:
    """Draw price, discount, value of exports and revenue against the record."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib.figure import Figure

    with style.house():
        figure = Figure(figsize=(9.0, 6.4), layout="constrained")
        panels = figure.subplots(2, 2).ravel()
        titles = {
            "discount": "Urals below Brent, percent",
            "value_oil": "Oil and products exported, USD bn a month",
            "value_gas": "Gas exported, USD bn a month",
            "revenue": "Oil and gas revenue, USD bn a month",
        }
        seen = sum(month <= IN_VIEW for month in ours.index) - 0.5
        for axes, (name, title) in zip(panels, titles.items(), strict=True):
            axes.axvspan(-0.5, seen, color=style.FAINT, zorder=0)
            axes.plot(range(len(ours)), ours[name], color=style.LINES[0], label="model")
            known = record[name].reindex(ours.index)
            axes.plot(range(len(ours)), known, color=style.INK, marker="o", ms=3, label="record")
            axes.set_title(title)
            axes.set_ylim(bottom=0.0)
            axes.set_xticks(range(0, len(ours), 3), ours.index[::3])
            axes.set_xlim(-0.5, len(ours) - 0.5)
        panels[0].legend(loc="lower right")
        panels[1].text(0.0, 0.5, "in view", color=style.MUTED)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=style.DPI)


def main() -> None:
    parser = arguments.parser(__doc__)
    parser.add_argument("raw", type=arguments.raw_data, help="folder of raw data")
    parser.add_argument("levers", nargs="*", help="levers as of `sanctionsim run`")
    parser.add_argument("--runs", type=arguments.number, default=8)
    parser.add_argument("--out", type=Path, help="file of the figure, PNG or SVG")
    given = parser.parse_args()
    config = checked(compose(given.levers))
    world = load(config.world.folder)
    setting = on_record(prepare(world, config), world.folder / "timeline.csv")
    ours, record = months_of(setting, given.runs), record_of_months(given.raw / "econ_monthly")
    show(ours, record)
    if given.out:
        draw(ours, record, given.out)


if __name__ == "__main__":
    main()
