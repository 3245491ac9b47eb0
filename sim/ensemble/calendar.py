"""What is known beforehand of the days of a run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules import consult, terms
from sim.setting import Setting

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Calendar(NamedTuple):
    """What is known of the days of a run.

    Attributes
    ----------
    turns : (n_days,) the war is graver than the day before, or a target's part in it larger
    first_meeting : (n_days + 1,), meetings : (n_meetings,)
        Forums that meet, day after day; those of day d begin at the first's entry d.
    seats : (n_forums,) who takes part: bit i is sender i
    imposes : (n_days,) the scenario imposes an act
    fade : (n_days,) what is left of the pull of an act after so many days
    """

    turns: Flags
    first_meeting: Ints
    meetings: Ints
    seats: Ints
    imposes: Flags
    fade: Floats


def calendar_of(setting: Setting) -> Calendar:
    """Return the calendar of a setting."""
    war, alliance = setting.war, setting.alliance
    days = np.arange(setting.n_days)
    course = np.vstack([war.severity, war.involvement])
    turns = np.ones(days.size, dtype=np.bool_)
    turns[1:] = (course[:, 1:] != course[:, :-1]).any(axis=0)
    forums = list(zip(alliance.forum_first, alliance.forum_interval, strict=True))
    meetings = [
        [number for number, forum in enumerate(forums) if consult.meets(day, *forum)]
        for day in days.tolist()
    ]
    first_meeting = np.cumsum([0, *map(len, meetings)])
    imposes = np.zeros(days.size, dtype=np.bool_)
    imposes[[day for day, _ in setting.imposed_acts]] = True
    memory = setting.config.rule.memory_days
    fade = np.array([terms.recency(float(day), memory) for day in days])
    return Calendar(
        turns,
        first_meeting,
        np.array([number for forums in meetings for number in forums], dtype=np.int64),
        alliance.forum @ (1 << np.arange(alliance.forum.shape[1], dtype=np.int64)),
        imposes,
        fade,
    )
