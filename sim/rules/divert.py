"""Phase 7, diversion: how much of the covered trade finds another way."""

from __future__ import annotations

import math

from sim.compiled import rule


@rule
def leak(days_since: float, leak_max: float, learning_days: float) -> float:
    """Return the share of covered trade that third states can replace, in [0, 1].

    Traders learn: leak_max (1 - exp(-days / learning)).

    Parameters
    ----------
    days_since : float
        Days since the first measure took effect, >= 0.
    leak_max : float
        Share replaced in the long run, in [0, 1].
    learning_days : float
        > 0. Russian imports fell until April 2022 and had partly recovered by the end of the
        year, which a learning time of four to six months gives.
    """
    return leak_max * -math.expm1(-days_since / learning_days)


@rule
def covered_after(covered: float, coverage: float) -> float:
    """Return the share of a flow covered after one more measure.

    What is left shrinks in proportion: measures overlap as if drawn independently, an assumption
    between full overlap and none.
    """
    return 1.0 - (1.0 - covered) * (1.0 - coverage)


@rule
def room(covered_bn: float, sold_bn: float) -> float:
    """Return the share of a target's imports that it could still carry on to another, in [0, 1].

    Parameters
    ----------
    covered_bn, sold_bn : float
        What of the senders' sales to it is covered, and all of them, USD billion a year.
    """
    return max(1.0 - covered_bn / max(sold_bn, 1e-300), 0.0)
