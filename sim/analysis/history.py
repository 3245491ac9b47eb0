"""The person-period table: who was at risk of what on which day, what it weighed, what it did.

Rows are `(actor, act, period)`. Sorted by act, actor and day.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.record import Record, read_record
from sim.analysis.replay import Decision, Replay
from sim.config import Config
from sim.rules import clock
from sim.rules.clock import DAYS_PER_WEEK
from sim.rules.terms import Terms
from sim.setting import Setting, prepare
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd

UNITS = ("day", "week")
KEYS = ("actor", "body", "instrument", "target")


@dataclass(frozen=True, slots=True)
class History:
    """The record of a timeline, the setting it is read in, and its person-period table.

    Attributes
    ----------
    table : DataFrame
        `person_periods`.
    silent : tuple of str
        Senders on whom the timeline is silent, who look on.
    """

    setting: Setting
    record: Record
    table: pd.DataFrame
    silent: tuple[str, ...]


def history_of(
    world: World,
    config: Config,
    timeline: Path,
    unit: str = "day",
    recalled: bool = True,
) -> History:
    """Return the history that a timeline tells.

    Parameters
    ----------
    world : World
    config : Config
        Its rule's `memory_days` and its coordination levers shape the covariates.
    timeline : Path
    unit : {'day', 'week'}
    recalled : bool
        Whether acts whose date rests on memory are scored; they are seen by others in any case.

    Raises
    ------
    InputError
        Whatever `read_record` and `prepare` refuse.
    """
    setting, silent = observed_setting(world, config, timeline)
    record = read_record(timeline, setting)
    table = person_periods(replayed(setting, record), setting, record, unit, recalled)
    return History(setting, record, table, silent)


def observed_setting(
    world: World, config: Config, timeline: Path
) -> tuple[Setting, tuple[str, ...]]:
    """Return a setting in which the senders that the timeline is silent on look on, and who.

    Not being in the record is not the same as not acting: what such a sender did is unknown, so
    it counts neither as a peer nor among those at risk.
    """
    setting = prepare(world, config)
    heard = set(read_record(timeline, setting).actors)
    for council in setting.councils:
        if council.institution.code in heard:
            heard |= {setting.sender_codes[seat] for seat in council.members}
    silent = tuple(code for code in setting.sender_codes if code not in heard)
    if not silent:
        return setting, silent
    watched = copy.deepcopy(config)
    watched.scenario.without = [*config.scenario.without, *silent]
    return prepare(world, watched), silent


def replayed(setting: Setting, record: Record) -> list[Decision]:
    """Return every decision up to the last day of the record, taken as the record says."""
    model = Replay(setting, record)
    while model.day < record.last_day:
        model.step()
    return [decision for decision in model.decisions if decision.day <= record.last_day]


def person_periods(
    decisions: Sequence[Decision],
    setting: Setting,
    record: Record | None = None,
    unit: str = "day",
    recalled: bool = True,
) -> pd.DataFrame:
    """Return the person-period table of first adoptions.

    Parameters
    ----------
    decisions : sequence of Decision
    setting : Setting
    record : Record, optional
        At risk is who it names or who belongs to a union it names, of every act that it names;
        without a record everybody, of every act.
    unit : {'day', 'week'}
        A week takes the covariates of its first day at risk and as many days as it was at risk.
    recalled : bool
        False leaves out who adopted an act on a day that rests on memory, for that act.

    Returns
    -------
    DataFrame
        actor, body (the actor, or the union it belongs to), instrument, target, day, days (length
        of the period), event (0 or 1), weight (1; for the member of a union its share of the
        population, so that a union counts once), recalled (the date of the actor's act rests on
        memory), one column for each of `Terms`, and weekend (1 for a day of one).
    """
    import pandas as pd

    risk = _AtRisk.of(setting, record)
    rows = []
    for decision in decisions:
        aim = setting.acts[decision.act]
        act = (aim.target, aim.measure.code)
        body = risk.body.get(decision.actor, decision.actor)
        if decision.wave > 0 or not risk.holds(decision.actor, body, act):
            continue
        from_memory = risk.is_recalled(decision.actor, body, act)
        if recalled or not from_memory:
            facts = (decision.actor, body, *reversed(act), decision.day, 1, int(decision.adopted))
            weight = risk.weight.get(decision.actor, 1.0)
            rows.append((*facts, weight, from_memory, *decision.terms))
    columns = [*KEYS, "day", "days", "event", "weight", "recalled", *Terms._fields]
    table = pd.DataFrame(rows, columns=columns)
    first = setting.start.weekday()
    table["weekend"] = [clock.weekend(day, first) for day in table["day"].tolist()]
    if unit == "week":
        table = _by_week(table)
    return table.sort_values(["target", "instrument", "actor", "day"]).reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class _AtRisk:
    """Who a record lets be at risk of what, and what each counts."""

    record: Record | None
    recalled: frozenset[tuple[str, str, str]]
    weight: dict[str, float]
    body: dict[str, str]

    @classmethod
    def of(cls, setting: Setting, record: Record | None) -> _AtRisk:
        if record is None:
            return cls(None, frozenset(), {}, {})
        weight, body = dict.fromkeys(record.actors, 1.0), {}
        for council in setting.councils:
            if council.institution.code in weight:
                for seat, share in zip(council.members, council.voice, strict=True):
                    member = setting.sender_codes[seat]
                    weight.setdefault(member, float(share))
                    body[member] = council.institution.code
        recalled = frozenset(row[:3] for row in record.dated if row.recalled)
        return cls(record, recalled, weight, body)

    def holds(self, actor: str, body: str, act: tuple[str, str]) -> bool:
        if self.record is None:
            return True
        named = act[::-1] in self.record.acts and actor in self.weight
        return named and not {(actor, *act), (body, *act)} & self.record.without_day

    def is_recalled(self, actor: str, body: str, act: tuple[str, str]) -> bool:
        return bool({(actor, *act), (body, *act)} & self.recalled)


def _by_week(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table in weeks: the exact grouping if covariates stood still within them.

    The weekend is the share of days at risk that fall on one; what is shared is shared by a week.
    """
    week = (table["day"] // DAYS_PER_WEEK).rename("week")
    table = table.assign(day=(week * DAYS_PER_WEEK).astype(np.int64))
    how = dict.fromkeys((*Terms._fields, "day", "weight", "recalled"), "first")
    how |= {"days": "sum", "event": "max", "weekend": "mean"}
    grouped = table.groupby([*KEYS, week], sort=False).agg(how).reset_index()
    return grouped[list(table.columns)]


def counted(table: pd.DataFrame) -> float:
    """Return the number of adoptions, a union's counted once."""
    return float(np.dot(table["event"], table["weight"]))
