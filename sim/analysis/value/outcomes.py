"""What a coalition comes to: four outcomes that are defined for every coalition, nobody too."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Floats
from sim.engine import Ensemble
from sim.setting import Setting


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


OUTCOMES = (
    Outcome(
        "loss",
        "What {target} loses",
        "% of GDP",
        "Loss of real income of {target}, mean over the first year of the run (over all of it, if "
        "it is shorter). With nobody it loses what the war itself costs it: trade across borders "
        "that the war has closed.",
    ),
    Outcome(
        "cost",
        "What the senders pay",
        "USD bn a year",
        "Losses of the senders in the coalition, summed, mean over the first year, after "
        "transfers. What it costs those who look on is not in it. A member that sells what the "
        "target cannot sell any more gains by its price, and lowers the sum. With nobody it is 0.",
    ),
    Outcome(
        "speed",
        "How fast measures come",
        "measures",
        "Measures that stand after {day} days, once per sender and target. A union counts as many "
        "senders as it has members here. Days until a number of measures would not do: a small "
        "coalition never comes to it.",
    ),
    Outcome(
        "leak",
        "What leaks",
        "USD bn a year",
        "Exports to all targets that are covered and that other states carry instead, at the end. "
        "The share of the covered trade that leaks would not do: it is a share of nothing where "
        "nobody sanctions.",
    ),
)
SHARE = Outcome(
    "leak_share",
    "Share that leaks",
    "share",
    "Share of the covered trade with {target} that finds another way, at the end; not defined "
    "where nobody sanctions.",
)
COLUMNS = tuple(outcome.key for outcome in (*OUTCOMES, SHARE))


def main_target(setting: Setting) -> str:
    """Return the code of the target whose loss is asked about: the first of the scenario."""
    return next(iter(setting.config.scenario.targets))


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
            runs.outcome(f"loss_{main_target(setting)}_first_year"),
            table["sender_loss_mean_first_year"] / 100.0 * gdp_bn,  # a mean weighted by GDP
            runs.results["steps"]["measures_announced"][:, step],
            table["diverted_bn"],
            runs.outcome(f"leak_{main_target(setting)}"),
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
    found[0] = runs.outcome(f"loss_{main_target(runs.setting)}_first_year")[0]
    found[-1] = np.nan  # of nothing
    return found
