"""The model once more, plain and slow, from `docs/model.md`: what the engine is held against.

One run of a small world with dictionaries and loops, one function for each phase in the order of
the page. It shares with the engine the tables, the prepared numbers that no phase changes (ties,
calendar of meetings, exposure, what an act covers) and the draws; every rule, and what surrounds it, is
written here anew. Nothing is fast, nothing is clever.
"""

from __future__ import annotations

import math
from collections import defaultdict

from sim import draws
from sim.draws import Stream

EXPORT, IMPORT, TARIFF = 0, 1, 2
BLOCKING = 0.35  # of the population
YEAR, MONTH, WEEK = 365.0, 30.0, 7.0


def shock(seed, run, stream, day, names, spread):
    """Return what a shock that decisions share adds to the log hazard of each."""
    cell = draws.cell(*names) if names else 0
    return spread * draws.normal(seed, run, stream, day, cell) - spread**2 / 2


class Run:
    """A run: its state by name, its dated acts, and what it was at the end of each step."""

    def __init__(self, setting, seed, run):
        self.setting, self.seed, self.run = setting, seed, run
        self.config, self.world = setting.config, setting.world
        self.read_world()
        self.read_acts()
        self.start()
        for day in range(setting.n_days):
            self.live(day)

    def live(self, day):
        last = (day + 1) % self.config.scenario.step_days == 0
        self.events(day)
        self.consult(day)
        self.decide(day)
        self.council(day)
        self.commit(day)
        self.respond(day)
        if last:
            self.divert(day)
            self.enforce(day)
            self.price(day)
        self.talk(day)
        self.update(day)
        if last:
            self.measure(day)

    # What does not change -------------------------------------------------------------------

    def read_world(self):
        world, config = self.world, self.config
        self.states = list(world.states)
        self.place = {state: n for n, state in enumerate(self.states)}
        self.role = dict(zip(self.states, self.setting.roles, strict=True))
        self.senders = [s for s in self.states if self.role[s] == "sender"]
        self.targets = list(config.scenario.targets)
        self.gdp = dict(zip(self.states, world.gdp_bn, strict=True))
        all_gdp = sum(self.gdp[i] for i in self.senders)
        self.gdp_share = {i: self.gdp[i] / all_gdp for i in self.senders}
        self.view = dict(zip(self.states, world.ideal_point, strict=True))
        self.near = {
            s: math.exp(-km / 1000.0)
            for s, km in zip(self.states, world.distance_km, strict=True)
        }
        self.trade = {
            (a, b): world.trade_mn[n, m]
            for n, a in enumerate(self.states)
            for m, b in enumerate(self.states)
        }
        self.fellows = {g.code: [i for i in self.senders if i in g.members] for g in world.institutions}
        alliance = self.setting.alliance
        pairs = [(a, b) for a in range(len(self.senders)) for b in range(len(self.senders))]
        seat = self.senders
        self.tie = {(seat[a], seat[b]): alliance.ties[a, b] for a, b in pairs}
        self.tie_outside = {(seat[a], seat[b]): alliance.ties_outside[a, b] for a, b in pairs}
        self.held = {i: self.is_held(i) for i in self.senders}
        meetings = self.setting.meetings
        self.meetings = defaultdict(list)
        for day, seats in zip(meetings.day, meetings.seats, strict=True):
            self.meetings[int(day)].append([i for i, sits in zip(seat, seats, strict=True) if sits])
        self.lately = {(d, i): meetings.lately[d, n] for d in range(self.setting.n_days) for n, i in enumerate(seat)}
        self.at_table = {(d, i): meetings.at_table[d, n] for d in range(self.setting.n_days) for n, i in enumerate(seat)}
        self.councils = {}
        for union in world.institutions:
            if union.council_rule != "none" and self.fellows[union.code]:
                self.councils[union.code] = self.fellows[union.code]
        if len(self.senders) > 1:
            self.councils["ALLIES"] = self.senders
        self.carrier_share = {t: self.sales_of_carriers(t) for t in self.targets}
        self.dates = defaultdict(list)
        for event in self.setting.events:
            self.dates[(event.date - self.setting.start).days].append(event)

    def is_held(self, i):
        if not self.config.coordination.institution:
            return False
        for members in self.fellows.values():
            if i in members and len(members) > 1:
                return True
        return any(
            pact["layer"] in ("defence", "consultation")
            and i in (pact["state_a"], pact["state_b"])
            and {pact["state_a"], pact["state_b"]} <= set(self.senders)
            for pact in self.world.pacts
        )

    def sales_of_carriers(self, target):
        carriers = [s for s in self.states if self.role[s] in ("hub", "bystander", "target") and s != target]
        total = sum(self.trade[s, target] for s in carriers)
        return {s: self.trade[s, target] / total for s in carriers}

    def read_acts(self):
        config, world, rule = self.config, self.world, self.config.rule
        self.measure_of = {(a.measure.code, a.target): a.measure for a in self.setting.acts}
        self.acts = list(self.measure_of)
        self.bank_share, self.covers = {}, {}
        for n, act in enumerate(self.setting.acts):
            key = act.measure.code, act.target
            for waves in range(act.measure.waves + 1):
                banks = [e for e in act.named if e.kind == "bank"]
                share = act.measure.bank_share * waves / act.measure.waves
                if banks:
                    share = sum(e.bank_share for e in banks if e.wave <= waves)
                self.bank_share[key, waves] = share
                for elasticity, covers in self.setting.covers.items():
                    self.covers[elasticity, key, waves] = covers.trade[n, waves], covers.payments[n, waves]
        first = min((e.date for e in world.events if e.kind == "trigger"), default=None)
        self.before = set()
        for row in world.timeline:
            if first is not None and row["announced"] < first:
                for i in self.councils.get(row["sender"], [row["sender"]]):
                    self.before.add((i, (row["instrument"], row["target"])))
        self.objection = {}
        for p in world.positions if config.coordination.positions else ():
            for code, target in self.acts:
                if p.instrument == code and p.target in ("", target) and p.state not in config.coordination.veto_players:
                    self.objection[p.state, (code, target)] = p.days, p.exempt
        self.effect = {}
        for i in self.senders:
            of_sender = rule.sender_effects.get(i, 0.0) - config.scenario.hesitation.get(i, 0.0)
            for union, members in self.councils.items():
                if i in members:
                    of_sender += rule.sender_effects.get(union, 0.0)
            for code, target in self.acts:
                of_act = rule.measure_effects.get(code, 0.0) + rule.act_effects.get(f"{code} {target}", 0.0)
                self.effect[i, (code, target)] = of_sender + of_act
        self.read_costs()
        self.follows_at = {i: self.threshold(i) for i in self.senders}

    def threshold(self, i):
        rule = self.config.rule
        u = draws.uniform(self.seed, self.run, Stream.THRESHOLD, 0, draws.cell(i))
        scale = rule.threshold_sd * math.sqrt(3.0) / math.pi
        return rule.threshold_mean + scale * math.log(u / (1.0 - u))

    def read_costs(self):
        """Own loss of the first year from each act alone and whole, after transfers."""
        levers = self.config.coordination
        nothing = {t: 0.0 for t in self.targets}
        own = {}
        for i in self.senders:
            for act in self.acts:
                covered = self.cover_by({(i, act): self.measure_of[act].waves}, "short_run", {})
                own[i, act] = self.losses("short_run", covered, nothing, {}, 1.0)[i]
        self.cost = {}
        for act in self.acts:
            mean = sum(self.gdp_share[i] * own[i, act] for i in self.senders)
            for i in self.senders:
                self.cost[i, act] = own[i, act] + levers.burden_sharing * (mean - own[i, act])
        followers = [i for i in self.senders if i not in levers.leaders]
        fund = levers.side_payments_bn if len(followers) < len(self.senders) else 0.0
        burden = sum(max(self.cost[i, a], 0.0) * self.gdp[i] / 100 for i in followers for a in self.acts)
        self.relief = min(1.0, fund / burden) if burden > 0.0 else 0.0
        for i in followers:
            for act in self.acts:
                if self.cost[i, act] > 0.0:
                    self.cost[i, act] *= 1.0 - self.relief

    # How a run starts -----------------------------------------------------------------------

    def start(self):
        config = self.config
        self.severity, self.involvement = 0.0, dict(config.scenario.targets)
        self.triggers, self.grave_today, self.rounds_today = [], 0.0, 0
        self.closed = False
        self.announced = {(i, a): [] for i in self.senders for a in self.acts}  # days of waves
        self.spell = {(i, a): 0 for i in self.senders for a in self.acts}
        self.exempt, self.settled_objection = set(), set()
        self.blocked_on, self.passed = {}, {(c, a): 0 for c in self.councils for a in self.acts}
        self.met = defaultdict(list)
        self.sum = defaultdict(float)  # hazards summed so far
        self.count = defaultdict(int)  # spells of what happens again and again
        self.will, self.votes, self.leave = [], [], []
        self.relation = {
            (s, t): math.exp(-abs(self.view[s] - self.view[t])) for s in self.states for t in self.targets
        }
        self.support = {i: config.society.support for i in self.senders}
        self.loss = {s: 0.0 for s in self.states}
        self.damage = {}
        self.transfer = {s: 0.0 for s in self.states}
        self.issued, self.listed, self.cut_off, self.refused = {}, {}, {}, {}
        self.condemned, self.protested = {}, {}
        self.leak = {t: 0.0 for t in self.targets}
        self.crypto = {t: 0.0 for t in self.targets}
        self.belief, self.attempt, self.last_act = config.third.belief, 0.0, None
        self.fear = {t: 0.0 for t in self.targets}
        self.lost = {(t, side): 0.0 for t in self.targets for side in (EXPORT, IMPORT)}
        self.rate = {t: 0.0 for t in self.targets}
        self.first_cover = {}
        self.off_messages = {t: 0.0 for t in self.targets}
        self.settled_on = None
        self.log, self.steps, self.by_state = [], [], []
        for day in sorted(d for d in self.dates if d < 0):
            for event in self.dates[day]:
                self.happen(event.kind, event.severity, event.state, day)

    def write(self, day, kind, actor, what, whom=""):
        self.log.append((day, kind, actor, what, whom))

    def ripe(self, hazard, stream, spell, *names):
        """Add a hazard to the sum of a waiting decision; return whether it is taken."""
        self.sum[stream, names] += hazard
        cell = draws.cell(*names) if names else 0
        return self.sum[stream, names] >= draws.waiting(self.seed, self.run, stream, spell, cell)

    def level(self, i, act):
        return len(self.announced[i, act])

    # 1 events -------------------------------------------------------------------------------

    def events(self, day):
        self.grave_today, self.rounds_today = 0.0, 0
        for event in self.dates[day]:
            self.happen(event.kind, event.severity, event.state, day)
            if event.kind == "talks":
                self.write(day, "talks", "world", "talks")
            else:
                self.write(day, "event", "world", event.kind, event.state)
        society = self.config.society
        if self.ripe(society.escalation / WEEK, Stream.ESCALATE, self.count["escalation"]):
            self.sum[Stream.ESCALATE, ()] = 0.0
            self.count["escalation"] += 1
            self.happen("trigger", society.escalation_severity, "", day)
            self.write(day, "event", "world", "trigger")

    def happen(self, kind, severity, state, day):
        if kind == "trigger":
            self.severity = 1.0 - (1.0 - self.severity) * (1.0 - severity)
            self.triggers.append((day, severity))
            self.grave_today = 1.0 - (1.0 - self.grave_today) * (1.0 - severity)
        elif kind == "involvement" and state in self.involvement:
            self.involvement[state] = 1.0 - (1.0 - self.involvement[state]) * (1.0 - severity)
        elif kind == "closure":
            self.closed = True
        elif kind == "talks":
            self.rounds_today += 1

    def urgency(self, day):
        return sum(v / (1.0 + (day - since) / WEEK) for since, v in self.triggers)

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
        if measure.competence == "national" and (i, act) in self.objection:
            return False
        return self.level(i, act) < measure.waves

    def decide(self, day):
        self.will, self.leave = [], []
        for i in self.senders:
            for act in self.acts:
                if self.settled_on is None and self.has_left(i, act) and not self.needs_council(i, act):
                    eta = self.log_hazard(day, i, act) + self.shared(day, act, i, [i])
                    if self.ripe(math.exp(eta) / WEEK, Stream.ADOPT, self.spell[i, act], i, *act):
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
            hazard = society.backslide * (2.0 - self.support[i]) * measure.reversibility / MONTH
        if self.ripe(hazard, Stream.WITHDRAW, self.spell[i, act], i, *act):
            self.leave.append((i, act))

    def shared(self, day, act, decider, members):
        rule = self.config.rule
        weekday = (self.setting.start.toordinal() + day - 1) % 7
        added = rule.weekend if weekday >= 5 else 0.0
        added += shock(self.seed, self.run, Stream.FRAILTY, day, (), rule.frailty_sd)
        if all(self.at_table[day, i] for i in members):
            return added + shock(self.seed, self.run, Stream.PACKAGE, day, ("table", *act), rule.package_sd)
        return added + shock(self.seed, self.run, Stream.AGENDA, day, (decider,), rule.agenda_sd)

    def ahead(self, day, i, act):
        """Return the day on which i knew of the last wave of each sender that is ahead of it."""
        found = {}
        for j in self.senders:
            known = [self.known_on(i, j, d) for d in self.announced[j, act]]
            known = [d for d in known if d <= day]
            if j != i and len(known) > self.level(i, act):
                found[j] = max(known)
        return found

    def terms(self, day, i, act):
        levers, rule, measure = self.config.coordination, self.config.rule, self.measure_of[act]
        ahead = self.ahead(day, i, act)
        council = self.needs_council(i, act)
        tie = self.tie_outside if council else self.tie
        leaders = [j for j in levers.leaders if j in self.senders]
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
            retaliation = self.world.energy_share[n].mean() * measure.signal
        return {
            "effect": self.effect[i, act],
            "pace": rule.measure_pace.get(act[0], 0.0),
            "severity": self.severity,
            "involvement": self.involvement[act[1]],
            "restraint": 0.0 if measure.targeted else 1.0 - self.severity,
            "shock": math.log(self.urgency(day)) if self.urgency(day) > 0.0 else -math.inf,
            "meeting": 1.0 if self.lately[day, i] else 0.0,
            "peer": sum(tie[i, j] for j in ahead),
            "recent": sum(tie[i, j] * math.exp(-(day - d) / rule.memory_days) for j, d in ahead.items()),
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
            + x["pace"] * x["shock"]
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
                return max(own, rule.eager + x["effect"] - costs - rule.wave * x["wave"])
            return own
        if rule.name == "expected_utility":
            u = without_costs + rule.choice * (
                rule.benefit * x["damage"] - x["cost"] - x["energy_cost"]
            ) + rule.conformity * (share - self.follows_at[i])
            return math.log(math.log1p(math.exp(u)))
        return (
            own
            + rule.meeting * x["meeting"]
            + levers.peer_weight * (rule.peer * x["peer"] + rule.recent * x["recent"] + rule.bloc * x["bloc"])
            + levers.lead_weight * rule.lead * x["lead"]
        )

    # 4 council ------------------------------------------------------------------------------

    def council(self, day):
        self.votes = []
        if self.settled_on is not None:
            return
        for council, members in self.councils.items():
            decides = ("joint",) if council == "ALLIES" else ("eu", "shared")
            for act in self.acts:
                if self.measure_of[act].competence in decides:
                    self.deliberate(day, council, members, act)

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
        if not left or self.passed[council, act] >= self.measure_of[act].waves:
            return
        total = sum(weight[i] for i in left)
        eta = sum(weight[i] * self.log_hazard(day, i, act) for i in left) / total
        eta += self.shared(day, act, council, members)
        if not self.ripe(math.exp(eta) / WEEK, Stream.COUNCIL, self.passed[council, act], council, *act):
            return
        self.settle_objections(day, council, members, act)
        objectors = [i for i in weight if self.objects(council, i, act)]
        against = sum(weight[i] for i in objectors)
        if against > (BLOCKING if rule == "majority" else 0.0):
            if (council, act) not in self.blocked_on:
                self.blocked_on[council, act] = day
                self.write(day, "blocked", council, *act)
        else:
            self.votes.append((council, act))

    def objects(self, council, i, act):
        if (i, act) in self.settled_objection:
            return False
        levers = self.config.coordination
        return (
            (i, act) in self.objection
            or (i in levers.veto_players and council != "ALLIES")
            or self.cost[i, act] > levers.cost_tolerance
        )

    def settle_objections(self, day, council, members, act):
        if (council, act) not in self.blocked_on:
            return
        exempted = False
        for i in members:
            days, exempt = self.objection.get((i, act), (self.config.coordination.carve_out_days, True))
            if self.objects(council, i, act) and day >= self.blocked_on[council, act] + days:
                self.settled_objection.add((i, act))
                if exempt:
                    self.exempt.add((i, act))
                    exempted = True
        if exempted:
            self.write(day, "carve_out", council, *act)

    # 5 commit -------------------------------------------------------------------------------

    def commit(self, day):
        for i, act in self.will:
            self.announce(day, i, act)
            self.write(day, "measure", i, *act)
        for council, act in self.votes:
            self.passed[council, act] += 1
            self.sum[Stream.COUNCIL, (council, *act)] = 0.0
            for i in self.councils[council]:
                if self.level(i, act) < self.passed[council, act] and (i, act) not in self.before:
                    self.announce(day, i, act)
            self.write(day, "council", council, *act)
        for code, text in self.config.scenario.imposed.items():
            if text == self.setting.date_of(day).isoformat():
                for act in self.acts:
                    for i in self.senders if act[0] == code else ():
                        self.announced[i, act] = [day] * self.measure_of[act].waves
                        self.write(day, "measure", i, *act)
                        self.last_act = day
        for i, act in self.leave:
            self.announced[i, act] = []
            self.sum[Stream.WITHDRAW, (i, *act)] = 0.0
            self.count["withdrawals"] += 1
            self.write(day, "withdrawal", i, *act)

    def announce(self, day, i, act):
        self.announced[i, act].append(day)
        self.spell[i, act] += 1
        self.sum[Stream.ADOPT, (i, *act)] = 0.0
        self.sum[Stream.WITHDRAW, (i, *act)] = 0.0
        self.last_act = day

    def effective_on(self, i, act, wave):
        measure, n = self.measure_of[act], self.place[i]
        lag = self.world.legal_lag_days[n] + self.config.scenario.extra_lag_days.get(i, 0)
        law = self.world.legislation_days[n] if measure.needs_law and wave == 0 else 0
        return self.announced[i, act][wave] + lag + measure.lag_days + law

    def own_effect(self, day, i, act):
        if (i, act) in self.exempt:
            return 0
        return sum(self.effective_on(i, act, w) <= day for w in range(self.level(i, act)))

    def in_effect(self, day, i, act):
        """Return how many waves of an act bite."""
        host = self.measure_of[act].host
        if host:
            hosts = self.fellows[host]
            if not hosts or not self.own_effect(day, hosts[0], act):
                return 0
        return self.own_effect(day, i, act)

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
            if self.role[state] in ("hub", "bystander", "defender"):
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
        eta = response.intercept + counter.readiness + response.thrift * math.log(harm / cost)
        return math.exp(eta + math.log(math.log(1.0 + signals))) / WEEK

    def is_imposed(self, day, code):
        text = self.config.scenario.imposed.get(code)
        return text is not None, text == self.setting.date_of(day).isoformat()

    def answer_all(self, day, target, c, counter):
        if (target, counter.code) in self.issued:
            return
        imposed, today = self.is_imposed(day, counter.code)
        if imposed:
            now = today
        else:
            acted = [i for i in self.senders if self.has_acted(day, i, target)]
            t, seats = self.targets.index(target), [self.senders.index(i) for i in acted]
            if not acted:
                return
            answers = self.setting.answers
            harm = sum(answers.harm[t, c, n] for n in seats)
            cost = sum(answers.own_cost[t, c, n] for n in seats)
            hazard = self.answer_hazard(counter, harm, cost, self.joint_signals(day, target))
            now = self.ripe(hazard, Stream.RESPOND, 0, target, counter.code)
        if not now:
            return
        self.issued[target, counter.code] = day
        self.write(day, "countermeasure", target, counter.code)
        if counter.aim == "senders":
            for i in self.senders:
                if self.has_acted(day, i, target):
                    self.worsen(i, target)

    def single_out(self, day, target, c, counter, i):
        t, n = self.targets.index(target), self.senders.index(i)
        if (target, counter.code, i) in self.cut_off or not self.setting.answers.can_hit[t, c, n]:
            return
        imposed, today = self.is_imposed(day, counter.code)
        if imposed:
            now = today
        else:
            answers = self.setting.answers
            hazard = self.answer_hazard(
                counter, answers.harm[t, c, n], answers.own_cost[t, c, n], self.signals(day, i, target)
            )
            hazard *= self.occasion(day, target, counter, i)
            now = self.ripe(hazard, Stream.RESPOND, 0, target, counter.code, i)
        if now:
            self.cut_off[target, counter.code, i] = day
            self.write(day, "countermeasure", target, counter.code, i)
            self.worsen(i, target)

    def occasion(self, day, target, counter, i):
        """Return the factor of the hazard of singling a sender out: 0 before its trigger."""
        response = self.config.response
        if counter.fuel == "gas" and any(
            a[1] == target and self.measure_of[a].needs == "gas" and self.announced[i, a] for a in self.acts
        ):
            return 0.0
        act = (counter.trigger, target)
        if act in self.measure_of:
            return 1.0 if any(d < day for d in self.announced[i, act]) else 0.0
        if not counter.trigger:
            return 1.0 if self.has_acted(day, i, target) else 0.0
        demanded = self.issued.get((target, counter.trigger))
        if demanded is None or (target, i) not in self.listed or day < demanded + response.payment_days:
            return 0.0
        if (target, i) not in self.refused and self.refuses(target, i):
            self.refused[target, i] = day
            self.write(day, "refusal", i, counter.trigger, target)
        return 1.0 if (target, i) in self.refused else response.paying_factor

    def refuses(self, target, i):
        response, bcm = self.config.response, self.world.pipeline_bcm[self.place[i]]
        if any(p.state == i and p.instrument in ("gas_import_ban", "gas_purchase_stop") for p in self.world.positions):
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
                self.worsen(i, target)

    def worsen(self, i, target):
        r = self.relation[i, target]
        self.relation[i, target] = r - self.config.response.relation_step * (1.0 + r)

    def protest(self, day, i, target):
        wrongs = [d for (t, _, who), d in self.cut_off.items() if (t, who) == (target, i)]
        if (target, i) in self.listed:
            wrongs.append(self.listed[target, i])
        last = self.protested.get((i, target), -1)
        if not wrongs or max(wrongs) <= last:
            return
        hazard = 1.0 / self.config.response.protest_days
        if self.ripe(hazard, Stream.PROTEST, self.count["protest", i, target], i, target):
            self.sum[Stream.PROTEST, (i, target)] = 0.0
            self.count["protest", i, target] += 1
            self.protested[i, target] = day
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
        u = draws.uniform(self.seed, self.run, Stream.STANCE, 0, draws.cell(state))
        if u >= 1.0 / (1.0 + math.exp(-odds)):
            return
        if self.ripe(self.severity / third.condemn_days, Stream.CONDEMN, 0, state):
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
        capability = self.world.capability[self.place[state]] * self.world.capability[self.place[target]]
        eta = (
            third.cooperation
            + third.cooperation_relation * self.relation[state, target]
            + third.cooperation_pressure * math.log(1.0 + self.joint_signals(day, target))
            + math.log(max(capability, 1e-12))
        )
        spell = self.count["cooperate", state, target]
        if self.ripe(math.exp(eta) / WEEK, Stream.COOPERATE, spell, state, target):
            self.sum[Stream.COOPERATE, (state, target)] = 0.0
            self.count["cooperate", state, target] += 1
            r = self.relation[state, target]
            self.relation[state, target] = r + third.cooperation_step * (1.0 - r)
            self.write(day, "cooperation", state, "cooperation", target)

    # 7 divert -------------------------------------------------------------------------------

    def divert(self, day):
        """Work out what is covered, and what third states would carry of it unhindered."""
        evasion = self.config.evasion
        self.covered = {name: self.covered_on(day, name) for name in self.setting.exposures}
        self.covered_now = self.covered[self.config.economy.elasticity]
        self.carried = {}
        for t, target in enumerate(self.targets):
            starts = [
                self.effective_on(i, act, 0)
                for i in self.senders
                for act in self.acts
                if act[1] == target and self.in_effect(day, i, act)
            ]
            if starts:
                self.first_cover[target] = min([self.first_cover.get(target, math.inf), *starts])
            days = day - self.first_cover.get(target, day)
            learnt = evasion.leak_max * (1.0 - math.exp(-days / evasion.learning_days))
            for state, share in self.carrier_share[target].items():
                self.carried[target, state] = learnt * share * self.readiness(state)

    def readiness(self, state):
        evasion = self.config.evasion
        w = evasion.willingness
        if state in self.condemned:
            w *= evasion.condemned_factor
        if state in evasion.backing:
            w = evasion.backing[state]
        with_senders = sum(self.trade[state, i] + self.trade[i, state] for i in self.senders)
        with_all = sum(self.trade[state, s] + self.trade[s, state] for s in self.states)
        heeds = evasion.compliance * self.config.coordination.secondary_sanctions
        ready = w * math.exp(-heeds * with_senders / with_all)
        if state in self.targets:
            ready *= self.room(state)
        return ready

    def sold(self, target, channel):
        """Return the trade of all senders with a target and what of it is covered, in billions."""
        flow = self.setting.exposure.flow_bn
        whole = covered = 0.0
        for n, i in enumerate(self.senders):
            a, b = (i, target) if channel == EXPORT else (target, i)
            for j in range(flow.shape[2]):
                value = flow[self.place[a], self.place[b], j]
                whole += value
                covered += value * self.covered_now[n, self.targets.index(target), channel, j]
        return whole, covered

    def room(self, target):
        whole, covered = self.sold(target, EXPORT)
        return 1.0 - covered / whole if whole > 0.0 else 1.0

    def covered_on(self, day, elasticity):
        levels = {(i, act): self.in_effect(day, i, act) for i in self.senders for act in self.acts}
        return self.cover_by(levels, elasticity, self.answers_on(day))

    def answers_on(self, day):
        """Return the answers that bite each sender."""
        biting = defaultdict(list)
        for c, counter in enumerate(self.world.countermeasures):
            for target in self.targets:
                for i in self.senders:
                    begun = self.cut_off.get((target, counter.code, i))
                    if counter.aim == "senders" and (target, i) in self.listed:
                        begun = self.issued.get((target, counter.code))
                        if begun is not None:
                            begun = max(begun, self.listed[target, i])
                    if begun is not None and begun + counter.lag_days <= day:
                        biting[i, target].append(self.setting.answers.coverage[c])
        return biting

    def cover_by(self, levels, elasticity, answers):
        """Return the share of each sender's trade that waves in effect and answers cover."""
        exposure = self.setting.exposures[elasticity]
        n_sectors = exposure.theta.size
        covered = {}
        for n, i in enumerate(self.senders):
            for t, target in enumerate(self.targets):
                for j in range(n_sectors):
                    open_, unpaid = [1.0, 1.0, 1.0], 0.0
                    for act in self.acts:
                        waves = levels.get((i, act), 0)
                        if act[1] != target or not waves:
                            continue
                        trade, payments = self.covers[elasticity, act, waves]
                        for channel in (EXPORT, IMPORT, TARIFF):
                            open_[channel] *= 1.0 - trade[channel, j]
                        unpaid = max(unpaid, payments[j])
                    for answer in answers.get((i, target), ()):
                        for channel in (EXPORT, IMPORT, TARIFF):
                            open_[channel] *= 1.0 - answer[channel, j]
                    covered[n, t, EXPORT, j] = 1.0 - open_[EXPORT] * (1.0 - unpaid)
                    covered[n, t, IMPORT, j] = 1.0 - open_[IMPORT] * (1.0 - unpaid)
                    covered[n, t, TARIFF, j] = 1.0 - open_[TARIFF]
        return covered

    # 8 enforce ------------------------------------------------------------------------------

    def enforce(self, day):
        evasion, levers = self.config.evasion, self.config.coordination
        effort = {i: min(1.0, 2.0 * evasion.enforcement * self.support[i]) for i in self.senders}
        best = max(effort.values())
        stopped = sum(
            self.gdp_share[i] * (e + levers.enforcement_sharing * (best - e)) for i, e in effort.items()
        )
        self.premium = evasion.premium / (1.0 - min(stopped, 0.9))
        for target in self.targets:
            _, covered = self.sold(target, EXPORT)
            adoption = self.world.crypto_index[self.place[target]]
            cap = evasion.crypto_cap_bn * (1.0 - levers.aml_sharing)
            self.crypto[target] = min(evasion.crypto_use * adoption * covered, cap)
            through = (1.0 - stopped) * sum(self.carried[target, s] for s in self.carrier_share[target])
            paid = self.crypto[target] / covered if covered > 0.0 else 0.0
            self.leak[target] = 1.0 - (1.0 - through) * (1.0 - paid)

    # 9 price --------------------------------------------------------------------------------

    def price(self, day):
        levers = self.config.coordination
        self.priced = {}
        for elasticity, covered in self.covered.items():
            rent = self.rents(day, elasticity, covered)
            loss = self.losses(elasticity, covered, self.leak, rent, levers.scope_overlap)
            if self.closed:
                for n, state in enumerate(self.states):
                    loss[state] += self.setting.closure[elasticity][n]
            self.priced[elasticity] = loss
        self.loss = dict(self.priced[self.config.economy.elasticity])
        self.transfer = {s: 0.0 for s in self.states}
        self.share_burden()
        self.pay_followers()
        self.work_out_damage(day)

    def growth(self, x):
        x = min(x, 1.0 - 1e-6)
        return -math.log1p(-x) / x if x > 1e-8 else 1.0 + x / 2.0

    def losses(self, elasticity, covered, leak, rent, overlap):
        """Return the loss of every state in percent, from docs/economy.md, Exposure."""
        e = self.setting.exposures[elasticity]
        total = {s: 0.0 for s in self.states}
        sectors = range(e.theta.size)
        for t, target in enumerate(self.targets):
            kept = 1.0 - leak[target]
            stop = {}
            for n, _ in enumerate(self.senders):
                for j in sectors:
                    stop[n, EXPORT, j] = covered[n, t, EXPORT, j] * kept
                    stop[n, IMPORT, j] = covered[n, t, IMPORT, j] * kept
                    stop[n, TARIFF, j] = covered[n, t, TARIFF, j] * kept * (1.0 - stop[n, IMPORT, j])
            fall = {n: 0.0 for n, _ in enumerate(self.senders)}
            for j in sectors:
                for side in ((EXPORT,), (IMPORT, TARIFF)):  # the target's purchases, its sales
                    market = sum(
                        e.target_share[n, t, c, j] * stop[n, c, j] for n in range(len(self.senders)) for c in side
                    )
                    for n, i in enumerate(self.senders):
                        for c in side:
                            part = stop[n, c, j]
                            if part == 0.0:
                                continue
                            x = overlap * market + (1.0 - overlap) * e.target_share[n, t, c, j] * part
                            own = e.sender_share[n, t, c, j] * part
                            for m, state in enumerate(self.states):
                                beyond = self.growth(own if state == i else x)
                                total[state] += e.marginal[n, t, c, j, m] * part * beyond
                            fall[n] += e.cheapening[n, t, c, j] * part * self.growth(x)
            for n, i in enumerate(self.senders):
                by_others = sum(f for m, f in fall.items() if m != n)
                for (who, c, j), part in stop.items():
                    if who == n:
                        total[i] += e.forgone[n, t, c, j] * part * by_others
        for (target, receiver), bn in rent.items():
            t, r = self.targets.index(target), self.place[receiver]
            for m, state in enumerate(self.states):
                total[state] += e.rent_marginal[t, r, m] * bn
        return {s: 100.0 * (1.0 - math.exp(-x / 100.0)) for s, x in total.items()}

    def rents(self, day, elasticity, covered):
        """Return what each target pays beyond trade, to whom: under a cap, and for what leaks."""
        e, rent, cap = self.setting.exposures[elasticity], defaultdict(float), self.setting.cap
        for t, target in enumerate(self.targets):
            kept = 1.0 - self.leak[target]
            hold = sum(
                self.setting.services[n]
                for n, i in enumerate(self.senders)
                for act in self.acts
                if act[1] == target and "cap" in self.measure_of[act].effect and self.in_effect(day, i, act)
            )
            for j in range(e.theta.size):
                for m, state in enumerate(self.states):
                    if cap is None or state in self.targets:
                        continue
                    still = cap.capped[j]
                    if state in self.senders:
                        still -= covered[self.senders.index(state), t, IMPORT, j] * kept
                    bought = e.flow_bn[self.place[target], m, j] * max(still, 0.0)
                    rent[target, state] += cap.discount * hold * kept * bought
                market = sum(
                    e.target_share[n, t, EXPORT, j] * covered[n, t, EXPORT, j] for n in range(len(self.senders))
                )
                dearer = (1.0 - min(market, 1.0 - 1e-6)) ** (-1.0 / e.theta[j]) - 1.0
                for n, i in enumerate(self.senders):
                    bn = e.flow_bn[self.place[i], self.place[target], j] * covered[n, t, EXPORT, j]
                    paid = min(self.premium, dearer) * bn * self.leak[target]
                    for state, share in self.carrier_share[target].items():
                        rent[target, state] += paid * share
        return rent

    def share_burden(self):
        strength = self.config.coordination.burden_sharing
        mean = sum(self.gdp_share[i] * self.loss[i] for i in self.senders)
        for i in self.senders:
            moved = strength * (mean - self.loss[i])
            self.loss[i] += moved
            self.transfer[i] -= moved * self.gdp[i] / 100.0

    def pay_followers(self):
        levers = self.config.coordination
        payers = [i for i in self.senders if i in levers.leaders]
        followers = [i for i in self.senders if i not in payers]
        burden = {i: max(self.loss[i], 0.0) * self.gdp[i] / 100.0 for i in followers}
        total = sum(burden.values())
        if not payers or total <= 0.0:
            return
        paid = min(levers.side_payments_bn, total)
        rich = sum(self.gdp[i] for i in payers)
        for i in self.senders:
            if i in payers:
                bn = -paid * self.gdp[i] / rich
            else:
                bn = paid * burden[i] / total
            self.transfer[i] += bn
            self.loss[i] -= 100.0 * bn / self.gdp[i]

    def work_out_damage(self, day):
        """Work out what each act would add to its target's loss, given what is in effect."""
        if self.config.rule.name != "expected_utility":
            return
        elasticity, overlap = self.config.economy.elasticity, self.config.coordination.scope_overlap
        levels = {(i, act): self.in_effect(day, i, act) for i in self.senders for act in self.acts}
        answers, self.damage = self.answers_on(day), {}
        for i in self.senders:
            for act in self.acts:
                found = []
                for waves in (0, self.measure_of[act].waves):
                    covered = self.cover_by({**levels, (i, act): waves}, elasticity, answers)
                    found.append(self.losses(elasticity, covered, self.leak, {}, overlap)[act[1]])
                self.damage[i, act] = (found[1] - found[0]) * self.gdp[act[1]] / self.gdp[i]

    # 10 talk --------------------------------------------------------------------------------

    def talk(self, day):
        society = self.config.society
        if self.settled_on is not None:
            return
        if self.ripe(society.talks / WEEK, Stream.TALK, self.count["talks"]):
            self.sum[Stream.TALK, ()] = 0.0
            self.count["talks"] += 1
            self.rounds_today += 1
            self.write(day, "talks", "world", "talks")
        doubt = 4.0 * self.belief * (1.0 - self.belief)
        worst = max(self.loss[t] for t in self.targets)
        for _ in range(self.rounds_today):
            hazard = math.exp(
                society.settlement + society.settlement_loss * worst + society.settlement_doubt * doubt
            )
            if self.settled_on is None and self.ripe(hazard, Stream.SETTLE, 0):
                self.settled_on = day
                self.write(day, "settlement", "world", "settlement")

    # 11 update ------------------------------------------------------------------------------

    def update(self, day):
        society, third = self.config.society, self.config.third
        for i in self.senders:
            near = society.nearness * self.near[i]
            alarm = 1.0 - (1.0 - near) / (1.0 + self.urgency(day))
            bears = math.exp(-society.cost_weight * (1.0 - near) * max(self.loss[i], 0.0))
            level = society.rally * alarm + (1.0 - society.rally) * bears
            self.support[i] = level + (self.support[i] - level) * math.exp(-1.0 / society.fatigue_days)
        strength = sum(self.gdp_share[i] * self.breadth(day, i) for i in self.senders)
        patient = self.last_act is None or day - self.last_act <= third.patience_days
        if strength >= self.belief or not patient:
            self.belief = strength + (self.belief - strength) * math.exp(-1.0 / third.belief_days)
        tie = self.relation.get((third.challenger, self.targets[0]), 0.0)
        eta = third.attempt - third.attempt_resolve * self.belief + third.attempt_tie * tie
        self.attempt += math.exp(eta) / YEAR
        for target in self.targets:
            self.move_currency(day, target)

    def breadth(self, day, i):
        return sum(self.in_effect(day, i, act) > 0 for act in self.acts) / len(self.acts)

    def move_currency(self, day, target):
        currency = self.config.currency
        off = 0.0
        for act in self.acts:
            if act[1] == target and "swift" in self.measure_of[act].effect:
                waves = max(self.in_effect(day, i, act) for i in self.senders)
                off = max(off, self.bank_share[act, waves])
        new = max(off - self.off_messages[target], 0.0)
        self.off_messages[target] = max(off, self.off_messages[target])
        jump = 1.0 - (1.0 - self.grave_today) * (1.0 - currency.exclusion * new)
        fear = 1.0 - (1.0 - self.fear[target]) * (1.0 - jump)
        self.fear[target] = fear * math.exp(-1.0 / currency.fade_days)
        if (day + 1) % self.config.scenario.step_days:
            return
        days = self.config.scenario.step_days
        for side in (EXPORT, IMPORT):  # of the senders; the target's imports, its exports
            share = self.lost_share(target, side)
            gap = self.lost[target, side] - share
            self.lost[target, side] = share + gap * math.exp(-days / currency.delivery_days)
        self.rate[target] = (
            currency.export_loss * self.lost[target, IMPORT]
            + currency.frozen * self.frozen(day, target)
            + currency.precaution * self.fear[target]
            - currency.import_loss * self.lost[target, EXPORT]
            - currency.repression * self.repression(day, target)
        )

    def lost_share(self, target, side):
        flow = self.setting.exposure.flow_bn
        _, covered = self.sold(target, side)
        n = self.place[target]
        whole = 0.0
        for m, state in enumerate(self.states):
            if state != target:
                whole += (flow[m, n] if side == EXPORT else flow[n, m]).sum()
        return covered * (1.0 - self.leak[target]) / whole

    def frozen(self, day, target):
        freezers = {
            i
            for i in self.senders
            for act in self.acts
            if act[1] == target and "reserves" in self.measure_of[act].effect and self.in_effect(day, i, act)
        }
        return sum(self.world.reserves[self.place[i], self.place[target]] for i in freezers)

    def repression(self, day, target):
        lag = {c.code: c.lag_days for c in self.world.countermeasures}

        def is_on(code):
            return (target, code) in self.issued and self.issued[target, code] + lag[code] <= day

        controls = is_on("capital_controls")
        return 0.7 * controls + 0.2 * is_on("policy_rate") + 0.1 * is_on("gas_for_rubles")

    # 12 measure -----------------------------------------------------------------------------

    def measure(self, day):
        row = {
            "day": day,
            "severity": self.severity,
            "urgency": self.urgency(day),
            "measures_announced": sum(bool(w) for w in self.announced.values()),
            "waves_announced": sum(len(w) for w in self.announced.values()),
            "measures_effective": sum(self.in_effect(day, i, a) > 0 for i, a in self.announced),
            "mean_sender_loss": sum(self.loss[i] for i in self.senders) / len(self.senders),
            "mean_support": sum(self.support.values()) / len(self.senders),
            "transfers_bn": sum(max(t, 0.0) for t in self.transfer.values()),
            "belief": self.belief,
            "attempt_risk": 1.0 - math.exp(-self.attempt),
            "settled": self.settled_on is not None,
        }
        for t in self.targets:
            row[f"loss_{t}"] = self.loss[t]
            for elasticity, loss in self.priced.items():
                row[f"loss_{t}_{elasticity}"] = loss[t]
            row[f"leak_{t}"] = self.leak[t]
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
                    "diverted_bn": self.diverted(s),
                    "relation": self.relation[s, self.targets[0]],
                    "support": self.support.get(s, math.nan),
                    "listed": any((t, s) in self.listed for t in self.targets),
                }
            )

    def diverted(self, state):
        return sum(
            self.sold(t, EXPORT)[1] * self.leak[t] * self.carrier_share[t].get(state, 0.0)
            for t in self.targets
        )
