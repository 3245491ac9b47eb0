"""The page of an explanation, drawn from what is stored alone: why a state did or did not."""

from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.explain.answer import Answer
from sim.analysis.explain.store import About, read
from sim.codes import NEVER
from sim.reasons import Reasons, in_times, in_words, objection_of, upper_first, wish_of
from sim.report import reasons as bars
from sim.report.figures.saving import save
from sim.report.pictures import shown
from sim.report.tables import files_of, write_table
from sim.templates import write_page
from sim.words import percent


def write(folder: Path) -> Path:
    """Write the figure, the tables and `index.html` of an explanation; return the page.

    Parameters
    ----------
    folder : Path
        Holds what `sim.analysis.explain.store.write` wrote; nothing is simulated.

    Raises
    ------
    InputError
        It holds no explanation.
    """
    answer, about = read(folder)
    drawn: list[Path] = []
    if answer.is_drawn:
        figure = bars.figure(answer)
        drawn = save(figure, folder / "why", about.formats, about.provenance, about.inches or None)
    return write_page(
        folder,
        "report/explanation.html",
        head=answer.head,
        provenance=about.provenance,
        command=about.command,
        scenario=about.scenario,
        answer=answer,
        cards=_cards(answer),
        drawn=shown(drawn),
        files=_tables(folder, answer, about),
        over_draws=[upper_first(line) for line in answer.over_draws()],
        has_draws=answer.draws is not None,
        **_weighed(answer.reasons),
    )


def _cards(answer: Answer) -> list[tuple[str, str]]:
    """Return the numbers at the top with their words."""
    cards = []
    if answer.own_day != NEVER:
        cards.append((answer.in_words(answer.own_day), "is when it happened in this run"))
    elif answer.draws is not None:
        cards.append(("Not", "by the end of this run"))
    if answer.draws is not None:
        share = answer.draws.by(answer.n_days - 1) / answer.draws.n
        cards.append((percent(share), f"of {answer.draws.n} draws have it by the end"))
    if answer.real_day is not None:
        cards.append((answer.in_words(answer.real_day), "is when it happened in reality"))
    return cards


def _weighed(reasons: Reasons | None) -> dict[str, Any]:
    """Return what the page says of what was weighed, and of the members of a council."""
    if reasons is None:
        return {"reasons": None, "outcome": "", "day": "", "terms": [], "members": []}
    return {
        "reasons": reasons,
        "outcome": f"{upper_first(reasons.outcome).rstrip('.')}.",
        "day": in_words(reasons.day) if reasons.day else "",
        "terms": [(upper_first(term.words), in_times(term.added)) for term in reasons.telling],
        "members": [
            (one.name, percent(one.voice), wish_of(one), objection_of(one))
            for one in reasons.members
        ],
    }


def _tables(folder: Path, answer: Answer, about: About) -> dict[str, list[tuple[str, str]]]:
    """Write the tables for a paper; return their files by name."""
    frames = _frames(answer)
    for name, (frame, caption) in frames.items():
        write_table(folder, name, frame, f"{answer.head}. {caption}. {about.provenance}")
    return {name: files_of(name) for name in frames}


def _frames(answer: Answer) -> dict[str, tuple[pd.DataFrame, str]]:
    reasons = answer.reasons
    if reasons is None or reasons.day is None:
        return {}
    rows = [
        {"What was weighed": upper_first(term.words), "Times the pace": term.factor,
         "Added to the log hazard a week": term.added}
        for term in reasons.terms
    ]  # fmt: skip
    said = f"What was weighed on {in_words(reasons.day)}: {reasons.reading}"
    found = {"weighed": (pd.DataFrame(rows), said)}
    if reasons.members:
        members = [
            {"Member": one.name, "Voice": one.voice, "Would act": wish_of(one),
             "Objection": objection_of(one)}
            for one in reasons.members
        ]  # fmt: skip
        found["members"] = (pd.DataFrame(members), "Members of the council, and what they wanted")
    return found
