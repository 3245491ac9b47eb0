"""A target: what it suffers and answers, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.state import State
from sim.arrays import Ints
from sim.codes import NEVER
from sim.errors import InputError
from sim.reasons import in_words, wrapped
from sim.words import counted
from sim.world.catalogue import Countermeasure

if TYPE_CHECKING:
    from sim.agents.state import SanctionsModel


class Target(State):
    """A state that is sanctioned and answers.

    Attributes
    ----------
    number : int
        Among the targets.
    """

    def __init__(self, model: SanctionsModel, position: int, number: int) -> None:
        super().__init__(model, position)
        self.number = number
        self._codes = [answer.code for answer in model.setting.world.countermeasures]

    def _days(self, days: Ints) -> dict[str, int]:
        """Return the days, by sender, of what has happened to senders."""
        codes = self.model.setting.sender_codes
        return {codes[i]: int(days[i]) for i in np.flatnonzero(days != NEVER)}

    @property
    def issued(self) -> dict[str, int]:
        """Day of each countermeasure at home or against all who acted."""
        days = self.model.engine.state.target.issued[self.number]
        return {self._codes[c]: int(days[c]) for c in np.flatnonzero(days != NEVER)}

    @property
    def listed(self) -> dict[str, int]:
        """Day on which each sender was put on the list of unfriendly states."""
        return self._days(self.model.engine.state.target.listed[self.number])

    @property
    def refused(self) -> dict[str, int]:
        """Day on which each sender was to pay for gas in rubles and did not."""
        return self._days(self.model.engine.state.target.refused[self.number])

    @property
    def cut_off(self) -> dict[tuple[str, str], int]:
        """Day of each countermeasure against a single sender."""
        days = self.model.engine.state.target.cut_off[self.number]
        codes, against = self._codes, self.model.setting.sender_codes
        return {(codes[c], against[i]): int(days[c, i]) for c, i in np.argwhere(days != NEVER)}

    @property
    def log_rate(self) -> float:
        """Log of its currency's rate over what it was; a rise is a loss of value."""
        return float(self.model.engine.state.effect.log_rate[self.number])

    @property
    def leak(self) -> float:
        """Share of covered trade with it that finds another way."""
        return float(self.model.leak[self.number])

    @property
    def parts(self) -> dict[str, int]:
        """How many times each countermeasure that is given part by part has been given."""
        given = self.model.engine.state.target.parts[self.number]
        return {self._codes[c]: int(given[c]) for c in np.flatnonzero(given)}

    def cut_gas(self, sender: str) -> None:
        """Cut a sender's gas off on the coming day."""
        self.answer("gas_cutoff", sender)

    def throttle_gas(self) -> None:
        """Hold one more part of its gas back from all on its list on the coming day."""
        self.answer("gas_throttle")

    @property
    def answers(self) -> list[tuple[int, str, str]]:
        """Day, countermeasure and sender of each answer, by day; no sender where it hits all."""
        general = [(day, code, "") for code, day in self.issued.items()]
        return sorted([*general, *((day, *what) for what, day in self.cut_off.items())])

    def explain(self, countermeasure: str = "") -> str:
        """Return in words what the state answered, and to whom.

        Parameters
        ----------
        countermeasure : str
            Of that one alone, and what it waits for; of all that were given without it.

        Raises
        ------
        InputError
            It has no such answer at hand.
        """
        date_of, answers = self.model.setting.date_of, self.answers
        today = in_words(date_of(self.model.day))
        if countermeasure:
            return self._explain_one(countermeasure, today)
        listed: dict[int, list[str]] = {}
        for code, day in sorted(self.listed.items(), key=lambda one: one[1]):
            listed.setdefault(day, []).append(self._named(code))
        refused = [
            f"  {date_of(day)}  {self._named(who)} refuses to pay for gas in rubles"
            for who, day in self.refused.items()
        ]
        return "\n".join(
            [
                f"{self.name} has lost {self.loss:.2f} % of GDP by {today} and answered:",
                *(f"  {date_of(day)}  {self._answer(code, who)}" for day, code, who in answers),
                *refused,
                f"  on its list of unfriendly states{':' if listed else ': nobody'}",
                *(wrapped(f"{date_of(day)}  {', '.join(some)}") for day, some in listed.items()),
            ]
        )

    def _explain_one(self, code: str, today: str) -> str:
        """Return whom an answer has hit when, and what it waits for."""
        at_hand = {
            c.code: c for c in self.model.setting.world.countermeasures if self.code in c.issuers
        }
        if code not in at_hand:
            raise InputError.unknown(f"answer of {self.code}", code, at_hand)
        given = [(day, who) for day, what, who in self.answers if what == code]
        date_of, known = self.model.setting.date_of, at_hand[code]
        lines = [f"{self.name}: {known.label}", *(
            f"  {date_of(day)}  {self._answer(code, who)}" for day, who in given
        )]  # fmt: skip
        if not given:
            lines.append(f"  not given by {today}")
        elif known.by_part:
            c = self.model.setting.world.countermeasures.index(known)
            latest = date_of(int(self.model.engine.state.target.part_day[self.number, c]))
            lines.append(
                f"  {counted(self.parts[code], 'part')} by {today}, the latest on {latest}"
            )
        return "\n".join([*lines, wrapped(self._waits_for(known))])

    def _waits_for(self, counter: Countermeasure) -> str:
        """Return what comes before an answer, and what makes it likelier."""
        before = "It waits for a first measure against it"
        world = self.model.setting.world
        if counter.trigger:
            is_answer = counter.trigger in {c.code for c in world.countermeasures}
            when = "Before it comes" if is_answer else "It hits who has taken"
            before = f"{when}: {world.labels[counter.trigger]}"
        if counter.fuel:
            before += f"; it can hit only who buys {counter.fuel}"
        if counter.by_part:
            return (
                f"{before}, and is given again and again. It is likelier, the louder the measures "
                f"are, the more buyers on its list feel a dearer {counter.fuel}, and the less "
                f"{self.name} forgoes by it: more where it has a large part of the market, prices "
                "are high and buyers have said that they will leave."
            )
        return (
            f"{before}. It is likelier, the louder the measures are, the more it hurts "
            f"({counter.harm:g} of 1) and the less it costs {self.name} "
            f"({counter.own_cost:g} of 1)."
        )

    def _answer(self, code: str, who: str) -> str:
        label = self.model.setting.world.labels[code]
        return f"{label}: {self._named(who)}" if who else label

    def _named(self, code: str) -> str:
        return self.model.setting.world.names_by_code[code]
