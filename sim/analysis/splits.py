"""Out of sample by design: leave a measure out, leave a state out, train to a date.

One step ahead: each day is foretold from all that had happened before it.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.analysis.contenders import CONTENDERS, LAG, NULL, contender, learnt
from sim.analysis.history import counted

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.estimate import Estimate

IN_SAMPLE, MEASURE, STATE, DATE = SPLITS = (
    "in sample", "leave a measure out", "leave a state out", "after the date",
)  # fmt: skip


class Fold(NamedTuple):
    """What is learnt from and what is scored."""

    train: pd.DataFrame
    test: pd.DataFrame


def folds(table: pd.DataFrame, split: str, until: int) -> Iterator[Fold]:
    """Yield the folds of a split.

    Parameters
    ----------
    table : DataFrame
        Person-periods.
    split : str
        One of `SPLITS`. A measure goes with all its targets, a state with its union.
    until : int
        Last day that is learnt from in the split by date.
    """
    if split == IN_SAMPLE:
        yield Fold(table, table)
    elif split == DATE:
        yield Fold(table[table["day"] <= until], table[table["day"] > until])
    else:
        column = table["instrument" if split == MEASURE else "body"]
        for name in sorted(set(column)):
            yield Fold(table[column != name], table[column == name])


def split_scores(table: pd.DataFrame, until: int, workers: int | None = None) -> pd.DataFrame:
    """Return the log score in nats an adoption, one row per contender and one column per split.

    The log probability of all that the scored days saw, adoptions and none, over the number of
    adoptions. Nearer to 0 is better. Only the column 'in sample' was fitted to what it scores.

    Parameters
    ----------
    table : DataFrame
        Person-periods.
    until : int
        Last day that is learnt from in the split by date.
    workers : int, optional
        Processes; as many as there are processors where nothing is said.
    """
    import pandas as pd

    jobs = [
        (name, split, fold)
        for name in CONTENDERS
        for split in SPLITS
        for fold in folds(table, split, until)
    ]
    learners = [name for name in CONTENDERS if name not in (NULL, LAG)]
    for name in learners:  # compile the rules before the processes part
        learnt(name, table.iloc[:50])
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers or os.cpu_count(), mp_context=context) as pool:
        starts = dict(zip(learners, pool.map(partial(learnt, train=table), learners), strict=True))
        # What comes after a date may not tell what is learnt before it, not even where to begin.
        given = [
            (name, fold, None if split == DATE else starts.get(name)) for name, split, fold in jobs
        ]
        parts = list(pool.map(_score, given))
    found = [
        (name, split, part, counted(fold.test))
        for (name, split, fold), part in zip(jobs, parts, strict=True)
    ]
    rows = pd.DataFrame(found, columns=["name", "split", "score", "events"])
    total = rows.groupby(["name", "split"])[["score", "events"]].sum()
    scores = (total["score"] / total["events"].replace(0.0, np.nan)).unstack()
    return scores.loc[list(CONTENDERS), list(SPLITS)]


def _score(job: tuple[str, Fold, Estimate | None]) -> float:
    name, (train, test), start = job
    return contender(name, train, start)(test) if len(test) else 0.0
