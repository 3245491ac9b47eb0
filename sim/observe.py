"""What senders see of one another on a day, and what of it bears on the economy.

Loops over arrays that every driver shares, so that sums are added in one order and equal draws
give equal decisions. Axis order `(senders, acts)`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiled import kernel
from sim.rules.consult import known
from sim.rules.divert import covered_after
from sim.rules.terms import recency

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@kernel
def peers(
    announced: Ints,
    day: int,
    delay: int,
    memory: float,
    ties: Floats,
    ties_outside: Floats,
    council_of: Ints,
    lead_share: Floats,
    fellows: Flags,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what each sender knows of the others' acts.

    Parameters
    ----------
    announced : (n_senders, n_acts) int64
        Day of each act, negative for none.
    day, delay : int
        Today, and the delay of information in days.
    memory : float
        Days in which the pull of an act fades to 1/e.
    ties, ties_outside : (n_senders, n_senders) float64
        Pull of j on i; the second without those who decide with i.
    council_of : (n_senders, n_acts) int64
        Council that decides for the sender, -1 for none.
    lead_share : (n_senders,) float64
        Weight among the leaders.
    fellows : (n_institutions, n_senders) bool
        Membership.

    Returns
    -------
    peer, recent, lead, bloc : (n_senders, n_acts) float64
        Covariates as in `sim.rules.terms.Terms`.
    """
    n_senders, n_acts = announced.shape
    peer = np.zeros((n_senders, n_acts))
    recent = np.zeros((n_senders, n_acts))
    lead = np.zeros((n_senders, n_acts))
    bloc = np.zeros((n_senders, n_acts))
    for j in range(n_senders):
        for act in range(n_acts):
            if not known(announced[j, act], day, delay):
                continue
            fresh = recency(day - announced[j, act] - 1 - delay, memory)
            for i in range(n_senders):
                council = council_of[i, act]
                pull = ties[i, j] if council < 0 else ties_outside[i, j]
                peer[i, act] += pull
                recent[i, act] += pull * fresh
                if i != j:
                    lead[i, act] += lead_share[j]
    for institution in range(fellows.shape[0]):
        for act in range(n_acts):
            for i in range(n_senders):
                if fellows[institution, i]:
                    share = _fellow_share(
                        fellows[institution], announced[:, act], council_of[:, act], i, day, delay
                    )
                    bloc[i, act] = max(bloc[i, act], share)
    return peer, recent, lead, bloc


@kernel
def _fellow_share(
    member: Flags,
    announced: Ints,
    council_of: Ints,
    i: int,
    day: int,
    delay: int,
) -> float:
    """Return the share of fellow members, other than those who decide with i, that have acted."""
    acted, others = 0, 0
    for j in range(member.shape[0]):
        together = council_of[i] >= 0 and council_of[j] == council_of[i]
        if member[j] and j != i and not together:
            others += 1
            if known(announced[j], day, delay):
                acted += 1
    return acted / others if others > 0 else 0.0


@kernel
def signals(
    announced: Ints,
    day: int,
    signal: Floats,
    aimed_at: Ints,
    weight: Floats,
    target: int,
) -> float:
    """Return the summed signal of the acts against a target that it knows of, >= 0.

    Parameters
    ----------
    announced : (n_senders, n_acts) int64
    day : int
    signal : (n_acts,) float64
    aimed_at : (n_acts,) int64
        Position of the act's target among the targets.
    weight : (n_senders,) float64
        The sender's share of all senders' GDP.
    target : int
    """
    total = 0.0
    for i in range(announced.shape[0]):
        for act in range(announced.shape[1]):
            if aimed_at[act] == target and known(announced[i, act], day, 0):
                total += signal[act] * weight[i]
    return total


@kernel
def covered(
    effective: Ints,
    exempt: Flags,
    day: int,
    coverage: Floats,
    aimed_at: Ints,
    n_targets: int,
) -> Floats:
    """Return the share of trade that acts in effect cover.

    Parameters
    ----------
    effective : (n_senders, n_acts) int64
        Day of effect, negative for never.
    exempt : (n_senders, n_acts) bool
        A carve-out frees the sender of the act.
    day : int
    coverage : (n_acts, 3, n_sectors) float64
    aimed_at : (n_acts,) int64
    n_targets : int

    Returns
    -------
    (n_senders, n_targets, 3, n_sectors) float64 in [0, 1]
    """
    n_senders, n_acts = effective.shape
    n_channels, n_sectors = coverage.shape[1:]
    share = np.zeros((n_senders, n_targets, n_channels, n_sectors))
    for i in range(n_senders):
        for act in range(n_acts):
            if effective[i, act] < 0 or effective[i, act] > day or exempt[i, act]:
                continue
            target = aimed_at[act]
            for channel in range(n_channels):
                for j in range(n_sectors):
                    share[i, target, channel, j] = covered_after(
                        share[i, target, channel, j], coverage[act, channel, j]
                    )
    return share
