"""Phases 1 to 3: who sees what, who meets, and how the pressure to act grows.

What does not change from one day to the next is not worked out again. Where the log hazard is
linear in what does change every day, the day's urgency, the mood at home and the fading pull of
peers, growth is the product of a part that stays and of factors for these; other rules are asked
anew every day.
"""

from __future__ import annotations

import math

from sim import observe
from sim.compiled import inlined, part
from sim.draws import Stream, normal
from sim.rules import clock, terms, withdraw
from sim.rules.decide import expected_utility, hazard, independent, threshold
from sim.rules.terms import Terms

HAZARD, FOLLOW, UTILITY = 0, 1, 2
FRAILTY, PACKAGE, AGENDA = int(Stream.FRAILTY), int(Stream.PACKAGE), int(Stream.AGENDA)
NEGLIGIBLE = 1e-17  # added to 1 it is lost
MODERATE = 4.0


@part
def look(act, day, delay, memory, alliance, council_of, deeds, minds):  # type: ignore[no-untyped-def]
    """Look anew at who is ahead in the waves of an act."""
    observe.peers_of_act(
        act,
        deeds.announced,
        deeds.level[act],
        day,
        delay,
        deeds.met,
        memory,
        alliance.ties,
        alliance.ties_outside,
        council_of,
        alliance.lead_share,
        alliance.fellows,
        minds.seen,
        minds.pull,
        minds.peer,
        minds.fresh,
        minds.lead,
        minds.bloc,
    )
    minds.looked[act] = day
    minds.unseen[act] = False
    minds.stale[act] = True


@inlined
def meet(day, first, last, seats, met):  # type: ignore[no-untyped-def]
    """Hold the day's meetings: those who meet tell each other what they have done."""
    for meeting in range(first, last):
        for i in range(met.shape[0]):
            for j in range(met.shape[1]):
                if seats[meeting, i] and seats[meeting, j]:
                    met[i, j] = day


@part
def agree(day, seed, run, inputs, minds):  # type: ignore[no-untyped-def]
    """Let the tables of a day agree, act by act, on what their governments do about it."""
    spread, n_acts = inputs.numbers.package_sd, minds.live.size
    for act in range(n_acts):
        minds.tabled[act] = n_acts
        if inputs.calendar.has_table[day] and spread > 0.0 and minds.live[act]:
            luck = normal(seed, run, PACKAGE, day, inputs.package_cell[act])
            factor = math.exp(clock.frailty(luck, spread))
            minds.tabled[act] = act
            for decider in range(minds.daily.size):
                minds.lift[act, decider] = factor if inputs.calendar.at_table[day, decider] else 1.0


@part
def log_hazard(rule, weighed, weights):  # type: ignore[no-untyped-def]
    """Return what the chosen rule makes of a decision."""
    if rule == HAZARD:
        return hazard.log_hazard(weighed, weights)
    if rule == FOLLOW:
        return threshold.log_hazard(weighed, weights)
    if rule == UTILITY:
        return expected_utility.log_hazard(weighed, weights)
    return independent.log_hazard(weighed, weights)


@inlined
def has_cause(severity, involvement, settled):  # type: ignore[no-untyped-def]
    """Return whether there is a war whose violation a target takes part in."""
    return severity > 0.0 and involvement > 0.0 and not settled


@part
def weigh(act, day, severity, shock, settled, inputs, deeds, minds, relation):  # type: ignore[no-untyped-def]
    """Work out anew by how much the pressure on an act grows, for every decider."""
    menu, councils, slopes = inputs.menu, inputs.councils, inputs.slopes
    growth, recent, alone = minds.growth[act], minds.recent[act], inputs.deciders.alone
    growth[:] = 0.0
    recent[:] = 0.0
    minds.warm[act] = 0.0
    minds.live[act] = minds.stale[act] = not slopes.linear
    involvement = inputs.war.involvement[menu.aimed_at[act], day]
    if not menu.on_menu[act] or not has_cause(severity, involvement, settled):
        return
    minds.wish[:] = 0.0
    minds.wish_fresh[:] = 0.0
    minds.voices[:] = 0.0
    for i in range(deeds.level.shape[1]):
        if deeds.level[act, i] >= menu.waves[act]:
            continue
        eta = _log_hazard_of(
            i, act, day, involvement, severity, shock, inputs, deeds, minds, relation
        )
        fresh = slopes.recent * minds.fresh[i, act]
        for c in range(minds.wish.size):
            if menu.agenda[c, act] and councils.member[c, i]:
                minds.wish[c] += councils.voice[c, i] * eta
                minds.wish_fresh[c] += councils.voice[c, i] * fresh
                minds.voices[c] += councils.voice[c, i]
        if menu.council_of[i, act] < 0:
            growth[alone[i]] = clock.hazard(eta, 1.0)
            recent[alone[i]] = fresh
    for c in range(minds.wish.size):
        if menu.agenda[c, act] and deeds.passed[c, act] < menu.waves[act]:
            _weigh_council(c, act, day, shock, inputs, deeds, minds)
    for decider in range(inputs.deciders.width[act]):
        minds.warm[act] = max(minds.warm[act], abs(recent[decider]))
        minds.live[act] |= growth[decider] > 0.0


@part
def _log_hazard_of(  # type: ignore[no-untyped-def]
    i, act, day, involvement, severity, shock, inputs, deeds, minds, relation
):
    """Return a sender's log hazard; of a linear rule, what is left at a shock of 0 and so on."""
    menu, target, linear = inputs.menu, inputs.menu.aimed_at[act], inputs.slopes.linear
    weighed = Terms(
        menu.effect[i, act] + (0.0 if linear else menu.pace[act] * shock),
        severity,
        involvement,
        terms.restraint(severity, menu.targeted[act]),
        0.0 if linear else shock,
        0.0 if linear else inputs.calendar.lately[day, i],
        minds.peer[i, act],
        0.0 if linear else minds.fresh[i, act],
        minds.lead[i, act],
        minds.bloc[i, act],
        inputs.frontline[i],
        menu.cost[i, act],
        menu.energy_cost[i, act],
        menu.retaliation[i, act],
        menu.linkage[i, act],
        0.0 if linear else minds.mood[i] - 0.5,
        terms.valued(relation[inputs.senders[i], target]),
        1.0 if deeds.level[act, i] > 0 else 0.0,
        minds.damage[i, act],
        minds.peer_threshold[i],
    )
    return log_hazard(inputs.numbers.rule, weighed, inputs.weights)


@part
def _weigh_council(c, act, day, shock, inputs, deeds, minds):  # type: ignore[no-untyped-def]
    """Let a council want the mean of what its members want who still have a wave to take."""
    councils, slopes, voices = inputs.councils, inputs.slopes, minds.voices[c]
    decider, n_senders = inputs.deciders.council[c], deeds.level.shape[1]
    if voices == 0.0:
        return
    wish, all_voices = minds.wish[c], 0.0
    for i in range(n_senders):
        all_voices += councils.voice[c, i]
    if voices < all_voices - 1e-12:
        if slopes.linear:
            # The day's factor is that of all members: put in that of those who want instead.
            for i in range(n_senders):
                of_day = slopes.shock * shock + slopes.support * (minds.mood[i] - 0.5)
                of_day += slopes.meeting * inputs.calendar.lately[day, i]
                ours = councils.voice[c, i] * of_day
                if deeds.level[act, i] < inputs.menu.waves[act] and councils.member[c, i]:
                    wish += ours
                wish -= voices * ours
        wish /= voices
        minds.stale[act] = True
    minds.growth[act, decider] = clock.hazard(wish, 1.0)
    minds.recent[act, decider] = minds.wish_fresh[c] / voices


@inlined
def common_of(day, seed, run, numbers):  # type: ignore[no-untyped-def]
    """Return what all log hazards of adopting have in common on a day."""
    common = numbers.weekend * clock.weekend(day, numbers.first_weekday)
    if numbers.frailty_sd > 0.0:
        common += clock.frailty(normal(seed, run, FRAILTY, day, 0), numbers.frailty_sd)
    return common


@inlined
def weigh_day(day, seed, run, shock, common, inputs, minds):  # type: ignore[no-untyped-def]
    """Work out the day's factor on all growth, for every decider.

    `common` is what all log hazards of the day share, whatever the rule.
    """
    slopes, deciders, voice = inputs.slopes, inputs.deciders, inputs.councils.voice
    mood, daily, lately = minds.mood, minds.daily, inputs.calendar.lately
    daily[:] = common
    if slopes.linear:
        for i in range(mood.size):
            of_day = slopes.shock * shock + slopes.support * (mood[i] - 0.5)
            of_day += slopes.meeting * lately[day, i]
            daily[deciders.alone[i]] += of_day
            for c in range(voice.shape[0]):
                daily[deciders.council[c]] += voice[c, i] * of_day
    spread = inputs.numbers.agenda_sd
    for decider in range(daily.size):
        if spread > 0.0 and not inputs.calendar.at_table[day, decider]:
            luck = normal(seed, run, AGENDA, day, deciders.cell[decider])
            daily[decider] += clock.frailty(luck, spread)
        daily[decider] = math.exp(daily[decider])


@inlined
def grow(day, shock, inputs, minds):  # type: ignore[no-untyped-def]
    """Let every pressure grow by a day; return whether one is ripe."""
    ripe, fade, width = False, inputs.calendar.fade, inputs.deciders.width
    for act in range(minds.live.size):
        minds.ripe[act] = False
        if not minds.live[act]:
            continue
        faded = fade[day - minds.looked[act]]
        paced = math.exp(inputs.menu.pace[act] * shock) if inputs.slopes.linear else 1.0
        pull = minds.warm[act] * faded
        if pull < NEGLIGIBLE:
            n_ripe = _grow_cold(act, paced, width[act], minds)
        elif pull < MODERATE:
            n_ripe = _grow_warm(act, paced, faded, width[act], minds)
        else:
            n_ripe = _grow_hot(act, paced, faded, width[act], minds)
        minds.ripe[act] = n_ripe > 0
        ripe |= n_ripe > 0
    return ripe


@inlined
def _grow_cold(act, paced, width, minds):  # type: ignore[no-untyped-def]
    """Let pressures grow whose peers acted long ago; return how many are ripe."""
    growth, lift, daily = minds.growth[act], minds.lift[minds.tabled[act]], minds.daily
    pressure, due, n_ripe = minds.pressure[act], minds.due[act], 0
    for decider in range(width):
        pressure[decider] += paced * daily[decider] * growth[decider] * lift[decider]
        n_ripe += (growth[decider] > 0.0) & (pressure[decider] >= due[decider])
    return n_ripe


@inlined
def _grow_warm(act, paced, faded, width, minds):  # type: ignore[no-untyped-def]
    """Let pressures grow on which acts of peers bear; return how many are ripe.

    The exponential is spelt out, exp(x) = exp(x / 64)^64, right to 1e-14, because then a vector of
    deciders takes as long as one.
    """
    growth, lift, daily = minds.growth[act], minds.lift[minds.tabled[act]], minds.daily
    pressure, due, n_ripe = minds.pressure[act], minds.due[act], 0
    recent = minds.recent[act]
    for decider in range(width):
        x = recent[decider] * faded * (1.0 / 64.0)
        tail = 1 / 24 + x * (1 / 120 + x * (1 / 720 + x * (1 / 5040)))
        pull = 1.0 + x * (1.0 + x * (1 / 2 + x * (1 / 6 + x * tail)))
        for _ in range(6):
            pull *= pull
        pressure[decider] += paced * daily[decider] * growth[decider] * lift[decider] * pull
        n_ripe += (growth[decider] > 0.0) & (pressure[decider] >= due[decider])
    return n_ripe


@part
def _grow_hot(act, paced, faded, width, minds):  # type: ignore[no-untyped-def]
    """Let pressures grow under a pull beyond all that is usual; return how many are ripe."""
    growth, lift, daily = minds.growth[act], minds.lift[minds.tabled[act]], minds.daily
    pressure, due, n_ripe = minds.pressure[act], minds.due[act], 0
    recent = minds.recent[act]
    for decider in range(width):
        pull = math.exp(recent[decider] * faded)
        pressure[decider] += paced * daily[decider] * growth[decider] * lift[decider] * pull
        n_ripe += (growth[decider] > 0.0) & (pressure[decider] >= due[decider])
    return n_ripe


@inlined
def is_ripe(act, decider, minds):  # type: ignore[no-untyped-def]
    """Return whether a decision is due that there is something left to decide on."""
    return (
        minds.pressure[act, decider] >= minds.due[act, decider] and minds.growth[act, decider] > 0.0
    )


@inlined
def doubt(inputs, settled, minds):  # type: ignore[no-untyped-def]
    """Let the doubt about measures in force grow by a day; return whether one is given up."""
    numbers, held, mood = inputs.numbers, inputs.alliance.held, minds.mood
    gives_up = False
    for i in range(mood.size):
        if settled:
            minds.doubt[i] += withdraw.easing(numbers.easing_days, 1.0, 1.0)
        else:
            minds.doubt[i] += withdraw.backsliding(numbers.backslide, held[i], mood[i], 1.0, 1.0)
        gives_up |= minds.doubt[i] >= minds.next_doubted[i]
    return gives_up
