"""The calendar of a run: who meets whom on which day, as the record has it or levers make it."""

import math
from datetime import date
from typing import NamedTuple

import numpy as np

from sim.arrays import Flags, Ints
from sim.config import Config, Coordination
from sim.errors import InputError
from sim.world import World
from sim.world.catalogue import BILATERAL, Meeting

FEWEST = 3  # meetings after which a forum goes on meeting at the mean of their intervals
TABLE = 3  # senders at a table whose text binds


class Meetings(NamedTuple):
    """Who meets on which day. Meetings come by day."""

    day: Ints  # (n_meetings,)
    seats: Flags  # (n_meetings, n_senders) who takes part
    lately: Flags  # (n_days, n_senders) has met others today or yesterday
    # (n_days, n_senders) meets today at a table of leaders or ministers of three or more
    at_table: Flags


class _Session(NamedTuple):
    """A meeting as planned: from day `first` on, on `length` days."""

    first: int
    length: int
    members: frozenset[str]
    binds: bool


class _Plan(NamedTuple):
    """The sessions of a forum or pair, by day, and the days between those that follow."""

    sessions: list[_Session]
    interval: float


def meetings_of(
    world: World,
    config: Config,
    codes: tuple[str, ...],
    first_meeting: int,
    start: date,
    n_days: int,
) -> Meetings:
    """Return the calendar of the senders under the coordination levers.

    Parameters
    ----------
    codes : tuple of str
        The senders.
    first_meeting : int
        Day on which institutions whose meetings the world does not date first meet.

    Raises
    ------
    InputError
        A forum that the world lacks.
    """
    scale = config.coordination.meeting_spacing
    sessions = [
        session
        for plan in _plans(world, config.coordination, first_meeting, start)
        for session in _sessions(plan, scale, n_days)
    ]
    rows = sorted(
        (day, tuple(code in session.members for code in codes), session.binds)
        for session in sessions
        for day in range(max(session.first, -1), min(session.first + session.length, n_days))
    )
    rows = [row for row in rows if sum(row[1]) > 1]
    at_table = np.zeros((n_days, len(codes)), dtype=np.bool_)
    met = np.zeros((n_days + 1, len(codes)), dtype=np.bool_)  # from the day before the first
    for day, present, binds in rows:
        met[day + 1] |= present
        if binds and sum(present) >= TABLE and day >= 0:
            at_table[day] |= present
    within = [row for row in rows if row[0] >= 0]
    return Meetings(
        day=np.array([row[0] for row in within], dtype=np.int64),
        seats=np.array([row[1] for row in within], dtype=np.bool_).reshape(-1, len(codes)),
        lately=met[1:] | met[:-1],
        at_table=at_table,
    )


def _plans(world: World, levers: Coordination, first_meeting: int, start: date) -> list[_Plan]:
    """Return the plan of each forum or pair: its dated sessions, or the first at an interval."""
    forums = {meeting.forum for meeting in world.meetings} - {BILATERAL}
    known = sorted(forums | {i.code for i in world.institutions})
    for code in levers.forums:
        if code != "all" and code not in known:
            raise InputError.unknown("coordination.forums: forum", code, ["all", *known])
    if not levers.consultation:
        return []

    def wanted(forum: str) -> bool:
        if forum == BILATERAL:
            return levers.bilateral
        return "all" in levers.forums or forum in levers.forums

    if not world.meetings:
        return [
            _Plan([_Session(first_meeting, 1, frozenset(i.members), True)], i.interval_days)
            for i in world.institutions
            if wanted(i.code)
        ]
    dated: dict[tuple[str, frozenset[str]], list[_Session]] = {}
    for meeting in world.meetings:
        if wanted(meeting.forum):
            session = _session(meeting, start)
            pair = session.members if meeting.forum == BILATERAL else frozenset()
            dated.setdefault((meeting.forum, pair), []).append(session)
    plans = (sorted(sessions, key=lambda session: session.first) for sessions in dated.values())
    return [_Plan(sessions, _mean_interval(sessions)) for sessions in plans]


def _session(meeting: Meeting, start: date) -> _Session:
    """Return a meeting in days of the run; only leaders and ministers bind, at a forum's table."""
    binds = meeting.level == "leaders" or meeting.level.endswith("ministers")
    return _Session(
        first=(meeting.first - start).days,
        length=(meeting.last - meeting.first).days + 1,
        members=frozenset(meeting.participants),
        binds=binds and meeting.forum != BILATERAL,
    )


def _mean_interval(sessions: list[_Session]) -> float:
    """Return the days from a session to the next; inf if they are too few to go on."""
    if len(sessions) < FEWEST:
        return math.inf
    return (sessions[-1].first - sessions[0].first) / (len(sessions) - 1)


def _sessions(plan: _Plan, scale: float, n_days: int) -> list[_Session]:
    """Return the sessions thinned or thickened, and those that follow the last."""
    sessions, last = plan.sessions, plan.sessions[-1]
    places = np.arange(0.0, len(sessions) - 1 + 1e-9, scale)
    step = max(1.0, plan.interval * scale)
    further = range(1, int(max(n_days - last.first, 0) / step) + 1)
    return [
        *(_between(sessions, place) for place in places),
        *(last._replace(first=round(last.first + k * step), length=1) for k in further),
    ]


def _between(sessions: list[_Session], place: float) -> _Session:
    """Return the session at a place of the list, dated between its neighbours."""
    before = int(place + 1e-9)
    share = place - before
    if share < 1e-9:
        return sessions[before]
    gap = sessions[before + 1].first - sessions[before].first
    return sessions[before]._replace(first=sessions[before].first + round(share * gap))
