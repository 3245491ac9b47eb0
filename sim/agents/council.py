"""A council as an agent: what it has passed or blocked, and who of its members wants what."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.agents.sender import Sender
from sim.agents.state import State, seen
from sim.agents.weighing import name_of, weighed_up, words_of
from sim.arrays import Flags, Ints
from sim.codes import NEVER
from sim.engine import log
from sim.engine.deciders import deciders_of
from sim.errors import InputError
from sim.reasons import Reasons, Stance, in_words
from sim.rules.council import objects
from sim.rules.terms import Terms
from sim.words import percent

if TYPE_CHECKING:
    from sim.agents.state import SanctionsModel


class CouncilAgent(mesa.Agent):
    """The council of a union, or of all senders.

    Attributes
    ----------
    number : int
        Among the councils.
    code, name, role : str
        As of a state; the role is 'council'.
    members : list of Sender
    agenda : list of int
        Acts that it decides on.
    """

    model: SanctionsModel
    _ids = State._ids

    def __init__(self, model: SanctionsModel, number: int) -> None:
        super().__init__(model)
        self.number, self.seat = number, model.setting.councils[number]
        self.code, self.name = self.seat.institution.code, name_of(self.seat)
        self.role = "council"
        self.members = [model.senders[member] for member in self.seat.members]
        menu = model.setting.menu
        self.agenda: list[int] = np.flatnonzero(menu.agenda[number] & menu.on_menu).tolist()

    def __repr__(self) -> str:
        return f"<CouncilAgent {self.code} ({self.name}): {len(self.members)} members>"

    @property
    def level(self) -> Ints:
        """Waves passed of each act, (n_acts,)."""
        return seen(self.model.engine.state.adoption.passed[self.number])

    @property
    def blocked(self) -> Ints:
        """Day on which an act was first blocked, -1 for never, (n_acts,)."""
        return seen(self.model.engine.state.adoption.blocked[self.number])

    def announce(self, instrument: str, target: str = "") -> None:
        """Pass the next wave of a measure on the coming day; as `State.announce`."""
        self.model.carry_out(self.code, instrument, target)

    def explain(self, instrument: str = "", target: str = "") -> str:
        """Return in words who wants a measure, who objects, and how far it is; as `reasons`."""
        return self.reasons(instrument, target).text()

    def reasons(self, instrument: str = "", target: str = "") -> Reasons:
        """Return what members weighed last on a measure, as their common wish, and who objects.

        A term is the mean of those members that have a wave left to take, by their voice.

        Parameters
        ----------
        instrument, target : str
            Which act; without them the one last passed or blocked or, if there is none, the one
            that the members want most.

        Raises
        ------
        InputError
            No such measure in this run, or not one that the council decides on.
        """
        setting = self.model.setting
        act = setting.find_act(instrument, target) if instrument else self._latest()
        if not setting.menu.agenda[self.number, act]:
            raise InputError(
                f"the council {self.code} does not decide on {setting.label(act)}: each member "
                f"does for itself; name one, as in {self.members[0].code}"
            )
        found = Reasons(self.code, self.name, words_of(setting, act), act, self._outcome(act))
        day = int(self._weighed_on(act).max())
        if day == NEVER:
            return replace(found, notes=("Its members have weighed nothing yet.",))
        decider = int(deciders_of(setting).council[self.number])
        shared = self.model.engine.shared_by(decider, act, day)
        wave = int(self.level[act]) + (self._last_passed(act) < day)
        is_held_up = wave == 1 and NEVER < self.blocked[act] < day
        return replace(
            found,
            day=setting.date_of(day),
            wave=wave,
            waiting=in_words(setting.date_of(self.blocked[act])) if is_held_up else "",
            **weighed_up(setting, act, self._heard(act), shared),
            members=tuple(self._stance(row, act) for row in range(len(self.members))),
            notes=(self._rule(act),),
        )

    def _last_passed(self, act: int) -> int:
        """Return the day on which the council last passed a wave of an act, -1 for never."""
        if not self.level[act]:
            return NEVER
        return int(self.model.announced[self.seat.members, act].max())

    def _heard(self, act: int) -> list[tuple[float, Terms]]:
        """Return share of the voice and what was weighed of each member that has a say."""
        days, voices = self._weighed_on(act), self.seat.voice
        heard = [
            (float(voices[row]), member.weighed(act))
            for row, member in enumerate(self.members)
            if days[row] == days.max() and voices[row] > 0.0
        ]
        all_voices = sum(voice for voice, _ in heard)
        return [(voice / all_voices, weighed) for voice, weighed in heard if weighed is not None]

    def wish(self, act: int) -> float:
        """Return the log hazard per week that members wanted last, by voice; shocks left out.

        Who has no wave left to take has no say; minus infinity if nobody has.
        """
        days, seats = self._weighed_on(act), self.seat.members
        voice = np.where((days == days.max()) & (days != NEVER), self.seat.voice, 0.0)
        if not voice.any():
            return -math.inf
        heard = np.flatnonzero(voice)
        wanted = [self.model.engine.log_hazard(seats[row], act) for row in heard]
        return float(voice[heard] @ np.array(wanted) / voice.sum())

    def objects(self, act: int) -> Flags:
        """Return which members object to an act today, (n_members,)."""
        setting, seats = self.model.setting, self.seat.members
        menu, levers = setting.menu, setting.config.coordination
        settled = self.model.engine.state.adoption.objection_settled
        return np.array(
            [
                objects(
                    menu.cost[i, act] + menu.energy_cost[i, act],
                    levers.cost_tolerance,
                    menu.objection_days[i, act] >= 0,
                    setting.sender_codes[i] in levers.veto_players,
                    settled[i, act],
                )
                for i in seats
            ]
        )

    def _weighed_on(self, act: int) -> Ints:
        return self.model.engine.state.trace.day[self.seat.members, act]

    def _stance(self, row: int, act: int) -> Stance:
        """Return where a member stands: its voice, what it wants, and whether it objects."""
        member, days = self.members[row], self._weighed_on(act)
        wants = math.nan
        if days[row] == days.max():
            wants = self.model.engine.log_hazard(member.seat, act)
        objection = self._until(member.seat, act) if self.objects(act)[row] else ""
        exempt = bool(self.model.exempt[member.seat, act])
        voice = float(self.seat.voice[row])
        return Stance(member.code, member.name, voice, wants, objection, exempt)

    def _until(self, seat: int, act: int) -> str:
        """Return when an objection falls, in words."""
        setting = self.model.setting
        stated = int(setting.menu.objection_days[seat, act])
        lasts = stated if stated >= 0 else setting.config.coordination.carve_out_days
        if self.blocked[act] == NEVER:
            return f"for {lasts} days from the first vote on"
        return f"until {in_words(setting.date_of(self.blocked[act] + lasts))}"

    def _rule(self, act: int) -> str:
        """Return what the rule of the council makes of the objections."""
        share = self.seat.weight[self.objects(act)].sum()
        said = {
            "unanimity": "It decides by unanimity: one objection is enough to block",
            "majority": "It decides by qualified majority: more than "
            f"{percent(self.seat.blocking)} of the population must object to block",
            "leaders": "Its leading members decide: an objection of theirs blocks, no other does",
        }[self.seat.rule]
        if not self.objects(act).any():
            return f"{said}; nobody objects."
        verdict = "they block" if share > self.seat.blocking else "it can pass all the same"
        return f"{said}; objections weigh {percent(share)}: {verdict}."

    def _latest(self) -> int:
        def last(act: int) -> tuple[int, float]:
            announced = self.model.announced[self.seat.members, act].max()
            return max(int(announced), int(self.blocked[act])), self.wish(act)

        return max(self.agenda, key=last)

    def _outcome(self, act: int) -> str:
        setting, passed = self.model.setting, int(self.level[act])
        date_of, waves = setting.date_of, int(setting.menu.waves[act])
        said = f"not passed by {in_words(date_of(self.model.day))}"
        if passed:
            which = f"wave {passed} of {waves} " if waves > 1 else ""
            said = f"{which}passed on {in_words(date_of(self._last_passed(act)))}"
        if self.blocked[act] != NEVER:
            said += f"; first blocked on {in_words(date_of(self.blocked[act]))}"
            said += f" by {' and '.join(self._blockers(act))}"
        return said

    def said_of(self, member: Sender, act: int) -> list[str]:
        """Return whether a member has blocked an act, objects to it or is exempt, in sentences."""
        said, row = [], self.members.index(member)
        if self.blocked[act] != NEVER and member.name in self._blockers(act):
            day = in_words(self.model.setting.date_of(self.blocked[act]))
            said.append(f"{member.name} was among the first to block it, on {day}.")
        if self.objects(act)[row]:
            said.append(f"{member.name} objects {self._until(member.seat, act)}.")
        if self.model.exempt[member.seat, act]:
            said.append(f"A carve-out frees {member.name} of it.")
        return said

    def _blockers(self, act: int) -> list[str]:
        """Return the names of the members that were the first to block an act."""
        kept = self.model.engine.state.log
        rows = kept.rows[: kept.n_rows]
        of_act = rows[:, [log.KIND, log.ACTOR, log.WHAT]] == (log.BLOCKED, self.number, act)
        objectors = int(rows[of_act.all(axis=1)][0, log.DETAIL])
        return [m.name for row, m in enumerate(self.members) if objectors & (1 << row)]
