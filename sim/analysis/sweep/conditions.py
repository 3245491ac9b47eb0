"""Conditions on outcomes, read from words and never evaluated as code."""

import operator
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.analysis.sweep.data import Runs, outcome_of, plain
from sim.arrays import Flags
from sim.errors import InputError

SIGNS = {
    "<=": operator.le, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, ">": operator.gt, "=": operator.eq,
}  # fmt: skip
_TERM = re.compile(r"\s*([A-Za-z_]\w*)\s*(<=|>=|==|!=|<|>|=)\s*(\S+)\s*")
YEAR = 365.0  # days
FORM = 'condition="days_to_coalition<=30", several joined by "and", more conditions after ";"'


class Term(NamedTuple):
    """An outcome held against a number."""

    outcome: str
    sign: str
    bound: float


class Condition(NamedTuple):
    """What runs are asked for: all terms hold."""

    words: str  # as a page says it
    terms: tuple[Term, ...]

    @property
    def text(self) -> str:
        """The terms as they are typed."""
        return " and ".join(f"{t.outcome}{t.sign}{t.bound:.6g}" for t in self.terms)

    def holds(self, runs: Runs) -> tuple[Flags, Flags]:
        """Return where it holds and where it can be told, both (n_points, n_draws).

        A day that never comes is later than any number; what else is not defined tells nothing.
        """
        holds, told = runs.stored.copy(), runs.stored.copy()
        for term in self.terms:
            values = runs.matrix(term.outcome)
            if outcome_of(term.outcome, {}).never:
                values = np.where(np.isnan(values), np.inf, values)
            told &= ~np.isnan(values)
            with np.errstate(invalid="ignore"):
                holds &= SIGNS[term.sign](values, term.bound)
        return holds & told, told


def read_conditions(text: str, known: Sequence[str]) -> list[Condition]:
    """Return the conditions that a text names, several separated by semicolons.

    Raises
    ------
    InputError
        It cannot be read, or names an outcome that the sweep does not have.
    """
    return [_condition(part.strip(), known) for part in text.split(";") if part.strip()] or [
        _condition(text, known)
    ]


def _condition(text: str, known: Sequence[str]) -> Condition:
    terms = []
    for part in re.split(r"\s+and\s+|\s*&&?\s*", text):
        match = _TERM.fullmatch(part)
        try:
            name, sign, bound = match.groups() if match else ("", "", "")
            value = float(bound)
        except ValueError:
            value = np.nan
        if not np.isfinite(value):
            raise InputError(
                f"condition must hold an outcome against a number, as in {FORM}; found '{part}'"
            )
        if name not in known:
            raise InputError.unknown("condition: outcome", name, known)
        terms.append(Term(name, "==" if sign == "=" else sign, value))
    return Condition(text, tuple(terms))


def _holding(runs: Runs) -> Condition:
    """Return the condition that nobody gives a measure up, for a year where runs last so long."""
    if runs.length >= YEAR:
        words = "the coalition holds for a year: no measure is given up within it"
        return Condition(words, (Term("days_to_withdrawal", ">=", YEAR),))
    words = "no measure has been given up by the end"
    return Condition(words, (Term("withdrawals", "==", 0.0),))


def usual_conditions(runs: Runs) -> list[Condition]:
    """Return what most will want to know, as far as the sweep has the outcomes for it."""
    known = runs.manifest["outcomes"]
    found = []
    if "days_to_coalition" in known:
        words = "four fifths of the senders have acted within 30 days"
        found.append(Condition(words, (Term("days_to_coalition", "<=", 30.0),)))
    if {"days_to_withdrawal", "withdrawals"} <= set(known):
        found.append(_holding(runs))
    targets = list(runs.manifest["config"].get("scenario", {}).get("targets", {}))
    loss = f"loss_{targets[0]}_first_year" if targets else ""
    if loss in known:
        values = runs.matrix(loss)
        values = values[np.isfinite(values)]
        if values.size and np.ptp(values) > 0.0:
            bound = float(np.quantile(values, 2 / 3))
            words = f"the target's loss is in the upper third (from {plain(bound)} % of GDP)"
            found.append(Condition(words, (Term(loss, ">=", bound),)))
    return found
