"""What facts are judged by: every configuration simulated once, with the same runs."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from sim.analysis.facts.coalitions import Priced, price
from sim.analysis.facts.watched import Watched, watch
from sim.analysis.simulated import on_record
from sim.arrays import Floats
from sim.compose import checked, compose
from sim.config import Config
from sim.engine import Ensemble, simulate
from sim.engine.ensemble import simulate_setting
from sim.errors import InputError
from sim.setting import Setting, prepare
from sim.sweep.progress import Progress
from sim.world import World, load

G7 = ("USA", "CAN", "GBR", "FRA", "DEU", "ITA", "JPN")
BASELINE = "baseline"
CONFIGURATIONS: dict[str, tuple[str, ...]] = {
    BASELINE: (),
    **{f"alone_{code}": (f"experiment=alone_{code.lower()}",) for code in G7},
    **{f"without_{code}": (f"experiment=without_{code.lower()}",) for code in G7},
    "china_joins": ("experiment=china_joins",),
    "no_institution": ("coordination=loose",),
}


class Evidence:
    """Simulations that the facts share; each is made when first asked for, and once.

    Parameters
    ----------
    runs : int
        Runs of each configuration, numbered from 0: the same luck in all.
    watched : int
        How many of the baseline's runs to follow step by step.
    overrides : sequence of str
        Of every configuration, for instance a shorter run.
    free_of : Evidence, optional
        That of free runs, of which this has the same baseline on the record: in its runs all do
        what the world's timeline says to its last day, and decide after.

    Attributes
    ----------
    progress : Progress
        Of configurations, runs that are followed and runs that are priced; for whoever enters it.

    Raises
    ------
    InputError
        No runs; more to follow than there are.
    """

    progress: Progress

    def __init__(
        self,
        runs: int,
        watched: int,
        overrides: tuple[str, ...] = (),
        free_of: Evidence | None = None,
    ) -> None:
        if runs < 1:
            raise InputError(f"runs must be at least 1; found {runs}")
        if not 1 <= watched <= runs:
            raise InputError(f"watched must lie between 1 and runs={runs}; found {watched}")
        self.runs, self.number_watched, self.overrides = runs, watched, overrides
        self._ensembles: dict[str, Ensemble] = {}
        self.free_of = free_of
        parts = len(CONFIGURATIONS) + 1 + 3 * watched
        self.progress = Progress(parts, "facts") if free_of is None else free_of.progress

    @cached_property
    def on_record(self) -> Evidence:
        """The baseline on the record, where the economy is judged by itself."""
        return Evidence(self.runs, self.number_watched, self.overrides, self)

    def config(self, name: str) -> Config:
        """Return a configuration by its name in `CONFIGURATIONS`."""
        return checked(compose([*CONFIGURATIONS[name], *self.overrides]))

    def ensemble(self, name: str = BASELINE) -> Ensemble:
        """Return the runs of a configuration."""
        if name not in self._ensembles:
            with self.progress.part(f"{self.runs} runs of {name}"):
                self._ensembles[name] = (
                    simulate_setting(self.setting, self.runs)
                    if name == BASELINE
                    else simulate(self.world, self.config(name), self.runs)
                )
        return self._ensembles[name]

    def outcome(self, outcome: str, name: str = BASELINE) -> Floats:
        """Return one outcome of every run of a configuration, (n_runs,)."""
        return self.ensemble(name).outcome(outcome)

    @cached_property
    def world(self) -> World:
        """The world of the baseline."""
        return self.free_of.world if self.free_of else load(self.config(BASELINE).world.folder)

    @cached_property
    def setting(self) -> Setting:
        """The baseline, prepared."""
        if self.free_of:
            return on_record(self.free_of.setting, self.world.folder / "timeline.csv")
        return prepare(self.world, self.config(BASELINE))

    @cached_property
    def watched(self) -> Watched:
        """Runs of the baseline, followed step by step."""
        return watch(self.setting, self.number_watched, self.progress)

    @cached_property
    def priced(self) -> Priced:
        """Exact equilibria of coalitions that do what the watched runs end with."""
        return price(self.setting, self.watched.covered[:, -1], self.progress)

    def announced(self, state: str, *instruments: str, target: str = "RUS") -> Floats:
        """Return the day on which a sender first announced any of some measures, (n_runs,).

        Days since the start of the run; infinite where it never did or has taken it back.
        """
        runs = self.ensemble()
        acts = [runs.setting.find_act(instrument, target) for instrument in instruments]
        days = runs.announced[:, runs.setting.sender_codes.index(state), :][:, acts]
        return np.where(days < 0, np.inf, days).min(axis=1)
