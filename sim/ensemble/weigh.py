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
        if minds.tabled[act]:
            minds.table[act] = 0.0
            minds.lift[act] = 1.0
            minds.tabled[act] = False


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
        if minds.live[act]:
            _draft(act, inputs, deeds.level[act], minds)
            table = _tables(inputs.menu.waves[act], meetings, calendar.seats, minds)
            if table != 0:
                _put_on_table(act, table, inputs, deeds.level[act], minds)


@inlined
def _draft(act, inputs, level, minds):  # type: ignore[no-untyped-def]
    """Note who has announced how many waves of an act, and who has or drafts at least so many."""
    last_wave, share = inputs.menu.waves[act], inputs.numbers.draft_share
    decider_of, pressure, due = inputs.rates.decider_of[act], minds.pressure[act], minds.due[act]
    behind, ahead = minds.behind, minds.ahead
    for wave in range(last_wave + 1):
        behind[wave] = ahead[wave] = 0
    for i in range(level.size):
        own, decider = level[i], decider_of[i]
        drafts = own < last_wave and consult.drafted(pressure[decider], due[decider], share)
        behind[own] |= 1 << i
        ahead[own + drafts] |= 1 << i
    for wave in range(last_wave - 1, 0, -1):
        ahead[wave] |= ahead[wave + 1]


@inlined
def _tables(last_wave, meetings, seats, minds):  # type: ignore[no-untyped-def]
    """Return on whose table the act lies: somebody at a meeting of theirs is ahead of them."""
    table = 0
    for meeting in meetings:
        for wave in range(last_wave):
            if minds.ahead[wave + 1] & seats[meeting]:
                table |= minds.behind[wave] & seats[meeting]
    return table


@inlined
def _put_on_table(act, table, inputs, level, minds):  # type: ignore[no-untyped-def]
    minds.tabled[act] = True
    for i in range(level.size):
        if table & (1 << i):
            minds.table[act, i] = 1.0
    _lift(act, inputs, level, minds)


@part
def _lift(act, inputs, level, minds):  # type: ignore[no-untyped-def]
    """Work out by which factor what lies on the table makes pressure grow."""
    voice, table, lift = inputs.councils.voice, minds.table[act], minds.lift[act]
    n_councils, n_senders = voice.shape
    for i in range(n_senders):
        if inputs.menu.council_of[i, act] < 0 and table[i] > 0.0:
            lift[i] = inputs.slopes.lift
    for c in range(n_councils):
        tabled, voices = 0.0, 0.0
        for i in range(n_senders):
            if level[i] < inputs.menu.waves[act] and inputs.menu.council_of[i, act] == c:
                tabled += voice[c, i] * table[i]
                voices += voice[c, i]
        if voices > 0.0:
            table[n_senders + c] = tabled / voices
            lift[n_senders + c] = math.exp(inputs.slopes.joint * table[n_senders + c])


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
    growth, recent = minds.growth[act], minds.recent[act]
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
            growth[i] = clock.hazard(eta, 1.0)
            recent[i] = fresh
    for c in range(minds.wish.size):
        if councils.agenda[c, act] and deeds.passed[c, act] < menu.waves[act]:
            _weigh_council(c, act, day, shock, inputs, deeds, minds)
    for decider in range(recent.size):
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
        0.0 if linear else minds.table[act, i],
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
    decider, n_senders = deeds.level.shape[1] + c, deeds.level.shape[1]
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
def weigh_day(shock, common, slopes, voice, minds):  # type: ignore[no-untyped-def]
    """Work out the day's factor on all growth, for every decider.

    `common` is what all log hazards of the day share, whatever the rule.
    """
    if not slopes.linear:
        minds.daily[:] = math.exp(common)
        return
    mood, daily, n_senders = minds.mood, minds.daily, minds.mood.size
    for i in range(n_senders):
        daily[i] = math.exp(common + slopes.shock * shock + slopes.support * (mood[i] - 0.5))
    for c in range(voice.shape[0]):
        eta = common
        for i in range(n_senders):
            eta += voice[c, i] * (slopes.shock * shock + slopes.support * (mood[i] - 0.5))
        daily[n_senders + c] = math.exp(eta)


@inlined
def grow(day, calendar, minds):  # type: ignore[no-untyped-def]
    """Let every pressure grow by a day; return whether one is ripe."""
    ripe = False
    for act in range(minds.live.size):
        minds.ripe[act] = False
        if not minds.live[act]:
            continue
        faded = calendar.fade[day - minds.looked[act]]
        pull = minds.warm[act] * faded
        if pull < NEGLIGIBLE:
            _grow_cold(act, minds)
        elif pull < MODERATE:
            _grow_warm(act, faded, minds)
        else:
            _grow_hot(act, faded, minds)
        minds.ripe[act] = _is_any_ripe(act, minds)
        ripe |= minds.ripe[act]
    return ripe


@inlined
def _grow_cold(act, minds):  # type: ignore[no-untyped-def]
    """Let pressures grow whose peers acted long ago."""
    growth, lift, daily = minds.growth[act], minds.lift[act], minds.daily
    pressure = minds.pressure[act]
    for decider in range(growth.size):
        pressure[decider] += daily[decider] * growth[decider] * lift[decider]


@inlined
def _grow_warm(act, faded, minds):  # type: ignore[no-untyped-def]
    """Let pressures grow on which acts of peers bear.

    The exponential is spelt out, exp(x) = exp(x / 64)^64, right to 1e-14, because then a vector of
    deciders takes as long as one.
    """
    growth, recent, lift = minds.growth[act], minds.recent[act], minds.lift[act]
    pressure, daily = minds.pressure[act], minds.daily
    for decider in range(growth.size):
        x = recent[decider] * faded * (1.0 / 64.0)
        tail = 1 / 24 + x * (1 / 120 + x * (1 / 720 + x * (1 / 5040)))
        pull = 1.0 + x * (1.0 + x * (1 / 2 + x * (1 / 6 + x * tail)))
        for _ in range(6):
            pull *= pull
        pressure[decider] += daily[decider] * growth[decider] * lift[decider] * pull


@part
def _grow_hot(act, faded, minds):  # type: ignore[no-untyped-def]
    """Let pressures grow under a pull beyond all that is usual."""
    growth, recent, lift = minds.growth[act], minds.recent[act], minds.lift[act]
    for decider in range(growth.size):
        pull = math.exp(recent[decider] * faded)
        minds.pressure[act, decider] += (
            minds.daily[decider] * growth[decider] * lift[decider] * pull
        )


@inlined
def _is_any_ripe(act, minds):  # type: ignore[no-untyped-def]
    growth, pressure, due, n_ripe = minds.growth[act], minds.pressure[act], minds.due[act], 0
    for decider in range(growth.size):
        n_ripe += (growth[decider] > 0.0) & (pressure[decider] >= due[decider])
    return n_ripe > 0


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
