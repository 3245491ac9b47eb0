"""Ensembles of a history's setting under any shipped rule."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.analysis.forecast import Cells, foretold
from sim.analysis.history import History
from sim.analysis.record import Record, read_record
from sim.analysis.replay import answer_rows, script_rows
from sim.arrays import Ints
from sim.codes import DAY
from sim.config import Config, Rule
from sim.engine.ensemble import simulate_setting
from sim.setting import Setting, prepare
from sim.setting.script import Row, Script, script_from
from sim.sweep.progress import Progress
from sim.world import World


def simulated_days(
    world: World,
    history: History,
    rules: Sequence[Rule],
    cells: Cells,
    runs: int,
    since: int | None = None,
) -> Ints:
    """Return the day of each cell in each run of an ensemble, (n_cells, n_runs).

    Parameters
    ----------
    history : History
        Its configuration is simulated, up to the last day of its record.
    rules : sequence of Rule
        Each run has one of them, by turns: draws of the posterior of one rule, or that alone.
    since : int, optional
        Up to this day senders and councils do what the record says, and decide from the next; from
        the start, if not given.
    """
    days = np.zeros((len(cells.day), runs), np.int64)
    with Progress(min(len(rules), runs), f"{runs} runs of {rules[0].name}, parts") as progress:
        for first, rule in enumerate(rules[:runs]):
            setting = prepare(world, _configured(history, rule))
            if since is not None:
                setting = replace(setting, script=_script(setting, history.record, since))
            ensemble = simulate_setting(setting, range(first, runs, len(rules)))
            days[:, first :: len(rules)] = foretold(ensemble.announced.astype(np.int64), cells)
            progress.advance(1)
    return days


def on_record(setting: Setting, timeline: Path) -> Setting:
    """Return a setting in which all do what a timeline says up to its last day, and decide after.

    Targets too, who answer what was answered: `sim.analysis.replay.answer_rows`. What neither
    senders nor targets do is drawn from the first day on.

    Raises
    ------
    InputError
        As `read_record`.
    """
    record = read_record(timeline, setting)
    answers = answer_rows(setting, timeline, record.last_day)
    return replace(setting, script=_script(setting, record, record.last_day, answers))


def _script(
    setting: Setting, record: Record, since: int, answers: list[Row] | None = None
) -> Script:
    """Return the script of a scenario with what a record says up to a day, and deciding after."""
    given = [row for row in script_rows(setting, record) if row[DAY] <= since]
    own: list[Row] = [tuple(row) for row in setting.script.rows.tolist()]
    after = since + 1
    answer_from = 0 if answers is None else after
    return script_from([*own, *given, *(answers or [])], setting.n_days, after, answer_from)


def _configured(history: History, rule: Rule) -> Config:
    """Return the configuration of a history with a rule, no longer than its record."""
    config = copy.deepcopy(history.setting.config)
    config.rule = rule
    scenario = config.scenario
    if not scenario.events and not scenario.imposed:  # which may be dated later
        days = history.record.last_day + 1
        scenario.steps = min(scenario.steps, -(-days // scenario.step_days))
    return config
