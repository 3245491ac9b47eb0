"""A plan: the points of a sweep, its runs in chunks, and all that makes its numbers what they are.

Run r of a sweep is replication r % n of point r // n, for n replications. Chunks are consecutive
runs, cut by the plan alone: not by the machine, its cores or what has been computed already.
"""

import hashlib
import itertools
import platform
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from omegaconf import OmegaConf

from sim import __version__
from sim.arrays import Ints
from sim.config import Config
from sim.economy.energy_prices import FLAT, RECORD
from sim.errors import InputError
from sim.outcomes import OUTCOMES, columns
from sim.setting import prepare
from sim.setting.decision import rule_text
from sim.sweep.chunk import Base, Chunk, Common, fingerprint_of
from sim.sweep.compose import checked, compose, options
from sim.sweep.design import Points, points_of, read_table
from sim.sweep.factors import Factor, read_factors, shown
from sim.sweep.settings import MOST_RUNS, PLACE, SweepConfig
from sim.world import load

PACKAGES = ("mesa", "numpy", "numba", "scipy", "SALib", "pandas", "pyarrow", "hydra-core")
NO_NUMBERS = ("app", "analysis", "report", "sweep", "cli.py", "run.py", "multirun.py", "summary.py")
FEWEST, MOST = 64, 4096  # runs of a chunk
# Points that are tried before the first run: of each listed value, until one can run.
MOST_LOOKED_AT, MOST_VALUES, TRIES = 20_000, 64, 8
ROWS = 1_000_000  # of the longest table of a chunk, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Common):
    """A sweep before its first run."""

    config: SweepConfig
    resolved: dict[str, Any]  # the composed configuration without what only says where to compute
    points: Points
    chunk_runs: int  # runs of a chunk; the last may be shorter

    @property
    def replications(self) -> int:
        """Runs of each point."""
        return self.config.design.replications

    @property
    def n_runs(self) -> int:
        """Runs of all points."""
        return len(self.points) * self.replications

    @property
    def n_chunks(self) -> int:
        """Chunks of the sweep."""
        return -(-self.n_runs // self.chunk_runs)

    def chunk(self, number: int) -> Chunk:
        """Return a chunk by its position."""
        start = number * self.chunk_runs
        runs = np.arange(start, min(start + self.chunk_runs, self.n_runs), dtype=np.int64)
        first, last = int(runs[0]) // self.replications, int(runs[-1]) // self.replications
        return Chunk(
            number=number,
            runs=runs,
            first_point=first,
            columns={path: col[first : last + 1] for path, col in self.points.columns.items()},
            replications=self.replications,
            common_random_numbers=self.config.design.common_random_numbers,
            **{field.name: getattr(self, field.name) for field in fields(Common)},
        )

    def manifest(self) -> dict[str, Any]:
        """Return what a reader needs to get the same numbers, and a resumed sweep must share."""
        return {
            "format": 1,
            "name": self.config.name,
            "config": self.resolved,
            "seed": self.config.seed,
            "design": {
                "method": self.config.design.method,
                "factors": [factor.path for factor in self.points.factors],
                "points": len(self.points),
                "sha256": self.points.digest(),
                "seed": self.config.design.seed,
            },
            "replications": self.replications,
            "common_random_numbers": self.config.design.common_random_numbers,
            "runs": self.n_runs,
            "chunk_runs": self.chunk_runs,
            "chunks": self.n_chunks,
            "record": self.record,
            "outcomes": list(self.outcomes),
            "rules": {
                function: hashlib.sha256(text.encode()).hexdigest()
                for function, text in self.rules.items()
            },
            "rule_texts": self.rules,
            "worlds": self.worlds,
            "files": self.files,
            "versions": versions(),
        }


def plan_of(overrides: Sequence[str], own_folder: Path | None = None) -> Plan:
    """Return the plan of a sweep.

    Parameters
    ----------
    overrides : sequence of str
        In Hydra's grammar, as `sanctionsim sweep` takes them.
    own_folder : Path, optional
        A folder of the user's with further files of the config groups.

    Raises
    ------
    InputError
        Whatever is wrong with the configuration, the factors or the design.
    """
    node = compose(overrides, own_folder)
    config = checked(node)
    design = config.design
    if config.run:
        raise InputError(f"run={config.run}: a sweep numbers its own; leave it out")
    entries: Any = OmegaConf.to_container(node.design.factors)
    if design.table:
        if entries or design.method != "list":
            raise InputError("design.table is for design=list, without further design.factors")
        entries = read_table(design.table)

    def offered(group: str) -> list[str]:
        return options(group, own_folder)

    try:
        factors = read_factors(entries, node, offered, repeats=design.method == "list")
    except RecursionError:
        raise InputError(
            "design.factors: a value is a list in a list, and so on: too deep"
        ) from None
    points = points_of(design, factors)
    n_runs = len(points) * design.replications
    if n_runs >= MOST_RUNS:
        raise InputError(
            f"the sweep has {n_runs:,} runs; at most {MOST_RUNS - 1:,} have draws of their own: "
            "take fewer points or design.replications"
        )
    bases = _bases(config, factors, overrides, own_folder)
    priced = _said("economy.energy_prices", bases, factors)
    plan = Plan(
        config=config,
        resolved=_resolved(node, entries),
        points=points,
        bases=bases,
        outcomes=_outcomes(bases, factors),
        record=config.record,
        chunk_runs=design.chunk_runs or _chunk_runs(n_runs, config.record, bases),
        rules={said: rule_text(said) for said in _said("rule.function", bases, factors) if said},
        worlds={
            folder: load(folder).fingerprint for folder in _said("world.folder", bases, factors)
        },
        files={path: fingerprint_of(path) for path in priced if path not in (RECORD, FLAT)},
    )
    _check_points(plan)
    return plan


def _resolved(node: Any, entries: Any) -> dict[str, Any]:
    plain: Any = OmegaConf.to_container(node, resolve=True, enum_to_str=True)
    plain["design"]["factors"] = entries
    return {key: value for key, value in plain.items() if key not in PLACE}


def _bases(
    alone: SweepConfig,
    factors: tuple[Factor, ...],
    overrides: Sequence[str],
    own_folder: Path | None,
) -> dict[tuple[str, ...], Base]:
    """Compose once for every combination of config groups, never for a point."""
    groups = [factor for factor in factors if factor.is_group]
    # One + declares a coefficient of a rule of the user's own, which a factor then moves.
    said = [word for word in overrides if word.startswith("++") or not word.startswith("+")]
    chosen = {word.split("=")[0].lstrip("+") for word in said}
    for factor in factors:
        if factor.path in chosen:
            raise InputError(
                f"design.factors.{factor.path} and {factor.path}=... exclude each other; leave one "
                f"of them out (~design.factors.{factor.path} leaves out the factor)"
            )
    bases = {}
    for combination in itertools.product(*(dict.fromkeys(f.values) for f in groups)):
        words = [f"{f.path}={name}" for f, name in zip(groups, combination, strict=True)]
        whole = checked(compose([*overrides, *words], own_folder)) if groups else alone
        config = Config(**{f.name: getattr(whole, f.name) for f in fields(Config)})
        bases[combination] = Base(config, load(config.world.folder).names_by_code)
    return bases


def _said(key: str, bases: dict[tuple[str, ...], Base], factors: tuple[Factor, ...]) -> list[str]:
    """Return the values of a parameter at all points: those of its factor, or of the groups."""
    group, _, name = key.partition(".")
    listed = [factor.values for factor in factors if factor.path == key]
    found = (
        listed[0] if listed else [getattr(getattr(b.config, group), name) for b in bases.values()]
    )
    return list(dict.fromkeys(found))


def _outcomes(bases: dict[tuple[str, ...], Base], factors: tuple[Factor, ...]) -> tuple[str, ...]:
    """Return the names of all outcomes that some point has."""
    targets = [target for base in bases.values() for target in base.config.scenario.targets]
    entry = "scenario.targets."
    targets += [f.path[len(entry) :] for f in factors if f.path.startswith(entry)]
    return columns(OUTCOMES.values(), dict.fromkeys(targets))


def _chunk_runs(n_runs: int, record: str, bases: dict[tuple[str, ...], Base]) -> int:
    """Return the runs of a chunk: a fiftieth of all, within bounds; fewer where rows are many."""
    base = next(iter(bases.values())).config
    rows = {"outcomes": 1, "events": 300, "steps": base.scenario.steps}
    states = base.scenario.steps * len(load(base.world.folder).states)
    wanted = min(max(n_runs // 50, FEWEST), MOST)
    return max(1, min(wanted, ROWS // rows.get(record, states)))


def _check_points(plan: Plan) -> None:
    """Refuse a sweep with a value that no point can run with, before its first run.

    A combination that cannot be is recorded with its runs, if each of its values runs in others.
    """
    runs: dict[int, InputError | None] = {}
    total = len(plan.points)
    looked_at = np.arange(total)
    if total > MOST_LOOKED_AT:
        looked_at = np.sort(np.random.default_rng(0).choice(total, MOST_LOOKED_AT, replace=False))
    for factor in plan.points.factors or (None,):
        for points in _points_by_value(plan, factor, looked_at):
            for point in points:
                if point not in runs:
                    runs[point] = _refusal(plan, point)
                error = runs[point]
                if error is None:
                    break
            else:
                assert error is not None  # each value has a point
                if factor is None:
                    raise error
                value = plan.points.columns[factor.path][points[0]]
                raise InputError(
                    f"design.factors.{factor.path}: no point with {shown(value)} can run: {error}"
                ) from error


def _points_by_value(plan: Plan, factor: Factor | None, looked_at: Ints) -> list[list[int]]:
    """Return for each value of a factor that is listed some points that have it, spread out."""
    groups: dict[str, list[int]] = {"": looked_at.tolist()}
    if factor is not None and factor.values:
        words = [shown(value) for value in plan.points.columns[factor.path][looked_at]]
        groups = {}
        for point, word in zip(looked_at.tolist(), words, strict=True):
            groups.setdefault(word, []).append(point)
    found = list(groups.values())[:MOST_VALUES]
    return [points[:: max(1, len(points) // TRIES)][:TRIES] for points in found]


def _refusal(plan: Plan, point: int) -> InputError | None:
    """Return why a point cannot run, None if it can."""
    chunk = plan.chunk(point * plan.replications // plan.chunk_runs)
    try:
        config = chunk.config(point)
        text = plan.rules.get(config.rule.function)
        prepare(load(config.world.folder), config, rule_text=text)
    except InputError as error:
        return error
    return None


def versions() -> dict[str, Any]:
    """Return the versions of what computes numbers, and a hash of the code that does."""
    return {
        "sanctionsim": __version__,
        "code": code(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in PACKAGES},
    }


@lru_cache(maxsize=1)
def code() -> str:
    """Return the SHA-256 over the sources that a run's numbers depend on."""
    package, digest = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted([*package.rglob("*.py"), package / "outcomes.csv"]):
        place = path.relative_to(package)
        if place.parts[0] not in NO_NUMBERS:
            digest.update(place.as_posix().encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
