"""`sanctionsim estimate`: the rules' coefficients from the dated record."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.estimate import Estimate
    from sim.analysis.history import History
    from sim.config import Config, Rule
    from sim.world import World

DESCRIPTION = "Estimate the rules' coefficients on dated acts and write them as rule files."
EPILOG = """\
TIMELINE is a table with the columns sender, target, instrument and date_announced (or announced);
without one the world's own is taken. Overrides are those of sanctionsim run: levers and memory
shape what senders saw. What is printed was fitted to the dates it describes: it is no validation;
sanctionsim score says how it does on what it was not shown.
"""


def main(argv: list[str]) -> int:
    """Run the command.

    Parameters
    ----------
    argv : list of str
        What follows `sanctionsim estimate`.

    Raises
    ------
    InputError
        A timeline, an override or a folder that cannot be used.
    """
    arguments = command_parser("estimate", DESCRIPTION, EPILOG, _options).parse_intermixed_args(
        argv
    )
    from sim.analysis.history import history_of

    path, overrides = split_words(arguments.words)
    world, config = world_and_config(overrides)
    timeline = path or world.folder / "timeline.csv"
    history = history_of(world, config, timeline, arguments.unit, not arguments.without_recalled)
    report_left_out(history)
    folder = arguments.out or _config_folder() / "rule"
    about = _about(history, timeline, arguments.unit)
    _hazard(history, about, folder)
    _blind(history, about, folder)
    for name in ("independent", "threshold", "expected_utility"):
        _rival(history, name, about, folder)
    return 0


def world_and_config(overrides: list[str]) -> tuple[World, Config]:
    """Return the world and the configuration that overrides compose."""
    from sim.compose import checked, compose
    from sim.world import load

    config = checked(compose(overrides))
    return load(config.world.folder), config


def split_words(words: list[str]) -> tuple[Path | None, list[str]]:
    """Return the timeline, if one is named, and the overrides.

    Raises
    ------
    InputError
        More than one timeline.
    """
    overrides = [word for word in words if "=" in word or word.startswith("~")]
    paths = [word for word in words if word not in overrides]
    if len(paths) > 1:
        raise InputError(f"one timeline at a time; found {' and '.join(paths)}")
    return (Path(paths[0]) if paths else None), overrides


def report_left_out(history: History) -> None:
    """Print the rows of the timeline that are not used, and why."""
    left_out = history.record.left_out
    if left_out:
        print(f"Left out, {len(left_out)} rows of the timeline:")
        for row, why in left_out:
            print(f"  {row:<58}{why}")
    if history.silent:
        print(f"Senders on whom the timeline is silent, who look on: {' '.join(history.silent)}")
    print()


def _hazard(history: History, about: list[str], folder: Path) -> None:
    """Estimate the hazard rule with all its terms."""
    from sim.analysis.estimate import FRAILTY, INTERCEPT, estimate
    from sim.analysis.regression import regression

    found = estimate(history.table)
    names = tuple(
        name
        for name, why in zip(found.names, found.why, strict=True)
        if name not in (INTERCEPT, FRAILTY) and not why
    )
    free = regression(history.table, names)
    print("The hazard rule: log hazard per week; 95 % intervals by the wider of the curvature and")
    print("errors clustered by measure and day; glm: statsmodels, no prior, no frailty, identified")
    print("terms, errors clustered by measure")
    table = found.to_frame()
    table.insert(3, "glm", free["coefficient"])
    table.insert(4, "glm_se", free["se_measure"])
    print(in_words(table))
    _describe(found)
    what = "The hazard rule as estimated on the dates of 2022: fitted to them, so no validation."
    _write_hazard(folder, found, "hazard_estimated", [what, *about])


def _blind(history: History, about: list[str], folder: Path) -> None:
    """Estimate the hazard rule without the readiness that was set with the dates in view."""
    from sim.analysis.estimate import estimate
    from sim.analysis.rivals import BLIND

    found = estimate(history.table, BLIND.names("hazard"))
    print("The hazard rule without readiness")
    columns = ["coefficient", "low", "high", "se", "se_measure", "shipped", "identified"]
    print(in_words(found.to_frame()[columns]))
    _describe(found)
    what = (
        "The hazard rule blind to the measures' readiness, which was set with the dates of 2022 in "
        "view, as estimated on those dates: fitted to them, so no validation."
    )
    _write_hazard(folder, found, "hazard_blind_estimated", [what, *about])


def _write_hazard(folder: Path, found: Estimate, name: str, says: list[str]) -> None:
    from sim.analysis.estimate import READINESS, rule_with

    unsure = [f"{name} ({why})" for name, why in zip(found.names, found.why, strict=True) if why]
    unsure += [name for name, at in zip(found.names, found.at_bound, strict=True) if at]
    rule = rule_with("hazard", {READINESS: 0.0} | found.coefficients())
    says = [*says, f"Not identified: {'; '.join(unsure)}.", f"sanctionsim run rule={name}"]
    _write(folder, rule, name, says)


def _describe(found: Estimate) -> None:
    score = found.found.log_likelihood / found.events
    print(f"{found.events:.0f} adoptions in {found.n_rows} periods; in sample {score:.3f} nats an")
    print("adoption. Rows with 'no' hold the prior's value: the dates do not say.\n")


def _rival(history: History, name: str, about: list[str], folder: Path) -> None:
    from sim.analysis.estimate import estimate, rule_with
    from sim.analysis.rivals import WHOLE, estimate_rival

    print(f"The rule {name}")
    if name == "independent":
        found = estimate(history.table, WHOLE.names(name))
        print(in_words(found.to_frame()[["coefficient", "low", "high", "identified"]]))
        rule = rule_with(name, found.coefficients())
    else:
        rival = estimate_rival(history.table, name)
        print(in_words(rival.to_frame()))
        rule = rival.rule
    print()
    what = f"The rule {name} as estimated on the dates of 2022: fitted to them, so no validation."
    says = [what, *about, f"sanctionsim run rule={name}_estimated"]
    _write(folder, rule, f"{name}_estimated", says)


def _about(history: History, timeline: Path, unit: str) -> list[str]:
    from sim.analysis.history import counted
    from sim.analysis.rule_file import sample

    setting, record = history.setting, history.record
    table, last = history.table, setting.date_of(record.last_day)
    return [
        sample(timeline, setting.start, last, counted(table), len(table), unit),
        f"Estimated on {date.today().isoformat()} by: sanctionsim estimate",
    ]


def _write(folder: Path, rule: Rule, name: str, says: list[str]) -> None:
    from sim.analysis.rule_file import rule_file, write

    path = write(folder, name, rule_file(rule, says))
    here = Path.cwd()
    print(f"written: {path.relative_to(here) if path.is_relative_to(here) else path}\n")


def in_words(table: pd.DataFrame, digits: int = 2) -> str:
    """Return a table as text."""
    return table.to_string(float_format=lambda value: f"{value:.{digits}f}", na_rep="")


def _config_folder() -> Path:
    from sim.compose import config_folder

    return config_folder()


class _Parser(argparse.ArgumentParser):
    """A parser that tells of a mistake in one line, as every command does."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{self.prog.split()[-1]}: {message}; see {self.prog} --help")


def command_parser(
    name: str, description: str, epilog: str, add: Callable[[argparse.ArgumentParser], None]
) -> argparse.ArgumentParser:
    """Return the parser of a command that takes a timeline and overrides.

    Parameters
    ----------
    name, description, epilog : str
    add : callable
        Adds the command's own options.
    """
    parser = _Parser(
        prog=f"sanctionsim {name}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "words", nargs="*", metavar="TIMELINE | KEY=VALUE", help="a table of dates; overrides"
    )
    add(parser)
    return parser


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--unit", choices=("day", "week"), default="day", help="length of a period (default: day)"
    )
    parser.add_argument(
        "--without-recalled",
        action="store_true",
        help="leave out acts whose date rests on memory",
    )
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="where the rule files go (default: configs/rule)"
    )
