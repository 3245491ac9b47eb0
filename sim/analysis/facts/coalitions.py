"""Exact equilibria of coalitions whose acts are given: what each member is worth, alone and last.

The acts are held as they are, so that what differs between coalitions is who takes part and not
what they decide. Nothing leaks, and no premium or cap is paid: as in Chowdhry, Hinz, Kamin and
Wanner (2024), whose definitions these are.
"""

from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats, Ints
from sim.economy.equilibrium import solve_many
from sim.economy.horizon import MATURE, economy_at
from sim.economy.shocks import Problem, problem
from sim.setting import Setting
from sim.sweep.progress import Progress


@dataclass(frozen=True, slots=True)
class Priced:
    """Losses in percent of real income; gains are negative."""

    together: Floats  # (n_runs, n_states) if all senders act as they do
    # (n_runs, n_states) If beside them China, or all states but the targets, do what senders do on
    # average.
    with_china: Floats
    everyone: Floats
    # (n_runs, n_senders, n_states) If each sender acts by itself, and if it alone does not.
    alone: Floats
    without: Floats


def price(setting: Setting, covered: Floats, progress: Progress | None = None) -> Priced:
    """Return the losses under coalitions of those who act.

    Parameters
    ----------
    covered : (n_runs, n_senders, n_targets, n_channels, n_sectors) float64
        Share of each sender's trade with the targets covered.
    """
    progress = progress or Progress(len(covered), "facts")
    n_senders = setting.senders.size
    each = np.eye(n_senders)[:, :, None, None, None]
    china = np.array([setting.world.index("CHN")])
    inside = np.concatenate([setting.senders, setting.targets])
    rest = np.setdiff1d(np.arange(len(setting.world.states)), inside)
    alone, without, together, wider = [], [], [], []
    for run, acts in enumerate(covered):
        with progress.part(f"coalitions of run {run}"):
            problems = np.concatenate([acts[None], each * acts, (1.0 - each) * acts])
            loss = losses(setting, setting.senders, problems)
            together.append(loss[0])
            alone.append(loss[1 : n_senders + 1])
            without.append(loss[n_senders + 1 :])
            wider.append([_joined(setting, acts, others) for others in (china, rest)])
    with_china, everyone = np.swapaxes(np.array(wider), 0, 1)
    return Priced(np.array(together), with_china, everyone, np.array(alone), np.array(without))


def _joined(setting: Setting, acts: Floats, others: Ints) -> Floats:
    """Return the losses, (n_states,), if others do what senders do on average."""
    average = np.repeat(acts.mean(axis=0)[None], others.size, axis=0)
    members = np.concatenate([setting.senders, others])
    return losses(setting, members, np.concatenate([acts, average])[None])[0]


def losses(
    setting: Setting, senders: Ints, covered: Floats, maturity: float | Floats = MATURE
) -> Floats:
    """Return exact losses in percent of real income, (n_problems, n_states).

    Parameters
    ----------
    setting : Setting
        Its world and targets.
    senders : (n_senders,) int64
        Positions among the states.
    covered : (n_problems, n_senders, n_targets, n_channels, n_sectors) float64
    maturity : float or (n_sectors,) float64
        How far trade has adjusted, in [0, 1].

    Raises
    ------
    NotConverged
        There is no equilibrium.
    """
    economy, rate = economy_at(setting.world, maturity), setting.exposure.rate
    nothing = np.zeros(len(setting.world.states))
    problems = [problem(economy, acts, nothing, senders, setting.targets, rate) for acts in covered]
    stacked = Problem(*map(np.stack, zip(*problems, strict=True)))
    return 100.0 * (1.0 - solve_many(economy, *stacked).welfare)


def embargo(
    setting: Setting,
    members: tuple[str, ...],
    maturity: float | Floats = MATURE,
    channels: tuple[int, ...] = (0, 1),
    sectors: tuple[str, ...] = (),
) -> Floats:
    """Return exact losses if some states stop trade with the first target, (n_states,).

    Parameters
    ----------
    members : tuple of str
        Who stops it.
    maturity : float or (n_sectors,) float64
        How far trade has adjusted, in [0, 1].
    channels : tuple of int
        Of `sim.economy.shocks.Channel`.
    sectors : tuple of str
        Which; all if empty.
    """
    names = setting.exposure.sectors
    chosen = [names.index(sector) for sector in sectors or names]
    covered = np.zeros((1, len(members), *setting.exposure.target_share.shape[1:]))
    for channel in channels:
        covered[0, :, 0, channel, chosen] = 1.0
    senders = np.array([setting.world.index(code) for code in members])
    return losses(setting, senders, covered, maturity)[0]
