"""What a target pays beyond trade, by hand: the premium on what is carried, and the price cap."""

from __future__ import annotations

import numpy as np

from sim.economy.shocks import EXPORT, add_cap, dearer_by


def rents(
    cap,
    covered,
    leak,
    senders,
    targets,
    flow_bn,
    capped,
    discount,
    services,
    carried,
    premium,
    target_share,
    theta,
):
    """Return what each target pays to each state, (n_targets, n_states), USD billion a year.

    Without shadow fleet, discount or new buyers for what is banned.

    Parameters
    ----------
    cap : (n_senders, n_targets)
        Degree to which a sender has the cap in force.
    covered, target_share : (n_senders, n_targets, 3, n_sectors)
    flow_bn : (n_states, n_states, n_sectors), seller by buyer
    services : (n_senders,)
    carried : (n_targets, n_states)
        Share of what is missing that comes through each.
    """
    rent, sold_bn = np.zeros((targets.size, len(flow_bn))), flow_bn[targets]
    for t, target in enumerate(targets):
        stopped = covered[:, t, EXPORT]
        missing_bn = (flow_bn[senders, target] * stopped).sum(axis=0)
        market = (target_share[:, t, EXPORT] * stopped).sum(axis=0) * (1.0 - leak[t])
        dearer = [dearer_by(x, premium, of) for x, of in zip(market, theta, strict=True)]
        rent[t] = (missing_bn @ np.array(dearer)) * carried[t]
        margin = discount * (cap[:, t] @ services) * (1.0 - leak[t])
        for j in np.flatnonzero(margin * capped > 0.0):
            kept = 1.0 - leak[t]
            add_cap(t, j, margin, 0.0, covered, kept, senders, targets, sold_bn, capped[j], rent)
    return rent
