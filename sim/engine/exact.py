"""Exact losses of configurations that stand at the end of runs; equal ones are solved once."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.economy.baseline import world_economy
from sim.economy.equilibrium import solve_many
from sim.economy.shocks import TARIFF, problem
from sim.economy.tables import Economy
from sim.setting import Setting

AT_ONCE = 128  # equilibria solved together: a problem takes an eighth of a megabyte


def exact_names(setting: Setting) -> tuple[str, ...]:
    """Return the names of the outcomes that exact equilibria add, none if they are not asked for.

    Their keys are those of `sim.outcomes.OUTCOMES`.
    """
    if setting.config.economy.name != "exact":
        return ()
    targets = setting.config.scenario.targets
    return (*(f"exact_loss_{target}" for target in targets), "exact_sender_loss_mean")


def exact_outcomes(setting: Setting, covered: Floats, leak: Floats, rent_bn: Floats) -> Floats:
    """Return the outcomes named by `exact_names`, in percent, (n_runs, n_names).

    Before transfers, at the elasticities in use.

    Parameters
    ----------
    covered : (n_runs, n_senders, n_targets, 3, n_sectors) float64
    leak : (n_runs, n_targets) float64
    rent_bn : (n_runs, n_targets, n_states) float64
        At the end of each run, as in `sim.economy.exposure.losses`.

    Raises
    ------
    NotConverged
        A configuration has no equilibrium.
    """
    n_runs = len(covered)
    flat = np.hstack([part.reshape(n_runs, -1) for part in (covered, leak, rent_bn)])
    _, first, which = np.unique(flat, axis=0, return_index=True, return_inverse=True)
    loss = np.concatenate(
        [
            exact_losses(setting, covered[rows], leak[rows], rent_bn[rows])
            for rows in np.split(first, range(AT_ONCE, first.size, AT_ONCE))
        ]
    )[which.ravel()]
    senders = loss[:, setting.senders].mean(axis=1, keepdims=True)
    return np.hstack([loss[:, setting.targets], senders])


def exact_losses(setting: Setting, covered: Floats, leak: Floats, rent_bn: Floats) -> Floats:
    """Return the losses of all states in percent, (n_configurations, n_states)."""
    elasticity, baseline = setting.config.economy.elasticity, setting.config.economy.baseline
    economy = world_economy(setting.world, elasticity, baseline == "balanced")
    rate = setting.exposure.rate
    problems = [
        problem(economy, *configuration, setting.senders, setting.targets, rate)
        for configuration in zip(covered, leak, rent_bn, strict=True)
    ]
    costs, tariffs, transfers = map(np.array, zip(*problems, strict=True))
    if setting.war.closed[-1]:
        costs = np.maximum(costs, _closed(setting, economy))
    loss: Floats = 100.0 * (1.0 - solve_many(economy, costs, tariffs, transfers).welfare)
    return loss


def _closed(setting: Setting, economy: Economy) -> Floats:
    """Return the trade costs of borders with the targets that are closed."""
    exposure, closers, targets = setting.exposure, setting.closers, setting.targets
    covered = np.zeros((closers.size, *exposure.target_share.shape[1:]))
    covered[:, :, :TARIFF] = 1.0
    nothing = np.zeros(targets.size), np.zeros((targets.size, len(setting.world.states)))
    cost: Floats = problem(economy, covered, *nothing, closers, targets, exposure.rate)[0]
    return cost
