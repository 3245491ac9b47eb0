"""Hazards and slopes as far as they do not change in a run: worked out once, read off the rules."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.rules import clock, respond, third
from sim.rules.terms import Terms
from sim.setting import Setting


class Slopes(NamedTuple):
    """What one unit of a term adds to the log hazard, for rules that are linear in all terms."""

    linear: bool
    severity: float
    involvement: float
    restraint: float
    shock: float
    meeting: float
    peer: float
    recent: float
    lead: float
    bloc: float
    support: float
    relation: float
    wave: float
    # (n_acts, n_senders) Log hazard at what does not change in a run, all else being 0.
    known: Floats


class Rates(NamedTuple):
    """Hazards a day as far as they do not change in a run."""

    answer: Floats  # (n_targets, n_answers) at a provocation of 1
    single: Floats  # (n_targets, n_answers, n_senders)
    refused: Floats  # (n_states,) share of covered trade that fear keeps a state from carrying
    stances: Ints  # (n_free,) states that take a stance
    general: Ints  # (n_pairs, 2) target and answer, where it is an answer to all
    first_general: Ints  # (n_targets + 1,) those of target t begin at entry t
    singled: Ints  # (n_pairs, 3) target, answer and sender, where an answer can hit a single one
    first_single: Ints  # (n_targets + 1,) those of target t begin at entry t
    # (n_acts,) the act covers trade by banning or taxing it, by payments
    by_trade: Flags
    by_payments: Flags
    allied: Ints  # (n_pairs, 2) states that take a stance, and targets they may cooperate with
    # (n_targets,) all imports and exports, USD bn a year
    bought: Floats
    sold: Floats


def slopes_of(setting: Setting) -> Slopes:
    """Read the slopes off the rule itself, so that nothing of it is written twice."""
    menu, rule, weights = setting.menu, setting.decide, setting.weights
    changing = Slopes._fields[1:-1]
    if not rule.is_linear:
        known = np.zeros((len(setting.acts), setting.senders.size))
        return Slopes(linear=False, known=known, **dict.fromkeys(changing, 0.0))
    nothing = Terms(*np.zeros(len(Terms._fields)))
    alone = rule(nothing, weights)

    def slope(term: str) -> float:
        return rule(nothing._replace(**{term: 1.0}), weights) - alone

    known = alone + slope("frontline") * setting.frontline[:, None]
    for term in ("effect", "cost", "energy_cost", "retaliation", "linkage"):
        known = known + slope(term) * getattr(menu, term)
    slopes = {term: slope(term) for term in changing}
    return Slopes(linear=True, known=np.ascontiguousarray(known.T), **slopes)


def rates_of(setting: Setting, is_third: Flags) -> Rates:
    """Return the rates of a setting; `is_third`, (n_states,), marks third states."""
    answers, response, third_parties = (
        setting.answers,
        setting.config.response,
        setting.third_parties,
    )

    def rate(c: int, harm: float, cost: float) -> float:
        eta = respond.log_hazard(
            answers.readiness[c], harm, cost, 1.0, response.intercept, response.cost_elasticity
        )
        return float(clock.hazard(eta, 1.0))

    singled = _rows_of(answers.can_hit & answers.each[None, :, None])
    general = _rows_of(answers.can_issue & ~answers.each)
    single = np.zeros(answers.harm.shape)
    for t, c, i in singled:
        harm, cost = answers.harm[t, c, i], answers.own_cost[t, c, i]
        single[t, c, i] = rate(c, float(harm), float(cost))
    answer = np.zeros(single.shape[:2])
    for t, c in np.ndindex(answer.shape):
        harm, cost = answers.harm[t, c].sum(), answers.own_cost[t, c].sum()
        answer[t, c] = rate(c, float(harm), float(cost))
    threat, sensitivity = (
        setting.config.coordination.secondary_sanctions, setting.config.evasion.compliance
    )  # fmt: skip
    refused = [
        third.compliance(threat, share, sensitivity) for share in third_parties.trade_with_senders
    ]
    flow = setting.exposure.flow_bn
    home = flow[setting.targets, setting.targets].sum(axis=1)
    return Rates(
        answer,
        single,
        np.array(refused),
        np.flatnonzero(third_parties.takes_stance & is_third),
        general,
        np.searchsorted(general[:, 0], np.arange(len(answer) + 1)).astype(np.int64),
        singled,
        np.searchsorted(singled[:, 0], np.arange(len(answer) + 1)).astype(np.int64),
        setting.covers.trade.max(axis=(1, 2, 3)) > 0.0,
        setting.covers.payments.max(axis=(0, 2, 3)) > 0.0,
        _rows_of(third_parties.may_cooperate & (third_parties.takes_stance & is_third)[:, None]),
        flow[:, setting.targets].sum(axis=(0, 2)) - home,
        flow[setting.targets].sum(axis=(1, 2)) - home,
    )


def _rows_of(pairs: Flags) -> Ints:
    """Return where it holds, row by row in memory: another order would be compiled for anew."""
    return np.ascontiguousarray(np.argwhere(pairs))
