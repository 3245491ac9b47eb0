"""One run as a Mesa model: agents to look at, to step and to ask. The only file that imports Mesa.

A step is `step_days` long. Allies act on days, so the phases of a day run on each of them; what
follows from the acts is priced and measured once a step. The order stands here, nowhere else.
"""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

from sim import draws, observe
from sim.draws import Stream
from sim.economy.exposure import diverted
from sim.economy.shocks import PREMIUM, rents
from sim.records import Records
from sim.rules import (
    commit,
    consult,
    council,
    divert,
    hazard,
    respond,
    support,
    talk,
    terms,
)
from sim.rules.terms import SUBTRACTED, Terms
from sim.setting import Council, Setting

DAILY_PHASES = ("events", "consult", "decide", "council", "commit", "respond")
STEP_PHASES = ("divert", "enforce", "price", "talk", "update", "measure")
NEVER = -1


class State(mesa.Agent):
    """A state: its role, its numbers, and what it suffers.

    Attributes
    ----------
    code, name, role : str
    position : int
        Among the states of the world.
    loss : float
        Percent of GDP, as of the last pricing.
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


class Sender(State):
    """A state that adopts measures, alone or through the council of its union.

    Attributes
    ----------
    seat : int
        Among the senders.
    announced : (n_acts,) int64
        Day of each announcement, -1 for none: the sender's row of the model's array.
    pressure, threshold : (n_acts,) float64
        Hazard summed so far, and the sum at which the state acts.
    on_table : (n_acts,) bool
        What lies on the table of a meeting it attends today.
    support : float
        Domestic support for sanctions, in [0, 1].
    """

    def __init__(self, model: SanctionsModel, position: int, seat: int) -> None:
        super().__init__(model, position)
        setting = model.setting
        self.seat = seat
        self.announced = model.announced[seat]
        self.pressure = np.zeros(len(setting.acts))
        self.threshold = model.waiting_times(Stream.ADOPT, setting.adoption_cell[seat])
        self.by_council = setting.council_of[seat] >= 0
        self.on_table = np.zeros(len(setting.acts), dtype=bool)
        self.support = setting.config.society.support
        self.weighed: dict[int, Terms] = {}
        self.decided: list[int] = []

    def drafts(self, act: int) -> bool:
        """Return whether the state brings an act to the table of a meeting."""
        if self.announced[act] != NEVER:
            return True
        share = self.model.setting.config.coordination.draft_share
        drafter = self.model.council_for(self, act) or self
        return bool(consult.drafted(drafter.pressure[act], drafter.threshold[act], share))

    def weigh(self, act: int) -> Terms:
        """Return the terms of the decision on an act, as the state sees them today."""
        model, setting, seat = self.model, self.model.setting, self.seat
        return Terms(
            readiness=setting.readiness[act],
            norm=terms.norm(model.severity, setting.democracy[seat], setting.involvement[act]),
            shock=model.shock,
            peer=model.peer[seat, act],
            recent=model.recent[seat, act],
            joint=float(self.on_table[act]),
            lead=model.lead[seat, act],
            bloc=model.bloc[seat, act],
            frontline=setting.frontline[seat],
            cost=setting.cost[seat, act],
            retaliation=setting.retaliation[seat, act],
            linkage=setting.linkage[seat, act],
        )

    def decide(self) -> None:
        """Let the pressure on each open act grow by today's hazard."""
        self.decided = []
        for act in np.flatnonzero(self.announced == NEVER).tolist():
            self.weighed[act] = self.weigh(act)
            if self.by_council[act]:
                continue
            eta = hazard.log_hazard(self.weighed[act], self.model.setting.weights)
            self.pressure[act] += hazard.hazard(eta, 1.0)
            if self.pressure[act] >= self.threshold[act]:
                self.decided.append(act)

    def commit(self) -> None:
        """Announce what was decided today."""
        for act in self.decided:
            self.model.announce(self, act)
            self.model.record_measure(self.code, act, self.model.effective[self.seat, act])

    def update(self) -> None:
        """Let support follow events and the own loss."""
        society, model = self.model.setting.config.society, self.model
        self.support = support.support_after(
            self.support,
            model.urgency,
            self.loss,
            float(model.setting.config.scenario.step_days),
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
        act = self.model.find_act(instrument, target) if instrument else self._latest()
        weights, last = self.model.setting.weights, self.weighed[act]
        lines = [
            f"{self.code} on {self.model.label(act)}: {self._outcome(act)}",
            f"  {'term':<12}{'value':>9}{'weight':>9}{'log hazard':>12}",
            f"  {'intercept':<12}{'':>9}{'':>9}{weights.intercept:>12.3f}",
        ]
        for name, value in last._asdict().items():
            weight = getattr(weights, name) * (-1.0 if name in SUBTRACTED else 1.0)
            lines.append(f"  {name:<12}{value:>9.3f}{weight:>9.2f}{value * weight:>12.3f}")
        eta = hazard.log_hazard(last, weights)
        chance = hazard.probability(eta, 1.0)
        lines.append(f"  log hazard per week {eta:.3f}; chance of acting that day {chance:.1%}")
        return "\n".join(lines)

    def _latest(self) -> int:
        if (self.announced != NEVER).any():
            return int(np.argmax(self.announced))
        weights = self.model.setting.weights
        return max(self.weighed, key=lambda act: hazard.log_hazard(self.weighed[act], weights))

    def _outcome(self, act: int) -> str:
        day = self.announced[act]
        if day == NEVER:
            return f"not announced by {self.model.setting.date_of(self.model.day)}"
        how = "through the council" if self.by_council[act] else "alone"
        effect = self.model.setting.date_of(self.model.effective[self.seat, act])
        return f"announced {how} on {self.model.setting.date_of(day)}, effective {effect}"


class Target(State):
    """A state that is sanctioned and answers.

    Attributes
    ----------
    issued : dict of str to int
        Day of each countermeasure.
    listed : dict of str to int
        Day on which each sender was put on the list of unfriendly states.
    """

    def __init__(self, model: SanctionsModel, position: int, number: int) -> None:
        super().__init__(model, position)
        self.number = number
        self.issued: dict[str, int] = {}
        self.listed: dict[str, int] = {}
        self.pressure: dict[str, float] = {}

    def respond(self) -> None:
        """Issue countermeasures by harm per own cost, and list those who acted."""
        provoked = respond.provocation(self.model.signals_against(self), self.loss)
        if provoked <= 0.0:
            return
        response = self.model.setting.config.response
        for counter in self.model.setting.world.countermeasures:
            if counter.aim == "each" or counter.code in self.issued:
                continue
            eta = respond.log_hazard(
                counter.readiness,
                counter.harm,
                counter.own_cost,
                provoked,
                response.intercept,
                response.thrift,
            )
            if self._ripe(Stream.RESPOND, counter.code, hazard.hazard(eta, 1.0)):
                self._issue(counter.code, counter.lag_days)
        if "unfriendly_list" in self.issued:
            self._list_those_who_acted()

    def _issue(self, code: str, lag_days: int) -> None:
        day = self.model.day
        self.issued[code] = day
        self.model.records.event(day, self.code, "countermeasure", code, "", day + lag_days)

    def _list_those_who_acted(self) -> None:
        day = self.model.day
        first = self.issued["unfriendly_list"] == day
        daily = 1.0 / self.model.setting.config.response.listing_days
        for sender in self.model.senders:
            if sender.code in self.listed or not self.model.has_acted(sender, self):
                continue
            if first or self._ripe(Stream.LIST, sender.code, daily):
                self.listed[sender.code] = day
                self.model.records.event(day, self.code, "listed", "unfriendly_list", sender.code)

    def _ripe(self, stream: Stream, name: str, increment: float) -> bool:
        """Let the pressure for one answer grow; return whether it is due."""
        key = f"{stream}|{name}"
        self.pressure[key] = self.pressure.get(key, 0.0) + increment
        cell = draws.cell(self.code, name)
        due: float = draws.waiting(self.model.run_seed, self.model.run, int(stream), 0, cell)
        return self.pressure[key] >= due

    def explain(self) -> str:
        """Return what the state answered, and to whom."""
        date = self.model.setting.date_of
        answers = [f"  {date(day)}  {code}" for code, day in self.issued.items()]
        listed = ", ".join(f"{code} ({date(day)})" for code, day in self.listed.items()) or "nobody"
        head = f"{self.code} ({self.name}) has lost {self.loss:.2f} % of GDP and answered:"
        return "\n".join([head, *answers, f"  on its list: {listed}"])


class CouncilAgent(mesa.Agent):
    """The council of a union: members want, object, and decide together.

    Attributes
    ----------
    pressure, threshold : (n_acts,) float64
        As for a sender.
    passed, blocked : (n_acts,) int64
        Day on which an act passed, and on which it was first blocked; -1 for never.
    """

    model: SanctionsModel

    def __init__(self, model: SanctionsModel, seat: Council, cells: np.ndarray) -> None:
        super().__init__(model)
        n_acts = len(model.setting.acts)
        self.seat = seat
        self.code = seat.institution.code
        self.members = [model.senders[member] for member in seat.members]
        self.agenda: list[int] = np.flatnonzero(self.members[0].by_council).tolist()
        self.pressure = np.zeros(n_acts)
        self.threshold = model.waiting_times(Stream.COUNCIL, cells)
        self.passed = np.full(n_acts, NEVER, dtype=np.int64)
        self.blocked = np.full(n_acts, NEVER, dtype=np.int64)
        self.decided: list[int] = []

    def deliberate(self) -> None:
        """Let the members' common wish grow; pass what is ripe and not blocked."""
        self.decided = []
        for act in self.agenda:
            if self.passed[act] != NEVER:
                continue
            self.pressure[act] += hazard.hazard(self.wish(act), 1.0)
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
            self.passed[act] = self.model.day
            for member in self.members:
                self.model.announce(member, act)
            effective = max(self.model.effective[member.seat, act] for member in self.members)
            self.model.record_measure(self.code, act, effective)

    def wish(self, act: int) -> float:
        """Return the log hazard of the council: its members', weighted by their voice."""
        weights, total = self.model.setting.weights, 0.0
        for member, voice in zip(self.members, self.seat.voice, strict=True):
            total += voice * hazard.log_hazard(member.weighed[act], weights)
        return total

    def objectors(self, act: int) -> list[int]:
        """Return which members object, as positions among the members."""
        levers, cost = self.model.setting.config.coordination, self.model.setting.cost
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


class SanctionsModel(mesa.Model):
    """One run.

    Parameters
    ----------
    setting : Setting
        World and configuration.
    seed, run : int
        Key of all draws; Mesa's own generator is not used.

    Attributes
    ----------
    day : int
        Days since the start.
    announced, effective : (n_senders, n_acts) int64
        Days, -1 for never.
    exempt : (n_senders, n_acts) bool
        Carve-outs.
    covered : (n_senders, n_targets, 3, n_sectors) float64
        Share of trade that the measures in effect cover, by channel.
    leak : (n_targets,) float64
        Share of covered trade that finds another way.
    records : Records
        What happened.
    """

    def __init__(self, setting: Setting, seed: int, run: int = 0) -> None:
        super().__init__(rng=0)
        self.setting, self.run_seed, self.run = setting, seed, run
        shape = setting.adoption_cell.shape
        self.day = -1
        self.announced = np.full(shape, NEVER, dtype=np.int64)
        self.effective = np.full(shape, NEVER, dtype=np.int64)
        self.exempt = np.zeros(shape, dtype=bool)
        n_targets, n_sectors = setting.targets.size, len(setting.exposure.sectors)
        self.covered = np.zeros((shape[0], n_targets, 3, n_sectors))
        self.leak = np.zeros(n_targets)
        self.talk_pressure = 0.0
        self.settled_day = NEVER
        self.records = Records(setting)
        self.states = self._make_states()
        self.senders = [state for state in self.states if isinstance(state, Sender)]
        self.targets = [state for state in self.states if isinstance(state, Target)]
        self.councils = [
            CouncilAgent(self, seat, cells)
            for seat, cells in zip(setting.councils, setting.council_cell, strict=True)
        ]
        self._record_outside_events()

    def step(self) -> None:
        """Advance by one step: its days one by one, then what follows from them."""
        for _ in range(self.setting.config.scenario.step_days):
            self.day += 1
            for phase in DAILY_PHASES:
                getattr(self, phase)()
        for phase in STEP_PHASES:
            getattr(self, phase)()

    # The phases, in the order of DAILY_PHASES and STEP_PHASES.

    def events(self) -> None:
        """Learn of the day's events, and of the others' acts up to yesterday."""
        setting, levers = self.setting, self.setting.config.coordination
        self.severity = float(setting.severity[self.day])
        self.urgency = float(setting.urgency[self.day])
        self.shock = float(terms.shock(self.urgency))
        self.peer, self.recent, self.lead, self.bloc = observe.peers(
            self.announced,
            self.day,
            levers.information_delay_days,
            setting.config.rule.memory_days,
            setting.ties,
            setting.ties_outside,
            setting.council_of,
            setting.lead_share,
            setting.fellows,
        )

    def consult(self) -> None:
        """Hold the day's meetings: what one participant drafts lies on the table of all."""
        for sender in self.senders:
            sender.on_table[:] = False
        if not self.setting.config.coordination.consultation:
            return
        for institution, interval in enumerate(self.setting.interval):
            if consult.meets(self.day, self.setting.first_meeting, interval):
                members = self.setting.fellows[institution]
                table = [s for s in self.senders if members[s.seat]]
                for act in range(len(self.setting.acts)):
                    if any(sender.drafts(act) for sender in table):
                        for sender in table:
                            sender.on_table[act] = True

    def decide(self) -> None:
        """Senders weigh every open act."""
        for sender in self.senders:
            sender.decide()

    def council(self) -> None:
        """Councils decide for their members."""
        for body in self.councils:
            body.deliberate()

    def commit(self) -> None:
        """All announce at once what they decided on the same past."""
        for sender in self.senders:
            sender.commit()
        for body in self.councils:
            body.commit()

    def respond(self) -> None:
        """Targets answer those who acted."""
        for target in self.targets:
            target.respond()

    def divert(self) -> None:
        """Third states learn to carry what is covered."""
        setting, economy = self.setting, self.setting.config.economy
        self.covered = observe.covered(
            self.effective,
            self.exempt,
            self.day,
            setting.coverage,
            setting.aimed_at,
            setting.targets.size,
        )
        for target in self.targets:
            since = self.days_in_effect(target)
            self.leak[target.number] = divert.leak(since, economy.leak_max, economy.learning_days)

    def enforce(self) -> None:
        """Enforcement cuts the leak; the third states share what is left."""
        for number in range(self.leak.size):
            kept = divert.enforced(self.leak[number], self.setting.config.economy.enforcement)
            self.leak[number] = kept
        carried = diverted(
            self.covered,
            self.leak,
            self.setting.senders,
            self.setting.targets,
            self.setting.exposure.flow_bn,
            self.setting.carrier_share,
        )
        for state in self.states:
            state.diverted_bn = float(carried[state.position])

    def price(self) -> None:
        """Price what the measures in effect cost every state."""
        loss = self.setting.exposure.losses(self.covered, self.leak, self.rents())
        for state in self.states:
            state.loss = float(loss[state.position])

    def rents(self) -> np.ndarray:
        """Return what each target pays to each state under a price cap and for leaked goods."""
        setting, cap = self.setting, self.setting.cap
        in_force = (self.effective != NEVER) & (self.effective <= self.day) & ~self.exempt
        capping = np.zeros((setting.senders.size, setting.targets.size))
        for act, aim in enumerate(setting.acts):
            if cap is not None and aim.measure.code == cap.instrument:
                capping[:, setting.aimed_at[act]] = in_force[:, act]
        rent: np.ndarray = rents(
            capping,
            self.covered,
            self.leak,
            setting.senders,
            setting.targets,
            setting.exposure.flow_bn,
            np.zeros(self.covered.shape[3]) if cap is None else cap.capped,
            0.0 if cap is None else cap.discount,
            setting.services,
            setting.carrier_share,
            PREMIUM,
        )
        return rent

    def talk(self) -> None:
        """Hold the step's rounds of talks; a settlement is recorded, nothing is lifted yet."""
        society = self.setting.config.society
        first = self.day + 1 - self.setting.config.scenario.step_days
        loss = max(target.loss for target in self.targets)
        due = draws.waiting(self.run_seed, self.run, int(Stream.SETTLE), 0, draws.cell("talks"))
        for day in range(first, self.day + 1):
            for _ in range(self.setting.rounds[day]):
                eta = talk.log_hazard(society.settlement, loss, society.settlement_loss)
                self.talk_pressure += talk.round_hazard(eta)
                if self.settled_day == NEVER and self.talk_pressure >= due:
                    self.settled_day = day
                    self.records.event(day, "talks", "settlement", "settlement")

    def update(self) -> None:
        """Moods follow events and costs."""
        for sender in self.senders:
            sender.update()

    def measure(self) -> None:
        """Write down the state of the world at the end of the step."""
        self.records.step(self)

    # What agents ask the model.

    def waiting_times(self, stream: Stream, cells: np.ndarray) -> np.ndarray:
        """Return the thresholds of decisions, shape of `cells`, each > 0."""
        return np.array(
            [draws.waiting(self.run_seed, self.run, int(stream), 0, int(cell)) for cell in cells]
        )

    def council_for(self, sender: Sender, act: int) -> CouncilAgent | None:
        """Return the council that decides on an act for a sender, if any."""
        position = self.setting.council_of[sender.seat, act]
        return None if position < 0 else self.councils[position]

    def announce(self, sender: Sender, act: int) -> None:
        """Enter an announcement and its effective day."""
        self.announced[sender.seat, act] = self.day
        self.effective[sender.seat, act] = commit.effective_day(
            self.day, self.setting.legal_lag[sender.seat], self.setting.lag[act]
        )

    def record_measure(self, actor: str, act: int, effective: int) -> None:
        """Write down an announcement by a state or a council."""
        kind = "measure" if actor in self.setting.world.states else "council"
        aim = self.setting.acts[act]
        self.records.event(self.day, actor, kind, aim.measure.code, aim.target, effective)

    def signals_against(self, target: Target) -> float:
        """Return the summed signal of the acts against a target up to yesterday."""
        setting = self.setting
        total: float = observe.signals(
            self.announced,
            self.day,
            setting.signal,
            setting.aimed_at,
            setting.gdp_share,
            target.number,
        )
        return total

    def has_acted(self, sender: Sender, target: Target) -> bool:
        """Return whether a sender had announced an act against a target by yesterday."""
        against = sender.announced[self.setting.aimed_at == target.number]
        return bool(((against != NEVER) & (against < self.day)).any())

    def days_in_effect(self, target: Target) -> float:
        """Return the days since the first act against a target took effect, 0 before."""
        days = self.effective[:, self.setting.aimed_at == target.number]
        begun = days[(days != NEVER) & (days <= self.day)]
        return float(self.day - begun.min()) if begun.size else 0.0

    def state(self, code: str) -> Any:
        """Return the agent of a state."""
        return self.states[self.setting.world.index(code)]

    def find_act(self, instrument: str, target: str = "") -> int:
        """Return the position of an act; InputError if the run has none of that name."""
        return self.setting.find_act(instrument, target)

    def label(self, act: int) -> str:
        """Return an act in words."""
        aim = self.setting.acts[act]
        return f"{aim.measure.label.lower()} against {aim.target}"

    def _make_states(self) -> list[State]:
        seats = {int(position): seat for seat, position in enumerate(self.setting.senders)}
        numbers = {int(position): number for number, position in enumerate(self.setting.targets)}
        states: list[State] = []
        for position in range(len(self.setting.world.states)):
            if position in seats:
                states.append(Sender(self, position, seats[position]))
            elif position in numbers:
                states.append(Target(self, position, numbers[position]))
            else:
                states.append(State(self, position))
        return states

    def _record_outside_events(self) -> None:
        for event in self.setting.world.events:
            day = (event.date - self.setting.start).days
            if 0 <= day < self.setting.n_days:
                kind = "talks" if event.kind == "talks" else "event"
                self.records.event(day, "world", kind, event.kind, detail=event.label)
