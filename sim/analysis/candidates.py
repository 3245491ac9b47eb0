"""The candidate models of the person-period table: the rules and the baselines they are held to.

A candidate learns from one table and scores another: `candidate(train)(test)` is the log
probability of what the second saw, summed. It never sees the outcomes of the second before their
day.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from sim.analysis.estimate import Estimate, learn, predictive
from sim.analysis.history import counted
from sim.analysis.lag_baseline import learn_lag
from sim.analysis.priors import INTERCEPT, RULES
from sim.arrays import Floats
from sim.config import Rule
from sim.rules.clock import DAYS_PER_WEEK

Scorer = Callable[["pd.DataFrame"], float]
NULL, LAG, REFERENCE = "null", "lag", "effects and shocks"
CANDIDATES = (NULL, LAG, REFERENCE, *RULES)
DRAWS = 400  # of the posterior, over which what a rule foretells of later days is averaged


def candidates_with(rule: Rule) -> tuple[str | Rule, ...]:
    """Return all candidates, a rule among them if it is of the user's own."""
    return (*CANDIDATES, rule) if rule.function else CANDIDATES


def label(model: str | Rule) -> str:
    """Return what a candidate is called: a rule of the user's own by its name, if it has one."""
    if isinstance(model, str):
        return model
    return model.function if model.function and model.name in CANDIDATES else model.name


def candidate(model: str | Rule, train: pd.DataFrame, start: Estimate | None = None) -> Scorer:
    """Return the score of a candidate that has learnt from a table.

    Parameters
    ----------
    model : str or Rule
        One of `CANDIDATES`: 'null' is one constant hazard; 'lag' has rates before the leader's
        act, within the average lag after it, and later; 'effects and shocks' has neither terms nor
        peers, and the effects of measures and senders and the shocks of the rules. Or a rule of the
        user's own.
    start : Estimate, optional
        Where the search of a rule's coefficients begins, as `learnt` takes it. Without it what they
        foretell is averaged over draws of the posterior.
    """
    if model == NULL:
        level = constant(train)
        return lambda test: of_rates(test, np.full(len(test), level))
    if model == LAG:
        rates = learn_lag(train)
        return lambda test: of_rates(test, rates.log_hazards(test))
    found = learnt(model, train, start, DRAWS if start is None else 0)
    return lambda test: predictive(test, found)


def learnt(
    model: str | Rule, train: pd.DataFrame, start: Estimate | None = None, draws: int = 0
) -> Estimate:
    """Return what a rule, or the reference, learns from a table.

    From a start the spreads of effects are kept: it is meant for a table of which little has been
    left out, as a measure or a state.
    """
    rule, free = ("independent", (INTERCEPT,)) if model == REFERENCE else (model, None)
    return learn(train, rule, free, start, rounds=10 if start is None else 0, draws=draws)


def constant(table: pd.DataFrame) -> float:
    """Return the log hazard per week at which a table expects as many acts as it saw."""
    seen, days = counted(table), float(table["weight"].sum())
    return float(np.log(-DAYS_PER_WEEK * np.log1p(-max(seen, 0.5) / days)))


def of_rates(table: pd.DataFrame, eta: Floats) -> float:
    """Return the log probability of a table at log hazards without shocks, summed."""
    hazard = np.exp(eta) / DAYS_PER_WEEK
    event, weight = table["event"].to_numpy() > 0, table["weight"].to_numpy(dtype=np.float64)
    return float(weight @ np.where(event, np.log(-np.expm1(-hazard)), -hazard))
