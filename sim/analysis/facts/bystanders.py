"""Facts on those who took no measures."""

from __future__ import annotations

from datetime import date

import numpy as np

from sim.analysis.facts.evidence import Evidence
from sim.analysis.facts.ledger import TRUE, YES_OR_NO, Claim, Fact
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


FACTS = (
    Fact(
        code="china_silent",
        statement="China neither condemns the invasion nor joins.",
        source="United Nations Digital Library, record of the vote on ES-11/1 of 2 March 2022 "
        "(China abstains); Foreign Ministry of China, 28 February, as reported by International "
        "Trade Today",
        status="read",
        outcome="China never condemns",
        unit=YES_OR_NO,
        claim=TRUE,
        fitted=True,
        basis="logit on the votes themselves, China's among 62; that it takes no measures is its "
        "role",
        why="It votes like Russia in other years and has a pact with it.",
        measure=china_silent,
    ),
    Fact(
        code="like_the_vote",
        statement="Of China, India, Turkey, the Emirates, Kazakhstan, Armenia, Georgia and "
        "Kyrgyzstan three vote for ES-11/1 (Turkey, the Emirates, Georgia), the others abstain.",
        source="United Nations Digital Library, voting record of A/RES/ES-11/1, 2 March 2022",
        status="read",
        outcome="share of the eight that by 31 March have condemned if and only if they voted for "
        "it; at most one wrong",
        unit="",
        claim=Claim(0.87, 1.0),
        fitted=True,
        basis="logit on the votes themselves, these eight among 62",
        why="The Emirates and Armenia are near the middle: each is drawn wrong now and then.",
        measure=like_the_vote,
    ),
    Fact(
        code="bystanders_gain",
        statement="A large third state that stays out gains while the others sanction Russia "
        "(China, India and Turkey as one).",
        source="Ghironi, Kim and Ozhan (2023), Bank of Canada Staff Working Paper 2023-46",
        status="read",
        outcome="real income of China, India and Turkey rises in all three: exact equilibrium of "
        "what senders end with",
        unit=YES_OR_NO,
        claim=TRUE,
        fitted=False,
        basis="trade tables and published elasticities; coverage assumed",
        why="",
        measure=all_gain,
    ),
)
