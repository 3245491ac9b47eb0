"""A setting: one world under one configuration, as the arrays that both drivers start from.

Everything that does not change during a run is worked out here, once. Axis order everywhere:
`(senders, acts)`, `(states, states)`, `(days, ...)`. An act is a measure aimed at a target; a
sender is a state that can adopt measures. Mesa and any other driver read the same setting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim import draws
from sim.config import Config
from sim.economy.baseline import world_economy
from sim.economy.exposure import Exposure
from sim.economy.shocks import Shock, coverage, price_cap, shipping_services, shock_of
from sim.errors import InputError
from sim.rules import events, terms
from sim.rules.terms import Weights
from sim.world import World, alliance_network, influence
from sim.world.world import ROLES, Institution, Measure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Act:
    """A measure aimed at a target."""

    measure: Measure
    target: str


@dataclass(frozen=True, slots=True)
class Council:
    """A union that decides for those of its members that are senders.

    Attributes
    ----------
    members : (n_members,) positions among the senders
    weight : (n_members,) voting weight, sums to 1
    voice : (n_members,) weight in what the council wants, sums to 1
    blocking : float
        Objecting weight above which nothing passes.
    """

    institution: Institution
    rule: str
    members: Ints
    weight: Floats
    voice: Floats
    blocking: float


@dataclass(frozen=True, slots=True)
class Setting:
    """What a run starts from.

    Attributes
    ----------
    roles : tuple of str, length n_states
    senders : (n_senders,) positions among the states
    acts : tuple of Act, length n_acts
    councils : tuple of Council
    council_of : (n_senders, n_acts) position of the council that decides for the sender, or -1
    ties : (n_senders, n_senders) pull of j on i, rows sum to 1 or are zero
    ties_outside : the same without fellow members of a union that decides together
    lead_share : (n_senders,) weight of each sender among the leaders
    fellows : (n_institutions, n_senders) membership
    first_meeting : int
        Day of the first consultation: the day of the first event of severity 1/2 or more.
    interval : (n_institutions,) days between meetings
    severity, urgency : (n_days,) of the war, as known on each day
    rounds : (n_days,) number of rounds of talks
    readiness, signal : (n_acts,)
    aimed_at : (n_acts,) position of the act's target among the targets
    gdp_share : (n_senders,) of the senders' joint GDP
    carrier_share : (n_targets, n_states)
        Who carries what leaks to a target: hubs and bystanders by their sales to it in 2021.
    democracy : (n_senders,) in [0, 1]
    involvement : (n_acts,) of the act's target in the violation, in [0, 1]
    frontline : (n_senders,)
    shocks : tuple of Shock, length n_acts
    coverage : (n_acts, 3, n_sectors) share of trade an act covers, by channel
    cap : Shock of the price cap, if the world has one
    services : (n_senders,) share of the oil's shipping services
    cost, retaliation, linkage : (n_senders, n_acts)
    adoption_cell : (n_senders, n_acts) draw cells
    council_cell : (n_councils, n_acts) draw cells
    legal_lag : (n_senders,) days
    lag : (n_acts,) days from legal act to effect
    """

    world: World
    config: Config
    start: date
    n_days: int
    network: nx.MultiDiGraph
    roles: tuple[str, ...]
    senders: Ints
    targets: Ints
    acts: tuple[Act, ...]
    councils: tuple[Council, ...]
    council_of: Ints
    ties: Floats
    ties_outside: Floats
    lead_share: Floats
    fellows: Flags
    first_meeting: int
    interval: Ints
    severity: Floats
    urgency: Floats
    rounds: Ints
    readiness: Floats
    signal: Floats
    aimed_at: Ints
    gdp_share: Floats
    carrier_share: Floats
    democracy: Floats
    involvement: Floats
    frontline: Floats
    shocks: tuple[Shock, ...]
    coverage: Floats
    cap: Shock | None
    services: Floats
    cost: Floats
    retaliation: Floats
    linkage: Floats
    adoption_cell: Ints
    council_cell: Ints
    legal_lag: Ints
    lag: Ints
    weights: Weights
    exposure: Exposure

    @property
    def sender_codes(self) -> tuple[str, ...]:
        """Codes of the senders, in the order of the sender axis."""
        return tuple(self.world.states[s] for s in self.senders)

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
        known = {act.measure.code for act in self.acts}
        if instrument in known:
            raise InputError.unknown(
                f"target of {instrument}", target, self.config.scenario.targets
            )
        raise InputError.unknown("measure", instrument, known)

    def date_of(self, day: int) -> date:
        """Return the calendar date of a day of the run."""
        return self.start + timedelta(days=int(day))


def prepare(world: World, config: Config) -> Setting:
    """Return the setting of a world under a configuration.

    Raises
    ------
    InputError
        A state, leader, veto player or role that the world lacks; a run without senders.
    """
    start = date.fromisoformat(config.scenario.start)
    n_days = config.scenario.steps * config.scenario.step_days
    roles = _roles(world, config)
    senders = np.array([i for i, role in enumerate(roles) if role == "sender"], dtype=np.int64)
    if not senders.size:
        raise InputError("the run has no senders; give at least one state the role 'sender'")
    _check_names(world, config, senders)
    targets = np.array([world.index(code) for code in config.scenario.targets], dtype=np.int64)
    acts = tuple(
        Act(measure, target)
        for measure in world.measures
        for target in config.scenario.targets
        if target in measure.targets
    )
    severity, urgency = _war(world, start, n_days)
    network = alliance_network(world)
    councils = _councils(world, config, senders)
    council_of = _council_of(councils, senders, acts)
    ties, ties_outside = _ties(world, config, network, senders, councils)
    aimed_at = np.array([list(config.scenario.targets).index(act.target) for act in acts])
    exposure = Exposure.of(world, senders, targets)
    shocks = tuple(shock_of(world, act.measure.code) for act in acts)
    covers = np.array([coverage(s, 1.0, s.bank_share, exposure.theta) for s in shocks])
    cap = price_cap(world)
    codes = [world.states[s] for s in senders]
    signal = np.array([act.measure.signal for act in acts])
    return Setting(
        world=world,
        config=config,
        start=start,
        n_days=n_days,
        network=network,
        roles=roles,
        senders=senders,
        targets=targets,
        acts=acts,
        councils=councils,
        council_of=council_of,
        ties=ties,
        ties_outside=ties_outside,
        lead_share=_lead_share(config, codes),
        fellows=np.array([[code in i.members for code in codes] for i in world.institutions]),
        first_meeting=_first_meeting(world, start),
        interval=np.array(
            [
                max(1, round(i.interval_days * config.coordination.interval_scale))
                for i in world.institutions
            ]
        ),
        severity=severity,
        urgency=urgency,
        rounds=_rounds(world, start, n_days),
        readiness=np.array([act.measure.readiness for act in acts]),
        signal=signal,
        aimed_at=aimed_at,
        gdp_share=world.gdp_bn[senders] / world.gdp_bn[senders].sum(),
        carrier_share=_carrier_share(world, roles, targets),
        democracy=world.democracy[senders],
        involvement=_involvement(config, acts),
        frontline=np.array([terms.frontline(km) for km in world.distance_km[senders]]),
        shocks=shocks,
        coverage=covers,
        cap=cap,
        services=(
            np.zeros(senders.size)
            if cap is None
            else shipping_services(world_economy(world), senders, cap.service_share)
        ),
        cost=_cost(config, exposure.own_loss(covers, aimed_at)),
        retaliation=_outer(terms.retaliation, world.energy_share[senders].mean(axis=1), signal),
        linkage=_outer(
            terms.linkage, np.array([float(c in config.scenario.theatre) for c in codes]), signal
        ),
        adoption_cell=np.array(
            [[draws.cell(code, act.measure.code, act.target) for act in acts] for code in codes]
        ),
        council_cell=np.array(
            [
                [draws.cell(c.institution.code, act.measure.code, act.target) for act in acts]
                for c in councils
            ]
        ).reshape(len(councils), len(acts)),
        legal_lag=world.legal_lag_days[senders].astype(np.int64),
        lag=np.array([act.measure.lag_days for act in acts], dtype=np.int64),
        weights=_weights(config),
        exposure=exposure,
    )


def _roles(world: World, config: Config) -> tuple[str, ...]:
    roles = list(world.roles)
    for state, role in config.scenario.roles.items():
        if role not in ROLES:
            raise InputError.unknown("role", role, ROLES)
        roles[world.index(state)] = role
    for state in config.scenario.targets:
        roles[world.index(state)] = "target"
    return tuple(roles)


def _check_names(world: World, config: Config, senders: Ints) -> None:
    codes = {world.states[s] for s in senders}
    for state in (*config.scenario.theatre, *config.coordination.leaders):
        world.index(state)
    unions = [i for i in world.institutions if i.council_rule != "none"]
    members = {state for union in unions for state in union.members}
    for state in config.coordination.veto_players:
        if state not in members & codes:
            raise InputError(
                f"coordination.veto_players: '{state}' is no sending member of a union with "
                f"a council; name one of {', '.join(sorted(members & codes))}"
            )


def _war(world: World, start: date, n_days: int) -> tuple[Floats, Floats]:
    severity, urgency = np.zeros(n_days), np.zeros(n_days)
    for event in world.events:
        day = (event.date - start).days
        for t in range(max(day, 0), n_days):
            severity[t] = events.severity_after(severity[t], event.severity)
            urgency[t] += events.urgency_of(event.severity, float(t - day))
    return severity, urgency


def _first_meeting(world: World, start: date) -> int:
    grave = [event.date for event in world.events if event.severity >= 0.5]
    return max(0, (min(grave, default=start) - start).days)


def _rounds(world: World, start: date, n_days: int) -> Ints:
    rounds = np.zeros(n_days, dtype=np.int64)
    for event in world.events:
        day = (event.date - start).days
        if event.kind == "talks" and 0 <= day < n_days:
            rounds[day] += 1
    return rounds


def _councils(world: World, config: Config, senders: Ints) -> tuple[Council, ...]:
    codes = [world.states[s] for s in senders]
    councils = []
    for union in world.institutions:
        members = np.array([i for i, code in enumerate(codes) if code in union.members])
        if union.council_rule != "none" and members.size:
            councils.append(_council(world, config, union, senders, members))
    return tuple(councils)


def _council(
    world: World, config: Config, union: Institution, senders: Ints, members: Ints
) -> Council:
    rule = config.coordination.council_rule
    rule = union.council_rule if rule == "institution" else rule
    population = world.population_mn[senders[members]]
    weight = population / population.sum()
    voice = weight
    if rule == "leaders":
        leading = np.array(
            [world.states[s] in config.coordination.council_leaders for s in senders[members]]
        )
        if not leading.any():
            raise InputError(
                "coordination.council_leaders: none is a member of "
                f"{union.code}; name one of {', '.join(union.members)}"
            )
        # The leaders speak for all, and nobody else's objection counts.
        voice = weight = np.where(leading, weight, 0.0) / weight[leading].sum()
    blocking = 0.35 if rule == "majority" else 0.0
    return Council(union, rule, members, weight, voice, blocking)


def _council_of(councils: tuple[Council, ...], senders: Ints, acts: tuple[Act, ...]) -> Ints:
    council_of = np.full((senders.size, len(acts)), -1, dtype=np.int64)
    joint = np.array([act.measure.competence == "eu" for act in acts])
    for position, council in enumerate(councils):
        council_of[np.ix_(council.members, joint)] = position
    return council_of


def _ties(
    world: World,
    config: Config,
    network: nx.MultiDiGraph,
    senders: Ints,
    councils: tuple[Council, ...],
) -> tuple[Floats, Floats]:
    pull = influence(network, world.states, config.coordination.tie_weights)
    pull = pull[np.ix_(senders, senders)]
    outside = pull.copy()
    for council in councils:
        outside[np.ix_(council.members, council.members)] = 0.0
    return _normalised(pull), _normalised(outside)


def _normalised(rows: Floats) -> Floats:
    total = rows.sum(axis=1, keepdims=True)
    return np.divide(rows, total, out=np.zeros_like(rows), where=total > 0)


def _lead_share(config: Config, codes: list[str]) -> Floats:
    leads = np.array([float(code in config.coordination.leaders) for code in codes])
    return leads / max(leads.sum(), 1.0)


def _involvement(config: Config, acts: tuple[Act, ...]) -> Floats:
    return np.array([config.scenario.targets[act.target] for act in acts])


def _cost(config: Config, own: Floats) -> Floats:
    average = own.mean(axis=0)
    shared = np.empty_like(own)
    for i, a in np.ndindex(*own.shape):
        shared[i, a] = terms.shared_cost(own[i, a], average[a], config.coordination.burden_sharing)
    return shared


def _carrier_share(world: World, roles: tuple[str, ...], targets: Ints) -> Floats:
    carries = np.array([role in ("hub", "bystander") for role in roles])
    return _normalised(world.trade_mn[:, targets].T * carries)


def _outer(rule: object, left: Floats, right: Floats) -> Floats:
    return np.array([[rule(x, y) for y in right] for x in left])  # type: ignore[operator]


def _weights(config: Config) -> Weights:
    """Return the rule's coefficients with the coordination levers applied to the pull of others."""
    rule, levers = config.rule, config.coordination
    return Weights(
        intercept=rule.intercept,
        readiness=rule.readiness,
        norm=rule.norm,
        shock=rule.shock,
        peer=rule.peer * levers.peer_weight,
        recent=rule.recent * levers.peer_weight,
        joint=rule.joint if levers.consultation else 0.0,
        lead=rule.lead * levers.lead_weight,
        bloc=rule.bloc,
        frontline=rule.frontline,
        cost=rule.cost,
        retaliation=rule.retaliation,
        linkage=rule.linkage,
    )
