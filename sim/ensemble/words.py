"""From rows of numbers to the tables of a run: those of `sim.records`, with the run's number."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble import log
from sim.ensemble.columns import OF_STATE, step_names
from sim.records import EVENT_COLUMNS, Records, outside_events, wave_in_words
from sim.setting import Setting

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SORTED_BY = ["run", "day", "kind", "actor", "instrument", "target", "detail"]
WHOLE = ("measures_announced", "measures_effective", "waves_announced", "coalition_size")


def event_table(setting: Setting, runs: Ints, rows: Ints, n_events: Ints) -> pd.DataFrame:
    """Return the dated acts of runs: `run`, then the columns of `events.csv`.

    Parameters
    ----------
    setting : Setting
    runs, n_events : (n_runs,) int64
        Numbers of the runs, and how many rows each has.
    rows : (n_rows, n_columns) int64
        Their logs, one after the other.
    """
    # The same act is put into words once, however many runs have it; days are what differs.
    kinds, which = np.unique(
        rows[:, [log.KIND, log.ACTOR, log.WHAT, log.WHOM, log.DETAIL]], axis=0, return_inverse=True
    )
    words = pd.DataFrame(
        [_in_words(setting, *row) for row in kinds.tolist()],
        columns=["actor", "kind", "instrument", "target", "detail"],
        dtype=object,
    )
    table = words.iloc[which.ravel()].reset_index(drop=True)
    day, effective = rows[:, log.DAY], rows[:, log.EFFECTIVE]
    dates = _dates(setting, int(max(effective.max(initial=0), setting.n_days)) + 1)
    table.insert(0, "run", np.repeat(runs, n_events))
    table = table.assign(day=day, date=dates[day], effective=dates[effective])
    outside = Records(setting)
    outside_events(outside)
    known = pd.DataFrame(outside.events, columns=list(EVENT_COLUMNS))
    everywhere = pd.DataFrame({"run": runs}).merge(known, how="cross")
    table = pd.concat([everywhere, table[["run", *EVENT_COLUMNS]]], ignore_index=True)
    return table.sort_values(SORTED_BY, kind="stable", ignore_index=True)


def step_table(setting: Setting, runs: Ints, steps: Floats) -> pd.DataFrame:
    """Return one row per run and step: `run`, then the columns of `steps.parquet`."""
    n_runs, n_steps, n_columns = steps.shape
    names = step_names(setting)
    table = pd.DataFrame(steps.reshape(-1, n_columns), columns=list(names))
    whole = [name for name in names if name in WHOLE or name.startswith("countermeasures_")]
    table = table.astype(dict.fromkeys(whole, np.int64)).astype({"settled": bool})
    return _dated(setting, runs, np.tile(np.arange(n_steps), n_runs), table)


def state_table(setting: Setting, runs: Ints, states: Floats) -> pd.DataFrame:
    """Return one row per run, step and state: `run`, then the columns of `states.parquet`."""
    n_runs, n_steps, n_states, n_columns = states.shape
    table = pd.DataFrame(states.reshape(-1, n_columns), columns=list(OF_STATE))
    table = table.astype({"measures": np.int64, "waves": np.int64, "listed": bool})
    n_rows = n_runs * n_steps
    table.insert(0, "state", np.tile(np.array(setting.world.states, dtype=object), n_rows))
    table.insert(1, "role", np.tile(np.array(setting.roles, dtype=object), n_rows))
    step = np.tile(np.repeat(np.arange(n_steps), n_states), n_runs)
    return _dated(setting, runs, step, table)


def _dated(setting: Setting, runs: Ints, step: Ints, table: pd.DataFrame) -> pd.DataFrame:
    """Put run, step, day and date of each row in front."""
    day = (step + 1) * setting.config.scenario.step_days - 1
    table.insert(0, "run", np.repeat(runs, len(table) // runs.size))
    table.insert(1, "step", step)
    table.insert(2, "day", day)
    table.insert(3, "date", _dates(setting, setting.n_days)[day])
    return table


def _dates(setting: Setting, n_days: int) -> NDArray[np.object_]:
    return np.array([setting.date_of(day).isoformat() for day in range(n_days)], dtype=object)


def _in_words(
    setting: Setting, kind: int, actor: int, what: int, whom: int, detail: int
) -> tuple[str, str, str, str, str]:
    """Return actor, kind, instrument, target and detail of an act as `events.csv` has them."""
    name = list(log.CODES)[kind]
    senders, targets = setting.sender_codes, list(setting.config.scenario.targets)
    if kind in (log.MEASURE, log.COUNCIL, log.WITHDRAWAL, log.BLOCKED, log.CARVE_OUT):
        return _measure_in_words(setting, name, actor, what, detail)
    if kind in (log.COUNTERMEASURE, log.LISTED):
        answer = setting.world.countermeasures[what].code
        return targets[actor], name, answer, "" if whom < 0 else senders[whom], ""
    if kind == log.REFUSAL:
        answer = setting.world.countermeasures[what].code
        return senders[actor], name, answer, targets[whom], ""
    if kind == log.PROTEST:
        return senders[actor], name, "protest", targets[whom], ""
    if kind == log.STANCE:
        return setting.world.states[actor], name, "condemn", targets[whom], ""
    if kind == log.COOPERATION:
        return setting.world.states[actor], name, "defence_cooperation", targets[whom], ""
    if kind == log.SETTLEMENT:
        return "talks", name, "settlement", "", ""
    if kind == log.TALKS:
        return "world", name, "talks", "", "a further round"
    return "world", name, "escalation", "", "random event"


def _measure_in_words(
    setting: Setting, name: str, actor: int, what: int, detail: int
) -> tuple[str, str, str, str, str]:
    aim = setting.acts[what]
    instrument, target = aim.measure.code, aim.target
    if name in ("measure", "withdrawal"):
        words = wave_in_words(aim, detail) if name == "measure" else ""
        return setting.sender_codes[actor], name, instrument, target, words
    body = setting.councils[actor]
    if name == "council":
        return body.institution.code, name, instrument, target, wave_in_words(aim, detail)
    members = [setting.sender_codes[member] for member in body.members]
    objectors = " ".join(code for row, code in enumerate(members) if detail & (1 << row))
    return body.institution.code, name, instrument, target, objectors
