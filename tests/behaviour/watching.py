"""What the tests of behaviour look at in a run."""

from __future__ import annotations

from datetime import date

import numpy as np

from sim.codes import ALL, ANNOUNCE
from sim.config import Rule
from sim.engine.deciders import deciders_of

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
    """Return the dated acts that have these values, as dictionaries."""
    table = model.events()
    for column, fact in facts.items():
        table = table[table[column] == fact]
    return table.to_dict("records")


def take(model, sender, instrument, target="RUS", waves=1):
    """Let a sender announce the next waves of an act on the coming day, its council or not."""
    act, seat = model.setting.find_act(instrument, target), model.state(sender).seat
    for _ in range(waves):
        model.engine.carry_out((model.day + 1, ANNOUNCE, seat, act, ALL))
    return act


def steps(model, number):
    """Let a number of steps pass."""
    for _ in range(number):
        model.step()
    return model


def border(model):
    """Return what the closed border alone costs every state today, in percent, (n_states,)."""
    fresh, mature = model.setting.closure
    old = model.engine.state.effect.closure
    return (1.0 - old) * fresh + old * mature


def decider_of(model, code):
    """Return the number of a sender or a council among the deciders."""
    deciders, councils = deciders_of(model.setting), [body.code for body in model.councils]
    if code in councils:
        return int(deciders.council[councils.index(code)])
    return int(deciders.alone[model.state(code).seat])


def keep_still(model):
    """Let nobody decide on anything from now on, however high the hazards."""
    model.engine.state.decision.threshold[:] = np.inf
    return model


def pressure(model, days=1):
    """Let days pass on which nobody decides; return the summed hazards, (n_acts, n_deciders)."""
    keep_still(model).advance(days)
    return summed(model)


def summed(model):
    """Return the hazards summed up to today, (n_acts, n_deciders); another day passes."""
    decision = model.engine.state.decision
    decision.is_stale[:] = True  # or the engine puts off summing up until something may be due
    model.advance(1)
    return decision.summed.copy()
