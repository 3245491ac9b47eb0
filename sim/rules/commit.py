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


@rule
def notice_days(lag_days: float, phase_out_days: float, share: float) -> float:
    """Return the days from the legal act to its effect: notice, and contracts that run on.

    Who buys more of a fuel from the target takes longer to end it: the United States nothing, the
    United Kingdom ten months for a ninth of its oil (measures.csv has slopes and sources). That
    the days are proportional to the share is an assumption.

    Parameters
    ----------
    lag_days : float
    phase_out_days : float
        Of who buys all of the fuel from the target, >= 0.
    share : float
        Of the fuel's imports that come from the target, in [0, 1].
    """
    return lag_days + phase_out_days * share
