"""Learn at which elasticity those who are left take Russian oil, on its discount of spring 2022.

    python experiments/estimate_discount.py RAW_FOLDER

One run follows the record: who banned what, what firms shunned, what found other buyers. In it the
elasticity of the first weeks (`others_elasticity` of oil in sectors.csv) is that at which Urals
sells below Brent by what it did in March to May 2022, in the mean; the engine's own way on to the
long run is in it. That of products is learnt alike on diesel, the largest of them, to 20 May.
Nothing later is read, and from then on nobody's acts are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import arguments
import numpy as np
import pandas as pd
from scipy.optimize import brentq

from sim.analysis.simulated import on_record
from sim.config import Config
from sim.engine.run import Run
from sim.setting import Setting, prepare
from sim.world import load

MONTHS = ("2022-03", "2022-04", "2022-05")
LIMITS = (0.1, 3.0)
# USD a tonne by which Russian diesel sold below other in May 2022 (Reuters: some 30, five traders;
# barges 19 to 35), and what other cost: Brent of that month and some 40 a barrel (recalled).
DIESEL_BELOW, DIESEL = (30.0, 40.0, 20.0), 1130.0
OFF = 5.0  # USD a barrel that vendors differ by, either way (README of the data)


def recorded(folder: Path) -> tuple[pd.Series, pd.Series]:
    """Return by which share Urals sold below Brent in each month, and Brent, USD a barrel."""
    prices = pd.read_csv(folder / "econ_monthly" / "urals_monthly.csv").set_index("month")
    prices = prices.loc[list(MONTHS)]
    return -prices.urals_minus_brent / prices.brent_usd_bbl, prices.brent_usd_bbl


def modelled(setting: Setting, sector: str, elasticity: float) -> pd.Series:
    """Return by which share a run sells below at an elasticity of the first weeks, by day."""
    j, days = setting.exposure.sectors.index(sector), setting.config.scenario.step_days
    markets = setting.energy.markets
    theta = markets.theta_short.copy()
    theta[j] = elasticity
    energy = setting.energy._replace(markets=markets._replace(theta_short=theta))
    run = Run(replace(setting, energy=energy), seed=0)
    found: dict[str, float] = {}
    while not found or max(found)[:7] <= MONTHS[-1]:
        run.advance(days)
        middle = setting.start + timedelta(days=run.day - days // 2)
        found[middle.isoformat()] = float(run.state.effect.discount[0, j])
    return pd.Series(found)


def by_month(daily: pd.Series) -> pd.Series:
    """Return the means of the months that the elasticity of oil is learnt on."""
    return daily.groupby(daily.index.str[:7]).mean().loc[list(MONTHS)]


def on_record_in_may(daily: pd.Series) -> pd.Series:
    """Return the days of May 2022 that the record of acts reaches."""
    return daily["2022-05-01":"2022-05-20"]


def learnt(setting: Setting, sector: str, mean: float, of: Callable[..., pd.Series]) -> float:
    """Return the elasticity at which the mean discount of a part of the run is as given."""
    return float(brentq(lambda x: of(modelled(setting, sector, x)).mean() - mean, *LIMITS))


def main() -> None:
    """Print what is learnt, its ranges, and the months of crude beside the record."""
    words = arguments.parser(__doc__)
    words.add_argument("raw", type=arguments.raw_data, help="folder of raw data")
    told, brent = recorded(words.parse_args().raw)
    world = load("march_2022")
    setting = on_record(prepare(world, Config()), world.folder / "timeline.csv")
    off = OFF / float(brent.mean())
    crude = [learnt(setting, "oil", told.mean() + more, by_month) for more in (0.0, off, -off)]
    print("oil: elasticity {:.2f}; {:.2f} to {:.2f} if the gap is {:g} USD off".format(*crude, OFF))
    print(f"{'':<10}{'record':>8}{'model':>8}")
    model = by_month(modelled(setting, "oil", crude[0]))
    for month in MONTHS:
        print(f"{month:<10}{100.0 * told[month]:>8.1f}{100.0 * model[month]:>8.1f}")
    error = np.abs(model - told).mean()
    print(f"mean absolute error {100.0 * error:.1f} points")
    products = [
        learnt(setting, "refined_petroleum", below / DIESEL, on_record_in_may)
        for below in DIESEL_BELOW
    ]
    print("products: elasticity {:.2f}; {:.2f} to {:.2f} by reports of diesel".format(*products))


if __name__ == "__main__":
    main()
