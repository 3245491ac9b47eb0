"""Runs of one setting as the public face returns them, and texts that show themselves."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.columns import Facts, facts_of
from sim.config import FIGURES, RECORDS
from sim.errors import InputError
from sim.folders import check_there, read_numbers, readable
from sim.shown import SPREAD, Shown, Summary, one_run_rows, outcome_rows
from sim.words import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.config import Config
    from sim.engine import Ensemble, History
    from sim.setting import Setting

EDITED = " with edited ties"  # after the name of the scenario


class Runs(Shown):
    """Runs of one setting: their outcomes, and what was recorded of each.

    Parameters
    ----------
    label : str
        As they were asked for.
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
        self._histories: dict[int, History] = {}

    @classmethod
    def of(cls, label: str, ensemble: Ensemble) -> Runs:
        """Return the runs of an ensemble."""

        numbers = ensemble.runs.tolist()
        read = partial(_table_of, ensemble)
        runs = cls(label, ensemble.setting, numbers, ensemble.record, read)
        if len(numbers) == 1:
            runs._histories[numbers[0]] = ensemble.history()
        return runs

    @property
    def config(self) -> Config:
        """A copy of the configuration of all of them: to change it changes no run."""
        return copy.deepcopy(self.setting.config)

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

    def __iter__(self) -> Iterator[str]:
        """Go through the names of the outcomes, as of a table."""
        return map(str, self.outcomes)

    def __getitem__(self, outcome: str) -> pd.Series:
        """Return one outcome by run; InputError with the nearest name for one that is none."""
        if not isinstance(outcome, str) or outcome not in self.outcomes:
            raise InputError.unknown("outcome", str(outcome), map(str, self.outcomes))
        return self.outcomes[outcome]

    def explain(
        self, actor: str, instrument: str = "", target: str = "", run: int | None = None
    ) -> Words:
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
        return Words(agent.explain(*asked))

    def history(self, run: int | None = None) -> History:
        """Return all of one run; it is simulated once more where not all was recorded."""
        number = self._number(run)
        if number not in self._histories:
            from sim.run import simulate

            config = replace(self.config, run=number)
            self._histories[number] = simulate(replace(self.setting, config=config))
        return self._histories[number]

    def figure(self, name: str, run: int | None = None) -> Figure:
        """Return a figure of one run, by a name of `sim.config.FIGURES`.

        Raises
        ------
        InputError
            No such figure, or one that has nothing to show in this run.
        """
        from sim.report.figures import drawn

        if name not in FIGURES:
            raise InputError.unknown("figure", name, FIGURES)
        return drawn(self.history(run), name)

    def page(self, run: int | None = None) -> Page:
        """Return the page of one run, with all its figures inside."""
        from sim.run import write

        with tempfile.TemporaryDirectory(prefix="sanctionsim-") as folder:
            write(Path(folder), self.history(run))
            return Page((Path(folder) / "index.html").read_text(encoding="utf-8"))

    def save(self, folder: str | Path, run: int | None = None) -> Path:
        """Write the results folder of one run, as `sanctionsim run out=FOLDER` does; return it.

        Raises
        ------
        InputError
            The folder holds something, or cannot be written.
        """
        from sim.arguments import path_of
        from sim.folders import results_folder, written_whole
        from sim.run import write

        if self.config.scenario.name.endswith(EDITED):
            raise InputError(
                "a results folder repeats its run from its configuration, which cannot hold an "
                "edited network; keep the graph beside it, and write page(), events and outcomes"
            )
        history, destination = self.history(run), results_folder(str(path_of(folder)), "")
        with written_whole(destination) as place:
            write(place, history)
        return destination

    def _number(self, run: int | None) -> int:
        """Return the number of the run that is meant."""
        if run is None and len(self) == 1:
            return self.numbers[0]
        if run not in self.numbers:
            known = f"{self.numbers[0]} to {self.numbers[-1]}"
            found = "nothing" if run is None else run
            raise InputError(
                f"run must be one of the {counted(len(self), 'run')} that are here, {known}; "
                f"found {found}: say for instance run={self.numbers[0]}"
            )
        return run

    def _table(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            table = self._read(name)
            if name == "outcomes":
                table = table.set_index("run")
            table.attrs |= _about(name, table, self.setting)
            self._tables[name] = table
        return self._tables[name]

    def _summary(self) -> Summary:
        config, targets = self.config, self.config.scenario.targets
        title = f"{counted(len(self), 'run')} of {self.label}: {self.setting.span}"
        numbers = f"run {self.numbers[0]}"
        if len(self) > 1:
            numbers = f"runs {self.numbers[0]} to {self.numbers[-1]}"
        facts = (
            ("draws", f"seed {config.seed}, {numbers}"),
            *self.setting.facts(),
            ("recorded", ", ".join(RECORDS[: RECORDS.index(self.record) + 1])),
        )
        names, values = self.outcomes.columns.to_list(), self.outcomes.to_numpy()
        if len(self) == 1:
            head: tuple[str, ...] = ("outcome", "value", "unit")
            rows = one_run_rows(dict(zip(names, values[0], strict=True)), targets)
        else:
            head, rows = SPREAD, outcome_rows(names, values, targets)
        note = f"{len(rows)} of {len(names)} outcomes; all: outcomes"
        return Summary(title, facts, head, rows, note)


class Words(str):
    """An explanation: a text that shows itself line by line."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        from sim.templates import render

        return render("words.html", words=str(self))


class Page(str):
    """The page of a result: a text of HTML that a notebook shows and `save` writes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<Page of {len(self):,} characters: save(path), or show it in a notebook>"

    def _repr_html_(self) -> str:
        from sim.templates import render

        return render("framed.html", page=str(self))

    def save(self, path: str | Path) -> Path:
        """Write the page as one file, and return its path."""
        Path(path).write_text(self, encoding="utf-8", newline="\n")
        return Path(path)


def stored_runs(folder: Path) -> Runs:
    """Return the run that a results folder holds; InputError if its world has changed since."""
    from sim.repeat import stored_config
    from sim.setting import setting_of

    config = stored_config(folder)
    record = "sectors" if (folder / "sectors.parquet").is_file() else "states"
    return Runs(config.scenario.name, setting_of(config), [config.run], record,
                partial(_stored_table, folder, config.run))  # fmt: skip


def _table_of(ensemble: Ensemble, name: str) -> pd.DataFrame:
    """Return a table of runs as they were simulated."""
    table: pd.DataFrame = ensemble.to_frame() if name == "outcomes" else getattr(ensemble, name)()
    return table


def _stored_table(folder: Path, run: int, name: str) -> pd.DataFrame:
    """Return a table of a run as `Runs` has it, from the files of its folder."""
    check_there(folder)
    with readable(folder):
        if name == "outcomes":
            table = pd.DataFrame([read_numbers(folder / "outcomes.json")])
        elif name == "events":
            table = pd.read_csv(folder / "events.csv", keep_default_na=False, dtype=object)
            table["day"] = table["day"].astype(int)
        elif (folder / f"{name}.parquet").is_file():
            table = pd.read_parquet(folder / f"{name}.parquet")
        else:
            raise InputError(f"{folder} has no {name}: run it anew with record={name}")
    table.insert(0, "run", run)
    return table


def _about(name: str, table: pd.DataFrame, setting: Setting) -> dict[str, Any]:
    """Return labels, units and meanings of the columns of a table."""
    table_of = "runs" if name == "outcomes" else name
    known = facts_of(table_of, map(str, table), setting.world.names_by_code)
    return {f"{f}s": {column: getattr(facts, f) for column, facts in known.items()}
            for f in Facts._fields}  # fmt: skip
