"""The agents of a run: states and councils, as views of what the engine holds of them."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.arrays import Flags, Ints
from sim.codes import NEVER
from sim.engine.deciders import deciders_of
from sim.errors import InputError
from sim.rules import clock, enforce, third
from sim.rules.council import objects
from sim.rules.terms import SUBTRACTED, Terms, Weights

if TYPE_CHECKING:
    from sim.model import SanctionsModel


class State(mesa.Agent):
    """A state: its role, its numbers, and what it suffers.

    Attributes
    ----------
    code, name, role : str
    position : int
        Among the states of the world.
    """

    model: SanctionsModel

    def __init__(self, model: SanctionsModel, position: int) -> None:
        super().__init__(model)
        world = model.setting.world
        self.position = position
        self.code = world.states[position]
        self.name = world.names[position]
        self.role = model.setting.roles[position]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.code} ({self.name}), {self.role}>"

    @property
    def loss(self) -> float:
        """Loss in percent of GDP as of the last pricing, after transfers."""
        return float(self.model.engine.state.effect.loss[self.position])

    @property
    def transfer_bn(self) -> float:
        """What it receives from the others, USD billion a year; below 0 what it pays."""
        return float(self.model.engine.state.effect.transfer_bn[self.position])

    @property
    def diverted_bn(self) -> float:
        """Covered trade that it carries in the others' stead, USD billion a year."""
        effect = self.model.engine.state.effect
        carried = effect.missing[:, 0] * effect.goods * effect.carrier_share[:, self.position]
        return float(carried.sum())

    @property
    def hub_purchases_bn(self) -> float:
        """What it buys of the senders for targets, USD billion a year."""
        return float(self.model.engine.state.effect.hub_bought_bn[:, self.position].sum())

    @property
    def relation(self) -> float:
        """Its relation with the first target, in [-1, 1]."""
        return float(self.model.relation[self.position, 0])

    def announce(self, instrument: str, target: str = "") -> None:
        """Take the next wave of a measure on the coming day, whatever the state would decide.

        Parameters
        ----------
        instrument : str
        target : str
            The first that the measure is aimed at if not given.

        Raises
        ------
        InputError
            No such measure in this run, or the state may not take it alone.
        """
        self.model.carry_out(self.code, instrument, target)

    def withdraw(self, instrument: str, target: str = "") -> None:
        """Give a measure up on the coming day, all its waves; as `announce`."""
        self.model.carry_out(self.code, instrument, target, undo=True)

    def answer(self, countermeasure: str, against: str = "") -> None:
        """Give an answer on the coming day, whatever the state would decide.

        Parameters
        ----------
        countermeasure : str
        against : str
            The sender that it singles out; all that it can hit if not given.

        Raises
        ------
        InputError
            No such countermeasure or sender in this run, or not one that the state can give.
        """
        self.model.carry_out(self.code, countermeasure, against)

    def explain(self) -> str:
        """Return in words why the state did what it did last."""
        return f"{self.code} ({self.name}) is a {self.role} and decides nothing in this run."


class Sender(State):
    """A state that adopts measures in waves, alone or through the council of its union.

    Attributes
    ----------
    seat : int
        Among the senders.
    by_council : (n_acts,) bool
        A council decides for it.
    """

    def __init__(self, model: SanctionsModel, position: int, seat: int) -> None:
        super().__init__(model, position)
        self.seat = seat
        self.by_council = model.setting.menu.council_of[seat] >= 0

    @property
    def announced(self) -> Ints:
        """Day of each wave of each act, -1 for none, (n_acts, n_waves)."""
        return self.model.announced[self.seat]

    @property
    def level(self) -> Ints:
        """Waves announced of each act, (n_acts,)."""
        return (self.announced != NEVER).sum(axis=1)

    @property
    def measures(self) -> dict[tuple[str, str], date]:
        """Date of the first wave of each measure in force, by instrument and target."""
        acts, date_of = self.model.setting.acts, self.model.setting.date_of
        return {
            (acts[act].measure.code, acts[act].target): date_of(self.announced[act, 0])
            for act in np.flatnonzero(self.announced[:, 0] != NEVER)
        }

    @property
    def support(self) -> float:
        """Domestic support for sanctions, in [0, 1]."""
        return float(self.model.engine.state.decision.support[self.seat])

    @property
    def protests(self) -> int:
        """How often it has protested."""
        return int(self.model.engine.state.target.protests[self.seat])

    @property
    def enforcement(self) -> float:
        """Share of the leak that it stops by itself."""
        own = self.model.setting.config.evasion.enforcement
        return float(enforce.effort(own, self.support))

    def weighed(self, act: int) -> Terms | None:
        """Return what the state weighed last on an act, None if nothing."""
        trace = self.model.engine.state.trace
        if trace.day[self.seat, act] == NEVER:
            return None
        return Terms(*trace.terms[self.seat, act].tolist())

    def explain(self, instrument: str = "", target: str = "") -> str:
        """Return the terms of the last decision on an act.

        Parameters
        ----------
        instrument, target : str
            Which act; without them the latest announcement or, if there is none, the act that
            was closest to one.
        """
        weighed_on = self.model.engine.state.trace.day[self.seat]
        if (weighed_on == NEVER).all():
            return f"{self.code} has weighed nothing yet."
        setting = self.model.setting
        act = setting.find_act(instrument, target) if instrument else self._latest()
        head = f"{self.code} on {self.model.setting.label(act)}: {self._outcome(act)}"
        weighed = self.weighed(act)
        if weighed is None:
            return f"{head}; it was imposed by the scenario, not decided"
        shared = self._shared(act, int(weighed_on[act]))
        eta = self.model.engine.log_hazard(self.seat, act) + sum(dict(shared).values())
        chance = f"chance of acting that day {clock.probability(eta, 1.0):.1%}"
        if self.by_council[act]:
            council = self.model.councils[setting.menu.council_of[self.seat, act]]
            chance = f"what it wants of the council {council.code}"
        return "\n".join(
            [
                head,
                *self._terms(weighed),
                *(f"  {name:<12}{'':>9}{'':>9}{added:>12.3f}" for name, added in shared),
                f"  log hazard per week {eta:.3f}; {chance}",
                *self._refusals(),
            ]
        )

    def _terms(self, weighed: Terms) -> list[str]:
        """Return a line for each term: what it adds if the rule adds up, else its value."""
        setting, lines = self.model.setting, [f"  {'term':<12}{'value':>9}{'weight':>9}"]
        if not setting.decide.is_linear:
            lines = [f"  {'term':<12}{'value':>9}   (rule {setting.config.rule.name})"]
            return lines + [
                f"  {name:<12}{value:>9.3f}" for name, value in weighed._asdict().items()
            ]
        lines[0] += f"{'log hazard':>12}"
        intercept = setting.weights.intercept
        lines.append(f"  {'intercept':<12}{'':>9}{'':>9}{intercept:>12.3f}")
        lines.append(f"  {'effect':<12}{weighed.effect:>9.3f}{1:>9.2f}{weighed.effect:>12.3f}")
        return lines + [
            f"  {name:<12}{value:>9.3f}{weight:>9.2f}{value * weight:>12.3f}"
            for name, value, weight in self._contributions(weighed)
        ]

    def _contributions(self, weighed: Terms) -> list[tuple[str, float, float]]:
        """Return name, value and signed weight of each term that a linear rule adds up."""
        setting = self.model.setting
        ignored = ("meeting", "peer", "recent", "lead", "bloc")
        left_out = ignored if setting.config.rule.name == "independent" else ()
        return [
            (name, value, getattr(setting.weights, name) * (-1.0 if name in SUBTRACTED else 1.0))
            for name, value in weighed._asdict().items()
            if name in Weights._fields and name not in left_out
        ]

    def _shared(self, act: int, day: int) -> list[tuple[str, float]]:
        """Return what the decision shared with others, if the state decides for itself."""
        if self.by_council[act]:
            return []
        run = self.model.engine
        return run.shared_by(run.decider_of(self.seat), act, day)

    def _refusals(self) -> list[str]:
        date_of = self.model.setting.date_of
        return [
            f"  refuses to pay {seller.code} for gas in rubles since "
            f"{date_of(seller.refused[self.code])}"
            for seller in self.model.targets
            if self.code in seller.refused
        ]

    def _latest(self) -> int:
        if (self.announced != NEVER).any():
            return int(np.argmax(self.announced.max(axis=1)))
        acts = np.flatnonzero(self.model.engine.state.trace.day[self.seat] != NEVER).tolist()
        return int(max(acts, key=lambda act: self.model.engine.log_hazard(self.seat, act)))

    def _outcome(self, act: int) -> str:
        level, waves = self.level[act], int(self.model.setting.menu.waves[act])
        date_of = self.model.setting.date_of
        if level == 0:
            return f"not announced by {date_of(self.model.day)}"
        how = "through the council" if self.by_council[act] else "alone"
        last = int(np.argmax(self.announced[act]))
        which = f"wave {level} of {waves} " if waves > 1 else ""
        effect = date_of(self.model.effective[self.seat, act, last])
        return f"{which}announced {how} on {date_of(self.announced[act, last])}, effective {effect}"


class CouncilAgent(mesa.Agent):
    """The council of a union, or of all senders.

    Attributes
    ----------
    number : int
        Among the councils.
    code, name, role : str
        As of a state; the role is 'council'.
    members : list of Sender
    agenda : list of int
        Acts that it decides on.
    """

    model: SanctionsModel

    def __init__(self, model: SanctionsModel, number: int) -> None:
        super().__init__(model)
        self.number, self.seat = number, model.setting.councils[number]
        self.code, self.name = self.seat.institution.code, self.seat.institution.name
        self.role = "council"
        self.members = [model.senders[member] for member in self.seat.members]
        menu = model.setting.menu
        self.agenda: list[int] = np.flatnonzero(menu.agenda[number] & menu.on_menu).tolist()

    def __repr__(self) -> str:
        return f"<CouncilAgent {self.code} ({self.name}): {len(self.members)} members>"

    @property
    def level(self) -> Ints:
        """Waves passed of each act, (n_acts,)."""
        passed: Ints = self.model.engine.state.adoption.passed[self.number]
        return passed

    @property
    def blocked(self) -> Ints:
        """Day on which an act was first blocked, -1 for never, (n_acts,)."""
        blocked: Ints = self.model.engine.state.adoption.blocked[self.number]
        return blocked

    def announce(self, instrument: str, target: str = "") -> None:
        """Pass the next wave of a measure on the coming day; as `State.announce`."""
        self.model.carry_out(self.code, instrument, target)

    def explain(self, instrument: str = "", target: str = "") -> str:
        """Return who wants a measure of the council, who objects, and how far it is.

        Parameters
        ----------
        instrument, target : str
            Which act; without them the one last passed or blocked or, if there is none, the one
            that the members want most.

        Raises
        ------
        InputError
            No such measure in this run, or not one that the council decides on.
        """
        setting = self.model.setting
        act = setting.find_act(instrument, target) if instrument else self._latest()
        if not setting.menu.agenda[self.number, act]:
            raise InputError(f"the council {self.code} does not decide on {setting.label(act)}")
        head, day = self._outcome(act), int(self._weighed_on(act).max())
        if day == NEVER:
            return f"{head}; its members have weighed nothing yet"
        decider = int(deciders_of(setting).council[self.number])
        shared = self.model.engine.shared_by(decider, act, day)
        eta = self.wish(act) + sum(dict(shared).values())
        return "\n".join(
            [
                head,
                f"  {'member':<12}{'voice':>9}{'log hazard':>12}",
                *(self._stance(row, act) for row in range(len(self.members))),
                f"  {'together':<12}{'':>9}{self.wish(act):>12.3f}",
                *(f"  {name:<12}{'':>9}{added:>12.3f}" for name, added in shared),
                f"  log hazard per week {eta:.3f}; chance of a vote that day "
                f"{clock.probability(eta, 1.0):.1%}",
                f"  objections weigh {self.seat.weight[self.objects(act)].sum():.2f}; above "
                f"{self.seat.blocking:.2f} they block",
            ]
        )

    def wish(self, act: int) -> float:
        """Return the log hazard per week that members wanted last, by voice; shocks left out.

        Who has no wave left to take has no say; minus infinity if nobody has.
        """
        days, seats = self._weighed_on(act), self.seat.members
        voice = np.where((days == days.max()) & (days != NEVER), self.seat.voice, 0.0)
        if not voice.any():
            return -math.inf
        heard = np.flatnonzero(voice)
        wanted = [self.model.engine.log_hazard(seats[row], act) for row in heard]
        return float(voice[heard] @ np.array(wanted) / voice.sum())

    def objects(self, act: int) -> Flags:
        """Return which members object to an act today, (n_members,)."""
        setting, seats = self.model.setting, self.seat.members
        menu, levers = setting.menu, setting.config.coordination
        settled = self.model.engine.state.adoption.objection_settled
        return np.array(
            [
                objects(
                    menu.cost[i, act] + menu.energy_cost[i, act],
                    levers.cost_tolerance,
                    menu.objection_days[i, act] >= 0,
                    setting.sender_codes[i] in levers.veto_players,
                    settled[i, act],
                )
                for i in seats
            ]
        )

    def _weighed_on(self, act: int) -> Ints:
        days: Ints = self.model.engine.state.trace.day[self.seat.members, act]
        return days

    def _stance(self, row: int, act: int) -> str:
        """Return a line on a member: its voice, what it wants, and whether it objects."""
        member, days = self.members[row], self._weighed_on(act)
        wants = f"{'no wave left':>12}"
        if days[row] == days.max():
            wants = f"{self.model.engine.log_hazard(member.seat, act):>12.3f}"
        more = f"  objects{self._until(member.seat, act)}" if self.objects(act)[row] else ""
        more += "  freed of it" if self.model.exempt[member.seat, act] else ""
        return f"  {member.code:<12}{self.seat.voice[row]:>9.2f}{wants}{more}"

    def _until(self, seat: int, act: int) -> str:
        """Return when an objection falls, if the council has been blocked."""
        setting = self.model.setting
        stated = int(setting.menu.objection_days[seat, act])
        lasts = stated if stated >= 0 else setting.config.coordination.carve_out_days
        if self.blocked[act] == NEVER:
            return f", {lasts} days from the first vote on"
        return f" until {setting.date_of(self.blocked[act] + lasts)}"

    def _latest(self) -> int:
        def last(act: int) -> tuple[int, float]:
            announced = self.model.announced[self.seat.members, act].max()
            return max(int(announced), int(self.blocked[act])), self.wish(act)

        return max(self.agenda, key=last)

    def _outcome(self, act: int) -> str:
        setting, date_of = self.model.setting, self.model.setting.date_of
        said = f"{self.code} on {setting.label(act)}: {self.level[act]} of "
        said += f"{setting.menu.waves[act]} waves passed by {date_of(self.model.day)}"
        if self.blocked[act] != NEVER:
            said += f", first blocked on {date_of(self.blocked[act])}"
        return said


class Target(State):
    """A state that is sanctioned and answers.

    Attributes
    ----------
    number : int
        Among the targets.
    """

    def __init__(self, model: SanctionsModel, position: int, number: int) -> None:
        super().__init__(model, position)
        self.number = number

    def _days(self, days: Ints) -> dict[str, int]:
        """Return the days, by sender, of what has happened to senders."""
        codes = self.model.setting.sender_codes
        return {codes[i]: int(days[i]) for i in np.flatnonzero(days != NEVER)}

    @property
    def issued(self) -> dict[str, int]:
        """Day of each countermeasure at home or against all who acted."""
        days = self.model.engine.state.target.issued[self.number]
        counters = self.model.setting.world.countermeasures
        return {counters[c].code: int(days[c]) for c in np.flatnonzero(days != NEVER)}

    @property
    def listed(self) -> dict[str, int]:
        """Day on which each sender was put on the list of unfriendly states."""
        return self._days(self.model.engine.state.target.listed[self.number])

    @property
    def refused(self) -> dict[str, int]:
        """Day on which each sender was to pay for gas in rubles and did not."""
        return self._days(self.model.engine.state.target.refused[self.number])

    @property
    def cut_off(self) -> dict[tuple[str, str], int]:
        """Day of each countermeasure against a single sender."""
        days, codes = (
            self.model.engine.state.target.cut_off[self.number],
            self.model.setting.sender_codes,
        )
        counters = self.model.setting.world.countermeasures
        return {
            (counters[c].code, codes[i]): int(days[c, i]) for c, i in np.argwhere(days != NEVER)
        }

    @property
    def log_rate(self) -> float:
        """Log of its currency's rate over what it was; a rise is a loss of value."""
        return float(self.model.engine.state.effect.log_rate[self.number])

    @property
    def leak(self) -> float:
        """Share of covered trade with it that finds another way."""
        return float(self.model.leak[self.number])

    def cut_gas(self, sender: str) -> None:
        """Cut a sender's gas off on the coming day."""
        self.answer("gas_cutoff", sender)

    def explain(self) -> str:
        """Return what the state answered, and to whom."""
        date_of = self.model.setting.date_of
        answers = [f"  {date_of(day)}  {code}" for code, day in self.issued.items()]
        answers += [f"  {date_of(day)}  {code} {who}" for (code, who), day in self.cut_off.items()]
        listed = ", ".join(f"{code} ({date_of(day)})" for code, day in self.listed.items())
        answers += [f"  {date_of(day)}  {who} refuses to pay" for who, day in self.refused.items()]
        head = f"{self.code} ({self.name}) has lost {self.loss:.2f} % of GDP and answered:"
        return "\n".join([head, *answers, f"  on its list: {listed or 'nobody'}"])


class ThirdState(State):
    """A state that takes no measures: it condemns or not, carries trade, and draws its lessons."""

    @property
    def condemns(self) -> bool:
        """Whether it condemns a violation like this, sooner or later."""
        return bool(self.model.engine.state.third_party.condemns[self.position])

    @property
    def condemned(self) -> int:
        """Day on which it condemned the violation, -1 for never."""
        return int(self.model.engine.state.third_party.condemned[self.position])

    @property
    def cooperations(self) -> dict[str, int]:
        """Number of acts of defence cooperation with each target."""
        number = self.model.engine.state.third_party.cooperations[self.position]
        return {target.code: int(number[target.number]) for target in self.model.targets}

    @property
    def readiness(self) -> float:
        """How ready it is to carry covered trade, in [0, 1], before fear."""
        evasion = self.model.setting.config.evasion
        backing = float(self.model.setting.third_parties.backing[self.position])
        if not math.isnan(backing):
            return backing
        has_condemned = self.condemned != NEVER
        return float(
            third.readiness_to_carry(evasion.willingness, has_condemned, evasion.condemned_factor)
        )

    @property
    def compliance(self) -> float:
        """Share of covered trade that its banks and traders refuse, in [0, 1]."""
        setting = self.model.setting
        return float(
            third.compliance(
                setting.config.coordination.secondary_sanctions,
                setting.third_parties.trade_with_senders[self.position],
                setting.config.evasion.compliance,
            )
        )

    def explain(self) -> str:
        """Return the state's stance, what it carries and what it fears."""
        setting = self.model.setting
        if not setting.third_parties.takes_stance[self.position]:
            return super().explain()
        stance = "has not condemned the violation"
        if self.condemned != NEVER:
            stance = f"condemned the violation on {setting.date_of(self.condemned)}"
        chance = setting.third_parties.condemns[self.position]
        ties = "; ".join(
            f"relation with {target.code} {self.model.relation[self.position, target.number]:.2f}, "
            f"{self.cooperations[target.code]} acts of defence cooperation"
            for target in self.model.targets
        )
        return (
            f"{self.code} ({self.name}), a {self.role}, {stance} (probability {chance:.2f}).\n"
            f"  readiness to carry {self.readiness:.2f}, of which its banks refuse "
            f"{self.compliance:.0%}; carries USD {self.diverted_bn:.1f} bn a year\n"
            f"  {ties}"
        )


def agent_of(model: Any, position: int) -> State:
    """Return the agent of a state by the part that it plays in a run."""
    setting = model.setting
    if position in setting.senders:
        return Sender(model, position, int(np.flatnonzero(setting.senders == position)[0]))
    if position in setting.targets:
        return Target(model, position, int(np.flatnonzero(setting.targets == position)[0]))
    return ThirdState(model, position)
