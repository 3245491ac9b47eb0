"""Simulate runs of a setting, and what comes back: labelled arrays and tables.

Axis order: runs first, then the axes of the model.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.codes import NEVER
from sim.config import RECORDS, Config
from sim.engine.day import order_of
from sim.engine.exact import exact_names, exact_outcomes
from sim.engine.inputs import Inputs, inputs_of
from sim.engine.log import COLUMNS, new_log
from sim.engine.loop import simulate as simulate_runs
from sim.engine.results import keeps, new_results, results_record, trade_at_end
from sim.engine.state import new_state
from sim.engine.tables import History, event_table, sector_table, state_table, step_table
from sim.errors import InputError
from sim.outcomes import EXACT, OF_RUN, Quantity, columns
from sim.record import Record, record_of
from sim.setting import Setting, prepare
from sim.setting.decision import check_defined
from sim.shown import SPREAD, Shown, Summary, outcome_rows
from sim.words import counted
from sim.world import World

if TYPE_CHECKING:
    import pandas as pd

Tables = dict[str, dict[str, Any]]
_COMPILING = Lock()  # whoever comes second waits, and is told nothing
EVENTS_PER_RUN = 1024  # room to begin with; a longer log gets more


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Ensemble(Shown):
    """Runs of one setting.

    Attributes
    ----------
    setting : Setting
    runs : (n_runs,) int64
        Numbers of the runs.
    record : {'outcomes', 'events', 'steps', 'states', 'sectors'}
        What was recorded; each has all that stands before it.
    results : dict of str to dict of str to array
        By table and quantity, runs first; see `sim.engine.results.new_results`.
    log : (n_rows, n_columns) int64
        Dated acts, one run after the other; columns are those of `sim.engine.log`.
    exact : (n_runs, n_names) float64
        Outcomes of exact equilibria, none if they are not asked for.
    """

    setting: Setting
    runs: Ints
    record: str
    results: Tables
    log: Ints
    exact: Floats

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the outcomes, in the order of the columns of `outcomes`."""
        return columns((*OF_RUN, *(EXACT if self.exact.size else ())), self._targets)

    @property
    def outcomes(self) -> Floats:
        """Outcomes by run, (n_runs, n_outcomes)."""
        table = self.results["outcomes"]
        found = [_numbers(quantity, table[quantity.field]) for quantity in OF_RUN]
        return np.hstack([*(column.reshape(self.runs.size, -1) for column in found), self.exact])

    @property
    def announced(self) -> NDArray[np.int32]:
        """Day of each first wave that stands at the end, -1 for none, (runs, senders, acts)."""
        announced: NDArray[np.int32] = self.results["ends"]["announced"]
        return announced

    @property
    def _targets(self) -> tuple[str, ...]:
        return tuple(self.setting.config.scenario.targets)

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
        self._check_recorded("events")
        return event_table(self.setting, self.runs, self.log, self.results["ends"]["n_events"])

    def steps(self) -> pd.DataFrame:
        """Return one row per run and step: `run`, then the columns of `steps.parquet`.

        Errors as of `events`.
        """
        self._check_recorded("steps")
        return step_table(self.setting, self.runs, self.results["steps"])

    def states(self) -> pd.DataFrame:
        """Return one row per run, step and state: `run`, then the columns of `states.parquet`.

        Errors as of `events`.
        """
        self._check_recorded("states")
        return state_table(self.setting, self.runs, self.results["states"])

    def sectors(self) -> pd.DataFrame:
        """Return one row per run, state and sector: `run`, then those of `sectors.parquet`.

        Worked out now: an exact equilibrium a run. Errors as of `events`.
        """
        self._check_recorded("sectors")
        return sector_table(self.setting, self.runs, trade_at_end(self.results))

    def history(self) -> History:
        """Return the history of the only run.

        Raises
        ------
        InputError
            There are several runs, or not all was recorded.
        """
        if self.runs.size != 1:
            raise InputError(f"a history is that of one run; these are {self.runs.size}")
        by_sector = keeps(self.record, "sectors")
        return History(
            self.setting,
            self.announced[0].copy(),
            self.events().drop(columns="run"),
            self.steps().drop(columns="run"),
            self.states().drop(columns="run"),
            dict(zip(self.names, self.outcomes[0].tolist(), strict=True)),
            self.sectors().drop(columns="run") if by_sector else None,
        )

    def _summary(self) -> Summary:
        setting, n_runs = self.setting, counted(self.runs.size, "run")
        rows = outcome_rows(self.names, self.outcomes, self._targets)
        return Summary(
            f"{n_runs} of {setting.config.scenario.name}: {setting.span}",
            (
                ("seed", str(setting.config.seed)),
                *setting.facts(),
                ("recorded", self.record),
            ),
            SPREAD,
            rows,
            f"{len(rows)} of {len(self.names)} outcomes; all: to_frame()",
        )

    def _check_recorded(self, table: str) -> None:
        if not keeps(self.record, table):
            raise InputError(
                f"the {table} of these runs were not recorded (record={self.record}); "
                f"simulate with record={table}"
            )


def _numbers(quantity: Quantity, values: NDArray[Any]) -> Floats:
    """Return the values of a quantity, whole ones too as floats, nan for a day that never came."""
    numbers: Floats = values.astype(np.float64)
    if quantity.never:
        numbers[values == NEVER] = np.nan
    return numbers


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
    config : Config
        Its `seed` is that of all runs; its `run` is not read.
    runs : int or sequence of int
        How many, numbered from 0, or which. A run is the same alone and in any company.
    threads : int, optional
        As many as there are cores if not given.
    record : {'outcomes', 'events', 'steps', 'states', 'sectors'}, optional
        What to keep of each run, that of the configuration if not given; each keeps all that
        stands before it.

    Raises
    ------
    InputError
        No run is asked for; whatever `sim.setting.prepare` refuses.
    """
    return simulate_setting(prepare(world, config), runs, threads, record)


def simulate_setting(
    setting: Setting,
    runs: int | Sequence[int],
    threads: int | None = None,
    record: str | None = None,
) -> Ensemble:
    """Return runs of a setting that has been prepared; otherwise as `simulate`."""
    numbers = (np.arange(runs) if isinstance(runs, int) else np.asarray(runs)).astype(np.int64)
    if not numbers.size or numbers.min() < 0:
        raise InputError(f"runs must name at least one run, from 0 up; found {runs}")
    record = setting.config.record if record is None else record
    if record not in RECORDS:
        raise InputError.unknown("record", record, RECORDS)
    solves = bool(exact_names(setting))
    ends = solves or keeps(record, "sectors")
    part = _Part(inputs_of(setting), setting.config.seed, record)
    results = new_results(part.given, numbers.size, record, ends)
    n_threads = min(threads or os.cpu_count() or 1, numbers.size)
    edges = [k * numbers.size // n_threads for k in range(n_threads + 1)]
    parts = [slice(a, b) for a, b in pairwise(edges)]
    with _COMPILING:
        part.compile(results)  # or read from disk, before threads start
    if n_threads == 1:
        logs = [part.simulate(numbers, results, slice(0, numbers.size))]
    else:
        with ThreadPoolExecutor(n_threads) as pool:
            logs = list(pool.map(lambda at: part.simulate(numbers[at], results, at), parts))
    empty = np.zeros((0, len(COLUMNS)), np.int64)
    log = np.concatenate([empty, *(one for of_part in logs for one in of_part)])
    exact = np.zeros((numbers.size, 0))
    if solves:
        exact = exact_outcomes(setting, trade_at_end(results))
    return Ensemble(setting, numbers, record, results, log, exact)


class _Part:
    """What the threads that simulate one setting share."""

    def __init__(self, given: Inputs, seed: int, record: str) -> None:
        self.given, self.inputs = given, record_of(given)
        self.seed, self.keeps_log = seed, record != "outcomes"
        self.order: Ints = np.zeros((0, 2), np.int64)

    def compile(self, results: Tables) -> None:
        """Compile the engine, or read it from disk."""
        state = self._state(results, slice(0, 0), 0)
        self.order = order_of(self.inputs, state)

    def simulate(self, runs: Ints, results: Tables, rows: slice) -> list[Ints]:
        """Simulate runs on this thread; return their logs, in parts, if events are recorded."""
        logs, done, capacity = [], 0, EVENTS_PER_RUN if self.keeps_log else 0
        while done < runs.size:
            rest = slice(rows.start + done, rows.stop)
            state = self._state(results, rest, capacity)
            room = np.zeros(((runs.size - done) * capacity, len(COLUMNS)), dtype=np.int64)
            n_done = simulate_runs(self.order, self.inputs, state, runs[done:], room)
            check_defined(state.work.undefined)
            if self.keeps_log:
                n_rows = results["ends"]["n_events"][rest][:n_done].sum()
                logs.append(room[:n_rows].copy())
            done += n_done
            capacity *= 2  # a run that says more than most
        return logs

    def _state(self, results: Tables, rows: slice, capacity: int) -> Record:
        state = new_state(self.given, results_record(results, rows), new_log(capacity))
        state.clock.seed = self.seed
        return state
