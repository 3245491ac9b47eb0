"""What is thought of each coefficient before the dates are seen, and why.

The dates move a coefficient as far as they know better than its prior. None was set with the dates
that are scored in view: where the dates cannot say, the reason is the argument given here.
"""

from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.config import Rule
from sim.csv_table import records
from sim.rules.terms import Weights

INTERCEPT, WEEKEND, WAVE = "intercept", "weekend", "wave"
SPREADS = ("frailty_sd", "package_sd", "agenda_sd")
LINEAR = Weights._fields[1 : Weights._fields.index(WAVE)]  # severity to relation
PULL_OF_OTHERS = ("meeting", "peer", "recent", "lead", "bloc")
OWN_REASONS = tuple(name for name in LINEAR if name not in PULL_OF_OTHERS)
COSTS = ("cost", "energy_cost")
THRESHOLDS = ("threshold_mean", "threshold_sd")
NARROWEST = 0.02  # of a spread: at 0 the slope is 0 whatever the dates


class Prior(NamedTuple):
    """A normal prior; of a spread the half of it above 0."""

    mean: float
    spread: float
    # Learnt: weak, the dates decide. Held: the dates hardly say, the argument does.
    kind: str
    why: str


PRIORS = {
    row["name"]: Prior(float(row["mean"]), float(row["spread"]), row["kind"], row["why"])
    for row in records(Path(__file__).with_suffix(".csv"))
}
OWN_PRIOR = Prior(0.0, 2.0, "learnt", "of a user's own coefficient; weak: within e^4 either way")
# Kinds of effects, what their spread is before the dates are seen, and their place in a rule.
EFFECTS = {"measure": 0.8, "act": 0.5, "pace": 0.5, "sender": 0.3}
# The prior of a spread's square is a scaled inverse chi-square worth so many effects: that of
# measures is 0.4 to 5 (95 %). Assumption, range 1 to 10; docs/estimation.md has what they change.
WORTH = 2.0
PLACES = {
    "measure": "measure_effects",
    "act": "act_effects",
    "pace": "measure_pace",
    "sender": "sender_effects",
}

_OWN = (INTERCEPT, *OWN_REASONS)
FREE = {
    "hazard": (INTERCEPT, *LINEAR),
    "independent": _OWN,
    "threshold": (*_OWN, "follower_intercept", *THRESHOLDS),
    "expected_utility": (
        *(name for name in _OWN if name not in COSTS),
        "utility_scale",
        "benefit",
        "conformity",
        *THRESHOLDS,
    ),
}  # beside the weekend, the wave and the spreads, which every rule has
RULES = tuple(FREE)


def prior_of(name: str) -> Prior:
    """Return the prior of a coefficient, for one of a user's own rule the declared default."""
    return PRIORS.get(name, OWN_PRIOR)


def bounds_of(name: str) -> tuple[float, float]:
    """Return the range that the schema gives a coefficient; none to those of a user's own."""
    if name not in PRIORS:
        return -np.inf, np.inf
    (facts,) = (field.metadata for field in fields(Rule) if field.name == name)
    low = max(facts["low"], NARROWEST) if name in (*SPREADS, "threshold_sd") else facts["low"]
    return float(low), float(facts["high"])
