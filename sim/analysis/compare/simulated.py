"""Runs of one setting, as far as a comparison needs them.

Runs are simulated in batches, and what is recorded of states and days is reduced at once: so ten
thousand runs take a few hundred megabytes. Axis order: `(runs, ...)`.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.codes import YEAR
from sim.engine import Ensemble, log, simulate_setting
from sim.outcomes import OF_STEP, Quantity
from sim.setting import Setting

ROWS = 1_500_000  # of states and steps at a time: some 150 megabytes
PATHS = tuple(q for q in OF_STEP if q.name not in ("severity", "urgency", "settled"))
Singles = NDArray[np.float32]
Pair = tuple[str, str, str]  # sender, or council for its members; measure; target
Tick = Callable[[int], None]  # runs done


class Simulated(NamedTuple):
    """Runs of one setting."""

    outcomes: dict[str, Floats]
    paths: dict[str, Singles]  # what is recorded of steps, by column
    loss: Floats  # (n_runs, n_states) mean loss of the first year, percent of GDP
    # (n_runs, n_senders, n_acts) Day on which a sender first announced an act, alone or in a
    # council; infinite for never.
    first: Singles


def simulated(
    setting: Setting, runs: int, tick: Tick | None = None, own: Iterable[Setting] | None = None
) -> Simulated:
    """Return runs 0 to `runs` - 1 of a setting, or each of a setting of its own."""
    parts = []
    together = ((setting, numbers) for numbers in batches(setting, runs))
    alone = zip(own or (), np.arange(runs)[:, None], strict=False)
    for one, numbers in together if own is None else alone:
        parts.append(_reduced(simulate_setting(one, numbers.tolist(), record="states")))
        if tick is not None:
            tick(numbers.size)
    return Simulated(
        {key: np.concatenate([part.outcomes[key] for part in parts]) for key in parts[0].outcomes},
        {key: np.concatenate([part.paths[key] for part in parts]) for key in parts[0].paths},
        np.concatenate([part.loss for part in parts]),
        np.concatenate([part.first for part in parts]),
    )


def batches(setting: Setting, runs: int) -> Iterator[Ints]:
    """Yield the numbers of runs that are simulated together, every core with as many."""
    rows = setting.config.scenario.steps * len(setting.world.states)
    size = max(ROWS // rows, os.cpu_count() or 1)
    n_batches = -(-runs // size)
    yield from np.array_split(np.arange(runs), n_batches)


def _reduced(ensemble: Ensemble) -> Simulated:
    setting = ensemble.setting
    targets = list(setting.config.scenario.targets)
    steps = ensemble.results["steps"]
    paths = {
        column: values.astype(np.float32)
        for quantity in PATHS
        for column, values in _columns(quantity, steps[quantity.field], targets)
    }
    weights = _days_in_first_year(setting)
    loss = np.einsum("rts,t->rs", ensemble.results["states"]["loss"], weights)
    outcomes = dict(zip(ensemble.names, ensemble.outcomes.T.copy(), strict=True))
    return Simulated(outcomes, paths, loss, _first_days(ensemble))


def _columns(
    quantity: Quantity, values: Floats, targets: list[str]
) -> Iterator[tuple[str, Floats]]:
    parts = np.moveaxis(values, -1, 0) if quantity.by_target else [values]
    yield from zip(quantity.columns(targets), parts, strict=True)


def _days_in_first_year(setting: Setting) -> Floats:
    """Return the share of each step in the days of the first year, (n_steps,)."""
    scenario = setting.config.scenario
    ends = np.minimum((np.arange(scenario.steps) + 1) * scenario.step_days, YEAR)
    days = np.diff(ends, prepend=0).astype(np.float64)
    return days / days.sum()


def _first_days(ensemble: Ensemble) -> Singles:
    """Return the day on which each sender first announced each act, alone or in a council."""
    setting, rows = ensemble.setting, ensemble.log
    n_runs, n_acts = ensemble.runs.size, len(setting.acts)
    run = np.repeat(np.arange(n_runs), ensemble.results["ends"]["n_events"])
    first = np.full((n_runs, setting.senders.size, n_acts), np.inf, np.float32)
    passed = np.full((n_runs, len(setting.councils), n_acts), np.inf, np.float32)
    for kind, days in ((log.MEASURE, first), (log.COUNCIL, passed)):
        mine = rows[:, log.KIND] == kind
        at = run[mine], rows[mine, log.ACTOR], rows[mine, log.WHAT]
        np.minimum.at(days, at, rows[mine, log.DAY].astype(np.float32))
    for c, council in enumerate(setting.councils):
        first[:, council.members] = np.minimum(first[:, council.members], passed[:, [c]])
    return first


def pairs_of(setting: Setting, first: Singles) -> dict[Pair, Singles]:
    """Return the first day of every act by who takes it, (n_runs,) each.

    An act that a council decides on is the council's, on the day on which more than half of its
    members have it; other acts are each sender's own.
    """
    codes, found = setting.sender_codes, {}
    for k, act in enumerate(setting.acts):
        alone = dict.fromkeys(range(len(codes)))
        for council in setting.councils:
            if act.measure.competence == council.competence:
                days = np.sort(first[:, council.members, k], axis=1)
                key = (council.institution.code, act.measure.code, act.target)
                found[key] = days[:, days.shape[1] // 2]
                alone = {i: None for i in alone if i not in council.members}
        for i in alone:
            found[codes[i], act.measure.code, act.target] = first[:, i, k]
    return found
