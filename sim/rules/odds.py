"""From log odds to a probability."""

from __future__ import annotations

import math

from sim.compiled import rule


@rule
def probability(log_odds: float) -> float:
    """Return the probability in (0, 1) that log odds stand for."""
    return 1.0 / (1.0 + math.exp(-log_odds))
