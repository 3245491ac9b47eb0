"""The loop of a decision rule over rows, apart: what else changes does not compile it anew."""

import numpy as np

from sim.analysis.likelihood import TINY
from sim.compiled import kernel
from sim.record import call_rule
from sim.rules.terms import Terms

EFFECT, THRESHOLD = Terms._fields.index("effect"), Terms._fields.index("threshold")


@kernel
def log_hazards(decide, terms, weights, step, threshold, mass):  # type: ignore[no-untyped-def]
    """Return the log of each row's hazard, a mean over thresholds, and its slopes.

    A row of numbers lies in memory as a record of them does. The first of the weights are the
    coefficients, each of the others has one moved by its step; the last step is that of the effect.
    """
    n_rows, n_slopes = mass.shape[0], step.size
    eta, slope = np.empty(n_rows), np.zeros((n_rows, n_slopes))
    known, apart = weights.ctypes.data, weights.strides[0]
    for r in range(n_rows):
        row, hazard = terms.ctypes.data + r * terms.strides[0], 0.0
        effect = terms[r, EFFECT]
        for m in range(threshold.size):
            terms[r, THRESHOLD] = threshold[m]
            level = call_rule(decide, row, known)
            part = mass[r, m] * np.exp(level)
            hazard += part
            for k in range(n_slopes - 1):
                moved = call_rule(decide, row, known + (k + 1) * apart)
                slope[r, k] += part * (moved - level) / step[k]
            if n_slopes > 0:
                terms[r, EFFECT] = effect + step[-1]
                slope[r, -1] += part * (call_rule(decide, row, known) - level) / step[-1]
                terms[r, EFFECT] = effect
        hazard = max(hazard, TINY)
        eta[r] = np.log(hazard)
        slope[r] /= hazard
    return eta, slope
