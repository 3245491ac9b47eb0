"""A dry run: how many runs, how long, how many bytes, from a short probe; nothing is written."""

import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from sim.sweep.chunk import simulate_chunk
from sim.sweep.factors import shown
from sim.sweep.plan import Plan
from sim.sweep.progress import duration, size
from sim.sweep.tables import encoded, tables_of
from sim.words import aligned, counted

SECONDS = 2.0  # that a probe takes, about
FIRST = 5  # points that are shown


class Probe(NamedTuple):
    """What a few runs cost."""

    runs: int  # that were simulated
    seconds_per_run: float
    # Bytes of the store are runs x the first + chunks x the second.
    bytes_per_run: float
    bytes_per_chunk: float
    tables: int  # partitions that a chunk has


def probe(plan: Plan, threads: int = 0) -> Probe:
    """Simulate runs from all over the design for about two seconds and measure them."""
    chunk = plan.chunk(0)
    simulate_chunk(chunk.only(chunk.runs[:1]), threads)  # compiles, or reads from disk
    n, begun = 8, time.perf_counter()
    while True:
        tables, n_runs = _sample(plan, n, threads)
        took = time.perf_counter() - begun
        if took > SECONDS / 4 or n_runs == plan.n_runs:
            break
        n, begun = 4 * n, time.perf_counter()
    whole = sum(len(encoded(table)) for table in tables.values())
    few = sum(len(encoded(table.slice(0, 0))) for table in tables.values())
    return Probe(n_runs, took / n_runs, (whole - few) / n_runs, few, len(tables))


def _sample(plan: Plan, n: int, threads: int) -> tuple[dict[str, pa.Table], int]:
    """Return the tables of n runs, half from the first chunk and half from the last."""
    first, last = plan.chunk(0), plan.chunk(plan.n_chunks - 1)
    few, others = (
        one.only(one.runs[np.unique(np.linspace(0, one.runs.size - 1, n).astype(int))])
        for one in (first, last)
    )
    tables = tables_of(few, simulate_chunk(few, threads))
    if last.number == first.number:
        return tables, few.runs.size
    simulate_chunk(others, threads)
    return tables, few.runs.size + others.runs.size


def dry_run(plan: Plan, folder: Path, threads: int = 0) -> str:
    """Return what a sweep would do, as text."""
    found = probe(plan, threads)
    n_bytes = plan.n_runs * found.bytes_per_run + plan.n_chunks * found.bytes_per_chunk
    design = plan.config.design
    draws = "common to all points" if design.common_random_numbers else "their own at each point"
    lines = [
        f"sweep    {plan.config.name} into {folder}",
        f"design   {design.method}, {counted(len(plan.points), 'point')} of "
        f"{counted(len(plan.points.factors), 'factor')}",
        f"runs     {plan.n_runs:,} ({plan.replications:,} a point, draws {draws}, "
        f"{_steps(plan)} each)",
        f"time     about {duration(plan.n_runs * found.seconds_per_run)} on this machine "
        f"({1.0 / found.seconds_per_run:,.1f} runs/s in a probe of {found.runs})",
        f"size     about {size(n_bytes)} ({found.bytes_per_run:,.0f} bytes a run, "
        f"record={plan.record})",
        f"files    about {plan.n_chunks * found.tables + 2:,} "
        f"({counted(plan.n_chunks, 'chunk')} of at most {plan.chunk_runs:,} runs)",
        "",
        *_table(plan),
    ]
    return "\n".join(lines)


def _steps(plan: Plan) -> str:
    """Return how many steps a run has, which the design may vary."""
    known = plan.points.columns.get("scenario.steps", [plan.config.scenario.steps])
    least, most = int(min(known)), int(max(known))
    return counted(most, "step") if least == most else f"{least:,} to {most:,} steps"


def _table(plan: Plan) -> list[str]:
    columns, n = plan.points.columns, min(FIRST, len(plan.points))
    names = ["point", *columns]
    cells = [names, *([str(k), *(_short(of[k]) for of in columns.values())] for k in range(n))]
    rest = len(plan.points) - n
    return [*aligned(cells), *([f"... {rest:,} more"] if rest else [])]


def _short(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else shown(value)
