"""What is carried out on given days whatever anybody decides: rows of numbers for the engine."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from sim.arrays import Ints
from sim.codes import ALL, ANNOUNCE, ANSWER, COUNCIL, DAY, IMPOSE, WITHDRAW
from sim.errors import InputError
from sim.setting.war import check_within

Row = tuple[int, int, int, int, int]


class Script(NamedTuple):
    """Scripted acts, by day."""

    # (n_rows, 5) Day; kind, of `sim.codes`: ANNOUNCE and WITHDRAW of a sender, COUNCIL of a
    # council, IMPOSE of all senders (every wave at once, without notice), ANSWER of a target;
    # actor, ALL for all; position of the act or countermeasure; sender that an answer singles out,
    # ALL for all.
    rows: Ints
    first: Ints  # (n_days + 1,) rows of day d begin at entry d
    # Day from which senders and councils decide for themselves and talks are held. Before it they
    # do what the script says and nothing else; `n_days` for all of the run.
    decide_from: int
    answer_from: int  # the same of targets and what they answer


def script_from(
    rows: Sequence[Row], n_days: int, decide_from: int = 0, answer_from: int = 0
) -> Script:
    """Return a script of rows in any order; on a day senders come first, then councils."""
    by_day = np.array(sorted(rows), dtype=np.int64).reshape(-1, 5)
    first = np.searchsorted(by_day[:, DAY], np.arange(n_days + 1)).astype(np.int64)
    return Script(by_day, first, decide_from, answer_from)


def script_of(setting: Any) -> list[Row]:
    """Return what the scenario of a setting imposes and scripts.

    Raises
    ------
    InputError
        A date outside the run; a measure, countermeasure, state or council that the run lacks;
        what an actor may not do.
    """
    cast, config = Cast(setting), setting.config
    rows: list[Row] = []
    for code, text in config.scenario.imposed.items():
        day = check_within(f"scenario.imposed.{code}", date.fromisoformat(text), config)
        rows += cast.imposed(day, code)
    for position, entry in enumerate(config.scenario.script):
        key = f"scenario.script[{position}]"
        day = check_within(key, date.fromisoformat(str(entry["date"])), config)
        actor, act, against = (str(entry.get(name) or "") for name in ("actor", "act", "against"))
        try:
            rows.append(cast.row(day, actor, act, against, entry.get("undo", False)))
        except InputError as error:
            raise InputError(f"{key}: {error}") from None
    return rows


class Cast:
    """Who can be told what to do in a run.

    Parameters
    ----------
    setting : Setting
        Its script is not read.
    """

    def __init__(self, setting: Any) -> None:  # its module imports this one
        self.setting = setting
        self.senders = list(setting.sender_codes)
        self.targets = list(setting.config.scenario.targets)
        self.councils = [council.institution.code for council in setting.councils]
        self.answers = [counter.code for counter in setting.world.countermeasures]

    def imposed(self, day: int, code: str) -> list[Row]:
        """Return the rows by which all senders take a measure, or all targets give an answer."""
        known = (*(measure.code for measure in self.setting.world.measures), *self.answers)
        if code not in known:
            raise InputError.unknown("scenario.imposed: measure", code, known)
        acts = [a for a, act in enumerate(self.setting.acts) if act.measure.code == code]
        rows: list[Row] = [(day, IMPOSE, ALL, act, ALL) for act in acts]
        if code in self.answers:
            rows.append((day, ANSWER, ALL, self.answers.index(code), ALL))
        return rows

    def row(self, day: int, actor: str, act: str, against: str = "", undo: bool = False) -> Row:
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
            A sender gives the measure up, all its waves.

        Raises
        ------
        InputError
            The run lacks it, or the actor may not do it.
        """
        if actor in self.targets:
            return day, ANSWER, self.targets.index(actor), *self._answer(actor, act, against, undo)
        known = (*self.senders, *self.councils)
        if actor in self.setting.world.states and actor not in known:
            role = self.setting.roles[self.setting.world.index(actor)]
            raise InputError(
                f"{actor} is a {role} and takes no measures in this run; make it a sender with "
                f"+scenario.roles.{actor}=sender"
            )
        if actor not in known:
            raise InputError.unknown("actor", actor, (*known, *self.targets))
        if act in self.answers and act not in self._measures():
            raise InputError(f"{act} is an answer, which targets give; {actor} takes measures")
        position = self.setting.find_act(act, against)
        if actor in self.councils:
            return day, COUNCIL, self._pass(actor, position, undo), position, ALL
        seat = self.senders.index(actor)
        if not undo:
            self._check_alone(seat, position)
        return day, WITHDRAW if undo else ANNOUNCE, seat, position, ALL

    def _measures(self) -> set[str]:
        return {act.measure.code for act in self.setting.acts}

    def _pass(self, actor: str, act: int, undo: bool) -> int:
        """Return which council it is, if it may pass an act."""
        if undo:
            raise InputError(f"the council {actor} gives nothing up; name its members")
        c, label, menu = self.councils.index(actor), self.setting.label(act), self.setting.menu
        if not menu.agenda[c, act]:
            raise InputError(
                f"the council {actor} does not decide on {label}; {self._who_decides(act)}"
            )
        if menu.on_menu[act] and not menu.is_open[self.setting.councils[c].members, act].any():
            raise InputError(f"{actor} cannot take {label}: it was in force before the run")
        return c

    def _who_decides(self, act: int) -> str:
        councils = [self.councils[c] for c in np.flatnonzero(self.setting.menu.agenda[:, act])]
        return f"the council {councils[0]} does" if councils else "each sender does for itself"

    def _check_alone(self, seat: int, act: int) -> None:
        """Refuse an act that a sender may not take alone, or has nothing to take it with."""
        menu, actor, label = self.setting.menu, self.senders[seat], self.setting.label(act)
        council = menu.council_of[seat, act]
        if council >= 0:
            raise InputError(
                f"{actor} may not take {label} alone; name the council {self.councils[council]}"
            )
        if self.setting.acts[act].measure.competence == "joint":
            raise InputError(f"{label} is for all senders together; {actor} is the only one")
        if menu.on_menu[act] and not menu.is_open[seat, act]:
            why = "it was in force before the run, or there is nothing that it would act upon"
            if menu.objection_days[seat, act] >= 0:
                why = "it has said that it objects; coordination.positions=false leaves that out"
            raise InputError(f"{actor} cannot take {label}: {why}")

    def _answer(self, target: str, act: str, against: str, undo: bool) -> tuple[int, int]:
        """Return which countermeasure it is, and which sender it singles out."""
        if act in self._measures() and act not in self.answers:
            raise InputError(f"{act} is a measure, which senders take; {target} gives answers")
        if act not in self.answers:
            raise InputError.unknown("countermeasure", act, self.answers)
        if undo:
            raise InputError(f"{target} takes no answer back; leave undo out")
        if against and against not in self.senders:
            raise InputError.unknown("sender", against, self.senders)
        can, t, c = self.setting.answers, self.targets.index(target), self.answers.index(act)
        if not can.can_issue[t, c]:
            raise InputError(f"{target} cannot give the answer {act}")
        if against and not can.each[c]:
            raise InputError(f"{act} singles nobody out; leave '{against}' out")
        whom = self.senders.index(against) if against else ALL
        if against and not can.can_hit[t, c, whom]:
            raise InputError(f"{act} by {target} would not touch {against}")
        return c, whom
