"""Phase 3, decision: rival rules, one file each, all of the same form.

A rule is a function `log_hazard(terms, weights)` from what a sender weighs to the log hazard per
week of the next wave of a measure. They are scored against one another on the same record.
"""
