"""Phase 8: what the measures in effect cost every state, and who pays for whom."""

from __future__ import annotations

from sim.compiled import allocating_phase, part, phase
from sim.economy.losses import add_losses, last_in_damage
from sim.economy.shocks import add_rents
from sim.economy.transfers import compensated, shared_losses
from sim.rules import support


@phase
def price(inputs, state):  # type: ignore[no-untyped-def]
    """Price what the measures in effect cost every state."""
    price_at(inputs.priced, state.sums, state.effect.rent, state.effect.loss, inputs, state)
    if inputs.weighs_damage or state.trace.day.shape[0] > 0:
        weigh_damage(inputs, state)


@part
def price_at(priced, sums, rent, loss, inputs, state):  # type: ignore[no-untyped-def]
    """Write losses in percent before transfers at the elasticities of `priced`, and rents."""
    effect = state.effect
    state.work.prices += 1
    add_rents(
        effect.cap,
        effect.covered,
        effect.cut_of[:, 0],
        state.sums.stopped[:, 0],
        effect.leak,
        inputs.senders,
        inputs.targets,
        inputs.sold_bn,
        inputs.capped,
        inputs.cap_discount,
        inputs.services,
        effect.carrier_share,
        effect.premium,
        priced.theta,
        rent,
    )
    add_losses(effect.leak, rent, inputs.coordination.scope_overlap, sums, priced.margins, loss)
    for n in range(loss.size):
        loss[n] += state.clock.closed * priced.closure[n]


@allocating_phase
def transfer(inputs, state):  # type: ignore[no-untyped-def]
    """Share what the measures cost, where the senders share it."""
    levers, gdp_bn, effect = inputs.coordination, inputs.gdp_bn, state.effect
    if levers.burden_sharing == 0.0 and levers.side_payments_bn == 0.0:
        return
    member = inputs.sender_at >= 0
    loss, shared = shared_losses(effect.loss, gdp_bn, member, levers.burden_sharing)
    loss, paid = compensated(loss, gdp_bn, member, inputs.leads, levers.side_payments_bn)
    effect.loss[:] = loss
    effect.transfer_bn[:] = shared + paid


@phase
def suffer(inputs, state):  # type: ignore[no-untyped-def]
    """Let what is lost bear on support at home."""
    effect, senders = state.effect, inputs.senders
    for i in range(senders.size):
        nearness = inputs.society.nearness * inputs.frontline[i]
        state.decision.accepted[i] = support.accepted(
            effect.loss[senders[i]], inputs.society.cost_weight, nearness
        )


@part
def weigh_damage(inputs, state):  # type: ignore[no-untyped-def]
    """Work out what each act would add to the target's loss, for a rule that asks for it."""
    menu, priced, effect, damage = inputs.menu, inputs.priced, state.effect, state.decision.damage
    last_in_damage(
        effect.covered,
        effect.leak,
        priced.whole,
        menu.aimed_at,
        inputs.targets,
        priced.margins.marginal,
        priced.margins.target_share,
        effect.scarcity,
        damage,
    )
    for i in range(damage.shape[0]):
        for act in range(damage.shape[1]):
            target_gdp = inputs.gdp_bn[inputs.targets[menu.aimed_at[act]]]
            damage[i, act] *= target_gdp / inputs.gdp_bn[inputs.senders[i]]
