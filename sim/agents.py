"""The agents of a run: states and councils, as views of what the engine holds of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import mesa
import numpy as np

from sim.arrays import Flags, Ints
from sim.codes import NEVER
from sim.engine import log
from sim.engine.deciders import deciders_of
from sim.errors import InputError
from sim.reasons import FOLLOWING, Reasons, Stance, in_percent, in_words, reason, wrapped
from sim.rules import enforce, third
from sim.rules.council import objects
from sim.rules.terms import Terms
from sim.setting import Council, Setting
from sim.words import percent
from sim.world.catalogue import Countermeasure

if TYPE_CHECKING:
    from sim.model import SanctionsModel


class _Counters(WeakKeyDictionary["SanctionsModel", Iterator[int]]):
    """Counters of agents by model, which last as long as their models.

    Mesa 3 keeps every model for ever, as the key of such a counter: what asks many models, one
    after the other, would grow by two megabytes for each.
    """

    def __getitem__(self, model: SanctionsModel) -> Iterator[int]:
        return self.setdefault(model, count(1))


class State(mesa.Agent):
    """A state: its role, its numbers, and what it suffers.

    Attributes
    ----------
    code, name, role : str
    position : int
        Among the states of the world.
    """

    model: SanctionsModel
    _ids = _Counters()

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
        part = "takes no part" if self.role == "passive" else f"is a {self.role}"
        return f"{self.name} {part} and decides nothing in this run."


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
        """Return in words why the state did or did not take a measure; as `reasons`."""
        if not instrument and not self._has_weighed_anything():
            return f"{self.name} has weighed nothing yet."
        return self.reasons(instrument, target).text()

    def reasons(self, instrument: str = "", target: str = "") -> Reasons:
        """Return what the state weighed last on an act, term by term.

        Parameters
        ----------
        instrument, target : str
            Which act; without them the latest announcement or, if there is none, the act that
            was closest to one.

        Raises
        ------
        InputError
            No such measure in this run; without one, nothing has been weighed yet.
        """
        setting = self.model.setting
        if not instrument and not self._has_weighed_anything():
            raise InputError(f"{self.code} has weighed nothing yet; name a measure")
        act = setting.find_act(instrument, target) if instrument else self._latest()
        found = Reasons(self.code, self.name, words_of(setting, act), act, self._outcome(act))
        weighed, day = self.weighed(act), int(self.model.engine.state.trace.day[self.seat, act])
        if weighed is None:
            return replace(found, notes=(self._why_nothing(act),))
        shared, council = self._shared(act, day), setting.menu.council_of[self.seat, act]
        return replace(
            found,
            day=setting.date_of(day),
            wave=1 + int(((self.announced[act] != NEVER) & (self.announced[act] < day)).sum()),
            **weighed_up(setting, act, [(1.0, weighed)], shared),
            wishes_of=name_of(setting.councils[council]) if self.by_council[act] else "",
            notes=(*self._in_council(act), *self._refusals()),
        )

    def _has_weighed_anything(self) -> bool:
        return bool((self.model.engine.state.trace.day[self.seat] != NEVER).any())

    def _why_nothing(self, act: int) -> str:
        """Return why a state has not weighed an act."""
        setting, target = self.model.setting, target_of(self.model.setting, act)
        if self.level[act]:
            return "It was imposed by the scenario, not decided."
        if not setting.menu.on_menu[act]:
            return "Nobody can choose this measure in this run; a scenario can impose it."
        return f"It has not weighed it: so far {target} had no part in a violation."

    def _shared(self, act: int, day: int) -> list[tuple[str, float]]:
        """Return what the decision shared with others, if the state decides for itself."""
        if self.by_council[act]:
            return []
        run = self.model.engine
        return run.shared_by(run.decider_of(self.seat), act, day)

    def _in_council(self, act: int) -> list[str]:
        """Return what became of it in the council that decides on an act, in sentences."""
        if not self.by_council[act]:
            return []
        council = self.model.councils[self.model.setting.menu.council_of[self.seat, act]]
        return council.said_of(self, act)

    def _refusals(self) -> list[str]:
        date_of = self.model.setting.date_of
        return [
            f"{self.name} refuses to pay {seller.name} for gas in rubles since "
            f"{in_words(date_of(seller.refused[self.code]))}."
            for seller in self.model.targets
            if self.code in seller.refused
        ]

    def _latest(self) -> int:
        if (self.announced != NEVER).any():
            return int(np.argmax(self.announced.max(axis=1)))
        acts = np.flatnonzero(self.model.engine.state.trace.day[self.seat] != NEVER).tolist()
        return int(max(acts, key=lambda act: self.model.engine.log_hazard(self.seat, act)))

    def _outcome(self, act: int) -> str:
        setting, level = self.model.setting, int(self.level[act])
        waves, date_of = int(setting.menu.waves[act]), setting.date_of
        if level == 0:
            return f"not announced by {in_words(date_of(self.model.day))}"
        how = "on its own"
        if self.by_council[act]:
            how = f"through {name_of(setting.councils[setting.menu.council_of[self.seat, act]])}"
        last = int(np.argmax(self.announced[act]))
        which = f"wave {level} of {waves} " if waves > 1 else ""
        effect = in_words(date_of(self.model.effective[self.seat, act, last]))
        day = in_words(date_of(self.announced[act, last]))
        return f"{which}announced {how} on {day}, in force from {effect}"


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
    _ids = State._ids

    def __init__(self, model: SanctionsModel, number: int) -> None:
        super().__init__(model)
        self.number, self.seat = number, model.setting.councils[number]
        self.code, self.name = self.seat.institution.code, name_of(self.seat)
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
        """Return in words who wants a measure, who objects, and how far it is; as `reasons`."""
        return self.reasons(instrument, target).text()

    def reasons(self, instrument: str = "", target: str = "") -> Reasons:
        """Return what members weighed last on a measure, as their common wish, and who objects.

        A term is the mean of those members that have a wave left to take, by their voice.

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
            raise InputError(
                f"the council {self.code} does not decide on {setting.label(act)}: each member "
                f"does for itself; name one, as in {self.members[0].code}"
            )
        found = Reasons(self.code, self.name, words_of(setting, act), act, self._outcome(act))
        day = int(self._weighed_on(act).max())
        if day == NEVER:
            return replace(found, notes=("Its members have weighed nothing yet.",))
        decider = int(deciders_of(setting).council[self.number])
        shared = self.model.engine.shared_by(decider, act, day)
        return replace(
            found,
            day=setting.date_of(day),
            wave=int(self.level[act]) + (self._last_passed(act) < day),
            **weighed_up(setting, act, self._heard(act), shared),
            members=tuple(self._stance(row, act) for row in range(len(self.members))),
            notes=(self._rule(act),),
        )

    def _last_passed(self, act: int) -> int:
        """Return the day on which the council last passed a wave of an act, -1 for never."""
        if not self.level[act]:
            return NEVER
        return int(self.model.announced[self.seat.members, act].max())

    def _heard(self, act: int) -> list[tuple[float, Terms]]:
        """Return share of the voice and what was weighed of each member that has a say."""
        days, voices = self._weighed_on(act), self.seat.voice
        heard = [
            (float(voices[row]), member.weighed(act))
            for row, member in enumerate(self.members)
            if days[row] == days.max() and voices[row] > 0.0
        ]
        all_voices = sum(voice for voice, _ in heard)
        return [(voice / all_voices, weighed) for voice, weighed in heard if weighed is not None]

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

    def _stance(self, row: int, act: int) -> Stance:
        """Return where a member stands: its voice, what it wants, and whether it objects."""
        member, days = self.members[row], self._weighed_on(act)
        wants = math.nan
        if days[row] == days.max():
            wants = self.model.engine.log_hazard(member.seat, act)
        objection = self._until(member.seat, act) if self.objects(act)[row] else ""
        exempt = bool(self.model.exempt[member.seat, act])
        voice = float(self.seat.voice[row])
        return Stance(member.code, member.name, voice, wants, objection, exempt)

    def _until(self, seat: int, act: int) -> str:
        """Return when an objection falls, in words."""
        setting = self.model.setting
        stated = int(setting.menu.objection_days[seat, act])
        lasts = stated if stated >= 0 else setting.config.coordination.carve_out_days
        if self.blocked[act] == NEVER:
            return f"for {lasts} days from the first vote on"
        return f"until {in_words(setting.date_of(self.blocked[act] + lasts))}"

    def _rule(self, act: int) -> str:
        """Return what the rule of the council makes of the objections."""
        share = self.seat.weight[self.objects(act)].sum()
        said = {
            "unanimity": "It decides by unanimity: one objection is enough to block",
            "majority": "It decides by qualified majority: more than "
            f"{percent(self.seat.blocking)} of the population must object to block",
            "leaders": "Its leading members decide: an objection of theirs blocks, no other does",
        }[self.seat.rule]
        if not self.objects(act).any():
            return f"{said}; nobody objects."
        verdict = "they block" if share > self.seat.blocking else "it can pass all the same"
        return f"{said}; objections weigh {percent(share)}: {verdict}."

    def _latest(self) -> int:
        def last(act: int) -> tuple[int, float]:
            announced = self.model.announced[self.seat.members, act].max()
            return max(int(announced), int(self.blocked[act])), self.wish(act)

        return max(self.agenda, key=last)

    def _outcome(self, act: int) -> str:
        setting, passed = self.model.setting, int(self.level[act])
        date_of, waves = setting.date_of, int(setting.menu.waves[act])
        said = f"not passed by {in_words(date_of(self.model.day))}"
        if passed:
            which = f"wave {passed} of {waves} " if waves > 1 else ""
            said = f"{which}passed on {in_words(date_of(self._last_passed(act)))}"
        if self.blocked[act] != NEVER:
            said += f"; first blocked on {in_words(date_of(self.blocked[act]))}"
            said += f" by {' and '.join(self._blockers(act))}"
        return said

    def said_of(self, member: Sender, act: int) -> list[str]:
        """Return whether a member has blocked an act, objects to it or is exempt, in sentences."""
        said, row = [], self.members.index(member)
        if self.blocked[act] != NEVER and member.name in self._blockers(act):
            day = in_words(self.model.setting.date_of(self.blocked[act]))
            said.append(f"{member.name} was among the first to block it, on {day}.")
        if self.objects(act)[row]:
            said.append(f"{member.name} objects {self._until(member.seat, act)}.")
        if self.model.exempt[member.seat, act]:
            said.append(f"A carve-out frees {member.name} of it.")
        return said

    def _blockers(self, act: int) -> list[str]:
        """Return the names of the members that were the first to block an act."""
        kept = self.model.engine.state.log
        rows = kept.rows[: kept.n_rows]
        of_act = rows[:, [log.KIND, log.ACTOR, log.WHAT]] == (log.BLOCKED, self.number, act)
        objectors = int(rows[of_act.all(axis=1)][0, log.DETAIL])
        return [m.name for row, m in enumerate(self.members) if objectors & (1 << row)]


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

    @property
    def answers(self) -> list[tuple[int, str, str]]:
        """Day, countermeasure and sender of each answer, by day; no sender where it hits all."""
        general = [(day, code, "") for code, day in self.issued.items()]
        return sorted([*general, *((day, *what) for what, day in self.cut_off.items())])

    def explain(self, countermeasure: str = "") -> str:
        """Return in words what the state answered, and to whom.

        Parameters
        ----------
        countermeasure : str
            Of that one alone, and what it waits for; of all that were given without it.

        Raises
        ------
        InputError
            It has no such answer at hand.
        """
        date_of, answers = self.model.setting.date_of, self.answers
        today = in_words(date_of(self.model.day))
        if countermeasure:
            return self._explain_one(countermeasure, today)
        listed: dict[int, list[str]] = {}
        for code, day in sorted(self.listed.items(), key=lambda one: one[1]):
            listed.setdefault(day, []).append(self._named(code))
        refused = [
            f"  {date_of(day)}  {self._named(who)} refuses to pay for gas in rubles"
            for who, day in self.refused.items()
        ]
        return "\n".join(
            [
                f"{self.name} has lost {self.loss:.2f} % of GDP by {today} and answered:",
                *(f"  {date_of(day)}  {self._answer(code, who)}" for day, code, who in answers),
                *refused,
                f"  on its list of unfriendly states{':' if listed else ': nobody'}",
                *(wrapped(f"{date_of(day)}  {', '.join(some)}") for day, some in listed.items()),
            ]
        )

    def _explain_one(self, code: str, today: str) -> str:
        """Return whom an answer has hit when, and what it waits for."""
        at_hand = {
            c.code: c for c in self.model.setting.world.countermeasures if self.code in c.issuers
        }
        if code not in at_hand:
            raise InputError.unknown(f"answer of {self.code}", code, at_hand)
        given = [(day, who) for day, what, who in self.answers if what == code]
        date_of, known = self.model.setting.date_of, at_hand[code]
        lines = [f"{self.name}: {known.label}", *(
            f"  {date_of(day)}  {self._answer(code, who)}" for day, who in given
        )]  # fmt: skip
        if not given:
            lines.append(f"  not given by {today}")
        return "\n".join([*lines, wrapped(self._waits_for(known))])

    def _waits_for(self, counter: Countermeasure) -> str:
        """Return what comes before an answer, and what makes it likelier."""
        before = "It waits for a first measure against it"
        others = {c.code: c.label for c in self.model.setting.world.countermeasures}
        measures = {m.code: m.label for m in self.model.setting.world.measures}
        if counter.trigger in others:
            before = f"Before it comes: {others[counter.trigger]}"
        elif counter.trigger:
            before = f"It hits who has taken: {measures[counter.trigger]}"
        if counter.fuel:
            before += f"; it can hit only who buys {counter.fuel}"
        return (
            f"{before}. It is likelier, the louder the measures are, the more it hurts "
            f"({counter.harm:g} of 1) and the less it costs {self.name} "
            f"({counter.own_cost:g} of 1)."
        )

    def _answer(self, code: str, who: str) -> str:
        label = next(c.label for c in self.model.setting.world.countermeasures if c.code == code)
        return f"{label}: {self._named(who)}" if who else label

    def _named(self, code: str) -> str:
        return self.model.setting.world.names[self.model.setting.world.index(code)]


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
        """Return in words the state's stance, what it carries and what it fears."""
        setting, ties = self.model.setting, []
        if not setting.third_parties.takes_stance[self.position]:
            return super().explain()
        stance = f"has not condemned the violation by {in_words(setting.date_of(self.model.day))}"
        if self.condemned != NEVER:
            stance = f"condemned the violation on {in_words(setting.date_of(self.condemned))}"
        chance = setting.third_parties.condemns[self.position]
        for target in self.model.targets:
            acts = self.cooperations[target.code]
            ties.append(
                f"  relation with {target.name}: "
                f"{self.model.relation[self.position, target.number]:.2f}, "
                f"-1 being hostile and 1 close; {acts} act{'' if acts == 1 else 's'} of defence "
                "cooperation"
            )
        return "\n".join(
            [
                f"{self.name}, a {self.role}, {stance}.",
                f"  chance that a state with its votes and pacts ever does: {in_percent(chance)}",
                wrapped(
                    f"ready to carry {100.0 * self.readiness:.0f} % of the covered trade that it "
                    f"could; its banks and traders refuse {100.0 * self.compliance:.0f} % of that "
                    "for fear of the senders"
                ),
                f"  it carries USD {self.diverted_bn:.1f} bn a year of the others' covered trade",
                *ties,
            ]
        )


def name_of(council: Council) -> str:
    """Return what a council is called in a sentence."""
    institution = council.institution
    if council.competence == "joint":
        return "all senders together"
    return f"the Council of the {institution.name}"


def target_of(setting: Setting, act: int) -> str:
    """Return the name of the state that an act is aimed at."""
    world = setting.world
    return world.names[world.index(setting.acts[act].target)]


def words_of(setting: Setting, act: int) -> str:
    """Return an act in words, its target by its name."""
    label = setting.acts[act].measure.label
    return f"{label} against {target_of(setting, act)}"


def weighed_up(
    setting: Setting,
    act: int,
    weighed: Sequence[tuple[float, Terms]],
    shared: Sequence[tuple[str, float]],
) -> dict[str, Any]:
    """Return start, terms and log hazard of a decision, as `Reasons` has them.

    What a term adds is read off the rule itself: what is lost without it, all else as it is.

    Parameters
    ----------
    setting : Setting
    act : int
    weighed : sequence of (float, Terms)
        Share of the voice, summing to 1, and what was weighed, of each who has a say.
    shared : sequence of (str, float)
        What the decision shares with others, and what it adds.
    """
    decide, weights, target = setting.decide, setting.weights, target_of(setting, act)
    eta = sum(voice * decide(terms, weights) for voice, terms in weighed)
    follows = any(_matters("threshold", terms, setting) for _, terms in weighed)
    found = []
    for name in Terms._fields:
        value = sum(voice * getattr(terms, name) for voice, terms in weighed)
        added = sum(voice * _lost_without(name, terms, setting) for voice, terms in weighed)
        compared = follows and name in FOLLOWING
        if compared or any(_matters(name, terms, setting) for _, terms in weighed):
            found.append(reason(name, value, added, target))
    found += [reason(name, math.nan, added, target) for name, added in shared]
    nothing = Terms(*[0.0] * len(Terms._fields))
    return {
        "start": float(decide(nothing, weights)) if decide.is_linear else math.nan,
        "terms": tuple(found),
        "log_hazard": float(eta + sum(added for _, added in shared)),
        "adds_up": decide.is_linear,
    }


def _lost_without(name: str, terms: Terms, setting: Setting) -> float:
    """Return by how much the log hazard falls if a term is 0; 0 where it is then no number."""
    without = setting.decide(terms._replace(**{name: 0.0}), setting.weights)
    lost = float(setting.decide(terms, setting.weights) - without)
    return lost if math.isfinite(lost) else 0.0


def _matters(name: str, terms: Terms, setting: Setting) -> bool:
    """Return whether a rule looks at a term at all."""
    at = [setting.decide(terms._replace(**{name: value}), setting.weights) for value in (0.0, 1.0)]
    return bool(at[0] != at[1]) or _lost_without(name, terms, setting) != 0.0


def agent_of(model: Any, position: int) -> State:
    """Return the agent of a state by the part that it plays in a run."""
    setting = model.setting
    if position in setting.senders:
        return Sender(model, position, int(np.flatnonzero(setting.senders == position)[0]))
    if position in setting.targets:
        return Target(model, position, int(np.flatnonzero(setting.targets == position)[0]))
    return ThirdState(model, position)
