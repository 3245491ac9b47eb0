"""What a valuation says, in sentences and in tables of text."""

from collections.abc import Sequence
from textwrap import wrap
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.paired import Difference
from sim.analysis.value.outcomes import Outcome
from sim.analysis.value.store import Asked
from sim.analysis.value.valuation import KINDS, Valuation, beyond_zero
from sim.reasons import upper_first
from sim.templates import render
from sim.words import DASH, first_year, listed, signed, the

DIGITS = {"loss": 2, "cost": 1, "speed": 0, "leak": 1}


class Line(NamedTuple):
    """A player under one outcome."""

    name: str  # of the player
    worth: dict[str, Difference]
    share: float  # of the total that Shapley's value is, nan where the total is not above 0


def lines(valuation: Valuation, outcome: Outcome) -> list[Line]:
    """Return the players, the most valuable first."""
    whole = valuation.total(outcome.key).middle
    found = {kind: valuation.worth(outcome.key, kind) for kind in KINDS}
    rows = []
    for i, player in enumerate(valuation.players):
        worth = {kind: beyond_zero(values[i]) for kind, values in found.items()}
        share = worth["shapley"].middle / whole if whole > 0.0 else np.nan
        rows.append(Line(player.name, worth, share))
    return sorted(rows, key=lambda line: -line.worth["shapley"].middle)


def table(valuation: Valuation, outcome: Outcome) -> pd.DataFrame:
    """Return the table of an outcome as a paper has it, numbers in full.

    Errors and bands of all three readings would not fit a page: `Values.table` has them.
    """
    rows = []
    for line in lines(valuation, outcome):
        value, alone, last = (line.worth[kind] for kind in ("shapley", "alone", "last"))
        rows.append(
            {
                f"Member ({outcome.unit})": line.name,
                "Shapley": value.middle,
                "error": value.error,
                "10 %": value.low,
                "90 %": value.high,
                "alone": alone.middle,
                "last in": last.middle,
            }
        )
    return pd.DataFrame(rows)


def percent(share: float) -> str:
    """Return a share in percent, a dash for none."""
    return f"{signed(100.0 * share, 0)}\u00a0%" if np.isfinite(share) else DASH


def band(found: Difference, digits: int) -> str:
    """Return the band over draws."""
    return f"{signed(found.low, digits)} to {signed(found.high, digits)}"


def nobody(asked: Asked) -> str:
    """Return what the coalition without a player is called."""
    return f"{listed(asked.always)} alone" if asked.always else "nobody"


def sentences(valuation: Valuation, asked: Asked, outcome: Outcome) -> list[str]:
    """Return what an outcome says: how much, owed to whom, and the whole against its parts."""
    key, digits, order = outcome.key, DIGITS[outcome.key], lines(valuation, outcome)
    worths = [found for line in order for found in line.worth.values()]

    def owed(line: Line, share: str = "") -> str:
        return f"{the(line.name)} ({signed(line.worth['shapley'].middle, digits)}{share})"

    up = [line for line in order if line.worth["shapley"].middle > 0.0]
    shares = [f", {percent(up[0].share)}" if np.isfinite(up[0].share) else ""] if up else []
    said = render(
        "report/value.txt",
        outcome=outcome,
        asked=asked,
        digits=digits,
        n_runs=valuation.n_runs,
        lacking=valuation.undefined(key),
        everybody=beyond_zero(valuation.of(key)[-1]).middle,
        beyond=valuation.total(key),
        nobody=nobody(asked),
        when=first_year(asked.n_days),
        is_nothing=not any(round(end, digits) for one in worths for end in (one.low, one.high)),
        several=len(order) > 1,
        first=order[0],
        up=list(map(owed, up, [*shares, *[""] * len(up)])),
        down=[owed(line) for line in order[::-1] if line.worth["shapley"].middle < 0.0],
        surplus=valuation.surplus(key),
        band=band,
    )
    return [line for line in said.splitlines() if line]


def _apart(valuation: Valuation, outcome: Outcome, kind: str) -> str:
    """Return how many runs of each coalition would be needed if they shared no draws."""
    found = valuation.spared(outcome.key, kind)
    found = np.ceil(found[np.isfinite(found)] * valuation.n_runs)
    return f"{_times(found)} runs of each" if found.size else "no further runs"


def spared(valuation: Valuation, outcome: Outcome, kind: str) -> str:
    """Return as how many times the runs shared draws count, over the players."""
    found = valuation.spared(outcome.key, kind)
    found = found[np.isfinite(found)]
    return _times(found) if found.size else DASH


def _times(found: Sequence[float] | np.ndarray) -> str:
    ends = (float(f"{value:.2g}") for value in (min(found), max(found)))
    low, high = (f"{end:,.0f}" if end >= 10.0 else f"{end:g}" for end in ends)
    return low if low == high else f"{low} to {high}"


def text(valuation: Valuation, asked: Asked) -> str:
    """Return the whole for a terminal."""
    parts = []
    for outcome in asked.outcomes:
        parts += ["", *_table_lines(valuation, outcome)]
    said = [" ".join(sentences(valuation, asked, outcome)) for outcome in asked.outcomes]
    foot = [draws(valuation, asked), *who(valuation, asked)]
    return "\n".join([*_wrapped(said), *parts, "", *_wrapped(foot)])


def who(valuation: Valuation, asked: Asked) -> list[str]:
    """Return who stands behind players of several states, and what became of the others."""
    joined = [p for p in valuation.players if len(p.states) > 1 and p.name != " + ".join(p.names)]
    said = [f"{upper_first(player.name)}: {listed(player.names)}." for player in joined]
    if asked.always:
        said.append(f"In every coalition: {listed(asked.always)}.")
    if asked.onlookers:
        said.append(f"In no coalition: {listed(asked.onlookers)}, who look on.")
    return said


def _wrapped(paragraphs: Sequence[str]) -> list[str]:
    return [line for paragraph in paragraphs for line in wrap(paragraph, 100)]


def _table_lines(valuation: Valuation, outcome: Outcome) -> list[str]:
    digits, order = DIGITS[outcome.key], lines(valuation, outcome)
    width = max(len(line.name) for line in order) + 2
    head = f"{'':<{width}}{'Shapley':>9}{'80 % of draws':>20}{'error':>8}{'share':>8}"
    rows = [f"{outcome.label}, {outcome.unit}", f"{head}{'alone':>10}{'last in':>10}"]
    for line in order:
        value = line.worth["shapley"]
        rows.append(
            f"{line.name:<{width}}{signed(value.middle, digits):>9}{band(value, digits):>20}"
            f"{signed(value.error, digits + 1):>8}{percent(line.share):>8}"
            f"{signed(line.worth['alone'].middle, digits):>10}"
            f"{signed(line.worth['last'].middle, digits):>10}"
        )
    whole = sums(valuation, outcome)
    foot = f"{whole['shapley']:>9}{'':>36}{whole['alone']:>10}{whole['last']:>10}"
    return [*rows, f"{'sum':<{width}}{foot}"]


def sums(valuation: Valuation, outcome: Outcome) -> dict[str, str]:
    """Return the sum over all players of each kind of worth."""
    found = {
        kind: beyond_zero(valuation.worth(outcome.key, kind).sum(axis=0)).middle for kind in KINDS
    }
    return {kind: signed(value, DIGITS[outcome.key]) for kind, value in found.items()}


def draws(valuation: Valuation, asked: Asked) -> str:
    """Return how exactly values sum up, and what shared draws are worth."""
    rest = max(valuation.unexplained(outcome.key) for outcome in asked.outcomes)
    loss = asked.outcomes[0]
    said = (
        f"Shapley's values sum to what all do beyond {nobody(asked)} in every run (largest "
        f"difference {rest:.0e}). "
    )
    if valuation.n_runs > 1:
        last, value = (_apart(valuation, loss, kind) for kind in ("last", "shapley"))
        said += (
            "All coalitions share their draws. With draws of its own for each, the same error of "
            f"the loss would take {last} for last in, in place of {valuation.n_runs:,}, and "
            f"{value} for Shapley's value (fewer where a member's own luck, the same in all "
            "coalitions, would have averaged out over them)."
        )
    return said
