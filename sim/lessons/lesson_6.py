"""Lesson 6: bands, sensitivity, and whether there is a tipping point."""

import numpy as np

from sim.arrays import Floats
from sim.lessons.evidence import swept
from sim.lessons.exercises import Number, Word, largest, more_or_less, resampled

PULL = "peer_weight"
FACTORS = {name: f"coordination.{name}" for name in (PULL, "council_rule", "meeting_spacing")}
OUTCOME = "acts_announced"
SETTINGS, LUCK, UNSURE = "settings", "luck", "cannot be told"
HALF = 50.0  # percent


def strongest() -> Word:
    """Return the factor whose levels lie furthest apart, by the mean of each over all others."""
    levels = {factor: _by_level(factor) for factor in FACTORS}
    return largest({factor: by.max(axis=0) - by.min(axis=0) for factor, by in levels.items()})


def larger_part() -> Word:
    """Return whether more of the variance lies between settings or between draws of one."""
    luck = share_of_luck()
    if abs(luck.value - HALF) <= luck.tolerance:
        return Word(UNSURE)
    return Word(SETTINGS if luck.value < HALF else LUCK)


def share_of_luck() -> Number:
    """Return the percent of the variance over all runs that lies between draws of one setting."""
    table = swept().set_index([*FACTORS.values(), "draws"])[OUTCOME].unstack("draws")

    def within(outcomes: Floats) -> float:
        return float(100.0 * outcomes.var(axis=1).mean() / outcomes.var())

    return resampled(within, table.to_numpy(np.float64))


def diminishing() -> Word:
    """Return whether the last unit of the pull adds more or less than the first."""
    by = _by_level(PULL)
    return more_or_less(by[1] - by[0], by[5] - by[4])


def _by_level(factor: str) -> Floats:
    """Return the mean of the outcome at each level, by draw, (n_levels, n_draws)."""
    table = swept().groupby([FACTORS[factor], "draws"])[OUTCOME].mean().unstack("draws")
    return table.to_numpy(np.float64)


def factors() -> dict[str, str]:
    """Return the levers of the sweep by name, and their paths."""
    return FACTORS
