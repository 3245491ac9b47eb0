"""What the dates can say: which coefficients few senders and few adoptions identify."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.likelihood import Floats, Prior, Rows, mode

if TYPE_CHECKING:
    import pandas as pd

STANDS_STILL = "stands still"
STILL = 0.01  # standard deviation below which a term stands still
FEWEST_SENDERS = 3  # a term that fewer senders carry is their own level
WIDEST_ERROR = 1.5  # standard error above which a unit of the term may do anything


def not_identified(
    table: pd.DataFrame, names: list[str], terms: Floats, rows: Rows, frailty: bool
) -> list[str]:
    """Return for each term why the dates do not identify its coefficient, '' if they do.

    Parameters
    ----------
    table : DataFrame
        Person-periods.
    names : list of str, length n_terms
        Columns of the table.
    terms : (n_rows, n_terms + 1) float64
        Those columns as they enter the log hazard, after one of ones.
    rows : Rows
    frailty : bool
        Whether the days may have a frailty.
    """
    why = [_without_variation(table, name) for name in names]
    moving = [0, *(position for position, reason in enumerate(why, start=1) if not reason)]
    error = flat_errors(terms[:, moving], rows, frailty)
    for column, position in enumerate(moving):
        if position > 0 and error[column] > WIDEST_ERROR:
            why[position - 1] = f"standard error {error[column]:.1f} a unit without a prior"
    return why


def flat_errors(terms: Floats, rows: Rows, frailty: bool) -> Floats:
    """Return standard errors under a prior so wide that it says nothing, (n_terms + 1,).

    The last is that of the frailty's spread, which keeps its prior.
    """
    wide = Prior(np.zeros(terms.shape[1]), np.full(terms.shape[1], 100.0), frailty)
    return np.sqrt(np.diag(mode(terms, rows, wide).covariance))


def inflation(table: pd.DataFrame, names: list[str]) -> Floats:
    """Return the variance inflation factor of each term among the others, (n_terms,).

    One over the share of a term's variance that the others leave unexplained; infinite for a
    term that stands still.
    """
    columns = table[names].to_numpy(dtype=np.float64)
    columns = columns - columns.mean(axis=0)
    spread = columns.std(axis=0)
    factor = np.full(len(names), np.inf)
    moving = np.flatnonzero(spread > 1e-9)
    scaled = columns[:, moving] / spread[moving]
    factor[moving] = np.diag(np.linalg.pinv(scaled.T @ scaled / len(scaled)))
    return factor


def _without_variation(table: pd.DataFrame, name: str) -> str:
    column = table[name]
    if column.std() < STILL:
        return STANDS_STILL
    senders = table.loc[column.abs() > 1e-9, "actor"].nunique()
    if senders < FEWEST_SENDERS:
        return f"carried by {senders} sender{'s' if senders > 1 else ''} only"
    return ""
