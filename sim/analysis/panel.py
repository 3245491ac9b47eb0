"""A person-period table as arrays: terms, effects, and the groups whose rows share a shock."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from sim.analysis.likelihood import Rows, rows_of
from sim.arrays import Floats
from sim.rules.terms import Terms
from sim.setting.alliance import ALL_SENDERS


class Panel(NamedTuple):
    """A person-period table as arrays."""

    terms: Floats  # (n_rows, n_terms) in the order of `Terms`
    weekend: Floats  # (n_rows,)
    # Names by kind; a union is one sender, all senders as one have no effect of their own.
    effects: dict[str, tuple[str, ...]]
    # sparse (n_rows, n_effects) float64. What a unit of each effect adds to the log hazard of each
    # row, kind by kind: 1, or log urgency for the pace of a measure.
    design: Any
    rows: Rows

    @property
    def events(self) -> float:
        """Number of announcements, a union's counted once."""
        return float(self.rows.weight @ self.rows.event)


def panel_of(table: pd.DataFrame) -> Panel:
    """Return a table as arrays."""
    n_rows, one = len(table), np.ones(len(table))
    acts = table["instrument"] + " " + table["target"]
    columns = {
        "measure": (table["instrument"], one),
        # A measure against one target only has no effect by target.
        "act": (acts.where(table.groupby("instrument")["target"].transform("nunique") > 1), one),
        "pace": (table["instrument"], table["shock"].to_numpy(dtype=np.float64)),
        "sender": (table["body"].where(table["body"] != ALL_SENDERS), one),
    }
    effects, designs = {}, []
    for kind, (names, unit) in columns.items():
        code, known = pd.factorize(names, sort=True)  # -1 for what is missing
        has = np.flatnonzero(code >= 0)
        designs.append(sparse.csr_array((unit[has], (has, code[has])), (n_rows, len(known))))
        effects[kind] = tuple(known)
    rows = rows_of(
        table["event"].to_numpy(dtype=np.float64),
        table["weight"].to_numpy(dtype=np.float64),
        table["day"].to_numpy(dtype=np.int64),
        np.where(table["table"], pd.factorize(acts)[0], -1),
        pd.factorize(table["actor"])[0],
        table["times"].to_numpy(dtype=np.float64),
    )
    return Panel(
        np.ascontiguousarray(table[list(Terms._fields)].to_numpy(dtype=np.float64)),
        table["weekend"].to_numpy(dtype=np.float64),
        effects,
        sparse.hstack(designs, format="csr"),
        rows,
    )
