"""One run as a Mesa model: agents to look at, to step and to ask.

A step is `step_days` long. Allies act, talk and change their minds on days, so the phases run on
each of them; what follows from the acts is priced and measured once a step, on its last day. The
order stands here, nowhere else.
"""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

from sim import draws, observe
from sim.agents import NEVER, CouncilAgent, Sender, State, Target, ThirdState
from sim.draws import Stream
from sim.economy import currency
from sim.economy.exposure import Exposure
from sim.economy.losses import diverted, last_in_damage
from sim.economy.shocks import rents
from sim.economy.transfers import compensated, shared_losses
from sim.records import Records, outside_events, wave_in_words
from sim.rules import clock, commit, divert, enforce, events, talk, terms, third
from sim.setting import Setting
from sim.setting.setting import Floats, Ints

PHASES = (
    "events", "consult", "decide", "council", "commit", "respond",
    "divert", "enforce", "price", "talk", "update", "measure",
)  # fmt: skip
ONCE_A_STEP = ("divert", "enforce", "price", "measure")


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
    announced, effective : (n_senders, n_acts, n_waves) int64
        Days, -1 for never.
    exempt, settled : (n_senders, n_acts) bool
        Carve-outs; objections in councils that have been settled, so or otherwise.
    met : (n_senders, n_senders) int64
        Day on which two senders last met, -1 for never.
    relation : (n_states, n_targets) float64
        In [-1, 1].
    covered : (n_senders, n_targets, n_channels, n_sectors) float64
        Share of trade that the measures and answers in effect cover.
    leak : (n_targets,) float64
        Share of covered trade that finds another way.
    crypto_bn : (n_targets,) float64
        Of it, paid in cryptocurrencies, USD billion a year.
    sold_bn : (n_targets,) float64
        All that the senders sell to each target, USD billion a year.
    damage : (n_senders, n_acts) float64
        What each act would add to its target's loss, percent of the sender's GDP.
    belief : float
        Bystanders' belief in the coalition's resolve, in [0, 1].
    attempt_hazard : float
        Summed hazard of an attempt in the theatre. An indicator.
    common : float
        What all log hazards of adopting have in common today.
    records : Records
        What happened.
    """

    def __init__(self, setting: Setting, seed: int, run: int = 0) -> None:
        super().__init__(rng=0)
        self.setting, self.run_seed, self.run = setting, seed, run
        n_senders, n_acts = setting.adoption_cell.shape
        shape = n_senders, n_acts, int(setting.menu.waves.max())
        n_targets = setting.targets.size
        self.day = -1
        self.announced = np.full(shape, NEVER, dtype=np.int64)
        self.effective = np.full(shape, NEVER, dtype=np.int64)
        self.exempt = np.zeros(shape[:2], dtype=bool)
        self.settled = np.zeros(shape[:2], dtype=bool)
        self.met = np.full((n_senders, n_senders), NEVER, dtype=np.int64)
        self.relation = setting.thirds.relation.copy()
        self.level = np.zeros(shape[:2], dtype=np.int64)
        self.covered: Floats = np.zeros(setting.exposure.target_share.shape)
        self.leak = np.zeros(n_targets)
        self.carried = np.zeros((n_targets, len(setting.world.states)))
        self.carrier_share = setting.thirds.carrier_share
        self.premium = setting.config.evasion.premium
        self.crypto_bn = np.zeros(n_targets)
        self.whole = setting.covers[setting.config.economy.elasticity].whole()
        self.sold_bn = setting.exposure.trade_covered(np.ones_like(self.covered))[:, 0]
        self.damage = np.zeros(shape[:2])
        self.belief = setting.config.third.belief
        self.attempt_hazard = 0.0
        self.escalations: list[int] = []
        self.escalation_pressure = 0.0
        self.random_rounds: list[int] = []
        self.round_pressure = self.talk_pressure = 0.0
        self.settled_day = NEVER
        self.records = Records(setting)
        self.states = self._make_states()
        self.senders = [state for state in self.states if isinstance(state, Sender)]
        self.targets = [state for state in self.states if isinstance(state, Target)]
        self.thirds = [state for state in self.states if isinstance(state, ThirdState)]
        self.councils = [
            CouncilAgent(self, seat, cells)
            for seat, cells in zip(setting.councils, setting.council_cell, strict=True)
        ]
        outside_events(self.records)
        self._weigh_damage()

    def step(self) -> None:
        """Advance by one step, day by day; price and measure on its last day."""
        last_day = self.day + self.setting.config.scenario.step_days
        while self.day < last_day:
            self.day += 1
            for phase in PHASES:
                if self.day == last_day or phase not in ONCE_A_STEP:
                    getattr(self, phase)()

    # The phases, in the order of PHASES.

    def events(self) -> None:
        """Learn of the day's events, and of the others' acts up to yesterday."""
        setting = self.setting
        self._escalate()
        self.severity, self.urgency = self._course_of_war()
        self.shock = float(terms.shock(self.urgency))
        self.common = sum(added for _, _, _, added in self.common_terms(self.day))
        self.peer, self.recent, self.lead, self.bloc = observe.peers(
            self.announced,
            self.day,
            setting.config.coordination.information_delay_days,
            self.met,
            setting.config.rule.memory_days,
            setting.alliance.ties,
            setting.alliance.ties_outside,
            setting.menu.council_of,
            setting.alliance.lead_share,
            setting.alliance.fellows,
        )

    def consult(self) -> None:
        """Hold the day's meetings: those who meet tell each other what they have done."""
        meetings = self.setting.meetings
        for seats in meetings.seats[meetings.day == self.day]:
            self.met[np.ix_(seats, seats)] = self.day

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
        for day, act in self.setting.imposed_acts:
            if day == self.day:
                self._impose(act)

    def respond(self) -> None:
        """Targets answer those who acted; the others protest, take a stance, draw nearer."""
        for state in (*self.targets, *self.senders, *self.thirds):
            state.respond()

    def divert(self) -> None:
        """Third states carry what is covered, as far as they have learnt, want and dare."""
        setting, evasion = self.setting, self.setting.config.evasion
        self._take_effect()
        self.covered = self.covered_at(setting.config.economy.elasticity)
        ready = self._ready_to_carry()
        for t, target in enumerate(self.targets):
            capacity = divert.leak(
                self.days_in_effect(target), evasion.leak_max, evasion.learning_days
            )
            self.carried[t] = capacity * setting.thirds.carrier_share[t] * ready[t]

    def enforce(self) -> None:
        """Enforcement cuts what comes through and makes it dearer; crypto stays capped."""
        setting, levers = self.setting, self.setting.config.coordination
        enforcement = self._joint_enforcement()
        self.carried = enforce.enforced(self.carried, enforcement)
        self.premium = enforce.premium_after(setting.config.evasion.premium, enforcement)
        goods = self.carried.sum(axis=1)
        self.carrier_share = np.divide(
            self.carried,
            goods[:, None],
            out=np.zeros_like(self.carried),
            where=goods[:, None] > 0.0,
        )
        gross = setting.exposure.trade_covered(self.covered)
        cut = gross[:, 0] * (1.0 - goods)
        for t, position in enumerate(setting.targets):
            use = setting.config.evasion.crypto_use * setting.world.crypto_index[position]
            cap = setting.config.evasion.crypto_cap_bn
            self.crypto_bn[t] = enforce.crypto_flow(cut[t] * use, cap, levers.aml_sharing)
            paid_around = self.crypto_bn[t] / cut[t] if cut[t] > 0.0 else 0.0
            self.leak[t] = divert.covered_after(goods[t], paid_around)
        volume = diverted(gross, goods, self.carrier_share)
        for state in self.states:
            state.diverted_bn = float(volume[state.position])

    def price(self) -> None:
        """Price what the measures in effect cost every state, and share it."""
        setting, levers = self.setting, self.setting.config.coordination
        loss = setting.exposure.losses(
            self.covered, self.leak, self.rents(setting.exposure), levers.scope_overlap
        )
        loss += setting.war.closed[self.day] * setting.closure[setting.config.economy.elasticity]
        member = np.zeros(loss.size, dtype=bool)
        member[setting.senders] = True
        leads = np.zeros(loss.size)
        leads[setting.senders] = setting.alliance.lead_share
        gdp = setting.world.gdp_bn
        loss, shared = shared_losses(loss, gdp, member, levers.burden_sharing)
        loss, paid = compensated(loss, gdp, member, leads, levers.side_payments_bn)
        for state in self.states:
            state.loss = float(loss[state.position])
            state.transfer_bn = float(shared[state.position] + paid[state.position])
        self._weigh_damage()
        for target in self.targets:
            self._move_currency(target)

    def talk(self) -> None:
        """Hold the day's rounds of talks, each with its small chance of a settlement."""
        society = self.setting.config.society
        loss = max(target.loss for target in self.targets)
        doubt = talk.doubt(self.belief)
        eta = talk.log_hazard(
            society.settlement, loss, society.settlement_loss, doubt, society.settlement_doubt
        )
        due = self.waiting(Stream.SETTLE, draws.cell("talks"), 0)
        for _ in range(self._rounds()):
            self.talk_pressure += talk.round_hazard(eta)
            if not self.is_settled() and self.talk_pressure >= due:
                self.settled_day = self.day
                self.records.event(self.day, "talks", "settlement", "settlement")

    def update(self) -> None:
        """Moods follow events and costs; bystanders learn what the coalition is made of."""
        for sender in self.senders:
            sender.update()
        views, setting = self.setting.config.third, self.setting
        self._take_effect()
        strength = observe.strength(self.level, setting.menu.waves, setting.alliance.gdp_share)
        challenger = setting.world.index(views.challenger)
        self.belief = third.belief_after(
            self.belief,
            strength,
            float(self.day - self.last_act()),
            views.patience_days,
            1.0,
            views.belief_days,
        )
        eta = third.attempt_log_hazard(
            views.attempt,
            self.belief,
            views.attempt_resolve,
            self.relation[challenger, 0],
            views.attempt_tie,
        )
        self.attempt_hazard += clock.yearly_hazard(eta, 1.0)

    def measure(self) -> None:
        """Write down the state of the world at the end of the step."""
        self.records.step(self)

    # What agents ask the model.

    def waiting(self, stream: Stream, cell: int, spell: int) -> float:
        """Return the summed hazard at which a waiting decision of this run is taken, > 0."""
        due: float = draws.waiting(self.run_seed, self.run, int(stream), spell, cell)
        return due

    def common_terms(self, day: int) -> list[tuple[str, float, float, float]]:
        """Return name, value, weight and addition of what the log hazards of a day share.

        What is off is left out.
        """
        rule, found = self.setting.config.rule, []
        if rule.weekend != 0.0:
            falls = float(clock.weekend(day, self.setting.start.weekday()))
            found.append(("weekend", falls, rule.weekend, rule.weekend * falls))
        return found + self._shock("frailty", Stream.FRAILTY, day, 0, rule.frailty_sd)

    def own_terms(
        self, decider: str, seats: Ints, act: int, day: int
    ) -> list[tuple[str, float, float, float]]:
        """Return the same of what a decision shares with others of its table, or of its own day.

        Parameters
        ----------
        decider : str
            A sender or a council, whose members hold the `seats`.
        """
        rule = self.setting.config.rule
        if self.setting.meetings.at_table[day, seats].all():
            cell = int(self.setting.package_cell[act])
            return self._shock("package", Stream.PACKAGE, day, cell, rule.package_sd)
        return self._shock("agenda", Stream.AGENDA, day, draws.cell(decider), rule.agenda_sd)

    def _shock(
        self, name: str, stream: Stream, day: int, cell: int, spread: float
    ) -> list[tuple[str, float, float, float]]:
        if spread == 0.0:
            return []
        from sim.engine.shocks import factors

        at = draws.stratum_of_day(self.run_seed, self.run, int(stream), day, cell)
        added = float(np.log(factors(spread)[at]))
        return [(name, added, spread, added)]

    def shared(self, decider: str, seats: Ints, act: int) -> float:
        """Return what all that a decision shares with others today adds to its log hazard."""
        own = self.own_terms(decider, seats, act, self.day)
        return self.common + sum(added for _, _, _, added in own)

    def is_settled(self) -> bool:
        """Return whether talks have settled the war."""
        return self.settled_day != NEVER

    def has_cause(self, act: int) -> bool:
        """Return whether there is a war whose violation the target of an act takes part in."""
        target = self.setting.menu.aimed_at[act]
        involvement = self.setting.war.involvement[target, self.day]
        return bool(self.severity > 0.0 and involvement > 0.0 and not self.is_settled())

    def council_for(self, sender: Sender, act: int) -> CouncilAgent | None:
        """Return the council that decides on an act for a sender, if any."""
        position = self.setting.menu.council_of[sender.seat, act]
        return None if position < 0 else self.councils[position]

    def announce(self, sender: Sender, act: int) -> None:
        """Enter the next wave of an act and its effective day."""
        wave, menu = sender.level[act], self.setting.menu
        self.announced[sender.seat, act, wave] = self.day
        self.effective[sender.seat, act, wave] = commit.effective_day(
            self.day,
            menu.legal_lag[sender.seat],
            # Parliament gives the power once; further waves are orders under it.
            menu.law_days[sender.seat, act] if wave == 0 else 0,
            menu.lag[act],
        )
        sender.level[act] += 1
        sender.new_spell(act)

    def withdraw(self, sender: Sender, act: int) -> None:
        """Take all waves of an act back."""
        self.announced[sender.seat, act] = NEVER
        self.effective[sender.seat, act] = NEVER
        sender.level[act] = 0
        sender.new_spell(act)
        aim = self.setting.acts[act]
        self.records.event(self.day, sender.code, "withdrawal", aim.measure.code, aim.target)

    def record_wave(self, actor: str, sender: Sender, act: int) -> None:
        """Write down the wave that a state or a council announced today."""
        kind = "measure" if actor in self.setting.world.states else "council"
        aim = self.setting.acts[act]
        self.records.event(
            self.day,
            actor,
            kind,
            aim.measure.code,
            aim.target,
            self.last_effective(sender, act),
            wave_in_words(aim, sender.level[act]),
        )

    def last_effective(self, sender: Sender, act: int) -> int:
        """Return the effective day of a sender's latest wave of an act."""
        return int(self.effective[sender.seat, act, sender.level[act] - 1])

    def signals_against(self, target: Target) -> float:
        """Return the summed signal of the acts against a target up to yesterday."""
        total: float = observe.joint_signal(
            self._signals()[target.number], self.setting.alliance.gdp_share
        )
        return total

    def signals_of(self, sender: Sender, target: Target) -> float:
        """Return the summed signal of one sender's acts against a target up to yesterday."""
        return float(self._signals()[target.number, sender.seat])

    def has_acted(self, sender: Sender, target: Target) -> bool:
        """Return whether a sender had announced more than words against a target by yesterday."""
        menu = self.setting.menu
        against = sender.announced[menu.deeds & (menu.aimed_at == target.number)]
        return bool(((against != NEVER) & (against < self.day)).any())

    def last_act(self) -> int:
        """Return the day of the latest act that stands, as known by now; 0 before the first."""
        return int(self.announced[self.announced < self.day].max(initial=0))

    def days_in_effect(self, target: Target) -> float:
        """Return the days since the first act against a target took effect, 0 before."""
        days = self.effective[:, self.setting.menu.aimed_at == target.number]
        begun = days[(days != NEVER) & (days <= self.day)]
        return float(self.day - begun.min()) if begun.size else 0.0

    def is_imposed(self, imposed: tuple[tuple[int, int], ...], position: int) -> bool:
        """Return whether the scenario has imposed an act or answer by today."""
        return any(where == position and day <= self.day for day, where in imposed)

    def move_relation(self, state: State, target: str, change: float) -> None:
        """Let a relation with a target change."""
        number = list(self.setting.config.scenario.targets).index(target)
        self.relation[state.position, number] = third.relation_after(
            self.relation[state.position, number], change
        )

    def covered_at(self, elasticity: str) -> np.ndarray:
        """Return the share of trade that what is in effect covers, at either elasticity.

        Bans stop what they stop; how much a cost of payments stops hangs on the elasticity.
        """
        setting, covers = self.setting, self.setting.covers[elasticity]
        covered = np.zeros_like(self.covered)
        observe.covered(
            self.level,
            covers.trade,
            covers.payments,
            setting.menu.aimed_at,
            np.array([target.answers_in_effect() for target in self.targets]),
            setting.answers.coverage,
            covered,
        )
        return covered

    def rents(self, exposure: Exposure) -> np.ndarray:
        """Return what each target pays to each state under a price cap and for what leaks."""
        setting = self.setting
        cap = np.zeros((setting.senders.size, setting.targets.size))
        for act in np.flatnonzero(setting.menu.caps):
            in_force = self.level[:, act] / setting.menu.waves[act]
            cap[:, setting.menu.aimed_at[act]] = in_force
        rent: np.ndarray = rents(
            cap,
            self.covered,
            self.leak,
            setting.senders,
            setting.targets,
            setting.exposure.flow_bn,
            np.zeros(self.covered.shape[3]) if setting.cap is None else setting.cap.capped,
            0.0 if setting.cap is None else setting.cap.discount,
            setting.services,
            self.carrier_share,
            self.premium,
            exposure.target_share,
            exposure.theta,
        )
        return rent

    def state(self, code: str) -> Any:
        """Return the agent of a state."""
        return self.states[self.setting.world.index(code)]

    def label(self, act: int) -> str:
        """Return an act in words."""
        aim = self.setting.acts[act]
        return f"{aim.measure.label.lower()} against {aim.target}"

    # Steps of the phases.

    def _escalate(self) -> None:
        """Let a random event happen, if the society of the run has any."""
        society = self.setting.config.society
        self.escalation_pressure += society.escalation / 7.0
        due = self.waiting(Stream.ESCALATE, draws.cell("war"), len(self.escalations))
        if not self.is_settled() and self.escalation_pressure >= due:
            self.escalation_pressure = 0.0
            self.escalations.append(self.day)
            self.records.event(self.day, "world", "event", "escalation", detail="random event")

    def _course_of_war(self) -> tuple[float, float]:
        war, society = self.setting.war, self.setting.config.society
        severity, urgency = float(war.severity[self.day]), float(war.urgency[self.day])
        for day in self.escalations:
            severity = events.severity_after(severity, society.escalation_severity)
            urgency += events.urgency_of(society.escalation_severity, float(self.day - day))
        return severity, urgency

    def _impose(self, act: int) -> None:
        """Let every sender carry out all waves of an act at once, without notice."""
        waves = int(self.setting.menu.waves[act])
        self.announced[:, act, :waves] = self.effective[:, act, :waves] = self.day
        for sender in self.senders:
            sender.level[act] = waves
            self.record_wave(sender.code, sender, act)

    def _take_effect(self) -> None:
        """Work out how many waves of each act are in effect today."""
        host = self.setting.menu.host
        observe.in_effect(self.effective, self.exempt, self.day, host, self.level)

    def _ready_to_carry(self) -> np.ndarray:
        """Return the share of its capacity that each state uses for each target."""
        ready = np.zeros((len(self.targets), len(self.states)))
        for state in self.thirds:
            carries = state.readiness() * (1.0 - state.compliance())
            ready[:, state.position] = carries
        # A target carries less for another the more of its own trade is covered.
        cut = self.setting.exposure.trade_covered(self.covered)[:, 0]
        for transit in self.targets:
            ready[:, transit.position] = divert.room(
                cut[transit.number], self.sold_bn[transit.number]
            )
        return ready

    def _joint_enforcement(self) -> float:
        """Return the enforcement of the coalition, by GDP, after sharing."""
        sharing = self.setting.config.coordination.enforcement_sharing
        efforts = [sender.enforcement() for sender in self.senders]
        best = max(efforts)
        return float(
            sum(
                share * enforce.shared_effort(own, best, sharing)
                for share, own in zip(self.setting.alliance.gdp_share, efforts, strict=True)
            )
        )

    def _weigh_damage(self) -> None:
        setting = self.setting
        exposure, menu = setting.exposure, setting.menu
        loss = last_in_damage(
            self.covered,
            self.leak,
            self.whole,
            menu.aimed_at,
            exposure.targets,
            exposure.marginal,
            exposure.target_share,
        )
        gdp = setting.world.gdp_bn
        target_gdp = gdp[setting.targets[menu.aimed_at]]
        self.damage = loss * target_gdp[None, :] / gdp[setting.senders][:, None]

    def _move_currency(self, target: Target) -> None:
        """Let a target's currency follow the step: who lost what trade, reserves and nerve."""
        setting = self.setting
        weights = currency.weights_of(setting.config.currency)
        position, t = int(setting.targets[target.number]), target.number
        lost = setting.exposure.trade_covered(self.covered)[t] * (1.0 - self.leak[t])
        flow = setting.exposure.flow_bn
        home = flow[position, position].sum()
        bought, sold = flow[:, position].sum() - home, flow[position].sum() - home
        excluded = self._bank_share_excluded(t)
        newly, target.excluded = max(excluded - target.excluded, 0.0), excluded
        for offset, day in enumerate(self._days_of_step()):
            alarm = currency.alarm(
                self._severity_on(day), newly if offset == 0 else 0.0, weights.exclusion
            )
            target.precaution = currency.precaution_after(
                target.precaution, alarm, 1.0, weights.fade_days
            )
            target.imports_lost = currency.felt_after(
                target.imports_lost, lost[0] / bought, 1.0, weights.delivery_days
            )
            target.exports_lost = currency.felt_after(
                target.exports_lost, lost[1] / sold, 1.0, weights.delivery_days
            )
        controls = target.has_in_force("capital_controls")
        drivers = currency.Drivers(
            export_loss=target.exports_lost,
            frozen=self._frozen_share(t),
            precaution=target.precaution,
            import_loss=target.imports_lost,
            repression=currency.repression(
                controls,
                controls,
                target.has_in_force("policy_rate"),
                target.has_in_force("gas_for_rubles"),
            ),
        )
        target.log_rate = float(currency.log_rate(drivers, weights))

    def _severity_on(self, day: int) -> float:
        """Return the severity of the events of one day."""
        severity = float(self.setting.war.day_severity[day])
        if day in self.escalations:
            random = self.setting.config.society.escalation_severity
            severity = events.severity_after(severity, random)
        return severity

    def _bank_share_excluded(self, target: int) -> float:
        """Return the share of a target's bank assets that SWIFT excludes."""
        menu, share = self.setting.menu, 0.0
        for act in np.flatnonzero(menu.excludes & (menu.aimed_at == target)):
            share = max(share, float(menu.hit_share[act, self.level[:, act].max()]))
        return share

    def _frozen_share(self, target: int) -> float:
        """Return the share of a target's reserves that lies where it is frozen."""
        setting = self.setting
        menu = setting.menu
        held = setting.world.reserves[setting.senders, setting.targets[target]]
        acts = menu.freezes & (menu.aimed_at == target)
        return float(held[(self.level[:, acts] > 0).any(axis=1)].sum())

    def _days_of_step(self) -> range:
        return range(self.day + 1 - self.setting.config.scenario.step_days, self.day + 1)

    def _rounds(self) -> int:
        """Return the number of rounds of talks today, dated and random ones."""
        rounds = int(self.setting.war.rounds[self.day])
        self.round_pressure += self.setting.config.society.talks / 7.0
        due = self.waiting(Stream.TALK, draws.cell("talks"), len(self.random_rounds))
        if not self.is_settled() and self.round_pressure >= due:
            self.round_pressure = 0.0
            self.random_rounds.append(self.day)
            self.records.event(self.day, "world", "talks", "talks", detail="a further round")
            rounds += 1
        return rounds

    def _signals(self) -> Floats:
        """Return each sender's signals against each target up to yesterday."""
        menu, own = self.setting.menu, np.zeros((len(self.targets), len(self.senders)))
        observe.signals(self.announced, self.day, menu.signal, menu.aimed_at, own)
        return own

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
                states.append(ThirdState(self, position))
        return states
