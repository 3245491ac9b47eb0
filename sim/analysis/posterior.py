"""The posterior of any rule on a person-period table.

The rule itself, compiled, gives the log hazard of every row; the likelihood averages over the
shocks that the decisions of a day share; priors and normal effects of measures, of measures against
one target, of their pace and of senders hold what the dates do not say.
"""

from collections.abc import Mapping

import numpy as np
from scipy.optimize import minimize

from sim.analysis.likelihood import Slopes, Spreads, slopes
from sim.analysis.panel import Panel
from sim.analysis.priors import SPREADS, WEEKEND, bounds_of, prior_of
from sim.analysis.rule_on_rows import RuleOnRows
from sim.arrays import Floats

LEAST_SPREAD = 0.05  # of effects: at 0 they stay there


class Posterior:
    """The log posterior of a rule on a table, in units of the priors' spreads.

    A point is `(value - prior mean) / prior spread`: coefficients, the weekend, the spreads of the
    shocks, then the effects, kind by kind.
    """

    def __init__(self, panel: Panel, rule: RuleOnRows, free: tuple[str, ...]) -> None:
        self.panel, self.rule = panel, rule
        self.linear = (*free, WEEKEND)
        self.names = (*self.linear, *SPREADS)
        self.n_own, n_effects = len(self.names), panel.design.shape[1]
        prior = [prior_of(n) for n in self.names]
        self.ends = self.n_own + np.cumsum([len(names) for names in panel.effects.values()])[:-1]
        self.mean = np.array([p.mean for p in prior] + [0.0] * n_effects)
        self.own_spread = np.array([p.spread for p in prior])
        low, high = np.array([bounds_of(n) for n in self.names]).T
        wide = np.full(n_effects, np.inf)
        self.low, self.high = np.r_[low, -wide], np.r_[high, wide]
        none = np.zeros(len(panel.terms))
        self.design = np.column_stack(
            [rule.log_hazards(panel, {name: 1.0}, none) for name in self.linear]
        ) if rule.is_linear else None  # fmt: skip

    def spread(self, effect_sd: Mapping[str, float]) -> Floats:
        """Return the spreads of all priors, (n_point,)."""
        kinds = self.panel.effects.items()
        return np.r_[self.own_spread, *(np.full(len(of), effect_sd[kind]) for kind, of in kinds)]

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
        for kind, names in self.panel.effects.items():
            begin += [effects.get(kind, {}).get(name, 0.0) for name in names]
        return np.clip(np.array(begin), self.low, self.high)

    def named(self, value: Floats) -> dict[str, dict[str, float]]:
        """Return the effects by kind and name."""
        kinds = zip(self.panel.effects.items(), self._parts(value), strict=True)
        return {kind: dict(zip(of, part.tolist(), strict=True)) for (kind, of), part in kinds}

    def _parts(self, value: Floats) -> list[Floats]:
        """Return the effects of each kind."""
        return np.split(value, [self.n_own, *self.ends])[1:]

    def mode(self, value: Floats, effect_sd: Mapping[str, float]) -> Floats:
        """Return the values at the mode of the posterior."""
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
        panel, own = self.panel, value[: len(self.linear)]
        effect = panel.design @ value[self.n_own :]
        if self.design is not None:
            eta, by_value = effect + self.design @ own, self.design
            by_effect = np.ones(eta.size)
        else:
            known = dict(zip(self.names, value.tolist(), strict=False))
            eta, by_value, by_effect = self.rule.with_slopes(panel, known, self.linear, effect)
        found = slopes(eta, panel.rows, Spreads(*value[own.size : self.n_own]))
        of_effects = panel.design.T @ (found.of_eta * by_effect)
        return found, np.r_[found.of_eta @ by_value, found.of_spread, of_effects]

    def variances(self, value: Floats, effect_sd: Mapping[str, float]) -> Floats:
        """Return the variances of the values (Laplace), (n_point,); nan on a bound.

        A rule with kinks may have its mode on one, where only differences to both sides agree.
        """
        spread = self.spread(effect_sd)
        near = 1e-3 * spread
        inside = np.flatnonzero((value - near > self.low) & (value + near < self.high))
        base = self.loss(value, spread)[1]
        bend = np.empty((inside.size, inside.size))
        for row, k in enumerate(inside):
            step = np.where(np.arange(value.size) == k, near, 0.0)
            bend[row] = (self.loss(value + step, spread)[1] - base)[inside] / 1e-3
            if self.rule.has_kinks:
                below = (base - self.loss(value - step, spread)[1])[inside] / 1e-3
                bend[row] = (bend[row] + below) / 2.0
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
