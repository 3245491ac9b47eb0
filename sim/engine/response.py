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
                _weigh_cooperation(pair, inputs, state)
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
        total, n_unlisted = 0.0, 0
        for i in range(n_senders):
            total += target.own_signals[t, i] * inputs.alliance.gdp_share[i]
            n_unlisted += target.has_acted[t, i] and target.listed[t, i] == NEVER
        target.n_unlisted[t] = n_unlisted
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
    target, day = state.target, state.clock.day
    scripted = inputs.script.first[day] < inputs.script.first[day + 1]
    if scripted:
        _carry_out(t, inputs, state)
    if target.provoked[t] > 0.0 and day >= inputs.script.answer_from:
        if _sum_up(t, scripted, inputs, state) > 0:
            _answer(t, inputs, state)
        _single_out(t, scripted, inputs, state)
    listing = inputs.positions.list
    if target.n_unlisted[t] > 0 and listing >= 0 and target.issued[t, listing] != NEVER:
        _list_those_who_acted(t, listing, inputs, state)


@inlined
def _sum_up(t, scripted, inputs, state):  # type: ignore[no-untyped-def]
    """Add the day's hazards of answers to all to their sums; return how many are due."""
    target, rates, day, n_due = state.target, inputs.rates, state.clock.day, 0
    summed, left, threshold = target.summed[t], target.left[t], target.threshold[t]
    provoked = target.provoked[t]
    for c in range(summed.size):
        summed[c] += left[c] * provoked
    for pair in range(rates.first_general[t], rates.first_general[t + 1]):
        c = rates.general[pair, 1]
        is_scripted = scripted and _is_scripted(t, c, codes.ALL, inputs.script, day)
        if inputs.answers.by_part[c] and not is_scripted:
            throttling.add_day(t, c, inputs, state)
    for c in range(summed.size):
        n_due += summed[c] >= threshold[c]
    return n_due


@part
def _answer(t, inputs, state):  # type: ignore[no-untyped-def]
    """Give the answers to all that are due."""
    target = state.target
    for c in range(target.summed.shape[1]):
        if target.summed[t, c] >= target.threshold[t, c]:
            _issue(t, c, inputs, state)


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
    target, n_due = state.target, 0
    looks = scripted or state.clock.day >= target.look_again[t]
    if looks:
        _arm(t, scripted, inputs, state)
    armed, summed, threshold = target.armed, target.single_summed, target.single_threshold
    for pair in range(inputs.rates.first_single[t], inputs.rates.first_single[t + 1]):
        summed[pair] += max(armed[pair], 0.0)
        n_due += summed[pair] >= threshold[pair]
    if looks or n_due > 0:
        _cut_those_due(t, inputs, state)


@part
def _cut_those_due(t, inputs, state):  # type: ignore[no-untyped-def]
    """Note who has refused what was demanded, and answer to those whose time has come."""
    target, singled, day = state.target, inputs.rates.singled, state.clock.day
    for pair in range(inputs.rates.first_single[t], inputs.rates.first_single[t + 1]):
        c, i = singled[pair, 1], singled[pair, 2]
        if target.armed[pair] < 0.0:
            continue
        demand = inputs.answers.trigger_answer[c]
        if demand >= 0 and target.refuses[t, i] and target.refused[t, i] == NEVER:
            target.refused[t, i] = day
            log.note(state.log, day, log.REFUSAL, i, demand, t, day, 0)
        if target.single_summed[pair] >= target.single_threshold[pair]:
            target.armed[pair], target.single_summed[pair] = -1.0, 0.0
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
        target.armed[pair] = -1.0
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
            target.armed[pair] = hazard


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
    state.target.left[t, c] = state.target.summed[t, c] = 0.0
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
            target.n_unlisted[t] -= 1
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
def _weigh_cooperation(pair, inputs, state):  # type: ignore[no-untyped-def]
    """Work out anew how fast a third state draws nearer to a target under pressure."""
    views = inputs.third
    n, t = inputs.rates.allied[pair]
    eta = third.cooperation_log_hazard(
        views.cooperation,
        state.third_party.relation[n, t],
        views.cooperation_relation,
        state.target.signals[t],
        views.cooperation_pressure,
        inputs.third_parties.capability[n, t],
    )
    state.third_party.cooperate_rate[pair] = clock_rules.hazard(eta, 1.0)


@inlined
def _let_third_parties_act(inputs, state):  # type: ignore[no-untyped-def]
    parties, n_due = state.third_party, 0
    if parties.n_silent > 0:
        _condemn(inputs, state)
    summed, threshold = parties.cooperate_summed, parties.cooperate_threshold
    for pair in range(summed.size):
        summed[pair] += parties.cooperate_rate[pair]
        n_due += summed[pair] >= threshold[pair]
    if n_due > 0:
        for pair in range(summed.size):
            if summed[pair] >= threshold[pair]:
                _cooperate(pair, inputs, state)


@part
def _condemn(inputs, state):  # type: ignore[no-untyped-def]
    """Let third states condemn the violation; who has done so draws no nearer to a target."""
    parties, clock, allied = state.third_party, state.clock, inputs.rates.allied
    daily = third.condemn_hazard(clock.severity, inputs.third.condemn_days, 1.0)
    for n in inputs.rates.stances:
        if parties.condemned[n] == NEVER and parties.condemns[n]:
            parties.condemn_summed[n] += daily
            if parties.condemn_summed[n] >= parties.condemn_threshold[n]:
                parties.condemned[n] = clock.day
                parties.n_silent -= 1
                log.note(state.log, clock.day, log.STANCE, n, NEVER, 0, clock.day, 0)
                for pair in range(allied.shape[0]):
                    if allied[pair, 0] == n:
                        parties.cooperate_rate[pair] = 0.0


@part
def _cooperate(pair, inputs, state):  # type: ignore[no-untyped-def]
    parties, clock = state.third_party, state.clock
    n, t = inputs.rates.allied[pair]
    parties.cooperations[n, t] += 1
    parties.cooperate_summed[pair] = 0.0
    parties.cooperate_threshold[pair] = waiting(
        clock.seed, clock.run, COOPERATE, parties.cooperations[n, t], inputs.cells.cooperate[n, t]
    )
    step = inputs.third.cooperation_step
    parties.relation[n, t] = third.relation_after(parties.relation[n, t], step)
    _weigh_cooperation(pair, inputs, state)
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
