"""Lesson 5: the target's answer, and the fear of it."""

from sim.lessons.evidence import draws, first_year, senders
from sim.lessons.exercises import Number, Word, largest, median_of, more_or_less

BASE, CUT = "status_quo", "energy_cutoff"
HELD = "economy.price_response=false"
FEARLESS = "rule.retaliation=0"


def hit_hardest() -> Word:
    """Return the sender whose loss the cut-off raises most, in percent of GDP."""
    more = first_year(CUT) - first_year(BASE)
    return largest({code: more.loc[code].to_numpy() for code in senders()})


def own_cost_at_held_prices() -> Word:
    """Return whether the cut-off raises Russia's own loss where no price answers."""
    return more_or_less(*draws(f"{BASE} {HELD}", f"{CUT} {HELD}", "loss_RUS_first_year"))


def without_fear() -> Number:
    """Return how many more measures a year has where nobody fears an answer, median draw."""
    base, fearless = draws(BASE, FEARLESS, "shared_acts")
    return median_of(fearless - base)
