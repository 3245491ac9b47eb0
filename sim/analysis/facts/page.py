"""The ledger in words: cells, a table for the terminal, a page in Markdown."""

from __future__ import annotations

import math
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

INTRO = """# Stylised facts

What the record says of 2022 and the literature of coalitions, and what our ensemble gives. Written
by

```
sanctionsim facts runs={runs} watched={watched} out=docs/facts.md
```

**How to read it.** *Claimed* is the fact in terms of our outcome: a range, or yes. *Ours* is the
median over runs with the band that holds 80 % of them, or the share of runs in which it is so; one
number without a band comes from an exact equilibrium in which nothing is drawn. Ranges are the
source's, or a tolerance that is said (half to twice), and not what we give. A fact **holds** if at
least {most:.0%} of the runs lie in the range, **partly** if at least {few:.0%} do or if the sign is
right in {most:.0%} of them, and **fails** otherwise. The band is luck alone: parameters stay put.

***Fitted* decides what a row is worth.** Where it says *yes*, a coefficient or a level was set
with this very fact in view or in its source: that it holds is no validation, that it fails is still
news. Where it says *no*, nothing was; the cell says what carries the outcome instead. Many of those
carriers are assumptions, and a fact that follows from a mechanism by arithmetic (a coalition hurts
more than its members) is a weak test.

*Source* ends with its status: read, recalled from memory, or derived from what was read. Dates, the
trade of 2022 and the ruble are those of one war: a row is one observation.

{runs} runs of each of {configurations} configurations, with the same luck in all; the first
{watched} of the baseline were also followed step by step, for what stands in no table of a run.
`loss_RUS_long_run` and its kin are outcomes of [odd.md](odd.md); exact equilibria hold the acts
that those {watched} runs end with, on [the economy's](economy.md) balanced trade, unless the row
speaks of an embargo.
"""
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
    intro = INTRO.format(
        runs=runs, watched=watched, configurations=configurations, most=MOST, few=FEW
    )
    parts = [intro, f"## Tally\n\n{tally(rows)}\n"]
    for theme, part in themes.items():
        parts.append(f"## {theme}\n\n{table(HEADER, [cells(row) for row in part])}\n")
    parts.append(f"## What does not hold, and why\n\n{reasons(rows)}\n")
    return "\n".join(parts)


def tally(rows: Sequence[Row]) -> str:
    """Return how many facts hold, apart for those that were fitted and those that were not."""
    lines = [
        (
            "fitted" if fitted else "not fitted",
            *(
                sum(row.fact.fitted == fitted and row.verdict == verdict for row in rows)
                for verdict in VERDICTS
            ),
        )
        for fitted in (False, True)
    ]
    return table(("", *VERDICTS), lines)


def reasons(rows: Sequence[Row]) -> str:
    """Return a line for every fact that does not hold."""
    lines = [
        f"- **{row.fact.code}** ({row.verdict}): {row.fact.why or 'no reason found yet.'}"
        for verdict in (FAILS, PARTLY, NOT_MODELLED)
        for row in rows
        if row.verdict == verdict
    ]
    return "\n".join(lines) or "Every fact holds."


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
    """Return median and band of an outcome in words."""
    if row.values is None:
        return ""
    if row.fact.unit == YES_OR_NO:
        share = f"{row.values.mean():.0%} of runs" if row.values.size > 1 else ""
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
    lines = [("fact", "verdict", "fitted", "claimed", "ours")]
    for row in rows:
        word = "" if row.values is None else "yes" if row.fact.fitted else "no"
        lines.append((row.fact.code, row.verdict, word, claimed(row), ours(row)))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    counts = ", ".join(
        f"{sum(row.verdict == verdict for row in rows)} {verdict}" for verdict in VERDICTS
    )
    tested = [row for row in rows if not row.fact.fitted and row.values is not None]
    stood = sum(row.verdict == HOLDS for row in tested)
    return "\n".join([*text, "", f"{counts}; of {len(tested)} that were not fitted {stood} hold."])


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [tuple(header), ("---",) * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )
