"""What settings have in common, and so can be compared in, or why they cannot."""

import copy
import math
from collections.abc import Sequence
from typing import NamedTuple

from sim.config import Config
from sim.errors import InputError
from sim.setting import Setting


class Shared(NamedTuple):
    """What settings share."""

    n_days: int  # days that all of them have, from the same first one
    step_days: int  # days after which all of them price and measure
    # Codes, in the order of the first setting; senders may be none.
    targets: tuple[str, ...]
    senders: tuple[str, ...]
    notes: tuple[str, ...]  # what is left out, one sentence each; none where the settings share all

    def cut(self, config: Config) -> Config:
        """Return a configuration as long as what is shared."""
        config = copy.deepcopy(config)
        config.scenario.steps = self.n_days // config.scenario.step_days
        return config


def shared(settings: Sequence[Setting], labels: Sequence[str]) -> Shared:
    """Return what settings share.

    Runs of different length are compared over the days that both have; what happens afterwards
    does not change what came before.

    Parameters
    ----------
    settings : sequence of Setting
        The first is what the others are compared with.
    labels : sequence of str
        What the user calls them.

    Raises
    ------
    InputError
        They are of different worlds, begin on different days, end no step on the same day, or
        have no target in common: in one line, with the way out.
    """
    first, *others = settings
    for label, other in zip(labels[1:], others, strict=True):
        _check_pair(first, other, f"{labels[0]} and {label} cannot be compared:")
    step_days = math.lcm(*(setting.config.scenario.step_days for setting in settings))
    n_days = min(setting.n_days for setting in settings) // step_days * step_days
    if not n_days:
        raise InputError(
            f"{' and '.join(labels)} cannot be compared: no step of theirs ends on the same day; "
            "give them the same scenario.step_days"
        )
    targets = _common([tuple(s.config.scenario.targets) for s in settings])
    if not targets:
        raise InputError(
            f"{' and '.join(labels)} cannot be compared: no state is a target in all of them; "
            "name one with +scenario.targets.RUS=1"
        )
    notes = [
        note
        for label, setting in zip(labels, settings, strict=True)
        for note in _left_out(label, setting, n_days, targets)
    ]
    return Shared(
        n_days, step_days, targets, _common([s.sender_codes for s in settings]), (*notes,)
    )


def _check_pair(first: Setting, other: Setting, said: str) -> None:
    worlds = [setting.config.world.folder for setting in (first, other)]
    if first.world.fingerprint != other.world.fingerprint:
        raise InputError(
            f"{said} they are of different worlds ({worlds[0]} and {worlds[1]}), which differ in "
            "states, trade and measures, not in one mechanism; compare settings of one world"
        )
    if first.start != other.start:
        raise InputError(
            f"{said} they begin on different days ({first.start} and {other.start}); give both "
            f"the same, as in scenario.start={first.start}"
        )


def _left_out(label: str, setting: Setting, n_days: int, targets: tuple[str, ...]) -> list[str]:
    """Return what of a setting is not compared, in sentences."""
    notes = []
    if setting.n_days > n_days:
        last, end = setting.date_of(n_days - 1), setting.date_of(setting.n_days - 1)
        notes.append(f"{label} is compared up to {last}; it goes on to {end}.")
    alone = [code for code in setting.config.scenario.targets if code not in targets]
    if alone:
        notes.append(f"Targets of {label} that are not in all: {', '.join(alone)}.")
    return notes


def _common(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(name for name in lists[0] if all(name in others for others in lists[1:]))
