"""The command `sanctionsim explain`: why a state or council did or did not."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import anything, command, count, overrides, setting
from sim.errors import InputError
from sim.folders import results_folder, written_whole
from sim.words import counted

if TYPE_CHECKING:
    from sim.analysis.explain.answer import Answer
    from sim.analysis.explain.store import About
    from sim.setting import Setting

ENDINGS = (".png", ".svg", ".pdf")
FILES = (".gif", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".eps", ".ps", ".html", ".csv")


@command(
    keys=lambda: [("STATE MEASURE", "codes or names, as in JPN oil_import_ban; EU is a council")]
)
@setting("day", "DATE", anything, help="default: the last day on which it weighed the measure")
@setting("target", "STATE", anything, help="whom the measure is aimed at")
@setting("runs", "N", count, default=200, help="draws of chance beside the one run")
@setting("out", "DIR|FILE", anything, help="a folder with a page; or a figure, .png, .svg or .pdf")
@overrides("STATE [MEASURE] KEY=VALUE")
def main(
    day: str | None,
    target: str | None,
    runs: int,
    out: str | None,
    overrides: tuple[str, ...],
    config_dir: Path | None,
) -> None:
    """Why a state or council did or did not: in one run, over many draws, and on record.

    For example:
      sanctionsim explain JPN oil_refining_export_ban
      sanctionsim explain JPN oil_refining_export_ban out=results/japan       with its page
      sanctionsim explain JPN oil_refining_export_ban day=2022-03-08 out=japan.svg
      sanctionsim explain EU oil_import_ban experiment=eu_veto
      sanctionsim explain RUS gas_cutoff target=POL     an answer, and whom it hits
      sanctionsim explain CHN                           what a bystander thinks and carries

    The one run is that of run= and seed=; the draws have the same seed.
    """
    from sim.analysis.explain.answer import explained
    from sim.compose import checked, compose
    from sim.setting import setting_of

    named = [word for word in overrides if "=" not in word and not word.startswith("~")]
    if not 1 <= len(named) <= 2:
        raise InputError(
            "explain takes a state or council and a measure, as in sanctionsim explain JPN "
            f"oil_import_ban; found {' '.join(named) or 'neither'}"
        )
    figure = _figure_file(out)
    place = None if out is None or figure else results_folder(out, "explain")
    words = [word for word in overrides if word not in named]
    prepared = setting_of(checked(compose(words, config_dir)))
    who, what = named[0], "".join(named[1:])
    answer = explained(prepared, who, what, target=target or "", day=day or "", runs=runs)
    if figure is not None and not answer.is_drawn:
        raise InputError(
            f"out={figure}: a figure shows what a sender or council has weighed; here nothing was"
        )
    _print(answer)
    about = about_of(prepared, answer, named, {"day": day, "target": target, "runs": runs})
    print("", *answer.further, about.provenance, sep="\n")
    if figure is not None:
        from sim.report import reasons

        reasons.write(figure, answer, about.provenance)
        print(f"Figure: {figure}")
    elif place is not None:
        with written_whole(place) as folder:
            write(folder, answer, about)
        print(f"\nResults: {place}\nPage:    {place / 'index.html'}")


def about_of(
    setting: Setting, answer: Answer, named: Sequence[str], asked: Mapping[str, object]
) -> About:
    """Return what was asked, where an answer comes from, and what gives it again.

    Parameters
    ----------
    named : sequence of str
        Who, and what.
    asked : mapping
        What else, by the names of the command's settings; None for what was not said.
    """
    from sim.analysis.explain.store import About
    from sim.config import inches_of, words_of
    from sim.report.command import overrides as leading_to
    from sim.report.provenance import provenance_of
    from sim.versions import versions

    config = setting.config
    said = provenance_of(config)
    if answer.draws is not None:
        said = said._replace(
            draws=f"{said.draws}, beside {counted(answer.draws.n, 'run')} from 0 up"
        )
    words = [*named, *(f"{key}={value}" for key, value in asked.items() if value is not None)]
    return About(
        scenario=said.scenario,
        provenance=said.line(),
        command=" ".join(["sanctionsim explain", *map(shlex.quote, [*words, *leading_to(config)])]),
        formats=tuple(words_of(config.figures.format)),
        inches=inches_of(config.figures.width) or 0.0,
        versions=versions(setting),
    )


def write(folder: Path, answer: Answer, about: About) -> None:
    """Write what is stored of an explanation, and its page, into a folder that exists."""
    from sim.analysis.explain import store
    from sim.report import explanation

    store.write(folder, answer, about)
    explanation.write(folder)


def _print(answer: Answer) -> None:
    """Print an answer: with bars where a person looks on, else as text alone."""
    if answer.reasons is not None and answer.reasons.day is not None and sys.stdout.isatty():
        from sim.analysis.explain.bars import show

        show(answer.reasons)
    else:
        print(answer.words)
    if beside := answer.beside():
        print(*beside, sep="\n")


def _figure_file(out: str | None) -> Path | None:
    if out is None:
        return None
    path = Path(out)
    if path.suffix.lower() not in ENDINGS:
        if path.suffix.lower() in FILES:
            raise InputError(
                f"out={out}: a figure ends in {', '.join(ENDINGS)}; a folder in none of a file"
            )
        return None
    if not path.parent.is_dir():
        raise InputError(f"out={out}: there is no folder '{path.parent}'; make it first")
    return path
