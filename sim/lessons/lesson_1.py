"""Lesson 1: what a coalition does that its members do not do alone."""

from __future__ import annotations

import numpy as np

from sim.lessons.evidence import coalitions, compared, draws
from sim.lessons.exercises import (
    MORE_LESS,
    Exercise,
    Lesson,
    Number,
    Word,
    mean_of,
    more_or_less,
    words,
)

LETTER = "together reluctance.payment_risk=0 reluctance.reputation=0"


def share_of_the_united_states() -> Number:
    """Return what the United States does alone, percent of what all do."""
    worth = coalitions("together")
    return mean_of(100.0 * worth["USA"] / worth[max(worth, key=len)])


def loses_more_alone() -> Word:
    """Return whether the United States loses more alone than in the coalition."""
    together, alone = draws(compared("together", "apart"), "shared_loss_bn")
    return Word("true" if more_or_less(together, alone).value == "more" else "false")


def parts_and_whole() -> Word:
    """Return whether the parts add up to more than the whole, where only the law binds."""
    worth = coalitions(LETTER)
    parts = [loss for name, loss in worth.items() if "," not in name]
    return more_or_less(worth[max(worth, key=len)], np.sum(parts, axis=0))


LESSON = Lesson(
    1,
    "Unilateral or joint",
    "What does a coalition do to its target, and to its members, that one of them alone does not?",
    {
        "a": Exercise(
            "All carry out the package of the first week. Of what Russia then loses in the first "
            "year, beyond what the war itself costs it, what percent does the United States do "
            "alone with the same package?",
            "Take `sim.value`: the row `alone` of the United States over the row `all`. Both leave "
            "the war's own cost out. `compare together apart` does not: there both losses have it.",
            "Alone the United States covers its own exports and cuts off no bank from SWIFT, which "
            "obeys the EU. That it does so much all the same is the reach of its signal: firms and "
            "banks elsewhere hold back what no law forbids, and a large sender is enough to frighten "
            "them. The letter of its bans alone does far less.",
            share_of_the_united_states,
            unit="percent",
        ),
        "b": Exercise(
            "True or false: with the same package on the same days the United States itself loses "
            "more when it is alone than when all take part, and by more than luck.",
            "`sanctionsim compare together apart` has a row *Senders' loss*, of those who are "
            "senders in both: the United States. Read its verdict too.",
            "Alone its customers in Russia find other sellers among its allies, and what it gives up "
            "they take over. Together the allies give up the same goods, so that nobody takes its "
            "place. It is the same mechanism by which the target loses more.",
            loses_more_alone,
            options=words("true", "false"),
        ),
        "c": Exercise(
            "Now let nobody hold back more than the law asks (`reluctance.payment_risk=0 "
            "reluctance.reputation=0`). Add up what the United States, the EU and the others "
            "each do alone. Is the sum more, or less, than what they do together?",
            "`sim.value` with these two overrides: add up the rows `alone`, and compare the sum with "
            "the row `all`. Mind the small numbers: the letter of the law does much less.",
            "Where only bans count, each further supplier that leaves makes the rest harder to "
            "replace: the loss is convex in the share of the market that is gone. Fear is not: "
            "whoever has been frightened off by one sender cannot be frightened off again by the "
            "next. That is why the sum says something else once firms and banks react.",
            parts_and_whole,
            options=words(*MORE_LESS),
        ),
    },
)
