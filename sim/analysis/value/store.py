"""What is stored of a valuation, and read again: everything that its page and tables say."""

import json
from dataclasses import asdict, dataclass
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim import columns
from sim.analysis.value.coalitions import Player
from sim.analysis.value.outcomes import COLUMNS, OUTCOMES, SHARE, Outcome
from sim.analysis.value.valuation import KINDS, Valuation, beyond_zero
from sim.folders import read_json, readable
from sim.shown import Shown, Summary, short
from sim.words import counted, listed, percent

NAME = "value.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and of what."""

    target: str  # name of the target whose loss is asked about
    n_days: int  # of the runs; losses are of their first year, or of all of a shorter run
    day: int  # on which measures are counted
    # Names of the senders that are no players: in every coalition, or in none.
    always: tuple[str, ...]
    onlookers: tuple[str, ...]
    provenance: dict[str, str]  # fields of `sim.report.provenance.Provenance`
    command: str  # that gives the same numbers
    formats: tuple[str, ...]  # of the figure's files
    inches: float  # of its width
    versions: dict[str, Any]  # of program, packages and world

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes, with the name of the target and the day in their words."""
        return tuple(outcome.worded(self.target, self.day) for outcome in OUTCOMES)


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Values(Shown):
    """What each member is worth to a coalition.

    Attributes
    ----------
    valuation : Valuation
        Every coalition, run by run: `coalitions()` and `values()` are its tables.
    asked : Asked
    """

    valuation: Valuation
    asked: Asked

    def table(self) -> pd.DataFrame:
        """Return one row per outcome, member and reading: mean, band, error, share of the whole.

        The readings are 'shapley', 'alone' and 'last'; `share` is of what all do beyond nobody,
        nan where that is not above 0; a tenth of the draws lies below `low`, a tenth above `high`;
        `draws` are those in which every coalition has the outcome.
        """
        rows, found = [], self.valuation
        for outcome in self.asked.outcomes:
            whole = found.total(outcome.key).middle
            for kind in KINDS:
                worths = found.worth(outcome.key, kind)
                for player, values in zip(found.players, worths, strict=True):
                    one = beyond_zero(values)
                    rows.append(
                        {
                            "outcome": outcome.key,
                            "member": player.key,
                            "name": player.name,
                            "reading": kind,
                            "mean": one.middle,
                            "low": one.low,
                            "high": one.high,
                            "error": one.error,
                            "share": one.middle / whole if whole > 0.0 else float("nan"),
                            "draws": one.defined,
                            "unit": outcome.unit,
                        }
                    )
        return pd.DataFrame(rows)

    def _summary(self) -> Summary:
        found, outcomes = self.valuation, self.asked.outcomes
        table = self.table()
        shapley = table[table["reading"] == "shapley"].pivot(index="member", columns="outcome")
        names, main = {player.key: player.name for player in found.players}, outcomes[0].key
        rows = [
            (
                names[str(key)],
                *(short(row["mean", outcome.key]) for outcome in outcomes),
                "" if isnan(row["share", main]) else percent(row["share", main]),
            )
            for key, row in shapley.sort_values(("mean", main), ascending=False).iterrows()
        ]
        sums = [short(found.total(outcome.key).middle) for outcome in outcomes]
        return Summary(
            f"What {counted(len(found.players), 'member')} are worth, by Shapley's value over "
            f"{counted(found.n_runs, 'draw')}",
            (
                ("of", self.asked.provenance["scenario"]),
                ("differs", self.asked.provenance["differs"]),
                ("in every coalition", listed(self.asked.always)),
                ("in none", listed(self.asked.onlookers)),
            ),
            ("member", *(f"{o.key}, {o.unit}" for o in outcomes), "of the loss"),
            (*rows, ("all", *sums, "")),
            "with bands, alone and last in: table()",
        )


def save(folder: Path, valuation: Valuation, asked: Asked) -> None:
    """Write `value.json`, `coalitions.parquet` and `values.parquet` into a folder."""
    content = {
        "runs": valuation.n_runs,
        "players": [asdict(player) for player in valuation.players],
        "outcomes": [outcome._asdict() for outcome in asked.outcomes],
        **asdict(asked),
    }
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    (folder / NAME).write_text(text, encoding="utf-8")
    described = {o.key: o for o in (*asked.outcomes, SHARE.worded(asked.target, asked.day))}
    columns.save(folder / "coalitions.parquet", valuation.coalitions(), described)
    columns.save(folder / "values.parquet", valuation.values(), {})


def read(folder: Path) -> tuple[Valuation, Asked]:
    """Return what a folder keeps of a valuation; InputError if it holds none, or not all of it."""
    with readable(folder):
        content = read_json(folder / NAME)
        rows = pd.read_parquet(folder / "coalitions.parquet", columns=list(COLUMNS))
        players = tuple(
            Player(one["key"], one["name"], tuple(one["states"]), tuple(one["names"]))
            for one in content["players"]
        )
        shape = len(COLUMNS), 2 ** len(players), content["runs"]
        table = rows.to_numpy(float).T.reshape(shape)
        if np.isinf(table).any():
            raise ValueError("a number is not finite")
        fields = {name: content[name] for name in Asked.__slots__}
        fields |= {name: tuple(fields[name]) for name in ("always", "onlookers", "formats")}
        return Valuation(players, table), Asked(**fields)
