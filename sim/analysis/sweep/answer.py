"""All that is known of one outcome of a sweep, and what is said of the sweep as a whole."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from sim.analysis.sweep.data import Factor, Runs
from sim.analysis.sweep.effects import Effect, effects
from sim.analysis.sweep.indices import Indices, indices
from sim.analysis.sweep.precision import Precision, precision
from sim.analysis.sweep.shares import Luck, Share, luck, shares
from sim.analysis.sweep.surfaces import Surface, surface
from sim.errors import InputError
from sim.outcomes import Quantity

MAPPED = 3  # strongest factors that heat maps pair
USUAL = ("loss_{}_first_year", "sender_loss_mean_first_year", "days_to_coalition", "leak_{}")


class Answer(NamedTuple):
    """All that is known of one outcome."""

    outcome: Quantity
    factors: tuple[Factor, ...]  # the strongest first
    effects: list[Effect]
    shares: list[Share]
    luck: Luck
    surfaces: list[Surface]  # of every pair of the strongest factors
    indices: Indices | None
    why: str  # why there are none
    precision: list[Precision]


def answer(runs: Runs, outcome: Quantity) -> Answer:
    """Return all that the runs tell of an outcome."""
    values = runs.matrix(outcome.name)
    found = effects(runs, outcome, values)
    parts = shares(runs, outcome, values)
    known, why = indices(runs, outcome, values)
    ordered = _ordered(runs, parts, known)
    pairs = combinations(ordered[:MAPPED], 2)
    return Answer(
        outcome,
        ordered,
        found,
        parts,
        luck(runs, outcome, values),
        [surface(runs, outcome, values, first, second) for first, second in pairs],
        known,
        why,
        precision(runs, outcome, values, found),
    )


def _ordered(runs: Runs, parts: list[Share], known: Indices | None) -> tuple[Factor, ...]:
    """Return the factors by what they make of the variance, as the design tells it best."""
    if known is not None and known.method in ("Sobol", "Morris"):
        size = known.strength
    else:
        size = {share.factor.path: float(len(parts) - k) for k, share in enumerate(parts)}
    return tuple(sorted(runs.factors, key=lambda factor: -size.get(factor.path, 0.0)))


def chosen(runs: Runs, asked: Sequence[str] = ()) -> list[str]:
    """Return names of outcomes: those asked for, or what most ask; InputError for unknown ones."""
    known = runs.manifest["outcomes"]
    for name in asked:
        if name not in known:
            raise InputError.unknown("outcomes: outcome", name, known)
    if asked:
        return list(dict.fromkeys(asked))
    targets = list(runs.manifest["config"].get("scenario", {}).get("targets", {}))[:1]
    usual = [name.format(*targets) for name in USUAL if "{}" not in name or targets]
    found = [name for name in usual if name in known]
    return found or list(known[:3])


class Undefined(NamedTuple):
    """How often an outcome is not defined: in runs, and in whole points."""

    name: str
    runs: int
    points: int


def undefined(runs: Runs) -> list[Undefined]:
    """Return the outcomes that some stored run does not have, or does not come to."""
    found = []
    for name, values in runs.matrices(runs.manifest["outcomes"]):
        missing = np.isnan(values) & runs.stored
        if missing.any():
            whole = (missing == runs.stored).all(1) & runs.stored.any(1)
            found.append(Undefined(name, int(missing.sum()), int(whole.sum())))
    return found
