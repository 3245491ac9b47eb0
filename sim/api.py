"""The public face in Python: what the commands do, as functions that return what they found.

Nothing is computed here, nothing is printed, and nothing is written but where it is asked for.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.arguments import (
    asked_variant,
    check_count,
    check_texts,
    design_of,
    folder_of,
    in_one_line,
    numbers_of,
    path_of,
)
from sim.compose import dated
from sim.config import RECORDS
from sim.errors import InputError
from sim.runs import EDITED, Runs, Words, stored_runs
from sim.variants import overrides_of, variant_of

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from sim.analysis.compare.comparison import Comparison
    from sim.analysis.value.store import Values
    from sim.sweep.store import Sweep
    from sim.world import World


@in_one_line
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
    from sim.setting import setting_of

    variant = asked_variant(what, levers, config_dir)
    config = variant.config
    numbers, record = numbers_of(runs, config.run), config.record
    if len(numbers) == 1:
        record = max(record, "states", key=RECORDS.index)
    label = variant.label
    if network is not None:  # so that every page and figure says so
        label, config.scenario.name = label + EDITED, config.scenario.name + EDITED
    return Runs.of(label, simulate_setting(setting_of(config, network), numbers, record=record))


@in_one_line
def compare(
    *settings: str,
    runs: int = 500,
    config_dir: str | Path | None = None,
    posterior: bool = False,
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
    posterior : bool
        Draw the rule's coefficients too, each run its own, from what the dates leave open.
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
    from sim.analysis.compare.making import compare as compared

    check_texts("what is compared", settings)
    if not isinstance(posterior, bool):
        raise InputError(f"posterior must be True or False; found {posterior!r}")
    common, own = overrides_of(levers), folder_of(config_dir)
    check_count("runs", runs)
    variants = [variant_of(text, common, own) for text in settings]
    return compared(variants, runs, posterior=posterior)


@in_one_line
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
    from sim.folders import made
    from sim.sweep import store
    from sim.sweep.command import place
    from sim.sweep.plan import plan_of
    from sim.sweep.runner import here
    from sim.sweep.runner import sweep as swept

    own = folder_of(config_dir)
    check_texts("overrides", words)
    plan = plan_of([*design_of(what), *words, *overrides_of(levers)], own)
    asked = plan.config.out if out is None else str(path_of(out))
    folder = place(asked or tempfile.mkdtemp(prefix="sanctionsim-"), False, False)
    made(folder)
    swept(plan, folder, here(plan.config.workers), quiet=not progress)
    found = store.open(folder.absolute())
    if not asked:
        weakref.finalize(found, shutil.rmtree, folder, ignore_errors=True)
    return found


@in_one_line
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

    if str(others) not in OTHERS:
        raise InputError.unknown("others", str(others), OTHERS)
    named = [players] if isinstance(players, str) or not isinstance(players, Sequence) else players
    check_texts("players", [] if players is None else named)
    keys = None if players is None else ",".join(map(str, named))
    check_count("runs", runs)
    check_count("day", 1 if day is None else day)
    config = asked_variant(what, levers, config_dir).config
    return values_of(config, runs, keys, others, day, quiet=not progress)


@in_one_line
def explain(
    who: str,
    measure: str = "",
    *what: str,
    day: str | date = "",
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
    day : str or date
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
    from sim.setting import setting_of

    day = dated(day) if isinstance(day, date) else day
    check_texts("a state, a measure, a day and a target", [who, measure, day, target])
    config = asked_variant(what, levers, config_dir).config
    check_count("runs", runs)
    answer = explained(setting_of(config), who, measure, target, day, int(runs))
    return Words("\n".join([answer.words, *answer.beside()]))


@in_one_line
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
    from sim.analysis.compare import command as comparing
    from sim.analysis.compare.comparison import Comparison
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
    destination = results_folder(str(path_of(folder)), "")
    if isinstance(result, Comparison):
        comparing.write(destination, result)
        return destination
    with written_whole(destination) as partial:
        valuing.write(partial, result)
    return destination


@in_one_line
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

    return load(str(path_of(name)))


@in_one_line
def open(path: str | Path) -> Runs | Sweep | Comparison | Values | Words:
    """Return what a command has written: a run, a comparison, values, a reason, or a sweep.

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
    sim.errors.InputError: nowhere does not exist; ...
    """
    from sim.analysis.compare import store as compared
    from sim.analysis.explain import store as explained
    from sim.analysis.value import store as valued
    from sim.folders import readable
    from sim.report.again import kind_of
    from sim.sweep import store as swept

    folder = path_of(path)
    kind = kind_of(folder)
    folder = folder.absolute()  # which lasts when the program goes elsewhere
    with readable(folder):
        match kind:
            case "outcomes.json":
                return stored_runs(folder)
            case "comparison.json":
                return compared.read(folder)
            case "value.json":
                return valued.Values(*valued.read(folder))
            case "explanation.json":
                answer, about = explained.read(folder)
                return Words("\n".join([answer.words, *answer.beside(), "", about.provenance]))
            case _:
                return swept.open(folder)


@in_one_line
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

    check_texts("a group or a lever", [group])
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
