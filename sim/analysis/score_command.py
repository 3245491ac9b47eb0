"""`sanctionsim score`: a rule held against dated acts, from the start and one step ahead."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import TYPE_CHECKING, Any

from sim.analysis.estimate_command import (
    command_parser,
    in_words,
    report_left_out,
    split_words,
    world_and_config,
)
from sim.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from sim.analysis.history import History
    from sim.world import World

DESCRIPTION = "Hold a rule against a table of dates, beside its rivals and what it has to beat."
EPILOG = """\
TIMELINE is a table with the columns sender, target, instrument and date_announced (or announced);
rows for states or measures that the world lacks are listed and left out. Overrides are those of
sanctionsim run: rule=hazard_estimated scores the estimated rule.

Log scores are in nats an adoption, nearer to 0 is better; a skill is 1 - score / score of the null.
From the start, runs know no date. One step ahead, each day is foretold from what happened before,
as a whole where its decisions share a shock.
A rule whose coefficients were fitted to, or set with, the dates it is scored on is not validated by
its score: only the three columns of splits are out of sample. JSON comes last.
"""
DATES_IN_VIEW = (
    "The coefficients of this rule were fitted to the dates of 2022 or set with them in view: on\n"
    "those dates the scores below say how well it fits, they validate nothing. See the splits.\n"
)


def main(argv: list[str]) -> int:
    """Run the command.

    Parameters
    ----------
    argv : list of str
        What follows `sanctionsim score`.

    Raises
    ------
    InputError
        No timeline, or a timeline, date or override that cannot be used.
    """
    arguments = command_parser("score", DESCRIPTION, EPILOG, _options).parse_intermixed_args(argv)
    path, overrides = split_words(arguments.words)
    if path is None:
        raise InputError("score needs a timeline, as in: sanctionsim score TIMELINE.csv")
    if arguments.runs < 1:
        raise InputError(f"--runs must be at least 1; found {arguments.runs}")
    from sim.analysis.history import history_of

    world, config = world_and_config(overrides)
    if config.rule.function or config.rule.free:
        raise InputError("score takes the shipped rules; rule.function and rule.free must be empty")
    history = history_of(world, config, path)
    until = _last_day_learnt(history, arguments.until)
    report_left_out(history)
    print(DATES_IN_VIEW)
    result = _about(history, path)
    result |= _from_the_start(world, history, arguments.runs)
    result["one_step_ahead"] = _one_step_ahead(history)
    if not arguments.no_splits:
        result["splits"] = _splits(history, until)
    if arguments.from_the_start:
        result["splits_from_the_start"] = _simulated_splits(world, history, until, arguments.runs)
    print(json.dumps(_plain(result), indent=1))
    return 0


def _about(history: History, path: Path) -> dict[str, Any]:
    from sim.analysis.history import counted

    setting, record = history.setting, history.record
    return {
        "timeline": path.name,
        "rule": setting.config.rule.name,
        "first_day": setting.start.isoformat(),
        "last_day": setting.date_of(record.last_day).isoformat(),
        "events": counted(history.table),
        "actors": sorted(set(history.table["body"])),
        "left_out": [{"row": row, "why": why} for row, why in record.left_out],
        "silent": list(history.silent),
    }


def _from_the_start(world: World, history: History, runs: int) -> dict[str, Any]:
    """Print and return how the rule and the two nulls do that know no date."""
    import pandas as pd

    from sim.analysis.contenders import null_intercept
    from sim.analysis.forecast import by_week, cells_of, scores
    from sim.analysis.lag import lag_forecast
    from sim.analysis.simulated import forecast
    from sim.config import Rule

    cells, config = cells_of(history), history.setting.config
    null = Rule(name="independent")
    null.intercept = null_intercept(history.table, null)
    share, days = forecast(world, history, config.rule, cells, runs)
    found = {
        config.rule.name: scores(share, cells, days),
        "null: independent": _scored(world, history, null, runs),
        "null: average lag": scores(lag_forecast(cells, config.coordination.leaders), cells),
    }
    model, independent, lag = found.values()
    weeks = by_week(share, cells)
    table = pd.DataFrame(found.values(), index=list(found))
    print(f"From the start, {runs} runs; {len(cells.day)} cells, {cells.events:.0f} adoptions.")
    print("The null of the average lag is told the leader's days and the record's own lags.")
    print(in_words(table, 3))
    print("\nBy week, the rule alone: means over what was at risk")
    print(weeks.to_string(index=False, float_format=lambda value: f"{value:.3f}"))
    print()
    return {
        "runs": runs,
        "cells": len(cells.day),
        "log_score": model.log_score,
        "log_score_null": independent.log_score,
        "log_score_lag": lag.log_score,
        "skill_vs_null": skill(model.log_score, independent.log_score),
        "skill_vs_lag": skill(model.log_score, lag.log_score),
        "brier": model.brier,
        "brier_null": independent.brier,
        "brier_lag": lag.brier,
        "concordance": model.concordance,
        "median_absolute_error_days": model.days_off,
        "coverage_80": model.coverage,
        "by_week": weeks.to_dict("records"),
    }


def _scored(world: World, history: History, rule: Any, runs: int) -> Any:
    from sim.analysis.forecast import cells_of, scores
    from sim.analysis.simulated import forecast

    cells = cells_of(history)
    share, days = forecast(world, history, rule, cells, runs)
    return scores(share, cells, days)


def _one_step_ahead(history: History) -> dict[str, Any]:
    """Print and return how the rule and the two nulls do that are given history so far."""
    import pandas as pd

    from sim.analysis.contenders import null_intercept
    from sim.analysis.lag import lag_hazards
    from sim.analysis.likelihood import chance_of
    from sim.analysis.rivals import chances, log_score, panel_of
    from sim.analysis.step import step_brier, step_log_score
    from sim.config import Rule

    table, config = history.table, history.setting.config
    panel, null = panel_of(table), Rule(name="independent")
    null.intercept = null_intercept(table, null)
    lagged = lag_hazards(table, config.coordination.leaders)
    events = float(panel.rows.weight @ panel.rows.event)
    found = {
        config.rule.name: (
            log_score(panel, config.rule) / events,
            step_brier(chances(panel, config.rule), panel.rows),
        ),
        "null: independent": (
            log_score(panel, null) / events,
            step_brier(chances(panel, null), panel.rows),
        ),
        "null: average lag": (
            step_log_score(lagged, panel.rows),
            step_brier(chance_of(lagged, panel.rows), panel.rows),
        ),
    }
    (model, brier), (independent, _), (lag, _) = found.values()
    shown = pd.DataFrame(found.values(), index=list(found), columns=["log_score", "brier_of_a_day"])
    print(f"One step ahead, {len(table)} person-days, {events:.0f} adoptions; what a day saw is")
    print("scored as a whole")
    print(in_words(shown, 4))
    print()
    return {
        "log_score": model,
        "log_score_null": independent,
        "log_score_lag": lag,
        "skill_vs_null": skill(model, independent),
        "skill_vs_lag": skill(model, lag),
        "brier": brier,
    }


def _splits(history: History, until: int) -> dict[str, Any]:
    """Print and return the contenders, refitted on parts and scored on the rest."""
    from sim.analysis.contenders import contenders, starts
    from sim.analysis.splits import events_after, score_table

    setting, table = history.setting, history.table
    found = contenders(setting.war.first_meeting, starts(table))
    shown = score_table(table, found, until)
    late = events_after(table, until)
    print("One step ahead, coefficients learnt from one part and scored on the other: nats an")
    print(f"adoption. 'After the date': learnt to {setting.date_of(until)}, {late:.0f} adoptions")
    print("after it. 'In sample' was fitted to what it scores. The rough reference has the peers'")
    print("share and recency and log days since the invasion, on these risk sets:")
    print(f"{' '.join(sorted(set(table['body'])))}; {table['instrument'].nunique()} measures; ")
    print(f"targets {' '.join(sorted(set(table['target'])))}.")
    print(in_words(shown, 3))
    reference = shown.loc["rough reference"]
    print("\nGain on the rough reference, nats an adoption")
    print(in_words(shown.sub(reference, axis=1), 3))
    print()
    return {
        "until": setting.date_of(until).isoformat(),
        "events_after": late,
        "log_score": shown.to_dict("index"),
    }


def _simulated_splits(world: World, history: History, until: int, runs: int) -> dict[str, Any]:
    """Print and return the rules, refitted on parts, simulated from the start."""
    from sim.analysis.simulated import simulated_splits

    shown = simulated_splits(world, history, until, runs)
    print(
        f"From the start, {runs} runs a fold, coefficients learnt without what is scored: nats an"
    )
    print("adoption; after the date given that an act had not come before")
    print(in_words(shown, 3))
    print()
    return {str(name): row for name, row in shown.to_dict("index").items()}


def skill(score: float, null: float) -> float:
    """Return one less the ratio of two log scores: 0 as good as the null, 1 perfect."""
    return 1.0 - score / null


def _last_day_learnt(history: History, text: str | None) -> int:
    """Return the last day that is learnt from: the first quarter of the record, in whole weeks."""
    last = history.record.last_day
    if text is None:
        return max(7 * round((last + 1) / 4 / 7), 7) - 1
    try:
        day = (date.fromisoformat(text) - history.setting.start).days
    except ValueError:
        raise InputError(f"--until must be a date like 2022-03-13; found '{text}'") from None
    if not 0 < day < last:
        first, end = history.setting.date_of(1), history.setting.date_of(last - 1)
        raise InputError(f"--until must lie within the record, {first} to {end}; found {text}")
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


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--runs", type=int, default=200, metavar="N", help="size of the ensemble (default: 200)"
    )
    parser.add_argument(
        "--until",
        metavar="DATE",
        help="last day that is learnt from in the split by date (default: a quarter of the record)",
    )
    parser.add_argument(
        "--no-splits",
        action="store_true",
        help="leave out the table of splits, which takes some minutes",
    )
    parser.add_argument(
        "--from-the-start",
        action="store_true",
        help="also simulate the rules on every split, which takes longer",
    )
