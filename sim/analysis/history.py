"""The person-period table: who was at risk of what on which day, what it weighed, what it did.

Rows are `(actor, act, day)`. Sorted by act, actor and day.
"""

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.record import Record, laid_over, read_record
from sim.analysis.replay import Decision, replayed
from sim.arrays import Floats
from sim.config import Config
from sim.errors import InputError
from sim.rules import clock
from sim.rules.terms import Terms
from sim.setting import Setting, prepare
from sim.world import World

KEYS = ("actor", "body", "instrument", "target")
COLUMNS = (*KEYS, "day", "event", "weight", "recalled", "table", *Terms._fields)


@dataclass(frozen=True, slots=True)
class History:
    """The record of a timeline, the setting it is read in, and its person-period tables."""

    setting: Setting
    record: Record
    # `person_periods` of first announcements, with the days since a leader's act.
    table: pd.DataFrame
    rounds: pd.DataFrame  # the same of the rounds that followed, where measures came in several
    silent: tuple[str, ...]  # senders on whom the timeline is silent, who look on


def history_of(
    world: World,
    config: Config,
    timeline: Path,
    recalled: bool = True,
    given: tuple[Path, str] | None = None,
) -> History:
    """Return the history that a timeline tells.

    Parameters
    ----------
    config : Config
        Its rule's `memory_days` and its coordination levers shape the covariates.
    recalled : bool
        Whether acts whose date was not read are scored; they are seen by others in any case.
    given : (Path, ISO date), optional
        Another timeline, which tells what came up to and on a date.

    Raises
    ------
    InputError
        Whatever `read_record` and `prepare` refuse.
    """
    setting = prepare(world, config)
    record = _record(setting, timeline, given)
    silent = _silent(setting, record)
    if silent:
        watched = copy.deepcopy(config)
        watched.scenario.without = [*config.scenario.without, *silent]
        setting = prepare(world, watched)
        record = _record(setting, timeline, given)
    table = person_periods(replayed(setting, record), setting, record, recalled)
    table["since_lead"] = days_since_lead(table, record, config.coordination.leaders)
    first = table["wave"] == 0
    rounds = table[~first].reset_index(drop=True)
    return History(setting, record, table[first].reset_index(drop=True), rounds, silent)


def day_of(setting: Setting, text: str, option: str) -> int:
    """Return the day of the run that a date falls on; InputError if it is no date."""
    try:
        return (date.fromisoformat(text) - setting.start).days
    except ValueError:
        raise InputError(f"{option} must be a date like 2022-03-13; found '{text}'") from None


def _record(setting: Setting, timeline: Path, given: tuple[Path, str] | None) -> Record:
    if given is None:
        return read_record(timeline, setting)
    own, until = given
    return laid_over(own, timeline, day_of(setting, until, "--from"), setting)


def _silent(setting: Setting, record: Record) -> tuple[str, ...]:
    """Return the senders that the timeline is silent on, who are to look on.

    Not being in the record is not the same as not acting: what such a sender did is unknown, so
    it counts neither as a peer nor among those at risk.
    """
    heard = set(record.actors)
    for council in setting.councils:
        if council.competence == "eu" and council.institution.code in heard:
            heard |= {setting.sender_codes[seat] for seat in council.members}
    return tuple(code for code in setting.sender_codes if code not in heard)


def person_periods(
    decisions: Sequence[Decision],
    setting: Setting,
    record: Record | None = None,
    recalled: bool = True,
) -> pd.DataFrame:
    """Return the person-period table.

    Parameters
    ----------
    record : Record, optional
        Whose first announcement is known, or known not to have come by a day, is at risk to that
        day; of further waves whoever took the first, for acts of which the record has several.
        Without a record everybody, of every act.
    recalled : bool
        False leaves out the cells of announcements whose day was not read.

    Returns
    -------
    DataFrame
        actor, body (the actor, or the union it belongs to), instrument, target, day, event (0 or
        1), weight (1; for the member of a union its share of the population, so that a union counts
        once, but on contracts of its own for gas 1), recalled (the day of the actor's act was not
        read), table (the actor sat at a table of leaders or ministers), one column for each of
        `Terms`, weekend (1 for a day of one) and times (1: the days that its day stands for).
    """
    risk = _AtRisk(setting, record)
    rows = []
    for decision in decisions:
        aim = setting.acts[decision.act]
        act = (aim.target, aim.measure.code)
        if risk.holds(decision, act) and (recalled or not risk.is_recalled(decision.actor, act)):
            body, weight = risk.seat_of(decision.actor)
            facts = (decision.actor, body, *reversed(act), decision.day, int(decision.adopted))
            weight = 1.0 if aim.measure.needs == "gas" else weight
            from_memory = risk.is_recalled(decision.actor, act)
            rows.append((*facts, weight, from_memory, decision.at_table, *decision.terms))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    first = setting.start.weekday()
    table["times"] = 1.0
    table["weekend"] = [clock.weekend(day, first) for day in table["day"].tolist()]
    return table.sort_values(["target", "instrument", "actor", "day"]).reset_index(drop=True)


class _AtRisk:
    """Who a record lets be at risk of what, and what each counts."""

    def __init__(self, setting: Setting, record: Record | None) -> None:
        self.record = record
        self.seat: dict[str, tuple[str, float]] = {}
        self.to: dict[tuple[str, str, str], int] = {}
        dated = () if record is None else record.dated
        self.recalled = {row[:3] for row in dated if row.recalled}
        times = Counter(row[:3] for row in dated)
        self.in_rounds = {cell[1:] for cell, number in times.items() if number > 1}
        if record is not None:
            for council in setting.councils:
                if council.competence == "eu":
                    for place, share in zip(council.members, council.voice, strict=True):
                        code = setting.sender_codes[place]
                        self.seat[code] = (council.institution.code, float(share))

    def seat_of(self, actor: str) -> tuple[str, float]:
        """Return the union that an actor belongs to, or itself, and its share of it."""
        return self.seat.get(actor, (actor, 1.0))

    def holds(self, decision: Decision, act: tuple[str, str]) -> bool:
        if self.record is None:
            return decision.wave == 0
        if decision.wave > 0:
            return act in self.in_rounds and decision.actor not in self.seat
        cell = (decision.actor, *act)
        if cell not in self.to:
            self.to[cell] = self._last_day(self.record, cell)
        return decision.day <= self.to[cell]

    def _last_day(self, record: Record, cell: tuple[str, str, str]) -> int:
        """Return the last day at risk: of a union's member, as the union's where it has no own."""
        actor, *act = cell
        unions = (actor, self.seat_of(actor)[0])
        cells = [(name, act[0], act[1]) for name in unions]
        if any(one in record.before for one in cells):
            return -1
        if not record.is_grid and not set(unions) & set(record.actors):
            return -1
        return max(record.at_risk_to(one) for one in cells)

    def is_recalled(self, actor: str, act: tuple[str, str]) -> bool:
        """Return whether the day of an actor's act, or of its union's, was not read."""
        return bool({(actor, *act), (self.seat_of(actor)[0], *act)} & self.recalled)


def days_since_lead(table: pd.DataFrame, record: Record, leaders: list[str]) -> Floats:
    """Return the days since a leader announced each row's act, <= 0 before; nan for leaders."""
    acted: dict[tuple[str, str], int] = {}
    for row in record.dated:
        if row.actor in leaders:
            acted.setdefault((row.target, row.instrument), row.day)
    acts = zip(table["target"], table["instrument"], strict=True)
    led = np.array([acted.get(act, np.inf) for act in acts])
    since = np.maximum(table["day"].to_numpy() - led, 0.0)  # the days until then are not told
    return np.where(table["actor"].isin(leaders), np.nan, since)


def counted(table: pd.DataFrame) -> float:
    """Return the number of announcements, a union's counted once."""
    return float(np.dot(table["event"], table["weight"]))
