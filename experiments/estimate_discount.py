"""Learn at which elasticity those who are left take Russian oil, on its discount of spring 2022.

    python experiments/estimate_discount.py RAW_FOLDER

One run follows the record: who banned what, what firms shunned, what found other buyers. In it the
elasticity of the first weeks (`others_elasticity` of oil in sectors.csv) is that at which Urals
sells below Brent by what it did in March to May 2022, in the mean; the engine's own way on to the
long run is in it. Nothing later is read, and from 20 May nobody's acts are known.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

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
OFF = 5.0  # USD a barrel that vendors differ by, either way (README of the data)


def recorded(folder: Path) -> tuple[pd.Series, pd.Series]:
    """Return by which share Urals sold below Brent in each month, and Brent, USD a barrel."""
    prices = pd.read_csv(folder / "econ_monthly" / "urals_monthly.csv").set_index("month")
    prices = prices.loc[list(MONTHS)]
    return -prices.urals_minus_brent / prices.brent_usd_bbl, prices.brent_usd_bbl


def modelled(setting: Setting, elasticity: float) -> pd.Series:
    """Return the same of a run at an elasticity of the first weeks, (months,)."""
    oil, days = setting.exposure.sectors.index("oil"), setting.config.scenario.step_days
    markets = setting.energy.markets
    theta = markets.theta_short.copy()
    theta[oil] = elasticity
    energy = setting.energy._replace(markets=markets._replace(theta_short=theta))
    run = Run(replace(setting, energy=energy), seed=0)
    found: list[tuple[str, float]] = []
    while not found or found[-1][0] <= MONTHS[-1]:
        run.advance(days)
        middle = setting.start + timedelta(days=run.day - days // 2)
        found.append((f"{middle:%Y-%m}", float(run.state.effect.discount[0, oil])))
    table = pd.DataFrame(found, columns=["month", "discount"])
    return table.groupby("month").discount.mean().loc[list(MONTHS)]


def learnt(setting: Setting, mean: float) -> float:
    """Return the elasticity at which the mean discount is as given."""
    return float(brentq(lambda x: modelled(setting, x).mean() - mean, *LIMITS, xtol=1e-3))


def main() -> None:
    """Print what is learnt, its range by vendor, and the months beside the record."""
    world = load("march_2022")
    setting = on_record(prepare(world, Config()), world.folder / "timeline.csv")
    told, brent = recorded(Path(sys.argv[1]))
    off = OFF / float(brent.mean())
    best = learnt(setting, told.mean())
    low, high = learnt(setting, told.mean() + off), learnt(setting, told.mean() - off)
    print(f"elasticity {best:.2f}; {low:.2f} to {high:.2f} if the gap is {OFF:g} USD off")
    print(f"{'':<10}{'record':>8}{'model':>8}")
    model = modelled(setting, best)
    for month in MONTHS:
        print(f"{month:<10}{100.0 * told[month]:>8.1f}{100.0 * model[month]:>8.1f}")
    error = np.abs(model - told).mean()
    print(f"mean absolute error {100.0 * error:.1f} points")


if __name__ == "__main__":
    main()
