"""The page of a sweep: what moves what, how much, and whether the runs were enough to say so."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from sim.analysis.sweep.answer import answer, chosen
from sim.analysis.sweep.boxes import discover
from sim.analysis.sweep.conditions import read_conditions, usual_conditions
from sim.analysis.sweep.data import Runs, outcome_of
from sim.folders import made
from sim.report.sweep.asked import (
    command_of,
    design_of,
    limits_of,
    names_of,
    provenance_line,
)
from sim.report.sweep.page import Page
from sim.report.sweep.sections import boxes, effects, enough, maps, undefined_outcomes
from sim.report.sweep.shares import indices
from sim.report.sweep.words import said
from sim.sweep import store
from sim.templates import write_page


def write(
    folder: Path, outcomes: Sequence[str] = (), condition: str = "", out: Path | None = None
) -> Path:
    """Write figures, tables and the page of a sweep, and return the path of the page.

    Parameters
    ----------
    folder : Path
        Of the store, finished or not.
    outcomes : sequence of str
        To answer for; some that most will ask for if empty.
    condition : str
        Conditions to find boxes for, as `sim.analysis.sweep.conditions` reads them; some that
        most will ask for if empty.
    out : Path, optional
        Where to write; the folder `report` in that of the store if not given.

    Raises
    ------
    InputError
        The folder is no store or has no run, an outcome is unknown, the condition cannot be read.
    """
    runs = Runs(store.open(folder))
    names = chosen(runs, outcomes)
    known = runs.manifest["outcomes"]
    conditions = read_conditions(condition, known) if condition else usual_conditions(runs)
    states = names_of(runs)
    answers = [answer(runs, outcome_of(name, states)) for name in names]
    place = made(out or folder / store.PAGE)
    foot = provenance_line(runs)
    # Where the folder lies on a disk may name people.
    named = folder.name if folder.is_absolute() else folder
    page = Page(place, foot)
    return write_page(
        place,
        "report/sweep.html",
        name=runs.manifest["name"],
        provenance=foot,
        command=command_of(runs),
        redraw=f"sanctionsim report {shlex.quote(str(named))}",
        asked=design_of(runs, page),
        limits=limits_of(runs, answers),
        answers=[said(runs, each) for each in answers],
        effects=effects(runs, answers, page),
        maps=maps(runs, answers, page),
        indices=indices(runs, answers, page),
        boxes=boxes([discover(runs, each) for each in conditions], page),
        enough=enough(runs, answers, page),
        undefined=undefined_outcomes(runs, states, page),
    )
