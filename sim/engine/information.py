"""Phase 1: the day's events, and what senders learn of one another."""

from __future__ import annotations

from sim.codes import MAX_RANDOM, NEVER
from sim.compiled import inlined, part, phase
from sim.draws import Stream, waiting
from sim.engine import log
from sim.engine.arrays import any_of
from sim.rules import consult, events, terms

ESCALATE = int(Stream.ESCALATE)


@phase
def learn(inputs, state):  # type: ignore[no-untyped-def]
    """Learn of the day's events, and of the others' acts up to yesterday."""
    clock, decision, before = state.clock, state.decision, state.clock.severity
    if inputs.society.escalation > 0.0:
        _escalate(inputs, state)
    _follow_war(inputs, clock, state.course)
    if inputs.calendar.turns[clock.day] or clock.severity != before:
        decision.is_stale[:] = True
    # With a delay, what is new today depends on meetings and dates: look every day.
    looks_daily = inputs.coordination.information_delay_days > 0
    if looks_daily or any_of(state.exposure.has_news):
        for act in range(decision.is_stale.size):
            if looks_daily or state.exposure.has_news[act]:
                _update_exposure(act, inputs, state)


@part
def _escalate(inputs, state):  # type: ignore[no-untyped-def]
    """Let the day's random events happen, if the society of the run has any."""
    clock, course, cell = state.clock, state.course, inputs.positions.war_cell
    course.escalation_pressure += inputs.society.escalation / 7.0
    while not clock.is_settled and course.n_escalations < MAX_RANDOM:
        due = waiting(clock.seed, clock.run, ESCALATE, course.n_escalations, cell)
        if course.escalation_pressure < due:
            return
        course.escalation_pressure -= due
        course.escalations[course.n_escalations] = clock.day
        course.n_escalations += 1
        log.note(state.log, clock.day, log.EVENT, NEVER, NEVER, NEVER, clock.day, 0)


@inlined
def _follow_war(inputs, clock, course):  # type: ignore[no-untyped-def]
    """Work out how grave and how urgent the war is today, random events included."""
    severity, urgency = inputs.war.severity[clock.day], inputs.war.urgency[clock.day]
    for n in range(course.n_escalations):
        severity = events.severity_after(severity, inputs.society.escalation_severity)
        since = float(clock.day - course.escalations[n])
        urgency += events.urgency_of(inputs.society.escalation_severity, since)
    clock.severity, clock.urgency = severity, urgency
    if course.n_escalations == 0:
        clock.shock = inputs.calendar.shock[clock.day]
    else:
        clock.shock = terms.shock(urgency)
    clock.closed = inputs.war.closed[clock.day]


@part
def _update_exposure(act, inputs, state):  # type: ignore[no-untyped-def]
    """Work out anew who is ahead of whom in the waves of an act."""
    exposure, adoption, day = state.exposure, state.adoption, state.clock.day
    delay = inputs.coordination.information_delay_days
    kind, level = inputs.peers.kind[act], adoption.level[act]
    peer, recent = exposure.peer[act], exposure.recent[act]
    lead, ahead = exposure.lead[act], exposure.ahead
    seen, pull = exposure.seen, exposure.pull
    peer[:] = 0.0
    recent[:] = 0.0
    lead[:] = 0.0
    ahead[:] = 0.0
    for j in range(level.size):
        if adoption.announced[j, act, 0] == NEVER:
            continue
        _let_all_see(j, act, day, delay, inputs.calendar.fade, adoption, exposure)
        tie, lead_share = inputs.peers.tie[kind, j], inputs.alliance.lead_share[j]
        _add_ahead(tie, seen, level, peer)
        for i in range(level.size):
            recent[i] += tie[i] * pull[i] if seen[i] > level[i] else 0.0
        if lead_share > 0.0:
            for i in range(level.size):
                lead[i] += lead_share if seen[i] > level[i] else 0.0
        for m in range(inputs.peers.first[j], inputs.peers.first[j + 1]):
            institution = inputs.peers.institution[m]
            _add_ahead(inputs.peers.fellow[kind, m], seen, level, ahead[institution])
    _share_of_blocs(inputs.peers.n_fellows[kind], ahead, exposure.bloc[act])
    exposure.updated[act] = day
    exposure.has_news[act] = False
    state.decision.is_stale[act] = True


@inlined
def _let_all_see(j, act, day, delay, fade, adoption, exposure):  # type: ignore[no-untyped-def]
    """Write how many waves of an act by one sender each other knows of, and the last one's pull."""
    seen, pull = exposure.seen, exposure.pull
    for i in range(seen.size if delay > 0 else 1):
        seen[i], last = 0, NEVER
        for wave in range(adoption.announced.shape[2]):
            acted = adoption.announced[j, act, wave]
            if acted == NEVER:
                break  # waves come one after the other
            if consult.known(acted, day, delay) or consult.told(acted, adoption.met[i, j]):
                seen[i] += 1
                last = max(last, acted)
        days = max(day - last - 1 - delay, 0)
        pull[i] = fade[days] if seen[i] > 0 else 0.0
    if delay == 0:  # all know the same
        seen[:] = seen[0]
        pull[:] = pull[0]


@inlined
def _add_ahead(weight, seen, level, total):  # type: ignore[no-untyped-def]
    """Add a sender's weight to the total of all who know it to be ahead of themselves."""
    for i in range(level.size):
        total[i] += weight[i] if seen[i] > level[i] else 0.0


@inlined
def _share_of_blocs(n_fellows, ahead, bloc):  # type: ignore[no-untyped-def]
    """Write the largest share of an institution's other members that are ahead."""
    bloc[:] = 0.0
    for institution in range(ahead.shape[0]):
        for i in range(bloc.size):
            share = ahead[institution, i] / n_fellows[institution, i]
            bloc[i] = max(bloc[i], share)
