"""A run begins from nothing: what an earlier one left in the same memory changes no number."""

from __future__ import annotations

import numpy as np
import pytest
from test_reference import CASES, WORLD, config_of

from sim.engine.loop import begin
from sim.engine.run import Run
from sim.record import Record
from sim.setting import prepare
from sim.world import load

# Room to work in, which is written before it is read; the run above would tell if it were not.
ROOM = {
    "course": {"escalations"},
    "decision": {
        "common", "factor", "factors_to", "largest_at_table", "largest_elsewhere", "decides",
        "log_hazard", "pace", "room", "text", "weekly",
    },
    "effect": {
        "before", "cap", "excluded_now", "loss_by_horizon", "old", "ready", "rent", "unpaid",
        "young",
    },
    "exposure": {"ahead", "pull", "seen"},
    "fresh_sums": {"beyond", "moved"},
    "mature_sums": {"beyond", "moved"},
    "target": {"armed", "single_threshold"},
    "third_party": {"condemn_threshold", "cooperate_threshold"},
    "trace": {"terms"},
}  # fmt: skip
WHOLE = {"all_floats", "all_flags"}  # the same memory as the arrays of a part
NOTHING_OF = ("results", "terms", "work")
OF_THE_RUN = ("seed", "run", "row", "results", "rows", "work")  # given or counted on


def fill(record: Record) -> None:
    """Leave something in every array and number of a record and of those in it."""
    for name, kind in record._numba_type_.fields:
        if name in OF_THE_RUN:
            continue
        value = getattr(record, name)
        if isinstance(value, Record):
            fill(value)
        elif isinstance(value, np.ndarray):
            value[...] = 7.25 if value.dtype == np.float64 else 1
        else:
            setattr(record, name, 7.25 if "float" in str(kind) else 1)


@pytest.fixture(scope="module")
def world():
    return load(WORLD)


@pytest.mark.parametrize("case", CASES)
def test_a_run_begins_alike_whatever_was_there_before(world, case):
    setting = prepare(world, config_of(CASES[case]))
    new, again = (Run(setting, setting.config.seed, 1) for _ in range(2))
    fill(again.state)
    begin(again._order, again._inputs, again.state)
    for run in (new, again):
        run.advance(setting.n_days)
    mine, theirs = new.so_far(), again.so_far()
    assert mine.events().equals(theirs.events())
    assert mine.steps().equals(theirs.steps())
    assert mine.states().equals(theirs.states())
    assert np.array_equal(mine.outcomes, theirs.outcomes, equal_nan=True)
    assert np.array_equal(new.state.trace.day, again.state.trace.day)


def told_apart(mine: Record, theirs: Record, part: str = "") -> set[str]:
    """Return the names of what two records do not have alike, room to work in left out."""
    found: set[str] = set()
    for name, _ in mine._numba_type_.fields:
        one, other = getattr(mine, name), getattr(theirs, name)
        if isinstance(one, Record):
            found |= told_apart(one, other, name) if name not in NOTHING_OF else set()
        elif name not in ROOM.get(part, {"rows", "weighed"}) | WHOLE and not np.array_equal(
            one, other
        ):
            found.add(f"{part} {name}")
    return found


def test_all_of_the_state_is_set_anew_but_for_room_to_work_in(world):
    setting = prepare(world, config_of({}))
    new, again = (Run(setting, setting.config.seed) for _ in range(2))
    fill(again.state)
    begin(again._order, again._inputs, again.state)
    assert not told_apart(new.state, again.state)


def test_nothing_is_cut_lost_paid_or_carried_as_a_run_begins(world):
    setting = prepare(world, config_of({}))
    effect = Run(setting, setting.config.seed).state.effect
    there = {name for name, _ in effect._numba_type_.fields if np.any(getattr(effect, name))}
    assert there == {
        "all_flags", "all_floats", "carrier_share", "cover_is_stale", "finance_is_stale",
        "first_day", "fuels_change", "others_change", "premium", "reluctance", "scarcity",
    }  # fmt: skip
