"""Phase 1, information: what the war makes of the moment."""

from __future__ import annotations

from sim.compiled import rule
from sim.rules.clock import DAYS_PER_WEEK


@rule
def severity_after(severity: float, event_severity: float) -> float:
    """Return the level of the norm violation after one more event.

    Violations add up towards 1 and are not forgotten: 1 - (1 - severity)(1 - event).

    Parameters
    ----------
    severity, event_severity : float
        In [0, 1].

    Notes
    -----
    An assumption: sanctioning follows the worst that has become known, not its average.
    """
    return 1.0 - (1.0 - severity) * (1.0 - event_severity)


@rule
def urgency_of(event_severity: float, days_since: float) -> float:
    """Return how much one event still presses, severity / (1 + days since / 7).

    Summed over events this generalises a single clock since the last trigger: after one event of
    severity 1 its log is -log(1 + days / 7), and small later events do not reset the clock.

    Parameters
    ----------
    event_severity : float
        In [0, 1].
    days_since : float
        >= 0.
    """
    return event_severity / (1.0 + days_since / DAYS_PER_WEEK)


@rule
def involvement_after(involvement: float, event_severity: float) -> float:
    """Return how far a state has been drawn into the violation, in [0, 1]; never forgotten."""
    return severity_after(involvement, event_severity)
