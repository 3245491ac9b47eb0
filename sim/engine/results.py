"""Room for what runs leave behind, by table and quantity: `sim.engine.recording` fills it."""

from __future__ import annotations

import numpy as np

from sim.engine.inputs import Inputs, sizes_of
from sim.outcomes import OF_RUN, OF_STATE, OF_STEP, Quantity
from sim.record import Record

TABLES = {"outcomes": OF_RUN, "steps": OF_STEP, "states": OF_STATE}


def new_results(inputs: Inputs, n_runs: int, record: str, ends: bool) -> dict[str, dict]:
    """Return room for the results of runs, by table and quantity, each run first.

    Parameters
    ----------
    record : {'outcomes', 'events', 'steps', 'states'}
        Steps and states that are not recorded have no rows.
    ends : bool
        Keep what is covered, leaks and is paid as a run ends.
    """
    sizes, n_steps = sizes_of(inputs), int(inputs.scenario.steps)
    rows = {
        "outcomes": (n_runs,),
        "steps": (n_runs if record in ("steps", "states") else 0, n_steps),
        "states": (n_runs if record == "states" else 0, n_steps, sizes["states"]),
    }
    tables = {
        name: {q.field: _column(q, rows[name], sizes["targets"]) for q in quantities}
        for name, quantities in TABLES.items()
    }
    n_ends, pair = n_runs if ends else 0, (sizes["senders"], sizes["acts"])
    tables["ends"] = {
        "announced": np.zeros((n_runs, *pair), np.int32),
        "n_events": np.zeros(n_runs, np.int64),
        "covered": np.zeros((n_ends, *inputs.priced.margins.target_share.shape)),
        "leak": np.zeros((n_ends, sizes["targets"])),
        "rent": np.zeros((n_ends, sizes["targets"], sizes["states"])),
    }
    return tables


def _column(quantity: Quantity, rows: tuple[int, ...], n_targets: int) -> np.ndarray:
    return np.zeros((*rows, n_targets) if quantity.by_target else rows, dtype=quantity.dtype)


def results_record(tables: dict[str, dict], runs: slice) -> Record:
    """Return the results of some runs as the engine writes them, in the same memory."""
    parts = {
        name: Record(name, {field: values[runs] for field, values in table.items()})
        for name, table in tables.items()
    }
    return Record("Results", parts)
