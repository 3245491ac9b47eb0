"""Phase 2, consultation: who knows of whose acts, by news or by meeting."""

from __future__ import annotations

from sim.compiled import rule


@rule
def known(acted_day: int, day: int, delay_days: int) -> bool:
    """Return whether an act is known to the others: a day after it, plus the delay of information.

    Parameters
    ----------
    acted_day : int
        Day of the act, negative for none.
    """
    return acted_day >= 0 and acted_day + 1 + delay_days <= day


@rule
def told(acted_day: int, met_day: int) -> bool:
    """Return whether an act was told at a meeting: its author and the other met on a later day.

    Parameters
    ----------
    acted_day, met_day : int
        Days since the start, negative for never.
    """
    return 0 <= acted_day < met_day
