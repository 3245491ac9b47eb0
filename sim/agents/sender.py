"""A sender: it weighs, adopts in waves, gives up, protests and enforces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim import draws
from sim.agents.state import NEVER, State
from sim.draws import Stream
from sim.rules import clock, enforce, support, terms, withdraw
from sim.rules.terms import SUBTRACTED, Terms, Weights

if TYPE_CHECKING:
    from sim.model import SanctionsModel


class Sender(State):
    """A state that adopts measures in waves, alone or through the council of its union.

    Attributes
    ----------
    seat : int
        Among the senders.
    announced : (n_acts, n_waves) int64
        Day of each wave, -1 for none: the sender's row of the model's array.
    level : list of int, length n_acts
        Waves announced; `last_wave` those that it can decide on.
    pressure, threshold : (n_acts,) float64
        Hazard of the next wave summed so far, and the sum at which the state takes it.
    doubt : (n_acts,) float64
        Hazard of giving the act up summed so far.
    spell : (n_acts,) int64
        How often a decision on the act has been taken: a new one gets a new draw.
    support : float
        Domestic support for sanctions, in [0, 1].
    peer_threshold : float
        Share of peers at which it follows, where the rule asks for it.
    """

    def __init__(self, model: SanctionsModel, position: int, seat: int) -> None:
        super().__init__(model, position)
        setting = model.setting
        n_acts = len(setting.acts)
        self.seat = seat
        self.announced = model.announced[seat]
        self.pressure = np.zeros(n_acts)
        self.doubt = np.zeros(n_acts)
        self.spell = np.zeros(n_acts, dtype=np.int64)
        self.level = [0] * n_acts
        menu = setting.menu
        self.last_wave: list[int] = (menu.waves * menu.on_menu * menu.is_open[seat]).tolist()
        self.threshold = np.array([self.due(Stream.ADOPT, act) for act in range(n_acts)])
        self.giving_up = np.array([self.due(Stream.WITHDRAW, act) for act in range(n_acts)])
        self.seats = np.array([seat])
        self.by_council = setting.menu.council_of[seat] >= 0
        self.support = setting.config.society.support
        rule = setting.config.rule
        luck = draws.uniform(
            model.run_seed, model.run, int(Stream.THRESHOLD), 0, draws.cell(self.code)
        )
        self.peer_threshold = float(
            terms.threshold_of(luck, rule.threshold_mean, rule.threshold_sd)
        )
        self.grievance: dict[str, int] = {}
        self.protests: list[tuple[int, str]] = []
        self.weighed: dict[int, Terms] = {}
        self.weighed_on: dict[int, int] = {}
        self.decided: list[int] = []
        self.given_up: list[int] = []

    def due(self, stream: Stream, act: int) -> float:
        """Return the summed hazard at which the next decision on an act is taken."""
        cell = int(self.model.setting.adoption_cell[self.seat, act])
        return self.model.waiting(stream, cell, int(self.spell[act]))

    def is_open(self, act: int) -> bool:
        """Return whether there is a wave of the act left to decide on."""
        return self.level[act] < self.last_wave[act]

    def weigh(self, act: int) -> Terms:
        """Return the terms of the decision on an act's next wave, as the state sees them today."""
        model, setting, seat = self.model, self.model.setting, self.seat
        menu, target = setting.menu, int(setting.menu.aimed_at[act])
        return Terms(
            effect=menu.effect[seat, act] + menu.pace[act] * model.shock,
            severity=model.severity,
            involvement=float(setting.war.involvement[target, model.day]),
            restraint=terms.restraint(model.severity, bool(menu.targeted[act])),
            shock=model.shock,
            meeting=float(setting.meetings.lately[model.day, seat]),
            peer=model.peer[seat, act],
            recent=model.recent[seat, act],
            lead=model.lead[seat, act],
            bloc=model.bloc[seat, act],
            frontline=setting.frontline[seat],
            cost=menu.cost[seat, act],
            energy_cost=menu.energy_cost[seat, act],
            retaliation=menu.retaliation[seat, act],
            linkage=menu.linkage[seat, act],
            support=self.support - 0.5,
            relation=terms.valued(model.relation[self.position, target]),
            wave=float(self.level[act] > 0),
            damage=model.damage[seat, act],
            threshold=self.peer_threshold,
        )

    def decide(self) -> None:
        """Let the pressure on each open act grow, and the doubt about each act in force."""
        self.decided, self.given_up = [], []
        for act, last_wave in enumerate(self.last_wave):
            if self.level[act] > 0 and last_wave > 0:
                self._reconsider(act)
            if not self.is_open(act) or not self.model.has_cause(act):
                continue
            self.weighed[act], self.weighed_on[act] = self.weigh(act), self.model.day
            if self.by_council[act]:
                continue
            eta = self.model.setting.decide(self.weighed[act], self.model.setting.weights)
            shared = self.model.shared(self.code, self.seats, act)
            self.pressure[act] += clock.hazard(eta + shared, 1.0)
            if self.pressure[act] >= self.threshold[act]:
                self.decided.append(act)

    def _reconsider(self, act: int) -> None:
        """Let the doubt about an act in force grow, by backsliding or towards the end."""
        setting = self.model.setting
        society, reversibility = setting.config.society, setting.menu.reversibility[act]
        if self.model.is_settled():
            self.doubt[act] += withdraw.easing(society.easing_days, reversibility, 1.0)
        else:
            is_held = bool(setting.alliance.held[self.seat])
            self.doubt[act] += withdraw.backsliding(
                society.backslide, is_held, self.support, reversibility, 1.0
            )
        if self.doubt[act] >= self.giving_up[act]:
            self.given_up.append(act)

    def commit(self) -> None:
        """Announce what was decided today."""
        for act in self.given_up:
            self.model.withdraw(self, act)
        for act in self.decided:
            if act not in self.given_up:
                self.model.announce(self, act)
                self.model.record_wave(self.code, self, act)

    def new_spell(self, act: int) -> None:
        """Start waiting anew for the next decision on an act."""
        self.spell[act] += 1
        self.pressure[act] = self.doubt[act] = 0.0
        self.threshold[act] = self.due(Stream.ADOPT, act)
        self.giving_up[act] = self.due(Stream.WITHDRAW, act)

    def respond(self) -> None:
        """Protest with those that put the state on a list or cut it off."""
        response = self.model.setting.config.response
        for target in self.model.setting.config.scenario.targets:
            if target not in self.grievance:
                continue
            waited = (self.model.day - self.grievance[target]) / response.protest_days
            number = len(self.protests)
            if waited >= self.waiting(Stream.PROTEST, target, spell=number):
                del self.grievance[target]
                self.protests.append((self.model.day, target))
                self.model.move_relation(self, target, -response.relation_step)
                self.model.records.event(self.model.day, self.code, "protest", "protest", target)

    def enforcement(self) -> float:
        """Return the share of the leak that the state stops by itself."""
        effort: float = enforce.effort(self.model.setting.config.evasion.enforcement, self.support)
        return effort

    def update(self) -> None:
        """Let support follow the day's events and the own loss."""
        society = self.model.setting.config.society
        nearness = society.nearness * self.model.setting.frontline[self.seat]
        self.support = support.support_after(
            self.support,
            self.model.urgency,
            nearness,
            support.accepted(self.loss, society.cost_weight, nearness),
            1.0,
            society.rally,
            society.fatigue_days,
        )

    def explain(self, instrument: str = "", target: str = "") -> str:
        """Return the terms of the last decision on an act.

        Parameters
        ----------
        instrument, target : str
            Which act; without them the latest announcement or, if there is none, the act that
            was closest to one.
        """
        if not self.weighed:
            return f"{self.code} has weighed nothing yet."
        act = self.model.setting.find_act(instrument, target) if instrument else self._latest()
        setting = self.model.setting
        head = f"{self.code} on {self.model.label(act)}: {self._outcome(act)}"
        if act not in self.weighed:
            return f"{head}; it was imposed by the scenario, not decided"
        weighed, weights = self.weighed[act], setting.weights
        lines = [head, f"  {'term':<12}{'value':>9}{'weight':>9}{'log hazard':>12}"]
        if setting.config.rule.name == "hazard":
            lines.append(f"  {'intercept':<12}{'':>9}{'':>9}{weights.intercept:>12.3f}")
            lines.append(f"  {'effect':<12}{weighed.effect:>9.3f}{1:>9.2f}{weighed.effect:>12.3f}")
            lines += [
                f"  {name:<12}{value:>9.3f}{weight:>9.2f}{value * weight:>12.3f}"
                for name, value, weight in _contributions(weighed, weights)
            ]
        else:
            lines[1] = f"  {'term':<12}{'value':>9}   (rule {setting.config.rule.name})"
            lines += [f"  {name:<12}{value:>9.3f}" for name, value in weighed._asdict().items()]
        day = self.weighed_on[act]
        common = self.model.common_terms(day)
        if not self.by_council[act]:
            common += self.model.own_terms(self.code, self.seats, act, day)
        lines += [
            f"  {name:<12}{value:>9.3f}{weight:>9.2f}{added:>12.3f}"
            for name, value, weight, added in common
        ]
        eta = setting.decide(weighed, weights) + sum(added for _, _, _, added in common)
        chance = clock.probability(eta, 1.0)
        lines.append(f"  log hazard per week {eta:.3f}; chance of acting that day {chance:.1%}")
        lines += [
            f"  refuses to pay {seller.code} for gas in rubles since "
            f"{setting.date_of(seller.refused[self.code])}"
            for seller in self.model.targets
            if self.code in seller.refused
        ]
        return "\n".join(lines)

    def _latest(self) -> int:
        if (self.announced != NEVER).any():
            return int(np.argmax(self.announced.max(axis=1)))
        setting = self.model.setting
        return max(self.weighed, key=lambda act: setting.decide(self.weighed[act], setting.weights))

    def _outcome(self, act: int) -> str:
        level, waves = self.level[act], int(self.model.setting.menu.waves[act])
        date = self.model.setting.date_of
        if level == 0:
            return f"not announced by {date(self.model.day)}"
        how = "through the council" if self.by_council[act] else "alone"
        last = int(np.argmax(self.announced[act]))
        which = f"wave {level} of {waves} " if waves > 1 else ""
        effect = date(self.model.effective[self.seat, act, last])
        return f"{which}announced {how} on {date(self.announced[act, last])}, effective {effect}"


def _contributions(weighed: Terms, weights: Weights) -> list[tuple[str, float, float]]:
    """Return name, value and signed weight of each term that the hazard rule adds up."""
    return [
        (name, value, getattr(weights, name) * (-1.0 if name in SUBTRACTED else 1.0))
        for name, value in weighed._asdict().items()
        if name in Weights._fields
    ]
