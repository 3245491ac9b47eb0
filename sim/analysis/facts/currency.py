"""Facts on the ruble: its path by sign and size."""

from __future__ import annotations

from sim.analysis.facts.evidence import Evidence
from sim.analysis.facts.ledger import Claim, Fact
from sim.arrays import Floats

SOURCE = "market quotes, monthly means of rubles per dollar: January 77, March 106, June 57, "
SOURCE += "December 66"
SET = "sizes set with the ruble of 2022 in view (docs/economy.md)"


def monthly_rate(month: int, evidence: Evidence) -> Floats:
    """Return the mean log rate of a month of 2022, percent."""
    watched = evidence.watched
    return 100.0 * watched.monthly(watched.log_rate, (2022, month))


FACTS = (
    Fact(
        code="weak_in_march",
        statement="A dollar costs 38 % more rubles in March 2022 than in January (+32 log points).",
        source=SOURCE,
        status="read",
        outcome="mean log rate of March over before; half to twice",
        unit="log points",
        claim=Claim(16.0, 64.0, sign=1),
        fitted=True,
        basis=SET,
        why="",
        measure=lambda evidence: monthly_rate(3, evidence),
    ),
    Fact(
        code="strong_in_june",
        statement="The ruble is far stronger in June than before (-30).",
        source=SOURCE,
        status="read",
        outcome="mean log rate of June over before; half to twice",
        unit="log points",
        claim=Claim(-60.0, -15.0, sign=-1),
        fitted=True,
        basis=SET,
        why="Wrong sign. There is no windfall from oil and gas prices, most of the summer of "
        "2022, and imports fall by a third of what they did.",
        measure=lambda evidence: monthly_rate(6, evidence),
    ),
    Fact(
        code="back_in_december",
        statement="It has given half of that back by December (-15).",
        source=SOURCE,
        status="read",
        outcome="mean log rate of December over before; half to twice",
        unit="log points",
        claim=Claim(-31.0, -8.0, sign=-1),
        fitted=True,
        basis=SET,
        why="As in June: nothing pulls the rate far enough below where it was.",
        measure=lambda evidence: monthly_rate(12, evidence),
    ),
)
