"""Phase 5, commitment: from the announcement to the effect."""

from __future__ import annotations

from sim.compiled import rule


@rule
def effective_day(
    announced_day: int, legal_lag_days: int, legislation_days: int, measure_lag_days: int
) -> int:
    """Return the day on which an announced measure bites.

    The state needs its legal lag to pass the act, and its parliament's time where it takes a law;
    the act gives its own notice. Japan announced on 8 March 2022 that payments would stop on
    15 March; a bill to ban energy imports waits for a vote.
    """
    return announced_day + legal_lag_days + legislation_days + measure_lag_days
