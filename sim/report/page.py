"""The page of a run: one HTML file with everything inside, readable offline and on a phone.

No script, no font, no picture is fetched: styles stand in the page, pictures in data addresses.
What is said stands in `page.html`; here are the numbers, names and days that it is said of.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeGuard

import pandas as pd

from sim import __version__
from sim.config import FIGURES, words_of
from sim.csv_table import records
from sim.engine.tables import History
from sim.outcomes import ACTS, BESIDE_SECTORS, OUTCOMES
from sim.report import compare
from sim.report.command import command
from sim.report.compare import Comparison
from sim.report.labels import outcome_labels, sector_label
from sim.report.provenance import provenance_of
from sim.report.style import full_date
from sim.setting import Setting
from sim.setting.alliance import leaders_of
from sim.templates import write_page
from sim.words import DASH, first_year, listed, signed

TOP_LOSSES = 10
NOTED = 0.005  # USD bn a year; less is not worth a line
# Why a figure that was asked for has nothing to show.
EMPTY = {
    "burden": "No burdens are shared in this run.",
    "routes": "Nothing of what is covered finds another way in this run.",
    "sectors": "Who loses what in which sector was not recorded; record=sectors does.",
}
Content = dict[str, Any]  # what the template speaks of, by name


def write(folder: Path, run: History, drawn: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write `index.html` and return its path.

    Parameters
    ----------
    folder : Path
        Where the page goes; files that lie there are linked.
    drawn : mapping of str to mapping
        Files and picture of each figure that was drawn, as `sim.report.pictures.shown` returns
        them; the page does without others.
    """
    setting, events = run.setting, run.events
    return write_page(
        folder,
        "report/page.html",
        files={path.name for path in folder.iterdir()},
        figures=drawn,
        undrawn=_undrawn(setting, drawn, run.sectors is not None),
        sources=_sources(setting.world.folder / "sources.csv"),
        **_run(setting),
        **_numbers(setting, run.outcomes),
        **_acts(setting, events),
        **_answers(setting, events),
        **_states(setting, events, run.states),
        **_sectors(run.sectors),
    )


def asked(setting: Setting) -> list[str]:
    """Return the names of the figures that a configuration asks for, in the order of the page."""
    words = words_of(setting.config.figures.draw)
    return [name for name in FIGURES if name in words or words == ["all"]]


def _undrawn(setting: Setting, drawn: Collection[str], has_sectors: bool) -> dict[str, str]:
    """Return why each figure that is not there was not drawn."""
    wanted = asked(setting)
    return {
        name: EMPTY.get(name, "")
        if name in wanted or (name == "sectors" and not has_sectors)
        else f"The figure {name} was not asked for; figures.draw={name} draws it."
        for name in FIGURES
        if name not in drawn
    }


def _run(setting: Setting) -> Content:
    """Return what the run is made of, and how its days, names and amounts are written."""
    provenance = provenance_of(setting.config)
    return {
        "config": setting.config,
        "world": setting.world,
        "senders": setting.sender_codes,
        "councils": setting.councils,
        "target": setting.main_target,
        "start": setting.date_of(0),
        "end": setting.date_of(setting.n_days - 1),
        "first_year": first_year(setting.n_days),
        "command": command(setting.config),
        "provenance": provenance.line(),
        "differs": provenance.differs,
        "version": __version__,
        "date_of": setting.date_of,
        "day": _day,
        "name": setting.name_of,
        "amount": signed,
        "leaders": leaders_of(setting.config, setting.sender_codes),
        "dash": DASH,
    }


def _numbers(setting: Setting, outcomes: Mapping[str, object]) -> Content:
    """Return the outcomes, those that are finite numbers apart, and what is read off them."""
    numbers = {key: value for key, value in outcomes.items() if _is_number(value)}
    names = {code: setting.name_of(code) for code in setting.config.scenario.targets}
    labels = outcome_labels(names)
    target = setting.main_target
    leak, rate = numbers.get(f"leak_{target}"), numbers.get(f"log_rate_{target}")
    return {
        "outcomes": outcomes,
        "numbers": numbers,
        "shown": {key: _outcome(key, value) for key, value in outcomes.items()},
        "labels": labels | {key: key for key in outcomes if key not in labels},
        "speed": [n for n in reversed(ACTS[:2]) if f"days_to_{n}" in numbers][:1],
        "spread": partial(_spread, numbers),
        "leak": "" if leak is None else f"{100 * leak:.0f}\u00a0%",
        "price_of_a_dollar": None if rate is None else math.exp(rate),
    }


def _acts(setting: Setting, events: pd.DataFrame) -> Content:
    """Return who took which measures, alone and in councils, and gave them up."""
    table = compare.compare(setting, events)
    run = compare.announced(events, table.target)
    waves = compare.standing_waves(setting, events, table.target)
    members = [code for code in setting.sender_codes if code not in table.actors]
    gone = events[events["kind"] == "withdrawal"]
    times = sorted(Counter(gone["actor"]).items(), key=lambda entry: (-entry[1], entry[0]))
    votes = events[events["kind"].isin(["blocked", "carve_out"])]
    return {
        "comparison": table,
        "acts": [_act(setting, waves, table, run, actor) for actor in table.actors],
        "members": [_alone(setting, table, run, member) for member in members],
        "measures": setting.world.labels,
        "votes": votes.to_dict("records"),
        "standing": {
            target: compare.standing(setting, events, target)
            for target in setting.config.scenario.targets
        },
        "withdrawals": listed(f"{setting.name_of(code)} ({n})" for code, n in times),
        "first_withdrawal": min(gone["date"], default=None),
        "settlement": min(events[events["kind"] == "settlement"]["date"], default=None),
        "kinds": Counter(events["kind"]),
    }


def _act(
    setting: Setting,
    waves: Mapping[str, Mapping[str, int]],
    table: Comparison,
    run: Mapping[compare.Key, date],
    actor: str,
) -> Content:
    """Return an actor's first measures and how many it took, beside the record's."""
    real, real_day = compare.first_deeds(setting, compare.real_days(setting, actor, table.target))
    cells = [cell for (who, _), cell in table.cells.items() if who == actor]
    alone = _alone(setting, table, run, actor)
    return {
        **alone,
        "recorded": actor in table.recorded_actors,
        "real": real,
        "real_day": real_day,
        # What its council decides is the council's, as in the record.
        "n_run": alone["n_run"] + table.n_by_horizon(cell.run for cell in cells if cell.members),
        "n_real": table.n_by_horizon(cell.real for cell in cells),
        "n_waves": sum(waves.get(actor, {}).values()),
    }


def _alone(
    setting: Setting, table: Comparison, run: Mapping[compare.Key, date], actor: str
) -> Content:
    """Return an actor's first measures and how many it took, those of its union apart."""
    days = {code: day for (who, code), day in run.items() if who == actor}
    first, day = compare.first_deeds(setting, days)
    n_run = table.n_by_horizon(days.values())
    return {"actor": actor, "first": first, "first_day": day, "n_run": n_run}


def _answers(setting: Setting, events: pd.DataFrame) -> Content:
    """Return what the targets answered, in the run and in the record."""
    issued = events[events["kind"] == "countermeasure"]
    has_record = not compare.why_no_record(setting)
    ways, rows = [], []
    for target in setting.config.scenario.targets:
        mine = issued[issued["actor"] == target]
        singled_out = set(mine["target"]) - {""}
        ways.append((target, mine["instrument"].nunique(), len(singled_out)))
        for answer in setting.world.countermeasures:
            uses = mine[mine["instrument"] == answer.code]
            run = list(zip(uses["date"], uses["target"], strict=True))
            real = [
                (row["announced"].isoformat(), row["target"])
                for row in setting.world.timeline
                if has_record and (row["sender"], row["instrument"]) == (target, answer.code)
            ]
            if run or real:
                rows.append((target, answer.label, _whom(setting, run), _whom(setting, real)))
    own = events["actor"] == setting.main_target
    put = events[(events["kind"] == "listed") & own].sort_values("date")
    return {
        "ways": ways,
        "answers": rows,
        "listed": put.to_dict("records"),
        "n_unfriendly": len(set(setting.sender_codes) & set(setting.world.unfriendly)),
    }


def _whom(setting: Setting, uses: Collection[tuple[str, str]]) -> str:
    """Return the first day of an answer, or each state that it singles out with its day."""
    first = {who: day for day, who in sorted(uses, reverse=True) if who in setting.world.states}
    if not first:
        return _day(min((day for day, _ in uses), default=None))
    ordered = sorted(first.items(), key=lambda entry: (entry[1], entry[0]))
    # A state and its day stay on one line.
    return ", ".join(f"{who} {_day(day)}".replace(" ", "\u00a0") for who, day in ordered)


def _states(setting: Setting, events: pd.DataFrame, states: pd.DataFrame) -> Content:
    """Return what states lose, pay and carry at the end of the run, and where third ones stand."""
    last = states[states["step"] == states["step"].max()].to_dict("records")
    senders = [row for row in last if row["role"] == "sender"]
    targets = [row for row in last if row["role"] == "target"]
    carriers = sorted(last, key=lambda row: (-row["diverted_bn"], row["state"]))
    pairs = zip(setting.world.states, setting.third_parties.takes_stance, strict=True)
    free = {state for state, takes in pairs if takes}
    stances = events[events["kind"] == "stance"]
    return {
        "worst": max(senders, key=lambda row: row["loss"]) if len(senders) > 1 else None,
        "losses": [
            *sorted(targets, key=lambda row: -row["loss"]),
            *sorted(senders, key=lambda row: -row["loss"]),
        ],
        "transfers": any(abs(row["transfer_bn"]) > NOTED for row in targets + senders),
        "payers": listed(
            setting.name_of(row["state"]) for row in last if row["transfer_bn"] < -NOTED
        ),
        "carriers": carriers if sum(row["diverted_bn"] for row in carriers) >= NOTED else [],
        "n_free": len(free),
        "third_parties": [row for row in carriers if row["state"] in free],
        "condemned": dict(zip(stances["actor"], stances["date"], strict=True)),
        "near": Counter(events[events["kind"] == "cooperation"]["actor"]),
    }


def _sectors(sectors: pd.DataFrame | None) -> Content:
    """Return the sectors that cost a state most, none if they were not recorded."""
    return {
        "sector_losses": [] if sectors is None else largest_losses(sectors),
        "n_losses": TOP_LOSSES,
        "sector": sector_label,
    }


def largest_losses(sectors: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of the sectors that cost a state most, in USD, largest first."""
    losses = sectors[~sectors["sector"].isin(BESIDE_SECTORS) & (sectors["loss_bn"] > 0.0)]
    table = losses.sort_values("loss_bn", ascending=False, kind="stable").head(TOP_LOSSES)
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def _sources(path: Path) -> list[list[str]] | None:
    """Return the rows of the world's own table of sources, if its folder has one."""
    if not path.is_file():
        return None
    columns = ("file", "what", "publisher", "dataset", "year", "status")
    return [[line.get(column, "") for column in columns] for line in records(path)]


# Words and numbers.


def _day(day: date | str | None) -> str:
    """Return a day in words, from a date or from its ISO form."""
    if day is None:
        return DASH
    return full_date(date.fromisoformat(day) if isinstance(day, str) else day)


def _is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is a number that can be printed."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _outcome(key: str, value: object) -> str:
    """Return an outcome as the table of all of them shows it."""
    if _is_number(value):
        return f"{value + 0.0:.4g}".replace("-", "−")
    if value is not None and not isinstance(value, float):
        return str(value)
    return "not by the end" if key in OUTCOMES and OUTCOMES[key].never else DASH


def _spread(numbers: Mapping[str, float], stem: str) -> str:
    """Return an outcome in percent from the long run to the first year; '' if one is missing."""
    if not {f"{stem}_long_run", f"{stem}_first_year"} <= set(numbers):
        return ""
    low, high = numbers[f"{stem}_long_run"], numbers[f"{stem}_first_year"]
    return f"{signed(low, 2)} to {signed(high, 2)}\u00a0%"
