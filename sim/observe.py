"""What states see of one another on a day, and what of it bears on the economy.

Loops over arrays that every driver shares, so that sums are added in one order and equal draws
give equal decisions. Axis order `(senders, acts, waves)`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiled import kernel
from sim.rules.consult import known, told
from sim.rules.divert import covered_after
from sim.rules.terms import recency

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
BOTH_WAYS = 2  # the channels of exports to and of imports from the target come first


@kernel
def levels(announced: Ints) -> Ints:
    """Return how many waves of each act each sender has announced, (n_senders, n_acts)."""
    n_senders, n_acts, n_waves = announced.shape
    level = np.zeros((n_senders, n_acts), dtype=np.int64)
    for i in range(n_senders):
        for act in range(n_acts):
            for wave in range(n_waves):
                if announced[i, act, wave] >= 0:
                    level[i, act] += 1
    return level


@kernel
def peers(
    announced: Ints,
    day: int,
    delay: int,
    met: Ints,
    memory: float,
    ties: Floats,
    ties_outside: Floats,
    council_of: Ints,
    lead_share: Floats,
    fellows: Flags,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what each sender knows of those who are ahead of it in the waves of each act.

    Parameters
    ----------
    announced : (n_senders, n_acts, n_waves) int64
        Day of each wave, negative for none.
    day, delay : int
        Today, and the delay of information in days.
    met : (n_senders, n_senders) int64
        Day on which two senders last met, negative for never: they tell each other all.
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
    n_senders, n_acts, _ = announced.shape
    peer = np.zeros((n_senders, n_acts))
    recent = np.zeros((n_senders, n_acts))
    lead = np.zeros((n_senders, n_acts))
    bloc = np.zeros((n_senders, n_acts))
    level = levels(announced)
    seen, pull = np.zeros(n_senders, dtype=np.int64), np.zeros(n_senders)
    for act in range(n_acts):
        peers_of_act(
            act,
            announced,
            level[:, act],
            day,
            delay,
            met,
            memory,
            ties,
            ties_outside,
            council_of,
            lead_share,
            fellows,
            seen,
            pull,
            peer,
            recent,
            lead,
            bloc,
        )
    return peer, recent, lead, bloc


@kernel
def peers_of_act(
    act: int,
    announced: Ints,
    level: Ints,
    day: int,
    delay: int,
    met: Ints,
    memory: float,
    ties: Floats,
    ties_outside: Floats,
    council_of: Ints,
    lead_share: Floats,
    fellows: Flags,
    seen: Ints,
    pull: Floats,
    peer: Floats,
    recent: Floats,
    lead: Floats,
    bloc: Floats,
) -> None:
    """Write the columns of one act into the results of `peers`.

    Parameters
    ----------
    level : (n_senders,) int64
        Waves of the act that each sender has announced.
    seen, pull : (n_senders,)
        Room to work in.
    """
    n_senders = announced.shape[0]
    for i in range(n_senders):
        if i == 0 or delay > 0:  # without a delay all know the same
            _look(i, act, announced, day, delay, met, memory, seen, pull)
        peer[i, act] = recent[i, act] = lead[i, act] = bloc[i, act] = 0.0
        anybody = False
        for j in range(n_senders):
            if seen[j] > level[i]:
                anybody = True
                tie = ties[i, j] if council_of[i, act] < 0 else ties_outside[i, j]
                peer[i, act] += tie
                recent[i, act] += tie * pull[j]
                lead[i, act] += lead_share[j]
        if anybody:
            bloc[i, act] = _bloc_share(fellows, seen, level[i], council_of[:, act], i)


@kernel
def _look(
    i: int,
    act: int,
    announced: Ints,
    day: int,
    delay: int,
    met: Ints,
    memory: float,
    seen: Ints,
    pull: Floats,
) -> None:
    """Write how many waves of an act by each other a sender knows of, and the last one's pull."""
    for j in range(announced.shape[0]):
        seen[j], last = 0, -1
        for wave in range(announced.shape[2]):
            acted = announced[j, act, wave]
            if acted < 0:
                break  # waves come one after the other
            if known(acted, day, delay) or told(acted, met[i, j]):
                seen[j] += 1
                last = max(last, acted)
        pull[j] = recency(max(day - last - 1 - delay, 0), memory) if seen[j] > 0 else 0.0


@kernel
def _bloc_share(fellows: Flags, seen: Ints, level: int, council_of: Ints, i: int) -> float:
    """Return the largest share of an institution's members that are ahead of a fellow member.

    Those who decide with it in a council do not count: they cannot move without it.
    """
    largest = 0.0
    for institution in range(fellows.shape[0]):
        if not fellows[institution, i]:
            continue
        acted, others = 0, 0
        for j in range(seen.size):
            together = council_of[i] >= 0 and council_of[j] == council_of[i]
            if fellows[institution, j] and j != i and not together:
                others += 1
                acted += seen[j] > level
        if others > 0:
            largest = max(largest, acted / others)
    return largest


@kernel
def signals(announced: Ints, day: int, signal: Floats, aimed_at: Ints, own: Floats) -> None:
    """Write the summed signals of each sender's acts against each target that the target knows of.

    Parameters
    ----------
    announced : (n_senders, n_acts, n_waves) int64
    day : int
    signal : (n_acts,) float64
    aimed_at : (n_acts,) int64
        Position of the act's target among the targets.
    own : (n_targets, n_senders) float64
        Result, >= 0.
    """
    for i in range(announced.shape[0]):
        signals_of(i, announced, day, signal, aimed_at, own)


@kernel
def signals_of(
    i: int, announced: Ints, day: int, signal: Floats, aimed_at: Ints, own: Floats
) -> None:
    """Write the signals of one sender; see `signals`."""
    own[:, i] = 0.0
    for act in range(announced.shape[1]):
        if known(announced[i, act, 0], day, 0):
            own[aimed_at[act], i] += signal[act]


@kernel
def joint_signal(own: Floats, weight: Floats) -> float:
    """Return the signals of all senders together, by their weight.

    Parameters
    ----------
    own, weight : (n_senders,) float64
        One target's row of `signals`; each sender's share of the senders' GDP.
    """
    total = 0.0
    for i in range(own.size):
        total += own[i] * weight[i]
    return total


@kernel
def in_effect(effective: Ints, exempt: Flags, day: int, host: Ints, level: Ints) -> None:
    """Write how many waves of each act are in effect.

    Parameters
    ----------
    effective : (n_senders, n_acts, n_waves) int64
        Day of effect of each wave, negative for none.
    exempt : (n_senders, n_acts) bool
        A carve-out frees the sender of the act.
    day : int
    host : (n_acts,) int64
        Sender in whose jurisdiction the act must be in effect before anybody's has one;
        -1 where none is needed, -2 where the host does not act in this run.
    level : (n_senders, n_acts) int64
        Result.
    """
    for i in range(effective.shape[0]):
        in_effect_of(i, effective, exempt, day, host, level)


@kernel
def in_effect_of(i: int, effective: Ints, exempt: Flags, day: int, host: Ints, level: Ints) -> None:
    """Write the row of one sender; see `in_effect`."""
    for act in range(effective.shape[1]):
        level[i, act] = 0
        seat = host[act]
        if exempt[i, act] or seat == -2:
            continue
        for wave in range(effective.shape[2]):
            if effective[i, act, wave] < 0:
                break  # waves come one after the other
            own = effective[i, act, wave] <= day
            if own and (seat < 0 or 0 <= effective[seat, act, wave] <= day):
                level[i, act] += 1


@kernel
def covered(
    level: Ints,
    coverage: Floats,
    payments: Floats,
    aimed_at: Ints,
    answered: Flags,
    answer_coverage: Floats,
    share: Floats,
) -> None:
    """Write the share of trade that measures and answers in effect cover.

    Bans and tariffs overlap as if drawn independently. Measures on payments hit the same banks
    over and over, so of them only the widest counts.

    Parameters
    ----------
    level : (n_senders, n_acts) int64
        Waves in effect.
    coverage : (n_acts, n_waves + 1, n_channels, n_sectors) float64
        What bans and tariffs cover, by waves in effect.
    payments : (n_acts, n_waves + 1, n_sectors) float64
        Share of trade, either way, that measures on payments stop.
    aimed_at : (n_acts,) int64
    answered : (n_targets, n_answers, n_senders) bool
        Countermeasures in effect against each sender.
    answer_coverage : (n_answers, n_channels, n_sectors) float64
    share : (n_senders, n_targets, n_channels, n_sectors) float64
        Result, in [0, 1].
    """
    unpaid = np.empty((answered.shape[0], coverage.shape[3]))
    for i in range(level.shape[0]):
        cover_of(
            i, level, coverage, payments, aimed_at, answered, answer_coverage, unpaid, share[i]
        )


@kernel
def cover_of(
    i: int,
    level: Ints,
    coverage: Floats,
    payments: Floats,
    aimed_at: Ints,
    answered: Flags,
    answer_coverage: Floats,
    unpaid: Floats,
    share: Floats,
) -> None:
    """Write the share of one sender; `unpaid`, (n_targets, n_sectors), is room to work in."""
    n_targets, n_answers = answered.shape[:2]
    share[:] = 0.0
    unpaid[:] = 0.0
    for act in range(level.shape[1]):
        if level[i, act] > 0:
            t, stopped = aimed_at[act], payments[act, level[i, act]]
            _cover(share[t], coverage[act, level[i, act]])
            if _is_any(stopped):
                for j in range(stopped.size):
                    unpaid[t, j] = max(unpaid[t, j], stopped[j])
    for t in range(n_targets):
        for channel in range(BOTH_WAYS):
            for j in range(unpaid.shape[1]):
                share[t, channel, j] = covered_after(share[t, channel, j], unpaid[t, j])
        for answer in range(n_answers):
            if answered[t, answer, i]:
                _cover(share[t], answer_coverage[answer])


@kernel
def _cover(share: Floats, coverage: Floats) -> None:
    for channel in range(share.shape[0]):
        if _is_any(coverage[channel]):
            for j in range(share.shape[1]):
                share[channel, j] = covered_after(share[channel, j], coverage[channel, j])


@kernel
def _is_any(coverage: Floats) -> bool:
    n_covered = 0
    for j in range(coverage.size):
        n_covered += coverage[j] > 0.0
    return n_covered > 0


@kernel
def strength(level: Ints, waves: Ints, weight: Floats) -> float:
    """Return the coalition's strength: each sender's share of the menu in effect, by GDP share.

    Parameters
    ----------
    level : (n_senders, n_acts) int64
        Waves in effect.
    waves : (n_acts,) int64
        Waves of each act, >= 1.
    weight : (n_senders,) float64
        Sums to 1.
    """
    total = 0.0
    for i in range(level.shape[0]):
        total += weight[i] * breadth(level[i], waves)
    return total


@kernel
def breadth(level: Ints, waves: Ints) -> float:
    """Return the share of the menu that one sender has in effect, in [0, 1]."""
    total = 0.0
    for act in range(level.size):
        total += level[act] / waves[act]
    return total / max(level.size, 1)
