"""All coalitions of a few players on the same draws, and what that makes of each player."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

import numpy as np
import pandas as pd

from sim.analysis.paired import Difference, paired
from sim.analysis.value.coalitions import Player, setting_of
from sim.analysis.value.outcomes import COLUMNS, OUTCOMES, outcomes_of, outcomes_of_nobody
from sim.analysis.value.shapley import (
    alone_weights,
    last_weights,
    members,
    shapley_weights,
    spared,
    surplus,
    total,
    worth,
)
from sim.arrays import Floats
from sim.engine import simulate_setting
from sim.setting import Setting

KINDS = {"shapley": shapley_weights, "alone": alone_weights, "last": last_weights}
BLOCK = 250  # runs of a coalition at a time: what is recorded of them must have room
OF_WHOLE = 0.6  # of the time of the coalition of all that a coalition takes on average


@dataclass(frozen=True, slots=True)
class Valuation:
    """What every coalition of some players comes to."""

    players: tuple[Player, ...]
    # (n_columns, n_coalitions, n_runs) By the columns of `sim.analysis.value.outcomes`; coalitions
    # as in `shapley`.
    table: Floats

    @property
    def n_runs(self) -> int:
        """Draws, the same for every coalition."""
        return self.table.shape[2]

    def of(self, key: str) -> Floats:
        """Return one column of every coalition, (n_coalitions, n_runs)."""
        return self.table[COLUMNS.index(key)]

    def worth(self, key: str, kind: str) -> Floats:
        """Return what each player is worth in each run, (n_players, n_runs)."""
        return worth(KINDS[kind](len(self.players)), self.of(key))

    def spared(self, key: str, kind: str) -> Floats:
        """Return by how much shared draws divide the variance of each worth, (n_players,)."""
        return spared(KINDS[kind](len(self.players)), self.of(key))

    def total(self, key: str) -> Difference:
        """Return what everybody does beyond what nobody does."""
        return beyond_zero(total(self.of(key)))

    def surplus(self, key: str) -> Difference:
        """Return by how much the whole is more than the sum of what each does alone."""
        return beyond_zero(surplus(self.of(key)))

    def undefined(self, key: str) -> int:
        """Return in how many draws a coalition does not have an outcome: these count nowhere."""
        return int(np.isnan(self.of(key)).any(axis=0).sum())

    def unexplained(self, key: str) -> float:
        """Return the largest difference, in any run, of the sum of Shapley's values and the total.

        It is 0 but for rounding.
        """
        rest = self.worth(key, "shapley").sum(axis=0) - total(self.of(key))
        return float(np.abs(rest[~np.isnan(rest)]).max(initial=0.0))

    def coalitions(self) -> pd.DataFrame:
        """Return one row per coalition and run: who is in it, and what it comes to."""
        inside = members(len(self.players))
        keys = [player.key for player in self.players]
        names = [",".join(np.array(keys)[row]) for row in inside]
        n = self.n_runs
        frame = pd.DataFrame(
            {"coalition": np.repeat(names, n), "run": np.tile(np.arange(n), len(names))}
        )
        return frame.assign(**{key: self.of(key).ravel() for key in COLUMNS})

    def values(self) -> pd.DataFrame:
        """Return one row per outcome, player, kind of worth and run."""
        keys, n = [player.key for player in self.players], self.n_runs
        frames = [
            pd.DataFrame(
                {
                    "outcome": outcome.key,
                    "player": np.repeat(keys, n),
                    "kind": kind,
                    "run": np.tile(np.arange(n), len(keys)),
                    "value": self.worth(outcome.key, kind).ravel(),
                }
            )
            for outcome in OUTCOMES
            for kind in KINDS
        ]
        return pd.concat(frames, ignore_index=True)


def beyond_zero(values: Floats) -> Difference:
    """Return mean, band, error and verdict of what runs come to."""
    return paired(np.zeros_like(values), values)


def expected_seconds(whole: Setting, n_players: int, n_runs: int) -> float:
    """Return about how long a valuation takes, from a few runs of the coalition of all."""
    simulate_setting(whole, 1, record="steps")  # compiles, or reads from disk
    few = min(n_runs, 4 * _cores())
    begun = time.perf_counter()
    simulate_setting(whole, few, record="steps")
    took = time.perf_counter() - begun
    return 2**n_players * n_runs / few * took * OF_WHOLE


def valued(
    whole: Setting,
    players: tuple[Player, ...],
    always: tuple[str, ...],
    n_runs: int,
    day: int,
    progress: Callable[[int], None] = lambda runs: None,
) -> Valuation:
    """Return what every coalition comes to, runs 0 to n_runs - 1 of each.

    Parameters
    ----------
    whole : Setting
        In which everybody sanctions.
    always : tuple of str
        States that sanction in every coalition.
    n_runs, day : int
        Draws, and the day on which measures are counted.
    progress : callable, optional
        Is told of each number of runs that are done.
    """
    inside = members(len(players))
    table = np.zeros((len(COLUMNS), inside.shape[0], n_runs))

    threads, counting = -(-_cores() // inside.shape[0]), Lock()

    def fill(coalition: int) -> None:
        joined = [player for player, is_in in zip(players, inside[coalition], strict=True) if is_in]
        states = {*always, *(state for player in joined for state in player.states)}
        for rows, found in _simulated(whole, states, n_runs, day, threads):
            table[:, coalition, rows] = found
            with counting:
                progress(found.shape[1])

    # The largest first, so that no core has a long one left at the end.
    order = sorted(range(inside.shape[0]), key=lambda c: -int(inside[c].sum()))
    with ThreadPoolExecutor(min(_cores(), len(order))) as pool:
        try:
            for _ in pool.map(fill, order):
                pass
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return Valuation(players, table)


def _simulated(
    whole: Setting, states: set[str], n_runs: int, day: int, threads: int
) -> Iterator[tuple[slice, Floats]]:
    """Yield what a coalition comes to, block by block: which runs, and their outcomes."""
    setting = setting_of(whole, states)
    if not states:
        nobody = simulate_setting(setting, 1, threads=1)
        yield slice(0, n_runs), outcomes_of_nobody(nobody, n_runs)
        return
    for first in range(0, n_runs, BLOCK):
        numbers = range(first, min(first + BLOCK, n_runs))
        runs = simulate_setting(setting, numbers, threads, record="steps")
        yield slice(first, numbers.stop), outcomes_of(runs, day)


def _cores() -> int:
    return os.cpu_count() or 1
