"""World prices of energy, and what the targets earn by it."""

from __future__ import annotations

from sim.compiled import phase
from sim.economy.shocks import add_rents


@phase
def clear(inputs, state):  # type: ignore[no-untyped-def]
    """Let world prices answer to what is cut."""
    effect = state.effect
    add_rents(
        effect.cap,
        effect.covered[1],
        effect.cut_of[:, 0],
        state.mature_sums.bought,
        effect.leak,
        inputs.senders,
        inputs.targets,
        inputs.sold_bn,
        inputs.capped,
        inputs.cap_discount,
        inputs.services,
        effect.carrier_share,
        effect.premium,
        inputs.mature.theta,
        effect.rent,
    )
    effect.payment_bn[:] = 0.0
    for t in range(effect.rent.shape[0]):
        for n in range(effect.rent.shape[1]):
            effect.payment_bn[n] += effect.rent[t, n]
            effect.payment_bn[inputs.targets[t]] -= effect.rent[t, n]
