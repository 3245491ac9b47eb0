"""How results show themselves: a few plain lines, and a small table in a notebook."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.outcomes import OUTCOMES, TARGET, Quantity
from sim.words import DASH, amount, decimals_of

if TYPE_CHECKING:
    from sim.arrays import Floats

WIDTH = 88  # of a line
# The outcomes that are shown, of some fifty.
HEADLINES = (
    "loss_<target>_first_year", "loss_<target>_long_run", "leak_<target>",
    "sender_loss_mean_first_year", "sender_loss_mean", "sender_loss_bn", "coalition_size",
    "acts_announced", "days_to_100", "days_to_coalition", "withdrawals",
)  # fmt: skip
SPREAD = ("outcome", "mean", "10 %", "90 %", "not defined", "unit")


class Summary(NamedTuple):
    """What is said of a result."""

    title: str  # what it is
    facts: tuple[tuple[str, str], ...] = ()  # what it came from, by name
    head: tuple[str, ...] = ()  # columns of the table, the first for names
    rows: tuple[tuple[str, ...], ...] = ()
    note: str = ""  # how to see more

    def text(self) -> str:
        """Return it as lines for a terminal."""
        facts = [_lines(f"{name}: {value}") for name, value in self.facts if value]
        note = [self.note] if self.note else []
        return "\n".join([self.title, *facts, *_aligned(self.head, self.rows), *note])


class Shown:
    """Something that shows itself by its summary, never by all that it holds."""

    __slots__ = ()

    def _summary(self) -> Summary:
        """Return what is shown of it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self._summary().text()

    def _repr_html_(self) -> str:
        from sim.templates import render

        return render("shown.html", shown=self._summary())


def _lines(text: str) -> str:
    """Return a text in two lines at most."""
    wrapped = textwrap.wrap(
        text, WIDTH, subsequent_indent="  ", max_lines=2, placeholder=" ...",
        break_on_hyphens=False,
    )  # fmt: skip
    return "\n".join(wrapped)


def _aligned(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> list[str]:
    """Return lines with the first column to the left, numbers to the right, the last as it is."""
    if not rows:
        return []
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return ["", *(_row(cells, widths) for cells in (head, *rows))]


def _row(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *numbers = (
        cell.ljust(width) if n == 0 else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(cells[:-1], widths, strict=False))
    )
    return "  ".join([first, *numbers, cells[-1]]).rstrip()


def short(value: float) -> str:
    """Return a number with three digits that count; a dash for one that is not defined."""
    if math.isnan(value):
        return DASH
    if math.isinf(value):
        return "never"
    text = f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}"
    return "0" if text in ("-0", "0") else text


def alike(*values: float) -> tuple[str, ...]:
    """Return numbers of one row with the decimals that show three digits of the largest.

    Whole numbers stay whole: a day is a day.
    """
    digits = decimals_of(values)
    return tuple(
        amount(value, digits) if math.isfinite(value) and value % 1 and digits else short(value)
        for value in values
    )


def assigned(values: Mapping[str, Any]) -> str:
    """Return values as key=value, long ones cut short."""
    return " ".join(f"{name}={brief(value)}" for name, value in values.items())


def brief(value: Any) -> str:
    """Return a value as text of a line's third at most."""
    if isinstance(value, float):
        return short(value)
    if isinstance(value, list | tuple):
        value = f"[{','.join(map(str, value))}]"
    return textwrap.shorten(str(value), WIDTH // 3, placeholder="...")


def headline_columns(targets: Iterable[str], names: Iterable[str]) -> dict[str, str]:
    """Return the main outcomes that are among names, with the names that `OUTCOMES` has for them.

    Parameters
    ----------
    targets : iterable of str
        Codes; outcomes of the first are shown.
    """
    target, known = next(iter(targets), ""), set(names)
    columns = {key.replace(TARGET, target): key for key in HEADLINES}
    return {column: key for column, key in columns.items() if column in known}


def outcome_rows(names: Sequence[str], values: Floats, targets: Iterable[str]) -> tuple[Any, ...]:
    """Return a row for each of the main outcomes: mean, a tenth below, a tenth above, undefined.

    Parameters
    ----------
    names : sequence of str
        Columns of the outcomes.
    values : (n_runs, n_outcomes) float64
        nan where an outcome is not defined.
    targets : iterable of str
        As of `headline_columns`.
    """
    return tuple(
        (column, *_spread(values[:, names.index(column)], OUTCOMES[key]), OUTCOMES[key].unit)
        for column, key in headline_columns(targets, names).items()
    )


def one_run_rows(outcomes: Mapping[str, float], targets: Iterable[str]) -> tuple[Any, ...]:
    """Return a row for each of the main outcomes of one run: name, value, unit."""
    return tuple(
        (column, short(outcomes[column]), OUTCOMES[key].unit)
        for column, key in headline_columns(targets, outcomes).items()
    )


def _spread(values: Floats, quantity: Quantity) -> tuple[str, ...]:
    """Return mean and band over the runs in which an outcome is defined, and how many are not.

    A day that does not come in some runs is later than any in those: they have no mean.
    """
    import numpy as np

    lacking = int(np.isnan(values).sum())
    if quantity.never:
        values = np.where(np.isnan(values), np.inf, values)
    defined = values[~np.isnan(values)]
    if not defined.size:
        return DASH, DASH, DASH, f"{lacking:,}"
    low, high = np.quantile(defined, (0.1, 0.9), method="inverted_cdf")
    mean = np.nan if np.isinf(defined).any() else defined.mean()
    return *alike(mean, low, high), f"{lacking:,}"
