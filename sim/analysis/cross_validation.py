"""Cross-validation: leave a measure out, leave a state out, train to a date.

One-step-ahead scores: each day is foretold from all that had happened before it.
"""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.candidates import (
    CANDIDATES,
    LAG,
    NULL,
    candidate,
    candidates_with,
    label,
    learnt,
)  # fmt: skip
from sim.analysis.estimate import Estimate
from sim.analysis.history import counted
from sim.config import Rule
from sim.sweep.progress import Progress

IN_SAMPLE, MEASURE, STATE, DATE = SCHEMES = (
    "in sample", "leave a measure out", "leave a state out", "after the date",
)  # fmt: skip


class Fold(NamedTuple):
    """What is learnt from and what is scored."""

    train: pd.DataFrame
    test: pd.DataFrame


def folds(table: pd.DataFrame, scheme: str, until: int) -> Iterator[Fold]:
    """Yield the folds of a scheme.

    Parameters
    ----------
    table : DataFrame
        Person-periods.
    scheme : str
        One of `SCHEMES`. A measure goes with all its targets, a state with its union.
    until : int
        Last day that is learnt from in the scheme by date.
    """
    if scheme == IN_SAMPLE:
        yield Fold(table, table)
    elif scheme == DATE:
        yield Fold(table[table["day"] <= until], table[table["day"] > until])
    else:
        column = table["instrument" if scheme == MEASURE else "body"]
        for name in sorted(set(column)):
            yield Fold(table[column != name], table[column == name])


def cross_validated(
    table: pd.DataFrame,
    until: int,
    workers: int | None = None,
    rule: Rule | None = None,
) -> pd.DataFrame:
    """Return the log score in nats an adoption, one row per candidate and one column per scheme.

    The log probability of all that the scored days saw, adoptions and none, over the number of
    adoptions. Nearer to 0 is better. Only the column 'in sample' was fitted to what it scores.

    Parameters
    ----------
    table : DataFrame
        Person-periods.
    until : int
        Last day that is learnt from in the scheme by date.
    workers : int, optional
        Processes; as many as there are processors where nothing is said.
    rule : Rule, optional
        A candidate beside the shipped ones, if it is of the user's own.
    """
    models = CANDIDATES if rule is None else candidates_with(rule)
    parts = {scheme: list(folds(table, scheme, until)) for scheme in SCHEMES}
    jobs: dict[tuple[str, str], list[Future[Any]]] = {}
    n_fits = len(models) * sum(map(len, parts.values()))
    with Progress(n_fits, "cross-validation, fits") as progress, pool_of(workers) as pool:

        def score(model: str | Rule, scheme: str, start: Estimate | None) -> None:
            submitted = [pool.submit(_score, model, *fold, start) for fold in parts[scheme]]
            jobs[label(model), scheme] = submitted
            for job in submitted:
                job.add_done_callback(lambda _: progress.advance(1))

        # The longest first. What comes after a date may not tell what is learnt before it, not
        # even where to begin; folds of other schemes begin at what the whole table says.
        learners = [model for model in reversed(models) if model not in (NULL, LAG)]
        starts = [(model, pool.submit(learnt, model, table)) for model in learners]
        for model in reversed(models):
            score(model, DATE, None)
        for model, start in [*starts, (NULL, None), (LAG, None)]:
            for scheme in (MEASURE, STATE, IN_SAMPLE):
                score(model, scheme, None if start is None else start.result())
        totals = {key: sum(job.result() for job in submitted) for key, submitted in jobs.items()}
    events = {scheme: sum(counted(fold.test) for fold in parts[scheme]) for scheme in SCHEMES}
    rows = [
        [totals[label(model), scheme] / (events[scheme] or np.nan) for scheme in SCHEMES]
        for model in models
    ]
    names = pd.Index([label(model) for model in models], name="candidate")
    return pd.DataFrame(rows, names, pd.Index(SCHEMES, name="scheme"))


def pool_of(workers: int | None = None) -> Executor:
    """Return processes that start afresh, as on every system, or a thread where one is enough."""
    workers = workers or os.cpu_count() or 1
    if workers == 1:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))


def _score(
    model: str | Rule, train: pd.DataFrame, test: pd.DataFrame, start: Estimate | None
) -> float:
    return candidate(model, train, start)(test) if len(test) else 0.0
