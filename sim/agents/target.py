"""A target: it answers those who acted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.agents.sender import Sender
from sim.agents.state import NEVER, State
from sim.draws import Stream
from sim.rules import clock, respond
from sim.setting.answers import ANY

if TYPE_CHECKING:
    from sim.model import SanctionsModel

UNFRIENDLY_LIST = "unfriendly_list"


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
    refuses : (n_senders,) bool
        Senders that would not pay for gas in rubles.
    refused : dict of str to int
        Day on which each of them was to pay and did not.
    precaution, imports_lost, exports_lost, log_rate : float
        State of the currency, see `sim.economy.currency`.
    """

    def __init__(self, model: SanctionsModel, position: int, number: int) -> None:
        super().__init__(model, position)
        self.number = number
        self.issued: dict[str, int] = {}
        self.listed: dict[str, int] = {}
        self.cut_off: dict[tuple[str, str], int] = {}
        self.refuses = (
            np.array([self.uniform(Stream.REFUSE, code) for code in model.setting.sender_codes])
            < model.setting.refusal
        )
        self.refused: dict[str, int] = {}
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
            elif provoked <= 0.0 or not answers.can_issue[self.number, c]:
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
        if not self.model.setting.answers.can_issue[self.number, c]:
            return
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
            if not self.model.has_acted(sender, self) or not self._is_triggered(c, sender):
                continue
            harm = answers.harm[self.number, c, sender.seat]
            cost = answers.own_cost[self.number, c, sender.seat]
            hazard = self._hazard(c, harm, cost, provoked)
            if answers.trigger_answer[c] >= 0:
                hazard = self._hazard_of_buyer(answers.trigger_answer[c], sender, hazard)
            if self._ripe(Stream.RESPOND, f"{counter.code}|{sender.code}", hazard):
                self._cut(counter.code, sender, counter.lag_days)

    def _is_triggered(self, c: int, sender: Sender) -> bool:
        """Return whether what comes before an answer to a single sender has happened."""
        answers = self.model.setting.answers
        act, demand = answers.trigger_act[self.number, c], answers.trigger_answer[c]
        moot = answers.moot_act[self.number, c]
        if moot >= 0 and NEVER < sender.announced[moot, 0] < self.model.day:
            return False
        if act >= 0:
            return bool(NEVER < sender.announced[act, 0] < self.model.day)
        return act == ANY and (demand < 0 or self._is_due_to_pay(demand, sender))

    def _is_due_to_pay(self, demand: int, sender: Sender) -> bool:
        """Return whether a sender must have met a demand by today, or refused to."""
        issued = self.issued.get(self.model.setting.world.countermeasures[demand].code, NEVER)
        waited = self.model.day - issued
        is_due = waited >= self.model.setting.config.response.payment_days
        return issued != NEVER and is_due and self._aims_at(sender)

    def _hazard_of_buyer(self, demand: int, sender: Sender, hazard: float) -> float:
        """Return the hazard that a buyer is cut off; write down a refusal on its first day."""
        refuses = bool(self.refuses[sender.seat])
        if refuses and sender.code not in self.refused:
            self.refused[sender.code] = self.model.day
            terms = self.model.setting.world.countermeasures[demand].code
            self.model.records.event(self.model.day, sender.code, "refusal", terms, self.code)
        factor = self.model.setting.config.response.paying_factor
        left: float = respond.supply_hazard(hazard, refuses, factor)
        return left

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
        answers += [f"  {date(day)}  {who} refuses to pay" for who, day in self.refused.items()]
        head = f"{self.code} ({self.name}) has lost {self.loss:.2f} % of GDP and answered:"
        return "\n".join([head, *answers, f"  on its list: {listed}"])
