"""What a sweep answers, from what it stored: one module a question.

data          the runs, a column at a time, and the words for factors and outcomes
effects       what each level of a factor does, and which factors do nothing at all
shares        how much of the variance each factor makes
surfaces      an outcome over two factors
indices       Sobol, Morris, PAWN, feature scores
conditions    conditions on outcomes, read from words
boxes         where a condition holds: PRIM and CART
precision     whether the runs were enough
"""
