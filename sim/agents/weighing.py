"""What was weighed in a decision, term by term, and the names of what it was about."""

import math
from collections.abc import Sequence
from typing import Any

from sim.reasons import FOLLOWING, reason
from sim.rules.terms import Terms
from sim.setting import Council, Setting


def name_of(council: Council) -> str:
    """Return what a council is called in a sentence."""
    institution = council.institution
    if council.competence == "joint":
        return "all senders together"
    return f"the Council of the {institution.name}"


def target_of(setting: Setting, act: int) -> str:
    """Return the name of the state that an act is aimed at."""
    return setting.name_of(setting.acts[act].target)


def words_of(setting: Setting, act: int) -> str:
    """Return an act in words, its target by its name."""
    label = setting.acts[act].measure.label
    return f"{label} against {target_of(setting, act)}"


def weighed_up(
    setting: Setting,
    act: int,
    weighed: Sequence[tuple[float, Terms]],
    shared: Sequence[tuple[str, float]],
) -> dict[str, Any]:
    """Return start, terms and log hazard of a decision, as `Reasons` has them.

    What a term adds is read off the rule itself: what is lost without it, all else as it is.

    Parameters
    ----------
    weighed : sequence of (float, Terms)
        Share of the voice, summing to 1, and what was weighed, of each who has a say.
    shared : sequence of (str, float)
        What the decision shares with others, and what it adds.
    """
    decide, weights, target = setting.decide, setting.weights, target_of(setting, act)
    eta = sum(voice * decide(terms, weights) for voice, terms in weighed)
    follows = any(_matters("threshold", terms, setting) for _, terms in weighed)
    found = []
    for name in Terms._fields:
        value = sum(voice * getattr(terms, name) for voice, terms in weighed)
        added = sum(voice * _lost_without(name, terms, setting) for voice, terms in weighed)
        compared = follows and name in FOLLOWING
        if compared or any(_matters(name, terms, setting) for _, terms in weighed):
            found.append(reason(name, value, added, target))
    found += [reason(name, math.nan, added, target) for name, added in shared]
    nothing = Terms(*[0.0] * len(Terms._fields))
    return {
        "start": float(decide(nothing, weights)) if decide.is_linear else math.nan,
        "terms": tuple(found),
        "log_hazard": float(eta + sum(added for _, added in shared)),
        "adds_up": decide.is_linear,
    }


def _lost_without(name: str, terms: Terms, setting: Setting) -> float:
    """Return by how much the log hazard falls if a term is 0; 0 where it is then no number."""
    without = setting.decide(terms._replace(**{name: 0.0}), setting.weights)
    lost = float(setting.decide(terms, setting.weights) - without)
    return lost if math.isfinite(lost) else 0.0


def _matters(name: str, terms: Terms, setting: Setting) -> bool:
    """Return whether a rule looks at a term at all."""
    at = [setting.decide(terms._replace(**{name: value}), setting.weights) for value in (0.0, 1.0)]
    return bool(at[0] != at[1]) or _lost_without(name, terms, setting) != 0.0
