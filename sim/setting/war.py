"""The course of the war as every run of a setting sees it: dated events, worked out by day."""

import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.arrays import Floats, Ints
from sim.codes import MAX_RANDOM
from sim.compose import options
from sim.config import Config
from sim.csv_table import records
from sim.errors import InputError
from sim.rules import events
from sim.words import is_formula
from sim.world import World
from sim.world.catalogue import EVENT_KINDS, Event
from sim.world.world import world_folder

GRAVE = 0.5  # severity of an event that calls allies to their first meeting


class War(NamedTuple):
    """What is known on each day."""

    severity: Floats  # (n_days,) how grave the violation has become, in [0, 1]
    urgency: Floats  # (n_days,) how much its events press, >= 0
    day_severity: Floats  # (n_days,) of the events of the day alone, in [0, 1]
    involvement: Floats  # (n_targets, n_days) of each target in the violation, in [0, 1]
    rounds: Ints  # (n_days,) number of rounds of talks
    closed: Floats  # (n_days,) 1 once a border with the targets is closed, 0 before
    first_meeting: int  # day of the first event of severity 1/2 or more, on which allies first meet


def check_random_events(config: Config, n_days: int) -> None:
    """Refuse more random events of escalation than a run has room for."""
    rate = config.society.escalation
    mean = rate * n_days / 7.0
    if mean + 6.0 * math.sqrt(mean) > MAX_RANDOM:  # of a Poisson number: one in a billion is more
        raise InputError(
            f"society.escalation={rate:g} makes about {mean:,.0f} random events in {n_days:,} "
            f"days; a run has room for {MAX_RANDOM}: take a lower rate or a shorter scenario"
        )


def dated_events(world: World, config: Config) -> tuple[Event, ...]:
    """Return the events of the world and of the scenario, by date.

    Raises
    ------
    InputError
        A scenario's event outside the run, of an unknown kind, or of a state the world lacks; a
        run on whose days none of the world's events falls, with no event of its own.
    """
    scenario = config.scenario
    own = [
        _scenario_event(world, config, f"scenario.events[{position}]", event)
        for position, event in enumerate(scenario.events)
    ]
    shared = world.events if scenario.world_events else ()
    if shared and not own:
        _check_overlap(shared, config)
    return tuple(sorted((*shared, *own), key=lambda event: event.date))


def _scenario_event(world: World, config: Config, key: str, event: dict[str, Any]) -> Event:
    kind, state = str(event.get("kind", "trigger")), str(event.get("state", ""))
    if kind not in EVENT_KINDS:
        raise InputError.unknown(f"{key}.kind", kind, EVENT_KINDS)
    if kind in ("involvement", "closure") and not state:
        raise InputError(f"{key} is an {kind} of a state; name it, as in state: BLR")
    if state:
        world.index(state)
    when = date.fromisoformat(str(event["date"]))
    check_within(f"{key}.date", when, config)
    label = str(event.get("label", "event of the scenario"))
    if is_formula(label):
        raise InputError(f"{key}.label must not begin as a spreadsheet's formula; found {label!r}")
    return Event(when, kind, float(event.get("severity", 0.0)), label, state)


def _check_overlap(shared: tuple[Event, ...], config: Config) -> None:
    """Refuse a run in another time than that of its world's events: nobody would act in it."""
    start, last = _span(config)
    dates = [event.date for event in shared]
    first, end = min(dates), max(dates)
    if start <= end and first <= last:
        return
    fitting = [
        f"world={name}"
        for name in options("world")
        if any(start <= d <= last for d in _dates(name))
    ]
    raise InputError(
        f"scenario '{config.scenario.name}' runs from {start} to {last}, but the events of world "
        f"'{Path(config.world.folder).name}' are from {first} to {end}: none falls into it; "
        f"write {' or '.join([*fitting, f'scenario.start={first}'])}, or give it events of its own "
        "(scenario.events)"
    )


def _dates(name: str) -> list[date]:
    """Return the dates of the events of a shipped world."""
    return [date.fromisoformat(row["date"]) for row in records(world_folder(name) / "events.csv")]


def _span(config: Config) -> tuple[date, date]:
    """Return the first and the last day of a run."""
    start = date.fromisoformat(config.scenario.start)
    n_days = config.scenario.steps * config.scenario.step_days
    return start, start + timedelta(days=n_days - 1)


def check_within(key: str, when: date, config: Config) -> int:
    """Return the day of the run on which a date falls.

    Raises
    ------
    InputError
        The date lies before the run's first day or after its last.
    """
    start, last = _span(config)
    if not start <= when <= last:
        raise InputError(
            f"{key} must lie within the run, {start} to {last}; found {when}; "
            "move it, or change scenario.start or scenario.steps"
        )
    return (when - start).days


def course_of_war(dated: tuple[Event, ...], config: Config, start: date, n_days: int) -> War:
    """Return the course of the war that dated events make."""
    severity, urgency, day_severity = np.zeros(n_days), np.zeros(n_days), np.zeros(n_days)
    rounds, closed = np.zeros(n_days, dtype=np.int64), np.zeros(n_days)
    days = np.arange(n_days, dtype=np.float64)
    targets = list(config.scenario.targets)
    involvement = np.repeat(
        np.array([list(config.scenario.targets.values())], dtype=np.float64).T, n_days, axis=1
    )
    for event in dated:
        day = (event.date - start).days
        if event.kind == "talks":
            if 0 <= day < n_days:
                rounds[day] += 1
        elif event.kind == "closure":
            closed[max(day, 0) :] = 1.0
        elif event.kind == "involvement":
            if event.state in targets:
                row = involvement[targets.index(event.state), max(day, 0) :]
                row[:] = events.involvement_after.py_func(row, event.severity)
        else:
            if 0 <= day < n_days:
                day_severity[day] = events.severity_after(day_severity[day], event.severity)
            later = slice(max(day, 0), n_days)
            severity[later] = events.severity_after.py_func(severity[later], event.severity)
            urgency[later] += events.urgency_of.py_func(event.severity, days[later] - day)
    grave = [e.date for e in dated if e.kind == "trigger" and e.severity >= GRAVE]
    first_meeting = max(0, (min(grave, default=start) - start).days)
    return War(severity, urgency, day_severity, involvement, rounds, closed, first_meeting)
