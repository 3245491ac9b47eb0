"""What no phase changes, read from a world's tables and a configuration into dictionaries.

Taken from the setting as it is: ties, the calendar of meetings, what an act or answer covers, what
answers harm, the exposure and the closed border's losses.
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, timedelta

import prices
from prices import ENDS, EXPORT, IMPORT

from sim import draws
from sim.draws import Stream
from sim.economy.sectors import DEFAULTS

YEAR = 365.0


class Given:
    """What a run starts from. An act is named (instrument, target)."""

    def __init__(self, setting, seed, run):
        self.setting, self.seed, self.run = setting, seed, run
        self.config, self.world = setting.config, setting.world
        self.read_world()
        self.read_alliance()
        self.read_sectors()
        self.read_markets()
        self.read_acts()
        self.read_costs()

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
            s: math.exp(-km / 1000.0) for s, km in zip(self.states, world.distance_km, strict=True)
        }
        self.fuel_share = {
            s: sum(shares) / len(shares)
            for s, shares in zip(self.states, world.energy_share.tolist(), strict=True)
        }
        self.trade = {
            (a, b): world.trade_mn[n, m]
            for n, a in enumerate(self.states)
            for m, b in enumerate(self.states)
        }
        self.dates = defaultdict(list)
        for event in self.setting.events:
            self.dates[(event.date - self.setting.start).days].append(event)

    def read_alliance(self):
        world, n_days = self.world, self.setting.n_days
        self.fellows = {
            g.code: [i for i in self.senders if i in g.members] for g in world.institutions
        }
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
        self.lately = {
            (d, i): meetings.lately[d, n] for d in range(n_days) for n, i in enumerate(seat)
        }
        self.at_table = {
            (d, i): meetings.at_table[d, n] for d in range(n_days) for n, i in enumerate(seat)
        }
        self.councils = {}
        for union in world.institutions:
            if union.council_rule != "none" and self.fellows[union.code]:
                self.councils[union.code] = self.fellows[union.code]
        if len(self.senders) > 1:
            self.councils["ALLIES"] = self.senders
        self.read_routes()

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

    def read_routes(self):
        """Who lies on a way to each target, and how much each state can order for them."""
        exposure = self.setting.exposure
        self.goods = [j for j, sector in enumerate(exposure.sectors) if sector != "services"]
        self.most = {}
        for s in self.states:
            bought = [self.sales(a, s, j) for a in self.states if a != s for j in self.goods]
            self.most[s] = self.config.evasion.hub_capacity * sum(bought)
        self.carrier_share = {}
        for target in self.targets:
            weight = {
                s: self.bought_like(target, s) * self.nearness(s, target)
                for s in self.states
                if self.role[s] in ("hub", "bystander", "target") and s != target
            }
            total = sum(weight.values())
            self.carrier_share[target] = {s: w / total for s, w in weight.items()}

    def sales(self, seller, buyer, j):
        return self.setting.exposure.flow_bn[self.place[seller], self.place[buyer], j]

    def of_senders(self, buyer, j):
        return sum(self.sales(i, buyer, j) for i in self.senders)

    def bought_like(self, target, state):
        """Return what a state buys of the senders, each good as important as to the target."""
        total = 0.0
        for j in self.goods:
            outside = [s for s in self.states if s not in self.senders and s != target]
            market = sum(self.of_senders(s, j) for s in outside)
            total += self.of_senders(state, j) / market * self.of_senders(target, j)
        return total

    def nearness(self, state, target):
        evasion, world, pair = self.config.evasion, self.world, (state, target)
        at = tuple(self.place[s] for s in pair)
        united = any(g.kind == "union" and set(pair) <= set(g.members) for g in world.institutions)
        ties = (
            evasion.border_effect * world.border[at]
            + evasion.language_effect * world.language[at]
            + evasion.colony_effect * world.colony[at]
            + (evasion.union_effect if united else 0.0)
        )
        return math.exp(ties) / world.apart_km[at] ** evasion.distance_elasticity

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
                covers = self.setting.covers
                for end, payments in zip(ENDS, covers.payments, strict=True):
                    self.covers[end, key, waves] = covers.trade[n, waves], payments[n, waves]
        first = min((e.date for e in world.events if e.kind == "trigger"), default=None)
        self.before = set()
        for row in world.timeline:
            if first is not None and row["announced"] < first:
                for i in self.councils.get(row["sender"], [row["sender"]]):
                    self.before.add((i, (row["instrument"], row["target"])))
        self.objection = {}
        for p in world.positions if config.coordination.positions else ():
            for code, target in self.acts:
                if (
                    p.instrument == code
                    and p.target in ("", target)
                    and p.state not in config.coordination.veto_players
                ):
                    self.objection[p.state, (code, target)] = p.days, p.exempt
        self.effect = {}
        for i in self.senders:
            of_sender = rule.sender_effects.get(i, 0.0) - config.scenario.hesitation.get(i, 0.0)
            for union, members in self.councils.items():
                if i in members:
                    of_sender += rule.sender_effects.get(union, 0.0)
            for code, target in self.acts:
                of_act = rule.measure_effects.get(code, 0.0) + rule.act_effects.get(
                    f"{code} {target}", 0.0
                )
                self.effect[i, (code, target)] = of_sender + of_act
        self.follows_at = {i: self.threshold(i) for i in self.senders}

    def threshold(self, i):
        rule = self.config.rule
        u = draws.uniform(self.seed, self.run, Stream.THRESHOLD, 0, draws.cell(i))
        scale = rule.threshold_sd * math.sqrt(3.0) / math.pi
        return rule.threshold_mean + scale * math.log(u / (1.0 - u))

    def leaders(self):
        """Return the senders that lead, or the next in line where no leader is one."""
        levers = self.config.coordination
        lead = [i for i in levers.leaders if i in self.senders]
        if levers.leaders and not lead:
            lead = [i for i in levers.next_leaders if i in self.senders][:1]
        return lead

    def read_costs(self):
        """Own loss of the first year from each act alone and whole, after transfers."""
        levers, own, at = self.config.coordination, {}, range(len(self.targets))
        self.alone_in_first_year = {}
        age = {(t, j): self.mean_maturity(j) for t in at for j in self.places}
        stocks = {(t, j): self.bridged_in_first_year(j) for t in at for j in self.places}
        for i in self.senders:
            for act in self.acts:
                alone = self.covered({(i, act): self.measure_of[act].waves}, {})
                lost = prices.nothing_else(alone, len(self.targets), stocks)
                loss = prices.losses(self.setting.exposures, lost, age, 1.0)
                own[i, act] = loss[self.place[i]]
                self.alone_in_first_year[i, act] = self.in_first_year(alone, i, act)
        self.cost = {}
        for act in self.acts:
            mean = sum(self.gdp_share[i] * own[i, act] for i in self.senders)
            for i in self.senders:
                self.cost[i, act] = own[i, act] + levers.burden_sharing * (mean - own[i, act])
        followers = [i for i in self.senders if i not in self.leaders()]
        fund = levers.side_payments_bn if len(followers) < len(self.senders) else 0.0
        burden = sum(
            max(self.cost[i, a], 0.0) * self.gdp[i] / 100 for i in followers for a in self.acts
        )
        self.relief = min(1.0, fund / burden) if burden > 0.0 else 0.0
        for i in followers:
            for act in self.acts:
                if self.cost[i, act] > 0.0:
                    self.cost[i, act] *= 1.0 - self.relief

    def covered(self, levels, answers):
        """Return what waves in effect and answers cover, by end, then sender and target."""
        found = {end: {} for end in ENDS}
        for end in ENDS:
            for n, i in enumerate(self.senders):
                for t, target in enumerate(self.targets):
                    on = [a for a in self.acts if a[1] == target and levels.get((i, a), 0) > 0]
                    both = [self.covers[end, act, levels[i, act]] for act in on]
                    trade, payments = [cover[0] for cover in both], [cover[1] for cover in both]
                    hit = answers.get((i, target), ())
                    found[end][n, t] = prices.covered_by(trade, payments, hit, len(self.sectors))
        return found

    def in_first_year(self, alone, i, act):
        """Return what an act covers alone and whole, at the elasticities of its first year."""
        exposures = self.setting.exposures
        pair = self.senders.index(i), self.targets.index(act[1])
        fresh, mature = (alone[end][pair] for end in ENDS)
        found = {}
        for c, j in fresh:
            old = prices.cover_weight(
                self.mean_maturity(j), exposures.fresh.theta[j], exposures.mature.theta[j]
            )
            found[c, j] = (1.0 - old) * fresh[c, j] + old * mature[c, j]
        return found

    def read_sectors(self):
        """Read what the world says of its sectors, and how trade adjusts in each."""
        self.sectors = self.setting.exposure.sectors
        self.places = range(len(self.sectors))
        self.fact = {(name, j): DEFAULTS[name] for name in DEFAULTS for j in self.places}
        for row in self.world.sector_facts:
            self.fact[row.property, self.sectors.index(row.sector)] = row.value
        self.touched = {
            (way, j): self.fact[name, j]
            for way, name in ((EXPORT, "withheld_export"), (IMPORT, "withheld_import"))
            for j in self.places
        }

    def maturity_after(self, j, days):
        return 1.0 - math.exp(-days / self.fact["adjustment_days", j])

    def mean_maturity(self, j):
        """Return the mean maturity of the year after a cut."""
        time = self.fact["adjustment_days", j]
        return 1.0 - time / YEAR * (1.0 - math.exp(-YEAR / time))

    def bridged_in_first_year(self, j):
        """Return what stocks give in the mean of the year after a cut, less what refills them."""
        if not self.config.economy.stocks:
            return 0.0
        return self.fact["stocked", j] * math.exp(-YEAR / self.fact["stock_days", j])

    def read_markets(self):
        """Read who sells and buys what, and prices from outside, by position of sector."""
        flow, everybody = self.setting.exposure.flow_bn, range(len(self.states))
        home = [self.place[t] for t in self.targets]
        self.exported, self.third, self.market, self.followed = {}, {}, {}, {}
        for j in self.places:
            reached = self.buyers(j, home)
            self.market[j] = {
                (a, b): flow[a, b, j] * (self.follows(a, b, j) if self.fact["piped", j] else 1.0)
                for a in everybody for b in reached if flow[a, b, j] > 0.0
            }  # fmt: skip
            for target in self.targets:
                at = self.place[target]
                third = [
                    n for n in everybody if n not in home and self.states[n] not in self.senders
                ]
                self.exported[target, j] = sum(flow[at, n, j] for n in everybody if n != at)
                follows = sum(flow[at, n, j] * self.follows(at, n, j) for n in everybody if n != at)
                exported = self.exported[target, j]
                self.followed[target, j] = follows / exported if exported > 0.0 else 1.0
                bought = sum(flow[n, at, j] * self.holds(n, at) for n in third)
                sold = sum(flow[at, n, j] * self.holds(n, at) for n in third)
                bought, sold = bought * self.touched[EXPORT, j], sold * self.touched[IMPORT, j]
                self.third[target, EXPORT, j], self.third[target, IMPORT, j] = bought, sold
        self.fuels = [j for j in self.places if self.is_fuel(j)]
        self.paid = {}

    def buyers(self, j, home):
        """Return who buys on the market of a sector: of what is piped, of the same sellers."""
        everybody = range(len(self.states))
        if not self.fact["piped", j]:
            return list(everybody)
        flow = {
            (a, b, j): self.setting.exposure.flow_bn[a, b, j] * self.follows(a, b, j)
            for a in everybody for b in everybody
        }  # fmt: skip
        most = {n: max(flow[at, n, j] for at in home) for n in everybody}
        reached = [n for n in everybody if self.is_reached(n, j, home, most[n])]
        serving = [
            a for a in everybody
            if a not in home
            and sum(flow[a, n, j] for n in reached if n != a)
            > 0.5 * sum(flow[a, n, j] for n in everybody if n != a)
        ]  # fmt: skip
        return [
            n for n in everybody
            if n in reached or any(self.is_reached(n, j, home, flow[a, n, j]) for a in serving)
        ]  # fmt: skip

    def is_reached(self, n, j, home, most):
        """Return whether a state buys more than a tenth of what is piped of one seller."""
        bought = sum(self.setting.exposure.flow_bn[a, n, j] for a in range(len(self.states)))
        return n not in home and most > 0.1 * bought

    def follows(self, seller, buyer, j):
        """Return the share of a change of price that reaches a sale."""
        for link in self.world.price_links:
            of = self.place[link.seller], self.place[link.buyer], self.sectors.index(link.sector)
            if of == (seller, buyer, j):
                return link.follows
        return 1.0

    def holds(self, n, target):
        """Return what a third state holds back, per what third states do."""
        pair = {self.states[n], self.states[target]}
        together = any(
            g.kind == "union" and pair <= set(g.members) for g in self.world.institutions
        )
        return self.config.reluctance.union if together else 1.0

    def is_fuel(self, j):
        answers = self.fact["supply_elasticity", j] + self.fact["demand_elasticity", j]
        return answers > 0.0 and bool(self.market[j])

    def size(self, j):
        return sum(self.market[j].values())

    def net(self, n, j):
        """Return exports less imports of a state on a market."""
        sold = sum(self.moved(a, b, j) for (a, b) in self.market[j] if a == n != b)
        return sold - self.imported(n, j)

    def imported(self, n, j):
        return sum(self.moved(a, b, j) for (a, b) in self.market[j] if b == n != a)

    def moved(self, seller, buyer, j):
        """Return what of a sale a market's price moves; of what is piped all that is on it."""
        follows = 1.0 if self.fact["piped", j] else self.follows(seller, buyer, j)
        return self.market[j][seller, buyer] * follows

    def outside_price(self, day, j):
        """Return the price from outside on a day; less what of it the model answers by itself."""
        return self.price_on(self.setting.date_of(day), j) if self.moves(j) else 1.0

    def moves(self, j):
        economy = self.config.economy
        return economy.energy_prices != "flat" and (j in self.fuels or economy.goods_prices)

    def outside_paid(self, day, j):
        """Return what is paid at it, as part of trade follows it late; 1 in the mean of 2021."""
        economy, share = self.config.economy, self.fact["contracted", j]
        months = [r.month for r in self.world.energy_prices if r.sector == self.sectors[j]]
        if not (self.moves(j) and economy.contracts and share and months):
            return self.outside_price(day, j)
        if j not in self.paid:
            today, end = min(*months, self.setting.start), self.setting.date_of(self.setting.n_days)
            end, lagged, self.paid[j] = max(end, date(2022, 1, 1)), None, {}
            while today < end:
                spot = self.price_on(today, j)
                lagged = (
                    spot
                    if lagged is None
                    else spot + (lagged - spot) * math.exp(-1.0 / self.fact["contract_days", j])
                )
                self.paid[j][today] = (1.0 - share) * spot + share * lagged
                today += timedelta(days=1)
        of_2021 = [paid for on, paid in self.paid[j].items() if on.year == 2021]
        base = sum(of_2021) / len(of_2021) if of_2021 else 1.0
        return self.paid[j][self.setting.date_of(day)] / base

    def price_on(self, today, j):
        rows = [
            r for r in self.world.energy_prices
            if r.sector == self.sectors[j] and r.month <= today
        ]  # fmt: skip
        if not rows:
            return 1.0
        latest, shown = max(rows, key=lambda row: row.month), 0.0
        if self.config.economy.price_response:
            shown = prices.price_rise(
                latest.lost, self.fact["supply_elasticity", j], self.fact["demand_elasticity", j]
            )
        return latest.price * math.exp(-shown)
