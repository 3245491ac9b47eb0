"""Lesson 1: what a coalition does that its members do not do alone."""

import numpy as np

from sim.lessons.evidence import coalitions, draws
from sim.lessons.exercises import Number, Word, mean_of, more_or_less

LETTER = "together reluctance.payment_risk=0 reluctance.reputation=0"


def share_of_the_united_states() -> Number:
    """Return what the United States does alone, percent of what all do."""
    worth = coalitions("together")
    return mean_of(100.0 * worth["USA"] / worth[max(worth, key=len)])


def japan_alone() -> Word:
    """Return whether Japan loses more alone than in the coalition."""
    return more_or_less(*draws("together", "apart_jpn", "shared_loss_bn"))


def parts_and_whole() -> Word:
    """Return whether the parts add up to more than the whole, where only the law binds."""
    worth = coalitions(LETTER)
    parts = [loss for name, loss in worth.items() if "," not in name]
    return more_or_less(worth[max(worth, key=len)], np.sum(parts, axis=0))
