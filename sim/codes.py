"""Numbers that stand for something in arrays, the same for who writes them and who reads them."""

NEVER = -1  # a day that has not come
YEAR = 365  # days over which a loss of the first year is a mean
IMPORTS, EXPORTS = 0, 1  # ways of a target's trade
MAX_RANDOM = 512  # random events of one run; later ones are not simulated

# What triggers a countermeasure: any act, or one that is not in this run.
ANY, NO_ACT = -1, -2

# A script: what its rows hold, what they say is to be done, and who all do it.
DAY, KIND, ACTOR, WHAT, WHOM = range(5)
ANNOUNCE, COUNCIL, WITHDRAW, IMPOSE, ANSWER = range(5)
ALL = -1
