"""The posterior of any of the four rules on a person-period table.

The rule itself, compiled, gives the log hazard of every row; the likelihood averages over the
shocks that the decisions of a day share; priors and normal effects of measures, of measures against
one target, of their pace and of senders hold what the dates do not say.

A sender's threshold is drawn once for all its acts. Here the hazard of each row is averaged over
the thresholds, row by row, as if it were drawn anew: what a sender's past says about its own
threshold is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numba as nb
import numpy as np

from sim.analysis.likelihood import Rows, Slopes, Spreads, rows_of, slopes
from sim.analysis.priors import PRIORS, SPREADS, WEEKEND, bounds_of
from sim.arrays import Floats, Ints
from sim.config import Rule
from sim.rules.terms import Terms, Weights
from sim.setting.decision import decision_rule
from sim.world.catalogue import ALL_SENDERS

if TYPE_CHECKING:
    import pandas as pd

EFFECT, THRESHOLD = Terms._fields.index("effect"), Terms._fields.index("threshold")
PEER, LEAD = Terms._fields.index("peer"), Terms._fields.index("lead")
LINEAR_RULES = ("hazard", "independent")  # the others' slopes are found by differences
QUANTILES = (np.arange(5) + 0.5) / 5  # of the thresholds that are averaged over
LEAST_SPREAD = 0.05  # of effects: at 0 they stay there
STEP = 1e-5


class Effects(NamedTuple):
    """Effects of one kind in a table.

    Attributes
    ----------
    code : (n_rows,) int64
        Position among the names; -1 where a row has none.
    unit : (n_rows,) float64
        What the effect is multiplied by: 1, or log urgency for the pace of a measure.
    names : tuple of str
    """

    code: Ints
    unit: Floats
    names: tuple[str, ...]

    def of(self, value: Floats) -> Floats:
        """Return what effects of these values add to each row, (n_rows,)."""
        added: Floats = np.r_[value, 0.0][self.code] * self.unit
        return added

    def summed(self, pull: Floats) -> Floats:
        """Return the slope by each effect, given that by the log hazard of each row."""
        named = self.code >= 0
        slope = np.bincount(self.code[named], (pull * self.unit)[named], len(self.names))
        return slope.astype(np.float64)


class Panel(NamedTuple):
    """A person-period table as arrays.

    Attributes
    ----------
    terms : (n_rows, n_terms) float64
        In the order of `Terms`.
    weekend : (n_rows,) float64
    effects : dict of str to Effects
        By kind; a union is one sender, all senders as one have no effect of their own.
    rows : Rows
    """

    terms: Floats
    weekend: Floats
    effects: dict[str, Effects]
    rows: Rows

    @property
    def events(self) -> float:
        """Number of announcements, a union's counted once."""
        return float(self.rows.weight @ self.rows.event)


def panel_of(table: pd.DataFrame) -> Panel:
    """Return a table as arrays."""
    import pandas as pd

    one = np.ones(len(table))
    bodies = table["body"].where(table["body"] != ALL_SENDERS)
    acts = table["instrument"] + " " + table["target"]
    # A measure against one target only has no effect by target.
    by_target = acts.where(table.groupby("instrument")["target"].transform("nunique") > 1)
    columns = {
        "measure": (table["instrument"], one),
        "act": (by_target, one),
        "pace": (table["instrument"], table["shock"].to_numpy(dtype=np.float64)),
        "sender": (bodies, one),
    }
    effects = {}
    for kind, (names, unit) in columns.items():
        code, known = pd.factorize(names, sort=True)  # -1 for what is missing
        effects[kind] = Effects(code.astype(np.int64), unit, tuple(known))
    rows = rows_of(
        table["event"].to_numpy(dtype=np.float64),
        table["weight"].to_numpy(dtype=np.float64),
        table["day"].to_numpy(dtype=np.int64),
        np.where(table["table"], pd.factorize(acts)[0], -1),
        pd.factorize(table["actor"])[0],
    )
    return Panel(
        np.ascontiguousarray(table[list(Terms._fields)].to_numpy(dtype=np.float64)),
        table["weekend"].to_numpy(dtype=np.float64),
        effects,
        rows,
    )


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
        Of all kinds together.
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
    decide: Any = decision_rule(Rule(name=name)).log_hazard

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


def summed_effects(panel: Panel, values: list[Floats]) -> Floats:
    """Return all effects on each row, (n_rows,), given those of each kind."""
    added = np.zeros(len(panel.terms))
    for effects, value in zip(panel.effects.values(), values, strict=True):
        added += effects.of(value)
    return added


class Posterior:
    """The log posterior of a rule on a table, in units of the priors' spreads.

    A point is `(value - prior mean) / prior spread`: coefficients, the weekend, the spreads of the
    shocks, then the effects, kind by kind.
    """

    def __init__(self, panel: Panel, name: str, free: tuple[str, ...]) -> None:
        self.panel, self.name = panel, name
        self.names = (*free, WEEKEND, *SPREADS)
        self.n_own = len(self.names)
        prior = [PRIORS[n] for n in self.names]
        sizes = [len(effects.names) for effects in panel.effects.values()]
        n_effects = sum(sizes)
        self.ends = self.n_own + np.cumsum(sizes)[:-1]
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
        effects = self.panel.effects.items()
        of_effects = [np.full(len(of.names), effect_sd[kind]) for kind, of in effects]
        return np.concatenate([self.own_spread, *of_effects])

    def begin(
        self, known: Mapping[str, float], effects: Mapping[str, Mapping[str, float]]
    ) -> Floats:
        """Return the values at which the search begins: what is known, else the priors' means.

        Parameters
        ----------
        known : mapping of str to float
            Coefficients by name.
        effects : mapping of str to mapping of str to float
            By kind and name.
        """
        value = self.mean.copy()
        value[self.n_own - len(SPREADS) : self.n_own] = 1.0
        begin = [known.get(name, own) for name, own in zip(self.names, value, strict=False)]
        for kind, of in self.panel.effects.items():
            begin += [effects.get(kind, {}).get(name, 0.0) for name in of.names]
        return np.clip(np.array(begin), self.low, self.high)

    def named(self, value: Floats) -> dict[str, dict[str, float]]:
        """Return the effects by kind and name."""
        kinds = zip(self.panel.effects.items(), self._parts(value), strict=True)
        return {kind: dict(zip(of.names, part.tolist(), strict=True)) for (kind, of), part in kinds}

    def _parts(self, value: Floats) -> list[Floats]:
        """Return the effects of each kind."""
        return np.split(value, [self.n_own, *self.ends])[1:]

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
        pull = found.of_eta * by_effect
        of_effects = [effects.summed(pull) for effects in panel.effects.values()]
        slope = np.concatenate([found.of_eta @ by_value, found.of_spread, *of_effects])
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
        """Return all effects on each row, (n_rows,)."""
        return summed_effects(self.panel, self._parts(value))

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
        kinds = zip(self.panel.effects, self._parts(value**2 + variance), strict=True)
        return {
            kind: max(float(np.sqrt(part.mean())), LEAST_SPREAD) if part.size else LEAST_SPREAD
            for kind, part in kinds
        }
