"""The log of a run: its dated acts as rows of numbers, put into words by `sim.engine.tables`."""

from __future__ import annotations

import numpy as np

from sim.compiled import part
from sim.record import Record

COLUMNS = ("day", "kind", "actor", "what", "whom", "effective", "detail")
DAY, KIND, ACTOR, WHAT, WHOM, EFFECTIVE, DETAIL = range(len(COLUMNS))
KINDS = {
    "event": "dated or random event of the war, or an involvement",
    "talks": "round of talks",
    "measure": "wave of a measure, announced by a sender",
    "council": "wave of a measure, announced by a council for its members",
    "withdrawal": "measure given up, all waves at once",
    "blocked": "first objection to a measure in a council; `detail` names the objectors",
    "carve_out": "objectors exempted from a measure; `detail` names them",
    "countermeasure": "answer of a target",
    "refusal": "sender refuses to pay for gas in rubles",
    "listed": "sender put on the list of unfriendly states",
    "protest": "sender protests at being listed or cut off",
    "stance": "third state condemns the violation",
    "cooperation": "third state deepens defence cooperation with a target",
    "settlement": "talks settle the war",
}
(
    EVENT, TALKS, MEASURE, COUNCIL, WITHDRAWAL, BLOCKED, CARVE_OUT, COUNTERMEASURE, REFUSAL,
    LISTED, PROTEST, STANCE, COOPERATION, SETTLEMENT,
) = range(len(KINDS))  # fmt: skip


def new_log(capacity: int) -> Record:
    """Return room for so many dated acts."""
    return Record("Log", {"n_rows": 0, "rows": np.zeros((capacity, len(COLUMNS)), np.int64)})


@part
def note(log, day, kind, actor, what, whom, effective, detail):  # type: ignore[no-untyped-def]
    """Write down a dated act if there is room, and count it in any case."""
    n = log.n_rows
    if n < log.rows.shape[0]:
        row = log.rows[n]
        row[DAY], row[KIND], row[ACTOR], row[WHAT] = day, kind, actor, what
        row[WHOM], row[EFFECTIVE], row[DETAIL] = whom, effective, detail
    log.n_rows = n + 1
