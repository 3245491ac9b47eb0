"""Exact equilibria of what stands at the end of runs, at the elasticities of its age."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.arrays import Floats, Ints, writeable
from sim.economy.equilibrium import Equilibrium, solve
from sim.economy.horizon import economy_at
from sim.economy.losses import trade_covered
from sim.economy.sectors import reluctance
from sim.economy.shocks import TARIFF, Problem, closing_cost, problem, stopped_after
from sim.economy.tables import Economy
from sim.setting import Setting

Ends = Mapping[str, Floats]  # `sim.engine.results`, one entry a run in each


def exact_names(setting: Setting) -> tuple[str, ...]:
    """Return the names of the outcomes that exact equilibria add, none if they are not asked for.

    Their keys are those of `sim.outcomes.OUTCOMES`.
    """
    if setting.config.economy.name != "exact":
        return ()
    targets = setting.config.scenario.targets
    return (*(f"exact_loss_{target}" for target in targets), "exact_sender_loss_mean")


def exact_outcomes(setting: Setting, ends: Ends) -> Floats:
    """Return the outcomes named by `exact_names`, in percent, (n_runs, n_names).

    Before transfers, on the last day.

    Parameters
    ----------
    ends : mapping of str to array
        What is covered, lost and paid at the end of each run.

    Raises
    ------
    NotConverged
        A run ends in a configuration without equilibrium.
    """
    runs = range(len(ends["leak"]))
    loss = np.array([exact_losses(setting, {k: v[run] for k, v in ends.items()}) for run in runs])
    # Run by run: a mean over all at once adds up in an order that hangs on their number.
    share = setting.alliance.gdp_share
    senders = np.array([[of_run[setting.senders] @ share] for of_run in loss])
    return np.hstack([loss[:, setting.targets], senders])


def exact_losses(setting: Setting, end: Ends) -> Floats:
    """Return the losses of all states in percent, (n_states,), as one run ends."""
    loss: Floats = 100.0 * (1.0 - equilibrium_at_end(setting, end)[1].welfare)
    return loss


def equilibrium_at_end(setting: Setting, end: Ends) -> tuple[Economy, Equilibrium]:
    """Return the economy at the elasticities of the day, and what becomes of it, as one run ends.

    Raises
    ------
    NotConverged
        There is no equilibrium.
    """
    balance = setting.config.economy.baseline == "balanced"
    economy = economy_at(setting.world, sector_maturity(setting, end), balance)
    given = exact_problem(setting, economy, end)
    if setting.war.closed[-1]:
        closed = closing_cost(economy, setting.closers, setting.targets)
        given = given._replace(cost=np.maximum(given.cost, closed))
    return economy, solve(economy, *given)


def exact_problem(setting: Setting, economy: Economy, end: Ends) -> Problem:
    """Return what is solved for: senders stop what they cover and hold back, others hold back."""
    seats, stopped = _stopped(setting, end)
    return problem(
        economy, stopped, end["payment_bn"], seats, setting.targets, setting.exposure.rate
    )


def _stopped(setting: Setting, end: Ends) -> tuple[Ints, Floats]:
    """Return who stops trade with the targets, and what of it, (n_seats, n_targets, 3, j)."""
    third = third_states(setting)
    stopped = stopped_after(covered_now(setting, end), end["leak"], end["held"], end["withheld"])
    of_third = np.zeros((third.size, *stopped.shape[1:]))
    held = setting.exposure.withholding[third][:, :, None, None]
    of_third[:, :, :TARIFF] = held * end["withheld_third"][:, :, None] * reluctance(setting.world)
    return np.concatenate([setting.senders, third]), np.concatenate([stopped, of_third])


def third_states(setting: Setting) -> Ints:
    """Return the positions of all states that are neither senders nor targets."""
    inside = np.concatenate([setting.senders, setting.targets])
    return np.setdiff1d(np.arange(len(setting.world.states)), inside)


def covered_now(setting: Setting, end: Ends) -> Floats:
    """Return what measures cover at the elasticities of the day, (n_senders, n_targets, 3, j)."""
    weight = setting.exposures.cover_weight(end["maturity"])[None, :, None, :]
    covered: Floats = (1.0 - weight) * end["covered"][0] + weight * end["covered"][1]
    return covered


def sector_maturity(setting: Setting, end: Ends) -> Floats:
    """Return the maturity of each sector, (n_sectors,): that of the target that loses most in it.

    In money, by measures and by what is held back. Where nothing is lost, the age of closed borders
    holds. The equilibrium has one elasticity a sector, the engine one a sector and target, and one
    for closed borders.
    """
    seats, stopped = _stopped(setting, end)
    lost_bn = np.zeros((setting.targets.size, 2, stopped.shape[-1]))
    given = writeable((stopped, seats, setting.targets, setting.exposure.flow_bn))
    trade_covered(*given, lost_bn)
    by_target = lost_bn.sum(axis=1)
    most = by_target.argmax(axis=0), np.arange(by_target.shape[1])
    chosen: Floats = end["maturity"][most]
    if setting.war.closed[-1]:
        chosen = np.where(by_target[most] > 0.0, chosen, end["closure"])
    return chosen
