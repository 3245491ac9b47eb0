"""Who is scored on the person-period table: the rules, what they have to beat, what they lack.

A contender learns from one table and scores another: `contender(train)(test)` is the log
probability of what the second saw, summed. It never sees the outcomes of the second before their
day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis import rivals
from sim.analysis.estimate import INTERCEPT, LEVEL, design, rows_of
from sim.analysis.likelihood import Floats, Prior, chance_of, log_probability, mode
from sim.analysis.rivals import BLIND, OF_RULES, WHOLE, Variant
from sim.config import Rule

if TYPE_CHECKING:
    import pandas as pd

Scorer = Callable[["pd.DataFrame"], float]
Contender = Callable[["pd.DataFrame"], Scorer]
RULES = ("hazard", "independent", "threshold", "expected_utility")
VARIANTS: dict[str, tuple[str, Variant]] = {
    **{name: (name, OF_RULES) for name in RULES},
    **{f"{name}, weekends and shocks": (name, WHOLE) for name in RULES},
    "hazard, no readiness": ("hazard", OF_RULES._replace(readiness=False)),
    "the same, weekends": ("hazard", BLIND._replace(frailty=False)),
    "the same, shocks": ("hazard", BLIND._replace(weekend=False)),
    "the same, weekends and shocks": ("hazard", BLIND),
}


def contenders(invasion: int, start: dict[str, Rule]) -> dict[str, Contender]:
    """Return the contenders by name.

    Parameters
    ----------
    invasion : int
        Day from which time is counted in the rough reference.
    start : dict of str to Rule
        Where the search of a rival's parameters begins, by name of the contender.
    """

    def since(table: pd.DataFrame) -> Floats:
        return np.log1p(np.maximum(table["day"].to_numpy(dtype=np.float64) - invasion, 0.0))

    return {
        "constant hazard": _Reference(()),
        "time alone": _Reference((), since),
        "rough reference": _Reference(("peer", "recent"), since),
        "rough reference, shocks": _Reference(("peer", "recent"), since, frailty=True),
        **{
            name: rule_contender(rule, variant, start.get(name))
            for name, (rule, variant) in VARIANTS.items()
        },
    }


def rule_contender(name: str, variant: Variant = WHOLE, start: Rule | None = None) -> Contender:
    """Return a shipped rule that learns its coefficients."""

    def learn(train: pd.DataFrame) -> Scorer:
        rule = rivals.rule_of(train, name, start, variant)
        return lambda test: rivals.log_score(rivals.panel_of(test), rule)

    return learn


class _Reference:
    """A log hazard that is linear in terms of the table and perhaps a further column.

    Its prior is so wide that it says nothing.

    Parameters
    ----------
    names : tuple of str
        Terms.
    extra : callable from a table to a column, optional
    frailty : bool
        Whether the decisions of one day share a shock.
    """

    def __init__(
        self,
        names: tuple[str, ...],
        extra: Callable[[pd.DataFrame], Floats] | None = None,
        frailty: bool = False,
    ) -> None:
        self.names, self.extra, self.frailty = names, extra, frailty

    def terms(self, table: pd.DataFrame) -> Floats:
        own = design(table, self.names)
        return own if self.extra is None else np.column_stack([own, self.extra(table)])

    def __call__(self, train: pd.DataFrame) -> Scorer:
        terms = self.terms(train)
        size = terms.shape[1]
        prior = Prior(np.zeros(size), np.full(size, LEVEL), self.frailty)
        found = mode(terms, rows_of(train), prior)

        def score(test: pd.DataFrame) -> float:
            return log_probability(self.terms(test) @ found.value, rows_of(test), found.frailty_sd)

        return score


def starts(table: pd.DataFrame) -> dict[str, Rule]:
    """Return the rivals' estimates on a whole table, from where those on its parts begin."""
    return {
        contender: rivals.rule_of(table, name, variant=variant)
        for contender, (name, variant) in VARIANTS.items()
        if name in rivals.FREE
    }


def null_intercept(table: pd.DataFrame, rule: Rule) -> float:
    """Return the intercept at which a rule expects as many adoptions as the table saw.

    One step ahead: the chances of the periods sum to the adoptions.
    """
    from scipy.optimize import brentq

    panel = rivals.panel_of(table)
    rows = panel.rows
    eta = rivals.log_hazards(panel, rule) - getattr(rule, INTERCEPT)
    seen = float(rows.weight @ rows.event)

    def surplus(level: float) -> float:
        return float(rows.weight @ chance_of(eta + level, rows)) - seen

    return float(brentq(surplus, -30.0, 30.0))
