"""Phases 3 to 5: what is ripe is decided, voted on, announced; what is doubted is given up."""

from __future__ import annotations

import numpy as np

from sim.compiled import part
from sim.draws import Stream, waiting
from sim.ensemble import log
from sim.ensemble.state import NEVER
from sim.ensemble.weigh import is_ripe
from sim.rules import commit, council

ADOPT, OF_COUNCIL, WITHDRAW = int(Stream.ADOPT), int(Stream.COUNCIL), int(Stream.WITHDRAW)


@part
def act_all(day, seed, run, inputs, state):  # type: ignore[no-untyped-def]
    """Do all that was decided on the same past: senders first, then councils.

    A council passes what is ripe when it meets; what its members do alone on the same day changes
    neither its pressure nor its objections, so that one pass over the deciders will do.
    """
    deeds, minds, effects = state.deeds, state.minds, state.effects
    deciders = inputs.deciders
    n_acts, n_senders = deeds.level.shape
    for i in range(n_senders):
        if minds.doubt[i] >= minds.next_doubted[i]:
            for act in range(n_acts):
                if minds.doubt[i] >= minds.doubted[i, act]:
                    _withdraw(day, seed, run, i, act, inputs, deeds, minds, effects)
                    log.note(state.log, day, log.WITHDRAWAL, i, act, NEVER, day, 0)
    for act in range(n_acts):
        if not minds.ripe[act]:
            continue
        for i in range(n_senders):
            # Who has given it up today has just begun to wait anew.
            if is_ripe(act, deciders.alone[i], minds):
                _announce(day, seed, run, i, act, inputs, deeds, minds, effects)
                wave = deeds.level[act, i]
                effective = deeds.effective[i, act, wave - 1]
                log.note(state.log, day, log.MEASURE, i, act, NEVER, effective, wave)
        for c in range(deeds.passed.shape[0]):
            if is_ripe(act, deciders.council[c], minds):
                _deliberate(day, seed, run, c, act, inputs, state)
    if inputs.calendar.imposes[day]:
        for row in range(inputs.imposed_act.shape[0]):
            if inputs.imposed_act[row, 0] == day:
                _impose(day, seed, run, inputs.imposed_act[row, 1], inputs, state)


@part
def _deliberate(day, seed, run, c, act, inputs, state):  # type: ignore[no-untyped-def]
    """Vote on a wave that the members want: it passes, or its objectors are talked to."""
    councils, deeds = inputs.councils, state.deeds
    objecting, objectors, member = 0.0, 0, 0
    for i in range(deeds.level.shape[1]):
        if not councils.member[c, i]:
            continue
        if council.objects(
            inputs.menu.cost[i, act] + inputs.menu.energy_cost[i, act],
            inputs.numbers.cost_tolerance,
            inputs.menu.objection_days[i, act] >= 0,
            councils.veto[i],
            deeds.settled[i, act],
        ):
            objecting += councils.weight[c, i]
            objectors |= 1 << member
        member += 1
    if council.passes(objecting, councils.blocking[c]):
        _pass(day, seed, run, c, act, inputs, state)
    else:
        _negotiate(day, c, act, objectors, inputs, state)


@part
def _negotiate(day, c, act, objectors, inputs, state):  # type: ignore[no-untyped-def]
    """Block the act today; settle the objections whose time has come."""
    deeds, menu = state.deeds, inputs.menu
    if deeds.blocked[c, act] == NEVER:
        deeds.blocked[c, act] = day
        log.note(state.log, day, log.BLOCKED, c, act, NEVER, day, objectors)
    member, freed = 0, 0
    for i in range(deeds.level.shape[1]):
        if not inputs.councils.member[c, i]:
            continue
        stated = menu.objection_days[i, act]
        lasts = stated if stated >= 0 else inputs.numbers.carve_out_days
        if objectors & (1 << member) and day - deeds.blocked[c, act] >= lasts:
            deeds.settled[i, act] = True
            deeds.exempt[i, act] = menu.exempts[i, act]
            _start(day, i, act, menu.host, state.effects)
            freed |= (1 << member) if menu.exempts[i, act] else 0
        member += 1
    if freed > 0:
        log.note(state.log, day, log.CARVE_OUT, c, act, NEVER, day, freed)


@part
def _pass(day, seed, run, c, act, inputs, state):  # type: ignore[no-untyped-def]
    """Announce for all members that have a wave left."""
    deeds, minds, effects = state.deeds, state.minds, state.effects
    member, cell = inputs.councils.member, inputs.councils.cell
    latest, wave = NEVER, 0
    for i in range(member.shape[1]):
        if not member[c, i]:
            continue
        if deeds.level[act, i] < inputs.menu.waves[act]:
            _announce(day, seed, run, i, act, inputs, deeds, minds, effects)
        effective = deeds.effective[i, act, deeds.level[act, i] - 1]
        if effective > latest:
            latest, wave = effective, deeds.level[act, i]
    deeds.passed[c, act] += 1
    decider = inputs.deciders.council[c]
    minds.pressure[act, decider] = 0.0
    minds.due[act, decider] = waiting(seed, run, OF_COUNCIL, deeds.passed[c, act], cell[c, act])
    log.note(state.log, day, log.COUNCIL, c, act, NEVER, latest, wave)


@part
def _announce(day, seed, run, i, act, inputs, deeds, minds, effects):  # type: ignore[no-untyped-def]
    menu, wave = inputs.menu, deeds.level[act, i]
    effective = commit.effective_day(
        day,
        menu.legal_lag[i],
        menu.law_days[i, act] if wave == 0 else 0,
        menu.lag[act],
    )
    deeds.announced[i, act, wave] = day
    deeds.effective[i, act, wave] = effective
    deeds.level[act, i] = wave + 1
    _take_day(effective, menu.aimed_at[act], effects.first_day)
    _start(max(effective, day), i, act, menu.host, effects)
    _new_spell(seed, run, i, act, inputs, deeds, minds)
    _spread(day, i, act, inputs.numbers.list_answer, deeds, minds, effects)


@part
def _withdraw(day, seed, run, i, act, inputs, deeds, minds, effects):  # type: ignore[no-untyped-def]
    deeds.announced[i, act] = NEVER
    deeds.effective[i, act] = NEVER
    deeds.level[act, i] = 0
    deeds.withdrawals[0] += 1
    deeds.retracted[i] = day
    _find_first_day(inputs.menu.aimed_at, deeds.effective, effects.first_day)
    _start(day, i, act, inputs.menu.host, effects)
    _new_spell(seed, run, i, act, inputs, deeds, minds)
    _spread(day, i, act, inputs.numbers.list_answer, deeds, minds, effects)


@part
def _impose(day, seed, run, act, inputs, state):  # type: ignore[no-untyped-def]
    """Let every sender carry out all waves of an act at once, without notice."""
    deeds, minds, waves = state.deeds, state.minds, inputs.menu.waves[act]
    for i in range(deeds.level.shape[1]):
        for wave in range(waves):
            deeds.announced[i, act, wave] = deeds.effective[i, act, wave] = day
        if deeds.level[act, i] == 0:
            _begin_doubt(seed, run, i, act, inputs, deeds, minds)
        deeds.level[act, i] = waves
        _start(day, i, act, inputs.menu.host, state.effects)
        _spread(day, i, act, inputs.numbers.list_answer, deeds, minds, state.effects)
        log.note(state.log, day, log.MEASURE, i, act, NEVER, day, waves)
    _take_day(day, inputs.menu.aimed_at[act], state.effects.first_day)


@part
def _new_spell(seed, run, i, act, inputs, deeds, minds):  # type: ignore[no-untyped-def]
    """Let a sender wait anew: for the next wave, and for giving up those announced."""
    deeds.spell[i, act] += 1
    decider, cell = inputs.deciders.alone[i], inputs.cells.adopt[i, act]
    minds.pressure[act, decider] = 0.0
    minds.due[act, decider] = waiting(seed, run, ADOPT, deeds.spell[i, act], cell)
    _begin_doubt(seed, run, i, act, inputs, deeds, minds)


@part
def _begin_doubt(seed, run, i, act, inputs, deeds, minds):  # type: ignore[no-untyped-def]
    """Work out at which sum of the sender's doubt it gives the act up; never without the act."""
    reversibility, doubted = inputs.menu.reversibility[act], np.inf
    in_force = inputs.menu.on_menu[act] and deeds.announced[i, act, 0] != NEVER
    if in_force and reversibility > 0.0:
        due = waiting(seed, run, WITHDRAW, deeds.spell[i, act], inputs.cells.adopt[i, act])
        doubted = minds.doubt[i] + due / reversibility
    minds.doubted[i, act] = doubted
    minds.next_doubted[i] = np.inf
    for other in range(minds.doubted.shape[1]):
        minds.next_doubted[i] = min(minds.next_doubted[i], minds.doubted[i, other])


@part
def _spread(day, i, act, list_answer, deeds, minds, effects):  # type: ignore[no-untyped-def]
    """Let the others see it from tomorrow on."""
    minds.unseen[act] = True
    if deeds.news[i] != day + 1:
        deeds.old_news[i] = deeds.news[i]
        deeds.news[i] = day + 1
    if list_answer < 0 and day + 1 < effects.bites.size:
        effects.bites[day + 1] = True  # whom answers meet follows from who has acted


@part
def _start(day, i, act, host, effects):  # type: ignore[no-untyped-def]
    """Note that on a day something takes effect or ends: for all where a host acts."""
    if day < effects.starts.size:
        effects.starts[day] = True
        if host[act] == i:
            effects.starts_of[day] = True
        else:
            effects.starts_of[day, i] = True


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
