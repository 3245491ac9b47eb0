"""Phase 8: what trade is covered or held back, and what of it third states carry around."""

from __future__ import annotations

import math

from sim.codes import NEVER
from sim.compiled import inlined, part, phase
from sim.economy.losses import add_change, trade_of
from sim.engine.arrays import copy
from sim.engine.routes import carry
from sim.record import flat
from sim.rules import divert as rules
from sim.rules import enforce, horizon, third

BOTH_WAYS = 2  # the channels of exports to and of imports from the target come first


@phase
def divert(inputs, state):  # type: ignore[no-untyped-def]
    """Let third states carry what is missing, as far as they want, dare and are let."""
    effect, targets, evasion = state.effect, inputs.targets, inputs.evasion
    _cover(inputs, state)
    if effect.finance_is_stale:
        _look_at_finance(inputs, effect)
    enforcement = _joint_enforcement(inputs, state.decision.support)
    effect.premium = enforce.premium_after(evasion.premium, enforcement)
    _make_ready(inputs, state.third_party.condemned, effect)
    carry(inputs, state, enforcement)
    for t in range(targets.size):
        goods = effect.goods[t]
        missing = effect.missing[t, 0] * (1.0 - goods)
        use = evasion.crypto_use * inputs.crypto_index[targets[t]]
        effect.crypto_bn[t] = enforce.crypto_flow(
            missing * use, evasion.crypto_cap_bn, inputs.coordination.aml_sharing
        )
        paid_around = effect.crypto_bn[t] / missing if missing > 0.0 else 0.0
        effect.leak[t] = rules.covered_after(goods, paid_around)


@part
def _cover(inputs, state):  # type: ignore[no-untyped-def]
    """Work out what trade is covered and what that adds up to, for those for whom it changed."""
    effect = state.effect
    for t in range(effect.cover_is_stale.shape[0]):
        stale, changed = effect.cover_is_stale[t], False
        for i in range(stale.size):
            if stale[i]:
                _cover_one(t, i, inputs, effect)
                _hold(t, i, inputs.horizon.touched, effect)
                covered, held = effect.covered, effect.held[i, t]
                add_change(t, i, covered[0, i, t], held, inputs.fresh.margins, state.fresh_sums)
                add_change(t, i, covered[1, i, t], held, inputs.mature.margins, state.mature_sums)
                stale[i] = False
                changed = True
        if changed:
            _add_covered(t, inputs, effect)
    _mix_covered(inputs, effect)


@part
def _add_covered(t, inputs, effect):  # type: ignore[no-untyped-def]
    """Add up the trade with a target that is covered, and that could be held back.

    Not by differences: whether nothing is cut must be told from next to nothing.
    """
    senders, target, flow_bn = inputs.senders, inputs.targets[t], inputs.flow_bn
    for end in range(2):
        trade_of(t, effect.covered[end], senders, target, flow_bn, effect.cut_at[end, t])
    trade_of(t, effect.held, senders, target, flow_bn, effect.held_bn[t])


@part
def _mix_covered(inputs, effect):  # type: ignore[no-untyped-def]
    """Work out trade covered and missing at the elasticities of the day."""
    fresh, mature = inputs.fresh.theta, inputs.mature.theta
    effect.cut[:] = 0.0
    effect.missing[:] = 0.0
    for t in range(effect.cut.shape[0]):
        for j in range(fresh.size):
            old = horizon.cover_weight(effect.maturity[t, j], fresh[j], mature[j])
            for way in range(effect.cut.shape[1]):
                young_bn, old_bn = effect.cut_at[0, t, way, j], effect.cut_at[1, t, way, j]
                effect.cut_of[t, way, j] = (1.0 - old) * young_bn + old * old_bn
                effect.cut[t, way] += effect.cut_of[t, way, j]
                held_bn = effect.held_bn[t, way, j] * effect.withheld[t, way]
                effect.missing_of[t, way, j] = effect.cut_of[t, way, j] + held_bn
                effect.missing[t, way] += effect.missing_of[t, way, j]


@part
def _cover_one(t, i, inputs, effect):  # type: ignore[no-untyped-def]
    """Write the share of one sender's trade with a target that is covered, in [0, 1].

    At both ends of the horizon. Bans and tariffs overlap as if drawn independently. Measures on
    payments hit the same banks over and over, so of them only the widest counts. Members of a union
    often cover the same.
    """
    young, late = effect.covered[0, i, t], effect.covered[1, i, t]
    for twin in range(i):
        if _acts_alike(t, i, twin, inputs.menu.aimed_at, effect):
            copy(effect.covered[0, twin, t], young)
            copy(effect.covered[1, twin, t], late)
            return
    cover_trade(t, i, inputs, inputs.fresh, effect, young)
    copy(young, late)  # bans and tariffs stop as much at any age
    cover_payments(t, i, inputs, inputs.fresh, effect, young)
    cover_payments(t, i, inputs, inputs.mature, effect, late)


@part
def _hold(t, i, touched, effect):  # type: ignore[no-untyped-def]
    """Work out what one sender's firms would give up if they held back all that they may sell."""
    covered, held = effect.covered[0, i, t], effect.held[i, t]
    for way in range(held.shape[0]):
        for j in range(held.shape[1]):
            held[way, j] = effect.reluctance[t, i] * touched[way, j] * (1.0 - covered[way, j])


@part
def _acts_alike(t, i, twin, aimed_at, effect):  # type: ignore[no-untyped-def]
    level, other = effect.in_effect[i], effect.in_effect[twin]
    for act in range(level.size):
        if aimed_at[act] == t and level[act] != other[act]:
            return False
    for c in range(effect.answered.shape[1]):
        if effect.answered[t, c, i] != effect.answered[t, c, twin]:
            return False
    return True


@part
def cover_trade(t, i, inputs, priced, effect, cover):  # type: ignore[no-untyped-def]
    """Write what the bans and tariffs of one sender cover."""
    level, aimed_at, by_trade = effect.in_effect[i], inputs.menu.aimed_at, inputs.rates.by_trade
    cover[:] = 0.0
    for act in range(level.size):
        if level[act] > 0 and by_trade[act] and aimed_at[act] == t:
            _add_cover(cover, priced.trade[act, level[act]])


@part
def cover_payments(t, i, inputs, priced, effect, cover):  # type: ignore[no-untyped-def]
    """Let measures on payments, and answers, cover what one sender's bans and tariffs leave."""
    level, unpaid, answers = effect.in_effect[i], effect.unpaid[t], inputs.answers
    unpaid[:] = 0.0
    for act in range(level.size):
        if level[act] > 0 and inputs.rates.by_payments[act] and inputs.menu.aimed_at[act] == t:
            stopped = priced.payments[act, level[act]]
            for j in range(stopped.size):
                unpaid[j] = max(unpaid[j], stopped[j])
    for channel in range(BOTH_WAYS):
        for j in range(unpaid.size):
            cover[channel, j] = rules.covered_after(cover[channel, j], unpaid[j])
    for c in range(answers.lag.size):
        for _ in range(effect.answered[t, c, i]):
            _add_cover(cover, answers.coverage[t, c])


@inlined
def _add_cover(cover, coverage):  # type: ignore[no-untyped-def]
    covered, more = flat(cover), flat(coverage)
    for k in range(covered.size):
        covered[k] = rules.covered_after(covered[k], more[k])


@part
def _look_at_finance(inputs, effect):  # type: ignore[no-untyped-def]
    """Work out who is cut off from payments and reserves, and who caps the price of oil."""
    menu = inputs.menu
    effect.cap[:] = 0.0
    for t in range(effect.frozen.size):
        effect.excluded_now[t] = _bank_share_excluded(t, menu, effect.in_effect)
        effect.frozen[t] = _frozen_share(t, menu, inputs.reserves, effect.in_effect)
    for act in range(menu.caps.size):
        if menu.caps[act]:
            for i in range(effect.cap.shape[0]):
                effect.cap[i, menu.aimed_at[act]] = effect.in_effect[i, act] / menu.waves[act]
    effect.finance_is_stale = 0


@part
def _bank_share_excluded(t, menu, in_effect):  # type: ignore[no-untyped-def]
    share = 0.0
    for act in range(menu.excludes.size):
        if menu.excludes[act] and menu.aimed_at[act] == t:
            for i in range(in_effect.shape[0]):
                share = max(share, menu.hit_share[act, in_effect[i, act]])
    return share


@part
def _frozen_share(t, menu, reserves, in_effect):  # type: ignore[no-untyped-def]
    share = 0.0
    for i in range(in_effect.shape[0]):
        for act in range(menu.freezes.size):
            if menu.freezes[act] and menu.aimed_at[act] == t and in_effect[i, act] > 0:
                share += reserves[i, t]
                break
    return share


@part
def _make_ready(inputs, condemned, effect):  # type: ignore[no-untyped-def]
    """Work out how ready each state is to carry, after what fear keeps it from."""
    evasion, ready = inputs.evasion, effect.ready
    for n in range(ready.size):
        ready[n] = 0.0
        if inputs.is_third[n]:
            willing = inputs.third_parties.backing[n]
            if math.isnan(willing):
                willing = third.readiness_to_carry(
                    evasion.willingness, condemned[n] != NEVER, evasion.condemned_factor
                )
            ready[n] = willing * (1.0 - inputs.rates.refused[n])


@part
def _joint_enforcement(inputs, support):  # type: ignore[no-untyped-def]
    own, best = inputs.evasion.enforcement, 0.0
    for i in range(support.size):
        best = max(best, enforce.effort(own, support[i]))
    joint = 0.0
    for i in range(support.size):
        effort = enforce.effort(own, support[i])
        shared = enforce.shared_effort(effort, best, inputs.coordination.enforcement_sharing)
        joint += inputs.alliance.gdp_share[i] * shared
    return joint
