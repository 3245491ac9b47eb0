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
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sim.config import FIGURES, RECORDS, Figures
from sim.errors import InputError
from sim.folders import read_numbers
from sim.outcomes import OF_SECTOR, OF_STATE, OF_STEP, OUTCOMES, by_column
from sim.shown import SPREAD, Shown, Summary, one_run_rows, outcome_rows
from sim.variants import Variant, overrides_of, variant_of
from sim.words import counted

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.analysis.compare.comparison import Comparison
    from sim.analysis.value.store import Values
    from sim.config import Config
    from sim.engine import Ensemble, History
    from sim.setting import Setting
    from sim.sweep.store import Sweep
    from sim.world import World

QUANTITIES = {"outcomes": OUTCOMES.values(), "steps": OF_STEP, "states": OF_STATE,
              "sectors": OF_SECTOR}  # fmt: skip
EDITED = " with edited ties"  # after the name of the scenario
Asked = ParamSpec("Asked")
Found = TypeVar("Found")


def _in_one_line(function: Callable[Asked, Found]) -> Callable[Asked, Found]:
    """Return a function whose mistakes of a user end a traceback at the function itself.

    What Hydra and others raised before, some hundred lines of it, helps nobody who calls it.
    """

    @wraps(function)
    def called(*args: Asked.args, **others: Asked.kwargs) -> Found:
        try:
            return function(*args, **others)
        except InputError as error:
            raise error.with_traceback(None) from None

    return called


@_in_one_line
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
    >>> len(pressed.outcomes), bool(pressed["acts_announced"].min() > 0)
    (4, True)
    >>> sim.run("coordination.peer_weight=2", scenario__steps=2)["loss_RUS"].size
    1
    >>> sim.run("status_qou")
    Traceback (most recent call last):
    sim.errors.InputError: experiment or scenario 'status_qou' is unknown; did you mean ...
    """
    from sim.engine import simulate_setting
    from sim.engine.results import keeps
    from sim.setting import prepare
    from sim.world import load

    variant = _variant(what, levers, config_dir)
    config = variant.config
    numbers, record = _numbers(runs, config.run), config.record
    if len(numbers) == 1 and not keeps(record, "states"):
        record = "states"
    label = variant.label
    if network is not None:  # so that every page and figure says so
        label, config.scenario.name = label + EDITED, config.scenario.name + EDITED
    setting = prepare(load(config.world.folder), config, network)
    ensemble = simulate_setting(setting, numbers, record=record)
    return Runs.of(label, ensemble)


@_in_one_line
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

    _check_texts("what is compared", settings)
    common, own = overrides_of(levers), _folder(config_dir)
    if not _is_whole(runs):
        raise InputError(f"runs must be a whole number from 1 up; found {runs!r}")
    return compared([variant_of(text, common, own) for text in settings], runs)


@_in_one_line
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
    {0.0: 3, 2.0: 3}
    """
    from sim.sweep import store
    from sim.sweep.command import make, place
    from sim.sweep.plan import plan_of
    from sim.sweep.runner import here
    from sim.sweep.runner import sweep as swept

    own = _folder(config_dir)
    plan = plan_of([*_design(what), *words, *overrides_of(levers)], own)
    asked = out or plan.config.out
    folder = place(str(asked or tempfile.mkdtemp(prefix="sanctionsim-")), False, False)
    make(folder)
    swept(plan, folder, here(plan.config.workers), quiet=not progress)
    found = store.open(folder)
    if not asked:
        weakref.finalize(found, shutil.rmtree, folder, ignore_errors=True)
    return found


@_in_one_line
def value(
    *what: str,
    players: str | Sequence[str] | None = None,
    others: str = "one",
    runs: int = 100,
    day: int | None = None,
    config_dir: str | Path | None = None,
    progress: bool = False,
    **levers: Any,
) -> Values:
    """Return what each member is worth to the coalition: alone, last in, and by Shapley's value.

    Parameters
    ----------
    *what : str
        As of `sim.run`.
    players : str or sequence of str, optional
        At most eight: states, unions, or several joined as in 'KOR+AUS'; the members of the G7,
        with the EU as one, if not given.
    others : {'one', 'in', 'out'}
        What becomes of the senders that are not named: together as one player more, in every
        coalition, or in none.
    runs : int
        Draws, the same for every coalition.
    day : int, optional
        Speed is taken as the measures that stand after so many days; 28 if not given.
    config_dir : path, optional
        A folder of your own with further files of the config groups.
    progress : bool
        Say on stderr how far it is.
    **levers : object
        Overrides as of `sim.run`.

    Returns
    -------
    Values
        `table()` has one row per outcome, member and reading.

    Raises
    ------
    InputError
        Players that cannot be, or whatever `sim.run` refuses.

    Examples
    --------
    >>> import sim
    >>> both = sim.value(players=["USA", "EU"], others="out", runs=2, scenario__steps=2)
    >>> worth = both.table().set_index(["outcome", "reading", "member"])["mean"]
    >>> bool(worth["speed", "shapley", "EU"] > 0)
    True
    >>> sim.value(players="USA,EU,DEU")
    Traceback (most recent call last):
    sim.errors.InputError: players: DEU would play twice, in EU and in DEU; ...
    """
    from sim.analysis.value import OTHERS
    from sim.analysis.value.command import values_of

    if others not in OTHERS:
        raise InputError.unknown("others", str(others), OTHERS)
    named = [players] if isinstance(players, str) or not isinstance(players, Sequence) else players
    _check_texts("players", [] if players is None else named)
    keys = None if players is None else ",".join(map(str, named))
    for name, number in (("runs", runs), ("day", 1 if day is None else day)):
        if not _is_whole(number) or number < 1:
            raise InputError(f"{name} must be a whole number from 1 up; found {number!r}")
    config = _variant(what, levers, config_dir).config
    return values_of(config, runs, keys, others, day, quiet=not progress)


@_in_one_line
def explain(
    who: str,
    measure: str = "",
    *what: str,
    day: str = "",
    target: str = "",
    runs: int = 200,
    config_dir: str | Path | None = None,
    **levers: Any,
) -> Words:
    """Return in words why a state or council did or did not: in one run, and over many.

    Parameters
    ----------
    who : str
        Code or name of a state, or code of a council.
    measure : str
        Code or name; what it did last if not given.
    *what : str
        As of `sim.run`.
    day : str
        Date, ISO 8601; the last day on which it weighed the measure if not given.
    target : str
        Whom the measure is aimed at.
    runs : int
        Draws beside the one run.
    config_dir : path, optional
        A folder of your own with further files of the config groups.
    **levers : object
        Overrides as of `sim.run`.

    Raises
    ------
    InputError
        No such state, measure or day in the run.

    Examples
    --------
    >>> import sim
    >>> why = sim.explain("JPN", "oil_refining_export_ban", runs=2, scenario__steps=2)
    >>> why.splitlines()[0]
    'Japan: ...'
    >>> sim.explain("JAP")
    Traceback (most recent call last):
    sim.errors.InputError: state or council 'JAP' is unknown; did you mean 'JPN' (Japan)? ...
    """
    from sim.analysis.explain.answer import explained
    from sim.setting import prepare
    from sim.world import load

    _check_texts("a state, a measure, a day and a target", [who, measure, day, target])
    config = _variant(what, levers, config_dir).config
    if not _is_whole(runs) or runs < 1:
        raise InputError(f"runs must be a whole number from 1 up; found {runs!r}")
    setting = prepare(load(config.world.folder), config)
    answer = explained(setting, who, measure, target, day, runs)
    return Words("\n".join([answer.words, *answer.beside()]))


@_in_one_line
def save(result: Runs | Comparison | Values, folder: str | Path) -> Path:
    """Write a results folder, with its page `index.html`, as a command does; return it.

    Parameters
    ----------
    result
        What `sim.run` (of one run), `sim.compare` or `sim.value` has returned. A sweep is in its
        folder already: `sim.sweep(..., out=folder)`.
    folder : path
        New or empty.

    Raises
    ------
    InputError
        The folder holds something or cannot be written, or it is no such result.

    Examples
    --------
    >>> import sim, tempfile
    >>> both = sim.value(players="USA,EU", others="out", runs=2, scenario__steps=2)
    >>> folder = sim.save(both, tempfile.mkdtemp())
    >>> (folder / "index.html").is_file(), sim.open(folder).table().equals(both.table())
    (True, True)
    """
    from sim.analysis.compare import Comparison
    from sim.analysis.compare import command as comparing
    from sim.analysis.value import command as valuing
    from sim.analysis.value.store import Values
    from sim.folders import results_folder, written_whole

    if isinstance(result, Runs):
        return result.save(folder)
    if not isinstance(result, Comparison | Values):
        raise InputError(
            "save takes what sim.run, sim.compare or sim.value has returned; found "
            f"{type(result).__name__}"
        )
    destination = results_folder(str(_path(folder)), "")
    if isinstance(result, Comparison):
        comparing.write(destination, result)
        return destination
    with written_whole(destination) as partial:
        valuing.write(partial, result)
    return destination


@_in_one_line
def load_world(name: str | Path = "march_2022") -> World:
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

    return load(str(_path(name)))


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
        self._histories: dict[int, History] = {}

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
        numbers, record = ensemble.runs.tolist(), ensemble.record
        runs = cls(label, ensemble.setting, numbers, record, lambda name: tables[name]())
        if len(numbers) == 1:
            runs._histories[numbers[0]] = ensemble.history()
        return runs

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
        from sim.report.figures import draw

        if name not in FIGURES:
            raise InputError.unknown("figure", name, FIGURES)
        one = self.history(run)
        config = replace(one.setting.config, figures=Figures(draw=[name]))
        parts = (one.events, one.steps, one.states, one.outcomes, one.sectors)
        for _, figure in draw(replace(one.setting, config=config), *parts):
            return figure
        raise InputError(f"figure '{name}' has nothing to show in this run")

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
        from sim.folders import results_folder, written_whole
        from sim.run import write

        if self.config.scenario.name.endswith(EDITED):
            raise InputError(
                "a results folder repeats its run from its configuration, which cannot hold an "
                "edited network; keep the graph beside it, and write page(), events and outcomes"
            )
        history, destination = self.history(run), results_folder(str(folder), "")
        with written_whole(destination) as partial:
            write(partial, history)
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


@_in_one_line
def open(path: str | Path) -> Runs | Sweep | Comparison | Values:
    """Return what a command has written: a run, a comparison, the values of members, or a sweep.

    Parameters
    ----------
    path : path
        The folder of results.

    Raises
    ------
    InputError
        There is no such folder, or nothing of ours in it.

    Examples
    --------
    >>> import sim
    >>> sim.open("nowhere")
    Traceback (most recent call last):
    sim.errors.InputError: nowhere is no folder; ...
    """
    folder = _path(path)
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder; name one that a command has written results into")
    for name, reader in READERS.items():
        if (folder / name).is_file():
            return reader(folder)
    raise InputError(
        f"{folder} holds no results; name a folder that has one of {', '.join(READERS)}"
    )


def _open_run(folder: Path) -> Runs:
    from sim.compose import stored
    from sim.setting import prepare
    from sim.world import load

    config = stored(folder / "config.yaml")
    world = load(config.world.folder)
    told = json.loads((folder / "versions.json").read_text(encoding="utf-8"))
    if world.fingerprint != told["world_fingerprint"]:
        raise InputError(
            f"{folder} is of another world '{config.world.folder}' than the one that is here now; "
            "run it anew"
        )
    record = "sectors" if (folder / "sectors.parquet").is_file() else "states"
    return Runs(config.scenario.name, prepare(world, config), [config.run], record,
                lambda name: _stored_table(folder, name, config.run))  # fmt: skip


def _stored_table(folder: Path, name: str, run: int) -> pd.DataFrame:
    """Return a table of a run as `Runs` has it, from the files of its folder."""
    import pandas as pd

    if name == "outcomes":
        table = pd.DataFrame([read_numbers(folder / "outcomes.json")], dtype=float)
    elif name == "events":
        table = pd.read_csv(folder / "events.csv", keep_default_na=False, dtype=object)
        table["day"] = table["day"].astype(int)
    elif (folder / f"{name}.parquet").is_file():
        table = pd.read_parquet(folder / f"{name}.parquet")
    else:
        raise InputError(f"{folder} has no {name}: run it anew with record={name}")
    table.insert(0, "run", run)
    return table


def _open_comparison(folder: Path) -> Comparison:
    from sim.analysis.compare.store import read

    return read(folder)


def _open_value(folder: Path) -> Values:
    from sim.analysis.value.store import Values, read

    return Values(*read(folder))


def _open_sweep(folder: Path) -> Sweep:
    from sim.sweep import store

    return store.open(folder)


READERS: dict[str, Callable[[Path], Any]] = {
    "outcomes.json": _open_run,
    "comparison.json": _open_comparison,
    "value.json": _open_value,
    "manifest.json": _open_sweep,
}


@_in_one_line
def levers(group: str = "") -> pd.DataFrame:
    """Return every lever, or those of a group: default, range, unit, meaning and source.

    Parameters
    ----------
    group : str
        Of a configuration, or the name of a single lever.

    Returns
    -------
    DataFrame
        One row per lever, by its name.

    Raises
    ------
    InputError
        No such group or lever.

    Examples
    --------
    >>> import sim
    >>> sim.levers("coordination").loc["coordination.peer_weight", ["default", "range"]].to_list()
    ['1', '0 to 10']
    """
    import pandas as pd

    from sim.parameters import chosen

    _check_texts("a group or a lever", [group])
    columns = ["group", "default", "range", "unit", "meaning", "source", "symbol"]
    rows = [
        (p.key, p.group, p.default, p.within, p.unit, p.meaning, p.source, p.symbol)
        for p in chosen(group)
    ]
    return pd.DataFrame(rows, columns=["lever", *columns]).set_index("lever")


def experiments() -> pd.DataFrame:
    """Return the shipped experiments: the question of each, and the command that answers it.

    Returns
    -------
    DataFrame
        One row per experiment, by its name; `kind` says what takes it, run or sweep.

    Examples
    --------
    >>> import sim
    >>> sim.experiments().loc["without", "kind"]
    'run'
    """
    import pandas as pd

    from sim.experiments import experiments as shipped

    rows = [(e.name, e.kind, e.question, e.command) for e in shipped()]
    columns = ["experiment", "kind", "question", "command"]
    return pd.DataFrame(rows, columns=columns).set_index("experiment")


def _variant(
    what: Sequence[str], levers: Mapping[str, Any], config_dir: str | Path | None
) -> Variant:
    """Return the setting that words and levers name, the default if there are none."""
    from sim.compose import checked, compose

    _check_texts("experiments, scenarios and overrides", what, ": numbers of runs are runs=...")
    common, own = overrides_of(levers), _folder(config_dir)
    if what:
        return variant_of(" ".join(what), common, own)
    config = checked(compose(common, own))
    return Variant(config.scenario.name, tuple(common), config)


def _path(path: str | Path) -> Path:
    if not isinstance(path, str | Path):
        raise InputError(f"a folder must be a text or a path; found {path!r}")
    return Path(path)


def _folder(path: str | Path | None) -> Path | None:
    if path is not None and not _path(path).is_dir():
        raise InputError(f"config_dir must be a folder; found {str(path)!r}")
    return None if path is None else Path(path)


def _numbers(runs: int | Sequence[int], own: int) -> list[int]:
    """Return the numbers of the runs that are asked for; a single one is that of the setting."""
    import numpy as np

    found = np.asarray(runs)
    if found.dtype.kind not in "iu" or found.ndim > 1 or not found.size or found.min() < 0:
        raise InputError(
            f"runs must be a whole number from 1 up, or numbers of runs from 0 up; found {runs!r}"
        )
    if found.ndim:
        return list(map(int, found))
    if found < 1:
        raise InputError(f"runs must be a whole number from 1 up; found {runs!r}")
    return [own] if found == 1 else list(range(int(found)))


def _check_texts(name: str, texts: Sequence[object], hint: str = "") -> None:
    """Raise InputError for what is no text where a text is due."""
    for text in texts:
        if not isinstance(text, str):
            raise InputError(f"{name} must be text; found {text!r}{hint}")


def _is_whole(number: object) -> bool:
    import numpy as np

    return isinstance(number, int | np.integer) and not isinstance(number, bool)


def _design(what: str | Mapping[str, Any]) -> list[str]:
    """Return the overrides of a sweep that is named, or of factors."""
    if isinstance(what, str):
        from sim.sweep.compose import options

        names = options("experiment")
        if what not in names and "=" not in what:
            raise InputError.unknown("sweep or experiment", what, names)
        return [what if "=" in what else f"experiment={what}"]
    if not isinstance(what, Mapping) or not what:
        raise InputError(
            "a sweep takes the name of one, or factors by their path, as in "
            f"{{'coordination.peer_weight': [0, 1, 2]}}; found {what!r}"
        )
    return overrides_of({f"design.factors.{path}": values for path, values in what.items()})


def _about(name: str, table: pd.DataFrame, setting: Setting) -> dict[str, Any]:
    """Return labels, units and meanings of the columns of a table."""
    world = setting.world
    names = dict(zip(world.states, world.names, strict=True))
    targets = {code: names[code] for code in setting.config.scenario.targets}
    known = {
        column: about
        for column, about in by_column(QUANTITIES.get(name, ()), targets).items()
        if column in table
    }
    return {
        "labels": {column: about.label.format(name) for column, (about, name) in known.items()},
        "units": {column: about.unit for column, (about, _) in known.items()},
        "meanings": {column: about.meaning for column, (about, _) in known.items()},
    }
