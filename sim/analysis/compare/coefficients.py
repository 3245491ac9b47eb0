"""Coefficients as unsure as the dates leave them: for every run of a setting one of its own."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from sim.compose import checked, compose
from sim.config import Rule
from sim.setting import Setting, prepare
from sim.world import load

if TYPE_CHECKING:
    from sim.analysis.estimate import Estimate


def posteriors(settings: Sequence[Setting], draws: int) -> list[Estimate]:
    """Return what the dates say of the rule of each setting, with draws.

    The dates are those that the shipped rules were estimated on, whatever a setting is of.
    """
    from sim.analysis.episodes import sample_of
    from sim.analysis.estimate import estimated
    from sim.analysis.history import history_of

    config = checked(compose([]))
    world = load(config.world.folder)
    sample = sample_of(history_of(world, config, world.folder / "timeline.csv"))
    found: dict[tuple[str, str], Estimate] = {}
    for rule in (setting.config.rule for setting in settings):
        kind = rule.name, rule.function
        if kind not in found:
            given = rule if rule.function else Rule(name=rule.name)
            found[kind] = estimated(*sample, given, draws)
    return [found[own.config.rule.name, own.config.rule.function] for own in settings]


def drawn(setting: Setting, posterior: Estimate) -> Iterator[Setting]:
    """Yield a setting at each draw: moved from its own coefficients as the draw is from the mode.

    What is 0 by a lever of the group `coordination` stays 0.
    """
    for draw in posterior.draws:
        config = copy.deepcopy(setting.config)
        config.rule = moved(config.rule, posterior.rule, draw)
        yield prepare(setting.world, config, setting.edited)


def moved(rule: Rule, mode: Rule, draw: Rule) -> Rule:
    """Return a rule that lies as far from the one that is given as a draw from the mode."""
    changed: dict[str, Any] = {}
    for field in fields(Rule):
        own, at, to = (getattr(one, field.name) for one in (rule, mode, draw))
        if isinstance(own, dict):
            changed[field.name] = {
                name: own.get(name, 0.0) + to.get(name, 0.0) - at.get(name, 0.0)
                for name in {**own, **to}
            }
        elif isinstance(own, float):
            low, high = field.metadata["low"], field.metadata["high"]
            changed[field.name] = min(max(own + to - at, low), high)
    return replace(rule, **changed)
