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
from typing import TYPE_CHECKING, Any

from sim import __version__
from sim.report import compare
from sim.report.command import command
from sim.report.compare import Comparison
from sim.report.labels import FILES, LIMITS, PRICING, listed, outcome_labels
from sim.report.style import DPI, full_date
from sim.setting import Setting

if TYPE_CHECKING:
    import pandas as pd

DASH = "–"

WIDEST, NARROWEST = 112, 62  # pixels of the page per inch of a picture
NOTED = 0.005  # USD bn a year; less is not worth a line


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
        PNG files under 'network', 'calendar', 'costs' and 'paths'.
    """
    table = compare.compare(setting, events)
    scenario, coordination = setting.config.scenario.name, setting.config.coordination.name
    template = Template(
        (resources.files("sim.report") / "template.html").read_text(encoding="utf-8")
    )
    path = folder / "index.html"
    text = template.substitute(
        title=escape(f"Sanctions run {scenario}, {coordination}"),
        end=escape(full_date(setting.date_of(setting.n_days - 1))),
        cards=_cards(setting, outcomes),
        answer=_answer(setting, events, states, outcomes),
        spread=_spread(setting, outcomes),
        calendar=_calendar(pictures["calendar"], table),
        network=_network(pictures["network"], table),
        costs=_costs(pictures["costs"], setting, outcomes),
        paths=_paths(pictures["paths"], setting, outcomes),
        acts=_acts(setting, events, table),
        withdrawals=_withdrawals(setting, events),
        votes=_votes(setting, events),
        answers=_answers(setting, events),
        losses=_losses(setting, states),
        thirds=_thirds(setting, events, states),
        about=_about(setting),
        outcomes=_outcomes(setting, outcomes),
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
        "governments meet" if levers.consultation else "no meetings",
        f"councils: {councils}",
    ]
    if not levers.positions:
        words.append("no stated objections")
    if levers.veto_players:
        words.append(f"{', '.join(levers.veto_players)} objects to every measure")
    if levers.burden_sharing > 0:
        words.append(f"burdens shared at {levers.burden_sharing:g}")
    return "; ".join(words)


def _cards(setting: Setting, outcomes: Mapping[str, object]) -> str:
    """Return the four numbers that a reader asks for first; those that are there."""
    target = compare.main_target(setting)
    cards = [
        (
            _range(outcomes, f"loss_{target}_long_run", f"loss_{target}_short_run"),
            f"of GDP a year is what {_name(setting, target)} loses, long run to short run",
        ),
        (
            _range(outcomes, "sender_loss_mean_long_run", "sender_loss_mean_short_run"),
            "of GDP a year is what the senders lose on average, long run to short run",
        ),
        (
            _share(outcomes.get(f"leak_{target}")),
            f"of the covered trade with {_name(setting, target)} finds another way",
        ),
    ]
    half = _finite(outcomes.get("days_to_half"))
    if half is not None:
        day = full_date(setting.date_of(int(half)))
        cards.append((f"{half:.0f} days", f"until half of the measures were out, {day}"))
    items = "".join(
        f"<li><strong>{escape(number)}</strong> {escape(words)}</li>\n"
        for number, words in cards
        if number
    )
    return f'<ul class="numbers">\n{items}</ul>'


def _answer(
    setting: Setting,
    events: pd.DataFrame,
    states: pd.DataFrame,
    outcomes: Mapping[str, object],
) -> str:
    """Return what came of the run, a sentence or two for each part of the question."""
    sentences = {
        "Who acts": _who_acts(setting, events, outcomes),
        "Who pays": _who_pays(states, setting, outcomes),
        "What leaks": _what_leaks(states, setting),
        "What targets do": _what_targets_do(setting, events),
        "What others do": _what_others_do(setting, events, outcomes),
    }
    return _terms({key: text for key, text in sentences.items() if text})


def _who_acts(setting: Setting, events: pd.DataFrame, outcomes: Mapping[str, object]) -> str:
    size, acts, waves, named = (
        _finite(outcomes.get(key))
        for key in ("coalition_size", "acts_announced", "waves_announced", "designated")
    )
    if size is None or acts is None or waves is None:
        return ""
    everybody = "The only sender" if len(setting.senders) == 1 else "All senders"
    who = (
        f"{everybody} of this run"
        if size == len(setting.senders)
        else f"{size:.0f} of {len(setting.senders)} senders"
    )
    text = f"{who} acted; {acts:.0f} measures in {waves:.0f} waves stand at the end"
    text += f", with {named:.0f} designations of persons and entities." if named else "."
    gone = int((events["kind"] == "withdrawal").sum())
    if gone:
        text += f" Measures were withdrawn {gone} times."
    settled = events[events["kind"] == "settlement"]["date"]
    if len(settled):
        text += f" Talks settle the war on {_day(date.fromisoformat(settled.iloc[0]))}."
    return text


def _who_pays(states: pd.DataFrame, setting: Setting, outcomes: Mapping[str, object]) -> str:
    parts = []
    total = _finite(outcomes.get("sender_loss_bn"))
    last = _last(states)
    senders = [row for row in last if row["role"] == "sender"]
    if total is not None:
        verb = "lose" if total >= 0 else "gain"
        parts.append(f"The senders {verb} USD {abs(total):.1f} bn a year together")
        if len(senders) > 1:
            worst = max(senders, key=lambda row: row["loss"])
            name = _name(setting, worst["state"])
            parts[0] += f"; {name} loses most, {worst['loss']:.2f} % of its GDP"
    moved = _finite(outcomes.get("transfers_bn"))
    if moved:
        paid = [_name(setting, row["state"]) for row in last if row["transfer_bn"] < -NOTED]
        parts.append(f"Transfers move USD {moved:.1f} bn a year, paid by {listed(paid)}")
    return ". ".join(parts) + "." if parts else ""


def _what_leaks(states: pd.DataFrame, setting: Setting) -> str:
    carried = sorted(_last(states), key=lambda row: -row["diverted_bn"])
    total = sum(row["diverted_bn"] for row in carried)
    if total < NOTED:
        return "No other state carries what is covered."
    most = carried[0]
    return (
        f"Other states carry USD {total:.1f} bn a year of covered exports, "
        f"{_name(setting, most['state'])} the most ({most['diverted_bn']:.1f} bn)."
    )


def _what_targets_do(setting: Setting, events: pd.DataFrame) -> str:
    parts = []
    for target in setting.config.scenario.targets:
        issued = events[(events["kind"] == "countermeasure") & (events["actor"] == target)]
        kinds, single = issued["instrument"].nunique(), issued[issued["target"] != ""]
        text = f"{_name(setting, target)} answers in {kinds} ways"
        if kinds == 0:
            text = f"{_name(setting, target)} does not answer"
        elif len(single):
            hit = single["target"].nunique()
            text += f" and singles out {hit} {'sender' if hit == 1 else 'senders'}"
        parts.append(text)
    return "; ".join(parts) + "."


def _what_others_do(setting: Setting, events: pd.DataFrame, outcomes: Mapping[str, object]) -> str:
    states = _third_states(setting)
    parts = []
    if states:
        condemned = set(events[events["kind"] == "stance"]["actor"])
        drawn = set(events[events["kind"] == "cooperation"]["actor"])
        parts.append(
            f"{len(condemned)} of {len(states)} third states condemn the violation; "
            f"{len(drawn)} deepen defence cooperation with a target."
        )
    belief, risk = (_finite(outcomes.get(key)) for key in ("belief", "attempt_risk"))
    if belief is not None and risk is not None:
        parts.append(
            f"Belief in the coalition's resolve ends at {belief:.2f} of 1, the risk of an attempt "
            f"in another region at {100 * risk:.1f} %: indicators for comparing runs, no forecasts."
        )
    return " ".join(parts)


def _spread(setting: Setting, outcomes: Mapping[str, object]) -> str:
    """Return the losses at either elasticity, side by side."""
    keys = [(_name(setting, code), f"loss_{code}_{{}}") for code in setting.config.scenario.targets]
    keys.append(("Senders, mean", "sender_loss_mean_{}"))
    rows = [
        (who, *(_amount(outcomes.get(key.format(e)), 2) for e in ("long_run", "short_run")))
        for who, key in keys
    ]
    return _table(
        "Loss at the end, percent of GDP a year, before transfers. Long run: trade has had years "
        "to find other partners; short run: a quarter of that ease. The spread between the two is "
        "what the literature disagrees on, and no run can settle it. Governments weigh the first "
        "year, in the short run.",
        ("Who", "Long run", "Short run"),
        rows,
        numeric=(1, 2),
        narrow=True,
    )


def _outcomes(setting: Setting, outcomes: Mapping[str, object]) -> str:
    names = {code: _name(setting, code) for code in setting.config.scenario.targets}
    labels = outcome_labels(names)
    order = [*(key for key in labels if key in outcomes), *(k for k in outcomes if k not in labels)]
    return _table(
        "The last column is the name in outcomes.json.",
        ("Outcome", "Value", "Name"),
        [(labels.get(key, key), _plain(outcomes[key]), key) for key in order],
        numeric=(1,),
    )


def _network(picture: Path, table: Comparison) -> str:
    return _figure(
        picture,
        "Network of states. Discs are coloured by role and sized by GDP; a ring around each "
        "sender shows how early it announced its measures. The dates stand in the table below.",
        "Look at the rings: dark and long from the top means many measures early. Are neighbours "
        "alike? Springs put tied states close; the place has no other meaning. That allies act "
        "alike does not show that they follow each other: they also see the same war and sit at "
        "the same tables.",
    )


def _calendar(picture: Path, table: Comparison) -> str:
    return _figure(
        picture,
        f"Calendar of measures against {table.target} by sender. {table.sentence()}",
        f"{table.sentence()} Above in each cell the day of the first wave in the run, coloured "
        "from early (dark) to late; below, the date in the record (full dot: read in a source; "
        "hollow: from memory) and how many days the run is later (+) or earlier (−). Fractions "
        "count members of a union that took a measure one by one; the date is the day on which "
        "more than half had. After "
        f"{full_date(table.record_end)} the record is silent. One run that hits or misses a date "
        "by chance says little about the rule.",
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
                _labels(setting, first) or "nothing",
                _day(day),
                (_labels(setting, real_first) or "nothing") if recorded else "no record",
                _day(real_day),
                str(table.n_by_horizon(cell.run for cell in cells)),
                str(table.n_by_horizon(cell.real for cell in cells)) if recorded else DASH,
                str(compare.n_waves(events, actor, table.target)),
            )
        )
    end, name = full_date(table.horizon), _name(setting, table.target)
    acts = _table(
        f"First measures against {name} beyond words of condemnation.",
        (
            "Who",
            "First in the run",
            "On",
            "First in the record",
            "On",
            f"Measures by {end}: run",
            "record",
            "Waves by the end",
        ),
        rows,
        numeric=(5, 6, 7),
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


def _withdrawals(setting: Setting, events: pd.DataFrame) -> str:
    """Return who gave measures up, and when first; nothing if nobody did."""
    rows = events[events["kind"] == "withdrawal"]
    if rows.empty:
        return ""
    first = date.fromisoformat(min(rows["date"]))
    by_state = rows["actor"].value_counts(sort=False)
    ordered = sorted(by_state.items(), key=lambda entry: (-entry[1], entry[0]))
    times = listed(f"{_name(setting, str(code))} ({n})" for code, n in ordered)
    return _paragraph(
        f"Measures withdrawn, the first on {full_date(first)}: {times}. A measure that is taken "
        "again starts anew at its first wave."
    )


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
        for counter in setting.world.countermeasures:
            days = mine[mine["instrument"] == counter.code]
            real = [
                row
                for row in setting.world.timeline
                if (row["sender"], row["instrument"]) == (target, counter.code)
            ]
            if len(days) or real:
                rows.append(
                    (
                        _name(setting, target),
                        counter.label,
                        _whom(zip(days["date"], days["target"], strict=True), setting),
                        _whom(((row["announced"], row["target"]) for row in real), setting),
                    )
                )
    table = _table(
        "First use of each countermeasure, or each state singled out; a dash in the record means "
        "that it holds none.",
        ("Who", "Countermeasure", "In the run", "In the record"),
        rows,
        dates=(3,),
    )
    return table + _listing(setting, events)


def _whom(uses: Iterable[tuple[object, str]], setting: Setting) -> str:
    """Return the first day of an answer, or each state that it singles out with its day."""
    pairs = [(date.fromisoformat(str(day)), who) for day, who in uses]
    single = {who: day for day, who in sorted(pairs, reverse=True) if who in setting.world.states}
    if not single:
        return _day(min((day for day, _ in pairs), default=None))
    ordered = sorted(single.items(), key=lambda entry: (entry[1], entry[0]))
    # A state and its day stay on one line.
    return ", ".join(f"{who} {full_date(day)}".replace(" ", "\u00a0") for who, day in ordered)


def _listing(setting: Setting, events: pd.DataFrame) -> str:
    target = compare.main_target(setting)
    put = events[(events["kind"] == "listed") & (events["actor"] == target)]
    if put.empty:
        return ""
    days = [date.fromisoformat(text) for text in put["date"]]
    senders = set(setting.sender_codes)
    protests = int((events["kind"] == "protest").sum())
    real = len(senders & set(setting.world.unfriendly))
    return _paragraph(
        f"{_name(setting, target)} puts {len(set(put['target']))} of {len(senders)} senders on "
        f"its list of unfriendly states between {full_date(min(days))} and "
        f"{full_date(max(days))}; {real} of the senders stand on the real one. Senders that were "
        f"listed or cut off protested {protests} times."
    )


def _costs(picture: Path, setting: Setting, outcomes: Mapping[str, object]) -> str:
    targets = "; ".join(
        f"{_name(setting, code)} {text} of GDP"
        for code in setting.config.scenario.targets
        if (text := _range(outcomes, f"loss_{code}_long_run", f"loss_{code}_short_run"))
    )
    return _figure(
        picture,
        "Losses of targets and senders over time. At the end, long run to short run: "
        f"{targets or 'none'}.",
        "Losses jump when measures take effect and sink as trade finds other ways. Compare the "
        "order of the states and the times of the jumps; of the levels, read the order of "
        "magnitude. A target can gain while it carries trade for another one.",
    )


def _paths(picture: Path, setting: Setting, outcomes: Mapping[str, object]) -> str:
    target = compare.main_target(setting)
    rate = _finite(outcomes.get(f"log_rate_{target}"))
    ends = ""
    if rate is not None:
        ends = f" At the end a dollar costs {math.exp(rate):.2f} times what it did in {target}."
    return _figure(
        picture,
        "Six small charts over time: waves of measures, leak, the price of a dollar, support, "
        f"belief in the coalition, risk of an attempt elsewhere.{ends}",
        "Letters mark the gravest events. The price of a dollar is no measure of welfare: a ban on "
        "a target's exports and one on its imports move it in opposite directions and can cost it "
        "the same. Belief and risk are indicators: compare them between runs, do not read them "
        "as chances.",
    )


def _losses(setting: Setting, states: pd.DataFrame) -> str:
    """Return the last step's losses of targets and senders, with transfers if any are paid."""
    rank = {"target": 0, "sender": 1}
    ordered = sorted(
        (row for row in _last(states) if row["role"] in rank),
        key=lambda row: (rank[row["role"]], -row["loss"]),
    )
    paid = any(abs(row["transfer_bn"]) > NOTED for row in ordered)
    rows = []
    for row in ordered:
        transfer = [_amount(row["transfer_bn"], 2)] if paid else []
        rows.append(
            (
                f"{_name(setting, row['state'])} ({row['state']})",
                row["role"],
                _amount(row["loss"], 3),
                _amount(row["loss_bn"], 2),
                *transfer,
                _amount(row["support"], 2),
                _amount(row["relation"], 2) if row["role"] == "sender" else DASH,
            )
        )
    used = setting.config.economy.elasticity.replace("_", " ")
    head = (
        "State",
        "Role",
        "Loss, % of GDP",
        "Loss, USD bn a year",
        *(["Transfer received, USD bn a year"] if paid else []),
        "Support",
        f"Relation with {compare.main_target(setting)}",
    )
    return _table(
        f"Senders and targets at the end of the run, {used}, after transfers. A negative loss is "
        "a gain. Support runs from 0 to 1, relations from -1 to 1.",
        head,
        rows,
        numeric=tuple(range(2, len(head))),
    )


def _thirds(setting: Setting, events: pd.DataFrame, states: pd.DataFrame) -> str:
    """Return what each third state thinks, carries and does with the targets."""
    free = _third_states(setting)
    target = compare.main_target(setting)
    if not free:
        return _paragraph("Every state that could take a stance is a sender in this run.")
    stances = events[events["kind"] == "stance"]
    condemned = dict(zip(stances["actor"], stances["date"], strict=True))
    near = events[events["kind"] == "cooperation"]["actor"].value_counts()
    rows = [
        (
            f"{_name(setting, row['state'])} ({row['state']})",
            row["role"],
            full_date(date.fromisoformat(condemned[row["state"]]))
            if row["state"] in condemned
            else "no",
            _amount(row["diverted_bn"], 2),
            str(int(near.get(row["state"], 0))),
            _amount(row["relation"], 2),
            _amount(row["loss"], 2),
        )
        for row in sorted(_last(states), key=lambda row: (-row["diverted_bn"], row["state"]))
        if row["state"] in free
    ]
    return _table(
        "States that take no measures. Carried is covered trade that a state takes over; targets "
        "carry for each other too and are not shown here. Relations run from -1 to 1.",
        (
            "State",
            "Role",
            "Condemned",
            "Carries, USD bn a year",
            "Acts of defence cooperation",
            f"Relation with {target}",
            "Loss, % of GDP",
        ),
        rows,
        numeric=(3, 4, 5, 6),
    )


def _third_states(setting: Setting) -> set[str]:
    """Return the states that may take a stance of their own and are not senders."""
    pairs = zip(setting.world.states, setting.thirds.takes_stance, strict=True)
    return {state for state, takes in pairs if takes}


def _last(states: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of the last step."""
    last = states[states["step"] == states["step"].max()] if len(states) else states
    return [{str(key): value for key, value in row.items()} for row in last.to_dict("records")]


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
    """Return a picture in the page, at a size at which its letters can be read."""
    content = picture.read_bytes()
    inches = int.from_bytes(content[16:20], "big") / DPI  # the width in the header of a PNG
    data = base64.b64encode(content).decode("ascii")
    name = escape(picture.stem, quote=True)
    size = f"width:{inches * WIDEST:.0f}px;min-width:{inches * NARROWEST:.0f}px"
    return (
        f'<figure>\n<div class="scroll" tabindex="0" role="region" aria-label="Figure: {name}">'
        f'<img style="{size}" alt="{escape(alt, quote=True)}" '
        f'src="data:image/png;base64,{data}"></div>\n'
        f"<figcaption>{escape(caption)}</figcaption>\n</figure>\n"
    )


def _table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    numeric: tuple[int, ...] = (),
    dates: tuple[int, ...] = (),
    narrow: bool = False,
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
        f'<div class="scroll{" narrow" if narrow else ""}" tabindex="0" role="region" '
        'aria-label="Table"><table>\n'
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
    words = {act.measure.code for act in setting.acts if act.measure.is_diplomacy}
    deeds = {code: day for code, day in days.items() if code not in words}
    first = min(deeds.values(), default=None)
    order = [measure.code for measure in setting.world.measures]
    return sorted((c for c, day in deeds.items() if day == first), key=order.index), first


def _labels(setting: Setting, codes: Iterable[str]) -> str:
    """Return the names of instruments, one a line."""
    labels = {measure.code: measure.label for measure in setting.world.measures}
    return "\n".join(labels.get(code, code) for code in codes)


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


def _range(outcomes: Mapping[str, object], low: str, high: str) -> str:
    """Return two outcomes in percent as a range, '' if one is missing."""
    ends = [_finite(outcomes.get(key)) for key in (low, high)]
    if ends[0] is None or ends[1] is None:
        return ""
    return f"{ends[0]:.2f} to {ends[1]:.2f}\u00a0%".replace("-", "−")


def _share(value: object) -> str:
    number = _finite(value)
    return "" if number is None else f"{100 * number:.0f}\u00a0%"


def _plain(value: object) -> str:
    number = _finite(value)
    return str(value) if number is None else f"{number:.4g}"
