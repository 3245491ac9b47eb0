"""The schema of a sweep: that of a run, with a design and where to compute it."""

from __future__ import annotations  # a group knows the types of its parts by their names

from dataclasses import dataclass, field
from typing import Any

from sim.config import CHOICE, Checked, Config, number, parameter

MOST_LEVELS = 10**6
METHODS = ("grid", "list", "lhs", "sobol", "morris")
MOST_RUNS = 2**32  # numbers of runs are keys of draws, 32 bits wide


@dataclass(slots=True)
class Design(Checked):
    """Which points, and how many runs of each."""

    method: str = parameter("grid", "how points are chosen", CHOICE, among=METHODS)
    factors: dict[str, Any] = parameter(
        {}, "what varies: config path, and its values or range", CHOICE, "as the parameter"
    )
    table: str = parameter("", "CSV file with one point a row, for design=list", CHOICE)
    samples: int = number(
        64, (1, 10**8), "points of lhs, base sample of sobol, trajectories of morris", CHOICE
    )
    levels: int = number(4, (2, MOST_LEVELS), "levels of a range in grid and morris", CHOICE)
    second_order: bool = parameter(
        False,
        "sobol: indices of second order too; of k factors with 2k + 2 points for k + 2",
        CHOICE,
    )
    replications: int = number(10, (1, MOST_RUNS - 1), "runs of each point", CHOICE, "runs")
    seed: int = number(1, (0, 2**32 - 1), "seed of the sampled points", CHOICE)
    common_random_numbers: bool = parameter(
        True, "all points share their draws, so that a difference is the mechanism", CHOICE
    )
    chunk_runs: int = number(0, (0, 10**6), "runs of a partition; 0: from the plan", CHOICE, "runs")


@dataclass(slots=True)
class Slurm(Checked):
    """What to ask a Slurm queue for; each job is one worker."""

    jobs: int = number(4, (1, 10000), "jobs to ask for", CHOICE)
    cores: int = number(16, (1, 1024), "cores of a job", CHOICE)
    memory: str = parameter("16GB", "memory of a job", CHOICE)
    walltime: str = parameter("04:00:00", "time limit of a job", CHOICE)
    queue: str | None = parameter(None, "partition", CHOICE)
    account: str | None = parameter(None, "account", CHOICE)
    interface: str | None = parameter(None, "network interface of the nodes", CHOICE)
    prologue: list[str] = parameter([], "shell lines before a worker starts", CHOICE, "commands")
    options: list[str] = parameter([], "further directives", CHOICE, "#SBATCH lines")


@dataclass(slots=True)
class SweepConfig(Config):
    """A sweep, whole."""

    design: Design = field(default_factory=Design)
    cluster: str = parameter("here", "here, local, slurm, or the address of a scheduler", CHOICE)
    workers: int = number(0, (0, 10000), "threads or local workers; 0: one a core", CHOICE)
    slurm: Slurm = field(default_factory=Slurm)
    report: bool = parameter(True, "draw the page of the sweep when all runs are there", CHOICE)


# What says where, or how it is drawn, and not what: no part of what a store is compared by.
PLACE = ("cluster", "workers", "slurm", "out", "run", "figures")
