"""Facts on the ruble: its path by sign and size."""

from __future__ import annotations

from sim.analysis.facts.evidence import Evidence
from sim.arrays import Floats


def monthly_rate(month: int, evidence: Evidence) -> Floats:
    """Return the mean log rate of a month of 2022, percent."""
    watched = evidence.watched
    return 100.0 * watched.monthly(watched.log_rate, (2022, month))
