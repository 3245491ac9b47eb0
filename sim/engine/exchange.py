"""Phase 11: what the step did to the rates of the targets' currencies."""

from __future__ import annotations

from sim.codes import NEVER
from sim.compiled import inlined, part, phase
from sim.economy import currency
from sim.rules import events


@phase
def exchange(inputs, state):  # type: ignore[no-untyped-def]
    """Move the targets' currencies to where foreign exchange clears."""
    for t in range(inputs.targets.size):
        _fear(t, inputs, state)
        _feel_trade(t, inputs, state)
        state.effect.log_rate[t] = _rate(t, inputs, state) - _rate_before(t, inputs)


@part
def _fear(t, inputs, state):  # type: ignore[no-untyped-def]
    """Let precaution jump with the events of the step and fade, and become a run."""
    weights, effect = inputs.currency, state.effect
    newly = max(effect.excluded_now[t] - effect.excluded[t], 0.0)
    effect.excluded[t] = effect.excluded_now[t]
    first = state.clock.day + 1 - inputs.scenario.step_days
    for day in range(first, state.clock.day + 1):
        severity = _severity_of(day, inputs, state.course)
        alarm = currency.alarm(severity, newly if day == first else 0.0, weights.exclusion)
        alarmed = 1.0 - (1.0 - effect.precaution[t]) * (1.0 - alarm)
        effect.sought[t] = currency.sought_after(
            effect.sought[t], alarmed, 1.0, weights.fade_days, weights.run_days
        )
        effect.precaution[t] = currency.precaution_after(alarmed, 0.0, 1.0, weights.fade_days)


@part
def _feel_trade(t, inputs, state):  # type: ignore[no-untyped-def]
    """Let what is lost and earned by trade be felt as contracts are delivered and paid."""
    effect, days = state.effect, float(inputs.scenario.step_days)
    fade, foreign = inputs.currency.delivery_days, inputs.foreign
    lost = effect.unreplaced[t]
    effect.imports_lost[t] = currency.felt_after(effect.imports_lost[t], lost, days, fade)
    by_fuels = by_others = 0.0
    for j in range(foreign.is_fuel.size):
        change = effect.export_bn[t, j] - foreign.exports_bn[t, j]
        if foreign.is_fuel[j]:
            by_fuels += change
        else:
            by_others += change
    effect.fuels_change[t] = currency.felt_after(effect.fuels_change[t], by_fuels, days, fade)
    effect.others_change[t] = currency.felt_after(effect.others_change[t], by_others, days, fade)


@part
def _rate(t, inputs, state):  # type: ignore[no-untyped-def]
    """Return the log rate of the day over that of the base year."""
    weights, effect, positions = inputs.currency, state.effect, inputs.positions
    issued, day = state.target.issued[t], state.clock.day
    controls = 1.0 if _is_issued(issued, positions.controls) else 0.0
    reward = 0.0
    if _is_issued(issued, positions.rate):
        since = max(float(day - issued[positions.rate]), 0.0)
        reward = currency.differential(since, weights.rate_rise, weights.rate_days)
    drivers = currency.Drivers(
        effect.fuels_change[t],
        effect.others_change[t],
        effect.imports_lost[t],
        effect.frozen[t],
        effect.sought[t],
        controls,
        reward,
    )
    return currency.log_rate(drivers, _base(t, inputs), weights)


@part
def _rate_before(t, inputs):  # type: ignore[no-untyped-def]
    """Return the log rate that world prices alone had brought by the first day."""
    foreign = inputs.foreign
    before = foreign.fuels_before_bn[t], foreign.others_before_bn[t]
    drivers = currency.Drivers(before[0], before[1], 0.0, 0.0, 0.0, 0.0, 0.0)
    return currency.log_rate(drivers, _base(t, inputs), inputs.currency)


@part
def _base(t, inputs):  # type: ignore[no-untyped-def]
    """Return the target's foreign exchange in the base year."""
    foreign, fuels = inputs.foreign, 0.0
    for j in range(foreign.is_fuel.size):
        if foreign.is_fuel[j]:
            fuels += foreign.exports_bn[t, j]
    return currency.Base(
        inputs.rates.bought[t],
        inputs.rates.sold[t] - fuels,
        inputs.gdp_bn[inputs.targets[t]],
        foreign.reserves_bn[t],
    )


@inlined
def _severity_of(day, inputs, course):  # type: ignore[no-untyped-def]
    """Return how grave the events of one day were, random ones included."""
    severity = inputs.war.day_severity[day]
    for n in range(course.n_escalations):
        if course.escalations[n] == day:
            severity = events.severity_after(severity, inputs.society.escalation_severity)
    return severity


@inlined
def _is_issued(issued, c):  # type: ignore[no-untyped-def]
    return c >= 0 and issued[c] != NEVER
