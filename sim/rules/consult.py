"""Phase 2, consult: who meets on a day, and what lies on the table."""

from __future__ import annotations

from sim.compiled import rule


@rule
def meets(day: int, first_day: int, interval_days: int) -> bool:
    """Return whether an institution meets: on `first_day` and every `interval_days` after.

    Parameters
    ----------
    day, first_day : int
        Days since the start.
    interval_days : int
        >= 1.
    """
    return day >= first_day and (day - first_day) % interval_days == 0


@rule
def drafted(pressure: float, threshold: float, draft_share: float) -> bool:
    """Return whether a state brings a measure to the table.

    It does once the pressure to act alone has reached a share of what would make it act.

    Parameters
    ----------
    pressure, threshold : float
        Hazard summed so far, and the sum at which it acts.
    draft_share : float
        In (0, 1]: small for officials who draft early; 1 puts on the table only what is done.

    Notes
    -----
    An assumption. It makes allies act together as well as after one another: many adoptions of
    2022 fall on the same day.
    """
    return pressure >= draft_share * threshold


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
