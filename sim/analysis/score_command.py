"""`sanctionsim score`: the rules held against dated acts, from the start and one step ahead."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.analysis.estimate_command import in_words, report_left_out, split_words, world_and_config
from sim.cli import command, count, overrides
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.analysis.history import History
    from sim.config import Config, Rule
    from sim.world import World

CONFIGURED = "as configured"
CUT = "2022-03-06"  # two weeks after the start of the war's world


@command()
@overrides("TIMELINE | KEY=VALUE")
@click.option(
    "--from",
    "start",
    metavar="DATE",
    help="give what came up to and on DATE; learn from that alone, score what came after",
)
@click.option(
    "--runs", metavar="N", type=count, default=2000, show_default=True, help="size of the ensemble"
)
@click.option(
    "--until",
    metavar="DATE",
    help=f"last day that is learnt from in the scheme by date (default: {CUT}, or a quarter of the "
    "record)",
)
@click.option(
    "--no-splits", is_flag=True, help="leave out the cross-validation, which takes a minute or two"
)
@click.option("--alone", is_flag=True, help="learn nothing from the world's other episodes")
def main(
    overrides: tuple[str, ...],
    config_dir: Path | None,
    start: str | None,
    runs: int,
    until: str | None,
    no_splits: bool,
    alone: bool,
) -> None:
    """Hold the rules against dated acts, beside what they have to beat.

    TIMELINE is a table as sanctionsim estimate takes it; without one the world's own is taken.
    Rows for states or measures that the world lacks are left out. Overrides are those of
    sanctionsim run.

    Log scores are in nats an adoption, nearer to 0 is better. One step ahead, each day is foretold
    from what had happened before it, as a whole where its decisions share a shock. From the start,
    runs know no date.

    Without --from the rule is scored as it is configured: on the dates that it was fitted to, that
    says how well it fits; in the cross-validation only what leaves something out is out of sample.
    The rules learn from the dates of other episodes that the world names (episodes.csv) as well,
    the baselines from this one alone.
    With --from DATE what the world's timeline tells up to and on DATE is given; the four rules and
    what they have to beat learn from that alone and are scored on what came after, which TIMELINE
    tells, if there is one. What rules foretell of later days or another episode is averaged over
    draws of their posterior. Runs then do what was done up to and on DATE, and decide from the
    next day, each with a draw of the rule's coefficients. JSON comes last.
    """
    path, words = split_words(overrides)
    world, config = world_and_config(words, config_dir)
    if config.out:
        raise InputError("score writes no folder, it prints: write > FILE in place of out=...")
    if config.rule.free and not config.rule.function:
        raise InputError("rule.free is of a rule of your own: say where it is with rule.function")
    history = _history(world, config, path, start)
    since = None if start is None else _day_within(history, start, "--from")
    last = _last_day_learnt(history, until)
    report_left_out(history)
    result = _about(history, path or world.folder / "timeline.csv", since)
    if since is None:
        result["one_step"], rules = _one_step(history), [config.rule]
    else:
        result["one_step"], rules = _one_step_after(history, since, alone)
    result |= _from_the_start(world, history, rules, runs, since)
    if since is None and not no_splits:
        result["cross_validation"] = _cross_validation(history, last, alone)
    print(json.dumps(_plain(result), indent=1))


def _history(world: World, config: Config, path: Path | None, start: str | None) -> History:
    from sim.analysis.history import history_of

    own = world.folder / "timeline.csv"
    given = None if path is None or start is None else (own, start)
    return history_of(world, config, path or own, given=given)


def _about(history: History, path: Path, since: int | None) -> dict[str, Any]:
    from sim.analysis.candidates import label
    from sim.analysis.history import counted

    setting, record, table = history.setting, history.record, history.table
    scored = table if since is None else table[table["day"] > since]
    if counted(scored) == 0.0:
        raise InputError(f"{path}: nobody announces anything on the days that are scored")
    return {
        "timeline": path.name,
        "rule": label(setting.config.rule),
        "given_to": None if since is None else setting.date_of(since).isoformat(),
        "first_day": setting.date_of(0 if since is None else since + 1).isoformat(),
        "last_day": setting.date_of(record.last_day).isoformat(),
        "events": counted(scored),
        "actors": sorted(set(table["body"])),
        "left_out": [{"row": row, "why": why} for row, why in record.left_out],
        "silent": list(history.silent),
    }


def _one_step(history: History) -> dict[str, float]:
    """Print and return how the rule does as configured, and what it has to beat."""
    from sim.analysis.candidates import LAG, NULL, candidate, label
    from sim.analysis.estimate import log_score

    table, rule = history.table, history.setting.config.rule
    scores = {label(rule): log_score(table, rule)}
    scores |= {name: candidate(name, table)(table) for name in (NULL, LAG)}
    return _shown(scores, history, 0)


def _one_step_after(
    history: History, since: int, alone: bool
) -> tuple[dict[str, float], list[Rule]]:
    """Print and return how all do that learn up to a day, on what came after; and the rule.

    That is as draws of its posterior.
    """
    from sim.analysis.candidates import DRAWS, LAG, NULL, candidate, candidates_with, label, learnt
    from sim.analysis.episodes import own, sample_of
    from sim.analysis.estimate import log_score, predictive
    from sim.sweep.progress import Progress

    table, asked = sample_of(history, alone).table, history.setting.config.rule
    before, after = table[table["day"] <= since], own(table[table["day"] > since])
    scores, rules = {}, {}
    models = candidates_with(asked)
    with Progress(len(models), "models") as progress:
        for model in models:
            name = label(model)
            with progress.part(name):
                if model in (NULL, LAG):
                    scores[name] = candidate(model, own(before))(after)
                    continue
                found = learnt(model, before, draws=DRAWS)
                scores[name], rules[name] = predictive(after, found), found.draws
    scores[f"{label(asked)}, {CONFIGURED}"] = log_score(after, asked)
    # Later waves are not scored.
    drawn = [replace(rule, wave=asked.wave) for rule in rules[label(asked)]]
    return _shown(scores, history, since + 1), drawn


def _shown(scores: dict[str, float], history: History, first: int) -> dict[str, float]:
    """Print and return log scores in nats an adoption."""
    import pandas as pd

    from sim.analysis.history import counted

    table = history.table[history.table["day"] >= first]
    events = counted(table)
    shown = {name: total / events for name, total in scores.items()}
    print(f"One step ahead, {len(table)} person-days, {events:.0f} adoptions: nats an adoption")
    print(in_words(pd.DataFrame({"log_score": shown}), 3))
    print()
    return shown


def _from_the_start(
    world: World, history: History, rules: list[Rule], runs: int, since: int | None
) -> dict[str, Any]:
    """Print and return how the rule and the two nulls do that know no date."""
    import pandas as pd

    from sim.analysis.candidates import LAG, NULL, constant
    from sim.analysis.forecast import by_week, cells_of, constant_forecast, opened, scores, shares
    from sim.analysis.lag_baseline import lag_forecast
    from sim.analysis.simulated import simulated_days

    whole, table = cells_of(history), history.table
    leaders = history.setting.config.coordination.leaders
    if since is None:
        cells, learnt = whole, table
        days = simulated_days(world, history, rules, cells, runs)
        share, lagged = shares(days, cells), lag_forecast(cells, leaders)
    else:
        cells, learnt = whole.after(since), table[table["day"] <= since]
        days = simulated_days(world, history, rules, cells, runs, since)
        share = opened(shares(days, cells), since)
        lagged = opened(lag_forecast(whole, leaders, whole.known_by(since)), since)
        lagged = lagged[(whole.day < 0) | (whole.day > since)]
    found = {
        rules[0].name: scores(share, cells, days, len(rules)),
        NULL: scores(constant_forecast(cells, constant(learnt)), cells),
        LAG: scores(lagged, cells),
    }
    weeks = by_week(share, cells)
    print(f"From the start, {runs} runs; {len(cells.day)} cells, {cells.events:.0f} adoptions.")
    print("The lag is told the days of the leader.")
    print(in_words(pd.DataFrame(found.values(), index=list(found)), 3))
    print("\nBy week, the rule alone: means over what was at risk")
    print(weeks.to_string(index=False, float_format=lambda value: f"{value:.3f}"))
    print()
    model = found[rules[0].name]
    return {
        "runs": runs,
        "from_start": {name: score.log_score for name, score in found.items()},
        "from_start_error": model.log_score_error,
        "cells": len(cells.day),
        "brier": {name: score.brier for name, score in found.items()},
        "concordance": model.concordance,
        "median_absolute_error_days": model.days_off,
        "coverage_80": model.coverage,
        "central_80": model.central,
        "by_week": weeks.to_dict("records"),
    }


def _cross_validation(history: History, until: int, alone: bool) -> dict[str, Any]:
    """Print and return the candidate models, relearnt on parts and scored on the rest."""
    from sim.analysis.candidates import NULL
    from sim.analysis.cross_validation import EPISODE, cross_validated
    from sim.analysis.episodes import sample_of
    from sim.analysis.history import counted

    setting, table = history.setting, history.table
    sample = sample_of(history, alone).table
    shown = cross_validated(sample, until, rule=setting.config.rule).dropna(axis=1, how="all")
    late = counted(table[table["day"] > until])
    print("One step ahead, coefficients learnt from one part and scored on the other: nats an")
    print(f"adoption. 'After the date': learnt to {setting.date_of(until)}, {late:.0f} adoptions")
    print("after it. 'In sample' was fitted to what it scores.")
    if EPISODE in shown:
        print(f"'{EPISODE}': learnt from {', '.join(setting.world.episodes)} alone, null and lag")
        print("from what is scored.")
    print(in_words(shown, 3))
    print("\nGain on one constant hazard, nats an adoption")
    print(in_words(shown.sub(shown.loc[NULL], axis=1), 3))
    print()
    return {
        "until": setting.date_of(until).isoformat(),
        "events_after": late,
        "log_score": shown.to_dict("index"),
    }


def _last_day_learnt(history: History, text: str | None) -> int:
    """Return the last day that is learnt from in the scheme by date."""
    from sim.analysis.history import day_of

    if text is not None:
        return _day_within(history, text, "--until")
    day, last = day_of(history.setting, CUT, "--until"), history.record.last_day
    return day if 0 < day < last else max(last // 4, 1)


def _day_within(history: History, text: str, option: str) -> int:
    from sim.analysis.history import day_of

    day, last = day_of(history.setting, text, option), history.record.last_day
    if not 0 < day < last:
        first, end = history.setting.date_of(1), history.setting.date_of(last - 1)
        raise InputError(f"{option} must lie within the record, {first} to {end}; found {text}")
    return day


def _plain(value: Any) -> Any:
    """Return numbers that JSON knows; nan as null."""
    if isinstance(value, dict):
        return {str(name): _plain(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if isinstance(value, str | int | None):
        return value
    number = float(value)
    return None if number != number else round(number, 6)
