"""Lesson 7: what it takes for a model to be tested by history, and what this one passes."""

from collections.abc import Mapping

import numpy as np

from sim.analysis.facts.themes import every_fact
from sim.analysis.paired import BAND
from sim.arrays import Floats
from sim.lessons.evidence import announced
from sim.lessons.exercises import Number, Word, more_or_less, resampled

LAST_DAY = 88  # 20 May 2022
FACTS = {
    "first measures": "g7_acts",
    "trough of imports": "trough_depth",
    "exports of 2023": "exports_of_2023",
}
NEARER = {"more": "hazard", "less": "independent"}


def in_the_band() -> Number:
    """Return the percent of the record's days that lie in the middle 80 % of the runs."""
    recorded, days = announced("hazard")

    def share(runs: Floats) -> float:
        low, high = np.quantile(runs, BAND, axis=1, method="inverted_cdf")
        return float(100.0 * ((low <= recorded) & (recorded <= high)).mean())

    return resampled(share, days)


def nearer_rule() -> Word:
    """Return the rule whose median days lie nearer to the record, if either does."""
    told = more_or_less(off("hazard"), off("independent")).value
    return Word(NEARER.get(told, "cannot be told"))


def off(rule: str) -> Floats:
    """Return by how many days the median of the runs misses the record, act by act."""
    recorded, days = announced(rule)
    median = np.quantile(days, 0.5, axis=1, method="inverted_cdf")
    return np.abs(np.minimum(median, LAST_DAY + 1.0) - recorded)


def a_test() -> Word:
    """Return the fact that nothing of the model was set with in view."""
    fitted: Mapping[str, bool] = {fact.code: fact.fitted for fact in every_fact()}
    (free,) = [name for name, code in FACTS.items() if not fitted[code]]
    return Word(free)
