"""The schema of a sweep: that of a run, with a design and where to compute it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sim.config import CHOICE, Checked, Config, choice, listing, number, switch, word

METHODS = ("grid", "list", "lhs", "sobol", "morris")
MOST_RUNS = 2**32  # numbers of runs are keys of draws, 32 bits wide


@dataclass(slots=True)
class Design(Checked):
    """Which points, and how many runs of each."""

    method: str = choice("grid", METHODS, "how points are chosen", CHOICE)
    factors: dict[str, Any] = listing(
        {}, "as the parameter", "what varies: config path, and its values or range", CHOICE
    )
    table: str = word("", "CSV file with one point a row, for design=list", CHOICE)
    samples: int = number(
        64, 1, 10**8, "1", "points of lhs, base sample of sobol, trajectories of morris", CHOICE
    )
    levels: int = number(4, 2, 10**6, "1", "levels of a range in grid and morris", CHOICE)
    second_order: bool = switch(False, "sobol: points for second-order indices too", CHOICE)
    replications: int = number(10, 1, MOST_RUNS - 1, "runs", "runs of each point", CHOICE)
    seed: int = number(1, 0, 2**32 - 1, "1", "seed of the sampled points", CHOICE)
    common_random_numbers: bool = switch(
        True, "all points share their draws, so that a difference is the mechanism", CHOICE
    )
    chunk_runs: int = number(0, 0, 10**6, "runs", "runs of a partition; 0: from the plan", CHOICE)


@dataclass(slots=True)
class Slurm(Checked):
    """What to ask a Slurm queue for; each job is one worker."""

    jobs: int = number(4, 1, 10000, "1", "jobs to ask for", CHOICE)
    cores: int = number(16, 1, 1024, "1", "cores of a job", CHOICE)
    memory: str = word("16GB", "memory of a job", CHOICE)
    walltime: str = word("04:00:00", "time limit of a job", CHOICE)
    queue: str | None = field(default=None, metadata={"meaning": "partition", "source": CHOICE})
    account: str | None = field(default=None, metadata={"meaning": "account", "source": CHOICE})
    interface: str | None = field(
        default=None, metadata={"meaning": "network interface of the nodes", "source": CHOICE}
    )
    prologue: list[str] = listing([], "commands", "shell lines before a worker starts", CHOICE)
    options: list[str] = listing([], "#SBATCH lines", "further directives", CHOICE)


@dataclass(slots=True)
class SweepConfig(Config):
    """A sweep, whole."""

    design: Design = field(default_factory=Design)
    cluster: str = word("here", "here, local, slurm, or the address of a scheduler", CHOICE)
    workers: int = number(0, 0, 10000, "1", "threads or local workers; 0: one a core", CHOICE)
    slurm: Slurm = field(default_factory=Slurm)


# What says where and not what: no part of what a store is compared by.
PLACE = ("cluster", "workers", "slurm", "out", "run", "driver")
