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
    log_probability,
)
from sim.config import Rule
from sim.rules.terms import SUBTRACTED, Weights

if TYPE_CHECKING:
    import pandas as pd

INTERCEPT, READINESS, WEEKEND, FRAILTY = "intercept", "readiness", "weekend", "frailty_sd"
LINEAR = Weights._fields[1 : Weights._fields.index("wave") + 1]  # readiness to wave
PULL_OF_OTHERS = ("peer", "recent", "joint", "lead", "bloc")
OWN_REASONS = tuple(name for name in LINEAR if name not in PULL_OF_OTHERS)
WEAK = 2.0  # spread of the prior of what the dates identify, around 0
TIGHT = 0.5  # of what they do not, around the shipped value
LEVEL = 10.0  # of the intercept
NORMAL_95 = 1.959963984540054
LEAST_GAIN = 1.353  # nats that a spread has to gain: half of 2.706, as it may not fall below 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """Coefficients of a rule that is linear in its terms.

    Attributes
    ----------
    names : tuple of str, length n_coefficients
        The intercept first, the spread of the day's frailty last, if there is one.
    found : Mode
    prior : Prior
    shipped : (n_coefficients,) values that the project ships
    why : tuple of str, length n_coefficients
        Why the dates do not identify a coefficient; '' where they do.
    by_measure, by_sender : (n_coefficients,) clustered standard errors
        With a frailty by day too.
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
        return np.fmax(self.by_curvature, self.by_measure)

    @property
    def by_curvature(self) -> Floats:
        """Standard errors from the curvature, 0 for what is held, (n_coefficients,)."""
        return np.sqrt(np.diag(self.found.covariance))[: len(self.names)]

    @property
    def at_bound(self) -> Any:
        """Which coefficients press on a bound of the schema, (n_coefficients,) bool."""
        free = np.r_[self.prior.spread > 0.0, self.prior.frailty][: len(self.names)]
        return (self.by_curvature == 0.0) & free

    def coefficients(self) -> dict[str, float]:
        """Return the coefficients by name."""
        return dict(zip(self.names, self.value.tolist(), strict=True))

    @property
    def value(self) -> Floats:
        """The coefficients, (n_coefficients,)."""
        return np.r_[self.found.value, self.found.frailty_sd][: len(self.names)]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per coefficient, with its 95 % interval and what is known of it."""
        import pandas as pd

        value, error = self.value, self.error
        held = self.by_curvature == 0.0
        return pd.DataFrame(
            {
                "coefficient": value,
                "low": np.where(held, np.nan, value - NORMAL_95 * error),
                "high": np.where(held, np.nan, value + NORMAL_95 * error),
                "se": np.where(held, np.nan, self.by_curvature),
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


def estimate(
    table: pd.DataFrame, names: tuple[str, ...] = (*LINEAR, WEEKEND), frailty: bool = True
) -> Estimate:
    """Return the coefficients of a rule that is linear in its terms.

    Parameters
    ----------
    table : DataFrame
        Person-periods.
    names : tuple of str
        The rule's terms.
    frailty : bool
        Whether the days may have a frailty, whose spread is estimated with the coefficients.

    Notes
    -----
    The prior is normal: around 0 with a spread of 2 for what the dates identify, around the shipped
    value with a spread of 1/2 for what they do not, and no movement for what stands still. That of
    the frailty's spread is half-normal with a scale of 3/2.
    """
    terms, rows, prior, why = problem(table, names, frailty)
    found = bounded_mode(terms, rows, prior, *bounds_of(names))
    size = len(why)
    by_measure, by_sender = (
        clustered(terms, rows, found, clusters(table, kind), by_day=frailty)[:size]
        for kind in ("measure", "sender")
    )
    moves = np.array([reason != STANDS_STILL for reason in why[: len(names) + 1]])
    flat = np.full(len(names) + 2, np.nan)
    flat[np.r_[moves, True]] = flat_errors(terms[:, moves], rows, frailty)
    if frailty and not _is_needed(found, terms, rows, prior, names):
        why = (*why[:-1], "without it the dates are nearly as likely")
    return Estimate(
        names=(INTERCEPT, *names, FRAILTY)[:size],
        found=found,
        prior=prior,
        shipped=shipped((*names, FRAILTY))[:size],
        why=why,
        by_measure=by_measure,
        by_sender=by_sender,
        flat=flat[:size],
        inflation=np.array([np.nan, *inflation(table, list(names)), np.nan])[:size],
        events=counted(table),
        n_rows=len(table),
    )


def coefficients_of(table: pd.DataFrame, names: tuple[str, ...], frailty: bool) -> dict[str, float]:
    """Return the coefficients that `estimate` finds, without what it says about them."""
    terms, rows, prior, _ = problem(table, names, frailty)
    found = bounded_mode(terms, rows, prior, *bounds_of(names))
    values = (*found.value.tolist(), found.frailty_sd)
    return dict(zip((INTERCEPT, *names, FRAILTY), values, strict=True))


def problem(
    table: pd.DataFrame, names: tuple[str, ...], frailty: bool
) -> tuple[Floats, Rows, Prior, tuple[str, ...]]:
    """Return terms, outcomes and prior of a table, and why a coefficient is not identified."""
    terms, rows = design(table, names), rows_of(table)
    why = ("", *not_identified(table, list(names), terms, rows, frailty))
    mean, spread = prior_of(names, why)
    return terms, rows, Prior(mean, spread, frailty), (*why, *[""] * frailty)


def _is_needed(
    found: Mode, terms: Floats, rows: Rows, prior: Prior, names: tuple[str, ...]
) -> bool:
    """Return whether the frailty makes the dates likelier by more than chance does, at 5 %.

    Twice the gain is 0 or a chi-square with one degree of freedom, each in half of all samples,
    since the spread stands on its bound without a frailty (Self and Liang 1987, JASA 82).
    """
    without = bounded_mode(terms, rows, Prior(prior.mean, prior.spread), *bounds_of(names))
    return found.log_likelihood - without.log_likelihood > LEAST_GAIN


def rule_with(name: str, coefficients: Mapping[str, float]) -> Rule:
    """Return a rule with some coefficients set and the others as shipped."""
    values: Any = dict(coefficients)
    return Rule(name=name, **values)


def predicted(table: pd.DataFrame, coefficients: dict[str, float]) -> Floats:
    """Return the log hazard per week of each row without a frailty, (n_rows,)."""
    names = tuple(name for name in coefficients if name not in (INTERCEPT, FRAILTY))
    return design(table, names) @ np.array([coefficients[n] for n in (INTERCEPT, *names)])


def log_score(table: pd.DataFrame, coefficients: dict[str, float]) -> float:
    """Return the log probability of a table's rows, summed."""
    eta, spread = predicted(table, coefficients), coefficients.get(FRAILTY, 0.0)
    return log_probability(eta, rows_of(table), spread)


def design(table: pd.DataFrame, names: tuple[str, ...]) -> Floats:
    """Return the terms as they enter the log hazard, after ones, (n_rows, n_terms + 1)."""
    sign = np.array([-1.0 if name in SUBTRACTED else 1.0 for name in names])
    columns = table[list(names)].to_numpy(dtype=np.float64) * sign
    return np.column_stack([np.ones(len(table)), columns])


def rows_of(table: pd.DataFrame) -> Rows:
    """Return the outcome side of a table."""
    event, days, weight = (
        table[name].to_numpy(dtype=np.float64) for name in ("event", "days", "weight")
    )
    return Rows(event, days, weight, table["day"].to_numpy(dtype=np.int64))


def clusters(table: pd.DataFrame, kind: str) -> Any:
    """Return the cluster of each row: its 'measure' against its target, or its 'sender'.

    What members of a union decide alone goes together with what its council decides.
    """
    if kind == "measure":
        return (table["instrument"] + " " + table["target"]).to_numpy(dtype=str)
    return table["body"].to_numpy(dtype=str)


def prior_of(names: tuple[str, ...], why: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Return mean and spread of the prior of intercept and terms, given what is not identified."""
    values, mean, spread = shipped(names), [0.0], [LEVEL]
    for position, reason in enumerate(why[1:], start=1):
        # The weekend is shipped as 0 because it is off, which is no opinion of its size.
        is_weak = not reason or (names[position - 1] == WEEKEND and reason != STANDS_STILL)
        mean.append(0.0 if is_weak else values[position])
        spread.append(WEAK if is_weak else 0.0 if reason == STANDS_STILL else TIGHT)
    return np.array(mean), np.array(spread)


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
