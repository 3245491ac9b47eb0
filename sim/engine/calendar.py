"""What is known beforehand of the days of a run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.deciders import Deciders
from sim.rules import clock, terms
from sim.setting import Setting

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Calendar(NamedTuple):
    """What is known of the days of a run.

    Attributes
    ----------
    turns : (n_days,) the war is graver than the day before, or a target's part in it larger
    weekend : (n_days,) 1 on a Saturday or Sunday, else 0
    first_meeting : (n_days + 1,) meetings of day d begin at entry d
    seats : (n_meetings, n_senders) who takes part
    lately : (n_days, n_senders) 1 if the sender has met others today or yesterday, else 0
    at_table : (n_days, n_deciders) sits at a table of leaders or ministers; a council if all do
    has_table : (n_days,) anybody does
    fade : (n_days,) what is left of the pull of an act after so many days
    """

    turns: Flags
    weekend: Floats
    first_meeting: Ints
    seats: Flags
    lately: Floats
    at_table: Flags
    has_table: Flags
    fade: Floats


def calendar_of(setting: Setting, deciders: Deciders) -> Calendar:
    """Return the calendar of a setting."""
    war, meetings = setting.war, setting.meetings
    days = np.arange(setting.n_days)
    course = np.vstack([war.severity, war.involvement])
    turns = np.ones(days.size, dtype=np.bool_)
    turns[1:] = (course[:, 1:] != course[:, :-1]).any(axis=0)
    at_table = np.zeros((days.size, deciders.decides_for.shape[1]), dtype=np.bool_)
    at_table[:, deciders.alone] = meetings.at_table
    for council, decider in zip(setting.councils, deciders.council, strict=True):
        at_table[:, decider] = meetings.at_table[:, council.members].all(axis=1)
    memory, weekday = setting.config.rule.memory_days, setting.start.weekday()
    return Calendar(
        turns,
        np.array([clock.weekend(day, weekday) for day in days]),
        np.searchsorted(meetings.day, np.arange(days.size + 1)).astype(np.int64),
        meetings.seats,
        meetings.lately.astype(np.float64),
        at_table,
        np.asarray(at_table.any(axis=1), dtype=np.bool_),
        np.array([terms.recency(float(day), memory) for day in days]),
    )
