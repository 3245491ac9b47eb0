"""The agents of a run: states that decide, answer, carry and watch, and councils of unions.

They hold what a person wants to look at and call the rules of `sim.rules` with their own numbers;
`explain()` says why they did what they did last. Beside `sim.model` the only file that imports
Mesa.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim import draws
from sim.draws import Stream
from sim.rules import clock, consult, council, enforce, respond, support, terms, third, withdraw
from sim.rules.terms import SUBTRACTED, Terms, Weights
from sim.setting import Council

if TYPE_CHECKING:
    from sim.model import SanctionsModel

NEVER = -1
UNFRIENDLY_LIST = "unfriendly_list"


class State(mesa.Agent):
    """A state: its role, its numbers, and what it suffers.

    Attributes
    ----------
    code, name, role : str
    position : int
        Among the states of the world.
    loss : float
        Percent of GDP, as of the last pricing, after transfers.
    transfer_bn : float
        Received from the others as of the last pricing, USD billion a year.
    diverted_bn : float
        Covered trade that this state carries in the others' stead, USD billion a year.
    """

    model: SanctionsModel

    def __init__(self, model: SanctionsModel, position: int) -> None:
        super().__init__(model)
        world = model.setting.world
        self.position = position
        self.code = world.states[position]
        self.name = world.names[position]
        self.role = model.setting.roles[position]
        self.loss = 0.0
        self.transfer_bn = 0.0
        self.diverted_bn = 0.0

    def decide(self) -> None:
        """Make up one's mind; most states have nothing to decide."""

    def commit(self) -> None:
        """Announce what was decided."""

    def respond(self) -> None:
        """Answer those who acted."""

    def update(self) -> None:
        """Let the mood at home follow."""

    def explain(self) -> str:
        """Return in words why the state did what it did last."""
        return f"{self.code} ({self.name}) is a {self.role} and decides nothing in this run."

    def waiting(self, stream: Stream, *names: str, spell: int = 0) -> float:
        """Return the summed hazard at which a waiting decision of this state is taken, > 0."""
        return self.model.waiting(stream, draws.cell(self.code, *names), spell)


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
    on_table : (n_acts,) bool
        What lies on the table of a meeting it attends today.
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
        self.last_wave: list[int] = (setting.menu.waves * setting.menu.on_menu).tolist()
        self.threshold = np.array([self.due(Stream.ADOPT, act) for act in range(n_acts)])
        self.giving_up = np.array([self.due(Stream.WITHDRAW, act) for act in range(n_acts)])
        self.by_council = setting.menu.council_of[seat] >= 0
        self.on_table = np.zeros(n_acts, dtype=bool)
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
        self.decided: list[int] = []
        self.given_up: list[int] = []

    def due(self, stream: Stream, act: int) -> float:
        """Return the summed hazard at which the next decision on an act is taken."""
        cell = int(self.model.setting.adoption_cell[self.seat, act])
        return self.model.waiting(stream, cell, int(self.spell[act]))

    def is_open(self, act: int) -> bool:
        """Return whether there is a wave of the act left to decide on."""
        return self.level[act] < self.last_wave[act]

    def drafts(self, act: int) -> int:
        """Return up to which wave of an act the state brings it to the table of a meeting."""
        drafter = self.model.council_for(self, act) or self
        share = self.model.setting.config.coordination.draft_share
        level = self.level[act]
        if self.is_open(act) and consult.drafted(
            drafter.pressure[act], drafter.threshold[act], share
        ):
            return level + 1
        return level

    def weigh(self, act: int) -> Terms:
        """Return the terms of the decision on an act's next wave, as the state sees them today."""
        model, setting, seat = self.model, self.model.setting, self.seat
        menu, target = setting.menu, int(setting.menu.aimed_at[act])
        involvement = setting.war.involvement[target, model.day]
        return Terms(
            readiness=menu.readiness[seat, act],
            norm=terms.norm(model.severity, setting.democracy[seat], involvement),
            shock=model.shock,
            peer=model.peer[seat, act],
            recent=model.recent[seat, act],
            joint=float(self.on_table[act]),
            lead=model.lead[seat, act],
            bloc=model.bloc[seat, act],
            frontline=setting.frontline[seat],
            cost=menu.cost[seat, act],
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
            if self.level[act] == last_wave or not self.model.has_cause(act):
                continue
            self.weighed[act] = self.weigh(act)
            if self.by_council[act]:
                continue
            eta = self.model.setting.decide(self.weighed[act], self.model.setting.weights)
            self.pressure[act] += clock.hazard(eta, 1.0)
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
        self.support = support.support_after(
            self.support,
            self.model.urgency,
            self.loss,
            1.0,
            society.rally,
            society.fatigue_days,
            society.cost_weight,
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
            lines += [
                f"  {name:<12}{value:>9.3f}{weight:>9.2f}{value * weight:>12.3f}"
                for name, value, weight in _contributions(weighed, weights)
            ]
        else:
            lines[1] = f"  {'term':<12}{'value':>9}   (rule {setting.config.rule.name})"
            lines += [f"  {name:<12}{value:>9.3f}" for name, value in weighed._asdict().items()]
        eta = setting.decide(weighed, weights)
        chance = clock.probability(eta, 1.0)
        lines.append(f"  log hazard per week {eta:.3f}; chance of acting that day {chance:.1%}")
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


class Target(State):
    """A state that is sanctioned and answers.

    Attributes
    ----------
    issued : dict of str to int
        Day of each countermeasure at home or against all who acted.
    listed : dict of str to int
        Day on which each sender was put on the list of unfriendly states.
    cut_off : dict of (str, str) to int
        Day of each countermeasure against a single sender.
    precaution, imports_lost, exports_lost, log_rate : float
        State of the currency, see `sim.economy.currency`.
    """

    def __init__(self, model: SanctionsModel, position: int, number: int) -> None:
        super().__init__(model, position)
        self.number = number
        self.issued: dict[str, int] = {}
        self.listed: dict[str, int] = {}
        self.cut_off: dict[tuple[str, str], int] = {}
        self.pressure: dict[str, float] = {}
        self.precaution = self.imports_lost = self.exports_lost = 0.0
        self.excluded = 0.0
        self.log_rate = 0.0

    def respond(self) -> None:
        """Issue countermeasures by harm per own cost, aimed at those who acted."""
        provoked = respond.provocation(self.model.signals_against(self))
        answers = self.model.setting.answers
        for c, counter in enumerate(self.model.setting.world.countermeasures):
            if (self.model.day, c) in self.model.setting.imposed_answers:
                self._carry_out(c)
            elif provoked <= 0.0:
                continue
            elif answers.each[c]:
                self._answer_each(c)
            elif counter.code not in self.issued and self._is_due(c, provoked):
                self._issue(counter.code, counter.lag_days)
        if UNFRIENDLY_LIST in self.issued:
            self._list_those_who_acted()

    def _carry_out(self, c: int) -> None:
        """Do what the scenario imposes, against every sender."""
        counter = self.model.setting.world.countermeasures[c]
        if not self.model.setting.answers.each[c]:
            self._issue(counter.code, counter.lag_days)
            return
        for sender in self.model.senders:
            if self.model.setting.answers.can_hit[self.number, c, sender.seat]:
                self._cut(counter.code, sender, counter.lag_days)

    def _is_due(self, c: int, provoked: float) -> bool:
        answers = self.model.setting.answers
        harm, cost = answers.harm[self.number, c].sum(), answers.own_cost[self.number, c].sum()
        counter = self.model.setting.world.countermeasures[c]
        return self._ripe(Stream.RESPOND, counter.code, self._hazard(c, harm, cost, provoked))

    def _answer_each(self, c: int) -> None:
        """Single out senders by what each did, what it would suffer and what that costs."""
        answers, counter = self.model.setting.answers, self.model.setting.world.countermeasures[c]
        for sender in self.model.senders:
            if not answers.can_hit[self.number, c, sender.seat]:
                continue
            provoked = respond.provocation(self.model.signals_of(sender, self))
            if (counter.code, sender.code) in self.cut_off or provoked <= 0.0:
                continue
            if not self.model.has_acted(sender, self):
                continue
            harm = answers.harm[self.number, c, sender.seat]
            cost = answers.own_cost[self.number, c, sender.seat]
            hazard = self._hazard(c, harm, cost, provoked)
            if self._ripe(Stream.RESPOND, f"{counter.code}|{sender.code}", hazard):
                self._cut(counter.code, sender, counter.lag_days)

    def _hazard(self, c: int, harm: float, cost: float, provoked: float) -> float:
        response = self.model.setting.config.response
        eta = respond.log_hazard(
            self.model.setting.answers.readiness[c],
            harm,
            cost,
            provoked,
            response.intercept,
            response.thrift,
        )
        hazard: float = clock.hazard(eta, 1.0)
        return hazard

    def _issue(self, code: str, lag_days: int) -> None:
        day = self.model.day
        self.issued[code] = day
        self.model.records.event(day, self.code, "countermeasure", code, "", day + lag_days)
        step = self.model.setting.config.response.relation_step
        for sender in self.model.senders:
            if sender.code in self.listed:
                self.model.move_relation(sender, self.code, -step)

    def _cut(self, code: str, sender: Sender, lag_days: int) -> None:
        day = self.model.day
        self.cut_off[code, sender.code] = day
        self.model.records.event(
            day, self.code, "countermeasure", code, sender.code, day + lag_days
        )
        self._aggrieve(sender)

    def _aggrieve(self, sender: Sender) -> None:
        step = self.model.setting.config.response.relation_step
        self.model.move_relation(sender, self.code, -step)
        sender.grievance.setdefault(self.code, self.model.day)

    def _list_those_who_acted(self) -> None:
        day = self.model.day
        first = self.issued[UNFRIENDLY_LIST] == day
        hazard = respond.listing_hazard(self.model.setting.config.response.listing_days, 1.0)
        for sender in self.model.senders:
            if sender.code in self.listed or not self.model.has_acted(sender, self):
                continue
            if first or self._ripe(Stream.LIST, sender.code, hazard):
                self.listed[sender.code] = day
                self.model.records.event(day, self.code, "listed", UNFRIENDLY_LIST, sender.code)
                self._aggrieve(sender)

    def _ripe(self, stream: Stream, name: str, hazard: float) -> bool:
        """Let the pressure for one answer grow by a day's hazard; return whether it is due."""
        key = f"{stream}|{name}"
        self.pressure[key] = self.pressure.get(key, 0.0) + hazard
        return self.pressure[key] >= self.waiting(stream, name)

    def answers_in_effect(self) -> np.ndarray:
        """Return which countermeasures bite which senders, (n_answers, n_senders) bool."""
        model, answers = self.model, self.model.setting.answers
        biting = np.zeros((answers.lag.size, len(model.senders)), dtype=bool)
        for c, counter in enumerate(model.setting.world.countermeasures):
            for sender in model.senders:
                if answers.each[c]:
                    day = self.cut_off.get((counter.code, sender.code), NEVER)
                else:
                    day = self.issued.get(counter.code, NEVER)
                in_force = day != NEVER and day + counter.lag_days <= model.day
                biting[c, sender.seat] = in_force and (
                    answers.each[c]
                    or answers.domestic[c]
                    or self._aims_at(sender)
                    or model.is_imposed(model.setting.imposed_answers, c)
                )
        return biting

    def _aims_at(self, sender: Sender) -> bool:
        """Return whether an answer to all who acted meets a sender: by its list if it keeps one."""
        keeps_list = any(
            counter.code == UNFRIENDLY_LIST for counter in self.model.setting.world.countermeasures
        )
        return sender.code in self.listed if keeps_list else self.model.has_acted(sender, self)

    def has_in_force(self, code: str) -> float:
        """Return 1 if a countermeasure has been issued, else 0."""
        return float(code in self.issued)

    def explain(self) -> str:
        """Return what the state answered, and to whom."""
        date = self.model.setting.date_of
        answers = [f"  {date(day)}  {code}" for code, day in self.issued.items()]
        answers += [f"  {date(day)}  {code} {who}" for (code, who), day in self.cut_off.items()]
        listed = ", ".join(f"{code} ({date(day)})" for code, day in self.listed.items()) or "nobody"
        head = f"{self.code} ({self.name}) has lost {self.loss:.2f} % of GDP and answered:"
        return "\n".join([head, *answers, f"  on its list: {listed}"])


class ThirdState(State):
    """A state that takes no measures: it condemns or not, carries trade, and draws its lessons.

    Attributes
    ----------
    condemned : int
        Day on which it condemned the violation, -1 for never.
    cooperations : dict of str to int
        Acts of defence cooperation with each target.
    """

    def __init__(self, model: SanctionsModel, position: int) -> None:
        super().__init__(model, position)
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
        setting = self.model.setting
        views = setting.config.third
        if self.condemned != NEVER:
            return
        eta = third.condemn_log_hazard(
            views.condemn,
            setting.thirds.distance[self.position, 0],
            views.condemn_distance,
            self.model.severity,
            setting.world.democracy[self.position],
        )
        target = self.model.targets[0].code
        if self._ripe(Stream.CONDEMN, target, eta, 0):
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
        )
        if self._ripe(Stream.COOPERATE, target.code, eta, done):
            self.cooperations[target.code] = done + 1
            model.move_relation(self, target.code, views.cooperation_step)
            model.records.event(
                model.day, self.code, "cooperation", "defence_cooperation", target.code
            )

    def _ripe(self, stream: Stream, target: str, eta: float, spell: int) -> bool:
        key = f"{stream}|{target}|{spell}"
        self.pressure[key] = self.pressure.get(key, 0.0) + clock.hazard(eta, 1.0)
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
        ties = "; ".join(
            f"relation with {target.code} "
            f"{self.model.relation[self.position, target.number]:.2f}, "
            f"{self.cooperations.get(target.code, 0)} acts of defence cooperation"
            for target in self.model.targets
        )
        return (
            f"{self.code} ({self.name}), a {self.role}, {stance}.\n"
            f"  readiness to carry {self.readiness():.2f}, of which its banks refuse "
            f"{self.compliance():.0%}; carries USD {self.diverted_bn:.1f} bn a year\n"
            f"  {ties}"
        )


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
        on_menu = model.setting.menu.on_menu
        self.agenda: list[int] = np.flatnonzero(self.members[0].by_council & on_menu).tolist()
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
            if not self.model.has_cause(act):
                continue
            self.pressure[act] += clock.hazard(self.wish(act), 1.0)
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
                self.model.announce(member, act)
            self.level[act] += 1
            self.pressure[act] = 0.0
            self.threshold[act] = self.due(act)
            slowest = max(self.members, key=lambda m: self.model.last_effective(m, act))
            self.model.record_wave(self.code, slowest, act)

    def wish(self, act: int) -> float:
        """Return the log hazard of the council: its members', weighted by their voice."""
        decide, weights, total = self.model.setting.decide, self.model.setting.weights, 0.0
        for member, voice in zip(self.members, self.seat.voice, strict=True):
            if act in member.weighed:
                total += voice * decide(member.weighed[act], weights)
        return total

    def objectors(self, act: int) -> list[int]:
        """Return which members object, as positions among the members."""
        levers, cost = self.model.setting.config.coordination, self.model.setting.menu.cost
        return [
            row
            for row, member in enumerate(self.members)
            if council.objects(
                cost[member.seat, act],
                levers.cost_tolerance,
                member.code in levers.veto_players,
                self.model.exempt[member.seat, act],
            )
        ]

    def _negotiate(self, act: int, objectors: list[int]) -> None:
        """Block the act today; free the objectors of it once the carve-out has been agreed."""
        model, target = self.model, self.model.setting.acts[act].target
        instrument = model.setting.acts[act].measure.code
        names = " ".join(self.members[row].code for row in objectors)
        if self.blocked[act] == NEVER:
            self.blocked[act] = model.day
            model.records.event(model.day, self.code, "blocked", instrument, target, detail=names)
        if model.day - self.blocked[act] < model.setting.config.coordination.carve_out_days:
            return
        for row in objectors:
            model.exempt[self.members[row].seat, act] = True
        model.records.event(model.day, self.code, "carve_out", instrument, target, detail=names)
