"""The model once more, plain and slow, from `docs/model.md`: what the engine is held against.

One run of a small world with dictionaries and loops, one method for each phase in the order of the
page. It shares with the engine the tables, what `given.py` names, and the draws; every rule, and
what surrounds it, is written here anew. Nothing is fast, nothing is clever.
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, timedelta

import prices
from given import YEAR, Given
from prices import ENDS, EXPORT, IMPORT, WAYS

from sim import draws
from sim.draws import Stream
from sim.engine.shocks import factors

BLOCKING = 0.35  # of the population, under a qualified majority
DAYS_OF = {"week": 7.0, "month": 30.0, "year": 365.25}
PHASES = (
    "events", "consult", "decide", "council", "commit", "respond",
    "hold_back", "divert", "enforce", "sell", "price", "exchange", "talk", "update", "measure",
)  # fmt: skip
ONCE_A_STEP = ("divert", "enforce", "sell", "price", "exchange", "measure")


def shock(seed, run, stream, day, names, spread):
    """Return what a shock that decisions share adds to the log hazard of each."""
    cell = draws.cell(*names) if names else 0
    if spread == 0.0:
        return 0.0
    return math.log(factors(spread)[draws.stratum_of_day(seed, run, int(stream), day, cell)])


class Run(Given):
    """A run: its state by name, its dated acts, and what it was at the end of each step."""

    def live(self):
        """Go through all days; return the run."""
        self.start()
        for day in range(self.setting.n_days):
            last = (day + 1) % self.config.scenario.step_days == 0
            for phase in PHASES:
                if last or phase not in ONCE_A_STEP:
                    getattr(self, phase)(day)
        self.conclude()
        return self

    def start(self):
        config = self.config
        self.severity, self.involvement = 0.0, dict(config.scenario.targets)
        self.triggers, self.rounds_today = [], 0
        self.closed = False
        self.open = {(i, a): self.is_open(i, a) for i in self.senders for a in self.acts}
        self.announced = {(i, a): [] for i in self.senders for a in self.acts}  # days of waves
        self.first_announced = {}
        self.withdrawn_on = []  # days
        self.spell = {(i, a): 0 for i in self.senders for a in self.acts}
        self.exempt, self.settled_objection = set(), set()
        self.blocked_on, self.passed = {}, {(c, a): 0 for c in self.councils for a in self.acts}
        self.met = defaultdict(list)
        self.sum = defaultdict(float)  # hazards summed so far
        self.count = defaultdict(int)  # spells of what happens again and again
        self.will, self.votes, self.leave = [], [], []
        self.relation = {
            (s, t): math.exp(-abs(self.view[s] - self.view[t]))
            for s in self.states
            for t in self.targets
        }
        self.support = dict.fromkeys(self.senders, config.society.support)
        self.loss = dict.fromkeys(self.states, 0.0)
        self.damage = {}
        self.transfer = dict.fromkeys(self.states, 0.0)
        self.issued, self.listed, self.cut_off, self.refused = {}, {}, {}, {}
        self.parts, self.worth = (
            {},
            {},
        )  # of answers given part by part: days, and what one is worth
        self.condemned, self.grievance = {}, {}
        self.leak = dict.fromkeys(self.targets, 0.0)
        self.crypto = dict.fromkeys(self.targets, 0.0)
        self.belief, self.attempt = config.third.belief, 0.0
        self.fear, self.run_on = dict.fromkeys(self.targets, 0.0), dict.fromkeys(self.targets, 0.0)
        self.unbought = dict.fromkeys(self.targets, 0.0)  # share of imports lost
        self.earned = {(t, fuel): 0.0 for t in self.targets for fuel in (True, False)}  # bn
        for target, fuel in self.earned:
            self.earned[target, fuel] = self.before_the_war(target, fuel)
        self.rate = dict.fromkeys(self.targets, 0.0)
        self.risk = dict.fromkeys(self.targets, 0.0)
        self.fame = dict.fromkeys(self.targets, 0.0)
        self.unsafe = dict.fromkeys(self.targets, (0.0, 0.0))  # banks, capital account
        self.fled = {t: dict.fromkeys(self.senders, 0.0) for t in self.targets}
        self.off_messages = dict.fromkeys(self.targets, 0.0)
        self.settled_on = None
        self.carried = {(t, s): 0.0 for t in self.targets for s in self.carrier_share[t]}
        self.ordered, self.under_way = {}, dict.fromkeys(self.carried, 0.0)
        self.premium = config.evasion.premium
        self.log, self.effective, self.steps, self.by_state = [], {}, [], []
        self.cover = self.covered({}, {})
        self.start_trade()
        self.work_out_damage()
        for day in sorted(d for d in self.dates if d < 0):
            for event in self.dates[day]:
                self.happen(event.kind, event.severity, event.state, day)

    def start_trade(self):
        """Let nothing be lost, rerouted, paid or adjusted to."""
        of_sectors = [(t, j) for t in self.targets for j in self.places]
        by_way = [(t, way) for t in self.targets for way in WAYS]
        self.withheld, self.withheld_third = dict.fromkeys(by_way, 0.0), dict.fromkeys(by_way, 0.0)
        self.may_hold = {
            (n, t): dict.fromkeys(self.touched, 0.0)
            for n in range(len(self.senders))
            for t in range(len(self.targets))
        }
        self.cut = {(t, way, j): 0.0 for t, j in of_sectors for way in WAYS}
        self.missing = dict(self.cut)
        self.maturity, self.adjusted = (
            dict.fromkeys(of_sectors, 0.0),
            dict.fromkeys(of_sectors, 0.0),
        )
        self.rerouted, self.unsold = dict.fromkeys(of_sectors, 0.0), dict.fromkeys(of_sectors, 0.0)
        self.discount, self.exports = dict.fromkeys(of_sectors, 0.0), dict.fromkeys(of_sectors, 0.0)
        self.rise = dict.fromkeys(self.places, 0.0)  # log of world prices
        self.contract_rise = dict.fromkeys(self.places, 0.0)
        self.paid_rise = {}
        self.hunted, self.shadow = set(), dict.fromkeys(self.targets, 0.0)
        self.revenue = dict.fromkeys(self.targets, 0.0)
        self.received = dict.fromkeys(self.states, 0.0)
        self.windfall = dict.fromkeys(self.states, 0.0)
        self.closure_adjusted, self.year_days = 0.0, 0
        self.year_loss = dict.fromkeys(self.states, 0.0)

    def write(self, day, kind, actor, what, whom=""):
        self.log.append((day, kind, actor, what, whom))

    def ripe(self, hazard, stream, spell, *names):
        """Add a hazard to the sum of a waiting decision; return whether it is taken."""
        self.sum[stream, names] += hazard
        cell = draws.cell(*names)
        return self.sum[stream, names] >= draws.waiting(
            self.seed, self.run, int(stream), spell, cell
        )

    def arrivals(self, hazard, stream, what, name):
        """Return how many of a Poisson process come on a day: what is left of a sum is kept."""
        self.sum[stream, (name,)] += hazard
        before = self.count[what]
        while True:
            key = self.seed, self.run, int(stream), self.count[what], draws.cell(name)
            if self.sum[stream, (name,)] < draws.waiting(*key):
                return self.count[what] - before
            self.sum[stream, (name,)] -= draws.waiting(*key)
            self.count[what] += 1

    def level(self, i, act):
        return len(self.announced[i, act])

    # 1 events -------------------------------------------------------------------------------

    def events(self, day):
        self.rounds_today = 0
        for event in self.dates[day]:
            self.happen(event.kind, event.severity, event.state, day)
            if event.kind == "talks":
                self.write(day, "talks", "world", "talks")
            else:
                self.write(day, "event", "world", event.kind, event.state)
        society = self.config.society
        if self.settled_on is not None:
            return
        rate = society.escalation / DAYS_OF["week"]
        for _ in range(self.arrivals(rate, Stream.ESCALATE, "escalation", "war")):
            self.happen("trigger", society.escalation_severity, "", day)
            self.write(day, "event", "world", "escalation")

    def happen(self, kind, severity, state, day):
        if kind == "trigger":
            self.severity = 1.0 - (1.0 - self.severity) * (1.0 - severity)
            self.triggers.append((day, severity))
        elif kind == "involvement" and state in self.involvement:
            self.involvement[state] = 1.0 - (1.0 - self.involvement[state]) * (1.0 - severity)
        elif kind == "closure":
            self.closed = True
        elif kind == "talks":
            self.rounds_today += 1

    def urgency(self, day):
        return sum(v / (1.0 + (day - since) / DAYS_OF["week"]) for since, v in self.triggers)

    # 2 consult ------------------------------------------------------------------------------

    def consult(self, day):
        for present in self.meetings[day]:
            for i in present:
                for j in present:
                    if i != j:
                        self.met[i, j].append(day)

    def known_on(self, i, j, act_day):
        """Return the first day on which i knows what j did on a day."""
        news = act_day + 1 + self.config.coordination.information_delay_days
        told = [met + 1 for met in self.met[i, j] if met > act_day]
        return min([news, *told])

    # 3 decide -------------------------------------------------------------------------------

    def needs_council(self, i, act):
        """Return the council without which a sender cannot take an act."""
        competence = self.measure_of[act].competence
        for council, members in self.councils.items():
            if i in members and competence == ("joint" if council == "ALLIES" else "eu"):
                return council
        return None

    def has_left(self, i, act):
        """Return whether something is left that a sender could decide on or have decided."""
        return self.open[i, act] and self.level(i, act) < self.measure_of[act].waves

    def must_wait(self, i, act):
        """Return whether a union has not taken yet what a sender may only take over from it."""
        for g in self.world.institutions if self.config.coordination.takes_over else ():
            members = self.councils.get(g.takes_over, [])
            if (
                i in g.members
                and i not in members
                and any(self.needs_council(m, act) and self.open[m, act] for m in members)
            ):
                return self.passed[g.takes_over, act] <= self.level(i, act)
        return False

    def is_open(self, i, act):
        """Return whether a measure is one that a sender could take in this run."""
        measure = self.measure_of[act]
        n = self.place[i]
        if measure.code in self.config.scenario.imposed or (i, act) in self.before:
            return False
        if measure.competence == "joint" and len(self.senders) == 1:
            return False
        if measure.needs == "flights" and not self.world.flights[n]:
            return False
        if measure.needs == "gas" and not self.world.pipeline_bcm[n] > 0.0:
            return False
        decided = any(self.decides(c, act) for c in self.councils)
        return decided or (i, act) not in self.objection

    def has_cause(self, act):
        """Return whether there is a violation in which the target takes part, and no settlement."""
        return self.severity > 0.0 and self.involvement[act[1]] > 0.0 and self.settled_on is None

    def decide(self, day):
        self.will, self.leave = [], []
        for i in self.senders:
            for act in self.acts:
                is_free = not self.needs_council(i, act) and not self.must_wait(i, act)
                if self.has_cause(act) and self.has_left(i, act) and is_free:
                    eta = self.log_hazard(day, i, act) + self.shared(day, act, i, [i])
                    if self.ripe(
                        math.exp(eta) / DAYS_OF["week"], Stream.ADOPT, self.spell[i, act], i, *act
                    ):
                        self.will.append((i, act))
                self.consider_leaving(day, i, act)

    def consider_leaving(self, day, i, act):
        measure, society = self.measure_of[act], self.config.society
        if not self.announced[i, act] or measure.code in self.config.scenario.imposed:
            return
        if self.settled_on is not None:
            hazard = measure.reversibility / society.easing_days
        elif self.held[i]:
            return
        else:
            hazard = (
                society.backslide
                * (2.0 - self.support[i])
                * measure.reversibility
                / DAYS_OF["month"]
            )
        if self.ripe(hazard, Stream.WITHDRAW, self.spell[i, act], i, *act):
            self.leave.append((i, act))

    def shared(self, day, act, decider, members):
        rule = self.config.rule
        weekday = (self.setting.start.toordinal() + day - 1) % 7
        added = rule.weekend if weekday >= 5 else 0.0
        added += shock(self.seed, self.run, Stream.FRAILTY, day, (), rule.frailty_sd)
        if all(self.at_table[day, i] for i in members):
            return added + shock(
                self.seed, self.run, Stream.PACKAGE, day, ("table", *act), rule.package_sd
            )
        return added + shock(self.seed, self.run, Stream.AGENDA, day, (decider,), rule.agenda_sd)

    def ahead(self, day, i, act):
        """Return the days since the last wave i knows of, for each sender that is ahead of it."""
        delay = self.config.coordination.information_delay_days
        found = {}
        for j in self.senders:
            known = [d for d in self.announced[j, act] if self.known_on(i, j, d) <= day]
            if j != i and len(known) > self.level(i, act):
                found[j] = max(day - (max(known) + 1 + delay), 0)
        return found

    def terms(self, day, i, act):
        rule, measure = self.config.rule, self.measure_of[act]
        ahead, shock_ = self.ahead(day, i, act), math.log(max(self.urgency(day), 1e-6))
        council = self.needs_council(i, act)
        tie = self.tie_outside if council else self.tie
        leaders = self.leaders()
        bloc = 0.0
        for members in self.fellows.values():
            others = [j for j in members if j != i]
            if council:
                others = [j for j in others if j not in self.councils[council]]
            if i in members and others:
                bloc = max(bloc, sum(j in ahead for j in others) / len(others))
        n = self.place[i]
        if measure.scope == "transport":
            retaliation = self.world.overflight[n]
        else:
            retaliation = self.fuel_share[i] * measure.signal
        return {
            "effect": self.effect[i, act] + rule.measure_pace.get(act[0], 0.0) * shock_,
            "severity": self.severity,
            "involvement": self.involvement[act[1]],
            "restraint": 0.0 if measure.targeted else 1.0 - self.severity,
            "shock": shock_,
            "meeting": 1.0 if self.lately[day, i] else 0.0,
            "peer": sum(tie[i, j] for j in ahead),
            "recent": sum(
                tie[i, j] * math.exp(-since / rule.memory_days) for j, since in ahead.items()
            ),
            "lead": sum(j in ahead for j in leaders) / len(leaders) if leaders else 0.0,
            "bloc": bloc,
            "frontline": self.near[i],
            "cost": 0.0 if measure.scope == "energy" else self.cost[i, act],
            "energy_cost": self.cost[i, act] if measure.scope == "energy" else 0.0,
            "retaliation": retaliation,
            "linkage": measure.signal if i in self.config.scenario.theatre else 0.0,
            "support": self.support[i] - 0.5,
            "relation": max(self.relation[i, act[1]], 0.0),
            "wave": 1.0 if self.level(i, act) > 0 else 0.0,
            "damage": self.damage.get((i, act), 0.0),
        }

    def log_hazard(self, day, i, act):
        """Return the log hazard per week of the next wave, by the rule of the run."""
        rule, levers, x = self.config.rule, self.config.coordination, self.terms(day, i, act)
        costs = rule.cost * x["cost"] + rule.energy_cost * x["energy_cost"]
        without_costs = (
            rule.intercept
            + x["effect"]
            + rule.severity * x["severity"]
            + rule.involvement * x["involvement"]
            - rule.restraint * x["restraint"]
            + rule.shock * x["shock"]
            + rule.frontline * x["frontline"]
            - rule.retaliation * x["retaliation"]
            + levers.issue_linkage * rule.linkage * x["linkage"]
            + rule.support * x["support"]
            - rule.relation * x["relation"]
            - rule.wave * x["wave"]
        )
        own = without_costs - costs
        share = 0.0
        if levers.peer_weight + levers.lead_weight > 0.0:
            share = levers.peer_weight * x["peer"] + levers.lead_weight * x["lead"]
            share /= levers.peer_weight + levers.lead_weight
        if rule.name == "independent":
            return own
        if rule.name == "threshold":
            if share >= self.follows_at[i] and share > 0.0:
                return max(
                    own, rule.follower_intercept + x["effect"] - costs - rule.wave * x["wave"]
                )
            return own
        if rule.name == "expected_utility":
            u = (
                without_costs
                + rule.utility_scale * (rule.benefit * x["damage"] - x["cost"] - x["energy_cost"])
                + rule.conformity * (share - self.follows_at[i])
            )
            if abs(u) > 30.0:  # the same to the last digit, and no overflow
                return u if u < 0.0 else math.log(u)
            return math.log(math.log1p(math.exp(u)))
        return (
            own
            + rule.meeting * x["meeting"]
            + levers.peer_weight
            * (rule.peer * x["peer"] + rule.recent * x["recent"] + rule.bloc * x["bloc"])
            + levers.lead_weight * rule.lead * x["lead"]
        )

    # 4 council ------------------------------------------------------------------------------

    def council(self, day):
        self.votes = []
        for council, members in self.councils.items():
            for act in self.acts:
                if self.decides(council, act):
                    self.deliberate(day, council, members, act)

    def decides(self, council, act):
        return self.measure_of[act].competence in (
            ("joint",) if council == "ALLIES" else ("eu", "shared")
        )

    def weights(self, council, members):
        """Return the weight of each member that speaks, and the rule."""
        if council == "ALLIES":
            return dict(self.gdp_share), "unanimity"
        levers = self.config.coordination
        rule = levers.council_rule
        if rule == "institution":
            rule = self.world.institution(council).council_rule
        people = {i: self.world.population_mn[self.place[i]] for i in members}
        if rule == "leaders":
            people = {i: p for i, p in people.items() if i in levers.council_leaders}
        total = sum(people.values())
        return {i: p / total for i, p in people.items()}, rule

    def deliberate(self, day, council, members, act):
        weight, rule = self.weights(council, members)
        left = [i for i in members if self.has_left(i, act) and i in weight]
        if (
            not left
            or not self.has_cause(act)
            or self.passed[council, act] >= self.measure_of[act].waves
        ):
            return
        total = sum(weight[i] for i in left)
        eta = sum(weight[i] * self.log_hazard(day, i, act) for i in left) / total
        eta += self.shared(day, act, council, members)
        if not self.ripe(
            math.exp(eta) / DAYS_OF["week"],
            Stream.COUNCIL,
            self.passed[council, act],
            council,
            *act,
        ):
            return
        objectors = [i for i in weight if self.objects(i, act)]
        against = sum(weight[i] for i in objectors)
        if against > (BLOCKING if rule == "majority" else 0.0):
            if (council, act) not in self.blocked_on:
                self.blocked_on[council, act] = day
                self.write(day, "blocked", council, *act)
            self.settle_objections(day, council, members, act)
        else:
            self.votes.append((council, act))

    def objects(self, i, act):
        if (i, act) in self.settled_objection:
            return False
        levers = self.config.coordination
        return (
            (i, act) in self.objection
            or i in levers.veto_players
            or self.cost[i, act] > levers.cost_tolerance
        )

    def settle_objections(self, day, council, members, act):
        exempted = False
        for i in members:
            days, exempt = self.objection.get(
                (i, act), (self.config.coordination.carve_out_days, True)
            )
            if self.objects(i, act) and day >= self.blocked_on[council, act] + days:
                self.settled_objection.add((i, act))
                if exempt:
                    self.exempt.add((i, act))
                    exempted = True
        if exempted:
            self.write(day, "carve_out", council, *act)

    # 5 commit -------------------------------------------------------------------------------

    def commit(self, day):
        for i, act in self.leave:
            self.announced[i, act] = []
            self.new_spell(i, act)
            self.write(day, "withdrawal", i, *act)
            self.withdrawn_on.append(day)
        for i, act in self.will:
            if (i, act) not in self.leave:
                self.announce(day, i, act)
                self.write_wave(day, "measure", i, [i], act)
        for council, act in self.votes:
            self.passed[council, act] += 1
            self.sum[Stream.COUNCIL, (council, *act)] = 0.0
            for i in self.councils[council]:
                if self.level(i, act) < self.passed[council, act] and self.has_left(i, act):
                    self.announce(day, i, act)
            self.write_wave(day, "council", council, self.councils[council], act)
        for act in self.acts:
            for i in self.senders if self.imposed_on(act[0]) == day else ():
                self.announced[i, act] = [day] * self.measure_of[act].waves
                self.first_announced.setdefault((i, act), day)
                self.write_wave(day, "measure", i, [i], act)

    def write_wave(self, day, kind, actor, members, act):
        """Write down a wave, and the day on which the last of its senders has it in effect."""
        self.write(day, kind, actor, *act)
        self.effective[day, kind, actor, *act] = max(
            self.effective_on(i, act, self.level(i, act) - 1)
            for i in members
            if self.level(i, act) > 0
        )

    def announce(self, day, i, act):
        self.announced[i, act].append(day)
        self.first_announced.setdefault((i, act), day)
        self.new_spell(i, act)

    def new_spell(self, i, act):
        self.spell[i, act] += 1
        self.sum[Stream.ADOPT, (i, *act)] = 0.0
        self.sum[Stream.WITHDRAW, (i, *act)] = 0.0

    def effective_on(self, i, act, wave):
        measure, n = self.measure_of[act], self.place[i]
        if measure.code in self.config.scenario.imposed:
            return self.announced[i, act][wave]
        lag = self.world.legal_lag_days[n] + self.config.scenario.extra_lag_days.get(i, 0)
        law = self.world.legislation_days[n] if measure.needs_law and wave == 0 else 0
        notice = measure.lag_days + self.phase_out_days(i, act)
        return self.announced[i, act][wave] + lag + notice + law

    def phase_out_days(self, i, act):
        """Return for how long contracts on a fuel run on, a union's by its people's mean share."""
        measure, (_, target) = self.measure_of[act], act
        if not measure.phase_out_fuel or target != self.targets[0]:
            return 0
        fellows = next((m for c, m in self.councils.items() if c != "ALLIES" and i in m), [i])
        fuel = ("coal", "oil", "gas").index(measure.phase_out_fuel)
        people = [self.world.population_mn[self.place[j]] for j in fellows]
        shares = [self.world.energy_share[self.place[j], fuel] for j in fellows]
        share = sum(p * s for p, s in zip(people, shares, strict=True)) / sum(people)
        return round(measure.phase_out_days * share)

    def has_begun(self, day, i, act, wave):
        return wave < self.level(i, act) and self.effective_on(i, act, wave) <= day

    def in_effect(self, day, i, act):
        """Return how many waves of an act bite."""
        host, waves = self.measure_of[act].host, range(self.level(i, act))
        if (i, act) in self.exempt or (host and not self.fellows[host]):
            return 0
        own = [w for w in waves if self.has_begun(day, i, act, w)]
        if host:
            own = [w for w in own if self.has_begun(day, self.fellows[host][0], act, w)]
        return len(own)

    # 6 respond ------------------------------------------------------------------------------

    def is_deed(self, act):
        return self.measure_of[act].scope != "diplomacy"

    def signals(self, day, i, target):
        """Return the signals of a sender's acts against a target that were announced before."""
        return sum(
            self.measure_of[act].signal
            for act in self.acts
            if act[1] == target and self.announced[i, act] and self.announced[i, act][0] < day
        )

    def joint_signals(self, day, target):
        return sum(self.gdp_share[i] * self.signals(day, i, target) for i in self.senders)

    def has_acted(self, day, i, target):
        return any(
            act[1] == target and self.is_deed(act) and any(d < day for d in self.announced[i, act])
            for act in self.acts
        )

    def respond(self, day):
        for target in self.targets:
            self.answer(day, target)
        for i in self.senders:
            for target in self.targets:
                self.protest(day, i, target)
        for state in self.states:
            if self.role[state] in ("hub", "bystander", "defender") and self.severity > 0.0:
                self.take_stance(day, state)
                for target in self.targets:
                    self.cooperate(day, state, target)

    def answer(self, day, target):
        for c, counter in enumerate(self.world.countermeasures):
            if target not in counter.issuers:
                continue
            if counter.aim == "each":
                for i in self.senders:
                    self.single_out(day, target, c, counter, i)
            else:
                self.answer_all(day, target, c, counter)
        self.add_to_list(day, target)

    def answer_hazard(self, counter, harm, cost, signals):
        response = self.config.response
        if signals <= 0.0:
            return 0.0
        eta = (
            response.intercept
            + counter.readiness
            + response.cost_elasticity * math.log(harm / cost)
        )
        return math.exp(eta + math.log(math.log(1.0 + signals))) / DAYS_OF["week"]

    def imposed_on(self, code):
        """Return the day on which the scenario imposes a measure or an answer, if it does."""
        text = self.config.scenario.imposed.get(code)
        return None if text is None else (date.fromisoformat(text) - self.setting.start).days

    def answer_all(self, day, target, c, counter):
        now = self.imposed_on(counter.code) == day
        if counter.by_part:
            self.throttle(day, target, c, counter, now)
            return
        if not now:
            if (target, counter.code) in self.issued:
                return
            t, answers = self.targets.index(target), self.setting.answers
            harm = sum(answers.harm[t, c, n] for n in range(len(self.senders)))
            cost = sum(answers.own_cost[t, c, n] for n in range(len(self.senders)))
            hazard = self.answer_hazard(counter, harm, cost, self.joint_signals(day, target))
            now = self.ripe(hazard, Stream.RESPOND, 0, target, counter.code)
        if not now:
            return
        self.issued[target, counter.code] = day
        self.write(day, "countermeasure", target, counter.code)
        for i in self.senders:
            if (target, i) in self.listed:
                self.worsen(i, target)

    def throttle(self, day, target, c, counter, now):
        """Hold back one more part of a fuel, if its buyers feel it enough for what it costs."""
        response, key = self.config.response, (target, counter.code)
        given = self.parts.setdefault(key, [])
        if not now and response.throttling > 0.0 and self.joint_signals(day, target) > 0.0:
            if day % self.config.scenario.step_days == 0:
                self.worth[key] = self.worth_of_a_part(day, target, c)
            hazard = self.answer_hazard(counter, 1.0, 1.0, self.joint_signals(day, target))
            hazard *= response.throttling * self.worth.get(key, 0.0)
            now = self.ripe(hazard, Stream.RESPOND, len(given), target, counter.code)
        if not now:
            return
        given.append(day)
        self.sum[Stream.RESPOND, (target, counter.code)] = 0.0
        self.issued.setdefault(key, day)
        self.write(day, "countermeasure", target, counter.code)
        for i in self.senders:
            if (target, i) in self.listed:
                self.worsen(i, target)

    def worth_of_a_part(self, day, target, c):
        """Return what buyers feel over what the target forgoes, to the power of that weight."""
        response, economy, t = self.config.response, self.config.economy, self.targets.index(target)
        if not economy.price_response:
            return 0.0
        can_hit = self.setting.answers.can_hit
        aimed = [i for i in self.senders if (target, i) in self.listed]
        felt = forgone = 0.0
        for j in self.fuels:
            answer = self.fact["supply_elasticity", j] + self.fact["demand_elasticity", j]
            if self.setting.answers.coverage[t, c, IMPORT, j] == 0.0 or answer == 0.0:
                continue
            sold = at_stake = 0.0
            for i in aimed:
                if can_hit[t, c, self.senders.index(i)]:
                    open_to = 1.0 - self.cover["fresh"][self.senders.index(i), t][IMPORT, j]
                    bought = self.sales(target, i, j) * open_to
                    sold += bought
                    at_stake += bought * self.years_left(day, i)
            if sold == 0.0:
                continue
            share = self.fact["contracted", j] * economy.contracts
            late = self.fact["contract_days", j] / 365.0
            paid = 1.0 - share * late * (1.0 - math.exp(-1.0 / late))
            left = {
                u: sum(bn for (a, b), bn in self.market[j].items() if a == self.place[u] != b)
                * (1.0 - self.unsold[u, j] / max(self.exported[u, j], 1e-300))
                for u in self.targets
            }
            others = sum(
                bn for (a, b), bn in self.market[j].items()
                if a == b or self.states[a] not in self.targets
            )  # fmt: skip
            own = left[target] / (others + sum(left.values()))
            imports = {b: self.imported(b, j) for b in range(len(self.states))}
            imported = sum(imports[self.place[i]] for i in aimed) / sum(imports.values())
            price = self.spot_price(day, j)
            felt += sold * price * imported * paid / answer
            forgone += sold * price * max(1.0 - paid * own / answer, 0.05)
            forgone += response.trust * at_stake
        return (felt / forgone) ** response.cost_elasticity if felt > 0.0 else 0.0

    def years_left(self, day, buyer):
        """Return for how many years a buyer counts as a customer."""
        years, today = self.config.response.contract_years, self.setting.start + timedelta(days=day)
        for leaving in self.world.leavings:
            if leaving.state == buyer and today >= leaving.told:
                return min(max((leaving.leaves - today).days / 365.0, 0.0), years)
        return years

    def single_out(self, day, target, c, counter, i):
        t, n = self.targets.index(target), self.senders.index(i)
        if not self.setting.answers.can_hit[t, c, n]:
            return
        now = self.imposed_on(counter.code) == day
        if not now:
            if (target, counter.code, i) in self.cut_off:
                return
            answers = self.setting.answers
            hazard = self.answer_hazard(
                counter,
                answers.harm[t, c, n],
                answers.own_cost[t, c, n],
                self.signals(day, i, target),
            )
            hazard *= self.occasion(day, target, counter, i)
            now = self.ripe(hazard, Stream.RESPOND, 0, target, counter.code, i)
        if now:
            self.cut_off[target, counter.code, i] = day
            self.write(day, "countermeasure", target, counter.code, i)
            self.wrong(day, i, target)

    def occasion(self, day, target, counter, i):
        """Return the factor of the hazard of singling a sender out: 0 before its trigger."""
        response = self.config.response
        if counter.fuel == "gas" and any(
            a[1] == target
            and self.measure_of[a].needs == "gas"
            and any(d < day for d in self.announced[i, a])
            for a in self.acts
        ):
            return 0.0
        if not self.has_acted(day, i, target):
            return 0.0
        act = (counter.trigger, target)
        if act in self.measure_of:
            return 1.0 if any(d < day for d in self.announced[i, act]) else 0.0
        if not counter.trigger:
            return 1.0
        demanded = self.issued.get((target, counter.trigger))
        if (
            demanded is None
            or (target, i) not in self.listed
            or day < demanded + response.payment_days
        ):
            return 0.0
        if (target, i) not in self.refused and self.refuses(target, i):
            self.refused[target, i] = day
            self.write(day, "refusal", i, counter.trigger, target)
        return 1.0 if (target, i) in self.refused else response.paying_factor

    def refuses(self, target, i):
        response, bcm = self.config.response, self.world.pipeline_bcm[self.place[i]]
        if any(
            p.state == i and p.instrument in ("gas_import_ban", "gas_purchase_stop")
            for p in self.world.positions
        ):
            return False
        odds = (
            response.refusal
            + response.refusal_nearness * self.near[i]
            - response.refusal_volume * math.log(bcm)
        )
        u = draws.uniform(self.seed, self.run, Stream.REFUSE, 0, draws.cell(target, i))
        return u < 1.0 / (1.0 + math.exp(-odds))

    def add_to_list(self, day, target):
        begun = self.issued.get((target, "unfriendly_list"))
        for i in self.senders:
            if begun is None or (target, i) in self.listed or not self.has_acted(day, i, target):
                continue
            hazard = 1.0 / self.config.response.listing_days
            if begun == day or self.ripe(hazard, Stream.LIST, 0, target, i):
                self.listed[target, i] = day
                self.write(day, "listed", target, "unfriendly_list", i)
                self.wrong(day, i, target)

    def worsen(self, i, target):
        r = self.relation[i, target]
        self.relation[i, target] = r - self.config.response.relation_step * (1.0 + r)

    def wrong(self, day, i, target):
        self.worsen(i, target)
        self.grievance.setdefault((i, target), day)

    def protest(self, day, i, target):
        if (i, target) not in self.grievance:
            return
        waited = (day - self.grievance[i, target]) / self.config.response.protest_days
        number = self.count["protest", i]
        due = draws.waiting(self.seed, self.run, int(Stream.PROTEST), number, draws.cell(i, target))
        if waited >= due:
            del self.grievance[i, target]
            self.count["protest", i] += 1
            self.write(day, "protest", i, "protest", target)
            self.worsen(i, target)

    def take_stance(self, day, state):
        third, first = self.config.third, self.targets[0]
        if state in self.condemned:
            return
        pact = sum(
            p["weight"]
            for p in self.world.pacts
            if p["layer"] == "consultation" and {p["state_a"], p["state_b"]} == {state, first}
        )
        odds = (
            third.condemn
            + third.condemn_distance * (self.view[state] - self.view[first])
            - third.condemn_pact * pact
        )
        u = draws.uniform(self.seed, self.run, Stream.STANCE, 0, draws.cell(state, first))
        if u >= 1.0 / (1.0 + math.exp(-odds)):
            return
        if self.ripe(self.severity / third.condemn_days, Stream.CONDEMN, 0, state, first):
            self.condemned[state] = day
            self.write(day, "stance", state, "condemn", first)

    def cooperate(self, day, state, target):
        third = self.config.third
        middle = sum(self.gdp_share[i] * self.view[i] for i in self.senders)
        nearer = abs(self.view[state] - self.view[target]) < abs(self.view[state] - middle)
        fellow = any(
            state in group.members and self.fellows[group.code] for group in self.world.institutions
        )
        if not nearer or fellow or state in self.condemned:
            return
        capability = (
            self.world.capability[self.place[state]] * self.world.capability[self.place[target]]
        )
        eta = (
            third.cooperation
            + third.cooperation_relation * self.relation[state, target]
            + third.cooperation_pressure * math.log(1.0 + self.joint_signals(day, target))
            + math.log(max(capability, 1e-12))
        )
        spell = self.count["cooperate", state, target]
        if self.ripe(math.exp(eta) / DAYS_OF["week"], Stream.COOPERATE, spell, state, target):
            self.sum[Stream.COOPERATE, (state, target)] = 0.0
            self.count["cooperate", state, target] += 1
            r = self.relation[state, target]
            self.relation[state, target] = r + third.cooperation_step * (1.0 - r)
            self.write(day, "cooperation", state, "defence_cooperation", target)

    # 7 hold back ----------------------------------------------------------------------------

    def hold_back(self, day):
        numbers = self.config.reluctance
        for target in self.targets:
            banks, closed = self.unsafe[target]
            self.fled[target] = {i: self.public(day, target, i) for i in self.senders}
            seen = sum(self.part_of_west(i) * self.fled[target][i] for i in self.senders)
            now = self.share_unsafe(day, target)
            controlled = max(seen * self.is_controlled(day, target), closed)
            self.unsafe[target] = now, controlled
            safe = 1.0 - max(now - banks, 0.0)
            safe *= 1.0 - numbers.controls * max(controlled - closed, 0.0)
            risk = 1.0 - (1.0 - self.risk[target]) * safe
            self.risk[target] = risk * math.exp(-1.0 / numbers.risk_days)
            fame = self.fame[target]
            pace = numbers.exit_days if seen > fame else numbers.return_days
            self.fame[target] = seen + (fame - seen) * math.exp(-1.0 / pace)
            for way in WAYS:
                risk = self.risk[target] * (1.0 if way == EXPORT else numbers.export_risk)
                risk *= numbers.payment_risk
                left = (1.0 - risk) * (1.0 - numbers.reputation * self.fame[target])
                self.withheld[target, way] = 1.0 - left
                self.withheld_third[target, way] = numbers.third * risk

    def part_of_west(self, i):
        """Return a sender's GDP in that of all senders that the world has, or the run if more."""
        roles = zip(self.world.states, self.world.roles, strict=True)
        of_world = sum(self.gdp[state] for state, role in roles if role == "sender")
        return self.gdp[i] / max(of_world, sum(self.gdp[i] for i in self.senders))

    def is_controlled(self, day, target):
        since = self.issued.get((target, "capital_controls"), math.inf)
        lags = [c.lag_days for c in self.world.countermeasures if c.code == "capital_controls"]
        return float(any(since + lag <= day for lag in lags))

    def share_unsafe(self, day, target):
        """Return the share of a target's bank assets that cannot be paid through."""
        widest = {
            i: max(
                self.bank_share[act, self.in_effect(day, i, act)]
                for act in self.acts
                if act[1] == target
            )
            for i in self.senders
        }
        by_gdp = sum(self.part_of_west(i) * share for i, share in widest.items())
        return max(by_gdp, self.share_cut_off(day, target))

    def public(self, day, target, i):
        """Return how far a sender's measures have made its firms leave, words apart."""
        done = sum(
            self.measure_of[act].signal * self.in_effect(day, i, act) / self.measure_of[act].waves
            for act in self.acts
            if act[1] == target and self.is_deed(act)
        )
        return min(done / self.config.reluctance.full_signals, 1.0)

    def reluctance(self, target, i):
        """Return what a sender's firms hold back, per what those do whose measures are broadest."""
        third = self.config.reluctance.third
        return third + (1.0 - third) * self.fled[target][i]

    def share_withheld(self, target):
        """Return what senders hold back of what they sell to a target and may sell."""
        may = held = 0.0
        for j in self.places:
            cut, sold = self.cut[target, EXPORT, j], self.of_senders(target, j)
            may += sold - cut
            held += self.missing[target, EXPORT, j] - cut
        return held / may if may > 0.0 else 0.0

    # 7 divert -------------------------------------------------------------------------------

    def divert(self, day):
        """Work out what is covered, and what third states would carry of it unhindered."""
        evasion, levels, answers = self.config.evasion, self.levels(day), self.answers_on(day)
        self.cover = self.covered(levels, answers)
        self.hold()
        share = {}
        for target in self.targets:
            begun = [
                self.effective_on(i, act, 0)
                for i in self.senders
                for act in self.acts
                if act[1] == target and self.has_begun(day, i, act, 0)
            ]
            days = day - min(begun, default=day)
            learnt = evasion.leak_max * (1.0 - math.exp(-days / evasion.learning_days))
            for state, weight in self.carrier_share[target].items():
                ready = self.readiness(state)
                if state in self.targets:
                    ready = self.still_open(target, state)
                share[target, state] = learnt * weight * ready
        cut = {t: self.imports_missing(t) for t in self.targets}
        for state in self.states:
            wanted = sum(share.get((t, state), 0.0) * cut[t] for t in self.targets)
            for t in self.targets:
                if wanted > self.most[state] and (t, state) in share:
                    share[t, state] *= self.most[state] / wanted
        before, self.ordered, self.carried = self.ordered, {}, {}
        for key, part in share.items():
            first, last = before.get(key, 0.0), part * cut[key[0]]
            lag, days = evasion.lag_days, self.config.scenario.step_days
            slope = (last - first) / days
            # On the line that orders grow along, less the lag; what lay off it fades.
            off = self.under_way[key] - (first - slope * lag)
            faded = off * math.exp(-days / lag) if lag > 0.0 else 0.0
            self.under_way[key] = last - slope * lag + faded
            self.ordered[key] = last
            sent = self.under_way[key] / cut[key[0]] if cut[key[0]] > 0.0 else part
            self.carried[key] = (1.0 - evasion.transit_loss) * sent

    def hold(self):
        """Work out what is covered at the elasticities of the day, and missing with what is held.

        What measures leave, and may be held back, is told at those of the short run.
        """
        exposures = self.setting.exposures
        for t, target in enumerate(self.targets):
            for n, i in enumerate(self.senders):
                covered = self.cover["fresh"][n, t]
                self.may_hold[n, t] = {
                    key: self.reluctance(target, i) * touched * (1.0 - covered[key])
                    for key, touched in self.touched.items()
                }
            for way, j in self.touched:
                old = prices.cover_weight(
                    self.maturity[target, j], exposures.fresh.theta[j], exposures.mature.theta[j]
                )
                cut = 0.0
                for end, weight in zip(ENDS, (1.0 - old, old), strict=True):
                    cut += weight * prices.traded(exposures.mature, self.cover[end], t, way, j)
                held = prices.traded(exposures.mature, self.may_hold, t, way, j)
                self.cut[target, way, j] = cut
                self.missing[target, way, j] = cut + held * self.withheld[target, way]

    def imports_missing(self, target):
        """Return what the senders would sell to a target and do not, USD billion a year."""
        return sum(self.missing[target, EXPORT, j] for j in self.places)

    def lost(self, target, way, j):
        """Return what a target does not buy or sell in the end, USD billion a year."""
        of_third = self.third[target, way, j] * self.withheld_third[target, way]
        by_pipe = way == IMPORT and self.fact["piped", j] > 0.0
        leak = 0.0 if by_pipe else self.leak[target]
        return self.missing[target, way, j] * (1.0 - leak) + of_third

    def still_open(self, target, way):
        """Return the share of what is missing at a target that may be sold to another one."""
        whole, left = self.imports_missing(target), 0.0
        for j in self.places:
            missing = self.missing[target, EXPORT, j]
            if missing > 0.0:
                sold = self.of_senders(way, j)
                there = self.missing[way, EXPORT, j] / sold if sold > 0.0 else 0.0
                here = missing / self.of_senders(target, j)
                left += missing * max(1.0 - there / here, 0.0)
        return left / whole if whole > 0.0 else 1.0

    def levels(self, day):
        return {(i, act): self.in_effect(day, i, act) for i in self.senders for act in self.acts}

    def answers_on(self, day):
        """Return what the answers cover that bite each sender, by sender and target."""
        biting = defaultdict(list)
        for c, counter in enumerate(self.world.countermeasures):
            for target in self.targets:
                for i in self.senders:
                    begun = self.cut_off.get((target, counter.code, i))
                    if counter.by_part:
                        biting[i, target] += self.parts_on(day, target, c, counter, i)
                        continue
                    if counter.aim == "senders" and self.is_aimed_at(day, target, counter, i):
                        begun = self.issued.get((target, counter.code))
                    if begun is not None and begun + counter.lag_days <= day:
                        at = list(self.targets).index(target)
                        biting[i, target].append(self.setting.answers.coverage[at, c])
        return biting

    def parts_on(self, day, target, c, counter, i):
        """Return what each part covers that is held back from a sender."""
        t, given = self.targets.index(target), self.parts.get((target, counter.code), [])
        hits = self.setting.answers.can_hit[t, c, self.senders.index(i)]
        if not given or not hits or not self.is_aimed_at(day, target, counter, i):
            return []
        waits = given[-1] + counter.lag_days > day
        if given[0] + counter.lag_days > day:
            return []
        return [self.setting.answers.coverage[t, c]] * (len(given) - waits)

    def is_aimed_at(self, day, target, counter, i):
        ordered = self.imposed_on(counter.code)
        return (target, i) in self.listed or (ordered is not None and ordered <= day)

    def readiness(self, state):
        evasion = self.config.evasion
        willing = evasion.willingness
        if state in self.condemned:
            willing *= evasion.condemned_factor
        willing = evasion.backing.get(state, willing)
        with_senders = sum(self.trade[state, i] + self.trade[i, state] for i in self.senders)
        with_all = sum(self.trade[state, s] + self.trade[s, state] for s in self.states)
        heeds = evasion.compliance * self.config.coordination.secondary_sanctions
        return willing * math.exp(-heeds * with_senders / with_all)

    # 8 enforce ------------------------------------------------------------------------------

    def enforce(self, day):
        evasion, levers = self.config.evasion, self.config.coordination
        effort = {i: min(1.0, 2.0 * evasion.enforcement * self.support[i]) for i in self.senders}
        best, sharing = max(effort.values()), levers.enforcement_sharing
        stopped = sum(self.gdp_share[i] * (e + sharing * (best - e)) for i, e in effort.items())
        self.premium = evasion.premium / (1.0 - min(stopped, 0.9))
        self.carried = {key: (1.0 - stopped) * share for key, share in self.carried.items()}
        for target in self.targets:
            goods = self.carried_by_all(target)
            for state in self.carrier_share[target] if goods > 1.0 else ():
                self.carried[target, state] /= goods
            goods = min(goods, 1.0)
            left = self.imports_missing(target) * (1.0 - goods)
            adoption = self.world.crypto_index[self.place[target]]
            most = evasion.crypto_cap_bn * (1.0 - levers.aml_sharing)
            self.crypto[target] = min(evasion.crypto_use * adoption * left, most)
            paid = self.crypto[target] / left if left > 0.0 else 0.0
            self.leak[target] = 1.0 - (1.0 - goods) * (1.0 - paid)

    def carried_by_all(self, target):
        return sum(self.carried[target, state] for state in self.carrier_share[target])

    # 9 sell ---------------------------------------------------------------------------------

    def sell(self, day):
        """Let prices answer to what is cut, and work out what targets earn and who pays whom."""
        self.received = dict.fromkeys(self.states, 0.0)
        self.windfall = dict.fromkeys(self.states, 0.0)
        for target in self.targets:
            for j in self.places:
                if self.exported[target, j] > 0.0:
                    self.lose_buyers(target, j)
        for j in self.fuels if self.config.economy.price_response else ():
            gone = sum(
                self.unsold[t, j] * (1.0 - self.bridged(j, self.maturity[t, j]))
                for t in self.targets
            )
            self.rise[j] = prices.price_rise(
                gone / self.size(j),
                self.fact["supply_elasticity", j],
                self.fact["demand_elasticity", j],
            )
        for j in self.fuels:
            self.settle(day, j)
        for target in self.targets:
            self.hunt(target)
            self.pay_premia(target)
            self.revenue[target] = 0.0
            for j in self.places:
                self.earn(day, target, j)
        for j in self.fuels:
            self.move_money(day, j)

    def lose_buyers(self, target, j):
        """Work out what of a target's exports goes to others, at what discount, or nowhere."""
        exported, days = self.exported[target, j], self.config.scenario.step_days
        cut = min(self.lost(target, IMPORT, j), exported)
        self.rerouted[target, j] = prices.rerouted_after(
            self.rerouted[target, j],
            self.fact["rerouted", j] * cut,
            days,
            self.fact["rerouting_days", j],
        )
        self.unsold[target, j] = cut - self.rerouted[target, j]
        self.discount[target, j] = 0.0
        if self.config.economy.price_response:
            exposures = self.setting.exposures
            short_run = self.fact["others_elasticity", j] or exposures.fresh.theta[j]
            theta = prices.theta_of_day(
                self.maturity[target, j], short_run, exposures.mature.theta[j]
            )
            self.discount[target, j] = prices.discount(
                cut / exported, self.unsold[target, j] / exported, theta
            )

    def bridged(self, j, maturity):
        """Return what of that which is missing stocks give, or below 0 what refills them."""
        economy = self.config.economy
        if not economy.stocks or economy.horizon != "path" or maturity >= 1.0:
            return 0.0
        age = -self.fact["adjustment_days", j] * math.log(1.0 - maturity)
        return prices.bridged(age, self.fact["stocked", j], self.fact["stock_days", j])

    def settle(self, day, j):
        """Let contracts follow what cuts add to a price."""
        spot = self.outside_price(day, j) * (math.exp(self.rise[j]) - 1.0)
        new = math.exp(-self.config.scenario.step_days / self.fact["contract_days", j])
        self.contract_rise[j] = spot + (self.contract_rise[j] - spot) * new
        share = self.fact["contracted", j] * self.config.economy.contracts
        self.paid_rise[j] = (1.0 - share) * spot + share * self.contract_rise[j]

    def world_price(self, day, j):
        """Return what is paid in the world, contracts included."""
        return self.outside_paid(day, j) + self.paid_rise.get(j, 0.0)

    def price_of(self, day, target, j):
        """Return what a target's exports are worth that partly follow the price of the world."""
        return 1.0 + self.followed[target, j] * (self.world_price(day, j) - 1.0)

    def spot_price(self, day, j):
        return self.outside_price(day, j) * math.exp(self.rise[j])

    def is_on_oil(self, act):
        """Return whether an act caps the price of oil or bans some of what is capped."""
        if "cap" in self.measure_of[act].effect:
            return True
        banned = self.covers["fresh", act, self.measure_of[act].waves][0]
        capped = self.setting.cap.capped if self.setting.cap else [0.0] * len(self.sectors)
        return any(banned[IMPORT, j] > 0.0 for j, share in enumerate(capped) if share > 0.0)

    def hunt(self, target):
        """Let a fleet grow that needs nobody, from the first word of a cap or a ban on oil."""
        if any(
            act[1] == target and self.is_on_oil(act) and days
            for (_, act), days in self.announced.items()
        ):
            self.hunted.add(target)
        if target in self.hunted:
            economy, days = self.config.economy, self.config.scenario.step_days
            left = (economy.shadow_fleet - self.shadow[target]) * math.exp(
                -days / economy.shadow_fleet_days
            )
            self.shadow[target] = economy.shadow_fleet - left

    def pay(self, payer, receiver, bn):
        self.received[payer] -= bn
        self.received[receiver] += bn

    def pay_premia(self, target):
        """Pay those who carry what is missing to a target."""
        t = self.targets.index(target)
        missing = [self.missing[target, EXPORT, j] for j in self.places]
        maturity = [self.maturity[target, j] for j in self.places]
        paid = prices.premium_paid(
            self.setting.exposures, maturity, missing, self.lost_trade(), t, self.premium
        )
        for state in self.carrier_share[target]:
            self.pay(target, state, paid * self.carried[target, state])

    def earn(self, day, target, j):
        """Work out what a target earns abroad in a sector, and what its treasury takes."""
        sold = self.exported[target, j] - self.unsold[target, j]
        price = self.price_of(day, target, j) * (1.0 - self.discount[target, j])
        value = max(sold * price - self.pay_under_cap(day, target, j), 0.0)
        self.exports[target, j] = value
        if sold > 0.0:
            margin = max(value / sold - self.fact["cost_share", j], 0.0)
            self.revenue[target] += sold * margin * self.fact["tax_take", j]

    def pay_under_cap(self, day, target, j):
        """Let buyers gain by a cap on the price; return all that they do, USD billion a year."""
        cap, left, t = self.setting.cap, 1.0 - self.leak[target], self.targets.index(target)
        who = self.who_has_in_effect(day, target, "cap")
        control = sum(self.setting.services[self.senders.index(i)] for i in who) * left
        if control == 0.0 or cap.capped[j] == 0.0:
            return 0.0
        still, banned = {}, 0.0
        for buyer in self.states:
            flow = self.setting.exposure.flow_bn[self.place[target], self.place[buyer], j]
            if buyer not in self.targets:
                still[buyer] = cap.capped[j] * flow
            if buyer in self.senders:
                share = self.cover["mature"][self.senders.index(buyer), t][IMPORT, j] * left
                gone = min(share, cap.capped[j]) * flow
                banned += gone
                still[buyer] -= gone
        everything = sum(still.values())
        if everything <= 1e-9 * (everything + banned):
            return 0.0
        cut = self.rerouted[target, j] + self.unsold[target, j]
        comes = banned * self.rerouted[target, j] / cut if cut > 0.0 else 0.0
        gap = max(cap.discount - self.discount[target, j], 0.0)
        taken = self.price_of(day, target, j) * gap * control * (1.0 - self.shadow[target])
        for buyer, bn in still.items():
            self.pay(target, buyer, taken * bn * (1.0 + comes / everything))
        return taken * (everything + comes)

    def move_money(self, day, j):
        """Let those who import a fuel pay those who export it what its price has risen by."""
        path, rise = self.outside_paid(day, j), self.paid_rise[j]
        gone = sum(self.unsold[t, j] for t in self.targets)
        imports = {s: self.imported(self.place[s], j) for s in self.states}
        bought = sum(imports.values())
        for s in self.states:
            net = self.net(self.place[s], j)
            net += gone * imports[s] / bought if bought > 0.0 else 0.0
            net -= self.unsold.get((s, j), 0.0)
            self.received[s] += rise * net
            self.windfall[s] += (path - 1.0) * net

    # 10 price -------------------------------------------------------------------------------

    def price(self, day):
        self.adjust()
        self.loss = self.losses_at(self.maturity, self.closure_adjusted)
        self.transfer = dict.fromkeys(self.states, 0.0)
        self.share_burden()
        self.pay_followers()
        self.work_out_damage()
        days = min(YEAR - self.year_days, self.config.scenario.step_days)
        self.year_days += days
        for s in self.states:
            self.year_loss[s] += self.loss[s] * days

    def adjust(self):
        """Let trade adjust through a step to what is lost, and to a closed border."""
        name, days = self.config.economy.horizon, self.config.scenario.step_days
        if name != "path":
            at = 0.0 if name == "short_run" else 1.0
            self.maturity = dict.fromkeys(self.maturity, at)
            self.closure_adjusted = at
            return
        closed = float(self.closed)
        new = math.exp(-days / self.mean_adjustment_days())
        self.closure_adjusted = closed + (self.closure_adjusted - closed) * new
        for target, j in self.maturity:
            lost = sum(self.lost(target, way, j) for way in WAYS)
            new = math.exp(-days / self.fact["adjustment_days", j])
            adjusted = min(lost + (self.adjusted[target, j] - lost) * new, lost)
            self.adjusted[target, j] = adjusted
            self.maturity[target, j] = adjusted / lost if lost > 0.0 else 0.0

    def mean_adjustment_days(self):
        return sum(self.fact["adjustment_days", j] for j in self.places) / len(self.places)

    def lost_trade(self, maturity=None):
        """Return what happens to trade today, by position, or so adjusted as is given."""
        at = {target: t for t, target in enumerate(self.targets)}
        return prices.Lost(
            self.cover,
            self.may_hold,
            {t: self.leak[target] for target, t in at.items()},
            {(at[target], way): share for (target, way), share in self.withheld.items()},
            {(at[target], way): share for (target, way), share in self.withheld_third.items()},
            {self.place[s]: bn for s, bn in self.received.items()},
            {
                (at[target], j): max(self.bridged(j, m), 0.0)
                for (target, j), m in (maturity or self.maturity).items()
            },
        )

    def losses_at(self, maturity, of_closure):
        """Return what every state loses before transfers, by how far trade has adjusted."""
        at = {target: t for t, target in enumerate(self.targets)}
        lost = self.lost_trade(maturity)
        maturity = {(at[target], j): m for (target, j), m in maturity.items()}
        overlap = self.config.coordination.scope_overlap
        loss = prices.losses(self.setting.exposures, lost, maturity, overlap)
        if self.closed:
            fresh, mature = self.setting.closure
            for n in range(len(loss)):
                loss[n] += (1.0 - of_closure) * fresh[n] + of_closure * mature[n]
        return dict(zip(self.states, loss, strict=True))

    def who_has_in_effect(self, day, target, effect):
        return {
            i
            for i, act in self.announced
            if act[1] == target
            and effect in self.measure_of[act].effect
            and self.in_effect(day, i, act)
        }

    def share_burden(self):
        strength = self.config.coordination.burden_sharing
        mean = sum(self.gdp_share[i] * self.loss[i] for i in self.senders)
        for i in self.senders:
            moved = strength * (mean - self.loss[i])
            self.receive(i, -moved * self.gdp[i] / 100.0)

    def pay_followers(self):
        levers = self.config.coordination
        payers = self.leaders()
        burden = {
            i: max(self.loss[i], 0.0) * self.gdp[i] / 100.0 for i in self.senders if i not in payers
        }
        total = sum(burden.values())
        if not payers or total <= 0.0:
            return
        paid = min(levers.side_payments_bn, total)
        for i in payers:
            self.receive(i, -paid / len(payers))
        for i, part in burden.items():
            self.receive(i, paid * part / total)

    def receive(self, i, bn):
        self.transfer[i] += bn
        self.loss[i] -= 100.0 * bn / self.gdp[i]

    def work_out_damage(self):
        """Work out what each act would add to its target's loss, given what is in effect."""
        exposures = self.setting.exposures
        for n, i in enumerate(self.senders):
            for act in self.acts:
                t, target = self.targets.index(act[1]), act[1]
                alone = self.alone_in_first_year[i, act]
                added = prices.damage(
                    exposures, self.cover["fresh"], alone, n, t, self.leak[target]
                )
                self.damage[i, act] = added * self.gdp[target] / self.gdp[i]

    # 11 exchange ----------------------------------------------------------------------------

    def exchange(self, day):
        for target in self.targets:
            self.move_currency(day, target)

    def move_currency(self, day, target):
        currency, first = self.config.currency, day + 1 - self.config.scenario.step_days
        cut_off = self.share_cut_off(day, target)
        newly = max(cut_off - self.off_messages[target], 0.0)
        self.off_messages[target] = cut_off
        for past in range(first, day + 1):
            calm = 1.0 - currency.exclusion * newly if past == first else 1.0
            for since, severity in self.triggers:
                calm *= 1.0 - severity if since == past else 1.0
            fear = 1.0 - (1.0 - self.fear[target]) * calm
            self.fear[target] = fear * math.exp(-1.0 / currency.fade_days)
            # The run follows a fear that fades: what lies off that line goes by itself.
            ahead = currency.fade_days / (currency.fade_days - currency.run_days)
            off = (self.run_on[target] - ahead * fear) * math.exp(-1.0 / currency.run_days)
            self.run_on[target] = ahead * self.fear[target] + off
        stays = math.exp(-(day + 1 - first) / currency.delivery_days)
        # Of what is lost, that for which other sellers have been found is bought from them.
        lost = sum(
            self.lost(target, EXPORT, j) * (1.0 - self.maturity[target, j]) for j in self.places
        )
        share = lost / self.bought(target)
        self.unbought[target] = share + (self.unbought[target] - share) * stays
        for fuel in (True, False):
            change = sum(
                self.exports[target, j] - self.exported[target, j]
                for j in self.places
                if (j in self.fuels) == fuel
            )
            felt = self.earned[target, fuel]
            self.earned[target, fuel] = change + (felt - change) * stays
        before = (self.before_the_war(target, kind) for kind in (True, False))
        self.rate[target] = self.clearing_rate(day, target) - self.rate_of_prices(target, *before)

    def bought(self, target):
        return sum(prices.abroad(self.setting.exposure, self.targets.index(target), EXPORT))

    def before_the_war(self, target, fuel):
        """Return what world prices had added by the first day to income from fuels, or all else."""
        return sum(
            self.exported[target, j] * self.followed[target, j] * (self.outside_paid(0, j) - 1.0)
            for j in self.places
            if (j in self.fuels) == fuel
        )

    def rate_of_prices(self, target, fuels, others):
        """Return the log rate if fuels, and other goods, bring so much more."""
        currency = self.config.currency
        answer = currency.import_elasticity * self.bought(target)
        answer += currency.export_elasticity * (self.sold_but_fuels(target) + others)
        gained = (1.0 - currency.saved) * fuels + others
        return -gained / (answer + currency.leaning * self.gdp[target])

    def sold_but_fuels(self, target):
        return sum(self.exported[target, j] for j in self.places if j not in self.fuels)

    def clearing_rate(self, day, target):
        """Return the log rate at which a target's foreign exchange clears."""
        currency = self.config.currency
        gdp, reserves = self.gdp[target], self.world.reserves_bn[self.place[target]]
        bought = self.bought(target)
        fuels, others = (self.earned[target, kind] for kind in (True, False))
        frozen = sum(
            self.world.reserves[self.place[i], self.place[target]]
            for i in self.who_has_in_effect(day, target, "reserves")
        )
        free = 1.0
        if (target, "capital_controls") in self.issued:
            free -= currency.controls
        to_come = 0.0
        if (target, "policy_rate") in self.issued:
            since = day - self.issued[target, "policy_rate"]
            to_come = currency.rate_rise * math.exp(-since / currency.rate_days)
            to_come *= currency.rate_days / 365.0
        fled = currency.precaution * gdp * free + currency.support * reserves * frozen
        wanted = self.run_on[target] * fled
        wanted += currency.saved * fuels * (1.0 - frozen) - currency.purchases * reserves * frozen
        wanted -= bought * self.unbought[target] + currency.leaning * gdp * free * to_come
        answer = currency.import_elasticity * bought * (1.0 - self.unbought[target])
        answer += currency.export_elasticity * (self.sold_but_fuels(target) + others)
        return (wanted - fuels - others) / (answer + currency.leaning * gdp * free)

    def share_cut_off(self, day, target):
        """Return the share of a target's bank assets that are off SWIFT."""
        return max(
            (
                self.bank_share[act, self.in_effect(day, i, act)]
                for i, act in self.announced
                if act[1] == target and "swift" in self.measure_of[act].effect
            ),
            default=0.0,
        )

    # 12 talk --------------------------------------------------------------------------------

    def talk(self, day):
        society = self.config.society
        if self.settled_on is not None:
            return
        rate = society.talks / DAYS_OF["week"]
        for _ in range(self.arrivals(rate, Stream.TALK, "talks", "talks")):
            self.rounds_today += 1
            self.write(day, "talks", "world", "talks")
        doubt = 4.0 * self.belief * (1.0 - self.belief)
        worst = max(self.loss[t] for t in self.targets)
        for _ in range(self.rounds_today):
            hazard = math.exp(
                society.settlement
                + society.settlement_loss * worst
                + society.settlement_doubt * doubt
            )
            if self.settled_on is None and self.ripe(hazard, Stream.SETTLE, 0, "talks"):
                self.settled_on = day
                self.write(day, "settlement", "talks", "settlement")

    # 13 update ------------------------------------------------------------------------------

    def update(self, day):
        society, third = self.config.society, self.config.third
        for i in self.senders:
            near = society.nearness * self.near[i]
            alarm = 1.0 - (1.0 - near) / (1.0 + self.urgency(day))
            bears = math.exp(-society.cost_weight * (1.0 - near) * max(self.loss[i], 0.0))
            level = society.rally * alarm + (1.0 - society.rally) * bears
            self.support[i] = level + (self.support[i] - level) * math.exp(
                -1.0 / society.fatigue_days
            )
        strength = sum(self.gdp_share[i] * self.breadth(day, i) for i in self.senders)
        acts = [d for days in self.announced.values() for d in days if d < day]
        patient = day - max(acts, default=0) <= third.patience_days
        if strength >= self.belief or not patient:
            self.belief = strength + (self.belief - strength) * math.exp(-1.0 / third.belief_days)
        tie = self.relation.get((third.challenger, self.targets[0]), 0.0)
        eta = third.attempt - third.attempt_resolve * self.belief + third.attempt_tie * tie
        self.attempt += math.exp(eta) / DAYS_OF["year"]

    def breadth(self, day, i):
        shares = [self.in_effect(day, i, a) / self.measure_of[a].waves for a in self.acts]
        return sum(shares) / len(self.acts)

    # 14 measure -----------------------------------------------------------------------------

    def measure(self, day):
        row = {
            "day": day,
            "severity": self.severity,
            "urgency": self.urgency(day),
            "measures_announced": sum(bool(w) for w in self.announced.values()),
            "waves_announced": sum(len(w) for w in self.announced.values()),
            "measures_effective": sum(self.in_effect(day, i, a) > 0 for i, a in self.announced),
            "mean_sender_loss": self.mean_of_senders(self.loss),
            "mean_support": sum(self.support.values()) / len(self.senders),
            "transfers_bn": sum(max(t, 0.0) for t in self.transfer.values()),
            "belief": self.belief,
            "attempt_risk": 1.0 - math.exp(-self.attempt),
            "settled": self.settled_on is not None,
            "energy_price": self.of_fuels(self.targets[0], lambda j: self.spot_price(day, j), 1.0),
        }
        for t in self.targets:
            row[f"loss_{t}"] = self.loss[t]
            row[f"leak_{t}"] = self.leak[t]
            row[f"withheld_{t}"] = self.share_withheld(t)
            row[f"export_bn_{t}"] = sum(self.exports[t, j] for j in self.places)
            row[f"revenue_bn_{t}"] = self.revenue[t]
            row[f"discount_{t}"] = self.of_fuels(t, lambda j, t=t: self.discount[t, j], 0.0)
            row[f"crypto_bn_{t}"] = self.crypto[t]
            row[f"log_rate_{t}"] = self.rate[t]
        self.steps.append(row)
        for s in self.states:
            self.by_state.append(
                {
                    "day": day,
                    "state": s,
                    "loss": self.loss[s],
                    "transfer_bn": self.transfer[s],
                    "payment_bn": self.received[s],
                    "windfall_bn": self.windfall[s],
                    "diverted_bn": self.diverted(s),
                    "hub_purchases_bn": self.bought_for(s),
                    "relation": self.relation[s, self.targets[0]],
                    "support": self.support.get(s, math.nan),
                    "listed": any((t, s) in self.listed for t in self.targets),
                }
            )

    def bought_for(self, state):
        return sum(self.ordered.get((t, state), 0.0) for t in self.targets)

    def diverted(self, state):
        return sum(
            self.imports_missing(t) * self.carried.get((t, state), 0.0) for t in self.targets
        )

    def of_fuels(self, target, what, without):
        """Return the mean over the fuels that a target exports, or what it is without any."""
        sold = sum(self.exported[target, j] for j in self.fuels)
        of_all = sum(self.exported[target, j] * what(j) for j in self.fuels)
        return of_all / sold if sold > 0.0 else without

    def conclude(self):
        """Work out the outcomes that no step has: of the first year, the third and the long run."""
        third = {(t, j): self.maturity_after(j, 3.0 * YEAR) for t, j in self.maturity}
        of_closure = 1.0 - math.exp(-3.0 * YEAR / self.mean_adjustment_days())
        in_third = self.losses_at(third, of_closure)
        at_last = self.losses_at(dict.fromkeys(self.maturity, 1.0), 1.0)
        first = {s: loss / max(self.year_days, 1) for s, loss in self.year_loss.items()}
        self.outcomes = {
            "sender_loss_mean_first_year": self.mean_of_senders(first),
            "sender_loss_mean_long_run": self.mean_of_senders(at_last),
        }
        for number in (100, 200, 300):
            days = list(self.first_announced.values())
            self.outcomes[f"days_to_{number}"] = self.days_until(number, days)
        deeds = {
            i: [d for (j, act), d in self.first_announced.items() if i == j and self.is_deed(act)]
            for i in self.senders
        }
        self.outcomes["days_to_coalition"] = self.days_until(
            math.ceil(len(self.senders) * 4 / 5), [min(days) for days in deeds.values() if days]
        )
        self.outcomes["days_to_withdrawal"] = self.days_until(1, self.withdrawn_on)
        for t in self.targets:
            self.outcomes[f"loss_{t}_first_year"] = first[t]
            self.outcomes[f"loss_{t}_third_year"] = in_third[t]
            self.outcomes[f"loss_{t}_long_run"] = at_last[t]
        of_targets = "loss", "leak", "withheld", "log_rate", "export_bn", "revenue_bn", "discount"
        names = [f"{name}_{t}" for name in of_targets for t in self.targets]
        for last in self.steps[-1:]:
            self.outcomes |= {name: last[name] for name in (*names, "energy_price")}

    def mean_of_senders(self, loss):
        """Return the mean of the senders' losses, weighted by GDP."""
        gdp = {i: self.world.gdp_bn[self.place[i]] for i in self.senders}
        return sum(loss[i] * gdp[i] for i in self.senders) / sum(gdp.values())

    def days_until(self, number, days):
        """Return the day on which number n of some days comes, nan if there are fewer."""
        return sorted(days)[number - 1] if len(days) >= number else math.nan
