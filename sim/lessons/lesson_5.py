"""Lesson 5: the target's answer, and the fear of it."""

from __future__ import annotations

from sim.lessons.evidence import compared, draws, first_year, senders
from sim.lessons.exercises import (
    MORE_LESS,
    Exercise,
    Lesson,
    Number,
    Word,
    largest,
    mean_of,
    more_or_less,
    words,
)

BASE, CUT = "status_quo", "energy_cutoff"
HELD = "economy.price_response=false"
FEARLESS = "rule.retaliation=0"


def hit_hardest() -> Word:
    """Return the sender whose loss the cut-off raises most, in percent of GDP."""
    more = first_year(CUT) - first_year(BASE)
    return largest({code: more.loc[code].to_numpy() for code in senders()})


def own_cost_at_held_prices() -> Word:
    """Return whether the cut-off raises Russia's own loss where no price answers."""
    return more_or_less(*draws(compared(f"{BASE} {HELD}", f"{CUT} {HELD}"), "loss_RUS_first_year"))


def without_fear() -> Number:
    """Return how many more measures are taken within a year where nobody fears an answer."""
    base, fearless = draws(compared(BASE, FEARLESS), "shared_acts")
    return mean_of(fearless - base)


LESSON = Lesson(
    5,
    "Retaliation and energy",
    "Who is hurt when the target cuts off its energy, and what does the fear of it do beforehand?",
    {
        "a": Exercise(
            "Russia cuts every buyer off its gas on 1 April. Which sender's loss of the first year "
            "rises most by it, in percent of its GDP?",
            "`sim.compare('status_quo', 'energy_cutoff')`, table `states`: the largest difference "
            "among the senders. Mind the sign: a gain is a negative loss.",
            "What counts is gas by pipeline from the one supplier, for the size of the economy, and "
            "how hard it is to replace within a year. Who buys little of it, or has other pipes and "
            "ports, loses less; who sells gas gains.",
            hit_hardest,
            options=senders,
        ),
        "b": Exercise(
            "Let no price of energy answer to what is cut (`economy.price_response=false`), with and "
            "without the cut-off. Does Russia then lose more, or less, in the first year by cutting "
            "off its buyers?",
            "`sanctionsim compare status_quo energy_cutoff economy.price_response=false`, where the "
            "last word holds for both settings: the row on Russia's loss in the first year.",
            "At held prices what is not sold is simply lost. Where prices answer, a large supplier "
            "that sells less is paid more for the rest, and the buyers pay it: that takes back most "
            "of what the lost volume costs in the first year. So what the answer costs the target "
            "rests on elasticities of a market that nobody had seen without Russia before.",
            own_cost_at_held_prices,
            options=words(*MORE_LESS),
        ),
        "c": Exercise(
            "Nobody fears an answer (`rule.retaliation=0`). How many more measures do the senders "
            "take within the first year?",
            "`sanctionsim compare status_quo rule.retaliation=0`: the row *Measures in a year*, "
            "mean difference.",
            "What a government expects the target to do slows it before anything has been done: an "
            "answer that is never given shows in the record as restraint. In the model the weight is "
            "learnt from who held back on energy and airspace, few states, and its interval is wide.",
            without_fear,
            unit="measures",
        ),
    },
)
