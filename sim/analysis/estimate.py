"""The hazard rule's coefficients from the person-period table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.history import counted
from sim.analysis.identify import STANDS_STILL, flat_errors, inflation, not_identified
from sim.analysis.likelihood import (
    Floats,
    Mode,
    Prior,
    Rows,
    bounded_mode,
    clustered,
    log_likelihoods,
)
from sim.config import Rule
from sim.rules.terms import SUBTRACTED, Weights

if TYPE_CHECKING:
    import pandas as pd

INTERCEPT = "intercept"
LINEAR = Weights._fields[1 : Weights._fields.index("wave") + 1]  # readiness to wave
PULL_OF_OTHERS = ("peer", "recent", "joint", "lead", "bloc")
OWN_REASONS = tuple(name for name in LINEAR if name not in PULL_OF_OTHERS)
WEAK = 2.0  # spread of the prior of what the dates identify, around 0
TIGHT = 0.5  # of what they do not, around the shipped value
LEVEL = 10.0  # of the intercept
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Estimate:
    """Coefficients of a rule that is linear in its terms.

    Attributes
    ----------
    names : tuple of str, length n_coefficients
        The intercept first.
    found : Mode
    prior : Prior
    shipped : (n_coefficients,) values that the project ships
    why : tuple of str, length n_coefficients
        Why the dates do not identify a coefficient; '' where they do.
    by_measure, by_sender : (n_coefficients,) clustered standard errors
    flat : (n_coefficients,) standard errors without a prior; nan for what stands still
    inflation : (n_coefficients,) variance inflation; nan for the intercept
    events, n_rows : number of adoptions (a union's counted once) and of person-periods
    """

    names: tuple[str, ...]
    found: Mode
    prior: Prior
    shipped: Floats
    why: tuple[str, ...]
    by_measure: Floats
    by_sender: Floats
    flat: Floats
    inflation: Floats
    events: float
    n_rows: int

    @property
    def error(self) -> Floats:
        """Standard errors: those of the curvature or, if wider, those clustered by measure."""
        return np.maximum(np.sqrt(np.diag(self.found.covariance)), self.by_measure)

    @property
    def at_bound(self) -> Any:
        """Which coefficients press on a bound of the schema, (n_coefficients,) bool."""
        held = np.diag(self.found.covariance) == 0.0
        return held & (self.prior.spread > 0.0)

    def coefficients(self) -> dict[str, float]:
        """Return the coefficients by name."""
        return dict(zip(self.names, self.found.value.tolist(), strict=True))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per coefficient, with its 95 % interval and what is known of it."""
        import pandas as pd

        value, error = self.found.value, self.error
        held = np.diag(self.found.covariance) == 0.0
        return pd.DataFrame(
            {
                "coefficient": value,
                "low": np.where(held, np.nan, value - NORMAL_95 * error),
                "high": np.where(held, np.nan, value + NORMAL_95 * error),
                "se": np.where(held, np.nan, np.sqrt(np.diag(self.found.covariance))),
                "se_measure": np.where(held, np.nan, self.by_measure),
                "se_sender": np.where(held, np.nan, self.by_sender),
                "se_flat": self.flat,
                "vif": self.inflation,
                "shipped": self.shipped,
                "identified": [self._verdict(k) for k in range(len(self.names))],
            },
            index=pd.Index(self.names, name="term"),
        )

    def _verdict(self, position: int) -> str:
        if self.why[position]:
            return f"no: {self.why[position]}"
        return "no: presses on its bound" if self.at_bound[position] else "yes"


def estimate(table: pd.DataFrame, names: tuple[str, ...] = LINEAR) -> Estimate:
    """Return the coefficients of a rule that is linear in its terms.

    Parameters
    ----------
    table : DataFrame
        Person-periods.
    names : tuple of str
        The rule's terms.

    Notes
    -----
    The prior is normal: around 0 with a spread of 2 for what the dates identify, around the shipped
    value with a spread of 1/2 for what they do not, and no movement for what stands still.
    """
    terms, rows = design(table, names), rows_of(table)
    judged = ("", *not_identified(table, list(names), terms, rows))
    prior = prior_of(names, judged)
    low, high = bounds_of(names)
    found = bounded_mode(terms, rows, prior, low, high)
    moves = np.array([reason != STANDS_STILL for reason in judged])
    flat = np.full(len(names) + 1, np.nan)
    flat[moves] = flat_errors(terms[:, moves], rows)
    return Estimate(
        names=(INTERCEPT, *names),
        found=found,
        prior=prior,
        shipped=shipped(names),
        why=judged,
        by_measure=clustered(terms, rows, found, clusters(table, "measure")),
        by_sender=clustered(terms, rows, found, clusters(table, "sender")),
        flat=flat,
        inflation=np.array([np.nan, *inflation(table, list(names))]),
        events=counted(table),
        n_rows=len(table),
    )


def rule_with(name: str, coefficients: Mapping[str, float]) -> Rule:
    """Return a rule with some coefficients set and the others as shipped."""
    values: Any = dict(coefficients)
    return Rule(name=name, **values)


def predicted(table: pd.DataFrame, coefficients: dict[str, float]) -> Floats:
    """Return the log hazard per week of each row, (n_rows,)."""
    names = tuple(name for name in coefficients if name != INTERCEPT)
    return design(table, names) @ np.array([coefficients[n] for n in (INTERCEPT, *names)])


def log_score(table: pd.DataFrame, coefficients: dict[str, float]) -> float:
    """Return the log probability of a table's rows, summed."""
    return float(log_likelihoods(predicted(table, coefficients), rows_of(table)).sum())


def design(table: pd.DataFrame, names: tuple[str, ...]) -> Floats:
    """Return the terms as they enter the log hazard, after ones, (n_rows, n_terms + 1)."""
    sign = np.array([-1.0 if name in SUBTRACTED else 1.0 for name in names])
    columns = table[list(names)].to_numpy(dtype=np.float64) * sign
    return np.column_stack([np.ones(len(table)), columns])


def rows_of(table: pd.DataFrame) -> Rows:
    """Return the outcome side of a table."""
    return Rows(*(table[name].to_numpy(dtype=np.float64) for name in ("event", "days", "weight")))


def clusters(table: pd.DataFrame, kind: str) -> Any:
    """Return the cluster of each row: its 'measure' against its target, or its 'sender'.

    What members of a union decide alone goes together with what its council decides.
    """
    if kind == "measure":
        return (table["instrument"] + " " + table["target"]).to_numpy(dtype=str)
    return table["body"].to_numpy(dtype=str)


def prior_of(names: tuple[str, ...], why: tuple[str, ...]) -> Prior:
    """Return the prior of intercept and terms, given what the dates do not identify."""
    values, mean, spread = shipped(names), [0.0], [LEVEL]
    for position, reason in enumerate(why[1:], start=1):
        mean.append(values[position] if reason else 0.0)
        spread.append(WEAK if not reason else 0.0 if reason == STANDS_STILL else TIGHT)
    return Prior(np.array(mean), np.array(spread))


def shipped(names: tuple[str, ...]) -> Floats:
    """Return the coefficients that the project ships, the intercept first."""
    rule = Rule()
    return np.array([getattr(rule, name) for name in (INTERCEPT, *names)], dtype=np.float64)


def bounds_of(names: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Return the range that the schema gives each coefficient, the intercept first."""
    facts = {field.name: field.metadata for field in fields(Rule)}
    low = [facts[name]["low"] for name in (INTERCEPT, *names)]
    high = [facts[name]["high"] for name in (INTERCEPT, *names)]
    return np.array(low), np.array(high)
