"""The phases of a run over arrays: what the Mesa model's agents do, without the agents.

Each phase stands under the name it has in `sim.model` and calls the same rules with the same
numbers in the same order; `tests/ensemble` holds the two together. What does not change from one
day to the next is not worked out again.
"""

from __future__ import annotations

import math

import numpy as np

from sim import observe
from sim.compiled import kernel
from sim.draws import Stream, uniform, waiting
from sim.economy import currency
from sim.economy.exposure import diverted, last_in_damage, losses, trade_lost
from sim.economy.shocks import rents
from sim.economy.transfers import compensated, shared_losses
from sim.ensemble.inputs import Inputs
from sim.ensemble.state import (
    ANSWER,
    BLOCKED,
    CARVE_OUT,
    COOPERATION,
    COUNCIL,
    ESCALATION,
    LISTED,
    MAX_RANDOM,
    MEASURE,
    NEVER,
    PROTEST,
    ROUND,
    SETTLEMENT,
    SINGLE,
    STANCE,
    WITHDRAWAL,
    State,
    note,
)
from sim.rules import (
    clock,
    commit,
    consult,
    council,
    divert,
    enforce,
    events,
    respond,
    support,
    talk,
    terms,
    third,
    withdraw,
)
from sim.rules.decide import expected_utility, hazard, independent, threshold
from sim.rules.terms import Terms

ADOPT, OF_COUNCIL, RESPOND, LIST, SETTLE = (
    int(Stream.ADOPT), int(Stream.COUNCIL), int(Stream.RESPOND), int(Stream.LIST),
    int(Stream.SETTLE),
)  # fmt: skip
WITHDRAW, THRESHOLD, PROTESTS, CONDEMN, COOPERATE, ESCALATE, TALK = (
    int(Stream.WITHDRAW), int(Stream.THRESHOLD), int(Stream.PROTEST), int(Stream.CONDEMN),
    int(Stream.COOPERATE), int(Stream.ESCALATE), int(Stream.TALK),
)  # fmt: skip
HAZARD, FOLLOW, UTILITY = 0, 1, 2


@kernel
def begin(inputs, state, seed, run):  # type: ignore[no-untyped-def]
    """Set a run to its start: nothing done, every wait drawn."""
    numbers, cells = inputs.numbers, inputs.cells
    n_senders, n_acts = cells.adopt.shape
    n_targets, n_answers = cells.answer.shape
    state.day[0] = -1
    state.announced[:] = NEVER
    state.effective[:] = NEVER
    state.level[:] = 0
    state.exempt[:] = False
    state.met[:] = NEVER
    state.spell[:] = 0
    state.pressure[:] = 0.0
    state.doubt[:] = 0.0
    state.on_table[:] = False
    state.support[:] = numbers.support
    state.grievance[:] = NEVER
    state.protests[:] = 0
    state.dirty[:] = True
    state.peer[:] = 0.0
    state.recent[:] = 0.0
    state.lead[:] = 0.0
    state.bloc[:] = 0.0
    for i in range(n_senders):
        luck = uniform(seed, run, THRESHOLD, 0, cells.threshold[i])
        state.peer_threshold[i] = terms.threshold_of(
            luck, numbers.threshold_mean, numbers.threshold_sd
        )
        for act in range(n_acts):
            state.threshold[i, act] = waiting(seed, run, ADOPT, 0, cells.adopt[i, act])
            state.giving_up[i, act] = waiting(seed, run, WITHDRAW, 0, cells.adopt[i, act])
    state.council_level[:] = 0
    state.council_pressure[:] = 0.0
    state.blocked[:] = NEVER
    for c in range(inputs.councils.blocking.size):
        for act in range(n_acts):
            state.council_threshold[c, act] = waiting(
                seed, run, OF_COUNCIL, 0, inputs.councils.cell[c, act]
            )
    state.signals[:] = 0.0
    state.own_signals[:] = 0.0
    state.signals_stale[0] = True
    state.issued[:] = NEVER
    state.listed[:] = NEVER
    state.cut_off[:] = NEVER
    state.answer_pressure[:] = 0.0
    state.single_pressure[:] = 0.0
    state.listing_pressure[:] = 0.0
    for t in range(n_targets):
        for c in range(n_answers):
            state.answer_due[t, c] = waiting(seed, run, RESPOND, 0, cells.answer[t, c])
            for i in range(n_senders):
                state.single_due[t, c, i] = waiting(seed, run, RESPOND, 0, cells.single[t, c, i])
        for i in range(n_senders):
            state.listing_due[t, i] = waiting(seed, run, LIST, 0, cells.listing[t, i])
    state.relation[:] = inputs.thirds.relation
    state.condemned[:] = NEVER
    state.condemn_pressure[:] = 0.0
    state.cooperations[:] = 0
    state.cooperate_pressure[:] = 0.0
    for n in range(inputs.gdp_bn.size):
        if inputs.thirds.takes_stance[n]:
            state.condemn_due[n] = waiting(seed, run, CONDEMN, 0, cells.condemn[n])
            for t in range(n_targets):
                state.cooperate_due[n, t] = waiting(seed, run, COOPERATE, 0, cells.cooperate[n, t])
    state.n_escalations[0] = state.n_rounds[0] = 0
    state.escalation_pressure[0] = state.round_pressure[0] = state.talk_pressure[0] = 0.0
    state.settled_day[0] = NEVER
    state.withdrawals[0] = 0
    state.stale[0] = True
    state.in_effect[:] = 0
    state.covered[:] = 0.0
    state.leak[:] = 0.0
    state.carrier_share[:] = inputs.thirds.carrier_share
    state.premium[0] = numbers.premium
    state.crypto_bn[:] = 0.0
    state.loss[:] = 0.0
    state.transfer_bn[:] = 0.0
    state.belief[0] = numbers.belief
    state.attempt_hazard[0] = 0.0
    state.precaution[:] = 0.0
    state.imports_lost[:] = 0.0
    state.exports_lost[:] = 0.0
    state.excluded[:] = 0.0
    state.log_rate[:] = 0.0
    state.logged[0] = 0
    _weigh_damage(inputs, state)


@kernel
def step(inputs, state, seed, run):  # type: ignore[no-untyped-def]
    """Advance by one step: its days one by one, then what follows from them."""
    for offset in range(inputs.numbers.step_days):
        state.day[0] += 1
        happen(inputs, state, seed, run)
        meet(inputs, state)
        decide(inputs, state)
        deliberate(inputs, state)
        announce_all(inputs, state, seed, run)
        answer(inputs, state, seed, run)
        state.urgency_of_step[offset] = state.urgency[0]
    divert_and_enforce(inputs, state)
    price(inputs, state)
    hold_talks(inputs, state, seed, run)
    update(inputs, state)


# Phase 1, events.


@kernel
def happen(inputs, state, seed, run):  # type: ignore[no-untyped-def]
    """Learn of the day's events, and of the others' acts up to yesterday."""
    numbers, war, day = inputs.numbers, inputs.war, state.day[0]
    state.escalation_pressure[0] += numbers.escalation / 7.0
    n = state.n_escalations[0]
    if numbers.escalation > 0.0 and state.settled_day[0] == NEVER and n < MAX_RANDOM:
        if state.escalation_pressure[0] >= waiting(seed, run, ESCALATE, n, numbers.war_cell):
            state.escalation_pressure[0] = 0.0
            state.escalations[n] = day
            state.n_escalations[0] = n + 1
            note(state, ESCALATION, 0, 0, 0, day, 0)
    severity, urgency = war.severity[day], war.urgency[day]
    for n in range(state.n_escalations[0]):
        severity = events.severity_after(severity, numbers.escalation_severity)
        since = float(day - state.escalations[n])
        urgency += events.urgency_of(numbers.escalation_severity, since)
    state.severity[0], state.urgency[0] = severity, urgency
    _look_at_peers(inputs, state)


@kernel
def _look_at_peers(inputs, state):  # type: ignore[no-untyped-def]
    """Work out anew what changed; what did not only fades by a day."""
    numbers, alliance = inputs.numbers, inputs.alliance
    fade = terms.recency(1.0, numbers.memory_days)
    for act in range(state.dirty.size):
        # With a delay, what is new today depends on meetings and dates: look every day.
        if state.dirty[act] or numbers.consultation_delay > 0:
            observe.peers_of_act(
                act,
                state.announced,
                state.level,
                state.day[0],
                numbers.consultation_delay,
                state.met,
                numbers.memory_days,
                alliance.ties,
                alliance.ties_outside,
                inputs.menu.council_of,
                alliance.lead_share,
                alliance.fellows,
                state.ahead,
                state.peer,
                state.recent,
                state.lead,
                state.bloc,
            )
            state.dirty[act] = False
        else:
            for i in range(state.recent.shape[0]):
                state.recent[i, act] *= fade


# Phase 2, consult.


@kernel
def meet(inputs, state):  # type: ignore[no-untyped-def]
    """Hold the day's meetings: what one participant drafts lies on the table of all."""
    alliance, day = inputs.alliance, state.day[0]
    state.on_table[:] = False
    n_senders, n_acts = state.level.shape
    for forum in range(alliance.forum_first.size):
        if not consult.meets(day, alliance.forum_first[forum], alliance.forum_interval[forum]):
            continue
        seats = alliance.forum[forum]
        for act in range(n_acts):
            drafted = 0
            for i in range(n_senders):
                if seats[i]:
                    drafted = max(drafted, _drafts(inputs, state, i, act))
            if drafted > 0:
                for i in range(n_senders):
                    if seats[i] and drafted > state.level[i, act]:
                        state.on_table[i, act] = True
        for i in range(n_senders):
            if seats[i]:
                for j in range(n_senders):
                    if seats[j]:
                        state.met[i, j] = day


@kernel
def _is_open(inputs, state, i, act):  # type: ignore[no-untyped-def]
    return inputs.menu.on_menu[act] and state.level[i, act] < inputs.menu.waves[act]


@kernel
def _drafts(inputs, state, i, act):  # type: ignore[no-untyped-def]
    """Return up to which wave of an act a sender brings it to the table."""
    level = state.level[i, act]
    if not _is_open(inputs, state, i, act):
        return level
    body = inputs.menu.council_of[i, act]
    if body >= 0:
        pressure, due = state.council_pressure[body, act], state.council_threshold[body, act]
    else:
        pressure, due = state.pressure[i, act], state.threshold[i, act]
    return level + 1 if consult.drafted(pressure, due, inputs.numbers.draft_share) else level


# Phase 3, decide.


@kernel
def log_hazard(rule, weighed, weights):  # type: ignore[no-untyped-def]
    """Return what the chosen rule makes of a decision."""
    if rule == HAZARD:
        return hazard.log_hazard(weighed, weights)
    if rule == FOLLOW:
        return threshold.log_hazard(weighed, weights)
    if rule == UTILITY:
        return expected_utility.log_hazard(weighed, weights)
    return independent.log_hazard(weighed, weights)


@kernel
def decide(inputs, state):  # type: ignore[no-untyped-def]
    """Let the pressure on each open act grow, and the doubt about each act in force."""
    numbers, menu, weights = inputs.numbers, inputs.menu, inputs.weights
    n_senders, n_acts = state.level.shape
    settled = state.settled_day[0] != NEVER
    day = state.day[0]
    shock = terms.shock(state.urgency[0])
    state.wish[:] = 0.0
    for i in range(n_senders):
        own_support = state.support[i] - 0.5
        for act in range(n_acts):
            state.decided[i, act] = state.given_up[i, act] = False
            level = state.level[i, act]
            if level > 0 and menu.on_menu[act]:
                _reconsider(inputs, state, i, act, settled)
            if settled or not menu.on_menu[act] or level >= menu.waves[act]:
                continue
            target = menu.aimed_at[act]
            weighed = Terms(
                menu.readiness[i, act],
                terms.norm(
                    state.severity[0], inputs.democracy[i], inputs.war.involvement[target, day]
                ),
                shock,
                state.peer[i, act],
                state.recent[i, act],
                1.0 if state.on_table[i, act] else 0.0,
                state.lead[i, act],
                state.bloc[i, act],
                inputs.frontline[i],
                menu.cost[i, act],
                menu.retaliation[i, act],
                menu.linkage[i, act],
                own_support,
                terms.valued(state.relation[inputs.priced.senders[i], target]),
                1.0 if level > 0 else 0.0,
                state.damage[i, act],
                state.peer_threshold[i],
            )
            eta = log_hazard(numbers.rule, weighed, weights)
            body = menu.council_of[i, act]
            if body >= 0:
                state.wish[body, act] += inputs.councils.voice[body, i] * eta
                continue
            state.pressure[i, act] += clock.hazard(eta, 1.0)
            if state.pressure[i, act] >= state.threshold[i, act]:
                state.decided[i, act] = True


@kernel
def _reconsider(inputs, state, i, act, settled):  # type: ignore[no-untyped-def]
    numbers, reversibility = inputs.numbers, inputs.menu.reversibility[act]
    if settled:
        state.doubt[i, act] += withdraw.easing(numbers.easing_days, reversibility, 1.0)
    else:
        state.doubt[i, act] += withdraw.backsliding(
            numbers.backslide, inputs.alliance.held[i], state.support[i], reversibility, 1.0
        )
    if state.doubt[i, act] >= state.giving_up[i, act]:
        state.given_up[i, act] = True


# Phase 4, council.


@kernel
def deliberate(inputs, state):  # type: ignore[no-untyped-def]
    """Let the members' common wish grow; pass what is ripe and not blocked."""
    councils = inputs.councils
    state.passing[:] = False
    if state.settled_day[0] != NEVER:
        return
    for c in range(councils.blocking.size):
        for act in range(state.level.shape[1]):
            if not councils.agenda[c, act] or state.council_level[c, act] == inputs.menu.waves[act]:
                continue
            state.council_pressure[c, act] += clock.hazard(state.wish[c, act], 1.0)
            if state.council_pressure[c, act] < state.council_threshold[c, act]:
                continue
            objecting, bits = 0.0, 0
            for i in range(state.level.shape[0]):
                if councils.member[c, i] and council.objects(
                    inputs.menu.cost[i, act],
                    inputs.numbers.cost_tolerance,
                    councils.veto[i],
                    state.exempt[i, act],
                ):
                    objecting += councils.weight[c, i]
                    bits |= 1 << i
            if council.passes(objecting, councils.blocking[c]):
                state.passing[c, act] = True
            else:
                _negotiate(inputs, state, c, act, bits)


@kernel
def _negotiate(inputs, state, c, act, bits):  # type: ignore[no-untyped-def]
    day = state.day[0]
    if state.blocked[c, act] == NEVER:
        state.blocked[c, act] = day
        _note_objectors(state, BLOCKED, c, act, bits)
    if day - state.blocked[c, act] < inputs.numbers.carve_out_days:
        return
    for i in range(state.exempt.shape[0]):
        if bits & (1 << i):
            state.exempt[i, act] = True
            state.stale[0] = True
    _note_objectors(state, CARVE_OUT, c, act, bits)


@kernel
def _note_objectors(state, kind, c, act, bits):  # type: ignore[no-untyped-def]
    row = state.logged[0]
    note(state, kind, c, act, 0, state.day[0], 0)
    if row < state.log.shape[0]:
        state.log[row, 7] = bits


# Phase 5, commit.


@kernel
def announce_all(inputs, state, seed, run):  # type: ignore[no-untyped-def]
    """Announce what was decided today; carry out what the scenario imposes."""
    n_senders, n_acts = state.level.shape
    for i in range(n_senders):
        for act in range(n_acts):
            if state.given_up[i, act]:
                _withdraw(inputs, state, seed, run, i, act)
        for act in range(n_acts):
            if state.decided[i, act] and not state.given_up[i, act]:
                _announce(inputs, state, seed, run, i, act)
                effective = state.effective[i, act, state.level[i, act] - 1]
                note(state, MEASURE, i, act, 0, effective, state.level[i, act])
    for c in range(inputs.councils.blocking.size):
        for act in range(n_acts):
            if state.passing[c, act]:
                _pass(inputs, state, seed, run, c, act)
    for row in range(inputs.imposed_act.shape[0]):
        if inputs.imposed_act[row, 0] == state.day[0]:
            _impose(inputs, state, inputs.imposed_act[row, 1])


@kernel
def _new_spell(inputs, state, seed, run, i, act):  # type: ignore[no-untyped-def]
    state.spell[i, act] += 1
    state.pressure[i, act] = state.doubt[i, act] = 0.0
    cell, spell = inputs.cells.adopt[i, act], state.spell[i, act]
    state.threshold[i, act] = waiting(seed, run, ADOPT, spell, cell)
    state.giving_up[i, act] = waiting(seed, run, WITHDRAW, spell, cell)
    state.dirty[act] = True
    state.stale[0] = True
    state.signals_stale[0] = True


@kernel
def _announce(inputs, state, seed, run, i, act):  # type: ignore[no-untyped-def]
    wave, menu = state.level[i, act], inputs.menu
    state.announced[i, act, wave] = state.day[0]
    state.effective[i, act, wave] = commit.effective_day(
        state.day[0],
        menu.legal_lag[i],
        menu.law_days[i, act] if wave == 0 else 0,
        menu.lag[act],
    )
    state.level[i, act] = wave + 1
    _new_spell(inputs, state, seed, run, i, act)


@kernel
def _withdraw(inputs, state, seed, run, i, act):  # type: ignore[no-untyped-def]
    state.announced[i, act] = NEVER
    state.effective[i, act] = NEVER
    state.level[i, act] = 0
    _new_spell(inputs, state, seed, run, i, act)
    state.withdrawals[0] += 1
    note(state, WITHDRAWAL, i, act, 0, state.day[0], 0)


@kernel
def _pass(inputs, state, seed, run, c, act):  # type: ignore[no-untyped-def]
    """Announce for all members; the council's own effective day is that of its slowest."""
    slowest, latest = -1, -1
    for i in range(state.level.shape[0]):
        if inputs.councils.member[c, i]:
            _announce(inputs, state, seed, run, i, act)
            effective = state.effective[i, act, state.level[i, act] - 1]
            if effective > latest:
                slowest, latest = i, effective
    state.council_level[c, act] += 1
    state.council_pressure[c, act] = 0.0
    state.council_threshold[c, act] = waiting(
        seed, run, OF_COUNCIL, state.council_level[c, act], inputs.councils.cell[c, act]
    )
    note(state, COUNCIL, c, act, 0, latest, state.level[slowest, act])


@kernel
def _impose(inputs, state, act):  # type: ignore[no-untyped-def]
    waves, day = inputs.menu.waves[act], state.day[0]
    for i in range(state.level.shape[0]):
        for wave in range(waves):
            state.announced[i, act, wave] = state.effective[i, act, wave] = day
        state.level[i, act] = waves
        note(state, MEASURE, i, act, 0, day, waves)
    state.dirty[act] = True
    state.stale[0] = True
    state.signals_stale[0] = True


# Phase 6, respond.


@kernel
def answer(inputs, state, seed, run):  # type: ignore[no-untyped-def]
    """Targets answer those who acted; the others protest, take a stance, draw nearer."""
    if state.signals_stale[0]:
        _count_signals(inputs, state)
    for t in range(inputs.targets.size):
        _answer_of(inputs, state, t)
    for i in range(state.level.shape[0]):
        _protest(inputs, state, seed, run, i)
    if state.severity[0] > 0.0:
        for n in range(inputs.gdp_bn.size):
            if inputs.thirds.takes_stance[n] and inputs.is_third[n]:
                _take_stance(inputs, state, n)
                for t in range(inputs.targets.size):
                    if inputs.thirds.may_cooperate[n, t] and state.condemned[n] == NEVER:
                        _cooperate(inputs, state, seed, run, n, t)


@kernel
def _count_signals(inputs, state):  # type: ignore[no-untyped-def]
    """Work out the signals known today, and what they make each answer's pressure grow by."""
    menu, answers, numbers = inputs.menu, inputs.answers, inputs.numbers
    n_senders = state.level.shape[0]
    alone = np.zeros(n_senders)
    for t in range(inputs.targets.size):
        state.signals[t] = observe.signals(
            state.announced, state.day[0], menu.signal, menu.aimed_at, inputs.alliance.gdp_share, t
        )
        for i in range(n_senders):
            alone[i] = 1.0
            state.own_signals[t, i] = observe.signals(
                state.announced, state.day[0], menu.signal, menu.aimed_at, alone, t
            )
            alone[i] = 0.0
        provoked = respond.provocation(state.signals[t])
        for c in range(answers.lag.size):
            if answers.each[c]:
                for i in range(n_senders):
                    by_one = respond.provocation(state.own_signals[t, i])
                    if by_one > 0.0:
                        state.hazard_of_single[t, c, i] = _answer_hazard(
                            answers.readiness[c],
                            answers.harm[t, c, i],
                            answers.own_cost[t, c, i],
                            by_one,
                            numbers,
                        )
            elif provoked > 0.0:
                state.hazard_of_answer[t, c] = _answer_hazard(
                    answers.readiness[c],
                    answers.harm[t, c].sum(),
                    answers.own_cost[t, c].sum(),
                    provoked,
                    numbers,
                )
    state.signals_stale[0] = _acted_today(state)


@kernel
def _acted_today(state):  # type: ignore[no-untyped-def]
    """Return whether somebody announced today: the targets learn of it tomorrow."""
    for i in range(state.level.shape[0]):
        for act in range(state.level.shape[1]):
            if state.announced[i, act, 0] == state.day[0]:
                return True
    return False


@kernel
def _answer_hazard(readiness, harm, cost, provoked, numbers):  # type: ignore[no-untyped-def]
    eta = respond.log_hazard(
        readiness, harm, cost, provoked, numbers.response_intercept, numbers.thrift
    )
    return clock.hazard(eta, 1.0)


@kernel
def _answer_of(inputs, state, t):  # type: ignore[no-untyped-def]
    answers, day = inputs.answers, state.day[0]
    provoked = respond.provocation(state.signals[t])
    for c in range(answers.lag.size):
        imposed = False
        for row in range(inputs.imposed_answer.shape[0]):
            imposed |= inputs.imposed_answer[row, 0] == day and inputs.imposed_answer[row, 1] == c
        if imposed:
            _carry_out(inputs, state, t, c)
        elif provoked <= 0.0:
            continue
        elif answers.each[c]:
            _answer_each(inputs, state, t, c)
        elif state.issued[t, c] == NEVER:
            state.answer_pressure[t, c] += state.hazard_of_answer[t, c]
            if state.answer_pressure[t, c] >= state.answer_due[t, c]:
                _issue(inputs, state, t, c)
    if inputs.numbers.list_answer >= 0 and state.issued[t, inputs.numbers.list_answer] != NEVER:
        _list_those_who_acted(inputs, state, t)


@kernel
def _carry_out(inputs, state, t, c):  # type: ignore[no-untyped-def]
    if not inputs.answers.each[c]:
        _issue(inputs, state, t, c)
        return
    for i in range(state.level.shape[0]):
        if inputs.answers.can_hit[t, c, i]:
            _cut(inputs, state, t, c, i)


@kernel
def _answer_each(inputs, state, t, c):  # type: ignore[no-untyped-def]
    for i in range(state.level.shape[0]):
        if not inputs.answers.can_hit[t, c, i] or state.cut_off[t, c, i] != NEVER:
            continue
        if respond.provocation(state.own_signals[t, i]) <= 0.0:
            continue
        state.single_pressure[t, c, i] += state.hazard_of_single[t, c, i]
        if state.single_pressure[t, c, i] >= state.single_due[t, c, i]:
            _cut(inputs, state, t, c, i)


@kernel
def _issue(inputs, state, t, c):  # type: ignore[no-untyped-def]
    day = state.day[0]
    state.issued[t, c] = day
    state.stale[0] = True
    note(state, ANSWER, t, c, 0, day + inputs.answers.lag[c], 0)
    for i in range(state.level.shape[0]):
        if state.listed[t, i] != NEVER:
            _move_relation(inputs, state, i, t, -inputs.numbers.relation_step)


@kernel
def _cut(inputs, state, t, c, i):  # type: ignore[no-untyped-def]
    day = state.day[0]
    state.cut_off[t, c, i] = day
    state.stale[0] = True
    note(state, SINGLE, t, c, i, day + inputs.answers.lag[c], 0)
    _aggrieve(inputs, state, i, t)


@kernel
def _aggrieve(inputs, state, i, t):  # type: ignore[no-untyped-def]
    _move_relation(inputs, state, i, t, -inputs.numbers.relation_step)
    if state.grievance[i, t] == NEVER:
        state.grievance[i, t] = state.day[0]


@kernel
def _move_relation(inputs, state, i, t, change):  # type: ignore[no-untyped-def]
    n = inputs.priced.senders[i]
    state.relation[n, t] = third.relation_after(state.relation[n, t], change)


@kernel
def _has_acted(inputs, state, i, t):  # type: ignore[no-untyped-def]
    """Return whether a sender had announced more than words against a target by yesterday."""
    menu = inputs.menu
    for act in range(state.level.shape[1]):
        if menu.aimed_at[act] == t and menu.deeds[act]:
            for wave in range(state.announced.shape[2]):
                if NEVER < state.announced[i, act, wave] < state.day[0]:
                    return True
    return False


@kernel
def _list_those_who_acted(inputs, state, t):  # type: ignore[no-untyped-def]
    day = state.day[0]
    first = state.issued[t, inputs.numbers.list_answer] == day
    daily = respond.listing_hazard(inputs.numbers.listing_days, 1.0)
    for i in range(state.level.shape[0]):
        if state.listed[t, i] != NEVER or not _has_acted(inputs, state, i, t):
            continue
        if not first:
            state.listing_pressure[t, i] += daily
        if first or state.listing_pressure[t, i] >= state.listing_due[t, i]:
            state.listed[t, i] = day
            state.stale[0] = True
            note(state, LISTED, t, 0, i, day, 0)
            _aggrieve(inputs, state, i, t)


@kernel
def _protest(inputs, state, seed, run, i):  # type: ignore[no-untyped-def]
    for t in range(inputs.targets.size):
        if state.grievance[i, t] == NEVER:
            continue
        waited = (state.day[0] - state.grievance[i, t]) / inputs.numbers.protest_days
        cell = inputs.cells.protest[i, t]
        if waited >= waiting(seed, run, PROTESTS, state.protests[i], cell):
            state.grievance[i, t] = NEVER
            state.protests[i] += 1
            _move_relation(inputs, state, i, t, -inputs.numbers.relation_step)
            note(state, PROTEST, i, 0, t, state.day[0], 0)


@kernel
def _take_stance(inputs, state, n):  # type: ignore[no-untyped-def]
    if state.condemned[n] != NEVER:
        return
    numbers = inputs.numbers
    eta = third.condemn_log_hazard(
        numbers.condemn,
        inputs.thirds.distance[n, 0],
        numbers.condemn_distance,
        state.severity[0],
        inputs.all_democracy[n],
    )
    state.condemn_pressure[n] += clock.hazard(eta, 1.0)
    if state.condemn_pressure[n] >= state.condemn_due[n]:
        state.condemned[n] = state.day[0]
        note(state, STANCE, n, 0, 0, state.day[0], 0)


@kernel
def _cooperate(inputs, state, seed, run, n, t):  # type: ignore[no-untyped-def]
    numbers = inputs.numbers
    eta = third.cooperation_log_hazard(
        numbers.cooperation,
        state.relation[n, t],
        numbers.cooperation_relation,
        state.signals[t],
        numbers.cooperation_pressure,
    )
    state.cooperate_pressure[n, t] += clock.hazard(eta, 1.0)
    if state.cooperate_pressure[n, t] >= state.cooperate_due[n, t]:
        state.cooperations[n, t] += 1
        state.cooperate_pressure[n, t] = 0.0
        state.cooperate_due[n, t] = waiting(
            seed, run, COOPERATE, state.cooperations[n, t], inputs.cells.cooperate[n, t]
        )
        state.relation[n, t] = third.relation_after(
            state.relation[n, t], numbers.cooperation_step
        )
        note(state, COOPERATION, n, 0, t, state.day[0], 0)


# Phases 7 and 8, divert and enforce.


@kernel
def divert_and_enforce(inputs, state):  # type: ignore[no-untyped-def]
    """Third states carry what is covered, as far as they want, dare and are let."""
    numbers, targets = inputs.numbers, inputs.targets
    _take_effect(inputs, state)
    enforcement = _joint_enforcement(inputs, state)
    state.premium[0] = enforce.premium_after(numbers.premium, enforcement)
    for t in range(targets.size):
        capacity = divert.leak(
            _days_in_effect(inputs, state, t), numbers.leak_max, numbers.learning_days
        )
        state.goods[t] = 0.0
        for n in range(inputs.gdp_bn.size):
            ready = _ready_to_carry(inputs, state, n)
            carried = capacity * inputs.thirds.carrier_share[t, n] * ready
            state.carried[t, n] = enforce.enforced(carried, enforcement)
            state.goods[t] += state.carried[t, n]
        for n in range(inputs.gdp_bn.size):
            share = state.carried[t, n] / state.goods[t] if state.goods[t] > 0.0 else 0.0
            state.carrier_share[t, n] = share
    cut = trade_lost(state.covered, state.goods, inputs.priced.senders, targets, inputs.flow_bn)
    for t in range(targets.size):
        use = numbers.crypto_use * inputs.crypto_index[targets[t]]
        state.crypto_bn[t] = enforce.crypto_flow(
            cut[t, 0] * use, numbers.crypto_cap_bn, numbers.aml_sharing
        )
        paid_around = state.crypto_bn[t] / cut[t, 0] if cut[t, 0] > 0.0 else 0.0
        state.leak[t] = divert.covered_after(state.goods[t], paid_around)


@kernel
def _take_effect(inputs, state):  # type: ignore[no-untyped-def]
    """Work out what is in effect and what that covers, if anything can have changed."""
    # Without a list, whom answers meet follows from who has acted, day by day.
    if not state.stale[0] and inputs.numbers.list_answer >= 0:
        return
    state.in_effect[:] = observe.in_effect(
        state.effective, state.exempt, state.day[0], inputs.menu.host
    )
    _answers_in_effect(inputs, state)
    state.covered[:] = observe.covered(
        state.in_effect,
        inputs.priced.trade,
        inputs.priced.payments,
        inputs.menu.aimed_at,
        state.answered,
        inputs.answers.coverage,
    )
    state.stale[0] = _awaits_effect(inputs, state)


@kernel
def _awaits_effect(inputs, state):  # type: ignore[no-untyped-def]
    """Return whether something announced or issued has yet to take effect."""
    day = state.day[0]
    if state.effective.max() > day:
        return True
    for t in range(inputs.targets.size):
        for c in range(inputs.answers.lag.size):
            if state.issued[t, c] != NEVER and state.issued[t, c] + inputs.answers.lag[c] > day:
                return True
            for i in range(state.level.shape[0]):
                cut = state.cut_off[t, c, i]
                if cut != NEVER and cut + inputs.answers.lag[c] > day:
                    return True
    return False


@kernel
def _answers_in_effect(inputs, state):  # type: ignore[no-untyped-def]
    answers, day = inputs.answers, state.day[0]
    for t in range(inputs.targets.size):
        for c in range(answers.lag.size):
            imposed = False
            for row in range(inputs.imposed_answer.shape[0]):
                where, since = inputs.imposed_answer[row, 1], inputs.imposed_answer[row, 0]
                imposed |= where == c and since <= day
            for i in range(state.level.shape[0]):
                since = state.cut_off[t, c, i] if answers.each[c] else state.issued[t, c]
                in_force = since != NEVER and since + answers.lag[c] <= day
                state.answered[t, c, i] = in_force and (
                    answers.each[c]
                    or answers.domestic[c]
                    or _aims_at(inputs, state, t, i)
                    or imposed
                )


@kernel
def _aims_at(inputs, state, t, i):  # type: ignore[no-untyped-def]
    if inputs.numbers.list_answer >= 0:
        return state.listed[t, i] != NEVER
    return _has_acted(inputs, state, i, t)


@kernel
def _days_in_effect(inputs, state, t):  # type: ignore[no-untyped-def]
    first = NEVER
    for i in range(state.level.shape[0]):
        for act in range(state.level.shape[1]):
            if inputs.menu.aimed_at[act] == t:
                for wave in range(state.effective.shape[2]):
                    day = state.effective[i, act, wave]
                    if 0 <= day <= state.day[0] and (first == NEVER or day < first):
                        first = day
    return float(state.day[0] - first) if first != NEVER else 0.0


@kernel
def _ready_to_carry(inputs, state, n):  # type: ignore[no-untyped-def]
    numbers, thirds = inputs.numbers, inputs.thirds
    for t in range(inputs.targets.size):
        if inputs.targets[t] == n:
            return 1.0 - _cut_share(inputs, state, t)
    if not inputs.is_third[n]:
        return 0.0
    ready = thirds.backing[n]
    if math.isnan(ready):
        ready = third.readiness_to_carry(
            numbers.willingness, state.condemned[n] != NEVER, numbers.condemned_factor
        )
    refused = third.compliance(
        numbers.secondary_sanctions, thirds.trade_with_senders[n], numbers.compliance
    )
    return ready * (1.0 - refused)


@kernel
def _cut_share(inputs, state, t):  # type: ignore[no-untyped-def]
    total, cut = 0.0, 0.0
    for i in range(inputs.priced.senders.size):
        for j in range(inputs.flow_bn.shape[2]):
            flow = inputs.flow_bn[inputs.priced.senders[i], inputs.targets[t], j]
            total += flow
            cut += flow * state.covered[i, t, 0, j]
    return cut / max(total, 1e-300)


@kernel
def _joint_enforcement(inputs, state):  # type: ignore[no-untyped-def]
    best = 0.0
    for i in range(state.support.size):
        best = max(best, enforce.effort(inputs.numbers.enforcement, state.support[i]))
    joint = 0.0
    for i in range(state.support.size):
        own = enforce.effort(inputs.numbers.enforcement, state.support[i])
        joint += inputs.alliance.gdp_share[i] * enforce.shared_effort(
            own, best, inputs.numbers.enforcement_sharing
        )
    return joint


# Phase 9, price.


@kernel
def price(inputs, state):  # type: ignore[no-untyped-def]
    """Price what the measures in effect cost every state, and share it."""
    numbers, senders = inputs.numbers, inputs.priced.senders
    loss = losses_at(inputs, state, inputs.priced, state.covered)
    member = inputs.sender_at >= 0
    leads = np.zeros(loss.size)
    for i in range(senders.size):
        leads[senders[i]] = inputs.alliance.lead_share[i]
    loss, shared = shared_losses(loss, inputs.gdp_bn, member, numbers.burden_sharing)
    loss, paid = compensated(loss, inputs.gdp_bn, member, leads, numbers.side_payments_bn)
    for n in range(loss.size):
        state.loss[n] = loss[n]
        state.transfer_bn[n] = shared[n] + paid[n]
    _weigh_damage(inputs, state)
    for t in range(inputs.targets.size):
        _move_currency(inputs, state, t)


@kernel
def losses_at(inputs, state, priced, covered):  # type: ignore[no-untyped-def]
    """Return losses in percent at the elasticities of `priced`, before transfers, (n_states,)."""
    return losses(
        covered,
        state.leak,
        _rents(inputs, state),
        inputs.numbers.scope_overlap,
        priced.senders,
        priced.marginal,
        priced.target_share,
        priced.sender_share,
        priced.cheapening,
        priced.forgone,
        priced.rent_marginal,
    )


@kernel
def _rents(inputs, state):  # type: ignore[no-untyped-def]
    menu = inputs.menu
    cap = np.zeros((state.level.shape[0], inputs.targets.size))
    for act in range(menu.caps.size):
        if menu.caps[act]:
            for i in range(state.level.shape[0]):
                cap[i, menu.aimed_at[act]] = state.in_effect[i, act] / menu.waves[act]
    return rents(
        cap,
        state.covered,
        state.leak,
        inputs.priced.senders,
        inputs.targets,
        inputs.flow_bn,
        inputs.capped,
        inputs.numbers.cap_discount,
        inputs.services,
        state.carrier_share,
        state.premium[0],
    )


@kernel
def _weigh_damage(inputs, state):  # type: ignore[no-untyped-def]
    """Work out what each act would add to the target's loss, where the rule asks for it."""
    if not inputs.numbers.weighs_damage:
        return
    menu, priced = inputs.menu, inputs.priced
    damage = last_in_damage(
        state.covered,
        state.leak,
        priced.whole,
        menu.aimed_at,
        inputs.targets,
        priced.marginal,
        priced.target_share,
    )
    for i in range(damage.shape[0]):
        for act in range(damage.shape[1]):
            target_gdp = inputs.gdp_bn[inputs.targets[menu.aimed_at[act]]]
            state.damage[i, act] = damage[i, act] * target_gdp / inputs.gdp_bn[priced.senders[i]]


@kernel
def _move_currency(inputs, state, t):  # type: ignore[no-untyped-def]
    """Let a target's currency follow the step: who lost what trade, reserves and nerve."""
    numbers, weights, position = inputs.numbers, inputs.currency, inputs.targets[t]
    lost = trade_lost(
        state.covered, state.leak, inputs.priced.senders, inputs.targets, inputs.flow_bn
    )[t]
    bought, sold = inputs.flow_bn[:, position].sum(), inputs.flow_bn[position].sum()
    excluded = _bank_share_excluded(inputs, state, t)
    newly = max(excluded - state.excluded[t], 0.0)
    state.excluded[t] = excluded
    first = state.day[0] + 1 - numbers.step_days
    for day in range(first, state.day[0] + 1):
        severity = inputs.war.day_severity[day]
        for n in range(state.n_escalations[0]):
            if state.escalations[n] == day:
                severity = events.severity_after(severity, numbers.escalation_severity)
        alarm = currency.alarm(severity, newly if day == first else 0.0, weights.exclusion)
        state.precaution[t] = currency.precaution_after(
            state.precaution[t], alarm, 1.0, weights.fade_days
        )
        state.imports_lost[t] = currency.felt_after(
            state.imports_lost[t], lost[0] / bought, 1.0, weights.delivery_days
        )
        state.exports_lost[t] = currency.felt_after(
            state.exports_lost[t], lost[1] / sold, 1.0, weights.delivery_days
        )
    controls = _is_issued(state, t, numbers.controls_answer)
    drivers = currency.Drivers(
        state.exports_lost[t],
        _frozen_share(inputs, state, t),
        state.precaution[t],
        state.imports_lost[t],
        currency.repression(
            controls,
            controls,
            _is_issued(state, t, numbers.rate_answer),
            _is_issued(state, t, numbers.rubles_answer),
        ),
    )
    state.log_rate[t] = currency.log_rate(drivers, weights)


@kernel
def _is_issued(state, t, c):  # type: ignore[no-untyped-def]
    return 1.0 if c >= 0 and state.issued[t, c] != NEVER else 0.0


@kernel
def _bank_share_excluded(inputs, state, t):  # type: ignore[no-untyped-def]
    menu, share = inputs.menu, 0.0
    for act in range(menu.excludes.size):
        if menu.excludes[act] and menu.aimed_at[act] == t:
            share = max(share, menu.hit_share[act, state.in_effect[:, act].max()])
    return share


@kernel
def _frozen_share(inputs, state, t):  # type: ignore[no-untyped-def]
    menu, share = inputs.menu, 0.0
    for i in range(state.level.shape[0]):
        freezes = False
        for act in range(menu.freezes.size):
            freezes |= (
                menu.freezes[act] and menu.aimed_at[act] == t and state.in_effect[i, act] > 0
            )
        if freezes:
            share += inputs.reserves[i, t]
    return share


# Phases 10 and 11, talk and update.


@kernel
def hold_talks(inputs, state, seed, run):  # type: ignore[no-untyped-def]
    """Hold the step's rounds of talks, each with its small chance of a settlement."""
    numbers = inputs.numbers
    worst = state.loss[inputs.targets[0]]
    for t in range(1, inputs.targets.size):
        worst = max(worst, state.loss[inputs.targets[t]])
    eta = talk.log_hazard(
        numbers.settlement,
        worst,
        numbers.settlement_loss,
        talk.doubt(state.belief[0]),
        numbers.settlement_doubt,
    )
    due = waiting(seed, run, SETTLE, 0, numbers.talks_cell)
    for day in range(state.day[0] + 1 - numbers.step_days, state.day[0] + 1):
        for _ in range(_rounds_on(inputs, state, seed, run, day)):
            state.talk_pressure[0] += talk.round_hazard(eta)
            if state.settled_day[0] == NEVER and state.talk_pressure[0] >= due:
                state.settled_day[0] = day
                _note_on(state, SETTLEMENT, day)


@kernel
def _note_on(state, kind, day):  # type: ignore[no-untyped-def]
    row = state.logged[0]
    note(state, kind, 0, 0, 0, day, 0)
    if row < state.log.shape[0]:
        state.log[row, 0] = day


@kernel
def _rounds_on(inputs, state, seed, run, day):  # type: ignore[no-untyped-def]
    numbers, rounds = inputs.numbers, inputs.war.rounds[day]
    state.round_pressure[0] += numbers.talks / 7.0
    if numbers.talks > 0.0 and state.settled_day[0] == NEVER:
        due = waiting(seed, run, TALK, state.n_rounds[0], numbers.talks_cell)
        if state.round_pressure[0] >= due:
            state.round_pressure[0] = 0.0
            state.n_rounds[0] += 1
            _note_on(state, ROUND, day)
            rounds += 1
    return rounds


@kernel
def update(inputs, state):  # type: ignore[no-untyped-def]
    """Moods follow events and costs; bystanders learn what the coalition is made of."""
    numbers = inputs.numbers
    for i in range(state.support.size):
        for urgency in state.urgency_of_step:
            state.support[i] = support.support_after(
                state.support[i],
                urgency,
                state.loss[inputs.priced.senders[i]],
                1.0,
                numbers.rally,
                numbers.fatigue_days,
                numbers.cost_weight,
            )
    strength = observe.strength(state.in_effect, inputs.menu.waves, inputs.alliance.gdp_share)
    for _ in range(numbers.step_days):
        state.belief[0] = third.belief_after(state.belief[0], strength, 1.0, numbers.belief_days)
        eta = third.attempt_log_hazard(
            numbers.attempt,
            state.belief[0],
            numbers.attempt_resolve,
            state.relation[numbers.challenger, 0],
            numbers.attempt_tie,
        )
        state.attempt_hazard[0] += clock.yearly_hazard(eta, 1.0)


@kernel
def carried_bn(inputs, state):  # type: ignore[no-untyped-def]
    """Return the covered exports that each state carries instead, USD bn a year, (n_states,)."""
    return diverted(
        state.covered,
        state.goods,
        inputs.priced.senders,
        inputs.targets,
        inputs.flow_bn,
        state.carrier_share,
    )
