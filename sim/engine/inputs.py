"""What the engine reads of a setting: arrays and numbers, nothing of which changes in a run."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any, NamedTuple, get_type_hints

import numpy as np

from sim import draws
from sim.arrays import Flags, Floats, Ints
from sim.config import Config
from sim.economy import currency, horizon
from sim.economy.losses import Margins
from sim.economy.sectors import reluctance, sectors_of
from sim.engine.calendar import Calendar, calendar_of
from sim.engine.cells import Cells, cells_of
from sim.engine.deciders import Deciders, deciders_of
from sim.engine.peers import Peers, peers_of
from sim.engine.rates import Rates, Slopes, rates_of, slopes_of
from sim.engine.shocks import Shocks, shocks_of
from sim.errors import InputError
from sim.record import Record, record_of
from sim.rules.horizon import maturity
from sim.rules.terms import Terms
from sim.setting import Setting
from sim.setting.alliance import Alliance
from sim.setting.answers import Answers
from sim.setting.energy import Energy
from sim.setting.menu import Menu
from sim.setting.pricing import capped_by
from sim.setting.script import Script
from sim.setting.third_parties import ThirdParties
from sim.setting.war import War

GROUPS = (
    "scenario", "coordination", "economy", "reluctance", "evasion", "response", "third", "society",
    "rule",
)  # fmt: skip
MOST_SENDERS = 62  # bits of a number


class Councils(NamedTuple):
    """The councils, each over all senders.

    Attributes
    ----------
    member : (n_councils, n_senders) bool
    weight, voice : (n_councils, n_senders), 0 for who is no member
    blocking : (n_councils,)
    cell : (n_councils, n_acts) draw cells
    veto : (n_senders,) it objects to everything
    """

    member: Flags
    weight: Floats
    voice: Floats
    blocking: Floats
    cell: Ints
    veto: Flags


class Priced(NamedTuple):
    """An exposure and what acts cover at one end of the horizon, as kernels take them."""

    theta: Floats
    margins: Margins
    trade: Floats
    payments: Floats
    closure: Floats


class Horizon(NamedTuple):
    """How trade adjusts with the age of a cut.

    Attributes
    ----------
    is_fixed : int
        1 if the maturity of all cuts is `fixed`, whatever their age.
    fixed : float
    unadjusted : (n_sectors,) share of a new loss not adjusted to after one step
    third_year : (n_targets, n_sectors) maturity three years after a cut
    long_run : (n_targets, n_sectors) 1
    pace : (n_sectors,), bend : (n_targets, 3, n_sectors), income_bend : float
        As in `sim.economy.exposure.Exposures`.
    closure_in_third_year : float
        Maturity of a closure of borders three years after it, at the sectors' mean of times.
    reopened : float
        Share of a closure of borders not adjusted to after one step: the sectors' mean.
    touched : (2, n_sectors) how far reluctance touches exports to and imports from the target
    third_bn : (n_targets, 2, n_sectors)
        Third states' exports to and imports from a target as far as it does, USD bn a year.
    marginal : (n_senders, n_targets, 3, n_sectors, n_states)
        As in an exposure, of the first year.
    whole : (n_acts, n_channels, n_sectors)
        What acts cover alone and whole, in the first year.
    """

    is_fixed: int
    fixed: float
    unadjusted: Floats
    third_year: Floats
    long_run: Floats
    pace: Floats
    bend: Floats
    income_bend: float
    closure_in_third_year: float
    reopened: float
    touched: Floats
    third_bn: Floats
    marginal: Floats
    whole: Floats


class ForeignExchange(NamedTuple):
    """What the targets earn and hold abroad in the base year.

    Attributes
    ----------
    exports_bn : (n_targets, n_sectors) to other states, USD billion a year
    is_fuel : (n_sectors,) bool
    fuels_before_bn, others_before_bn : (n_targets,)
        Change of income from fuels, and from all else, that world prices had brought by the first
        day, USD billion a year: what the rate before the first measure rests on.
    reserves_bn : (n_targets,) USD billion; 0 where not known
    """

    exports_bn: Floats
    is_fuel: Flags
    fuels_before_bn: Floats
    others_before_bn: Floats
    reserves_bn: Floats


class Positions(NamedTuple):
    """Where single things are found."""

    first_weekday: int  # of day 0, Monday being 0
    challenger: int  # that may attempt something in the theatre
    # The countermeasures of that kind, -1 for none.
    list: int
    controls: int
    rate: int
    # Draw cells.
    war_cell: int
    talks_cell: int


class Inputs(NamedTuple):
    """All that a run reads.

    Attributes
    ----------
    scenario to rule : Record
        The numbers of the configuration's groups, by their names there.
    weights : Record
        Coefficients of the decision rule, as `sim.setting.decision.weights_of` gives them.
    log_hazard : int
        Address of the decision rule.
    fresh, mature : Priced
        At the elasticities of the short run and of the long run.
    weight : (n_senders,) of a sender's GDP in that of all that the world or the run has
    sender_at : (n_states,) seat of a state among the senders, -1 for none
    is_third : (n_states,) bool
    """

    war: War
    alliance: Alliance
    peers: Peers
    menu: Menu
    answers: Answers
    third_parties: ThirdParties
    councils: Councils
    deciders: Deciders
    cells: Cells
    fresh: Priced
    mature: Priced
    horizon: Horizon
    scenario: Record
    coordination: Record
    economy: Record
    reluctance: Record
    evasion: Record
    response: Record
    third: Record
    society: Record
    rule: Record
    positions: Positions
    calendar: Calendar
    script: Script
    shocks: Shocks
    slopes: Slopes
    rates: Rates
    weights: Record
    log_hazard: int
    weighs_damage: bool
    currency: currency.Weights
    foreign: ForeignExchange
    senders: Ints
    targets: Ints
    weight: Floats
    sender_at: Ints
    is_third: Flags
    gdp_bn: Floats
    frontline: Floats
    refusal: Floats
    crypto_index: Floats
    reserves: Floats
    flow_bn: Floats
    sold_bn: Floats
    energy: Energy
    capped: Floats
    cap_discount: float
    services: Floats
    package_cell: Ints
    leads: Floats


def inputs_of(setting: Setting) -> Inputs:
    """Return what the engine reads of a setting.

    Raises
    ------
    InputError
        More senders than a number has bits.
    """
    if setting.senders.size > MOST_SENDERS:
        raise InputError(
            f"a run takes at most {MOST_SENDERS} senders; found {setting.senders.size}: "
            "name fewer with scenario.only or scenario.without"
        )
    config, world = setting.config, setting.world
    sender_at = np.full(len(world.states), -1, dtype=np.int64)
    sender_at[setting.senders] = np.arange(setting.senders.size)
    deciders = deciders_of(setting)
    is_third = sender_at < 0
    is_third[setting.targets] = False
    weights, slopes = record_of(setting.weights), slopes_of(setting)
    groups = {group: numbers_of(group, getattr(config, group)) for group in GROUPS}
    return Inputs(
        **groups,
        war=setting.war,
        alliance=setting.alliance,
        peers=peers_of(setting),
        menu=setting.menu,
        answers=setting.answers,
        third_parties=setting.third_parties,
        councils=_councils(setting),
        deciders=deciders,
        cells=cells_of(setting),
        fresh=_priced(setting, 0),
        mature=_priced(setting, 1),
        horizon=_horizon(setting),
        positions=_positions(setting, config),
        calendar=calendar_of(setting, deciders, slopes),
        script=setting.script,
        shocks=shocks_of(config.rule),
        slopes=slopes,
        rates=rates_of(setting, is_third),
        weights=weights,
        log_hazard=setting.decide.address(terms_record(), weights),
        weighs_damage=setting.decide.weighs_damage,
        currency=currency.weights_of(config.currency),
        foreign=_foreign(setting),
        senders=setting.senders,
        targets=setting.targets,
        weight=_weight(setting),
        sender_at=sender_at,
        is_third=is_third,
        gdp_bn=world.gdp_bn,
        frontline=setting.frontline,
        refusal=setting.refusal,
        crypto_index=world.crypto_index,
        reserves=np.ascontiguousarray(world.reserves[np.ix_(setting.senders, setting.targets)]),
        flow_bn=setting.exposure.flow_bn,
        sold_bn=setting.exposure.flow_bn[setting.targets],
        energy=setting.energy,
        capped=capped_by(world, setting.cap),
        cap_discount=0.0 if setting.cap is None else setting.cap.discount,
        services=setting.services,
        package_cell=setting.package_cell,
        leads=_leads(setting),
    )


def sizes_of(inputs: Inputs) -> dict[str, int]:
    """Return the length of each axis of a run's state."""
    n_senders, n_acts = inputs.cells.adopt.shape
    n_targets, n_answers = inputs.cells.answer.shape
    _, _, n_channels, n_sectors = inputs.mature.margins.target_share.shape
    return {
        "senders": n_senders, "acts": n_acts, "targets": n_targets, "answers": n_answers,
        "channels": n_channels, "sectors": n_sectors, "states": inputs.gdp_bn.size,
        "councils": inputs.councils.blocking.size, "waves": inputs.mature.trade.shape[1] - 1,
        "deciders": inputs.deciders.decides_for.shape[1], "days": inputs.calendar.turns.size,
        "institutions": inputs.alliance.fellows.shape[0],
        "singled": len(inputs.rates.singled), "allied": len(inputs.rates.allied),
    }  # fmt: skip


def terms_record() -> Record:
    """Return room for what one sender weighs; see `sim.rules.terms.Terms`."""
    return Record("Terms", dict.fromkeys(Terms._fields, 0.0))


def numbers_of(name: str, group: Any) -> Record:
    """Return the numbers of a group of the configuration, as the types that they are declared."""
    kind: Any = type(group)
    numbers = _kinds(kind).items()
    given = {key: kind(getattr(group, key)) for key, kind in numbers}
    return Record(name.capitalize(), given, fixed=True)


@cache
def _kinds(group: Any) -> dict[str, Any]:
    """Return the fields of a group that are numbers, with their types."""
    kinds = get_type_hints(group)
    names = [field.name for field in dataclasses.fields(group)]
    return {name: kinds[name] for name in names if kinds[name] in (bool, int, float)}


def _priced(setting: Setting, end: int) -> Priced:
    exposure = (setting.exposures.fresh, setting.exposures.mature)[end]
    covers = setting.covers
    return Priced(
        exposure.theta,
        exposure.margins,
        covers.trade,
        covers.payments[end].copy(),
        setting.closure[end].copy(),
    )


def _horizon(setting: Setting) -> Horizon:
    world, exposures, config = setting.world, setting.exposures, setting.config
    name, step = config.economy.horizon, config.scenario.step_days
    times, shape = sectors_of(world).adjustment_days, exposures.by_sector()
    young = (1.0 - exposures.first_year)[:, None]
    whole = setting.covers.whole()
    part = exposures.cover_weight(exposures.first_year)
    return Horizon(
        is_fixed=int(name != "path"),
        fixed=0.0 if name == "short_run" else 1.0,
        unadjusted=np.exp(-step / times),
        third_year=np.broadcast_to(
            horizon.maturity_after(world, horizon.AGES["third_year"]), shape
        ).copy(),
        long_run=np.ones(shape),
        pace=exposures.pace,
        bend=exposures.bend,
        income_bend=exposures.income_bend,
        closure_in_third_year=float(maturity(horizon.AGES["third_year"], float(times.mean()))),
        reopened=float(np.exp(-step / times.mean())),
        touched=reluctance(world),
        third_bn=_third_bn(setting),
        marginal=young * exposures.fresh.marginal + (1.0 - young) * exposures.mature.marginal,
        whole=(1.0 - part) * whole[0] + part * whole[1],
    )


def _third_bn(setting: Setting) -> Floats:
    """Return what third states may hold back, (n_targets, 2, n_sectors), USD bn a year."""
    flow, inside = setting.exposure.flow_bn, np.concatenate([setting.senders, setting.targets])
    third = np.setdiff1d(np.arange(len(flow)), inside)
    held = setting.exposure.withholding[third][..., None]
    both = [(flow[np.ix_(third, setting.targets)] * held).sum(axis=0)]
    both.append((flow[np.ix_(setting.targets, third)].swapaxes(0, 1) * held).sum(axis=0))
    return np.ascontiguousarray(np.stack(both, axis=1) * reluctance(setting.world))


def _foreign(setting: Setting) -> ForeignExchange:
    markets, price = setting.energy.markets, setting.energy.paid
    is_fuel = np.zeros(markets.size_bn.size, dtype=np.bool_)
    is_fuel[markets.fuels] = True
    risen_bn = markets.exported_bn * markets.follows * (price[0] - 1.0)
    return ForeignExchange(
        markets.exported_bn,
        is_fuel,
        risen_bn[:, is_fuel].sum(axis=1),
        risen_bn[:, ~is_fuel].sum(axis=1),
        setting.world.reserves_bn[setting.targets],
    )


def _councils(setting: Setting) -> Councils:
    shape = len(setting.councils), setting.senders.size
    member = np.zeros(shape, dtype=np.bool_)
    weight, voice = np.zeros(shape), np.zeros(shape)
    for c, council in enumerate(setting.councils):
        member[c, council.members] = True
        weight[c, council.members] = council.weight
        voice[c, council.members] = council.voice
    vetoes = setting.config.coordination.veto_players
    return Councils(
        member,
        weight,
        voice,
        np.array([council.blocking for council in setting.councils], dtype=np.float64),
        setting.council_cell,
        np.array([code in vetoes for code in setting.sender_codes]),
    )


def _weight(setting: Setting) -> Floats:
    """Return how much of the West each sender is, (n_senders,): a small one alone is small."""
    world, senders = setting.world, setting.senders
    of_world = world.gdp_bn @ np.array([role == "sender" for role in world.roles])
    return world.gdp_bn[senders] / max(of_world, world.gdp_bn[senders].sum())


def _leads(setting: Setting) -> Floats:
    """Return the weight of every state among the leaders, (n_states,)."""
    leads = np.zeros(len(setting.world.states))
    leads[setting.senders] = setting.alliance.lead_share
    return leads


def _positions(setting: Setting, config: Config) -> Positions:
    answers = [counter.code for counter in setting.world.countermeasures]

    def position(code: str) -> int:
        return answers.index(code) if code in answers else -1

    return Positions(
        first_weekday=setting.start.weekday(),
        challenger=setting.world.index(config.third.challenger),
        list=position("unfriendly_list"),
        controls=position("capital_controls"),
        rate=position("policy_rate"),
        war_cell=draws.cell("war"),
        talks_cell=draws.cell("talks"),
    )
