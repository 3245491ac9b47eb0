"""A run as it is told day by day: who stands where, who pulls whom, what happens, what it costs.

All of it is worked out once, from what the finished run has recorded, so that a page can play it
forward and back without another computation.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd

from sim.analysis.influence import first_days
from sim.arrays import Floats
from sim.config import Config
from sim.engine.tables import History
from sim.report import compare
from sim.report.style import full_date
from sim.run import simulate
from sim.setting import Setting, prepare
from sim.words import DASH, amount, listed
from sim.world import World, load

CARRIES_BN = 1.0  # USD bn a year of covered trade, from which a state is shown as carrying it
ACTS = ("measure", "council")
LATER = 10_000  # days; after any run's end
_PREPARING = Lock()


class Pull(NamedTuple):
    """What a sender that was ahead weighs when another acts."""

    day: int  # on which the follower acts
    # Positions among the senders.
    ahead: int
    follower: int
    # In acts, as `sim.analysis.influence.influence` counts; over a run they sum to it.
    weight: float


class Reading(NamedTuple):
    """One number over the steps of a run, as it is read."""

    column: str  # of the table of steps
    label: str
    unit: str
    values: tuple[str, ...]  # one for each step


@dataclass(frozen=True)
class Story:
    """A finished run, and what is told of it."""

    history: History
    opening: int  # the day with which a page opens: the last that run and record share
    stances: dict[str, list[tuple[int, str]]]  # of every state: from which day it stands where
    # Days on which each sender took its measures against the main target, in order.
    taken: dict[str, list[int]]
    n_measures: int  # that there are against it
    pulls: list[Pull]
    # Of every sender: from which day up to which it holds a council's measure up.
    objections: dict[str, list[tuple[int, int]]]
    happenings: dict[int, list[str]]  # by day
    readings: tuple[Reading, ...]

    @property
    def setting(self) -> Setting:
        """The setting of the run."""
        return self.history.setting

    @property
    def comparison(self) -> compare.Comparison:
        """The run beside the record."""
        return compare.compare(self.setting, self.history.events)


def setting_of(config: Config) -> Setting:
    """Return the setting of a configuration; one at a time, as they share what they remember."""
    with _PREPARING:
        return prepare(world_of(config.world.folder), config)


@lru_cache(maxsize=4)
def world_of(folder: str) -> World:
    """Return a world, read once."""
    return load(folder)


def story_of(config: Config) -> Story:
    """Return the run that a configuration names, and what is told of it; errors as of `prepare`."""
    return told(simulate(setting_of(config)))


def told(history: History) -> Story:
    """Return what is told of a finished run."""
    setting, events = history.setting, history.events
    days = first_days(setting, events)
    target = setting.main_target
    ours = [n for n, act in enumerate(setting.acts) if act.target == target]
    return Story(
        history=history,
        opening=(compare.horizon(setting) - setting.start).days,
        stances=stances(setting, events, history.states),
        taken={
            code: sorted(int(day) for day in days[n, ours] if day >= 0)
            for n, code in enumerate(setting.sender_codes)
        },
        n_measures=len(ours),
        pulls=pulls(days, setting.alliance.ties, setting.config.rule.memory_days),
        objections=objections(events, setting.n_days),
        happenings=happenings(setting, events),
        readings=readings(setting, history.steps),
    )


def lead(setting: Setting) -> str:
    """Return in two sentences what a run is about."""
    targets = listed(setting.name_of(t) for t in setting.config.scenario.targets)
    first, last = (full_date(setting.date_of(day)) for day in (0, setting.n_days - 1))
    return (
        f"{len(setting.senders)} senders decide day by day, alone or in councils, which of "
        f"{len(setting.acts)} measures to take against {targets}, from {first} to {last}. Press "
        "Play, choose a state to read why it did or did not act, move a lever to see what differs."
    )


def pulls(first_day: Floats, ties: Floats, memory_days: float) -> list[Pull]:
    """Return what those who were ahead weigh on each day on which another acts, by day.

    Parameters
    ----------
    first_day, ties, memory_days
        As of `sim.analysis.influence.influence`, of which this is the course over time.
    """
    gap = first_day[None, :, :] - first_day[:, None, :]  # (ahead, follower, act)
    found: dict[tuple[int, int, int], float] = defaultdict(float)
    for j, i, act in np.argwhere(gap > 0.0).tolist():
        weight = ties[i, j] * np.exp(-(gap[j, i, act] - 1.0) / memory_days)
        if weight > 0.0:
            found[int(first_day[i, act]), j, i] += float(weight)
    return [Pull(*key, weight) for key, weight in sorted(found.items())]


STANDING = {"sender": "waits", "target": "target", "defender": "attacked"}  # at first, by role


def stances(
    setting: Setting, events: pd.DataFrame, states: pd.DataFrame
) -> dict[str, list[tuple[int, str]]]:
    """Return from which day every state stands where.

    A sender waits, then it speaks (an act that is words), then it acts (one that is more). A third
    state looks on until it condemns; it carries once covered trade of `CARRIES_BN` goes through it.
    Targets, those who are attacked and those who take no part stand where they stand.
    """
    world = setting.world
    roles = zip(world.states, setting.roles, strict=True)
    found = {code: [(-1, STANDING.get(role, "looks_on"))] for code, role in roles}
    days = first_days(setting, events)
    for n, code in enumerate(setting.sender_codes):
        said, done = (_first(days[n, part]) for part in (..., setting.menu.beyond_words))
        found[code] += [(said, "speaks")] if said < done else []
        found[code] += [(done, "acts")] if done < LATER else []
    rows = events[events["kind"] == "stance"]
    for code, day in zip(rows["actor"], rows["day"], strict=True):
        if found[code][0][1] == "looks_on":
            found[code].append((int(day), "condemns"))
    carried = states[states["diverted_bn"] >= CARRIES_BN].groupby("state")["day"].min()
    for state, day in carried.items():
        if found[str(state)][0][1] == "looks_on":
            found[str(state)].append((int(day), "carries"))
    return {code: sorted(entries) for code, entries in found.items()}


def _first(days: Floats) -> int:
    known = days[~np.isnan(days)]
    return int(known.min()) if known.size else LATER


def objections(events: pd.DataFrame, n_days: int) -> dict[str, list[tuple[int, int]]]:
    """Return from which day up to which each sender holds a measure of a council up.

    From the vote that its objection blocked, until the council passes the measure or the run ends.

    Parameters
    ----------
    events : DataFrame
        Columns `sim.engine.tables.EVENT_COLUMNS`.
    n_days : int
        Of the run.
    """
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    about = ["actor", "instrument", "target"]
    for _, rows in events[events["kind"].isin(["blocked", "council"])].groupby(about):
        passed = rows.loc[rows["kind"] == "council", "day"]
        blocked = rows[rows["kind"] == "blocked"]
        for day, objectors in zip(blocked["day"].tolist(), blocked["detail"], strict=True):
            until = min((n for n in passed.tolist() if n > day), default=n_days)
            for code in str(objectors).split():
                found[code].append((day, until))
    return dict(found)


READINGS = (
    ("measures_announced", "Measures that stand", "", 0, 1.0),
    ("coalition_size", "Senders that act", "", 0, 1.0),
    ("loss", "Loss of {}", "% of GDP", 2, 1.0),
    ("mean_sender_loss", "Loss of the senders", "% of GDP", 2, 1.0),
    ("leak", "Trade that leaks", "%", 0, 100.0),
    ("mean_support", "Support at home", "%", 0, 100.0),
)


def readings(setting: Setting, steps: pd.DataFrame) -> tuple[Reading, ...]:
    """Return the numbers that a page shows of each step; of the targets' those of the main one."""
    target = setting.main_target
    found = []
    for name, label, unit, digits, times in READINGS:
        column = name if name in steps else f"{name}_{target}"
        said = label.format(setting.name_of(target))
        values = tuple(amount(float(times * value), digits) for value in steps[column])
        found.append(Reading(column, said, unit, values))
    return tuple(found)


ORDER = ("event", "escalation", "talks", "settlement", "blocked", "council", "measure")
BY_ACTOR = ("listed", "countermeasure")  # one actor's acts against several stand on one line


def happenings(setting: Setting, events: pd.DataFrame) -> dict[int, list[str]]:
    """Return in words what happens on each day, acts of several on one line, the war's first."""
    found: dict[int, list[str]] = defaultdict(list)
    rank = {kind: n for n, kind in enumerate(ORDER)}
    one = events["target"].where(~events["kind"].isin(BY_ACTOR), events["actor"])
    order = events["kind"].map(rank).fillna(len(rank))
    rows = events.assign(one=one, rank=order).sort_values(["day", "rank"], kind="stable")
    for key, part in rows.groupby(["day", "kind", "instrument", "one"], sort=False):
        day, kind, what, _ = cast(tuple[int, str, str, str], key)
        who, whom = (
            listed(setting.name_of(code) for code in dict.fromkeys(part[column]) if code)
            for column in ("actor", "target")
        )
        found[int(day)] += _said(setting, kind, what, whom, who, list(part["detail"]))
    return dict(found)


def _said(
    setting: Setting, kind: str, what: str, whom: str, who: str, details: list[Any]
) -> Iterator[str]:
    """Yield the lines on acts of one kind on one day."""
    label = setting.world.labels.get(what, what.replace("_", " "))
    if kind in ("event", "talks", "escalation"):
        yield from (f"{detail}." for detail in dict.fromkeys(details) if detail)
    elif kind in ACTS:
        yield f"{label} against {whom}: {who}."
    elif kind == "blocked":
        codes = dict.fromkeys(code for detail in details for code in str(detail).split())
        names = listed(setting.name_of(code) for code in codes)
        yield f"{who} blocks: {label} against {whom}; objecting: {names}."
    elif kind == "withdrawal":
        yield f"Given up: {label} against {whom}: {who}."
    elif kind == "countermeasure":
        yield f"{who} answers: {label}{f' ({whom})' if whom else ''}."
    else:
        yield f"{who}: {KINDS.get(kind, kind.replace('_', ' '))}{f' {whom}' if whom else ''}."


KINDS = {
    "stance": "condemns the violation by",
    "cooperation": "deepens defence cooperation with",
    "protest": "protests against",
    "listed": "puts on its list of unfriendly states",
    "refusal": "refuses to pay for gas in rubles to",
    "carve_out": "agrees on a carve-out, for a measure against",
    "settlement": "settle the war",
}


def payload(story: Story) -> dict[str, Any]:
    """Return what a page needs to play a run, as plain data."""
    setting = story.setting
    codes = setting.sender_codes
    step_days = setting.config.scenario.step_days
    return {
        "days": setting.n_days,
        "stepDays": step_days,
        "opening": story.opening,
        "dates": [full_date(setting.date_of(day)) for day in range(setting.n_days)],
        "stances": story.stances,
        "taken": story.taken,
        "objections": story.objections,
        "measures": story.n_measures,
        "pulls": [(p.day, codes[p.ahead], codes[p.follower], round(p.weight, 3))
                  for p in story.pulls],
        "happenings": story.happenings,
        "readings": [r._asdict() for r in story.readings],
        "nothing": DASH,
    }  # fmt: skip
