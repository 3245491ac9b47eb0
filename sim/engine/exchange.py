"""What the step did to the rates of the targets' currencies."""

from __future__ import annotations

from sim.codes import NEVER
from sim.compiled import inlined, part, phase
from sim.economy import currency
from sim.rules import events


@phase
def exchange(inputs, state):  # type: ignore[no-untyped-def]
    """Move the targets' currencies."""
    for t in range(inputs.targets.size):
        _move_currency(t, inputs, state)


@part
def _move_currency(t, inputs, state):  # type: ignore[no-untyped-def]
    """Let a target's currency follow the step: who lost what trade, reserves and nerve."""
    weights, effect, issued = inputs.currency, state.effect, state.target.issued
    kept, positions = 1.0 - effect.leak[t], inputs.positions
    imports = effect.cut[t, 0] * kept / inputs.rates.bought[t]
    exports = effect.cut[t, 1] * kept / inputs.rates.sold[t]
    newly = max(effect.excluded_now[t] - effect.excluded[t], 0.0)
    effect.excluded[t] = effect.excluded_now[t]
    first = state.clock.day + 1 - inputs.scenario.step_days
    for day in range(first, state.clock.day + 1):
        severity = _severity_of(day, inputs, state.course)
        alarm = currency.alarm(severity, newly if day == first else 0.0, weights.exclusion)
        effect.precaution[t] = currency.precaution_after(
            effect.precaution[t], alarm, 1.0, weights.fade_days
        )
        effect.imports_lost[t] = currency.felt_after(
            effect.imports_lost[t], imports, 1.0, weights.delivery_days
        )
        effect.exports_lost[t] = currency.felt_after(
            effect.exports_lost[t], exports, 1.0, weights.delivery_days
        )
    controls = _is_issued(issued, t, positions.controls)
    rate, rubles = _is_issued(issued, t, positions.rate), _is_issued(issued, t, positions.rubles)
    drivers = currency.Drivers(
        effect.exports_lost[t],
        effect.frozen[t],
        effect.precaution[t],
        effect.imports_lost[t],
        currency.repression(controls, controls, rate, rubles),
    )
    effect.log_rate[t] = currency.log_rate(drivers, weights)


@inlined
def _severity_of(day, inputs, course):  # type: ignore[no-untyped-def]
    """Return how grave the events of one day were, random ones included."""
    severity = inputs.war.day_severity[day]
    for n in range(course.n_escalations):
        if course.escalations[n] == day:
            severity = events.severity_after(severity, inputs.society.escalation_severity)
    return severity


@inlined
def _is_issued(issued, t, c):  # type: ignore[no-untyped-def]
    return 1.0 if c >= 0 and issued[t, c] != NEVER else 0.0
