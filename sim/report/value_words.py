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
from sim.words import DASH, counted, first_year, listed, signed, the

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
    said = [*_undefined(valuation, outcome), _whole(valuation, asked, outcome)]
    if _is_nothing(valuation, outcome):
        return [*said, "There is nothing to divide among the members."]
    if len(valuation.players) > 1:
        said += [_owed(valuation, outcome), *_first(valuation, outcome), _parts(valuation, outcome)]
    return said


def _undefined(valuation: Valuation, outcome: Outcome) -> list[str]:
    """Return in how many draws an outcome is not defined, if in any."""
    lacking, n = valuation.undefined(outcome.key), valuation.n_runs
    if not lacking:
        return []
    return [
        f"{outcome.label} is not defined for every coalition in {lacking:,} of "
        f"{counted(n, 'draw')}: these are left out here."
    ]


def _is_nothing(valuation: Valuation, outcome: Outcome) -> bool:
    """Return whether no player is worth as much as the numbers here show."""
    digits = DIGITS[outcome.key]
    worths = [found for line in lines(valuation, outcome) for found in line.worth.values()]
    return all(not round(end, digits) for found in worths for end in (found.low, found.high))


def _whole(valuation: Valuation, asked: Asked, outcome: Outcome) -> str:
    key, digits = outcome.key, DIGITS[outcome.key]
    beyond = valuation.total(key)
    everybody = beyond_zero(valuation.of(key)[-1]).middle
    amounts = {
        "all": signed(everybody, digits),
        "size": signed(abs(everybody), digits),
        "verb": "pay" if everybody >= 0.0 else "gain",
        "target": asked.target,
        "day": asked.day,
        "when": first_year(asked.n_days),
    }
    said = {
        "loss": "{target} loses {all}\u00a0% of GDP in {when} if all of them sanction",
        "cost": "The senders {verb} USD {size} bn a year together",
        "speed": "{all} measures stand after {day} days if all of them sanction",
        "leak": "Covered exports of USD {all} bn a year find another way",
    }[key].format(**amounts)
    base = f"with {nobody(asked)}" if asked.always else "by the war alone"
    if key == "loss" or asked.always:
        more = "more" if beyond.middle >= 0.0 else "less"
        said += f", {signed(abs(beyond.middle), digits)} {more} than {base}"
    return f"{said} ({band(beyond, digits)} in 80\u00a0% of draws)."


def _owed(valuation: Valuation, outcome: Outcome) -> str:
    """Return who it is owed to, those who lower it apart."""
    digits, order = DIGITS[outcome.key], lines(valuation, outcome)

    def said(line: Line, share: str = "") -> str:
        return f"{the(line.name)} ({signed(line.worth['shapley'].middle, digits)}{share})"

    up = [line for line in order if line.worth["shapley"].middle > 0.0]
    down = [line for line in reversed(order) if line.worth["shapley"].middle < 0.0]
    parts = []
    if up:
        most = "Most" if up[0].share > 0.5 else "The largest part"
        share = f", {percent(up[0].share)}" if np.isfinite(up[0].share) else ""
        then = f", then to {listed(map(said, up[1:]))}" if up[1:] else ""
        parts.append(f"{most} of this is owed to {said(up[0], share)}{then}")
    if down:
        parts.append(f"it is lowered by {listed(map(said, down))}")
    return upper_first("; ".join(parts) or "nobody adds to it") + "."


def _first(valuation: Valuation, outcome: Outcome) -> list[str]:
    """Return what the most valuable player does alone, and what is lost without it."""
    first, digits = lines(valuation, outcome)[0], DIGITS[outcome.key]
    alone, last = (first.worth[kind].middle for kind in ("alone", "last"))
    return [
        f"Alone {the(first.name)} would come to {signed(alone, digits)}; all but {the(first.name)} "
        f"to {signed(abs(last), digits)} {'less' if last >= 0.0 else 'more'} than all."
    ]


def _parts(valuation: Valuation, outcome: Outcome) -> str:
    """Return whether the whole is more than the sum of its parts."""
    found, digits = valuation.surplus(outcome.key), DIGITS[outcome.key]
    if found.verdict in ("same", "luck"):
        error = f"{signed(found.middle, digits)}, error {signed(found.error, digits)}"
        return (
            "That the whole differs from the sum of what each does alone cannot be told from "
            f"{counted(valuation.n_runs, 'draw')} ({error})."
            if found.verdict == "luck"
            else "The whole is just the sum of what each does alone."
        )
    more = "more" if found.middle > 0.0 else "less"
    return (
        f"The whole is {signed(abs(found.middle), digits)} {more} than the sum of "
        f"what each does alone ({band(found, digits)} in 80\u00a0% of draws)."
    )


def _apart(valuation: Valuation, outcome: Outcome, kind: str) -> str:
    """Return how many runs of each coalition would be needed if they shared no draws."""
    found = valuation.spared(outcome.key, kind)
    found = np.ceil(found[np.isfinite(found)] * valuation.n_runs)
    return f"{_times(found)} runs of each" if found.size else "no further runs"


def spared(valuation: Valuation, outcome: Outcome, kind: str) -> str:
    """Return as how many times the runs shared draws count, over the players."""
    found = valuation.spared(outcome.key, kind)
    found = found[np.isfinite(found)]
    if not found.size:
        return DASH
    return _times(found)


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
