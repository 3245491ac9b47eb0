"""Scores one step ahead, period by period."""

from __future__ import annotations

import numpy as np

from sim.analysis.likelihood import Floats, Rows, log_likelihoods


def step_log_score(eta: Floats, rows: Rows) -> float:
    """Return the log score in nats an adoption.

    Parameters
    ----------
    eta : (n_rows,) float64
        Log hazard per week.
    rows : Rows
    """
    return float(log_likelihoods(eta, rows).sum() / (rows.weight @ rows.event))


def step_brier(chance: Floats, rows: Rows) -> float:
    """Return the mean squared error of the chance that a period sees an adoption.

    Parameters
    ----------
    chance : (n_rows,) float64
        In [0, 1].
    rows : Rows
    """
    return float(np.average((chance - rows.event) ** 2, weights=rows.weight))
