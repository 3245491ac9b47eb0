"""What the tests of behaviour look at in a run."""

from __future__ import annotations

from datetime import date

from sim.config import Rule

START = date(2022, 2, 21)
INVASION = 3  # 24 February
# Nobody acts, answers or takes a stance by chance.
CALM = {
    "rule": Rule(intercept=-25.0),
    "response__intercept": -30.0,
    "third__condemn": -30.0,
}


def day(month, of_month, year=2022):
    """Return the day of a run on which a date falls."""
    return (date(year, month, of_month) - START).days


def day_of(model, sender, instrument, target="RUS", wave=1):
    """Return the day on which a sender announced a wave of an act, -1 for never."""
    act = model.setting.find_act(instrument, target)
    return int(model.announced[model.state(sender).seat, act, wave - 1])


def rows(model, **facts):
    """Return the recorded events that have these values."""
    return [
        row for row in model.records.events if all(row[key] == fact for key, fact in facts.items())
    ]


def take(model, sender, instrument, target="RUS", waves=1):
    """Let a sender announce the next waves of an act today, without a decision."""
    act = model.setting.find_act(instrument, target)
    for _ in range(waves):
        model.announce(model.state(sender), act)
        model.record_wave(sender, model.state(sender), act)
    return act


def steps(model, number):
    """Let a number of steps pass."""
    for _ in range(number):
        model.step()
    return model
