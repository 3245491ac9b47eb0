"""The worth of each member of a coalition: alone, last in, and over all orders of joining.

`shapley` is arithmetic on the values of coalitions; `coalitions` says who plays and who sanctions
in which coalition; `outcomes` what a coalition's value is; `valuation` simulates and judges.
"""
