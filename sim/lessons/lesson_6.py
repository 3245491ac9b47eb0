"""Lesson 6: bands, sensitivity, and whether there is a tipping point."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.lessons.evidence import swept
from sim.lessons.exercises import (
    MORE_LESS,
    Exercise,
    Lesson,
    Number,
    Word,
    largest,
    more_or_less,
    resampled,
    words,
)

PULL = "peer_weight"
FACTORS = {
    name: f"coordination.{name}" for name in (PULL, "council_rule", "meeting_spacing")
}
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
    return resampled(_within, table.to_numpy(np.float64))


def diminishing() -> Word:
    """Return whether the last unit of the pull adds more or less than the first."""
    by = _by_level(PULL)
    return more_or_less(by[1] - by[0], by[5] - by[4])


def _by_level(factor: str) -> Floats:
    """Return the mean of the outcome at each level, by draw, (n_levels, n_draws)."""
    table = swept().groupby([FACTORS[factor], "draws"])[OUTCOME].mean().unstack("draws")
    found: Floats = table.to_numpy(np.float64)
    return found


def _within(outcomes: Floats) -> float:
    return float(100.0 * outcomes.var(axis=1).mean() / outcomes.var())


LESSON = Lesson(
    6,
    "Reading a sweep",
    "Which lever moves the outcome, how much of what is seen is luck, and is there a tipping point?",
    {
        "a": Exercise(
            "Of the three levers of the sweep, which one moves the number of measures after a "
            "quarter most, from its lowest to its highest mean?",
            "Group the runs by one factor at a time, take the mean of `acts_announced` at each level, "
            "and compare the largest with the smallest. On the page it is the chapter on effects.",
            "The answer belongs to these ranges: a lever that is turned from nothing to five times "
            "its default has more room than one with two positions. Ask for each range where it "
            "comes from before you say that one thing matters more than another.",
            strongest,
            options=lambda: FACTORS,
        ),
        "b": Exercise(
            "Split the variance of the number of measures over all runs of this sweep: a part lies "
            "between settings, the rest between draws of the same setting, which is luck. Which "
            "part is larger?",
            "The variance over the draws of each setting, averaged over the settings, over the "
            "variance of all runs. Both with `ddof=0`, so that the two parts add up to the whole.",
            "Draws at the same setting differ because decisions wait for chance and pull each other "
            "along. But the split is a statement about this design: with narrower ranges luck would "
            "have the larger part, for the levers would have less to show.",
            larger_part,
            options=words(SETTINGS, LUCK, UNSURE),
        ),
        "c": Exercise(
            "Does the step of `peer_weight` from 4 to 5 add more, or fewer (less), measures than the "
            "step from 0 to 1?",
            "Means by level of `coordination.peer_weight`, averaged over the other two factors; then "
            "the difference of the last two beside that of the first two. All points share their "
            "draws, so that you can pair them.",
            "A tipping point would show as a step that is larger than those before it. Here the curve "
            "bends the other way: what can be taken within a quarter is finite, and those who would "
            "follow at all have followed. A model of pull need not have a cascade.",
            diminishing,
            options=words(*MORE_LESS),
        ),
    },
)
