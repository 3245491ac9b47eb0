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
from sim.ensemble.state import NOBODY
from sim.rules import clock, consult, terms, withdraw
from sim.rules.decide import expected_utility, hazard, independent, threshold
from sim.rules.terms import Terms

HAZARD, FOLLOW, UTILITY = 0, 1, 2
FRAILTY = int(Stream.FRAILTY)
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
def clear_tables(minds):  # type: ignore[no-untyped-def]
    """Take off the tables what lay there yesterday."""
    for act in range(minds.tabled.size):
        minds.tabled[act] = minds.tabled.size


@part
def meet(day, inputs, deeds, minds):  # type: ignore[no-untyped-def]
    """Hold the day's meetings: what one participant drafts lies on the table of all."""
    calendar = inputs.calendar
    first, last = calendar.first_meeting[day], calendar.first_meeting[day + 1]
    meetings = calendar.meetings[first:last]
    if inputs.numbers.consultation_delay > 0:
        for meeting in meetings:
            _tell(day, inputs.alliance.forum[meeting], deeds.met)
    for act in range(minds.live.size):
        if not minds.live[act]:
            continue
        drafting = _drafting(act, inputs.deciders, inputs.numbers.draft_share, minds)
        seen = _tables(drafting, deeds.at[act], inputs.menu.waves[act], meetings, calendar.seats)
        if seen != NOBODY:
            minds.tabled[act] = act
            if seen != minds.shown[act]:
                _show(act, seen, inputs, deeds.at[act], minds)


@inlined
def _drafting(act, deciders, share, minds):  # type: ignore[no-untyped-def]
    """Return for whom a draft of the next wave is made, by themselves or by their council."""
    pressure, due, decides_for = minds.pressure[act], minds.due[act], deciders.decides_for[act]
    drafting = NOBODY
    for decider in range(deciders.width[act]):
        drafts = consult.drafted(pressure[decider], due[decider], share)
        drafting |= decides_for[decider] if drafts else NOBODY
    return drafting


@inlined
def _tables(drafting, at, last_wave, meetings, seats):  # type: ignore[no-untyped-def]
    """Return on whose table the act lies: somebody at a meeting of theirs is ahead of them."""
    ahead, seen = NOBODY, NOBODY
    for wave in range(last_wave - 1, -1, -1):
        ahead |= at[wave + 1]
        drafted = ahead | (at[wave] & drafting)
        for meeting in meetings:
            if drafted & seats[meeting]:
                seen |= at[wave] & seats[meeting]
    return seen


@part
def _show(act, seen, inputs, at, minds):  # type: ignore[no-untyped-def]
    """Put the act on tables, and work out by which factor that makes pressure grow."""
    lift, slopes, deciders = minds.lift[act], inputs.slopes, inputs.deciders
    for decider in range(deciders.width[act]):
        lift[decider] = slopes.lift if deciders.decides_for[act, decider] & seen else 1.0
    for c in range(inputs.councils.blocking.size):
        waiting = deciders.decides_for[act, deciders.council[c]] & ~at[inputs.menu.waves[act]]
        if waiting & seen and waiting & ~seen:
            share = _voices(seen & waiting, inputs.councils.voice[c])
            share /= _voices(waiting, inputs.councils.voice[c])
            lift[deciders.council[c]] = math.exp(slopes.joint * share)
    if not slopes.linear:
        for i in range(minds.mood.size):
            minds.table[act, i] = 1.0 if seen & (1 << i) else 0.0
    minds.shown[act] = seen


@part
def _voices(members, voice):  # type: ignore[no-untyped-def]
    total = 0.0
    for i in range(voice.size):
        if members & (1 << i):
            total += voice[i]
    return total


@part
def _tell(day, seats, met):  # type: ignore[no-untyped-def]
    for i in range(seats.size):
        for j in range(seats.size):
            if seats[i] and seats[j]:
                met[i, j] = day


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
        eta = _log_hazard_of(i, act, involvement, severity, shock, inputs, deeds, minds, relation)
        body, fresh = menu.council_of[i, act], slopes.recent * minds.fresh[i, act]
        if body >= 0:
            minds.wish[body] += councils.voice[body, i] * eta
            minds.wish_fresh[body] += councils.voice[body, i] * fresh
            minds.voices[body] += councils.voice[body, i]
        else:
            growth[alone[i]] = clock.hazard(eta, 1.0)
            recent[alone[i]] = fresh
    for c in range(minds.wish.size):
        if councils.agenda[c, act] and deeds.passed[c, act] < menu.waves[act]:
            _weigh_council(c, act, day, shock, inputs, deeds, minds)
    for decider in range(inputs.deciders.width[act]):
        minds.warm[act] = max(minds.warm[act], abs(recent[decider]))
        minds.live[act] |= growth[decider] > 0.0


@part
def _log_hazard_of(i, act, involvement, severity, shock, inputs, deeds, minds, relation):  # type: ignore[no-untyped-def]
    """Return a sender's log hazard; of a linear rule, what is left at a shock of 0 and so on."""
    menu, target, linear = inputs.menu, inputs.menu.aimed_at[act], inputs.slopes.linear
    weighed = Terms(
        menu.readiness[i, act],
        terms.norm(severity, inputs.democracy[i], involvement),
        0.0 if linear else shock,
        minds.peer[i, act],
        0.0 if linear else minds.fresh[i, act],
        0.0 if linear else minds.table[minds.tabled[act], i],
        minds.lead[i, act],
        minds.bloc[i, act],
        inputs.frontline[i],
        menu.cost[i, act],
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
                mood = slopes.support * (minds.mood[i] - 0.5)
                ours = councils.voice[c, i] * (slopes.shock * shock + mood)
                is_open = deeds.level[act, i] < inputs.menu.waves[act]
                if is_open and inputs.menu.council_of[i, act] == c:
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
def weigh_day(shock, common, slopes, voice, deciders, minds):  # type: ignore[no-untyped-def]
    """Work out the day's factor on all growth, for every decider.

    `common` is what all log hazards of the day share, whatever the rule.
    """
    if not slopes.linear:
        minds.daily[:] = math.exp(common)
        return
    mood, daily = minds.mood, minds.daily
    for i in range(mood.size):
        eta = common + slopes.shock * shock + slopes.support * (mood[i] - 0.5)
        daily[deciders.alone[i]] = math.exp(eta)
    for c in range(voice.shape[0]):
        eta = common
        for i in range(mood.size):
            eta += voice[c, i] * (slopes.shock * shock + slopes.support * (mood[i] - 0.5))
        daily[deciders.council[c]] = math.exp(eta)


@inlined
def grow(day, fade, width, minds):  # type: ignore[no-untyped-def]
    """Let every pressure grow by a day; return whether one is ripe."""
    ripe = False
    for act in range(minds.live.size):
        minds.ripe[act] = False
        if not minds.live[act]:
            continue
        faded = fade[day - minds.looked[act]]
        pull = minds.warm[act] * faded
        if pull < NEGLIGIBLE:
            n_ripe = _grow_cold(act, width[act], minds)
        elif pull < MODERATE:
            n_ripe = _grow_warm(act, faded, width[act], minds)
        else:
            n_ripe = _grow_hot(act, faded, width[act], minds)
        minds.ripe[act] = n_ripe > 0
        ripe |= n_ripe > 0
    return ripe


@inlined
def _grow_cold(act, width, minds):  # type: ignore[no-untyped-def]
    """Let pressures grow whose peers acted long ago; return how many are ripe."""
    growth, lift, daily = minds.growth[act], minds.lift[minds.tabled[act]], minds.daily
    pressure, due, n_ripe = minds.pressure[act], minds.due[act], 0
    for decider in range(width):
        pressure[decider] += daily[decider] * growth[decider] * lift[decider]
        n_ripe += (growth[decider] > 0.0) & (pressure[decider] >= due[decider])
    return n_ripe


@inlined
def _grow_warm(act, faded, width, minds):  # type: ignore[no-untyped-def]
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
        pressure[decider] += daily[decider] * growth[decider] * lift[decider] * pull
        n_ripe += (growth[decider] > 0.0) & (pressure[decider] >= due[decider])
    return n_ripe


@part
def _grow_hot(act, faded, width, minds):  # type: ignore[no-untyped-def]
    """Let pressures grow under a pull beyond all that is usual; return how many are ripe."""
    growth, lift, daily = minds.growth[act], minds.lift[minds.tabled[act]], minds.daily
    pressure, due, n_ripe = minds.pressure[act], minds.due[act], 0
    recent = minds.recent[act]
    for decider in range(width):
        pull = math.exp(recent[decider] * faded)
        pressure[decider] += daily[decider] * growth[decider] * lift[decider] * pull
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
