"""How many dates the bands of a model that is right would hold.

    python experiments/covered.py [RUNS]

Bands of 80 % hold more than 80 % of the dates: days are whole and tie, and a rule that was learnt
on the dates that it is scored on has been fitted to their luck. So each run of the shipped rule
stands in for the record once: what it announced is read as a timeline, the rule is learnt on it
anew, and both the rule that made the dates and the one learnt on them are scored on them, as
`sanctionsim score` does from the start. The record's coverage is held against the column 'learnt'.
"""

from __future__ import annotations

import dataclasses

import arguments
import numpy as np
from recovery import WEEKS, announced

from sim.analysis.episodes import sample_of
from sim.analysis.estimate import learn
from sim.analysis.forecast import Scores, cells_of, scores, shares
from sim.analysis.history import History, history_of, person_periods, replayed
from sim.analysis.simulated import simulated_days
from sim.config import Config, Rule
from sim.model import SanctionsModel
from sim.setting import Setting, prepare
from sim.world import World, load

SHOWN = ("coverage", "central", "log_score")
SEED, SIMULATED = 2023, 500  # another seed than the score's own runs


def main() -> None:
    asked = arguments.parser(__doc__)
    asked.add_argument("runs", nargs="?", type=arguments.number, default=24)
    runs = asked.parse_args().runs
    world, config = load("march_2022"), Config()
    config.scenario.steps = WEEKS
    setting = prepare(world, config)
    told = history_of(world, config, world.folder / "timeline.csv")
    print("from the start: coverage of 80 % bands, the same with ties shared out, and log score;")
    print("each of the rule that made the dates and of the one that is learnt on them")
    print(f"{'run':>4}{'adoptions':>11}" + f"{'made':>9}{'learnt':>8}" * 3)
    found = []
    for run in range(runs):
        history = lived(told, setting, run)
        made, learnt = (scored(world, history, rule) for rule in rules(history))
        found.append([getattr(of, name) for name in SHOWN for of in (made, learnt)])
        row = "".join(f"{value:>{9 - k % 2}.3f}" for k, value in enumerate(found[-1]))
        print(f"{run:>4}{cells_of(history).events:>11.0f}{row}", flush=True)
    for k, column in enumerate(np.array(found).T):
        mean, spread = column.mean(), column.std()
        name = f"{SHOWN[k // 2]}, {('made', 'learnt')[k % 2]}"
        print(f"{name}: mean {mean:.3f}, spread {spread:.3f}, at most {column.max():.3f}")


def lived(told: History, setting: Setting, run: int) -> History:
    """Return what a run announced as a history that can be learnt from."""
    model = SanctionsModel(setting, SEED, run)
    for _ in range(setting.config.scenario.steps):
        model.step()
    record = announced(setting, model)
    table = person_periods(replayed(setting, record), setting, record)
    table = table[table["wave"] == 0].reset_index(drop=True)
    return dataclasses.replace(told, setting=setting, record=record, table=table)


def rules(history: History) -> tuple[Rule, Rule]:
    """Return the rule that made a history, and the one that is learnt on it."""
    made = history.setting.config.rule
    learnt = learn(sample_of(history).table, "hazard").rule
    learnt.wave = made.wave  # of the rounds, which are not scored
    return made, learnt


def scored(world: World, history: History, rule: Rule) -> Scores:
    """Return how a rule does on a history from the start."""
    cells = cells_of(history)
    days = simulated_days(world, history, [rule], cells, SIMULATED)
    return scores(shares(days, cells), cells, days)


if __name__ == "__main__":
    main()
