"""Many runs of one setting as they come in: bands over time, and outcomes."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.paired import band
from sim.arrays import Floats
from sim.engine import simulate_setting
from sim.engine.ensemble import Ensemble
from sim.explore.charts import Line, over_time
from sim.setting import Setting
from sim.shown import outcome_rows

CHUNK = 50  # runs, a third of a second; then another page's turn
NUMBERS = (100, 300, 1000)  # of runs that a page offers


class Path(NamedTuple):
    """A quantity over the steps of a run, by its field in the engine's results."""

    field: str
    by_target: bool
    label: str
    unit: str
    times: float = 1.0


PATHS = (
    Path("loss", True, "Loss of {}", "% of GDP"),
    Path("mean_sender_loss", False, "Mean loss of the senders", "% of GDP"),
    Path("leak", True, "Covered trade with {} that leaks", "%", 100.0),
    Path("measures_announced", False, "Measures that stand", "number"),
)


def files_of(view: str) -> dict[str, str]:
    """Return the names of files of the charts of `PATHS`, by what is written on their entries."""
    return {path.label.format("the target"): f"{view}_{path.field}" for path in PATHS}


class Gathered:
    """The runs of a setting that are there so far."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._paths: dict[str, list[Floats]] = {path.field: [] for path in PATHS}
        self._outcomes: list[pd.DataFrame] = []

    @property
    def runs(self) -> int:
        """How many are there."""
        return sum(map(len, self._outcomes))

    def add(self, ensemble: Ensemble) -> None:
        """Add runs that have been simulated."""
        for path in PATHS:
            values = ensemble.results["steps"][path.field]
            values = values[..., 0] if path.by_target else values
            self._paths[path.field].append(path.times * values.astype(np.float64))
        self._outcomes.append(ensemble.to_frame())

    def bands(self, path: Path) -> Floats:
        """Return lower end, median and upper end of a path over the runs, (3, n_steps)."""
        return band(np.concatenate(self._paths[path.field]))

    def chart(self, path: Path) -> dict[str, Any]:
        """Return a path as a chart: the median, and the band of eight in ten runs."""
        low, median, high = self.bands(path)
        setting = self.setting
        target = setting.name_of(setting.main_target)
        step_days = setting.config.scenario.step_days
        days = [(step + 1) * step_days - 1 for step in range(len(median))]
        line = Line("median", median, low, high)
        return over_time(path.label.format(target), path.unit, days, setting.start, [line],
                         setting.n_days)  # fmt: skip

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row per run."""
        return pd.concat(self._outcomes, ignore_index=True)

    def rows(self) -> list[tuple[str, ...]]:
        """Return the main outcomes: name, mean, a tenth below, a tenth above, undefined, unit."""
        table = self.outcomes.drop(columns="run")
        targets = self.setting.config.scenario.targets
        return list(outcome_rows(list(table.columns), table.to_numpy(np.float64), targets))

    def table(self) -> pd.DataFrame:
        """Return the bands as a table: one row per step and quantity."""
        step_days, parts = self.setting.config.scenario.step_days, []
        for path in PATHS:
            low, median, high = self.bands(path)
            day = (np.arange(len(low)) + 1) * step_days - 1
            parts.append(pd.DataFrame({
                "quantity": path.field, "unit": path.unit, "day": day,
                "low": low, "median": median, "high": high,
            }))  # fmt: skip
        return pd.concat(parts, ignore_index=True)


def chunk_of(setting: Setting, first: int, upto: int) -> Ensemble:
    """Return the runs of a setting from one number up to another."""
    return simulate_setting(setting, range(first, upto), record="steps")
