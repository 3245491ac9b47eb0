"""The ruble of 2022 out of the currency block: what the signs do, month by month.

    python experiments/ruble_2022.py

Question: do the forces of `sim.economy.currency`, fed with the shape of 2022, give the rate its
turns, weak in March, strong in June, weaker again in December? The weights were set with these
turns in view, so that a match is no validation. The inputs below are round numbers, recalled.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import numpy as np

from sim.arrays import Floats
from sim.config import Currency
from sim.economy.currency import Inputs, Weights, path, repression, weights_of

START, END = date(2022, 2, 24), date(2022, 12, 31)
SEED = 2022
DEFAULTS = weights_of(Currency())
RANGES = {of.name: (of.metadata["low"], of.metadata["high"]) for of in fields(Currency)}
# Rubles per dollar, monthly means of the central bank's rate, recalled to within 2.
BEFORE = 77.0
ACTUAL = {3: 104, 4: 78, 5: 65, 6: 57, 7: 58, 8: 60, 9: 60, 10: 61, 11: 61, 12: 65}

# Knots of piecewise linear inputs: date and value. Imports fell by half and came back; exports rose
# by a fifth over the year on prices, a windfall and no sanction, before oil was capped.
IMPORT_LOST = {
    date(2022, 2, 24): 0.0,
    date(2022, 3, 10): 0.5,
    date(2022, 4, 30): 0.5,
    date(2022, 7, 1): 0.25,
    date(2022, 10, 1): 0.15,
}
EXPORT_LOST = {
    date(2022, 2, 24): 0.0,
    date(2022, 4, 1): -0.2,
    date(2022, 8, 31): -0.2,
    date(2022, 12, 5): 0.05,
}
# Eased from mid-April, the surrender of export revenue gone by June.
CONTROLS = {date(2022, 2, 27): 0.0, date(2022, 2, 28): 1.0, date(2022, 4, 15): 1.0,
            date(2022, 7, 1): 0.6, date(2022, 12, 31): 0.5}  # fmt: skip
SURRENDER = {date(2022, 2, 27): 0.0, date(2022, 2, 28): 1.0, date(2022, 5, 20): 1.0,
             date(2022, 6, 10): 0.0}  # fmt: skip
POLICY_RATE = {date(2022, 2, 27): 0.0, date(2022, 2, 28): 1.0, date(2022, 4, 10): 1.0,
               date(2022, 6, 10): 0.0}  # fmt: skip
GAS_RUBLES = {date(2022, 3, 31): 0.0, date(2022, 4, 1): 1.0}
FROZEN = {date(2022, 2, 27): 0.0, date(2022, 2, 28): 0.5}


def inputs_2022(windfall: bool = True) -> Inputs:
    """Return the inputs day by day from the invasion to the end of the year."""
    days = np.arange(START.toordinal(), END.toordinal() + 1, dtype=np.float64)
    severity, excluded = np.zeros(days.size), np.zeros(days.size)
    severity[0] = 0.5  # the invasion
    severity[4] = 0.5  # the freeze of the reserves, on Monday
    excluded[2] = 0.25  # seven banks, announced on the Saturday
    exports = _series(EXPORT_LOST, days)
    tight = [_series(knots, days) for knots in (CONTROLS, SURRENDER, POLICY_RATE, GAS_RUBLES)]
    return Inputs(
        severity=severity,
        excluded=excluded,
        export_covered=exports if windfall else exports.clip(min=0.0),
        import_covered=_series(IMPORT_LOST, days),
        frozen=_series(FROZEN, days),
        repression=np.array([repression(*shares) for shares in zip(*tight, strict=True)]),
    )


def monthly(log_rate: Floats) -> dict[int, float]:
    """Return rubles per dollar by month, means over its days."""
    months = np.array(
        [date.fromordinal(START.toordinal() + day).month for day in range(log_rate.size)]
    )
    rubles = BEFORE * np.exp(log_rate)
    return {month: float(rubles[months == month].mean()) for month in ACTUAL}


def turns(rates: dict[int, float]) -> bool:
    """Return whether a path is weak in March, strong in June, and between them in December."""
    return rates[6] < rates[12] < BEFORE < rates[3]


def turning_share(number: int) -> float:
    """Return the share of weights drawn evenly from their ranges that give the turns."""
    draw = np.random.default_rng(SEED)
    found = 0
    for _ in range(number):
        weights = Weights(**{name: draw.uniform(*ends) for name, ends in RANGES.items()})
        found += turns(monthly(path(inputs_2022(), 1.0, weights)))
    return found / number


def _series(knots: dict[date, float], days: Floats) -> Floats:
    return np.interp(days, [day.toordinal() for day in knots], list(knots.values()))


def main() -> None:
    log_rate = path(inputs_2022(), 1.0, DEFAULTS)
    rates, without = monthly(log_rate), monthly(path(inputs_2022(windfall=False), 1.0, DEFAULTS))
    print("rubles per dollar; the weights were set with these turns in view: no validation")
    print(f"{'month':>8}{'actual':>10}{'path':>10}{'path without the windfall':>28}")
    print(f"{'before':>8}{BEFORE:>10.0f}{BEFORE:>10.0f}{BEFORE:>28.0f}")
    for month, actual in ACTUAL.items():
        print(f"{month:>8}{actual:>10}{rates[month]:>10.0f}{without[month]:>28.0f}")
    worst = int(np.argmax(log_rate))
    peak = BEFORE * np.exp(log_rate[worst])
    print(f"weakest {peak:.0f} on {date.fromordinal(START.toordinal() + worst)}")
    print(f"weights drawn from their ranges that give the turns: {turning_share(500):.0%}")


if __name__ == "__main__":
    main()
