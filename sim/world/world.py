"""A world: the checked tables of one folder, as a run needs them.

Axis order everywhere: `(states, ...)` in the order of `states.csv`.
"""

from __future__ import annotations

import hashlib
import importlib.resources
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.world.tables import STATUSES, Column, Row, read_table

ROLES = ("sender", "defender", "target", "bystander", "hub", "passive")
EVENT_KINDS = ("trigger", "talks", "involvement")
FUELS = ("coal", "oil", "gas")
LAYERS = ("defence", "consultation", "nonaggression")
EFFECTS = ("ban", "tariff", "wedge", "cap", "swift", "reserves", "none")
MAX_WAVES = 8  # in which a measure can come
Floats = NDArray[np.float64]

_NUMBER = Column("number")
_POSITIVE = Column("number", low=0.0)
_SHARE = Column("number", low=0.0, high=1.0)
_DAYS = Column("whole", low=0, high=3650)
_FLAG = Column("whole", low=0, high=1, default="0")
_COUNT = Column("whole", low=0, high=100_000, default="0")
_STATUS = Column(among=STATUSES)


@dataclass(frozen=True, slots=True)
class Institution:
    """A union, bloc or alliance and its rules.

    Attributes
    ----------
    council_rule : str
        'unanimity' where a council decides for the members, 'none' where they only consult.
    interval_days : int
        Days between meetings, >= 1.
    """

    code: str
    name: str
    kind: str
    council_rule: str
    interval_days: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """One instrument of the senders.

    Attributes
    ----------
    targets : tuple of str
        States it can be aimed at.
    competence : str
        'eu' where members of a union can act only through its council, 'national' otherwise.
    host : str
        Institution without whose council nobody's act takes effect, or ''.
    lag_days : int
        Days from the legal act to its effect.
    needs_law : bool
        Takes an act of parliament.
    bank_share, wedge, tariff : float
        Share of the target's bank assets hit, ad-valorem financing wedge on trade with them,
        and ad-valorem tariff on the imports in scope.
    waves : int
        In how many waves it comes, >= 1.
    individuals, entities : int
        Designated in each wave.
    signal, readiness : float
        How loudly it speaks, in [0, 1]; log hazard relative to the average measure.
    reversibility : float
        How easily it is given up again, in [0, 1].
    on_menu : bool
        Senders may choose it; otherwise only a scenario can impose it.
    effect : tuple of str
        What it changes in the economy, of EFFECTS: 'ban', 'tariff' and 'cap' act on the trade
        in scope, 'wedge' on payments, 'swift' and 'reserves' on the currency, 'none' on nothing.
    discount, service_share : float
        By how much a price cap lowers the price, and the share of shipping services that the
        senders control together, in [0, 1].
    """

    code: str
    label: str
    scope: str
    targets: tuple[str, ...]
    competence: str
    lag_days: int
    bank_share: float
    wedge: float
    tariff: float
    waves: int
    signal: float
    readiness: float
    host: str = ""
    needs_law: bool = False
    individuals: int = 0
    entities: int = 0
    reversibility: float = 1.0
    on_menu: bool = True
    effect: tuple[str, ...] = ("none",)
    discount: float = 0.0
    service_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Countermeasure:
    """One instrument of a target.

    Attributes
    ----------
    aim : str
        'senders' (all who acted, named one by one), 'each' (single senders) or 'domestic'.
    harm, own_cost : float
        Relative weights in [0, 1].
    fuel : str
        It stops the supply of this fuel and hits only states that buy it from the target; ''.
    effect : tuple of str
        As of a measure: 'ban' or 'none'.
    """

    code: str
    label: str
    aim: str
    lag_days: int
    harm: float
    own_cost: float
    readiness: float
    fuel: str = ""
    effect: tuple[str, ...] = ("none",)


@dataclass(frozen=True, slots=True)
class Scope:
    """Trade that a measure or countermeasure covers, seen from the state that acts.

    Attributes
    ----------
    direction : str
        'export' for the actor's sales to the other side, 'import' for its purchases.
    coverage : float
        Share of the trade in the sector, in [0, 1].
    """

    instrument: str
    direction: str
    sector: str
    coverage: float


@dataclass(frozen=True, slots=True)
class Event:
    """A dated event.

    Attributes
    ----------
    kind : str
        One of `EVENT_KINDS`: a trigger of the war, a round of talks, or what shows that `state`
        takes part in the violation.
    severity : float
        In [0, 1].
    state : str
        Whose involvement it shows, or ''.
    """

    date: date
    kind: str
    severity: float
    label: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody designated by a measure against a target, in one of its waves.

    Attributes
    ----------
    wave : int
        Counted from 1.
    kind : str
        'individual', 'entity' or 'bank'.
    bank_share : float
        Share of the target's bank assets, in [0, 1].
    """

    instrument: str
    target: str
    wave: int
    name: str
    kind: str
    bank_share: float


@dataclass(frozen=True, slots=True)
class Bilateral:
    """Two states that consult each other: every `interval_days` from `first` on."""

    members: tuple[str, str]
    interval_days: int
    first: date


@dataclass(frozen=True, slots=True)
class World:
    """Everything a run starts from.

    Attributes
    ----------
    states, names, roles : tuple of str, length n_states
    gdp_bn : (n_states,) USD billion
    population_mn : (n_states,) million
    democracy : (n_states,) in [0, 1]
    ideal_point : (n_states,) first dimension of votes in the UN General Assembly
    capability : (n_states,) share of the world's material capabilities
    distance_km : (n_states,) to the war
    legal_lag_days : (n_states,) from decision to legal act
    legislation_days : (n_states,) that an act of parliament takes beside
    crypto_index : (n_states,) adoption of cryptocurrencies in [0, 1], 0 where not known
    energy_share : (n_states, 3) share of coal, oil and gas imports that come from Russia
    institutions, bilaterals, measures, countermeasures, scopes, entities, events
        The catalogues, in the order of their files.
    pacts : list of rows state_a, state_b, layer, weight
    timeline : list of rows with the real dates
    unfriendly : tuple of str
        States on Russia's list.
    trade_mn : (n_states, n_states) USD million, exporter by importer, all sectors
    reserves : (n_states, n_states) share of the second state's foreign reserves that lie in the
        first; 0 where not known
    reserves_bn : (n_states,) foreign reserves, USD billion; 0 where not known
    fingerprint : str
        SHA-256 over the names and bytes of the folder's tables.
    """

    folder: Path
    states: tuple[str, ...]
    names: tuple[str, ...]
    roles: tuple[str, ...]
    gdp_bn: Floats
    population_mn: Floats
    democracy: Floats
    ideal_point: Floats
    capability: Floats
    distance_km: Floats
    legal_lag_days: Floats
    legislation_days: Floats
    crypto_index: Floats
    energy_share: Floats
    institutions: tuple[Institution, ...]
    bilaterals: tuple[Bilateral, ...]
    measures: tuple[Measure, ...]
    countermeasures: tuple[Countermeasure, ...]
    scopes: tuple[Scope, ...]
    entities: tuple[Entity, ...]
    events: tuple[Event, ...]
    pacts: list[Row]
    timeline: list[Row]
    unfriendly: tuple[str, ...]
    trade_mn: Floats
    reserves: Floats
    reserves_bn: Floats
    fingerprint: str

    def index(self, state: str) -> int:
        """Return the position of a state; InputError with the nearest name if unknown."""
        if state not in self.states:
            raise InputError.unknown("state", state, self.states)
        return self.states.index(state)

    def institution(self, code: str) -> Institution:
        """Return an institution by its code; InputError with the nearest name if unknown."""
        for institution in self.institutions:
            if institution.code == code:
                return institution
        raise InputError.unknown("institution", code, (i.code for i in self.institutions))


def world_folder(name: str) -> Path:
    """Return the folder of a world: a shipped one by its name, or the user's own by its path."""
    shipped = Path(str(importlib.resources.files("sim.world")))
    if (shipped / name / "states.csv").is_file():
        return shipped / name
    if Path(name).is_dir():
        return Path(name)
    known = [path.parent.name for path in shipped.glob("*/states.csv")]
    raise InputError(
        f"world '{name}' is neither shipped (known: {', '.join(sorted(known))}) nor a folder"
    )


def load(name: str) -> World:
    """Read and check every table of a world folder.

    Parameters
    ----------
    name : str
        A shipped world ('march_2022') or the path of a folder with the same tables.

    Raises
    ------
    InputError
        One line with file, row, column, rule and value of the first thing that is wrong.
    """
    folder = world_folder(name)
    rows = _read_states(folder)
    states = tuple(row["state"] for row in rows)
    roles = tuple(row["role"] for row in rows)

    def column(name: str) -> Floats:
        return np.array([row[name] for row in rows], dtype=np.float64)

    institutions = _read_institutions(folder, states)
    measures = _read_measures(folder, states, [i.code for i in institutions])
    countermeasures = _read_countermeasures(folder)
    return World(
        folder=folder,
        states=states,
        names=tuple(row["name"] for row in rows),
        roles=roles,
        gdp_bn=column("gdp_bn_usd"),
        population_mn=column("population_mn"),
        democracy=column("democracy"),
        ideal_point=column("ideal_point"),
        capability=column("capability"),
        distance_km=column("distance_to_war_km"),
        legal_lag_days=column("legal_lag_days"),
        legislation_days=column("legislation_days"),
        crypto_index=np.nan_to_num(column("crypto_index")),
        energy_share=_read_energy(folder, states, roles),
        institutions=institutions,
        bilaterals=_read_bilaterals(folder, states),
        measures=measures,
        countermeasures=countermeasures,
        scopes=_read_scopes(folder, [m.code for m in measures] + [c.code for c in countermeasures]),
        entities=_read_entities(folder, measures),
        events=_read_events(folder, states),
        pacts=_read_pacts(folder, states),
        timeline=_read_timeline(folder),
        unfriendly=_read_unfriendly(folder, states),
        trade_mn=_read_trade(folder, states),
        reserves=_read_reserves(folder, states),
        reserves_bn=_read_reserve_totals(folder, states),
        fingerprint=fingerprint(folder),
    )


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 over names and bytes of all tables in a world folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.csv")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_states(folder: Path) -> list[Row]:
    columns = {
        "state": Column(),
        "name": Column(),
        "role": Column(among=ROLES),
        "gdp_bn_usd": Column("number", low=1e-9),
        "population_mn": Column("number", low=1e-9),
        "democracy": _SHARE,
        "ideal_point": _NUMBER,
        "capability": _SHARE,
        "distance_to_war_km": _POSITIVE,
        "legal_lag_days": _DAYS,
        "legislation_days": Column("whole", low=0, high=3650, default="14"),
        "crypto_index": Column("number", low=0.0, high=1.0, optional=True, default=""),
    }
    rows = read_table(folder / "states.csv", columns, key=("state",))
    for role in ("sender", "target"):
        if not any(row["role"] == role for row in rows):
            raise InputError(
                f"{folder / 'states.csv'}: no state has the role '{role}'; a run needs one"
            )
    return rows


def _read_institutions(folder: Path, states: tuple[str, ...]) -> tuple[Institution, ...]:
    rows = read_table(
        folder / "institutions.csv",
        {
            "institution": Column(),
            "name": Column(),
            "kind": Column(among=("union", "bloc", "alliance", "grouping")),
            "council_rule": Column(among=("unanimity", "majority", "leaders", "none")),
            "interval_days": Column("whole", low=1, high=365),
            "status": _STATUS,
        },
        key=("institution",),
    )
    codes = [row["institution"] for row in rows]
    memberships = read_table(
        folder / "memberships.csv",
        {"state": Column(among=states), "institution": Column(among=codes), "status": _STATUS},
        key=("state", "institution"),
    )
    members = {
        code: tuple(row["state"] for row in memberships if row["institution"] == code)
        for code in codes
    }
    return tuple(
        Institution(
            code=row["institution"],
            name=row["name"],
            kind=row["kind"],
            council_rule=row["council_rule"],
            interval_days=row["interval_days"],
            members=tuple(state for state in states if state in members[row["institution"]]),
        )
        for row in rows
    )


def _read_measures(
    folder: Path, states: tuple[str, ...], institutions: list[str]
) -> tuple[Measure, ...]:
    rows = read_table(
        folder / "measures.csv",
        {
            "instrument": Column(),
            "label": Column(),
            "scope": Column(),
            "targets": Column(among=states, many=True),
            "competence": Column(among=("eu", "national")),
            "host": Column(among=institutions, optional=True, default=""),
            "lag_days": _DAYS,
            "needs_law": _FLAG,
            "effect": Column(among=EFFECTS, many=True),
            "bank_share": _SHARE,
            "wedge": _SHARE,
            "tariff": _POSITIVE,
            "discount": _SHARE,
            "service_share": _SHARE,
            "waves": Column("whole", low=1, high=MAX_WAVES),
            "individuals": _COUNT,
            "entities": _COUNT,
            "signal": _SHARE,
            "readiness": _NUMBER,
            "reversibility": Column("number", low=0.0, high=1.0, default="1"),
            "on_menu": Column("whole", low=0, high=1, default="1"),
            "status": _STATUS,
        },
        key=("instrument",),
    )
    for row in rows:
        row["code"] = row.pop("instrument")
        row["host"] = row["host"] or ""
        row["needs_law"], row["on_menu"] = bool(row["needs_law"]), bool(row["on_menu"])
        del row["status"]
    return tuple(Measure(**row) for row in rows)


def _read_countermeasures(folder: Path) -> tuple[Countermeasure, ...]:
    rows = read_table(
        folder / "countermeasures.csv",
        {
            "countermeasure": Column(),
            "label": Column(),
            "aim": Column(among=("senders", "each", "domestic")),
            "lag_days": _DAYS,
            "effect": Column(among=("ban", "none"), many=True),
            "harm": Column("number", low=1e-6, high=1.0),
            "own_cost": Column("number", low=1e-6, high=1.0),
            "readiness": _NUMBER,
            "fuel": Column(among=FUELS, optional=True, default=""),
            "status": _STATUS,
        },
        key=("countermeasure",),
    )
    for row in rows:
        row["code"] = row.pop("countermeasure")
        row["fuel"] = row["fuel"] or ""
        del row["status"]
    return tuple(Countermeasure(**row) for row in rows)


def _read_scopes(folder: Path, instruments: list[str]) -> tuple[Scope, ...]:
    rows = read_table(
        folder / "scope.csv",
        {
            "instrument": Column(among=instruments),
            "direction": Column(among=("export", "import")),
            "sector": Column(),
            "coverage": _SHARE,
            "status": _STATUS,
        },
        key=("instrument", "direction", "sector"),
    )
    return tuple(
        Scope(row["instrument"], row["direction"], row["sector"], row["coverage"]) for row in rows
    )


def _read_events(folder: Path, states: tuple[str, ...]) -> tuple[Event, ...]:
    path = folder / "events.csv"
    rows = read_table(
        path,
        {
            "date": Column("date"),
            "kind": Column(among=EVENT_KINDS),
            "state": Column(among=states, optional=True, default=""),
            "severity": _SHARE,
            "label": Column(),
            "status": _STATUS,
        },
    )
    for line, row in enumerate(rows, start=2):
        if row["kind"] == "involvement" and not row["state"]:
            raise InputError.in_table(path, line, "state", "an involvement is that of a state", "")
    events = (
        Event(row["date"], row["kind"], row["severity"], row["label"], row["state"] or "")
        for row in rows
    )
    return tuple(sorted(events, key=lambda event: event.date))


def _read_entities(folder: Path, measures: tuple[Measure, ...]) -> tuple[Entity, ...]:
    """Return who is designated by name; a world without names has no such table."""
    path = folder / "entities.csv"
    if not path.is_file():
        return ()
    waves = {measure.code: measure.waves for measure in measures}
    rows = read_table(
        path,
        {
            "instrument": Column(among=waves),
            "target": Column(),
            "wave": Column("whole", low=1, high=MAX_WAVES),
            "name": Column(),
            "kind": Column(among=("individual", "entity", "bank")),
            "bank_share": _SHARE,
            "status": _STATUS,
        },
        key=("instrument", "target", "name"),
    )
    for line, row in enumerate(rows, start=2):
        if row["wave"] > waves[row["instrument"]]:
            rule = f"{row['instrument']} has {waves[row['instrument']]} waves"
            raise InputError.in_table(path, line, "wave", rule, row["wave"])
        del row["status"]
    return tuple(Entity(**row) for row in rows)


def _read_bilaterals(folder: Path, states: tuple[str, ...]) -> tuple[Bilateral, ...]:
    """Return the pairs that consult; a world without them has no such table."""
    path = folder / "bilaterals.csv"
    if not path.is_file():
        return ()
    rows = read_table(
        path,
        {
            "state_a": Column(among=states),
            "state_b": Column(among=states),
            "interval_days": Column("whole", low=1, high=365),
            "first": Column("date"),
            "status": _STATUS,
        },
        key=("state_a", "state_b"),
    )
    return tuple(
        Bilateral((row["state_a"], row["state_b"]), row["interval_days"], row["first"])
        for row in rows
    )


def _read_energy(folder: Path, states: tuple[str, ...], roles: tuple[str, ...]) -> Floats:
    columns = {
        "state": Column(among=states),
        "fuel": Column(among=FUELS),
        "share_from_russia": _SHARE,
        "status": _STATUS,
    }
    path = folder / "energy.csv"
    rows = read_table(path, columns, key=("state", "fuel"))
    named = {(row["state"], row["fuel"]) for row in rows}
    for state, role in zip(states, roles, strict=True):
        for fuel in FUELS:
            if role != "passive" and (state, fuel) not in named:
                raise InputError(f"{path}: no row for {state}, {fuel}; add one, with 0 for none")
    share = np.zeros((len(states), len(FUELS)))
    for row in rows:
        share[states.index(row["state"]), FUELS.index(row["fuel"])] = row["share_from_russia"]
    return share


def _read_pacts(folder: Path, states: tuple[str, ...]) -> list[Row]:
    return read_table(
        folder / "pacts.csv",
        {
            "state_a": Column(among=states),
            "state_b": Column(among=states),
            "layer": Column(among=LAYERS),
            "weight": _SHARE,
            "status": _STATUS,
        },
        key=("state_a", "state_b", "layer"),
    )


def _read_timeline(folder: Path) -> list[Row]:
    return read_table(
        folder / "timeline.csv",
        {
            "sender": Column(),
            "target": Column(),
            "instrument": Column(),
            "announced": Column("date"),
            "effective": Column("date", optional=True),
            "announced_status": _STATUS,
            "description": Column(),
        },
    )


def _read_unfriendly(folder: Path, states: tuple[str, ...]) -> tuple[str, ...]:
    columns = {"state": Column(among=states), "status": _STATUS}
    return tuple(
        row["state"] for row in read_table(folder / "unfriendly.csv", columns, key=("state",))
    )


def _read_trade(folder: Path, states: tuple[str, ...]) -> Floats:
    columns = {
        "exporter": Column(among=states),
        "importer": Column(among=states),
        "sector": Column(),
        "usd_mn": _POSITIVE,
    }
    flow = np.zeros((len(states), len(states)))
    for row in read_table(folder / "trade.csv", columns, key=("exporter", "importer", "sector")):
        flow[states.index(row["exporter"]), states.index(row["importer"])] += row["usd_mn"]
    return flow


def _read_reserves(folder: Path, states: tuple[str, ...]) -> Floats:
    """Return `World.reserves`; a world without the table knows of none."""
    path = folder / "reserves.csv"
    share = np.zeros((len(states), len(states)))
    if not path.is_file():
        return share
    columns = {
        "state": Column(among=states),
        "target": Column(among=states),
        "share": _SHARE,
        "status": _STATUS,
    }
    for row in read_table(path, columns, key=("state", "target")):
        share[states.index(row["state"]), states.index(row["target"])] = row["share"]
    total = share.sum(axis=0)
    worst = int(np.argmax(total))
    if total[worst] > 1.0 + 1e-9:
        rule = "the shares of one target must not sum to more than 1"
        raise InputError.in_table(path, states[worst], "share", rule, float(total[worst]))
    return share


def _read_reserve_totals(folder: Path, states: tuple[str, ...]) -> Floats:
    """Return `World.reserves_bn`; a world without the table knows of none."""
    path = folder / "reserve_totals.csv"
    total = np.zeros(len(states))
    if path.is_file():
        columns = {"state": Column(among=states), "usd_bn": _POSITIVE, "status": _STATUS}
        for row in read_table(path, columns, key=("state",)):
            total[states.index(row["state"])] = row["usd_bn"]
    return total
