"""Lesson 4: trade that finds another way, and what can be done about it."""

from __future__ import annotations

from sim.lessons.evidence import carried, compared, draws, third_states
from sim.lessons.exercises import Exercise, Lesson, Number, Word, largest, mean_of, words

BASE, CLOSED = "status_quo", "no_diversion"
STOPS = {
    "enforcement": "evasion.enforcement=0.6",
    "the threat": "coordination.secondary_sanctions=0.6",
}
AS_IT_WAS = 0.05  # a change of less than this share of what hubs buy


def made_good() -> Number:
    """Return how many points of Russia's loss diversion makes good."""
    base, closed = draws(compared(BASE, CLOSED), "loss_RUS_first_year")
    return mean_of(closed - base)


def largest_carrier() -> Word:
    """Return the third state that carries most covered trade on the last day."""
    trade = carried(BASE)
    return largest({code: trade.loc[code].to_numpy() for code in third_states()})


def leaves_purchases() -> Word:
    """Return which of two ways to close the leak leaves what hubs buy as it was."""
    left = []
    for name, setting in STOPS.items():
        base, stopped = draws(compared(BASE, setting), "hub_purchases_bn")
        if abs(stopped.mean() / base.mean() - 1.0) < AS_IT_WAS:
            left.append(name)
    return Word("both" if len(left) == 2 else left[0] if left else "neither")


LESSON = Lesson(
    4,
    "Diversion and secondary sanctions",
    "How much of a ban do third states undo, and what does it take to keep them from it?",
    {
        "a": Exercise(
            "If nothing found another way, by how many percentage points of its GDP would Russia's "
            "loss of the first year be larger?",
            "`sanctionsim compare status_quo no_diversion`: the difference in the row on Russia's "
            "loss in the first year.",
            "Routes are learnt and goods have to be ordered and shipped, so that a leak which is "
            "large in the end has made good little of the first year. And what arrives is dearer "
            "than before: the target pays the carriers a premium.",
            made_good,
            unit="percentage points of GDP",
        ),
        "b": Exercise(
            "Which third state carries most of the covered trade with Russia and Belarus on the "
            "last day?",
            "`sim.run(..., record='states')`: the column `diverted_bn` of the last step, in the mean "
            "of the runs. Targets themselves are no third states: Belarus is a transit route too.",
            "The model weighs a route by what the state buys of the senders' goods itself, by "
            "distance to the target, border, language and common history. Size does most of it. "
            "What the state sold to the target before plays no part.",
            largest_carrier,
            options=third_states,
        ),
        "c": Exercise(
            "Two ways to close the leak: enforcement (`evasion.enforcement=0.6`) and a more credible "
            "threat against third states (`coordination.secondary_sanctions=0.6`). Which of the two "
            "leaves what third states buy of the senders for Russia nearly as it was (to within a "
            "twentieth)?",
            "Compare each with `status_quo` and look at `hub_purchases_bn` beside `diverted_bn`: "
            "what is bought, and what arrives.",
            "Enforcement stops goods on their way, after the senders' firms have been paid for "
            "them. A threat works on the bank that would pay, so that nothing is ordered. Both lower "
            "the leak; only one takes the business away from the senders' own exporters. That is "
            "one reason for which a government may prefer the other.",
            leaves_purchases,
            options=words("enforcement", "the threat", "both", "neither"),
        ),
    },
)
