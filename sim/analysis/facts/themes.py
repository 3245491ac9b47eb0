"""All facts, by theme, in the order of the page."""

from __future__ import annotations

from sim.analysis.facts import beyond, bystanders, coalition, currency, dates, trade
from sim.analysis.facts.ledger import Fact

THEMES: dict[str, tuple[Fact, ...]] = {
    "Who acts when": dates.FACTS,
    "What a coalition costs": coalition.FACTS,
    "Third states": bystanders.FACTS,
    "Russia's imports": trade.FACTS,
    "The ruble": currency.FACTS,
    "Not in the model": beyond.FACTS,
}


def every_fact() -> tuple[Fact, ...]:
    """Return the facts of all themes."""
    return tuple(fact for facts in THEMES.values() for fact in facts)
