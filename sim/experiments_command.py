"""The command `sanctionsim experiments`: every shipped experiment with its question."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sim.cli import command


def _complete(ctx: click.Context, param: click.Parameter, typed: str) -> list[Any]:
    from sim.experiments import experiments

    return sorted({e.name for e in experiments() if e.name.startswith(typed)})


@command()
@click.argument("name", default="", metavar="[NAME]", shell_complete=_complete)
def main(name: str) -> None:
    """Every experiment with its question and its command; with NAME the settings of one.

    For example:
      sanctionsim experiments                           all, those of one run first
      sanctionsim experiments without_jpn               what one sets
    """
    from sim.experiments import experiments, named

    if name:
        for experiment in named(name):
            print(experiment.question, experiment.command, *experiment.notes, "", sep="\n")
            print(_settings(experiment.path), end="\n\n")
        return
    for kind, title in (("run", "One run"), ("sweep", "Sweeps: many runs over a design")):
        print(title)
        for experiment in experiments():
            if experiment.kind == kind:
                lines = (experiment.command, *experiment.notes)
                print(f"\n  {experiment.question}", *(f"    {line}" for line in lines), sep="\n")
        print()


def _settings(path: Path) -> str:
    """Return the settings of a file without the words above them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#")).strip()
