"""Phase 5: what was decided is announced, all at once, and takes effect on its day."""

from __future__ import annotations

import numpy as np

from sim import codes
from sim.codes import NEVER
from sim.compiled import inlined, part, phase
from sim.draws import Stream, waiting
from sim.engine import log
from sim.engine.decision import is_due, sum_up
from sim.rules import commit as rules

ADOPT, OF_COUNCIL, WITHDRAW = int(Stream.ADOPT), int(Stream.COUNCIL), int(Stream.WITHDRAW)


@phase
def commit(inputs, state):  # type: ignore[no-untyped-def]
    """Give up, announce and pass what was decided on the same past, then what is scripted."""
    decision = state.decision
    if decision.any_due:
        for i in range(decision.doubt.size):
            if decision.doubt[i] >= decision.next_doubt[i]:
                _give_up(i, inputs, state)
        for act in range(decision.is_due.size):
            if decision.is_due[act]:
                _commit_to(act, inputs, state)
    day = state.clock.day
    for row in range(inputs.script.first[day], inputs.script.first[day + 1]):
        _carry_out(inputs.script.rows[row], inputs, state)


@part
def _commit_to(act, inputs, state):  # type: ignore[no-untyped-def]
    """Announce what senders have decided on an act, then what councils have passed."""
    for i in range(state.decision.doubt.size):
        # Who has given it up today has just begun to wait anew.
        if is_due(act, inputs.deciders.alone[i], state.decision):
            _announce_alone(i, act, inputs, state)
    for c in range(state.adoption.passing.shape[0]):
        if state.adoption.passing[c, act]:
            _pass(c, act, inputs, state)


@part
def _carry_out(row, inputs, state):  # type: ignore[no-untyped-def]
    """Do what the script says of senders and councils, as far as there is something left to do."""
    kind, actor, act = row[codes.KIND], row[codes.ACTOR], row[codes.WHAT]
    waves, adoption = inputs.menu.waves, state.adoption
    if kind == codes.IMPOSE:
        _impose(act, inputs, state)
    elif kind == codes.ANNOUNCE and adoption.level[act, actor] < waves[act]:
        _announce_alone(actor, act, inputs, state)
    elif kind == codes.COUNCIL and _has_taker(actor, act, inputs, adoption):
        _pass(actor, act, inputs, state)
    elif kind == codes.WITHDRAW and adoption.announced[actor, act, 0] != NEVER:
        _withdraw(actor, act, inputs, state)


@part
def _has_taker(c, act, inputs, adoption):  # type: ignore[no-untyped-def]
    """Return whether a member of a council has not taken its next wave yet."""
    wave, found = adoption.passed[c, act], False
    for i in range(inputs.councils.member.shape[1]):
        found |= inputs.councils.member[c, i] and adoption.level[act, i] <= wave
    return found and wave < inputs.menu.waves[act]


@part
def _give_up(i, inputs, state):  # type: ignore[no-untyped-def]
    for act in range(inputs.menu.waves.size):
        if state.decision.doubt[i] >= state.decision.doubt_threshold[i, act]:
            _withdraw(i, act, inputs, state)


@part
def _announce_alone(i, act, inputs, state):  # type: ignore[no-untyped-def]
    _announce(i, act, inputs, state)
    wave = state.adoption.level[act, i]
    effective = state.adoption.effective[i, act, wave - 1]
    log.note(state.log, state.clock.day, log.MEASURE, i, act, NEVER, effective, wave)


@part
def _pass(c, act, inputs, state):  # type: ignore[no-untyped-def]
    """Announce a wave for all members that have not taken it yet."""
    adoption, decision, clock = state.adoption, state.decision, state.clock
    member, latest, wave = inputs.councils.member, NEVER, 0
    for i in range(member.shape[1]):
        if not member[c, i]:
            continue
        if adoption.level[act, i] <= adoption.passed[c, act]:
            _announce(i, act, inputs, state)
        effective = adoption.effective[i, act, adoption.level[act, i] - 1]
        if effective > latest:
            latest, wave = effective, adoption.level[act, i]
    sum_up(act, clock.day, inputs, state)  # for the others that wait
    decision.is_stale[act] = True
    adoption.passed[c, act] += 1
    adoption.passing[c, act] = False
    decider, cell = inputs.deciders.council[c], inputs.councils.cell[c, act]
    decision.summed[act, decider] = 0.0
    spell = adoption.passed[c, act]
    decision.threshold[act, decider] = waiting(clock.seed, clock.run, OF_COUNCIL, spell, cell)
    log.note(state.log, clock.day, log.COUNCIL, c, act, NEVER, latest, wave)


@part
def _announce(i, act, inputs, state):  # type: ignore[no-untyped-def]
    menu, adoption, day = inputs.menu, state.adoption, state.clock.day
    wave = adoption.level[act, i]
    law_days = menu.law_days[i, act] if wave == 0 else 0
    effective = rules.effective_day(day, menu.legal_lag[i], law_days, menu.notice[i, act])
    state.work.announcements += 1
    adoption.announced[i, act, wave] = day
    adoption.effective[i, act, wave] = effective
    adoption.level[act, i] = wave + 1
    if adoption.first_announced[i, act] == NEVER:
        adoption.first_announced[i, act] = day
    _take_day(effective, menu.aimed_at[act], state.effect.first_day)
    start(max(effective, day), i, act, menu.host, state.effect)
    _wait_anew(i, act, inputs, state)
    _spread(i, act, inputs, state)


@part
def _withdraw(i, act, inputs, state):  # type: ignore[no-untyped-def]
    """Give up an act, all its waves."""
    adoption, day, first_day = state.adoption, state.clock.day, state.effect.first_day
    was_first = adoption.effective[i, act, 0] == first_day[inputs.menu.aimed_at[act]]
    adoption.announced[i, act] = NEVER
    adoption.effective[i, act] = NEVER
    adoption.level[act, i] = 0
    adoption.withdrawals += 1
    if adoption.first_withdrawal == NEVER:
        adoption.first_withdrawal = day
    adoption.news[day, i] = adoption.has_news[day] = True
    if was_first:
        _find_first_day(inputs.menu.aimed_at, adoption.effective, first_day)
    start(day, i, act, inputs.menu.host, state.effect)
    _wait_anew(i, act, inputs, state)
    _spread(i, act, inputs, state)
    log.note(state.log, day, log.WITHDRAWAL, i, act, NEVER, day, 0)


@part
def _impose(act, inputs, state):  # type: ignore[no-untyped-def]
    """Let every sender carry out all waves of an act at once, without notice."""
    adoption, waves, day = state.adoption, inputs.menu.waves[act], state.clock.day
    for i in range(adoption.level.shape[1]):
        for wave in range(waves):
            adoption.announced[i, act, wave] = adoption.effective[i, act, wave] = day
        if adoption.first_announced[i, act] == NEVER:
            adoption.first_announced[i, act] = day
        if adoption.level[act, i] == 0:
            _begin_doubt(i, act, inputs, state)
        adoption.level[act, i] = waves
        start(day, i, act, inputs.menu.host, state.effect)
        _spread(i, act, inputs, state)
        log.note(state.log, day, log.MEASURE, i, act, NEVER, day, waves)
    _take_day(day, inputs.menu.aimed_at[act], state.effect.first_day)


@part
def _wait_anew(i, act, inputs, state):  # type: ignore[no-untyped-def]
    """Let a sender wait anew: for the next wave, and for giving up those announced."""
    clock, adoption, decision = state.clock, state.adoption, state.decision
    sum_up(act, clock.day, inputs, state)  # for the others that wait
    adoption.spell[i, act] += 1
    decider, cell = inputs.deciders.alone[i], inputs.cells.adopt[i, act]
    decision.summed[act, decider] = 0.0
    decision.threshold[act, decider] = waiting(
        clock.seed, clock.run, ADOPT, adoption.spell[i, act], cell
    )
    _begin_doubt(i, act, inputs, state)


@part
def _begin_doubt(i, act, inputs, state):  # type: ignore[no-untyped-def]
    """Work out at which sum of the sender's doubt it gives the act up; never without the act."""
    clock, decision, adoption = state.clock, state.decision, state.adoption
    reversibility, threshold = inputs.menu.reversibility[act], np.inf
    in_force = inputs.menu.on_menu[act] and adoption.announced[i, act, 0] != NEVER
    if in_force and reversibility > 0.0:
        spell, cell = adoption.spell[i, act], inputs.cells.adopt[i, act]
        due = waiting(clock.seed, clock.run, WITHDRAW, spell, cell)
        threshold = decision.doubt[i] + due / reversibility
    was_next = decision.doubt_threshold[i, act] == decision.next_doubt[i]
    decision.doubt_threshold[i, act] = threshold
    if threshold <= decision.next_doubt[i]:
        decision.next_doubt[i] = threshold
    elif was_next:
        decision.next_doubt[i] = np.inf
        for other in range(inputs.menu.waves.size):
            decision.next_doubt[i] = min(decision.next_doubt[i], decision.doubt_threshold[i, other])


@part
def _spread(i, act, inputs, state):  # type: ignore[no-untyped-def]
    """Let the others see it from tomorrow on."""
    adoption, effect, tomorrow = state.adoption, state.effect, state.clock.day + 1
    state.exposure.has_news[act] = True
    if tomorrow < effect.bites.size:
        adoption.news[tomorrow, i] = adoption.has_news[tomorrow] = True
        if inputs.positions.list < 0:
            effect.bites[tomorrow] = True  # whom answers meet follows from who has acted


@part
def start(day, i, act, host, effect):  # type: ignore[no-untyped-def]
    """Note that on a day something takes effect or ends: for all where a host acts."""
    if day < effect.starts.size:
        effect.starts[day] = True
        if host[act] == i:
            effect.starts_of[day] = True
        else:
            effect.starts_of[day, i] = True


@part
def _take_day(day, t, first_day):  # type: ignore[no-untyped-def]
    if first_day[t] == NEVER or day < first_day[t]:
        first_day[t] = day


@part
def _find_first_day(aimed_at, effective, first_day):  # type: ignore[no-untyped-def]
    """Find anew on which day an act against each target first took or takes effect."""
    first_day[:] = NEVER
    for i in range(effective.shape[0]):
        for act in range(effective.shape[1]):
            for wave in range(effective.shape[2]):
                if effective[i, act, wave] != NEVER:
                    _take_day(effective[i, act, wave], aimed_at[act], first_day)


@phase
def take_effect(inputs, state):  # type: ignore[no-untyped-def]
    """Work out what is in effect, and how strong that makes the coalition look."""
    effect, menu, day = state.effect, inputs.menu, state.clock.day
    if not effect.starts[day]:
        return
    strength = 0.0
    for i in range(effect.breadth.size):
        if effect.starts_of[day, i]:
            level = effect.in_effect[i]
            for act in range(level.size):
                effect.before[act] = level[act]
            _take_effect_of(i, state.adoption, day, menu.host, level)
            effect.breadth[i] = _breadth(level, menu.waves)
            for act in range(level.size):
                covers = inputs.rates.by_trade[act] or inputs.rates.by_payments[act]
                if covers and level[act] != effect.before[act]:
                    effect.cover_is_stale[menu.aimed_at[act], i] = True
        strength += inputs.alliance.gdp_share[i] * effect.breadth[i]
    state.third_party.strength = strength
    effect.finance_is_stale = 1


@part
def _take_effect_of(i, adoption, day, host, level):  # type: ignore[no-untyped-def]
    """Write how many waves of each act of a sender are in effect.

    With a host no wave is before the host's own; nowhere if the host does not act in this run.
    """
    effective = adoption.effective
    for act in range(level.size):
        level[act] = 0
        seat = host[act]
        if adoption.exempt[i, act] or seat == -2:
            continue
        for wave in range(effective.shape[2]):
            if effective[i, act, wave] == NEVER:
                break  # waves come one after the other
            own = effective[i, act, wave] <= day
            if own and (seat < 0 or 0 <= effective[seat, act, wave] <= day):
                level[act] += 1


@inlined
def _breadth(level, waves):  # type: ignore[no-untyped-def]
    """Return the share of the menu that one sender has in effect, in [0, 1]."""
    total = 0.0
    for act in range(level.size):
        total += level[act] / waves[act]
    return total / max(level.size, 1)
