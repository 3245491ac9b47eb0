"""The ledger in words: cells, a table for the terminal, a page in Markdown."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from sim.analysis.facts.ledger import (
    FAILS,
    FEW,
    HOLDS,
    MOST,
    NOT_MODELLED,
    PARTLY,
    VERDICTS,
    YES_OR_NO,
    Row,
)  # fmt: skip
from sim.templates import render
from sim.words import aligned, markdown, percent

ECONOMY = ("Russia's imports", "The ruble", "Energy", "Losses")
SUMMED = "Imports, ruble, energy and losses together"
HEADER = ("fact", "source", "held against it", "claimed", "ours", "verdict", "fitted")


def page(themes: Mapping[str, Sequence[Row]], runs: int, watched: int, configurations: int) -> str:
    """Return the ledger as a page in Markdown.

    Parameters
    ----------
    themes : mapping of str to rows
        In the order of the page.
    runs, watched, configurations : int
        How many runs of how many configurations, and how many were followed step by step.
    """
    rows = [row for part in themes.values() for row in part]
    amiss = (FAILS, PARTLY, NOT_MODELLED)
    return render(
        "analysis/facts/page.md",
        runs=runs,
        watched=watched,
        configurations=configurations,
        most=percent(MOST),
        few=percent(FEW),
        tally=tally(rows),
        by_theme=by_theme(themes),
        tables={theme: markdown(HEADER, list(map(cells, part))) for theme, part in themes.items()},
        amiss=[row for verdict in amiss for row in rows if row.verdict == verdict],
    )


def tally(rows: Sequence[Row]) -> str:
    """Return how many facts hold, apart for those that were fitted and those that were not."""
    lines = []
    for fitted, word in ((False, "not fitted"), (True, "fitted")):
        part = [row for row in rows if row.fact.fitted is fitted]
        lines.append((word, *_counts(part)))
        lines.append((f"{word}, all on free runs", *_counts([row.on_free_runs for row in part])))
    return markdown(("", *VERDICTS), lines)


def by_theme(themes: Mapping[str, Sequence[Row]]) -> str:
    """Return the tally of each theme, and of those together that say what trade came to."""
    sums = {SUMMED: [row for theme in ECONOMY for row in themes.get(theme, ())]}
    parts = {**themes, **sums}
    words = ("hold", "partly", "fail")
    header = ("", *(f"not fitted: {word}" for word in words), "of", "hold on free runs",
              *(f"fitted: {word}" for word in words))  # fmt: skip
    return markdown(header, [(theme, *_of_theme(rows)) for theme, rows in parts.items()])


def _of_theme(rows: Sequence[Row]) -> list[int]:
    tested, fitted = ([row for row in rows if row.fact.fitted is yes] for yes in (False, True))
    free = _counts([row.on_free_runs for row in tested])[0]
    return [*_counts(tested)[:3], len(tested), free, *_counts(fitted)[:3]]


def _counts(rows: Sequence[Row]) -> list[int]:
    counted = Counter(row.verdict for row in rows)
    return [counted[verdict] for verdict in VERDICTS]


def cells(row: Row) -> tuple[str, ...]:
    """Return the cells of a row of the page."""
    fact = row.fact
    return (
        f"**{fact.code}** {fact.statement}",
        f"{fact.source} ({fact.status})",
        fact.outcome,
        claimed(row),
        ours(row),
        f"**{row.verdict}**" if row.verdict in (FAILS, NOT_MODELLED) else row.verdict,
        fitted(row),
    )


def fitted(row: Row) -> str:
    """Return whether the fact was set in view, and what carries its outcome."""
    if row.values is None:
        return ""
    return f"{'yes' if row.fact.fitted else 'no'}: {row.fact.basis}"


def claimed(row: Row) -> str:
    """Return the range of a fact in words."""
    claim, unit = row.fact.claim, row.fact.unit
    if row.values is None:
        return ""
    if unit == YES_OR_NO:
        return "yes"
    if math.isinf(claim.high):
        unit = unit.removesuffix("s") if claim.low == 1.0 else unit
        return f"at least {claim.low:g} {unit}".rstrip()
    return f"{claim.low:g} to {claim.high:g} {unit}".rstrip()


def ours(row: Row) -> str:
    """Return median and band of an outcome in words, on the record first and then on free runs."""
    if row.free is None:
        return _in_words(row)
    free = row.on_free_runs
    return f"{_in_words(row)}; on free runs {_in_words(free)}, {free.verdict}"


def _in_words(row: Row) -> str:
    if row.values is None:
        return ""
    if row.fact.unit == YES_OR_NO:
        share = f"{percent(row.values.mean())} of runs" if row.values.size > 1 else ""
        return share or ("yes" if row.values[0] else "no")
    low, middle, high = row.band()
    if row.values.size == 1:
        return number(middle)
    return f"{number(middle)} ({number(low)} to {number(high)})"


def number(value: float) -> str:
    """Return a number with as many digits as it has meaning; never for infinity."""
    if math.isnan(value):
        return "none"
    if math.isinf(value):
        return "never"
    digits = 0 if abs(value) >= 100 or value == round(value) else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f}"


def terminal(rows: Sequence[Row]) -> str:
    """Return the ledger for a terminal: one line per fact, and how many hold."""
    lines = [("fact", "verdict", "fitted", "claimed", "ours", "on free runs")]
    for row in rows:
        word = "" if row.values is None else "yes" if row.fact.fitted else "no"
        free = (
            "" if row.free is None else f"{row.on_free_runs.verdict}, {_in_words(row.on_free_runs)}"
        )
        lines.append((row.fact.code, row.verdict, word, claimed(row), _in_words(row), free))
    counts = ", ".join(f"{word} {n}" for word, n in zip(VERDICTS, _counts(rows), strict=True))
    tested = [row for row in rows if not row.fact.fitted and row.values is not None]
    stood = sum(row.verdict == HOLDS for row in tested)
    freely = sum(row.on_free_runs.verdict == HOLDS for row in tested)
    said = f"{counts}; of {len(tested)} that were not fitted {stood} hold, {freely} on free runs."
    return "\n".join([*aligned(lines), "", said])
