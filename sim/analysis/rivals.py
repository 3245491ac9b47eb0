"""Any shipped rule on the person-period table, and the free parameters of the rivals.

The rule itself gives the log hazard of every row. A threshold that is drawn once for each sender
is integrated over, and so is a frailty that is drawn once for each day.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from sim.analysis.estimate import (
    FRAILTY,
    INTERCEPT,
    LINEAR,
    NORMAL_95,
    OWN_REASONS,
    READINESS,
    WEAK,
    WEEKEND,
    coefficients_of,
    rows_of,
    rule_with,
)
from sim.analysis.likelihood import (
    HALF_NORMAL,
    LARGEST,
    START,
    Floats,
    Ints,
    Rows,
    chance_of,
    log_probability,
    nodes_of,
)
from sim.config import Config, Rule
from sim.rules import clock
from sim.rules.clock import DAYS_PER_WEEK
from sim.rules.terms import Terms, Weights
from sim.setting.decision import decision_rule, weights_of

if TYPE_CHECKING:
    import pandas as pd

Flags = NDArray[np.bool_]
SHARED = {"readiness": (1.0, 1.0), "norm": (2.0, 2.0), "shock": (0.5, 0.5)}
THRESHOLDS = {"threshold_mean": (0.3, 0.3), "threshold_sd": (0.15, 0.1)}
FREE: dict[str, dict[str, tuple[float, float]]] = {
    "threshold": {INTERCEPT: (-4.0, 3.0), **SHARED, "eager": (0.0, 3.0), **THRESHOLDS},
    "expected_utility": {
        INTERCEPT: (-4.0, 3.0),
        **SHARED,
        "benefit": (0.1, 0.3),
        "choice": (10.0, 10.0),
        "conformity": (1.0, 2.0),
        **THRESHOLDS,
    },
}
OF_THE_DAY = {WEEKEND: (0.0, WEAK), FRAILTY: (0.0, HALF_NORMAL)}
LEAST = {"threshold_sd": 0.02}  # below it the grid of thresholds is too coarse
# Edges of the thresholds that are averaged over. Only one of the rules jumps at its threshold.
GRID = {
    "threshold": np.linspace(-0.5, 1.5, 41),
    "expected_utility": np.linspace(-0.5, 1.5, 17),
}


class Variant(NamedTuple):
    """What of a rule is estimated.

    Attributes
    ----------
    weekend, frailty : bool
        What all decisions of a day have in common.
    readiness : bool
        Without it the weight of a measure's readiness is 0.
    """

    weekend: bool = True
    frailty: bool = True
    readiness: bool = True

    def names(self, rule: str) -> tuple[str, ...]:
        """Return the terms of a rule that is linear in them."""
        own = OWN_REASONS if rule == "independent" else LINEAR
        kept = tuple(name for name in own if self.readiness or name != READINESS)
        return (*kept, WEEKEND) if self.weekend else kept

    def free(self, rule: str) -> dict[str, tuple[float, float]]:
        """Return mean and spread of the prior of a rival's free parameters."""
        of_the_day = {WEEKEND: self.weekend, FRAILTY: self.frailty}
        return FREE[rule] | {n: OF_THE_DAY[n] for n, asked in of_the_day.items() if asked}


WHOLE = Variant()
BLIND = Variant(readiness=False)
OF_RULES = Variant(weekend=False, frailty=False)


@dataclass(frozen=True, slots=True)
class RivalEstimate:
    """The free parameters of a rule that is not linear in them.

    Attributes
    ----------
    rule : Rule
        With the estimates in their places, and shipped values elsewhere.
    names : tuple of str, length n_free
    value, error, prior_mean, prior_spread : (n_free,)
        Mode, standard error from the curvature, and the normal prior.
    """

    rule: Rule
    names: tuple[str, ...]
    value: Floats
    error: Floats
    prior_mean: Floats
    prior_spread: Floats

    def to_frame(self) -> pd.DataFrame:
        """Return one row per parameter: 95 % interval, prior, what the dates add to it."""
        import pandas as pd

        learnt = 1.0 - (self.error / self.prior_spread) ** 2
        return pd.DataFrame(
            {
                "value": self.value,
                "low": self.value - NORMAL_95 * self.error,
                "high": self.value + NORMAL_95 * self.error,
                "prior": self.prior_mean,
                "prior_spread": self.prior_spread,
                "identified": np.where(
                    np.isnan(learnt),
                    "no: presses on its bound",
                    np.where(learnt > 0.5, "yes", "no: the prior says as much"),
                ),
            },
            index=pd.Index(self.names, name="parameter"),
        )


def estimate_rival(
    table: pd.DataFrame,
    name: str,
    start: Rule | None = None,
    errors: bool = True,
    variant: Variant = WHOLE,
) -> RivalEstimate:
    """Return the most probable free parameters of the threshold or expected-utility rule.

    Parameters
    ----------
    table : DataFrame
        Person-periods.
    name : {'threshold', 'expected_utility'}
    start : Rule, optional
        Where to begin, for instance the estimate of a larger sample.
    errors : bool
        Whether to work out standard errors, which takes as long as the estimate.
    variant : Variant
        Which of them it has.
    """
    from scipy.optimize import minimize

    free = variant.free(name)
    names = tuple(free)
    mean, spread = np.array(list(free.values())).T
    panel = panel_of(table)
    facts = {field.name: field.metadata for field in fields(Rule)}
    low = np.array([max(facts[n]["low"], LEAST.get(n, -np.inf)) for n in names])
    high = np.array([facts[n]["high"] for n in names])

    def loss(value: Floats) -> float:
        rule = _with(name, names, value)
        return -log_score(panel, rule) + 0.5 * float((((value - mean) / spread) ** 2).sum())

    first = mean if start is None else np.array([getattr(start, n) for n in names])
    if start is None and variant.frailty:
        first = np.where(np.array(names) == FRAILTY, START, first)
    bounds = list(zip(low, high, strict=True))
    found = minimize(loss, first, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-7})
    value = np.asarray(found.x, dtype=np.float64)
    inside = (value - 0.05 * spread > low) & (value + 0.05 * spread < high)
    error = np.full(len(names), np.nan)
    if errors:
        error = _errors(loss, value, spread, inside)
    return RivalEstimate(_with(name, names, value), names, value, error, mean, spread)


def rule_of(
    table: pd.DataFrame, name: str, start: Rule | None = None, variant: Variant = WHOLE
) -> Rule:
    """Return a shipped rule with the coefficients that a table gives it."""
    if name in FREE:
        return estimate_rival(table, name, start, errors=False, variant=variant).rule
    found = coefficients_of(table, variant.names(name), variant.frailty)
    return rule_with(name, {READINESS: 0.0} | found)


class Panel(NamedTuple):
    """A person-period table as arrays, for a likelihood that is asked for many times.

    Attributes
    ----------
    terms : (n_rows, n_terms) float64
        In the order of `Terms`.
    rows : Rows
    weekend : (n_rows,) float64
    actor : (n_rows,) int64
        Number of the row's actor.
    n_actors : int
    """

    terms: Floats
    rows: Rows
    weekend: Floats
    actor: Ints
    n_actors: int


def panel_of(table: pd.DataFrame) -> Panel:
    """Return a table as arrays."""
    names, actor = np.unique(table["actor"].to_numpy(dtype=str), return_inverse=True)
    terms = np.ascontiguousarray(table[list(Terms._fields)].to_numpy(dtype=np.float64))
    weekend = table["weekend"].to_numpy(dtype=np.float64)
    return Panel(terms, rows_of(table), weekend, actor.astype(np.int64), names.size)


def log_score(panel: Panel, rule: Rule) -> float:
    """Return the log probability that a rule gives to what a table saw, summed.

    Senders are independent given their thresholds and the frailties of the days, and a threshold is
    one for all acts of a sender. With thresholds and frailties both it is a lower bound: `bound`.
    """
    if rule.name not in FREE:
        return log_probability(log_hazards(panel, rule), panel.rows, rule.frailty_sd)
    mass, middle = threshold_masses(rule)
    mass, middle = mass[mass > 1e-12], middle[mass > 1e-12]
    return bound(given_both(panel, rule, middle), mass, nodes_of(rule.frailty_sd)[1])


class Given(NamedTuple):
    """What senders did, in log probability, given their thresholds and the days' frailties.

    That of a sender on a day is what is `seen` of its adoptions, less `factor` times `quiet`.

    Attributes
    ----------
    seen : (n_actors, n_busy, n_nodes, n_thresholds) float64
    busy : (n_busy,) int64
        Days with adoptions.
    quiet : (n_actors, n_days, n_thresholds) float64
        Hazards of what was not adopted.
    factor : (n_nodes,) float64
    """

    seen: Floats
    busy: Ints
    quiet: Floats
    factor: Floats


def given_both(panel: Panel, rule: Rule, middle: Floats) -> Given:
    """Return what senders did, given thresholds and frailties.

    Parameters
    ----------
    middle : (n_thresholds,) float64
        The thresholds.
    """
    node, _ = nodes_of(rule.frailty_sd)
    factor = np.exp([clock.frailty(luck, rule.frailty_sd) for luck in node])
    names, day = np.unique(panel.rows.day, return_inverse=True)
    busy = np.unique(day[panel.rows.event > 0])
    place = np.searchsorted(busy, day)
    seen = np.zeros((panel.n_actors, busy.size, node.size, middle.size))
    quiet = np.zeros((panel.n_actors, names.size, middle.size))
    added, weights = rule.weekend * panel.weekend, weights_of(Config(rule=rule))
    _give_both(rule.name)(
        panel.terms,
        weights,
        added,
        middle,
        factor,
        panel.rows,
        day,
        place,
        panel.actor,
        seen,
        quiet,
    )
    return Given(seen, busy, quiet, factor)


def bound(given: Given, mass: Floats, chance: Floats) -> float:
    """Return a lower bound of the log probability, averaged over thresholds and frailties.

    Thresholds belong to senders and frailties to days, so that the average is over all at once; the
    bound takes the two as independent given what was seen (mean field) [1]_. It is exact if
    thresholds make no difference or if there is one node, which is to say no frailty.

    Parameters
    ----------
    given : Given
    mass : (n_thresholds,) float64
    chance : (n_nodes,) float64

    References
    ----------
    .. [1] Jordan, Ghahramani, Jaakkola and Saul (1999), An introduction to variational methods for
       graphical models, Machine Learning 37.
    """
    n_actors, n_busy, n_nodes, n_thresholds = given.seen.shape
    seen = given.seen.reshape(n_actors, n_busy * n_nodes, n_thresholds)
    at, reached = np.tile(mass, (n_actors, 1)), -np.inf
    while True:
        by_day = np.log(chance) - (given.quiet @ at[:, :, None]).sum(axis=0) * given.factor
        by_day[given.busy] += (seen @ at[:, :, None]).sum(axis=0).reshape(n_busy, n_nodes)
        top = by_day.max(axis=1, keepdims=True)
        node = np.exp(by_day - top)
        total = node.sum(axis=1, keepdims=True)
        node /= total
        apart = float((at * (np.log(mass) - np.log(np.maximum(at, 1e-300)))).sum())
        before, reached = reached, float((np.log(total) + top).sum()) + apart
        if reached - before < 1e-9:
            return reached
        by_actor = np.log(mass) - (node @ given.factor) @ given.quiet
        by_actor += node[given.busy].reshape(-1) @ seen
        at = np.exp(by_actor - by_actor.max(axis=1, keepdims=True))
        at /= at.sum(axis=1, keepdims=True)


def chances(panel: Panel, rule: Rule) -> Floats:
    """Return the chance that each row sees an adoption, averaged over thresholds, (n_rows,)."""
    mass, middle = threshold_masses(rule) if rule.name in FREE else (np.ones(1), np.zeros(1))
    chance = np.zeros(len(panel.terms))
    for share, threshold in zip(mass, middle, strict=True):
        eta = log_hazards(panel, rule, threshold)
        chance += share * chance_of(eta, panel.rows, rule.frailty_sd)
    return chance


def threshold_masses(rule: Rule) -> tuple[Floats, Floats]:
    """Return the chance of each cell of the grid of thresholds, and its middle.

    The logistic of `sim.rules.terms.threshold_of`; the outer cells take the tails.
    """
    grid = GRID[rule.name]
    scale = max(rule.threshold_sd, 1e-6) * np.sqrt(3.0) / np.pi
    below = 1.0 / (1.0 + np.exp(-np.clip((grid - rule.threshold_mean) / scale, -700, 700)))
    below[0], below[-1] = 0.0, 1.0
    return np.diff(below), (grid[1:] + grid[:-1]) / 2.0


def log_hazards(panel: Panel, rule: Rule, threshold: float = 0.0) -> Floats:
    """Return the log hazard per week that a rule gives each row, (n_rows,), without a frailty.

    Parameters
    ----------
    threshold : float
        Share of peers at which the senders follow, if the rule asks.
    """
    eta: Floats = _column_of(rule.name)(panel.terms, weights_of(Config(rule=rule)), threshold)
    return eta + rule.weekend * panel.weekend


@lru_cache
def _row_of(name: str) -> Any:
    """Return a compiled shipped rule of one row of terms, at a threshold."""
    decide: Any = decision_rule(Rule(name=name))

    @nb.njit(error_model="numpy")
    def row(t: Floats, weights: Weights, threshold: float) -> float:
        weighed = Terms(
            t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11], t[12],
            t[13], t[14], t[15], threshold,
        )  # fmt: skip
        eta: float = decide(weighed, weights)
        return eta

    return row


@lru_cache
def _column_of(name: str) -> Callable[[Floats, Weights, float], Floats]:
    """Return a compiled loop of a shipped rule over rows of terms."""
    log_hazard = _row_of(name)

    @nb.njit(error_model="numpy")
    def column(terms: Floats, weights: Weights, threshold: float) -> Floats:
        eta = np.empty(terms.shape[0])
        for row in range(terms.shape[0]):
            eta[row] = log_hazard(terms[row], weights, threshold)
        return eta

    return column


@lru_cache
def _give_both(name: str) -> Callable[..., None]:
    """Return a compiled sum of `log_likelihoods` by actor, day, frailty and threshold.

    It adds what adoptions say to `seen`, at the `place` of their day among those with any, and the
    hazards of what was not adopted to `quiet`.
    """
    log_hazard = _row_of(name)

    @nb.njit(error_model="numpy")
    def give(
        terms: Floats,
        weights: Weights,
        added: Floats,
        middle: Floats,
        factor: Floats,
        rows: Rows,
        day: Ints,
        place: Ints,
        actor: Ints,
        seen: Floats,
        quiet: Floats,
    ) -> None:
        for row in range(terms.shape[0]):
            i, weight = actor[row], rows.weight[row]
            for m in range(middle.size):
                eta = log_hazard(terms[row], weights, middle[m]) + added[row]
                calm = math.exp(min(max(eta, -60.0), LARGEST)) * rows.days[row] / DAYS_PER_WEEK
                if rows.event[row] == 0.0:
                    quiet[i, day[row], m] += weight * calm
                    continue
                for k in range(factor.size):
                    chance = -math.expm1(-calm * factor[k])
                    seen[i, place[row], k, m] += weight * math.log(max(chance, 1e-300))

    return give


def _with(name: str, names: tuple[str, ...], value: Floats) -> Rule:
    """Return a rule with some parameters set; its other own reasons keep their shipped values."""
    return rule_with(name, dict(zip(names, value.tolist(), strict=True)))


def _errors(
    loss: Callable[[Floats], float], value: Floats, spread: Floats, inside: Flags
) -> Floats:
    """Return standard errors from the curvature of the log posterior, by central differences.

    Those of parameters that press on a bound are nan, and the others' are given these.
    """
    step = 0.02 * spread[inside]
    size = step.size
    unit = np.eye(value.size)[inside]
    curvature = np.zeros((size, size))
    for i in range(size):
        for j in range(i, size):
            a, b = unit[i] * step[i], unit[j] * step[j]
            corners = loss(value + a + b) - loss(value + a - b) - loss(value - a + b)
            second = (corners + loss(value - a - b)) / (4.0 * step[i] * step[j])
            curvature[i, j] = curvature[j, i] = second
    variance = np.diag(np.linalg.pinv(curvature, hermitian=True))
    error = np.full(value.size, np.nan)
    error[inside] = np.sqrt(np.where(variance > 0.0, variance, spread[inside] ** 2))
    return error
