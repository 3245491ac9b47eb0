"""Simulate an ensemble, and what comes back: labelled arrays.

Axis order: `(runs, ...)` first, then the axes of the model.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.config import Config
from sim.ensemble.inputs import inputs_of
from sim.ensemble.kernel import simulate_runs
from sim.errors import InputError
from sim.setting import Setting, prepare
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
OF_RUN = (
    "sender_loss_bn", "sender_loss_mean", "sender_loss_max", "transfers_bn", "coalition_size",
    "coalition_gdp_share", "acts_announced", "waves_announced", "designated", "withdrawals",
    "protests", "cooperations", "days_to_half", "days_to_90", "diverted_bn", "belief",
    "attempt_risk", "settled_day",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Runs of one setting.

    Attributes
    ----------
    setting : Setting
    runs : (n_runs,) int64
        Numbers of the runs.
    names : tuple of str, length n_outcomes
        Keys of `sim.measures.outcomes`.
    outcomes : (n_runs, n_outcomes) float64
    announced : (n_runs, n_senders, n_acts) int64
        Day of each first wave that stands at the end, -1 for none.
    """

    setting: Setting
    runs: Ints
    names: tuple[str, ...]
    outcomes: Floats
    announced: Ints

    def outcome(self, name: str) -> Floats:
        """Return one outcome of every run, (n_runs,).

        Raises
        ------
        InputError
            No such outcome.
        """
        if name not in self.names:
            raise InputError.unknown("outcome", name, self.names)
        values: Floats = self.outcomes[:, self.names.index(name)]
        return values

    def to_frame(self) -> pd.DataFrame:
        """Return one row per run: its number and its outcomes."""
        import pandas as pd

        frame = pd.DataFrame(self.outcomes, columns=list(self.names))
        frame.insert(0, "run", self.runs)
        return frame


def simulate(
    world: World, config: Config, runs: int | Sequence[int], threads: int | None = None
) -> Ensemble:
    """Return runs of a world under a configuration.

    Parameters
    ----------
    world : World
    config : Config
        Its `seed` is that of all runs; its `run` is not read.
    runs : int or sequence of int
        How many, numbered from 0, or which. A run is the same alone and in any company.
    threads : int, optional
        As many as there are cores if not given.

    Raises
    ------
    InputError
        No run is asked for; a decision rule of the user's own, which only the Mesa model takes;
        whatever `sim.setting.prepare` refuses.
    """
    numbers = np.arange(runs) if isinstance(runs, int) else np.asarray(runs)
    numbers = numbers.astype(np.int64)
    if not numbers.size or numbers.min() < 0:
        raise InputError(f"runs must name at least one run, from 0 up; found {runs}")
    if config.rule.function or config.rule.free:
        raise InputError("the ensemble takes shipped rules; run one of your own with driver=mesa")
    setting = prepare(world, config)
    inputs = inputs_of(setting)
    outcomes = np.zeros((numbers.size, len(outcome_names(setting))))
    announced = np.zeros((numbers.size, *setting.adoption_cell.shape), dtype=np.int64)

    def part(rows: slice) -> None:
        simulate_runs(inputs, config.seed, numbers[rows], outcomes[rows], announced[rows])

    n_threads = min(threads or os.cpu_count() or 1, numbers.size)
    edges = [k * numbers.size // n_threads for k in range(n_threads + 1)]
    parts = [slice(a, b) for a, b in pairwise(edges)]
    part(slice(0, 0))  # compiled, or read from disk, before threads start
    with ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(part, parts))
    return Ensemble(setting, numbers, outcome_names(setting), outcomes, announced)


def outcome_names(setting: Setting) -> tuple[str, ...]:
    """Return the names of the outcomes, in the order in which the kernel writes them."""
    own = setting.config.economy.elasticity
    elasticities = (own, *(name for name in setting.exposures if name != own))
    names = list(OF_RUN)
    for target in setting.config.scenario.targets:
        losses = [f"loss_{target}", *(f"loss_{target}_{name}" for name in elasticities)]
        rest = ("leak", "crypto_bn", "log_rate", "countermeasures")
        names += [*losses, *(f"{name}_{target}" for name in rest)]
    return (*names, *(f"sender_loss_mean_{name}" for name in elasticities))
