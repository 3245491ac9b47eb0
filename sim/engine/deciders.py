"""Who waits to act: a sender for itself, or a council for its members.

Deciders are numbered so that those of most acts come first: senders that decide alone on most, then
councils, then senders that decide alone only on what their council leaves to them.
A loop over an act's deciders then ends early.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.arrays import Ints
from sim.economy.losses import LANES
from sim.setting import Setting


class Deciders(NamedTuple):
    """The numbers of the deciders."""

    n: int  # so many; arrays of them are longer, whole vectors
    alone: Ints  # (n_senders,) decider that a sender is for itself
    council: Ints  # (n_councils,) decider that a council is
    cell: Ints  # (n_deciders,) draw cell of a decider
    decides_for: Ints  # (n_acts, n_deciders) bit i is sender i
    # (n_acts,) So many deciders from the first hold all that decide on the act: whole vectors,
    # since what is left over of one takes as long.
    width: Ints


def deciders_of(setting: Setting) -> Deciders:
    """Return the deciders of a setting."""
    council_of = setting.menu.council_of.T
    n_acts, n_senders = council_of.shape
    n_councils = len(setting.councils)
    in_council = (council_of >= 0).mean(axis=0) > 0.5
    free, members = np.flatnonzero(~in_council), np.flatnonzero(in_council)
    n_free = free.size
    alone = np.empty(n_senders, dtype=np.int64)
    alone[free] = np.arange(n_free)
    alone[members] = n_free + n_councils + np.arange(members.size)
    council = n_free + np.arange(n_councils)
    n_deciders = _whole_vectors(n_senders + n_councils)
    decides_for = np.zeros((n_acts, n_deciders), dtype=np.int64)
    for act, i in np.argwhere(council_of < 0):
        decides_for[act, alone[i]] = 1 << i
    for c, act in np.argwhere(setting.menu.agenda):
        decides_for[act, council[c]] = sum(1 << int(i) for i in setting.councils[c].members)
    cell = np.zeros(n_deciders, dtype=np.int64)
    cell[alone] = [draws.cell(code) for code in setting.sender_codes]
    cell[council] = [draws.cell(body.institution.code) for body in setting.councils]
    last = [int(np.flatnonzero(row)[-1]) if row.any() else 0 for row in decides_for]
    return Deciders(
        n_senders + n_councils,
        alone,
        council,
        cell,
        decides_for,
        np.array([_whole_vectors(decider + 1) for decider in last]),
    )


def _whole_vectors(size: int) -> int:
    return -(-size // LANES) * LANES
