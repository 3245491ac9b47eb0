"""The likelihood of grouped survival data with shocks that the decisions of a day share.

Rows are person-days. The chance that a row sees the event is 1 - exp(-exp(eta) / 7) at the log
hazard eta per week [1]_. To eta come normal shocks whose factor on the hazard has mean 1: one of
the day for all its rows and, nested in it, one of the row's group: an act at a table of leaders or
ministers (a package), or what one government decides elsewhere that day (its agenda) [2]_. What a
day saw is scored as a whole, averaged over its shocks, so that no outcome of a day is looked at to
foretell another.

References
----------
.. [1] Prentice and Gloeckler (1978), Biometrics 34, 57-67.
.. [2] Hougaard (2000), Analysis of Multivariate Survival Data, Springer, ch. 7 and 9.
"""

from typing import NamedTuple

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.rules.clock import DAYS_PER_WEEK

DAY, PACKAGE, AGENDA = range(3)  # the shocks, in the order of `Spreads`
NODES, FURTHEST = 19, 4.5  # equal steps of a standard normal: narrower in the middle than Gauss's
LARGEST = 30.0  # of a log hazard: beyond, the event is certain
TINY = 1e-300


class Spreads(NamedTuple):
    """Standard deviations of the shocks in the log hazard, each >= 0."""

    frailty_sd: float = 0.0
    package_sd: float = 0.0
    agenda_sd: float = 0.0


class Rows(NamedTuple):
    """What each person-day saw, and the groups whose rows share a shock."""

    event: Flags  # (n_rows,) the act was announced that day
    weight: Floats  # (n_rows,)
    group: Ints  # (n_rows,)
    kind: Ints  # (n_groups,) `PACKAGE` or `AGENDA`
    day: Ints  # (n_groups,) number of the day among those of the rows; groups are in its order
    times: Floats  # (n_days,) how many days like it a day stands for


class Slopes(NamedTuple):
    """Log probability of what the days saw, and how its sum changes."""

    by_day: Floats  # (n_days,)
    of_eta: Floats  # (n_rows,) by the log hazard of each row
    of_spread: Floats  # (3,) by the spreads, in the order of `Spreads`

    @property
    def score(self) -> float:
        """Log probability of all days."""
        return float(self.by_day.sum())


def rows_of(
    event: Floats,
    weight: Floats,
    day: Ints,
    package: Ints,
    agenda: Ints,
    times: Floats | float = 1.0,
) -> Rows:
    """Return rows in their groups.

    Parameters
    ----------
    event, weight : (n_rows,) float64
    day : (n_rows,) int64
    package : (n_rows,) int64
        Number of the act of a row whose actor sits at a table of leaders or ministers, else -1.
    agenda : (n_rows,) int64
        Number of the row's actor.
    times : (n_rows,) float64, or one for all
        How many days its day stands for: the same for all rows of a day.
    """
    kind = np.where(package >= 0, PACKAGE, AGENDA)
    member = np.where(package >= 0, package, agenda)
    groups, group = np.unique(np.stack([day, kind, member]), axis=1, return_inverse=True)
    days = np.unique(groups[0], return_inverse=True)[1]
    stands_for = np.broadcast_to(times, day.shape)[np.unique(day, return_index=True)[1]]
    return Rows(event > 0, weight.astype(np.float64), group.ravel(), groups[1], days, stands_for)


def nodes() -> tuple[Floats, Floats]:
    """Return nodes of a standard normal and their chances, each (n_nodes,): the trapezoid rule."""
    node = np.linspace(-FURTHEST, FURTHEST, NODES)
    mass = np.exp(-0.5 * node**2)
    return node, mass / mass.sum()


def slopes(eta: Floats, rows: Rows, spreads: Spreads) -> Slopes:
    """Return the log probability of what the days saw and its slopes.

    Parameters
    ----------
    eta : (n_rows,) float64
        Log hazard per week without the shocks.

    Notes
    -----
    Quadrature over the shock of a day and, within it, of a group. Given both, rows are independent.
    The slope of a mean is the mean of the slopes under the chances that the nodes have given what
    was seen.
    """
    hazard = np.exp(np.clip(eta, -2.0 * LARGEST, LARGEST)) / DAYS_PER_WEEK
    node, mass = nodes()
    spread = np.array(spreads, dtype=np.float64)[:, None]
    factor, by_spread = np.exp(spread * node - spread**2 / 2.0), node - spread
    quiet = np.where(rows.event, 0.0, rows.weight * hazard)
    waited = np.outer(factor[DAY], np.bincount(rows.group, quiet, rows.kind.size))
    found = np.empty((4, *waited.shape))
    for shock in (PACKAGE, AGENDA):
        own = rows.kind == shock
        found[:, :, own] = _quiet_groups(waited[:, own], factor[shock], by_spread[shock], mass)
    acts = np.flatnonzero(rows.event)
    acts = acts[np.argsort(rows.group[acts], kind="stable")]
    if acts.size:
        groups, first, place = np.unique(rows.group[acts], return_index=True, return_inverse=True)
        shocks = factor[rows.kind[groups]], by_spread[rows.kind[groups]]
        x = np.multiply.outer(hazard[acts], factor[DAY])[:, :, None] * shocks[0][place, None, :]
        sums = _Acts(x, rows.weight[acts], first, place)
        found[:, :, groups], of_acts = _groups_with_acts(waited[:, groups].T, sums, *shocks, mass)
    log_chance, mean, of_level, of_own = found
    first_group = np.flatnonzero(np.diff(rows.day, prepend=-1))
    at_node = np.log(mass)[:, None] + np.add.reduceat(log_chance, first_group, axis=1)
    top = at_node.max(axis=0)
    posterior = np.exp(at_node - top)
    total = posterior.sum(axis=0)
    posterior = (posterior / total * rows.times)[:, rows.day]
    of_eta = -quiet * (factor[DAY] @ (posterior * mean))[rows.group]
    if acts.size:
        of_eta[acts] = (posterior[:, rows.group[acts]].T * of_acts).sum(axis=1)
    by_kind = np.bincount(rows.kind, (posterior * of_own).sum(axis=0), len(Spreads._fields))
    of_spread = by_kind.astype(np.float64)
    of_spread[DAY] = by_spread[DAY] @ (posterior * of_level).sum(axis=1)
    return Slopes(rows.times * (top + np.log(total)), of_eta, of_spread)


class _Acts(NamedTuple):
    """Announcements, sorted by group."""

    hazard: Floats  # (n_acts, n_nodes, n_nodes) by the nodes of the day's shock and of the group's
    weight: Floats  # (n_acts,)
    first: Ints  # (n_groups,) where each group begins
    group: Ints  # (n_acts,)


def _quiet_groups(waited: Floats, factor: Floats, by_spread: Floats, mass: Floats) -> Floats:
    """Return how groups without an announcement do, by the nodes of the day's shock.

    Parameters
    ----------
    waited : (n_nodes, n_groups) float64
        Hazard summed over their rows, without the group's shock.
    factor, by_spread, mass : (n_nodes,) float64
        Of the group's shock: on the hazard, the slope of its log by the spread, the chance.

    Returns
    -------
    (4, n_nodes, n_groups) float64
        Log probability of what was seen, the mean of the group's factor given it, and the slopes by
        the level of the group's log hazards and by the spread of its shock.
    """
    chance = np.multiply.outer(factor[0] - factor, waited.ravel())
    np.exp(chance, out=chance)
    weights = mass * np.stack([np.ones_like(factor), factor, factor * by_spread])
    total, mean, slope = (weights @ chance).reshape(3, *waited.shape)
    mean /= total
    return np.stack(
        [np.log(total) - waited * factor[0], mean, -waited * mean, -waited * slope / total]
    )


def _groups_with_acts(
    waited: Floats, acts: _Acts, factor: Floats, by_spread: Floats, mass: Floats
) -> tuple[Floats, Floats]:
    """Return the same of groups with announcements, and the slope by the log hazard of each act.

    Parameters
    ----------
    waited : (n_groups, n_nodes) float64
    factor, by_spread : (n_groups, n_nodes) float64
    mass : (n_nodes,) float64
    """
    weight, quiet = acts.weight[:, None, None], -waited[:, :, None] * factor[:, None, :]
    chance = np.maximum(-np.expm1(-acts.hazard), TINY)
    value = np.add.reduceat(weight * np.log(chance), acts.first) + quiet
    top = value.max(axis=2, keepdims=True)
    posterior = np.exp(value - top) * mass
    total = posterior.sum(axis=2, keepdims=True)
    posterior /= total
    slope = weight * acts.hazard * (1.0 / chance - 1.0)  # h / (exp(h) - 1)
    level = posterior * (np.add.reduceat(slope, acts.first) + quiet)
    found = [
        (top + np.log(total))[:, :, 0],
        (posterior @ factor[:, :, None])[:, :, 0],
        level.sum(axis=2),
        (level @ by_spread[:, :, None])[:, :, 0],
    ]
    return np.stack(found).swapaxes(1, 2), (posterior[acts.group] * slope).sum(axis=2)
