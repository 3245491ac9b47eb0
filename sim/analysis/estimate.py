"""The coefficients of any of the four rules from the person-period table: one estimator.

The rule itself, compiled, gives the log hazard of every row; the likelihood averages over the
shocks that the decisions of a day share; priors and normal effects of measures and senders hold
what the dates do not say. The mode is found by L-BFGS-B, within the bounds of the schema.

How far effects spread is estimated with them, by the EM algorithm [1]_: the variance is the mean of
the squared effects and of their own variances (Laplace). A measure or sender that was not learnt
from is taken as an average one.

A sender's threshold is drawn once for all its acts. Here the hazard of each row is averaged over
the thresholds, row by row, as if it were drawn anew: what a sender's past says about its own
threshold is not used.

References
----------
.. [1] Dempster, Laird and Rubin (1977), Maximum likelihood from incomplete data via the EM
   algorithm, Journal of the Royal Statistical Society B 39.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numba as nb
import numpy as np

from sim.analysis.likelihood import (
    Floats,
    Ints,
    Rows,
    Slopes,
    Spreads,
    log_probability,
    nodes,
    rows_of,
    slopes,
)
from sim.analysis.priors import (
    EFFECTS,
    FREE,
    PRIORS,
    SPREADS,
    WAVE,
    WEEKEND,
    bounds_of,
)
from sim.config import Rule
from sim.rules.terms import Terms, Weights
from sim.setting.alliance import ALL_SENDERS
from sim.setting.decision import decision_rule

if TYPE_CHECKING:
    import pandas as pd

NORMAL_95 = 1.959963984540054
EFFECT, THRESHOLD = Terms._fields.index("effect"), Terms._fields.index("threshold")
PEER, LEAD = Terms._fields.index("peer"), Terms._fields.index("lead")
LINEAR_RULES = ("hazard", "independent")  # the others' slopes are found by differences
QUANTILES = (np.arange(5) + 0.5) / 5  # of the thresholds that are averaged over
LEAST_SPREAD = 0.05  # of effects: at 0 they stay there
STEP = 1e-5
SETTLED = 0.02  # change of an effects' spread below which the search for it ends


class Panel(NamedTuple):
    """A person-period table as arrays.

    Attributes
    ----------
    terms : (n_rows, n_terms) float64
        In the order of `Terms`.
    weekend : (n_rows,) float64
    measure, sender : (n_rows,) int64
        Position among the names below; -1 for all senders as one, which has no effect of its own.
    measures, senders : tuple of str
        A union is one sender.
    rows : Rows
    """

    terms: Floats
    weekend: Floats
    measure: Ints
    sender: Ints
    measures: tuple[str, ...]
    senders: tuple[str, ...]
    rows: Rows

    @property
    def events(self) -> float:
        """Number of announcements, a union's counted once."""
        return float(self.rows.weight @ self.rows.event)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rule as the dates and the priors have it.

    Attributes
    ----------
    name : str
        Of the rule.
    names : tuple of str
        Its coefficients, the weekend and the spreads of the shocks.
    value, error : (n_names,) float64
        Mode and standard error from the curvature; nan where it was not asked for, or where the
        mode lies on a bound of the schema.
    measures, senders : dict of str to float
        Effects in the log hazard.
    effect_sd : dict of str to float
        Spread of the effects of a 'measure' and of a 'sender'.
    log_likelihood : float
        Of the table that was learnt from.
    events, n_rows : number of announcements and of person-days
    """

    name: str
    names: tuple[str, ...]
    value: Floats
    error: Floats
    measures: dict[str, float]
    senders: dict[str, float]
    effect_sd: dict[str, float]
    log_likelihood: float
    events: float
    n_rows: int

    @property
    def rule(self) -> Rule:
        """The rule with these coefficients."""
        own: Any = {n: v for n, v in self.values().items() if n in Rule.__dataclass_fields__}
        return Rule(
            name=self.name, **own, measure_effects=self.measures, sender_effects=self.senders
        )

    def values(self) -> dict[str, float]:
        """Return the coefficients by name."""
        return dict(zip(self.names, self.value.tolist(), strict=True))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per coefficient: 95 % interval, prior, and how much the dates said.

        `learnt` is the share of the prior's variance that the dates removed.
        """
        import pandas as pd

        prior = [PRIORS[name] for name in self.names]
        spread = np.array([p.spread for p in prior])
        return pd.DataFrame(
            {
                "value": self.value,
                "low": self.value - NORMAL_95 * self.error,
                "high": self.value + NORMAL_95 * self.error,
                "prior": [p.mean for p in prior],
                "spread": spread,
                "learnt": np.clip(1.0 - (self.error / spread) ** 2, 0.0, 1.0),
                "kind": [p.kind for p in prior],
            },
            index=pd.Index(self.names, name="coefficient"),
        )


def panel_of(table: pd.DataFrame) -> Panel:
    """Return a table as arrays."""
    import pandas as pd

    measure, measures = pd.factorize(table["instrument"], sort=True)
    bodies = table["body"].where(table["body"] != ALL_SENDERS)
    sender, senders = pd.factorize(bodies, sort=True)  # -1 for what is missing
    act = pd.factorize(table["instrument"] + " " + table["target"])[0]
    rows = rows_of(
        table["event"].to_numpy(dtype=np.float64),
        table["weight"].to_numpy(dtype=np.float64),
        table["day"].to_numpy(dtype=np.int64),
        np.where(table["table"], act, -1),
        pd.factorize(table["actor"])[0],
    )
    return Panel(
        np.ascontiguousarray(table[list(Terms._fields)].to_numpy(dtype=np.float64)),
        table["weekend"].to_numpy(dtype=np.float64),
        measure,
        sender,
        tuple(measures),
        tuple(senders),
        rows,
    )


def learn(
    table: pd.DataFrame,
    name: str,
    free: tuple[str, ...] | None = None,
    start: Estimate | None = None,
    rounds: int = 10,
    errors: bool = False,
) -> Estimate:
    """Return a rule's coefficients as a table and the priors have them.

    Parameters
    ----------
    table : DataFrame
        Person-periods.
    name : str
        One of `RULES`.
    free : tuple of str, optional
        Which coefficients are estimated, beside the weekend and the spreads of the shocks; the
        others are 0. All that the rule has where nothing is said.
    start : Estimate, optional
        Where the search begins.
    rounds : int
        At most so many estimates of the spreads of the effects.
    errors : bool
        Whether to work out standard errors.
    """
    problem = _Problem(panel_of(table), name, free or FREE[name])
    effect_sd = dict(EFFECTS if start is None else start.effect_sd)
    at, curvature = problem.begin(start), None
    for _ in range(rounds):
        at = problem.mode(at, effect_sd)
        curvature = problem.variances(at, effect_sd)
        before, effect_sd = effect_sd, problem.spread_of_effects(at, curvature)
        if all(abs(effect_sd[kind] - before[kind]) < SETTLED for kind in effect_sd):
            break
    at = problem.mode(at, effect_sd)
    error = np.sqrt(problem.variances(at, effect_sd)) if errors else np.full(at.size, np.nan)
    return problem.estimate(at, error, effect_sd)


def with_wave(found: Estimate, rounds: pd.DataFrame) -> Estimate:
    """Return an estimate with what a further wave loses, all else as it is.

    Parameters
    ----------
    found : Estimate
    rounds : DataFrame
        Person-periods of the rounds after the first; where there are none the prior speaks.
    """
    from scipy.optimize import minimize_scalar

    prior, rule = PRIORS[WAVE], found.rule

    def loss(wave: float) -> float:
        score = log_score(rounds, replace(rule, wave=wave)) if len(rounds) else 0.0
        return 0.5 * ((wave - prior.mean) / prior.spread) ** 2 - score

    value = float(minimize_scalar(loss, bounds=bounds_of(WAVE), method="bounded").x)
    bend = (loss(value + 0.1) + loss(value - 0.1) - 2.0 * loss(value)) / 0.01
    return replace(
        found,
        names=(*found.names, WAVE),
        value=np.r_[found.value, value],
        error=np.r_[found.error, 1.0 / np.sqrt(bend)],
    )


def log_score(table: pd.DataFrame, rule: Rule) -> float:
    """Return the log probability that a rule gives to what a table saw, summed.

    Parameters
    ----------
    table : DataFrame
    rule : Rule
        Measures and senders that it has no effect of are average ones.
    """
    panel = panel_of(table)
    values = {name: float(getattr(rule, name)) for name in (*FREE[rule.name], WAVE, WEEKEND)}
    effect = np.array([rule.measure_effects.get(code, 0.0) for code in panel.measures])
    of_sender = [rule.sender_effects.get(code, 0.0) for code in panel.senders]
    both = effect[panel.measure] + np.array([*of_sender, 0.0])[panel.sender]
    spreads = Spreads(*(getattr(rule, name) for name in SPREADS))
    return log_probability(log_hazards(rule.name, panel, values, both), panel.rows, spreads)


def predictive(table: pd.DataFrame, found: Estimate) -> float:
    """Return the log probability that an estimate gives to what a table saw, summed.

    Where the table is of a measure or sender that was not learnt from, it is averaged over the
    normal of such effects, so that its first days tell of its later ones.
    """
    rule, known = found.rule, {"measure": found.measures, "sender": found.senders}
    names = {"measure": "instrument", "sender": "body"}
    new = [
        (kind, code)
        for kind, column in names.items()
        for code in sorted(set(table[column]) - set(known[kind]) - {ALL_SENDERS})
    ]
    if len(new) != 1:
        return log_score(table, rule)
    ((kind, code),) = new
    node, mass = nodes()
    scores = np.empty(node.size)
    for k, effect in enumerate(found.effect_sd[kind] * node):
        values: Any = {f"{kind}_effects": known[kind] | {code: float(effect)}}
        scores[k] = log_score(table, replace(rule, **values))
    return float(np.log(mass @ np.exp(scores - scores.max())) + scores.max())


def log_hazards(name: str, panel: Panel, values: Mapping[str, float], effect: Floats) -> Floats:
    """Return the log hazard per week of each row without shocks, over thresholds averaged.

    Parameters
    ----------
    name : str
        Of the rule.
    panel : Panel
    values : mapping of str to float
        Coefficients; those that are not named are 0.
    effect : (n_rows,) float64
        Of measure and sender.
    """
    weights = Weights(**{n: values.get(n, 0.0) for n in Weights._fields})
    weights = weights._replace(conform_peer=1.0, conform_lead=1.0)
    threshold, mass = _thresholds(name, panel, values)
    eta: Floats = _column_of(name)(panel.terms, effect, weights, threshold, mass)
    return eta + values.get(WEEKEND, 0.0) * panel.weekend


def _thresholds(name: str, panel: Panel, values: Mapping[str, float]) -> tuple[Floats, Floats]:
    """Return thresholds (n,) and their chances for each row, (n_rows, n).

    The threshold rule jumps where the share of peers reaches the threshold, so that following and
    not following are all there is to average.
    """
    n_rows = len(panel.terms)
    mean, spread = values.get("threshold_mean", 0.0), values.get("threshold_sd", 1.0)
    scale = spread * np.sqrt(3.0) / np.pi
    if name == "threshold":
        share = (panel.terms[:, PEER] + panel.terms[:, LEAD]) / 2.0
        follows = 1.0 / (1.0 + np.exp(-np.clip((share - mean) / scale, -500.0, 500.0)))
        return np.array([-1.0, 2.0]), np.column_stack([follows, 1.0 - follows])
    if name == "expected_utility":
        threshold = mean + scale * np.log(QUANTILES / (1.0 - QUANTILES))
        return threshold, np.full((n_rows, threshold.size), 1.0 / threshold.size)
    return np.zeros(1), np.ones((n_rows, 1))


@lru_cache
def _column_of(name: str) -> Callable[..., Floats]:
    """Return a compiled loop of a rule over rows of terms and over thresholds."""
    decide: Any = decision_rule(Rule(name=name))

    @nb.njit(error_model="numpy")
    def column(terms, effect, weights, threshold, mass):  # type: ignore[no-untyped-def]
        eta = np.empty(terms.shape[0])
        for r in range(terms.shape[0]):
            t, hazard = terms[r], 0.0
            for m in range(threshold.size):
                weighed = Terms(
                    effect[r], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10], t[11],
                    t[12], t[13], t[14], t[15], t[16], t[17], t[18], threshold[m],
                )  # fmt: skip
                hazard += mass[r, m] * np.exp(decide(weighed, weights))
            eta[r] = np.log(max(hazard, 1e-300))
        return eta

    return column


class _Problem:
    """The log posterior of a rule on a table, in units of the priors' spreads.

    A point is `(value - prior mean) / prior spread`: coefficients, the weekend, the spreads of the
    shocks, then the effects of measures and of senders.
    """

    def __init__(self, panel: Panel, name: str, free: tuple[str, ...]) -> None:
        self.panel, self.name = panel, name
        self.names = (*free, WEEKEND, *SPREADS)
        self.n_own = len(self.names)
        prior = [PRIORS[n] for n in self.names]
        n_effects = len(panel.measures) + len(panel.senders)
        self.mean = np.array([p.mean for p in prior] + [0.0] * n_effects)
        self.own_spread = np.array([p.spread for p in prior])
        low, high = np.array([bounds_of(n) for n in self.names]).T
        wide = np.full(n_effects, np.inf)
        self.low, self.high = np.r_[low, -wide], np.r_[high, wide]
        self.design = self._design() if name in LINEAR_RULES else None

    def _design(self) -> Floats:
        """Return what a unit of each coefficient adds to each row's log hazard."""
        none = np.zeros(len(self.panel.terms))
        columns = [
            log_hazards(self.name, self.panel, {name: 1.0}, none)
            for name in self.names[: -len(SPREADS)]
        ]
        return np.column_stack(columns)

    def spread(self, effect_sd: Mapping[str, float]) -> Floats:
        """Return the spreads of all priors, (n_point,)."""
        measures, senders = len(self.panel.measures), len(self.panel.senders)
        return np.r_[
            self.own_spread,
            np.full(measures, effect_sd["measure"]),
            np.full(senders, effect_sd["sender"]),
        ]

    def begin(self, start: Estimate | None) -> Floats:
        """Return the values at which the search begins: the priors' means, or an estimate."""
        value = self.mean.copy()
        value[self.n_own - len(SPREADS) : self.n_own] = 1.0
        if start is not None:
            known, kept = start.values(), zip(self.names, value, strict=False)
            effects = [start.measures.get(code, 0.0) for code in self.panel.measures]
            effects += [start.senders.get(code, 0.0) for code in self.panel.senders]
            value = np.r_[[known.get(n, v) for n, v in kept], effects]
        return np.clip(value, self.low, self.high)

    def mode(self, value: Floats, effect_sd: Mapping[str, float]) -> Floats:
        """Return the values at the mode of the posterior."""
        from scipy.optimize import minimize

        spread = self.spread(effect_sd)
        bounds = list(
            zip((self.low - self.mean) / spread, (self.high - self.mean) / spread, strict=True)
        )
        found = minimize(
            lambda u: self.loss(self.mean + spread * u, spread),
            (value - self.mean) / spread,
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 500, "ftol": 1e-8, "gtol": 1e-3},
        )
        return self.mean + spread * np.asarray(found.x, dtype=np.float64)

    def loss(self, value: Floats, spread: Floats) -> tuple[float, Floats]:
        """Return minus the log posterior and its slope by the point."""
        found, slope = self.slopes(value)
        point = (value - self.mean) / spread
        return 0.5 * float(point @ point) - found.score, point - spread * slope

    def slopes(self, value: Floats) -> tuple[Slopes, Floats]:
        """Return the log likelihood and its slope by the values."""
        panel, n_free = self.panel, self.n_own - len(SPREADS)
        effect = self.effect(value)
        if self.design is not None:
            eta = effect + self.design @ value[:n_free]
            by_value, by_effect = self.design, np.ones(eta.size)
        else:
            eta, by_value, by_effect = self._by_differences(value, effect)
        found = slopes(eta, panel.rows, Spreads(*value[n_free : self.n_own]))
        pull, named = found.of_eta * by_effect, panel.sender >= 0
        slope = np.r_[
            found.of_eta @ by_value,
            found.of_spread,
            np.bincount(panel.measure, pull, len(panel.measures)),
            np.bincount(panel.sender[named], pull[named], len(panel.senders)),
        ]
        return found, slope

    def _by_differences(self, value: Floats, effect: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the log hazards and their slopes by coefficient and by effect."""
        own = dict(zip(self.names, value.tolist(), strict=False))
        eta = log_hazards(self.name, self.panel, own, effect)
        columns = []
        for name, at, high in zip(self.names[: -len(SPREADS)], value, self.high, strict=False):
            step = -STEP if at + STEP > high else STEP
            moved = log_hazards(self.name, self.panel, own | {name: at + step}, effect)
            columns.append((moved - eta) / step)
        by_effect = (log_hazards(self.name, self.panel, own, effect + STEP) - eta) / STEP
        return eta, np.column_stack(columns), by_effect

    def effect(self, value: Floats) -> Floats:
        """Return the effects of measure and sender on each row, (n_rows,)."""
        measures, senders = np.split(value[self.n_own :], [len(self.panel.measures)])
        both: Floats = measures[self.panel.measure] + np.r_[senders, 0.0][self.panel.sender]
        return both

    def variances(self, value: Floats, effect_sd: Mapping[str, float]) -> Floats:
        """Return the variances of the values (Laplace), (n_point,); nan on a bound."""
        spread = self.spread(effect_sd)
        near = 1e-3 * spread
        inside = np.flatnonzero((value - near > self.low) & (value + near < self.high))
        base = self.loss(value, spread)[1]
        bend = np.empty((inside.size, inside.size))
        for row, k in enumerate(inside):
            moved = value.copy()
            moved[k] += near[k]
            bend[row] = (self.loss(moved, spread)[1] - base)[inside] / 1e-3
        inverse = np.linalg.pinv((bend + bend.T) / 2.0, hermitian=True)
        found = np.full(value.size, np.nan)
        # No variance is larger than before the dates were seen.
        found[inside] = np.clip(np.diag(inverse), 0.0, 1.0) * spread[inside] ** 2
        return found

    def spread_of_effects(self, value: Floats, variance: Floats) -> dict[str, float]:
        """Return the spreads of the effects given the effects and their variances."""
        square = (value**2 + variance)[self.n_own :]
        parts = np.split(square, [len(self.panel.measures)])
        return {
            kind: max(float(np.sqrt(part.mean())), LEAST_SPREAD) if part.size else LEAST_SPREAD
            for kind, part in zip(EFFECTS, parts, strict=True)
        }

    def estimate(self, value: Floats, error: Floats, effect_sd: dict[str, float]) -> Estimate:
        """Return what was found."""
        panel, n_own = self.panel, self.n_own
        measures, senders = np.split(value[n_own:], [len(panel.measures)])
        return Estimate(
            name=self.name,
            names=self.names,
            value=value[:n_own],
            error=error[:n_own],
            measures=dict(zip(panel.measures, measures.tolist(), strict=True)),
            senders=dict(zip(panel.senders, senders.tolist(), strict=True)),
            effect_sd=effect_sd,
            log_likelihood=self.slopes(value)[0].score,
            events=panel.events,
            n_rows=len(panel.terms),
        )
