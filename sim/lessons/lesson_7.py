"""Lesson 7: what it takes for a model to be tested by history, and what this one passes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.analysis.facts.themes import every_fact
from sim.analysis.paired import BAND
from sim.arrays import Floats
from sim.lessons.evidence import announced
from sim.lessons.exercises import Exercise, Lesson, Number, Word, more_or_less, resampled, words

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
    missed: Floats = np.abs(np.minimum(median, LAST_DAY + 1.0) - recorded)
    return missed


def a_test() -> Word:
    """Return the fact that nothing of the model was set with in view."""
    fitted: Mapping[str, bool] = {fact.code: fact.fitted for fact in every_fact()}
    (free,) = [name for name, code in FACTS.items() if not fitted[code]]
    return Word(free)


LESSON = Lesson(
    7,
    "Judging a model against history",
    "When does agreement with 2022 count in favour of a model, and how would you notice that it "
    "does not?",
    {
        "a": Exercise(
            "Of the days on which the record has a first announcement, up to 20 May 2022, what "
            "percent lie between the first and the last tenth of the runs?",
            "The block under *What to turn* computes it: `inside.mean()`. An act that a run has not "
            "announced by 20 May comes later than any day.",
            "A band that holds four fifths of the draws should hold about four fifths of the days: "
            "well below, and the model is too sure; well above, and it says little. But the rule was "
            "estimated on these very days. That its bands are honest about them is calibration in "
            "the sample, and no forecast.",
            in_the_band,
            unit="percent",
        ),
        "b": Exercise(
            "Which rule's median days lie nearer to the record, act by act: `hazard`, in which "
            "states look at each other, or `independent`, in which nobody does?",
            "By how many days does the median miss, act by act, under each? Pair them: the same acts "
            "under both. Then ask whether the mean difference is more than luck "
            "(three standard errors).",
            "Both rules were estimated on the same days, each with levels for measures and senders "
            "that soak up what the other explains by pull. That acts came together can be told by "
            "shared shocks as well as by imitation. A null model that does as well is the most "
            "useful thing that a modeller can be shown.",
            nearer_rule,
            options=words("hazard", "independent", "cannot be told"),
        ),
        "c": Exercise(
            "Three facts that the ledger of the model has: the G7's first measures come within days; "
            "Russia's imports have their trough, of that depth, in spring 2022; its exports of 2023 "
            "bring less than those of 2021. Which of the three is a test of the model, because "
            "nothing in it was set with that fact in view?",
            "`docs/facts.md`, column *fitted*, rows `g7_acts`, `trough_depth` and `exports_of_2023`.",
            "A fact that a coefficient was fitted to can only fail. One that nothing was fitted to can "
            "hold for the right reason, or by luck: world prices of energy are an input, and a fall "
            "of exports can come from them alone. Ask what carries the outcome.",
            a_test,
            options=words(*FACTS),
        ),
    },
)
