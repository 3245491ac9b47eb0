"""What the kernels of the ensemble read: a setting as named tuples of arrays and numbers."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import draws
from sim.config import Config
from sim.economy import currency
from sim.economy.exposure import Exposure, Margins
from sim.errors import InputError
from sim.rules import clock, consult, respond, terms, third
from sim.rules.terms import Terms, Weights
from sim.setting import Setting
from sim.setting.alliance import Alliance
from sim.setting.answers import Answers
from sim.setting.menu import Covers, Menu
from sim.setting.thirds import Thirds
from sim.setting.war import War

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

RULES = ("hazard", "threshold", "expected_utility", "independent")
MOST_SENDERS = 62
LINEAR = ("hazard", "independent")  # in the terms that change every day


class Councils(NamedTuple):
    """The councils, each over all senders.

    Attributes
    ----------
    member : (n_councils, n_senders) bool
    weight, voice : (n_councils, n_senders), 0 for who is no member
    blocking : (n_councils,)
    agenda : (n_councils, n_acts) bool
    cell : (n_councils, n_acts) draw cells
    veto : (n_senders,) it objects to everything
    """

    member: Flags
    weight: Floats
    voice: Floats
    blocking: Floats
    agenda: Flags
    cell: Ints
    veto: Flags


class Cells(NamedTuple):
    """Draw cells, by who decides on what; a hash of names each.

    Attributes
    ----------
    adopt : (n_senders, n_acts)
    threshold : (n_senders,)
    protest : (n_senders, n_targets)
    answer : (n_targets, n_answers)
    single : (n_targets, n_answers, n_senders)
    listing : (n_targets, n_senders)
    condemn : (n_states,)
    cooperate : (n_states, n_targets)
    """

    adopt: Ints
    threshold: Ints
    protest: Ints
    answer: Ints
    single: Ints
    listing: Ints
    condemn: Ints
    cooperate: Ints


class Calendar(NamedTuple):
    """What is known of the days of a run.

    Attributes
    ----------
    turns : (n_days,) the war is graver than the day before, or a target's part in it larger
    first_meeting : (n_days + 1,), meetings : (n_meetings,)
        Forums that meet, day after day; those of day d begin at the first's entry d.
    seats : (n_forums,) who takes part: bit i is sender i
    imposes : (n_days,) the scenario imposes an act
    fade : (n_days,) what is left of the pull of an act after so many days
    """

    turns: Flags
    first_meeting: Ints
    meetings: Ints
    seats: Ints
    imposes: Flags
    fade: Floats


class Slopes(NamedTuple):
    """What one unit of a term adds to the log hazard, for rules that are linear in these terms.

    `lift` is the factor by which a draft on the table raises the hazard.
    """

    linear: bool
    shock: float
    recent: float
    joint: float
    support: float
    lift: float


class Rates(NamedTuple):
    """Hazards a day as far as they do not change in a run.

    Attributes
    ----------
    answer : (n_targets, n_answers) at a provocation of 1
    single : (n_targets, n_answers, n_senders)
    refused : (n_states,) share of covered trade that fear keeps a state from carrying
    stances : (n_free,) states that take a stance
    singled : (n_pairs, 3) target, answer and sender, where an answer can hit a single one
    covering : (n_acts,) the act covers trade
    decider_of : (n_acts, n_senders) who decides for a sender, itself or a council after all senders
    allied : (n_pairs, 2) states that take a stance, and targets they may cooperate with
    bought, sold : (n_targets,) all imports and exports, USD bn a year
    from_senders : (n_targets,) imports from the senders
    """

    answer: Floats
    single: Floats
    refused: Floats
    stances: Ints
    singled: Ints
    covering: Flags
    decider_of: Ints
    allied: Ints
    bought: Floats
    sold: Floats
    from_senders: Floats


class Priced(NamedTuple):
    """An exposure and what acts cover, as the kernels of the economy take them."""

    theta: Floats
    margins: Margins
    trade: Floats
    payments: Floats
    whole: Floats


class Numbers(NamedTuple):
    """Single numbers of the configuration; names and units are those of `sim.config`.

    `own_first`: the elasticity in use comes first among those of the setting. `first_weekday`:
    of day 0, Monday being 0.
    """

    rule: int
    weighs_damage: bool
    own_first: bool
    step_days: int
    n_steps: int
    first_weekday: int
    weekend: float
    frailty_sd: float
    memory_days: float
    threshold_mean: float
    threshold_sd: float
    consultation_delay: int
    draft_share: float
    cost_tolerance: float
    carve_out_days: int
    scope_overlap: float
    burden_sharing: float
    side_payments_bn: float
    enforcement_sharing: float
    aml_sharing: float
    secondary_sanctions: float
    leak_max: float
    learning_days: float
    premium: float
    enforcement: float
    willingness: float
    condemned_factor: float
    compliance: float
    crypto_use: float
    crypto_cap_bn: float
    response_intercept: float
    thrift: float
    listing_days: float
    relation_step: float
    protest_days: float
    condemn: float
    condemn_distance: float
    cooperation: float
    cooperation_relation: float
    cooperation_pressure: float
    cooperation_step: float
    belief: float
    belief_days: float
    attempt: float
    attempt_resolve: float
    attempt_tie: float
    challenger: int
    support: float
    rally: float
    fatigue_days: float
    cost_weight: float
    escalation: float
    escalation_severity: float
    talks: float
    settlement: float
    settlement_loss: float
    settlement_doubt: float
    backslide: float
    easing_days: float
    list_answer: int
    controls_answer: int
    rate_answer: int
    rubles_answer: int
    cap_discount: float
    war_cell: int
    talks_cell: int


class Inputs(NamedTuple):
    """All that a run reads; nothing here changes in it.

    Attributes
    ----------
    sender_at : (n_states,) seat of a state among the senders, -1 for none
    is_third : (n_states,) bool
    imposed_act : (n_imposed, 2), imposed_answer : (n_imposed, 2) day and position
    """

    war: War
    alliance: Alliance
    menu: Menu
    answers: Answers
    thirds: Thirds
    councils: Councils
    cells: Cells
    priced: Priced
    other: Priced
    numbers: Numbers
    calendar: Calendar
    slopes: Slopes
    rates: Rates
    weights: Weights
    currency: currency.Weights
    senders: Ints
    targets: Ints
    sender_at: Ints
    is_third: Flags
    gdp_bn: Floats
    democracy: Floats
    frontline: Floats
    all_democracy: Floats
    crypto_index: Floats
    reserves: Floats
    flow_bn: Floats
    sold_bn: Floats
    capped: Floats
    services: Floats
    imposed_act: Ints
    imposed_answer: Ints


def inputs_of(setting: Setting) -> Inputs:
    """Return what the kernels read of a setting.

    Raises
    ------
    InputError
        More senders than a number has bits.
    """
    if setting.senders.size > MOST_SENDERS:
        raise InputError(
            f"the ensemble takes at most {MOST_SENDERS} senders; found {setting.senders.size}: "
            "name fewer with scenario.only or scenario.without, or run driver=mesa"
        )
    config, world = setting.config, setting.world
    elasticity = config.economy.elasticity
    other = next(name for name in setting.exposures if name != elasticity)
    sender_at = np.full(len(world.states), -1, dtype=np.int64)
    sender_at[setting.senders] = np.arange(setting.senders.size)
    is_third = sender_at < 0
    is_third[setting.targets] = False
    n_sectors = len(setting.exposure.sectors)
    return Inputs(
        war=setting.war,
        alliance=setting.alliance,
        menu=setting.menu,
        answers=setting.answers,
        thirds=setting.thirds,
        councils=_councils(setting),
        cells=_cells(setting),
        priced=_priced(setting.exposures[elasticity], setting.covers[elasticity]),
        other=_priced(setting.exposures[other], setting.covers[other]),
        numbers=_numbers(setting, config),
        calendar=_calendar(setting),
        slopes=_slopes(setting),
        rates=_rates(setting, is_third),
        weights=setting.weights,
        currency=currency.weights_of(config.currency),
        senders=setting.senders,
        targets=setting.targets,
        sender_at=sender_at,
        is_third=is_third,
        gdp_bn=world.gdp_bn,
        democracy=setting.democracy,
        frontline=setting.frontline,
        all_democracy=world.democracy,
        crypto_index=world.crypto_index,
        reserves=np.ascontiguousarray(world.reserves[np.ix_(setting.senders, setting.targets)]),
        flow_bn=setting.exposure.flow_bn,
        sold_bn=setting.exposure.flow_bn[setting.targets],
        capped=np.zeros(n_sectors) if setting.cap is None else setting.cap.capped,
        services=setting.services,
        imposed_act=np.array(setting.imposed_acts, dtype=np.int64).reshape(-1, 2),
        imposed_answer=np.array(setting.imposed_answers, dtype=np.int64).reshape(-1, 2),
    )


def _calendar(setting: Setting) -> Calendar:
    war, alliance = setting.war, setting.alliance
    days = np.arange(setting.n_days)
    course = np.vstack([war.severity, war.involvement])
    turns = np.ones(days.size, dtype=np.bool_)
    turns[1:] = (course[:, 1:] != course[:, :-1]).any(axis=0)
    forums = list(zip(alliance.forum_first, alliance.forum_interval, strict=True))
    meetings = [
        [number for number, forum in enumerate(forums) if consult.meets(day, *forum)]
        for day in days.tolist()
    ]
    first_meeting = np.cumsum([0, *map(len, meetings)])
    imposes = np.zeros(days.size, dtype=np.bool_)
    imposes[[day for day, _ in setting.imposed_acts]] = True
    memory = setting.config.rule.memory_days
    fade = np.array([terms.recency(float(day), memory) for day in days])
    return Calendar(
        turns,
        first_meeting,
        np.array([number for forums in meetings for number in forums], dtype=np.int64),
        alliance.forum @ (1 << np.arange(alliance.forum.shape[1], dtype=np.int64)),
        imposes,
        fade,
    )


def _slopes(setting: Setting) -> Slopes:
    """Read the slopes off the rule itself, so that nothing of it is written twice."""
    rule = setting.config.rule.name
    if rule not in LINEAR:
        return Slopes(False, 0.0, 0.0, 0.0, 0.0, 1.0)
    nothing = Terms(*np.zeros(len(Terms._fields)))
    alone = setting.decide(nothing, setting.weights)
    units = [
        setting.decide(nothing._replace(**{term: 1.0}), setting.weights) - alone
        for term in ("shock", "recent", "joint", "support")
    ]
    shock, recent, joint, support = units
    return Slopes(True, shock, recent, joint, support, math.exp(joint))


def _rates(setting: Setting, is_third: Flags) -> Rates:
    answers, response, thirds = setting.answers, setting.config.response, setting.thirds

    def rate(c: int, harm: float, cost: float) -> float:
        eta = respond.log_hazard(
            answers.readiness[c], harm, cost, 1.0, response.intercept, response.thrift
        )
        return float(clock.hazard(eta, 1.0))

    single = np.zeros(answers.harm.shape)
    for t, c, i in np.ndindex(single.shape):
        harm, cost = answers.harm[t, c, i], answers.own_cost[t, c, i]
        single[t, c, i] = rate(c, float(harm), float(cost))
    answer = np.zeros(single.shape[:2])
    for t, c in np.ndindex(answer.shape):
        harm, cost = answers.harm[t, c].sum(), answers.own_cost[t, c].sum()
        answer[t, c] = rate(c, float(harm), float(cost))
    threat, sensitivity = (
        setting.config.coordination.secondary_sanctions, setting.config.evasion.compliance
    )  # fmt: skip
    refused = [third.compliance(threat, share, sensitivity) for share in thirds.trade_with_senders]
    flow = setting.exposure.flow_bn
    home = flow[setting.targets, setting.targets].sum(axis=1)
    return Rates(
        answer,
        single,
        np.array(refused),
        np.flatnonzero(thirds.takes_stance & is_third),
        np.argwhere(answers.can_hit & answers.each[None, :, None]),
        _covering(setting),
        _deciders(setting),
        np.argwhere(thirds.may_cooperate & (thirds.takes_stance & is_third)[:, None]),
        flow[:, setting.targets].sum(axis=(0, 2)) - home,
        flow[setting.targets].sum(axis=(1, 2)) - home,
        setting.exposure.trade_covered(np.ones(setting.exposure.target_share.shape))[:, 0].copy(),
    )


def _deciders(setting: Setting) -> Ints:
    council_of = setting.menu.council_of.T
    n_acts, n_senders = council_of.shape
    alone = np.broadcast_to(np.arange(n_senders), (n_acts, n_senders))
    return np.ascontiguousarray(np.where(council_of >= 0, n_senders + council_of, alone))


def _covering(setting: Setting) -> Flags:
    covering = np.zeros(len(setting.acts), dtype=np.bool_)
    for covers in setting.covers.values():
        covering |= (covers.trade > 0.0).any(axis=(1, 2, 3))
        covering |= (covers.payments > 0.0).any(axis=(1, 2))
    return covering


def _priced(exposure: Exposure, covers: Covers) -> Priced:
    return Priced(
        exposure.theta,
        exposure.margins(),
        covers.trade,
        covers.payments,
        covers.whole(),
    )


def _councils(setting: Setting) -> Councils:
    shape = len(setting.councils), setting.senders.size
    member = np.zeros(shape, dtype=np.bool_)
    weight, voice = np.zeros(shape), np.zeros(shape)
    agenda = np.zeros((shape[0], len(setting.acts)), dtype=np.bool_)
    for c, council in enumerate(setting.councils):
        member[c, council.members] = True
        weight[c, council.members] = council.weight
        voice[c, council.members] = council.voice
        agenda[c] = (setting.menu.council_of[council.members[0]] >= 0) & setting.menu.on_menu
    vetoes = setting.config.coordination.veto_players
    return Councils(
        member,
        weight,
        voice,
        np.array([council.blocking for council in setting.councils], dtype=np.float64),
        agenda,
        setting.council_cell,
        np.array([code in vetoes for code in setting.sender_codes]),
    )


def _cells(setting: Setting) -> Cells:
    states, senders = setting.world.states, setting.sender_codes
    targets = tuple(setting.config.scenario.targets)
    answers = [counter.code for counter in setting.world.countermeasures]

    def cells(*axes: tuple[str, ...] | list[str]) -> Ints:
        grid = np.array([draws.cell(*names) for names in _product(axes)], dtype=np.int64)
        return grid.reshape([len(axis) for axis in axes])

    return Cells(
        adopt=setting.adoption_cell,
        threshold=cells(senders),
        protest=cells(senders, targets),
        answer=cells(targets, answers),
        single=cells(targets, answers, senders),
        listing=cells(targets, senders),
        condemn=cells(states, targets[:1])[:, 0].copy(),
        cooperate=cells(states, targets),
    )


def _product(axes: tuple[tuple[str, ...] | list[str], ...]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [()]
    for axis in axes:
        rows = [(*row, name) for row in rows for name in axis]
    return rows


def _numbers(setting: Setting, config: Config) -> Numbers:
    answers = [counter.code for counter in setting.world.countermeasures]
    named = {
        name: getattr(group, name)
        for group in (
            config.coordination,
            config.evasion,
            config.response,
            config.third,
            config.society,
            config.rule,
        )
        for name in Numbers._fields
        if hasattr(group, name) and name not in ("support", "belief", "condemn")
    }

    def position(code: str) -> int:
        return answers.index(code) if code in answers else -1

    named |= {
        "rule": RULES.index(config.rule.name) if config.rule.name in RULES else -1,
        "weighs_damage": config.rule.name not in ("hazard", "threshold", "independent"),
        "own_first": next(iter(setting.exposures)) == config.economy.elasticity,
        "step_days": config.scenario.step_days,
        "n_steps": config.scenario.steps,
        "first_weekday": setting.start.weekday(),
        "consultation_delay": config.coordination.information_delay_days,
        "response_intercept": config.response.intercept,
        "condemn": config.third.condemn,
        "belief": config.third.belief,
        "challenger": setting.world.index(config.third.challenger),
        "support": config.society.support,
        "list_answer": position("unfriendly_list"),
        "controls_answer": position("capital_controls"),
        "rate_answer": position("policy_rate"),
        "rubles_answer": position("gas_for_rubles"),
        "cap_discount": 0.0 if setting.cap is None else setting.cap.discount,
        "war_cell": draws.cell("war"),
        "talks_cell": draws.cell("talks"),
    }
    return Numbers(**{name: named[name] for name in Numbers._fields})
