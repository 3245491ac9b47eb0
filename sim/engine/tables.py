"""From rows of numbers to tables: the dated acts of runs in words, steps, states and sectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.arrays import Ints
from sim.engine import log
from sim.engine.sectors import rows_of, sectors_at_end
from sim.outcomes import OF_SECTOR, OF_STATE, OF_STEP, Quantity
from sim.setting import Setting
from sim.setting.menu import Act
from sim.shown import Shown, Summary, one_run_rows
from sim.words import counted

EVENT_COLUMNS = (
    "day", "date", "actor", "kind", "instrument", "target", "effective", "detail",
)  # fmt: skip
SORTED_BY = ["run", "day", "kind", "actor", "instrument", "target", "detail"]


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class History(Shown):
    """One finished run.

    Attributes
    ----------
    setting : Setting
    announced : (n_senders, n_acts) int
        Day of each first wave that stands at the end, -1 for none.
    events, steps, states : pandas.DataFrame
        As the functions of this module make them, without the number of the run.
    outcomes : dict of str to float
        By the columns of `sim.outcomes.OUTCOMES`.
    sectors : pandas.DataFrame, optional
        As `sector_table` makes it; None if it was not recorded.
    """

    setting: Setting
    announced: np.ndarray
    events: pd.DataFrame
    steps: pd.DataFrame
    states: pd.DataFrame
    outcomes: dict[str, float]
    sectors: pd.DataFrame | None = None

    def _summary(self) -> Summary:
        config = self.setting.config
        tables = ("events", "steps", "states", "sectors")
        there = {name: table for name in tables if (table := getattr(self, name)) is not None}
        sizes = [f"{name} ({counted(len(table), 'row')})" for name, table in there.items()]
        rows = one_run_rows(self.outcomes, config.scenario.targets)
        return Summary(
            f"History of run {config.run}, seed {config.seed}, of {config.scenario.name}: "
            f"{self.setting.span}",
            (
                *self.setting.facts(),
                ("tables", ", ".join(sizes)),
            ),
            ("outcome", "value", "unit"),
            rows,
            f"{len(rows)} of {len(self.outcomes)} outcomes; all: outcomes",
        )


def event_table(setting: Setting, runs: Ints, rows: Ints, n_events: Ints) -> pd.DataFrame:
    """Return the dated acts of runs: `run`, then the columns of `events.csv`.

    Parameters
    ----------
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
    known = pd.DataFrame(_outside_events(setting), columns=list(EVENT_COLUMNS))
    known = known.astype({"day": np.int64})  # where there is none too
    everywhere = pd.DataFrame({"run": runs}).merge(known, how="cross")
    table = pd.concat([everywhere, table[["run", *EVENT_COLUMNS]]], ignore_index=True)
    return table.sort_values(SORTED_BY, kind="stable", ignore_index=True)


def step_table(setting: Setting, runs: Ints, steps: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row per run and step: `run`, then the columns of `steps.parquet`."""
    n_steps = setting.config.scenario.steps
    table = pd.DataFrame(_columns(setting, OF_STEP, steps, runs.size * n_steps))
    return _dated(setting, runs, np.tile(np.arange(n_steps), runs.size), table)


def state_table(setting: Setting, runs: Ints, states: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row per run, step and state: `run`, then the columns of `states.parquet`."""
    n_steps, n_states = setting.config.scenario.steps, len(setting.world.states)
    n_rows = runs.size * n_steps
    table = pd.DataFrame(_columns(setting, OF_STATE, states, n_rows * n_states))
    table.insert(0, "state", np.tile(np.array(setting.world.states, dtype=object), n_rows))
    table.insert(1, "role", np.tile(np.array(setting.roles, dtype=object), n_rows))
    step = np.tile(np.repeat(np.arange(n_steps), n_states), runs.size)
    return _dated(setting, runs, step, table)


def sector_table(setting: Setting, runs: Ints, ends: Mapping[str, Any]) -> pd.DataFrame:
    """Return one row per run, state and sector at the end: `run`, then those of `sectors.parquet`.

    Parameters
    ----------
    ends : mapping of str to array
        What stands at the end of each run, of `sim.engine.results.trade_at_end`.
    """
    rows, n_states = rows_of(setting), len(setting.world.states)
    found = [sectors_at_end(setting, {k: v[n] for k, v in ends.items()}) for n in range(runs.size)]
    values = {q.field: np.stack([one[q.field] for one in found]) for q in OF_SECTOR}
    table = pd.DataFrame(_columns(setting, OF_SECTOR, values, runs.size * n_states * len(rows)))
    by_state = {
        name: np.tile(np.repeat(np.array(words, dtype=object), len(rows)), runs.size)
        for name, words in (("state", setting.world.states), ("role", setting.roles))
    }
    table.insert(0, "run", np.repeat(runs, n_states * len(rows)))
    table.insert(1, "state", by_state["state"])
    table.insert(2, "role", by_state["role"])
    table.insert(3, "sector", np.tile(np.array(rows, dtype=object), runs.size * n_states))
    return table


def _columns(
    setting: Setting, quantities: Iterable[Quantity], values: Mapping[str, Any], n_rows: int
) -> dict[str, Any]:
    """Return the columns of quantities; those of each target come together."""
    targets, found = list(setting.config.scenario.targets), {}
    listed = list(quantities)
    for quantity in listed:
        if not quantity.by_target:
            found[quantity.name] = values[quantity.field].reshape(n_rows)
    for t, target in enumerate(targets):
        for quantity in listed:
            if quantity.by_target:
                column = quantity.columns([target])[0]
                found[column] = values[quantity.field][..., t].reshape(n_rows)
    return found


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


def _outside_events(setting: Setting) -> list[tuple[Any, ...]]:
    """Return the dated events that come from outside the model, as rows of `events.csv`."""
    rows: list[tuple[Any, ...]] = []
    for event in setting.events:
        day = (event.date - setting.start).days
        if 0 <= day < setting.n_days:
            kind, date = "talks" if event.kind == "talks" else "event", event.date.isoformat()
            rows.append((day, date, "world", kind, event.kind, event.state, date, event.label))
    return rows


def _in_words(
    setting: Setting, kind: int, actor: int, what: int, whom: int, detail: int
) -> tuple[str, str, str, str, str]:
    """Return actor, kind, instrument, target and detail of an act as `events.csv` has them."""
    name = list(log.KINDS)[kind]
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


def wave_in_words(act: Act, wave: int) -> str:
    """Return which wave of an act it is, how many it designates and whom by name."""
    measure = act.measure
    parts = [f"wave {wave} of {measure.waves}"] if measure.waves > 1 else []
    counts = ((measure.individuals, "individuals"), (measure.entities, "entities"))
    parts += [f"{number} {what}" for number, what in counts if number]
    names = [entity.name for entity in act.named if entity.wave == wave]
    if names:
        parts.append(", ".join(names))
    return "; ".join(parts)
