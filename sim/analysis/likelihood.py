"""The likelihood of grouped survival data with a frailty of the day, and its mode.

Rows are person-periods. The chance that a row sees the event is 1 - exp(-exp(eta) days / 7) at the
log hazard eta per week [1]_: `sim.rules.clock.probability`, for whole columns at once. The rows of
one day may share a normal part of the log hazard, a frailty of mean 1 [2]_: what a day saw is then
scored as a whole, averaged over the frailty, so that no outcome of a day is looked at to foretell
another. At a spread of 0 rows are independent.

References
----------
.. [1] Prentice and Gloeckler (1978), Biometrics 34, 57-67.
.. [2] Hougaard (2000), Analysis of Multivariate Survival Data, Springer.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules import clock
from sim.rules.clock import DAYS_PER_WEEK

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LARGEST = 30.0  # log of the largest summed hazard: beyond, the event is certain
ROUNDS = 100
NODES, FURTHEST = 33, 4.8  # of the frailty's standard normal
WIDEST = 3.0  # of the frailty's spread: beyond, the nodes are too far apart
HALF_NORMAL = 1.5  # scale of the prior of the frailty's spread
NARROWEST = 0.01  # of its spread: at 0 the slope is 0 whatever the dates
START = 0.7  # spread at which its search begins


class Rows(NamedTuple):
    """The outcome side of a person-period table.

    Attributes
    ----------
    event : (n_rows,) float64
        1 where the act was announced in the period, else 0.
    days : (n_rows,) float64
        Length of the period.
    weight : (n_rows,) float64
    day : (n_rows,) int64
        First day of the period: rows of one day share a frailty.
    """

    event: Floats
    days: Floats
    weight: Floats
    day: Ints


class Prior(NamedTuple):
    """What is thought of each coefficient before the dates are seen.

    Attributes
    ----------
    mean, spread : (n_terms,) float64
        Independent normals: infinite spread for no opinion; zero holds a coefficient at its mean.
    frailty : bool
        Whether the days may have a frailty, with a half-normal prior of its spread; else none.
    """

    mean: Floats
    spread: Floats
    frailty: bool = False

    def precision(self) -> Floats:
        """Return one over the variance, (n_terms,); 0 where the coefficient is held."""
        held = self.spread == 0.0
        return np.where(held, 0.0, 1.0 / np.where(held, 1.0, self.spread) ** 2)


class Mode(NamedTuple):
    """The mode of a posterior and its curvature.

    Attributes
    ----------
    value : (n_terms,) float64
    frailty_sd : float
        Spread of the frailty, 0 without one.
    covariance : (n_terms + 1, n_terms + 1) float64
        Inverse of the curvature (Laplace), the spread last; zero rows for what is held.
    log_likelihood : float
        At the mode, without the prior.
    """

    value: Floats
    frailty_sd: float
    covariance: Floats
    log_likelihood: float


class Slopes(NamedTuple):
    """How the score of the days changes with the coefficients and the frailty's spread, in order.

    Attributes
    ----------
    first : (n_terms + 1,) float64
    second : (n_terms + 1, n_terms + 1) float64
    """

    first: Floats
    second: Floats


class _Days(NamedTuple):
    """What the days saw at each node of the frailty.

    The hazards of what was not adopted add up, whatever the node, so that only adoptions are looked
    at node by node.

    Attributes
    ----------
    node, factor : (n_nodes,) float64
        Standard normal, and what it makes of a hazard.
    member : (n_rows,) int64
        Number of each row's day.
    acts : (n_acts,) int64
        Rows with an adoption.
    hazard : (n_acts, n_nodes) float64
        Their summed hazard.
    still : (n_rows,) float64
        Summed hazard of the other rows times their weight, without a frailty; 0 for adoptions.
    quiet : (n_days,) float64
        Its sum over the rows of a day.
    weight : (n_days, n_nodes) float64
        Chance of the node, given what the day saw.
    score : float
        Log probability of what the days saw, summed.
    """

    node: Floats
    factor: Floats
    member: Ints
    acts: Ints
    hazard: Floats
    still: Floats
    quiet: Floats
    weight: Floats
    score: float

    def mean(self, of_still: Floats, of_acts: Floats, by_node: Floats) -> Floats:
        """Return the mean over the frailty of something of each row times something of the node.

        Parameters
        ----------
        of_still : (n_rows,) float64
            At a factor of 1, with which it grows.
        of_acts : (n_acts, n_nodes) float64
            The same of adoptions.
        by_node : (n_nodes,) float64
        """
        mean: Floats = of_still * (self.weight @ (self.factor * by_node))[self.member]
        mean[self.acts] = (self.weight[self.member[self.acts]] * of_acts) @ by_node
        return mean


def log_likelihoods(eta: Floats, rows: Rows) -> Floats:
    """Return the log probability of what each row saw, times its weight, without a frailty.

    Parameters
    ----------
    eta : (n_rows,) float64
        Log hazard per week.
    rows : Rows
    """
    hazard = _summed_hazard(eta, rows.days)
    adopted = np.log(np.maximum(-np.expm1(-hazard), 1e-300))
    return rows.weight * np.where(rows.event > 0, adopted, -hazard)


def log_probability(eta: Floats, rows: Rows, frailty_sd: float = 0.0) -> float:
    """Return the log probability of what each day saw as a whole, summed.

    Parameters
    ----------
    eta : (n_rows,) float64
        Log hazard per week without the frailty.
    rows : Rows
    frailty_sd : float
        Spread of the frailty, >= 0.
    """
    return _days_of(eta, rows, frailty_sd).score


def chance_of(eta: Floats, rows: Rows, frailty_sd: float = 0.0) -> Floats:
    """Return the chance that each row sees the event, averaged over the frailty, (n_rows,)."""
    chance: Floats = np.zeros(eta.size)
    for node, mass in zip(*nodes_of(frailty_sd), strict=True):
        moved = eta + clock.frailty(node, frailty_sd)
        chance += mass * -np.expm1(-_summed_hazard(moved, rows.days))
    return chance


def nodes_of(frailty_sd: float) -> tuple[Floats, Floats]:
    """Return the nodes of the frailty's standard normal and their chances, each (n_nodes,).

    Equal steps, the trapezoid rule: on a day of many adoptions what is averaged is narrow, and such
    steps are nearer to one another in the middle than those of Gauss and Hermite.
    """
    if frailty_sd == 0.0:
        return np.zeros(1), np.ones(1)
    node = np.linspace(-FURTHEST, FURTHEST, NODES)
    mass = np.exp(-0.5 * node**2)
    return node, mass / mass.sum()


def slopes_of_days(terms: Floats, value: Floats, rows: Rows, frailty_sd: float) -> Slopes:
    """Return how `log_probability` changes with coefficients and spread.

    Notes
    -----
    With p the chances of the nodes given what a day saw, s the day's slope and c its curvature at
    a node, the slope is the mean of s under p and the curvature the mean of c + s s' less the
    square of the slope.
    """
    days = _days_of(terms @ value, rows, frailty_sd)
    pull, bend = _pull(days.hazard) * rows.weight[days.acts, None]
    on, per_spread, ones = days.member[days.acts], days.node - frailty_sd, np.ones(days.node.size)
    n_days, n_terms = days.quiet.size, value.size

    bare = np.zeros((n_days, n_terms))
    np.add.at(bare, days.member, terms * days.still[:, None])
    own = np.empty((n_days, days.node.size, n_terms + 1))
    own[:, :, :-1] = -days.factor[:, None] * bare[:, None, :]
    np.add.at(own[:, :, :-1], on, pull[:, :, None] * terms[days.acts][:, None, :])
    by_eta = -days.factor * days.quiet[:, None]
    twice = by_eta.copy()
    np.add.at(by_eta, on, pull)
    np.add.at(twice, on, bend)
    own[:, :, -1] = per_spread * by_eta

    mean = np.einsum("dk,dki->di", days.weight, own)
    flat = own.reshape(-1, n_terms + 1)
    second = (flat * days.weight.reshape(-1, 1)).T @ flat - mean.T @ mean
    second[:-1, :-1] += (terms * days.mean(-days.still, bend, ones)[:, None]).T @ terms
    tilted = days.mean(-days.still, bend, per_spread) @ terms
    second[-1, :-1] += tilted
    second[:-1, -1] += tilted
    # Eta falls with half the square of the spread.
    second[-1, -1] += float((days.weight * (twice * per_spread**2 - by_eta)).sum())
    return Slopes(mean.sum(axis=0), second)


def mode(terms: Floats, rows: Rows, prior: Prior) -> Mode:
    """Return the most probable coefficients, and spread of the frailty, by Newton's method.

    At any one spread the log posterior is concave in the coefficients, so there is one mode and
    every start finds it; in both it need not be.

    Parameters
    ----------
    terms : (n_rows, n_terms) float64
        A column of ones for the intercept; what is subtracted has its sign turned.
    rows : Rows
    prior : Prior
    """
    mean, precision = np.r_[prior.mean, 0.0], np.r_[prior.precision(), HALF_NORMAL**-2]
    free = np.r_[prior.spread > 0.0, prior.frailty]
    at = np.r_[prior.mean, 0.0]
    if prior.frailty:
        at = np.r_[mode(terms, rows, prior._replace(frailty=False)).value, START]

    def height(at: Floats) -> float:
        penalty = 0.5 * float(precision @ (at - mean) ** 2)
        return log_probability(terms @ at[:-1], rows, float(at[-1])) - penalty

    def within(at: Floats) -> Floats:
        return np.r_[at[:-1], np.clip(at[-1], NARROWEST, WIDEST)] if prior.frailty else at

    reached, curvature = height(at), np.eye(int(free.sum()))
    for _ in range(ROUNDS):
        first, second = slopes_of_days(terms, at[:-1], rows, float(at[-1]))
        gradient = (first - precision * (at - mean))[free]
        curvature = -second[np.ix_(free, free)] + np.diag(precision[free])
        curvature += 1e-9 * np.eye(gradient.size)
        step = np.zeros_like(at)
        step[free] = _newton(curvature, gradient)
        length, before = 1.0, reached
        while (reached := height(within(at + length * step))) < before and length > 1e-8:
            length /= 2.0
        at = within(at + length * step)
        if reached - before < 1e-9:
            break
    if prior.frailty and not NARROWEST < at[-1] < WIDEST:  # it is held there
        free[-1], curvature = False, curvature[:-1, :-1]
        at[-1] = 0.0 if at[-1] == NARROWEST else WIDEST
    covariance = np.zeros((at.size, at.size))
    covariance[np.ix_(free, free)] = np.linalg.inv(curvature)
    sd = float(at[-1])
    return Mode(at[:-1], sd, covariance, log_probability(terms @ at[:-1], rows, sd))


def bounded_mode(terms: Floats, rows: Rows, prior: Prior, low: Floats, high: Floats) -> Mode:
    """Return the mode among coefficients within bounds; those that press on one are held there.

    Parameters
    ----------
    low, high : (n_terms,) float64
    """
    while True:
        found = mode(terms, rows, prior)
        outside = (found.value < low) | (found.value > high)
        if not outside.any():
            return found
        mean = np.where(outside, np.clip(found.value, low, high), prior.mean)
        prior = Prior(mean, np.where(outside, 0.0, prior.spread), prior.frailty)


def clustered(
    terms: Floats, rows: Rows, found: Mode, cluster: NDArray[Any], by_day: bool = False
) -> Floats:
    """Return standard errors that allow rows of one cluster to go together, (n_terms + 1,).

    The sandwich of curvature and summed slopes, times G / (G - 1) for few clusters G. A row's slope
    is its mean over the frailty, given what its day saw. The last entry is the frailty's spread. It
    is nan where no variance is left, for what is held and where the slopes of a day cancel.

    Parameters
    ----------
    cluster : (n_rows,)
        Names of the clusters.
    by_day : bool
        Whether rows of one day go together too [1]_, as they do under a frailty: their slopes then
        cancel across clusters, and clusters alone would overstate the errors.

    References
    ----------
    .. [1] Cameron, Gelbach and Miller (2011), Robust inference with multiway clustering, Journal of
       Business and Economic Statistics 29.
    """
    days = _days_of(terms @ found.value, rows, found.frailty_sd)
    pull = _pull(days.hazard)[0] * rows.weight[days.acts, None]
    first = days.mean(-days.still, pull, np.ones(days.node.size))
    last = days.mean(-days.still, pull, days.node - found.frailty_sd)
    slope = np.column_stack([terms * first[:, None], last])
    _, member = np.unique(cluster, return_inverse=True)
    filling = _squares(slope, member)
    if by_day:
        _, both = np.unique(member * days.quiet.size + days.member, return_inverse=True)
        filling += _squares(slope, days.member) - _squares(slope, both)
    variance = np.diag(found.covariance @ filling @ found.covariance)
    return np.sqrt(np.where(variance > 0.0, variance, np.nan))


def _squares(slope: Floats, member: Ints) -> Floats:
    """Return the summed squares of the clusters' slopes, (n_terms + 1, n_terms + 1)."""
    n_clusters = int(member.max()) + 1
    total = np.zeros((n_clusters, slope.shape[1]))
    np.add.at(total, member, slope)
    squares: Floats = total.T @ total * (n_clusters / max(n_clusters - 1, 1))
    return squares


def _days_of(eta: Floats, rows: Rows, frailty_sd: float) -> _Days:
    node, mass = nodes_of(frailty_sd)
    factor = np.exp([clock.frailty(luck, frailty_sd) for luck in node])
    names, member = np.unique(rows.day, return_inverse=True)
    hazard = _summed_hazard(eta, rows.days)
    acts = np.flatnonzero(rows.event > 0)
    still = np.where(rows.event > 0, 0.0, rows.weight * hazard)
    quiet = np.bincount(member, still, names.size).astype(np.float64)
    of_acts = np.maximum(hazard[acts, None] * factor, 1e-300)
    given = -quiet[:, None] * factor
    adopted = np.log(np.maximum(-np.expm1(-of_acts), 1e-300))
    np.add.at(given, member[acts], rows.weight[acts, None] * adopted)
    top = given.max(axis=1, keepdims=True)
    weight = np.exp(given - top) * mass
    total = weight.sum(axis=1, keepdims=True)
    score = float((np.log(total) + top).sum())
    return _Days(node, factor, member, acts, of_acts, still, quiet, weight / total, score)


def _pull(hazard: Floats) -> Floats:
    """Return slope and curvature of the log chance of an event by its log hazard, stacked."""
    pull = hazard * np.exp(-hazard) / -np.expm1(-hazard)
    return np.stack([pull, pull * (1.0 - hazard - pull)])


def _newton(curvature: Floats, gradient: Floats) -> Floats:
    """Return Newton's step or, where the posterior is not concave, one that leads upwards."""
    bend, axes = np.linalg.eigh(curvature)
    step: Floats = axes @ (axes.T @ gradient / np.maximum(np.abs(bend), 1e-9))
    return step


def _summed_hazard(eta: Floats, days: Floats) -> Floats:
    return np.exp(np.clip(eta + np.log(days / DAYS_PER_WEEK), -LARGEST * 2, LARGEST))
