"""The events of an ensemble, asked for first days and shares.

Axis order: `(runs, ...)`. A day counts from the start of the run, infinite for never.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.plausible.record import Cell
from sim.arrays import Floats
from sim.setting import Setting

KEY = ["kind", "actor", "instrument", "target"]
MEASURE, COUNCIL, ANSWER = "measure", "council", "countermeasure"


@dataclass(frozen=True, slots=True)
class Runs:
    """What happened first in every run."""

    setting: Setting
    events: pd.DataFrame  # as `sim.engine.Ensemble.events` returns
    n_runs: int
    last_day: int  # to which the record reaches
    first: dict[tuple[str, ...], Floats]  # by `KEY`, day of the first such event, (n_runs,)

    @classmethod
    def of(cls, setting: Setting, events: pd.DataFrame, n_runs: int, last_day: int) -> Runs:
        """Return the runs 0 to n_runs - 1 of an ensemble."""
        earliest = events.groupby([*KEY, "run"], as_index=False).day.min()
        first: dict[tuple[str, ...], Floats] = {}
        for *words, run, day in earliest.itertuples(index=False):
            first.setdefault(tuple(words), np.full(n_runs, np.inf))[run] = day
        return cls(setting, events, n_runs, last_day, first)

    def day(self, kind: str, actor: str = "", instrument: str = "", target: str = "") -> Floats:
        """Return the day of the first event with these words, of any where there is none given."""
        wanted = (kind, actor, instrument, target)
        if all(wanted):
            return self.first.get(wanted, np.full(self.n_runs, np.inf))
        return self.earliest(
            days
            for key, days in self.first.items()
            if all(word in ("", had) for word, had in zip(wanted, key, strict=True))
        )

    def earliest(self, days: Iterable[Floats]) -> Floats:
        """Return the earliest of several days in every run, infinite if there are none."""
        return np.min([np.full(self.n_runs, np.inf), *days], axis=0)

    def adopted(self, sender: str, instrument: str, target: str) -> Floats:
        """Return the day on which a sender or a council first announced a measure, (n_runs,).

        An act of a council in which all of them sit counts for the sender too, save for members
        of the EU, whose acts of their own are meant here.
        """
        own = self.day(MEASURE, sender, instrument, target)
        councils = [
            self.day(COUNCIL, body, instrument, target)
            for body in {key[1] for key in self.first if key[0] == COUNCIL}
            if body == sender or (body != "EU" and sender not in self.members)
        ]
        return self.earliest([own, *councils])

    def lived(self, cells: tuple[Cell, ...], n_runs: int) -> Iterator[tuple[Cell, ...]]:
        """Yield the cells of a record with the days of each of the first runs, to its last day."""
        for days in np.array([self.days_of(cell)[:n_runs] for cell in cells]).T:
            yield tuple(
                cell._replace(day=int(day) if day <= self.last_day else None)
                for cell, day in zip(cells, days, strict=True)
            )

    def days_of(self, cell: Cell) -> Floats:
        """Return the first day of what a cell of a record tells of, (n_runs,)."""
        if cell.sender in self.setting.config.scenario.targets:
            return self.day(ANSWER, cell.sender, cell.instrument)
        return self.adopted(cell.sender, cell.instrument, cell.target)

    @property
    def members(self) -> tuple[str, ...]:
        """The senders that the EU's Council decides for."""
        if not any(union.code == "EU" for union in self.setting.world.institutions):
            return ()
        union = self.setting.world.institution("EU")
        return tuple(code for code in self.setting.sender_codes if code in union.members)

    @property
    def actors(self) -> tuple[str, ...]:
        """Who decides: senders in their order, the EU in place of its members."""
        codes = ("EU" if code in self.members else code for code in self.setting.sender_codes)
        return tuple(dict.fromkeys(codes))

    def by(self, days: Floats, day: int | None = None) -> float:
        """Return the share of runs that had it by a day, by the end of the record if not given."""
        return float((days <= (self.last_day if day is None else day)).mean())

    def ever(self, days: Floats) -> float:
        """Return the share of runs that have it before they end."""
        return float(np.isfinite(days).mean())

    def count(self, kind: str, actor: str, by: float = np.inf) -> Floats:
        """Return how many events of a kind an actor has by a day, (n_runs,)."""
        events = self.events
        mine = events[(events.kind == kind) & (events.actor == actor) & (events.day <= by)]
        return np.bincount(mine.run, minlength=self.n_runs).astype(np.float64)
