"""What moves an outcome of a sweep, in sentences."""

import math

import numpy as np

from sim.analysis.sweep.answer import Answer
from sim.analysis.sweep.data import Factor, Runs
from sim.analysis.sweep.effects import Effect, cube, strongest
from sim.outcomes import Quantity
from sim.report.sweep.page import Content
from sim.words import alike, listed


def said(runs: Runs, found: Answer) -> Content:
    """Return what moves an outcome, in sentences."""
    unit = units(runs)
    best = strongest(found.effects)
    sure = [e for e in best.values() if e.difference.verdict in ("higher", "lower")]
    same = [e for e in best.values() if _is_still(found, e.factor)]
    rest = [e for e in best.values() if e not in sure and e not in same]
    sentences = [
        f"{effect.factor.label} {'moves it most' if k == 0 else 'moves it too'}: "
        f"{moved(effect, found.outcome)} ({band(effect, unit)})."
        for k, effect in enumerate(sure[:4])
    ]
    if rest:
        sentences.append(
            f"No more than luck can be seen of {listed(e.factor.spoken for e in rest)}."
        )
    if same:
        does = "does" if len(same) == 1 else "do"
        names = listed(e.factor.spoken for e in same)
        sentences.append(f"{names[0].upper()}{names[1:]} {does} nothing to it at all.")
    return {"label": found.outcome.titled, "name": found.outcome.name, "sentences": sentences}


def _is_still(found: Answer, factor: Factor) -> bool:
    mine = [e for e in found.effects if e.factor is factor and not e.is_reference]
    return all(e.difference.verdict == "same" for e in mine)


def moved(effect: Effect, outcome: Quantity) -> str:
    """Return what a level does to an outcome, to end a sentence."""
    factor, difference = effect.factor, effect.difference
    size = _written(effect)[0]
    way = f"from {factor.levels[factor.reference]} to {factor.levels[effect.level]}"
    if outcome.never:
        if not math.isfinite(difference.middle):
            return f"{way} it {'no longer comes' if difference.middle > 0 else 'comes at all'}"
        days = "day" if size == "1" else "days"
        return f"{way} it comes {size} {days} {'later' if difference.middle > 0 else 'earlier'}"
    return f"{way} it {'rises' if difference.middle > 0 else 'falls'} by {size}"


def band(effect: Effect, unit: str) -> str:
    """Return what the middle of the draws or points lie between."""
    _, low, high = _written(effect)
    return f"{low} to {high} in the middle 80 % of the {unit}"


def _written(effect: Effect) -> list[str]:
    """Return the size of a difference and the ends of its band."""
    difference = effect.difference
    return alike([abs(difference.middle), difference.low, difference.high])


def units(runs: Runs) -> str:
    """Return what bands are of: draws where levels are matched, else points."""
    return "points" if cube(runs, np.empty((runs.n_points, 0))) is None else "draws"


def in_words(found: Answer, unit: str) -> str:
    """Return all strongest effects on an outcome, for who cannot see the figure."""
    parts = [
        f"{e.factor.label} {moved(e, found.outcome)} ({band(e, unit)})"
        for e in strongest(found.effects).values()
    ]
    return f"Differences from the reference in {found.outcome.label}: {'; '.join(parts)}."
