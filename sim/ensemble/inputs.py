"""What the kernels of the ensemble read: a setting as named tuples of arrays and numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import draws
from sim.arrays import writeable
from sim.config import Config
from sim.economy import currency
from sim.economy.losses import Margins
from sim.ensemble.calendar import Calendar, calendar_of
from sim.ensemble.cells import Cells, cells_of
from sim.ensemble.deciders import Deciders, deciders_of
from sim.ensemble.rates import Rates, Slopes, rates_of, slopes_of
from sim.errors import InputError
from sim.rules.terms import Weights
from sim.setting import Setting
from sim.setting.alliance import Alliance
from sim.setting.answers import Answers
from sim.setting.menu import Menu
from sim.setting.thirds import Thirds
from sim.setting.war import War

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

RULES = ("hazard", "threshold", "expected_utility", "independent")
MOST_SENDERS = 62


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
    """An exposure and what acts cover, as the kernels of the economy take them."""

    theta: Floats
    margins: Margins
    trade: Floats
    payments: Floats
    whole: Floats
    closure: Floats


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
    package_sd: float
    agenda_sd: float
    memory_days: float
    threshold_mean: float
    threshold_sd: float
    consultation_delay: int
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
    payment_days: float
    paying_factor: float
    condemn_days: float
    cooperation: float
    cooperation_relation: float
    cooperation_pressure: float
    cooperation_step: float
    belief: float
    patience_days: float
    belief_days: float
    attempt: float
    attempt_resolve: float
    attempt_tie: float
    challenger: int
    support: float
    rally: float
    fatigue_days: float
    cost_weight: float
    nearness: float
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
    deciders: Deciders
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
    frontline: Floats
    refusal: Floats
    crypto_index: Floats
    reserves: Floats
    flow_bn: Floats
    sold_bn: Floats
    capped: Floats
    services: Floats
    package_cell: Ints
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
    deciders = deciders_of(setting)
    is_third = sender_at < 0
    is_third[setting.targets] = False
    n_sectors = len(setting.exposure.sectors)
    inputs = Inputs(
        war=setting.war,
        alliance=setting.alliance,
        menu=setting.menu,
        answers=setting.answers,
        thirds=setting.thirds,
        councils=_councils(setting),
        deciders=deciders,
        cells=cells_of(setting),
        priced=_priced(setting, elasticity),
        other=_priced(setting, other),
        numbers=_numbers(setting, config),
        calendar=calendar_of(setting, deciders),
        slopes=slopes_of(setting),
        rates=rates_of(setting, is_third),
        weights=setting.weights,
        currency=currency.weights_of(config.currency),
        senders=setting.senders,
        targets=setting.targets,
        sender_at=sender_at,
        is_third=is_third,
        gdp_bn=world.gdp_bn,
        frontline=setting.frontline,
        refusal=setting.refusal,
        crypto_index=world.crypto_index,
        reserves=np.ascontiguousarray(world.reserves[np.ix_(setting.senders, setting.targets)]),
        flow_bn=setting.exposure.flow_bn,
        sold_bn=setting.exposure.flow_bn[setting.targets],
        capped=np.zeros(n_sectors) if setting.cap is None else setting.cap.capped,
        services=setting.services,
        package_cell=setting.package_cell,
        imposed_act=np.array(setting.imposed_acts, dtype=np.int64).reshape(-1, 2),
        imposed_answer=np.array(setting.imposed_answers, dtype=np.int64).reshape(-1, 2),
    )
    return writeable(inputs)


def _priced(setting: Setting, elasticity: str) -> Priced:
    exposure, covers = setting.exposures[elasticity], setting.covers[elasticity]
    return Priced(
        exposure.theta,
        exposure.margins(),
        covers.trade,
        covers.payments,
        covers.whole(),
        setting.closure[elasticity],
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
        if hasattr(group, name) and name not in ("support", "belief")
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
