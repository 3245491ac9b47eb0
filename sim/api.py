"""The public face in Python: what the commands do, as functions that return what they found.

Nothing is computed here, nothing is printed, and nothing is written but where it is asked for.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.outcomes import OF_SECTOR, OF_STATE, OF_STEP, OUTCOMES, by_column
from sim.shown import SPREAD, Shown, Summary, number_of, one_run_rows, outcome_rows
from sim.variants import Variant, variant_of, words_of

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.analysis.compare.comparison import Comparison
    from sim.config import Config
    from sim.engine import Ensemble, History
    from sim.setting import Setting
    from sim.sweep.store import Sweep
    from sim.world import World

QUANTITIES = {"outcomes": OUTCOMES.values(), "steps": OF_STEP, "states": OF_STATE,
              "sectors": OF_SECTOR}  # fmt: skip
FIGURES = ("network", "calendar", "costs", "paths", "sectors")


def run(
    *what: str,
    runs: int | Sequence[int] = 1,
    network: nx.MultiDiGraph | None = None,
    config_dir: str | Path | None = None,
    **levers: Any,
) -> Runs:
    """Simulate runs of one setting, and return them.

    Parameters
    ----------
    *what : str
        The name of an experiment or a scenario, and overrides as of `sanctionsim run`; the default
        if nothing is said.
    runs : int or sequence of int
        How many, numbered from 0, or which. A single run records everything, several their
        outcomes, unless `record` says otherwise.
    network : MultiDiGraph, optional
        Other ties than the world's: `sim.alliance_network(world)`, edited.
    config_dir : path, optional
        A folder of your own with further files of the config groups.
    **levers : object
        The same overrides as values: `coordination__peer_weight=2.0`, `seed=7`,
        `record="events"`; `__` stands for the point.

    Returns
    -------
    Runs

    Raises
    ------
    InputError
        What is named is unknown, a value is out of its range, or no run is asked for.

    Examples
    --------
    >>> import sim
    >>> pressed = sim.run("status_quo", runs=4, scenario__steps=2, coordination__peer_weight=2.0)
    >>> pressed.outcomes.shape[0], pressed["acts_announced"].min() > 0
    (4, True)
    >>> sim.run("coordination.peer_weight=2", scenario__steps=2)["loss_RUS"].size
    1
    >>> sim.run("without_jap")
    Traceback (most recent call last):
    sim.errors.InputError: experiment or scenario 'without_jap' is unknown; did you mean ...
    """
    from sim.engine import simulate_setting
    from sim.engine.results import keeps
    from sim.setting import prepare
    from sim.world import load

    variant = _variant(what, levers, config_dir)
    config = variant.config
    single = isinstance(runs, int) and runs == 1
    numbers = [config.run] if single else runs
    record = "states" if single and not keeps(config.record, "states") else config.record
    setting = prepare(load(config.world.folder), config, network)
    ensemble = simulate_setting(setting, numbers, record=record)
    return Runs.of(variant.label, ensemble)


def compare(
    *settings: str,
    runs: int = 500,
    config_dir: str | Path | None = None,
    **levers: Any,
) -> Comparison:
    """Compare settings over the same draws, each with the first.

    Parameters
    ----------
    *settings : str
        Two or more, each the name of an experiment or a scenario, or overrides.
    runs : int
        How many of each.
    config_dir : path, optional
        A folder of your own with further files of the config groups.
    **levers : object
        Overrides of all of them, as of `sim.run`.

    Returns
    -------
    Comparison
        `differences()` has one row per outcome, with the band and what is more than luck.

    Raises
    ------
    InputError
        Fewer than two settings, or settings that cannot be compared.

    Examples
    --------
    >>> import sim
    >>> sim.compare("status_quo")
    Traceback (most recent call last):
    sim.errors.InputError: compare: name at least two settings, ...
    """
    from sim.analysis.compare.comparison import compare as compared

    common, own = words_of(levers), _folder(config_dir)
    return compared([variant_of(text, common, own) for text in settings], runs)


def sweep(
    what: str | Mapping[str, Any],
    *words: str,
    out: str | Path | None = None,
    config_dir: str | Path | None = None,
    progress: bool = False,
    **levers: Any,
) -> Sweep:
    """Simulate a design of many points, several times each, and return the store of it.

    Parameters
    ----------
    what : str or mapping
        The name of a shipped sweep or an experiment; or factors: values, or a range as a mapping,
        by the path of each parameter.
    *words : str
        Further overrides, as of `sanctionsim sweep`.
    out : path, optional
        Folder of the store, where a sweep that was interrupted goes on. Without it the store is
        temporary, and gone with the last reference to what is returned.
    config_dir : path, optional
        A folder of your own with further files of the config groups.
    progress : bool
        Say on stderr how far it is.
    **levers : object
        Overrides as of `sim.run`, and those of the design: `design__replications=50`.

    Returns
    -------
    Sweep
        `runs()` has one row per run, `means()` one per point.

    Raises
    ------
    InputError
        Whatever is wrong with the factors or the design, or a folder that holds something else.

    Examples
    --------
    >>> import sim
    >>> peers = sim.sweep(
    ...     {"coordination.peer_weight": [0, 2]}, design__replications=3, scenario__steps=2
    ... )
    >>> peers.runs().groupby("coordination.peer_weight")["loss_RUS"].size().to_dict()
    {0: 3, 2: 3}
    """
    from sim.sweep import store
    from sim.sweep.command import place
    from sim.sweep.plan import plan_of
    from sim.sweep.runner import here
    from sim.sweep.runner import sweep as swept

    own = _folder(config_dir)
    plan = plan_of([*_design(what), *words, *words_of(levers)], own)
    folder = place(str(out or plan.config.out or tempfile.mkdtemp(prefix="sanctionsim-")), False,
                   False)  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    swept(plan, folder, here(plan.config.workers), quiet=not progress)
    found = store.open(folder)
    if not (out or plan.config.out):
        weakref.finalize(found, shutil.rmtree, folder, ignore_errors=True)
    return found


def load_world(name: str = "march_2022") -> World:
    """Return a world: a shipped one by its name, or your own by the path of its folder.

    Raises
    ------
    InputError
        It is unknown, or a table of it is wrong.

    Examples
    --------
    >>> import sim
    >>> sim.load_world().index("JPN")
    6
    """
    from sim.world import load

    return load(name)


class Runs(Shown):
    """Runs of one setting: their outcomes, and what was recorded of each.

    Parameters
    ----------
    label : str
        As they were asked for.
    setting : Setting
    numbers : list of int
        Numbers of the runs.
    record : str
        What was recorded, one of `sim.config.RECORDS`; each has all that stands before it.
    read : callable
        Returns a table by its name.

    Examples
    --------
    >>> import sim
    >>> one = sim.run("status_quo", scenario__steps=2)
    >>> one.events[["date", "actor", "instrument"]].columns.to_list()
    ['date', 'actor', 'instrument']
    >>> one.steps.attrs["units"]["loss_RUS"]
    'percent of GDP'
    >>> one["loss_RUZ"]
    Traceback (most recent call last):
    sim.errors.InputError: outcome 'loss_RUZ' is unknown; did you mean 'loss_RUS'? ...
    """

    def __init__(
        self,
        label: str,
        setting: Setting,
        numbers: list[int],
        record: str,
        read: Callable[[str], pd.DataFrame],
    ) -> None:
        self.label, self.setting, self.numbers = label, setting, numbers
        self.record, self._read = record, read
        self._tables: dict[str, pd.DataFrame] = {}

    @classmethod
    def of(cls, label: str, ensemble: Ensemble) -> Runs:
        """Return the runs of an ensemble."""
        tables = {
            "outcomes": ensemble.to_frame,
            "events": ensemble.events,
            "steps": ensemble.steps,
            "states": ensemble.states,
            "sectors": ensemble.sectors,
        }
        numbers = ensemble.runs.tolist()
        return cls(label, ensemble.setting, numbers, ensemble.record, lambda name: tables[name]())

    @property
    def config(self) -> Config:
        """The configuration of all of them."""
        return self.setting.config

    @property
    def outcomes(self) -> pd.DataFrame:
        """One row per run, by its number; nan where an outcome is not defined."""
        return self._table("outcomes")

    @property
    def events(self) -> pd.DataFrame:
        """Dated acts."""
        return self._table("events")

    @property
    def steps(self) -> pd.DataFrame:
        """One row per run and step."""
        return self._table("steps")

    @property
    def states(self) -> pd.DataFrame:
        """One row per run, step and state."""
        return self._table("states")

    @property
    def sectors(self) -> pd.DataFrame:
        """One row per run, state and sector, on the last day."""
        return self._table("sectors")

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, outcome: str) -> pd.Series:
        """Return one outcome by run; InputError with the nearest name for one that is none."""
        if outcome not in self.outcomes:
            raise InputError.unknown("outcome", str(outcome), map(str, self.outcomes))
        return self.outcomes[outcome]

    def explain(
        self, actor: str, instrument: str = "", target: str = "", run: int | None = None
    ) -> str:
        """Return in words why a state or a council did what it did, as of the end of a run.

        Parameters
        ----------
        actor : str
            Code of a state or an institution.
        instrument, target : str
            Which measure; the last one that mattered if not given.
        run : int, optional
            Number of the run; needed where there are several.
        """
        from sim.model import SanctionsModel

        model = SanctionsModel(self.setting, self.config.seed, self._number(run))
        model.advance(self.setting.n_days)
        councils = [council.code for council in model.councils]
        agent = model.council(actor) if actor in councils else model.state(actor)
        asked = (instrument, target) if instrument else ()
        return str(agent.explain(*asked))

    def history(self, run: int | None = None) -> History:
        """Return all that can be recorded of one run; it is simulated again where it was not."""
        from sim.run import simulate

        return simulate(self._setting_of(self._number(run)))

    def figure(self, name: str, run: int | None = None) -> Figure:
        """Return a figure of one run: 'network', 'calendar', 'costs', 'paths' or 'sectors'."""
        from sim.report import drawn

        return drawn(name, self.history(run))

    def page(self, run: int | None = None) -> Page:
        """Return the page of one run, with all its figures inside."""
        with tempfile.TemporaryDirectory(prefix="sanctionsim-") as folder:
            self._write(Path(folder), self.history(run))
            return Page((Path(folder) / "index.html").read_text(encoding="utf-8"))

    def save(self, folder: str | Path, run: int | None = None) -> Path:
        """Write the results folder of one run, as `sanctionsim run out=FOLDER` does; return it.

        Raises
        ------
        InputError
            The folder holds something, or cannot be written.
        """
        from sim.run import save

        return save(self.history(run), Path(folder))

    def _summary(self) -> Summary:
        config, targets = self.config, self.config.scenario.targets
        title = f"{number_of(len(self), 'run')} of {self.label}: {self.setting.span}"
        numbers = f"run {self.numbers[0]}"
        if len(self) > 1:
            numbers = f"runs {self.numbers[0]} to {self.numbers[-1]}"
        facts = (
            ("draws", f"seed {config.seed}, {numbers}"),
            *self.setting.facts(),
            ("recorded", f"{self.record} and all before it"),
        )
        names, values = self.outcomes.columns.to_list(), self.outcomes.to_numpy()
        if len(self) == 1:
            head: tuple[str, ...] = ("outcome", "value", "unit")
            rows = one_run_rows(dict(zip(names, values[0], strict=True)), targets)
        else:
            head, rows = SPREAD, outcome_rows(names, values, targets)
        note = f"{len(rows)} of {len(names)} outcomes; all: outcomes"
        return Summary(title, facts, head, rows, note)
