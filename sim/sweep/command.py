"""The command `sanctionsim sweep`: many runs over a design, into one store."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    from sim.sweep.plan import Plan
    from sim.sweep.runner import Engine, Result

USAGE = """Usage: sanctionsim sweep [experiment=NAME] [out=DIR] [overrides]

Many runs over a design. The same command goes on where an earlier one stopped.

  sanctionsim sweep experiment=quick                a minute on a laptop
  sanctionsim sweep experiment=coordination design=lhs design.samples=200
  sanctionsim sweep design.factors.coordination.peer_weight=[0,1,2] design.replications=100
  sanctionsim status results/sweeps/quick           how far it is

Overrides (key=value), beside those of `sanctionsim run`:
{groups}
  design.factors.PATH=...   [0, 1, 2] | {{low: 0, high: 2, levels: 5, distribution: uniform}}
  design.replications=N     runs of each point
  design.samples=N          points of lhs, base sample of sobol, trajectories of morris
  seed=N                    seed of the draws; design.seed=N of the sampled points
  record=WORD               outcomes | events | steps | states: what is kept of each run
  cluster=WHERE             here | local | slurm | ADDRESS of a scheduler
  out=DIR                   the store (default results/sweeps/<name>)

Options:
  --dry-run          say how many runs, how long, how many bytes; write nothing
  --new              another store beside one that is there
  --retry-failed     compute only the runs that failed
  --cfg job          print the composed configuration and stop
  --config-dir DIR   look for files of the groups there too
  --debug            show the traceback of an error
  -h, --help         this text

Exit code: 0 all runs are there, 1 some failed, 2 a mistake in what was asked, 130 stopped.
"""
OPTIONS = ["--dry-run", "--new", "--retry-failed", "--cfg job", "--config-dir", "--debug", "--help"]


@dataclass(slots=True)
class Request:
    """What the user typed."""

    overrides: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    own_folder: Path | None = None


def usage() -> str:
    """Return the help text, with the config groups and what each offers."""
    from sim.sweep.compose import folder, options

    own = sorted(path.stem for path in (folder() / "experiment").glob("*.yaml"))
    lines = [
        f"  {'experiment=NAME':<26}{' | '.join(own)}, or one of a run",
        f"  {'design=NAME':<26}{' | '.join(options('design'))}",
    ]
    return USAGE.format(groups="\n".join(lines))


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Returns
    -------
    int
        0, or 1 if runs failed.

    Raises
    ------
    InputError
        Anything wrong with what the user gave.
    """
    if {"-h", "--help"} & set(arguments):
        print(usage(), end="")
        return 0
    request = read(arguments)
    if "--cfg" in request.flags:
        return _show(request)
    from sim.sweep.plan import plan_of

    plan = plan_of(request.overrides, request.own_folder)
    folder = place(plan.config.out or f"results/sweeps/{plan.config.name}", request.flags)
    if "--dry-run" in request.flags:
        from sim.sweep.probe import dry_run

        print(dry_run(plan, folder, plan.config.workers))
        return 0
    return _sweep(plan, folder, "--retry-failed" in request.flags)


def read(arguments: Sequence[str]) -> Request:
    """Return what was typed, sorted.

    Raises
    ------
    InputError
        An unknown option, or one without its value.
    """
    request, rest = Request(), list(arguments)
    while rest:
        word = rest.pop(0)
        name, _, value = word.partition("=")
        if not word.startswith("-"):
            request.overrides.append(word)
        elif name == "--config-dir":
            value = value or (rest.pop(0) if rest else "")
            if not value or not Path(value).is_dir():
                raise InputError(f"--config-dir must be followed by a folder; found '{value}'")
            request.own_folder = Path(value)
        elif name in ("--cfg", "-c"):
            value = value or (rest.pop(0) if rest else "")
            if value != "job":
                raise InputError(f"--cfg must be followed by 'job'; found '{value}'")
            request.flags.add("--cfg")
        elif word in ("--dry-run", "--new", "--retry-failed"):
            request.flags.add(word)
        elif word in ("-m", "--multirun"):
            raise InputError(
                "a sweep takes its variants from design.factors; comma-separated values are for "
                "sanctionsim run --multirun"
            )
        else:
            raise InputError.unknown("option", word, OPTIONS)
    return request


def _show(request: Request) -> int:
    from omegaconf import OmegaConf

    from sim.sweep.compose import checked, compose

    node = compose(request.overrides, request.own_folder)
    checked(node)
    print(OmegaConf.to_yaml(node), end="")
    return 0


def place(out: str, flags: set[str]) -> Path:
    """Return the folder of the store, one beside it for --new.

    Raises
    ------
    InputError
        It is no folder, holds something else, or lacks what is to be retried.
    """
    folder = Path(out)
    if "--new" in flags:
        number = 2
        while folder.exists():
            folder, number = Path(f"{out}-{number}"), number + 1
    if folder.exists() and not folder.is_dir():
        raise InputError(f"out={out} is a file; a store is a folder: choose another")
    from sim.sweep.store import MANIFEST, OWN

    begun = (folder / MANIFEST).is_file()
    if folder.is_dir() and not begun:
        odd = [p.name for p in folder.iterdir() if p.name not in OWN and p.suffix != ".partial"]
        if odd:
            raise InputError(
                f"out={out} holds something that is no sweep ({odd[0]}); choose another folder"
            )
    if "--retry-failed" in flags and not begun:
        raise InputError(f"{folder} is no store of a sweep yet; there is nothing to retry")
    return folder


def _sweep(plan: Plan, folder: Path, retry_failed: bool) -> int:
    from sim.sweep.runner import sweep

    print(f"{plan.n_runs:,} runs of {len(plan.points):,} points: {folder}", flush=True)
    try:
        with _engine(plan) as engine:
            _make(folder)
            result = sweep(plan, folder, engine, retry_failed)
    except KeyboardInterrupt:
        print(f"{folder} keeps what is finished; the same command goes on", file=sys.stderr)
        raise
    print(_told(folder, result))
    return 1 if result.failed else 0


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written ({error.strerror}); choose another with out=DIR"
        ) from error


def _engine(plan: Plan) -> AbstractContextManager[Engine]:
    """Return where the sweep is computed, opened on entry and closed on exit."""
    config = plan.config
    if config.cluster == "here":
        from sim.sweep.runner import here

        return nullcontext(here(config.workers))
    from sim.sweep.cluster import Connected

    return Connected(config)


def _told(folder: Path, result: Result) -> str:
    kept = result.runs - result.now
    lines = [
        f"Computed now: {result.now:,} runs" + (f"; {kept:,} were there" if kept else ""),
        f"Store:        {folder}",
    ]
    if result.failed:
        lines.append(
            f"Failed:       {result.failed:,} runs, the first since {result.reason}\n"
            f"              all reasons: {folder / 'failures'}; once more: --retry-failed"
        )
    return "\n".join(lines)
