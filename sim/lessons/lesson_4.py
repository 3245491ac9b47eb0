"""Lesson 4: trade that finds another way, and what can be done about it."""

from sim.lessons.evidence import carried, draws, third_states
from sim.lessons.exercises import Number, Word, largest, mean_of

BASE, CLOSED = "status_quo", "no_diversion"
STOPS = {
    "enforcement": "evasion.enforcement=0.6",
    "the threat": "coordination.secondary_sanctions=0.6",
}
AS_IT_WAS = 0.05  # a change of less than this share of what hubs buy


def made_good() -> Number:
    """Return how many points of Russia's loss diversion makes good."""
    base, closed = draws(BASE, CLOSED, "loss_RUS_first_year")
    return mean_of(closed - base)


def largest_carrier() -> Word:
    """Return the third state that carries most covered trade on the last day."""
    trade = carried(BASE)
    return largest({code: trade.loc[code].to_numpy() for code in third_states()})


def leaves_purchases() -> Word:
    """Return which of two ways to close the leak leaves what hubs buy as it was."""
    left = []
    for name, setting in STOPS.items():
        base, stopped = draws(BASE, setting, "hub_purchases_bn")
        if abs(stopped.mean() / base.mean() - 1.0) < AS_IT_WAS:
            left.append(name)
    return Word("both" if len(left) == 2 else left[0] if left else "neither")
