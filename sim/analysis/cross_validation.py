"""Cross-validation: leave a measure, a state or the episode out, train to a date.

One-step-ahead scores: each day is foretold from all that had happened before it.
"""

import multiprocessing
import os
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
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
from sim.analysis.episodes import own
from sim.analysis.estimate import Estimate
from sim.analysis.history import counted
from sim.config import Rule
from sim.errors import InputError
from sim.sweep.progress import Progress

IN_SAMPLE, MEASURE, STATE, DATE, EPISODE = SCHEMES = (
    "in sample", "leave a measure out", "leave a state out", "after the date",
    "leave the episode out",
)  # fmt: skip


class Fold(NamedTuple):
    """What is learnt from and what is scored."""

    train: pd.DataFrame
    test: pd.DataFrame
    # What the baselines learn from: of `train` the episode's own rows, and where there are none
    # what is scored.
    level: pd.DataFrame


def folds(table: pd.DataFrame, scheme: str, until: int) -> Iterator[Fold]:
    """Yield the folds of a scheme; none if it needs another episode and there is none.

    Parameters
    ----------
    table : DataFrame
        Person-periods of `sim.analysis.episodes`. Those of other episodes are learnt from and not
        scored.
    scheme : str
        One of `SCHEMES`. A measure goes with all its targets, a state with its union, both from
        all episodes.
    until : int
        Last day that is learnt from in the scheme by date.
    """
    told = own(table)
    if scheme == IN_SAMPLE:
        yield Fold(table, told, told)
    elif scheme == DATE:
        before = table[table["day"] <= until]
        yield Fold(before, told[told["day"] > until], own(before))
    elif scheme == EPISODE:
        if len(told) < len(table):
            yield Fold(table.drop(told.index), told, told)
    else:
        column = "instrument" if scheme == MEASURE else "body"
        for name in sorted(set(told[column])):
            train = table[table[column] != name]
            yield Fold(train, told[told[column] == name], own(train))


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
    jobs: dict[tuple[str, str], list[futures.Future[Any]]] = {}
    n_fits = len(models) * sum(map(len, parts.values()))
    with Progress(n_fits, "cross-validation, fits") as progress, pool_of(workers) as pool:

        def score(model: str | Rule, scheme: str, start: Estimate | None) -> None:
            submitted = [pool.submit(_score, model, fold, start) for fold in parts[scheme]]
            jobs[label(model), scheme] = submitted
            for job in submitted:
                job.add_done_callback(lambda _: progress.advance(1))

        # The longest first. What comes after a date may not tell what is learnt before it, not
        # even where to begin; folds of other schemes begin at what the whole table says.
        learners = [model for model in reversed(models) if model not in (NULL, LAG)]
        starts = [(model, pool.submit(learnt, model, table)) for model in learners]
        for model in reversed(models):
            for scheme in (DATE, EPISODE):
                score(model, scheme, None)
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


@contextmanager
def pool_of(workers: int | None = None) -> Iterator[futures.Executor]:
    """Give processes that start afresh, as on every system, or a thread where one is enough."""
    workers = workers or os.cpu_count() or 1
    fresh = multiprocessing.get_context("spawn")
    alone = workers == 1
    try:
        with (
            futures.ThreadPoolExecutor(1) if alone else futures.ProcessPoolExecutor(workers, fresh)
        ) as pool:
            yield pool
    except futures.BrokenExecutor as error:
        raise InputError("a process was ended from outside, or the memory is full") from error


def _score(model: str | Rule, fold: Fold, start: Estimate | None) -> float:
    learns_from = fold.level if model in (NULL, LAG) else fold.train
    return candidate(model, learns_from, start)(fold.test) if len(fold.test) else 0.0
