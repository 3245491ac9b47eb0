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
from sim.analysis.daily import fit_shared, shared_log_score
from sim.analysis.estimate import INTERCEPT, LEVEL, LINEAR, design, prior_of, rows_of
from sim.analysis.identify import not_identified
from sim.analysis.likelihood import Floats, Prior, chance_of, log_likelihoods, mode
from sim.config import Rule

if TYPE_CHECKING:
    import pandas as pd

Scorer = Callable[["pd.DataFrame"], float]
Contender = Callable[["pd.DataFrame"], Scorer]
RULES = ("hazard", "independent", "threshold", "expected_utility")
BLIND = tuple(name for name in LINEAR if name != "readiness")
WEEKEND = 2.0  # spread of the prior of the weekend's coefficient
SATURDAY = 5


def contenders(first_weekday: int, invasion: int, start: dict[str, Rule]) -> dict[str, Contender]:
    """Return the contenders by name.

    Parameters
    ----------
    first_weekday : int
        Weekday of day 0, Monday being 0.
    invasion : int
        Day from which time is counted in the rough reference.
    start : dict of str to Rule
        Where the search of a rival's parameters begins.
    """

    def weekend(table: pd.DataFrame) -> Floats:
        falls = (table["day"].to_numpy() + first_weekday) % 7 >= SATURDAY
        return falls.astype(np.float64)

    def since(table: pd.DataFrame) -> Floats:
        return np.log1p(np.maximum(table["day"].to_numpy(dtype=np.float64) - invasion, 0.0))

    rough = _Linear(("peer", "recent"), (since,), weak=False)
    own = _Linear(BLIND, (weekend,))
    return {
        "constant hazard": _Linear((), (), weak=False),
        "time alone": _Linear((), (since,), weak=False),
        "rough reference": rough,
        **{name: rule_contender(name, start.get(name)) for name in RULES},
        "hazard, no readiness": _Linear(BLIND),
        "hazard, no readiness, weekends": own,
        "the same, common shock of the day": _Shared(own),
        "rough reference, common shock": _Shared(rough),
    }


def rule_contender(name: str, start: Rule | None = None) -> Contender:
    """Return a shipped rule that learns its coefficients."""

    def learn(train: pd.DataFrame) -> Scorer:
        rule = rivals.rule_of(train, name, start)
        return lambda test: rivals.log_score(rivals.panel_of(test), rule)

    return learn


class _Linear:
    """A log hazard that is linear in terms of the table and in further columns.

    Parameters
    ----------
    names : tuple of str
        Terms.
    extra : tuple of callables from a table to a column
    weak : bool
        With the prior of `sim.analysis.estimate`; else with one so wide that it says nothing.
    """

    def __init__(
        self,
        names: tuple[str, ...],
        extra: tuple[Callable[[pd.DataFrame], Floats], ...] = (),
        weak: bool = True,
    ) -> None:
        self.names, self.extra, self.weak = names, extra, weak

    def terms(self, table: pd.DataFrame) -> Floats:
        return np.column_stack([design(table, self.names), *(make(table) for make in self.extra)])

    def prior(self, table: pd.DataFrame) -> Prior:
        size = 1 + len(self.names) + len(self.extra)
        if not self.weak:
            return Prior(np.zeros(size), np.full(size, LEVEL))
        terms, rows = design(table, self.names), rows_of(table)
        why = ("", *not_identified(table, list(self.names), terms, rows))
        mean, spread = prior_of(self.names, why)
        further = len(self.extra)
        return Prior(np.r_[mean, np.zeros(further)], np.r_[spread, np.full(further, WEEKEND)])

    def __call__(self, train: pd.DataFrame) -> Scorer:
        value = mode(self.terms(train), rows_of(train), self.prior(train)).value
        return lambda test: float(log_likelihoods(self.terms(test) @ value, rows_of(test)).sum())


class _Shared:
    """A linear log hazard whose decisions of one day share a shock."""

    def __init__(self, base: _Linear) -> None:
        self.base = base

    def __call__(self, train: pd.DataFrame) -> Scorer:
        base = self.base
        found = fit_shared(base.terms(train), rows_of(train), _days(train), base.prior(train))

        def score(test: pd.DataFrame) -> float:
            eta = base.terms(test) @ found.value
            return shared_log_score(eta, rows_of(test), _days(test), found.spread)

        return score


def starts(table: pd.DataFrame) -> dict[str, Rule]:
    """Return the rivals' estimates on a whole table, from where those on its parts begin."""
    return {name: rivals.rule_of(table, name) for name in rivals.FREE}


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


def _days(table: pd.DataFrame) -> np.ndarray:
    return table["day"].to_numpy(dtype=np.int64)
