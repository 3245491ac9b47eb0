"""The page of a run: one HTML file with everything inside, readable offline and on a phone.

No script, no font, no picture is fetched: styles stand in the template, pictures in data
addresses. Whatever comes from data or from the user is escaped where it enters HTML.
"""

from __future__ import annotations

import base64
import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from importlib import resources
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from sim import __version__
from sim.report import compare
from sim.report.command import command
from sim.report.compare import Comparison
from sim.report.style import full_date
from sim.setting import Setting

if TYPE_CHECKING:
    import pandas as pd

DASH = "–"

FILES = {
    "events.csv": "every dated act: day, date, actor, kind, instrument, target, effective date",
    "steps.parquet": "one row per step: the war, the coalition, losses and leak of the targets",
    "states.parquet": "one row per step and state: loss, diverted trade, support",
    "outcomes.json": "the outcomes listed above",
    "config.yaml": "the whole configuration, defaults included",
    "versions.json": "versions of the program and its packages, fingerprint of the world",
    "network.png": "the first figure",
    "calendar.png": "the second figure",
    "costs.png": "the third figure",
}

LIMITS = (
    "It is a stylised model. It is built to compare mechanisms under equal luck, not to forecast "
    "what any state will do or lose.",
    "One run is one draw. What a lever does shows only in many runs, with and without it, under "
    "the same seeds.",
    "The coefficients of the decision rule are set by hand, some of them guided by a rough fit to "
    "the dates of 2022. That a run looks like the record is no evidence that allies decide so.",
    "The record holds dated acts of the G7 members and the EU. It has gaps: a measure that it "
    "lacks may have been taken. Dates marked as recalled are written from memory.",
    "Scope, lag and signal of the measures, and harm and own cost of the answers, are assumptions; "
    "each says so in its table.",
    "War damage, the value of frozen assets, the currency and the price of oil are outside the "
    "losses. Countermeasures cost nobody anything yet, and no measure is lifted.",
)
PRICING = {
    "exposure": "Losses are exposures: what each covered flow costs every state in the "
    "equilibrium of a many-sector trade model, solved at the margin and extended by the share of "
    "the market covered. They are long-run losses with full employment; a negative loss is a gain.",
}


def write(
    folder: Path,
    setting: Setting,
    events: pd.DataFrame,
    steps: pd.DataFrame,
    states: pd.DataFrame,
    outcomes: Mapping[str, object],
    pictures: Mapping[str, Path],
) -> Path:
    """Write `index.html` and return its path.

    Parameters
    ----------
    folder : Path
        Where the page goes; files that lie there are linked.
    setting : Setting
    events, steps, states : DataFrame
        As `sim.records.Records` leaves them.
    outcomes : mapping of str to float, str or bool
    pictures : mapping of str to Path
        PNG files under 'network', 'calendar' and 'costs'.
    """
    table = compare.compare(setting, events)
    scenario, coordination = setting.config.scenario.name, setting.config.coordination.name
    template = Template(
        (resources.files("sim.report") / "template.html").read_text(encoding="utf-8")
    )
    path = folder / "index.html"
    text = template.substitute(
        title=escape(f"Sanctions run {scenario}, {coordination}"),
        about=_about(setting),
        numbers=_numbers(setting, outcomes),
        outcomes=_table(
            "Names as in outcomes.json.",
            ("Outcome", "Value"),
            [(name, _plain(value)) for name, value in outcomes.items()],
            numeric=(1,),
        ),
        network=_network(pictures["network"], table),
        calendar=_calendar(pictures["calendar"], table),
        acts=_acts(setting, events, table),
        votes=_votes(setting, events),
        answers=_answers(setting, events),
        costs=_costs(pictures["costs"], setting, outcomes),
        losses=_losses(setting, states),
        command=escape(command(setting.config)),
        files=_files(folder),
        limits=_limits(setting),
        sources=_sources(setting.world.folder / "sources.csv"),
    )
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


# Parts of the page, in its order.


def _about(setting: Setting) -> str:
    config = setting.config
    scenario = config.scenario
    targets = ", ".join(
        f"{_name(setting, code)} ({code}, involvement {weight:g})"
        for code, weight in scenario.targets.items()
    )
    first, last = setting.date_of(0), setting.date_of(setting.n_days - 1)
    return _terms(
        {
            "Scenario": scenario.name,
            "Targets": targets,
            "Time": f"{full_date(first)} to {full_date(last)}, "
            f"{scenario.steps} steps of {scenario.step_days} days; decisions are daily",
            "Coordination": f"{config.coordination.name}: {_levers(setting)}",
            "Decision rule": config.rule.name,
            "Losses": config.economy.name,
            "World": f"{config.world.folder}: {len(setting.world.states)} states, "
            f"{len(setting.senders)} senders, fingerprint {setting.world.fingerprint[:12]}",
            "Seed, run": f"{config.seed}, {config.run}",
            "Program": f"sanctionsim {__version__}, driver {config.driver}",
        }
    )


def _levers(setting: Setting) -> str:
    levers = setting.config.coordination
    councils = ", ".join(f"{c.institution.code} by {c.rule}" for c in setting.councils) or "none"
    words = [
        f"peers weigh {levers.peer_weight:g}",
        f"{', '.join(levers.leaders) or 'nobody'} leads with weight {levers.lead_weight:g}",
        "institutions meet" if levers.consultation else "no meetings",
        f"councils: {councils}",
    ]
    if levers.veto_players:
        words.append(f"{', '.join(levers.veto_players)} objects to every measure")
    if levers.burden_sharing > 0:
        words.append(f"burdens shared at {levers.burden_sharing:g}")
    return "; ".join(words)


def _numbers(setting: Setting, outcomes: Mapping[str, object]) -> str:
    """Return the outcomes that a reader asks for first, in words; those that are there."""
    cards = []
    for code in setting.config.scenario.targets:
        name = _name(setting, code)
        cards += [
            (f"loss_{code}", "{:.2f}%", f"of GDP is what {name} loses a year at the end"),
            (f"leak_{code}", "{:.0%}", f"of the covered trade with {name} finds another way"),
        ]
    cards += [
        ("sender_loss_mean", "{:.2f}%", "of GDP is what the senders lose on average"),
        ("sender_loss_bn", "${:.1f} bn", "a year is what the senders lose together"),
        ("diverted_bn", "${:.1f} bn", "a year of covered exports is carried by third states"),
        ("coalition_size", "{:.0f}", f"of {len(setting.senders)} senders have acted"),
        ("acts_announced", "{:.0f}", "measures announced, each counted once per state and target"),
    ]
    shown = [
        (form.format(value).replace("%", " %").replace("  ", " "), words)
        for key, form, words in cards
        if (value := _finite(outcomes.get(key))) is not None
    ]
    half = _finite(outcomes.get("days_to_half"))
    if half is not None:
        day = full_date(setting.date_of(int(half)))
        shown.append((f"{half:.0f} days", f"until half of all measures of the run were out, {day}"))
    settled = _finite(outcomes.get("settled_day"))
    if settled is not None and settled >= 0:
        shown.append((full_date(setting.date_of(int(settled))), "talks settle the war"))
    items = "".join(f"<li><strong>{escape(a)}</strong> {escape(b)}</li>\n" for a, b in shown)
    return f'<ul class="numbers">\n{items}</ul>'


def _network(picture: Path, table: Comparison) -> str:
    return _figure(
        picture,
        "Network of states. Discs are coloured by role and sized by GDP; a ring around each "
        "sender shows how early it announced its measures. The dates stand in the table below.",
        "Look at the rings: dark and long from the top means many measures early. Are neighbours "
        "alike? The place of a state has no meaning of its own; springs put tied states "
        "close. Left out are ties that join nearly everyone: affinity, consultation, weaker trade. "
        "That allies act alike here does not show that they follow each other: they also see the "
        "same war.",
    )


def _calendar(picture: Path, table: Comparison) -> str:
    return _figure(
        picture,
        f"Calendar of measures against {table.target} by sender. {table.sentence()}",
        f"{table.sentence()} Above in each cell the day in the run, coloured from early (dark) to "
        "late; below, the date in the record and how many days the run is later (+) or earlier "
        "(−). A full dot is a date read in a source, a hollow one a date from memory. "
        "Fractions count the members of a union that took a national measure; the date is the day "
        "on which more than half had. Rows without any real date are measures of which the record "
        f"holds nothing; after {full_date(table.record_end)} it is silent. One run that "
        "hits or misses a date by chance says little about the rule.",
    )


def _acts(setting: Setting, events: pd.DataFrame, table: Comparison) -> str:
    run = compare.announced(events, table.target)
    rows = []
    for actor in table.actors:
        real = compare.real_days(setting, actor, table.target)
        recorded = actor in table.recorded_actors
        first, day = _first(setting, _days_of(run, actor))
        real_first, real_day = _first(setting, real)
        cells = [cell for (who, _), cell in table.cells.items() if who == actor]
        rows.append(
            (
                f"{_name(setting, actor)} ({actor})",
                _labels(setting, first, real if recorded else None) or "nothing",
                _day(day),
                (_labels(setting, real_first) or "nothing") if recorded else "no record",
                _day(real_day),
                str(table.n_by_horizon(cell.run for cell in cells)),
                str(table.n_by_horizon(cell.real for cell in cells)) if recorded else DASH,
            )
        )
    end, name = full_date(table.horizon), _name(setting, table.target)
    acts = _table(
        f"First measures against {name} beyond words of condemnation.",
        (
            "Who",
            "First in the run (record: the same measure)",
            "On",
            "First in the record",
            "On",
            f"Measures by {end}: run",
            "record",
        ),
        rows,
        numeric=(5, 6),
        dates=(2, 4),
    )
    return acts + _members(setting, run, table)


def _members(setting: Setting, run: Mapping[compare.Key, date], table: Comparison) -> str:
    """Return what members of a union did alone, folded away; nothing if all stand above."""
    members = [code for code in setting.sender_codes if code not in table.actors]
    if not members:
        return ""
    rows = []
    for member in members:
        days = _days_of(run, member)
        first, day = _first(setting, days)
        number = str(table.n_by_horizon(days.values()))
        labels = _labels(setting, first) or "nothing"
        rows.append((f"{_name(setting, member)} ({member})", labels, _day(day), number))
    inner = _table(
        f"Measures against {_name(setting, table.target)} that members of a union took alone, "
        "beside the union's, which bind them all.",
        ("Who", "First in the run", "On", f"Measures by {full_date(table.horizon)}"),
        rows,
        numeric=(3,),
        dates=(2,),
    )
    return f"<details><summary>Members of a union, by themselves</summary>\n{inner}</details>\n"


def _days_of(run: Mapping[compare.Key, date], actor: str) -> dict[str, date]:
    return {code: day for (who, code), day in run.items() if who == actor}


def _votes(setting: Setting, events: pd.DataFrame) -> str:
    """Return what the councils blocked and whom they exempted, if there is a council."""
    if not setting.councils:
        return ""
    rows = events[events["kind"].isin(["blocked", "carve_out"])]
    if rows.empty:
        return "<p>No council was blocked in this run.</p>"
    return _table(
        "Votes that failed, and carve-outs that freed the objectors.",
        ("Council", "On", "What", "Measure", "Target", "Objectors"),
        [
            (
                row["actor"],
                _day(date.fromisoformat(row["date"])),
                {"blocked": "first blocked", "carve_out": "carve-out"}[row["kind"]],
                _labels(setting, [row["instrument"]]),
                row["target"],
                row["detail"],
            )
            for row in rows.to_dict("records")
        ],
    )


def _answers(setting: Setting, events: pd.DataFrame) -> str:
    issued = events[events["kind"] == "countermeasure"]
    rows = []
    for target in setting.config.scenario.targets:
        mine = issued[issued["actor"] == target]
        run = dict(zip(mine["instrument"], mine["date"], strict=True))
        for counter in setting.world.countermeasures:
            real = [
                row["announced"]
                for row in setting.world.timeline
                if (row["sender"], row["instrument"]) == (target, counter.code)
            ]
            day = date.fromisoformat(run[counter.code]) if counter.code in run else None
            if day or real:
                rows.append(
                    (
                        _name(setting, target),
                        counter.label,
                        _day(day),
                        _day(min(real, default=None)),
                    )
                )
    table = _table(
        "First use of each countermeasure; a dash in the record means that it holds none.",
        ("Who", "Countermeasure", "In the run", "In the record"),
        rows,
    )
    return table + _listing(setting, events)


def _listing(setting: Setting, events: pd.DataFrame) -> str:
    target = compare.main_target(setting)
    listed = events[(events["kind"] == "listed") & (events["actor"] == target)]
    if listed.empty:
        return ""
    days = [date.fromisoformat(text) for text in listed["date"]]
    senders = set(setting.sender_codes)
    real = len(senders & set(setting.world.unfriendly))
    return _paragraph(
        f"{_name(setting, target)} puts {len(set(listed['target']))} of {len(senders)} senders on "
        f"its list of unfriendly states between {full_date(min(days))} and "
        f"{full_date(max(days))}; {real} of them stand on the real one."
    )


def _costs(picture: Path, setting: Setting, outcomes: Mapping[str, object]) -> str:
    targets = ", ".join(
        f"{_name(setting, code)} {value:.2f} percent of GDP"
        for code in setting.config.scenario.targets
        if (value := _finite(outcomes.get(f"loss_{code}"))) is not None
    )
    return _figure(
        picture,
        f"Losses of targets and senders and the leak over time. At the end: {targets or 'none'}.",
        "Losses jump when measures take effect and sink a little as trade finds other ways. "
        "Compare the order of the states and the times of the jumps. The levels hang on the long-"
        "run elasticities and on assumed scopes: read them as an order of magnitude at most, and "
        "not beside measured GDP, which moved for many other reasons.",
    )


def _losses(setting: Setting, states: pd.DataFrame) -> str:
    """Return the last step's losses, of senders and targets, and what third states carry."""
    last = states[states["step"] == states["step"].max()] if len(states) else states
    rank = {"target": 0, "sender": 1}
    ordered = sorted(
        last.to_dict("records"),
        key=lambda row: (rank.get(row["role"], 2), -row["loss"], -row["diverted_bn"]),
    )
    rows = []
    for row in ordered:
        part = row["role"] in rank
        if not part and not row["loss"] and not row["diverted_bn"]:
            continue
        rows.append(
            (
                f"{_name(setting, row['state'])} ({row['state']})",
                row["role"],
                _amount(row["loss"], 3) if part or row["loss"] else DASH,
                _amount(row["loss_bn"], 2) if part or row["loss"] else DASH,
                _amount(row["diverted_bn"], 2) if row["diverted_bn"] else DASH,
                _amount(row["support"], 2),
            )
        )
    return _table(
        "At the end of the run. Losses count only trade between senders and targets; carried is "
        "covered trade that third states take over; support runs from 0 to 1. States that neither "
        "lose nor carry anything are left out.",
        (
            "State",
            "Role",
            "Loss, % of GDP",
            "Loss, USD bn a year",
            "Carried, USD bn a year",
            "Support",
        ),
        rows,
        numeric=(2, 3, 4, 5),
    )


def _files(folder: Path) -> str:
    items = "".join(
        f'<li><a href="{name}">{name}</a>: {about}</li>\n'
        for name, about in FILES.items()
        if (folder / name).is_file()
    )
    return f"<ul>\n{items}</ul>"


def _limits(setting: Setting) -> str:
    pricing = PRICING.get(setting.config.economy.name)
    points = (*LIMITS[:3], *([pricing] if pricing else []), *LIMITS[3:])
    return "<ul>\n" + "".join(f"<li>{escape(point)}</li>\n" for point in points) + "</ul>"


def _sources(path: Path) -> str:
    """Return the world's own table of sources, if its folder has one."""
    if not path.is_file():
        return _paragraph("The folder of this world names no sources.")
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    columns = ("file", "what", "publisher", "dataset", "year", "status")
    table = _table(
        "Status: read in the source; recalled from memory; derived from others; assumption.",
        [column.capitalize() for column in columns],
        [[line.get(column) or "" for column in columns] for line in lines],
    )
    return f"<details><summary>Where the world's figures come from</summary>\n{table}</details>"


# Pieces of HTML; every text is escaped here.


def _figure(picture: Path, alt: str, caption: str) -> str:
    data = base64.b64encode(picture.read_bytes()).decode("ascii")
    name = escape(picture.stem, quote=True)
    return (
        f'<figure>\n<div class="scroll" tabindex="0" role="region" aria-label="Figure: {name}">'
        f'<img alt="{escape(alt, quote=True)}" src="data:image/png;base64,{data}"></div>\n'
        f"<figcaption>{escape(caption)}</figcaption>\n</figure>\n"
    )


def _table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    numeric: tuple[int, ...] = (),
    dates: tuple[int, ...] = (),
) -> str:
    """Return a table whose first column names the row.

    Columns in `numeric` stand to the right, those in `dates` are never broken; a line feed in a
    cell is kept.
    """

    def cell(tag: str, column: int, text: str, scope: str = "") -> str:
        look = ' class="n"' if column in numeric else ' class="d"' if column in dates else ""
        return f"<{tag}{scope}{look}>{escape(str(text)).replace(chr(10), '<br>')}</{tag}>"

    heads = "".join(cell("th", n, text, ' scope="col"') for n, text in enumerate(head))
    body = "".join(
        "<tr>"
        + "".join(
            cell("td", n, text) if n else cell("th", n, text, ' scope="row"')
            for n, text in enumerate(row)
        )
        + "</tr>\n"
        for row in rows
    )
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>\n'
        f"<caption>{escape(caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{body}</tbody>\n</table></div>\n"
    )


def _terms(entries: Mapping[str, str]) -> str:
    pairs = "".join(
        f"<dt>{escape(key)}</dt><dd>{escape(value)}</dd>\n" for key, value in entries.items()
    )
    return f"<dl>\n{pairs}</dl>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>\n"


# Words and numbers.


def _name(setting: Setting, code: str) -> str:
    """Return the name of a state or an institution; its code if it has none."""
    if code in setting.world.states:
        return setting.world.names[setting.world.states.index(code)]
    for institution in setting.world.institutions:
        if institution.code == code:
            return institution.name
    return code


def _first(setting: Setting, days: Mapping[str, date]) -> tuple[list[str], date | None]:
    """Return the instruments announced first, beyond words, in catalogue order, and the day."""
    words = {act.measure.code for act in setting.acts if act.measure.scope == "diplomacy"}
    deeds = {code: day for code, day in days.items() if code not in words}
    first = min(deeds.values(), default=None)
    order = [measure.code for measure in setting.world.measures]
    return sorted((c for c, day in deeds.items() if day == first), key=order.index), first


def _labels(
    setting: Setting, codes: Iterable[str], record: Mapping[str, date] | None = None
) -> str:
    """Return the names of instruments, one a line, with their dates in a record if given."""
    labels = {measure.code: measure.label for measure in setting.world.measures}
    lines = []
    for code in codes:
        line = labels.get(code, code)
        if record is not None:
            line += f" (record: {full_date(record[code]) if code in record else 'none'})"
        lines.append(line)
    return "\n".join(lines)


def _day(day: date | None) -> str:
    return DASH if day is None else full_date(day)


def _finite(value: object) -> float | None:
    """Return a number that can be printed, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None


def _amount(value: object, digits: int) -> str:
    number = _finite(value)
    return DASH if number is None else f"{number:.{digits}f}"


def _plain(value: object) -> str:
    number = _finite(value)
    return str(value) if number is None else f"{number:.6g}"
