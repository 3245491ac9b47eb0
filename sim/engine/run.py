"""One run, day by day: for who looks on, and for who takes part."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from sim.arrays import Floats
from sim.config import RECORDS
from sim.engine.day import order_of
from sim.engine.ensemble import Ensemble
from sim.engine.inputs import inputs_of
from sim.engine.log import new_log
from sim.engine.loop import advance, begin, conclude
from sim.engine.results import new_results, results_record, trade_at_end
from sim.engine.state import new_state
from sim.engine.tables import History
from sim.record import record_of
from sim.rules import clock
from sim.rules.terms import Terms
from sim.setting import Setting
from sim.setting.decision import check_defined
from sim.setting.script import Row, script_from

ROOM = 2**14  # rows of a log, more than two days' worth; a longer one gets more


class Run:
    """One run of a setting.

    Parameters
    ----------
    setting : Setting
    seed, run : int
        Key of all draws.

    Attributes
    ----------
    state : Record
        What the run is at; see `sim.engine.state`.
    script : list of tuple
        What is carried out on which day, rows as of `sim.setting.script.Script`.
    """

    def __init__(self, setting: Setting, seed: int, run: int = 0) -> None:
        own = replace(setting.config, seed=seed, run=run)  # what its results say of themselves
        self.setting, self._given = replace(setting, config=own), inputs_of(setting)
        self._inputs = record_of(self._given)
        self._results = new_results(self._given, 1, "states", ends=True)
        results = results_record(self._results, slice(0, 1))
        self.state = new_state(self._given, results, new_log(ROOM), traces=True)
        self.state.clock.seed, self.state.clock.run = seed, run
        self._order = order_of(self._inputs, self.state)
        self.script: list[Row] = [tuple(row) for row in setting.script.rows.tolist()]
        begin(self._order, self._inputs, self.state)

    def __repr__(self) -> str:
        clock, setting = self.state.clock, self.setting
        when = f"on {setting.date_of(self.day)}" if self.day >= 0 else "not begun"
        return (
            f"<Run {clock.run}, seed {clock.seed}, of {setting.config.scenario.name}: {when}, "
            f"day {self.day + 1} of {setting.n_days}>"
        )

    @property
    def day(self) -> int:
        """Days since the start, -1 before the first."""
        return int(self.state.clock.day)

    def advance(self, days: int) -> None:
        """Let days pass, to the end of the run at most."""
        for _ in range(min(days, self.setting.n_days - 1 - self.day)):
            advance(self._order, self._inputs, self.state, 1)
            check_defined(self.state.work.undefined)
            log = self.state.log
            if log.n_rows > log.rows.shape[0] // 2:
                log.put("rows", np.vstack([log.rows, np.zeros_like(log.rows)]))

    def carry_out(self, row: Row) -> None:
        """Add a row to the script of the days to come."""
        self.script.append(row)
        given = self.setting.script
        script = script_from(self.script, self.setting.n_days, given.decide_from, given.answer_from)
        self._inputs.put("script", script)

    def so_far(self) -> Ensemble:
        """Return what the run has come to, as an ensemble of one; later steps are not in it."""
        conclude(self._order, self._inputs, self.state)
        table, clock = self._results, self.state.clock
        log = self.state.log.rows[: self.state.log.n_rows].copy()
        runs = np.array([clock.run], dtype=np.int64)
        record = max(self.setting.config.record, "states", key=RECORDS.index)
        return Ensemble(self.setting, runs, record, table, log, self._exact())

    def history(self) -> History:
        """Return the history of the run up to the last step that has passed."""
        history = self.so_far().history()
        return replace(
            history,
            steps=history.steps[history.steps["day"] <= self.day].reset_index(drop=True),
            states=history.states[history.states["day"] <= self.day].reset_index(drop=True),
        )

    def outcomes(self) -> dict[str, float]:
        """Return what the run has come to, by the columns of `sim.outcomes.OUTCOMES`."""
        found = self.so_far()
        return dict(zip(found.names, found.outcomes[0].tolist(), strict=True))

    def log_hazard(self, seat: int, act: int) -> float:
        """Return the log hazard per week at what a sender weighed last, shocks left out."""
        weighed = Terms(*self.state.trace.terms[seat, act].tolist())
        return float(self.setting.decide(weighed, self.setting.weights))

    def shared_by(self, decider: int, act: int, day: int) -> list[tuple[str, float]]:
        """Return name and addition to the log hazard of what a decision shares with others.

        Parameters
        ----------
        decider : int
            Of `sim.engine.deciders`.
        """
        rule, inputs = self.setting.config.rule, self._given
        found: list[tuple[str, float]] = []
        if not 0 <= day <= self.day:
            return found
        falls = clock.weekend(day, self.setting.start.weekday())
        if rule.weekend and falls:
            found.append(("weekend", rule.weekend * falls))
        if rule.frailty_sd:
            found.append(("frailty", math.log(self.state.decision.common[day])))
        at_table = inputs.calendar.at_table[day, decider]
        if at_table and rule.package_sd:
            found.append(("package", math.log(self.state.decision.text[day, act])))
        if not at_table and rule.agenda_sd:
            found.append(("agenda", math.log(self._agenda(decider, day))))
        return found

    def decider_of(self, seat: int) -> int:
        """Return the decider that a sender is for itself."""
        return int(self._given.deciders.alone[seat])

    def _agenda(self, decider: int, day: int) -> float:
        from sim.draws import Stream, stratum_of_day

        clock, cell = self.state.clock, int(self._given.deciders.cell[decider])
        at = stratum_of_day(clock.seed, clock.run, int(Stream.AGENDA), day, cell)
        return float(self._given.shocks.agenda[at])

    def _exact(self) -> Floats:
        from sim.engine.exact import exact_names, exact_outcomes

        if not exact_names(self.setting):
            return np.zeros((1, 0))
        return exact_outcomes(self.setting, trade_at_end(self._results))
