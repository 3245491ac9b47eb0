"""The log of a run: its dated acts as rows of numbers, put into words by `sim.ensemble.words`."""

from __future__ import annotations

from sim.compiled import part
from sim.records import KINDS

COLUMNS = ("day", "kind", "actor", "what", "whom", "effective", "detail")
DAY, KIND, ACTOR, WHAT, WHOM, EFFECTIVE, DETAIL = range(len(COLUMNS))
CODES = {kind: code for code, kind in enumerate(KINDS)}
(
    EVENT, TALKS, MEASURE, COUNCIL, WITHDRAWAL, BLOCKED, CARVE_OUT, COUNTERMEASURE, LISTED,
    PROTEST, STANCE, COOPERATION, SETTLEMENT, REFUSAL,
) = (
    CODES["event"], CODES["talks"], CODES["measure"], CODES["council"], CODES["withdrawal"],
    CODES["blocked"], CODES["carve_out"], CODES["countermeasure"], CODES["listed"],
    CODES["protest"], CODES["stance"], CODES["cooperation"], CODES["settlement"],
    CODES["refusal"],
)  # fmt: skip


@part
def note(log, day, kind, actor, what, whom, effective, detail):  # type: ignore[no-untyped-def]
    """Write down a dated act if there is room, and count it in any case."""
    n = log.n_rows[0]
    if n < log.rows.shape[0]:
        row = log.rows[n]
        row[DAY], row[KIND], row[ACTOR], row[WHAT] = day, kind, actor, what
        row[WHOM], row[EFFECTIVE], row[DETAIL] = whom, effective, detail
    log.n_rows[0] = n + 1
