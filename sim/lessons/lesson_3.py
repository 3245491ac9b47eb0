"""Lesson 3: who pays, who would rather not, and what sharing changes."""

import numpy as np

from sim.lessons.evidence import draws, first_year, senders, world
from sim.lessons.exercises import Number, Word, largest, mean_of, more_or_less

BASE, OUT = "status_quo", "without_jpn"
SHARED = "coordination.burden_sharing=1"


def pays_most() -> Word:
    """Return the sender with the largest loss of the first year, in percent of GDP."""
    losses = first_year(BASE)
    return largest({code: losses.loc[code].to_numpy() for code in senders()})


def saved_by_japan() -> Number:
    """Return what Japan saves by staying out, USD bn a year."""
    saved = first_year(BASE).loc["JPN"] - first_year(OUT).loc["JPN"]
    gdp_bn = float(world().gdp_bn[world().index("JPN")])
    return mean_of(np.asarray(saved, np.float64) * gdp_bn / 100.0)


def measures_when_shared() -> Word:
    """Return whether more measures stand at the end where all burdens are shared."""
    return more_or_less(*draws(BASE, SHARED, "acts_announced"))
