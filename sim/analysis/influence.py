"""Who moved whom: who was ahead when another acted, weighed by their tie and by how soon."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.arrays import Floats
from sim.setting import Setting


def influence(first_day: Floats, ties: Floats, memory_days: float) -> Floats:
    """Return how much of each sender's acts every other sender may have had a part in.

    An act of i counts for each j that took the same act on an earlier day: the tie of i to j,
    times exp(-days / memory), where days run from the morrow of j's act to i's own. So an act
    counts 1 in all if every sender that i is tied to acted on the eve, and 0 if nobody was ahead.

    Being ahead is not causing. The war, a meeting or a common reason moves two senders one after
    the other as well; who would have acted anyhow is counted as moved, and who was moved by words
    or by what had not yet been done is not. What a lead does, runs with and without it show.

    Parameters
    ----------
    first_day : (n_senders, n_acts) float
        Day of the first announcement, nan for never.
    ties : (n_senders, n_senders) float
        Pull of j on i, as `sim.setting.alliance.Alliance.ties`: rows sum to 1 or are zero.
    memory_days : float
        Days after which an act counts 1/e, > 0.

    Returns
    -------
    (n_senders, n_senders) float
        `influence[j, i]`, in acts, of j on i; zero on the diagonal.
    """
    gap = first_day[None, :, :] - first_day[:, None, :]  # i's day less j's
    ahead = gap > 0.0  # false where one of both never acted
    fading = np.where(ahead, np.exp(-np.where(ahead, gap - 1.0, 0.0) / memory_days), 0.0)
    return np.asarray(ties.T * fading.sum(axis=2))


def influence_in(setting: Setting, events: pd.DataFrame) -> Floats:
    """Return the influence among the senders of a run, (n_senders, n_senders).

    Parameters
    ----------
    events : DataFrame
        Columns `sim.engine.tables.EVENT_COLUMNS`.
    """
    days = first_days(setting, events)
    return influence(days, setting.alliance.ties, setting.config.rule.memory_days)


def first_days(setting: Setting, events: pd.DataFrame) -> Floats:
    """Return the day of each sender's first announcement of each act, nan for never.

    What a council announces counts for each of its members, on that day.
    """
    senders = {code: [n] for n, code in enumerate(setting.sender_codes)}
    bodies = {c.institution.code: c.members.tolist() for c in setting.councils}
    acts = {(act.measure.code, act.target): n for n, act in enumerate(setting.acts)}
    days = np.full((len(setting.sender_codes), len(setting.acts)), np.nan)
    rows = events[events["kind"].isin(["measure", "council"])]
    columns = (rows[name] for name in ("actor", "instrument", "target", "day"))
    for actor, instrument, target, day in zip(*columns, strict=True):
        act = acts[instrument, target]
        for sender in (senders | bodies)[actor]:
            days[sender, act] = np.fmin(days[sender, act], day)
    return days


def pooled(influence: Floats, groups: Sequence[Sequence[int]]) -> Floats:
    """Return influence among groups of senders, `pooled[g, h]` of g on h; none within a group.

    A group pulls as all its members together, and is pulled as its members on average.

    Parameters
    ----------
    influence : (n_senders, n_senders) float
    groups : sequence of sequences of int
        Positions of their members.
    """
    between = np.array(
        [[influence[np.ix_(list(g), list(h))].sum(axis=0).mean() for h in groups] for g in groups]
    ).reshape(len(groups), len(groups))
    np.fill_diagonal(between, 0.0)
    return between
