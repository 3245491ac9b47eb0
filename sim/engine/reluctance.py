"""Phase 7: what firms and banks hold back beyond the letter of the measures.

The stocks move from news to news and to the end of each step, so that the length of a step drops
out: `effect.felt_until` is the point in time, in days at their start, up to which they are known.
"""

from __future__ import annotations

from sim.codes import EXPORTS, NEVER
from sim.compiled import inlined, part, phase
from sim.rules import reluctance as rules


@phase
def hold_back(inputs, state):  # type: ignore[no-untyped-def]
    """Hold back trade that nobody has banned."""
    effect, day, numbers = state.effect, state.clock.day, inputs.reluctance
    if effect.starts[day] or effect.bites[day]:
        if effect.starts[day]:
            for i in range(inputs.senders.size):
                if effect.starts_of[day, i]:
                    _look_at(i, inputs, effect)
        for t in range(inputs.targets.size):
            _pass_time(t, float(day - effect.felt_until), numbers, effect)
            _take_news(t, inputs, state)
        effect.felt_until = day
    if (day + 1) % inputs.scenario.step_days == 0:
        for t in range(inputs.targets.size):
            _pass_time(t, float(day + 1 - effect.felt_until), numbers, effect)
            _write(t, numbers, effect)
        effect.felt_until = day + 1


@inlined
def _pass_time(t, days, numbers, effect):  # type: ignore[no-untyped-def]
    """Let the stocks of a target go on for some days without news."""
    effect.payment_risk[t] = rules.risk_after(effect.payment_risk[t], days, numbers.risk_days)
    effect.reputation[t] = rules.reputation_after(
        effect.reputation[t],
        effect.pressure[t],
        days,
        numbers.exit_days,
        numbers.return_days,
    )


@part
def _look_at(i, inputs, effect):  # type: ignore[no-untyped-def]
    """Work out how public a sender's measures are, and which share of banks they hit.

    Of one sender's measures the widest counts, for they hit the same banks.
    """
    menu, level, numbers = inputs.menu, effect.in_effect[i], inputs.reluctance
    for t in range(inputs.targets.size):
        effect.publicity[t, i] = effect.banks_of[t, i] = effect.banks_cut[t, i] = 0.0
    for act in range(level.size):
        if level[act] > 0:
            t, hit = menu.aimed_at[act], menu.hit_share[act, level[act]]
            effect.banks_of[t, i] = max(effect.banks_of[t, i], hit)
            if menu.excludes[act]:
                effect.banks_cut[t, i] = max(effect.banks_cut[t, i], hit)
            if menu.beyond_words[act]:
                effect.publicity[t, i] += menu.signal[act] * level[act] / menu.waves[act]
    for t in range(inputs.targets.size):
        publicity = rules.publicity(effect.publicity[t, i], numbers.full_signals)
        effect.publicity[t, i] = publicity
        reluctance = rules.of_sender(publicity, numbers.third)
        if reluctance != effect.reluctance[t, i]:
            effect.reluctance[t, i] = reluctance
            effect.cover_is_stale[t, i] = True  # what its firms may hold back is worked out with it


@part
def _take_news(t, inputs, state):  # type: ignore[no-untyped-def]
    """Let what takes effect today raise payment risk and the pressure on firms.

    Senders count by GDP, beside all senders of the world, in what they keep from their own banks as
    in what they say; an exclusion from SWIFT keeps the target's banks from all.
    """
    effect, numbers, weight = state.effect, inputs.reluctance, inputs.weight
    pressure, share, everybody = 0.0, 0.0, 0.0
    for i in range(weight.size):
        pressure += weight[i] * effect.publicity[t, i]
        share += weight[i] * effect.banks_of[t, i]
        everybody = max(everybody, effect.banks_cut[t, i])
    banks = max(share, everybody)
    # Who is not cut off pays as before: controls frighten as far as senders act.
    controls = pressure * _controls(t, inputs, state.target.issued, state.clock.day)
    jump = rules.alarm(
        max(banks - effect.banks_hit[t], 0.0),
        max(controls - effect.controls[t], 0.0),
        numbers.controls,
    )
    effect.payment_risk[t] = rules.jumped(effect.payment_risk[t], jump)
    effect.pressure[t], effect.banks_hit[t] = pressure, banks
    effect.controls[t] = max(effect.controls[t], controls)


@inlined
def _controls(t, inputs, issued, day):  # type: ignore[no-untyped-def]
    """Return 1 where a target's capital controls are in force, else 0."""
    c = inputs.positions.controls
    if c < 0 or issued[t, c] == NEVER:
        return 0.0
    return 1.0 if issued[t, c] + inputs.answers.lag[c] <= day else 0.0


@inlined
def _write(t, numbers, effect):  # type: ignore[no-untyped-def]
    """Write what is held back of a target's imports and exports.

    Who waits for the money bears the risk that it does not come (Schmidt-Eisenlohr 2013, Journal
    of International Economics 91): sellers to the target, in sender and third states alike, and
    much less those who buy from it.
    """
    for way in range(2):
        risk = effect.payment_risk[t]
        if way == EXPORTS:
            risk *= numbers.export_risk
        effect.withheld[t, way] = rules.withheld(
            risk, numbers.payment_risk, effect.reputation[t], numbers.reputation
        )
        effect.withheld_third[t, way] = numbers.third * numbers.payment_risk * risk
