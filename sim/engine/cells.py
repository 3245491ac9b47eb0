"""Draw cells: which draw belongs to whose decision on what."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.arrays import Ints
from sim.setting import Setting


class Cells(NamedTuple):
    """Draw cells, by who decides on what; a hash of names each."""

    adopt: Ints  # (n_senders, n_acts)
    threshold: Ints  # (n_senders,)
    protest: Ints  # (n_senders, n_targets)
    refuse: Ints  # (n_targets, n_senders)
    answer: Ints  # (n_targets, n_answers)
    single: Ints  # (n_targets, n_answers, n_senders)
    listing: Ints  # (n_targets, n_senders)
    condemn: Ints  # (n_states,)
    cooperate: Ints  # (n_states, n_targets)


def cells_of(setting: Setting) -> Cells:
    """Return the draw cells of a setting."""
    states, senders = setting.world.states, setting.sender_codes
    targets = tuple(setting.config.scenario.targets)
    answers = [counter.code for counter in setting.world.countermeasures]

    def cells(*axes: tuple[str, ...] | list[str]) -> Ints:
        grid = np.array([draws.cell(*names) for names in _product(axes)], dtype=np.int64)
        return grid.reshape([len(axis) for axis in axes])

    return Cells(
        adopt=setting.adoption_cell,
        threshold=cells(senders),
        protest=cells(senders, targets),
        refuse=cells(targets, senders),
        answer=cells(targets, answers),
        single=cells(targets, answers, senders),
        listing=cells(targets, senders),
        condemn=cells(states, targets[:1])[:, 0].copy(),
        cooperate=cells(states, targets),
    )


def _product(axes: tuple[tuple[str, ...] | list[str], ...]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [()]
    for axis in axes:
        rows = [(*row, name) for row in rows for name in axis]
    return rows
