"""Facts on those who took no measures."""

from datetime import date

import numpy as np

from sim.analysis.facts.evidence import Evidence
from sim.analysis.facts.paths import loss_of_2022
from sim.arrays import Floats

BY = date(2022, 3, 31)
STANCE = ("stance",)
VOTED_FOR = {
    "CHN": False, "IND": False, "TUR": True, "ARE": True,
    "KAZ": False, "ARM": False, "GEO": True, "KGZ": False,
}  # fmt: skip


def china_silent(evidence: Evidence) -> Floats:
    """Return in which runs China never condemns the violation."""
    return np.isinf(evidence.watched.first(STANCE, "CHN", "condemn")).astype(np.float64)


def like_the_vote(evidence: Evidence) -> Floats:
    """Return the share of third states that by the end of March stand as they voted."""
    last = (BY - evidence.setting.start).days
    agree = [
        (evidence.watched.first(STANCE, code, "condemn") <= last) == voted_for
        for code, voted_for in VOTED_FOR.items()
    ]
    return np.stack(agree, axis=1).astype(np.float64) @ np.full(len(agree), 1.0 / len(agree))


def all_gain(evidence: Evidence) -> Floats:
    """Return in which runs China, India and Turkey all gain from what others ban."""
    states = [evidence.world.index(code) for code in ("CHN", "IND", "TUR")]
    gains = evidence.priced.together[:, states] < 0.0
    return np.all(gains, axis=1).astype(np.float64)


def gain(code: str, evidence: Evidence) -> Floats:
    """Return the gain of a third state's real income in 2022, percent; losses are negative."""
    return -loss_of_2022(code, evidence)
