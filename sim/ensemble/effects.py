"""Phases 7 to 9: what takes effect, what finds another way, what it costs.

Once a step, on its last day; only what is in effect is kept up day by day, since bystanders judge
the coalition by it.
"""

from __future__ import annotations

import math

import numpy as np

from sim import observe
from sim.compiled import kernel, part
from sim.economy import currency
from sim.economy.losses import add_change, add_losses, last_in_damage, trade_covered
from sim.economy.shocks import add_rents
from sim.economy.transfers import compensated, shared_losses
from sim.ensemble.state import NEVER
from sim.rules import divert, enforce, events, support, third


@part
def take_effect(day, inputs, state):  # type: ignore[no-untyped-def]
    """Work out what is in effect and how strong that makes the coalition look."""
    deeds, effects, menu = state.deeds, state.effects, inputs.menu
    strength = 0.0
    for i in range(effects.breadth.size):
        if effects.starts_of[day, i]:
            level = effects.in_effect[i]
            for act in range(level.size):
                effects.before[act] = level[act]
            observe.in_effect_of(
                i, deeds.effective, deeds.exempt, day, menu.host, effects.in_effect
            )
            effects.breadth[i] = observe.breadth(level, menu.waves)
            for act in range(level.size):
                if inputs.rates.covering[act] and level[act] != effects.before[act]:
                    effects.uncovered[i] = True
        strength += inputs.alliance.gdp_share[i] * effects.breadth[i]
    state.others.strength[0] = strength
    effects.started[0] = True


@part
def let_answers_bite(day, inputs, replies, effects):  # type: ignore[no-untyped-def]
    """Work out which answers are in effect against whom."""
    answers, answered = inputs.answers, effects.answered
    for t in range(answered.shape[0]):
        for c in range(answers.lag.size):
            imposed = False
            for row in range(inputs.imposed_answer.shape[0]):
                where, since = inputs.imposed_answer[row, 1], inputs.imposed_answer[row, 0]
                imposed |= where == c and since <= day
            for i in range(answered.shape[2]):
                since = replies.cut_off[t, c, i] if answers.each[c] else replies.issued[t, c]
                in_force = since != NEVER and since + answers.lag[c] <= day
                if inputs.numbers.list_answer >= 0:
                    aimed = replies.listed[t, i] != NEVER
                else:
                    aimed = replies.acted[t, i]
                bites = in_force and (answers.each[c] or answers.domestic[c] or aimed or imposed)
                if bites != answered[t, c, i]:
                    answered[t, c, i] = bites
                    effects.uncovered[i] = True


@part
def _cover(inputs, effects, sums):  # type: ignore[no-untyped-def]
    """Work out what trade is covered and what that adds up to, for those for whom it changed."""
    changed = False
    for i in range(effects.uncovered.size):
        if effects.uncovered[i]:
            _cover_one(i, inputs, effects)
            add_change(i, effects.covers, inputs.priced.margins, sums)
            _copy(effects.covers, effects.covered[i])
            effects.uncovered[i] = False
            changed = True
    if changed:
        # Not by differences: whether nothing is cut must be told from next to nothing.
        trade_covered(
            effects.covered,
            inputs.senders,
            inputs.targets,
            inputs.flow_bn,
            effects.cut_of,
            effects.cut,
        )


@part
def _cover_one(i, inputs, effects):  # type: ignore[no-untyped-def]
    """Work out what trade one sender covers; members of a union often cover the same."""
    for twin in range(i):
        if _acts_alike(i, twin, effects.in_effect, effects.answered):
            _copy(effects.covered[twin], effects.covers)
            return
    observe.cover_of(
        i,
        effects.in_effect,
        inputs.priced.trade,
        inputs.priced.payments,
        inputs.menu.aimed_at,
        effects.answered,
        inputs.answers.coverage,
        effects.unpaid,
        effects.covers,
    )


@part
def _copy(source, copy):  # type: ignore[no-untyped-def]
    for t in range(source.shape[0]):
        for channel in range(source.shape[1]):
            for j in range(source.shape[2]):
                copy[t, channel, j] = source[t, channel, j]


@part
def _acts_alike(i, twin, in_effect, answered):  # type: ignore[no-untyped-def]
    for act in range(in_effect.shape[1]):
        if in_effect[i, act] != in_effect[twin, act]:
            return False
    for t in range(answered.shape[0]):
        for c in range(answered.shape[1]):
            if answered[t, c, i] != answered[t, c, twin]:
                return False
    return True


@part
def _look_at_finance(inputs, effects):  # type: ignore[no-untyped-def]
    """Work out who is cut off from payments and reserves, and who caps the price of oil."""
    menu = inputs.menu
    effects.cap[:] = 0.0
    for t in range(effects.frozen.size):
        effects.excluded_now[t] = _bank_share_excluded(t, menu, effects.in_effect)
        effects.frozen[t] = _frozen_share(t, menu, inputs.reserves, effects.in_effect)
    for act in range(menu.caps.size):
        if menu.caps[act]:
            for i in range(effects.cap.shape[0]):
                effects.cap[i, menu.aimed_at[act]] = effects.in_effect[i, act] / menu.waves[act]
    effects.started[0] = False


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
def divert_and_enforce(day, inputs, state):  # type: ignore[no-untyped-def]
    """Third states carry what is covered, as far as they want, dare and are let."""
    numbers, effects, targets = inputs.numbers, state.effects, inputs.targets
    _cover(inputs, effects, state.sums)
    if effects.started[0]:
        _look_at_finance(inputs, effects)
    enforcement = _joint_enforcement(numbers, inputs.alliance.gdp_share, state.minds.mood)
    effects.premium[0] = enforce.premium_after(numbers.premium, enforcement)
    _make_ready(inputs, state.others.condemned, effects)
    for t in range(targets.size):
        first = effects.first_day[t]
        since = float(day - first) if NEVER < first <= day else 0.0
        capacity = divert.leak(since, numbers.leak_max, numbers.learning_days)
        goods = 0.0
        for n in range(effects.ready.size):
            carried = capacity * inputs.thirds.carrier_share[t, n] * effects.ready[n]
            effects.carried[t, n] = enforce.enforced(carried, enforcement)
            goods += effects.carried[t, n]
        for n in range(effects.ready.size):
            share = effects.carried[t, n] / goods if goods > 0.0 else 0.0
            effects.carrier_share[t, n] = share
        effects.goods[t] = goods
        cut = effects.cut[t, 0] * (1.0 - goods)
        use = numbers.crypto_use * inputs.crypto_index[targets[t]]
        effects.crypto_bn[t] = enforce.crypto_flow(
            cut * use, numbers.crypto_cap_bn, numbers.aml_sharing
        )
        paid_around = effects.crypto_bn[t] / cut if cut > 0.0 else 0.0
        effects.leak[t] = divert.covered_after(goods, paid_around)


@part
def _make_ready(inputs, condemned, effects):  # type: ignore[no-untyped-def]
    numbers, ready = inputs.numbers, effects.ready
    for n in range(ready.size):
        ready[n] = 0.0
        if inputs.is_third[n]:
            willing = inputs.thirds.backing[n]
            if math.isnan(willing):
                willing = third.readiness_to_carry(
                    numbers.willingness, condemned[n] != NEVER, numbers.condemned_factor
                )
            ready[n] = willing * (1.0 - inputs.rates.refused[n])
    for t in range(inputs.targets.size):
        sold = inputs.rates.from_senders[t]
        ready[inputs.targets[t]] = divert.room(effects.cut[t, 0], sold)


@part
def _joint_enforcement(numbers, gdp_share, mood):  # type: ignore[no-untyped-def]
    best = 0.0
    for i in range(mood.size):
        best = max(best, enforce.effort(numbers.enforcement, mood[i]))
    joint = 0.0
    for i in range(mood.size):
        own = enforce.effort(numbers.enforcement, mood[i])
        joint += gdp_share[i] * enforce.shared_effort(own, best, numbers.enforcement_sharing)
    return joint


@part
def price(inputs, state):  # type: ignore[no-untyped-def]
    """Price what the measures in effect cost every state."""
    effects, stopped = state.effects, state.sums.stopped
    price_at(
        inputs,
        effects,
        stopped,
        inputs.priced,
        state.sums,
        effects.rent,
        effects.loss,
    )


@kernel
def share_losses(inputs, effects):  # type: ignore[no-untyped-def]
    """Share what the measures cost, where the senders share it."""
    numbers, gdp_bn, member = inputs.numbers, inputs.gdp_bn, inputs.sender_at >= 0
    leads = np.zeros(gdp_bn.size)
    leads[inputs.senders] = inputs.alliance.lead_share
    loss, shared = shared_losses(effects.loss, gdp_bn, member, numbers.burden_sharing)
    loss, paid = compensated(loss, gdp_bn, member, leads, numbers.side_payments_bn)
    effects.loss[:] = loss
    effects.transfer_bn[:] = shared + paid


@part
def feel(day, inputs, state):  # type: ignore[no-untyped-def]
    """Let moods at home know of the losses, and the targets' currencies follow the step."""
    effects, numbers = state.effects, inputs.numbers
    for i in range(inputs.senders.size):
        loss = effects.loss[inputs.senders[i]]
        nearness = numbers.nearness * inputs.frontline[i]
        state.minds.accepted[i] = support.accepted(loss, numbers.cost_weight, nearness)
    for t in range(inputs.targets.size):
        _move_currency(day, t, inputs, state)


@part
def price_at(inputs, effects, stopped, priced, sums, rent, loss):  # type: ignore[no-untyped-def]
    """Write losses in percent before transfers at the elasticities of `priced`, and rents."""
    add_rents(
        effects.cap,
        effects.covered,
        effects.cut_of[:, 0],
        stopped[:, 0],
        effects.leak,
        inputs.senders,
        inputs.targets,
        inputs.sold_bn,
        inputs.capped,
        inputs.numbers.cap_discount,
        inputs.services,
        effects.carrier_share,
        effects.premium[0],
        priced.theta,
        rent,
    )
    add_losses(effects.leak, rent, inputs.numbers.scope_overlap, sums, priced.margins, loss)
    for n in range(loss.size):
        loss[n] += effects.closed[0] * priced.closure[n]


@kernel
def weigh_damage(inputs, state):  # type: ignore[no-untyped-def]
    """Work out what each act would add to the target's loss, for a rule that asks for it."""
    menu, priced, effects, minds = inputs.menu, inputs.priced, state.effects, state.minds
    damage = last_in_damage(
        effects.covered,
        effects.leak,
        priced.whole,
        menu.aimed_at,
        inputs.targets,
        priced.margins.marginal,
        priced.margins.target_share,
    )
    for i in range(damage.shape[0]):
        for act in range(damage.shape[1]):
            target_gdp = inputs.gdp_bn[inputs.targets[menu.aimed_at[act]]]
            minds.damage[i, act] = damage[i, act] * target_gdp / inputs.gdp_bn[inputs.senders[i]]


@part
def _move_currency(day, t, inputs, state):  # type: ignore[no-untyped-def]
    """Let a target's currency follow the step: who lost what trade, reserves and nerve."""
    numbers, weights, effects, course = (
        inputs.numbers, inputs.currency, state.effects, state.course
    )  # fmt: skip
    kept = 1.0 - effects.leak[t]
    imports = effects.cut[t, 0] * kept / inputs.rates.bought[t]
    exports = effects.cut[t, 1] * kept / inputs.rates.sold[t]
    newly = max(effects.excluded_now[t] - effects.excluded[t], 0.0)
    effects.excluded[t] = effects.excluded_now[t]
    first = day + 1 - numbers.step_days
    for past in range(first, day + 1):
        severity = inputs.war.day_severity[past]
        for n in range(course.n_escalations[0]):
            if course.escalations[n] == past:
                severity = events.severity_after(severity, numbers.escalation_severity)
        alarm = currency.alarm(severity, newly if past == first else 0.0, weights.exclusion)
        effects.precaution[t] = currency.precaution_after(
            effects.precaution[t], alarm, 1.0, weights.fade_days
        )
        effects.imports_lost[t] = currency.felt_after(
            effects.imports_lost[t], imports, 1.0, weights.delivery_days
        )
        effects.exports_lost[t] = currency.felt_after(
            effects.exports_lost[t], exports, 1.0, weights.delivery_days
        )
    controls = _is_issued(state.replies.issued, t, numbers.controls_answer)
    drivers = currency.Drivers(
        effects.exports_lost[t],
        effects.frozen[t],
        effects.precaution[t],
        effects.imports_lost[t],
        currency.repression(
            controls,
            controls,
            _is_issued(state.replies.issued, t, numbers.rate_answer),
            _is_issued(state.replies.issued, t, numbers.rubles_answer),
        ),
    )
    effects.log_rate[t] = currency.log_rate(drivers, weights)


@part
def _is_issued(issued, t, c):  # type: ignore[no-untyped-def]
    return 1.0 if c >= 0 and issued[t, c] != NEVER else 0.0
