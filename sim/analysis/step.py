"""Scores one step ahead, from the log hazard of each period."""

from __future__ import annotations

import numpy as np

from sim.analysis.likelihood import Floats, Rows, log_likelihoods
from sim.rules.clock import DAYS_PER_WEEK


def step_log_score(eta: Floats, rows: Rows) -> float:
    """Return the log score in nats an adoption.

    Parameters
    ----------
    eta : (n_rows,) float64
        Log hazard per week.
    rows : Rows
    """
    return float(log_likelihoods(eta, rows).sum() / (rows.weight @ rows.event))


def step_brier(eta: Floats, rows: Rows) -> float:
    """Return the mean squared error of the chance that a period sees an adoption."""
    chance = -np.expm1(-np.exp(np.clip(eta, -60.0, 30.0)) * rows.days / DAYS_PER_WEEK)
    return float(np.average((chance - rows.event) ** 2, weights=rows.weight))
