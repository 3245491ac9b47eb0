"""Who is scored on the person-period table: the four rules and what they have to beat.

A contender learns from one table and scores another: `contender(train)(test)` is the log
probability of what the second saw, summed. It never sees the outcomes of the second before their
day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.estimate import Estimate, learn, predictive
from sim.analysis.history import counted
from sim.analysis.lag import learn_lag
from sim.analysis.priors import INTERCEPT, RULES
from sim.arrays import Floats
from sim.rules.clock import DAYS_PER_WEEK

if TYPE_CHECKING:
    import pandas as pd

Scorer = Callable[["pd.DataFrame"], float]
NULL, LAG, REFERENCE = "null", "lag", "effects and shocks"
CONTENDERS = (NULL, LAG, REFERENCE, *RULES)


def contender(name: str, train: pd.DataFrame, start: Estimate | None = None) -> Scorer:
    """Return the score of a contender that has learnt from a table.

    Parameters
    ----------
    name : str
        One of `CONTENDERS`: 'null' is one constant hazard; 'lag' has rates before the leader's
        act, within the average lag after it, and later; 'effects and shocks' has neither terms nor
        peers, and the effects of measures and senders and the shocks of the rules.
    train : DataFrame
    start : Estimate, optional
        Where the search of a rule's coefficients begins.
    """
    if name == NULL:
        level = constant(train)
        return lambda test: of_rates(test, np.full(len(test), level))
    if name == LAG:
        rates = learn_lag(train)
        return lambda test: of_rates(test, rates.log_hazards(test))
    found = learnt(name, train, start)
    return lambda test: predictive(test, found)


def learnt(name: str, train: pd.DataFrame, start: Estimate | None = None) -> Estimate:
    """Return what a rule, or the reference, learns from a table.

    From a start the spreads of effects are kept: it is meant for a table of which little has been
    left out, as a measure or a state.
    """
    rule, free = (name, None) if name in RULES else ("independent", (INTERCEPT,))
    return learn(train, rule, free, start, rounds=10 if start is None else 0)


def constant(table: pd.DataFrame) -> float:
    """Return the log hazard per week at which a table expects as many acts as it saw."""
    seen, days = counted(table), float(table["weight"].sum())
    return float(np.log(-DAYS_PER_WEEK * np.log1p(-max(seen, 0.5) / days)))


def of_rates(table: pd.DataFrame, eta: Floats) -> float:
    """Return the log probability of a table at log hazards without shocks, summed."""
    hazard = np.exp(eta) / DAYS_PER_WEEK
    event, weight = table["event"].to_numpy() > 0, table["weight"].to_numpy(dtype=np.float64)
    return float(weight @ np.where(event, np.log(-np.expm1(-hazard)), -hazard))
