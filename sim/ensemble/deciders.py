"""Who waits to act: a sender for itself, or a council for its members.

Deciders are numbered so that those of most acts come first: senders that are in no council, then
councils, then senders that are in one, who decide alone only on what their council leaves to them.
A loop over an act's deciders then ends early.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.setting import Setting

Ints = NDArray[np.int64]
LANES = 4  # numbers in a vector of most machines


class Deciders(NamedTuple):
    """The numbers of the deciders.

    Attributes
    ----------
    alone : (n_senders,) decider that a sender is for itself
    council : (n_councils,) decider that a council is
    of : (n_acts, n_senders) who decides for a sender
    decides_for : (n_acts, n_deciders) bit i is sender i
    width : (n_acts,)
        So many deciders from the first hold all that decide on the act: whole vectors, since what
        is left over of one takes as long.
    """

    alone: Ints
    council: Ints
    of: Ints
    decides_for: Ints
    width: Ints


def deciders_of(setting: Setting) -> Deciders:
    """Return the deciders of a setting."""
    council_of = setting.menu.council_of.T
    n_acts, n_senders = council_of.shape
    n_councils = len(setting.councils)
    in_council = (council_of >= 0).any(axis=0)
    free, members = np.flatnonzero(~in_council), np.flatnonzero(in_council)
    n_free = free.size
    alone = np.empty(n_senders, dtype=np.int64)
    alone[free] = np.arange(n_free)
    alone[members] = n_free + n_councils + np.arange(members.size)
    of = np.where(council_of >= 0, n_free + council_of, alone)
    decides_for = np.zeros((n_acts, _whole_vectors(n_senders + n_councils)), dtype=np.int64)
    for act, i in np.ndindex(*of.shape):
        decides_for[act, of[act, i]] |= 1 << i
    return Deciders(
        alone,
        n_free + np.arange(n_councils),
        np.ascontiguousarray(of),
        decides_for,
        np.array([_whole_vectors(int(last) + 1) for last in of.max(axis=1)]),
    )


def _whole_vectors(size: int) -> int:
    return -(-size // LANES) * LANES
