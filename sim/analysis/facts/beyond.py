"""Facts of 2022 for which the model has no outcome, and what it would take."""

from __future__ import annotations

from sim.analysis.facts.ledger import TRUE, Fact


def _beyond(code: str, statement: str, source: str, status: str, why: str) -> Fact:
    return Fact(code, statement, source, status, "none", "", TRUE, False, "", why, None)


FACTS = (
    _beyond(
        "gdp_of_2022",
        "Russia's GDP falls by 2.1 % in 2022 (first estimate; later 1.2 %), far less than "
        "forecast.",
        "Rosstat, 20 February 2023; revision recalled",
        "read",
        "A loss here is a level of yearly real income, not the growth of a year. It would take a "
        "path: stocks, capital, fiscal policy and the price of oil.",
    ),
    _beyond(
        "firms_leave",
        "Firms leave of their own accord: 8.5 % of firms from the EU and the G7 sold a Russian "
        "subsidiary by November 2022; trade in goods that are not banned falls too.",
        "Evenett and Pisani (2022), disputed by Sonnenfeld; Crozet and Hinz (2020) on goods not "
        "targeted in 2014",
        "read",
        "There are no firms; payments and risk enter as a wedge on listed banks alone. It would "
        "take a cost of trade that rises with the number of measures, estimated from monthly "
        "trade.",
    ),
)
