"""Phase 4: councils vote on what their members want; objections are talked over."""

from __future__ import annotations

from sim.codes import NEVER
from sim.compiled import part, phase
from sim.engine import log
from sim.engine.commitment import start
from sim.engine.decision import is_due
from sim.rules import council


@phase
def vote(inputs, state):  # type: ignore[no-untyped-def]
    """Let councils vote on each wave that is due: it passes, or its objectors are talked to."""
    decision = state.decision
    if not decision.any_due:
        return
    for act in range(decision.is_due.size):
        if not decision.is_due[act]:
            continue
        for c in range(state.adoption.passed.shape[0]):
            if is_due(act, inputs.deciders.council[c], decision):
                _vote_on(c, act, inputs, state)


@part
def _vote_on(c, act, inputs, state):  # type: ignore[no-untyped-def]
    councils, adoption, menu = inputs.councils, state.adoption, inputs.menu
    objecting, objectors, member = 0.0, 0, 0
    for i in range(councils.member.shape[1]):
        if not councils.member[c, i]:
            continue
        if council.objects(
            menu.cost[i, act] + menu.energy_cost[i, act],
            inputs.coordination.cost_tolerance,
            menu.objection_days[i, act] >= 0,
            councils.veto[i],
            adoption.objection_settled[i, act],
        ):
            objecting += councils.weight[c, i]
            objectors |= 1 << member
        member += 1
    if council.passes(objecting, councils.blocking[c]):
        adoption.passing[c, act] = True
    else:
        _negotiate(c, act, objectors, inputs, state)


@part
def _negotiate(c, act, objectors, inputs, state):  # type: ignore[no-untyped-def]
    """Block the act today; settle the objections whose time has come."""
    adoption, menu, day = state.adoption, inputs.menu, state.clock.day
    if adoption.blocked[c, act] == NEVER:
        adoption.blocked[c, act] = day
        log.note(state.log, day, log.BLOCKED, c, act, NEVER, day, objectors)
    member, freed = 0, 0
    for i in range(inputs.councils.member.shape[1]):
        if not inputs.councils.member[c, i]:
            continue
        stated = menu.objection_days[i, act]
        lasts = stated if stated >= 0 else inputs.coordination.carve_out_days
        if objectors & (1 << member) and day - adoption.blocked[c, act] >= lasts:
            adoption.objection_settled[i, act] = True
            adoption.exempt[i, act] = menu.exempts[i, act]
            start(day, i, act, menu.host, state.effect)
            freed |= (1 << member) if menu.exempts[i, act] else 0
        member += 1
    if freed > 0:
        log.note(state.log, day, log.CARVE_OUT, c, act, NEVER, day, freed)
