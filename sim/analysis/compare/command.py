"""The command `sanctionsim compare`: settings over the same draws, and what differs."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli import command, count, overrides, setting
from sim.folders import results_folder, written_whole
from sim.sweep.progress import Progress
from sim.variants import Variant, variant_of
from sim.words import counted

if TYPE_CHECKING:
    from rich.table import Table

    from sim.analysis.compare.comparison import Comparison

WIDTH = 110  # of what is printed into a file or a pipe


KEYS = [("KEY=VALUE", "for all settings, as in seed=7 or scenario.steps=26; see below")]


@command(keys=lambda: KEYS)
@setting("runs", "N", count, default=500, help="how many runs of each, on the same draws")
@setting("out", "DIR", click.STRING, help="folder, new or empty (default results/compare/...)")
@click.option("--all", "everything", is_flag=True, help="print all outcomes, not the main ones")
@click.option(
    "--posterior",
    is_flag=True,
    help="draw the rule's coefficients too, each run its own, from what the dates leave open "
    "(a minute)",
)
@overrides("A B")
def main(
    runs: int,
    out: str | None,
    everything: bool,
    posterior: bool,
    overrides: tuple[str, ...],
    config_dir: Path | None,
) -> None:
    """Compare settings over the same draws, each with the first, and say what is more than luck.

    A setting is the name of an experiment or a scenario (see sanctionsim experiments), or a list
    of overrides in quotes. For example:
      sanctionsim compare status_quo without_jpn
      sanctionsim compare status_quo coordination.peer_weight=2
      sanctionsim compare status_quo without_jpn "without_jpn coordination.peer_weight=2"
      sanctionsim compare status_quo china_joins rule=threshold runs=1000

    Names and lists in quotes are settings. A KEY=VALUE is one while fewer than two are named, or
    where it sets once more what a setting before it sets (rule.peer=1 rule.peer=2 rule.peer=3);
    any other KEY=VALUE, and seed=N, holds for all settings, as in the last example.
    """
    from sim.analysis.compare.making import check, compare

    named, common = told_apart(overrides)
    variants = [variant_of(text, common, config_dir) for text in named]
    check(variants, runs)
    destination = results_folder(out, str(Path("compare") / _folder_name(variants)))
    with Progress(runs * len(variants), "runs") as progress:
        comparison = compare(variants, runs, progress.advance, posterior)
    show(comparison, common, everything)
    write(destination, comparison)
    print(f"\nResults: {destination}")
    print(f"Page:    {destination / 'index.html'}")


def told_apart(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what is compared, and the overrides that hold for all.

    Names and lists with a blank in them are compared. A single KEY=VALUE is compared while fewer
    than two others are, or where its key is that of one that is; seed never is.
    """
    is_list = ["=" not in word or len(word.split()) > 1 or word != word.strip() for word in words]
    room = 2 - sum(is_list)
    named: list[str] = []
    common: list[str] = []
    keys: set[str] = set()
    for word, listed in zip(words, is_list, strict=True):
        key = word.partition("=")[0].lstrip("+~")
        if listed:
            named.append(word.strip())
        elif key not in ("seed", "run") and (room > 0 or key in keys):
            room -= 1
            keys.add(key)
            named.append(word)
        else:
            common.append(word)
    return named, common


def _folder_name(variants: Sequence[Variant]) -> str:
    """Return a name for the folder that tells what is compared, short and safe everywhere."""
    words = [re.sub(r"[^\w.=-]+", "_", variant.label)[:40] for variant in variants]
    return "_and_".join(words)[:120]


def show(comparison: Comparison, common: Sequence[str], everything: bool) -> None:
    """Print the answer: in words, as a table, who acts earlier or later, and whether runs do."""
    from rich.console import Console

    from sim.analysis.compare import words

    # The width of a file's lines does not depend on whose terminal it was made in.
    console = Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)

    def say(text: str) -> None:
        console.print(text, markup=False)

    for_all = f"; for all: {' '.join(common)}" if common else ""
    draws = counted(comparison.runs, "draw")
    say(f"{' | '.join(comparison.labels)}: {draws}, seed {comparison.seed}{for_all}")
    for note in filter(
        None, [comparison.drawn, *comparison.notes, words.others_sanction(comparison)]
    ):
        say(note)
    for variant in comparison.labels[1:]:
        say(f"\n{variant}, against {comparison.labels[0]}: {words.differing(comparison, variant)}")
        say(" ".join(words.headline(comparison, variant)))
        console.print(_outcomes(comparison, variant, everything))
        moved = words.moved(comparison, variant)
        if moved:
            console.print(_moved(comparison.labels[0], variant, moved))
        else:
            say(words.nobody_moved(comparison, variant))
        say(words.enough(comparison, variant))


def _table(headings: Sequence[str], title: str | None = None, caption: str | None = None) -> Table:
    """Return a table whose numbers stand to the right, between a name and a verdict."""
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=None, pad_edge=True, padding=(0, 2, 0, 0), title_justify="left",
        caption_justify="left", title=title, caption=caption,
    )  # fmt: skip
    table.add_column("", max_width=44)
    for heading in headings:
        table.add_column(Text(heading), justify="right", max_width=20, overflow="fold")
    table.add_column("", max_width=28)
    return table


def _outcomes(comparison: Comparison, variant: str, everything: bool) -> Table:
    from rich.text import Text

    from sim.analysis.compare import words

    table = _table([comparison.labels[0], variant, "difference", "10 to 90 %", "same sign"])
    main = words.main_outcomes(comparison)
    for name in comparison.described if everything else main:
        row = words.cells(comparison, variant, name)
        label = row["label"] if everything else main[name]
        told = ", ".join(filter(None, [row["verdict"], row["defined"]]))
        shown = (row[key] for key in ("first", "second", "difference", "band", "share"))
        table.add_row(Text(label), *map(Text, shown), Text(told))
    return table


def _moved(first: str, variant: str, moved: list[dict[str, Any]]) -> Table:
    from rich.text import Text

    from sim.analysis.compare import words

    more = len(moved) - words.N_MEASURES
    table = _table(
        [first, variant, "days apart", "in draws"],
        title="Who acts earlier or later: median day, and in how many draws at all",
        caption=f"and {counted(more, 'measure')} more, on the page" if more > 0 else None,
    )
    for row in moved[: words.N_MEASURES]:
        numbers = (row[key] for key in ("first", "second", "difference", "shares"))
        who = f"{row['who']}: {row['measure']}"
        table.add_row(Text(who), *map(Text, numbers), Text(row["verdict"]))
    return table


def write(destination: Path, comparison: Comparison) -> None:
    """Write the folder of a comparison, with its page, whole or not at all."""
    from sim.analysis.compare import store
    from sim.report.comparison import write as draw

    with written_whole(destination) as folder:
        store.write(folder, comparison)
        draw(folder)
