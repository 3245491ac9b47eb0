"""Designs: from factors to points, sampled by scipy and SALib."""

import hashlib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import yaml
from yaml import SafeLoader

from sim.arrays import Floats
from sim.csv_table import read_csv
from sim.errors import InputError
from sim.sweep.factors import Column, Factor, column, shown
from sim.sweep.settings import Design

MOST_POINTS = 20_000_000  # their values are held in memory


@dataclass(frozen=True, slots=True)
class Points:
    """The points of a design."""

    factors: tuple[Factor, ...]
    columns: dict[str, Column]  # values by config path
    # (n_points, n_factors) The same points as quantiles in [0, 1], where they were sampled so.
    unit: Floats | None = None

    def __len__(self) -> int:
        """Return the number of points."""
        return len(next(iter(self.columns.values()))) if self.columns else 1

    def digest(self) -> str:
        """Return the SHA-256 over all values."""
        digest = hashlib.sha256()
        for path, values in self.columns.items():
            digest.update(path.encode())
            numbers = values.dtype != object
            digest.update(values.tobytes() if numbers else "\n".join(map(shown, values)).encode())
        return digest.hexdigest()


def points_of(design: Design, factors: tuple[Factor, ...]) -> Points:
    """Return the points of a design; InputError for unfit factors, or for too many points."""
    if not factors and design.method != "grid":
        raise InputError(
            "design.factors is empty; name what varies, as in "
            "design.factors.coordination.peer_weight=[0,1,2]"
        )
    return METHODS[design.method](design, factors)


def _grid(design: Design, factors: tuple[Factor, ...]) -> Points:
    axes = [factor.grid(design.levels) for factor in factors]
    total = math.prod(len(axis) for axis in axes)
    _check_size(total, "fewer values or levels, or design=lhs")
    rows, repeat = {}, total
    for factor, axis in zip(factors, axes, strict=True):
        repeat //= len(axis)
        rows[factor.path] = np.tile(np.repeat(axis, repeat), total // (repeat * len(axis)))
    return Points(factors, rows)


def _list(design: Design, factors: tuple[Factor, ...]) -> Points:
    lengths = {factor.path: len(factor.values) for factor in factors}
    for path, length in lengths.items():
        if not length:
            raise InputError(f"design.factors.{path} is a range; design=list takes listed values")
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{path} {length}" for path, length in lengths.items())
        raise InputError(
            f"design=list takes factors with equally many values; found {found}; "
            "make them equal, or use design=grid for all combinations"
        )
    n = next(iter(lengths.values()))
    return Points(factors, {f.path: column(f.values, np.arange(n)) for f in factors})


def _latin_hypercube(design: Design, factors: tuple[Factor, ...]) -> Points:
    from scipy.stats import qmc

    _check_size(design.samples, "fewer design.samples")
    sampler = qmc.LatinHypercube(len(factors), rng=np.random.default_rng(design.seed))
    return _at(factors, sampler.random(design.samples))


def _sobol(design: Design, factors: tuple[Factor, ...]) -> Points:
    from SALib.sample import sobol

    if design.samples & (design.samples - 1):
        near = 2 ** round(math.log2(design.samples))
        raise InputError(
            f"design.samples must be a power of 2 for design=sobol; found {design.samples}; "
            f"write for instance design.samples={near}"
        )
    per_sample = 2 * len(factors) + 2 if design.second_order else len(factors) + 2
    _check_size(design.samples * per_sample, "fewer design.samples")
    asked = {"calc_second_order": design.second_order, "seed": design.seed}
    return _at(factors, sobol.sample(problem(factors), design.samples, **asked))


def _morris(design: Design, factors: tuple[Factor, ...]) -> Points:
    from SALib.sample import morris

    if design.levels % 2:
        raise InputError(
            f"design.levels must be even for design=morris; found {design.levels}; "
            f"write for instance design.levels={design.levels + 1}"
        )
    _check_size(design.samples * (len(factors) + 1), "fewer design.samples")
    unit = morris.sample(problem(factors), design.samples, design.levels, seed=design.seed)
    return _at(factors, unit)


METHODS: Mapping[str, Callable[[Design, tuple[Factor, ...]], Points]] = {
    "grid": _grid,
    "list": _list,
    "lhs": _latin_hypercube,
    "sobol": _sobol,
    "morris": _morris,
}


def problem(factors: tuple[Factor, ...]) -> dict[str, Any]:
    """Return the problem as SALib takes it: quantiles of the factors, in their order."""
    names = [factor.path for factor in factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _at(factors: tuple[Factor, ...], unit: Floats) -> Points:
    values = {factor.path: factor.at(unit[:, k]) for k, factor in enumerate(factors)}
    return Points(factors, values, unit)


def _check_size(n_points: int, remedy: str) -> None:
    if n_points > MOST_POINTS:
        raise InputError(
            f"the design has {n_points:,} points; at most {MOST_POINTS:,} are planned at once: "
            f"take {remedy}"
        )


def read_table(path: str) -> dict[str, list[Any]]:
    """Return the columns of a CSV file as factors that list their values, repeats included.

    Raises
    ------
    InputError
        No such file, no rows, an empty cell, or whatever `sim.csv_table.read_csv` refuses.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"design.table: there is no file '{path}'")
    header, lines = read_csv(file)
    rows = list(lines)
    if not rows or not all(header):
        raise InputError(f"{path}: needs a header of config paths and at least one row")
    return {
        name: [_value(file, line, name, cells[k]) for line, cells in rows]
        for k, name in enumerate(header)
    }


class _Cells(SafeLoader):
    """Reads values as YAML has them, but dates as text, and 010 as ten, where YAML has eight."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        sign: [one for one in kinds if not one[0].endswith((":timestamp", ":int"))]
        for sign, kinds in SafeLoader.yaml_implicit_resolvers.items()
    }


_Cells.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(0|[1-9]\d*)$"), "-0123456789")


def _value(path: Path, line: int, name: str, cell: str) -> Any:
    """Return the value of a cell as YAML has it: a number, truth, a list, a mapping, or a text."""
    if not cell.strip():
        raise InputError.in_table(path, line, name, "must not be empty", cell)
    try:
        return yaml.load(cell, _Cells)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError.in_table(path, line, name, "cannot be read", cell[:60]) from error
