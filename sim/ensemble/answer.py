"""Phase 6: targets answer those who acted; the others protest, take a stance, draw nearer."""

from __future__ import annotations

from sim import observe
from sim.compiled import inlined, part
from sim.draws import Stream, waiting
from sim.ensemble import log
from sim.ensemble.state import NEVER
from sim.rules import clock, respond, terms, third
from sim.setting.answers import ANY

PROTESTS, COOPERATE = int(Stream.PROTEST), int(Stream.COOPERATE)


@inlined
def answer(day, seed, run, severity, inputs, state):  # type: ignore[no-untyped-def]
    """Let everybody answer what became known by yesterday."""
    replies, others = state.replies, state.others
    news = _hear(day, inputs, state.deeds, replies)
    for t in range(replies.signals.size):
        _answer_of(day, t, inputs, state)
    if replies.n_grievances[0] > 0:
        _protest_all(day, seed, run, inputs, state)
    if news or day == 0:
        _weigh_cooperations(inputs, replies, others)
    if severity > 0.0:
        _let_others_act(day, severity, seed, run, inputs, state)


@inlined
def _hear(day, inputs, deeds, replies):  # type: ignore[no-untyped-def]
    """Learn of what was done by yesterday; return whether anything is new."""
    news = False
    for i in range(deeds.news.size):
        if day in (deeds.news[i], deeds.old_news[i], deeds.retracted[i]):
            _hear_of(i, day, inputs.menu, deeds.announced, replies)
            news = True
    if news:
        for t in range(replies.signals.size):
            total = observe.joint_signal(replies.own_signals[t], inputs.alliance.gdp_share)
            replies.signals[t] = total
            replies.provoked[t] = respond.provocation(total)
    return news


@part
def _hear_of(i, day, menu, announced, replies):  # type: ignore[no-untyped-def]
    """Count the signals of one sender known today, and whether it has done more than talk."""
    observe.signals_of(i, announced, day, menu.signal, menu.aimed_at, replies.own_signals)
    replies.acted[:, i] = False
    replies.latest[i] = NEVER
    for act in range(announced.shape[1]):
        for wave in range(announced.shape[2]):
            if announced[i, act, wave] < day:
                replies.latest[i] = max(replies.latest[i], announced[i, act, wave])
        if menu.deeds[act] and NEVER < announced[i, act, 0] < day:
            replies.acted[menu.aimed_at[act], i] = True
    for t in range(replies.signals.size):
        replies.provoked_by[t, i] = respond.provocation(replies.own_signals[t, i])


@inlined
def _answer_of(day, t, inputs, state):  # type: ignore[no-untyped-def]
    answers, replies, rates = inputs.answers, state.replies, inputs.rates
    if inputs.imposed_answer.shape[0] > 0:
        _carry_out_imposed(day, t, inputs, state)
    provoked = replies.provoked[t]
    if provoked > 0.0:
        for c in range(answers.lag.size):
            if _is_imposed_today(day, c, inputs.imposed_answer):
                continue
            if not answers.can_issue[t, c] or answers.each[c]:
                continue
            if replies.issued[t, c] == NEVER:
                replies.pressure[t, c] += rates.answer[t, c] * provoked
                if replies.pressure[t, c] >= replies.due[t, c]:
                    _issue(day, t, c, inputs, state)
        _single_out(day, t, inputs, state)
    listing = inputs.numbers.list_answer
    if listing >= 0 and replies.issued[t, listing] != NEVER:
        _list_those_who_acted(day, t, listing, inputs, state)


@inlined
def _is_imposed_today(day, c, imposed):  # type: ignore[no-untyped-def]
    found = False
    for row in range(imposed.shape[0]):
        found |= imposed[row, 0] == day and imposed[row, 1] == c
    return found


@part
def _carry_out_imposed(day, t, inputs, state):  # type: ignore[no-untyped-def]
    for c in range(inputs.answers.lag.size):
        if not _is_imposed_today(day, c, inputs.imposed_answer):
            continue
        if not inputs.answers.can_issue[t, c]:
            continue
        if not inputs.answers.each[c]:
            _issue(day, t, c, inputs, state)
            continue
        for i in range(state.replies.protests.size):
            if inputs.answers.can_hit[t, c, i]:
                _cut(day, t, c, i, inputs, state)


@inlined
def _single_out(day, t, inputs, state):  # type: ignore[no-untyped-def]
    """Single out senders by what each did, what it would suffer and what that costs."""
    replies, singled = state.replies, inputs.rates.singled
    for pair in range(singled.shape[0]):
        c, i = singled[pair, 1], singled[pair, 2]
        if singled[pair, 0] != t or not replies.acted[t, i] or replies.cut_off[t, c, i] != NEVER:
            continue
        rate, provoked = inputs.rates.single[t, c, i], replies.provoked_by[t, i]
        if provoked <= 0.0 or _is_imposed_today(day, c, inputs.imposed_answer):
            continue
        if _is_triggered(day, t, c, i, inputs, state.deeds, replies):
            hazard, demand = rate * provoked, inputs.answers.trigger_answer[c]
            if demand >= 0:
                refuses = replies.refuses[t, i]
                hazard = respond.supply_hazard(hazard, refuses, inputs.numbers.paying_factor)
                if refuses and replies.refused[t, i] == NEVER:
                    _refuse(day, t, i, demand, replies.refused, state.log)
            replies.single_pressure[t, c, i] += hazard
            if replies.single_pressure[t, c, i] >= replies.single_due[t, c, i]:
                _cut(day, t, c, i, inputs, state)


@inlined
def _is_triggered(day, t, c, i, inputs, deeds, replies):  # type: ignore[no-untyped-def]
    """Return whether what comes before an answer to a single sender has happened."""
    act, demand = inputs.answers.trigger_act[t, c], inputs.answers.trigger_answer[c]
    triggered, moot = act == ANY, inputs.answers.moot_act[t, c]
    if moot >= 0 and NEVER < deeds.announced[i, moot, 0] < day:
        triggered = False
    elif act >= 0:
        triggered = NEVER < deeds.announced[i, act, 0] < day
    elif triggered and demand >= 0:
        issued = replies.issued[t, demand]
        asked = replies.listed[t, i] != NEVER or inputs.numbers.list_answer < 0
        triggered = asked and issued != NEVER and day - issued >= inputs.numbers.payment_days
    return triggered


@part
def _refuse(day, t, i, demand, refused, noted):  # type: ignore[no-untyped-def]
    refused[t, i] = day
    log.note(noted, day, log.REFUSAL, i, demand, t, day, 0)


@part
def _issue(day, t, c, inputs, state):  # type: ignore[no-untyped-def]
    bites = day + inputs.answers.lag[c]
    state.replies.issued[t, c] = day
    _bite(day, bites, state.effects.bites)
    log.note(state.log, day, log.COUNTERMEASURE, t, c, NEVER, bites, 0)
    for i in range(state.replies.protests.size):
        if state.replies.listed[t, i] != NEVER:
            _sour(i, t, inputs, state)


@part
def _cut(day, t, c, i, inputs, state):  # type: ignore[no-untyped-def]
    bites = day + inputs.answers.lag[c]
    state.replies.cut_off[t, c, i] = day
    _bite(day, bites, state.effects.bites)
    log.note(state.log, day, log.COUNTERMEASURE, t, c, i, bites, 0)
    _aggrieve(day, i, t, inputs, state)


@part
def _bite(day, bites, bites_on):  # type: ignore[no-untyped-def]
    bites_on[day] = True  # an answer given again bites later
    if bites < bites_on.size:
        bites_on[bites] = True


@part
def _aggrieve(day, i, t, inputs, state):  # type: ignore[no-untyped-def]
    _sour(i, t, inputs, state)
    if state.replies.grievance[t, i] == NEVER:
        state.replies.grievance[t, i] = day
        state.replies.n_grievances[0] += 1


@part
def _sour(i, t, inputs, state):  # type: ignore[no-untyped-def]
    """Let a sender's relation with a target turn worse; where it counts, all is weighed anew."""
    relation, n = state.others.relation, inputs.senders[i]
    counted = terms.valued(relation[n, t])
    relation[n, t] = third.relation_after(relation[n, t], -inputs.numbers.relation_step)
    if terms.valued(relation[n, t]) != counted:
        state.minds.stale[:] = True


@part
def _list_those_who_acted(day, t, listing, inputs, state):  # type: ignore[no-untyped-def]
    replies = state.replies
    first = replies.issued[t, listing] == day
    daily = respond.listing_hazard(inputs.numbers.listing_days, 1.0)
    for i in range(replies.protests.size):
        if replies.listed[t, i] != NEVER or not replies.acted[t, i]:
            continue
        if not first:
            replies.listing_pressure[t, i] += daily
        if first or replies.listing_pressure[t, i] >= replies.listing_due[t, i]:
            replies.listed[t, i] = day
            state.effects.bites[day] = True
            log.note(state.log, day, log.LISTED, t, listing, i, day, 0)
            _aggrieve(day, i, t, inputs, state)


@part
def _protest_all(day, seed, run, inputs, state):  # type: ignore[no-untyped-def]
    grievance = state.replies.grievance
    for i in range(grievance.shape[1]):
        for t in range(grievance.shape[0]):
            if grievance[t, i] != NEVER:
                _protest(day, seed, run, i, t, inputs, state)


@part
def _protest(day, seed, run, i, t, inputs, state):  # type: ignore[no-untyped-def]
    replies, number = state.replies, state.replies.protests[i]
    waited = (day - replies.grievance[t, i]) / inputs.numbers.protest_days
    if waited >= waiting(seed, run, PROTESTS, number, inputs.cells.protest[i, t]):
        replies.grievance[t, i] = NEVER
        replies.n_grievances[0] -= 1
        replies.protests[i] = number + 1
        _sour(i, t, inputs, state)
        log.note(state.log, day, log.PROTEST, i, NEVER, t, day, 0)


@part
def _weigh_cooperations(inputs, replies, others):  # type: ignore[no-untyped-def]
    """Work out anew how fast third states draw nearer to a target under pressure."""
    allied = inputs.rates.allied
    for pair in range(allied.shape[0]):
        n, t = allied[pair, 0], allied[pair, 1]
        _weigh_cooperation(n, t, inputs.numbers, inputs.thirds, replies, others)


@part
def _weigh_cooperation(n, t, numbers, thirds, replies, others):  # type: ignore[no-untyped-def]
    eta = third.cooperation_log_hazard(
        numbers.cooperation,
        others.relation[n, t],
        numbers.cooperation_relation,
        replies.signals[t],
        numbers.cooperation_pressure,
        thirds.capability[n, t],
    )
    others.cooperate_rate[n, t] = clock.hazard(eta, 1.0)


@inlined
def _let_others_act(day, severity, seed, run, inputs, state):  # type: ignore[no-untyped-def]
    others, allied = state.others, inputs.rates.allied
    daily = third.condemn_hazard(severity, inputs.numbers.condemn_days, 1.0)
    for n in inputs.rates.stances:
        if others.condemned[n] == NEVER and others.condemns[n]:
            others.condemn_pressure[n] += daily
            if others.condemn_pressure[n] >= others.condemn_due[n]:
                others.condemned[n] = day
                log.note(state.log, day, log.STANCE, n, NEVER, 0, day, 0)
    for pair in range(allied.shape[0]):
        n, t = allied[pair, 0], allied[pair, 1]
        if others.condemned[n] == NEVER:
            others.cooperate_pressure[n, t] += others.cooperate_rate[n, t]
            if others.cooperate_pressure[n, t] >= others.cooperate_due[n, t]:
                _cooperate(day, seed, run, n, t, inputs, state)


@part
def _cooperate(day, seed, run, n, t, inputs, state):  # type: ignore[no-untyped-def]
    others = state.others
    others.cooperations[n, t] += 1
    others.cooperate_pressure[n, t] = 0.0
    others.cooperate_due[n, t] = waiting(
        seed, run, COOPERATE, others.cooperations[n, t], inputs.cells.cooperate[n, t]
    )
    others.relation[n, t] = third.relation_after(
        others.relation[n, t], inputs.numbers.cooperation_step
    )
    _weigh_cooperation(n, t, inputs.numbers, inputs.thirds, state.replies, others)
    log.note(state.log, day, log.COOPERATION, n, NEVER, t, day, 0)
