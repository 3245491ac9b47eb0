"""Lesson 2: what one member that can block costs a union, and whom it spares."""

from sim.lessons.evidence import draws, first_year, senders
from sim.lessons.exercises import Number, Word, largest, median_of, more_or_less

MAJORITY, VETO = "eu_majority", "eu_veto"
SOON = "eu_veto coordination.carve_out_days=7"


def delay() -> Number:
    """Return by how many days a measure comes later under the veto, in the median draw."""
    majority, veto = draws(MAJORITY, VETO, "shared_day")
    return median_of(veto - majority)


def early_exemption() -> Word:
    """Return how Russia's loss differs where the objector is exempted within a week."""
    return more_or_less(*draws(VETO, SOON, "loss_RUS_first_year"))


def most_spared() -> Word:
    """Return the member that the veto spares most, in percent of its GDP."""
    spared = first_year(MAJORITY) - first_year(VETO)
    return largest({code: spared.loc[code].to_numpy() for code in senders()})
