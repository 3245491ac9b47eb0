"""The phases of a run over arrays: what the Mesa model's agents do, without the agents.

The phases come in the order of `sim.model` and call the same rules with the same numbers;
`tests/ensemble` holds the two together. What does not change from one day to the next is not worked
out again.
"""

from __future__ import annotations

import math

import numpy as np

from sim import observe
from sim.compiled import inlined, inner
from sim.draws import Stream, uniform, waiting
from sim.economy import currency
from sim.economy.exposure import diverted, last_in_damage, losses, trade_lost
from sim.economy.shocks import rents
from sim.economy.transfers import compensated, shared_losses
from sim.ensemble.state import MAX_RANDOM, NEVER
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


@inner
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
    state.strength[0] = 0.0
    state.attempt_hazard[0] = 0.0
    state.precaution[:] = 0.0
    state.imports_lost[:] = 0.0
    state.exports_lost[:] = 0.0
    state.excluded[:] = 0.0
    state.log_rate[:] = 0.0
    _weigh_damage(inputs, state)


@inner
def step(inputs, state, seed, run):  # type: ignore[no-untyped-def]
    """Advance by one step, day by day; price on its last day."""
    last_day = state.day[0] + inputs.numbers.step_days
    while state.day[0] < last_day:
        state.day[0] += 1
        happen(inputs, state, seed, run)
        meet(inputs, state)
        decide(inputs, state)
        deliberate(inputs, state)
        announce_all(inputs, state, seed, run)
        answer(inputs, state, seed, run)
        take_effect(inputs, state)
        if state.day[0] == last_day:
            divert_and_enforce(inputs, state)
            price(inputs, state)
        hold_talks(inputs, state, seed, run)
        update(inputs, state)


# Phase 1, events.


@inner
def happen(inputs, state, seed, run):  # type: ignore[no-untyped-def]
    """Learn of the day's events, and of the others' acts up to yesterday."""
    numbers, war, day = inputs.numbers, inputs.war, state.day[0]
    state.escalation_pressure[0] += numbers.escalation / 7.0
    n = state.n_escalations[0]
    at_risk = numbers.escalation > 0.0 and state.settled_day[0] == NEVER and n < MAX_RANDOM
    if at_risk and state.escalation_pressure[0] >= waiting(
        seed, run, ESCALATE, n, numbers.war_cell
    ):
        state.escalation_pressure[0] = 0.0
        state.escalations[n] = day
        state.n_escalations[0] = n + 1
    severity, urgency = war.severity[day], war.urgency[day]
    for n in range(state.n_escalations[0]):
        severity = events.severity_after(severity, numbers.escalation_severity)
        since = float(day - state.escalations[n])
        urgency += events.urgency_of(numbers.escalation_severity, since)
    state.severity[0], state.urgency[0] = severity, urgency
    _look_at_peers(inputs, state)


@inner
def _look_at_peers(inputs, state):  # type: ignore[no-untyped-def]
    """Work out anew what changed; what did not only fades by a day."""
    numbers, alliance = inputs.numbers, inputs.alliance
    fade = terms.recency(1.0, numbers.memory_days)
    dirty, recent, delay = state.dirty, state.recent, numbers.consultation_delay
    for act in range(dirty.size):
        # With a delay, what is new today depends on meetings and dates: look every day.
        if dirty[act] or delay > 0:
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
            dirty[act] = False
        else:
            for i in range(recent.shape[0]):
                recent[i, act] *= fade


# Phase 2, consult.


@inner
def meet(inputs, state):  # type: ignore[no-untyped-def]
    """Hold the day's meetings: what one participant drafts lies on the table of all."""
    forum, first, interval = (
        inputs.alliance.forum, inputs.alliance.forum_first, inputs.alliance.forum_interval
    )  # fmt: skip
    on_menu, waves, council_of = inputs.menu.on_menu, inputs.menu.waves, inputs.menu.council_of
    share, day = inputs.numbers.draft_share, state.day[0]
    levels, on_table, met = state.level, state.on_table, state.met
    pressure, due = state.pressure, state.threshold
    council_pressure, council_due = state.council_pressure, state.council_threshold
    n_senders, n_acts = levels.shape
    on_table[:] = False
    for meeting in range(first.size):
        if not consult.meets(day, first[meeting], interval[meeting]):
            continue
        for act in range(n_acts):
            drafted = 0
            for i in range(n_senders):
                if not forum[meeting, i]:
                    continue
                level, body = levels[i, act], council_of[i, act]
                if on_menu[act] and level < waves[act]:
                    if body >= 0:
                        ripe = consult.drafted(
                            council_pressure[body, act], council_due[body, act], share
                        )
                    else:
                        ripe = consult.drafted(pressure[i, act], due[i, act], share)
                    level += ripe
                drafted = max(drafted, level)
            if drafted > 0:
                for i in range(n_senders):
                    if forum[meeting, i] and drafted > levels[i, act]:
                        on_table[i, act] = True
        for i in range(n_senders):
            if forum[meeting, i]:
                for j in range(n_senders):
                    if forum[meeting, j]:
                        met[i, j] = day


# Phase 3, decide.


@inlined
def log_hazard(rule, weighed, weights):  # type: ignore[no-untyped-def]
    """Return what the chosen rule makes of a decision."""
    if rule == HAZARD:
        return hazard.log_hazard(weighed, weights)
    if rule == FOLLOW:
        return threshold.log_hazard(weighed, weights)
    if rule == UTILITY:
        return expected_utility.log_hazard(weighed, weights)
    return independent.log_hazard(weighed, weights)


@inner
def decide(inputs, state):  # type: ignore[no-untyped-def]
    """Let the pressure on each open act grow, and the doubt about each act in force."""
    rule, weights, menu = inputs.numbers.rule, inputs.weights, inputs.menu
    # Arrays are taken out of their tuples once: each look into a tuple costs a count of owners.
    aimed_at, waves, on_menu, council_of = menu.aimed_at, menu.waves, menu.on_menu, menu.council_of
    readiness, cost, retaliation = menu.readiness, menu.cost, menu.retaliation
    linkage, reversibility, held = menu.linkage, menu.reversibility, inputs.alliance.held
    senders, democracy, frontline = inputs.priced.senders, inputs.democracy, inputs.frontline
    involvement, voice = inputs.war.involvement, inputs.councils.voice
    peer, recent, lead, bloc, on_table = (
        state.peer, state.recent, state.lead, state.bloc, state.on_table
    )  # fmt: skip
    levels, pressure, due, wish = state.level, state.pressure, state.threshold, state.wish
    doubt, giving_up = state.doubt, state.giving_up
    decided, given_up, damage = state.decided, state.given_up, state.damage
    relation, peer_threshold, mood = state.relation, state.peer_threshold, state.support
    backslide, easing_days = inputs.numbers.backslide, inputs.numbers.easing_days
    settled, severity, day = state.settled_day[0] != NEVER, state.severity[0], state.day[0]
    shock = terms.shock(state.urgency[0])
    wish[:] = 0.0
    for i in range(levels.shape[0]):
        for act in range(levels.shape[1]):
            decided[i, act] = given_up[i, act] = False
            level, target = levels[i, act], aimed_at[act]
            if not on_menu[act]:
                continue
            if level > 0:
                if settled:
                    doubt[i, act] += withdraw.easing(easing_days, reversibility[act], 1.0)
                else:
                    doubt[i, act] += withdraw.backsliding(
                        backslide, held[i], mood[i], reversibility[act], 1.0
                    )
                given_up[i, act] = doubt[i, act] >= giving_up[i, act]
            part = involvement[target, day]
            if level >= waves[act] or not has_cause(severity, part, settled):
                continue
            weighed = Terms(
                readiness[i, act],
                terms.norm(severity, democracy[i], part),
                shock,
                peer[i, act],
                recent[i, act],
                1.0 if on_table[i, act] else 0.0,
                lead[i, act],
                bloc[i, act],
                frontline[i],
                cost[i, act],
                retaliation[i, act],
                linkage[i, act],
                mood[i] - 0.5,
                terms.valued(relation[senders[i], target]),
                1.0 if level > 0 else 0.0,
                damage[i, act],
                peer_threshold[i],
            )
            eta = log_hazard(rule, weighed, weights)
            body = council_of[i, act]
            if body >= 0:
                wish[body, act] += voice[body, i] * eta
                continue
            pressure[i, act] += clock.hazard(eta, 1.0)
            decided[i, act] = pressure[i, act] >= due[i, act]


@inlined
def has_cause(severity, involvement, settled):  # type: ignore[no-untyped-def]
    """Return whether there is a war whose violation a target takes part in."""
    return severity > 0.0 and involvement > 0.0 and not settled


# Phase 4, council.


@inner
def deliberate(inputs, state):  # type: ignore[no-untyped-def]
    """Let the members' common wish grow; pass what is ripe and not blocked."""
    councils = inputs.councils
    agenda, waves, aimed_at = councils.agenda, inputs.menu.waves, inputs.menu.aimed_at
    passed, pressure = state.council_level, state.council_pressure
    due, wish, involvement = state.council_threshold, state.wish, inputs.war.involvement
    settled, severity, day = state.settled_day[0] != NEVER, state.severity[0], state.day[0]
    state.passing[:] = False
    for c in range(councils.blocking.size):
        for act in range(state.level.shape[1]):
            part = involvement[aimed_at[act], day]
            if not agenda[c, act] or not has_cause(severity, part, settled):
                continue
            if passed[c, act] == waves[act]:
                continue
            pressure[c, act] += clock.hazard(wish[c, act], 1.0)
            if pressure[c, act] < due[c, act]:
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


@inner
def _negotiate(inputs, state, c, act, bits):  # type: ignore[no-untyped-def]
    day = state.day[0]
    if state.blocked[c, act] == NEVER:
        state.blocked[c, act] = day
    if day - state.blocked[c, act] < inputs.numbers.carve_out_days:
        return
    for i in range(state.exempt.shape[0]):
        if bits & (1 << i):
            state.exempt[i, act] = True
            state.stale[0] = True


# Phase 5, commit.


@inner
def announce_all(inputs, state, seed, run):  # type: ignore[no-untyped-def]
    """Announce what was decided today; carry out what the scenario imposes."""
    n_senders, n_acts = state.level.shape
    decided, given_up, passing = state.decided, state.given_up, state.passing
    for i in range(n_senders):
        for act in range(n_acts):
            if given_up[i, act]:
                _withdraw(inputs, state, seed, run, i, act)
        for act in range(n_acts):
            if decided[i, act] and not given_up[i, act]:
                _announce(inputs, state, seed, run, i, act)
    for c in range(inputs.councils.blocking.size):
        for act in range(n_acts):
            if passing[c, act]:
                _pass(inputs, state, seed, run, c, act)
    for row in range(inputs.imposed_act.shape[0]):
        if inputs.imposed_act[row, 0] == state.day[0]:
            _impose(inputs, state, inputs.imposed_act[row, 1])


@inner
def _new_spell(inputs, state, seed, run, i, act):  # type: ignore[no-untyped-def]
    state.spell[i, act] += 1
    state.pressure[i, act] = state.doubt[i, act] = 0.0
    cell, spell = inputs.cells.adopt[i, act], state.spell[i, act]
    state.threshold[i, act] = waiting(seed, run, ADOPT, spell, cell)
    state.giving_up[i, act] = waiting(seed, run, WITHDRAW, spell, cell)
    state.dirty[act] = True
    state.stale[0] = True
    state.signals_stale[0] = True


@inner
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


@inner
def _withdraw(inputs, state, seed, run, i, act):  # type: ignore[no-untyped-def]
    state.announced[i, act] = NEVER
    state.effective[i, act] = NEVER
    state.level[i, act] = 0
    _new_spell(inputs, state, seed, run, i, act)
    state.withdrawals[0] += 1


@inner
def _pass(inputs, state, seed, run, c, act):  # type: ignore[no-untyped-def]
    """Announce for all members."""
    member = inputs.councils.member
    for i in range(member.shape[1]):
        if member[c, i]:
            _announce(inputs, state, seed, run, i, act)
    state.council_level[c, act] += 1
    state.council_pressure[c, act] = 0.0
    state.council_threshold[c, act] = waiting(
        seed, run, OF_COUNCIL, state.council_level[c, act], inputs.councils.cell[c, act]
    )


@inner
def _impose(inputs, state, act):  # type: ignore[no-untyped-def]
    waves, day = inputs.menu.waves[act], state.day[0]
    for i in range(state.level.shape[0]):
        for wave in range(waves):
            state.announced[i, act, wave] = state.effective[i, act, wave] = day
        state.level[i, act] = waves
    state.dirty[act] = True
    state.stale[0] = True
    state.signals_stale[0] = True


# Phase 6, respond.


@inner
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


@inner
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


@inner
def _acted_today(state):  # type: ignore[no-untyped-def]
    """Return whether somebody announced today: the targets learn of it tomorrow."""
    announced, today = state.announced, state.day[0]
    for i in range(announced.shape[0]):
        for act in range(announced.shape[1]):
            if announced[i, act, 0] == today:
                return True
    return False


@inlined
def _answer_hazard(readiness, harm, cost, provoked, numbers):  # type: ignore[no-untyped-def]
    eta = respond.log_hazard(
        readiness, harm, cost, provoked, numbers.response_intercept, numbers.thrift
    )
    return clock.hazard(eta, 1.0)


@inner
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


@inner
def _carry_out(inputs, state, t, c):  # type: ignore[no-untyped-def]
    if not inputs.answers.each[c]:
        _issue(inputs, state, t, c)
        return
    for i in range(state.level.shape[0]):
        if inputs.answers.can_hit[t, c, i]:
            _cut(inputs, state, t, c, i)


@inner
def _answer_each(inputs, state, t, c):  # type: ignore[no-untyped-def]
    for i in range(state.level.shape[0]):
        if not inputs.answers.can_hit[t, c, i] or state.cut_off[t, c, i] != NEVER:
            continue
        if respond.provocation(state.own_signals[t, i]) <= 0.0:
            continue
        if not _has_acted(inputs, state, i, t):
            continue
        state.single_pressure[t, c, i] += state.hazard_of_single[t, c, i]
        if state.single_pressure[t, c, i] >= state.single_due[t, c, i]:
            _cut(inputs, state, t, c, i)


@inner
def _issue(inputs, state, t, c):  # type: ignore[no-untyped-def]
    day = state.day[0]
    state.issued[t, c] = day
    state.stale[0] = True
    for i in range(state.level.shape[0]):
        if state.listed[t, i] != NEVER:
            _move_relation(inputs, state, i, t, -inputs.numbers.relation_step)


@inner
def _cut(inputs, state, t, c, i):  # type: ignore[no-untyped-def]
    day = state.day[0]
    state.cut_off[t, c, i] = day
    state.stale[0] = True
    _aggrieve(inputs, state, i, t)


@inner
def _aggrieve(inputs, state, i, t):  # type: ignore[no-untyped-def]
    _move_relation(inputs, state, i, t, -inputs.numbers.relation_step)
    if state.grievance[i, t] == NEVER:
        state.grievance[i, t] = state.day[0]


@inner
def _move_relation(inputs, state, i, t, change):  # type: ignore[no-untyped-def]
    n = inputs.priced.senders[i]
    state.relation[n, t] = third.relation_after(state.relation[n, t], change)


@inner
def _has_acted(inputs, state, i, t):  # type: ignore[no-untyped-def]
    """Return whether a sender had announced more than words against a target by yesterday."""
    aimed_at, deeds = inputs.menu.aimed_at, inputs.menu.deeds
    announced, day = state.announced, state.day[0]
    for act in range(announced.shape[1]):
        if aimed_at[act] == t and deeds[act]:
            for wave in range(announced.shape[2]):
                if NEVER < announced[i, act, wave] < day:
                    return True
    return False


@inner
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
            _aggrieve(inputs, state, i, t)


@inner
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


@inner
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


@inner
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
        state.relation[n, t] = third.relation_after(state.relation[n, t], numbers.cooperation_step)


# Phases 7 and 8, divert and enforce.


@inner
def divert_and_enforce(inputs, state):  # type: ignore[no-untyped-def]
    """Third states carry what is covered, as far as they want, dare and are let."""
    numbers, targets = inputs.numbers, inputs.targets
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


@inner
def take_effect(inputs, state):  # type: ignore[no-untyped-def]
    """Work out what is in effect and what that covers, if anything can have changed."""
    # Without a list, whom answers meet follows from who has acted, day by day.
    if not state.stale[0] and inputs.numbers.list_answer >= 0:
        return
    state.in_effect[:] = observe.in_effect(
        state.effective, state.exempt, state.day[0], inputs.menu.host
    )
    state.strength[0] = observe.strength(
        state.in_effect, inputs.menu.waves, inputs.alliance.gdp_share
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


@inner
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


@inner
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


@inner
def _aims_at(inputs, state, t, i):  # type: ignore[no-untyped-def]
    if inputs.numbers.list_answer >= 0:
        return state.listed[t, i] != NEVER
    return _has_acted(inputs, state, i, t)


@inner
def _days_in_effect(inputs, state, t):  # type: ignore[no-untyped-def]
    first, today, aimed_at, effective = NEVER, state.day[0], inputs.menu.aimed_at, state.effective
    for i in range(effective.shape[0]):
        for act in range(effective.shape[1]):
            if aimed_at[act] == t:
                for wave in range(effective.shape[2]):
                    day = effective[i, act, wave]
                    if 0 <= day <= today and (first == NEVER or day < first):
                        first = day
    return float(today - first) if first != NEVER else 0.0


@inner
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


@inner
def _cut_share(inputs, state, t):  # type: ignore[no-untyped-def]
    total, cut = 0.0, 0.0
    for i in range(inputs.priced.senders.size):
        for j in range(inputs.flow_bn.shape[2]):
            flow = inputs.flow_bn[inputs.priced.senders[i], inputs.targets[t], j]
            total += flow
            cut += flow * state.covered[i, t, 0, j]
    return cut / max(total, 1e-300)


@inner
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


@inner
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


@inner
def losses_at(inputs, state, priced, covered):  # type: ignore[no-untyped-def]
    """Return losses in percent at the elasticities of `priced`, before transfers, (n_states,)."""
    return losses(
        covered,
        state.leak,
        _rents(inputs, state, priced),
        inputs.numbers.scope_overlap,
        priced.senders,
        priced.marginal,
        priced.target_share,
        priced.sender_share,
        priced.cheapening,
        priced.forgone,
        priced.rent_marginal,
    )


@inner
def _rents(inputs, state, priced):  # type: ignore[no-untyped-def]
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
        priced.target_share,
        priced.theta,
    )


@inner
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


@inner
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


@inlined
def _is_issued(state, t, c):  # type: ignore[no-untyped-def]
    return 1.0 if c >= 0 and state.issued[t, c] != NEVER else 0.0


@inner
def _bank_share_excluded(inputs, state, t):  # type: ignore[no-untyped-def]
    menu, share = inputs.menu, 0.0
    for act in range(menu.excludes.size):
        if menu.excludes[act] and menu.aimed_at[act] == t:
            share = max(share, menu.hit_share[act, state.in_effect[:, act].max()])
    return share


@inner
def _frozen_share(inputs, state, t):  # type: ignore[no-untyped-def]
    menu, share = inputs.menu, 0.0
    for i in range(state.level.shape[0]):
        freezes = False
        for act in range(menu.freezes.size):
            freezes |= menu.freezes[act] and menu.aimed_at[act] == t and state.in_effect[i, act] > 0
        if freezes:
            share += inputs.reserves[i, t]
    return share


# Phases 10 and 11, talk and update.


@inner
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
    for _ in range(_rounds(inputs, state, seed, run)):
        state.talk_pressure[0] += talk.round_hazard(eta)
        if state.settled_day[0] == NEVER and state.talk_pressure[0] >= due:
            state.settled_day[0] = state.day[0]


@inner
def _rounds(inputs, state, seed, run):  # type: ignore[no-untyped-def]
    numbers, rounds = inputs.numbers, inputs.war.rounds[state.day[0]]
    state.round_pressure[0] += numbers.talks / 7.0
    if numbers.talks > 0.0 and state.settled_day[0] == NEVER:
        due = waiting(seed, run, TALK, state.n_rounds[0], numbers.talks_cell)
        if state.round_pressure[0] >= due:
            state.round_pressure[0] = 0.0
            state.n_rounds[0] += 1
            rounds += 1
    return rounds


@inner
def update(inputs, state):  # type: ignore[no-untyped-def]
    """Moods follow events and costs; bystanders learn what the coalition is made of."""
    numbers, mood, loss = inputs.numbers, state.support, state.loss
    senders, urgency = inputs.priced.senders, state.urgency[0]
    rally, fatigue_days, cost_weight = numbers.rally, numbers.fatigue_days, numbers.cost_weight
    for i in range(mood.size):
        mood[i] = support.support_after(
            mood[i], urgency, loss[senders[i]], 1.0, rally, fatigue_days, cost_weight
        )
    state.belief[0] = third.belief_after(
        state.belief[0], state.strength[0], 1.0, numbers.belief_days
    )
    eta = third.attempt_log_hazard(
        numbers.attempt,
        state.belief[0],
        numbers.attempt_resolve,
        state.relation[numbers.challenger, 0],
        numbers.attempt_tie,
    )
    state.attempt_hazard[0] += clock.yearly_hazard(eta, 1.0)


@inner
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
