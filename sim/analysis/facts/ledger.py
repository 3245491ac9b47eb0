"""A stylised fact, what it claims of our outcomes, and the verdict on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from sim.arrays import Flags, Floats

if TYPE_CHECKING:
    from sim.analysis.facts.evidence import Evidence

HOLDS, PARTLY, FAILS, NOT_MODELLED = "holds", "partly", "fails", "not modelled"
VERDICTS = (HOLDS, PARTLY, FAILS, NOT_MODELLED)
MOST, FEW = 0.8, 0.2  # shares of runs that make a verdict
BAND = (0.1, 0.5, 0.9)
YES_OR_NO = "of runs"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a fact says of an outcome, in the outcome's own terms."""

    # Inclusive range; infinite where the record gives one end only.
    low: float
    high: float
    sign: int = 0  # that the record gives beside the range, -1 or 1; 0 for none

    def is_met(self, values: ArrayLike) -> Flags:
        """Return which values lie in the range; what is not a number does not."""
        values = np.asarray(values, dtype=np.float64)
        return (values >= self.low) & (values <= self.high)

    def has_sign(self, values: ArrayLike) -> Flags:
        """Return which values have the claimed sign; none, if no sign is claimed."""
        return np.sign(np.asarray(values, dtype=np.float64)) * self.sign > 0.0


TRUE = Claim(1.0, 1.0)


def verdict(values: ArrayLike | None, claim: Claim) -> str:
    """Return whether an outcome is what a fact claims.

    Parameters
    ----------
    values : (n_runs,) array-like of float, or None
        One value per run, or one in all where nothing is drawn; None if the model has none.
    claim : Claim

    Returns
    -------
    {'holds', 'partly', 'fails', 'not modelled'}
        It holds if at least four fifths of the runs lie in the range, and partly if at least one
        fifth do or, where a sign is claimed, at least four fifths have it.
    """
    if values is None:
        return NOT_MODELLED
    inside = float(claim.is_met(values).mean())
    if inside >= MOST:
        return HOLDS
    if inside >= FEW or float(claim.has_sign(values).mean()) >= MOST:
        return PARTLY
    return FAILS


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the ledger before it is judged."""

    code: str  # short name
    statement: str  # what the record says
    source: str  # where it says so
    # Whether the source was 'read', is from memory ('recalled'), or was worked out from what was
    # read ('derived').
    status: str
    outcome: str  # what of the model is held against it
    unit: str  # of the outcome; `YES_OR_NO` where the value is 1 or 0
    claim: Claim
    # A coefficient or a level was set with this fact in view: that it holds validates nothing.
    fitted: bool
    basis: str  # what was set in view of it, or what carries the outcome instead
    why: str  # it does not hold, where it does not, or what it would take to model it
    # From the evidence to one value per run; None if the model has no such outcome.
    measure: Callable[[Evidence], Floats] | None
    # It is about the economy and not about who acts: judged on runs that follow the record as far
    # as it goes, so that the luck of those who decide is not booked on the economy.
    on_record: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A fact and what the model gives."""

    fact: Fact
    values: Floats | None  # (n_runs,) None where the model has no such outcome
    free: Floats | None = None  # (n_runs,) the same on free runs, of what is judged on the record

    @classmethod
    def of(cls, fact: Fact, evidence: Evidence) -> Row:
        """Return the row of a fact, measured."""
        if fact.measure is None:
            return cls(fact, None)
        free = np.atleast_1d(fact.measure(evidence))
        if not fact.on_record:
            return cls(fact, free)
        return cls(fact, np.atleast_1d(fact.measure(evidence.on_record)), free)

    @property
    def verdict(self) -> str:
        """Whether the fact holds."""
        return verdict(self.values, self.fact.claim)

    @property
    def on_free_runs(self) -> Row:
        """The row as free runs have it."""
        return self if self.free is None else Row(self.fact, self.free)

    def band(self) -> Floats:
        """Return the 10 %, 50 % and 90 % quantiles of the runs that have a value, (3,).

        Infinite for a thing that never happens; quantiles are values of runs, none in between.
        """
        values = np.array([]) if self.values is None else self.values
        values = values[~np.isnan(values)]
        if not values.size:
            return np.full(len(BAND), np.nan)
        return band(values)


def band(values: Floats) -> Floats:
    """Return the 10 %, 50 % and 90 % quantiles, values of runs and none in between, (3,)."""
    return np.quantile(values, BAND, method="nearest")
