"""Simulate an ensemble, and what comes back: labelled arrays.

Axis order: `(runs, ...)` first, then the axes of the model.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock, Timer
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.config import RECORDS, Config
from sim.ensemble.columns import OF_STATE, outcome_names, step_names
from sim.ensemble.inputs import Inputs, inputs_of
from sim.ensemble.kernel import simulate_runs
from sim.ensemble.state import LOG_COLUMNS, new_state
from sim.errors import InputError
from sim.exact import exact_names, exact_outcomes
from sim.records import History
from sim.setting import Setting, prepare
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PATIENCE = 3.0  # seconds
_COMPILING = Lock()  # whoever comes second waits, and is told nothing
EVENTS_PER_RUN = 1024  # room to begin with; a longer log gets more


class Results(NamedTuple):
    """What kernels write.

    Attributes
    ----------
    outcomes : (n_runs, n_outcomes)
    announced : (n_runs, n_senders, n_acts) int32
    steps : (n_runs, n_steps, n_columns), states : (n_runs, n_steps, n_states, n_columns)
        No steps if they are not recorded.
    events : (n_rows, n_columns) int64, one run after the other
    n_events : (n_runs,) rows of each run
    covered, leak, rent : (n_runs, ...) as the run ends; no runs if nobody asks for them
    """

    outcomes: Floats
    announced: NDArray[np.int32]
    steps: Floats
    states: Floats
    events: Ints
    n_events: Ints
    covered: Floats
    leak: Floats
    rent: Floats

    def part(self, runs: slice) -> Results:
        """Return the part of some runs, in the same memory; all of the room for events."""
        return Results(
            self.outcomes[runs],
            self.announced[runs],
            self.steps[runs],
            self.states[runs],
            self.events,
            self.n_events[runs],
            self.covered[runs],
            self.leak[runs],
            self.rent[runs],
        )


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
    record : {'outcomes', 'events', 'steps', 'states'}
        What was recorded; each has all that stands before it.
    results : Results
    """

    setting: Setting
    runs: Ints
    names: tuple[str, ...]
    record: str
    results: Results

    @property
    def outcomes(self) -> Floats:
        """Outcomes by run, (n_runs, n_outcomes)."""
        return self.results.outcomes

    @property
    def announced(self) -> NDArray[np.int32]:
        """Day of each first wave that stands at the end, -1 for none, (runs, senders, acts)."""
        return self.results.announced

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

    def events(self) -> pd.DataFrame:
        """Return the dated acts of all runs: `run`, then the columns of `events.csv`.

        Raises
        ------
        InputError
            They were not recorded.
        """
        from sim.ensemble.words import event_table

        self._check_recorded("events")
        return event_table(self.setting, self.runs, self.results.events, self.results.n_events)

    def steps(self) -> pd.DataFrame:
        """Return one row per run and step: `run`, then the columns of `steps.parquet`.

        Raises
        ------
        InputError
            They were not recorded.
        """
        from sim.ensemble.words import step_table

        self._check_recorded("steps")
        return step_table(self.setting, self.runs, self.results.steps)

    def states(self) -> pd.DataFrame:
        """Return one row per run, step and state: `run`, then the columns of `states.parquet`.

        Raises
        ------
        InputError
            They were not recorded.
        """
        from sim.ensemble.words import state_table

        self._check_recorded("states")
        return state_table(self.setting, self.runs, self.results.states)

    def history(self) -> History:
        """Return the history of the only run, as the Mesa model's.

        Raises
        ------
        InputError
            There are several runs, or not all was recorded.
        """
        if self.runs.size != 1:
            raise InputError(f"a history is that of one run; these are {self.runs.size}")
        return History(
            self.setting,
            self.announced[0],
            self.events().drop(columns="run"),
            self.steps().drop(columns="run"),
            self.states().drop(columns="run"),
            dict(zip(self.names, self.outcomes[0].tolist(), strict=True)),
        )

    def _check_recorded(self, table: str) -> None:
        if RECORDS.index(self.record) < RECORDS.index(table):
            raise InputError(
                f"the {table} of these runs were not recorded (record={self.record}); "
                f"simulate with record={table}"
            )


def simulate(
    world: World,
    config: Config,
    runs: int | Sequence[int],
    threads: int | None = None,
    record: str | None = None,
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
    record : {'outcomes', 'events', 'steps', 'states'}, optional
        What to keep of each run, that of the configuration if not given; each keeps all that
        stands before it.

    Raises
    ------
    InputError
        No run is asked for; a decision rule of the user's own, which only the Mesa model takes;
        whatever `sim.setting.prepare` refuses.
    """
    _check_rule(config)
    return simulate_setting(prepare(world, config), runs, threads, record)


def simulate_setting(
    setting: Setting,
    runs: int | Sequence[int],
    threads: int | None = None,
    record: str | None = None,
) -> Ensemble:
    """Return runs of a setting that has been prepared; otherwise as `simulate`."""
    config = setting.config
    numbers = np.arange(runs) if isinstance(runs, int) else np.asarray(runs)
    numbers = numbers.astype(np.int64)
    if not numbers.size or numbers.min() < 0:
        raise InputError(f"runs must name at least one run, from 0 up; found {runs}")
    _check_rule(config)
    record = config.record if record is None else record
    if record not in RECORDS:
        raise InputError.unknown("record", record, RECORDS)
    inputs = inputs_of(setting)
    results = _room(setting, numbers.size, RECORDS.index(record))
    n_threads = min(threads or os.cpu_count() or 1, numbers.size)
    edges = [k * numbers.size // n_threads for k in range(n_threads + 1)]
    parts = [slice(a, b) for a, b in pairwise(edges)]

    def simulate_part(rows: slice) -> list[Ints]:
        return _simulate_part(inputs, config.seed, numbers[rows], results.part(rows), record)

    with _COMPILING, _told_if_slow():
        simulate_part(slice(0, 0))  # compiled, or read from disk, before threads start
    with ThreadPoolExecutor(n_threads) as pool:
        logs = [log for part in pool.map(simulate_part, parts) for log in part]
    events = np.concatenate(logs) if logs else results.events
    names, exact = outcome_names(setting), exact_names(setting)
    if exact:
        ends = exact_outcomes(setting, results.covered, results.leak, results.rent)
        results = results._replace(outcomes=np.hstack([results.outcomes, ends]))
    results = results._replace(events=events)
    return Ensemble(setting, numbers, (*names, *exact), record, results)


@contextmanager
def _told_if_slow() -> Iterator[None]:
    """Say that kernels are being compiled if it takes long; read from disk they take no second."""
    message = "sanctionsim: compiling the ensemble, once on this machine; it takes a minute or two"
    timer = Timer(PATIENCE, lambda: print(message, file=sys.stderr, flush=True))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _check_rule(config: Config) -> None:
    if config.rule.function or config.rule.free:
        raise InputError("the ensemble takes shipped rules; run one of your own with driver=mesa")


def _room(setting: Setting, n_runs: int, n_tables: int) -> Results:
    steps = (n_runs, setting.config.scenario.steps if n_tables >= RECORDS.index("steps") else 0)
    states = (n_runs, setting.config.scenario.steps if n_tables >= RECORDS.index("states") else 0)
    n_targets, n_states = setting.targets.size, len(setting.world.states)
    n_ends = n_runs if exact_names(setting) else 0
    return Results(
        outcomes=np.zeros((n_runs, len(outcome_names(setting)))),
        announced=np.zeros((n_runs, *setting.adoption_cell.shape), dtype=np.int32),
        steps=np.zeros((*steps, len(step_names(setting)))),
        states=np.zeros((*states, n_states, len(OF_STATE))),
        events=np.zeros((0, LOG_COLUMNS), dtype=np.int64),
        n_events=np.zeros(n_runs, dtype=np.int64),
        covered=np.zeros((n_ends, *setting.exposure.target_share.shape)),
        leak=np.zeros((n_ends, n_targets)),
        rent=np.zeros((n_ends, n_targets, n_states)),
    )


def _simulate_part(
    inputs: Inputs, seed: int, runs: Ints, results: Results, record: str
) -> list[Ints]:
    """Simulate runs on this thread; return their logs, in parts, if events are recorded."""
    if record == "outcomes":
        simulate_runs(inputs, new_state(inputs, 0), seed, runs, results)
        return []
    logs, done, capacity = [], 0, EVENTS_PER_RUN
    while True:
        state, rest = new_state(inputs, capacity), results.part(slice(done, None))
        room = np.zeros((max(runs.size - done, 1) * capacity, LOG_COLUMNS), dtype=np.int64)
        n_done = simulate_runs(inputs, state, seed, runs[done:], rest._replace(events=room))
        logs.append(room[: rest.n_events[:n_done].sum()].copy())
        done += n_done
        if done == runs.size:
            return logs
        capacity *= 2  # a run that says more than most
