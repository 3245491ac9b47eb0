"""What is known beforehand of the days of a run."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.draws import PER_KEY
from sim.engine.deciders import Deciders
from sim.engine.rates import Slopes
from sim.rules import clock, terms
from sim.setting import Setting


class Calendar(NamedTuple):
    """What is known of the days of a run."""

    turns: Flags  # (n_days,) the war is graver than the day before, or a target's part in it larger
    first_meeting: Ints  # (n_days + 1,) meetings of day d begin at entry d
    seats: Flags  # (n_meetings, n_senders) who takes part
    lately: Floats  # (n_days, n_senders) 1 if the sender has met others today or yesterday, else 0
    # (n_drawn, n_deciders) Sits at a table of leaders or ministers; a council if all do. The days
    # are those for which shocks are drawn, some beyond the last.
    at_table: Flags
    has_table: Flags  # (n_drawn,) anybody does
    fade: Floats  # (n_days,) what is left of the pull of an act after so many days
    shock: Floats  # (n_days,) log urgency of the dated events
    # (n_days, n_deciders) On hazards: weekend, dated events and meetings, these two as far as a
    # rule is linear.
    factor: Floats
    pace: Floats  # (n_days, n_acts) the same of dated events on early and late measures


def calendar_of(setting: Setting, deciders: Deciders, slopes: Slopes) -> Calendar:
    """Return the calendar of a setting."""
    war, meetings = setting.war, setting.meetings
    days = np.arange(setting.n_days)
    course = np.vstack([war.severity, war.involvement])
    turns = np.ones(days.size, dtype=np.bool_)
    turns[1:] = (course[:, 1:] != course[:, :-1]).any(axis=0)
    drawn = -(-days.size // PER_KEY) * PER_KEY
    at_table = np.zeros((drawn, deciders.decides_for.shape[1]), dtype=np.bool_)
    at_table[: days.size, deciders.alone] = meetings.at_table
    for council, decider in zip(setting.councils, deciders.council, strict=True):
        at_table[: days.size, decider] = meetings.at_table[:, council.members].all(axis=1)
    rule, weekday = setting.config.rule, setting.start.weekday()
    shock = np.array([terms.shock(urgency) for urgency in war.urgency])
    lately = meetings.lately.astype(np.float64)
    weekend = _weekend(days.size, weekday)
    of_sender = slopes.shock * shock[:, None] + slopes.meeting * lately
    log_factor = np.repeat(rule.weekend * weekend[:, None], at_table.shape[1], axis=1)
    log_factor[:, deciders.alone] += of_sender
    for council, decider in zip(setting.councils, deciders.council, strict=True):
        log_factor[:, decider] += of_sender[:, council.members] @ council.voice
    factor = np.exp(log_factor)
    factor[:, deciders.n :] = 0.0  # nobody
    pace = setting.menu.pace if slopes.linear else np.zeros(len(setting.acts))
    return Calendar(
        turns,
        np.searchsorted(meetings.day, np.arange(days.size + 1)).astype(np.int64),
        meetings.seats,
        lately,
        at_table,
        np.asarray(at_table.any(axis=1), dtype=np.bool_),
        _fade(days.size, rule.memory_days),
        shock,
        factor,
        np.exp(shock[:, None] * pace),
    )


@lru_cache
def _weekend(n_days: int, weekday: int) -> Floats:
    return np.array([clock.weekend(day, weekday) for day in range(n_days)])


@lru_cache
def _fade(n_days: int, memory_days: float) -> Floats:
    return np.array([terms.recency(float(day), memory_days) for day in range(n_days)])
