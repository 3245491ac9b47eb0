"""Runs that write down every decision with its terms: the model's own, or one led by the record.

A row is one sender, or the council of a union, with one act on one day. Whatever is at risk is
weighed by the code that weighs it in a run, so a covariate of the regression is what the rule saw.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from sim.agents import CouncilAgent, Sender
from sim.analysis.record import Record
from sim.model import SanctionsModel
from sim.rules.terms import Terms
from sim.setting import Setting
from sim.setting.menu import Ints


class Decision(NamedTuple):
    """One actor, one act, one day.

    Attributes
    ----------
    actor : str
        A sender or a union.
    act, day, wave : int
        Position of the act, day of the run, waves taken before.
    adopted : bool
        The next wave was announced that day.
    terms : Terms
        What was weighed; for a council the mean of its members by their voice.
    at_table : bool
        The actor, or every member, sat at a table of leaders or ministers that day.
    """

    actor: str
    act: int
    day: int
    wave: int
    adopted: bool
    terms: Terms
    at_table: bool


class Watched(SanctionsModel):
    """A run whose decisions are written down.

    Attributes
    ----------
    decisions : list of Decision
    """

    def __init__(self, setting: Setting, seed: int, run: int = 0) -> None:
        super().__init__(setting, seed, run)
        self.decisions: list[Decision] = []

    def decide(self) -> None:
        """Decide as ever, then write down what those who decide alone weighed."""
        open_acts = [self._open_to(sender) for sender in self.senders]
        self._take_decisions()
        for sender, acts in zip(self.senders, open_acts, strict=True):
            for act in acts:
                if not sender.by_council[act]:
                    terms, adopted = sender.weighed[act], act in sender.decided
                    self._note(sender.code, sender.seats, act, sender.level[act], adopted, terms)

    def council(self) -> None:
        """Let councils decide as ever, then write down what their members weighed."""
        self._take_council_decisions()
        for body in self.councils:
            for act in body.agenda:
                is_open = any(member.is_open(act) for member in body.members)
                left = body.level[act] < self.setting.menu.waves[act]
                if is_open and left and self.has_cause(act):
                    terms = common_terms(body, act)
                    seats, adopted = body.seat.members, act in body.decided
                    self._note(body.code, seats, act, int(body.level[act]), adopted, terms)

    def _take_decisions(self) -> None:
        super().decide()

    def _take_council_decisions(self) -> None:
        super().council()

    def _open_to(self, sender: Sender) -> list[int]:
        acts = range(len(self.setting.acts))
        return [act for act in acts if sender.is_open(act) and self.has_cause(act)]

    def _note(
        self, actor: str, seats: Ints, act: int, wave: int, adopted: bool, terms: Terms
    ) -> None:
        at_table = bool(self.setting.meetings.at_table[self.day, seats].all())
        self.decisions.append(Decision(actor, act, self.day, wave, adopted, terms, at_table))


class Replay(Watched):
    """A run in which senders and councils do what the record says, and nothing else.

    Parameters
    ----------
    record : Record
    """

    def __init__(self, setting: Setting, record: Record) -> None:
        super().__init__(setting, seed=0)
        self.script = _script(setting, record)

    def talk(self) -> None:
        """Hold no talks: the record knows of no settlement."""

    def _take_decisions(self) -> None:
        for sender in self.senders:
            for act in self._open_to(sender):
                sender.weighed[act], sender.weighed_on[act] = sender.weigh(act), self.day
            due = self.script[sender.code, self.day]
            sender.decided = [act for act in due if sender.is_open(act)]
            sender.given_up = []

    def _take_council_decisions(self) -> None:
        for body in self.councils:
            due = self.script[body.code, self.day]
            body.decided = [act for act in due if body.level[act] < self.setting.menu.waves[act]]


def common_terms(body: CouncilAgent, act: int) -> Terms:
    """Return the terms of a council: those of its members with a wave left, weighted by voice.

    For a rule that is linear in its terms, the log hazard at these is that of the council.
    """
    voices = [
        (voice, member.weighed[act])
        for voice, member in zip(body.seat.voice, body.members, strict=True)
        if member.is_open(act)
    ]
    rows = np.array([terms for _, terms in voices])
    voice = np.array([voice for voice, _ in voices])
    return Terms(*(voice @ rows / voice.sum()).tolist())


def _script(setting: Setting, record: Record) -> Mapping[tuple[str, int], list[int]]:
    """Return the acts that each actor announces on each day.

    What a union announced where its members alone decide, each member announces.
    """
    script: dict[tuple[str, int], list[int]] = defaultdict(list)
    unions = {council.institution.code: k for k, council in enumerate(setting.councils)}
    for row in record.dated:
        act = setting.find_act(row.instrument, row.target)
        actors = [row.actor]
        if row.actor in unions and not setting.menu.agenda[unions[row.actor], act]:
            seats = setting.councils[unions[row.actor]].members
            actors = [setting.sender_codes[seat] for seat in seats]
        for actor in actors:
            if act not in script[actor, row.day]:
                script[actor, row.day].append(act)
    return script
