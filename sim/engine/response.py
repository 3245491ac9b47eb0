"""Phase 6: targets answer those who acted; the others protest, take a stance, draw nearer."""

from __future__ import annotations

import math

from sim import codes
from sim.codes import ANY, NEVER
from sim.compiled import inlined, part, phase
from sim.draws import Stream, waiting
from sim.engine import log, throttling
from sim.rules import clock as clock_rules
from sim.rules import respond as rules
from sim.rules import terms, third

PROTESTS, COOPERATE = int(Stream.PROTEST), int(Stream.COOPERATE)


@phase
def respond(inputs, state):  # type: ignore[no-untyped-def]
    """Let everybody answer what became known by yesterday."""
    target, clock = state.target, state.clock
    has_news = _hear(inputs, state)
    for t in range(target.signals.size):
        _respond_of(t, inputs, state)
    if target.n_grievances > 0:
        _protest_all(inputs, state)
    if has_news or clock.day == 0:
        allied = inputs.rates.allied
        for pair in range(allied.shape[0]):
            if state.third_party.condemned[allied[pair, 0]] == NEVER:
                _weigh_cooperation(allied[pair, 0], allied[pair, 1], inputs, state)
    if clock.severity > 0.0:
        _let_third_parties_act(inputs, state)


@inlined
def _hear(inputs, state):  # type: ignore[no-untyped-def]
    """Learn of what was done by yesterday; return whether anything is new."""
    adoption, target, day = state.adoption, state.target, state.clock.day
    if not adoption.has_news[day]:
        return False
    n_senders = target.protests.size
    for i in range(n_senders):
        if adoption.news[day, i]:
            _hear_of(i, day, inputs.menu, adoption.announced, target)
    for t in range(target.signals.size):
        total = 0.0
        for i in range(n_senders):
            total += target.own_signals[t, i] * inputs.alliance.gdp_share[i]
        target.signals[t] = total
        target.provoked[t] = rules.provocation(total)
        target.look_again[t] = day
    return True


@part
def _hear_of(i, day, menu, announced, target):  # type: ignore[no-untyped-def]
    """Count the signals of one sender known today, and whether it has done more than talk."""
    target.own_signals[:, i] = 0.0
    target.has_acted[:, i] = False
    target.latest[i] = NEVER
    for act in range(announced.shape[1]):
        if not NEVER < announced[i, act, 0] < day:
            continue
        t = menu.aimed_at[act]
        target.own_signals[t, i] += menu.signal[act]
        target.has_acted[t, i] |= menu.beyond_words[act]
        for wave in range(announced.shape[2]):
            if not NEVER < announced[i, act, wave] < day:
                break  # waves come one after the other
            target.latest[i] = max(target.latest[i], announced[i, act, wave])
    for t in range(target.signals.size):
        target.provoked_by[t, i] = rules.provocation(target.own_signals[t, i])


@inlined
def _respond_of(t, inputs, state):  # type: ignore[no-untyped-def]
    target, rates, day = state.target, inputs.rates, state.clock.day
    scripted = inputs.script.first[day] < inputs.script.first[day + 1]
    if scripted:
        _carry_out(t, inputs, state)
    if target.provoked[t] > 0.0 and day >= inputs.script.answer_from:
        for pair in range(rates.first_general[t], rates.first_general[t + 1]):
            c = rates.general[pair, 1]
            if scripted and _is_scripted(t, c, codes.ALL, inputs.script, day):
                continue
            if inputs.answers.by_part[c]:
                if throttling.wants_less(t, c, inputs, state):
                    _issue(t, c, inputs, state)
            elif target.issued[t, c] == NEVER:
                target.summed[t, c] += rates.answer[t, c] * target.provoked[t]
                if target.summed[t, c] >= target.threshold[t, c]:
                    _issue(t, c, inputs, state)
        _single_out(t, scripted, inputs, state)
    listing = inputs.positions.list
    anybody_left = target.n_listed[t] < target.protests.size
    if anybody_left and listing >= 0 and target.issued[t, listing] != NEVER:
        _list_those_who_acted(t, listing, inputs, state)


@part
def _carry_out(t, inputs, state):  # type: ignore[no-untyped-def]
    """Do what the script says of a target, as far as it can."""
    day, answers = state.clock.day, inputs.answers
    for at in range(inputs.script.first[day], inputs.script.first[day + 1]):
        row = inputs.script.rows[at]
        c, whom = row[codes.WHAT], row[codes.WHOM]
        if row[codes.KIND] != codes.ANSWER or row[codes.ACTOR] not in (codes.ALL, t):
            continue
        if not answers.can_issue[t, c]:
            continue
        if not answers.each[c]:
            _issue(t, c, inputs, state)
            continue
        for i in range(state.target.protests.size):
            if whom in (codes.ALL, i) and answers.can_hit[t, c, i]:
                _cut(t, c, i, inputs, state)


@part
def _is_scripted(t, c, whom, scripted, day):  # type: ignore[no-untyped-def]
    """Return whether an answer, to a sender or to all, is scripted for a day."""
    found = False
    for at in range(scripted.first[day], scripted.first[day + 1]):
        row = scripted.rows[at]
        found |= (
            row[codes.KIND] == codes.ANSWER
            and row[codes.WHAT] == c
            and row[codes.ACTOR] in (codes.ALL, t)
            and row[codes.WHOM] in (codes.ALL, whom)
        )
    return found


@inlined
def _single_out(t, scripted, inputs, state):  # type: ignore[no-untyped-def]
    """Single out senders by what each did, what it would suffer and what that costs."""
    target, singled, day = state.target, inputs.rates.singled, state.clock.day
    if scripted or day >= target.look_again[t]:
        _arm(t, scripted, inputs, state)
    for pair in range(inputs.rates.first_single[t], inputs.rates.first_single[t + 1]):
        c, i = singled[pair, 1], singled[pair, 2]
        if target.armed[t, c, i] < 0.0:
            continue
        demand = inputs.answers.trigger_answer[c]
        if demand >= 0 and target.refuses[t, i] and target.refused[t, i] == NEVER:
            target.refused[t, i] = day
            log.note(state.log, day, log.REFUSAL, i, demand, t, day, 0)
        target.single_summed[t, c, i] += target.armed[t, c, i]
        if target.single_summed[t, c, i] >= target.single_threshold[t, c, i]:
            target.armed[t, c, i] = -1.0
            _cut(t, c, i, inputs, state)


@part
def _arm(t, scripted, inputs, state):  # type: ignore[no-untyped-def]
    """Work out the hazards of singling senders out, and when to look at them again.

    They change with what is done and answered, and when a demand has not been met in time.
    """
    target, singled, day = state.target, inputs.rates.singled, state.clock.day
    target.look_again[t] = day if scripted else inputs.calendar.turns.size
    for pair in range(inputs.rates.first_single[t], inputs.rates.first_single[t + 1]):
        c, i = singled[pair, 1], singled[pair, 2]
        target.armed[t, c, i] = -1.0
        if target.cut_off[t, c, i] != NEVER or not target.has_acted[t, i]:
            continue
        if scripted and _is_scripted(t, c, i, inputs.script, day):
            continue
        demand = inputs.answers.trigger_answer[c]
        if demand >= 0 and target.issued[t, demand] != NEVER:
            due = target.issued[t, demand] + math.ceil(inputs.response.payment_days)
            if due > day:
                target.look_again[t] = min(target.look_again[t], due)
        if _is_triggered(t, c, i, inputs, state):
            hazard = inputs.rates.single[t, c, i] * target.provoked_by[t, i]
            if demand >= 0:
                refuses, factor = target.refuses[t, i], inputs.response.paying_factor
                hazard = rules.supply_hazard(hazard, refuses, factor)
            target.armed[t, c, i] = hazard


@inlined
def _is_triggered(t, c, i, inputs, state):  # type: ignore[no-untyped-def]
    """Return whether what comes before an answer to a single sender has happened."""
    answers, target, day = inputs.answers, state.target, state.clock.day
    announced = state.adoption.announced
    act, demand, moot = answers.trigger_act[t, c], answers.trigger_answer[c], answers.moot_act[t, c]
    triggered = act == ANY
    if moot >= 0 and NEVER < announced[i, moot, 0] < day:
        triggered = False
    elif act >= 0:
        triggered = NEVER < announced[i, act, 0] < day
    elif triggered and demand >= 0:
        issued = target.issued[t, demand]
        asked = target.listed[t, i] != NEVER or inputs.positions.list < 0
        triggered = asked and issued != NEVER and day - issued >= inputs.response.payment_days
    return triggered


@part
def _issue(t, c, inputs, state):  # type: ignore[no-untyped-def]
    day = state.clock.day
    bites = day + inputs.answers.lag[c]
    if inputs.answers.by_part[c]:
        throttling.hold_back(t, c, inputs, state)
    if state.target.issued[t, c] == NEVER or not inputs.answers.by_part[c]:
        state.target.issued[t, c] = day
    state.target.look_again[t] = day
    _bite(day, bites, state.effect.bites)
    log.note(state.log, day, log.COUNTERMEASURE, t, c, NEVER, bites, 0)
    for i in range(state.target.protests.size):
        if state.target.listed[t, i] != NEVER:
            _sour(i, t, inputs, state)


@part
def _cut(t, c, i, inputs, state):  # type: ignore[no-untyped-def]
    day = state.clock.day
    bites = day + inputs.answers.lag[c]
    state.target.cut_off[t, c, i] = day
    _bite(day, bites, state.effect.bites)
    log.note(state.log, day, log.COUNTERMEASURE, t, c, i, bites, 0)
    _aggrieve(i, t, inputs, state)


@part
def _bite(day, bites, bites_on):  # type: ignore[no-untyped-def]
    bites_on[day] = True  # an answer given again bites later
    if bites < bites_on.size:
        bites_on[bites] = True


@part
def _aggrieve(i, t, inputs, state):  # type: ignore[no-untyped-def]
    _sour(i, t, inputs, state)
    if state.target.grievance[t, i] == NEVER:
        state.target.grievance[t, i] = state.clock.day
        state.target.n_grievances += 1


@part
def _sour(i, t, inputs, state):  # type: ignore[no-untyped-def]
    """Let a sender's relation with a target turn worse; where it counts, all is weighed anew."""
    relation, n = state.third_party.relation, inputs.senders[i]
    counted = terms.valued(relation[n, t])
    relation[n, t] = third.relation_after(relation[n, t], -inputs.response.relation_step)
    if terms.valued(relation[n, t]) != counted:
        state.decision.is_stale[:] = True


@part
def _list_those_who_acted(t, listing, inputs, state):  # type: ignore[no-untyped-def]
    target, day = state.target, state.clock.day
    first = target.issued[t, listing] == day
    daily = rules.listing_hazard(inputs.response.listing_days, 1.0)
    for i in range(target.protests.size):
        if target.listed[t, i] != NEVER or not target.has_acted[t, i]:
            continue
        if not first:
            target.listing_summed[t, i] += daily
        if first or target.listing_summed[t, i] >= target.listing_threshold[t, i]:
            target.listed[t, i] = target.look_again[t] = day
            target.n_listed[t] += 1
            state.effect.bites[day] = True
            log.note(state.log, day, log.LISTED, t, listing, i, day, 0)
            _aggrieve(i, t, inputs, state)


@part
def _protest_all(inputs, state):  # type: ignore[no-untyped-def]
    grievance = state.target.grievance
    for i in range(grievance.shape[1]):
        for t in range(grievance.shape[0]):
            if grievance[t, i] != NEVER:
                _protest(i, t, inputs, state)


@part
def _protest(i, t, inputs, state):  # type: ignore[no-untyped-def]
    target, clock, number = state.target, state.clock, state.target.protests[i]
    waited = (clock.day - target.grievance[t, i]) / inputs.response.protest_days
    cell = inputs.cells.protest[i, t]
    if waited >= waiting(clock.seed, clock.run, PROTESTS, number, cell):
        target.grievance[t, i] = NEVER
        target.n_grievances -= 1
        target.protests[i] = number + 1
        _sour(i, t, inputs, state)
        log.note(state.log, clock.day, log.PROTEST, i, NEVER, t, clock.day, 0)


@part
def _weigh_cooperation(n, t, inputs, state):  # type: ignore[no-untyped-def]
    """Work out anew how fast a third state draws nearer to a target under pressure."""
    views = inputs.third
    eta = third.cooperation_log_hazard(
        views.cooperation,
        state.third_party.relation[n, t],
        views.cooperation_relation,
        state.target.signals[t],
        views.cooperation_pressure,
        inputs.third_parties.capability[n, t],
    )
    state.third_party.cooperate_rate[n, t] = clock_rules.hazard(eta, 1.0)


@inlined
def _let_third_parties_act(inputs, state):  # type: ignore[no-untyped-def]
    parties, clock, allied = state.third_party, state.clock, inputs.rates.allied
    daily = third.condemn_hazard(clock.severity, inputs.third.condemn_days, 1.0)
    for n in inputs.rates.stances:
        if parties.condemned[n] == NEVER and parties.condemns[n]:
            parties.condemn_summed[n] += daily
            if parties.condemn_summed[n] >= parties.condemn_threshold[n]:
                parties.condemned[n] = clock.day
                log.note(state.log, clock.day, log.STANCE, n, NEVER, 0, clock.day, 0)
    for pair in range(allied.shape[0]):
        n, t = allied[pair, 0], allied[pair, 1]
        if parties.condemned[n] == NEVER:
            parties.cooperate_summed[n, t] += parties.cooperate_rate[n, t]
            if parties.cooperate_summed[n, t] >= parties.cooperate_threshold[n, t]:
                _cooperate(n, t, inputs, state)


@part
def _cooperate(n, t, inputs, state):  # type: ignore[no-untyped-def]
    parties, clock = state.third_party, state.clock
    parties.cooperations[n, t] += 1
    parties.cooperate_summed[n, t] = 0.0
    parties.cooperate_threshold[n, t] = waiting(
        clock.seed, clock.run, COOPERATE, parties.cooperations[n, t], inputs.cells.cooperate[n, t]
    )
    step = inputs.third.cooperation_step
    parties.relation[n, t] = third.relation_after(parties.relation[n, t], step)
    _weigh_cooperation(n, t, inputs, state)
    log.note(state.log, clock.day, log.COOPERATION, n, NEVER, t, clock.day, 0)


@phase
def let_answers_bite(inputs, state):  # type: ignore[no-untyped-def]
    """Work out which answers are in effect against whom."""
    answers, target, day = inputs.answers, state.target, state.clock.day
    if not state.effect.bites[day]:
        return
    for t in range(target.signals.size):
        for c in range(answers.lag.size):
            imposed = _is_imposed(t, c, inputs.script, day)
            times = throttling.parts_in_effect(t, c, inputs, target, day)
            for i in range(target.protests.size):
                since = target.cut_off[t, c, i] if answers.each[c] else target.issued[t, c]
                in_force = since != NEVER and since + answers.lag[c] <= day
                aimed = throttling.is_aimed_at(t, i, inputs, target)
                bites = in_force and (answers.each[c] or answers.domestic[c] or aimed or imposed)
                bites = bites and answers.can_hit[t, c, i]
                if bites * times != state.effect.answered[t, c, i]:
                    state.effect.answered[t, c, i] = bites * times
                    state.effect.cover_is_stale[t, i] = True


@part
def _is_imposed(t, c, scripted, day):  # type: ignore[no-untyped-def]
    """Return whether an answer has been scripted: it bites all, on its list or not."""
    found = False
    if scripted.first[day + 1] == 0:
        return found
    for past in range(day + 1):
        if scripted.first[past] < scripted.first[past + 1]:
            found |= _is_scripted(t, c, codes.ALL, scripted, past)
    return found
