"""Out of sample by design: leave a measure out, leave a state out, train to a date.

One step ahead: each period is foretold from all that had happened before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.analysis.contenders import Contender
from sim.analysis.history import counted

if TYPE_CHECKING:
    import pandas as pd

SPLITS = ("in sample", "leave a measure out", "leave a state out", "after the date")


class Fold(NamedTuple):
    """What is learnt from and what is scored."""

    train: pd.DataFrame
    test: pd.DataFrame


def folds(table: pd.DataFrame, split: str, last_day: int) -> Iterator[Fold]:
    """Yield the folds of a split.

    Parameters
    ----------
    table : DataFrame
        Person-periods.
    split : str
        One of `SPLITS`. A measure goes with all its targets, a state with its union.
    last_day : int
        Last day that is learnt from in the split by date.
    """
    if split == "in sample":
        yield Fold(table, table)
    elif split == "after the date":
        yield Fold(table[table["day"] <= last_day], table[table["day"] > last_day])
    else:
        column = table["instrument" if "measure" in split else "body"]
        for name in sorted(set(column)):
            yield Fold(table[column != name], table[column == name])


def score_table(
    table: pd.DataFrame, contenders: Mapping[str, Contender], last_day: int
) -> pd.DataFrame:
    """Return the log score in nats an adoption, one row per contender and one column per split.

    The log probability of all that the scored periods saw, adoptions and none, over the number of
    adoptions. Nearer to 0 is better. Only the column 'in sample' was fitted to what it scores.
    """
    import pandas as pd

    scores = {
        split: {
            name: mean_score(list(folds(table, split, last_day)), contender)
            for name, contender in contenders.items()
        }
        for split in SPLITS
    }
    return pd.DataFrame(scores)


def mean_score(parts: list[Fold], contender: Contender) -> float:
    """Return the log score over all folds, in nats an adoption; nan without adoptions."""
    events = sum(counted(part.test) for part in parts)
    total = sum(contender(part.train)(part.test) for part in parts if len(part.test))
    return total / events if events > 0.0 else np.nan


def events_after(table: pd.DataFrame, day: int) -> float:
    """Return the number of adoptions after a day."""
    return counted(table[table["day"] > day])
