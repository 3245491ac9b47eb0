"""The catalogues of a world: who acts together, with which instruments, upon which events.

Each table has a dataclass for its rows, whose fields say what their cells must hold. Readers take
the folder of the world and the names that the table may refer to, and raise `InputError` at the
first cell that breaks a rule.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sim.errors import InputError
from sim.world.tables import (
    DAYS,
    FLAG,
    NUMBER,
    POSITIVE,
    SHARE,
    STATE,
    STATUS,
    Column,
    cell,
    read_entries,
    read_table,
)

EVENT_KINDS = ("trigger", "talks", "involvement", "closure")
FUELS = ("coal", "oil", "gas")
NEEDS = ("flights", "gas")  # from the target or across it; gas by pipeline
EFFECTS = ("ban", "tariff", "wedge", "cap", "swift", "reserves", "none")
COMPETENCES = ("national", "eu", "shared", "joint")
LEVELS = (
    "leaders", "vice_president", "ministers", "foreign_ministers", "finance_ministers",
    "energy_ministers", "defence_ministers", "national_security_advisers", "senior_officials",
    "ambassadors",
)  # fmt: skip
# Meetings that are of no institution: of three or more, of two.
ALL_SENDERS, BILATERAL = AD_HOC = ("ALLIES", "BILATERAL")
MAX_WAVES = 8  # in which a measure can come

_RATIO = Column("number", low=1e-3, high=1.0)
_SPAN = Column("number", low=1.0, high=7300.0)
_ELASTICITY = Column("number", low=0.0, high=10.0)
# What a world may say of a sector: its range, and what holds where it does not say it, of goods
# like any other, told apart by nothing.
PROPERTIES = {
    "short_run": (_RATIO, 0.25),  # Anderson and Yotov 2020
    "adjustment_days": (_SPAN, 600.0),  # Boehm, Levchenko, Pandalai-Nayar 2023: see sectors.csv
    "withheld_export": (SHARE, 1.0),
    "withheld_import": (SHARE, 1.0),
    "supply_elasticity": (_ELASTICITY, 0.0),
    "demand_elasticity": (_ELASTICITY, 0.0),
    "rerouted": (SHARE, 1.0),
    "rerouting_days": (_SPAN, 60.0),
    "tax_take": (SHARE, 0.0),
    "cost_share": (SHARE, 1.0),
    "piped": (SHARE, 0.0),
    "others_elasticity": (replace(POSITIVE, high=50.0), 0.0),
    "contracted": (SHARE, 0.0),
    "contract_days": (_SPAN, 210.0),
    "stocked": (SHARE, 0.0),
    "stock_days": (_SPAN, 180.0),
}

_FLAG = replace(FLAG, default="0")
_COUNT = Column("whole", low=0, high=100_000, default="0")
_WAVE = Column("whole", low=1, high=MAX_WAVES)
_WEIGHT = Column("number", low=1e-6, high=1.0)


@dataclass(frozen=True, slots=True)
class Institution:
    """A union, bloc or alliance and its rules."""

    code: str = cell(Column(), "institution")
    name: str = cell(Column())
    kind: str = cell(Column(among=("union", "bloc", "alliance", "grouping")))
    # 'unanimity' where a council decides for the members, 'none' where they only consult.
    council_rule: str = cell(Column(among=("unanimity", "majority", "leaders", "none")))
    interval_days: int = cell(Column("whole", low=1, high=365))  # days between meetings
    members: tuple[str, ...] = ()  # in the order of the world; from the table of memberships
    # Union whose measures are those that the law of its other members lets them take, or ''.
    takes_over: str = cell(Column(optional=True, default=""), default="")


@dataclass(frozen=True, slots=True)
class Measure:
    """One instrument of the senders."""

    code: str = cell(Column(), "instrument")
    label: str = cell(Column())
    scope: str = cell(Column())
    targets: tuple[str, ...] = cell(Column(of="states", many=True))  # states it can be aimed at
    # Who decides: 'national' each state, 'eu' members of a union only through its council, 'shared'
    # a member alone or the council for all, 'joint' all senders of a run as one council.
    competence: str = cell(Column(among=COMPETENCES))
    lag_days: int = cell(DAYS)  # days from the legal act to its effect
    # Share of the target's bank assets hit, ad-valorem financing wedge on trade with them, and
    # ad-valorem tariff on the imports in scope.
    bank_share: float = cell(SHARE)
    wedge: float = cell(SHARE)
    tariff: float = cell(replace(POSITIVE, high=10.0))
    waves: int = cell(_WAVE)  # in how many waves it comes, >= 1
    signal: float = cell(SHARE)  # how loudly it speaks, in [0, 1]
    # Institution without whose council nobody's act takes effect, or ''.
    host: str = cell(Column(of="institutions", optional=True, default=""), default="")
    # It ends purchases of this fuel, or ''; a sender that gets all of it from the target needs so
    # many days more until the act takes effect, others their share of them.
    phase_out_fuel: str = cell(Column(among=FUELS, optional=True, default=""), default="")
    phase_out_days: int = cell(_COUNT, default=0)
    # Days for which a ban in effect lets running contracts be carried out: the ledger's customs go
    # on counting their goods, while no new contract is signed. Not of a fuel that is phased out.
    wind_down_days: int = cell(_COUNT, default=0)
    needs_law: bool = cell(_FLAG, default=False)  # takes an act of parliament
    # It hits named persons, firms and banks rather than a sector or a whole state.
    targeted: bool = cell(_FLAG, default=False)
    # What a sender must have to act upon, of NEEDS, or '': without it the measure is empty.
    needs: str = cell(Column(among=NEEDS, optional=True, default=""), default="")
    # Designated in each wave.
    individuals: int = cell(_COUNT, default=0)
    entities: int = cell(_COUNT, default=0)
    # How easily it is given up again, in [0, 1].
    reversibility: float = cell(replace(SHARE, default="1"), default=1.0)
    # Senders may choose it; otherwise only a scenario can impose it.
    on_menu: bool = cell(replace(_FLAG, default="1"), default=True)
    # What it changes in the economy, of EFFECTS: 'ban', 'tariff' and 'cap' act on the trade in
    # scope, 'wedge' on payments, 'swift' and 'reserves' on the currency, 'none' on nothing.
    effect: tuple[str, ...] = cell(Column(among=EFFECTS, many=True), default=("none",))
    # By how much a price cap lowers the price, and the share of shipping services that the senders
    # control together, in [0, 1].
    discount: float = cell(SHARE, default=0.0)
    service_share: float = cell(SHARE, default=0.0)

    @property
    def is_diplomacy(self) -> bool:
        """Whether it is words alone, no deed."""
        return self.scope == "diplomacy"


@dataclass(frozen=True, slots=True)
class Countermeasure:
    """One instrument of a target."""

    code: str = cell(Column(), "countermeasure")
    label: str = cell(Column())
    # 'senders' (all who acted, named one by one), 'each' (single senders) or 'domestic'.
    aim: str = cell(Column(among=("senders", "each", "domestic")))
    lag_days: int = cell(DAYS)
    # Relative weights in [0, 1].
    harm: float = cell(_WEIGHT)
    own_cost: float = cell(_WEIGHT)
    readiness: float = cell(Column("number", low=-30.0, high=30.0))
    issuers: tuple[str, ...] = cell(Column(of="states", many=True))  # targets that have it at hand
    # What comes before an answer to a single sender: a measure that it has taken, or another answer
    # whose terms it has been asked to meet; '' for any act.
    trigger: str = cell(Column(optional=True), default="")
    # It stops the supply of this fuel and hits only states that buy it from the target; ''.
    fuel: str = cell(Column(among=FUELS, optional=True, default=""), default="")
    # As of a measure: 'ban' or 'none'.
    effect: tuple[str, ...] = cell(Column(among=("ban", "none"), many=True), default=("none",))
    # It can be given again: each time it stops its share of the fuel that still flows.
    by_part: bool = cell(_FLAG, default=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """Trade that a measure or countermeasure covers, seen from the state that acts."""

    instrument: str = cell(Column(of="instruments"))
    # 'export' for the actor's sales to the other side, 'import' for its purchases.
    direction: str = cell(Column(among=("export", "import")))
    sector: str = cell(Column())
    coverage: float = cell(SHARE)  # share of the trade in the sector, in [0, 1]
    # The one target that the row holds for, before a row for all; '' for all of them.
    target: str = cell(Column(of="targets", optional=True, default=""), default="")


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event."""

    date: date = cell(Column("date"))
    # One of `EVENT_KINDS`: a trigger of the war, a round of talks, what shows that `state` takes
    # part in the violation, or the end of all trade of `state` with the targets.
    kind: str = cell(Column(among=EVENT_KINDS))
    severity: float = cell(SHARE)  # in [0, 1]
    label: str = cell(Column())
    # Whose involvement it shows, or whose border is closed; '' for others.
    state: str = cell(replace(STATE, optional=True, default=""), default="")


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody designated by a measure against a target, in one of its waves."""

    instrument: str = cell(Column(of="instruments"))
    target: str = cell(Column())
    wave: int = cell(_WAVE)  # counted from 1
    name: str = cell(Column())
    # 'individual', 'entity' or 'bank'.
    kind: str = cell(Column(among=("individual", "entity", "bank")))
    bank_share: float = cell(SHARE)  # share of the target's bank assets, in [0, 1]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting of states that took place."""

    # Its days.
    first: date = cell(Column("date"), "date")
    last: date = cell(Column("date"), "last_date")
    forum: str = cell(Column(of="forums"))  # the institution that met, or one of `AD_HOC`
    level: str = cell(Column(among=LEVELS))
    # States, in the order of the world; a union stands for all its members.
    participants: tuple[str, ...] = cell(Column(of="participants", many=True))


@dataclass(frozen=True, slots=True)
class Position:
    """An objection that a state states to a measure in a council."""

    state: str = cell(STATE)
    instrument: str = cell(Column(of="instruments"))
    # From the first vote that it blocks until it falls or the state is exempted, >= 0.
    days: float = cell(replace(DAYS, kind="number"))
    # The state is freed of the measure when it passes; otherwise it joins.
    exempt: bool = cell(_FLAG)
    # Against whom the measure is aimed, '' for anybody.
    target: str = cell(replace(STATE, optional=True, default=""), default="")


@dataclass(frozen=True, slots=True)
class SectorFact:
    """One number that the world says of one sector."""

    sector: str = cell(Column(of="sectors"))  # of the tables of the economy
    property: str = cell(Column(among=PROPERTIES))  # one of `PROPERTIES`
    # The number and the range in which it may lie, None where no range is given.
    value: float = cell(NUMBER)
    low: float | None = cell(replace(NUMBER, optional=True, default=""), default=None)
    high: float | None = cell(replace(NUMBER, optional=True, default=""), default=None)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A buyer of gas by pipeline that has said by when it will buy no more."""

    state: str
    # Day on which it said so, day on which it will have left.
    told: date
    leaves: date


@dataclass(frozen=True, slots=True)
class EnergyPrice:
    """The world price of a sector's goods in a month."""

    month: date = cell(Column("month"))  # its first day
    sector: str = cell(Column(of="sectors"))
    # Over the mean of the year that the economy stands for, > 0.
    price: float = cell(Column("number", low=0.01, high=100.0))
    # Share of the market's supply that was cut and whose lack this price shows already.
    lost: float = cell(Column("number", low=0.0, high=0.9, default="0"), default=0.0)


@dataclass(frozen=True, slots=True)
class PriceLink:
    """A sale of a fuel at another price than the world's: by treaty, contract, or at home."""

    seller: str = cell(STATE)
    buyer: str = cell(STATE)
    sector: str = cell(Column(of="sectors"))
    # Share of a change of the market's price that reaches what is paid, in [0, 1], and its range.
    follows: float = cell(SHARE)
    low: float | None = cell(replace(SHARE, optional=True, default=""), default=None)
    high: float | None = cell(replace(SHARE, optional=True, default=""), default=None)


def read_institutions(folder: Path, states: tuple[str, ...]) -> tuple[Institution, ...]:
    """Return the institutions and who belongs to them."""
    path = folder / "institutions.csv"
    found = read_entries(Institution, path, ("institution",))
    unions = [one.code for one in found if one.kind == "union"]
    for line, one in enumerate(found, start=2):
        if one.takes_over and one.takes_over not in unions:
            rule = f"must be empty or a union of this table ({', '.join(unions)})"
            raise InputError.in_table(path, line, "takes_over", rule, one.takes_over)
    codes = [one.code for one in found]
    columns = {"state": Column(among=states), "institution": Column(among=codes), "status": STATUS}
    rows = read_table(folder / "memberships.csv", columns, key=("state", "institution"))
    belongs = {(row["institution"], row["state"]) for row in rows}
    return tuple(
        replace(one, members=tuple(state for state in states if (one.code, state) in belongs))
        for one in found
    )


def read_measures(
    folder: Path, states: tuple[str, ...], institutions: list[str]
) -> tuple[Measure, ...]:
    """Return the catalogue of measures."""
    words = {"states": states, "institutions": institutions}
    path = folder / "measures.csv"
    found = read_entries(Measure, path, ("instrument",), words)
    for line, one in enumerate(found, start=2):
        if bool(one.phase_out_fuel) != (one.phase_out_days > 0):
            rule = "must be above 0 with a phase_out_fuel, else 0 (for other goods: wind_down_days)"
            raise InputError.in_table(path, line, "phase_out_days", rule, one.phase_out_days)
        if one.wind_down_days and (one.phase_out_fuel or "ban" not in one.effect):
            rule = "only a ban without phase_out_fuel lets running contracts be carried out"
            raise InputError.in_table(path, line, "wind_down_days", rule, one.wind_down_days)
    return found


def read_countermeasures(
    folder: Path, states: tuple[str, ...], measures: list[str]
) -> tuple[Countermeasure, ...]:
    """Return the catalogue of countermeasures."""
    path = folder / "countermeasures.csv"
    entries = read_entries(Countermeasure, path, ("countermeasure",), {"states": states})
    known = {*measures, *(entry.code for entry in entries)}
    for line, entry in enumerate(entries, start=2):
        if not entry.issuers:
            raise InputError.in_table(path, line, "issuers", "must name a state", "")
        if entry.trigger and entry.aim != "each":
            rule = "only an answer aimed at 'each' has a trigger"
            raise InputError.in_table(path, line, "trigger", rule, entry.trigger)
        if entry.trigger and entry.trigger not in known - {entry.code}:
            rule = "must be a measure or another countermeasure"
            raise InputError.in_table(path, line, "trigger", rule, entry.trigger)
        throttles = entry.fuel and entry.aim == "senders" and "ban" in entry.effect
        if entry.by_part and not throttles:
            rule = "only a ban on a fuel aimed at 'senders' is given part by part"
            raise InputError.in_table(path, line, "by_part", rule, 1)
    return entries


def read_scopes(folder: Path, instruments: Mapping[str, tuple[str, ...]]) -> tuple[Scope, ...]:
    """Return the trade that each instrument covers.

    Parameters
    ----------
    instruments : mapping of str to tuple of str
        The targets that each is aimed at, or that issue it.
    """
    path, key = folder / "scope.csv", ("instrument", "direction", "sector", "target")
    targets = sorted({target for aimed in instruments.values() for target in aimed})
    words = {"instruments": instruments, "targets": targets}
    scopes = read_entries(Scope, path, key, words)
    for line, scope in enumerate(scopes, start=2):
        if scope.target not in ("", *instruments[scope.instrument]):
            aimed = ", ".join(instruments[scope.instrument])
            rule = f"{scope.instrument} has the targets {aimed}"
            raise InputError.in_table(path, line, "target", rule, scope.target)
    return scopes


def read_events(folder: Path, states: tuple[str, ...]) -> tuple[Event, ...]:
    """Return the dated events, by date."""
    path = folder / "events.csv"
    events = read_entries(Event, path, words={"states": states})
    for line, event in enumerate(events, start=2):
        if event.kind in ("involvement", "closure") and not event.state:
            rule = f"'{event.kind}' is that of a state"
            raise InputError.in_table(path, line, "state", rule, "")
    return tuple(sorted(events, key=lambda event: event.date))


def read_entities(folder: Path, measures: tuple[Measure, ...]) -> tuple[Entity, ...]:
    """Return who is designated by name; a world without names has no such table."""
    path, waves = folder / "entities.csv", {measure.code: measure.waves for measure in measures}
    key = ("instrument", "target", "name")
    entities = read_entries(Entity, path, key, {"instruments": waves}, optional=True)
    for line, entity in enumerate(entities, start=2):
        if entity.wave > waves[entity.instrument]:
            rule = f"{entity.instrument} has {waves[entity.instrument]} waves"
            raise InputError.in_table(path, line, "wave", rule, entity.wave)
    return entities


def read_meetings(
    folder: Path, states: tuple[str, ...], institutions: tuple[Institution, ...]
) -> tuple[Meeting, ...]:
    """Return the meetings that took place; a world without the table knows of none."""
    path = folder / "meetings.csv"
    members = {institution.code: institution.members for institution in institutions}
    words = {"forums": (*members, *AD_HOC), "participants": (*states, *members)}
    key, meetings = ("date", "forum", "level", "participants"), []
    for line, row in enumerate(read_entries(Meeting, path, key, words, optional=True), start=2):
        if row.last < row.first:
            rule = "a meeting must not end before it begins"
            raise InputError.in_table(path, line, "last_date", rule, row.last)
        present = {state for code in row.participants for state in members.get(code, (code,))}
        if len(present) < 2:
            found = " ".join(row.participants)
            raise InputError.in_table(path, line, "participants", "it takes two to meet", found)
        in_order = tuple(state for state in states if state in present)
        meetings.append(replace(row, participants=in_order))
    return tuple(meetings)


def read_positions(
    folder: Path, states: tuple[str, ...], instruments: list[str]
) -> tuple[Position, ...]:
    """Return who objects to what in a council; a world without the table knows of nobody."""
    words = {"states": states, "instruments": instruments}
    key = ("state", "instrument")
    return read_entries(Position, folder / "positions.csv", key, words, optional=True)


def read_leavings(folder: Path, states: tuple[str, ...]) -> tuple[Leaving, ...]:
    """Return which buyers of gas by pipeline have said that they will leave, and by when."""
    path, day = folder / "gas.csv", Column("date", optional=True, default="")
    columns = {"state": STATE, "leaving_told": day, "leaves": day}
    rows = read_table(path, columns, ("state",), {"states": states}, optional=True)
    found = []
    for line, row in enumerate(rows, start=2):
        told, leaves = row["leaving_told"], row["leaves"]
        if (told is None) != (leaves is None) or (told is not None and leaves < told):
            rule = "must be a day on or after leaving_told, and empty where that is"
            raise InputError.in_table(path, line, "leaves", rule, str(leaves or ""))
        if told is not None:
            found.append(Leaving(row["state"], told, leaves))
    return tuple(found)


def read_sector_facts(folder: Path) -> tuple[SectorFact, ...]:
    """Return what the world says of its sectors; a world without the table says nothing."""
    path = folder / "sectors.csv"
    if not path.is_file():
        return ()
    key, words = ("sector", "property"), {"sectors": _sectors(folder)}
    facts = read_entries(SectorFact, path, key, words)
    for line, fact in enumerate(facts, start=2):
        for name, number in (("value", fact.value), ("low", fact.low), ("high", fact.high)):
            if number is not None:
                _check_property(path, line, name, fact.property, number)
        _check_own_range(path, line, "value", fact.value, fact.low, fact.high)
    return facts


def _check_property(path: Path, line: int, column: str, name: str, value: float) -> None:
    """Refuse a number that the property cannot have."""
    try:
        PROPERTIES[name][0].parse(repr(value))
    except ValueError as rule:
        raise InputError.in_table(path, line, column, f"{name} {rule}", value) from None


def read_energy_prices(folder: Path) -> tuple[EnergyPrice, ...]:
    """Return world prices of energy by month; a world without the table knows of no change."""
    path = folder / "energy_prices.csv"
    return energy_prices_of(path, _sectors(folder)) if path.is_file() else ()


def energy_prices_of(path: Path, sectors: tuple[str, ...]) -> tuple[EnergyPrice, ...]:
    """Return the world prices of energy in a file, that of a world or one of the user's own."""
    key, words = ("month", "sector"), {"sectors": sectors}
    prices = read_entries(EnergyPrice, path, key, words)
    for sector in dict.fromkeys(price.sector for price in prices):
        months = sorted(12 * p.month.year + p.month.month - 1 for p in prices if p.sector == sector)
        for before, after in itertools.pairwise(months):
            if after != before + 1:
                year, month = divmod(before + 1, 12)
                raise InputError(
                    f"{path}: no row for {year}-{month + 1:02}, {sector}; "
                    "the months of a sector must follow one another"
                )
    return prices


def read_price_links(folder: Path, states: tuple[str, ...]) -> tuple[PriceLink, ...]:
    """Return which sales of fuels are at other prices; a world without the table knows of none."""
    path = folder / "price_links.csv"
    if not path.is_file():
        return ()
    words = {"states": states, "sectors": _sectors(folder)}
    links = read_entries(PriceLink, path, ("seller", "buyer", "sector"), words)
    for line, link in enumerate(links, start=2):
        if link.seller == link.buyer:
            raise InputError.in_table(path, line, "buyer", "must be another state", link.buyer)
        _check_own_range(path, line, "follows", link.follows, link.low, link.high)
    return links


def _check_own_range(
    path: Path, line: int, column: str, value: float, low: float | None, high: float | None
) -> None:
    """Refuse a number outside of the range that its row gives; an end that is not given is open."""
    low, high = value if low is None else low, value if high is None else high
    if not low <= value <= high:
        rule = f"must lie within its own range, {low:g} to {high:g}"
        raise InputError.in_table(path, line, column, rule, value)


def _sectors(folder: Path) -> tuple[str, ...]:
    """Return the sectors of a world's economy."""
    columns = {"sector": Column()}
    return tuple(
        row["sector"] for row in read_table(folder / "economy" / "trade_elasticity.csv", columns)
    )
