"""Preparing a run: everything that does not change in it is worked out here, once.

Axis order everywhere: `(senders, acts, waves)`, `(states, states)`, `(days, ...)`. An act is a
measure aimed at a target; a sender is a state that can adopt measures. All runs read the
same setting.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from sim import draws
from sim.arrays import Floats, Ints, read_only
from sim.config import Config, differing
from sim.config.checked import fix
from sim.economy.exposure import Exposure, Exposures
from sim.economy.shocks import Shock
from sim.errors import InputError
from sim.rules import terms
from sim.rules.terms import Weights
from sim.setting.alliance import Alliance, Council, alliance_of, councils_of
from sim.setting.answers import Answers, refusal_of
from sim.setting.decision import DecisionRule, decision_rule, weights_of
from sim.setting.energy import Energy, energy_of
from sim.setting.meetings import Meetings, meetings_of
from sim.setting.memory import of_world
from sim.setting.menu import Act, Covers, Menu, acts_of, aims_of, menu_of
from sim.setting.pricing import capped_by, pricing_of
from sim.setting.script import Script, script_from, script_of
from sim.setting.third_parties import ThirdParties, third_parties_of
from sim.setting.war import War, check_random_events, course_of_war, dated_events
from sim.shown import Shown, Summary, assigned
from sim.words import counted
from sim.world import World, alliance_network, frozen_network, load
from sim.world.catalogue import Event
from sim.world.world import ROLES

if TYPE_CHECKING:
    import networkx as nx

NO_ARRAYS = ("world", "config", "edited", "acts", "events")  # of a setting


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Setting(Shown):
    """What a run starts from.

    Nothing in it can be changed: arrays, mappings and the network are read-only. Another setting
    is prepared from another world, configuration or network.
    """

    world: World
    config: Config  # a copy of the one that it was prepared from, fixed
    start: date
    n_days: int
    edited: nx.MultiDiGraph | None  # the alliance network, if it is another than the world's
    roles: tuple[str, ...]
    # (n_senders,), (n_targets,) positions among the states
    senders: Ints
    targets: Ints
    acts: tuple[Act, ...]
    councils: tuple[Council, ...]
    events: tuple[Event, ...]
    war: War
    alliance: Alliance
    meetings: Meetings
    menu: Menu
    answers: Answers
    third_parties: ThirdParties
    frontline: Floats  # (n_senders,)
    refusal: Floats  # (n_senders,) probability of refusing to pay for gas in rubles
    adoption_cell: Ints  # (n_senders, n_acts) draw cells
    council_cell: Ints  # (n_councils, n_acts) draw cells
    package_cell: Ints  # (n_acts,) draw cells
    decide: DecisionRule
    script: Script
    weights: Weights
    exposures: Exposures  # at both ends of the horizon; `exposure` is that of the long run
    covers: Covers
    services: Floats  # (n_senders,) share of the shipping services for the targets' oil
    cap: Shock | None  # the world's price cap, if it has one
    closers: Ints  # (n_closers,) states whose trade with the targets ends
    # (2, n_states) What that costs every state, in percent, in the short run and the long run.
    closure: Floats
    energy: Energy

    def __post_init__(self) -> None:
        fix(self.config)
        read_only(tuple(getattr(self, name) for name in self.__slots__ if name not in NO_ARRAYS))

    @property
    def network(self) -> nx.MultiDiGraph:
        """Who is tied to whom, as `sim.world.alliance_network` describes it."""
        return _network(self.world) if self.edited is None else self.edited

    @property
    def exposure(self) -> Exposure:
        """The exposure at the elasticities of the long run."""
        return self.exposures.mature

    @property
    def sender_codes(self) -> tuple[str, ...]:
        """Codes of the senders, in the order of the sender axis."""
        return tuple(self.world.states[s] for s in self.senders)

    @property
    def main_target(self) -> str:
        """Code of the target that the scenario names first."""
        return next(iter(self.config.scenario.targets))

    @property
    def names(self) -> dict[str, str]:
        """Names of states, institutions and councils, by their codes."""
        bodies = (*self.world.institutions, *(council.institution for council in self.councils))
        return {body.code: body.name for body in bodies} | self.world.names_by_code

    def name_of(self, code: str) -> str:
        """Return the name of a state or an institution; its code if it has none."""
        return self.names.get(code) or code

    def _summary(self) -> Summary:
        name = self.config.scenario.name
        return Summary(f"Setting of {name}: {self.span}", self.facts())

    @property
    def span(self) -> str:
        """First and last day."""
        return f"{self.date_of(0)} to {self.date_of(self.n_days - 1)}"

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return what it is made of, by name: what differs from the default, and who acts."""
        said = ("scenario.name", "seed", "run", "record", "name", "out", "member")
        differs = {
            key: value
            for key, value in differing(self.config).items()
            if key not in said and not key.startswith("figures.")
        }
        acts, councils = len(self.acts), len(self.councils)
        targets = " ".join(self.config.scenario.targets)
        return (
            ("world", self.world.folder.name),
            ("differs", assigned(differs)),
            (counted(len(self.senders), "sender"), " ".join(self.sender_codes)),
            (counted(len(self.targets), "target"), targets),
            ("menu", f"{counted(acts, 'act')}; {counted(councils, 'council')}"),
        )

    def find_act(self, instrument: str, target: str = "") -> int:
        """Return the position of an act, or of the first against any target.

        Raises
        ------
        InputError
            No such act in this run.
        """
        for position, act in enumerate(self.acts):
            if act.measure.code == instrument and target in ("", act.target):
                return position
        aims = [act.target for act in self.acts if act.measure.code == instrument]
        if aims:
            raise InputError.unknown(f"target of {instrument}", target, aims)
        known = {act.measure.code for act in self.acts}
        raise InputError.unknown("measure", instrument, known)

    def label(self, act: int) -> str:
        """Return an act in words."""
        return f"{self.acts[act].measure.label} against {self.acts[act].target}"

    def date_of(self, day: int) -> date:
        """Return the calendar date of a day of the run."""
        return self.start + timedelta(days=int(day))


def setting_of(config: Config, network: nx.MultiDiGraph | None = None) -> Setting:
    """Return the setting of a configuration, its world read; otherwise as `prepare`."""
    return prepare(load(config.world.folder), config, network)


def prepare(
    world: World,
    config: Config,
    network: nx.MultiDiGraph | None = None,
    rule_text: str | None = None,
) -> Setting:
    """Return the setting of a world under a configuration.

    Parameters
    ----------
    network : MultiDiGraph, optional
        The alliance network with other ties than the world's: what `sim.world.alliance_network`
        returns, edited. It says who pulls whom, and whom a pact or an institution holds to what
        was agreed; who sits in a council and at which meeting is the world's, and so is what
        third states think.
    rule_text : str, optional
        Text of the file that a rule of the user's own stands in; read from there if not given.

    Raises
    ------
    InputError
        A state, measure, leader, veto player or role that the world lacks; a date outside the
        run; a run without senders; a decision rule that cannot be used; a network with other
        states, layers or attributes.
    """
    config = copy.deepcopy(config)
    start = date.fromisoformat(config.scenario.start)
    n_days = config.scenario.steps * config.scenario.step_days
    roles = _roles(world, config)
    senders = np.array([i for i, role in enumerate(roles) if role == "sender"], dtype=np.int64)
    if not senders.size:
        raise InputError("the run has no senders; give at least one state the role 'sender'")
    _check_names(world, config, senders)
    targets = np.array([world.index(code) for code in config.scenario.targets], dtype=np.int64)
    acts = acts_of(world, config)
    check_random_events(config, n_days)
    events = dated_events(world, config)
    war = course_of_war(events, config, start, n_days)
    edited = None if network is None else frozen_network(world, network)
    codes = tuple(world.states[s] for s in senders)
    councils = councils_of(world, config, senders)
    closed = sorted({event.state for event in events if event.kind == "closure"})
    closers = np.array([world.index(state) for state in closed], dtype=np.int64)
    pricing = pricing_of(
        world,
        senders,
        targets,
        acts,
        aims_of(acts, config),
        config.economy.baseline == "balanced",
        closers,
        config.economy.stocks,
        config.reluctance.union,
    )
    whole, capped = pricing.covers.trade[:, -1], capped_by(world, pricing.cap)
    setting = Setting(
        world=world,
        config=config,
        start=start,
        n_days=n_days,
        edited=edited,
        roles=roles,
        senders=senders,
        targets=targets,
        acts=acts,
        councils=councils,
        events=events,
        script=script_from([], n_days),
        war=war,
        alliance=alliance_of(world, config, edited, senders, councils),
        meetings=meetings_of(world, config, codes, war.first_meeting, start, n_days),
        menu=menu_of(world, config, acts, senders, councils, pricing.own_loss),
        answers=pricing.answers,
        third_parties=third_parties_of(
            world, config, roles, senders, targets, pricing.exposures.mature
        ),
        frontline=np.array([terms.frontline(km) for km in world.distance_km[senders]]),
        refusal=refusal_of(world, config.response, senders),
        adoption_cell=_cells(world, codes, acts),
        council_cell=_cells(world, tuple(c.institution.code for c in councils), acts),
        package_cell=_cells(world, ("table",), acts)[0].copy(),
        decide=decision_rule(config.rule, rule_text),
        weights=weights_of(config),
        exposures=pricing.exposures,
        covers=pricing.covers,
        services=pricing.services,
        cap=pricing.cap,
        closers=closers,
        closure=pricing.closure,
        energy=energy_of(world, config, targets, start, n_days, whole, capped),
    )
    return replace(setting, script=script_from(script_of(setting), n_days))


@of_world
def _network(world: World) -> nx.MultiDiGraph:
    return frozen_network(world, alliance_network(world))


def _roles(world: World, config: Config) -> tuple[str, ...]:
    scenario = config.scenario
    roles = list(world.roles)
    for state, role in scenario.roles.items():
        if role not in ROLES:
            raise InputError.unknown("role", role, ROLES)
        roles[world.index(state)] = role
    senders = [s for s, role in zip(world.states, roles, strict=True) if role == "sender"]
    only = _named(world, "scenario.only", scenario.only, senders)
    without = _named(world, "scenario.without", scenario.without, senders)
    for position, state in enumerate(world.states):
        left_out = state in without or (scenario.only and state not in only)
        if roles[position] == "sender" and left_out:
            roles[position] = "bystander"
    for state in scenario.targets:
        roles[world.index(state)] = "target"
    return tuple(roles)


def _named(world: World, key: str, names: list[str], senders: list[str]) -> set[str]:
    """Return the senders among a list of names: an institution stands for its members."""
    unions = {i.code: set(senders).intersection(i.members) for i in world.institutions}
    found: set[str] = set()
    for name in names:
        if name in world.states and name not in senders:
            role = world.roles[world.index(name)]
            raise InputError(
                f"{key}: {name} is no sender but a {role}; name senders alone, or "
                f"make it one with +scenario.roles.{name}=sender"
            )
        if name not in senders and not unions.get(name):
            known = [*senders, *(code for code, members in unions.items() if members)]
            raise InputError.unknown(f"{key}: sender or institution of senders", name, known)
        found |= unions[name] if name in unions and name not in senders else {name}
    return found


def _check_names(world: World, config: Config, senders: Ints) -> None:
    codes = {world.states[s] for s in senders}
    scenario = config.scenario
    levers = config.coordination
    # Who comes next must exist where it is asked for, not in every world.
    following = () if codes & set(levers.leaders) else levers.next_leaders
    for state in (*scenario.theatre, *levers.leaders, *following):
        world.index(state)
    for key in ("hesitation", "extra_lag_days"):
        for state in getattr(scenario, key):
            if state not in codes:
                raise InputError.unknown(f"scenario.{key}: sender", state, codes)


@of_world
def _cells(world: World, actors: tuple[str, ...], acts: tuple[Act, ...]) -> Ints:
    cells = [[draws.cell(actor, act.measure.code, act.target) for act in acts] for actor in actors]
    return np.array(cells, dtype=np.int64).reshape(len(actors), len(acts))
