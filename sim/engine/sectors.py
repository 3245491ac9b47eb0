"""Who loses what in which sector as runs end: parts of losses, and exact changes of trade.

A state's loss is that of the engine, split by sector (`sim.economy.contributions`). Output, trade
and prices are those of the exact equilibrium of what stands at the end, at the elasticities of its
age and before transfers (`sim.engine.exact`); money is at constant world value added.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.economy.contributions import contributions
from sim.economy.equilibrium import Equilibrium, NotConverged
from sim.economy.losses import Lost
from sim.economy.shocks import MN_PER_BN
from sim.economy.tables import Economy
from sim.engine.exact import Ends, equilibrium_at_end
from sim.outcomes import BESIDE_SECTORS, OF_SECTOR
from sim.setting import Setting

Changes = dict[str, Floats]  # by quantity


def rows_of(setting: Setting) -> tuple[str, ...]:
    """Return what a state has rows for: the sectors, then what is no sector's."""
    return (*setting.exposure.sectors, *BESIDE_SECTORS)


def sectors_at_end(setting: Setting, end: Ends) -> Changes:
    """Return the quantities of `OF_SECTOR` as one run ends, each (n_states, n_rows).

    Rows are those of `rows_of`. Only losses have the rows that are no sector's; all else is nan
    there, in every row of a run that ends without an equilibrium, and, in percent, where there was
    nothing before.

    Parameters
    ----------
    end : mapping of str to array
        What stands at the end of the run, of `sim.engine.results.trade_at_end`.
    """
    shape = len(setting.world.states), len(rows_of(setting))
    found = {quantity.field: np.full(shape, np.nan) for quantity in OF_SECTOR}
    found["loss"][:] = loss_by_row(setting, end)
    found["loss_bn"][:] = found["loss"] * setting.world.gdp_bn[:, None] / 100.0
    try:
        economy, after = equilibrium_at_end(setting, end)
    except NotConverged:
        return found
    for name, values in changes_of(economy, after).items():
        found[name][:, : len(economy.sectors)] = values.T
    return found


def loss_by_row(setting: Setting, end: Ends) -> Floats:
    """Return what adds up to the loss of every state, percent of GDP, (n_states, n_rows)."""
    lost = Lost(*(end[name] for name in Lost._fields))
    overlap = setting.config.coordination.scope_overlap
    by_sector, by_payments = contributions(
        setting.exposures, end["covered"], end["maturity"], lost, overlap
    )
    closed = np.zeros_like(by_payments)
    if setting.war.closed[-1]:
        age = np.array([1.0 - end["closure"], end["closure"]])
        closed = age @ setting.closure
    transferred = 0.0 - 100.0 * end["transfer_bn"] / setting.world.gdp_bn
    return np.vstack([by_sector, by_payments, closed, transferred]).T


def changes_of(economy: Economy, after: Equilibrium) -> Changes:
    """Return changes of output, trade and prices, each (n_sectors, n_states).

    Parameters
    ----------
    economy : Economy
        Before; money in USD million.
    after : Equilibrium
        Of it.

    Returns
    -------
    dict of str to array
        By name in `OF_SECTOR`: money in USD billion a year, all else in percent.
    """
    old, new = economy.flows(), after.flows()
    made = old.sum(axis=1), new.sum(axis=1)
    volume = made[0], made[1] / after.unit_cost
    kept = economy.factor_share * (made[1] - made[0]) / MN_PER_BN
    return {
        **_change("output", *made),
        "output_volume": _percent(*volume),
        "value_added_bn": kept,
        **_change("exports", *(_abroad(flow).sum(axis=1) for flow in (old, new))),
        **_change("imports", *(_abroad(flow).sum(axis=2) for flow in (old, new))),
        "price": 100.0 * (after.price / after.wage - 1.0),
    }


def _change(name: str, before: Floats, now: Floats) -> Changes:
    return {name: _percent(before, now), f"{name}_bn": (now - before) / MN_PER_BN}


def _percent(before: Floats, now: Floats) -> Floats:
    some = before > 0.0
    change: Floats = np.where(some, 100.0 * (now / np.where(some, before, 1.0) - 1.0), np.nan)
    return change


def _abroad(flows: Floats) -> Floats:
    """Return flows by sector, destination and origin without what stays at home."""
    return flows * (1.0 - np.eye(flows.shape[1]))
