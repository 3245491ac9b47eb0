"""The command `sanctionsim sweep`: many runs over a design, into one store."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import command, overrides, show
from sim.errors import InputError
from sim.folders import made
from sim.words import counted

if TYPE_CHECKING:
    from sim.sweep.plan import Plan
    from sim.sweep.runner import Engine, Result


def _keys() -> list[tuple[str, str]]:
    from sim.compose import files_of
    from sim.sweep.compose import folder, options

    own = files_of("experiment", [folder()])
    return [
        ("experiment=NAME", f"{' | '.join(own)}, or one of a run"),
        ("design=NAME", " | ".join(options("design"))),
        (
            "design.factors.PATH=...",
            "[0, 1, 2] | {low: 0, high: 2, levels: 5, distribution: uniform}",
        ),
        ("design.replications=N", "runs of each point"),
        (
            "design.samples=N",
            "points of lhs, base sample of sobol, trajectories of morris",
        ),
        ("seed=N", "seed of the draws; design.seed=N of the sampled points"),
        ("record=WORD", "outcomes | events | steps | states | sectors: what is kept of each run"),
        ("cluster=WHERE", "here | local | slurm | ADDRESS of a scheduler"),
        ("out=DIR", "the store (default results/sweeps/<name>)"),
        ("report=false", "no page at the end; sanctionsim report PATH draws it any time"),
    ]


def _no_multirun(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    if asked:
        raise InputError(
            "a sweep takes its variants from design.factors; comma-separated values are for "
            "sanctionsim run --multirun"
        )


@command(keys=_keys)
@overrides()
@show
@click.option(
    "--dry-run", is_flag=True, help="say how many runs, how long, how many bytes; write nothing"
)
@click.option("--new", is_flag=True, help="another store beside one that is there")
@click.option("--retry-failed", is_flag=True, help="compute only the runs that failed")
@click.option(
    "-m", "--multirun", is_flag=True, hidden=True, expose_value=False, callback=_no_multirun
)
def main(
    overrides: tuple[str, ...],
    config_dir: Path | None,
    show: bool,
    dry_run: bool,
    new: bool,
    retry_failed: bool,
) -> int:
    """Many runs over a design. The same command goes on where an earlier one stopped.

    For example:
      sanctionsim sweep experiment=quick                a minute on a laptop
      sanctionsim sweep experiment=coordination design=lhs design.samples=200
      sanctionsim sweep design.factors.coordination.peer_weight=[0,1,2] design.replications=100
      sanctionsim status results/sweeps/quick           how far it is

    Overrides are those of sanctionsim run, and what is listed here.

    Exit code: 0 all runs are there, 1 some failed, 2 a mistake in what was asked, 130 stopped.
    """
    if show:
        _show(overrides, config_dir)
        return 0
    from sim.sweep.plan import plan_of

    plan = plan_of(overrides, config_dir)
    out = f"results/sweeps/{plan.config.name}" if plan.config.out is None else plan.config.out
    folder = place(out, new, retry_failed)
    if dry_run:
        from sim.sweep import probe

        print(probe.dry_run(plan, folder, plan.config.workers))
        return 0
    return _sweep(plan, folder, retry_failed)


def _show(overrides: Sequence[str], config_dir: Path | None) -> None:
    from omegaconf import OmegaConf

    from sim.sweep.compose import checked, compose

    node = compose(overrides, config_dir)
    checked(node)
    print(OmegaConf.to_yaml(node), end="")


def place(out: str, new: bool, retry_failed: bool) -> Path:
    """Return the folder of the store, one beside it if it must be new.

    Raises
    ------
    InputError
        It is no folder, holds something else, or lacks what is to be retried.
    """
    folder = Path(os.path.expanduser(out))
    if new:
        own, number = folder, 2
        while folder.exists():
            folder, number = Path(f"{own}-{number}"), number + 1
    if not out.strip() or (folder.exists() and not folder.is_dir()):
        raise InputError(f"out={out} is a file or none; a store is a folder: choose another")
    from sim.sweep.store import MANIFEST, OWN

    begun = (folder / MANIFEST).is_file()
    if folder.is_dir() and not begun:
        odd = [p.name for p in folder.iterdir() if p.name not in OWN and p.suffix != ".partial"]
        if odd:
            raise InputError(
                f"out={out} holds something that is no sweep ({odd[0]}); choose another folder"
            )
    if retry_failed and not begun:
        raise InputError(f"{folder} is no store of a sweep yet; there is nothing to retry")
    return folder


def _sweep(plan: Plan, folder: Path, retry_failed: bool) -> int:
    from sim.sweep.runner import sweep

    told = f"{counted(plan.n_runs, 'run')} of {counted(len(plan.points), 'point')}"
    print(f"{told}: {folder}", flush=True)
    try:
        with _engine(plan) as engine:
            made(folder)
            result = sweep(plan, folder, engine, retry_failed)
    except KeyboardInterrupt:
        print(f"{folder} keeps what is finished; the same command goes on", file=sys.stderr)
        raise
    print(_told(folder, result), flush=True)
    if plan.config.report:
        print(_page(folder))
    return 1 if result.failed else 0


def _page(folder: Path) -> str:
    """Return where the page is, or why there is none: the data stand whatever becomes of it."""
    from sim.folders import drawn
    from sim.report import sweep
    from sim.sweep.store import PAGE

    page = folder / PAGE / "index.html"
    lacking = drawn(lambda: sweep.write(folder), page)
    if not lacking:
        return f"Page:         {page}"
    again = f"the data stand; sanctionsim report {shlex.quote(str(folder))} tries again"
    return f"Page:         none, since {lacking}; {again}"


def _engine(plan: Plan) -> AbstractContextManager[Engine]:
    """Return where the sweep is computed, opened on entry and closed on exit."""
    config = plan.config
    if config.cluster == "here":
        from sim.sweep.runner import here

        return nullcontext(here(config.workers))
    from sim.sweep.cluster import connected

    return connected(config)


def _told(folder: Path, result: Result) -> str:
    kept = result.runs - result.now
    lines = [
        f"Computed now: {counted(result.now, 'run')}" + (f"; {kept:,} were there" if kept else ""),
        f"Store:        {folder}",
    ]
    if result.failed:
        lines.append(
            f"Failed:       {counted(result.failed, 'run')}, the first since {result.reason}\n"
            f"              all reasons: {folder / 'failures'}; once more: --retry-failed"
        )
    return "\n".join(lines)
