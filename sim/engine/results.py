"""Room for what runs leave behind, by table and quantity: `sim.engine.recording` fills it."""

from __future__ import annotations

import numpy as np

from sim.config import RECORDS
from sim.engine.inputs import Inputs, sizes_of
from sim.outcomes import OF_RUN, OF_STATE, OF_STEP, Quantity
from sim.record import Record

TABLES = {"outcomes": OF_RUN, "steps": OF_STEP, "states": OF_STATE}


def new_results(inputs: Inputs, n_runs: int, record: str, ends: bool) -> dict[str, dict]:
    """Return room for the results of runs, by table and quantity, each run first.

    Parameters
    ----------
    record : {'outcomes', 'events', 'steps', 'states', 'sectors'}
        Steps and states that are not recorded have no rows.
    ends : bool
        Keep what is covered, lost and paid as a run ends.
    """
    sizes, n_steps = sizes_of(inputs), int(inputs.scenario.steps)
    rows = {
        "outcomes": (n_runs,),
        "steps": (n_runs if keeps(record, "steps") else 0, n_steps),
        "states": (n_runs if keeps(record, "states") else 0, n_steps, sizes["states"]),
    }
    tables = {
        name: {q.field: _column(q, rows[name], sizes["targets"]) for q in quantities}
        for name, quantities in TABLES.items()
    }
    n_ends, pair = n_runs if ends else 0, (sizes["senders"], sizes["acts"])
    tables["ends"] = {
        "announced": np.zeros((n_runs, *pair), np.int32),
        "n_events": np.zeros(n_runs, np.int64),
        **{name: np.zeros((n_ends, *shape)) for name, shape in _ends(inputs).items()},
    }
    return tables


def keeps(record: str, table: str) -> bool:
    """Return whether a level of `sim.config.RECORDS` has a table: it has all before it."""
    return RECORDS.index(record) >= RECORDS.index(table)


def _ends(inputs: Inputs) -> dict[str, tuple[int, ...]]:
    """Return the shapes of what is kept of the trade at the end of a run, by its name there."""
    flows = inputs.mature.margins.target_share.shape
    n_senders, n_targets, _, n_sectors = flows
    return {
        "covered": (2, *flows),
        "held": (n_senders, n_targets, 2, n_sectors),
        "leak": (n_targets,),
        "withheld": (n_targets, 2),
        "withheld_third": (n_targets, 2),
        "payment_bn": (inputs.gdp_bn.size,),
        "bridged": (n_targets, n_sectors),
        "maturity": (n_targets, n_sectors),
        "closure": (),
        "transfer_bn": (inputs.gdp_bn.size,),
    }


def trade_at_end(tables: dict[str, dict]) -> dict[str, np.ndarray]:
    """Return what is covered, lost and paid at the end of runs, where it has been kept."""
    return {name: v for name, v in tables["ends"].items() if name not in ("announced", "n_events")}


def _column(quantity: Quantity, rows: tuple[int, ...], n_targets: int) -> np.ndarray:
    return np.zeros((*rows, n_targets) if quantity.by_target else rows, dtype=quantity.dtype)


def results_record(tables: dict[str, dict], runs: slice) -> Record:
    """Return the results of some runs as the engine writes them, in the same memory."""
    parts = {
        name: Record(name, {field: values[runs] for field, values in table.items()})
        for name, table in tables.items()
    }
    return Record("Results", parts)
