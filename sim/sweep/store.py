"""The store of a sweep: Parquet partitions, a design and a manifest, readable without this project.

    manifest.json            what was asked for, with versions, worlds and seeds
    design.parquet           one row per design point, and its quantiles where it was sampled
    runs/part-000000.parquet one row per run: point, replication, draws, factors, outcomes
    events/, steps/, states/, sectors/ as recorded; their column `run` is that of `runs`
    failures/                runs that failed, with their parameters and the reason
    report/                  the page with its figures and tables, drawn from these

A partition is a chunk. It counts as finished when its part of `runs` is there, which comes last.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import files
from sim.columns import MARK, QUANTILE, annotated, describe
from sim.config import RECORDS
from sim.errors import InputError
from sim.folders import check_there, read_json
from sim.outcomes import never_comes
from sim.shown import SPREAD, Shown, Summary, headline_columns, outcome_rows
from sim.words import counted

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from pandas.core.groupby import DataFrameGroupBy

    from sim.sweep.plan import Plan

MANIFEST, DESIGN = "manifest.json", "design.parquet"
# What a manifest must hold to be read, by its keys.
KEYS: dict[str, type[Any]] = {
    "name": str, "config": dict, "config.scenario": dict, "config.scenario.targets": dict,
    "seed": int, "design": dict, "design.method": str, "design.factors": list,
    "design.points": int, "replications": int, "runs": int, "chunk_runs": int, "chunks": int,
    "record": str, "outcomes": list, "worlds": dict,
}  # fmt: skip
_PART = re.compile(r"part-(\d{6,})\.parquet")
TABLES = ("runs", "events", "steps", "states", "sectors", "failures")
DERIVED = (
    "replications ", "runs ", "chunk", "outcomes ", "design.points ", "design.sha256 ", "rule_texts"
)  # fmt: skip
PAGE = "report"  # folder of the page, which is drawn from the store and no part of it
OWN = (MANIFEST, DESIGN, "lock", PAGE, *TABLES)


class Store:
    """A store as it is written.

    Parameters
    ----------
    folder : Path
        Held by a `sim.sweep.lock.Lock`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, plan: Plan) -> None:
        """Lay out a new store for a plan, or take up one that was begun with the same plan.

        Raises
        ------
        InputError
            The store was begun with another configuration, world or version.
        """
        manifest = self.folder / MANIFEST
        if not manifest.is_file():
            files.write(self.folder / DESIGN, _design(plan))
            text = json.dumps(plan.manifest(), indent=2, sort_keys=False) + "\n"
            files.write(manifest, text.encode())
            return
        self.check_same(plan)
        if any(damage.table == DESIGN for damage in self.damages(plan.manifest())):
            files.write(self.folder / DESIGN, _design(plan))

    def check_same(self, plan: Plan) -> None:
        """Raise what `begin` says of a store that was begun with another plan."""
        there, now = read_manifest(self.folder), json.loads(json.dumps(plan.manifest()))
        there, now = _without_same_places(there, now)
        differ = list(differences(there, now))
        differ = [line for line in differ if not line.startswith(DERIVED)] or differ
        if differ:
            more = f" and {len(differ) - 3} more" if len(differ) > 3 else ""
            raise InputError(
                f"{self.folder} was begun with another sweep: {'; '.join(differ[:3])}{more}; "
                "give the same command, --new for another store beside it, or out=DIR"
            )

    def is_finished(self, plan: Plan) -> bool:
        """Return whether all of a plan is there and whole; InputError if it is another plan's."""
        if not (self.folder / MANIFEST).is_file():
            return False
        self.check_same(plan)
        odd = any(self.folder.rglob(f"*{files.PARTIAL}"))
        all_there = self.done() >= set(range(plan.n_chunks))
        return all_there and not odd and not any(self.damages(plan.manifest()))

    def clean(self) -> None:
        """Take away what an interruption left: temporary files and parts of unfinished chunks."""
        for path in self.folder.rglob(f"*{files.PARTIAL}"):
            path.unlink()
        done = self.done()
        for table in TABLES[1:]:
            for number in _numbers(self.folder / table):
                if number not in done:
                    self.part(table, number).unlink()
        self._drop_empty()

    def drop_damaged(self, manifest: Mapping[str, Any]) -> list[Damage]:
        """Take away the chunks with a partition that cannot be read, and return what was wrong."""
        found = list(self.damages(manifest))
        for number in {damage.number for damage in found if damage.number >= 0}:
            for table in TABLES:
                self.part(table, number).unlink(missing_ok=True)
        self._drop_empty()
        return found

    def damages(self, manifest: Mapping[str, Any], whole: bool = False) -> Iterator[Damage]:
        """Yield what is wrong with the files of the finished chunks, and with the design.

        Parameters
        ----------
        manifest : mapping
            Of the store.
        whole : bool
            Read every value, against the checksums of its page; else the ends of the files, which
            say how many rows there are.
        """
        design, mark, keys = self.folder / DESIGN, digest(manifest), ("point",)
        why = _damage(design, mark, whole, range(manifest["design"]["points"]), keys, numbers=keys)
        if why:
            yield Damage(DESIGN, -1, design, why)
        numbers = {"run", "point", "replication", *manifest["outcomes"]}
        kept = RECORDS[: RECORDS.index(manifest["record"]) + 1]  # tables that were recorded
        for number in sorted(self.done()):
            due = self.runs_of(manifest, number)
            if not due:
                yield Damage("runs", number, self.part("runs", number), "no chunk has this number")
                continue
            rows = 0
            for table in TABLES:
                path = self.part(table, number)
                # Of a chunk whose every run failed there is nothing else.
                wanted = rows and table in kept
                if table == "runs" or wanted or path.exists() or path.is_symlink():
                    needed = ("run", "point") if table == "runs" else ("run",)
                    why = _damage(path, mark, whole, due, needed, numbers)
                    if not why and table in ("runs", "failures"):
                        rows += n_rows(path)
                    if why:
                        yield Damage(table, number, path, why)
                        rows = len(due)
                        break
            # A retry that was stopped leaves runs both done and failed: the next one mends that.
            if rows < len(due):
                path = self.part("runs", number)
                why = f"{len(due)} runs wanted, {rows} found"
                yield Damage("runs", number, path, why)

    def _drop_empty(self) -> None:
        for table in TABLES:
            folder = self.folder / table
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    @staticmethod
    def runs_of(manifest: Mapping[str, Any], number: int) -> range:
        """Return the numbers of the runs of a chunk; none for one that there is not."""
        start = number * manifest["chunk_runs"]
        return range(start, min(start + manifest["chunk_runs"], manifest["runs"]))

    def part(self, table: str, number: int) -> Path:
        """Return the path of one partition."""
        return self.folder / table / f"part-{number:06d}.parquet"

    def done(self) -> set[int]:
        """Return the numbers of the finished chunks."""
        return set(_numbers(self.folder / "runs"))

    def failed(self) -> list[int]:
        """Return the numbers of the chunks in which runs failed."""
        return sorted(_numbers(self.folder / "failures"))

    def write(self, number: int, parts: Mapping[str, bytes]) -> None:
        """Write a chunk's partitions, that of `runs` last; InputError if they cannot be written."""
        for table in reversed(TABLES):
            if table in parts:
                files.write(self.part(table, number), parts[table])

    def read(self, table: str, number: int) -> pa.Table | None:
        """Return one partition, or None where it has none."""
        import pyarrow.parquet as pq

        path = self.part(table, number)
        return pq.ParquetFile(path).read() if path.is_file() else None

    def forget(self, table: str, number: int) -> None:
        """Delete one partition, and the folder of its table after the last."""
        self.part(table, number).unlink(missing_ok=True)
        self._drop_empty()


class Damage(NamedTuple):
    """What is wrong with a file of a store; of no chunk, -1, is the design."""

    table: str
    number: int
    path: Path
    why: str


def _damage(
    path: Path,
    mark: str,
    whole: bool,
    keys: range,
    needed: tuple[str, ...],
    numbers: Collection[str] = (),
) -> str:
    """Return what is wrong with a Parquet file, '' if nothing is.

    Parameters
    ----------
    mark : str
        Of the sweep; a file of an earlier version has none.
    keys : range
        Of the first column that is needed.
    numbers : collection of str
        Columns that hold numbers wherever they are.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyarrow import types

    if not path.is_file():  # to open a pipe would take for ever
        return "there is no such file"
    try:
        with pq.ParquetFile(path, page_checksum_verification=whole) as file:
            columns = file.schema_arrow
            if mark_of(columns) not in ("", mark):
                return f"it is of another sweep than {MANIFEST} says"
            for name in needed:
                if columns.names.count(name) != 1:
                    return f"it must have one column '{name}'"
            for name, kind in zip(columns.names, columns.types, strict=True):
                if name in numbers and not (types.is_floating(kind) or types.is_integer(kind)):
                    return f"its column '{name}' holds no numbers"
            if not whole:
                return ""
            table = file.read()
            found = table[needed[0]].to_numpy()
            written_by = str(file.metadata.created_by)
    except (pa.ArrowException, OSError, ValueError) as error:  # or names that are no text
        return " ".join(str(error).split())[:200]
    if found.size and not keys.start <= found.min() <= found.max() < keys.stop:
        return f"its column '{needed[0]}' must lie between {keys.start} and {keys.stop - 1}"
    # The same table is always the same file, written by the same version.
    if written_by.endswith(f" {pa.__version__}"):
        from sim.sweep.tables import encoded

        if encoded(table) != path.read_bytes():
            return "its bytes are not those of its values"
    return ""


def mark_of(columns: pa.Schema) -> str:
    """Return the digest of its sweep that a file of a store carries; earlier versions wrote ''."""
    return (columns.metadata or {}).get(MARK.encode(), b"").decode()


def n_rows(path: Path) -> int:
    """Return how many rows a partition has."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def _numbers(folder: Path) -> list[int]:
    names = (_PART.fullmatch(path.name) for path in folder.glob("part-*.parquet"))
    return [int(name[1]) for name in names if name]


def _design(plan: Plan) -> bytes:
    import pyarrow as pa

    from sim.sweep.chunk import as_column
    from sim.sweep.tables import encoded

    points = plan.points
    columns: dict[str, Any] = {"point": np.arange(len(points), dtype=np.int64)}
    columns |= {path: as_column(values) for path, values in points.columns.items()}
    if points.unit is not None:
        columns |= {QUANTILE + f.path: points.unit[:, k] for k, f in enumerate(points.factors)}
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    marked = annotated(table, "design").replace_schema_metadata({MARK: digest(plan.manifest())})
    return encoded(marked)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a store; InputError if there is none, or it cannot be read."""
    path = folder / MANIFEST
    if not path.is_file():
        raise InputError(f"{folder} is no store of a sweep: it has no {MANIFEST}")
    content = read_json(path)
    for key, kind in KEYS.items():
        found: Any = content
        for name in key.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        if type(found) is not kind or (isinstance(found, int) and key != "seed" and found < 1):
            raise InputError(
                f"{path} is no manifest of a sweep: it has no '{key}' that can be read; start "
                "another store"
            )
    if content["record"] not in RECORDS:
        raise InputError.unknown(f"{path} was edited: record", content["record"], RECORDS)
    if -(-content["runs"] // content["chunk_runs"]) != content["chunks"]:
        raise InputError(
            f"{path} was edited: {content['runs']:,} runs in chunks of {content['chunk_runs']:,} "
            f"are not {content['chunks']:,} chunks; start another store"
        )
    return content


def _without_same_places(*manifests: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return manifests without the paths of worlds and files, where their contents are the same."""
    kept = [json.loads(json.dumps(manifest)) for manifest in manifests]
    for name, group, key in (
        ("worlds", "world", "folder"),
        ("files", "economy", "energy_prices"),
    ):
        contents = [list(manifest.get(name, {}).values()) for manifest in manifests]
        if contents[0] and contents[0] == contents[1]:
            for manifest in kept:
                del manifest[name]
                manifest["config"].get(group, {}).pop(key, None)
    return kept


def digest(manifest: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a sweep: of its manifest, wherever its worlds and files lie."""
    kept, _ = _without_same_places(manifest, manifest)
    contents = [list(manifest.get(name, {}).values()) for name in ("worlds", "files")]
    return hashlib.sha256(json.dumps([kept, contents], sort_keys=True).encode()).hexdigest()


def differences(there: Any, now: Any, key: str = "") -> Iterator[str]:
    """Yield where two manifests differ, as key with the value there and the value now."""
    if isinstance(there, dict) and isinstance(now, dict):
        for name in dict.fromkeys([*there, *now]):
            inner = f"{key}.{name}" if key and key != "config" else name
            yield from differences(there.get(name), now.get(name), inner)
    elif there != now:
        yield f"{key} is {_short(there)} there and {_short(now)} now"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:37] + "..."


def open(path: str | Path) -> Sweep:
    """Return a store for reading; InputError if the folder is no store."""
    return Sweep(Path(path))


class Sweep(Shown):
    """A store as it is read, finished or not.

    Attributes
    ----------
    manifest : dict
        Configuration, versions, worlds, seeds.
    factors : list of str
        Config paths of what varied, in the order of the design.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        self.factors: list[str] = self.manifest["design"]["factors"]
        self._check_files()

    def __deepcopy__(self, memo: object = None) -> Sweep:
        """Return itself, as a copy does: the folder of a temporary store goes with the first."""
        return self

    __copy__ = __deepcopy__

    def _summary(self) -> Summary:
        design, there = self.manifest["design"], self._n_runs()
        planned = self.manifest["runs"]
        targets = self.manifest["config"]["scenario"]["targets"]
        names = list(headline_columns(targets, self.manifest["outcomes"]))
        values = self.runs(names).to_numpy(np.float64) if there else None
        rows = () if values is None else outcome_rows(names, values, targets)
        state = "finished" if there == planned else f"{there:,} of {planned:,} runs are there"
        return Summary(
            f"Sweep {self.manifest['name']}: {counted(planned, 'run')} of "
            f"{counted(design['points'], 'point')} ({design['method']}), {state}",
            (
                ("factors", ", ".join(self.factors)),
                ("seed", str(self.manifest["seed"])),
                ("recorded", self.manifest["record"]),
                ("store", str(self.folder)),
            ),
            SPREAD,
            rows,
            f"over all points; {len(rows)} of {len(self.manifest['outcomes'])} outcomes; "
            "all: runs(), means()",
        )

    def _check_files(self) -> None:
        """Refuse a store whose files cannot be read, or are not of the sweep of its manifest."""
        for damage in Store(self.folder).damages(self.manifest):
            raise InputError(
                f"{damage.path} is damaged ({damage.why}); the command of the sweep computes it "
                "again"
            )

    def _n_runs(self) -> int:
        store = Store(self.folder)
        return sum(n_rows(store.part("runs", number)) for number in store.done())

    def frame(self, table: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Return a table, by run.

        Parameters
        ----------
        table : {'runs', 'events', 'steps', 'states', 'sectors', 'failures'}
        columns : list of str, optional
            All if not given.

        Raises
        ------
        InputError
            The table was not recorded.
        """
        import pyarrow as pa
        import pyarrow.dataset as ds
        import pyarrow.parquet as pq

        check_there(self.folder)
        store = Store(self.folder)
        found = [store.part(table, number) for number in sorted(_numbers(self.folder / table))]
        if not found:
            there = [name for name in TABLES if (self.folder / name).is_dir()]
            raise InputError(
                f"{self.folder} has no table '{table}' (it has: {', '.join(there)}); "
                "record=events, steps, states or sectors records more of each run"
            )
        # Points may differ in their targets, and so in the columns of their steps.
        schema = pa.unify_schemas([pq.read_schema(p) for p in found]) if table == "steps" else None
        return ds.dataset(found, schema).to_table(columns=columns).to_pandas()

    def runs(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Return one row per run: point, replication, draws, factors, outcomes."""
        return self.frame("runs", columns)

    def events(self) -> pd.DataFrame:
        """Return the dated acts of all runs."""
        return self.frame("events")

    def steps(self) -> pd.DataFrame:
        """Return one row per run and step."""
        return self.frame("steps")

    def states(self) -> pd.DataFrame:
        """Return one row per run, step and state."""
        return self.frame("states")

    def sectors(self) -> pd.DataFrame:
        """Return one row per run, state and sector."""
        return self.frame("sectors")

    def failures(self) -> pd.DataFrame:
        """Return the runs that failed, with parameters and reason; no rows if all went well."""
        import pandas as pd

        if not (self.folder / "failures").is_dir():
            return pd.DataFrame(columns=["run", "point", "replication", "reason", *self.factors])
        return self.frame("failures")

    def describe(self, table: str = "runs") -> pd.DataFrame:
        """Return type, label, unit and meaning of the columns of a table, by column."""
        found = describe(self.folder)
        return found[found["table"] == table].drop(columns="table").set_index("column")

    def design(self) -> pd.DataFrame:
        """Return one row per design point, with the values of the factors."""
        return self._design()[["point", *self.factors]]

    def _design(self) -> pd.DataFrame:
        import pandas as pd

        check_there(self.folder)
        return pd.read_parquet(self.folder / DESIGN)

    def means(self, of_defined: bool = False) -> pd.DataFrame:
        """Return the mean outcomes of each point over its replications, by point.

        Parameters
        ----------
        of_defined : bool
            Where an outcome is not defined in all runs of a point, the mean of those in which it
            is; else that mean is nan. `defined` says in how many it is.

        Raises
        ------
        InputError
            Points without any run: the sweep is not finished, or all their runs failed.
        """
        table = self._by_point().mean(skipna=of_defined)
        self._check_whole(table)
        return table

    def medians(self) -> pd.DataFrame:
        """Return the median outcomes of each point over its replications, by point.

        A day that may never come (`never` in `sim.outcomes`) is later than any day where it does
        not, so that its median is inf where half of the runs do not come to it. Any other outcome
        is nan where it is not defined in all runs of a point.

        Raises
        ------
        InputError
            Points without any run.
        """
        runs = self.runs(["point", *self.manifest["outcomes"]])
        days = [name for name in self.manifest["outcomes"] if never_comes(name)]
        runs[days] = runs[days].fillna(np.inf)
        table = runs.groupby("point").median(skipna=False)
        self._check_whole(table)
        return table

    def defined(self) -> pd.DataFrame:
        """Return the share of the runs of each point in which each outcome is defined, by point."""
        runs = self._by_point()
        return runs.count().div(runs.size(), axis=0)

    def _by_point(self) -> DataFrameGroupBy:
        return self.runs(["point", *self.manifest["outcomes"]]).groupby("point")

    def _check_whole(self, table: pd.DataFrame | pd.Series[float]) -> None:
        lacking = self.manifest["design"]["points"] - len(table)
        if lacking:
            raise InputError(
                f"{self.folder}: {lacking} of {self.manifest['design']['points']} design points "
                "have no run; finish the sweep with the same command, or add --retry-failed"
            )

    def _check_known(self, outcomes: Iterable[str]) -> None:
        for outcome in outcomes:
            if outcome not in self.manifest["outcomes"]:
                raise InputError.unknown("outcome", outcome, self.manifest["outcomes"])

    def _values(
        self, outcome: str, values: pd.Series[float], never: float | None
    ) -> pd.Series[float]:
        """Return an outcome by run, defined in all of them, or raise what `ema` says."""
        if never is not None and never_comes(outcome):
            values = values.fillna(never)
        lacking = int(values.isna().sum())
        if lacking:
            way_out = "take another outcome"
            if never_comes(outcome):
                way_out = f"give never=DAYS, what a day that never comes counts as, or {way_out}"
            raise InputError(
                f"{self.folder}: {outcome} is not defined in {lacking:,} of "
                f"{counted(len(values), 'run')}, and what is made of the others alone would hide "
                f"it; {way_out}"
            )
        return values

    def ema(
        self, outcomes: Sequence[str] | None = None, never: float | None = None
    ) -> tuple[pd.DataFrame, dict[str, NDArray[np.float64]]]:
        """Return `(experiments, outcomes)` as EMA Workbench takes them, one row per run.

        The workbench compares and sorts: it would take what is not defined for what is not of
        interest, or stop.

        Parameters
        ----------
        outcomes : sequence of str, optional
            Names; all that are defined in every run if not given.
        never : float, optional
            Days for what is counted in days and never came, beyond the length of the run; inf will
            do for PRIM, not for feature scores.

        Returns
        -------
        experiments : DataFrame
            The factors, texts as categories, and `scenario`, `policy` and `model`.
        outcomes : dict of str to (n_runs,) float64

        Raises
        ------
        InputError
            An outcome that is asked for is unknown, or not defined in some runs.
        """
        runs = self.runs()
        experiments = runs[self.factors].copy()
        for name in self.factors:
            # Whole numbers as floats: the workbench puts limits between them.
            is_number = experiments[name].dtype.kind in "if"
            experiments[name] = experiments[name].astype(np.float64 if is_number else "category")
        experiments["scenario"] = runs["run"]
        experiments["policy"] = "None"
        experiments["model"] = "sanctionsim"
        if outcomes is None:
            names = self.manifest["outcomes"]
            days = [name for name in names if never is not None and never_comes(name)]
            outcomes = [name for name in names if name in days or runs[name].notna().all()]
        self._check_known(outcomes)
        found = {name: self._values(name, runs[name], never) for name in outcomes}
        return experiments, {name: np.asarray(v, np.float64) for name, v in found.items()}

    def sample(self) -> tuple[dict[str, Any], NDArray[np.float64]] | None:
        """Return problem and quantiles as SALib takes them; None if the design has none."""
        table = self._design()
        names = [QUANTILE + path for path in self.factors]
        if not names or names[0] not in table:
            return None
        bounds = [[0.0, 1.0]] * len(names)
        problem = {"num_vars": len(names), "names": self.factors, "bounds": bounds}
        return problem, table[names].to_numpy(np.float64)

    def salib(
        self, outcome: str, never: float | None = None
    ) -> tuple[dict[str, Any], NDArray[np.float64], NDArray[np.float64]]:
        """Return `(problem, X, Y)` as SALib's analysis takes them, in the order of its sample.

        Parameters
        ----------
        outcome : str
            Its mean over the replications of a point is Y.
        never : float, optional
            Days for what is counted in days and never came.

        Returns
        -------
        problem : dict
            Names of the factors, in quantiles.
        X : (n_points, n_factors) float64
        Y : (n_points,) float64

        Raises
        ------
        InputError
            No such outcome, one that is not defined in some runs, a design that was not sampled,
            or points without a run.
        """
        self._check_known([outcome])
        sample = self.sample()
        if sample is None:
            raise InputError(
                f"{self.folder}: design={self.manifest['design']['method']} has no sample for "
                "SALib; sweep with design=sobol, morris or lhs"
            )
        runs = self.runs(["point", outcome])
        values = self._values(outcome, runs[outcome], never).groupby(runs["point"]).mean()
        self._check_whole(values)
        return *sample, np.asarray(values, np.float64)
