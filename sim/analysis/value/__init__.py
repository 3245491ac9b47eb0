"""The worth of each member of a coalition: alone, last in, and over all orders of joining.

`shapley` is arithmetic on the values of coalitions; `coalitions` says who plays and who sanctions
in which coalition; `outcomes` what a coalition's value is; `valuation` simulates and judges.
"""

# What the help of the command names, which imports nothing heavy.
MOST = 8  # players: 256 coalitions
OTHERS = {
    "one": "together as one player more",
    "in": "in every coalition",
    "out": "in none: they look on",
}
DAY = 28  # by which measures count as fast
