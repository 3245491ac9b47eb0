"""The run beside the record: who announced which measure when, in the model and in reality.

Only first announcements against the first target of the scenario are compared; a record has one
horizon, the last date of its timeline, and is silent beyond it. A measure comes in waves and can be
given up and taken again: its first announcement is the earliest of all its waves, whatever follows.
"""

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from sim.report.style import full_date
from sim.setting import Council, Setting
from sim.world.catalogue import Measure

BOTH, RUN_ONLY, RECORD_ONLY, NEITHER, UNRECORDED = (
    "both",
    "run only",
    "record only",
    "neither",
    "unrecorded",
)
Key = tuple[str, str]
TAKEN = ("measure", "council")  # kinds of events by which a measure is announced
_WAVE = re.compile(r"wave (\d+) of \d+")


@dataclass(frozen=True, slots=True)
class Cell:
    """One actor and one measure."""

    # First announcement in the run. Of a union whose members take the measure one by one: the day
    # on which more than half of them had.
    run: date | None
    real: date | None  # first announcement in the record
    recalled: bool  # the real date is written from memory, not read in a source
    # The record covers this actor, and this measure for somebody, and no council alone decides on
    # it for the actor. An empty `real` then means 'not in the record', which is not quite 'not
    # taken': the record has gaps.
    recorded: bool
    # How many members had announced it one by one by the end of the run, and of how many; 0 of 0
    # where the actor decided as one, or nobody did.
    acting: int = 0
    members: int = 0
    blocked: bool = False  # the union's council voted and did not agree, at least once
    # Days of its further waves in the run, one for each wave after the first.
    later: tuple[date, ...] = ()
    # The day on which the actor gave it up for good; None if it stands at the end.
    lifted: date | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run and record for every actor and measure against one target."""

    target: str
    actors: tuple[str, ...]  # recorded states, councils, other states
    recorded_actors: frozenset[str]
    # Those that can be aimed at the target, in the order of the catalogue.
    measures: tuple[Measure, ...]
    cells: dict[Key, Cell]
    outbreak: date  # day of the gravest event, from which days are counted
    start: date  # first day of the run
    horizon: date  # last day on which run and record can be compared, as `horizon` returns it
    record_end: date
    no_record: str = ""  # why the run is not set beside the record; empty if it is

    def verdict(self, cell: Cell) -> str:
        """Return where the measure is found by the horizon: run, record, both or neither.

        What the record dates before the run started cannot be compared.
        """
        too_early = cell.real is not None and cell.real < self.start
        if not cell.recorded or too_early or self.record_end < self.start:
            return UNRECORDED
        run = cell.run is not None and cell.run <= self.horizon
        real = cell.real is not None and cell.real <= self.horizon
        return {(1, 1): BOTH, (1, 0): RUN_ONLY, (0, 1): RECORD_ONLY, (0, 0): NEITHER}[run, real]

    def count(self, verdict: str) -> int:
        """Return the number of cells with a verdict."""
        return sum(self.verdict(cell) == verdict for cell in self.cells.values())

    def sentence(self) -> str:
        """Return in words how run and record agree by the horizon."""
        if self.no_record:
            return f"The run alone: {self.no_record}."
        if self.count(UNRECORDED) == len(self.cells):
            return "The record holds no date for these senders and measures."
        gaps = [abs(gap) for gap in self.gaps()]
        apart = f" (median gap {statistics.median(gaps):.0f} d)" if gaps else ""
        return (
            f"By {full_date(self.horizon)}: {self.count(BOTH)} measures both in the run and in "
            f"the record{apart}; {self.count(RECORD_ONLY)} in the record only; "
            f"{self.count(RUN_ONLY)} in the run only."
        )

    def n_by_horizon(self, days: Iterable[date | None]) -> int:
        """Return how many of some days, None for never, lie within the horizon."""
        return sum(day is not None and day <= self.horizon for day in days)

    def gaps(self, actor: str = "") -> list[int]:
        """Return run minus record in days, of all or one, wherever both acted by the horizon."""
        return [
            (cell.run - cell.real).days
            for (who, _), cell in self.cells.items()
            if actor in ("", who) and self.verdict(cell) == BOTH and cell.run and cell.real
        ]


def compare(setting: Setting, events: pd.DataFrame) -> Comparison:
    """Return the run beside the record.

    Parameters
    ----------
    events : DataFrame
        Columns `sim.engine.tables.EVENT_COLUMNS`.
    """
    target = setting.main_target
    measures = tuple(act.measure for act in setting.acts if act.target == target)
    codes = {measure.code for measure in measures}
    no_record = why_no_record(setting)
    real = {} if no_record else _recorded(setting, target, codes)
    known_actors = frozenset(actor for actor, _ in real)
    known_measures = {instrument for _, instrument in real}
    run = announced(events, target)
    votes = events[(events["kind"] == "blocked") & (events["target"] == target)]
    blocked = set(zip(votes["actor"], votes["instrument"], strict=True))
    later, lifted = later_waves(events, target), given_up(events, target)
    councils = {council.institution.code: council for council in setting.councils}
    actors = _actors(setting, known_actors)
    cells = {}
    for actor in actors:
        for measure in measures:
            key = actor, measure.code
            day, recalled = real.get(key, (None, False))
            covers = actor in known_actors and measure.code in known_measures
            recorded = covers and not _is_bound(setting, actor, measure)
            members = _members_of(setting, councils, actor) if key not in run else []
            days = sorted(run[m, measure.code] for m in members if (m, measure.code) in run)
            half = len(members) // 2
            majority = days[half] if len(days) > half else None
            cells[key] = Cell(
                majority if days else _own_or_council(setting, run, *key),
                day,
                recalled,
                recorded,
                len(days),
                len(members) if days else 0,
                blocked=key in blocked and not days,
                later=later.get(key, ()),
                lifted=lifted.get(key),
            )
    return Comparison(
        target=target,
        actors=actors,
        recorded_actors=known_actors,
        measures=measures,
        cells=cells,
        outbreak=outbreak(setting),
        start=setting.start,
        horizon=horizon(setting),
        record_end=record_end(setting),
        no_record=no_record,
    )


def why_no_record(setting: Setting) -> str:
    """Return why a run is not set beside the record of its world; '' if it is.

    The record is that of one course of events: of the world's own senders and targets, menu and
    dated events, from their outbreak on, with nothing imposed. Levers, rules and costs may differ:
    then it says how far off they lead.
    """
    scenario, world = setting.config.scenario, setting.world
    first = min((event.date for event in world.events), default=setting.start)
    end = record_end(setting)
    reasons = {
        "its world has no record": not world.timeline,
        f"the record ends on {full_date(end)}, before the run starts": end < setting.start,
        "its measures are imposed": bool(scenario.imposed or scenario.script),
        "its events are not the record's": bool(scenario.events or not scenario.world_events),
        "its measures are not the record's": bool(scenario.measures),
        "who takes which side is not as in the record": setting.roles != world.roles,
        "it does not start before the events of the record": setting.start > first,
        "it ends before the events of the record": setting.date_of(setting.n_days - 1) < first,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def first_deeds(setting: Setting, days: Mapping[str, date]) -> tuple[list[str], date | None]:
    """Return the labels of the measures announced first, beyond words, and their day.

    Parameters
    ----------
    days : mapping of str to date
        Of an actor's measures, by their codes.
    """
    menu = {act.measure.code for act in setting.acts if not act.measure.is_diplomacy}
    deeds = {m.code: m.label for m in setting.world.measures if m.code in menu}
    first = min((day for code, day in days.items() if code in deeds), default=None)
    return [label for code, label in deeds.items() if first and days.get(code) == first], first


def outbreak(setting: Setting) -> date:
    """Return the day of the first grave event, or the start of the run."""
    return setting.date_of(setting.war.first_meeting)


def record_end(setting: Setting) -> date:
    """Return the last date in the record; the start of the run if there is none."""
    return max((row["announced"] for row in setting.world.timeline), default=setting.start)


def horizon(setting: Setting) -> date:
    """Return the last day that run and record share; the end of a run that starts after it."""
    last = setting.date_of(setting.n_days - 1)
    end = record_end(setting)
    return last if end < setting.start else min(end, last)


def announced(events: pd.DataFrame, target: str) -> dict[Key, date]:
    """Return the first announcement of each (actor, instrument) against a target.

    The earliest wave, not the wave called the first: a measure taken again after a withdrawal
    starts anew at its first wave, and an imposed one is announced with its last.
    """
    return _days_of(_acts(events, target), "min")


def later_waves(events: pd.DataFrame, target: str) -> dict[Key, tuple[date, ...]]:
    """Return the days of each further wave of (actor, instrument), each wave counted once."""
    acts = _acts(events, target)
    days: dict[Key, dict[int, date]] = {}
    columns = ("actor", "instrument", "date", "detail")
    for actor, instrument, text, detail in zip(*(acts[c] for c in columns), strict=True):
        wave = _WAVE.match(str(detail))
        if wave and int(wave[1]) > 1:
            mine = days.setdefault((actor, instrument), {})
            day = date.fromisoformat(text)
            mine[int(wave[1])] = min(mine.get(int(wave[1]), day), day)
    first = announced(events, target)
    return {
        key: tuple(sorted(day for day in waves.values() if day > first[key]))
        for key, waves in days.items()
    }


def given_up(events: pd.DataFrame, target: str) -> dict[Key, date]:
    """Return when (actor, instrument) was withdrawn, unless it was taken again afterwards."""
    gone = events[(events["kind"] == "withdrawal") & (events["target"] == target)]
    last, again = _days_of(gone, "max"), _days_of(_acts(events, target), "max")
    return {key: day for key, day in last.items() if again.get(key, day) <= day}


def standing_waves(
    setting: Setting, events: pd.DataFrame, target: str
) -> dict[str, dict[str, int]]:
    """Return how many waves of each measure of each actor stand at the end, by instrument.

    A sender has the waves of its unions' councils beside its own, but for those that it had
    already taken by itself; what it gives up it gives up whole, and takes again from the start.
    """
    rows = events[(events["target"] == target) & events["kind"].isin([*TAKEN, "withdrawal"])]
    unions = [council.institution.code for council in setting.councils]
    bound = {union: [union] for union in unions}  # whom its council decides for, and itself
    for sender in setting.sender_codes:
        for union in unions_of(setting, sender):
            bound[union].append(sender)
    level: dict[str, Counter[str]] = defaultdict(Counter)
    passed: Counter[Key] = Counter()
    columns = (rows[name] for name in ("day", "kind", "actor", "instrument", "detail"))
    # What is given up on a day is so before anything is announced.
    in_order = sorted(zip(*columns, strict=True), key=lambda row: (row[0], row[1] != "withdrawal"))
    for _, kind, who, code, detail in in_order:
        if kind == "withdrawal":
            level[who][code] = 0
        elif kind == "council":
            for actor in bound[who]:
                level[actor][code] += level[actor][code] <= passed[who, code]
            passed[who, code] += 1
        else:
            wave = _WAVE.match(str(detail))
            level[who][code] = int(wave[1]) if wave else 1
    actors = (*setting.sender_codes, *unions)
    return {actor: {code: n for code, n in level[actor].items() if n} for actor in actors}


def standing(setting: Setting, events: pd.DataFrame, target: str) -> tuple[int, int]:
    """Return how many measures stand against a target at the end, by sender, and their waves."""
    waves = standing_waves(setting, events, target)
    by_sender = [n for sender in setting.sender_codes for n in waves[sender].values()]
    return len(by_sender), sum(by_sender)


def sender_days(setting: Setting, events: pd.DataFrame, target: str) -> dict[str, dict[str, date]]:
    """Return for each sender the day of each of its measures, its own or its union's."""
    run = announced(events, target)
    codes = [act.measure.code for act in setting.acts if act.target == target]
    table: dict[str, dict[str, date]] = {}
    for sender in setting.sender_codes:
        days = {code: _own_or_council(setting, run, sender, code) for code in codes}
        table[sender] = {code: day for code, day in days.items() if day is not None}
    return table


def real_days(setting: Setting, actor: str, target: str) -> dict[str, date]:
    """Return the day of each of an actor's measures in the record, those of the catalogue only."""
    codes = {act.measure.code for act in setting.acts if act.target == target}
    record = _recorded(setting, target, codes)
    return {code: day for (who, code), (day, _) in record.items() if who == actor}


def unions_of(setting: Setting, state: str) -> list[str]:
    """Return the unions whose council decides for a state, apart from itself."""
    codes = setting.sender_codes
    return [
        council.institution.code
        for council in setting.councils
        if state in (codes[member] for member in council.members)
    ]


def _own_or_council(
    setting: Setting, run: dict[Key, date], actor: str, instrument: str
) -> date | None:
    days = [run.get((who, instrument)) for who in (actor, *unions_of(setting, actor))]
    return min((day for day in days if day is not None), default=None)


def _members_of(setting: Setting, councils: dict[str, Council], actor: str) -> list[str]:
    """Return the members of a union; nobody for a state, or for all senders as one."""
    if actor not in councils or councils[actor].competence == "joint":
        return []
    return [setting.sender_codes[member] for member in councils[actor].members]


def _is_bound(setting: Setting, actor: str, measure: Measure) -> bool:
    """Return whether a sender cannot act without a council, whose own cell then tells."""
    return any(
        measure.competence == council.competence
        and actor in (setting.sender_codes[member] for member in council.members)
        for council in setting.councils
    )


def _actors(setting: Setting, known: frozenset[str]) -> tuple[str, ...]:
    """Return recorded senders, councils, then the senders that no union speaks for."""
    senders = setting.sender_codes
    councils = [council.institution.code for council in setting.councils]
    unions = [council for council in setting.councils if council.competence != "joint"]
    inside = {senders[member] for council in unions for member in council.members}
    rest = [s for s in senders if s not in known and s not in inside]
    return (*(s for s in senders if s in known), *councils, *rest)


def _recorded(setting: Setting, target: str, codes: set[str]) -> dict[Key, tuple[date, bool]]:
    """Return first real announcement and whether it is recalled, by (actor, instrument)."""
    first: dict[Key, tuple[date, bool]] = {}
    for row in setting.world.timeline:
        key = row["sender"], row["instrument"]
        if row["target"] == target and row["instrument"] in codes:
            entry = row["announced"], row["announced_status"] == "recalled"
            first[key] = min(first.get(key, entry), entry)
    return first


def _acts(events: pd.DataFrame, target: str) -> pd.DataFrame:
    return events[events["kind"].isin(TAKEN) & (events["target"] == target)]


def _days_of(rows: pd.DataFrame, which: str) -> dict[Key, date]:
    """Return the first ('min') or the last day ('max') of each (actor, instrument) in some rows."""
    days = rows.groupby(["actor", "instrument"], sort=False, as_index=False)["date"].agg(which)
    return {(actor, act): date.fromisoformat(day) for actor, act, day in days.itertuples(False)}
