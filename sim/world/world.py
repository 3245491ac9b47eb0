"""A world: the checked tables of one folder, as a run needs them.

Axis order everywhere: `(states, ...)` in the order of `states.csv`.
"""

import hashlib
import importlib.resources
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.arrays import Flags, Floats, fixed, read_only
from sim.errors import InputError
from sim.shown import Shown, Summary
from sim.words import counted
from sim.world import catalogue
from sim.world.catalogue import FUELS
from sim.world.tables import DAYS, FLAG, POSITIVE, SHARE, STATE, STATUS, Column, Row, read_table

ROLES = ("sender", "defender", "target", "bystander", "hub", "passive")
VOTES = ("yes", "no", "abstain", "absent")  # in the UN General Assembly
TIES = ("border", "language", "colony")  # of two states, beside their distance
FARTHEST_KM = 20_100.0  # of two places on the globe
MONEY_MN = replace(POSITIVE, high=1e9)  # USD million a year: ten times what the world produces
LAYERS = ("defence", "consultation", "nonaggression")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class World(Shown):
    """Everything a run starts from; nothing of it can be changed, arrays and rows are read-only.

    Another world is `dataclasses.replace(world, ...)`, or another folder.

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
    flights : (n_states,) carriers of the target fly there, or across it
    overflight : (n_states,) share of its long-haul routes that cross the target, in [0, 1]
    crypto_index : (n_states,) adoption of cryptocurrencies in [0, 1], 0 where not known
    energy_share : (n_states, 3) share of coal, oil and gas imports that come from Russia
    pipeline_bcm : (n_states,) gas bought from Russia by pipeline, billion cubic metres a year
    leavings : who of them has said by when it will buy no more
    institutions, meetings, positions, measures, countermeasures, scopes, entities, events
    sector_facts, energy_prices, price_links
        The catalogues, in the order of their files.
    pacts : tuple of rows state_a, state_b, layer, weight
    timeline : tuple of rows with the real dates of what was done
    episodes : tuple of str
        Experiments of other episodes, whose dates tell of the same senders.
    unfriendly : tuple of str
        States on Russia's list.
    trade_mn : (n_states, n_states) USD million, exporter by importer, all sectors
    apart_km : (n_states, n_states)
        Between capitals, NaN where not known; 1 for all in a world without `distances.csv`.
    border, language, colony : (n_states, n_states)
        Two states have that in common: 0 or 1, a share in between for an aggregate.
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
    flights: Flags
    overflight: Floats
    crypto_index: Floats
    energy_share: Floats
    pipeline_bcm: Floats
    leavings: tuple[catalogue.Leaving, ...]
    institutions: tuple[catalogue.Institution, ...]
    meetings: tuple[catalogue.Meeting, ...]
    positions: tuple[catalogue.Position, ...]
    measures: tuple[catalogue.Measure, ...]
    countermeasures: tuple[catalogue.Countermeasure, ...]
    scopes: tuple[catalogue.Scope, ...]
    entities: tuple[catalogue.Entity, ...]
    events: tuple[catalogue.Event, ...]
    sector_facts: tuple[catalogue.SectorFact, ...]
    energy_prices: tuple[catalogue.EnergyPrice, ...]
    price_links: tuple[catalogue.PriceLink, ...]
    pacts: Sequence[Mapping[str, Any]]
    timeline: Sequence[Mapping[str, Any]]
    episodes: tuple[str, ...]
    unfriendly: tuple[str, ...]
    trade_mn: Floats
    apart_km: Floats
    border: Floats
    language: Floats
    colony: Floats
    reserves: Floats
    reserves_bn: Floats
    fingerprint: str

    def __post_init__(self) -> None:
        for name in ("pacts", "timeline"):
            rows = tuple(fixed(row) for row in getattr(self, name))
            object.__setattr__(self, name, rows)
        read_only(self)

    def _summary(self) -> Summary:
        by_role = {role: self.of_role(role) for role in ROLES if role in self.roles}
        catalogues = {
            "measures": self.measures,
            "countermeasures": self.countermeasures,
            "institutions": self.institutions,
            "events": self.events,
            "dated acts of the record": self.timeline,
        }
        sizes = ", ".join(f"{len(rows)} {what}" for what, rows in catalogues.items() if rows)
        facts = tuple(
            (counted(len(codes), role), " ".join(codes)) for role, codes in by_role.items()
        )
        return Summary(
            f"World {self.folder.name}: {len(self.states)} states",
            (*facts, ("catalogues", sizes), ("fingerprint", self.fingerprint[:12])),
        )

    def of_role(self, role: str) -> list[str]:
        """Return the codes of the states that have a role in the world."""
        return [state for state, its in zip(self.states, self.roles, strict=True) if its == role]

    @property
    def names_by_code(self) -> dict[str, str]:
        """Names of the states by their codes."""
        return dict(zip(self.states, self.names, strict=True))

    @property
    def labels(self) -> dict[str, str]:
        """What measures and answers are called, by their codes."""
        labels = {measure.code: measure.label for measure in self.measures}
        return labels | {answer.code: answer.label for answer in self.countermeasures}

    def index(self, state: str) -> int:
        """Return the position of a state; InputError with the nearest name if unknown."""
        if state not in self.states:
            raise InputError.unknown("state", state, self.states)
        return self.states.index(state)

    def institution(self, code: str) -> catalogue.Institution:
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
    if any(Path(name).glob("states.csv*")):
        return Path(name)
    known = [path.parent.name for path in shipped.glob("*/states.csv")]
    raise InputError(
        f"world '{name}' is neither shipped (known: {', '.join(sorted(known))}) nor a folder with "
        "states.csv"
    )


def load(name: str) -> World:
    """Return a world, whose tables are read and checked once, and again only when they change.

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
    try:
        tables = fingerprint(folder)
    except OSError as error:
        raise InputError(f"{error.filename} cannot be read ({error.strerror})") from error
    return _read(folder, tables)


@lru_cache(maxsize=8)
def _read(folder: Path, tables: str) -> World:
    """Return the world of a folder, read once for each fingerprint of its tables."""
    rows = _read_states(folder)
    states = tuple(row["state"] for row in rows)
    roles = tuple(row["role"] for row in rows)

    def column(name: str) -> Floats:
        return np.array([row[name] for row in rows], dtype=np.float64)

    def by_state(table: str, column: str, cells: Column = POSITIVE, unnamed: float = 0.0) -> Floats:
        """Return a column of an optional table of states, and a number for who is not in it."""
        columns = {"state": STATE, column: cells, "status": STATUS}
        path, words = folder / f"{table}.csv", {"states": states}
        found = read_table(path, columns, ("state",), words, optional=True)
        given = {row["state"]: row[column] for row in found}
        return np.array([given.get(state, unnamed) for state in states], dtype=np.float64)

    def listed(table: str, columns: dict[str, Column], optional: bool = False) -> tuple[str, ...]:
        """Return the first column of a table, which names each of its rows once."""
        key = next(iter(columns))
        columns = {**columns, "status": STATUS}
        found = read_table(folder / f"{table}.csv", columns, (key,), optional=optional)
        return tuple(row[key] for row in found)

    institutions = catalogue.read_institutions(folder, states)
    measures = catalogue.read_measures(folder, states, [i.code for i in institutions])
    codes = [measure.code for measure in measures]
    countermeasures = catalogue.read_countermeasures(folder, states, codes)
    against = {measure.code: measure.targets for measure in measures}
    against |= {counter.code: counter.issuers for counter in countermeasures}
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
        flights=by_state("aviation", "flights", FLAG, 1.0).astype(np.bool_),
        overflight=by_state("aviation", "overflight", SHARE),
        crypto_index=np.nan_to_num(column("crypto_index")),
        energy_share=_read_energy(folder, states, roles),
        pipeline_bcm=by_state("gas", "pipeline_bcm", replace(POSITIVE, high=1e4)),
        leavings=catalogue.read_leavings(folder, states),
        institutions=institutions,
        meetings=catalogue.read_meetings(folder, states, institutions),
        positions=catalogue.read_positions(folder, states, codes),
        measures=measures,
        countermeasures=countermeasures,
        scopes=catalogue.read_scopes(folder, against),
        entities=catalogue.read_entities(folder, measures),
        events=catalogue.read_events(folder, states),
        sector_facts=catalogue.read_sector_facts(folder),
        energy_prices=catalogue.read_energy_prices(folder),
        price_links=catalogue.read_price_links(folder, states),
        pacts=_read_pacts(folder, states),
        timeline=_read_timeline(folder),
        episodes=listed("episodes", {"experiment": Column(), "source": Column()}, True),
        unfriendly=listed("unfriendly", {"state": Column(among=states)}),
        trade_mn=_read_trade(folder, states),
        **_read_distances(folder, states),
        reserves=_read_reserves(folder, states),
        reserves_bn=by_state("reserve_totals", "usd_bn", replace(POSITIVE, high=1e5)),
        fingerprint=tables,
    )


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 over names and bytes of all tables of a world."""
    digest = hashlib.sha256()
    places = (folder, folder / "economy")  # and no results that somebody keeps in there
    for path in sorted(path for place in places for path in place.glob("*.csv*")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read_states(folder: Path) -> list[Row]:
    columns = {
        "state": Column(),
        "name": Column(),
        "role": Column(among=ROLES),
        "gdp_bn_usd": Column("number", low=1e-3, high=1e6),
        "population_mn": Column("number", low=1e-4, high=1e5),
        "democracy": SHARE,
        "ideal_point": Column("number", low=-10.0, high=10.0),
        "capability": SHARE,
        "distance_to_war_km": replace(POSITIVE, high=FARTHEST_KM),
        "legal_lag_days": DAYS,
        "legislation_days": Column("whole", low=0, high=3650, default="14"),
        "crypto_index": Column("number", low=0.0, high=1.0, optional=True, default=""),
        "un_vote": Column(among=VOTES, optional=True, default=""),
    }
    rows = read_table(folder / "states.csv", columns, key=("state",))
    for role in ("sender", "target"):
        if not any(row["role"] == role for row in rows):
            raise InputError(
                f"{folder / 'states.csv'}: no state has the role '{role}'; a run needs one"
            )
    return rows


def _read_energy(folder: Path, states: tuple[str, ...], roles: tuple[str, ...]) -> Floats:
    columns = {
        "state": Column(among=states),
        "fuel": Column(among=FUELS),
        "share_from_russia": SHARE,
        "status": STATUS,
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
    columns = {"state_a": STATE, "state_b": STATE, "layer": Column(among=LAYERS), "weight": SHARE}
    key, words = ("state_a", "state_b", "layer"), {"states": states}
    return read_table(folder / "pacts.csv", {**columns, "status": STATUS}, key, words)


def _read_timeline(folder: Path) -> list[Row]:
    """Return the dated acts; what is known not to have been done by a day is only checked."""
    path = folder / "timeline.csv"
    rows = read_table(
        path,
        {
            "sender": Column(),
            "target": Column(),
            "instrument": Column(),
            "announced": Column("date", optional=True),
            "effective": Column("date", optional=True, default=""),
            "not_by": Column("date", optional=True, default=""),
            "announced_status": replace(STATUS, optional=True, default=""),
            "description": Column(optional=True, default="", longest=2000),
        },
    )
    for line, row in enumerate(rows, start=2):
        if (row["announced"] is None) == (row["not_by"] is None):
            rule = "a row has either a day announced or a day by which nothing was"
            raise InputError.in_table(path, line, "not_by", rule, str(row["not_by"] or ""))
    return [row for row in rows if row["announced"]]


def _read_trade(folder: Path, states: tuple[str, ...]) -> Floats:
    columns = {"exporter": STATE, "importer": STATE, "sector": Column(), "usd_mn": MONEY_MN}
    key, words = ("exporter", "importer", "sector"), {"states": states}
    flow = np.zeros((len(states), len(states)))
    for row in read_table(folder / "trade.csv", columns, key, words):
        flow[states.index(row["exporter"]), states.index(row["importer"])] += row["usd_mn"]
    return flow


def _read_distances(folder: Path, states: tuple[str, ...]) -> dict[str, Floats]:
    """Return distances and ties by field of `World`; a world without the table knows of none."""
    path, shape = folder / "distances.csv", (len(states), len(states))
    apart = np.full(shape, np.nan if path.is_file() else 1.0)
    fields = {"apart_km": apart, **{name: np.zeros(shape) for name in TIES}}
    columns = {
        "state_a": STATE,
        "state_b": STATE,
        "distance_km": Column("number", low=1.0, high=FARTHEST_KM),
        **dict.fromkeys(TIES, SHARE),
        "status": STATUS,
    }
    rows = read_table(path, columns, ("state_a", "state_b"), {"states": states}, optional=True)
    seen: set[frozenset[str]] = set()
    for line, row in enumerate(rows, start=2):
        pair = frozenset((row["state_a"], row["state_b"]))
        if len(pair) == 1 or pair in seen:
            rule = "a row is of two states, and of each two there is one"
            raise InputError.in_table(path, line, "state_b", rule, row["state_b"])
        seen.add(pair)
        a, b = states.index(row["state_a"]), states.index(row["state_b"])
        fields["apart_km"][[a, b], [b, a]] = row["distance_km"]
        for name in TIES:
            fields[name][[a, b], [b, a]] = row[name]
    return fields


def _read_reserves(folder: Path, states: tuple[str, ...]) -> Floats:
    """Return `World.reserves`; a world without the table knows of none."""
    path = folder / "reserves.csv"
    share = np.zeros((len(states), len(states)))
    columns = {"state": STATE, "target": STATE, "share": SHARE, "status": STATUS}
    words = {"states": states}
    for row in read_table(path, columns, ("state", "target"), words, optional=True):
        share[states.index(row["state"]), states.index(row["target"])] = row["share"]
    total = share.sum(axis=0)
    worst = int(np.argmax(total))
    if total[worst] > 1.0 + 1e-9:
        rule = "the shares of one target must not sum to more than 1"
        raise InputError.in_table(path, states[worst], "share", rule, float(total[worst]))
    return share
