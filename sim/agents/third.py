"""A third state: it condemns or not, draws near, carries, and fears for its own trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.state import NEVER, State
from sim.agents.target import Target
from sim.draws import Stream
from sim.rules import clock, third

if TYPE_CHECKING:
    from sim.model import SanctionsModel


class ThirdState(State):
    """A state that takes no measures: it condemns or not, carries trade, and draws its lessons.

    Attributes
    ----------
    condemns : bool
        It is a state that condemns a violation like this, sooner or later.
    condemned : int
        Day on which it condemned the violation, -1 for never.
    cooperations : dict of str to int
        Acts of defence cooperation with each target.
    """

    def __init__(self, model: SanctionsModel, position: int) -> None:
        super().__init__(model, position)
        luck = self.uniform(Stream.STANCE, next(iter(model.setting.config.scenario.targets)))
        self.condemns = bool(luck < model.setting.thirds.condemns[position])
        self.condemned = NEVER
        self.pressure: dict[str, float] = {}
        self.cooperations: dict[str, int] = {}

    def respond(self) -> None:
        """Take a stance on the violation, and draw nearer to the target or not."""
        thirds = self.model.setting.thirds
        if not thirds.takes_stance[self.position] or self.model.severity <= 0.0:
            return
        self._take_stance()
        for target in self.model.targets:
            if thirds.may_cooperate[self.position, target.number] and self.condemned == NEVER:
                self._cooperate(target)

    def _take_stance(self) -> None:
        if self.condemned != NEVER or not self.condemns:
            return
        days = self.model.setting.config.third.condemn_days
        target = self.model.targets[0].code
        hazard = third.condemn_hazard(self.model.severity, days, 1.0)
        if self._ripe(Stream.CONDEMN, target, hazard, 0):
            self.condemned = self.model.day
            self.model.records.event(self.model.day, self.code, "stance", "condemn", target)

    def _cooperate(self, target: Target) -> None:
        model, views = self.model, self.model.setting.config.third
        done = self.cooperations.get(target.code, 0)
        eta = third.cooperation_log_hazard(
            views.cooperation,
            model.relation[self.position, target.number],
            views.cooperation_relation,
            model.signals_against(target),
            views.cooperation_pressure,
            model.setting.thirds.capability[self.position, target.number],
        )
        if self._ripe(Stream.COOPERATE, target.code, clock.hazard(eta, 1.0), done):
            self.cooperations[target.code] = done + 1
            model.move_relation(self, target.code, views.cooperation_step)
            model.records.event(
                model.day, self.code, "cooperation", "defence_cooperation", target.code
            )

    def _ripe(self, stream: Stream, target: str, hazard: float, spell: int) -> bool:
        key = f"{stream}|{target}|{spell}"
        self.pressure[key] = self.pressure.get(key, 0.0) + hazard
        return self.pressure[key] >= self.waiting(stream, target, spell=spell)

    def readiness(self) -> float:
        """Return how ready the state is to carry covered trade, in [0, 1], before fear."""
        evasion = self.model.setting.config.evasion
        backing = self.model.setting.thirds.backing[self.position]
        if not np.isnan(backing):
            return float(backing)
        ready: float = third.readiness_to_carry(
            evasion.willingness, self.condemned != NEVER, evasion.condemned_factor
        )
        return ready

    def compliance(self) -> float:
        """Return the share of covered trade that its banks and traders refuse, in [0, 1]."""
        setting = self.model.setting
        refused: float = third.compliance(
            setting.config.coordination.secondary_sanctions,
            setting.thirds.trade_with_senders[self.position],
            setting.config.evasion.compliance,
        )
        return refused

    def explain(self) -> str:
        """Return the state's stance, what it carries and what it fears."""
        setting = self.model.setting
        if not setting.thirds.takes_stance[self.position]:
            return super().explain()
        stance = (
            f"condemned the violation on {setting.date_of(self.condemned)}"
            if self.condemned != NEVER
            else "has not condemned the violation"
        )
        chance = setting.thirds.condemns[self.position]
        ties = "; ".join(
            f"relation with {target.code} "
            f"{self.model.relation[self.position, target.number]:.2f}, "
            f"{self.cooperations.get(target.code, 0)} acts of defence cooperation"
            for target in self.model.targets
        )
        return (
            f"{self.code} ({self.name}), a {self.role}, {stance} (probability {chance:.2f}).\n"
            f"  readiness to carry {self.readiness():.2f}, of which its banks refuse "
            f"{self.compliance():.0%}; carries USD {self.diverted_bn:.1f} bn a year\n"
            f"  {ties}"
        )
