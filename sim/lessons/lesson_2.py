"""Lesson 2: what one member that can block costs a union, and whom it spares."""

from __future__ import annotations

from sim.lessons.evidence import compared, draws, first_year, senders
from sim.lessons.exercises import (
    MORE_LESS,
    Exercise,
    Lesson,
    Number,
    Word,
    largest,
    median_of,
    more_or_less,
    words,
)

MAJORITY, VETO = "eu_majority", "eu_veto"
SOON = "eu_veto coordination.carve_out_days=7"


def delay() -> Number:
    """Return by how many days a measure comes later under the veto, in the median draw."""
    majority, veto = draws(compared(MAJORITY, VETO), "shared_day")
    return median_of(veto - majority)


def early_exemption() -> Word:
    """Return how Russia's loss differs where the objector is exempted within a week."""
    return more_or_less(*draws(compared(VETO, SOON), "loss_RUS_first_year"))


def most_spared() -> Word:
    """Return the member that the veto spares most, in percent of its GDP."""
    spared = first_year(MAJORITY) - first_year(VETO)
    return largest({code: spared.loc[code].to_numpy() for code in senders()})


LESSON = Lesson(
    2,
    "The veto player",
    "What does one member that can block cost its union, and whom does it spare?",
    {
        "a": Exercise(
            "Hungary objects to everything. By how many days later does a measure come, in the "
            "median draw, if the EU decides by unanimity rather than by majority?",
            "`sanctionsim compare eu_majority eu_veto`. The table has the mean day; where a few "
            "draws pull the mean away, the sentence above it gives the median draw. In Python: the "
            "column `median` of `differences()`.",
            "Each package waits until its objector has been exempted, which takes "
            "`coordination.carve_out_days` from the first blocked vote; what members may do alone "
            "does not wait. So the delay is of the order of that lever, less what national "
            "measures take off it.",
            delay,
            unit="days",
        ),
        "b": Exercise(
            "Let the objector be exempted after a week rather than a month "
            "(`coordination.carve_out_days=7`). Does Russia lose more, or less, in the first year?",
            '`sanctionsim compare eu_veto "eu_veto coordination.carve_out_days=7"`: the row on the '
            "loss of Russia, and its verdict.",
            "The exemption buys time for a hole in the ban. What is gained by months of earlier bans "
            "is more than what one small member keeps on buying. With a large member the hole would "
            "be larger: try `coordination.veto_players=[DEU]`.",
            early_exemption,
            options=words(*MORE_LESS),
        ),
        "c": Exercise(
            "Which sender's own loss of the first year, in percent of its GDP, does the veto lower "
            "most, beside a vote by majority?",
            "`compare eu_majority eu_veto`: in Python the table `states` of the comparison has the "
            "mean loss of every state under both. Look for the largest fall among the senders.",
            "Under a majority the Council may stop Russian gas over the objections of those who "
            "cannot replace it; who buys most of it for its size then loses most. Unanimity lets "
            "exactly those members object, and exempts them where the others go on. The veto "
            "protects who holds it, and others who hide behind it.",
            most_spared,
            options=senders,
        ),
    },
)
