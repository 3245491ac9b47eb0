"""What is stored of an explanation, and read again: everything that its page says."""

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.explain.answer import Answer
from sim.analysis.explain.draws import Draws
from sim.codes import NEVER
from sim.columns import KEYS, Facts, save
from sim.folders import read_json, readable, write_json
from sim.reasons import Reason, Reasons, Stance

FILE, TABLE = "explanation.json", "draws.parquet"
HAPPENED = Facts(
    "Day on which it happened",
    "days",
    "from the first day of the run, which is 0; null where it did not",
)


class About(NamedTuple):
    """What was asked, and how it is drawn."""

    scenario: str  # name of the scenario
    provenance: str  # the line of where it comes from
    command: str  # that gives the same
    formats: tuple[str, ...]  # of the figure's files
    inches: float  # of its width, 0 for its own
    versions: dict[str, Any]  # of program, packages and world


def write(folder: Path, answer: Answer, about: About) -> None:
    """Write `explanation.json`, and `draws.parquet` if draws were counted, into a folder."""
    content = {field.name: getattr(answer, field.name) for field in fields(Answer)}
    content |= {"start": answer.start.isoformat(), "reasons": _plain(answer.reasons)}
    del content["draws"]
    write_json(folder / FILE, content | {"about": about._asdict()})
    if answer.draws is not None:
        days = pd.array(answer.draws.days, dtype="Int64")
        days[answer.draws.days == NEVER] = pd.NA
        table = pd.DataFrame({"run": np.arange(days.size), "day": days})
        save(folder / TABLE, table, KEYS | {"day": HAPPENED})


def _plain(reasons: Reasons | None) -> dict[str, Any] | None:
    """Return reasons as JSON holds them; numbers as text, for some are infinite or no numbers."""
    if reasons is None:
        return None
    found = {field.name: getattr(reasons, field.name) for field in fields(Reasons)}
    found |= {name: str(found[name]) for name in ("start", "log_hazard")}
    found["day"] = reasons.day and reasons.day.isoformat()
    found["terms"] = [
        term._asdict() | {"value": str(term.value), "added": str(term.added)}
        for term in reasons.terms
    ]
    found["members"] = [
        one._asdict() | {"log_hazard": str(one.log_hazard)} for one in reasons.members
    ]
    return found


def read(folder: Path) -> tuple[Answer, About]:
    """Return what a folder keeps of an explanation.

    Raises
    ------
    InputError
        It holds none, or one that another version has written and this one cannot read.
    """
    with readable(folder):
        content = read_json(folder / FILE)
        about = About(**content.pop("about"))
        content |= {
            "start": date.fromisoformat(content["start"]),
            "reasons": content["reasons"] and _reasons(content["reasons"]),
            "further": tuple(content["further"]),
            "draws": _draws(folder / TABLE),
        }
        return Answer(**content), about._replace(formats=tuple(about.formats))


def _reasons(found: dict[str, Any]) -> Reasons:
    numbers = {name: float(found[name]) for name in ("start", "log_hazard")}
    terms = [
        Reason(**term | {name: float(term[name]) for name in ("value", "added")})
        for term in found["terms"]
    ]
    members = [Stance(**one | {"log_hazard": float(one["log_hazard"])}) for one in found["members"]]
    return Reasons(
        **found
        | numbers
        | {
            "day": found["day"] and date.fromisoformat(found["day"]),
            "terms": tuple(terms),
            "members": tuple(members),
            "notes": tuple(found["notes"]),
        }
    )


def _draws(path: Path) -> Draws | None:
    if not path.is_file():
        return None
    days: pd.Series = pd.read_parquet(path)["day"]
    return Draws(days.fillna(NEVER).to_numpy(np.int64))
