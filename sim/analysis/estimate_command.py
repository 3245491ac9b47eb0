"""`sanctionsim estimate`: the rules' coefficients from the dated record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli import command, overrides
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.episodes import Sample
    from sim.analysis.estimate import Estimate
    from sim.analysis.history import History
    from sim.config import Config, Rule
    from sim.world import World

FEW_ROWS = 2000  # below, processes take longer to start than the rules to estimate

TITLES = {
    "measure": "Effects of measures",
    "act": "Effects of measures against one target beside their own",
    "pace": "Pace of measures: weight of log urgency beside the average one",
    "sender": "Effects of senders",
}


@command()
@overrides("TIMELINE | KEY=VALUE")
@click.option(
    "--without-recalled", is_flag=True, help="leave out acts whose date was not read in a source"
)
@click.option(
    "--alone",
    is_flag=True,
    help="learn from these dates alone, not from the world's other episodes",
)
@click.option(
    "--out",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="where the rule files go (default: results/rules/<time>)",
)
def main(
    overrides: tuple[str, ...],
    config_dir: Path | None,
    without_recalled: bool,
    alone: bool,
    out: Path | None,
) -> None:
    """Estimate the four rules' coefficients on dated acts and write them as rule files.

    TIMELINE is a table with the columns sender, target, instrument and announced (or
    date_announced, or first_announced), and not_by (or never_by) where it says what was not
    announced; without one the world's own is taken. Dates of other episodes that the world names
    (episodes.csv) are learnt from as well, each as its experiment has it. Overrides are those of
    sanctionsim run: levers and memory shape what senders saw. What is printed was fitted to the
    dates it describes: it is no validation; sanctionsim score says how it does on what it was not
    shown.
    """
    from sim.analysis.episodes import sample_of
    from sim.analysis.history import history_of
    from sim.analysis.priors import RULES
    from sim.config import Rule
    from sim.folders import results_folder

    path, words = split_words(overrides)
    world, config = world_and_config(words, config_dir)
    timeline = path or world.folder / "timeline.csv"
    history = history_of(world, config, timeline, not without_recalled)
    report_left_out(history)
    rules = [config.rule] if config.rule.function else [Rule(name=name) for name in RULES]
    folder = out or results_folder(None, "rules")  # never over the shipped ones, unless asked to
    sample = sample_of(history, alone, not without_recalled)
    episodes = "" if alone else ", ".join(world.episodes)
    for found in estimates(sample, rules):
        _show(history, found, timeline, episodes, folder)


def estimates(sample: Sample, rules: Sequence[Rule]) -> list[Estimate]:
    """Return what the dates say of rules, side by side where there are several."""
    from sim.analysis.cross_validation import pool_of
    from sim.analysis.estimate import estimated
    from sim.sweep.progress import Progress

    workers = 1 if len(rules) == 1 or len(sample.table) < FEW_ROWS else None
    with Progress(len(rules), "rules") as progress, pool_of(workers) as pool:
        # The last, the expected utility, takes longest.
        jobs = [pool.submit(estimated, *sample, r) for r in rules[::-1]]
        for job in jobs:
            job.add_done_callback(lambda _: progress.advance(1))
        return [job.result() for job in reversed(jobs)]


def _show(history: History, found: Estimate, timeline: Path, episodes: str, folder: Path) -> None:
    """Print the coefficients of a rule and write its file."""
    from sim.analysis.rule_file import rule_file, write

    print(f"The rule {found.name}: log hazard per week, 95 % intervals by the curvature")
    print(in_words(found.to_frame()))
    print(f"{found.events:.0f} adoptions in {found.n_rows} person-days; in sample", end=" ")
    print(f"{found.log_likelihood / found.events:.3f} nats an adoption.")
    for kind, effects in found.effects.items():
        print(_effects(TITLES[kind], effects, found.effect_sd[kind]))
    if found.unestimated:
        print(f"Cannot be estimated, no row changes with it: {', '.join(found.unestimated)}.")
    says = _says(history, found, timeline, episodes)
    path = write(folder, found.name, rule_file(found.rule, found.names, says))
    here = Path.cwd()
    print(f"written: {path.relative_to(here) if path.is_relative_to(here) else path}\n")


def _effects(kind: str, effects: dict[str, float], spread: float) -> str:
    """Return effects of one kind in words, the largest first."""
    import textwrap

    ranked = sorted(effects.items(), key=lambda item: -item[1])
    words = ", ".join(f"{code} {value:.2f}" for code, value in ranked)
    return textwrap.fill(f"{kind}, spread {spread:.2f}: {words}", 98)


def _says(history: History, found: Estimate, timeline: Path, episodes: str) -> list[str]:
    """Return the comment lines of a rule file."""
    setting, record = history.setting, history.record
    shown = found.to_frame()
    unsaid = ", ".join(shown.index[~(shown["learnt"] > 0.5)])
    last = setting.date_of(record.last_day)
    return [
        f"The rule {found.name} as the dates have it: fitted to them, so no validation.",
        f"Sample: {timeline.name}, {setting.start} to {last}"
        f"{f', and {episodes}' if episodes else ''}: {found.events:.0f} first adoptions "
        f"in {found.n_rows} person-days.",
        f"Estimated on {date.today().isoformat()} by: sanctionsim estimate",
        f"The dates hardly say, the priors of sim/analysis/priors.py do: {unsaid or 'nothing'}.",
        f"sanctionsim run rule={found.name}",
    ]


def world_and_config(overrides: Sequence[str], config_dir: Path | None) -> tuple[World, Config]:
    """Return the world and the configuration that overrides compose."""
    from sim.compose import checked, compose
    from sim.world import load

    config = checked(compose(overrides, config_dir))
    return load(config.world.folder), config


def split_words(words: Sequence[str]) -> tuple[Path | None, list[str]]:
    """Return the timeline, if one is named, and the overrides; InputError for two timelines."""
    overrides = [word for word in words if "=" in word or word.startswith("~")]
    paths = [word for word in words if word not in overrides]
    if len(paths) > 1:
        raise InputError(f"one timeline at a time; found {' and '.join(paths)}")
    return (Path(paths[0]) if paths else None), overrides


def report_left_out(history: History) -> None:
    """Print how many rows of the timeline are not used, by reason."""
    from collections import Counter

    reasons = Counter(left.why for left in history.record.left_out)
    for why, number in reasons.most_common():
        print(f"left out, {number} {'row' if number == 1 else 'rows'} of the timeline: {why}")
    if history.silent:
        print(f"Senders on whom the timeline is silent, who look on: {' '.join(history.silent)}")
    print()


def in_words(table: pd.DataFrame, digits: int = 2) -> str:
    """Return a table as text."""
    return table.to_string(float_format=lambda value: f"{value:.{digits}f}", na_rep="")
