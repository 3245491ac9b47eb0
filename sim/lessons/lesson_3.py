"""Lesson 3: who pays, who would rather not, and what sharing changes."""

from __future__ import annotations

from sim.lessons.evidence import compared, draws, first_year, senders, world
from sim.lessons.exercises import (
    MORE_LESS,
    Exercise,
    Lesson,
    Number,
    Word,
    largest,
    mean_of,
    more_or_less,
    words,
)

BASE, OUT = "status_quo", "without_jpn"
SHARED = "coordination.burden_sharing=1"


def pays_most() -> Word:
    """Return the sender with the largest loss of the first year, in percent of GDP."""
    losses = first_year(BASE)
    return largest({code: losses.loc[code].to_numpy() for code in senders()})


def saved_by_japan() -> Number:
    """Return what Japan saves by staying out, USD bn a year."""
    saved = first_year(BASE).loc["JPN"] - first_year(OUT).loc["JPN"]
    return mean_of(saved.to_numpy() * float(world().gdp_bn[world().index("JPN")]) / 100.0)


def measures_when_shared() -> Word:
    """Return whether more measures stand at the end where all burdens are shared."""
    return more_or_less(*draws(compared(BASE, SHARED), "acts_announced"))


LESSON = Lesson(
    3,
    "Free riders and burden sharing",
    "Who pays for a coalition's sanctions, who is tempted to let others pay, and does sharing help?",
    {
        "a": Exercise(
            "Which sender loses most in the first year of the baseline, in percent of its GDP?",
            "In Python the table `states` of any comparison with `status_quo` has the mean of every "
            "state. In the terminal, the table of `sanctionsim run` has the loss of one run on its "
            "last day, which need not be the same.",
            "Small, near, and bound to the target by trade and pipes: a loss in percent of GDP "
            "falls on those for whom the target was a large part of what they buy and sell. In "
            "dollars the order is another one: look at both before you speak of fairness.",
            pays_most,
            options=senders,
        ),
        "b": Exercise(
            "Japan stays out, all others go on. By how many billion dollars a year does Japan's own "
            "loss fall, in the mean of the first year?",
            "`compare status_quo without_jpn`, table `states`: the difference for JPN is in percent "
            "of GDP; times its GDP (column `gdp_bn`) over 100.",
            "Most of what Japan loses in the model comes from its own measures and from its firms "
            "holding back; that part it keeps by staying out. The rest reaches it through dearer "
            "energy and others' trade, whoever sanctions. What the coalition loses by it, the "
            "damage to Russia that Japan adds, is what the free rider does not count.",
            saved_by_japan,
            unit="USD bn a year",
        ),
        "c": Exercise(
            "All senders share all losses equally (`coordination.burden_sharing=1`). Do more, or "
            "fewer, measures stand at the end?",
            '`sanctionsim compare status_quo "coordination.burden_sharing=1" --all`: the row on '
            "measures that stand at the end, and its verdict. A difference is not yet a finding.",
            "In the model sharing moves money, and hardly decisions. The weight of a government's "
            "own cost in its decision is small beside urgency, meetings and fellow members, and "
            "it is a prior: the dates of 2022 do not say what it is. So this is an answer about "
            "that assumption as much as about sharing.",
            measures_when_shared,
            options=words(*MORE_LESS),
        ),
    },
)
