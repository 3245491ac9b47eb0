"""The ruble of 2022 and 2023 out of the currency block, with trade as it was recorded.

    python experiments/ruble_2022.py [RUNS]

Question: does the balance of foreign exchange in `sim.economy.currency`, given what Russia earned
and bought month by month, give the ruble's turns: weak in March 2022, strong in June, half of the
way back in December? Trade is what was recorded, so it has answered to the rate already and its
elasticities are 0 here: judged is what capital did. One number, the run at full alarm, is learnt on
March 2022; every other month is judged, and no other number was set with the rate in view.
With RUNS, the same beside that many runs of the baseline, whose trade is the model's own.
"""

from __future__ import annotations

import math
from dataclasses import fields
from datetime import date, timedelta
from typing import NamedTuple

import arguments
import numpy as np

from sim.analysis.facts.watched import watch
from sim.analysis.simulated import on_record
from sim.arrays import Floats
from sim.compose import checked, compose
from sim.config import Currency
from sim.economy.currency import (
    Base,
    Drivers,
    Weights,
    alarm,
    differential,
    felt_after,
    precaution_after,
    sought_after,
    weights_of,
)
from sim.economy.currency import log_rate as rate_of
from sim.setting import prepare
from sim.sweep.progress import Progress
from sim.world import load

START, END = date(2022, 1, 1), date(2023, 12, 31)
STEP_DAYS = 1
SEED, DRAWS = 2022, 300
ON_CAPITAL = ("leaning", "controls", "support", "saved", "purchases", "fade_days", "rate_rise")
DEFAULTS = weights_of(Currency())
RANGES = {of.name: (of.metadata["low"], of.metadata["high"]) for of in fields(Currency)}
LEARNT_ON = (2022, 3)
DAYS = [START + timedelta(days) for days in range(0, (END - START).days + 1, STEP_DAYS)]
MONTHS = [(year, month) for year in (2022, 2023) for month in range(1, 13)]

# 2021, USD billion: goods and services by the balance of payments (balance read, parts recalled),
# fuels by customs and tracking of cargoes, reserves on 1 February 2022 (recalled).
BALANCE_2021, FUELS_2021 = 170.1, 263.0
BASE = Base(imports=379.0, others=549.0 - FUELS_2021, gdp=1843.0, reserves=630.0)

# Rubles per dollar, monthly means of market quotes.
ACTUAL = dict(zip(MONTHS, (
    76.6, 79.9, 106.4, 77.6, 64.0, 56.5, 58.6, 60.3, 59.7, 61.6, 60.9, 66.2,
    69.7, 73.3, 76.3, 81.2, 79.4, 84.0, 90.6, 95.5, 96.7, 98.6, 90.5, 90.8,
), strict=True))  # fmt: skip

# Fuels sold, USD billion a year: 2021's by oil and its products, gas, and coal (179, 62, 22), times
# price (Urals, European gas, South African coal; World Bank, market vendors) and volume (cargoes by
# sea, flows to the EU) over those of the base; volumes of gas after March 2023 as then.
FUELS_SOLD = (
    327, 360, 447, 328, 346, 347, 338, 342, 271, 245, 240, 210,
    184, 181, 175, 206, 185, 180, 189, 210, 239, 234, 209, 186,
)  # fmt: skip
# Balance of goods and services, USD billion a year. 2022 by quarter: balance of payments (77.7 and
# 80.8), then current account (52.0 and 36.9) and half of what the year's balance of goods and
# services (282.3) was beyond it and the first half's. Its months: exports move as fuels do, imports
# as import VAT over the same month of 2021, services evenly; in the first quarter imports of goods
# are those of January (23.3 by customs, raised as February) and February (27.5), and the rest of
# 71.3 in March. 2023: 2021's and what goods by customs were beyond that year's 199.6 (42.5 to
# April, 103.0 to September, 140.0 in the year), less 13 more for services (recalled).
BALANCE = (
    211, 242, 479, 333, 323, 314, 329, 288, 217, 227, 232, 192,
    85, 85, 85, 85, 103, 103, 103, 103, 103, 105, 105, 105,
)  # fmt: skip

INVASION, FROZEN_SINCE, FROZEN = date(2022, 2, 24), date(2022, 2, 28), 0.52
EXCLUDED_ON, EXCLUDED = date(2022, 2, 26), 0.25  # seven banks, told on a Saturday
# Severity of events, as in the world march_2022.
EVENTS = {
    date(2022, 2, 21): 0.3, INVASION: 1.0, date(2022, 3, 4): 0.05, date(2022, 3, 9): 0.05,
    date(2022, 3, 16): 0.05, date(2022, 4, 3): 0.15, date(2022, 4, 8): 0.05,
    date(2022, 9, 21): 0.1, date(2022, 9, 30): 0.2, date(2022, 10, 10): 0.1,
}  # fmt: skip


class Inputs(NamedTuple):
    """What happens to a currency step by step; each (n_steps,), held through a step."""

    # of events, and bank assets newly excluded, at the start of the step
    severity: Floats
    excluded: Floats
    # change of export income, USD billion a year
    fuels: Floats
    others: Floats
    imports_lost: Floats  # share of imports that does not come through at given prices
    # as in `Drivers`
    frozen: Floats
    controls: Floats
    differential: Floats  # of `differential`, at the end of the step


def path(inputs: Inputs, step_days: float, base: Base, weights: Weights) -> Floats:
    """Return the log rate at the end of every step, (n_steps,), from the base year.

    Parameters
    ----------
    step_days : float
        > 0.
    """
    fuels_felt = others_felt = lost_felt = precaution = sought = 0.0
    fade, fears = weights.delivery_days, (weights.fade_days, weights.run_days)
    rates = np.empty(len(inputs.severity))
    for t, (severity, excluded, fuels, others, lost, frozen, controls, reward) in enumerate(
        zip(*inputs, strict=True)
    ):
        jump = alarm(severity, excluded, weights.exclusion)
        alarmed = 1.0 - (1.0 - precaution) * (1.0 - jump)
        sought = sought_after(sought, alarmed, step_days, *fears)
        precaution = precaution_after(precaution, jump, step_days, weights.fade_days)
        fuels_felt = felt_after(fuels_felt, fuels, step_days, fade)
        others_felt = felt_after(others_felt, others, step_days, fade)
        lost_felt = felt_after(lost_felt, lost, step_days, fade)
        drivers = Drivers(fuels_felt, others_felt, lost_felt, frozen, sought, controls, reward)
        rates[t] = rate_of(drivers, base, weights)
    return rates


def inputs_of_record(weights: Weights = DEFAULTS, windfall: bool = True) -> Inputs:
    """Return what happened day by day; without the windfall, fuels earn what they did in 2021."""
    fuels = _daily(FUELS_SOLD) - FUELS_2021
    rest = _daily(BALANCE) - BALANCE_2021 - fuels  # imports not bought are as good as exports
    since = np.array([(day - FROZEN_SINCE).days for day in DAYS], dtype=np.float64)
    rise = (weights.rate_rise, weights.rate_days)
    return Inputs(
        severity=np.array([EVENTS.get(day, 0.0) for day in DAYS]),
        excluded=np.array([EXCLUDED * (day == EXCLUDED_ON) for day in DAYS]),
        fuels=fuels if windfall else 0.0 * fuels,
        others=rest,
        imports_lost=np.zeros(len(DAYS)),
        frozen=np.where(since >= 0.0, FROZEN, 0.0),
        controls=np.where(since >= 0.0, 1.0, 0.0),
        differential=np.array([differential(d, *rise) if d >= 0.0 else 0.0 for d in since]),
    )


def as_recorded(weights: Weights) -> Weights:
    """Return coefficients for trade that has answered to the rate and is felt as it flows."""
    return weights._replace(import_elasticity=0.0, export_elasticity=0.0, delivery_days=1.0)


def log_rates(weights: Weights, windfall: bool = True) -> dict[tuple[int, int], float]:
    """Return the mean log rate of every month, over that of January 2022."""
    inputs, used = inputs_of_record(weights, windfall), as_recorded(weights)
    daily = path(inputs, float(STEP_DAYS), BASE, used)
    day_month = np.array([day.year * 100 + day.month for day in DAYS])
    means = {(y, m): float(daily[day_month == y * 100 + m].mean()) for y, m in MONTHS}
    calm = Drivers(float(inputs.fuels[0]), float(inputs.others[0]), 0.0, 0.0, 0.0, 0.0, 0.0)
    before = rate_of(calm, BASE, used)
    return {month: mean - before for month, mean in means.items()}


def recorded(month: tuple[int, int]) -> float:
    """Return the log rate of a month over that of January 2022, as it was."""
    return math.log(ACTUAL[month] / ACTUAL[MONTHS[0]])


def learn(weights: Weights = DEFAULTS) -> float:
    """Return the run at full alarm that gives March 2022 its rate, in GDP a year.

    The rate is linear in it.
    """
    low, high = (log_rates(weights._replace(precaution=p))[LEARNT_ON] for p in (0.0, 1.0))
    return (recorded(LEARNT_ON) - low) / (high - low)


def turns(rates: dict[tuple[int, int], float]) -> bool:
    """Return whether a path is weak in March, strong in June, and between them in December."""
    return rates[2022, 6] < rates[2022, 12] < 0.0 < rates[2022, 3]


def facts(rates: dict[tuple[int, int], float]) -> bool:
    """Return whether March, June and December lie between half and twice what they were."""
    ratios = [rates[month] / recorded(month) for month in ((2022, 3), (2022, 6), (2022, 12))]
    return all(0.5 <= ratio <= 2.0 for ratio in ratios)


def shares(number: int) -> tuple[float, float]:
    """Return the shares of draws from the ranges that give the turns, and the three facts.

    The run is learnt on March in every draw.
    """
    draw = np.random.default_rng(SEED)
    with_turns = with_facts = 0
    for _ in range(number):
        weights = Weights(**{name: draw.uniform(*ends) for name, ends in RANGES.items()})
        rates = log_rates(weights._replace(precaution=learn(weights)))
        with_turns += turns(rates)
        with_facts += facts(rates)
    return with_turns / number, with_facts / number


def _daily(by_month: tuple[float, ...]) -> Floats:
    """Return a monthly series by day."""
    return np.array([by_month[MONTHS.index((day.year, day.month))] for day in DAYS], np.float64)


def ends() -> list[tuple[str, float, float, dict[tuple[int, int], float]]]:
    """Return each number at the ends of its range, the run learnt anew, and the path it gives."""
    found = []
    for name, values in RANGES.items():
        for value in values if name in ON_CAPITAL else ():
            weights = DEFAULTS._replace(**{name: value})
            weights = weights._replace(precaution=learn(weights))
            found.append((name, value, weights.precaution, log_rates(weights)))
    return found


def modelled(precaution: float, runs: int) -> dict[tuple[int, int], float]:
    """Return the mean log rate of every month over runs of the baseline, on the record of acts."""
    config, world = checked(compose([f"currency.precaution={precaution}"])), load("march_2022")
    setting = on_record(prepare(world, config), world.folder / "timeline.csv")
    watched = watch(setting, runs, Progress(1))
    names = {at: f"{at[0]}-{at[1]:02d}" for at in MONTHS}
    means = {at: float(watched.months(watched.log_rate, n, n).mean()) for at, n in names.items()}
    return {at: mean for at, mean in means.items() if not math.isnan(mean)}


def print_modelled(runs: int) -> None:
    """Print runs of the baseline beside the record, and the run that March asks for in them."""
    low, high = RANGES["precaution"]
    ours, least, most = (modelled(p, runs) for p in (DEFAULTS.precaution, low, high))
    print(f"log rates of {runs} runs of the baseline")
    for at, mean in ours.items():
        print(f"{at[0]}-{at[1]:02d}".rjust(10) + f"{recorded(at):>+10.2f}{mean:>+10.2f}")
    slope = (most[LEARNT_ON] - least[LEARNT_ON]) / (high - low)
    asked = low + (recorded(LEARNT_ON) - least[LEARNT_ON]) / slope
    print(f"the run at full alarm that March asks for in them: {asked:.3f} of GDP a year")


def main() -> None:
    words = arguments.parser(__doc__)
    words.add_argument("runs", nargs="?", type=arguments.number)
    runs = words.parse_args().runs
    if runs:
        print_modelled(runs)
        return
    rates, without = log_rates(DEFAULTS), log_rates(DEFAULTS, windfall=False)
    print("rubles per dollar with trade as recorded; March 2022 in view, all else judged")
    print(f"{'month':>10}{'record':>10}{'ours':>10}{'log, record':>14}{'log, ours':>12}"
          f"{'no windfall':>14}")  # fmt: skip
    first = ACTUAL[MONTHS[0]]
    for year, month in MONTHS:
        at = (year, month)
        print(
            f"{year}-{month:02d}".rjust(10)
            + f"{ACTUAL[at]:>10.1f}{first * math.exp(rates[at]):>10.1f}{recorded(at):>+14.2f}"
            + f"{rates[at]:>+12.2f}{first * math.exp(without[at]):>14.1f}"
            + ("  learnt" if at == LEARNT_ON else "")
        )
    judged = [at for at in MONTHS if at > LEARNT_ON]
    error = math.sqrt(np.mean([(rates[at] - recorded(at)) ** 2 for at in judged]))
    still = math.sqrt(np.mean([recorded(at) ** 2 for at in judged]))
    print(f"error over the judged months {error:.2f} log points; of an unmoved rate {still:.2f}")
    print(f"the run at full alarm that March asks for: {learn():.3f} of GDP a year")
    print("a number at the end of its range, the run learnt anew; log rates")
    print(f"{'':>12}{'value':>8}{'run':>7}{'June':>8}{'December':>10}{'August 2023':>13}")
    for name, value, sought, path_of in ends():
        june, december, august = (path_of[at] for at in ((2022, 6), (2022, 12), (2023, 8)))
        print(f"{name:>12}{value:>8g}{sought:>7.2f}{june:>+8.2f}{december:>+10.2f}{august:>+13.2f}")
    found = shares(DRAWS)
    print(
        f"draws from the ranges, each learnt on March: turns {found[0]:.0%}, facts {found[1]:.0%}"
    )


if __name__ == "__main__":
    main()
