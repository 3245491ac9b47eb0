"""The council of a union: members want, object, and decide together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.agents.state import NEVER
from sim.draws import Stream
from sim.rules import clock, council
from sim.setting import Council

if TYPE_CHECKING:
    from sim.model import SanctionsModel


class CouncilAgent(mesa.Agent):
    """The council of a union: members want, object, and decide together.

    Attributes
    ----------
    pressure, threshold : (n_acts,) float64
        As for a sender.
    level : (n_acts,) int64
        Waves passed.
    passed, blocked : (n_acts,) int64
        Day on which the first wave passed, and on which one was first blocked; -1 for never.
    """

    model: SanctionsModel

    def __init__(self, model: SanctionsModel, seat: Council, cells: np.ndarray) -> None:
        super().__init__(model)
        n_acts = len(model.setting.acts)
        self.seat, self.cells = seat, cells
        self.code = seat.institution.code
        self.members = [model.senders[member] for member in seat.members]
        menu = model.setting.menu
        own = menu.agenda[[c.institution.code for c in model.setting.councils].index(self.code)]
        self.agenda: list[int] = np.flatnonzero(own & menu.on_menu).tolist()
        self.pressure = np.zeros(n_acts)
        self.level = np.zeros(n_acts, dtype=np.int64)
        self.threshold = np.array([self.due(act) for act in range(n_acts)])
        self.passed = np.full(n_acts, NEVER, dtype=np.int64)
        self.blocked = np.full(n_acts, NEVER, dtype=np.int64)
        self.decided: list[int] = []

    def due(self, act: int) -> float:
        """Return the summed hazard at which the next wave of an act comes to a vote."""
        return self.model.waiting(Stream.COUNCIL, int(self.cells[act]), int(self.level[act]))

    def deliberate(self) -> None:
        """Let the members' common wish grow; pass what is ripe and not blocked."""
        self.decided = []
        for act in self.agenda:
            if self.level[act] == self.model.setting.menu.waves[act]:
                continue
            if not self.model.has_cause(act) or not self._is_open(act):
                continue
            shared = self.model.shared(self.code, self.seat.members, act)
            self.pressure[act] += clock.hazard(self.wish(act) + shared, 1.0)
            if self.pressure[act] < self.threshold[act]:
                continue
            objectors = self.objectors(act)
            weight = sum(float(self.seat.weight[row]) for row in objectors)
            if council.passes(weight, self.seat.blocking):
                self.decided.append(act)
            else:
                self._negotiate(act, objectors)

    def commit(self) -> None:
        """Announce for all members at once."""
        for act in self.decided:
            if self.passed[act] == NEVER:
                self.passed[act] = self.model.day
            for member in self.members:
                if member.is_open(act):
                    self.model.announce(member, act)
            self.level[act] += 1
            self.pressure[act] = 0.0
            self.threshold[act] = self.due(act)
            slowest = max(self.members, key=lambda m: self.model.last_effective(m, act))
            self.model.record_wave(self.code, slowest, act)

    def _is_open(self, act: int) -> bool:
        """Return whether a wave is left for some member: an act can be imposed on all."""
        return any(member.is_open(act) for member in self.members)

    def wish(self, act: int) -> float:
        """Return the mean log hazard of members with a wave left, by voice, without the day's."""
        setting, total, voices = self.model.setting, 0.0, 0.0
        for member, voice in zip(self.members, self.seat.voice, strict=True):
            if member.is_open(act):
                total += voice * setting.decide(member.weighed[act], setting.weights)
                voices += voice
        return total / voices

    def objectors(self, act: int) -> list[int]:
        """Return which members object, as positions among the members."""
        setting, settled = self.model.setting, self.model.settled
        levers, menu = setting.config.coordination, setting.menu
        return [
            row
            for row, member in enumerate(self.members)
            if council.objects(
                menu.cost[member.seat, act] + menu.energy_cost[member.seat, act],
                levers.cost_tolerance,
                menu.objection_days[member.seat, act] >= 0,
                member.code in levers.veto_players,
                settled[member.seat, act],
            )
        ]

    def _negotiate(self, act: int, objectors: list[int]) -> None:
        """Block the act today; settle the objections whose time has come."""
        model, target = self.model, self.model.setting.acts[act].target
        instrument, menu = model.setting.acts[act].measure.code, model.setting.menu
        names = " ".join(self.members[row].code for row in objectors)
        if self.blocked[act] == NEVER:
            self.blocked[act] = model.day
            model.records.event(model.day, self.code, "blocked", instrument, target, detail=names)
        freed = []
        for row in objectors:
            seat, stated = self.members[row].seat, menu.objection_days[self.members[row].seat, act]
            lasts = stated if stated >= 0 else model.setting.config.coordination.carve_out_days
            if model.day - self.blocked[act] >= lasts:
                model.settled[seat, act] = True
                model.exempt[seat, act] = menu.exempts[seat, act]
                freed += [self.members[row].code] if menu.exempts[seat, act] else []
        if freed:
            detail = " ".join(freed)
            model.records.event(
                model.day, self.code, "carve_out", instrument, target, detail=detail
            )
