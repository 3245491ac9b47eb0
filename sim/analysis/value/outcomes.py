"""What a coalition comes to: four outcomes that are defined for every coalition, nobody too."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.csv_table import records
from sim.engine import Ensemble


class Outcome(NamedTuple):
    """What coalitions are compared by."""

    key: str  # its name in tables
    label: str  # what it is, for a page; a `{target}` in it stands for the target's name
    unit: str  # as an axis has it
    meaning: str  # in a sentence, with `{target}`, and `{day}` for the day that speed is taken on

    def worded(self, target: str, day: int) -> Outcome:
        """Return it with names and numbers in its words."""
        words = {"target": target, "day": day}
        return self._replace(label=self.label.format(**words), meaning=self.meaning.format(**words))


*OUTCOMES, SHARE = (Outcome(**row) for row in records(Path(__file__).with_suffix(".csv")))
COLUMNS = tuple(outcome.key for outcome in (*OUTCOMES, SHARE))


def outcomes_of(runs: Ensemble, day: int) -> Floats:
    """Return what runs of a coalition come to, (n_columns, n_runs), in the order of `COLUMNS`.

    Parameters
    ----------
    runs : Ensemble
        With steps recorded.
    day : int
        On which measures are counted, of the run's steps the last that ends by it.
    """
    setting, table = runs.setting, runs.results["outcomes"]
    step = day // setting.config.scenario.step_days - 1
    gdp_bn = setting.world.gdp_bn[setting.senders].sum()
    return np.array(
        [
            runs.outcome(f"loss_{setting.main_target}_first_year"),
            table["sender_loss_mean_first_year"] / 100.0 * gdp_bn,  # a mean weighted by GDP
            runs.results["steps"]["measures_announced"][:, step],
            table["diverted_bn"],
            runs.outcome(f"leak_{setting.main_target}"),
        ],
        dtype=np.float64,
    )


def outcomes_of_nobody(runs: Ensemble, n_runs: int) -> Floats:
    """Return what comes of it without a sender, (n_columns, n_runs).

    Parameters
    ----------
    runs : Ensemble
        One run in which nobody decides on anything.
    n_runs : int
        Nothing is drawn that the outcomes depend on, so that one run stands for all.
    """
    found = np.zeros((len(COLUMNS), n_runs))
    found[0] = runs.outcome(f"loss_{runs.setting.main_target}_first_year")[0]
    found[-1] = np.nan  # of nothing
    return found
