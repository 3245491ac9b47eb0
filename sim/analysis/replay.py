"""The engine fed with the record: every decision on the way, with its terms.

A row is one sender, or the council of a union, with one act on one day. Whatever is at risk is
weighed by the code that weighs it in a run, so a covariate of the regression is what the rule saw.
"""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.analysis.record import Record, timeline_rows
from sim.arrays import Ints
from sim.codes import ALL, ANNOUNCE, ANSWER, COUNCIL
from sim.engine import log
from sim.engine.run import Run
from sim.rules.terms import Terms
from sim.setting import Setting
from sim.setting.script import Row, script_from

# Sanctions on who owns the Yamal pipe through Poland stopped gas (11 May 2022): docs/economy.md.
THROTTLES = {"company_sanctions": "gas_throttle"}
IN_PART = ("REU",)  # what befell some of its members is not its own, as in the timeline


class Decision(NamedTuple):
    """One actor, one act, one day."""

    actor: str  # a sender or a union
    # Position of the act, day of the run, waves taken before.
    act: int
    day: int
    wave: int
    adopted: bool  # the next wave was announced that day
    terms: Terms  # what was weighed; for a council the mean of its members by their voice
    at_table: bool  # the actor, or every member, sat at a table of leaders or ministers that day


def replayed(setting: Setting, record: Record) -> list[Decision]:
    """Return the decisions of a run in which senders and councils do what the record says.

    They do nothing else, and there are no talks. It ends with the record.
    """
    script = script_from(script_rows(setting, record), setting.n_days, setting.n_days)
    run = Run(replace(setting, script=script), seed=0)
    return decisions_of(run, min(record.last_day + 1, setting.n_days))


def decisions_of(run: Run, n_days: int) -> list[Decision]:
    """Return every decision of the first days of a run that has not begun."""
    decisions: list[Decision] = []
    adoption = run.state.adoption
    for day in range(n_days):
        level, passed = adoption.level.T.copy(), adoption.passed.copy()
        run.advance(1)
        weighed = run.state.trace.day == day
        if weighed.any():
            decisions += _of_senders(run, day, weighed, level)
            decisions += _of_councils(run, day, weighed, passed)
    return decisions


def _of_senders(run: Run, day: int, weighed: Ints, level: Ints) -> list[Decision]:
    setting, adopted = run.setting, np.zeros_like(weighed)
    alone = weighed & (setting.menu.council_of < 0)
    rows = run.state.log.rows[: run.state.log.n_rows]
    own = rows[(rows[:, log.DAY] == day) & (rows[:, log.KIND] == log.MEASURE)]
    adopted[own[:, log.ACTOR], own[:, log.WHAT]] = True  # what a council announces is not its own
    return [
        Decision(
            setting.sender_codes[i],
            int(act),
            day,
            int(level[i, act]),
            bool(adopted[i, act]),
            Terms(*run.state.trace.terms[i, act].tolist()),
            bool(setting.meetings.at_table[day, i]),
        )
        for i, act in np.argwhere(alone)
    ]


def _of_councils(run: Run, day: int, weighed: Ints, passed: Ints) -> list[Decision]:
    setting, menu, decisions = run.setting, run.setting.menu, []
    for c, council in enumerate(setting.councils):
        of_members = weighed[council.members]
        left = menu.agenda[c] & menu.on_menu & (passed[c] < menu.waves)
        at_table = bool(setting.meetings.at_table[day, council.members].all())
        for act in np.flatnonzero(of_members.any(axis=0) & left):
            who = of_members[:, act]
            rows = run.state.trace.terms[council.members[who], act]
            adopted = bool(run.state.adoption.passed[c, act] > passed[c, act])
            # Under a rule that is linear in its terms, the log hazard at the mean is the council's.
            voice, wave = council.voice[who], int(passed[c, act])
            terms = Terms(*(voice @ rows / voice.sum()).tolist())
            code = council.institution.code
            decisions.append(Decision(code, int(act), day, wave, adopted, terms, at_table))
    return decisions


def script_rows(setting: Setting, record: Record) -> list[Row]:
    """Return the script of a record.

    What a union announced where its members alone decide, each member announces.
    """
    unions = {council.institution.code: c for c, council in enumerate(setting.councils)}
    seats = {code: seat for seat, code in enumerate(setting.sender_codes)}
    rows: dict[Row, None] = {}
    for row in record.dated:
        act = setting.find_act(row.instrument, row.target)
        if row.actor not in unions:
            rows[row.day, ANNOUNCE, seats[row.actor], act, ALL] = None
        elif setting.menu.agenda[unions[row.actor], act]:
            rows[row.day, COUNCIL, unions[row.actor], act, ALL] = None
        else:
            for seat in setting.councils[unions[row.actor]].members.tolist():
                rows[row.day, ANNOUNCE, seat, act, ALL] = None
    return list(rows)


def answer_rows(setting: Setting, timeline: Path, until: int) -> list[Row]:
    """Return what targets answered up to a day, as rows of a script.

    The first of each counts: of an answer that hits senders one by one the first to each, of all
    others the first to anybody. One that is given to no sender of the run by name is given to all.
    """
    targets, senders = list(setting.config.scenario.targets), list(setting.sender_codes)
    answers = [counter.code for counter in setting.world.countermeasures]
    first: dict[tuple[int, int, int], int] = {}
    for row in sorted(timeline_rows(timeline), key=lambda row: str(row["announced"])):
        answer = THROTTLES.get(row["instrument"], row["instrument"])
        if row["sender"] not in targets or answer not in answers or row["announced"] is None:
            continue
        day, c = (row["announced"] - setting.start).days, answers.index(answer)
        if not 0 <= day <= until:
            continue
        whom = [ALL]
        if setting.answers.each[c]:
            named = [row["target"]] if row["target"] in setting.world.states else senders
            whom = [senders.index(code) for code in named if code in senders]
            whom = [i for i in whom if named is senders or senders[i] not in IN_PART]
        for i in whom:
            first.setdefault((targets.index(row["sender"]), c, i), day)
    return [(day, ANSWER, t, c, i) for (t, c, i), day in first.items()]
