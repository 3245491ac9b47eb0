"""What is carried out on given days whatever anybody decides: rows of numbers for the engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from sim.arrays import Ints
from sim.codes import ALL, ANNOUNCE, ANSWER, COUNCIL, DAY, IMPOSE, WITHDRAW
from sim.config import Config
from sim.errors import InputError
from sim.setting.alliance import Council
from sim.setting.menu import Act
from sim.setting.war import check_within
from sim.world import World

Row = tuple[int, int, int, int, int]


class Script(NamedTuple):
    """Scripted acts, by day.

    Attributes
    ----------
    rows : (n_rows, 5)
        Day; deed, of `sim.codes`: ANNOUNCE and WITHDRAW of a sender, COUNCIL of a council, IMPOSE
        of all senders (every wave at once, without notice), ANSWER of a target; actor, ALL for all;
        position of the act or countermeasure; sender that an answer singles out, ALL for all.
    first : (n_days + 1,) rows of day d begin at entry d
    only : bool
        Senders and councils do what the script says and nothing else, and there are no talks.
    """

    rows: Ints
    first: Ints
    only: bool


def script_from(rows: Sequence[Row], n_days: int, only: bool = False) -> Script:
    """Return a script of rows in any order; on a day senders come first, then councils."""
    by_day = np.array(sorted(rows), dtype=np.int64).reshape(-1, 5)
    first = np.searchsorted(by_day[:, DAY], np.arange(n_days + 1)).astype(np.int64)
    return Script(by_day, first, only)


def script_of(
    world: World,
    config: Config,
    senders: tuple[str, ...],
    councils: tuple[Council, ...],
    acts: tuple[Act, ...],
) -> list[Row]:
    """Return what a scenario imposes and scripts.

    Raises
    ------
    InputError
        A date outside the run; a measure, countermeasure, state or council that the run lacks.
    """
    cast = Cast(world, config, senders, councils, acts)
    rows: list[Row] = []
    for code, text in config.scenario.imposed.items():
        day = check_within(f"scenario.imposed.{code}", date.fromisoformat(text), config)
        rows += cast.imposed(day, code)
    for position, entry in enumerate(config.scenario.script):
        key = f"scenario.script[{position}]"
        day = check_within(key, date.fromisoformat(str(entry["date"])), config)
        found = {name: str(entry.get(name, "")) for name in ("actor", "act", "against")}
        rows.append(cast.row(day, **found, undo=bool(entry.get("undo", False)), key=key))
    return rows


class Cast:
    """Who can be told what to do in a run.

    Parameters
    ----------
    senders : tuple of str
    councils : tuple of Council
    acts : tuple of Act
    """

    def __init__(
        self,
        world: World,
        config: Config,
        senders: tuple[str, ...],
        councils: tuple[Council, ...],
        acts: tuple[Act, ...],
    ) -> None:
        self.senders, self.acts = list(senders), acts
        self.targets = list(config.scenario.targets)
        self.councils = [council.institution.code for council in councils]
        self.measures = [measure.code for measure in world.measures]
        self.answers = [counter.code for counter in world.countermeasures]

    def imposed(self, day: int, code: str) -> list[Row]:
        """Return the rows by which all senders take a measure, or all targets give an answer."""
        known = (*self.measures, *self.answers)
        if code not in known:
            raise InputError.unknown("scenario.imposed: measure", code, known)
        acts = [a for a, act in enumerate(self.acts) if act.measure.code == code]
        rows: list[Row] = [(day, IMPOSE, ALL, act, ALL) for act in acts]
        if code in self.answers:
            rows.append((day, ANSWER, ALL, self.answers.index(code), ALL))
        return rows

    def row(self, day: int, actor: str, act: str, against: str, undo: bool, key: str) -> Row:
        """Return the row by which one actor does one thing.

        Parameters
        ----------
        actor : str
            A sender, a council or a target.
        act : str
            A measure or, of a target, a countermeasure.
        against : str
            Target of a measure, the first that it is aimed at if empty; sender that a
            countermeasure singles out, all if empty.
        undo : bool
            A sender gives the measure up.
        key : str
            What the entry is called in an error.
        """
        if actor in self.targets:
            if act not in self.answers:
                raise InputError.unknown(f"{key}: countermeasure", act, self.answers)
            whom = self._position(f"{key}: sender", against, self.senders) if against else ALL
            return day, ANSWER, self.targets.index(actor), self.answers.index(act), whom
        known = [*self.senders, *self.councils]
        at = self._position(f"{key}: actor", actor, [*known, *self.targets])
        position = self._act(key, act, against)
        if at >= len(self.senders):
            if undo:
                raise InputError(f"{key}: the council {actor} gives nothing up; name its members")
            return day, COUNCIL, at - len(self.senders), position, ALL
        return day, WITHDRAW if undo else ANNOUNCE, at, position, ALL

    def _act(self, key: str, instrument: str, target: str) -> int:
        for position, act in enumerate(self.acts):
            if act.measure.code == instrument and target in ("", act.target):
                return position
        known = {act.measure.code for act in self.acts}
        if instrument in known:
            raise InputError.unknown(f"{key}: target of {instrument}", target, self.targets)
        raise InputError.unknown(f"{key}: measure", instrument, known)

    @staticmethod
    def _position(what: str, name: str, known: Sequence[Any]) -> int:
        if name not in known:
            raise InputError.unknown(what, name, known)
        return known.index(name)
