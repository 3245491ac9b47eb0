"""The command `sanctionsim experiments`: every shipped experiment with its question."""

from __future__ import annotations

import re
import textwrap
from functools import partial
from typing import TYPE_CHECKING

import click

from sim.cli import command, completed

if TYPE_CHECKING:
    from sim.experiments import Experiment


_folded = partial(textwrap.fill, width=100, break_on_hyphens=False, break_long_words=False)


@command()
@click.argument("name", default="", metavar="[NAME]", shell_complete=completed("experiments"))
def main(name: str) -> None:
    """Every experiment with its question and its command; with NAME the settings of one.

    For example:
      sanctionsim experiments                           all, those of one run first
      sanctionsim experiments without_jpn               what one sets
    """
    from sim.experiments import experiments, named

    if name:
        for experiment in named(name):
            said = (experiment.question, experiment.command, *experiment.notes)
            print(*map(_folded, said), "", _settings(experiment), "", sep="\n")
        return
    for kind, title in (("run", "One run"), ("sweep", "Sweeps: many runs over a design")):
        print(title)
        for experiment in experiments():
            if experiment.kind == kind:
                print(f"\n{_indented(experiment.question, 2)}")
                print(f"    {experiment.command}")
                if experiment.notes:
                    print(_indented(" ".join(experiment.notes), 4))
        print()
    print("What one sets: sanctionsim experiments NAME")


def _indented(text: str, by: int) -> str:
    return _folded(text, initial_indent=" " * by, subsequent_indent=" " * by)


def _settings(experiment: Experiment) -> str:
    """Return the settings of a file without the words above them, for the member asked about."""
    lines = experiment.path.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#")).strip()
    member = experiment.member
    return re.sub(r"(?m)^member: .*$", f"member: {member}", text) if member else text
