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

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.arrays import Flags, Floats, Ints
from sim.compiled import kernel
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
    """What each person-day saw, and the groups whose rows share a shock.

    Attributes
    ----------
    event : (n_rows,) bool
        The act was announced that day.
    weight : (n_rows,) float64
    order : (n_rows,) int64
        Rows sorted by day and group.
    first_row : (n_groups + 1,) int64
        Where each group begins among the sorted rows.
    first_group : (n_days + 1,) int64
        Where each day begins among the groups.
    kind : (n_groups,) int64
        `PACKAGE` or `AGENDA`.
    """

    event: Flags
    weight: Floats
    order: Ints
    first_row: Ints
    first_group: Ints
    kind: Ints


class Slopes(NamedTuple):
    """Log probability of what the days saw, summed, and how it changes.

    Attributes
    ----------
    score : float
    of_eta : (n_rows,) float64
        By the log hazard of each row.
    of_spread : (3,) float64
        By the spreads, in the order of `Spreads`.
    """

    score: float
    of_eta: Floats
    of_spread: Floats


def rows_of(event: Floats, weight: Floats, day: Ints, package: Ints, agenda: Ints) -> Rows:
    """Return rows in their groups.

    Parameters
    ----------
    event, weight : (n_rows,) float64
    day : (n_rows,) int64
    package : (n_rows,) int64
        Number of the act of a row whose actor sits at a table of leaders or ministers, else -1.
    agenda : (n_rows,) int64
        Number of the row's actor.
    """
    kind = np.where(package >= 0, PACKAGE, AGENDA)
    group = np.where(package >= 0, package, agenda)
    order = np.lexsort((group, kind, day))
    keys = np.stack([day, kind, group])[:, order]
    new_group = np.r_[True, (np.diff(keys) != 0).any(axis=0)] if order.size else np.zeros(0, bool)
    first_row = np.flatnonzero(new_group)
    day_of_group = keys[0, first_row]
    new_day = np.r_[True, np.diff(day_of_group) != 0] if first_row.size else np.zeros(0, bool)
    return Rows(
        event=event > 0,
        weight=weight.astype(np.float64),
        order=order.astype(np.int64),
        first_row=np.r_[first_row, order.size].astype(np.int64),
        first_group=np.r_[np.flatnonzero(new_day), first_row.size].astype(np.int64),
        kind=keys[1, first_row].astype(np.int64),
    )


def log_probability(eta: Floats, rows: Rows, spreads: Spreads) -> float:
    """Return the log probability of what the days saw, summed."""
    return slopes(eta, rows, spreads).score


def slopes(eta: Floats, rows: Rows, spreads: Spreads) -> Slopes:
    """Return the log probability of what the days saw and its slopes.

    Parameters
    ----------
    eta : (n_rows,) float64
        Log hazard per week without the shocks.
    rows : Rows
    spreads : Spreads
    """
    hazard = np.exp(np.clip(eta, -2.0 * LARGEST, LARGEST)) / DAYS_PER_WEEK
    node, mass = nodes()
    spread = np.array(spreads, dtype=np.float64)
    factor = np.exp(spread[:, None] * node - spread[:, None] ** 2 / 2.0)
    score, of_eta, of_spread = _nested(hazard, *rows, node, np.log(mass), factor, spread)
    return Slopes(score, of_eta, of_spread)


def nodes() -> tuple[Floats, Floats]:
    """Return nodes of a standard normal and their chances, each (n_nodes,): the trapezoid rule."""
    node = np.linspace(-FURTHEST, FURTHEST, NODES)
    mass = np.exp(-0.5 * node**2)
    return node, mass / mass.sum()


@kernel
def _nested(  # type: ignore[no-untyped-def]
    hazard, event, weight, order, first_row, first_group, kind, node, log_mass, factor, spread
):
    """Return score and slopes by quadrature over the shock of a day and, within it, of a group.

    Given both shocks rows are independent. The slope of a mean is the mean of the slopes under the
    chances that the nodes have given what was seen.
    """
    n_nodes = node.size
    of_eta, of_spread, score = np.zeros(hazard.size), np.zeros(3), 0.0
    value, mass = np.empty(n_nodes), np.exp(log_mass)
    for t in range(first_group.size - 1):
        begin, end = first_group[t], first_group[t + 1]
        n_groups = end - begin
        given_day = log_mass.copy()  # log probability of the day's rows at each node of its shock
        mean_factor = np.zeros((n_groups, n_nodes))  # both shocks, over the nodes of the group
        by_level = np.zeros((n_groups, n_nodes))  # slope by the common level of a group's rows
        by_spread = np.zeros((n_groups, n_nodes))
        row_begin, row_end = first_row[begin], first_row[end]
        pull = np.zeros((row_end - row_begin, n_nodes))  # slopes of rows with an event
        for g in range(n_groups):
            shock = kind[begin + g]
            rows = order[first_row[begin + g] : first_row[begin + g + 1]]
            base = first_row[begin + g] - row_begin
            quiet = 0.0  # summed hazard of what was not announced
            acts = np.empty(rows.size, dtype=np.int64)
            n_acts = 0
            for i in range(rows.size):
                if event[rows[i]]:
                    acts[n_acts] = i
                    n_acts += 1
                else:
                    quiet += weight[rows[i]] * hazard[rows[i]]
            for d in range(n_nodes):
                for k in range(n_nodes):
                    both = factor[DAY, d] * factor[shock, k]
                    value[k] = -quiet * both
                    for i in acts[:n_acts]:
                        chance = -np.expm1(-hazard[rows[i]] * both)
                        value[k] += weight[rows[i]] * np.log(max(chance, TINY))
                top = value.max()
                total = mean = spread_mean = 0.0
                for k in range(n_nodes):
                    value[k] = mass[k] * np.exp(value[k] - top)
                    total += value[k]
                    mean += value[k] * factor[shock, k]
                    spread_mean += value[k] * factor[shock, k] * (node[k] - spread[shock])
                given_day[d] += top + np.log(total)
                mean_factor[g, d] = factor[DAY, d] * mean / total
                by_level[g, d] = -quiet * mean_factor[g, d]
                by_spread[g, d] = -quiet * factor[DAY, d] * spread_mean / total
                for i in acts[:n_acts]:
                    for k in range(n_nodes):
                        x = hazard[rows[i]] * factor[DAY, d] * factor[shock, k]
                        slope = weight[rows[i]] * (x / np.expm1(x) if x > 1e-8 else 1.0)
                        slope *= value[k] / total
                        pull[base + i, d] += slope
                        by_level[g, d] += slope
                        by_spread[g, d] += slope * (node[k] - spread[shock])
        top = given_day.max()
        chance_of_node = np.exp(given_day - top)
        total = chance_of_node.sum()
        score += top + np.log(total)
        chance_of_node /= total
        for g in range(n_groups):
            of_spread[DAY] += (chance_of_node * by_level[g] * (node - spread[DAY])).sum()
            of_spread[kind[begin + g]] += (chance_of_node * by_spread[g]).sum()
            mean = (chance_of_node * mean_factor[g]).sum()
            for i in range(first_row[begin + g], first_row[begin + g + 1]):
                row = order[i]
                if event[row]:
                    of_eta[row] = (chance_of_node * pull[i - row_begin]).sum()
                else:
                    of_eta[row] = -weight[row] * hazard[row] * mean
    return score, of_eta, of_spread
