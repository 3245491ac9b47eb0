"""Who counts as a peer of whom in an act, transposed so that all who look on are gone through."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.setting import Setting


class Peers(NamedTuple):
    """Peers by act. Acts on which the same councils decide for the same senders are of one kind."""

    kind: Ints  # (n_acts,)
    tie: Floats  # (n_kinds, n_senders, n_senders) pull of the first sender on the second
    # (n_kinds, n_memberships, n_senders) By membership: 1 for each fellow member who looks on and
    # can move without it, else 0.
    fellow: Floats
    n_fellows: Floats  # (n_kinds, n_institutions, n_senders) how many fellows each has, at least 1
    first: Ints  # (n_senders + 1,) memberships of sender j begin at entry j
    institution: Ints  # (n_memberships,)


def peers_of(setting: Setting) -> Peers:
    """Return the peers of a setting.

    For an act on which its council decides, a sender looks at those outside the union only: its
    fellow members cannot move without it.
    """
    alliance, council_of = setting.alliance, setting.menu.council_of
    kinds, kind = np.unique(council_of, axis=1, return_inverse=True)
    tie, fellow = [], []
    for council in kinds.T:
        inside = (council >= 0)[:, None]
        tie.append(np.where(inside, alliance.ties_outside, alliance.ties).T)
        together = inside & (council[:, None] == council[None, :])
        other = ~together & ~np.eye(council.size, dtype=bool)
        members = alliance.fellows[:, :, None] & alliance.fellows[:, None, :]
        fellow.append((members & other.T[None]).astype(np.float64))
    fellows = np.array(fellow).reshape(kinds.shape[1], *alliance.fellows.shape, -1)
    member, institution = np.nonzero(alliance.fellows.T)
    return Peers(
        kind.ravel().astype(np.int64),
        np.ascontiguousarray(tie),
        np.ascontiguousarray(fellows[:, institution, member]),
        np.maximum(fellows.sum(axis=2), 1.0),
        np.searchsorted(member, np.arange(tie[0].shape[0] + 1)).astype(np.int64),
        institution.astype(np.int64),
    )
