"""The command `sanctionsim value`: what each member of the coalition is worth."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.analysis.value import DAY, MOST, OTHERS
from sim.cli import command, count, one_of, overrides, setting
from sim.errors import InputError
from sim.words import counted

if TYPE_CHECKING:
    from sim.analysis.value.coalitions import Player
    from sim.analysis.value.store import Asked, Values
    from sim.analysis.value.valuation import Valuation
    from sim.config import Config
    from sim.setting import Setting

KEYS = [("out=DIR", "results folder, new or empty (default results/value/<time>)")]


@command(keys=lambda: KEYS)
@setting("runs", "N", count, default=100, help="draws, the same for every coalition")
@setting(
    "players",
    "A,B,...",
    click.STRING,
    help=f"at most {MOST}: states, unions, or some joined, as in KOR+AUS",
)
@setting(
    "others", "one|in|out", one_of(OTHERS), default="one", help="senders that are not among them"
)
@setting("day", "N", count, help=f"speed: measures that stand after N days (default: {DAY})")
@overrides()
def main(
    runs: int,
    players: str | None,
    others: str,
    day: int | None,
    overrides: tuple[str, ...],
    config_dir: Path | None,
) -> None:
    """Say what each member is worth to the coalition: alone, last in, and by Shapley's value.

    Every coalition of the players is simulated on the same draws, and asked what the target loses,
    what the senders pay, how fast measures come and what leaks. Players are the members of the G7,
    with the EU as one, and all other senders together as one more (others=one), in every coalition
    (in) or in none (out). Other overrides are those of sanctionsim run.

    For example:
      sanctionsim value                                  the G7 with the EU as one, and the rest
      sanctionsim value others=out                       without the rest
      sanctionsim value players=USA,EU,CHN +scenario.roles.CHN=sender
    """
    from sim.compose import checked, compose
    from sim.folders import results_folder, written_whole
    from sim.report.value_words import text

    config = checked(compose(overrides, config_dir))
    destination = results_folder(config.out, "value")
    with written_whole(destination) as folder:  # first: what cannot be written is not simulated
        found = values_of(config, runs, players, others, day)
        write(folder, found)
    print(text(found.valuation, found.asked))
    print(f"\nResults: {destination}")
    print(f"Page:    {destination / 'index.html'}")


def values_of(
    config: Config,
    runs: int = 100,
    named: str | None = None,
    others: str = "one",
    day: int | None = None,
    quiet: bool = False,
) -> Values:
    """Return what each player is worth.

    Parameters
    ----------
    config : Config
        In which all of them sanction.
    runs : int
        Draws, the same for every coalition.
    named, others
        As of `sim.analysis.value.coalitions.players_of`.
    day : int, optional
        On which measures are counted; `sim.analysis.value.DAY` if not given.
    quiet : bool
        Say nothing of how long it takes and how far it is.

    Raises
    ------
    InputError
        Players that cannot be, or a day that the run does not have.
    """
    from sim.analysis.value.coalitions import players_of
    from sim.analysis.value.store import Values
    from sim.setting import setting_of

    whole = setting_of(config)
    players = players_of(whole, named, others)
    last = _whole_steps(whole, day)
    valuation = _simulated(whole, players, others, runs, last, quiet)
    return Values(valuation, _asked(whole, valuation, others, last))


def write(folder: Path, found: Values) -> None:
    """Write what is stored of values, and their page."""
    from sim.analysis.value.store import save
    from sim.report import value

    save(folder, found.valuation, found.asked)
    value.write(folder)


def _whole_steps(whole: Setting, day: int | None) -> int:
    """Return the day on which measures are counted: the end of the last step by then."""
    scenario = whole.config.scenario
    step = scenario.step_days
    if day is None:
        return max(min(DAY, whole.n_days) // step, 1) * step
    if not step <= day <= whole.n_days:
        raise InputError(
            f"day must lie between {step}, the days of a step, and {whole.n_days}, those of the "
            f"run; found {day}"
        )
    return day // step * step


def _beside(whole: Setting, players: tuple[Player, ...]) -> tuple[str, ...]:
    """Return the senders that no player has."""
    played = {state for player in players for state in player.states}
    return tuple(code for code in whole.sender_codes if code not in played)


def _simulated(
    whole: Setting,
    players: tuple[Player, ...],
    others: str,
    runs: int,
    day: int,
    quiet: bool,
) -> Valuation:
    """Simulate all coalitions; say beforehand how long it takes, and show how far it is."""
    from sim.analysis.value.valuation import expected_seconds, valued
    from sim.sweep.progress import Progress, duration

    n, always = 2 ** len(players), _beside(whole, players) if others == "in" else ()
    if not quiet:
        print(
            f"{counted(n, 'coalition')} of {counted(len(players), 'player')}, "
            f"{counted(runs, 'run')} of each on the same draws: about "
            f"{duration(expected_seconds(whole, len(players), runs))}",
            file=sys.stderr,
            flush=True,
        )
    with Progress(n * runs, quiet=quiet) as progress:
        return valued(whole, players, always, runs, day, progress.advance)


def _asked(whole: Setting, valuation: Valuation, others: str, day: int) -> Asked:
    from sim.analysis.value.store import Asked
    from sim.config import inches_of, words_of
    from sim.report.command import overrides
    from sim.report.provenance import provenance_of
    from sim.versions import versions

    beside = tuple(map(whole.name_of, _beside(whole, valuation.players)))
    keys = ",".join(player.key for player in valuation.players)
    words = [f"runs={valuation.n_runs}", f"players={keys}", f"others={others}", f"day={day}"]
    words += [word for word in overrides(whole.config) if not word.startswith("run=")]
    return Asked(
        target=whole.name_of(whole.main_target),
        n_days=whole.n_days,
        day=day,
        always=beside if others == "in" else (),
        onlookers=beside if others == "out" else (),
        provenance=provenance_of(whole.config, valuation.n_runs)._asdict(),
        command=" ".join(["sanctionsim value", *map(shlex.quote, words)]),
        formats=tuple(words_of(whole.config.figures.format)),
        inches=inches_of(whole.config.figures.width) or 0.0,
        versions=versions(whole),
    )
