"""Why a state did or did not: one run in words, many draws beside it, and the record."""
