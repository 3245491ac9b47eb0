"""An embargo that is put together by hand, and the exact equilibrium that it leads to.

Nobody decides anything here, and nothing leaks: a coalition stops a share of its trade with
targets, in some sectors and directions, and all trade of the world adjusts.
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from sim.arrays import Floats
from sim.economy.equilibrium import Equilibrium, solve
from sim.economy.horizon import FRESH, MATURE, economy_at, first_year_maturity
from sim.economy.shocks import EXPORT, IMPORT, problem
from sim.economy.tables import Economy
from sim.errors import InputError
from sim.explore.settings import SHOWN, read_json
from sim.explore.story import world_of
from sim.report.labels import sector_label
from sim.words import amount, number
from sim.world import World

WORLD = "march_2022"
DIRECTIONS = {
    "both": "all trade with the targets",
    "exports": "what is sold to the targets",
    "imports": "what is bought from the targets",
}
HORIZONS = {"first_days": "first days", "first_year": "mean of the first year",
            "long_run": "long run"}  # fmt: skip
# Combinations that have a name: who stops trade with whom; {one} is isolated or attacked, {other}
# acts alone.
KINDS = {
    "coalition": ("The senders against their targets", "senders", "targets"),
    "eu": ("The EU alone against them", "EU", "targets"),
    "all_against_one": ("All against one", "all", "{one}"),
    "ego_based": ("One against all others (ego-based)", "{other}", "all"),
    "pair": ("One against one", "{other}", "{one}"),
}
MN_PER_BN = 1000.0


@dataclass(frozen=True, slots=True)
class Embargo:
    """Who stops which trade with whom.

    Raises
    ------
    InputError
        Nobody on a side, a state on both, or a name that there is not.
    """

    coalition: tuple[str, ...]  # codes of states
    targets: tuple[str, ...]
    direction: str = "both"  # of the coalition's trade with the targets, of `DIRECTIONS`
    sectors: tuple[str, ...] = ()  # those that it is about; all if there are none
    coverage: float = 1.0  # share of that trade that is stopped, in [0, 1]
    horizon: str = "first_year"  # whose elasticities of trade hold, of `HORIZONS`
    world: str = field(default=WORLD)

    def __post_init__(self) -> None:
        world = world_of(self.world)
        for name, codes in (("coalition", self.coalition), ("targets", self.targets)):
            if not codes:
                raise InputError(f"{name} is empty; name at least one state")
            for code in codes:
                world.index(code)
        both = set(self.coalition) & set(self.targets)
        if both:
            raise InputError(f"{', '.join(sorted(both))} cannot be on both sides; take it off one")
        for kind, known in (("direction", DIRECTIONS), ("horizon", HORIZONS)):
            if getattr(self, kind) not in known:
                raise InputError.unknown(kind, getattr(self, kind), known)
        for sector in self.sectors:
            if sector not in sectors_of(self.world):
                raise InputError.unknown("sector", sector, sectors_of(self.world))
        if not 0.0 <= self.coverage <= 1.0:
            raise InputError(f"coverage must lie between 0 and 1; found {self.coverage}")

    @property
    def text(self) -> str:
        """All of it as a text for a link, which `from_text` reads."""
        return json.dumps([getattr(self, name) for name in self.__slots__])

    @property
    def command(self) -> str:
        """The command line that repeats it."""
        usual = Embargo(*sides("senders", "targets", world_of(WORLD)))
        words = [
            f"{name}={','.join(of) if isinstance(of, tuple) else of}"
            for name in self.__slots__
            if (of := getattr(self, name)) != getattr(usual, name)
        ]
        return shlex.join(["sanctionsim", "embargo", *words])


def sides(coalition: str, targets: str, world: World) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the states of both sides.

    Parameters
    ----------
    coalition, targets : str
        Codes of states and institutions, 'senders', 'targets', with commas between; or 'all' for
        whoever is not on the other side.

    Raises
    ------
    InputError
        Everybody on both sides, or a word that is none of these.
    """
    if coalition == targets == "all":
        raise InputError("coalition and targets cannot both be all; name the states of one")
    if coalition == "all":
        found = _states(targets, world)
        return tuple(s for s in world.states if s not in found), found
    found = _states(coalition, world)
    if targets == "all":
        return found, tuple(s for s in world.states if s not in found)
    return found, _states(targets, world)


def _states(text: str, world: World) -> tuple[str, ...]:
    by_role = {f"{role}s": world.of_role(role) for role in ("sender", "target")}
    unions = {i.code: [s for s in world.states if s in i.members] for i in world.institutions}
    known = by_role | unions | {state: [state] for state in world.states}
    found: list[str] = []
    for word in filter(None, text.split(",")):
        if word not in known:
            raise InputError.unknown("state or group", word, ["all", *known])
        found += known[word]
    return tuple(dict.fromkeys(found))


def from_text(text: str) -> Embargo:
    """Return the embargo that a link carries; InputError if it cannot be read, or cannot be."""
    try:
        coalition, targets, direction, sectors, coverage, horizon, world = read_json(text)
        given = [tuple(map(str, codes)) for codes in (coalition, targets, sectors)]
        share = float(coverage)
    except (TypeError, ValueError):
        raise InputError(f"link: the embargo cannot be read; found {text[:SHOWN]!r}") from None
    if world != WORLD:  # a page may not name folders of the machine that it is served from
        raise InputError.unknown("link: world", str(world), [WORLD])
    return Embargo(given[0], given[1], str(direction), given[2], share, str(horizon), world)


def named(kind: str, one: str = "RUS", other: str = "USA", world: str = WORLD) -> Embargo:
    """Return an embargo that has a name.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    one : str
        The state that is isolated or attacked.
    other : str
        The state that acts alone, where one does.
    """
    if kind not in KINDS:
        raise InputError.unknown("kind of embargo", kind, KINDS)
    _, *both = KINDS[kind]
    coalition, targets = (text.format(one=one, other=other) for text in both)
    return Embargo(*sides(coalition, targets, world_of(world)), world=world)


def sectors_of(world: str = WORLD) -> dict[str, str]:
    """Return the sectors of a world's economy, and their names."""
    return {code: sector_label(code) for code in _economy(world, "long_run").sectors}


@lru_cache(maxsize=8)
def _economy(world: str, horizon: str) -> Economy:
    found = world_of(world)
    ends = {"first_days": FRESH, "long_run": MATURE}
    return economy_at(found, ends[horizon] if horizon in ends else first_year_maturity(found))


@dataclass(frozen=True)
class Solved:
    """An embargo and its equilibrium."""

    embargo: Embargo
    world: World
    economy: Economy
    equilibrium: Equilibrium

    @property
    def loss(self) -> Floats:
        """Loss of real income in percent, (n_states,)."""
        return 100.0 * (1.0 - self.equilibrium.welfare)

    def side_of(self, code: str) -> str:
        """Return on which side a state is, in a word."""
        if code in self.embargo.coalition:
            return "coalition"
        return "target" if code in self.embargo.targets else "third state"

    def by_state(self) -> pd.DataFrame:
        """Return one row per state, those that lose most first."""
        found, world = self.equilibrium, self.world
        table = pd.DataFrame(
            {
                "state": world.states,
                "name": world.names,
                "side": [self.side_of(code) for code in world.states],
                "loss_percent": self.loss,
                "loss_bn": self.loss / 100.0 * world.gdp_bn,
                "real_wage_percent": 100.0 * (found.real_wage - 1.0),
                "exports_percent": 100.0 * (found.exports - 1.0),
                "imports_percent": 100.0 * (found.imports - 1.0),
            }
        )
        return table.sort_values("loss_percent", ascending=False, ignore_index=True)

    def by_sector(self) -> pd.DataFrame:
        """Return one row per side and sector, as `of_group`."""
        sides = {"targets": self.embargo.targets, "coalition": self.embargo.coalition}
        return self._by("side", sides)

    def by_state_and_sector(self) -> pd.DataFrame:
        """Return one row per state and sector, as `of_group`."""
        return self._by("state", {code: (code,) for code in self.world.states})

    def _by(self, what: str, groups: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
        parts = {name: self.of_group(codes) for name, codes in groups.items()}
        return pd.concat(parts, names=[what]).reset_index(level=0).reset_index(drop=True)

    def of_group(self, codes: tuple[str, ...]) -> pd.DataFrame:
        """Return one row per sector: sales, and trade of a group with all others, new against old.

        Parameters
        ----------
        codes : tuple of str
            States, whose trade with one another is no export.
        """
        inside = np.array([state in codes for state in self.world.states])
        anybody = np.ones_like(inside)
        old, new = self.economy.flows(), self.equilibrium.flows()  # (sectors, buyers, sellers)
        found: dict[str, Any] = {
            "sector": self.economy.sectors,
            "name": [sector_label(sector) for sector in self.economy.sectors],
        }
        traded = {
            "sales": (anybody, inside), "exports": (~inside, inside), "imports": (inside, ~inside),
        }  # fmt: skip
        for what, (buyers, sellers) in traded.items():
            before, after = (
                flows[:, buyers][:, :, sellers].sum(axis=(1, 2)) for flows in (old, new)
            )
            change = np.full(before.shape, np.nan)  # where there was nothing
            np.divide(100.0 * (after - before), before, out=change, where=before > 0.0)
            found[f"{what}_percent"] = change
            found[f"{what}_bn"] = (after - before) / MN_PER_BN
        return pd.DataFrame(found)

    def summed_bn(self, codes: tuple[str, ...]) -> float:
        """Return what states lose together, USD bn a year."""
        at = [self.world.index(code) for code in codes]
        return float((self.loss[at] / 100.0 * self.world.gdp_bn[at]).sum())

    def percent(self, codes: tuple[str, ...]) -> float:
        """Return the same in percent of their joint GDP."""
        at = [self.world.index(code) for code in codes]
        return float(100.0 * self.summed_bn(codes) / self.world.gdp_bn[at].sum())

    def headline(self) -> str:
        """Return what it comes to, in a sentence."""
        hurt, paid = (self.summed_bn(c) for c in (self.embargo.targets, self.embargo.coalition))
        first = (
            f"The targets lose {amount(self.percent(self.embargo.targets), 2)} % of their income "
            f"(USD {number(hurt)} bn a year), the coalition "
            f"{amount(self.percent(self.embargo.coalition), 2)} % (USD {number(paid)} bn)."
        )
        if paid > 0.0 and hurt > 0.0:
            ratio = hurt / paid
            first += f" For each dollar that it costs the coalition, they lose USD {ratio:.2f}."
        return first


def solved(embargo: Embargo) -> Solved:
    """Return an embargo with its exact equilibrium; NotConverged if there is none."""
    world, economy = world_of(embargo.world), _economy(embargo.world, embargo.horizon)
    coalition, targets = (
        np.array([world.index(code) for code in codes], dtype=np.int64)
        for codes in (embargo.coalition, embargo.targets)
    )
    stopped = np.zeros((coalition.size, targets.size, 3, len(economy.sectors)))
    inside = [not embargo.sectors or sector in embargo.sectors for sector in economy.sectors]
    for channel, direction in ((EXPORT, "exports"), (IMPORT, "imports")):
        if embargo.direction in ("both", direction):
            stopped[:, :, channel] = embargo.coverage * np.array(inside, dtype=np.float64)
    nothing, rate = np.zeros(len(world.states)), np.zeros(len(economy.sectors))
    given = problem(economy, stopped, nothing, coalition, targets, rate)
    return Solved(embargo, world, economy, solve(economy, *given))
