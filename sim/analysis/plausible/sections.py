"""The tables of the page, each with a sentence on how to read it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sim.analysis.facts.ledger import band
from sim.analysis.plausible.criteria import BELARUS, CUT_OFF, RUSSIA, near
from sim.analysis.plausible.record import Cell, first_day
from sim.analysis.plausible.runs import ANSWER, COUNCIL, Runs
from sim.analysis.plausible.words import (
    label,
    mark,
    moment,
    name,
    percent,
    recorded,
    with_band,
)  # fmt: skip
from sim.arrays import Floats
from sim.csv_table import records
from sim.words import markdown
from sim.world.tables import Column, read_table

TWO_WEEKS = 14
GROUPS = (("the G7 and the EU", ("USA", "CAN", "GBR", "EU", "JPN")), ("the others", ()))
# What buyers of gas said to the demand for rubles by 20 May 2022: news of those days (read;
# Hungary recalled).
BUYERS = {row["buyer"]: row["said"] for row in records(Path(__file__).with_name("buyers.csv"))}
DATED = ("measure", "sender", "record", "ours", "by 20 May", "")


def tally(runs: Runs, cells: Sequence[Cell]) -> str:
    """Return how much of the grid the ensemble tells as it was, by sender."""
    rows = []
    for sender in [*runs.actors, ""]:
        mine = [(c, runs.days_of(c)) for c in cells if sender in ("", c.sender)]
        done = [(c, days) for c, days in mine if c.day is not None]
        undone = [(c, days) for c, days in mine if c.day is None]
        rows.append(
            (
                name(runs.setting, sender) or "**all**",
                len(done),
                sum(near(band(days)[1], c.day or 0, TWO_WEEKS) for c, days in done),
                sum(band(days)[0] <= (c.day or 0) <= band(days)[2] for c, days in done),
                len(undone),
                sum(runs.by(days, c.not_by) < 0.5 for c, days in undone),
                sum(band(days)[2] > (c.not_by or 0) for c, days in undone),
            )
        )
    header = ("sender", "adopted in the record", "median within two weeks", "date inside the band",
              "not adopted in the record", "nor in most runs", "inside the band")  # fmt: skip
    return markdown(header, rows)


def first_movers(runs: Runs, cells: Sequence[Cell]) -> str:
    """Return for each measure who acted first, in the record and in the runs."""
    rows = []
    for act in runs.setting.acts:
        mine = [c for c in cells if (c.instrument, c.target) == (act.measure.code, act.target)]
        dated = [c for c in mine if c.day is not None]
        if not mine or act.measure.is_diplomacy:
            continue
        known = {c.sender for c in mine}
        actors = [c for c in (*runs.actors, *runs.members) if c in known or c == "EU"]
        days = np.stack([runs.adopted(actor, act.measure.code, act.target) for actor in actors])
        earliest = days.min(axis=0)
        leads = {a: (days[k] == earliest) & np.isfinite(earliest) for k, a in enumerate(actors)}
        share = max(lead.mean() for lead in leads.values())
        most = [a for a in actors if share and leads[a].mean() == share]
        start = min((c.day for c in dated if c.day is not None), default=None)
        real = [a for a in actors if any(c.sender == a and c.day == start for c in dated)]
        right = np.any([leads[a] for a in real], axis=0).mean() if real else 0.0
        rows.append(
            (
                f"{act.measure.label} ({act.target})",
                f"{recorded(runs.setting, dated[0])}: {_names(runs, real)}" if real else "nobody",
                percent(right) if real else "",
                moment(runs, band(earliest)[1]),
                f"{_names(runs, most)}, {percent(share)}" if most else "nobody",
            )
        )
    header = ("measure", "first in the record", "as in the record",
              "median day of the first", "most often first")  # fmt: skip
    return markdown(header, rows)


def _names(runs: Runs, codes: Sequence[str]) -> str:
    return ", ".join(name(runs.setting, code) for code in codes) if len(codes) < 7 else "all"


def grids(runs: Runs, cells: Sequence[Cell], target: str) -> str:
    """Return every sender and measure against a target, in two tables."""
    parts, placed = [], set()
    for title, codes in GROUPS:
        chosen = codes or tuple(code for code in runs.actors if code not in placed)
        placed |= set(chosen)
        mine = [c for c in cells if c.target == target and c.sender in chosen]
        mine.sort(key=lambda c: (_place(runs, c.instrument), chosen.index(c.sender)))
        if mine:
            rows = markdown(DATED, named_once([_dated(runs, c, runs.days_of(c)) for c in mine]))
            parts.append(f"**{name(runs.setting, target)}, {title}**\n\n{rows}")
    return "\n\n".join(parts)


def named_once(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return rows whose first cell is empty where it says the same as the row above."""
    above = ("", *(row[0] for row in rows))[: len(rows)]
    return [
        ("" if row[0] == last else row[0], *row[1:]) for row, last in zip(rows, above, strict=True)
    ]


def _place(runs: Runs, instrument: str) -> int:
    return [measure.code for measure in runs.setting.world.measures].index(instrument)


def _dated(runs: Runs, cell: Cell, days: Floats) -> tuple[str, ...]:
    return (
        label(runs.setting, cell.instrument),
        name(runs.setting, cell.sender),
        recorded(runs.setting, cell),
        with_band(runs, band(days)),
        percent(runs.by(days)),
        mark(runs, cell, days),
    )


def members_alone(runs: Runs, cells: Sequence[Cell]) -> str:
    """Return when members of the EU were in, and in how many runs by themselves before the Council.

    What is known not to have been done alone is held against acts of their own.
    """
    menu = {measure.code: measure for measure in runs.setting.world.measures}
    mine = [c for c in cells if menu[c.instrument].competence in ("national", "shared")]
    mine = [c for c in mine if not menu[c.instrument].is_diplomacy]
    mine.sort(key=lambda c: (_place(runs, c.instrument), c.target, runs.members.index(c.sender)))
    rows = []
    for cell in mine:
        own = runs.days_of(cell)
        council = runs.day(COUNCIL, "EU", cell.instrument, cell.target)
        what, *middle, verdict = _dated(
            runs, cell, own if cell.day is None else runs.earliest((own, council))
        )
        alone = float(((own < council) & (own <= runs.last_day)).mean())
        rows.append((f"{what} ({cell.target})", *middle, percent(alone), verdict))
    return markdown((*DATED[:-1], "of these before the Council", ""), named_once(rows))


def belarus(runs: Runs, cells: Sequence[Cell]) -> str:
    """Return when each sender first acted against Belarus, and how long after Russia."""
    deeds = {a.measure.code for a in runs.setting.acts if not a.measure.is_diplomacy}
    rows = []
    for sender in runs.actors:
        mine = [c for c in cells if c.sender == sender and c.instrument in deeds]
        real, first = {}, {}
        for target in (RUSSIA, BELARUS):
            days = [c.day for c in mine if c.target == target and c.day is not None]
            real[target] = float(min(days, default=np.inf))
            codes = {a.measure.code for a in runs.setting.acts if a.target == target} & deeds
            ours = [runs.adopted(sender, code, target) for code in codes]
            first[target] = runs.earliest(ours)
        rows.append(
            (
                name(runs.setting, sender),
                *(moment(runs, real[target]) for target in (RUSSIA, BELARUS)),
                *(with_band(runs, band(first[target])) for target in (RUSSIA, BELARUS)),
                percent(runs.by(first[BELARUS])),
            )
        )
    header = ("sender", "Russia: record", "Belarus: record", "Russia: ours", "Belarus: ours",
              "against Belarus by 20 May")  # fmt: skip
    return markdown(header, rows)


def answers(runs: Runs, cells: Sequence[Cell], target: str) -> str:
    """Return the answers of a target by kind."""
    rows = []
    for answer in runs.setting.world.countermeasures:
        real = first_day(tuple(cells), target, answer.code)
        days = runs.day(ANSWER, target, answer.code)
        if np.isinf(real) and runs.by(days) == 0.0:
            continue
        rows.append(
            (
                answer.label,
                "unknown or none" if np.isinf(real) else moment(runs, real),
                with_band(runs, band(days)),
                percent(runs.by(days)),
                "" if np.isinf(real) else mark(runs, Cell(target, "", "", int(real), None), days),
            )
        )
    return markdown(("answer", "record", "median (10 to 90 %)", "by 20 May", ""), rows)


def answers_by_country(runs: Runs, cells: Sequence[Cell]) -> str:
    """Return which senders Russia answered one by one, beside the list of unfriendly states."""
    events = runs.events
    aimed = events[(events.kind == ANSWER) & (events.actor == RUSSIA) & (events.target != "")]
    kinds = sorted(set(aimed.instrument) - {CUT_OFF})
    rows = []
    for code in runs.setting.sender_codes:
        listed = runs.day("listed", RUSSIA, "", code)
        cut = runs.by(runs.day(ANSWER, RUSSIA, CUT_OFF, code))
        own = [c for c in cells if c.sender == RUSSIA and c.target == code]
        rows.append(
            (
                name(runs.setting, code),
                "; ".join(
                    f"{label(runs.setting, c.instrument)} {recorded(runs.setting, c)}" for c in own
                ),
                moment(runs, band(listed)[1]),
                *(percent(runs.by(runs.day(ANSWER, RUSSIA, kind, code))) for kind in kinds),
                percent(cut),
                percent(runs.by(runs.day("protest", code, "", RUSSIA))),
            )
        )
    names = (f"{label(runs.setting, kind)} by 20 May" for kind in kinds)
    header = ("sender", "answers to it alone in the record", "listed, median", *names,
              "gas cut off by 20 May", "it protests by 20 May")  # fmt: skip
    return markdown(header, rows)


def gas(runs: Runs, cells: Sequence[Cell]) -> str:
    """Return who refuses to pay in rubles and whose gas is cut off."""
    rows = []
    for code in runs.setting.sender_codes:
        both = runs.day("refusal", code, "", RUSSIA), runs.day(ANSWER, RUSSIA, CUT_OFF, code)
        real = first_day(tuple(cells), RUSSIA, CUT_OFF, code)
        if code in BUYERS or np.isfinite([*both[0], *both[1], real]).any():
            shares = (percent(share(days)) for share in (runs.by, runs.ever) for days in both)
            cut = f"cut off {moment(runs, real)}" if np.isfinite(real) else "not cut off"
            rows.append((name(runs.setting, code), BUYERS.get(code, ""), cut, *shares))
    header = ("buyer", "asked for rubles", "by 20 May", "refuses by 20 May", "cut off by 20 May",
              "refuses ever", "cut off ever")  # fmt: skip
    return markdown(header, rows)


def withdrawals(runs: Runs) -> str:
    """Return how many measures each sender takes back, of those that take back any."""
    rows = []
    for code in runs.setting.sender_codes:
        early, whole = (runs.count("withdrawal", code, day) for day in (runs.last_day, np.inf))
        _, median, high = band(whole)
        if whole.any():
            rows.append((name(runs.setting, code), f"{early.mean():.2f}", f"{median:.0f}",
                         f"{high:.0f}", percent(float((whole > 0).mean()))))  # fmt: skip
    header = ("sender", "by 20 May, mean", "whole run, median", "whole run, 90 %",
              "runs with any")  # fmt: skip
    return markdown(header, rows) if rows else "Nobody takes back anything in any run."


def objections(runs: Runs) -> str:
    """Return who objected to what in a council, and who was exempted."""
    found: dict[str, Counter[tuple[str, str, str]]] = {}
    for kind in ("blocked", "carve_out"):
        rows = runs.events[(runs.events.kind == kind) & (runs.events.day <= runs.last_day)]
        told = zip(rows.run, rows.instrument, rows.target, rows.detail, strict=True)
        once = {(run, w, t, state) for run, w, t, detail in told for state in detail.split()}
        found[kind] = Counter((w, t, state) for _, w, t, state in once)
    stands = _stands(runs)
    keys = {*found["blocked"], *found["carve_out"], *stands}
    body = [
        (
            name(runs.setting, key[2]),
            f"{label(runs.setting, key[0])} ({key[1]})",
            stands.get(key, ""),
            *(percent(found[kind][key] / runs.n_runs) for kind in ("blocked", "carve_out")),
        )
        for key in sorted(keys, key=lambda key: (-found["blocked"][key], key))
    ]
    header = ("member", "measure", "stand", "objects by 20 May", "exempted by 20 May")
    return markdown(header, body) if body else "Nobody objects to anything in any run."


def _stands(runs: Runs) -> dict[tuple[str, str, str], str]:
    """Return what members of a council are known or assumed to object to, and on which ground."""
    path = runs.setting.world.folder / "positions.csv"
    if not path.is_file():
        return {}
    rows = read_table(path, dict.fromkeys(("state", "instrument", "position", "status"), Column()))
    aimed = {(act.measure.code, act.target) for act in runs.setting.acts}
    return {
        (row["instrument"], RUSSIA, row["state"]): f"{row['position']} ({row['status']})"
        for row in rows
        if (row["instrument"], RUSSIA) in aimed
    }


def third_states(runs: Runs) -> str:
    """Return who condemns and who draws nearer to Russia, beside the vote of 2 March."""
    path = runs.setting.world.folder / "states.csv"
    columns = {"state": Column(), "un_vote": Column(optional=True, default="")}
    votes = {row["state"]: row["un_vote"] for row in read_table(path, columns)}
    rows = []
    for code, role in zip(runs.setting.world.states, runs.setting.roles, strict=True):
        if role in ("bystander", "hub"):
            both = runs.day("stance", code), runs.day("cooperation", code, "", RUSSIA)
            shares = (percent(share(days)) for days in both for share in (runs.by, runs.ever))
            rows.append((name(runs.setting, code), votes[code] or "unknown", *shares))
    header = ("state", "vote on ES-11/1", "condemns by 20 May", "condemns ever",
              "deepens defence ties with Russia by 20 May", "ever")  # fmt: skip
    return markdown(header, rows)
