"""What is thought of each coefficient before the dates are seen, and why.

The dates move a coefficient as far as they know better than its prior. None was set with the dates
that are scored in view: where the dates cannot say, the reason is the argument given here.
"""

from dataclasses import fields
from typing import NamedTuple

import numpy as np

from sim.config import Rule
from sim.rules.terms import Weights

LEARNT, HELD = "learnt", "held by a prior from elsewhere"
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
    kind: str  # `LEARNT`: weak, the dates decide. `HELD`: the dates hardly say, the argument does.
    why: str


_WEAK = "weak: within e^4 either way"
_LEVER = "a lever of 1 multiplies the hazard by up to e^0.5, either way"
_COST = (
    "a loss of 1 percent of GDP, half a year's growth of a rich country, halves to quarters the "
    "hazard; range 0 to 2"
)
PRIORS = {
    INTERCEPT: Prior(-3.0, 3.0, LEARNT, "one act in half a year, within e^6 either way"),
    "severity": Prior(0.0, 2.0, LEARNT, _WEAK),
    "involvement": Prior(0.0, 2.0, LEARNT, _WEAK),
    "restraint": Prior(0.0, 2.0, LEARNT, _WEAK),
    "shock": Prior(0.0, 2.0, LEARNT, _WEAK),
    "meeting": Prior(0.0, 2.0, LEARNT, _WEAK),
    "recent": Prior(0.0, 2.0, LEARNT, _WEAK),
    WEEKEND: Prior(0.0, 2.0, LEARNT, _WEAK),
    "peer": Prior(0.0, 0.5, HELD, _LEVER),
    "lead": Prior(0.0, 0.5, HELD, _LEVER),
    "bloc": Prior(0.0, 0.5, HELD, _LEVER),
    "frontline": Prior(0.0, 0.5, HELD, _LEVER),
    "linkage": Prior(0.0, 0.5, HELD, _LEVER),
    "support": Prior(0.0, 0.5, HELD, _LEVER),
    "relation": Prior(0.0, 0.5, HELD, _LEVER),
    "cost": Prior(1.0, 0.5, HELD, _COST),
    "energy_cost": Prior(1.0, 0.5, HELD, _COST),
    "retaliation": Prior(0.0, 2.0, LEARNT, _WEAK),
    WAVE: Prior(0.0, 2.0, LEARNT, "weak; learnt from the rounds after the first"),
    "follower_intercept": Prior(-1.0, 3.0, LEARNT, "one act in three weeks, within e^6 either way"),
    "threshold_mean": Prior(0.3, 0.3, HELD, "followers turn at a third; 0.1 to 0.5 is swept"),
    "threshold_sd": Prior(0.15, 0.1, HELD, "0.05 to 0.2 is swept (Granovetter 1978)"),
    "benefit": Prior(0.1, 0.3, HELD, "0.7 and more favours embargoes (de Souza et al. 2024)"),
    "utility_scale": Prior(1.0, 0.5, HELD, "as the cost of the hazard rule: " + _COST),
    "conformity": Prior(0.0, 2.0, LEARNT, _WEAK),
    **{name: Prior(0.0, 1.5, LEARNT, "half-normal: a sixth of days tenfold") for name in SPREADS},
}
OWN_PRIOR = Prior(0.0, 2.0, LEARNT, "of a user's own coefficient; " + _WEAK)
# Kinds of effects, what their spread is before the dates are seen, and their place in a rule.
EFFECTS = {"measure": 0.8, "act": 0.5, "pace": 0.5, "sender": 0.3}
# The prior of a spread's square is a scaled inverse chi-square worth so many effects: that of
# measures is 0.4 to 5 (95 %). Assumption, range 1 to 10; docs/estimation.md has what they change.
WORTH = 2
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
